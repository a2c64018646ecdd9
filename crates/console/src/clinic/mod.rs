//! The application layer: streams are loaded, commands decided, events appended.
//!
//! ```text
//! page ──▶ Clinic::act(patient, actor, command)
//!            read stream ▶ fold ▶ care::episode::decide ▶ append events + rows (one transaction)
//!            ▲──────────── again, when somebody else appended first ────────────┘
//! ```
//!
//! Nothing clinical is decided here; ids, salts and instants are made here.

mod accounts;
mod approvals;
mod audit;
mod clients;
mod clock;
mod counted;
mod courses;
mod damaged;
mod diary;
mod examined;
mod feed;
mod fhir;
mod files;
mod follow;
mod found;
mod heeded;
mod invited;
mod jwks;
mod keeping;
mod keys;
mod known;
mod lessons;
mod mail;
mod open;
mod patients;
mod recordings;
mod research;
mod restricted;
mod rows;
mod search;
mod second;
mod settings;
mod sign;
pub mod signer;
mod switch;
mod systems;
mod table_link;
mod ticker;
mod turns;
mod users;
mod warn;
mod whole;

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, RwLock, RwLockReadGuard};

use care::diary::Diary;
use care::episode::{Actor, Episode, Event, NextStep};
use care::knowledge::{Approvals, Knowledge, Standing};
use care::plan::Dose;
use jiff::Timestamp;
use jiff::civil::DateTime;
use jiff::tz::TimeZone;
use record::{Journal, NewEvent, Serving, Stream, StreamKind};
use si::Problem;
use uuid::Uuid;

pub use approvals::{Approver, approvals_of};
pub(crate) use audit::Knock;
pub use audit::{Deed, Line as AuditLine, Lines as AuditLines, Note, Place as AuditPlace, Wanted};
pub use clients::{Client, LONGEST as CLIENT_FOR, NewClient};
pub use clock::ClinicClock;
pub use counted::{Touch, Touched};
pub use courses::Counted;
pub use damaged::Damaged;
pub use examined::{Examined, examine};
pub use fhir::Beside;
pub use files::Patient;
pub(crate) use found::keep;
pub use found::{BEHIND, OF_CLINIC, TRY_AGAIN as INDEXED_IN};
pub use invited::{Invited, LIFE as INVITED_FOR};
pub use keeping::{Keeping, RETENTION_YEARS};
pub use keys::ClinicKey;
pub use mail::{About, MailLog, Mailed};
pub use open::{ClinicOptions, Home, known_kinds};
pub use patients::Summary;
pub(crate) use research::TAKEN as RESEARCHED;
pub use research::{Agreed, LEAST, Researched};
pub use restricted::{Opening, Restriction, Restrictions, Review};
pub use rows::Rows as ClinicProjector;
pub use search::Found;
pub use second::Offer;
pub use settings::{Emergency, Settings, zone};
pub(crate) use sign::{grant, sha256_hex};
pub use switch::{SwitchTest, least_n};
pub use systems::System;
pub use ticker::tick;
pub use turns::{CLOCK, MAIL};
pub(crate) use users::asks_again;
pub use users::{NewUser, SecondFactor, Set as ColleagueSet, User};
pub(crate) use warn::bears;
pub use warn::{Heed, Read};

use crate::random;

/// The clinic: its journal, its knowledge, its clock and its key.
pub struct Clinic {
    journal: Journal,
    knowledge: &'static Knowledge,
    approvals: Approvals,
    standing: Standing,
    settings: Settings,
    dose: Arc<Dose>,
    demo: bool,
    clock: ClinicClock,
    key: ClinicKey,
    folder: PathBuf,
    streams: Streams,
    patients: RwLock<BTreeSet<Uuid>>,
    charts: Mutex<BTreeMap<Uuid, Arc<Chart>>>,
    audit: audit::Writer,
    switch_tests: follow::Kept<switch::Tests>,
    courses: courses::Courses,
    diary: follow::Kept<Diary>,
    mail: follow::Kept<MailLog>,
    restricted: follow::Kept<Restrictions>,
    clients: follow::Kept<clients::Clients>,
    index: record::Index,
    research: follow::Kept<research::Research>,
    systems: follow::Kept<systems::Systems>,
    reached: found::Reached,
    damaged: damaged::Seen,
    /// This server among others, drawn at its start.
    server: Uuid,
    /// That it serves the store, until it is taken.
    serving: Mutex<Option<Serving>>,
}

/// The streams there is one of.
#[derive(Clone, Copy, Debug)]
struct Streams {
    clinic: Stream,
    audit: Stream,
}

/// One patient as of the last event.
#[derive(Debug)]
pub struct Chart {
    /// The patient's stream.
    pub id: Uuid,
    /// Everything folded.
    pub episode: Episode,
    /// The sequence of the last event.
    pub sequence: u64,
}

impl std::fmt::Debug for Clinic {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Clinic")
            .field("demo", &self.demo)
            .finish_non_exhaustive()
    }
}

impl Clinic {
    /// Now, by the clinic's clock. Logins, leases and loops never use it.
    #[must_use]
    pub fn now(&self) -> Timestamp {
        self.clock.now()
    }

    /// The clinic's time zone.
    #[must_use]
    pub const fn zone(&self) -> &TimeZone {
        &self.settings.zone
    }

    /// The instant of a date and time of this clinic; `field` is where they were typed.
    pub fn instant(&self, field: &str, typed: DateTime) -> Result<Timestamp, Problem> {
        let zoned = typed.to_zoned_datetime(self.zone().clone());
        zoned.map(|zoned| zoned.timestamp()).map_err(|_| {
            Problem::new(
                "instant",
                field,
                typed.to_string(),
                "is no time here",
                "give another date and time",
            )
        })
    }

    /// Name, on-call list, emergency department.
    #[must_use]
    pub const fn settings(&self) -> &Settings {
        &self.settings
    }

    /// Whether this store was made by `--demo`.
    #[must_use]
    pub const fn demo(&self) -> bool {
        self.demo
    }

    /// Rules and facts in force.
    #[must_use]
    pub const fn knowledge(&self) -> &'static Knowledge {
        self.knowledge
    }

    /// What of the knowledge clinicians vouch for, as of the start.
    #[must_use]
    pub const fn approvals(&self) -> &Approvals {
        &self.approvals
    }

    /// How much of the knowledge nobody vouches for.
    #[must_use]
    pub const fn standing(&self) -> Standing {
        self.standing
    }

    /// The numbers of dose.
    #[must_use]
    pub const fn dose(&self) -> &Arc<Dose> {
        &self.dose
    }

    /// The one thing to do next for a patient.
    #[must_use]
    pub fn next_step(&self, episode: &Episode) -> NextStep {
        episode.next_step(&self.dose, self.now())
    }

    /// The journal, for verification and export.
    #[must_use]
    pub const fn journal(&self) -> &Journal {
        &self.journal
    }

    /// The key that signs Grants and checkpoints.
    #[must_use]
    pub const fn key(&self) -> &ClinicKey {
        &self.key
    }

    /// The folder of the store.
    #[must_use]
    pub fn folder(&self) -> &Path {
        &self.folder
    }

    /// Whether there is such a patient; one that another server registered is looked up once.
    ///
    /// # Errors
    /// The journal.
    pub async fn knows(&self, patient: Uuid) -> Result<bool, Problem> {
        if self.known().contains(&patient) {
            return Ok(true);
        }
        let found = self
            .journal
            .stream(patient)
            .await
            .map_err(|e| e.problem())?;
        let is_one = found.is_some_and(|info| info.stream.kind == StreamKind::Patient);
        if is_one {
            self.learn_of(patient);
        }
        Ok(is_one)
    }

    /// The patients of whom this server knows.
    fn known(&self) -> RwLockReadGuard<'_, BTreeSet<Uuid>> {
        self.patients.read().unwrap_or_else(PoisonError::into_inner)
    }

    /// There is such a patient.
    fn learn_of(&self, patient: Uuid) {
        let known = self.patients.write();
        known
            .unwrap_or_else(PoisonError::into_inner)
            .insert(patient);
    }

    fn charts(&self) -> MutexGuard<'_, BTreeMap<Uuid, Arc<Chart>>> {
        self.charts.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// An event of care, sealed with a fresh salt.
fn sealed(event: &Event) -> Result<NewEvent, Problem> {
    Ok(NewEvent {
        kind: event.kind().to_owned(),
        v: event.v,
        at: event.at,
        actor: event.by.id,
        payload: event.bytes()?,
        salt: random::bytes(),
    })
}

/// An event of the clinic's own, as JSON.
pub(crate) fn own(
    kind: &str,
    at: Timestamp,
    actor: Uuid,
    payload: &impl serde::Serialize,
) -> Result<NewEvent, Problem> {
    let payload = serde_json::to_vec(payload).map_err(|error| {
        Problem::new(
            "event-unwritable",
            kind,
            "",
            error.to_string(),
            "report this as a defect",
        )
    })?;
    Ok(NewEvent {
        kind: kind.to_owned(),
        v: 1,
        at,
        actor,
        payload,
        salt: random::bytes(),
    })
}

/// What the clinic itself does by the clock.
pub(crate) fn program() -> Actor {
    Actor::program()
}
