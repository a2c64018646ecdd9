//! Integration tests of the care room.

mod engine;
mod process;
mod support;
