//! The black box's record of one tick: everything the loop saw and did.
//!
//! Fixed size, little-endian, floating point by its bits, so that what was kept
//! is what was seen, also when it was not a number. The inputs of a session's
//! frames, stepped again from its grant, give the same frames bit by bit.
//!
//! Version 2 added a command's force and the limit that holds the profile back.
//! Frames of version 1 are still read: their limit is [`Limit::Unknown`].
//! `tests/golden.rs` holds both layouts.
//!
//! [`Limit::Unknown`]: crate::limiter::Limit::Unknown

use crate::codec::{Layout, Reader, Writer};
use crate::input::Input;
use crate::output::Output;

/// First byte of a frame: the version of its layout.
pub const VERSION: u8 = 2;
/// The version before it, still read.
pub const FIRST_VERSION: u8 = 1;

/// One tick, input and answer.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Frame {
    /// What the loop was told.
    pub input: Input,
    /// What it answered; its `tick` numbers the frame.
    pub output: Output,
}

impl Frame {
    /// Length of every encoded frame.
    pub const BYTES: usize = 1 + Input::bytes(Layout::Two) + Output::bytes(Layout::Two);
    /// Length of a frame of [`FIRST_VERSION`].
    pub const FIRST_BYTES: usize = 1 + Input::bytes(Layout::One) + Output::bytes(Layout::One);

    /// The bytes to keep.
    #[must_use]
    pub fn encode(&self) -> [u8; Self::BYTES] {
        let mut bytes = [0; Self::BYTES];
        self.write(Layout::Two, &mut bytes);
        bytes
    }

    fn write(&self, layout: Layout, bytes: &mut [u8]) {
        let mut out = Writer::new(bytes);
        out.u8(match layout {
            Layout::One => FIRST_VERSION,
            Layout::Two => VERSION,
        });
        self.input.put(&mut out, layout);
        self.output.put(&mut out, layout);
    }

    /// Reads the bytes; nothing if there are too few, too many, or they are not a
    /// frame of a version that is read.
    #[must_use]
    pub fn decode(bytes: &[u8]) -> Option<Self> {
        let mut from = Reader::new(bytes);
        let layout = match (from.u8()?, bytes.len()) {
            (VERSION, Self::BYTES) => Layout::Two,
            (FIRST_VERSION, Self::FIRST_BYTES) => Layout::One,
            _ => return None,
        };
        Some(Self {
            input: Input::take(&mut from, layout)?,
            output: Output::take(&mut from, layout)?,
        })
    }

    /// Whether `kept`, in whichever version it was kept, says the same bit by bit
    /// as this frame: a frame of version 1 does not tell the limit.
    #[must_use]
    pub fn is_kept_as(&self, kept: &[u8]) -> bool {
        if kept.first() == Some(&FIRST_VERSION) {
            let mut bytes = [0; Self::FIRST_BYTES];
            self.write(Layout::One, &mut bytes);
            bytes == kept
        } else {
            self.encode() == kept
        }
    }
}
