//! What is asked: spine, prescription, belief, and how the person takes it.

use crate::cli::SimulateArgs;
use crate::commands::calibrate;
use crate::failure::Failure;
use crate::files;
use care::plan::{Candidate, PrescribedPull, Prescription, Proposal, SignedPlan};
use care::subject::SpineDocument;
use serde::Deserialize;
use si::Problem;
use spine::column::{Comfort, Setting, Subject, levels};
use spine::unknown::Belief;
use std::path::Path;

/// Most members, most instants, and most of both together: what memory allows.
const MEMBERS: (usize, usize) = (2, 100_000);
const INSTANTS: (usize, usize) = (2, 10_000);
const TOGETHER: usize = 500_000;

/// Everything a simulation needs.
pub(super) struct Question {
    /// The pull as prescribed.
    pub(super) prescription: Prescription,
    /// The pull as the column sees it.
    pub(super) pull: PrescribedPull,
    /// The person lying there.
    pub(super) subject: Subject,
    /// Region, couch, and how the person takes it.
    pub(super) setting: Setting,
    /// What is believed of this spine.
    pub(super) belief: Belief,
    /// Whether the belief was learned from this person's sessions.
    pub(super) learned: bool,
    /// Members of the ensemble.
    pub(super) members: usize,
}

impl Question {
    /// Reads what the arguments name.
    pub(super) fn ask(args: &SimulateArgs) -> Result<Self, Failure> {
        counts(args)?;
        let spine = in_file(&args.spine, SpineDocument::read)?;
        let prescription = prescription(&args.prescription, args.candidate.as_deref())?;
        let region = prescription.region;
        if !levels(region).contains(&prescription.target) {
            let value = prescription.target.as_str();
            let problem = format!("is not told of when the {region} region is pulled");
            let remedy = "name a level of the region, such as L4-L5 or C5-C6";
            return Err(Problem::new("unknown-level", "target", value, problem, remedy).into());
        }
        let belief = match &args.posterior {
            None => Belief::prior(region),
            Some(file) => calibrate::known(file, region, "the prescription pulls")?,
        };
        Ok(Self {
            pull: prescription.pull()?,
            subject: spine.subject(&prescription)?,
            setting: Setting {
                region,
                support: spine.support(&prescription)?,
                comfort: Comfort {
                    pain: args.pain,
                    effort: args.resisting,
                },
            },
            prescription,
            belief,
            learned: args.posterior.is_some(),
            members: args.members,
        })
    }
}

fn counts(args: &SimulateArgs) -> Result<(), Problem> {
    let check = |place: &str, value: usize, (low, high): (usize, usize)| {
        if (low..=high).contains(&value) {
            return Ok(());
        }
        let problem = format!("is outside {low} to {high}");
        let remedy = "give a number inside the range";
        Err(Problem::new(
            "out-of-range",
            place,
            value.to_string(),
            problem,
            remedy,
        ))
    };
    check("--members", args.members, MEMBERS)?;
    check("--instants", args.instants, INSTANTS)?;
    if args.members * args.instants > TOGETHER {
        let value = format!("{} × {}", args.members, args.instants);
        let problem = format!("members times instants is above {TOGETHER}");
        let remedy = "ask for fewer members or fewer instants";
        return Err(Problem::new(
            "out-of-range",
            "--members",
            value,
            problem,
            remedy,
        ));
    }
    Ok(())
}

/// Reads a document in a file.
pub(crate) fn in_file<T>(
    file: &Path,
    read: impl Fn(&[u8]) -> Result<T, Problem>,
) -> Result<T, Failure> {
    let bytes = files::read(file)?;
    Ok(read(&bytes)?)
}

/// What kind of document it is, as far as that decides how to read it.
#[derive(Deserialize)]
struct Head {
    schema: Option<String>,
}

pub(crate) fn prescription(file: &Path, candidate: Option<&str>) -> Result<Prescription, Failure> {
    let bytes = files::read(file)?;
    let head: Option<Head> = serde_json::from_slice(&bytes).ok();
    let schema = head.and_then(|head| head.schema);
    match schema.as_deref() {
        Some(schema) if schema == SignedPlan::SCHEMA => {
            let signed = SignedPlan::read(&text(&bytes)?)?;
            let plan = Proposal::read(&signed.plan)?;
            chosen(&plan, Some(candidate.unwrap_or(&signed.candidate)))
        }
        Some(_) => chosen(&Proposal::read(&text(&bytes)?)?, candidate),
        None => Ok(Prescription::read(&bytes)?),
    }
}

fn text(bytes: &[u8]) -> Result<String, Problem> {
    String::from_utf8(bytes.to_vec()).map_err(|_| {
        let remedy = "give the file that `plan` wrote";
        Problem::new(
            "plan-unreadable",
            "--prescription",
            "",
            "is not text",
            remedy,
        )
    })
}

/// The candidate of a plan; a plan that offers only one needs no name.
fn chosen(plan: &Proposal, name: Option<&str>) -> Result<Prescription, Failure> {
    let offered: Vec<(&str, &Candidate)> = plan.offered().collect();
    let names: Vec<&str> = offered.iter().map(|(name, _)| *name).collect();
    let found = match (name, offered.as_slice()) {
        (None, [(_, only)]) => Some(*only),
        (None, _) => None,
        (Some(name), _) => offered
            .iter()
            .find(|(own, _)| *own == name)
            .map(|(_, of)| *of),
    };
    let refused = || {
        let problem = match name {
            None => "the plan offers more than one",
            Some(_) => "the plan does not offer it",
        };
        let remedy = format!("name one of {}", names.join(", "));
        Problem::new(
            "candidate",
            "--candidate",
            name.unwrap_or_default(),
            problem,
            remedy,
        )
    };
    Ok(found.ok_or_else(refused)?.prescription.clone())
}
