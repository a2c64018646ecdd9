//! The criteria language: what a rule asks of the facts (ENGINEERING §3).
//!
//! ```text
//! any(saddle_numbness, urinary_retention and not_shown(longer_than(retention_onset, 14 days)))
//! any level in lumbar, any side: myotome[level, side] <= 3
//! ```
//!
//! [`parse`] reads a text to a [`Tree`]; [`compile()`] checks the tree against the
//! catalogue and spells its quantifiers out; the engine answers in
//! Kleene's three-valued logic over every alternative that the sources leave.
mod compile;
mod eval;
mod expr;
mod lexer;
mod outcomes;
mod parser;
mod positive;
mod tree;

pub use compile::{Stance, compile};
pub use eval::Applicability;
pub(crate) use eval::{Reader, Scenario};
pub use expr::{Expr, Leaf, Node, Test};
pub use outcomes::{Kleene, Outcomes};
pub use parser::{SyntaxError, parse};
pub use positive::Positive;
pub use tree::{Atom, Binder, Check, Duration, Literal, Number, Operator, Place, TimeUnit, Tree};
