//! Review: the course as a whole, and continue, adjust or stop.

use askama::Template;
use care::episode::{Command, Episode, Path};
use care::knowledge::Knowledge;
use si::Region;

use super::decision::DecisionView;
use super::inputs::{self, Input, Voice};
use super::who::{Desk, Who};
use super::{course, glyph};
use crate::door::{Fault, Reply, Visit, html, see};
use crate::frame::{Frame, Place};

#[derive(Template)]
#[template(path = "review.html")]
struct Page {
    f: Frame,
    p: Who,
    head: String,
    lead: String,
    last: Option<(String, DecisionView)>,
    history: Vec<(&'static str, String, String)>,
    charts: Vec<(String, String, String)>,
    /// What the patient called the change, and when.
    changes: Vec<(String, String)>,
    scores: Vec<Input>,
    rmdq: bool,
    risk: Option<String>,
    discharged: Option<String>,
}

/// The risk class that the scores of STarT Back give; it informs and decides nothing.
fn risk(f: &Frame, knowledge: &Knowledge, episode: &Episode) -> Option<String> {
    let derived = care::review::derived(episode, knowledge.instruments(), f.now.timestamp());
    let class = derived
        .iter()
        .find(|reading| reading.fact.as_str() == "start_back_risk")?;
    Some(f.t.review_risk(class.as_value()?))
}

/// GET `/patients/{patient}/review`.
pub async fn show(visit: Visit) -> Reply {
    let desk = Desk::of(&visit).await?;
    let (f, p) = desk.frame(&visit, Path::Review);
    let episode = &desk.chart.episode;
    let region = episode.region.ok_or(Fault::NotFound)?;
    let last = episode.reviews.last();
    let head = match last {
        Some(review) => f.t.review_head(f.t.verdict(&review.result)),
        None => f.t.review_head_none(),
    };
    let knowledge = visit.app.clinic.knowledge();
    let catalogue = knowledge.catalogue();
    let ids = ["scores", "goal"]
        .into_iter()
        .flat_map(|section| catalogue.section(section));
    let ids: Vec<&str> = ids
        .filter(|fact| fact.is_for(region))
        .map(|fact| fact.id.as_str())
        .collect();
    let page = Page {
        lead: course::sentence(&f, episode).unwrap_or_else(|| f.t.review_scores_lead()),
        head,
        last: last.map(|review| {
            (
                review.result.clone(),
                DecisionView::of(&f, &review.decision),
            )
        }),
        history: episode
            .reviews
            .iter()
            .rev()
            .map(|r| (glyph(&r.result), f.t.verdict(&r.result), f.when(&r.at)))
            .collect(),
        charts: course::charts(&f, knowledge.instruments(), episode),
        changes: course::changes(knowledge.instruments(), episode)
            .iter()
            .map(|(at, value)| (format!("{value:+}"), f.when(at)))
            .collect(),
        rmdq: knowledge
            .instruments()
            .get("rmdq")
            .is_some_and(|one| one.is_for(region)),
        risk: risk(&f, knowledge, episode),
        scores: Input::anchored(
            Input::listed(f.t, catalogue, ids, region, Voice::Practitioner),
            knowledge.instruments(),
        ),
        discharged: episode
            .discharged
            .as_ref()
            .map(|d| f.t.review_discharged(f.when(&d.at), &d.reason, &d.outcome)),
        f,
        p,
    };
    html(&page)
}

/// POST `/patients/{patient}/review/scores`.
pub async fn scores(visit: Visit) -> Reply {
    let desk = Desk::of(&visit).await?;
    let catalogue = visit.app.clinic.knowledge().catalogue();
    let readings = inputs::readings(&visit.form, catalogue, &desk.entry(&visit))?;
    desk.act(
        &visit,
        Command::RecordFacts {
            readings,
            denied: Vec::new(),
        },
    )
    .await?;
    Ok(see(&format!(
        "/patients/{}/review?said=saved",
        desk.chart.id
    )))
}

/// POST `/patients/{patient}/review`.
pub async fn decide(visit: Visit) -> Reply {
    let desk = Desk::of(&visit).await?;
    desk.act(&visit, Command::Review).await?;
    Ok(see(&format!(
        "/patients/{}/review?said=reviewed",
        desk.chart.id
    )))
}

/// POST `/patients/{patient}/discharge`.
pub async fn discharge(visit: Visit) -> Reply {
    let desk = Desk::of(&visit).await?;
    let command = Command::Discharge {
        reason: visit.form.need("reason")?.to_owned(),
        outcome: visit.form.need("outcome")?.to_owned(),
    };
    desk.act(&visit, command).await?;
    Ok(see(&format!("/patients/{}?said=saved", desk.chart.id)))
}

/// POST `/patients/{patient}/reopen`.
pub async fn reopen(visit: Visit) -> Reply {
    let desk = Desk::of(&visit).await?;
    let region: Region = visit.form.need_read("region")?;
    desk.act(&visit, Command::Reopen { region }).await?;
    Ok(see(&format!("/patients/{}/evaluate", desk.chart.id)))
}
