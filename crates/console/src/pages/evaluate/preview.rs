//! The decision as it would be with what is not saved yet: `care` decides on the record with these
//! answers folded in, and nothing is stored.
//!
//! An answer that cannot be read is left out, as if it were not given yet, and its field says so:
//! what is left out is unknown, and doubt never clears.

use askama::Template;
use care::decide::Decision;
use care::episode::{Command, Episode, Path};
use care::fact::{By, Reading};
use si::{Problem, Region};

use super::{Asked, asked, command, decide, kept};
use crate::clinic::Clinic;
use crate::door::{Fault, Reply, Visit, html};
use crate::frame::Frame;
use crate::pages::decision::DecisionView;
use crate::pages::inputs::{self, Entry};
use crate::pages::intake::Intake;
use crate::pages::who::{Desk, Who};

/// The parts of the page that move.
#[derive(Template)]
#[template(path = "evaluate_preview.html")]
struct Parts {
    f: Frame,
    p: Who,
    then: Vec<Asked>,
    decision: DecisionView,
    kept: Option<String>,
    unsaved: bool,
    everyone: usize,
    /// Fields that were left out, and why.
    wrong: Vec<(String, String)>,
}

/// The record as it would be.
struct Told {
    episode: Episode,
    unsaved: bool,
    /// Facts that were left out, and why.
    wrong: Vec<(String, Problem)>,
}

pub(super) async fn show(visit: Visit) -> Reply {
    let desk = Desk::of(&visit).await?;
    let (f, p) = desk.frame(&visit, Path::Evaluate);
    let (clinic, before) = (&visit.app.clinic, &desk.chart.episode);
    let region = before.region.ok_or(Fault::NotFound)?;
    let Told {
        episode,
        unsaved,
        wrong,
    } = told(&visit, &desk)?;
    let decision = decide(clinic, &episode, region, f.now.timestamp());
    let mut then = asked(&f, clinic, &decision);
    match visit.form.get("form") {
        Some("all") => then.clear(),
        Some("intake") => {
            let here = on_intake(&f, clinic, before, region);
            then.retain(|next| !here.contains(&next.input.name));
        }
        _ => {}
    }
    let said = |(fact, problem): (String, Problem)| {
        let words = f.t.evaluate_left_out(&problem.problem, &problem.remedy);
        (format!("f:{fact}"), words)
    };
    let parts = Parts {
        then,
        kept: kept(&f, &episode, &decision),
        decision: DecisionView::of(&f, &decision).for_patient(&f, clinic, desk.chart.id),
        unsaved,
        everyone: 0,
        wrong: wrong.into_iter().map(said).collect(),
        f,
        p,
    };
    html(&parts)
}

/// The field that names another: what it says ends a disagreement between sources.
const HOLDS: &str = "holds";

/// The record with what the forms tell; what cannot be read is left out.
fn told(visit: &Visit, desk: &Desk) -> Result<Told, Fault> {
    let clinic = &visit.app.clinic;
    let entry = desk.entry(visit);
    let (mut readings, mut wrong) = (Vec::new(), Vec::new());
    for (fact, read) in inputs::each(&visit.form, clinic.knowledge().catalogue(), &entry) {
        match read {
            Ok(reading) => readings.push(reading),
            Err(problem) => wrong.push((fact.to_owned(), problem)),
        }
    }
    let holds: Vec<&str> = visit
        .form
        .iter()
        .filter(|(name, _)| *name == HOLDS)
        .map(|(_, of)| of)
        .collect();
    let holds = |reading: &Reading| holds.contains(&format!("f:{}", reading.key()).as_str());
    let (holding, readings): (Vec<_>, Vec<_>) = readings.into_iter().partition(holds);
    let mut told = recorded(visit, desk, (readings, &entry), wrong)?;
    for mut reading in holding {
        reading.by = By::Practitioner;
        let fact = reading.key().to_string();
        // The reason is asked where it is saved.
        let reason = HOLDS.to_owned();
        let command = Command::ResolveConflict { reading, reason };
        match clinic.preview(&told.episode, &desk.actor, command) {
            Ok(episode) => (told.episode, told.unsaved) = (episode, true),
            Err(problem) => told.wrong.push((fact, problem)),
        }
    }
    Ok(told)
}

/// The record with these answers.
fn recorded(
    visit: &Visit,
    desk: &Desk,
    (mut readings, entry): (Vec<Reading>, &Entry),
    mut wrong: Vec<(String, Problem)>,
) -> Result<Told, Fault> {
    let (clinic, before) = (&visit.app.clinic, &desk.chart.episode);
    // Each round leaves one out, so that there is an end.
    loop {
        let Some(command) = command(visit, desk, (readings.clone(), entry))? else {
            let episode = before.clone();
            return Ok(Told {
                episode,
                unsaved: !wrong.is_empty(),
                wrong,
            });
        };
        let problem = match clinic.preview(before, &desk.actor, command) {
            Ok(episode) => {
                return Ok(Told {
                    episode,
                    unsaved: true,
                    wrong,
                });
            }
            Err(problem) => problem,
        };
        let Some(at) = readings.iter().position(|one| is_about(&problem, one)) else {
            return Err(problem.into());
        };
        wrong.push((readings.remove(at).key().to_string(), problem));
    }
}

/// Whether a command was refused for this answer.
fn is_about(problem: &Problem, reading: &Reading) -> bool {
    let place = problem.place.strip_prefix("facts.");
    let rest = place.and_then(|place| place.strip_prefix(reading.key().to_string().as_str()));
    rest.is_some_and(|rest| rest.is_empty() || rest.starts_with(['.', '[']))
}

/// The fields that stand on the form of everyone, as it was opened.
fn on_intake(f: &Frame, clinic: &Clinic, before: &Episode, region: Region) -> Vec<String> {
    let decision: Decision = decide(clinic, before, region, f.now.timestamp());
    let groups = Intake::of(f, clinic, before, region, &decision).groups;
    let inputs = groups.into_iter().flat_map(|group| group.inputs);
    inputs.map(|input| input.name).collect()
}
