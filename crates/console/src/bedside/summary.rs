//! What a recording says about a session, in the words of the episode.

use care::episode::{EndCause, SessionSummary};
use sha2::{Digest as _, Sha256};
use si::Problem;
use table::blackbox::Contents;
use table::replay;
use table::summary::Summary;
use traction::frame::Frame;
use traction::profile::Phase;
use traction::supervisor::Stage;

/// The summary of a recording's bytes.
///
/// # Errors
/// Bytes that are no recording.
pub fn summary(bytes: &[u8]) -> Result<SessionSummary, Problem> {
    let contents = Contents::read(bytes)?;
    let frames = replay::frames(&contents)?;
    let tolerated_n = tolerated(&frames);
    let simulated = contents.header.simulated;
    let of = Summary::of(frames);
    Ok(SessionSummary {
        cause: cause(&of),
        detail: of.outcome.clone(),
        peak_force_n: of.peak_n,
        tolerated_n,
        duration_s: of.duration_s,
        peak_discomfort: of.comfort.iter().map(|score| score.score).max(),
        resumed: of.resumed,
        recording_sha256: Some(hex::encode(Sha256::digest(bytes))),
        simulated,
    })
}

/// How it ended: nobody's explanation counts as unexplained.
fn cause(of: &Summary) -> EndCause {
    match (of.outcome.as_str(), of.stops.last()) {
        ("completed", _) => EndCause::Completed,
        ("ended", _) => EndCause::Operator,
        (_, Some(stop)) => match stop.kind.as_str() {
            "comfort" => EndCause::Comfort,
            "technical" => EndCause::Technical,
            "symptom" => EndCause::Symptom,
            _ => EndCause::Unexplained,
        },
        // The recording ends without a stop: the bedside itself went away.
        (_, None) => EndCause::Technical,
    }
}

/// Largest force held to the end of a hold without a departure, N.
fn tolerated(frames: &[Frame]) -> f64 {
    let (mut best, mut sum, mut ticks, mut departed) = (0.0_f64, 0.0, 0.0, false);
    for frame in frames {
        let output = &frame.output;
        if output.state.stage == Stage::Running && output.phase == Phase::Hold {
            sum += output.force.get();
            ticks += 1.0;
            departed |= output.cause.is_some();
        } else {
            if ticks > 0.0 && !departed && output.state.stage != Stage::Unloading {
                best = best.max(sum / ticks);
            }
            (sum, ticks, departed) = (0.0, 0.0, false);
        }
    }
    best
}
