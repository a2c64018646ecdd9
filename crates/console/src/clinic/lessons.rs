//! What nothing was learned from yet, and the chart as a session was permitted: what
//! learning asks of the journal.

use care::episode::Episode;
use record::{RowQuery, StoredRow};
use si::Problem;
use uuid::Uuid;

use super::Clinic;
use super::files::folded;

impl Clinic {
    /// Patient and session of everything that nothing was learned from yet, the first that
    /// ended first.
    ///
    /// # Errors
    /// The journal.
    pub async fn unlearned(&self) -> Result<Vec<(Uuid, Uuid)>, Problem> {
        let rows = self.all(RowQuery::of("unlearned")).await?;
        let session = |row: &StoredRow| Some((row.stream.id, row.row.key.parse().ok()?));
        Ok(rows.iter().filter_map(session).collect())
    }

    /// The episode as it was when a session was permitted: up to its Grant, and where the record
    /// stood then. Empty where that is gone.
    ///
    /// # Errors
    /// The journal, or an event that cannot be read.
    pub async fn permitted(&self, patient: Uuid, session: Uuid) -> Result<(Episode, u64), Problem> {
        let stored = self.journal.read(patient).await.map_err(|e| e.problem())?;
        let mut episode = Episode::default();
        for event in &stored {
            episode = folded(episode, event)?;
            if episode.session(session).is_some() {
                return Ok((episode, event.sequence));
            }
        }
        let end = stored.last().map_or(0, |last| last.sequence);
        Ok((Episode::default(), end))
    }
}
