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

impl Clinic {
    /// Signs the bytes of a Grant that `care` issued.
    pub fn sign_grant(&self, grant: &str) -> Result<SignedGrant, Problem> {
        let unreadable = || {
            Problem::new(
                "grant-unreadable",
                "grant",
                "",
                "the grant on record cannot be read",
                "issue a new one, and report this as a defect",
            )
        };
        let bytes = hex::decode(grant).map_err(|_| unreadable())?;
        let mut grant = Grant::decode(&bytes).map_err(|_| unreadable())?;
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
