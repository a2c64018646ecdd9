//! Where each patient's record stands, and the chart as a session was permitted: what
//! learning asks of the journal.

use care::episode::Episode;
use record::StreamKind;
use si::Problem;
use uuid::Uuid;

use super::Clinic;
use super::files::folded;

impl Clinic {
    /// Every patient with the sequence of their last event.
    ///
    /// # Errors
    /// The journal.
    pub async fn heads(&self) -> Result<Vec<(Uuid, u64)>, Problem> {
        let streams = self.journal.streams(StreamKind::Patient).await;
        let streams = streams.map_err(|e| e.problem())?;
        let heads = streams.iter().map(|info| (info.stream.id, info.sequence));
        Ok(heads.collect())
    }

    /// The episode as it was when a session was permitted: up to its Grant. Empty where
    /// that is gone.
    ///
    /// # Errors
    /// The journal, or an event that cannot be read.
    pub async fn permitted(&self, patient: Uuid, session: Uuid) -> Result<Episode, Problem> {
        let stored = self.journal.read(patient).await.map_err(|e| e.problem())?;
        let mut episode = Episode::default();
        for event in &stored {
            episode = folded(episode, event)?;
            if episode.session(session).is_some() {
                return Ok(episode);
            }
        }
        Ok(Episode::default())
    }
}
