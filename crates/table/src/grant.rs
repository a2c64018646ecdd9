//! A Grant with its signature, and what makes a bedside accept one.
//!
//! The clinic signs the Grant's bytes themselves (they begin with a magic no
//! other signed text has); the bedside verifies them offline with the one key
//! it was given. Window, table, region and simulation are checked at arming
//! and never again: a session that runs is not ended by a clock (ENGINEERING
//! §5).

use crate::TableInfo;
use ed25519_dalek::{Signature, Signer as _, SigningKey, VerifyingKey};
use si::Problem;
use traction::grant::{Grant, GrantError};

/// A Grant as it travels and as the black box keeps it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SignedGrant {
    /// The bytes of [`Grant::encode`].
    pub bytes: Vec<u8>,
    /// The clinic's Ed25519 signature over them.
    pub signature: [u8; 64],
}

impl SignedGrant {
    /// Signs a Grant with the clinic's key.
    #[must_use]
    pub fn sign(grant: &Grant, key: &SigningKey) -> Self {
        let bytes = grant.encode().to_vec();
        let signature = key.sign(&bytes).to_bytes();
        Self { bytes, signature }
    }

    /// Reads both from hex, as they come over the wire.
    ///
    /// # Errors
    /// `grant-not-hex` names the part.
    pub fn from_hex(grant: &str, signature: &str) -> Result<Self, Problem> {
        let mut parsed = Self {
            bytes: hex::decode(grant).map_err(|_| not_hex("grant"))?,
            signature: [0; 64],
        };
        hex::decode_to_slice(signature, &mut parsed.signature).map_err(|_| not_hex("signature"))?;
        Ok(parsed)
    }

    /// The Grant, if the key's owner signed these bytes.
    ///
    /// # Errors
    /// `grant-forged`, `grant-malformed`.
    pub fn verify(&self, key: &VerifyingKey) -> Result<Grant, Problem> {
        key.verify_strict(&self.bytes, &Signature::from_bytes(&self.signature))
            .map_err(|_| {
                Problem::new(
                    "grant-forged",
                    "grant.signature",
                    "",
                    "the signature is not the clinic's over these bytes",
                    "let the clinic's server issue the grant; check that the bedside was given that clinic's public key",
                )
            })?;
        self.decode()
    }

    /// The Grant, whoever signed it.
    ///
    /// # Errors
    /// `grant-malformed`.
    pub fn decode(&self) -> Result<Grant, Problem> {
        Grant::decode(&self.bytes)
            .map_err(|error| beyond(&error).unwrap_or_else(|| malformed(&error)))
    }
}

fn malformed(error: &GrantError) -> Problem {
    Problem::new(
        "grant-malformed",
        "grant",
        "",
        error.to_string(),
        "issue the grant with the version of Annulus that runs at the bedside",
    )
}

/// A pull beyond the limits that were signed with it (H14), whoever signed.
fn beyond(error: &GrantError) -> Option<Problem> {
    let (place, value) = match error {
        GrantError::ForceAboveCeiling { force, .. } => ("force_n", force.get().to_string()),
        GrantError::RateAboveLimit => ("ramp_n_per_s", String::new()),
        GrantError::LongerThanSession => ("total_s", String::new()),
        _ => return None,
    };
    Some(refuse(
        ("grant-beyond-limits", &format!("grant.profile.{place}")),
        value,
        error.to_string(),
        "sign a plan whose pull lies within its limits, and issue a new grant",
    ))
}

/// Everything but the signature and the nonce that must hold for `table` to take `grant` now.
///
/// # Errors
/// The first thing that does not, with place, value and remedy.
pub fn admit(grant: &Grant, table: &TableInfo, now_ms: i64) -> Result<(), Problem> {
    if grant.table != table.id {
        return Err(refuse(
            ("grant-table", "grant.table"),
            hex::encode(grant.table),
            format!(
                "the grant is for another table than {}",
                hex::encode(table.id)
            ),
            "issue a grant for the table the patient lies on",
        ));
    }
    if grant.simulated_only && !table.simulated {
        return Err(refuse(
            ("grant-simulated", "grant.simulated_only"),
            "true".into(),
            "the grant is for simulated tables only".into(),
            "let a clinic's server issue the grant with its own key",
        ));
    }
    admit_window(grant, now_ms)?;
    admit_limits(grant, table)
}

fn admit_window(grant: &Grant, now_ms: i64) -> Result<(), Problem> {
    if now_ms < grant.not_before_ms {
        return Err(refuse(
            ("grant-early", "grant.not_before_ms"),
            grant.not_before_ms.to_string(),
            format!("the grant is not valid yet at {now_ms}"),
            "wait until it is, or set the bedside's clock",
        ));
    }
    if now_ms >= grant.expires_ms {
        return Err(refuse(
            ("grant-expired", "grant.expires_ms"),
            grant.expires_ms.to_string(),
            format!("the grant has expired at {now_ms}"),
            "repeat the start checks and issue a new grant",
        ));
    }
    Ok(())
}

fn admit_limits(grant: &Grant, table: &TableInfo) -> Result<(), Problem> {
    let region = grant.limits.region;
    if !table.regions.contains(&region) {
        return Err(refuse(
            ("grant-region", "grant.limits.region"),
            region.to_string(),
            "this table has no harness for the region".into(),
            "use a table that supports the region",
        ));
    }
    if grant.limits.ceiling > table.hardware_ceiling {
        return Err(refuse(
            ("grant-ceiling", "grant.limits.ceiling_n"),
            grant.limits.ceiling.get().to_string(),
            format!("the table makes at most {} N", table.hardware_ceiling.get()),
            "sign a plan whose ceiling the table can hold",
        ));
    }
    Ok(())
}

fn refuse(
    (code, place): (&'static str, &str),
    value: String,
    problem: String,
    remedy: &str,
) -> Problem {
    Problem::new(code, place, value, problem, remedy)
}

fn not_hex(place: &str) -> Problem {
    Problem::new(
        "grant-not-hex",
        place,
        "",
        "the value is not hexadecimal digits of the right length",
        "send the grant's bytes and the 64 bytes of its signature as hex",
    )
}
