//! The black box's record of one tick: everything the loop saw and did.
//!
//! Fixed size, little-endian, floating point by its bits, so that what was kept
//! is what was seen, also when it was not a number. The inputs of a session's
//! frames, stepped again from its grant, give the same frames bit by bit.

use crate::codec::{Codec, Reader, Writer};
use crate::input::Input;
use crate::output::Output;

/// First byte of a frame: the version of its layout.
pub const VERSION: u8 = 1;

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
    pub const BYTES: usize = 1 + Input::SIZE + Output::SIZE;

    /// The bytes to keep.
    #[must_use]
    pub fn encode(&self) -> [u8; Self::BYTES] {
        let mut bytes = [0; Self::BYTES];
        let mut out = Writer::new(&mut bytes);
        out.u8(VERSION);
        out.item(&self.input);
        out.item(&self.output);
        bytes
    }

    /// Reads the bytes; nothing if there are too few, too many, or they are not a frame.
    #[must_use]
    pub fn decode(bytes: &[u8]) -> Option<Self> {
        if bytes.len() != Self::BYTES {
            return None;
        }
        let mut from = Reader::new(bytes);
        if from.u8() != Some(VERSION) {
            return None;
        }
        Some(Self {
            input: from.item()?,
            output: from.item()?,
        })
    }
}
