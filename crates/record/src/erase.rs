//! Erasure on request: payload and salt go, the chain stays.
//!
//! What is left says that something happened, when, and which random id did
//! it, never what. Earlier copies (backups, exports) are the business of
//! whoever keeps them: on PostgreSQL also archives of its log and base backups,
//! and the server's own pages until `VACUUM`, which is run after each erasure,
//! has cleaned them. A legal hold or a retention period refuses it.

use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::event::{NewEvent, Stored, Stream, StreamKind};
use crate::journal::{Append, Journal};
use crate::recording::{ARCHIVED, RECORDING, RECORDING_VERSION};
use crate::row::{Projector, Rows};
use crate::store::Standing;
use crate::{Error, Result};

pub(crate) const ERASED: &str = "erased";
pub(crate) const HOLD: &str = "hold";
pub(crate) const HOLD_LIFTED: &str = "hold-lifted";

/// Kinds that only the journal itself appends. Followers and projectors meet
/// them in every stream and may pass over them.
pub const OWN_KINDS: [&str; 5] = [ERASED, HOLD, HOLD_LIFTED, RECORDING, ARCHIVED];

/// Those whose payload erasure leaves.
pub(crate) const KEPT_KINDS: [&str; 3] = [ERASED, HOLD, HOLD_LIFTED];

/// Version of the payloads below.
const OWN_VERSION: u16 = 1;

/// Newest version of an own kind; nothing for a kind of others.
pub(crate) fn own_version(kind: &str) -> Option<u16> {
    match kind {
        RECORDING => Some(RECORDING_VERSION),
        kind => OWN_KINDS.contains(&kind).then_some(OWN_VERSION),
    }
}

/// How long streams of a kind must be kept after their newest event.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Retention {
    /// Which streams.
    pub kind: StreamKind,
    /// How long.
    pub period: SignedDuration,
    /// By which rule; shown when erasure is refused.
    pub why: String,
}

/// Who asks, why, when. The reason is kept for ever: it names nobody.
#[derive(Clone, Debug)]
pub struct Request {
    /// The stream.
    pub stream: Stream,
    /// Sequence of its last event as the caller knows it.
    pub expected: u64,
    /// Why.
    pub why: String,
    /// Random id of who asks.
    pub actor: Uuid,
    /// When.
    pub at: Timestamp,
    /// Fresh random bytes.
    pub salt: [u8; 32],
}

/// What an erasure did.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Erased {
    /// The event that says so.
    pub event: Stored,
    /// Payloads removed.
    pub payloads: u64,
    /// Files of recordings that were taken off the list, each with its Parquet, for the
    /// caller to delete; not every one need exist.
    pub files: Vec<String>,
}

/// Payload of `erased`.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct ErasedPayload {
    /// Everything up to this sequence is gone.
    pub(crate) through: u64,
    why: String,
}

/// Payload of `hold` and `hold-lifted`.
#[derive(Debug, Serialize, Deserialize)]
struct HoldPayload {
    why: String,
}

impl Request {
    pub(crate) fn append(&self, kind: &str, payload: &impl Serialize) -> Result<Append> {
        self.append_version(kind, OWN_VERSION, payload)
    }

    pub(crate) fn append_version(
        &self,
        kind: &str,
        v: u16,
        payload: &impl Serialize,
    ) -> Result<Append> {
        let payload = serde_json::to_vec(payload).map_err(|error| Error::Invalid {
            place: "request",
            what: error.to_string(),
        })?;
        let event = NewEvent {
            kind: kind.to_owned(),
            v,
            at: self.at,
            actor: self.actor,
            payload,
            salt: self.salt,
        };
        Ok(Append {
            stream: self.stream,
            expected: self.expected,
            events: vec![event],
            rows: Rows::Keep,
        })
    }
}

impl Journal {
    /// Removes the payloads and salts of every event of a stream, appends
    /// `erased`, and sets the stream's rows to what `projector` makes of what
    /// is left. Caches of the stream, and the files named in the answer, are the
    /// caller's to remove.
    ///
    /// # Errors
    /// [`Error::Kept`] under a hold or within a retention period;
    /// [`Error::Conflict`] when the stream has moved on.
    pub async fn erase(&self, request: &Request, projector: &dyn Projector) -> Result<Erased> {
        let inner = &self.inner;
        inner.access.clone().map_err(Error::ReadOnly)?;
        let payload = ErasedPayload {
            through: request.expected,
            why: request.why.clone(),
        };
        let append = request.append(ERASED, &payload)?;
        let may = |standing: &Standing| self.may_erase(request, standing);
        let rows = (projector, &inner.upcasters);
        let removed = inner.store.erase(&append, may, rows).await?;
        Ok(Erased {
            event: removed.event,
            payloads: removed.payloads,
            files: removed.files,
        })
    }

    fn may_erase(&self, request: &Request, standing: &Standing) -> Result<()> {
        let kept = |why: String| Error::Kept {
            stream: request.stream.id,
            why,
        };
        if let Some(hold) = &standing.hold {
            let why = serde_json::from_slice::<HoldPayload>(hold)
                .map_or_else(|_| "legal hold".to_owned(), |h| h.why);
            return Err(kept(why));
        }
        for rule in &self.inner.retention {
            let age = request.at.duration_since(standing.newest);
            if rule.kind == standing.kind && age < rule.period {
                return Err(kept(rule.why.clone()));
            }
        }
        Ok(())
    }

    /// Puts a stream under a legal hold: it cannot be erased until the hold is lifted.
    ///
    /// # Errors
    /// As [`Journal::append`].
    pub async fn hold(&self, request: &Request) -> Result<Stored> {
        self.append_own(HOLD, request).await
    }

    /// Lifts the hold.
    ///
    /// # Errors
    /// As [`Journal::append`].
    pub async fn lift_hold(&self, request: &Request) -> Result<Stored> {
        self.append_own(HOLD_LIFTED, request).await
    }

    async fn append_own(&self, kind: &str, request: &Request) -> Result<Stored> {
        let payload = HoldPayload {
            why: request.why.clone(),
        };
        let append = request.append(kind, &payload)?;
        let made = self.submit(vec![append]).await?;
        made.into_iter()
            .flatten()
            .next()
            .ok_or_else(|| Error::corrupt(kind, "nothing was appended"))
    }
}
