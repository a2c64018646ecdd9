//! Records that cannot be read: one of them hides no other, and nobody has to look for it.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, Mutex, PoisonError};

use record::{DAMAGED, RowQuery, StoredRow, StreamKind};
use si::Problem;
use uuid::Uuid;

use super::{Chart, Clinic, Summary, search};

/// Records that were found damaged since the server began.
#[derive(Debug, Default)]
pub(super) struct Seen(Mutex<BTreeSet<Uuid>>);

/// A record that cannot be read.
#[derive(Debug)]
pub struct Damaged {
    /// Its stream.
    pub id: Uuid,
    /// Whether it is a patient's, and not an account or a list of the clinic.
    pub patient: bool,
    /// Whose it is, as far as a list still says so.
    pub of: Option<Summary>,
}

impl Clinic {
    /// A patient for a list; none where the record is damaged.
    pub async fn readable(&self, patient: Uuid) -> Result<Option<Arc<Chart>>, Problem> {
        match self.chart(patient).await {
            Ok(chart) => Ok(Some(chart)),
            Err(problem) if is_damage(&problem) => Ok(None),
            Err(problem) => Err(problem),
        }
    }

    /// Keeps in mind that a record is damaged, where that is what went wrong.
    pub(super) fn heed_damage(&self, stream: Uuid, problem: &Problem) {
        if !is_damage(problem) {
            return;
        }
        let seen = self.damaged.0.lock();
        if seen.unwrap_or_else(PoisonError::into_inner).insert(stream) {
            tracing::error!(%stream, problem = %problem.log(), "a record cannot be read");
        }
    }

    fn seen(&self) -> BTreeSet<Uuid> {
        let seen = self.damaged.0.lock();
        seen.unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// The records that cannot be read: those that a rebuild named, and those found since.
    pub async fn damaged(&self) -> Result<Vec<Damaged>, Problem> {
        let rows = self.all(RowQuery::of(DAMAGED)).await?;
        let of_patient = |row: &StoredRow| row.stream.kind == StreamKind::Patient;
        let mut found: BTreeMap<Uuid, bool> = BTreeMap::new();
        found.extend(rows.iter().map(|row| (row.stream.id, of_patient(row))));
        let seen = self.seen();
        found.extend(seen.into_iter().map(|id| (id, true)));
        let mut all = Vec::new();
        for (id, patient) in found {
            let row = self.all(RowQuery::of("patients").stream(id)).await?;
            let of = row.first().and_then(search::read);
            all.push(Damaged { id, patient, of });
        }
        Ok(all)
    }
}

/// Whether a record is at fault, and not the moment.
pub(super) fn is_damage(problem: &Problem) -> bool {
    const CODES: [&str; 3] = ["journal-corrupt", "journal-projection", "event-unreadable"];
    CODES.contains(&problem.code)
}
