//! The Roland-Morris questionnaire: the patient ticks, the score is counted and kept.

use askama::Template;
use care::episode::{Command, Path};
use care::fact::{By, FactKey, Reading, Value};
use care::instrument::Instrument;
use care::knowledge::Knowledge;
use si::{Problem, Region};

use super::who::{Desk, Who};
use crate::door::{Fault, Reply, Visit, html, see};
use crate::frame::{Frame, Place};

/// Which instrument.
const ID: &str = "rmdq";

#[derive(Template)]
#[template(path = "rmdq.html")]
struct Page<'a> {
    f: Frame,
    p: Who,
    name: &'a str,
    lead: &'a str,
    items: Vec<(usize, &'a str)>,
    licence: &'a str,
}

/// The questionnaire, where it is for this region.
fn instrument(knowledge: &Knowledge, region: Option<Region>) -> Result<&Instrument, Fault> {
    let found = knowledge.instruments().get(ID);
    found
        .filter(|one| region.is_some_and(|region| one.is_for(region)))
        .ok_or(Fault::NotFound)
}

/// GET `/patients/{patient}/review/rmdq`.
pub async fn show(visit: Visit) -> Reply {
    let desk = Desk::of(&visit).await?;
    let (f, p) = desk.frame(&visit, Path::Review);
    let one = instrument(visit.app.clinic.knowledge(), desk.chart.episode.region)?;
    html(&Page {
        f,
        p,
        name: &one.name,
        lead: one.lead.as_deref().unwrap_or_default(),
        items: one
            .items
            .iter()
            .enumerate()
            .map(|(at, item)| (at + 1, item.as_str()))
            .collect(),
        licence: &one.licence,
    })
}

/// POST `/patients/{patient}/review/rmdq`.
pub async fn count(visit: Visit) -> Reply {
    let desk = Desk::of(&visit).await?;
    let one = instrument(visit.app.clinic.knowledge(), desk.chart.episode.region)?;
    let ticks = visit
        .form
        .all("tick")
        .map(number)
        .collect::<Result<Vec<usize>, _>>()?;
    let score = one.count_ticks(&ticks)?;
    let named: Vec<String> = ticks.iter().map(ToString::to_string).collect();
    let fact = one.fact.as_deref().ok_or(Fault::NotFound)?;
    let value = Value::Number(f64::from(score));
    // What the patient ticked, whoever held the screen.
    let reading = Reading::value(
        FactKey::plain(fact),
        value,
        visit.app.clinic.now(),
        By::Patient,
    )
    .with_who(desk.actor.name.clone())
    .with_source(format!("{ID}#{}", named.join(",")));
    let command = Command::RecordFacts {
        readings: vec![reading],
        denied: Vec::new(),
    };
    desk.act(&visit, command).await?;
    Ok(see(&format!(
        "/patients/{}/review?said=saved",
        desk.chart.id
    )))
}

fn number(text: &str) -> Result<usize, Problem> {
    text.parse().map_err(|_| {
        Problem::new(
            "tick-impossible",
            "tick",
            text.chars().take(40).collect::<String>(),
            "is not the number of a statement",
            "load the page again",
        )
    })
}
