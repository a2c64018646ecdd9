//! A record that got worse reaches the table that pulls.

use std::sync::atomic::Ordering;
use std::time::Duration;

use table::client::Client;
use table::wire::Status;
use tokio::sync::mpsc::UnboundedReceiver;
use uuid::Uuid;

use super::Bedside;
use crate::clinic::{Heed, Warning};

/// Attempts at one warning; a link that is gone for longer unloads by itself.
const TRIES: u32 = 50;
/// Between two attempts.
const AGAIN: Duration = Duration::from_millis(100);
/// Stages in which nothing can raise force without a new act that asks the record.
pub(super) const STILL: [&str; 4] = ["idle", "armed", "unloaded", "complete"];

/// Passes every warning on.
pub(super) async fn run(bedside: Bedside, mut warnings: UnboundedReceiver<Warning>) {
    while let Some(warning) = warnings.recv().await {
        pass(&bedside, &warning).await;
    }
}

async fn pass(bedside: &Bedside, warning: &Warning) {
    let mut heed = warning.heed;
    for _ in 0..TRIES {
        if bedside.shared.stop.load(Ordering::Relaxed) {
            return;
        }
        // Asked now: what was heard last may be a tenth of a second old.
        match bedside.call(Client::status).await {
            Ok(status) if !pulls(&status, &warning.sessions) => return,
            Ok(_) => match tell(bedside, heed).await {
                Ok(()) => return tracing::warn!(?heed, "the record changed: the table was told"),
                // Who may not hold a table's force may still stop it.
                Err(problem) if problem.code == "bedside-refused" => heed = Heed::Stop,
                Err(_) => {}
            },
            Err(_) => {}
        }
        tokio::time::sleep(AGAIN).await;
    }
    tracing::error!(?heed, "the record changed and the table could not be told");
}

async fn tell(bedside: &Bedside, heed: Heed) -> Result<(), si::Problem> {
    match heed {
        Heed::NoIncrease => bedside.call(Client::no_increase).await,
        Heed::Stop => bedside.call(Client::stop).await,
    }
}

fn pulls(status: &Status, sessions: &[Uuid]) -> bool {
    let held = status.session.as_deref();
    let ours = held
        .and_then(|hex| Uuid::parse_str(hex).ok())
        .is_some_and(|id| sessions.contains(&id));
    ours && !STILL.contains(&status.stage.as_str())
}
