//! The record: sealed events in hash chains, and the rows derived from them.
//!
//! ```text
//! append ──▶ writer task ──▶ one transaction: events, payloads, rows ──▶ commit ──▶ answers, followers
//!            (group commit)                                                │
//! read, rows, verify, export ◀── read pool ◀── SQLite or PostgreSQL ◀──────┘
//! ```
//!
//! Payloads and rows are opaque bytes here; other rooms say what they mean.
//! What was acknowledged is on disk; what was refused left no trace; what was
//! changed behind the journal's back is found by [`Journal::verify`] and never
//! handed out by [`Journal::read`].
//!
//! | where | what |
//! |---|---|
//! | `event` | headers, links, streams |
//! | `writer` | group commit |
//! | `checkpoint`, `merkle` | signed statements of where all streams stand |
//! | `verify` | the walk that believes nothing |
//! | `erase` | erasure, holds, retention |
//! | `found` | entries that are found by their values, made from a stream |
//! | `row` | read models and their projector |
//! | `recording` | session files, frames to Parquet |
//! | `announce` | what followers are told |
//! | `alone`, `shared` | what servers of one store do one at a time, and know together |
//! | `copy` | from one database to the other, chain and all |
//! | `location` | where a store is, and the secret by which it is reached |
//! | `store` | all SQL, for SQLite and PostgreSQL |
//!
//! Must never know: what a payload says, who a person is, what a rule or a fact
//! is, what time it is. No HTTP, no randomness; ids, salts and instants are
//! handed in.
#![forbid(unsafe_code)]

mod alone;
mod announce;
mod checkpoint;
mod copy;
mod erase;
mod error;
mod event;
mod export;
mod files;
mod found;
mod journal;
mod location;
mod lock;
mod merkle;
pub mod recording;
mod row;
mod serving;
mod shared;
mod store;
mod upcast;
mod verify;
mod writer;

pub use alone::Alone;
pub use checkpoint::{Anchor, Checkpoint, CheckpointKey};
pub use erase::{Erased, OWN_KINDS, Request, Retention};
pub use error::{Error, ReadOnly, Result};
pub use event::{Hash, NAME_MAX, NewEvent, PAYLOAD_MAX, Stored, Stream, StreamKind, sha256};
pub use export::Exported;
pub use found::{
    Bounds, Compare, Criterion, Entry, FOUND_MAX, Find, Found, Index, IndexKey, Named, Side, Test,
};
pub use journal::{Announcement, Append, Journal, OpenOptions, StreamInfo};
pub use location::{DatabaseUrl, Location};
pub use row::{Projection, Projector, Row, RowQuery, Rows, StoredRow, WholeStream};
pub use serving::Serving;
pub use shared::{Noted, Shared};
pub use store::{DAMAGED, Rebuilt};
pub use upcast::Upcast;
pub use verify::{Fault, FoundReport, Place, Proven, Report, Verify};
