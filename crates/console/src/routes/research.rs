//! Research: what a patient says of it, and the data set of who agreed.

use super::kinds::{decide, fill, page, write};
use crate::door::role::{PATIENT, RESEARCHING};
use crate::door::route::Route;
use crate::pages::research;

/// The routes of research.
pub(super) const RESEARCH: &[Route] = &[
    page("/research", RESEARCHING, call!(research::show)),
    page("/research/{table}", RESEARCHING, call!(research::table)),
    decide(
        "/patients/{patient}/consent/research",
        call!(research::agree),
    ),
    fill(
        "/patients/{patient}/consent/research/withdraw",
        call!(research::withdraw),
    ),
    write(
        "/patients/{patient}/mine/research/withdraw",
        PATIENT,
        call!(research::withdraw_own),
    ),
];
