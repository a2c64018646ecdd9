//! What the tests share: grants, keys, tables, a bedside in a directory of its own.

use ed25519_dalek::SigningKey;
use si::{Metres, Newtons, NewtonsPerSecond, Region, Seconds};
use table::SignedGrant;
use table::simulated::{Options as TableOptions, SimulatedTable};
use traction::grant::Grant;
use traction::{ComfortLimits, Limits, LimitsSpec, Mode, Profile, ProfileSpec, Ticks};

pub(crate) const TABLE: [u8; 16] = [7; 16];
pub(crate) const NOW_MS: i64 = 1_790_000_000_000;

/// A static pull.
pub(crate) fn static_profile(force: f64, hold_s: f64) -> Profile {
    Profile::new(ProfileSpec {
        mode: Mode::Static,
        force: Newtons::of(force),
        base: Newtons::of((force * 0.2).min(40.0)),
        ramp: NewtonsPerSecond::of(10.0),
        release: NewtonsPerSecond::of(10.0),
        hold: Seconds::of(hold_s),
        rest: Seconds::of(0.0),
        cycles: 1,
    })
    .expect("a plain profile")
}

/// Twenty minutes of 60 s on, 20 s off.
pub(crate) fn intermittent_profile() -> Profile {
    Profile::new(ProfileSpec {
        mode: Mode::Intermittent,
        force: Newtons::of(300.0),
        base: Newtons::of(80.0),
        ramp: NewtonsPerSecond::of(20.0),
        release: NewtonsPerSecond::of(20.0),
        hold: Seconds::of(50.0),
        rest: Seconds::of(10.0),
        cycles: 14,
    })
    .expect("a plain profile")
}

/// A lumbar grant for `profile`, arrival discomfort 3.
pub(crate) fn grant(profile: Profile) -> Grant {
    grant_in(Region::Lumbar, profile)
}

pub(crate) fn grant_in(region: Region, profile: Profile) -> Grant {
    let force = profile.spec().force.get();
    let limits = Limits::new(LimitsSpec {
        region,
        ceiling: Newtons::of(force + 20.0),
        rate_up: NewtonsPerSecond::of(20.0),
        rate_down: NewtonsPerSecond::of(20.0),
        total_time: Ticks::new(profile.total().count() + 60_000),
        travel: Metres::of(0.12),
        resume_factor: 0.75,
        comfort: ComfortLimits::from_arrival(3).expect("3 is a score"),
    })
    .expect("limits within the compiled ones");
    Grant {
        plan_hash: [1; 32],
        session: [2; 16],
        table: TABLE,
        pseudonym: [3; 16],
        not_before_ms: NOW_MS - 1_000,
        expires_ms: NOW_MS + 3_600_000,
        nonce: [4; 16],
        profile,
        limits,
        simulated_only: true,
    }
}

pub(crate) fn key() -> SigningKey {
    SigningKey::from_bytes(&[42; 32])
}

pub(crate) fn signed(grant: &Grant) -> SignedGrant {
    SignedGrant::sign(grant, &key())
}

pub(crate) fn table(seed: u64) -> SimulatedTable {
    SimulatedTable::new(TableOptions::new(TABLE, seed)).expect("the default patient")
}
