//! The leaving check closes the visit; its advice goes home with the patient.

use askama::Template;
use care::decide::MonitorAt;
use care::episode::{Command, Leaving, Path};
use care::session::LEAVING;
use care::triage::Moment;

use super::checked;
use super::inputs::{self, Input, Voice};
use super::monitoring;
use super::session::given;
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
    during: Vec<Input>,
    cut_short: bool,
    advice: Vec<String>,
    done: bool,
    checked: Vec<checked::List>,
}

/// GET `/patients/{patient}/leaving/{session}`.
pub async fn show(visit: Visit) -> Reply {
    let desk = Desk::of(&visit).await?;
    let id = visit.id("session")?;
    let (f, p) = desk.frame(&visit, Path::Recover);
    let (clinic, episode) = (&visit.app.clinic, &desk.chart.episode);
    let session = episode.session(id).ok_or(Fault::NotFound)?;
    let region = episode.region.ok_or(Fault::NotFound)?;
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
    let decision = super::evaluate::decide(clinic, episode, region, f.now.timestamp());
    let listed = |key: &str| LEAVING.contains(&key);
    let after = monitoring::watches(&f, catalogue, &decision, MonitorAt::After, listed);
    let mut inputs = Input::listed(f.t, catalogue, LEAVING, region, Voice::Practitioner);
    inputs.extend(after.into_iter().map(|watch| watch.input));
    let of = episode.visit_of(id);
    let page = Page {
        session: id,
        summary: given(f.t, session).unwrap_or_default(),
        inputs: Input::anchored(inputs, clinic.knowledge().instruments()),
        during: monitoring::left_open(&f, catalogue, &decision, session),
        cut_short: monitoring::cut_short(session),
        advice,
        done: of.is_some_and(|visit| visit.leaving.is_some()),
        checked: of
            .map(|visit| checked::lists(&f, catalogue, episode, visit))
            .unwrap_or_default(),
        f,
        p,
    };
    html(&page)
}

/// POST `/patients/{patient}/leaving/{session}`: what the pull left open first.
pub async fn close(visit: Visit) -> Reply {
    let desk = Desk::of(&visit).await?;
    let catalogue = visit.app.clinic.knowledge().catalogue();
    let entry = desk.entry(&visit);
    let during = visit.form.iter().filter_map(|(name, value)| {
        let key = name.strip_prefix("during:")?;
        Some(inputs::reading(key, value, catalogue, &entry))
    });
    let readings = during.collect::<Result<Vec<_>, _>>()?;
    if !readings.is_empty() {
        let session = visit.id("session")?;
        let command = Command::ReportInSession { session, readings };
        desk.act(&visit, command).await?;
    }
    let leaving = Leaving {
        session: visit.id("session")?,
        readings: inputs::readings(&visit.form, catalogue, &entry)?,
        warning_card: visit.form.get("warning_card") == Some("yes"),
    };
    desk.act(&visit, Command::CheckLeaving(leaving)).await?;
    Ok(see(&format!(
        "/patients/{}/recover?said=saved",
        desk.chart.id
    )))
}
