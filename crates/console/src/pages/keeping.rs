//! What is kept of a patient: taken away as a file, held, erased.

use askama::Template;
use axum::http::header;
use axum::response::{IntoResponse as _, Response};
use si::Problem;
use uuid::Uuid;

use crate::clinic::Keeping;
use crate::door::{Reply, Visit, html, see};
use crate::frame::{Frame, Place};

/// FHIR as JSON.
pub(super) const FHIR: &str = "application/fhir+json";

#[derive(Template)]
#[template(path = "keeping.html")]
struct Page {
    f: Frame,
    patient: Uuid,
    name: Option<String>,
    kept: Keeping,
    /// Whether a retention period still runs.
    runs: bool,
}

/// GET `/patients/{patient}/keeping`.
pub async fn show(visit: Visit) -> Reply {
    let (clinic, patient) = (&visit.app.clinic, visit.patient()?);
    let kept = clinic.keeping(patient).await?;
    let now = jiff::Timestamp::now();
    html(&Page {
        name: clinic.name_of(patient).await?,
        runs: kept.until.is_some_and(|until| now < until),
        patient,
        kept,
        f: Frame::new(&visit, Place::Clinic),
    })
}

/// GET `/patients/{patient}/keeping/json`: every event on record, for whoever asked for a copy.
pub async fn file(visit: Visit) -> Reply {
    let whole = visit.app.clinic.whole(visit.patient()?).await?;
    Ok(taken("application/json", "record.json", whole))
}

/// GET `/patients/{patient}/keeping/fhir`, and a patient's own: the record as FHIR R4.
pub async fn fhir(visit: Visit) -> Reply {
    let bundle = visit.app.clinic.fhir_file(visit.patient()?).await?;
    Ok(taken(FHIR, "record.fhir.json", bundle))
}

/// A file to take away.
pub(super) fn taken(kind: &'static str, name: &str, bytes: Vec<u8>) -> Response {
    let disposition = format!("attachment; filename=\"{name}\"");
    let headers = [
        (header::CONTENT_TYPE, kind.to_owned()),
        (header::CONTENT_DISPOSITION, disposition),
    ];
    (headers, bytes).into_response()
}

/// POST `/patients/{patient}/keeping/hold`.
pub async fn hold(visit: Visit) -> Reply {
    let (by, patient) = (visit.who()?.user, visit.patient()?);
    let why = visit.form.get("reason").unwrap_or_default();
    visit.app.clinic.hold_record(by, patient, why).await?;
    Ok(back(patient))
}

/// POST `/patients/{patient}/keeping/lift`.
pub async fn lift(visit: Visit) -> Reply {
    let (by, patient) = (visit.who()?.user, visit.patient()?);
    let why = visit.form.get("reason").unwrap_or_default();
    visit.app.clinic.lift_hold(by, patient, why).await?;
    Ok(back(patient))
}

/// POST `/patients/{patient}/keeping/erase`: the name is typed, so that it is nobody else's record.
pub async fn erase(visit: Visit) -> Reply {
    let (by, patient) = (visit.who()?.user, visit.patient()?);
    let clinic = &visit.app.clinic;
    let name = clinic.name_of(patient).await?.unwrap_or_default();
    let typed = visit.form.get("name").unwrap_or_default().trim();
    if name.is_empty() || typed.to_lowercase() != name.to_lowercase() {
        let t = Frame::new(&visit, Place::Clinic).t;
        let (what, remedy) = (t.keeping_not_the_name(), t.keeping_name_remedy());
        return Err(Problem::new("name-differs", "name", typed, what, remedy).into());
    }
    let why = visit.form.get("reason").unwrap_or_default();
    let gone = clinic.erase_record(by, patient, why).await?;
    for account in gone.accounts {
        visit.app.logins.close_all(account).await?;
    }
    match gone.left {
        None => Ok(back(patient)),
        Some(left) => Err(left.into()),
    }
}

fn back(patient: Uuid) -> Response {
    see(&format!("/patients/{patient}/keeping?said=saved"))
}
