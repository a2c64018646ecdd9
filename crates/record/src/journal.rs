//! The journal as its callers see it.

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use tokio::sync::broadcast;
use uuid::Uuid;

use crate::checkpoint::Seal;
use crate::erase::{Retention, own_version};
use crate::error::ReadOnly;
use crate::event::{Hash, NewEvent, Stored, Stream, StreamKind, sha256};
use crate::lock::Lock;
use crate::row::{Projector, Row, RowQuery, Rows, StoredRow};
use crate::store::{Follower, Opening, Rebuilt, Store};
use crate::upcast::{Upcast, Upcasters};
use crate::writer::{self, Writer};
use crate::{DatabaseUrl, Error, Location, Result};

/// Events read from the store at a time.
const PAGE: u32 = 256;

/// How to open a store.
#[derive(Clone, Debug, Default)]
pub struct OpenOptions {
    opening: Opening,
    known: Option<BTreeMap<String, u16>>,
    upcasters: Upcasters,
    retention: Vec<Retention>,
}

impl OpenOptions {
    /// Opens an existing store for writing; nothing is created, every kind of event is accepted.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Makes the store, with this random identity, where there is none.
    #[must_use]
    pub const fn create(mut self, identity: Uuid) -> Self {
        self.opening.create = Some(identity);
        self
    }

    /// Opens for reading only, beside a running writer.
    #[must_use]
    pub const fn read_only(mut self) -> Self {
        self.opening.read_only = true;
        self
    }

    /// How long a write waits for another process that writes to the same database, before it
    /// is refused [5 s for a file, 50 s for PostgreSQL].
    #[must_use]
    pub const fn patience(mut self, longest: Duration) -> Self {
        self.opening.patience = Some(longest);
        self
    }

    /// The kinds of event that this program knows, each with its newest
    /// version. A store that holds another opens read-only.
    #[must_use]
    pub fn known<K: Into<String>>(mut self, kinds: impl IntoIterator<Item = (K, u16)>) -> Self {
        self.known = Some(kinds.into_iter().map(|(k, v)| (k.into(), v)).collect());
        self
    }

    /// How events of a kind and version are read in the next version.
    #[must_use]
    pub fn upcast(mut self, kind: impl Into<String>, from: u16, up: Upcast) -> Self {
        self.upcasters.add(kind.into(), from, up);
        self
    }

    /// A period within which streams may not be erased.
    #[must_use]
    pub fn retain(mut self, rule: Retention) -> Self {
        self.retention.push(rule);
        self
    }
}

/// Events for one stream, and what they do to its rows.
#[derive(Clone, Debug)]
pub struct Append {
    /// The stream; the first append begins it.
    pub stream: Stream,
    /// The sequence of its last event as the caller knows it; 0 for a new stream.
    pub expected: u64,
    /// The events, in order.
    pub events: Vec<NewEvent>,
    /// Its rows after them.
    pub rows: Rows,
}

impl Append {
    pub(crate) fn check(&self) -> Result<()> {
        if self.events.is_empty() {
            return Err(Error::Invalid {
                place: "events",
                what: "an append holds at least one event".to_owned(),
            });
        }
        self.events.iter().try_for_each(NewEvent::check)?;
        self.rows.check()
    }
}

/// A stream and where it stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct StreamInfo {
    /// The stream.
    pub stream: Stream,
    /// Sequence of its last event.
    pub sequence: u64,
    /// The end of its chain.
    pub link: Hash,
}

/// What followers are told of each event after its commit.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Announcement {
    /// Place in the whole journal.
    pub position: u64,
    /// The stream.
    pub stream: Stream,
    /// Place in the stream.
    pub sequence: u64,
    /// Kind of the event.
    pub kind: String,
}

/// An open journal. Clones share it.
#[derive(Clone, Debug)]
pub struct Journal {
    pub(crate) inner: Arc<Inner>,
}

#[derive(Debug)]
pub(crate) struct Inner {
    pub(crate) store: Arc<Store>,
    pub(crate) access: std::result::Result<(), ReadOnly>,
    pub(crate) upcasters: Upcasters,
    pub(crate) retention: Vec<Retention>,
    pub(crate) seal: tokio::sync::Mutex<Seal>,
    writer: Mutex<Option<Writer>>,
    follower: Mutex<Option<Follower>>,
}

impl Journal {
    /// Opens the SQLite store at `path`.
    ///
    /// # Errors
    /// When the file is missing, foreign, newer than this program, damaged, or
    /// another process is writing to it.
    pub async fn open(path: impl AsRef<Path>, options: OpenOptions) -> Result<Self> {
        let path = path.as_ref();
        let opening = &options.opening;
        if !path.exists() && (opening.create.is_none() || opening.read_only) {
            return Err(Error::Missing(path.into()));
        }
        let lock = match opening.read_only {
            true => None,
            false => Some(Lock::take(path)?),
        };
        let store = Store::open(path, opening).await?;
        Self::over(store, options, lock).await
    }

    /// Opens the store in a PostgreSQL database, which other processes may use at the same time.
    ///
    /// # Errors
    /// When the server does not answer or is not fit for it, when the database is
    /// foreign, newer than this program, or holds no journal and none is to be made.
    pub async fn connect(url: &DatabaseUrl, options: OpenOptions) -> Result<Self> {
        let store = Store::connect(url, &options.opening).await?;
        Self::over(store, options, None).await
    }

    /// `lock` is what keeps other writers out, where the database does not do so itself.
    async fn over(mut store: Store, options: OpenOptions, lock: Option<Lock>) -> Result<Self> {
        let access = access(&store, &options).await?;
        store.known = options.known;
        let store = Arc::new(store);
        let writer = access.is_ok().then(|| writer::start(store.clone(), lock));
        let follower = Follower::start(&store);
        Ok(Self {
            inner: Arc::new(Inner {
                store,
                access,
                upcasters: options.upcasters,
                retention: options.retention,
                seal: tokio::sync::Mutex::default(),
                writer: Mutex::new(writer),
                follower: Mutex::new(follower),
            }),
        })
    }

    /// Why the journal may not be written, if so.
    #[must_use]
    pub fn read_only(&self) -> Option<&ReadOnly> {
        self.inner.access.as_ref().err()
    }

    /// The random identity of the store.
    #[must_use]
    pub fn identity(&self) -> Uuid {
        self.inner.store.id
    }

    /// Where the store is.
    #[must_use]
    pub fn location(&self) -> &Location {
        &self.inner.store.location
    }

    /// Appends events to a stream and sets its rows; returns when both are durable.
    ///
    /// # Errors
    /// [`Error::Conflict`] when the stream has moved on; nothing is written on any error.
    pub async fn append(
        &self,
        stream: Stream,
        expected: u64,
        events: Vec<NewEvent>,
        rows: impl Into<Rows> + Send,
    ) -> Result<Vec<Stored>> {
        let append = Append {
            stream,
            expected,
            events,
            rows: rows.into(),
        };
        let mut made = self.append_all(vec![append]).await?;
        Ok(made.pop().unwrap_or_default())
    }

    /// Appends to several streams at once: all of it, or nothing.
    ///
    /// # Errors
    /// As [`Journal::append`].
    pub async fn append_all(&self, appends: Vec<Append>) -> Result<Vec<Vec<Stored>>> {
        appends.iter().try_for_each(Append::check)?;
        self.submit(appends).await
    }

    pub(crate) async fn submit(&self, appends: Vec<Append>) -> Result<Vec<Vec<Stored>>> {
        self.inner.access.clone().map_err(Error::ReadOnly)?;
        let sender = {
            let writer = self.inner.writer.lock();
            let writer = writer.unwrap_or_else(PoisonError::into_inner);
            writer.as_ref().ok_or(Error::Closed)?.sender()
        };
        writer::submit(sender, appends).await
    }

    /// All events of a stream, oldest first; empty when there is no such stream.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub async fn read(&self, id: Uuid) -> Result<Vec<Stored>> {
        let mut all = Vec::new();
        loop {
            let after = all.last().map_or(0, |e: &Stored| e.sequence);
            let page = self.read_after(id, after, PAGE).await?;
            if page.is_empty() {
                return Ok(all);
            }
            all.extend(page);
        }
    }

    /// At most `limit` events of a stream after a sequence.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub async fn read_after(&self, id: Uuid, after: u64, limit: u32) -> Result<Vec<Stored>> {
        let events = self.inner.store.events(id, after, limit).await?;
        self.raised(events)
    }

    /// At most `limit` events of all streams after a position, in commit order.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub async fn since(&self, position: u64, limit: u32) -> Result<Vec<Stored>> {
        let events = self.inner.store.since(position, limit).await?;
        self.raised(events)
    }

    fn raised(&self, events: Vec<Stored>) -> Result<Vec<Stored>> {
        let up = |event| self.inner.upcasters.apply(event);
        events.into_iter().map(up).collect()
    }

    /// The streams of a kind, in order of first appearance.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub async fn streams(&self, kind: StreamKind) -> Result<Vec<StreamInfo>> {
        self.inner.store.streams(kind).await
    }

    /// Where a stream stands.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub async fn stream(&self, id: Uuid) -> Result<Option<StreamInfo>> {
        self.inner.store.stream(id).await
    }

    /// Where each of these streams stands, asked at once; in no order, and without those that
    /// are not there.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub async fn stand(&self, ids: &[Uuid]) -> Result<Vec<StreamInfo>> {
        self.inner.store.stand(ids).await
    }

    /// Announcements of every event from now on, each after its commit, in commit
    /// order, those of other processes on the same database too. A follower that
    /// lags is told so and reads [`Journal::since`].
    #[must_use]
    pub fn subscribe(&self) -> broadcast::Receiver<Announcement> {
        self.inner.store.announcer.subscribe()
    }

    /// Rows of a read model.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub async fn rows(&self, query: &RowQuery) -> Result<Vec<StoredRow>> {
        self.inner.store.rows(query).await
    }

    /// One row of a stream by model and key.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub async fn row(&self, model: &str, key: &str, stream: Uuid) -> Result<Option<Row>> {
        self.inner.store.row(model, key, stream).await
    }

    /// Position of the last event; 0 where there is none.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub async fn position(&self) -> Result<u64> {
        self.inner.store.position().await
    }

    /// Whether surely nothing came after a position but lines of the audit log: known without
    /// asking where one process alone writes, and false where it has to be asked.
    #[must_use]
    pub fn quiet_since(&self, position: u64) -> bool {
        self.inner.access.is_ok() && self.inner.store.quiet_since(position)
    }

    /// The position to ask [`Journal::quiet_since`] for later, by whoever begins to read now.
    #[must_use]
    pub fn moved_to(&self) -> u64 {
        self.inner.store.announcer.moved()
    }

    /// Which streams moved after a position, event by event in commit order, at most `limit`.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub async fn moved(&self, position: u64, limit: u32) -> Result<Vec<Announcement>> {
        self.inner.store.announcements(position, limit).await
    }

    /// Stores bytes that events refer to by their SHA-256, such as a knowledge
    /// base, unless they are there. Says whether they were new.
    ///
    /// # Errors
    /// When they do not hash to `sha`, or the store refuses.
    pub async fn put_blob(&self, sha: Hash, bytes: &[u8]) -> Result<bool> {
        self.inner.access.clone().map_err(Error::ReadOnly)?;
        if sha256(bytes) != sha {
            return Err(Error::Invalid {
                place: "blob.sha",
                what: "is not the SHA-256 of the bytes".to_owned(),
            });
        }
        self.inner.store.put_blob(&sha, bytes).await
    }

    /// The bytes stored under a SHA-256.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub async fn blob(&self, sha: Hash) -> Result<Option<Vec<u8>>> {
        self.inner.store.blob(&sha).await
    }

    /// Writes every stream's rows anew from its events, in one transaction.
    /// Afterwards they equal, byte for byte, what the appends had written; a stream that cannot
    /// be read is named, and keeps the rows that it had. Nobody else writes meanwhile.
    ///
    /// # Errors
    /// When the store cannot be read or written; nothing is changed then.
    pub async fn rebuild(&self, projector: &dyn Projector) -> Result<Rebuilt> {
        self.inner.access.clone().map_err(Error::ReadOnly)?;
        let inner = &self.inner;
        inner.store.rebuild(projector, &inner.upcasters).await
    }

    /// Finishes what was accepted, then closes the store and releases its lock.
    /// Clones find it closed.
    pub async fn close(&self) {
        let writer = {
            let mut writer = self
                .inner
                .writer
                .lock()
                .unwrap_or_else(PoisonError::into_inner);
            writer.take()
        };
        if let Some(writer) = writer {
            writer.finish().await;
        }
        let follower = {
            let follower = self.inner.follower.lock();
            follower.unwrap_or_else(PoisonError::into_inner).take()
        };
        if let Some(follower) = follower {
            follower.finish().await;
        }
        self.inner.store.close().await;
    }
}

/// Whether this program knows everything that the store holds.
async fn access(store: &Store, options: &OpenOptions) -> Result<std::result::Result<(), ReadOnly>> {
    if options.opening.read_only {
        return Ok(Err(ReadOnly::Asked));
    }
    let unknown = unknown_among(&store.kinds().await?, options.known.as_ref());
    Ok(unknown.map_or(Ok(()), Err))
}

/// The first of these kinds and versions that this program does not know.
pub(crate) fn unknown_among(
    kinds: &[(String, u32)],
    known: Option<&BTreeMap<String, u16>>,
) -> Option<ReadOnly> {
    let known = known?;
    for (kind, v) in kinds {
        let own = own_version(kind).is_some_and(|newest| *v <= u32::from(newest));
        let newest = known.get(kind).copied().map_or(0, u32::from);
        if !own && *v > newest {
            let (kind, v) = (kind.clone(), *v);
            return Some(ReadOnly::Unknown { kind, v });
        }
    }
    None
}
