//! The diary, as the clinic's own stream keeps it.
//!
//! All bookings stand in one stream: of two that clash, whichever server took them, the second
//! is decided after the first.

use std::sync::Arc;

use care::diary::{Change, Diary, Entry, decide};
use care::episode::Role;
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
                return Ok(());
            };
            let event = own(KIND, at, by, &entry)?;
            let stream = self.streams.clinic;
            let append = self
                .journal
                .append(stream, sequence, vec![event], Rows::Keep);
            match append.await {
                Ok(_) => return Ok(()),
                // Somebody else wrote to the clinic's stream: decided again.
                Err(Error::Conflict { .. }) => {}
                Err(error) => return Err(error.problem()),
            }
        }
        Err(contended())
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
        if let Some(patient) = patient.filter(|patient| !self.knows(*patient)) {
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
