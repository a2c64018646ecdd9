//! Walking the whole journal and believing nothing in it.
//!
//! Every link is computed anew from its header and the link before; every
//! payload against its commitment; heads, checkpoints, the list of kinds and
//! blobs against what the events say. A fault names its place. The journal is
//! proven up to the newest checkpoint whose root agrees and whose key the
//! caller trusts; what follows is called unproven, though its chain may hold.

use std::collections::{BTreeSet, VecDeque};
use std::fmt;

use jiff::Timestamp;
use uuid::Uuid;

use crate::checkpoint::Anchor;
use crate::event::{Hash, Stream, sha256};
use crate::found::IndexKey;
use crate::journal::Journal;
use crate::row::{Projector, Row};
use crate::store::{Counts, Walk};
use crate::{Error, Result};

mod audit;
mod index;

use audit::Audit;
pub use index::FoundReport;

/// Events held at a time.
const PAGE: u32 = 512;
/// Faults listed; more are counted only.
const LISTED: usize = 100;

/// What to verify against.
#[derive(Clone, Copy, Default)]
pub struct Verify<'a> {
    /// Public keys whose checkpoints prove something.
    pub trusted: &'a [[u8; 32]],
    /// The read models, to compare the stored rows with; without it rows are only counted.
    pub projector: Option<&'a dyn Projector>,
    /// The key of what is found, to check its seals; without it they are not looked at.
    pub index: Option<&'a IndexKey>,
}

impl fmt::Debug for Verify<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Verify")
            .field("trusted", &self.trusted.len())
            .field("rows", &self.projector.is_some())
            .field("found", &self.index.is_some())
            .finish()
    }
}

/// Where something is wrong.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Place {
    /// The database file itself, or the commit order.
    Store,
    /// A stream's head.
    Stream(Uuid),
    /// One event.
    Event {
        /// Its stream.
        stream: Uuid,
        /// Its sequence, as stored.
        sequence: u64,
        /// Its place in the journal.
        position: u64,
    },
    /// A checkpoint, by number.
    Checkpoint(u64),
    /// A blob.
    Blob,
    /// The recording of a session.
    Recording(Uuid),
    /// The list of kinds.
    Kinds,
    /// What is found of a stream by its values.
    Found(Uuid),
    /// Rows of a stream in a read model.
    Rows {
        /// The stream.
        stream: Uuid,
        /// The read model.
        model: String,
    },
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Store => write!(f, "store"),
            Self::Stream(id) => write!(f, "stream {id}"),
            Self::Event {
                stream, sequence, ..
            } => write!(f, "stream {stream} at sequence {sequence}"),
            Self::Checkpoint(number) => write!(f, "checkpoint {number}"),
            Self::Blob => write!(f, "blob"),
            Self::Recording(session) => write!(f, "recording of session {session}"),
            Self::Kinds => write!(f, "kinds"),
            Self::Found(id) => write!(f, "index of stream {id}"),
            Self::Rows { stream, model } => write!(f, "rows {model} of stream {stream}"),
        }
    }
}

/// Something that is wrong.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fault {
    /// Where.
    pub place: Place,
    /// What.
    pub what: String,
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.place, self.what)
    }
}

/// Until when the journal is proven.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Proven {
    /// Number of the checkpoint.
    pub checkpoint: u64,
    /// When it was signed.
    pub at: Timestamp,
    /// The last event it covers.
    pub position: u64,
}

/// What a verification found.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Report {
    /// Streams.
    pub streams: u64,
    /// Events.
    pub events: u64,
    /// Payloads present and as committed.
    pub payloads: u64,
    /// Payloads erased with an event that says so.
    pub erased: u64,
    /// Rows of read models.
    pub rows: u64,
    /// Whether the rows were compared with a projector.
    pub rows_compared: bool,
    /// What is found by its values; nothing where its seals were not checked.
    pub found: Option<FoundReport>,
    /// Blobs.
    pub blobs: u64,
    /// Recordings listed.
    pub recordings: u64,
    /// Checkpoints.
    pub checkpoints: u64,
    /// Merkle root over the heads of all streams, as the next checkpoint would sign it:
    /// two journals with the same root have the same chains.
    pub root: Hash,
    /// Faults in the order they were met, at most a hundred.
    pub faults: Vec<Fault>,
    /// How many there were.
    pub fault_count: u64,
    /// Until when the journal is proven; `None` without a trusted checkpoint.
    pub proven: Option<Proven>,
    /// Events after that: their chain may hold, but nobody vouches for it.
    pub unproven: u64,
}

impl Report {
    /// Whether nothing is wrong. An unproven tail is not a fault.
    #[must_use]
    pub const fn is_sound(&self) -> bool {
        self.fault_count == 0
    }

    /// The first fault in a stream's chain: where the record can no longer be believed.
    #[must_use]
    pub fn first_broken(&self) -> Option<&Fault> {
        let in_chain = |f: &&Fault| matches!(f.place, Place::Event { .. });
        self.faults.iter().find(in_chain).or(self.faults.first())
    }

    fn fault(&mut self, place: Place, what: impl Into<String>) {
        self.fault_count += 1;
        if self.faults.len() < LISTED {
            let what = what.into();
            self.faults.push(Fault { place, what });
        }
    }
}

impl Journal {
    /// Walks everything in one snapshot. The journal may be written meanwhile.
    ///
    /// # Errors
    /// When the store cannot be read at all; what is wrong in it is in the report.
    pub async fn verify(&self, against: Verify<'_>) -> Result<Report> {
        self.verify_since(against, None).await
    }

    /// The same, where a checkpoint is known that must be there: an older copy
    /// put in the store's place lacks it.
    ///
    /// # Errors
    /// As [`Journal::verify`].
    pub async fn verify_since(
        &self,
        against: Verify<'_>,
        anchor: Option<Anchor>,
    ) -> Result<Report> {
        let mut walk = self.inner.store.walk().await?;
        let mut found = walked(&mut walk, against, anchor).await?;
        if let Some(key) = against.index {
            index::walked(&mut walk, &mut found.report, &found.streams, key).await?;
        }
        if let Some(projector) = against.projector {
            self.compare(&mut walk, &mut found, projector).await?;
        }
        Ok(found.report)
    }

    /// Compares stored rows with what the projector makes of the events.
    async fn compare(
        &self,
        walk: &mut Walk<'_>,
        found: &mut Walked,
        projector: &dyn Projector,
    ) -> Result<()> {
        let (report, counts) = (&mut found.report, &found.counts);
        let mut seen = 0;
        for stream in &found.streams {
            let stored = match walk.rows(*stream).await {
                Ok(rows) => rows,
                Err(error) => {
                    report.fault(Place::Stream(stream.id), error.to_string());
                    continue;
                }
            };
            seen += stored.len() as u64;
            match walk
                .project(*stream, projector, &self.inner.upcasters)
                .await
            {
                Ok(rows) => differ(report, *stream, stored, rows),
                Err(Error::Database(error)) => return Err(Error::Database(error)),
                Err(error) => report.fault(Place::Stream(stream.id), error.to_string()),
            }
        }
        if seen != counts.rows {
            let what = format!("{} rows belong to no stream", counts.rows.abs_diff(seen));
            report.fault(Place::Store, what);
        }
        report.rows_compared = true;
        Ok(())
    }
}

/// What a walk without a projector finds.
pub(crate) struct Walked {
    pub(crate) report: Report,
    streams: Vec<Stream>,
    counts: Counts,
}

/// Walks everything but the contents of rows.
pub(crate) async fn walked(
    walk: &mut Walk<'_>,
    against: Verify<'_>,
    anchor: Option<Anchor>,
) -> Result<Walked> {
    let mut audit = Audit::new(walk.store(), against.trusted, anchor);
    for what in walk.integrity().await? {
        audit.report.fault(Place::Store, what);
    }
    audit.streams(walk.streams().await?);
    let counts = walk.counts().await?;
    events(walk, &mut audit).await?;
    if let Err(error) = kinds(walk, &mut audit).await {
        audit.report.fault(Place::Kinds, error.to_string());
    }
    blobs(walk, &mut audit.report).await?;
    audit.recordings(walk.recordings().await?);
    let streams = audit.close(&counts);
    audit.report.rows = counts.rows;
    Ok(Walked {
        report: audit.report,
        streams,
        counts,
    })
}

fn differ(report: &mut Report, stream: Stream, stored: Vec<Row>, made: Vec<Row>) {
    let stored: BTreeSet<Row> = stored.into_iter().collect();
    let made: BTreeSet<Row> = made.into_iter().collect();
    let models: BTreeSet<&str> = stored
        .symmetric_difference(&made)
        .map(|row| row.model.as_str())
        .collect();
    for model in models {
        let place = Place::Rows {
            stream: stream.id,
            model: model.to_owned(),
        };
        report.fault(place, "differ from what the events give");
    }
}

/// Events and the checkpoints between them, in commit order.
async fn events(walk: &mut Walk<'_>, audit: &mut Audit<'_>) -> Result<()> {
    let mut checkpoints = Pending::default();
    checkpoints.fill(walk, audit).await?;
    let mut after = 0;
    loop {
        let page = walk.events(after, PAGE).await?;
        let Some(last) = page.last() else {
            break;
        };
        after = last.position;
        for found in page {
            let position = found.position;
            if let Some(own) = audit.event(found)
                && let Some(payload) = walk.payload(position).await?
            {
                audit.own(own, &payload);
            }
            while let Some(checkpoint) = checkpoints.take(position) {
                audit.checkpoint(&checkpoint);
                checkpoints.fill(walk, audit).await?;
            }
        }
    }
    while let Some(checkpoint) = checkpoints.take(u64::MAX) {
        audit.checkpoint(&checkpoint);
        checkpoints.fill(walk, audit).await?;
    }
    Ok(())
}

/// Checkpoints still to come, a page of them at a time.
#[derive(Default)]
struct Pending {
    page: VecDeque<crate::Checkpoint>,
    after: u64,
    done: bool,
}

impl Pending {
    async fn fill(&mut self, walk: &mut Walk<'_>, audit: &mut Audit<'_>) -> Result<()> {
        while self.page.is_empty() && !self.done {
            let found = walk.checkpoints(self.after, PAGE).await?;
            self.done = found.is_empty();
            for (number, checkpoint) in found {
                self.after = number;
                match checkpoint {
                    Ok(checkpoint) => self.page.push_back(checkpoint),
                    Err(error) => audit
                        .report
                        .fault(Place::Checkpoint(number), error.to_string()),
                }
            }
        }
        Ok(())
    }

    /// The next one that covers no more than this position.
    fn take(&mut self, position: u64) -> Option<crate::Checkpoint> {
        match self.page.front() {
            Some(next) if next.position <= position => self.page.pop_front(),
            _ => None,
        }
    }
}

async fn kinds(walk: &mut Walk<'_>, audit: &mut Audit<'_>) -> Result<()> {
    let listed = walk.kinds().await?;
    audit.kinds(&listed);
    Ok(())
}

async fn blobs(walk: &mut Walk<'_>, report: &mut Report) -> Result<()> {
    let mut bad = Vec::new();
    let mut count = 0;
    walk.blobs(|sha, bytes| {
        count += 1;
        if sha != sha256(bytes) {
            bad.push(hex::encode(sha));
        }
        Ok(())
    })
    .await?;
    report.blobs = count;
    for sha in bad {
        report.fault(
            Place::Blob,
            format!("{sha} is not the SHA-256 of its bytes"),
        );
    }
    Ok(())
}
