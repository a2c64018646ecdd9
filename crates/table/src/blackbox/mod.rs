//! The black box: every tick of a session, on disk within a quarter second,
//! never in the way of the loop.
//!
//! [`format`](mod@format) is the file, [`Tape`] its way to a disk, [`Recorder`] the
//! thread that takes it there from a bounded ring, [`Sessions`] the list of sessions that are over,
//! [`recover`] what a restart does with a session that was cut short.

pub mod format;
mod recorder;
mod retention;
mod sessions;
mod tape;

pub use format::{Contents, Encoder, End, Header};
pub(crate) use recorder::unwritable;
pub use recorder::{FRAME_BYTES, RING_FRAMES, Recorder, Ring};
pub use retention::{KEPT_BYTES, KEPT_SESSIONS, Retention};
pub use sessions::{Sessions, recover};
pub use tape::{Disk, SYNC_EVERY, Tape};

use std::fmt::Write as _;

/// The program that records, as headers name it: version and, in a release that was
/// built from a clone, commit.
pub const PROGRAM: &str = env!("ANNULUS_PROGRAM");

/// The file of one session.
#[must_use]
pub fn file_name(session: &[u8; 16]) -> String {
    let mut name = String::with_capacity(8 + 36 + 7);
    name.push_str("session-");
    for (index, byte) in session.iter().enumerate() {
        if matches!(index, 4 | 6 | 8 | 10) {
            name.push('-');
        }
        let _ = write!(name, "{byte:02x}");
    }
    name.push_str(".frames");
    name
}
