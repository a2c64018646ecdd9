//! Facts in: the JSON contract, or a FHIR R4 bundle recognised by `resourceType`.

use crate::cli::Facts;
use crate::failure::Failure;
use crate::files;
use crate::settings::Settings;
use care::knowledge::Knowledge;
use fhir::step::{self, Asked};
use jiff::civil::Date;
use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp};
use si::Problem;
use std::path::Path;
use std::sync::OnceLock;

/// What a step of the path decides from.
#[derive(Debug)]
pub(crate) struct Gathered {
    /// The facts, and the record they came from.
    pub(crate) document: step::Gathered,
    /// The clinic's time zone.
    pub(crate) zone: TimeZone,
}

/// The knowledge that the binary carries, under the clinic's policy where there is one.
pub(crate) fn knowledge(settings: &Settings) -> Result<&'static Knowledge, Failure> {
    let Some(path) = &settings.policy_file else {
        return Knowledge::embedded().map_err(|problems| match problems.first() {
            Some(first) => Failure::Failed {
                doing: "loading the knowledge".into(),
                cause: first.to_string(),
            },
            None => Failure::new("loading the knowledge", "it is empty"),
        });
    };
    // One command, one policy: it is read once.
    static UNDER_POLICY: OnceLock<Knowledge> = OnceLock::new();
    if let Some(knowledge) = UNDER_POLICY.get() {
        return Ok(knowledge);
    }
    let read = under(path)?;
    Ok(UNDER_POLICY.get_or_init(|| read))
}

/// The knowledge under a clinic's policy, whose problems name the clinic's own file.
fn under(path: &Path) -> Result<Knowledge, Failure> {
    let bytes = files::read(path)?;
    let named = path.display().to_string();
    let Ok(text) = std::str::from_utf8(&bytes) else {
        let remedy = "write it as UTF-8";
        return Err(Problem::new("knowledge", named, "", "is not text", remedy).into());
    };
    let read = Knowledge::with_policy(text).map_err(|problems| {
        let told = problems.into_iter().next().map(|problem| Problem {
            place: problem.place.replacen("clinic/policy.toml", &named, 1),
            ..problem
        });
        told.map_or_else(
            || Failure::new("loading the policy", "it is empty"),
            Failure::from,
        )
    })?;
    approved_by_now(&read, text, &named)?;
    Ok(read)
}

/// Nobody approved a choice tomorrow; where today ends is told by no zone, so a day is allowed.
fn approved_by_now(knowledge: &Knowledge, text: &str, named: &str) -> Result<(), Failure> {
    let latest = TimeZone::UTC.to_datetime(Timestamp::now() + SignedDuration::from_hours(24));
    let choices = knowledge.policy().choices.iter();
    for chosen in choices.filter_map(|choice| choice.chosen.as_ref()) {
        let late = |date: Date| date > latest.date();
        if !chosen.date.parse().is_ok_and(late) {
            continue;
        }
        let before = text.split(chosen.date.as_str()).next().unwrap_or_default();
        let line = before.matches('\n').count() + 1;
        let column = before.rsplit('\n').next().map_or(0, |l| l.chars().count()) + 1;
        return Err(Problem::new(
            "in-the-future",
            format!("{named}:{line}:{column}"),
            &chosen.date,
            "lies in the future",
            "write the day on which the choice was approved",
        )
        .into());
    }
    Ok(())
}

/// Reads the input of `evaluate`, `plan`, `triage` and `review`.
pub(crate) fn gather(
    args: &Facts,
    settings: &Settings,
    knowledge: &Knowledge,
) -> Result<Gathered, Failure> {
    let bytes = files::read(&args.file)?;
    let zone = settings.zone(args.zone.as_deref())?;
    let asked = Asked {
        knowledge,
        region: args.region,
        at: args.at,
        zone: &zone,
    };
    let document = step::gather(&bytes, &asked)?;
    Ok(Gathered { document, zone })
}
