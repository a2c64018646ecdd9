//! Events, their headers, and the hash chain that binds them.
//!
//! ```text
//! commitment = SHA-256(salt ‖ payload bytes as stored)
//! header     = "annulus.event.1" ‖ stream id ‖ stream kind ‖ sequence ‖ kind ‖ v ‖ instant ‖ actor ‖ commitment
//! link       = SHA-256(header ‖ previous link)
//! ```
//!
//! The link before a stream's first event names the store and the stream, so a
//! chain cannot be moved to another place. Integers are big-endian; the kind is
//! preceded by its length. The salt keeps a short payload from being guessed
//! from its commitment after it was erased.

use std::fmt;

use jiff::Timestamp;
use sha2::{Digest, Sha256};
use uuid::Uuid;

use crate::erase::OWN_KINDS;
use crate::{Error, Result};

/// A SHA-256 value.
pub type Hash = [u8; 32];

/// Largest payload of one event (ours: a FHIR bundle of a whole life fits).
pub const PAYLOAD_MAX: usize = 32 << 20;
/// Longest name of a kind, model, key or sort value, in bytes (ours).
pub const NAME_MAX: usize = 512;

/// What a stream is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize)]
#[serde(rename_all = "snake_case")]
pub enum StreamKind {
    /// One patient.
    Patient,
    /// One traction table.
    Table,
    /// One user of the clinic.
    User,
    /// The clinic itself.
    Clinic,
    /// Who read and wrote what.
    Audit,
}

impl StreamKind {
    /// Every kind.
    pub const ALL: [Self; 5] = [
        Self::Patient,
        Self::Table,
        Self::User,
        Self::Clinic,
        Self::Audit,
    ];

    pub(crate) const fn code(self) -> u8 {
        match self {
            Self::Patient => 1,
            Self::Table => 2,
            Self::User => 3,
            Self::Clinic => 4,
            Self::Audit => 5,
        }
    }

    pub(crate) fn from_code(code: i64) -> Option<Self> {
        Self::ALL.into_iter().find(|k| i64::from(k.code()) == code)
    }

    /// Its name in exports and messages.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Patient => "patient",
            Self::Table => "table",
            Self::User => "user",
            Self::Clinic => "clinic",
            Self::Audit => "audit",
        }
    }
}

impl fmt::Display for StreamKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// A stream: its kind and its random id, which names nobody.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Stream {
    /// What it is about.
    pub kind: StreamKind,
    /// Random id.
    pub id: Uuid,
}

impl Stream {
    /// A stream by kind and id.
    #[must_use]
    pub const fn new(kind: StreamKind, id: Uuid) -> Self {
        Self { kind, id }
    }
}

/// An event about to be appended.
#[derive(Clone, PartialEq, Eq)]
pub struct NewEvent {
    /// Kind, `kebab-case`.
    pub kind: String,
    /// Version of the payload's shape under this kind.
    pub v: u16,
    /// When it happened, from the caller's clock.
    pub at: Timestamp,
    /// Random id of who did it.
    pub actor: Uuid,
    /// The payload, opaque here.
    pub payload: Vec<u8>,
    /// Fresh random bytes from the caller.
    pub salt: [u8; 32],
}

impl fmt::Debug for NewEvent {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("NewEvent")
            .field("kind", &self.kind)
            .field("v", &self.v)
            .field("at", &self.at)
            .field("actor", &self.actor)
            .finish_non_exhaustive()
    }
}

impl NewEvent {
    pub(crate) fn check(&self) -> Result<()> {
        check_name("event.kind", &self.kind)?;
        if OWN_KINDS.contains(&self.kind.as_str()) {
            return Err(Error::Invalid {
                place: "event.kind",
                what: format!("`{}` is the journal's own", self.kind),
            });
        }
        if self.payload.len() > PAYLOAD_MAX {
            return Err(Error::Invalid {
                place: "event.payload",
                what: format!("{} bytes, at most {PAYLOAD_MAX}", self.payload.len()),
            });
        }
        nanoseconds(self.at).map(|_| ())
    }
}

/// Why a text with NUL is refused: PostgreSQL cannot hold one, and what one store holds
/// the other must be able to.
pub(crate) const NUL: &str = "holds the character NUL";

pub(crate) fn check_name(place: &'static str, name: &str) -> Result<()> {
    let what = match name.len() {
        0 => "is empty".to_owned(),
        n if n > NAME_MAX => format!("{n} bytes, at most {NAME_MAX}"),
        _ if name.contains('\0') => NUL.to_owned(),
        _ => return Ok(()),
    };
    Err(Error::Invalid { place, what })
}

/// An event as it stands in the journal.
#[derive(Clone, PartialEq, Eq)]
pub struct Stored {
    /// Place in the whole journal, from 1, without gaps, in commit order.
    pub position: u64,
    /// Its stream.
    pub stream: Stream,
    /// Place in its stream, from 1.
    pub sequence: u64,
    /// Kind.
    pub kind: String,
    /// Version of the payload below (after upcasting).
    pub v: u16,
    /// Version under which it was stored and sealed.
    pub stored_v: u16,
    /// When it happened.
    pub at: Timestamp,
    /// Who did it.
    pub actor: Uuid,
    /// The payload; `None` once it was erased.
    pub payload: Option<Vec<u8>>,
    /// SHA-256 of salt and payload as stored.
    pub commitment: Hash,
    /// The chain up to and including this event.
    pub link: Hash,
}

impl fmt::Debug for Stored {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Stored")
            .field("position", &self.position)
            .field("stream", &self.stream)
            .field("sequence", &self.sequence)
            .field("kind", &self.kind)
            .field("v", &self.v)
            .field("at", &self.at)
            .field("actor", &self.actor)
            .finish_non_exhaustive()
    }
}

impl Stored {
    /// Whether the journal itself appended it: a fold passes over such events.
    #[must_use]
    pub fn is_own(&self) -> bool {
        OWN_KINDS.contains(&self.kind.as_str())
    }

    pub(crate) fn header(&self) -> Result<Header<'_>> {
        Ok(Header {
            stream: self.stream,
            sequence: self.sequence,
            kind: &self.kind,
            v: self.stored_v,
            at_ns: nanoseconds(self.at)?,
            actor: self.actor,
            commitment: self.commitment,
        })
    }
}

/// The sealed part of an event.
pub(crate) struct Header<'a> {
    pub(crate) stream: Stream,
    pub(crate) sequence: u64,
    pub(crate) kind: &'a str,
    pub(crate) v: u16,
    pub(crate) at_ns: i64,
    pub(crate) actor: Uuid,
    pub(crate) commitment: Hash,
}

impl Header<'_> {
    /// The link of this event after `previous`.
    pub(crate) fn link(&self, previous: &Hash) -> Hash {
        let mut hash = Sha256::new_with_prefix(b"annulus.event.1");
        hash.update(self.stream.id.as_bytes());
        hash.update([self.stream.kind.code()]);
        hash.update(self.sequence.to_be_bytes());
        hash.update((self.kind.len() as u64).to_be_bytes());
        hash.update(self.kind.as_bytes());
        hash.update(self.v.to_be_bytes());
        hash.update(self.at_ns.to_be_bytes());
        hash.update(self.actor.as_bytes());
        hash.update(self.commitment);
        hash.update(previous);
        hash.finalize().into()
    }
}

/// The link before a stream's first event.
pub(crate) fn genesis(store: Uuid, stream: Stream) -> Hash {
    let mut hash = Sha256::new_with_prefix(b"annulus.stream.1");
    hash.update(store.as_bytes());
    hash.update(stream.id.as_bytes());
    hash.update([stream.kind.code()]);
    hash.finalize().into()
}

/// What an event's header says of its payload.
pub(crate) fn commitment(salt: &[u8], payload: &[u8]) -> Hash {
    let mut hash = Sha256::new_with_prefix(salt);
    hash.update(payload);
    hash.finalize().into()
}

/// SHA-256 of some bytes.
#[must_use]
pub fn sha256(bytes: &[u8]) -> Hash {
    Sha256::digest(bytes).into()
}

/// An instant as the journal stores it; the years 1678 to 2261 fit.
pub(crate) fn nanoseconds(at: Timestamp) -> Result<i64> {
    i64::try_from(at.as_nanosecond()).map_err(|_| Error::Invalid {
        place: "event.at",
        what: "outside the years 1678 to 2261".to_owned(),
    })
}

pub(crate) fn instant(at_ns: i64) -> Timestamp {
    Timestamp::from_nanosecond(i128::from(at_ns)).unwrap_or(Timestamp::UNIX_EPOCH)
}
