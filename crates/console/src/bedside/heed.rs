//! A record that got worse reaches the table that pulls, whichever server wrote it.
//!
//! The record of the session on the table is read whenever the journal says that something was
//! written, and every second all the same. A journal that cannot be read may hide a withdrawal:
//! the table then gets no more force.

use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::{Duration, Instant};

use record::Announcement;
use si::Problem;
use table::client::Client;
use table::wire::Status;
use tokio::sync::broadcast::Receiver;
use tokio::sync::broadcast::error::RecvError;
use tokio::time::{MissedTickBehavior, interval, timeout};
use uuid::Uuid;

use super::Bedside;
use crate::clinic::{Clinic, Heed, Read, bears};

/// Attempts at one warning; a link that is gone for longer unloads by itself.
const TRIES: u32 = 50;
/// Between two attempts.
const AGAIN: Duration = Duration::from_millis(100);
/// Between two looks at the record of who is on the table, when nothing is heard (ours: as often
/// as a page looks).
const LOOK: Duration = Duration::from_secs(1);
/// A journal that could not be read for so long may hide something (ours: as long as the table
/// waits for a page before it lets go, devices.md §4b.7).
const SILENT: Duration = Duration::from_secs(5);
/// Stages in which nothing can raise force without a new act that asks the record.
pub(super) const STILL: [&str; 4] = ["idle", "armed", "unloaded", "complete"];

/// The session on the table, and how far its record was read.
struct Watched {
    session: Uuid,
    /// None where it is not of this clinic.
    read: Option<Read>,
}

/// Passes on what the record says.
pub(super) async fn run(bedside: Bedside, clinic: Arc<Clinic>, mut heard: Receiver<Announcement>) {
    let (mut watched, mut silent) = (None, None);
    let mut tick = interval(LOOK);
    tick.set_missed_tick_behavior(MissedTickBehavior::Delay);
    while !bedside.shared.stop.load(Ordering::Relaxed) {
        let due = tokio::select! {
            told = heard.recv() => match told {
                Ok(told) => bears(&told.kind),
                // What was missed may have been one of them.
                Err(RecvError::Lagged(_)) => true,
                Err(RecvError::Closed) => return,
            },
            _ = tick.tick() => bedside.pulls(),
        };
        if !due {
            continue;
        }
        let looked = timeout(SILENT, look(&bedside, &clinic, &mut watched)).await;
        match looked {
            Ok(Ok(())) => silent = None,
            Ok(Err(problem)) => {
                tracing::warn!(problem = %problem.log(), "the record of who is on the table is not read");
                silence(&bedside, &mut silent).await;
            }
            Err(_) => silence(&bedside, &mut silent).await,
        }
    }
}

/// Reads what came to the record of the session that pulls, and tells the table.
async fn look(
    bedside: &Bedside,
    clinic: &Clinic,
    watched: &mut Option<Watched>,
) -> Result<(), Problem> {
    // Asked now: what was heard last may be a tenth of a second old. A table that does not answer
    // has lost its link, and unloads by itself.
    let Ok(status) = bedside.call(Client::status).await else {
        return Ok(());
    };
    let Some(session) = pulling(&status) else {
        *watched = None;
        return Ok(());
    };
    if watched
        .as_ref()
        .is_none_or(|known| known.session != session)
    {
        let read = clinic.read_to_grant(session).await?;
        *watched = Some(Watched { session, read });
    }
    let Some(read) = watched.as_mut().and_then(|known| known.read.as_mut()) else {
        return Ok(());
    };
    let mut next = *read;
    if let Some(heed) = clinic.heed(&mut next).await? {
        // Beside the look, which takes no longer than a journal may be silent.
        let telling = bedside.clone();
        tokio::spawn(async move { pass(&telling, session, heed).await });
    }
    *read = next;
    Ok(())
}

/// What is not known may be that consent was withdrawn.
async fn silence(bedside: &Bedside, since: &mut Option<(Instant, bool)>) {
    let (begun, told) = since.get_or_insert((Instant::now(), false));
    if *told || begun.elapsed() < SILENT {
        return;
    }
    *told = true;
    let Ok(status) = bedside.call(Client::status).await else {
        return;
    };
    if let Some(session) = pulling(&status) {
        tracing::error!("the journal is not read while a table pulls: it gets no more force");
        pass(bedside, session, Heed::NoIncrease).await;
    }
}

async fn pass(bedside: &Bedside, session: Uuid, mut heed: Heed) {
    for _ in 0..TRIES {
        if bedside.shared.stop.load(Ordering::Relaxed) {
            return;
        }
        match bedside.call(Client::status).await {
            Ok(status) if pulling(&status) != Some(session) => return,
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

async fn tell(bedside: &Bedside, heed: Heed) -> Result<(), Problem> {
    match heed {
        Heed::NoIncrease => bedside.call(Client::no_increase).await,
        Heed::Stop => bedside.call(Client::stop).await,
    }
}

/// The session whose force may still rise.
fn pulling(status: &Status) -> Option<Uuid> {
    let held = status.session.as_deref();
    let held = held.filter(|_| !STILL.contains(&status.stage.as_str()));
    held.and_then(|hex| Uuid::parse_str(hex).ok())
}
