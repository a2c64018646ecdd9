//! What a note can be about: a visit with an arrival record, or the day of an examination.
//!
//! A first visit and a re-evaluation put nobody on a table, so that they have no arrival
//! record. They are known by their day: somebody who decides has screened the patient on it, or
//! the diary says that they came for an examination. On a day with an arrival record the note
//! of that visit speaks for all of it.

use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::{Entry, Episode, Role, SignedNote};

/// What a note is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(untagged)]
pub enum Encounter {
    /// A visit with an arrival record, by number.
    Visit(u32),
    /// An examination, by the clinic's day.
    Day {
        /// The day.
        day: Date,
        /// The appointment, where the diary says that the patient came to it.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        appointment: Option<Uuid>,
    },
}

/// The day of an examination, with its note.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Examination {
    /// The clinic's day.
    pub day: Date,
    /// The episode it belongs to.
    pub episode: u32,
    /// Its note.
    pub note: SignedNote,
}

impl Episode {
    /// The days on which the patient was screened and did not arrive for a session, oldest first.
    #[must_use]
    pub fn examined_on(&self, zone: &TimeZone) -> Vec<Date> {
        let lines = self.timeline.iter().enumerate();
        let screened = lines.filter(|(at, entry)| {
            let next = self.timeline.get(at + 1);
            is_screening(entry) && !next.is_some_and(|next| of_plan(entry, next))
        });
        let mut days: Vec<Date> = screened.map(|(_, entry)| day(entry.at, zone)).collect();
        days.dedup();
        days.retain(|day| self.arrived_on(*day, zone).is_none());
        days
    }

    /// The number of the visit that began on a day.
    #[must_use]
    pub fn arrived_on(&self, on: Date, zone: &TimeZone) -> Option<u32> {
        let mut visits = self.visits.iter();
        let visit = visits.find(|visit| day(visit.arrived, zone) == on);
        visit.map(|visit| visit.number)
    }

    /// The examination of a day, once its note is signed.
    #[must_use]
    pub fn examination(&self, on: Date) -> Option<&Examination> {
        self.examinations.iter().find(|one| one.day == on)
    }
}

fn day(at: Timestamp, zone: &TimeZone) -> Date {
    at.to_zoned_datetime(zone.clone()).date()
}

/// Nobody else may decide; what follows from a patient's own answers is no examination.
fn is_screening(entry: &Entry) -> bool {
    entry.kind == "decided" && matches!(entry.role, Role::Practitioner | Role::ClinicalLead)
}

/// A proposal decides again what was decided: that alone is work at a desk.
fn of_plan(entry: &Entry, next: &Entry) -> bool {
    next.kind == "plan-proposed" && next.at == entry.at
}
