//! Profiles: golden points of each mode, what is refused, and what no profile does.

use crate::plant::{shape, spec};
use proptest::prelude::*;
use si::{Newtons, NewtonsPerSecond, Region, Seconds};
use traction::profile::Part;
use traction::{Mode, Phase, Profile, ProfileError, ProfileSpec, Shape, Ticks};

fn at(profile: &Profile, seconds: f64) -> (f64, Phase, u16) {
    let time = Ticks::from_seconds(Seconds::of(seconds)).expect("a time");
    let point = profile.at(time);
    let rounded = (point.force.get() * 1e6).round() / 1e6;
    (rounded, point.phase, point.cycle)
}

#[test]
fn an_intermittent_profile_passes_through_its_golden_points() {
    // 300 N from 60 N, up 10 N/s, down 15 N/s, 60 s hold, 20 s rest, three pulls.
    let profile = Profile::new(spec(Region::Lumbar, Mode::Intermittent)).expect("valid");
    let rows = [
        (0.0, (0.0, Phase::Ramp, 1)),
        (15.0, (150.0, Phase::Ramp, 1)),
        (30.0, (300.0, Phase::Hold, 1)),
        (89.99, (300.0, Phase::Hold, 1)),
        (90.0, (300.0, Phase::Release, 1)),
        (98.0, (180.0, Phase::Release, 1)),
        (106.0, (60.0, Phase::Rest, 1)),
        (126.0, (60.0, Phase::Ramp, 2)),
        (138.0, (180.0, Phase::Ramp, 2)),
        (150.0, (300.0, Phase::Hold, 2)),
        (270.0, (300.0, Phase::Hold, 3)),
        (330.0, (300.0, Phase::Release, 3)),
        (340.0, (150.0, Phase::Release, 3)),
        (350.0, (0.0, Phase::Complete, 3)),
        (1e6, (0.0, Phase::Complete, 3)),
    ];
    for (seconds, expected) in rows {
        assert_eq!(at(&profile, seconds), expected, "{seconds} s");
    }
    assert_eq!(profile.total(), Ticks::from_secs(350));
}

#[test]
fn a_static_profile_is_one_pull() {
    let profile = Profile::new(spec(Region::Lumbar, Mode::Static)).expect("valid");
    assert_eq!(at(&profile, 29.99), (299.9, Phase::Ramp, 1));
    assert_eq!(at(&profile, 60.0), (300.0, Phase::Hold, 1));
    assert_eq!(at(&profile, 100.0), (150.0, Phase::Release, 1));
    assert_eq!(profile.total(), Ticks::from_secs(110));
}

/// A time, s, and what the profile asks for then.
type Point = (f64, (f64, Phase, u16));

/// 300 N from 60 N, up 10 N/s, down 15 N/s, 60 s hold, 20 s rest, three pulls: first
/// rise 30 s, descent 16 s, later rise 24 s, so that holds begin at 30, 150 and 270 s.
#[test]
fn each_mode_passes_through_its_golden_points() {
    let rows: [(Mode, &[Point]); 4] = [
        (
            // Peaks 150, 225 and 300 N.
            Mode::Progressive,
            &[
                (15.0, (75.0, Phase::Ramp, 1)),
                (30.0, (150.0, Phase::Hold, 1)),
                (98.0, (105.0, Phase::Release, 1)),
                (106.0, (60.0, Phase::Rest, 1)),
                (138.0, (142.5, Phase::Ramp, 2)),
                (150.0, (225.0, Phase::Hold, 2)),
                (270.0, (300.0, Phase::Hold, 3)),
                (340.0, (150.0, Phase::Release, 3)),
                (350.0, (0.0, Phase::Complete, 3)),
            ],
        ),
        (
            Mode::Regressive,
            &[
                (15.0, (150.0, Phase::Ramp, 1)),
                (30.0, (300.0, Phase::Hold, 1)),
                (150.0, (225.0, Phase::Hold, 2)),
                (270.0, (150.0, Phase::Hold, 3)),
                (340.0, (75.0, Phase::Release, 3)),
                (350.0, (0.0, Phase::Complete, 3)),
            ],
        ),
        (
            // Half of the range at 15 s, then 30 s: ln(1 + (e − 1)/2) = 0.620115.
            Mode::Logarithmic,
            &[
                (7.5, (75.0, Phase::Ramp, 1)),
                (15.0, (150.0, Phase::Ramp, 1)),
                (30.0, (243.017_176, Phase::Ramp, 1)),
                (45.0, (300.0, Phase::Hold, 1)),
                (105.0, (300.0, Phase::Release, 1)),
                (113.0, (180.0, Phase::Release, 1)),
                (121.0, (60.0, Phase::Rest, 1)),
                (153.0, (180.0, Phase::Ramp, 2)),
                (168.0, (254.413_741, Phase::Ramp, 2)),
                (183.0, (300.0, Phase::Hold, 2)),
            ],
        ),
        (
            Mode::Oscillating,
            &[
                (30.0, (300.0, Phase::Hold, 1)),
                (32.5, (285.0, Phase::Hold, 1)),
                (35.0, (270.0, Phase::Hold, 1)),
                (40.0, (300.0, Phase::Hold, 1)),
                (90.0, (300.0, Phase::Release, 1)),
                (350.0, (0.0, Phase::Complete, 3)),
            ],
        ),
    ];
    for (mode, points) in rows {
        let profile = Profile::new(spec(Region::Lumbar, mode)).expect("valid");
        for (seconds, expected) in points {
            assert_eq!(at(&profile, *seconds), *expected, "{mode} {seconds} s");
        }
        let longer = if mode == Mode::Logarithmic {
            15 + 2 * 18
        } else {
            0
        };
        assert_eq!(profile.total(), Ticks::from_secs(350 + longer), "{mode}");
    }
}

#[test]
fn a_profile_outside_its_ranges_is_refused_with_the_part_and_the_bound() {
    let good = spec(Region::Lumbar, Mode::Intermittent);
    type Change = (Part, fn(&mut ProfileSpec, f64), f64);
    let rows: [Change; 12] = [
        (Part::Force, |p, v| p.force = Newtons::raw(v), 891.0),
        (Part::Force, |p, v| p.force = Newtons::raw(v), f64::NAN),
        (Part::Force, |p, v| p.force = Newtons::raw(v), -1.0),
        (Part::Base, |p, v| p.base = Newtons::raw(v), -1.0),
        (Part::Ramp, |p, v| p.ramp = NewtonsPerSecond::raw(v), 0.0),
        (Part::Ramp, |p, v| p.ramp = NewtonsPerSecond::raw(v), 51.0),
        (
            Part::Release,
            |p, v| p.release = NewtonsPerSecond::raw(v),
            f64::INFINITY,
        ),
        (Part::Hold, |p, v| p.hold = Seconds::raw(v), 0.0),
        (Part::Rest, |p, v| p.rest = Seconds::raw(v), 4.0),
        (Part::Cycles, |p, v| p.cycles = v as u16, 0.0),
        (Part::Cycles, |p, v| p.cycles = v as u16, 201.0),
        (Part::Total, |p, v| p.cycles = v as u16, 60.0),
    ];
    for (expected, change, value) in rows {
        let mut spec = good;
        change(&mut spec, value);
        let part = match Profile::new(spec) {
            Err(ProfileError::Below { part, .. } | ProfileError::Above { part, .. }) => part,
            Err(ProfileError::NotFinite(part)) => part,
            other => panic!("{spec:?}: {other:?}"),
        };
        assert_eq!(part, expected, "{value}");
    }
    let upside_down = Profile::new(ProfileSpec {
        base: Newtons::of(300.0),
        ..good
    });
    assert!(matches!(
        upside_down,
        Err(ProfileError::BaseNotBelowForce { .. })
    ));
}

#[test]
fn a_number_that_the_mode_does_not_use_is_refused_unless_it_is_nought() {
    let good = spec(Region::Lumbar, Mode::Intermittent);
    type Change = (Part, fn(&mut Shape));
    let rows: [Change; 4] = [
        (Part::Least, |s| s.least = Newtons::of(100.0)),
        (Part::Rise, |s| s.rise = Seconds::raw(f64::NAN)),
        (Part::Swing, |s| s.swing = Newtons::raw(-0.0)),
        (Part::Period, |s| s.period = Seconds::of(1e-9)),
    ];
    for (expected, change) in rows {
        let mut spec = good;
        change(&mut spec.shape);
        match Profile::new(spec) {
            Err(error @ ProfileError::Unused { part, mode, .. }) => {
                assert_eq!((part, mode), (expected, Mode::Intermittent));
                let text = error.to_string();
                assert!(
                    text.starts_with(part.as_str()) && text.ends_with("use 0"),
                    "{text}"
                );
            }
            other => panic!("{expected}: {other:?}"),
        }
    }
}

type Change = (Mode, fn(&mut ProfileSpec, f64), f64, &'static str);

fn refused(rows: &[Change]) {
    for (mode, change, value, expected) in rows {
        let mut spec = spec(Region::Lumbar, *mode);
        change(&mut spec, *value);
        let refused = Profile::new(spec).expect_err(expected);
        assert_eq!(refused.to_string(), *expected);
    }
}

#[test]
fn steps_outside_their_ranges_are_refused_with_the_part_and_the_remedy() {
    let least = |p: &mut ProfileSpec, v: f64| p.shape.least = Newtons::raw(v);
    let (up, down) = (Mode::Progressive, Mode::Regressive);
    refused(&[
        (
            up,
            least,
            9.9,
            "least_n: 9.9 is below the least allowed, 60",
        ),
        (
            down,
            least,
            301.0,
            "least_n: 301 is above the most allowed, 300",
        ),
        (
            down,
            least,
            60.0,
            "least_n: 60 is not between base_n 60 and force_n 300",
        ),
        (
            up,
            least,
            300.0,
            "least_n: 300 is not between base_n 60 and force_n 300",
        ),
        (up, least, f64::NAN, "least_n: not a finite number"),
        (
            up,
            |p, v| p.cycles = v as u16,
            1.0,
            "cycles: 1 is below the least allowed, 2",
        ),
    ]);
}

#[test]
fn a_swing_or_a_rise_outside_its_ranges_is_refused_with_the_part_and_the_remedy() {
    let swing = |p: &mut ProfileSpec, v: f64| p.shape.swing = Newtons::raw(v);
    let period = |p: &mut ProfileSpec, v: f64| p.shape.period = Seconds::raw(v);
    let hold = |p: &mut ProfileSpec, v: f64| p.hold = Seconds::raw(v);
    let rest = |p: &mut ProfileSpec, v: f64| p.rest = Seconds::raw(v);
    let rise = |p: &mut ProfileSpec, v: f64| p.shape.rise = Seconds::raw(v);
    let (log, osc) = (Mode::Logarithmic, Mode::Oscillating);
    let broken = "hold_s: 62 is not a whole number of periods of 10 s; use 60";
    let unused = "rise_s: 1 means nothing in static mode; use 0";
    refused(&[
        (log, rest, 4.0, "rest_s: 4 is below the least allowed, 5"),
        (
            osc,
            swing,
            241.0,
            "swing_n: 241 is above the most allowed, 240",
        ),
        (osc, swing, 0.0, "swing_n: 0 is below the least allowed, 2"),
        (
            osc,
            period,
            61.0,
            "period_s: 61 is above the most allowed, 60",
        ),
        (osc, hold, 62.0, broken),
        (Mode::Static, rise, 1.0, unused),
    ]);
}

/// The slow half is never steeper than the fast one, and no swing faster than the ramps.
#[test]
fn a_rise_or_a_swing_faster_than_the_ramps_is_refused() {
    let log = spec(Region::Lumbar, Mode::Logarithmic);
    let swing = spec(Region::Lumbar, Mode::Oscillating);
    let steep = (std::f64::consts::E - 1.0) * 15.0;
    let fast = std::f64::consts::PI * 3.0;
    for (spec, part, least) in [(log, Part::Rise, steep), (swing, Part::Period, fast)] {
        let with = |value: f64| {
            let mut spec = spec;
            match part {
                Part::Rise => spec.shape.rise = Seconds::raw(value),
                _ => {
                    spec.shape.period = Seconds::raw(value);
                    spec.hold = Seconds::raw(value * 3.0);
                }
            }
            Profile::new(spec)
        };
        assert!(with((least * 100.0).ceil() / 100.0).is_ok(), "{part}");
        match with(least - 0.01) {
            Err(ProfileError::Below { part: found, .. }) => assert_eq!(found, part),
            other => panic!("{part}: {other:?}"),
        }
    }
}

prop_compose! {
    /// Profiles of every mode, most of them valid.
    fn any_spec()(
        mode in prop::sample::select(Mode::ALL.to_vec()),
        force in 20.0_f64..890.0,
        base_share in 0.1_f64..0.6,
        shares in (0.61_f64..0.99, 0.01_f64..0.4),
        rates in (1.0_f64..50.0, 1.0_f64..50.0),
        hold in 5.0_f64..90.0,
        rest in 5.0_f64..60.0,
        stretch in 1.0_f64..3.0,
        periods in 1_u32..6,
        cycles in 1_u16..4,
    ) -> ProfileSpec {
        let (ramp, release) = rates;
        let mut hold = hold;
        let mut made = shape(mode, force);
        match mode {
            Mode::Progressive | Mode::Regressive => made.least = Newtons::of(force * shares.0),
            Mode::Logarithmic => made.rise = Seconds::of(0.8592 * force / ramp * stretch),
            Mode::Oscillating => {
                let swing = force * shares.1;
                let least = std::f64::consts::PI * swing / f64::min(ramp, release);
                let period = (least.max(2.0) * stretch * 100.0).ceil() / 100.0;
                made = Shape { swing: Newtons::of(swing), period: Seconds::of(period), ..made };
                hold = period * f64::from(periods);
            }
            _ => {}
        }
        let is_static = mode == Mode::Static;
        let steps = matches!(mode, Mode::Progressive | Mode::Regressive);
        ProfileSpec {
            mode,
            force: Newtons::of(force),
            base: Newtons::of(force * base_share),
            ramp: NewtonsPerSecond::of(ramp),
            release: NewtonsPerSecond::of(release),
            hold: Seconds::of(hold),
            rest: Seconds::of(match mode {
                Mode::Static | Mode::Cyclic => 0.0,
                _ => rest,
            }),
            cycles: if is_static { 1 } else { cycles.max(if steps { 2 } else { 1 }) },
            shape: made,
        }
    }
}

proptest! {
    #![proptest_config(crate::plant::cases(128))]

    #[test]
    fn a_profile_never_leaves_its_force_nor_jumps(spec in any_spec()) {
        let (force, ramp, release) = (spec.force.get(), spec.ramp.get(), spec.release.get());
        let Ok(profile) = Profile::new(spec) else {
            return Ok(());
        };
        let (mut last, mut strongest) = (0.0, 0.0_f64);
        for tick in 0..=profile.total().count() {
            let point = profile.at(Ticks::new(tick));
            let now = point.force.get();
            prop_assert!((0.0..=force).contains(&now));
            prop_assert!(now - last <= ramp * 0.01 + 1e-9, "up at {tick}");
            prop_assert!(last - now <= release * 0.01 + 1e-9, "down at {tick}");
            prop_assert!(point.rate.get() <= ramp + 1e-9 && point.rate.get() >= -release - 1e-9);
            prop_assert!(point.cycle >= 1 && point.cycle <= profile.spec().cycles);
            let oscillates = spec.mode == Mode::Oscillating;
            prop_assert!(point.phase != Phase::Hold || oscillates || point.rate.get() == 0.0);
            last = now;
            strongest = strongest.max(now);
        }
        prop_assert_eq!(strongest, force);
        prop_assert_eq!(profile.at(profile.total()).phase, Phase::Complete);
        prop_assert_eq!(profile.at(Ticks::new(profile.total().count() - 1)).phase, Phase::Release);
        prop_assert_eq!(last, 0.0);
    }
}

/// Nearly every profile that the property draws is one.
#[test]
fn the_property_of_profiles_is_not_empty() {
    use proptest::strategy::ValueTree;
    use proptest::test_runner::TestRunner;
    let mut runner = TestRunner::deterministic();
    let mut valid = std::collections::BTreeMap::new();
    for _ in 0..400 {
        let spec = any_spec().new_tree(&mut runner).expect("a spec").current();
        let count: &mut [u32; 2] = valid.entry(spec.mode).or_default();
        count[usize::from(Profile::new(spec).is_ok())] += 1;
    }
    for (mode, [refused, made]) in valid {
        assert!(made > 2 * refused, "{mode}: {made} made, {refused} refused");
    }
}

/// Where a phase goes on before and after: but for the one kink of a logarithmic rise.
#[test]
fn the_rate_of_every_mode_is_the_slope_of_its_force() {
    for mode in Mode::ALL {
        let profile = Profile::new(spec(Region::Lumbar, *mode)).expect("valid");
        let point = |tick| profile.at(Ticks::new(tick));
        let off = |tick: &u32| {
            let (before, now, after) = (point(tick - 1), point(*tick), point(tick + 1));
            let smooth = before.phase == after.phase && before.cycle == after.cycle;
            let slope = (after.force - before.force).get() / 0.02;
            smooth && (slope - now.rate.get()).abs() > 1e-3
        };
        let wrong: Vec<u32> = (1..profile.total().count()).filter(off).collect();
        let kinks = match mode {
            Mode::Logarithmic => usize::from(profile.spec().cycles),
            _ => 0,
        };
        assert!(wrong.len() <= kinks, "{mode} at ticks {wrong:?}");
    }
}

#[test]
fn a_static_profile_of_two_pulls_is_refused() {
    let twice = ProfileSpec {
        cycles: 2,
        ..spec(Region::Lumbar, Mode::Static)
    };
    let error = Profile::new(twice).expect_err("one pull");
    assert!(error.to_string().contains("cycles"), "{error}");
}

/// The remedy names the nearest hold of whole periods that is long enough.
#[test]
fn an_oscillating_hold_of_broken_periods_says_which_would_be_whole() {
    let with = |hold: f64, period: f64| ProfileSpec {
        hold: Seconds::of(hold),
        shape: Shape {
            period: Seconds::of(period),
            swing: Newtons::of(9.0),
            ..Shape::NONE
        },
        ..spec(Region::Lumbar, Mode::Oscillating)
    };
    let refused = |spec| match Profile::new(spec) {
        Err(ProfileError::BrokenPeriod { whole, .. }) => whole,
        other => panic!("{other:?}"),
    };
    assert_eq!(refused(with(65.0, 10.0)), 60.0);
    // Five seconds are the shortest hold: a period of 5 s is one, a period of 3 s is not.
    assert_eq!(refused(with(7.0, 5.0)), 5.0);
    assert_eq!(refused(with(5.5, 3.0)), 6.0);
}
