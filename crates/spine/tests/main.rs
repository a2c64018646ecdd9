//! The column against closed forms, published numbers and its own laws.

mod common;
mod prediction;
