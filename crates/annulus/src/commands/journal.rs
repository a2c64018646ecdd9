//! `annulus journal verify|rebuild|export|copy`.

use crate::cli::{Format, JournalCommand};
use crate::commands::bedside::read_public;
use crate::failure::Failure;
use crate::files;
use crate::settings::Settings;
use console::clinic::{ClinicKey, ClinicProjector, Home};
use indicatif::ProgressBar;
use record::{DatabaseUrl, OpenOptions, Report, Verify};
use serde_json::json;
use si::Problem;
use std::fmt::Write as _;
use std::io::Write;
use std::path::Path;
use std::time::Duration;

/// Runs the command.
pub(crate) fn run(
    command: JournalCommand,
    settings: &Settings,
    format: Format,
) -> Result<(), Failure> {
    let runtime = tokio::runtime::Runtime::new()
        .map_err(|error| Failure::new("starting the runtime", error))?;
    runtime.block_on(async {
        match command {
            JournalCommand::Verify(store) => verify(&settings.store(store)?, format).await,
            JournalCommand::Rebuild(store) => rebuild(&settings.store(store)?, format).await,
            JournalCommand::Export(store) => export(&settings.store(store)?).await,
            JournalCommand::Copy(args) => {
                let (from, to) = (home("--from", &args.from)?, home("--to", &args.to)?);
                copy(&from, &to, format).await
            }
        }
    })
}

/// A data folder, or a file that names a database.
fn home(argument: &'static str, place: &Path) -> Result<Home, Problem> {
    let mut home = Home::from(place);
    if place.is_file() {
        home.database = Some(DatabaseUrl::read(place)?);
    } else if !place.is_dir() {
        return Err(Problem::new(
            "no-place",
            argument,
            place.display().to_string(),
            "is neither a folder nor a file",
            "name a data folder, or a file of mode 0600 that holds the URL of a database",
        ));
    }
    Ok(home)
}

async fn copy(from: &Home, to: &Home, format: Format) -> Result<(), Failure> {
    let read_only = OpenOptions::new().read_only();
    let journal = from
        .standing_journal(read_only)
        .await
        .map_err(at("--from"))?;
    let create = OpenOptions::new().create(journal.identity());
    let target = to.journal(create).await.map_err(at("--to"))?;
    let bar = spinner("copying the journal");
    let copied = journal.copy_to(&target).await;
    bar.finish_and_clear();
    target.close().await;
    let copied = copied.map_err(|error| Failure::from(error.problem()))?;
    let root = hex::encode(copied.root);
    let told = match format {
        Format::Text => format!(
            "{} events of {} streams copied, {} erased, {} checkpoints; the chains end in {root}",
            copied.events, copied.streams, copied.erased, copied.checkpoints
        ),
        Format::Json => json!({
            "schema": "annulus.copy/1",
            "streams": copied.streams,
            "events": copied.events,
            "erased": copied.erased,
            "rows": copied.rows,
            "blobs": copied.blobs,
            "recordings": copied.recordings,
            "checkpoints": copied.checkpoints,
            "root": root,
        })
        .to_string(),
    };
    files::print(told.as_bytes())
}

/// Names the argument that a problem is about.
fn at(argument: &'static str) -> impl FnOnce(Problem) -> Problem {
    move |mut problem| {
        problem.place = argument.to_owned();
        problem
    }
}

async fn verify(home: &Home, format: Format) -> Result<(), Failure> {
    let journal = home
        .standing_journal(OpenOptions::new().read_only())
        .await?;
    let index = ClinicKey::index_at(&home.folder.join("clinic.key"));
    let trusted = [read_public(&home.folder.join("clinic.pub"))?];
    let bar = spinner("walking the chains");
    let report = journal
        .verify(Verify {
            trusted: &trusted,
            projector: Some(&ClinicProjector),
            index: index.as_ref(),
        })
        .await;
    bar.finish_and_clear();
    let report = report.map_err(|error| Failure::from(error.problem()))?;
    match format {
        Format::Text => files::print(text(&report).as_bytes())?,
        Format::Json => files::print(told(&report).to_string().as_bytes())?,
    }
    match report.first_broken() {
        None => Ok(()),
        Some(fault) => Err(Failure::new("verifying the journal", fault)),
    }
}

fn text(report: &Report) -> String {
    let mut text = format!(
        "{} streams, {} events, {} payloads ({} erased), {} rows, {} checkpoints\n",
        report.streams,
        report.events,
        report.payloads,
        report.erased,
        report.rows,
        report.checkpoints
    );
    let _ = match &report.proven {
        Some(proven) => writeln!(
            text,
            "Proven until {} (checkpoint {}, event {}); {} later events are unproven.",
            proven.at, proven.checkpoint, proven.position, report.unproven
        ),
        None => writeln!(
            text,
            "Nothing is proven: no checkpoint of this clinic's key; {} events.",
            report.unproven
        ),
    };
    let _ = match &report.found {
        Some(found) => writeln!(
            text,
            "{} entries of what programs search, of {} streams.",
            found.entries, found.streams
        ),
        None => writeln!(
            text,
            "What programs search is not checked: clinic.key cannot be read."
        ),
    };
    for fault in &report.faults {
        let _ = writeln!(text, "WRONG {fault}");
    }
    if report.is_sound() {
        text.push_str("Nothing is wrong.\n");
    }
    text
}

fn told(report: &Report) -> serde_json::Value {
    json!({
        "schema": "annulus.verify/1",
        "sound": report.is_sound(),
        "streams": report.streams,
        "events": report.events,
        "erased": report.erased,
        "rows": report.rows,
        "checkpoints": report.checkpoints,
        "searched": report.found.map(|found| found.entries),
        "proven_until": report.proven.as_ref().map(|proven| proven.at),
        "proven_position": report.proven.as_ref().map(|proven| proven.position),
        "unproven": report.unproven,
        "faults": report.faults.iter().map(ToString::to_string).collect::<Vec<_>>(),
        "fault_count": report.fault_count,
    })
}

async fn rebuild(home: &Home, format: Format) -> Result<(), Failure> {
    let journal = home.standing_journal(OpenOptions::new()).await?;
    let bar = spinner("making the read models anew");
    let rebuilt = journal.rebuild(&ClinicProjector).await;
    bar.finish_and_clear();
    let rebuilt = rebuilt.map_err(|error| Failure::from(error.problem()))?;
    journal.close().await;
    let (streams, rows, changed) = (rebuilt.streams, rebuilt.rows, rebuilt.changed);
    let damaged: Vec<String> = rebuilt.damaged.into_iter().map(|(_, what)| what).collect();
    let told = match format {
        Format::Text => format!("{rows} rows of {streams} streams made anew; {changed} differed"),
        Format::Json => json!({
            "schema": "annulus.rebuild/1", "streams": streams, "rows": rows, "changed": changed, "damaged": damaged,
        })
        .to_string(),
    };
    files::print(told.as_bytes())?;
    match damaged.is_empty() {
        true => Ok(()),
        false => Err(Failure::from(unreadable(&damaged))),
    }
}

/// The others were made anew; these keep the rows that they had.
fn unreadable(damaged: &[String]) -> Problem {
    Problem::new(
        "streams-damaged",
        "journal",
        damaged.join("; "),
        "cannot be read, and keep the lists that they had",
        "run `annulus journal verify`, and restore these from a copy",
    )
}

async fn export(home: &Home) -> Result<(), Failure> {
    let journal = home
        .standing_journal(OpenOptions::new().read_only())
        .await?;
    let mut out = Patient(std::io::stdout());
    let exported = journal.export(&mut out).await;
    exported.map_err(|error| Failure::new("exporting the journal", error.problem()))?;
    Ok(())
}

/// Standard output, whose reader may go away (`export | head`).
struct Patient(std::io::Stdout);

impl Write for Patient {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        match self.0.write(bytes) {
            Err(error) if error.kind() == std::io::ErrorKind::BrokenPipe => Ok(bytes.len()),
            other => other,
        }
    }

    fn flush(&mut self) -> std::io::Result<()> {
        match self.0.flush() {
            Err(error) if error.kind() == std::io::ErrorKind::BrokenPipe => Ok(()),
            other => other,
        }
    }
}

/// That something is being done, for whoever waits at a terminal.
pub(crate) fn spinner(message: &'static str) -> ProgressBar {
    let bar = ProgressBar::new_spinner().with_message(message);
    bar.enable_steady_tick(Duration::from_millis(120));
    bar
}
