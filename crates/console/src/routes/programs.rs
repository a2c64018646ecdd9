//! The doors of programs: FHIR, CDS Hooks.

use super::kinds::{asked, get, hook, record, sent};
use super::{NONE, PUBLIC};
use crate::door::route::Route;
use crate::door::scope::{Act, Right};
use crate::pages::{cds, fhir};

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
];
