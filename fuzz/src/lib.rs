//! What targets and seeds share: valid grants and recordings, and hashes made anew.
//!
//! A hash would stop a fuzzer at the first byte it changes. [`resealed`] makes every
//! hash of a recording anew, so that what lies behind them is reached too; the first
//! byte of an input says whether that is done.

use ed25519_dalek::SigningKey;
use sha2::{Digest as _, Sha256};
use si::{Metres, Newtons, NewtonsPerSecond, Region, Seconds};
use table::SignedGrant;
use traction::grant::Grant;
use traction::{ComfortLimits, Limits, LimitsSpec, Mode, Profile, ProfileSpec, Shape, Ticks};

const HASH: usize = 32;

/// A grant for a short pull in `region`.
///
/// # Panics
/// Never: the numbers lie within the limits.
#[must_use]
pub fn grant(region: Region) -> Grant {
    let force = if region == Region::Lumbar {
        200.0
    } else {
        60.0
    };
    let profile = Profile::new(ProfileSpec {
        mode: Mode::Static,
        force: Newtons::of(force),
        base: Newtons::of(20.0),
        ramp: NewtonsPerSecond::of(10.0),
        release: NewtonsPerSecond::of(10.0),
        hold: Seconds::of(5.0),
        rest: Seconds::of(0.0),
        cycles: 1,
        shape: Shape::NONE,
    })
    .expect("a plain profile");
    let limits = Limits::new(LimitsSpec {
        region,
        ceiling: Newtons::of(force + 20.0),
        rate_up: NewtonsPerSecond::of(20.0),
        rate_down: NewtonsPerSecond::of(20.0),
        total_time: Ticks::new(profile.total().count() + 6_000),
        travel: Metres::of(0.12),
        resume_factor: 0.75,
        comfort: ComfortLimits::from_arrival(3).expect("a score"),
        guarding_step: traction::limits::standard_guarding(region),
    })
    .expect("limits within the compiled ones");
    Grant {
        plan_hash: [1; 32],
        session: [2; 16],
        table: [7; 16],
        pseudonym: [3; 16],
        not_before_ms: 0,
        expires_ms: 3_600_000,
        nonce: [4; 16],
        profile,
        limits,
        simulated_only: true,
    }
}

/// The same, signed.
#[must_use]
pub fn signed(region: Region) -> SignedGrant {
    SignedGrant::sign(&grant(region), &SigningKey::from_bytes(&[42; 32]))
}

/// The recording with every hash made anew, as far as its lengths lead.
#[must_use]
pub fn resealed(bytes: &[u8]) -> Vec<u8> {
    let mut out = bytes.to_vec();
    let Some(length) = number(&out, 8) else {
        return out;
    };
    let mut at = 12_usize.saturating_add(length);
    let Some(head) = out.get(..at) else {
        return out;
    };
    let frame = number(head, 12).unwrap_or(0);
    let mut chain: [u8; HASH] = Sha256::digest(head).into();
    loop {
        let Some(place) = out.get_mut(at..at + HASH) else {
            return out;
        };
        place.copy_from_slice(&chain);
        let begin = at + HASH;
        let size = match number(&out, begin) {
            Some(0xFFFF_FFFF) => number(&out, begin + 13).map_or(0, |reason| 17 + reason),
            Some(count) if count <= 10 => 4 + count * frame,
            _ => return out,
        };
        let Some(record) = out.get(begin..begin.saturating_add(size)) else {
            return out;
        };
        let mut hash = Sha256::new();
        hash.update(chain);
        hash.update(record);
        chain = hash.finalize().into();
        at = begin + size;
    }
}

fn number(bytes: &[u8], at: usize) -> Option<usize> {
    let four = bytes.get(at..)?.first_chunk::<4>()?;
    usize::try_from(u32::from_le_bytes(*four)).ok()
}
