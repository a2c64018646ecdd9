//! The leaving check closes the visit; its advice goes home with the patient.

use askama::Template;
use care::episode::{Command, Leaving, Path};
use care::session::LEAVING;
use care::triage::Moment;

use super::inputs::{self, Input, Voice};
use super::who::{Desk, Who};
use crate::door::{Fault, Reply, Visit, html, see};
use crate::frame::{Frame, Place};

#[derive(Template)]
#[template(path = "leaving.html")]
struct Page {
    f: Frame,
    p: Who,
    session: uuid::Uuid,
    summary: String,
    inputs: Vec<Input>,
    advice: Vec<String>,
    done: bool,
}

/// GET `/patients/{patient}/leaving/{session}`.
pub async fn show(visit: Visit) -> Reply {
    let desk = Desk::of(&visit).await?;
    let id = visit.id("session")?;
    let (f, p) = desk.frame(&visit, Path::Recover);
    let (clinic, episode) = (&visit.app.clinic, &desk.chart.episode);
    let session = episode.session(id).ok_or(Fault::NotFound)?;
    let region = episode.region.ok_or(Fault::NotFound)?;
    let summary = session.summary.as_ref().map(|s| {
        f.t.leaving_summary(
            format!("{:.0}", s.peak_force_n),
            format!("{:.0}", s.duration_s / 60.0),
            f.t.cause(s.cause),
        )
    });
    let moment = Moment {
        knowledge: clinic.knowledge(),
        at: f.now.timestamp(),
        zone: clinic.zone(),
    };
    let advice = care::advice::advice(episode, &moment);
    let advice = care::advice::items(&advice)
        .into_iter()
        .map(str::to_owned)
        .collect();
    let catalogue = clinic.knowledge().catalogue();
    let page = Page {
        session: id,
        summary: summary.unwrap_or_default(),
        inputs: Input::anchored(
            Input::listed(f.t, catalogue, LEAVING, region, Voice::Practitioner),
            visit.app.clinic.knowledge().instruments(),
        ),
        advice,
        done: episode
            .visit_of(id)
            .is_some_and(|visit| visit.leaving.is_some()),
        f,
        p,
    };
    html(&page)
}

/// POST `/patients/{patient}/leaving/{session}`.
pub async fn close(visit: Visit) -> Reply {
    let desk = Desk::of(&visit).await?;
    let catalogue = visit.app.clinic.knowledge().catalogue();
    let leaving = Leaving {
        session: visit.id("session")?,
        readings: inputs::readings(&visit.form, catalogue, &desk.entry(&visit))?,
        warning_card: visit.form.get("warning_card") == Some("yes"),
    };
    desk.act(&visit, Command::CheckLeaving(leaving)).await?;
    Ok(see(&format!(
        "/patients/{}/recover?said=saved",
        desk.chart.id
    )))
}
