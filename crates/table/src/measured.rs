//! What a recording measured of the body: force and travel, tick by tick.
//!
//! The force is the one that the loop believed, the travel the carriage's. A tick
//! without a fresh position tells nothing and is left out; its neighbours do tell.
//! What a spine learns from it is `spine::learn`'s to say.

use crate::blackbox::Contents;
use crate::blackbox::format::Tail;
use crate::replay::frames;
use si::{Problem, Region};
use spine::learn::Samples;
use traction::PER_SECOND;
use traction::grant::Grant;

/// Force and travel of a session.
#[derive(Clone, Debug, PartialEq)]
pub struct Measured {
    /// The region that was pulled, as its Grant says.
    pub region: Region,
    /// The session.
    pub session: [u8; 16],
    /// Whether the table was simulated.
    pub simulated: bool,
    at: Vec<f64>,
    force: Vec<f64>,
    travel: Vec<f64>,
}

impl Measured {
    /// Reads a recording.
    ///
    /// # Errors
    /// Bytes that are no recording, were altered, or hold no Grant.
    pub fn read(bytes: &[u8]) -> Result<Self, Problem> {
        let contents = Contents::read(bytes)?;
        if contents.tail == Tail::Altered {
            return Err(unfit(
                "recording-altered",
                "session",
                "was changed after it was recorded",
            ));
        }
        let grant = Grant::decode(&contents.header.grant)
            .map_err(|error| unfit("recording-grant", "session.grant", &error.to_string()))?;
        let mut measured = Self {
            region: grant.limits.region,
            session: contents.header.session,
            simulated: contents.header.simulated,
            at: Vec::new(),
            force: Vec::new(),
            travel: Vec::new(),
        };
        for frame in frames(&contents)? {
            let Some(seen) = frame.input.travel.filter(|seen| seen.value.is_finite()) else {
                continue;
            };
            let tick = f64::from(frame.output.tick.count());
            measured.at.push(tick / f64::from(PER_SECOND));
            measured.force.push(frame.output.force.get());
            measured.travel.push(seen.value);
        }
        Ok(measured)
    }

    /// Time, force and travel: s, N, m.
    #[must_use]
    pub fn samples(&self) -> Samples<'_> {
        Samples {
            at: &self.at,
            force: &self.force,
            travel: &self.travel,
        }
    }
}

fn unfit(code: &'static str, place: &str, problem: &str) -> Problem {
    let remedy = "give the file that `treat` or a bedside wrote, unchanged";
    Problem::new(code, place, "", problem, remedy)
}
