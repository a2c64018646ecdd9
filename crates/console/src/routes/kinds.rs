//! The kinds of route: who may come in, whose record is touched, when the visit is noted.

use crate::door::role::{CLINIC, CLINICAL, DECIDING, PATIENT, Roles};
use crate::door::route::{Access, Handler, Lock, Note, Route, Scope, Verb};
use crate::door::scope::{Act, Right};

/// A form with answers.
const FORM: usize = 256 * 1024;
/// A record from outside.
const RECORD: usize = 16 * 1024 * 1024;

/// Anything that is asked for.
pub(super) const fn get(
    path: &'static str,
    access: Access,
    scope: Scope,
    handler: Handler,
) -> Route {
    Route {
        method: Verb::Get,
        path,
        access,
        scope,
        note: Note::Before,
        lock: Lock::Kept,
        body: 0,
        handler,
    }
}

/// Anything that is sent.
pub(super) const fn post(
    path: &'static str,
    access: Access,
    scope: Scope,
    handler: Handler,
) -> Route {
    Route {
        method: Verb::Post,
        path,
        access,
        scope,
        note: Note::Before,
        lock: Lock::Kept,
        body: FORM,
        handler,
    }
}

/// A page about nobody's record.
pub(super) const fn page(path: &'static str, roles: Roles, handler: Handler) -> Route {
    get(path, Access::Of(roles), Scope::None, handler)
}

/// A form about nobody's record.
pub(super) const fn form(path: &'static str, roles: Roles, handler: Handler) -> Route {
    post(path, Access::Of(roles), Scope::None, handler)
}

/// A page or document about a patient, for whoever works at the table.
pub(super) const fn chart(path: &'static str, handler: Handler) -> Route {
    read(path, CLINICAL, handler)
}

/// A patient's look at their own record.
pub(super) const fn mine(path: &'static str, handler: Handler) -> Route {
    read(path, PATIENT, handler)
}

/// Looks at a list of the clinic.
pub(super) const fn list(path: &'static str, handler: Handler) -> Route {
    get(path, Access::Of(CLINIC), Scope::List, handler)
}

/// What a page asks for by itself, again and again: it keeps no login alive.
pub(super) const fn glance(path: &'static str, handler: Handler) -> Route {
    Route {
        note: Note::Never,
        ..list(path, handler)
    }
}

/// Enters something in one.
pub(super) const fn enter(path: &'static str, handler: Handler) -> Route {
    post(path, Access::Of(CLINIC), Scope::List, handler)
}

/// Reads one patient's record.
pub(super) const fn read(path: &'static str, roles: Roles, handler: Handler) -> Route {
    get(path, Access::Of(roles), Scope::Patient, handler)
}

/// Writes to one patient's record.
pub(super) const fn write(path: &'static str, roles: Roles, handler: Handler) -> Route {
    post(path, Access::Of(roles), Scope::Patient, handler)
}

/// What whoever works at the table writes to a patient's record.
pub(super) const fn fill(path: &'static str, handler: Handler) -> Route {
    write(path, CLINICAL, handler)
}

/// What only who decides writes to one.
pub(super) const fn decide(path: &'static str, handler: Handler) -> Route {
    write(path, DECIDING, handler)
}

/// Tells the table to lower, or what was seen of its alarms: nothing waits for the record before it is told.
pub(super) const fn lower(path: &'static str, handler: Handler) -> Route {
    Route {
        note: Note::After,
        ..unlocked(write(path, CLINICAL, handler))
    }
}

/// A page's sign of life, several a second: no record is touched and no visit noted.
pub(super) const fn life(path: &'static str, handler: Handler) -> Route {
    Route {
        note: Note::Never,
        ..unlocked(write(path, CLINICAL, handler))
    }
}

/// Looks ahead at what a form would do, as often as it changes: nothing is written.
pub(super) const fn ahead(path: &'static str, handler: Handler) -> Route {
    Route {
        note: Note::First,
        ..write(path, CLINICAL, handler)
    }
}

/// What the restriction of a record does not close: it tells nothing of what the record says.
pub(super) const fn unlocked(route: Route) -> Route {
    Route {
        lock: Lock::Passed,
        ..route
    }
}

/// What a program asks for. Its handler knows whose record that is, and notes it.
pub(super) const fn asked(path: &'static str, act: Act, handler: Handler) -> Route {
    let access = Access::Client(Right::Type(act));
    get(path, access, Scope::None, handler)
}

/// What a program sends.
pub(super) const fn sent(path: &'static str, right: Right, handler: Handler) -> Route {
    post(path, Access::Client(right), Scope::None, handler)
}

/// What another record system calls for decision support, with what it knows of its patient.
pub(super) const fn hook(path: &'static str, handler: Handler) -> Route {
    record(sent(path, Right::Cds, handler))
}

/// A step that decides from what a program sends, and keeps nothing of it.
pub(super) const fn step(path: &'static str, handler: Handler) -> Route {
    record(sent(path, Right::Decide, handler))
}

/// The same with a record from outside for a body.
pub(super) const fn record(route: Route) -> Route {
    Route {
        body: RECORD,
        ..route
    }
}
