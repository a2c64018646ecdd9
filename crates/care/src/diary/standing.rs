//! Where an appointment stands, with what the patient's episode says of the visit.

use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp};
use serde::Serialize;

use super::{Appointment, Mark};
use crate::episode::{Episode, Visit};

/// How much earlier or later than its time a visit still belongs to an appointment (ours).
const EARLY_HOURS: i64 = 2;
const LATE_HOURS: i64 = 4;

/// Where an appointment stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Standing {
    /// It is to come, or nobody has said anything.
    Booked,
    /// The patient is here.
    Arrived,
    /// The table pulls, or is about to.
    InSession,
    /// It is over.
    Done,
    /// The patient did not come.
    NoShow,
    /// It was called off.
    Cancelled,
}

/// Where an appointment stands. A visit on record counts for more than what was said of it.
#[must_use]
pub fn standing(appointment: &Appointment, episode: &Episode, zone: &TimeZone) -> Standing {
    let mut visits = episode.visits.iter().rev();
    let visit = visits.find(|visit| belongs(appointment, visit, zone));
    match (visit, appointment.mark) {
        (Some(visit), _) if visit.leaving.is_some() => Standing::Done,
        (Some(visit), _) if visit.session.is_some() => Standing::InSession,
        (_, Some((_, Mark::Done))) => Standing::Done,
        (Some(_), _) | (_, Some((_, Mark::Arrived))) => Standing::Arrived,
        (_, Some((_, Mark::NoShow))) => Standing::NoShow,
        (_, Some((_, Mark::Cancelled))) => Standing::Cancelled,
        (None, None) => Standing::Booked,
    }
}

fn belongs(appointment: &Appointment, visit: &Visit, zone: &TimeZone) -> bool {
    let place = &appointment.place;
    let day = |at: Timestamp| at.to_zoned_datetime(zone.clone()).date();
    let late = visit.arrived.duration_since(place.until);
    let early = place.from.duration_since(visit.arrived);
    day(visit.arrived) == day(place.from)
        && early <= SignedDuration::from_hours(EARLY_HOURS)
        && late <= SignedDuration::from_hours(LATE_HOURS)
}
