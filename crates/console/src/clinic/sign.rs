//! Hashes, and the clinic's signature under a Grant.

use sha2::{Digest as _, Sha256};
use si::Problem;
use table::grant::SignedGrant;
use traction::grant::Grant;

use super::Clinic;

/// SHA-256 in hexadecimal digits.
#[must_use]
pub(crate) fn sha256_hex(bytes: &[u8]) -> String {
    hex::encode(Sha256::digest(bytes))
}

/// The Grant on record.
///
/// # Errors
/// `grant-unreadable` where these digits are none.
pub(crate) fn grant(hex: &str) -> Result<Grant, Problem> {
    let bytes = hex::decode(hex).ok();
    let grant = bytes.and_then(|bytes| Grant::decode(&bytes).ok());
    grant.ok_or_else(|| {
        Problem::new(
            "grant-unreadable",
            "grant",
            "",
            "the grant on record cannot be read",
            "issue a new one, and report this as a defect",
        )
    })
}

impl Clinic {
    /// Signs the bytes of a Grant that `care` issued.
    pub fn sign_grant(&self, grant: &str) -> Result<SignedGrant, Problem> {
        let mut grant = self::grant(grant)?;
        self.on_the_walls_clock(&mut grant);
        Ok(SignedGrant::sign(&grant, self.key.signing()))
    }

    /// The bedside knows the wall clock alone. Where a demonstration's clock runs
    /// ahead, the window of a Grant for a simulated table is said in wall time.
    fn on_the_walls_clock(&self, grant: &mut Grant) {
        if self.demo && grant.simulated_only {
            let ahead_ms = self.clock.ahead_s() * 1000;
            grant.not_before_ms -= ahead_ms;
            grant.expires_ms -= ahead_ms;
        }
    }
}
