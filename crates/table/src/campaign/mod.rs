//! The fault campaign: whole sessions with faults, checked against the truth.
//!
//! A seed makes a scenario: region, profile, patient, people, and none, one or two faults
//! that begin at moments of the session. The same controller and guard as at the bedside
//! run it on the simulated table; [`checkers`] look at what truly happens to the patient.
//! Equal seeds give equal runs, so one seed and one commit replay any failure.
//!
//! ```text
//! seed ─▶ scenario ─▶ people, links, table's faults ─┐
//!                        controller ▶ guard ▶ table ─┴▶ truth ─▶ checkers ─▶ report
//! ```
//!
//! A session lasts 20 to 60 s of simulated time, in which a compressed profile passes
//! every phase on the lumped patient; one in a hundred runs a profile of clinical length,
//! one in a hundred lies there as a whole spine.
//! One in four may have any of the seven modes, a signed limit above its force, and staff who
//! change mode or force in its midst; the others follow the three plain modes.
//! Limits: the links are those of a tick (silence, lateness, commands), not of a wire:
//! the wires have tests of their own.

pub mod checkers;
mod hazard;
mod moment;
mod people;
mod report;
mod run;
mod scenario;
mod wider;

pub use hazard::Hazard;
pub use moment::Moment;
pub use people::Incident;
pub use report::{Failure, Report};
#[cfg(feature = "blind")]
pub use run::watch_blind;
pub use run::{Outcome, run, watch};
pub use scenario::{Injection, Length, Scenario};

use si::Problem;
use std::ops::Range;

/// Runs every seed of `seeds` on `threads` threads; seeds are shared out evenly, and the
/// report does not depend on how many there are.
///
/// # Errors
/// A table that cannot be made ready, or a thread that died.
pub fn sweep(seeds: Range<u64>, threads: usize) -> Result<Report, Problem> {
    let threads = threads.max(1) as u64;
    let share = (seeds.end.saturating_sub(seeds.start))
        .div_ceil(threads)
        .max(1);
    let starts = (0..threads).map(|n| seeds.start + n * share);
    let parts: Vec<Range<u64>> = starts
        .map(|from| from.min(seeds.end)..(from + share).min(seeds.end))
        .collect();
    let reports: Vec<Result<Report, Problem>> = std::thread::scope(|scope| {
        let spawn = |part: Range<u64>| {
            std::thread::Builder::new()
                .stack_size(STACK)
                .spawn_scoped(scope, move || some(part))
        };
        let started: Vec<_> = parts.into_iter().map(spawn).collect();
        let joined = started.into_iter().map(|thread| {
            let thread = thread.map_err(|_| died())?;
            thread.join().unwrap_or_else(|_| Err(died()))
        });
        joined.collect()
    });
    let mut whole = Report::default();
    for report in reports {
        whole.join(report?);
    }
    Ok(whole)
}

/// Room for a whole spine, which a run keeps on its stack.
const STACK: usize = 64 << 20;

fn some(seeds: Range<u64>) -> Result<Report, Problem> {
    let mut report = Report::default();
    for seed in seeds {
        let scenario = Scenario::of(seed)?;
        let outcome = run(&scenario)?;
        report.add(&scenario, &outcome);
    }
    Ok(report)
}

fn died() -> Problem {
    Problem::new(
        "campaign-thread",
        "campaign",
        "",
        "a thread of the campaign ended before its seeds did",
        "run it again with fewer seeds to find the one; report it with its seed",
    )
}
