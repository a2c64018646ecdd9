//! What the journal promises, shown on real files.

mod appending;
mod rows;
mod support;
