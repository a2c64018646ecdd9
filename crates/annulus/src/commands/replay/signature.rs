//! Whether the Grant in a recording was signed by a key that is at hand.
//!
//! A recording's hashes are no signature: whoever makes them all anew can put another Grant
//! in. The clinic's Ed25519 signature over the Grant is in the header, and only the clinic's
//! public key tells whether it is hers. A key that the caller names must verify; with the
//! installation's own key another clinic's recording is not forged, its key is unknown.
//! Shown by `tests/replay.rs` and, for a bedside's own recording, `tests/service.rs`.

use crate::commands::bedside::read_public;
use crate::failure::Failure;
use ed25519_dalek::VerifyingKey;
use serde::Serialize;
use si::Problem;
use std::path::Path;
use table::SignedGrant;
use table::blackbox::Contents;

/// What is known of the signature.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub(super) enum Signature {
    /// The key's owner signed this Grant.
    Verified,
    /// This installation's key is not the one that signed it.
    UnknownKey,
    /// No key was at hand.
    NotChecked,
}

impl Signature {
    /// Checks with the key that was named, else with the installation's own if there is one.
    ///
    /// # Errors
    /// `recording-grant-forged` where the named key's owner did not sign; a file that is no key.
    pub(super) fn of(
        contents: &Contents,
        named: Option<&Path>,
        own: &Path,
    ) -> Result<Self, Failure> {
        let Some(path) = named.or_else(|| own.exists().then_some(own)) else {
            return Ok(Self::NotChecked);
        };
        let key = VerifyingKey::from_bytes(&read_public(path)?).map_err(|_| no_key(path))?;
        let signed = SignedGrant {
            bytes: contents.header.grant.clone(),
            signature: contents.header.signature,
        };
        match (signed.verify(&key), named) {
            (Ok(_), _) => Ok(Self::Verified),
            (Err(_), None) => Ok(Self::UnknownKey),
            (Err(_), Some(path)) => Err(forged(path).into()),
        }
    }

    pub(super) const fn words(self) -> &'static str {
        match self {
            Self::Verified => "the grant's signature verifies",
            Self::UnknownKey => {
                "the grant is signed by a key that is unknown here: name the clinic's with --key"
            }
            Self::NotChecked => {
                "the grant's signature was not checked: name the clinic's public key with --key"
            }
        }
    }
}

fn forged(key: &Path) -> Problem {
    Problem::new(
        "recording-grant-forged",
        "recording.header.signature",
        key.display().to_string(),
        "the owner of this key did not sign the grant in the recording",
        "name the public key of the clinic that signed it; with the right key it is forged: \
         fetch it again from the bedside that made it",
    )
}

fn no_key(path: &Path) -> Problem {
    Problem::new(
        "key",
        path.display().to_string(),
        "",
        "is not an Ed25519 public key",
        "name the clinic.pub that `annulus serve` makes in its data folder",
    )
}
