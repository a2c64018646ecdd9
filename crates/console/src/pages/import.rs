//! Bringing a patient in: a FHIR record, or a name typed by hand.

use askama::Template;
use care::episode::{Demographics, Imported, NextStep, Path, Private};
use si::{Problem, Region};
use uuid::Uuid;

use super::who::{Desk, Who};
use crate::clinic::Clinic;
use crate::door::route::Verb;
use crate::door::{Fault, Reply, Visit, html, see};
use crate::frame::{Frame, Place};

#[derive(Template)]
#[template(path = "import.html")]
struct Page {
    f: Frame,
    /// Nobody was looked for.
    name: &'static str,
}

#[derive(Template)]
#[template(path = "facts.html")]
struct Facts {
    f: Frame,
    p: Who,
    rows: Vec<[String; 4]>,
    /// Forms that other programs may show, by name.
    forms: Vec<String>,
}

/// GET `/import`.
pub async fn show(visit: Visit) -> Reply {
    html(&Page {
        f: Frame::new(&visit, Place::Import),
        name: "",
    })
}

/// POST `/import`: a bundle, pasted or uploaded.
pub async fn take(visit: Visit) -> Reply {
    let user = visit
        .app
        .clinic
        .user(visit.who()?.user)
        .await?
        .ok_or(Fault::Login)?;
    let bundle = visit.form.get("file").or_else(|| visit.form.get("bundle"));
    let bundle = bundle.ok_or_else(nothing)?;
    let id = import(&visit.app.clinic, &user.actor(), bundle, region(&visit)?).await?;
    note(&visit, id, "/import").await?;
    Ok(see(&format!("/patients/{id}?said=imported")))
}

/// POST `/import/by-hand`.
pub async fn by_hand(visit: Visit) -> Reply {
    let user = visit
        .app
        .clinic
        .user(visit.who()?.user)
        .await?
        .ok_or(Fault::Login)?;
    let who = super::contact::typed(&visit, Demographics::default())?;
    let chart = visit
        .app
        .clinic
        .register(&user.actor(), who, region(&visit)?)
        .await?;
    note(&visit, chart.id, "/import/by-hand").await?;
    // Who only books goes on to that.
    match Frame::new(&visit, Place::Import).clinical() {
        true => Ok(see(&super::who::href(&chart, NextStep::Evaluate))),
        false => Ok(see(&format!("/diary?patient={}&said=saved", chart.id))),
    }
}

/// The first lines of a record are written to it, too.
async fn note(visit: &Visit, patient: Uuid, route: &str) -> Result<(), Fault> {
    let clinic = &visit.app.clinic;
    clinic.note(visit, patient, route, Verb::Post).await
}

/// GET `/patients/{patient}/facts`.
pub async fn facts(visit: Visit) -> Reply {
    let desk = Desk::of(&visit).await?;
    let (f, p) = desk.frame(&visit, Path::Evaluate);
    let catalogue = visit.app.clinic.knowledge().catalogue();
    let rows = desk.chart.episode.readings.iter().rev().map(|reading| {
        let label = catalogue
            .get(reading.fact.as_str())
            .map_or(reading.fact.as_str(), |fact| &fact.label);
        let key = reading.key().to_string();
        [
            format!("{label} ({key})"),
            super::inputs::words(reading),
            f.when(&reading.at),
            super::inputs::provenance(reading),
        ]
    });
    let rows = rows.collect();
    let forms = super::forms::of(desk.chart.episode.region);
    html(&Facts { f, p, rows, forms })
}

/// Registers whom the bundle is about and imports it, its bytes kept as they came.
pub async fn import(
    clinic: &Clinic,
    actor: &care::episode::Actor,
    bundle: &str,
    region: Region,
) -> Result<Uuid, Problem> {
    let now = clinic.now();
    let read = fhir::import(bundle.as_bytes(), clinic.knowledge(), region, Some(now))?;
    let who = demographics(&read.patient);
    let imported = imported(read, bundle.to_owned());
    let chart = clinic.register_imported(actor, who, region, imported);
    Ok(chart.await?.id)
}

/// What is appended: the bytes as they came, and the facts they became.
#[must_use]
pub fn imported(read: fhir::Import, bundle: String) -> Imported {
    Imported {
        source: "FHIR R4".into(),
        original: Private(bundle),
        unmapped: read.unmapped.iter().map(unmapped).collect(),
        asks: read.asks.iter().map(|ask| ask.fact.clone()).collect(),
        deceased: read.patient.deceased,
        readings: read.readings,
    }
}

fn unmapped(entry: &fhir::Unmapped) -> String {
    let parts = [&entry.resource, &entry.code, &entry.display, &entry.reason];
    parts
        .into_iter()
        .filter(|part| !part.is_empty())
        .cloned()
        .collect::<Vec<_>>()
        .join(" · ")
}

/// Who the record is about, as the clinic keeps it.
#[must_use]
pub fn demographics(patient: &fhir::Demographics) -> Demographics {
    let contact = |system: &str| {
        patient
            .telecom
            .iter()
            .find(|contact| contact.system == system)
            .map(|contact| contact.value.clone())
    };
    Demographics {
        name: patient.name.clone(),
        // A partial date names no day; the page then says "age unknown".
        birth_date: patient
            .birth_date
            .as_deref()
            .and_then(|date| date.parse().ok()),
        sex: patient.gender.clone(),
        phone: contact("phone"),
        email: contact("email"),
        identifiers: patient
            .identifiers
            .iter()
            .map(|id| id.value.clone())
            .collect(),
    }
}

fn region(visit: &Visit) -> Result<Region, Problem> {
    let word = visit.form.need("region")?;
    word.parse().map_err(|_| {
        Problem::new(
            "region-unknown",
            "region",
            word,
            "is not a treated region",
            "choose lumbar or cervical",
        )
    })
}

fn nothing() -> Problem {
    Problem::new(
        "bundle-missing",
        "bundle",
        "",
        "nothing was pasted or chosen",
        "paste a FHIR bundle or choose its file",
    )
}
