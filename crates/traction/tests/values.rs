//! Limits, grants and frames: round trips, refusals.

use crate::plant::{grant, limits, lumbar};
use proptest::prelude::*;
use si::{Newtons, NewtonsPerSecond, Region, Seconds};
use traction::grant::GrantError;
use traction::limits::{LimitPart, LimitsError};
use traction::numbers::Numbers;
use traction::{
    ArmError, ComfortAnswer, ComfortLimits, Frame, Grant, Limits, LimitsSpec, Mode, Session, Setup,
    Ticks,
};

#[test]
fn a_guarding_step_lies_in_the_range_of_its_region() {
    for (region, least, most) in [(Region::Lumbar, 10.0, 60.0), (Region::Cervical, 4.0, 8.0)] {
        let with = |step| {
            Limits::new(LimitsSpec {
                guarding_step: Newtons::raw(step),
                ..limits(region, 3)
            })
        };
        for step in [least, most] {
            assert!(with(step).is_ok(), "{region} {step}");
        }
        for step in [least - 0.1, most + 0.1, 0.0, -1.0, f64::NAN] {
            let error = with(step).expect_err("outside");
            assert_eq!(error.part, LimitPart::GuardingStep, "{region} {step}");
            let text = error.to_string();
            let bounds = format!("must be at least {least} and at most {most}");
            assert!(text.ends_with(&bounds), "{text}");
        }
    }
}

/// hazard: H1
#[test]
fn nothing_raises_a_compiled_ceiling() {
    for (region, most) in [(Region::Lumbar, 890.0), (Region::Cervical, 200.0)] {
        assert_eq!(traction::ceiling(region), Newtons::of(most));
        for force in [most + 1e-9, f64::NAN, f64::INFINITY, 0.0, -5.0] {
            let ceiling = Newtons::raw(force);
            let refused = Limits::new(LimitsSpec {
                ceiling,
                ..limits(region, 3)
            });
            let part = LimitPart::Ceiling;
            assert!(
                matches!(refused, Err(LimitsError { part: p, .. }) if p == part),
                "{force}"
            );
        }
    }
    let more = LimitsSpec {
        resume_factor: 0.76,
        ..limits(Region::Lumbar, 3)
    };
    assert!(Limits::new(more).is_err());
}

/// CLINICAL §5 in words: rise ≥ 3, or ≥ 7 and above arrival, stops; rise ≥ 2 holds.
fn comfort_in_words(arrival: u8, now: u8) -> ComfortAnswer {
    let rise = i16::from(now) - i16::from(arrival);
    if rise >= 3 || (now >= 7 && now > arrival) {
        ComfortAnswer::Stop
    } else if rise >= 2 {
        ComfortAnswer::NoIncrease
    } else {
        ComfortAnswer::Continue
    }
}

#[test]
fn all_eleven_by_eleven_comfort_scores_answer_as_the_clinic_says() {
    for arrival in 0..=10 {
        for now in 0..=10 {
            let expected = comfort_in_words(arrival, now);
            assert_eq!(
                ComfortLimits::answer(arrival, now),
                expected,
                "{arrival} {now}"
            );
        }
    }
    assert_eq!(ComfortLimits::answer(3, 11), ComfortAnswer::Stop);
    assert_eq!(ComfortLimits::answer(11, 0), ComfortAnswer::Stop);
}

#[test]
fn comfort_limits_may_be_stricter_and_never_looser() {
    assert!(ComfortLimits::new(3, 4, 5).is_some());
    assert!(ComfortLimits::new(3, 6, 6).is_none());
    assert!(ComfortLimits::new(3, 5, 7).is_none());
    assert!(ComfortLimits::new(11, 0, 0).is_none());
    assert!(ComfortLimits::new(3, 3, 5).is_none());
    assert!(ComfortLimits::new(3, 4, 3).is_none());
}

#[test]
fn a_release_from_every_force_is_below_twenty_newtons_in_time() {
    for (region, least, most) in [
        (Region::Lumbar, 100.0, 200.0),
        (Region::Cervical, 20.0, 50.0),
    ] {
        let numbers = Numbers::of(region);
        let highest = traction::ceiling(region).get() + numbers.never_over.get();
        let mut force = 0.0;
        while force <= highest {
            let rate = numbers.release_rate(Newtons::of(force)).get();
            let planned: f64 = (force - 20.0) / 4.5;
            assert!(
                (rate - planned.max(least).min(most)).abs() < 1e-9,
                "{force}"
            );
            assert!((force - 20.0) / rate < 5.0, "{force} N at {rate} N/s");
            force += 0.5;
        }
        let broken = numbers.release_rate(Newtons::raw(f64::NAN));
        assert_eq!(broken.get(), most);
    }
}

#[test]
fn a_grant_is_written_and_read_back() {
    for region in Region::ALL {
        for &mode in Mode::ALL {
            let grant = grant(region, mode);
            assert_eq!(Grant::decode(&grant.encode()), Ok(grant));
        }
    }
    assert_eq!(
        Grant::BYTES,
        grant(Region::Lumbar, Mode::Static).encode().len()
    );
}

#[test]
fn a_grant_of_any_other_length_is_refused() {
    let bytes = grant(Region::Lumbar, Mode::Static).encode();
    for length in 0..bytes.len() {
        let refused = Grant::decode(&bytes[..length]);
        // As long as a grant of version 1, it does not begin as one.
        let expected = match length {
            Grant::FIRST_BYTES => GrantError::Magic,
            found => GrantError::Length { found },
        };
        assert_eq!(refused, Err(expected));
    }
    let mut longer = bytes.to_vec();
    longer.push(0);
    assert!(matches!(
        Grant::decode(&longer),
        Err(GrantError::Length { .. })
    ));
}

#[test]
fn a_grant_with_any_bit_flipped_is_refused_or_is_another_valid_grant() {
    let original = grant(Region::Cervical, Mode::Cyclic);
    let bytes = original.encode();
    for bit in 0..bytes.len() * 8 {
        let mut changed = bytes;
        changed[bit / 8] ^= 1 << (bit % 8);
        if let Ok(other) = Grant::decode(&changed) {
            assert_ne!(other, original, "bit {bit}");
            assert_eq!(other.encode(), changed, "bit {bit}");
            assert_eq!(other.check(), Ok(()), "bit {bit}");
        }
    }
}

#[test]
fn a_grant_has_only_one_encoding() {
    let mut bytes = grant(Region::Lumbar, Mode::Static).encode();
    // Cycles follow magic, plan, three identifiers, two instants, nonce and mode; a
    // static profile with none means the same as with one.
    let cycles = 16 + 32 + 3 * 16 + 2 * 8 + 16 + 1;
    assert_eq!(bytes[cycles..cycles + 2], [1, 0]);
    bytes[cycles] = 0;
    assert_eq!(Grant::decode(&bytes), Err(GrantError::Malformed));
}

#[test]
fn a_grant_that_contradicts_itself_is_refused() {
    let good = grant(Region::Lumbar, Mode::Static);
    let with = |change: fn(&mut LimitsSpec)| {
        let mut spec = *good.limits.spec();
        change(&mut spec);
        let limits = Limits::new(spec).expect("valid by itself");
        Grant { limits, ..good }
    };
    let lower = with(|l| l.ceiling = Newtons::of(299.0));
    assert!(matches!(
        lower.check(),
        Err(GrantError::ForceAboveCeiling { .. })
    ));
    let slower = with(|l| l.rate_up = NewtonsPerSecond::of(9.0));
    assert_eq!(slower.check(), Err(GrantError::RateAboveLimit));
    let shorter = with(|l| l.total_time = Ticks::from_secs(109));
    assert_eq!(shorter.check(), Err(GrantError::LongerThanSession));
    let expires_ms = good.not_before_ms + 12 * 3_600_000 + 1;
    let long = Grant { expires_ms, ..good };
    assert!(matches!(long.check(), Err(GrantError::Validity { .. })));
    assert!(Grant::decode(&long.encode()).is_err());
}

/// hazard: H14
#[test]
fn a_session_is_armed_only_on_the_table_it_was_granted_for() {
    let good = grant(Region::Lumbar, Mode::Static);
    let setup = Setup::simulated(Region::Lumbar);
    let refused = |setup: Setup| Session::arm(&good, &setup).err();
    assert_eq!(refused(setup), None);
    let harness = Setup::simulated(Region::Cervical);
    assert!(matches!(refused(harness), Some(ArmError::Region { .. })));
    let real = Setup {
        simulated: false,
        ..setup
    };
    assert_eq!(refused(real), Some(ArmError::SimulatedOnly));
    for watchdog_ms in [0, 301, u32::MAX] {
        let off = Setup {
            watchdog_ms,
            ..setup
        };
        assert_eq!(refused(off), Some(ArmError::Watchdog { ms: watchdog_ms }));
    }
    let weak = Setup {
        table_ceiling: Newtons::of(319.0),
        ..setup
    };
    assert!(matches!(refused(weak), Some(ArmError::TableCeiling { .. })));
    let fast = Setup {
        pull_speed: traction::MetresPerSecond::raw(0.02),
        ..setup
    };
    assert!(matches!(refused(fast), Some(ArmError::Overshoot { .. })));
    let broken = Setup {
        reaction: Seconds::raw(f64::NAN),
        ..setup
    };
    assert_eq!(refused(broken), Some(ArmError::Setup));
}

#[test]
fn frames_of_a_whole_session_survive_their_bytes_and_replay_to_the_same_bits() {
    let mut bench = lumbar();
    let mut replayed = bench.session;
    let mut check = |frame: &Frame| {
        let bytes = frame.encode();
        let read = Frame::decode(&bytes).expect("a frame");
        assert_eq!(read.encode(), bytes);
        assert_eq!(replayed.record(&read.input).encode(), bytes);
    };
    for tick in 0..60_000_u32 {
        let frame = bench.tick(|input| {
            if tick < 20 {
                input.switch = traction::input::Switch::PRESSED;
            }
            if tick == 30 {
                input.command = Some(traction::input::Command::Start);
            }
            if tick % 977 == 0 {
                input.force_a = Some(traction::input::Sample::fresh(-f64::NAN));
            }
        });
        check(&frame);
    }
}

#[test]
fn a_frame_of_another_length_or_version_is_refused() {
    let bytes = lumbar().tick(|_| {}).encode();
    for length in 0..bytes.len() {
        assert_eq!(Frame::decode(&bytes[..length]), None);
    }
    let mut other = bytes;
    other[0] = 3;
    assert_eq!(Frame::decode(&other), None);
}

proptest! {
    #![proptest_config(crate::plant::cases(256))]

    #[test]
    fn no_bytes_make_a_grant_that_breaks_its_own_rules(bytes in proptest::collection::vec(any::<u8>(), 0..400)) {
        if let Ok(grant) = Grant::decode(&bytes) {
            prop_assert_eq!(grant.check(), Ok(()));
        }
    }
}

#[test]
fn a_span_becomes_whole_ticks_rounded_up_and_none_where_it_is_no_span() {
    let ticks = |s: f64| Ticks::from_seconds(Seconds::raw(s)).map(Ticks::count);
    assert_eq!(ticks(0.0), Some(0));
    assert_eq!(ticks(0.021), Some(3));
    assert_eq!(ticks(0.02), Some(2));
    for no_span in [-0.001, -5.0, f64::NAN, f64::INFINITY, 5e7] {
        assert_eq!(ticks(no_span), None, "{no_span}");
    }
}
