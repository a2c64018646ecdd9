//! The diary, as the clinic's own stream keeps it.
//!
//! All bookings stand in one stream: of two that clash, whichever server took them, the second
//! is decided after the first.

use std::sync::Arc;

use care::diary::{Appointment, Change, Diary, Entry, Mark, decide};
use care::episode::{Actor, Command, Episode, Role};
use jiff::Timestamp;
use record::{Error, Rows};
use si::Problem;
use uuid::Uuid;

use super::files::{TRIES, contended};
use super::follow::Told;
use super::{Clinic, User, own};

/// The event of one entry.
pub(super) const KIND: &str = "diary-entered";

impl Told for Diary {
    const KIND: &'static str = KIND;
    type Entry = Entry;

    fn told(&mut self, at: Timestamp, entry: &Entry) {
        self.fold(at, entry);
    }
}

/// What the diary says of a patient's appointments and their open episode does not know.
fn missed(diary: &Diary, patient: Uuid, episode: &Episode) -> Vec<Command> {
    if episode.number == 0 || episode.discharged.is_some() || episode.deceased {
        return Vec::new();
    }
    let looked = episode.reviews.last().map(|review| review.at);
    let since = episode.opened.max(looked);
    let command = |one: &Appointment| {
        let (said, mark) = one.mark?;
        let mut known = episode.missed.iter();
        let known = known.any(|known| known.appointment == one.id);
        let missed = mark == Mark::NoShow;
        let news = match missed {
            true => !known && since.is_none_or(|since| since <= said),
            false => known,
        };
        news.then_some(Command::MarkAppointment {
            appointment: one.id,
            from: one.place.from,
            missed,
        })
    };
    diary.of(patient).filter_map(command).collect()
}

impl Clinic {
    /// The diary as of now.
    pub async fn diary(&self) -> Result<Arc<Diary>, Problem> {
        Ok(self.follow(&self.diary).await?.0)
    }

    /// Books, moves or marks; what says nothing new changes nothing.
    ///
    /// # Errors
    /// As [`decide`]; a patient, practitioner or table that this clinic has not.
    pub async fn enter(&self, by: Uuid, change: &Change) -> Result<(), Problem> {
        self.enter_at(by, change, self.now()).await
    }

    pub(crate) async fn enter_at(
        &self,
        by: Uuid,
        change: &Change,
        at: Timestamp,
    ) -> Result<(), Problem> {
        self.is_here(change).await?;
        for _ in 0..TRIES {
            let (diary, sequence) = self.follow(&self.diary).await?;
            let Some(entry) = decide(&diary, change, at, self.zone())? else {
                return self.tell_missed(by, change).await;
            };
            let event = own(KIND, at, by, &entry)?;
            let stream = self.streams.clinic;
            let append = self
                .journal
                .append(stream, sequence, vec![event], Rows::Keep);
            match append.await {
                Ok(_) => return self.tell_missed(by, change).await,
                // Somebody else wrote to the clinic's stream: decided again.
                Err(Error::Conflict { .. }) => {}
                Err(error) => return Err(error.problem()),
            }
        }
        Err(contended())
    }

    /// Writes into the patient's own stream what was said of their appointments, where the rules
    /// see it: also what an earlier program, or one that was cut short, had not written.
    async fn tell_missed(&self, by: Uuid, change: &Change) -> Result<(), Problem> {
        let Change::Mark { id, .. } = change else {
            return Ok(());
        };
        let diary = self.diary().await?;
        let Some(patient) = diary.get(*id).map(|one| one.patient) else {
            return Ok(());
        };
        let Some(chart) = self.readable(patient).await? else {
            return Ok(());
        };
        let user = self.user(by).await?;
        let actor = user.map_or_else(Actor::program, |user| user.actor());
        for command in missed(&diary, patient, &chart.episode) {
            self.act(patient, &actor, command).await?;
        }
        Ok(())
    }

    /// Those who may be booked: they have an account that is open, and decide.
    pub async fn practitioners(&self) -> Result<Vec<User>, Problem> {
        let mut users = self.users().await?;
        users.retain(|user| {
            !user.closed && matches!(user.role, Role::Practitioner | Role::ClinicalLead)
        });
        Ok(users)
    }

    async fn is_here(&self, change: &Change) -> Result<(), Problem> {
        let (patient, place) = match change {
            Change::Book { patient, place, .. } => (Some(*patient), place),
            Change::Move { place, .. } => (None, place),
            Change::Mark { .. } => return Ok(()),
        };
        let unknown = |place: &str, value: String| {
            let (problem, remedy) = ("this clinic has none such", "choose one of the list");
            Err(Problem::new("not-here", place, value, problem, remedy))
        };
        if let Some(patient) = patient
            && !self.knows(patient).await?
        {
            return unknown("patient", patient.to_string());
        }
        let practitioners = self.practitioners().await?;
        if practitioners
            .iter()
            .all(|user| user.id != place.practitioner)
        {
            return unknown("practitioner", place.practitioner.to_string());
        }
        let mut tables = place.table.iter();
        match tables.find(|table| !self.settings.tables.contains(table)) {
            Some(table) => unknown("table", table.clone()),
            None => Ok(()),
        }
    }
}
