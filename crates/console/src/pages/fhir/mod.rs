//! Records for programs, as FHIR R4: one resource, its versions, and what is said of faults.
//!
//! What follows from a patient's stream has a history; what stands beside it (the clinic, its
//! people, the diary, the audit log) is served as it is now.

mod accesses;
mod answer;
mod forms;
pub mod search;
pub mod transaction;

use std::collections::BTreeSet;

use axum::http::StatusCode;
use fhir::export::bundle::Found;
use fhir::export::{self, Happened, Source, Version, bundle};
use serde_json::Value;
use si::Problem;
use uuid::Uuid;

use crate::clinic::{Beside, Clinic, Knock, OF_CLINIC};
use crate::door::route::Verb;
use crate::door::scope::Act;
use crate::door::{Fault, Reply, Visit};

/// One resource as it was asked for.
struct Asked<'a> {
    kind: &'a str,
    id: &'a str,
    route: &'a str,
}

impl<'a> Asked<'a> {
    fn of(visit: &'a Visit, route: &'a str) -> Result<Self, Fault> {
        answer::acceptable(visit)?;
        Ok(Self {
            kind: visit.part("type")?,
            id: visit.part("id")?,
            route,
        })
    }
}

/// GET `/fhir/metadata`: what is served, for everybody.
pub async fn metadata(visit: Visit) -> Reply {
    answer::acceptable(&visit)?;
    answer::only(&visit.query, &[])?;
    let base = answer::base(&visit);
    let body = fhir::search::capabilities(&base, env!("CARGO_PKG_VERSION"));
    Ok(answer::document(StatusCode::OK, &body))
}

/// GET `/fhir/{type}/{id}`.
pub async fn read(visit: Visit) -> Reply {
    let asked = Asked::of(&visit, "/fhir/{type}/{id}")?;
    answer::only(&visit.query, &[])?;
    let clinic = &visit.app.clinic;
    let whose = noted(&visit, &asked).await?;
    if asked.kind == "Questionnaire" {
        let form = forms::read(clinic.knowledge(), asked.id);
        return Ok(answer::resource(&visit, &form.ok_or(Fault::NotFound)?));
    }
    if let Some(now) = clinic.resource(asked.kind, asked.id).await? {
        return Ok(answer::resource(&visit, &now));
    }
    match (asked.kind, whose) {
        ("AuditEvent", Some(patient)) => {
            let export = clinic.as_fhir(patient).await?;
            let line = export.get(asked.kind, asked.id);
            Ok(answer::resource(&visit, line.ok_or(Fault::NotFound)?))
        }
        (_, Some(patient)) => match versions(&visit, &asked, patient).await?.pop() {
            Some(_) => Err(gone()),
            None => Err(Fault::NotFound),
        },
        (_, None) => Err(Fault::NotFound),
    }
}

/// GET `/fhir/{type}/{id}/_history/{version}`.
pub async fn version(visit: Visit) -> Reply {
    let asked = Asked::of(&visit, "/fhir/{type}/{id}/_history/{version}")?;
    answer::only(&visit.query, &[])?;
    let wanted: u64 = visit
        .part("version")?
        .parse()
        .map_err(|_| Fault::NotFound)?;
    let whose = noted(&visit, &asked).await?.ok_or(Fault::NotFound)?;
    let mut all = versions(&visit, &asked, whose).await?.into_iter();
    let found = all.find(|one| one.sequence == wanted);
    let then = found.ok_or(Fault::NotFound)?.resource.ok_or_else(gone)?;
    Ok(answer::resource(&visit, &then))
}

/// GET `/fhir/{type}/{id}/_history`.
pub async fn history(visit: Visit) -> Reply {
    let asked = Asked::of(&visit, "/fhir/{type}/{id}/_history")?;
    answer::only(&visit.query, &[])?;
    let whose = noted(&visit, &asked).await?.ok_or(Fault::NotFound)?;
    let all = versions(&visit, &asked, whose).await?;
    if all.is_empty() {
        return Err(Fault::NotFound);
    }
    let base = answer::base(&visit);
    let bundle = bundle::history(&all, (asked.kind, asked.id), &base);
    Ok(answer::document(StatusCode::OK, &bundle))
}

/// Whose record it is, after it was noted that somebody looked.
async fn noted(visit: &Visit, asked: &Asked<'_>) -> Result<Option<Uuid>, Fault> {
    let clinic = &visit.app.clinic;
    let whose = whose(clinic, asked).await?;
    if let Some(patient) = whose {
        unrestricted(visit, patient, asked.route).await?;
    }
    let noted: BTreeSet<Uuid> = whose.into_iter().collect();
    let note = clinic.note_records(visit, asked.route, (Verb::Get, &noted));
    note.await.map(|()| whose)
}

/// GET `/fhir/Patient/{id}/$everything`: the whole record, as far as the scopes of the program go.
pub async fn everything(visit: Visit) -> Reply {
    let asked = Asked::of(&visit, "/fhir/{type}/{id}/$everything")?;
    answer::only(&visit.query, &[])?;
    if asked.kind != "Patient" {
        return Err(Fault::NotFound);
    }
    let client = visit.program()?;
    let patient = noted(&visit, &asked).await?.ok_or(Fault::NotFound)?;
    let export = visit.app.clinic.as_fhir(patient).await?;
    if export.get("Patient", asked.id).is_none() {
        return Err(match versions(&visit, &asked, patient).await?.is_empty() {
            true => Fault::NotFound,
            false => gone(),
        });
    }
    let shown = export
        .resources()
        .map(Found::of)
        .filter(|one| client.may(&one.kind, Act::Read));
    let shown: Vec<Found<&Value>> = shown.collect();
    let base = answer::base(&visit);
    answer::page(&bundle::searchset(
        (&shown, &[]),
        Some(shown.len()),
        &[],
        &base,
    ))
}

/// A record that is restricted to a team is open to no program.
async fn unrestricted(visit: &Visit, patient: Uuid, route: &str) -> Result<(), Fault> {
    let clinic = &visit.app.clinic;
    if clinic.restrictions().await?.of(patient).is_none() {
        return Ok(());
    }
    let knock = Knock {
        client: visit.client.as_deref(),
        patient: Some(patient),
        route,
        address: visit.address,
        correlation: visit.correlation,
    };
    clinic.note_kept_out(&knock).await?;
    Err(Fault::Forbidden)
}

/// Every version of a resource of a stream, the oldest first; none where there is no such one.
async fn versions(visit: &Visit, asked: &Asked<'_>, patient: Uuid) -> Result<Vec<Version>, Fault> {
    let clinic = &visit.app.clinic;
    let made = clinic.from_stream(patient, Beside::None, |source| {
        let versions = export::history(source, asked.kind, asked.id);
        match versions.is_empty() {
            true => erased(source, asked).into_iter().collect(),
            false => versions,
        }
    });
    Ok(made.await?)
}

/// Of a record that was erased nothing is known but that there was one: whatever it may have
/// brought before is gone.
fn erased(source: &Source<'_>, asked: &Asked<'_>) -> Option<Version> {
    let mut told = source.told.iter().rev();
    let erased = told.find(|told| matches!(told.what, Happened::Erased))?;
    let place = asked
        .id
        .split('-')
        .nth(1)
        .and_then(|place| place.parse().ok());
    let before = place.is_some_and(|place: u64| place < erased.sequence);
    (asked.kind == "Patient" || before).then_some(Version {
        sequence: erased.sequence,
        at: erased.at,
        resource: None,
    })
}

/// Whose record a resource belongs to: its id begins with the patient's, unless the diary has it.
async fn whose(clinic: &Clinic, asked: &Asked<'_>) -> Result<Option<Uuid>, Problem> {
    let patient = match asked.kind {
        "Patient" => asked.id.parse().ok(),
        "Appointment" => {
            let diary = clinic.diary().await?;
            let id = asked.id.parse().ok();
            id.and_then(|id| diary.get(id)).map(|one| one.patient)
        }
        kind if OF_CLINIC.contains(&kind) => None,
        _ => asked
            .id
            .split_once('-')
            .and_then(|(patient, _)| Uuid::try_parse(patient).ok()),
    };
    match patient {
        Some(patient) if clinic.knows(patient).await? => Ok(Some(patient)),
        _ => Ok(None),
    }
}

/// A record that was erased.
fn gone() -> Fault {
    Fault::answer(
        StatusCode::GONE,
        Problem::new(
            "gone",
            "id",
            "",
            "was erased with its record",
            "ask for it no more",
        ),
    )
}
