//! What a change of the record means for a table that pulls (CLINICAL.md §4).
//!
//! Every command passes here, whoever gave it: pages, links, imports, the clock.

use care::episode::{Event, What};
use tokio::sync::mpsc::{UnboundedReceiver, UnboundedSender, unbounded_channel};
use uuid::Uuid;

use super::{Chart, Clinic};

/// What the table is to do.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Heed {
    /// No more force than now.
    NoIncrease,
    /// Unload and latch.
    Stop,
}

/// A patient's record changed so that a table must heed it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Warning {
    /// Sessions of the patient that have not ended.
    pub sessions: Vec<Uuid>,
    /// What to do.
    pub heed: Heed,
}

/// Who hears of warnings, if anybody.
#[derive(Debug, Default)]
pub(super) struct Warnings(std::sync::Mutex<Option<UnboundedSender<Warning>>>);

impl Clinic {
    /// Warnings from now on; the last who asks hears them.
    pub fn warnings(&self) -> UnboundedReceiver<Warning> {
        let (sender, receiver) = unbounded_channel();
        *self.heard_by() = Some(sender);
        receiver
    }

    /// Tells whoever listens what these events mean for a table.
    pub(super) fn warn(&self, chart: &Chart, events: &[Event]) {
        let Some(heed) = events.iter().filter_map(heed).max() else {
            return;
        };
        let open = chart
            .episode
            .all_sessions()
            .filter(|session| session.ended.is_none());
        let warning = Warning {
            sessions: open.map(|session| session.id).collect(),
            heed,
        };
        if let Some(sender) = self
            .heard_by()
            .as_ref()
            .filter(|_| !warning.sessions.is_empty())
        {
            // A listener that is gone has ended its table's link, which unloads by itself.
            let _ = sender.send(warning);
        }
    }

    fn heard_by(&self) -> std::sync::MutexGuard<'_, Option<UnboundedSender<Warning>>> {
        self.warnings
            .0
            .lock()
            .unwrap_or_else(std::sync::PoisonError::into_inner)
    }
}

fn heed(event: &Event) -> Option<Heed> {
    match event.what {
        What::ConsentWithdrawn { .. } => Some(Heed::Stop),
        What::Suspended { .. } => Some(Heed::NoIncrease),
        _ => None,
    }
}
