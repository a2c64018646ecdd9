//! The list of patients and who they are on it.

use std::sync::Arc;

use care::episode::{Actor, Command, Demographics, Episode, Private};
use jiff::civil::Date;
use record::{RowQuery, StoredRow};
use serde::{Deserialize, Serialize};
use si::{Problem, Region};
use uuid::Uuid;

use super::{Chart, Clinic};
use crate::random;

/// A patient on a list.
#[derive(Clone, Serialize, Deserialize)]
pub struct Summary {
    /// The patient's stream.
    pub id: Uuid,
    /// Name.
    pub name: String,
    /// Date of birth.
    #[serde(default)]
    pub born: Option<Date>,
    /// The treated region, by name.
    pub region: String,
    /// Whether the episode is over.
    pub discharged: bool,
}

impl std::fmt::Debug for Summary {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Summary")
            .field("id", &self.id)
            .finish_non_exhaustive()
    }
}

impl Summary {
    /// Whether the name holds all of these words.
    #[must_use]
    pub fn is_called(&self, words: &str) -> bool {
        let name = self.name.to_lowercase();
        let mut words = words.split_whitespace();
        words.all(|word| name.contains(&word.to_lowercase()))
    }

    /// Of an episode.
    #[must_use]
    pub fn of(id: Uuid, episode: &Episode) -> Self {
        Self {
            id,
            name: episode.demographics.0.name.clone(),
            born: episode.demographics.0.birth_date,
            region: episode.region.map_or("", Region::as_str).to_owned(),
            discharged: episode.discharged.is_some(),
        }
    }
}

impl Clinic {
    /// All patients by name, however many there are.
    pub async fn patients(&self) -> Result<Vec<Summary>, Problem> {
        let mut all = Vec::new();
        let mut query = RowQuery::of("patients");
        loop {
            let page = self.journal.rows(&query).await.map_err(|e| e.problem())?;
            let Some(last) = page.last() else {
                return Ok(all);
            };
            let read = |row: &StoredRow| serde_json::from_slice::<Summary>(&row.row.body).ok();
            all.extend(page.iter().filter_map(read));
            query = query.after(last);
        }
    }

    /// Registers a patient and returns the new chart.
    pub async fn register(
        &self,
        actor: &Actor,
        demographics: Demographics,
        region: Region,
    ) -> Result<Arc<Chart>, Problem> {
        let command = Command::Register {
            pseudonym: Uuid::from_bytes(random::bytes()),
            demographics: Private(demographics),
            region,
            language: "en".into(),
        };
        self.act(random::id(), actor, command).await
    }

    /// The patient and session a check-in link leads to, if it still answers.
    pub async fn link(&self, token: &str) -> Result<Option<(Uuid, Uuid)>, Problem> {
        let query = RowQuery::of("links")
            .key(super::sign::sha256_hex(token.as_bytes()))
            .limit(1);
        let rows = self.journal.rows(&query).await.map_err(|e| e.problem())?;
        let Some(row) = rows.first() else {
            return Ok(None);
        };
        let alive = row
            .row
            .sort
            .parse::<jiff::Timestamp>()
            .is_ok_and(|expires| self.now() < expires);
        let session = std::str::from_utf8(&row.row.body)
            .ok()
            .and_then(|text| text.parse().ok());
        Ok(session
            .filter(|_| alive)
            .map(|session| (row.stream.id, session)))
    }
}
