//! The doors of programs: FHIR, CDS Hooks, the steps that decide. What each is for, and what it
//! takes and gives, stands in `crate::api`: a route that is not told of there fails a test.

use super::kinds::{asked, get, hook, record, sent, step};
use super::{NONE, PUBLIC};
use crate::door::route::{Access, Route};
use crate::door::scope::{Act, Right};
use crate::pages::{api, cds, fhir};

/// The routes of programs.
pub(super) const PROGRAMS: &[Route] = &[
    get("/fhir/metadata", PUBLIC, NONE, call!(fhir::metadata)),
    asked("/fhir/{type}", Act::Search, call!(fhir::search::show)),
    sent(
        "/fhir/{type}/_search",
        Right::Type(Act::Search),
        call!(fhir::search::posted),
    ),
    record(sent(
        "/fhir",
        Right::Resources,
        call!(fhir::transaction::take),
    )),
    // Libraries join an address and nothing with a slash.
    record(sent(
        "/fhir/",
        Right::Resources,
        call!(fhir::transaction::take),
    )),
    asked(
        "/fhir/{type}/{id}/$everything",
        Act::Read,
        call!(fhir::everything),
    ),
    asked("/fhir/{type}/{id}", Act::Read, call!(fhir::read)),
    asked(
        "/fhir/{type}/{id}/_history",
        Act::Read,
        call!(fhir::history),
    ),
    asked(
        "/fhir/{type}/{id}/_history/{version}",
        Act::Read,
        call!(fhir::version),
    ),
    get("/cds-services", PUBLIC, NONE, call!(cds::services)),
    hook("/cds-services/{service}", call!(cds::call)),
    hook("/cds-services/{service}/feedback", call!(cds::feedback)),
    get("/api/openapi.json", PUBLIC, NONE, call!(api::document)),
    get(
        "/api/facts",
        Access::Client(Right::Decide),
        NONE,
        call!(api::facts),
    ),
    step("/api/evaluate", call!(api::evaluate)),
    step("/api/triage", call!(api::triage)),
    step("/api/review", call!(api::review)),
];
