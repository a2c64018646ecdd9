//! Running a projector over stored events, and `rebuild`.

use futures_util::TryStreamExt as _;
use uuid::Uuid;

use super::read::{Chain, EVENT, sound_event_of, stream_of};
use super::sql::{Connection, query};
use super::{Store, rows};
use crate::row::{Projector, Row};
use crate::upcast::Upcasters;
use crate::{Error, Result, Stream};

/// The model of the row that a stream has while its events cannot be read.
pub const DAMAGED: &str = "damaged";

/// What a rebuild did.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Rebuilt {
    /// Streams projected.
    pub streams: u64,
    /// Rows that they have.
    pub rows: u64,
    /// Rows written or removed because they differed.
    pub changed: u64,
    /// Streams whose events cannot be read, and why. Their rows stay as they were, with one
    /// more of the model [`DAMAGED`]: who lists them knows that they may say too little.
    pub damaged: Vec<(Stream, String)>,
}

/// The rows that a stream's events give, told to the projector one at a time.
pub(crate) async fn project(
    connection: &mut Connection<'_>,
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
    let sql = format!("{EVENT} WHERE s.id = $1 ORDER BY e.sequence");
    let mut events = query(sql).bind(stream.id).fetch(connection);
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

impl Store {
    /// Writes every stream's rows anew, all in one transaction. A stream that cannot be read is
    /// named, and the others are written all the same.
    pub(crate) async fn rebuild(
        &self,
        projector: &dyn Projector,
        upcasters: &Upcasters,
    ) -> Result<Rebuilt> {
        let mut turn = self.turn().await?;
        let mut transaction = self.begin(&mut turn).await?;
        transaction.patient().await?;
        let mut done = Rebuilt::default();
        let mut number = 0_i64;
        let sql = "SELECT number, id, kind FROM streams WHERE number > $1 ORDER BY number LIMIT 1";
        while let Some(row) = query(sql)
            .bind(number)
            .fetch_optional(&mut transaction.on())
            .await?
        {
            number = row.get("number")?;
            let stream = stream_of(&row)?;
            let made = project(&mut transaction.on(), self.id, stream, projector, upcasters).await;
            let made = match made {
                Ok(made) => made,
                Err(error @ (Error::Corrupt { .. } | Error::Projection { .. })) => {
                    done.damaged.push((stream, error.to_string()));
                    marked(
                        rows::of_stream(&mut transaction.on(), stream.id).await?,
                        stream,
                    )
                }
                Err(error) => return Err(error),
            };
            done.streams += 1;
            done.rows += made.len() as u64;
            done.changed += rows::replace(&mut transaction.on(), stream.id, &made).await?;
        }
        transaction.commit().await?;
        turn.clean();
        Ok(done)
    }
}

/// The rows of a damaged stream, with the one that says so.
fn marked(mut rows: Vec<Row>, stream: Stream) -> Vec<Row> {
    let key = stream.id.simple().to_string();
    rows.retain(|row| row.model != DAMAGED);
    rows.push(Row::new(DAMAGED, key, stream.kind.to_string(), []));
    rows
}
