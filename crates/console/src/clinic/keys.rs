//! The clinic's Ed25519 key: made at the first start, kept beside the database
//! and outside it, readable by its owner alone. It signs Grants and checkpoints.

use std::fs;
use std::io::Write as _;
use std::os::unix::fs::OpenOptionsExt as _;
use std::path::{Path, PathBuf};

use ed25519_dalek::{Signer as _, SigningKey};
use record::IndexKey;
use sha2::{Digest as _, Sha256};
use si::Problem;

use crate::{random, secret};

/// The words of which the key of what programs search is made.
const SEARCHED: &str = "what programs search";

/// A signing key and where it is kept.
pub struct ClinicKey {
    key: SigningKey,
    path: PathBuf,
}

impl std::fmt::Debug for ClinicKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("ClinicKey")
            .field("path", &self.path)
            .finish_non_exhaustive()
    }
}

impl ClinicKey {
    /// Reads the key, or makes one where there is none; writes its public half
    /// to `public` for the bedside.
    pub fn open(path: &Path, public: &Path) -> Result<Self, Problem> {
        if !path.exists() {
            create(path)?;
        }
        let key = Self::read(path)?;
        let text = hex::encode(key.verifying_key().to_bytes());
        if fs::read_to_string(public).ok().as_deref() != Some(&text) {
            let partial = public.with_extension("partial");
            fs::write(&partial, &text).map_err(|e| unusable(public, &e.to_string()))?;
            fs::rename(&partial, public).map_err(|e| unusable(public, &e.to_string()))?;
        }
        Ok(Self {
            key,
            path: path.to_owned(),
        })
    }

    /// Reads a key that is there.
    ///
    /// # Errors
    /// A file that is not there, that others may read, or that holds no key.
    pub fn read(path: &Path) -> Result<SigningKey, Problem> {
        let text = secret::read(path).map_err(|problem| unusable(path, &problem.problem))?;
        let mut seed = [0; 32];
        hex::decode_to_slice(text.trim_ascii(), &mut seed)
            .map_err(|_| unusable(path, "is not a signing key"))?;
        Ok(SigningKey::from_bytes(&seed))
    }

    /// The public half of the key at this path.
    pub(super) fn public(path: &Path) -> Result<[u8; 32], Problem> {
        Ok(Self::read(path)?.verifying_key().to_bytes())
    }

    /// The key itself.
    #[must_use]
    pub const fn signing(&self) -> &SigningKey {
        &self.key
    }

    /// 128 bits, in hex, that only this key makes of these words, always the same.
    #[must_use]
    pub fn secret(&self, words: &str) -> String {
        hex::encode(&self.digest(words)[..16])
    }

    /// The same as bytes, and twice as many.
    #[must_use]
    pub fn digest(&self, words: &str) -> [u8; 32] {
        digest(&self.key, words)
    }

    /// The key that seals what programs search.
    #[must_use]
    pub fn index(&self) -> IndexKey {
        IndexKey::new(self.digest(SEARCHED))
    }

    /// The same, of the key at this path; none where it cannot be read.
    #[must_use]
    pub fn index_at(path: &Path) -> Option<IndexKey> {
        let key = Self::read(path).ok()?;
        Some(IndexKey::new(digest(&key, SEARCHED)))
    }

    /// The same key as the journal takes it, for checkpoints.
    #[must_use]
    pub fn checkpoint(&self) -> record::CheckpointKey {
        record::CheckpointKey::from_seed(self.key.to_bytes())
    }

    /// Where it is kept.
    #[must_use]
    pub fn path(&self) -> &Path {
        &self.path
    }
}

fn digest(key: &SigningKey, words: &str) -> [u8; 32] {
    // A signature of the same words is always the same, and its digest tells nothing of it.
    let signed = key.sign(format!("annulus link: {words}").as_bytes());
    Sha256::digest(signed.to_bytes()).into()
}

fn create(path: &Path) -> Result<(), Problem> {
    let mut file = fs::OpenOptions::new()
        .write(true)
        .create_new(true)
        .mode(0o600)
        .open(path)
        .map_err(|e| unusable(path, &e.to_string()))?;
    let digits = hex::encode(random::bytes::<32>());
    file.write_all(digits.as_bytes())
        .and_then(|()| file.sync_all())
        .map_err(|e| unusable(path, &e.to_string()))
}

fn unusable(path: &Path, why: &str) -> Problem {
    Problem::new(
        "clinic-key",
        path.display().to_string(),
        "",
        why,
        "restore the key file of this store with mode 0600",
    )
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::PermissionsExt as _;

    use super::*;

    #[test]
    fn the_key_is_made_once_and_others_may_not_read_it() {
        let folder = tempfile::tempdir().unwrap();
        let (path, public) = (
            folder.path().join("clinic.key"),
            folder.path().join("clinic.pub"),
        );
        let first = ClinicKey::open(&path, &public).unwrap();
        let again = ClinicKey::open(&path, &public).unwrap();
        assert_eq!(first.signing().to_bytes(), again.signing().to_bytes());
        assert_eq!(
            fs::metadata(&path).unwrap().permissions().mode() & 0o777,
            0o600
        );
        fs::set_permissions(&path, fs::Permissions::from_mode(0o644)).unwrap();
        assert_eq!(
            ClinicKey::open(&path, &public).unwrap_err().code,
            "clinic-key"
        );
    }
}
