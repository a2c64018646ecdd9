//! What says that an entry is as it was written: a seal that only the holder of a key can make.
//!
//! ```text
//! values = SHA-256(each value, sorted: name, value, until)
//! entry  = HMAC-SHA-256(key, "annulus.found.1" ‖ store ‖ stream ‖ key ‖ version ‖ values ‖ body)
//! set    = HMAC-SHA-256(key, "annulus.found-set.1" ‖ store ‖ stream ‖ made ‖ sequence ‖ each entry: key, seal ‖ count)
//! ```
//!
//! Texts and bytes have their length before them. The seal of an entry holds its values by their
//! digest, so that one can be served without reading all that it is found by. Who can write the
//! database and has no key can make neither; putting an old entry back, or taking one away, breaks
//! the seal of the set.

use std::fmt;

use hmac::{Hmac, KeyInit as _, Mac as _};
use sha2::{Digest as _, Sha256};
use uuid::Uuid;

use super::{Named, kept};
use crate::event::Hash;

/// The key that seals what is found. It belongs outside the database.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct IndexKey([u8; 32]);

impl fmt::Debug for IndexKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("IndexKey(…)")
    }
}

impl IndexKey {
    /// A key of 32 secret bytes.
    #[must_use]
    pub const fn new(secret: [u8; 32]) -> Self {
        Self(secret)
    }

    /// Eight bytes in hex that tell one key from another, and nothing of either.
    #[must_use]
    pub fn name(&self) -> String {
        hex::encode(&self.begin(b"annulus.found-key.1").end()[..8])
    }

    fn begin(&self, words: &[u8]) -> Sealing {
        // A block is longer than the key: nothing of it is hashed or cut.
        let mut block = [0; 64];
        block[..32].copy_from_slice(&self.0);
        let mut sealing = Sealing(Hmac::new(&block.into()));
        sealing.0.update(words);
        sealing
    }

    /// The seal of an entry.
    pub(crate) fn entry(&self, store: Uuid, entry: &Sealed<'_>) -> Hash {
        let mut sealing = self.begin(b"annulus.found.1");
        sealing.0.update(store.as_bytes());
        sealing.0.update(entry.stream.as_bytes());
        sealing.part(entry.key.as_bytes());
        sealing.part(entry.version.as_bytes());
        sealing.0.update(entry.listed);
        sealing.part(entry.body);
        sealing.end()
    }

    /// Begins the seal of all entries of a stream; they follow in the order of their keys.
    pub(crate) fn set(&self, store: Uuid, stream: Uuid, (sequence, made): (u64, &str)) -> SetSeal {
        let mut sealing = self.begin(b"annulus.found-set.1");
        sealing.0.update(store.as_bytes());
        sealing.0.update(stream.as_bytes());
        sealing.part(made.as_bytes());
        sealing.0.update(&sequence.to_be_bytes());
        SetSeal { sealing, count: 0 }
    }
}

/// What of an entry is sealed.
pub(crate) struct Sealed<'a> {
    pub(crate) stream: Uuid,
    pub(crate) key: &'a str,
    pub(crate) version: &'a str,
    /// Digest of its values.
    pub(crate) listed: &'a [u8],
    pub(crate) body: &'a [u8],
}

struct Sealing(Hmac<Sha256>);

impl Sealing {
    fn part(&mut self, bytes: &[u8]) {
        self.0.update(&(bytes.len() as u64).to_be_bytes());
        self.0.update(bytes);
    }

    fn end(self) -> Hash {
        self.0.finalize().into_bytes().into()
    }
}

/// The seal of all entries of a stream, on the way.
pub(crate) struct SetSeal {
    sealing: Sealing,
    count: u64,
}

impl SetSeal {
    pub(crate) fn add(&mut self, key: &str, seal: &[u8]) {
        self.sealing.part(key.as_bytes());
        self.sealing.part(seal);
        self.count += 1;
    }

    pub(crate) fn end(mut self) -> Hash {
        self.sealing.0.update(&self.count.to_be_bytes());
        self.sealing.end()
    }
}

/// The digest of an entry's values as they are kept: in order, each once.
pub(crate) fn listed(values: &[Named]) -> Hash {
    let as_kept = |value: &Named| [&value.name, &value.value, &value.until].map(|part| kept(part));
    let mut all: Vec<[String; 3]> = values.iter().map(as_kept).collect();
    all.sort_unstable();
    all.dedup();
    let mut hash = Sha256::new();
    for part in all.iter().flatten() {
        hash.update((part.len() as u64).to_be_bytes());
        hash.update(part);
    }
    hash.finalize().into()
}
