//! Facts in: the JSON contract, or a FHIR R4 bundle recognised by `resourceType`.

use crate::cli::Facts;
use crate::failure::Failure;
use crate::files;
use crate::settings::Settings;
use care::fact::FactSet;
use care::input::{self, Context};
use care::knowledge::Knowledge;
use fhir::Import;
use jiff::civil::Date;
use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp};
use si::{Problem, Region};
use std::path::Path;
use std::sync::OnceLock;

/// What a step of the path decides from.
#[derive(Debug)]
pub(crate) struct Gathered {
    /// Where force is to be applied.
    pub(crate) region: Region,
    /// The instant of decision.
    pub(crate) at: Timestamp,
    /// The clinic's time zone.
    pub(crate) zone: TimeZone,
    /// The facts.
    pub(crate) facts: FactSet,
    /// The record they came from, if it was one.
    pub(crate) record: Option<Import>,
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
    if is_fhir(&bytes) {
        return record(args, &bytes, knowledge, zone);
    }
    let context = Context {
        knowledge,
        at: args.at,
        region: args.region,
        zone: &zone,
    };
    let document = input::parse_facts(&bytes, &context)?;
    let facts = document.fact_set();
    Ok(Gathered {
        region: document.region,
        at: document.at,
        facts,
        record: None,
        zone,
    })
}

fn record(
    args: &Facts,
    bytes: &[u8],
    knowledge: &Knowledge,
    zone: TimeZone,
) -> Result<Gathered, Failure> {
    let region = args.region.ok_or_else(|| {
        Problem::new(
            "missing-region",
            "--region",
            "",
            "a FHIR record does not say where force is to be applied",
            "add --region lumbar or --region cervical",
        )
    })?;
    let import = fhir::import(bytes, knowledge, region, args.at)?;
    let at = args.at.unwrap_or(import.at);
    let facts = import.readings.iter().cloned().collect();
    Ok(Gathered {
        region,
        at,
        zone,
        facts,
        record: Some(import),
    })
}

/// Whether the bytes look like FHIR: an object with a `resourceType`. What is wrong
/// with them is for the reader of that form to say.
fn is_fhir(bytes: &[u8]) -> bool {
    #[derive(serde::Deserialize)]
    struct Head {
        #[serde(rename = "resourceType")]
        resource_type: Option<serde::de::IgnoredAny>,
    }
    match serde_json::from_slice::<Head>(bytes) {
        Ok(head) => head.resource_type.is_some(),
        // Broken JSON: the nearer reader says where; only records carry this word.
        Err(_) => bytes
            .windows(14)
            .any(|window| window == b"\"resourceType\""),
    }
}
