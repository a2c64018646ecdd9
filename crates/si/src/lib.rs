//! The words and units every other room speaks.
//!
//! SI inside, everywhere: a value is converted once, at the edge where it
//! enters or leaves the program. Pounds and millimetres of mercury exist only
//! here (and in what renders for people).
//!
//! Must never know: anything else. No allocation without the feature `alloc`,
//! no clock, no file, no randomness.
#![no_std]
#![forbid(unsafe_code)]

#[cfg(feature = "alloc")]
extern crate alloc;

mod body;
mod interval;
#[cfg(feature = "alloc")]
mod problem;
mod quantity;
mod vertebra;

pub use body::{Region, Side, UnknownName};
pub use interval::Interval;
#[cfg(feature = "alloc")]
pub use problem::Problem;
pub use quantity::{
    Celsius, Kilograms, Metres, Newtons, NewtonsPerMetre, NewtonsPerSecond, Pascals, Quantity,
    Radians, STANDARD_GRAVITY, Seconds,
};
pub use vertebra::{Root, Segment, Vertebra};
