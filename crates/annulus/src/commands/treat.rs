//! `treat`: one session of a signed plan, in this process or on a bedside.

mod episode;
mod local;
mod remote;

pub(crate) use episode::{Permitted, permit};
pub(crate) use local::{Run, run as run_here};

use crate::cli::{Format, TreatArgs};
use crate::failure::Failure;
use crate::settings::Settings;
use crate::{files, input};
use care::input::{Context, FactsDocument};
use care::plan::SignedPlan;
use serde::Serialize;
use sha2::{Digest as _, Sha256};
use si::Problem;
use std::fmt::Write as _;
use std::path::Path;
use table::summary::Summary;

/// A session as the contract tells it.
#[derive(Debug, Serialize)]
pub(crate) struct Session {
    schema: &'static str,
    plan_hash: String,
    session: String,
    table: String,
    simulated: bool,
    /// What happened.
    pub(crate) summary: Summary,
    recording: Recording,
}

#[derive(Debug, Serialize)]
struct Recording {
    file: Option<String>,
    sha256: String,
    bytes: usize,
}

/// What a finished run leaves behind, wherever it ran.
pub(crate) struct Finished {
    /// The black box.
    pub(crate) bytes: Vec<u8>,
    /// What happened.
    pub(crate) summary: Summary,
    /// The table's id.
    pub(crate) table: [u8; 16],
}

/// Runs the command.
pub(crate) fn run(args: &TreatArgs, settings: &Settings, format: Format) -> Result<(), Failure> {
    if let Some(file) = &args.recording {
        files::writable(file)?;
    }
    let run = Run::of(args)?;
    let signed = read_signed(&args.signed)?;
    let (document, zone) = read_start(args, settings)?;
    let knowledge = input::knowledge(settings)?;
    let permitted = permit(&signed, &document, (knowledge, &zone), args.seed)?;
    let finished = match &args.bedside {
        None if args.speed == 0 => run_here(&permitted, &run)?,
        None => remote::here(&permitted, &run, args.speed)?,
        Some(socket) => remote::on(socket, &permitted, &run, args.key.as_deref())?,
    };
    if let Some(file) = &args.recording {
        files::write(Some(file), &finished.bytes)?;
    }
    let session = session(&permitted, finished, args.recording.as_deref());
    match format {
        Format::Json => {
            let text = serde_json::to_string_pretty(&session);
            files::print(
                text.map_err(|error| Failure::new("writing JSON", error))?
                    .as_bytes(),
            )
        }
        Format::Text => files::print(text(&session).as_bytes()),
    }
}

fn session(permitted: &Permitted, finished: Finished, file: Option<&Path>) -> Session {
    Session {
        schema: "annulus.session/1",
        plan_hash: hex::encode(permitted.grant.plan_hash),
        session: hex::encode(permitted.grant.session),
        table: hex::encode(finished.table),
        simulated: permitted.grant.simulated_only,
        summary: finished.summary,
        recording: Recording {
            file: file.map(|file| file.display().to_string()),
            sha256: hex::encode(Sha256::digest(&finished.bytes)),
            bytes: finished.bytes.len(),
        },
    }
}

fn text(session: &Session) -> String {
    let summary = &session.summary;
    let table = if session.simulated {
        "a simulated table"
    } else {
        "the table"
    };
    let mut text = format!(
        "{} on {table}: {} after {:.0} s.\nPeak {:.1} N, {:.0} s in hold at {:.1} N on average.\n",
        if summary.completed {
            "Completed"
        } else {
            "Ended early"
        },
        summary.outcome,
        summary.duration_s,
        summary.peak_n,
        summary.hold_s,
        summary.mean_hold_n
    );
    for stop in &summary.stops {
        let _ = write!(
            text,
            "Stopped at {:.1} s from {:.0} N: {} ({})",
            stop.at_s, stop.from_n, stop.cause, stop.kind
        );
        if let (Some(command), Some(unloaded)) = (stop.command_ms, stop.unloaded_ms) {
            let _ = write!(
                text,
                "; release commanded after {command} ms, below 20 N after {unloaded} ms"
            );
        }
        text.push('\n');
    }
    let closes = summary
        .stops
        .iter()
        .any(|stop| matches!(stop.kind.as_str(), "symptom" | "unexplained"));
    if closes && !summary.completed {
        text.push_str(
            "No further session before a neurological examination made after this stop.\n",
        );
    }
    for (cause, seconds) in summary
        .limited_s
        .iter()
        .filter(|(_, seconds)| **seconds >= 0.05)
    {
        let _ = writeln!(text, "Limited by {cause} for {seconds:.1} s");
    }
    let _ = writeln!(
        text,
        "Recording {} bytes, sha256 {}",
        session.recording.bytes, session.recording.sha256
    );
    text
}

fn read_signed(path: &Path) -> Result<SignedPlan, Failure> {
    let bytes = files::read(path)?;
    let text = String::from_utf8(bytes).map_err(|_| {
        Problem::new(
            "plan-unreadable",
            path.display().to_string(),
            "",
            "is not text",
            "give the file that `sign` wrote",
        )
    })?;
    Ok(SignedPlan::read(&text)?)
}

fn read_start(
    args: &TreatArgs,
    settings: &Settings,
) -> Result<(FactsDocument, jiff::tz::TimeZone), Failure> {
    let knowledge = input::knowledge(settings)?;
    let bytes = files::read(&args.facts)?;
    let zone = settings.zone(args.zone.as_deref())?;
    let context = Context {
        knowledge,
        at: args.at,
        region: None,
        zone: &zone,
    };
    let document = care::input::parse_facts(&bytes, &context)?;
    Ok((document, zone))
}
