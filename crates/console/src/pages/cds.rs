//! CDS Hooks 2.0 for other record systems: which services there are, the cards of one call, and
//! what became of them.
//!
//! Of a call nothing is kept but that there was one: the audit log has the program and the service.
//! Shown by `tests/cds.rs`.

use axum::Json;
use axum::http::StatusCode;
use axum::response::IntoResponse as _;
use fhir::cds::{self, Refusal, Service};
use serde::de::IgnoredAny;

use crate::door::route::Verb;
use crate::door::{Fault, Reply, Visit};

/// GET `/cds-services`: what can be called, for everybody.
pub async fn services(visit: Visit) -> Reply {
    let catalogue = visit.app.clinic.knowledge().catalogue();
    Ok(Json(cds::discovery(catalogue)).into_response())
}

/// POST `/cds-services/{service}`: the cards of a call.
pub async fn call(visit: Visit) -> Reply {
    let service = service(&visit)?;
    visit.json::<IgnoredAny>()?;
    let clinic = &visit.app.clinic;
    noted(&visit, "/cds-services/{service}").await?;
    let (knowledge, zone, at) = (clinic.knowledge(), clinic.zone().clone(), clinic.now());
    let bytes = visit.bytes.clone();
    // Screening takes some milliseconds of a processor: no other answer waits for it.
    let answering = tokio::task::spawn_blocking(move || {
        let context = cds::Context {
            knowledge,
            zone: &zone,
            at,
        };
        cds::answer(service, &bytes, &context)
    });
    match answering.await.map_err(Fault::internal)? {
        Ok(answered) => Ok(Json(answered.body).into_response()),
        Err(Refusal::Request(problem)) => Err(Fault::answer(StatusCode::BAD_REQUEST, problem)),
        Err(Refusal::Precondition(problem)) => {
            Err(Fault::answer(StatusCode::PRECONDITION_FAILED, problem))
        }
    }
}

/// POST `/cds-services/{service}/feedback`: what became of cards, kept whole or not at all.
pub async fn feedback(visit: Visit) -> Reply {
    let service = service(&visit)?;
    visit.json::<IgnoredAny>()?;
    noted(&visit, "/cds-services/{service}/feedback").await?;
    let feedback = cds::feedback(&visit.bytes)
        .map_err(|problem| Fault::answer(StatusCode::BAD_REQUEST, problem))?;
    let client = visit.program()?.id;
    let clinic = &visit.app.clinic;
    clinic.keep_feedback(client, service, feedback).await?;
    Ok(StatusCode::OK.into_response())
}

fn service(visit: &Visit) -> Result<Service, Fault> {
    Service::named(visit.part("service")?).ok_or(Fault::NotFound)
}

/// Notes the call in the audit log, of no patient: whose record it was is another clinic's to know.
async fn noted(visit: &Visit, route: &str) -> Result<(), Fault> {
    let none = Default::default();
    let noting = visit
        .app
        .clinic
        .note_records(visit, route, (Verb::Post, &none));
    noting.await
}
