//! Permission for one session: what the clinic's key signs and the bedside reads.
//!
//! The bytes are fixed in size and order, little-endian, and begin with
//! [`MAGIC`]; one grant has exactly one encoding. Signature and expiry are
//! checked by whoever holds a key and a clock, not here.
//!
//! Version 2 added the shape of a profile and the guarding step. Grants of version
//! 1 are still read: they have neither, and the region's own guarding step.
//! `tests/golden.rs` holds both layouts.

use crate::codec::{Codec, Layout, Reader, Writer};
use crate::limits::Limits;
use crate::profile::Profile;
use core::fmt;
use si::Newtons;

/// First bytes of every grant: no other signed text begins so.
pub const MAGIC: [u8; 16] = *b"annulus-grant-v2";
/// First bytes of the grants before it, still read.
pub const FIRST_MAGIC: [u8; 16] = *b"annulus-grant-v1";
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
    pub const BYTES: usize = Self::bytes(Layout::Two);
    /// Length of a grant that begins with [`FIRST_MAGIC`].
    pub const FIRST_BYTES: usize = Self::bytes(Layout::One);

    const fn bytes(layout: Layout) -> usize {
        let ids = MAGIC.len() + 32 + 4 * size_of::<Id>() + 2 * 8;
        ids + Profile::bytes(layout) + Limits::bytes(layout) + bool::SIZE
    }

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
        self.write(Layout::Two, &mut bytes);
        bytes
    }

    fn write(&self, layout: Layout, bytes: &mut [u8]) {
        let mut out = Writer::new(bytes);
        out.bytes(match layout {
            Layout::One => &FIRST_MAGIC,
            Layout::Two => &MAGIC,
        });
        out.bytes(&self.plan_hash);
        out.bytes(&self.session);
        out.bytes(&self.table);
        out.bytes(&self.pseudonym);
        out.i64(self.not_before_ms);
        out.i64(self.expires_ms);
        out.bytes(&self.nonce);
        self.profile.put(&mut out, layout);
        self.limits.put(&mut out, layout);
        out.item(&self.simulated_only);
    }

    /// Whether these are the bytes that this version or the first would have written.
    fn is_written_as(&self, layout: Layout, bytes: &[u8]) -> bool {
        if layout == Layout::Two {
            return self.encode() == bytes;
        }
        let mut first = [0; Self::FIRST_BYTES];
        self.write(layout, &mut first);
        first == bytes
    }

    /// Reads the bytes, refusing any that [`Self::encode`] of their version would
    /// not have written and any whose parts contradict each other.
    pub fn decode(bytes: &[u8]) -> Result<Self, GrantError> {
        let found = bytes.len();
        if found != Self::BYTES && found != Self::FIRST_BYTES {
            return Err(GrantError::Length { found });
        }
        let mut from = Reader::new(bytes);
        let layout = match (from.bytes(), found) {
            (Some(MAGIC), Self::BYTES) => Layout::Two,
            (Some(FIRST_MAGIC), Self::FIRST_BYTES) => Layout::One,
            _ => return Err(GrantError::Magic),
        };
        let grant = Self::read(&mut from, layout).ok_or(GrantError::Malformed)?;
        if !grant.is_written_as(layout, bytes) {
            return Err(GrantError::Malformed);
        }
        grant.check()?;
        Ok(grant)
    }

    fn read(from: &mut Reader<'_>, layout: Layout) -> Option<Self> {
        Some(Self {
            plan_hash: from.bytes()?,
            session: from.bytes()?,
            table: from.bytes()?,
            pseudonym: from.bytes()?,
            not_before_ms: from.i64()?,
            expires_ms: from.i64()?,
            nonce: from.bytes()?,
            profile: Profile::take(from, layout)?,
            limits: Limits::take(from, layout)?,
            simulated_only: from.item()?,
        })
    }
}
