//! Answers of FHIR's interface: the resource, its version in the headers, the type it has.

use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse as _, Response};
use fhir::export::bundle::Searchset;
use jiff::Timestamp;
use serde::Serialize;
use serde_json::Value;
use si::Problem;

use crate::door::form::Form;
use crate::door::speech::FHIR_JSON;
use crate::door::{Fault, Reply, Visit};

/// The parameter by which a program says which format it reads.
pub(super) const FORMAT: &str = "_format";

/// Where the interface is, without a slash at its end.
pub(super) fn base(visit: &Visit) -> String {
    format!("{}/fhir", visit.origin())
}

/// A document with this status.
pub(super) fn document(status: StatusCode, body: &Value) -> Response {
    written(status, body.to_string())
}

/// A page of what was found.
pub(super) fn page<R: Serialize>(page: &Searchset<'_, R>) -> Reply {
    let body = serde_json::to_string(page).map_err(Fault::internal)?;
    Ok(written(StatusCode::OK, body))
}

fn written(status: StatusCode, body: String) -> Response {
    let kind = [(header::CONTENT_TYPE, HeaderValue::from_static(FHIR_JSON))];
    (status, kind, body).into_response()
}

/// One resource; nothing but its version where the program has that already (RFC 9110 §13.1.2).
pub(super) fn resource(visit: &Visit, body: &Value) -> Response {
    let tag = tag(body);
    let asked = visit.headers.get(header::IF_NONE_MATCH);
    let asked = asked.and_then(|value| value.to_str().ok());
    let known = asked.is_some_and(|list| {
        let mut all = list.split(',').map(str::trim);
        all.any(|one| one == "*" || Some(one) == tag.as_deref())
    });
    let mut response = match known {
        true => StatusCode::NOT_MODIFIED.into_response(),
        false => document(StatusCode::OK, body),
    };
    versioned(response.headers_mut(), body);
    response
}

/// The headers that say which version a resource is and when it was made.
pub(super) fn versioned(headers: &mut HeaderMap, body: &Value) {
    let value = |text: String| HeaderValue::from_str(&text).ok();
    if let Some(tag) = tag(body).and_then(value) {
        headers.insert(header::ETAG, tag);
    }
    let updated = body["meta"]["lastUpdated"].as_str();
    let updated = updated.and_then(|text| text.parse::<Timestamp>().ok());
    if let Some(date) = updated.and_then(http_date).and_then(value) {
        headers.insert(header::LAST_MODIFIED, date);
    }
}

/// `W/"3"` of version 3 (R4, §3.1.0.1.3).
pub(super) fn tag(body: &Value) -> Option<String> {
    let version = body["meta"]["versionId"].as_str()?;
    Some(format!("W/\"{version}\""))
}

/// As HTTP writes dates (RFC 9110 §5.6.7).
fn http_date(at: Timestamp) -> Option<String> {
    jiff::fmt::rfc2822::DateTimePrinter::new()
        .timestamp_to_rfc9110_string(&at)
        .ok()
}

/// Refuses parameters other than these: what is not understood is never passed over.
pub(super) fn only(query: &Form, known: &[&str]) -> Result<(), Fault> {
    let mut all = query.iter().map(|(name, _)| name);
    match all.find(|name| *name != FORMAT && !known.contains(name)) {
        None => Ok(()),
        Some(name) => Err(refused(Problem::new(
            "parameter-unknown",
            "query",
            name.chars().take(60).collect::<String>(),
            "is not understood here",
            "leave it away; /fhir/metadata lists what is",
        ))),
    }
}

/// 400, with its reason.
pub(super) fn refused(problem: Problem) -> Fault {
    Fault::answer(StatusCode::BAD_REQUEST, problem)
}

/// Whether the program reads JSON: it is the only format (R4, §3.1.0.1.11).
pub(super) fn acceptable(visit: &Visit) -> Result<(), Fault> {
    let asked = match visit.query.get(FORMAT) {
        // A plus sign in an address stands for a space.
        Some(format) => format.replace(' ', "+"),
        None => visit.accepts().to_owned(),
    };
    if fhir::search::names_json(&asked) {
        return Ok(());
    }
    Err(Fault::answer(
        StatusCode::NOT_ACCEPTABLE,
        Problem::new(
            "format",
            FORMAT,
            asked.chars().take(60).collect::<String>(),
            "is not written here",
            "ask for application/fhir+json",
        ),
    ))
}
