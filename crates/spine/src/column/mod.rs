//! The column: what a pull does to a whole spine, level by level, in time.
//!
//! **Model.** Skull, 24 vertebrae and sacrum are rigid bodies ([`crate::chain`])
//! with the slices of the person that move with them ([`crate::anatomy`]). Each of
//! the 25 joints is a disc with fluid, seven ligaments, facets and muscle
//! ([`crate::tissue`]). Couch, anchors, harness and pull surround them
//! ([`crate::world`]); guarding answers load, stretch and pain.
//!
//! [`Column`] is the model and never changes; [`State`] is where one spine, or one
//! lane of spines, is; [`Scratch`] only saves time and space. [`step()`] is given a
//! pull, [`impose`] a carriage; both are implicit at any step from 1 µs to 1 h.
//! [`predict()`] runs an ensemble over what is not known ([`crate::unknown`]) and
//! tells each quantity with its interval.
//!
//! **Stated range**: lumbar pulls to 1,000 N, cervical to 250 N. **Validated
//! range**: see `docs/validation.md`; beyond it a prediction says so
//! ([`Warning`]).

mod ensemble;
mod grid;
mod kernel;
mod model;
mod moves;
mod outputs;
mod predict;
mod reading;
mod state;
mod step;

pub use crate::error::ColumnError;
pub use ensemble::{Ensemble, Part};
pub use grid::{Grid, Instants, Knot};
pub use kernel::Kernel;
pub use model::{Column, Comfort, Setting, Subject, stated_range};
pub use outputs::{Band, Output};
pub use predict::{Prediction, Warning, predict, refined};
pub use reading::{Overall, levels, openings};
pub use state::{Scratch, State};
pub use step::{impose, step};
