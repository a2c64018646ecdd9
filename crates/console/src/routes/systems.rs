//! The doors to and from other record systems: SMART App Launch.

use super::kinds::{form, get, page, post, record};
use super::{NONE, PUBLIC};
use crate::door::role::{ADMINISTRATION, CLINICAL};
use crate::door::route::{Access, Route, Scope};
use crate::pages::{launch, systems};

/// The routes of record systems.
pub(super) const SYSTEMS: &[Route] = &[
    page("/systems", ADMINISTRATION, call!(systems::show)),
    form("/systems", ADMINISTRATION, call!(systems::register)),
    form(
        "/systems/{system}/withdraw",
        ADMINISTRATION,
        call!(systems::withdraw),
    ),
    get("/launch", PUBLIC, NONE, call!(launch::arrive)),
    get("/launch/callback", PUBLIC, NONE, call!(launch::arrive_back)),
    get(
        "/launch/begin",
        Access::Of(CLINICAL),
        NONE,
        call!(launch::begin),
    ),
    get(
        "/launch/back",
        Access::Of(CLINICAL),
        Scope::List,
        call!(launch::back),
    ),
    record(post(
        "/launch/take",
        Access::Of(CLINICAL),
        Scope::List,
        call!(launch::take),
    )),
];
