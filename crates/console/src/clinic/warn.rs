//! What a change of the record means for a table that pulls (CLINICAL.md §4).
//!
//! It is read from the record, whoever wrote it and at whichever server: pages, links, imports,
//! the clock, another program beside this one.

use care::episode::What;
use record::RowQuery;
use si::Problem;
use uuid::Uuid;

use super::Clinic;
use super::files::event_of;

/// What the table is to do.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Heed {
    /// No more force than now.
    NoIncrease,
    /// Unload and latch.
    Stop,
}

/// How far a record was read for a table.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Read {
    /// Whose record.
    pub patient: Uuid,
    /// The last event that was read.
    pub sequence: u64,
}

impl Clinic {
    /// The patient of a session.
    ///
    /// # Errors
    /// The journal.
    pub async fn patient_of(&self, session: Uuid) -> Result<Option<Uuid>, Problem> {
        let query = RowQuery::of("sessions").key(session.to_string()).limit(1);
        let rows = self.journal.rows(&query).await.map_err(|e| e.problem())?;
        Ok(rows.first().map(|row| row.stream.id))
    }

    /// The record of a session, read up to where it was permitted; none where it is not of this
    /// clinic.
    ///
    /// # Errors
    /// The journal, or a record that cannot be read.
    pub async fn read_to_grant(&self, session: Uuid) -> Result<Option<Read>, Problem> {
        let Some(patient) = self.patient_of(session).await? else {
            return Ok(None);
        };
        let (_, sequence) = self.permitted(patient, session).await?;
        Ok(Some(Read { patient, sequence }))
    }

    /// What the events mean for the table that came since; `read` moves on when they were read.
    ///
    /// # Errors
    /// The journal, or an event that cannot be read.
    pub async fn heed(&self, read: &mut Read) -> Result<Option<Heed>, Problem> {
        let mut worst = None;
        let mut sequence = read.sequence;
        loop {
            let page = self.journal.read_after(read.patient, sequence, 256).await;
            let page = page.map_err(|e| e.problem())?;
            let Some(last) = page.last() else {
                read.sequence = sequence;
                return Ok(worst);
            };
            sequence = last.sequence;
            for stored in &page {
                let event = event_of(stored)?;
                worst = worst.max(event.and_then(|event| heed(&event.what)));
            }
        }
    }
}

/// Whether a kind of event may mean something for the table.
pub(crate) fn bears(kind: &str) -> bool {
    ["consent-withdrawn", "suspended"].contains(&kind)
}

fn heed(what: &What) -> Option<Heed> {
    match what {
        What::ConsentWithdrawn { .. } => Some(Heed::Stop),
        What::Suspended { .. } => Some(Heed::NoIncrease),
        _ => None,
    }
}
