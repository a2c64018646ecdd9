//! Integration tests of the care room.

mod cases;
mod clinical;
mod engine;
mod process;
mod support;
