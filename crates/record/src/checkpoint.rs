//! Checkpoints: a signed statement that the journal stood so at that instant.
//!
//! ```text
//! statement = "annulus.checkpoint.1" ‖ store ‖ number ‖ instant ‖ position ‖ streams ‖ root ‖ previous
//! previous  = SHA-256(statement ‖ signature) of the checkpoint before, zeros for the first
//! ```
//!
//! Signed with Ed25519 under a key kept outside the database: who can rewrite
//! the database but has no key can still not rewrite what a checkpoint covers.
//! What came after the last checkpoint is called unproven.

use std::fmt;
use std::fs;
use std::io::Write as _;
use std::os::unix::fs::{MetadataExt as _, OpenOptionsExt as _};
use std::path::Path;

use ed25519_dalek::{Signature, Signer as _, SigningKey, VerifyingKey};
use jiff::Timestamp;
use sha2::{Digest, Sha256};
use uuid::Uuid;

use crate::event::{Hash, instant, nanoseconds};
use crate::journal::Journal;
use crate::merkle::Tree;
use crate::{Error, Result};

/// The key that signs checkpoints. Its file belongs outside the database and its backups.
#[derive(Clone)]
pub struct CheckpointKey(SigningKey);

impl fmt::Debug for CheckpointKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("CheckpointKey(…)")
    }
}

impl CheckpointKey {
    /// A key from 32 random bytes.
    #[must_use]
    pub fn from_seed(seed: [u8; 32]) -> Self {
        Self(SigningKey::from_bytes(&seed))
    }

    /// Writes a new key file, readable by its owner only. An existing file is never touched.
    ///
    /// # Errors
    /// When the file exists or cannot be written.
    pub fn create(path: &Path, seed: [u8; 32]) -> Result<Self> {
        let write = || {
            let mut file = fs::OpenOptions::new()
                .write(true)
                .create_new(true)
                .mode(0o600)
                .open(path)?;
            writeln!(file, "{}", hex::encode(seed))?;
            file.sync_all()
        };
        write().map_err(Error::io("creating", path))?;
        Ok(Self::from_seed(seed))
    }

    /// Reads a key file.
    ///
    /// # Errors
    /// When the file cannot be read, when others than its owner may, or when it holds no key.
    pub fn read(path: &Path) -> Result<Self> {
        let bad = |what: &str| Error::Key {
            path: path.to_owned(),
            what: what.to_owned(),
        };
        let mode = fs::metadata(path)
            .map_err(Error::io("reading", path))?
            .mode();
        if mode & 0o077 != 0 {
            return Err(bad("others than its owner may read it"));
        }
        let text = fs::read_to_string(path).map_err(Error::io("reading", path))?;
        let mut seed = [0; 32];
        hex::decode_to_slice(text.trim(), &mut seed)
            .map_err(|_| bad("it does not hold 64 hexadecimal digits"))?;
        Ok(Self::from_seed(seed))
    }

    /// Its public half, by which checkpoints are checked.
    #[must_use]
    pub fn public(&self) -> [u8; 32] {
        self.0.verifying_key().to_bytes()
    }
}

/// One signed statement.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Checkpoint {
    /// From 1, without gaps.
    pub number: u64,
    /// When it was made.
    pub at: Timestamp,
    /// The last event that it covers.
    pub position: u64,
    /// How many streams there were.
    pub streams: u64,
    /// Merkle root over their heads.
    pub root: Hash,
    /// The checkpoint before.
    pub previous: Hash,
    /// Public key of the signer.
    pub key: [u8; 32],
    /// Ed25519 signature of the statement.
    pub signature: [u8; 64],
}

impl Checkpoint {
    fn statement(&self, store: Uuid) -> Result<Vec<u8>> {
        let mut bytes = b"annulus.checkpoint.1".to_vec();
        bytes.extend(store.as_bytes());
        bytes.extend(self.number.to_be_bytes());
        bytes.extend(nanoseconds(self.at)?.to_be_bytes());
        bytes.extend(self.position.to_be_bytes());
        bytes.extend(self.streams.to_be_bytes());
        bytes.extend(self.root);
        bytes.extend(self.previous);
        Ok(bytes)
    }

    /// What the next checkpoint says of this one.
    pub(crate) fn digest(&self, store: Uuid) -> Result<Hash> {
        let mut hash = Sha256::new_with_prefix(self.statement(store)?);
        hash.update(self.signature);
        Ok(hash.finalize().into())
    }

    /// What to remember of it; `store` is the journal's identity.
    ///
    /// # Errors
    /// When its instant is out of range.
    pub fn anchor(&self, store: Uuid) -> Result<Anchor> {
        Ok(Anchor {
            number: self.number,
            digest: self.digest(store)?,
        })
    }

    fn sign(&mut self, store: Uuid, key: &CheckpointKey) -> Result<()> {
        self.key = key.public();
        self.signature = key.0.sign(&self.statement(store)?).to_bytes();
        Ok(())
    }

    /// Whether the signature is that of the key it names.
    pub(crate) fn is_signed(&self, store: Uuid) -> bool {
        let Ok(statement) = self.statement(store) else {
            return false;
        };
        VerifyingKey::from_bytes(&self.key).is_ok_and(|key| {
            key.verify_strict(&statement, &Signature::from_bytes(&self.signature))
                .is_ok()
        })
    }
}

/// What to remember of a checkpoint outside the database and its backups, so
/// that an older copy put in its place is noticed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Anchor {
    /// Number of the checkpoint.
    pub number: u64,
    /// SHA-256 of its statement and signature.
    pub digest: Hash,
}

/// The tree as of some position, kept between checkpoints.
#[derive(Debug, Default)]
pub(crate) struct Seal {
    tree: Tree,
    position: u64,
}

impl Journal {
    /// The public key that signed the last checkpoint, if there is one.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub async fn signer(&self) -> Result<Option<[u8; 32]>> {
        let last = self.inner.store.last_checkpoint().await?;
        Ok(last.map(|checkpoint| checkpoint.key))
    }

    /// Signs where the journal stands. `None` when nothing came since the last checkpoint.
    ///
    /// # Errors
    /// When the journal is read-only or the store refuses.
    pub async fn checkpoint(
        &self,
        at: Timestamp,
        key: &CheckpointKey,
    ) -> Result<Option<Checkpoint>> {
        self.inner.access.clone().map_err(Error::ReadOnly)?;
        let store = &self.inner.store;
        let mut seal = self.inner.seal.lock().await;
        let _sealing = store.sealing().await?;
        let heads = store.heads_since(seal.position).await?;
        for head in &heads.changed {
            if !seal.tree.set(head.index, head.leaf) {
                return Err(Error::corrupt("streams.number", "the numbers have a gap"));
            }
        }
        seal.position = heads.position;
        let last = store.last_checkpoint().await?;
        if last.as_ref().is_some_and(|c| c.position == heads.position) || heads.position == 0 {
            return Ok(None);
        }
        let mut checkpoint = Checkpoint {
            number: last.as_ref().map_or(1, |c| c.number + 1),
            at: instant(nanoseconds(at)?),
            position: heads.position,
            streams: seal.tree.len() as u64,
            root: seal.tree.root(),
            previous: match &last {
                Some(last) => last.digest(store.id)?,
                None => [0; 32],
            },
            key: [0; 32],
            signature: [0; 64],
        };
        checkpoint.sign(store.id, key)?;
        store.add_checkpoint(&checkpoint).await?;
        Ok(Some(checkpoint))
    }
}
