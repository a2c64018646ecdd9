//! Permission for one session: what the clinic's key signs and the bedside reads.
//!
//! The bytes are fixed in size and order, little-endian, and begin with
//! [`MAGIC`]; one grant has exactly one encoding. Signature and expiry are
//! checked by whoever holds a key and a clock, not here.

use crate::codec::{Codec, Reader, Writer};
use crate::limits::Limits;
use crate::profile::Profile;
use core::fmt;
use si::Newtons;

/// First bytes of every grant: no other signed text begins so.
pub const MAGIC: [u8; 16] = *b"annulus-grant-v1";
/// Longest validity, ms (ENGINEERING §5: expiry ≤ 12 h).
pub const MAX_VALIDITY_MS: i64 = 12 * 3600 * 1000;
/// A random identifier.
pub type Id = [u8; 16];

/// Permission for one session on one table.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Grant {
    /// SHA-256 of the signed plan's bytes.
    pub plan_hash: [u8; 32],
    /// The session it opens.
    pub session: Id,
    /// The table it holds for.
    pub table: Id,
    /// The patient, under a name that means nothing outside the clinic.
    pub pseudonym: Id,
    /// Not to be armed before, ms since 1970 UTC.
    pub not_before_ms: i64,
    /// Not to be armed after, ms since 1970 UTC.
    pub expires_ms: i64,
    /// Opens one session and its one resume.
    pub nonce: Id,
    /// The prescribed course of force.
    pub profile: Profile,
    /// What the session may never exceed.
    pub limits: Limits,
    /// Whether only a simulated table may take it.
    pub simulated_only: bool,
}

/// Why a grant was refused.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum GrantError {
    /// The bytes are not of a grant's length.
    Length {
        /// How many there were.
        found: usize,
    },
    /// The bytes do not begin as a grant does.
    Magic,
    /// The bytes hold a number outside its range, or are not the one encoding.
    Malformed,
    /// The validity is empty or longer than 12 h.
    Validity {
        /// Its length, ms.
        ms: i64,
    },
    /// The profile pulls harder than the ceiling.
    ForceAboveCeiling {
        /// What the profile asks for.
        force: Newtons,
        /// What the limits allow.
        ceiling: Newtons,
    },
    /// The profile ramps up or down faster than the limits allow.
    RateAboveLimit,
    /// The profile lasts longer than the session may.
    LongerThanSession,
}

impl fmt::Display for GrantError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Length { found } => {
                write!(f, "grant: {found} bytes, expected {}", Grant::BYTES)
            }
            Self::Magic => f.write_str("grant: the bytes are not a grant of this version"),
            Self::Malformed => f.write_str("grant: a field is outside its range"),
            Self::Validity { ms } => write!(
                f,
                "grant: valid for {ms} ms, expected more than 0 and at most {MAX_VALIDITY_MS}"
            ),
            Self::ForceAboveCeiling { force, ceiling } => write!(
                f,
                "grant: the profile's {} N are above the ceiling of {} N",
                force.get(),
                ceiling.get()
            ),
            Self::RateAboveLimit => f.write_str("grant: the profile ramps faster than its limits"),
            Self::LongerThanSession => {
                f.write_str("grant: the profile is longer than the session may last")
            }
        }
    }
}

impl core::error::Error for GrantError {}

impl Grant {
    /// Length of every encoded grant.
    pub const BYTES: usize =
        16 + 32 + 16 + 16 + 16 + 8 + 8 + 16 + Profile::SIZE + Limits::SIZE + bool::SIZE;

    /// Checks that the parts agree with each other.
    pub fn check(&self) -> Result<(), GrantError> {
        let (profile, limits) = (self.profile.spec(), self.limits.spec());
        let ms = self.expires_ms.saturating_sub(self.not_before_ms);
        if !(1..=MAX_VALIDITY_MS).contains(&ms) {
            return Err(GrantError::Validity { ms });
        }
        if profile.force > limits.ceiling {
            return Err(GrantError::ForceAboveCeiling {
                force: profile.force,
                ceiling: limits.ceiling,
            });
        }
        if profile.ramp > limits.rate_up || profile.release > limits.rate_down {
            return Err(GrantError::RateAboveLimit);
        }
        if self.profile.total() > limits.total_time {
            return Err(GrantError::LongerThanSession);
        }
        Ok(())
    }

    /// The bytes to sign.
    #[must_use]
    pub fn encode(&self) -> [u8; Self::BYTES] {
        let mut bytes = [0; Self::BYTES];
        self.write(&mut Writer::new(&mut bytes));
        bytes
    }

    fn write(&self, out: &mut Writer<'_>) {
        out.bytes(&MAGIC);
        out.bytes(&self.plan_hash);
        out.bytes(&self.session);
        out.bytes(&self.table);
        out.bytes(&self.pseudonym);
        out.i64(self.not_before_ms);
        out.i64(self.expires_ms);
        out.bytes(&self.nonce);
        out.item(&self.profile);
        out.item(&self.limits);
        out.item(&self.simulated_only);
    }

    /// Reads the bytes, refusing any that [`Self::encode`] would not have written
    /// and any whose parts contradict each other.
    pub fn decode(bytes: &[u8]) -> Result<Self, GrantError> {
        if bytes.len() != Self::BYTES {
            return Err(GrantError::Length { found: bytes.len() });
        }
        let mut from = Reader::new(bytes);
        if from.bytes() != Some(MAGIC) {
            return Err(GrantError::Magic);
        }
        let grant = Self::read(&mut from).ok_or(GrantError::Malformed)?;
        if grant.encode() != bytes {
            return Err(GrantError::Malformed);
        }
        grant.check()?;
        Ok(grant)
    }

    fn read(from: &mut Reader<'_>) -> Option<Self> {
        Some(Self {
            plan_hash: from.bytes()?,
            session: from.bytes()?,
            table: from.bytes()?,
            pseudonym: from.bytes()?,
            not_before_ms: from.i64()?,
            expires_ms: from.i64()?,
            nonce: from.bytes()?,
            profile: from.item()?,
            limits: from.item()?,
            simulated_only: from.item()?,
        })
    }
}
