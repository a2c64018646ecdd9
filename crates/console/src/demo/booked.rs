//! Who is booked in the demonstration clinic.

use std::collections::BTreeMap;

use care::diary::{Change, Place};
use care::episode::Actor;
use jiff::civil::Time;
use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp, ToSpan as _};
use serde::Deserialize;
use si::Problem;
use uuid::Uuid;

use super::script::wrong;
use crate::clinic::Clinic;
use crate::random;

/// Somebody who is booked.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Appointment {
    pub(super) patient: String,
    day: i32,
    time: Time,
    minutes: i64,
    purpose: String,
    with: String,
    #[serde(default)]
    table: Option<String>,
    #[serde(default)]
    mark: Option<String>,
}

impl Appointment {
    /// Booked before it began, whatever the hour is now.
    pub(super) async fn book(
        &self,
        clinic: &Clinic,
        actors: &BTreeMap<String, Actor>,
        patient: Uuid,
    ) -> Result<(), Problem> {
        let actor = |login: &str| actors.get(login).ok_or_else(|| wrong(&self.patient, login));
        let (by, with) = (actor("felix")?.id, actor(&self.with)?.id);
        let from = on(clinic.zone(), clinic.now(), self.day, self.time);
        let id = random::id();
        let place = Place {
            from,
            until: from + SignedDuration::from_mins(self.minutes),
            practitioner: with,
            table: self.table.clone(),
        };
        let purpose = self.purpose.parse();
        let purpose = purpose.map_err(|()| wrong(&self.patient, &self.purpose))?;
        let book = Change::Book {
            id,
            patient,
            purpose,
            place,
        };
        let at = from.min(clinic.now());
        clinic.enter_at(by, &book, at).await?;
        let Some(mark) = &self.mark else {
            return Ok(());
        };
        let mark = mark.parse().map_err(|()| wrong(&self.patient, mark))?;
        clinic.enter_at(by, &Change::Mark { id, mark }, at).await
    }
}

/// An hour of a day, counted from today, in the clinic's zone.
pub(super) fn on(zone: &TimeZone, now: Timestamp, day: i32, time: Time) -> Timestamp {
    let today = now.to_zoned_datetime(zone.clone()).date();
    let date = today.checked_add(day.days()).unwrap_or(today);
    let at = date.to_datetime(time).to_zoned_datetime(zone.clone());
    at.map_or(now, |at| at.timestamp())
}
