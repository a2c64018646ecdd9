//! What the journal promises, shown on real files.

mod appending;
mod crash;
mod erasing;
mod migrating;
mod rows;
mod support;
mod verifying;
