//! A recording stepped again: the same inputs must give the same outputs, bit by bit.
//!
//! Only a closed recording is replayed: what was cut short or altered is refused with
//! the place ([`check`]), unless the caller asks for the intact part and says so.
//! Shown by `table/tests/runs.rs` and `table/tests/recordings.rs`.

mod fields;

use crate::blackbox::Contents;
use crate::blackbox::format::Tail;
use crate::cycle::refused;
use si::Problem;
use traction::ArmError;
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
    Differs(Difference),
    /// A tick is missing before this one: frames were lost, and nothing after them can be compared.
    Gap {
        /// The tick that follows the gap.
        tick: u32,
    },
}

/// The first output that came out otherwise.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Difference {
    /// The tick.
    pub tick: u32,
    /// The field, by the name of its Parquet column.
    pub field: &'static str,
    /// What was recorded.
    pub recorded: String,
    /// What came out now.
    pub replayed: String,
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
                    format!(
                        "{} bytes, version {}",
                        bytes.len(),
                        bytes.first().unwrap_or(&0)
                    ),
                    "the bytes are not a frame of a version that this program reads",
                    "replay the recording with the version of Annulus that made it",
                )
            })
        })
        .collect()
}

/// Whether the recording is whole, as far as its chain and its end record tell.
///
/// # Errors
/// `recording-cut` and `recording-altered` name the byte and the frame up to which it is.
pub fn check(contents: &Contents) -> Result<(), Problem> {
    let seconds = contents.frame_count() as f64 / f64::from(traction::PER_SECOND);
    let (code, what, remedy) = match contents.tail {
        Tail::Closed => return Ok(()),
        Tail::Open | Tail::Torn => (
            "recording-cut",
            "the file is cut short: it has no end",
            "fetch it again from the bedside that made it, or replay its intact part with --intact",
        ),
        Tail::Altered => (
            "recording-altered",
            "the file was changed after it was recorded: its chain does not hold here",
            "fetch it again from the bedside that made it, or replay its intact part with --intact",
        ),
    };
    let intact = format!(
        "{} frames are intact, {seconds:.1} s",
        contents.frame_count()
    );
    let place = format!("recording, byte {}", contents.intact);
    Err(Problem::new(code, place, intact, what, remedy))
}

/// Steps a whole recording again from its Grant and setup.
///
/// # Errors
/// A recording that [`check`] refuses; a Grant or frame that cannot be read.
pub fn replay(contents: &Contents) -> Result<Replayed, Problem> {
    check(contents)?;
    replay_intact(contents)
}

/// Steps the intact part of a recording again, however it ends.
///
/// # Errors
/// A Grant or frame that cannot be read.
pub fn replay_intact(contents: &Contents) -> Result<Replayed, Problem> {
    let grant = Grant::decode(&contents.header.grant)
        .map_err(|error| refused(&ArmError::Grant(error)).within("recording"))?;
    let mut session = Session::arm(&grant, &contents.header.setup)
        .map_err(|error| refused(&error).within("recording"))?;
    let mut ticks = 0;
    for (frame, kept) in frames(contents)?.iter().zip(contents.frames()) {
        let output = session.step(&frame.input);
        let tick = frame.output.tick.count();
        if output.tick < frame.output.tick {
            return Ok(Replayed::Gap { tick });
        }
        // Compared as bytes: a value that is not a number must come out again too.
        let again = Frame {
            input: frame.input,
            output,
        };
        if !again.is_kept_as(kept) {
            let difference = fields::first(tick, &frame.output, &output);
            return Ok(Replayed::Differs(difference));
        }
        ticks += 1;
    }
    Ok(Replayed::Equal { ticks })
}
