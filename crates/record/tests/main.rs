//! What the journal promises, shown on real files.

mod addressing;
mod appending;
mod copying;
mod crash;
mod erasing;
mod exporting;
mod finding;
mod frames;
mod migrating;
mod recordings;
mod rewritten;
mod rows;
mod server;
mod shared;
mod sharing;
mod support;
mod tampering;
mod verifying;
mod wide;
