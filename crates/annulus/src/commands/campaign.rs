//! `annulus campaign`: whole sessions with faults, checked against the truth.
//!
//! With `--append` the report is kept in a file after every share of the seeds, and the
//! next call goes on there, here or on another machine: a million sessions may take several
//! evenings. A file of another program is refused: its sessions ran on other code.

use crate::cli::{CampaignArgs, Format};
use crate::failure::Failure;
use crate::files;
use serde::{Deserialize, Serialize};
use si::Problem;
use std::fmt::Write as _;
use std::num::NonZero;
use std::path::Path;
use table::campaign::{Report, sweep};

/// Seeds between two writes of the file.
const SHARE: u64 = 2_000;
const SCHEMA: &str = "annulus.campaign/1";

/// A report with what it is about.
#[derive(Debug, Serialize, Deserialize)]
struct Kept {
    schema: String,
    /// The program that ran it.
    program: String,
    /// The seeds that have run: from this one, to before that one.
    seeds: (u64, u64),
    #[serde(flatten)]
    report: Report,
}

/// Runs the seeds, tells what came out, and fails where a law was broken.
pub(crate) fn run(args: &CampaignArgs, format: Format) -> Result<(), Failure> {
    let (from, to) = args.seeds;
    let cores = || std::thread::available_parallelism().map_or(1, NonZero::get);
    let threads = args.threads.unwrap_or_else(cores);
    let mut kept = match args.append.as_deref() {
        Some(path) if path.exists() => continued(path, from)?,
        _ => Kept {
            schema: SCHEMA.to_owned(),
            program: program(),
            seeds: (from, from),
            report: Report::default(),
        },
    };
    while kept.seeds.1 < to {
        let next = kept.seeds.1..(kept.seeds.1 + SHARE).min(to);
        let end = next.end;
        kept.report.join(sweep(next, threads)?);
        kept.seeds.1 = end;
        if let Some(path) = &args.append {
            files::write(Some(path), json(&kept)?.as_bytes())?;
        }
    }
    match format {
        Format::Json => files::print(json(&kept)?.as_bytes())?,
        Format::Text => files::print(text(&kept).as_bytes())?,
    }
    match kept.report.violations {
        0 => Ok(()),
        count => Err(Failure::new(
            "the campaign",
            format!("{count} laws were broken; run a seed again with --seeds SEED..SEED+1"),
        )),
    }
}

/// The report of an earlier call, whose seeds these continue.
fn continued(path: &Path, from: u64) -> Result<Kept, Failure> {
    let place = path.display().to_string();
    let bytes = files::read(path)?;
    let kept: Kept = serde_json::from_slice(&bytes).map_err(|error| {
        let problem = format!("is no report of a campaign: {error}");
        Problem::new(
            "campaign-file",
            place.clone(),
            "",
            problem,
            "name a new file, or one that an earlier campaign wrote",
        )
    })?;
    if kept.program != program() {
        return Err(Problem::new(
            "campaign-program",
            place,
            kept.program,
            format!("was run by another program than this, {}", program()),
            "begin a new file: sessions of two programs are no sum",
        )
        .into());
    }
    if kept.schema != SCHEMA || kept.seeds.0 != from {
        return Err(Problem::new(
            "campaign-seeds",
            place,
            format!("{}..{}", kept.seeds.0, kept.seeds.1),
            format!("holds other seeds than those from {from} on"),
            format!("give --seeds {}..", kept.seeds.0),
        )
        .into());
    }
    Ok(kept)
}

/// What runs, by its version and the sources that a session depends on: one seed and it
/// replay any failure, wherever it is built.
fn program() -> String {
    concat!(
        "annulus ",
        env!("CARGO_PKG_VERSION"),
        " ",
        env!("ANNULUS_SESSIONS")
    )
    .to_owned()
}

fn json(kept: &Kept) -> Result<String, Failure> {
    let report = &kept.report;
    let mut whole =
        serde_json::to_value(kept).map_err(|error| Failure::new("writing JSON", error))?;
    if let Some(whole) = whole.as_object_mut() {
        // The contract's own two: the worst of everything but pairs of faults.
        let [free, single, _] = report.worst_stop_ms;
        whole.insert("worst_stop_latency_ms".into(), free.max(single).into());
        let [free, single, _] = report.worst_overshoot_by_faults_n;
        whole.insert("worst_overshoot_n".into(), free.max(single).into());
    }
    let text = serde_json::to_string_pretty(&whole);
    let text = text.map_err(|error| Failure::new("writing JSON", error))?;
    Ok(text + "\n")
}

fn text(kept: &Kept) -> String {
    let r = &kept.report;
    let mut out = String::new();
    let [over, stop] = [r.worst_overshoot_by_faults_n, r.worst_stop_ms];
    let hours = r.simulated_s / 3600.0;
    let lines = [
        format!(
            "seeds {} to {}, {}",
            kept.seeds.0, kept.seeds.1, kept.program
        ),
        format!(
            "{} sessions, {} with faults, {} with two; {:.1} simulated hours",
            r.sessions, r.faulted, r.pairs, hours
        ),
        format!(
            "{} faults began; {} of clinical length, {} on the whole spine; {} ended as planned",
            r.faults, r.full_length, r.whole_spine, r.completed
        ),
        format!(
            "above the ceiling at most {:.1} N without a fault, {:.1} N with one, {:.1} N with two",
            over[0], over[1], over[2]
        ),
        format!(
            "from the switch to falling force at most {:.0} ms; a stop over in {:.0}, {:.0}, {:.0} ms",
            r.worst_falling_ms, stop[0], stop[1], stop[2]
        ),
        format!(
            "in a hold without fault at most {:.1} N off",
            r.worst_tracking_n
        ),
        format!(
            "released at most at {:.2} of the fastest rate, {:.2} where a sensor lies, {:.2} where two do",
            r.worst_rate_share[0], r.worst_rate_share[1], r.worst_rate_share[2]
        ),
        format!("{} laws broken", r.violations),
    ];
    for line in lines {
        let _ = writeln!(out, "{line}");
    }
    for failure in &r.failures {
        let _ = writeln!(
            out,
            "  seed {}: {} at {:.2} s, {:.1} where {:.1} is allowed: {}",
            failure.seed, failure.law, failure.at_s, failure.value, failure.bound, failure.scenario
        );
    }
    out
}
