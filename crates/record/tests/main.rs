//! What the journal promises, shown on real files.

mod appending;
mod crash;
mod erasing;
mod exporting;
mod frames;
mod migrating;
mod recordings;
mod rewritten;
mod rows;
mod server;
mod support;
mod tampering;
mod verifying;
