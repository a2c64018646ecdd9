//! The diary: who comes when, to whom, on which table.
//!
//! ```text
//! Change ──decide──▶ Entry (an event of the clinic's own stream) ──fold──▶ Diary
//! Diary + Episode ──standing──▶ booked, arrived, in session, done, no-show, cancelled
//! ```
//!
//! Nobody and nothing is booked twice at once: all bookings of a clinic stand in one stream, so
//! that the second of two that clash is decided after the first, whoever asked. What a visit
//! itself says is read from the patient's episode, and never entered a second time.

mod decide;
mod standing;

pub use decide::decide;
pub use standing::{Standing, standing};

use std::collections::{BTreeMap, BTreeSet};

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// What a patient comes for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Purpose {
    /// The first visit: history and examination.
    FirstVisit,
    /// A session on a table.
    Session,
    /// An examination in between.
    ReEvaluation,
}

impl Purpose {
    /// Every purpose, as lists show them.
    pub const ALL: [Self; 3] = [Self::FirstVisit, Self::Session, Self::ReEvaluation];

    /// As JSON and forms spell it.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::FirstVisit => "first-visit",
            Self::Session => "session",
            Self::ReEvaluation => "re-evaluation",
        }
    }
}

impl core::str::FromStr for Purpose {
    type Err = ();

    fn from_str(text: &str) -> Result<Self, ()> {
        let mut all = Self::ALL.into_iter();
        all.find(|one| one.as_str() == text).ok_or(())
    }
}

/// When, with whom, where.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Place {
    /// From when.
    pub from: Timestamp,
    /// Until when; this instant is free again.
    pub until: Timestamp,
    /// The practitioner, by user.
    pub practitioner: Uuid,
    /// The table, by name; a session has one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub table: Option<String>,
}

impl Place {
    /// Whether the two share an instant.
    fn overlaps(&self, other: &Self) -> bool {
        self.from < other.until && other.from < self.until
    }
}

/// What somebody says of an appointment that no episode tells.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Mark {
    /// The patient is here.
    Arrived,
    /// It is over.
    Done,
    /// The patient did not come.
    NoShow,
    /// It was called off.
    Cancelled,
}

impl core::str::FromStr for Mark {
    type Err = ();

    fn from_str(text: &str) -> Result<Self, ()> {
        match text {
            "arrived" => Ok(Self::Arrived),
            "done" => Ok(Self::Done),
            "no-show" => Ok(Self::NoShow),
            "cancelled" => Ok(Self::Cancelled),
            _ => Err(()),
        }
    }
}

/// What somebody asks of the diary.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Change {
    /// A new appointment. The same id with the same words is told once.
    Book {
        /// Its id, made at the door.
        id: Uuid,
        /// Who comes.
        patient: Uuid,
        /// What for.
        purpose: Purpose,
        /// When, with whom, where.
        place: Place,
    },
    /// Another time, person or table.
    Move {
        /// Which.
        id: Uuid,
        /// Where to.
        place: Place,
    },
    /// What became of it.
    Mark {
        /// Which.
        id: Uuid,
        /// What.
        mark: Mark,
    },
}

/// What happened to the diary.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "what", rename_all = "kebab-case")]
#[allow(missing_docs, reason = "as `Change`")]
pub enum Entry {
    Booked {
        id: Uuid,
        patient: Uuid,
        purpose: Purpose,
        place: Place,
    },
    Moved {
        id: Uuid,
        place: Place,
    },
    Marked {
        id: Uuid,
        mark: Mark,
    },
}

/// An appointment as it stands in the diary.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Appointment {
    /// Its id.
    pub id: Uuid,
    /// Who comes.
    pub patient: Uuid,
    /// What for.
    pub purpose: Purpose,
    /// When, with whom, where.
    pub place: Place,
    /// What was said last of it, and when.
    pub mark: Option<(Timestamp, Mark)>,
    /// When it was changed last.
    pub changed: Timestamp,
    /// Which version that was: 1 as it was booked.
    pub version: u64,
}

impl Appointment {
    /// Whether it takes up its time: it was neither called off nor missed.
    #[must_use]
    pub const fn holds(&self) -> bool {
        !matches!(self.mark, Some((_, Mark::NoShow | Mark::Cancelled)))
    }

    const fn change(&mut self, at: Timestamp) {
        self.changed = at;
        self.version += 1;
    }
}

/// All appointments.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Diary {
    all: BTreeMap<Uuid, Appointment>,
    by_start: BTreeSet<(Timestamp, Uuid)>,
    by_patient: BTreeSet<(Uuid, Timestamp, Uuid)>,
}

impl Diary {
    /// The diary after one more entry; one about an appointment that is not there changes nothing.
    pub fn fold(&mut self, at: Timestamp, entry: &Entry) {
        match entry {
            Entry::Booked {
                id,
                patient,
                purpose,
                place,
            } => {
                let appointment = Appointment {
                    id: *id,
                    patient: *patient,
                    purpose: *purpose,
                    place: place.clone(),
                    mark: None,
                    changed: at,
                    version: 1,
                };
                self.put(appointment);
            }
            Entry::Moved { id, place } => {
                if let Some(mut appointment) = self.take(*id) {
                    appointment.place = place.clone();
                    appointment.change(at);
                    self.put(appointment);
                }
            }
            Entry::Marked { id, mark } => {
                if let Some(appointment) = self.all.get_mut(id) {
                    appointment.mark = Some((at, *mark));
                    appointment.change(at);
                }
            }
        }
    }

    fn put(&mut self, appointment: Appointment) {
        let (id, from) = (appointment.id, appointment.place.from);
        self.by_start.insert((from, id));
        let patient = appointment.patient;
        self.by_patient.insert((patient, from, id));
        self.all.insert(id, appointment);
    }

    fn take(&mut self, id: Uuid) -> Option<Appointment> {
        let appointment = self.all.remove(&id)?;
        let from = appointment.place.from;
        self.by_start.remove(&(from, id));
        self.by_patient.remove(&(appointment.patient, from, id));
        Some(appointment)
    }

    /// One appointment.
    #[must_use]
    pub fn get(&self, id: Uuid) -> Option<&Appointment> {
        self.all.get(&id)
    }

    /// All of them, in no order that means anything.
    pub fn all(&self) -> impl Iterator<Item = &Appointment> {
        self.all.values()
    }

    /// Those that begin in a span, its end not included, in their order.
    pub fn between(&self, from: Timestamp, until: Timestamp) -> impl Iterator<Item = &Appointment> {
        let ids = self
            .by_start
            .range((from, Uuid::nil())..(until, Uuid::nil()));
        ids.filter_map(|(_, id)| self.all.get(id))
    }

    /// Those of a patient, in their order.
    pub fn of(&self, patient: Uuid) -> impl DoubleEndedIterator<Item = &Appointment> {
        let all = (patient, Timestamp::MIN, Uuid::nil())..=(patient, Timestamp::MAX, Uuid::max());
        let ids = self.by_patient.range(all);
        ids.filter_map(|(_, _, id)| self.all.get(id))
    }

    /// The next one of a patient that still holds.
    #[must_use]
    pub fn next_of(&self, patient: Uuid, at: Timestamp) -> Option<&Appointment> {
        let mut all = self.of(patient);
        all.find(|one| one.holds() && at < one.place.until)
    }
}
