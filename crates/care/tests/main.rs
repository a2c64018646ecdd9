//! Integration tests of the care room.

mod cases;
mod engine;
mod process;
mod support;
