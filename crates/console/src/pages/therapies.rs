//! Other therapies, each as a visit with its response.

use askama::Template;
use care::episode::{Command, Path, Private, TherapyVisit};

use super::who::{Desk, Who};
use crate::door::{Reply, Visit, html, see};
use crate::frame::{Frame, Place};

#[derive(Template)]
#[template(path = "therapies.html")]
struct Page {
    f: Frame,
    p: Who,
    visits: Vec<(String, TherapyVisit)>,
}

/// GET `/patients/{patient}/therapies`.
pub async fn show(visit: Visit) -> Reply {
    let desk = Desk::of(&visit).await?;
    let (f, p) = desk.frame(&visit, Path::Recover);
    let visits = desk
        .chart
        .episode
        .therapies
        .iter()
        .rev()
        .map(|v| (f.when(&v.at), v.clone()))
        .collect();
    html(&Page { f, p, visits })
}

/// POST `/patients/{patient}/therapies`.
pub async fn record(visit: Visit) -> Reply {
    let desk = Desk::of(&visit).await?;
    let form = &visit.form;
    let therapy = TherapyVisit {
        kind: form.need("kind")?.to_owned(),
        region: form.need("region")?.to_owned(),
        at: visit.app.clinic.now(),
        detail: form.get("detail").unwrap_or_default().to_owned(),
        response: Private(form.need("response")?.to_owned()),
        reaction: form.get("reaction").map(|text| Private(text.to_owned())),
    };
    desk.act(&visit, Command::RecordTherapy(therapy)).await?;
    Ok(see(&format!(
        "/patients/{}/therapies?said=saved",
        desk.chart.id
    )))
}
