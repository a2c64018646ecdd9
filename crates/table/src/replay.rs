//! A recording stepped again: the same inputs must give the same outputs, bit by bit.

use crate::blackbox::Contents;
use crate::cycle::not_armable;
use si::Problem;
use traction::frame::Frame;
use traction::grant::Grant;
use traction::session::Session;

/// What a replay showed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Replayed {
    /// Every output came out again.
    Equal {
        /// Ticks compared.
        ticks: u64,
    },
    /// An output differs.
    Differs {
        /// The first tick whose output differs.
        tick: u32,
    },
    /// A tick is missing before this one: frames were lost, and nothing after them can be compared.
    Gap {
        /// The tick that follows the gap.
        tick: u32,
    },
}

/// The frames of a recording, decoded.
///
/// # Errors
/// `recording-frame` names the first that is none.
pub fn frames(contents: &Contents) -> Result<Vec<Frame>, Problem> {
    contents
        .frames()
        .enumerate()
        .map(|(index, bytes)| {
            Frame::decode(bytes).ok_or_else(|| {
                Problem::new(
                    "recording-frame",
                    format!("recording.frames[{index}]"),
                    "",
                    "the bytes are not a frame of this version",
                    "replay the recording with the version of Annulus that made it",
                )
            })
        })
        .collect()
}

/// Steps a recording again from its Grant and setup.
///
/// # Errors
/// A Grant or frame that cannot be read.
pub fn replay(contents: &Contents) -> Result<Replayed, Problem> {
    let grant = Grant::decode(&contents.header.grant)
        .map_err(|error| not_armable(&error.to_string()).within("recording"))?;
    let mut session = Session::arm(&grant, &contents.header.setup)
        .map_err(|error| not_armable(&error.to_string()).within("recording"))?;
    let mut ticks = 0;
    for (frame, kept) in frames(contents)?.iter().zip(contents.frames()) {
        let output = session.step(&frame.input);
        let tick = frame.output.tick.count();
        if output.tick != frame.output.tick {
            return Ok(Replayed::Gap { tick });
        }
        // Compared as bytes: a value that is not a number must come out again too.
        let again = Frame {
            input: frame.input,
            output,
        };
        if !again.is_kept_as(kept) {
            return Ok(Replayed::Differs { tick });
        }
        ticks += 1;
    }
    Ok(Replayed::Equal { ticks })
}
