//! `annulus demo`: the demonstration clinic made in a folder that is thrown away,
//! and the longest way round that one of its patients has gone, told step by step.

use crate::cli::Format;
use crate::failure::Failure;
use crate::files;
use care::episode::Episode;
use console::clinic::{Clinic, ClinicOptions, ClinicProjector, Settings};
use indicatif::ProgressBar;
use record::Verify;
use serde_json::{Value, json};
use std::fmt::Write as _;
use std::sync::Arc;
use std::time::Duration;

/// One patient of the clinic, by name.
struct Carried {
    name: String,
    episode: Episode,
}

/// Runs the command.
pub(crate) fn run(format: Format) -> Result<(), Failure> {
    let folder = tempfile::tempdir()
        .map_err(|error| Failure::new("making a folder for the clinic", error))?;
    let runtime = tokio::runtime::Runtime::new()
        .map_err(|error| Failure::new("starting the runtime", error))?;
    let bar = ProgressBar::new_spinner()
        .with_message("a clinic, six patients, four sessions on a simulated table");
    bar.enable_steady_tick(Duration::from_millis(120));
    let made = runtime.block_on(make(folder.path()));
    bar.finish_and_clear();
    let (patients, verified) = made?;
    match format {
        Format::Text => files::print(text(&patients, &verified).as_bytes()),
        Format::Json => files::print(told(&patients, &verified).to_string().as_bytes()),
    }
}

async fn make(folder: &std::path::Path) -> Result<(Vec<Carried>, String), Failure> {
    let options = ClinicOptions {
        home: folder.into(),
        key: None,
        demo: true,
        settings: Settings::default(),
        knowledge: None,
        serve: false,
        new_key: false,
    };
    let clinic = Arc::new(Clinic::open(options).await?);
    console::demo::seed(&clinic).await?;
    clinic.checkpoint().await?;
    let mut patients = Vec::new();
    for summary in clinic.patients().await? {
        let chart = clinic.chart(summary.id).await?;
        patients.push(Carried {
            name: summary.name,
            episode: chart.episode.clone(),
        });
    }
    patients.sort_by_key(|patient| std::cmp::Reverse(patient.episode.timeline.len()));
    let verified = verified(&clinic, folder).await?;
    clinic.close().await?;
    Ok((patients, verified))
}

async fn verified(clinic: &Clinic, folder: &std::path::Path) -> Result<String, Failure> {
    let trusted = [crate::commands::bedside::read_public(
        &folder.join("clinic.pub"),
    )?];
    let against = Verify {
        trusted: &trusted,
        projector: Some(&ClinicProjector),
        index: Some(&clinic.key().index()),
    };
    let report = clinic
        .journal()
        .verify(against)
        .await
        .map_err(|error| Failure::from(error.problem()))?;
    if let Some(fault) = report.first_broken() {
        return Err(Failure::new("verifying the journal", fault));
    }
    Ok(format!(
        "{} events in {} streams, every chain verified, {} unproven",
        report.events, report.streams, report.unproven
    ))
}

fn text(patients: &[Carried], verified: &str) -> String {
    let mut text = String::from("A clinic of invented patients:\n");
    for patient in patients {
        let _ = writeln!(
            text,
            "  {:<20} {}",
            patient.name,
            standing(&patient.episode)
        );
    }
    if let Some(longest) = patients.first() {
        let _ = writeln!(text, "\nThe whole way round, {}:", longest.name);
        for entry in &longest.episode.timeline {
            let who = if entry.who.is_empty() {
                entry.role.as_str()
            } else {
                &entry.who
            };
            let _ = writeln!(
                text,
                "  {}  {:<20} {:<18} {}",
                entry.at.strftime("%F %H:%M"),
                entry.kind,
                who,
                entry.detail
            );
        }
    }
    let _ = writeln!(text, "\nJournal: {verified}.");
    text
}

/// Where a patient stands, in one line.
fn standing(episode: &Episode) -> String {
    let verdict = episode.decision.as_ref().map(|kept| {
        let decision = &kept.decision;
        format!("{}, urgency {}", decision.verdict, decision.urgency)
    });
    let mut line = verdict.unwrap_or_else(|| "not evaluated yet".into());
    let sessions = episode
        .sessions()
        .filter(|session| session.ended.is_some())
        .count();
    if sessions > 0 {
        let _ = write!(line, "; {sessions} sessions");
    }
    if let Some(alert) = episode.open_alerts().next() {
        let _ = write!(line, "; an alarm is open: {}", alert.urgency);
    }
    if episode.suspended().next().is_some() {
        line.push_str("; suspended");
    }
    line
}

fn told(patients: &[Carried], verified: &str) -> Value {
    let one = |patient: &Carried| {
        json!({
            "name": patient.name,
            "standing": standing(&patient.episode),
            "timeline": patient.episode.timeline,
        })
    };
    json!({ "schema": "annulus.demo/1", "patients": patients.iter().map(one).collect::<Vec<_>>(), "journal": verified })
}
