//! What this server keeps of what others may change: who is logged in, and the clock of a
//! demonstration. It hears of every event of the journal, whoever wrote it.

use std::sync::Arc;

use record::{Announcement, StreamKind};
use si::Problem;
use tokio::sync::broadcast::Receiver;
use tokio::sync::broadcast::error::RecvError;
use uuid::Uuid;

use crate::app::App;
use crate::clinic::asks_again;

/// Heeds what is heard, until the journal is closed.
pub(crate) async fn run(app: Arc<App>, mut heard: Receiver<Announcement>) {
    loop {
        let heeded = match heard.recv().await {
            Ok(told) => one(&app, &told).await,
            Err(RecvError::Lagged(_)) => all(&app).await,
            Err(RecvError::Closed) => return,
        };
        if let Err(problem) = heeded {
            tracing::warn!(problem = %problem.log(), "what was changed elsewhere is not heeded");
        }
    }
}

async fn one(app: &App, told: &Announcement) -> Result<(), Problem> {
    match told.stream.kind {
        StreamKind::User => {
            let changed = asks_again(&told.kind).then_some(told.sequence);
            account(app, told.stream.id, changed).await
        }
        StreamKind::Clinic => app.clinic.follow_clock().await,
        _ => Ok(()),
    }
}

/// Too much came at once: every account is looked at.
async fn all(app: &App) -> Result<(), Problem> {
    let accounts = app.clinic.journal().streams(StreamKind::User).await;
    for info in accounts.map_err(|e| e.problem())? {
        account(app, info.stream.id, None).await?;
    }
    app.clinic.follow_clock().await
}

/// Ends the logins that an account no longer has.
async fn account(app: &App, id: Uuid, changed: Option<u64>) -> Result<(), Problem> {
    let user = app.clinic.user(id).await?;
    app.logins.heed(id, user.as_ref(), changed).await
}
