//! The episode of care: commands in, events out, everything else folded.
//!
//! All clinical flow lives here. [`decide()`] answers a [`Command`] with the
//! events it causes or the [`si::Problem`] in its way, and writes nothing;
//! [`fold()`] takes each event into the [`Episode`]. The doors append events and
//! show the episode; they decide nothing.
//!
//! ```text
//! Command ──▶ decide(&Episode, Command, &Context) ──▶ Vec<Event> ──▶ journal
//!                      ▲                                   │
//!                      └────────── fold(Episode, &Event) ◀─┘
//! ```
//!
//! Invariants: `fold` accepts every event in any order without panicking; a
//! suspended episode never gets a Grant; a decision once kept is never made
//! again; who may do what is one table ([`Role::may`]).

mod actor;
mod command;
mod decide;
mod encounter;
mod event;
mod fold;
mod kept;
mod parts;
mod private;
mod state;
mod subject;
mod told;
mod trace;
mod view;

pub use actor::{Actor, Licence, Role};
pub use command::{Act, Command};
pub use decide::{Context, decide, wakes_at};
pub use encounter::{Encounter, Examination};
pub use event::{Event, What};
pub use fold::{fold, replay};
pub use kept::Kept;
pub use parts::{
    BillingCode, ConsentGiven, Demographics, EndCause, Imported, Judged, Leaving, Note, Referral,
    ReferralEnd, SessionSummary, Severity, SuspendedBy, TherapyVisit,
};
pub use private::Private;
pub use state::{
    AdverseEvent, Alert, Begun, CheckIn, Consent, Discharged, Episode, Import, KeptAt, Left,
    Lifted, Link, Proposed, Referred, Report, Reviewed, Session, Signed, SignedNote, Suspension,
    Triage, Visit,
};
pub use subject::{Subject, TOLD_FIRST};
pub use told::{Explained, Missed};
pub use trace::{Entry, Of, Touch};
pub use view::{NextStep, Path};
