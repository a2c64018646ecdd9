//! What a phone needs while it has no network: the form's rules, the words of every result, a
//! page to begin from, and a place on the home screen.
//!
//! The page and its worker (`static/checkin.js`, `static/worker.js`) keep the form and what was
//! answered; `ui/src/triage.ts` reads the rules. The server decides again when it hears.

use askama::Template;
use axum::http::header;
use axum::response::IntoResponse as _;
use care::triage::Moment;
use uuid::Uuid;

use super::{Meaning, meaning};
use crate::clinic::{Chart, Clinic, Emergency};
use crate::door::{Fault, Reply, Visit, html};
use crate::frame::{Frame, Place};

/// The rules with the form, and what each result means.
#[derive(Debug)]
pub(super) struct Kept {
    /// The sheet as JSON that may stand in a page; none where a phone could be milder.
    pub sheet: Option<String>,
    /// Every result a phone may come to, but the emergency, which has a page of its own.
    pub results: Vec<Meaning>,
    /// What helps until the next session.
    pub advice: Vec<String>,
}

/// For the form of one session.
pub(super) fn kept(
    f: &Frame,
    clinic: &Clinic,
    chart: &Chart,
    session: Uuid,
) -> Result<Kept, Fault> {
    let moment = Moment {
        knowledge: clinic.knowledge(),
        at: clinic.now(),
        zone: clinic.zone(),
    };
    let episode = &chart.episode;
    let of = episode.visit_of(session).zip(episode.session(session));
    let sheet = of.and_then(|(visit, one)| care::triage::sheet(episode, visit, one, &moment));
    let sheet = sheet.filter(|_| !crate::assets::TRIAGE.is_empty());
    let results = ["see-clinician-today", "adjust", "expected-soreness", "well"];
    let text = sheet.map(|sheet| serde_json::to_string(&sheet)).transpose();
    Ok(Kept {
        sheet: text
            .map_err(|error| Fault::internal(error.to_string()))?
            // Nothing in it ends the element that it stands in.
            .map(|text| text.replace('<', "\\u003c")),
        results: results
            .map(|result| unsent(f, result, &clinic.settings().phone))
            .into(),
        advice: super::advice(episode, &moment),
    })
}

/// What a result says while nobody at the clinic knows of it: nothing was stopped there.
fn unsent(f: &Frame, result: &str, phone: &str) -> Meaning {
    let means = meaning(f.t, result, phone);
    let lead = match result {
        "see-clinician-today" => f.t.kept_today_lead(phone),
        "adjust" => f.t.kept_adjust_lead(phone),
        _ => return means,
    };
    Meaning { lead, ..means }
}

#[derive(Template)]
#[template(path = "checkin_start.html")]
struct Start {
    f: Frame,
    emergency: Emergency,
    phone: String,
}

/// GET `/c/`: what the home screen opens; the page goes on to the link that was used last.
pub async fn start(visit: Visit) -> Reply {
    let settings = visit.app.clinic.settings();
    html(&Start {
        emergency: settings.emergency.clone(),
        phone: settings.phone.clone(),
        f: Frame::new(&visit, Place::Elsewhere),
    })
}

/// GET `/check-in.webmanifest`: how it stands on a home screen.
pub async fn manifest(visit: Visit) -> Reply {
    let f = Frame::new(&visit, Place::Elsewhere);
    let icon = format!("/assets/mark.svg?v={}", f.version);
    let text = serde_json::json!({
        "id": "/c/", "start_url": "/c/", "scope": "/c/",
        "name": f.t.checkin_app(&visit.app.clinic.settings().name),
        "short_name": f.t.checkin_app_short(),
        "display": "standalone",
        "background_color": "#fcfcfa", "theme_color": "#0b5960",
        "icons": [{ "src": icon, "sizes": "any", "type": "image/svg+xml", "purpose": "any" }],
    });
    let kind = [(header::CONTENT_TYPE, "application/manifest+json")];
    Ok((kind, text.to_string()).into_response())
}
