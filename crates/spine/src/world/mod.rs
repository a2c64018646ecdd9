//! The world around the spine: what it lies on and what pulls.

mod pull;
mod support;

pub use pull::{Carriage, Load, Pull, Steady};
pub use support::{Position, Support};
