//! What a pull does to a spine.
//!
//! [`mod@column`] is the model behind every prediction, the live picture and the
//! simulated patient; [`tables`] holds every number it stands on, each with its
//! source, its range and how well it is known.
//!
//! Must never know: patients by name, rules, traction profiles, files, clocks,
//! randomness. It reads a pull through the trait [`column::Pull`] and gives the
//! same bits on every processor.
#![deny(clippy::disallowed_methods, clippy::disallowed_types)]
#![forbid(unsafe_code)]

pub mod column;
mod parameter;
pub mod tables;

pub use parameter::{Parameter, Status};
