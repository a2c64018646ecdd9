//! Writing events and rows inside a transaction that the caller opened.

use super::sql::{Connection, query};
use super::{Store, count, hash, integer, rows};
use crate::event::{Hash, Header, NewEvent, Stored, Stream, commitment, genesis, nanoseconds};
use crate::journal::Append;
use crate::{Error, Result, StreamKind};

/// Events that one statement writes: each binds nine values, and SQLite takes 32,766
/// (`SQLITE_MAX_VARIABLE_NUMBER`).
const AT_ONCE: usize = 200;

/// Where a stream stands.
struct Head {
    number: i64,
    /// The position of the next event of any stream: no event is ever deleted and nobody else
    /// writes meanwhile, so that positions have no gaps.
    next: u64,
    sequence: u64,
    link: Hash,
}

/// Appends to one stream: all of it, or an error and the caller rolls back.
pub(crate) async fn append(
    connection: &mut Connection<'_>,
    store: &Store,
    append: &Append,
) -> Result<Vec<Stored>> {
    let stream = append.stream;
    let mut head = head(connection, store.id, stream).await?;
    if head.sequence != append.expected {
        return Err(Error::Conflict {
            stream: stream.id,
            expected: append.expected,
            actual: head.sequence,
        });
    }
    if head.number == 0 && !append.events.is_empty() {
        head.number = begin_stream(connection, stream, &head).await?;
    }
    let mut stored = Vec::with_capacity(append.events.len());
    for event in &append.events {
        let made = seal(stream, &head, event)?;
        (head.sequence, head.link) = (made.sequence, made.link);
        head.next += 1;
        stored.push(made);
    }
    insert(connection, head.number, &stored).await?;
    keep(connection, &stored, &append.events).await?;
    for made in stored.iter().filter(|made| !store.lists(made)) {
        list_kind(connection, made).await?;
    }
    if !stored.is_empty() {
        move_head(connection, &head).await?;
    }
    rows::apply(connection, stream.id, &append.rows).await?;
    Ok(stored)
}

/// The event with its position and link.
fn seal(stream: Stream, head: &Head, event: &NewEvent) -> Result<Stored> {
    let mut made = Stored {
        position: head.next,
        stream,
        sequence: head.sequence + 1,
        kind: event.kind.clone(),
        v: event.v,
        stored_v: event.v,
        at: event.at,
        actor: event.actor,
        payload: Some(event.payload.clone()),
        commitment: commitment(&event.salt, &event.payload),
        link: [0; 32],
    };
    made.link = Header::link(&made.header()?, &head.link);
    Ok(made)
}

async fn head(connection: &mut Connection<'_>, store: uuid::Uuid, stream: Stream) -> Result<Head> {
    let sql = "SELECT p.next, s.number, s.kind, s.sequence, s.link
               FROM (SELECT coalesce(max(position), 0) + 1 AS next FROM events) AS p
               LEFT JOIN streams s ON s.id = $1";
    let row = query(sql).bind(stream.id).fetch_one(connection).await?;
    let next = count(&row, "next")?;
    let Some(number) = row.get::<Option<i64>>("number")? else {
        return Ok(Head {
            number: 0,
            next,
            sequence: 0,
            link: genesis(store, stream),
        });
    };
    if StreamKind::from_code(row.get("kind")?) != Some(stream.kind) {
        return Err(Error::WrongKind(stream.id));
    }
    Ok(Head {
        number,
        next,
        sequence: count(&row, "sequence")?,
        link: hash(&row, "link")?,
    })
}

/// Number and kind of a stream that exists.
pub(super) async fn head_of_stream(
    connection: &mut Connection<'_>,
    id: uuid::Uuid,
) -> Result<(i64, StreamKind)> {
    let row = query("SELECT number, kind FROM streams WHERE id = $1")
        .bind(id)
        .fetch_optional(connection)
        .await?
        .ok_or(Error::UnknownStream(id))?;
    let kind = StreamKind::from_code(row.get("kind")?)
        .ok_or_else(|| Error::corrupt("streams.kind", "no kind of stream"))?;
    Ok((row.get("number")?, kind))
}

async fn begin_stream(connection: &mut Connection<'_>, stream: Stream, head: &Head) -> Result<i64> {
    let sql = "INSERT INTO streams (number, id, kind, sequence, link)
               VALUES ((SELECT coalesce(max(number), 0) + 1 FROM streams), $1, $2, 0, $3)
               RETURNING number";
    query(sql)
        .bind(stream.id)
        .bind(i64::from(stream.kind.code()))
        .bind(&head.link)
        .fetch_one(connection)
        .await?
        .get("number")
}

async fn insert(connection: &mut Connection<'_>, number: i64, events: &[Stored]) -> Result<()> {
    for some in events.chunks(AT_ONCE) {
        let mut sql = query(
            "INSERT INTO events
             (position, stream, sequence, kind, v, at_ns, actor, commitment, link) VALUES ",
        );
        for (n, made) in some.iter().enumerate() {
            sql.push(if n == 0 { "(" } else { ", (" });
            sql.push_bind(integer(made.position)?).push(", ");
            sql.push_bind(number).push(", ");
            sql.push_bind(integer(made.sequence)?).push(", ");
            sql.push_bind(made.kind.as_str()).push(", ");
            sql.push_bind(i64::from(made.stored_v)).push(", ");
            sql.push_bind(nanoseconds(made.at)?).push(", ");
            sql.push_bind(made.actor).push(", ");
            sql.push_bind(made.commitment.as_slice()).push(", ");
            sql.push_bind(made.link.as_slice()).push(")");
        }
        sql.execute(connection).await?;
    }
    Ok(())
}

/// What the events say, each with its salt.
async fn keep(
    connection: &mut Connection<'_>,
    stored: &[Stored],
    events: &[NewEvent],
) -> Result<()> {
    let all: Vec<_> = stored.iter().zip(events).collect();
    for some in all.chunks(AT_ONCE) {
        let mut sql = query("INSERT INTO payloads (position, salt, bytes) VALUES ");
        for (n, (made, event)) in some.iter().enumerate() {
            sql.push(if n == 0 { "(" } else { ", (" });
            sql.push_bind(integer(made.position)?).push(", ");
            sql.push_bind(event.salt.as_slice()).push(", ");
            sql.push_bind(event.payload.as_slice()).push(")");
        }
        sql.execute(connection).await?;
    }
    Ok(())
}

async fn list_kind(connection: &mut Connection<'_>, made: &Stored) -> Result<()> {
    query("INSERT INTO kinds (kind, v) VALUES ($1, $2) ON CONFLICT DO NOTHING")
        .bind(made.kind.as_str())
        .bind(i64::from(made.stored_v))
        .execute(connection)
        .await?;
    Ok(())
}

async fn move_head(connection: &mut Connection<'_>, head: &Head) -> Result<()> {
    query("UPDATE streams SET sequence = $1, link = $2 WHERE number = $3")
        .bind(integer(head.sequence)?)
        .bind(&head.link)
        .bind(head.number)
        .execute(connection)
        .await?;
    Ok(())
}
