//! What a pull does to a spine.
//!
//! [`mod@lumped`] is the axial model behind campaigns; [`tables`] holds every
//! number it stands on, each with its source, its range and how well it is known.
//!
//! Must never know: patients by name, rules, traction profiles, files, clocks,
//! randomness. It reads a pull through the trait [`world::Pull`] and gives the
//! same bits on every processor.
#![deny(clippy::disallowed_methods, clippy::disallowed_types)]
#![forbid(unsafe_code)]

pub mod anatomy;
pub mod chain;
pub mod column;
mod error;
pub mod fit;
pub mod learn;
pub mod lumped;
mod parameter;
pub mod real;
pub mod stance;
pub mod tables;
pub mod tissue;
pub mod unknown;
pub mod validate;
pub mod world;

pub use error::ColumnError;
pub use parameter::{Parameter, Status};
