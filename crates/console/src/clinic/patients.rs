//! The list of patients and who they are on it.

use std::collections::BTreeSet;
use std::sync::Arc;

use care::episode::{Actor, Command, Demographics, Episode, Imported, Private};
use jiff::civil::Date;
use jiff::{SignedDuration, Timestamp};
use record::{Alone, RowQuery, StoredRow, StreamKind};
use serde::{Deserialize, Serialize};
use si::{Problem, Region};
use uuid::Uuid;

use super::{Chart, Clinic, rows, search};
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
    /// All patients, those with an open episode first, by name, however many there are.
    pub async fn patients(&self) -> Result<Vec<Summary>, Problem> {
        let rows = self.all(RowQuery::of("patients")).await?;
        Ok(rows.iter().filter_map(search::read).collect())
    }

    /// Whether nobody was ever registered, at any server.
    ///
    /// # Errors
    /// The journal.
    pub async fn is_empty(&self) -> Result<bool, Problem> {
        let known = !self.known().is_empty();
        if known {
            return Ok(false);
        }
        let all = self.journal.streams(StreamKind::Patient).await;
        let all = all.map_err(|e| e.problem())?;
        all.iter().for_each(|info| self.learn_of(info.stream.id));
        Ok(all.is_empty())
    }

    /// Patients with an alarm that nobody took, the most urgent first.
    pub async fn alarmed(&self) -> Result<Vec<Uuid>, Problem> {
        self.whose(RowQuery::of("alarms")).await
    }

    /// Patients for whose answer to a check-in somebody waits.
    pub async fn awaited(&self) -> Result<Vec<Uuid>, Problem> {
        self.whose(self.until_now("waits")).await
    }

    /// Patients of whom something falls due by the clock.
    pub async fn fallen_due(&self) -> Result<Vec<Uuid>, Problem> {
        self.whose(self.until_now("wakes")).await
    }

    /// Patients about whom a letter waits for its answer, the longest first.
    pub async fn written_for(&self) -> Result<Vec<Uuid>, Problem> {
        self.whose(RowQuery::of("letters")).await
    }

    /// Patients who may wait for a review: they missed appointments, or no session was in a gap.
    pub async fn lapsed(&self) -> Result<Vec<Uuid>, Problem> {
        let gap = SignedDuration::try_from_secs_f64(self.dose().common.gap.value * 86_400.0);
        let since = self.now().checked_sub(gap.unwrap_or_default());
        // A second more: rows are rounded down, and who is listed is asked again.
        let since = since.and_then(|since| since.checked_add(SignedDuration::from_secs(1)));
        let since = rows::second(since.unwrap_or(Timestamp::MIN));
        self.whose(RowQuery::of("lapsed").sort_below(since)).await
    }

    /// Patients of whom a rule was ever overridden.
    pub async fn overridden(&self) -> Result<Vec<Uuid>, Problem> {
        self.whose(RowQuery::of("overrides")).await
    }

    /// Rows of an instant that has come.
    fn until_now(&self, model: &str) -> RowQuery {
        let next = self.now().checked_add(SignedDuration::from_secs(1));
        RowQuery::of(model).sort_below(rows::second(next.unwrap_or(Timestamp::MAX)))
    }

    /// Each patient once, in the order of the rows.
    async fn whose(&self, query: RowQuery) -> Result<Vec<Uuid>, Problem> {
        let rows = self.all(query).await?;
        let mut seen = BTreeSet::new();
        let ids = rows.iter().map(|row| row.stream.id);
        Ok(ids.filter(|id| seen.insert(*id)).collect())
    }

    pub(super) async fn all(&self, mut query: RowQuery) -> Result<Vec<StoredRow>, Problem> {
        let mut all = Vec::new();
        loop {
            let page = self.journal.rows(&query).await.map_err(|e| e.problem())?;
            let Some(last) = page.last() else {
                return Ok(all);
            };
            query = query.after(last);
            all.extend(page);
        }
    }

    /// Registers a patient and returns the new chart.
    pub async fn register(
        &self,
        actor: &Actor,
        demographics: Demographics,
        region: Region,
    ) -> Result<Arc<Chart>, Problem> {
        let command = registration(demographics, region);
        self.act(random::id(), actor, command).await
    }

    /// Registers a patient together with the record that came of them: both or neither.
    pub async fn register_imported(
        &self,
        actor: &Actor,
        demographics: Demographics,
        region: Region,
        imported: Imported,
    ) -> Result<Arc<Chart>, Problem> {
        let commands = [
            registration(demographics, region),
            Command::ImportRecord(imported),
        ];
        self.act_all(random::id(), actor, &commands, None).await
    }

    /// Brings more of a record of another system to a patient who is here.
    ///
    /// # Errors
    /// What the record holds cannot be.
    pub async fn import_more(
        &self,
        patient: Uuid,
        actor: &Actor,
        imported: Imported,
    ) -> Result<Arc<Chart>, Problem> {
        self.act(patient, actor, Command::ImportRecord(imported))
            .await
    }

    /// Until it is dropped no other program brings a record at any server: who looks whether a
    /// patient is here finds them still not here when it brings them.
    pub async fn arrivals(&self) -> Result<Alone, Problem> {
        let turn = self.journal.alone("arrivals").await;
        turn.map_err(|e| e.problem())
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

fn registration(demographics: Demographics, region: Region) -> Command {
    Command::Register {
        pseudonym: Uuid::from_bytes(random::bytes()),
        demographics: Private(demographics),
        region,
        language: "en".into(),
    }
}
