//! `calibrate`: what a session taught of one spine, or the lumped patient that stands for it.

mod lumped;
mod session;
mod tell;

use crate::cli::{CalibrateArgs, Format};
use crate::commands::simulate::{in_file, prescription};
use crate::failure::Failure;
use crate::files;
use care::plan::{Position, Prescription, PullMode};
use care::subject::{BeliefDocument, SpineDocument, refused};
use session::Measured;
use si::{Problem, Region, Segment};
use spine::column::{Comfort, Setting, Subject};
use spine::learn::{LearnError, Noise, OnColumn, today, update};
use spine::unknown::Belief;
use std::path::Path;

/// Runs the command.
pub(crate) fn run(args: &CalibrateArgs, format: Format) -> Result<(), Failure> {
    files::writable(&args.out)?;
    match &args.session {
        Some(file) => learn(args, file, format),
        None => lumped::run(args, format),
    }
}

fn learn(args: &CalibrateArgs, file: &Path, format: Format) -> Result<(), Failure> {
    let lying = Lying::of(args)?;
    let angle = lying.prescription.as_ref().map(|pull| pull.angle_deg);
    let measured = Measured::read(&files::read(file)?, angle)?;
    let (subject, setting) = lying.on(measured.region)?;
    let prior = match &args.prior {
        None => Belief::prior(measured.region),
        Some(file) => belief(file, measured.region, "the session pulled")?,
    };
    let recording = &measured.recording;
    let forward = OnColumn::recorded(&subject, &setting, recording)
        .map_err(|error| Failure::from(refused(&error).within("session")))?;
    let learned = update(&prior, &recording.measured(&Noise::TABLE), &forward).map_err(failed)?;
    let document = BeliefDocument::of(&learned.posterior);
    let text = serde_json::to_string_pretty(&document)
        .map_err(|error| Failure::new("writing JSON", error))?;
    files::write(Some(&args.out), text.as_bytes())?;
    let told = match format {
        Format::Json => tell::json(&measured, &learned, args.prior.is_some())?,
        Format::Text => tell::text(&measured, &learned, args.prior.is_some()),
    };
    files::print(told.as_bytes())
}

/// What is believed of the next session of a person whose sessions were learned from:
/// the person is known, harness, clothing and tone of the day are doubted again.
pub(crate) fn known(file: &Path, region: Region, whose: &str) -> Result<Belief, Failure> {
    today(&belief(file, region, whose)?)
        .map_err(|error| Failure::new("reading what was learned", error))
}

/// A belief about pulls on `region`; `whose` says why it must be that one.
fn belief(file: &Path, region: Region, whose: &str) -> Result<Belief, Failure> {
    in_file(file, |bytes| {
        BeliefDocument::read(bytes, region).map_err(|problem| match problem.code {
            "regions-differ" => Problem {
                problem: format!("{whose} the {region} region"),
                ..problem
            },
            _ => problem,
        })
    })
}

fn failed(error: LearnError<spine::column::ColumnError>) -> Failure {
    match error {
        LearnError::Forward(error) => refused(&error).within("session").into(),
        LearnError::Measured { feature, value } => Problem::new(
            "not-a-number",
            format!("session.{}", feature.as_str()),
            value.to_string(),
            "is no measurement",
            "give a session whose force and travel were measured throughout",
        )
        .into(),
        other => Failure::new("learning", other),
    }
}

/// Who lies there and how.
struct Lying {
    spine: SpineDocument,
    prescription: Option<Prescription>,
}

impl Lying {
    fn of(args: &CalibrateArgs) -> Result<Self, Failure> {
        let pull = args.prescription.as_ref();
        let pull = pull.map(|file| prescription(file, args.candidate.as_deref()));
        Ok(Self {
            spine: in_file(&args.spine, SpineDocument::read)?,
            prescription: pull.transpose()?,
        })
    }

    /// The person and the couch of a pull on `region`.
    fn on(&self, region: Region) -> Result<(Subject, Setting), Failure> {
        let pull = match &self.prescription {
            Some(pull) if pull.region != region => {
                let problem = format!("the pull was on the {region} region");
                let remedy = "give the prescription of that session, or none";
                let own = pull.region.as_str();
                return Err(Problem::new(
                    "regions-differ",
                    "prescription.region",
                    own,
                    problem,
                    remedy,
                )
                .into());
            }
            Some(pull) => pull.clone(),
            None => self.usual(region),
        };
        let setting = Setting {
            region,
            support: self.spine.support(&pull)?,
            comfort: Comfort::default(),
        };
        Ok((self.spine.subject(&pull)?, setting))
    }

    /// How people lie where nobody said: supine, or as the spine's own document says, on a split table.
    fn usual(&self, region: Region) -> Prescription {
        Prescription {
            region,
            target: match region {
                Region::Lumbar => Segment::L4L5,
                Region::Cervical => Segment::C5C6,
            },
            position: self.spine.posture.position.unwrap_or(Position::Supine),
            table_split: true,
            mode: PullMode::Static,
            force_n: 0.0,
            base_n: 0.0,
            ramp_n_per_s: 0.0,
            release_n_per_s: None,
            hold_s: 0.0,
            rest_s: 0.0,
            cycles: 1,
            least_n: None,
            rise_s: None,
            swing_n: None,
            period_s: None,
            ceiling_n: None,
            angle_deg: 0.0,
            conditions: Vec::new(),
            reasons: Vec::new(),
        }
    }
}
