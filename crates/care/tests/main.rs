//! Integration tests of the care room.

mod cases;
mod clinical;
mod engine;
mod process;
mod subject;
mod support;
