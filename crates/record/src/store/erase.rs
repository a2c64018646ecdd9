//! Removing payloads and salts.

use uuid::Uuid;

use super::append::{append, head_of_stream};
use super::found::forget;
use super::project::project;
use super::rows::replace;
use super::sql::{Connection, query};
use super::{Store, instant_of, recording};
use crate::erase::{ERASED, HOLD, HOLD_LIFTED, KEPT_KINDS};
use crate::event::Stored;
use crate::journal::Append;
use crate::row::Projector;
use crate::upcast::Upcasters;
use crate::{Error, Result, StreamKind};

/// What an erasure took away.
pub(crate) struct Removed {
    /// The event that says so.
    pub(crate) event: Stored,
    /// Payloads removed.
    pub(crate) payloads: u64,
    /// Files of recordings taken off the list.
    pub(crate) files: Vec<String>,
}

/// What decides whether a stream may be erased.
pub(crate) struct Standing {
    pub(crate) kind: StreamKind,
    /// Its newest event.
    pub(crate) newest: jiff::Timestamp,
    /// Payload of the hold in force.
    pub(crate) hold: Option<Vec<u8>>,
}

async fn standing(connection: &mut Connection<'_>, stream: Uuid) -> Result<Standing> {
    let (number, kind) = head_of_stream(connection, stream).await?;
    let newest = query("SELECT max(at_ns) AS at_ns FROM events WHERE stream = $1")
        .bind(number)
        .fetch_one(&mut *connection)
        .await?;
    let sql = "SELECT e.kind, p.bytes FROM events e JOIN payloads p ON p.position = e.position
         WHERE e.stream = $1 AND e.kind IN ($2, $3) ORDER BY e.sequence DESC LIMIT 1";
    let hold = query(sql)
        .bind(number)
        .bind(HOLD)
        .bind(HOLD_LIFTED)
        .fetch_optional(connection)
        .await?;
    let hold = match hold {
        Some(row) if row.get::<&str>("kind")? == HOLD => Some(row.get("bytes")?),
        _ => None,
    };
    Ok(Standing {
        kind,
        newest: instant_of(&newest, "at_ns")?,
        hold,
    })
}

async fn remove(connection: &mut Connection<'_>, stream: Uuid) -> Result<u64> {
    let sql = "DELETE FROM payloads WHERE position IN (
             SELECT e.position FROM events e JOIN streams s ON s.number = e.stream
             WHERE s.id = $1 AND e.kind NOT IN ($2, $3, $4))";
    let mut query = query(sql).bind(stream);
    for kind in KEPT_KINDS {
        query = query.bind(kind);
    }
    query.execute(connection).await
}

impl Store {
    /// Appends the event that says a stream's payloads are gone, if `may`
    /// permits, removes them, and sets its rows to what is left for `rows`.
    pub(crate) async fn erase(
        &self,
        request: &Append,
        may: impl FnOnce(&Standing) -> Result<()> + Send,
        rows: (&dyn Projector, &Upcasters),
    ) -> Result<Removed> {
        let stream = request.stream;
        let mut turn = self.turn().await?;
        let mut transaction = self.begin(&mut turn).await?;
        may(&standing(&mut transaction.on(), stream.id).await?)?;
        let made = append(&mut transaction.on(), self, request).await?;
        let payloads = remove(&mut transaction.on(), stream.id).await?;
        let files = recording::remove(&mut transaction.on(), stream.id).await?;
        let left = project(&mut transaction.on(), self.id, stream, rows.0, rows.1).await?;
        replace(&mut transaction.on(), stream.id, &left).await?;
        forget(&mut transaction.on(), stream.id).await?;
        transaction.commit().await?;
        let event = made
            .into_iter()
            .next()
            .ok_or_else(|| Error::corrupt(ERASED, "nothing was appended"))?;
        self.committed(&[&event]).await;
        self.scrub(&mut turn).await?;
        turn.clean();
        Ok(Removed {
            event,
            payloads,
            files,
        })
    }
}
