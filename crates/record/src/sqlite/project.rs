//! Running a projector over stored events, and `rebuild`.

use futures_util::TryStreamExt as _;
use sqlx::sqlite::SqliteConnection;
use sqlx::{Connection as _, Row as _};

use super::read::{Chain, EVENT, sound_event_of, stream_of};
use uuid::Uuid;

use super::{Sqlite, rows};
use crate::row::{Projector, Row};
use crate::upcast::Upcasters;
use crate::{Error, Result, Stream};

/// What a rebuild did.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Rebuilt {
    /// Streams projected.
    pub streams: u64,
    /// Rows that they have.
    pub rows: u64,
    /// Rows written or removed because they differed.
    pub changed: u64,
}

/// The rows that a stream's events give, told to the projector one at a time.
pub(crate) async fn project(
    connection: &mut SqliteConnection,
    store: Uuid,
    stream: Stream,
    projector: &dyn Projector,
    upcasters: &Upcasters,
) -> Result<Vec<Row>> {
    let refused = |sequence: u64, what: String| Error::Projection {
        place: format!("stream {} at sequence {sequence}", stream.id),
        what,
    };
    let mut projection = projector.begin(stream);
    let sql = format!("{EVENT} WHERE s.id = ? ORDER BY e.sequence");
    let mut events = sqlx::query(sqlx::AssertSqlSafe(sql))
        .bind(stream.id.as_bytes().to_vec())
        .fetch(connection);
    let mut chain = Chain::begin(store, stream);
    let mut last = 0;
    while let Some(row) = events.try_next().await? {
        let event = sound_event_of(&row)?;
        chain.follow(&event)?;
        let event = upcasters.apply(event)?;
        last = event.sequence;
        projection
            .event(&event)
            .map_err(|what| refused(last, what))?;
    }
    projection.rows().map_err(|what| refused(last, what))
}

impl Sqlite {
    /// Writes every stream's rows anew, all in one transaction.
    pub(crate) async fn rebuild(
        &self,
        projector: &dyn Projector,
        upcasters: &Upcasters,
    ) -> Result<Rebuilt> {
        let mut turn = self.turn().await?;
        let mut transaction = turn.begin_with("BEGIN IMMEDIATE").await?;
        let mut done = Rebuilt::default();
        let mut number = 0_i64;
        let sql = "SELECT number, id, kind FROM streams WHERE number > ? ORDER BY number LIMIT 1";
        while let Some(row) = sqlx::query(sql)
            .bind(number)
            .fetch_optional(&mut *transaction)
            .await?
        {
            number = row.try_get("number")?;
            let stream = stream_of(&row)?;
            let made = project(&mut transaction, self.id, stream, projector, upcasters).await?;
            done.streams += 1;
            done.rows += made.len() as u64;
            done.changed += rows::replace(&mut transaction, stream.id, &made).await?;
        }
        transaction.commit().await?;
        turn.clean();
        Ok(done)
    }
}
