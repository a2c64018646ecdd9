//! A plan or a decision as it was once made, with who made it and when: nothing on these pages
//! can be changed, and nothing is decided again.

use askama::Template;
use care::episode::{Event, Path, What};
use care::plan::Proposal;

use super::decision::DecisionView;
use super::plan::card::{Card, cards};
use super::who::{Desk, Who};
use crate::door::{Fault, Reply, Visit, html};
use crate::frame::{Frame, Place};

#[derive(Template)]
#[template(path = "former_decision.html")]
struct Decided {
    f: Frame,
    p: Who,
    what: String,
    by: String,
    decision: DecisionView,
    /// Whether it is the one that counts now.
    counts: bool,
}

#[derive(Template)]
#[template(path = "former_plan.html")]
struct Planned {
    f: Frame,
    p: Who,
    head: String,
    by: String,
    signed: Vec<String>,
    candidates: Vec<Card>,
    withheld: Vec<(String, String)>,
    conditions: Vec<String>,
    decision: Option<DecisionView>,
    sha: String,
}

/// The events of a patient, and which of them a line of the timeline is.
async fn line(visit: &Visit, desk: &Desk) -> Result<(Vec<Event>, usize), Fault> {
    let number: usize = visit.part("entry")?.parse().map_err(|_| Fault::NotFound)?;
    let told = visit.app.clinic.told(desk.chart.id).await?;
    match number.checked_sub(1).filter(|at| *at < told.len()) {
        Some(at) => Ok((told, at)),
        None => Err(Fault::NotFound),
    }
}

fn by(f: &Frame, event: &Event) -> String {
    let name = match event.by.name.as_str() {
        "" => f.t.role(event.by.role),
        name => f.t.former_person(name, f.t.role(event.by.role)),
    };
    f.t.former_by(name, f.when(&event.at))
}

/// GET `/patients/{patient}/decisions/{entry}`.
pub async fn decision(visit: Visit) -> Reply {
    let desk = Desk::of(&visit).await?;
    let (told, at) = line(&visit, &desk).await?;
    let event = &told[at];
    let kept = event.decision().ok_or(Fault::NotFound)?;
    let (f, p) = desk.frame(&visit, Path::Evaluate);
    let current = desk.chart.episode.decision.as_ref();
    html(&Decided {
        what: f.t.entry(event.kind()),
        by: by(&f, event),
        counts: current.is_some_and(|one| one.at == event.at && one.decision == *kept),
        decision: DecisionView::of(&f, kept).named(&visit.app.clinic),
        f,
        p,
    })
}

/// GET `/patients/{patient}/plans/{entry}`: proposed, or signed.
pub async fn plan(visit: Visit) -> Reply {
    let desk = Desk::of(&visit).await?;
    let (told, at) = line(&visit, &desk).await?;
    let sha = match &told[at].what {
        What::PlanProposed { plan_sha256, .. } | What::PlanSigned { plan_sha256, .. } => {
            plan_sha256.clone()
        }
        _ => return Err(Fault::NotFound),
    };
    let (f, p) = desk.frame(&visit, Path::Plan);
    let (proposed, text, decided) = proposed(&told, &sha).ok_or(Fault::NotFound)?;
    let plan = Proposal::read(text)?;
    let signatures: Vec<_> = told.iter().filter_map(|one| signature(one, &sha)).collect();
    let chosen = signatures.last().map(|(_, candidate)| *candidate);
    let mut kept = told.iter().filter_map(Event::decision);
    let decision = kept.find(|kept| kept.sha256 == decided);
    html(&Planned {
        head: match signatures.is_empty() {
            true => f.t.former_plan_unsigned(),
            false => f.t.former_plan_signed(),
        },
        by: by(&f, proposed),
        signed: signatures
            .iter()
            .map(|(event, candidate)| f.t.former_signed(f.t.candidate(candidate), by(&f, event)))
            .collect(),
        // Of what nobody signed none stands out.
        candidates: cards(&f, &plan, chosen.or(Some(""))),
        withheld: plan
            .withheld
            .iter()
            .map(|one| (f.t.candidate(&one.candidate), one.why.clone()))
            .collect(),
        conditions: plan.conditions.iter().map(|c| c.text.clone()).collect(),
        decision: decision.map(|kept| DecisionView::of(&f, kept)),
        sha,
        f,
        p,
    })
}

/// The proposal of these bytes: its event, its text, and the decision it was made from.
fn proposed<'a>(told: &'a [Event], sha: &str) -> Option<(&'a Event, &'a str, &'a str)> {
    told.iter().find_map(|event| match &event.what {
        What::PlanProposed {
            plan,
            plan_sha256,
            decision_sha256,
            ..
        } if plan_sha256 == sha => Some((event, plan.as_str(), decision_sha256.as_str())),
        _ => None,
    })
}

fn signature<'a>(event: &'a Event, sha: &str) -> Option<(&'a Event, &'a str)> {
    match &event.what {
        What::PlanSigned {
            plan_sha256,
            candidate,
            ..
        } if plan_sha256 == sha => Some((event, candidate)),
        _ => None,
    }
}
