//! Whole sessions on a creeping spring.

use crate::plant::{Bench, Plant, cervical, grant, grant_of, limits, lumbar, spec};
use si::{NewtonsPerSecond, Region};
use traction::cause::Cause;
use traction::supervisor::Stage;
use traction::{Mode, Phase, ProfileSpec};

#[test]
fn a_session_of_each_mode_completes_in_the_time_that_was_known_before() {
    for region in Region::ALL {
        for &mode in Mode::ALL {
            let grant = grant(region, mode);
            let mut bench = Bench::new(&grant, Plant::new(10_000.0, 5));
            bench.start();
            bench.until(30.0, |o| o.state.stage == Stage::Running);
            let begin = bench.last.expect("ran").tick;
            let end = bench.until(900.0, |o| o.state.stage == Stage::Complete);
            let took = f64::from(end.tick.since(begin).count()) / 100.0;
            let planned = grant.profile.total().seconds().get();
            assert!(
                (took - planned).abs() <= 1.0,
                "{region} {mode}: {took} s, planned {planned} s"
            );
            assert_eq!(end.state.latch, None, "{region} {mode}");
        }
    }
}

#[test]
fn a_hold_is_kept_within_five_newtons_or_two_percent() {
    for region in Region::ALL {
        for stiffness in [3_000.0, 10_000.0, 40_000.0] {
            let slow = ProfileSpec {
                ramp: NewtonsPerSecond::of(4.0),
                ..spec(region, Mode::Intermittent)
            };
            let grant = grant_of(slow, limits(region, 3));
            let mut bench = Bench::new(&grant, Plant::new(stiffness, 9));
            bench.start();
            let mut worst: f64 = 0.0;
            let mut square = 0.0;
            let mut count = 0.0;
            let mut settled = 0;
            loop {
                let output = bench.tick(|_| {}).output;
                if output.state.stage == Stage::Complete {
                    break;
                }
                assert_eq!(output.state.latch, None, "{region} {stiffness}: {output:?}");
                let still = matches!(output.phase, Phase::Hold | Phase::Rest);
                settled = if still { settled + 1 } else { 0 };
                if settled > 100 {
                    let error = bench.plant.force() - output.set_point.get();
                    worst = worst.max(error.abs());
                    square += error * error;
                    count += 1.0;
                }
            }
            let rms = f64::sqrt(square / count);
            assert!(worst <= 5.0, "{region} {stiffness}: {worst}");
            assert!(rms <= 2.0, "{region} {stiffness}: {rms} rms");
        }
    }
}

/// Steps, slow rises and swings are followed as a plain hold is.
#[test]
fn every_shaped_mode_is_followed_within_five_newtons_or_two_percent_in_its_holds() {
    for region in Region::ALL {
        for mode in [
            Mode::Progressive,
            Mode::Regressive,
            Mode::Logarithmic,
            Mode::Oscillating,
        ] {
            let mut bench = Bench::new(&grant(region, mode), Plant::new(10_000.0, 11));
            bench.start();
            let (mut settled, mut worst) = (0, 0.0_f64);
            while bench.last.is_none_or(|o| o.state.stage != Stage::Complete) {
                let output = bench.tick(|_| {}).output;
                assert_eq!(output.state.latch, None, "{region} {mode}: {output:?}");
                let still = output.phase == Phase::Hold;
                settled = if still { settled + 1 } else { 0 };
                if settled > 100 {
                    worst = worst.max((bench.plant.force() - output.set_point.get()).abs());
                }
            }
            assert!(worst <= 5.0, "{region} {mode}: {worst}");
        }
    }
}

#[test]
fn lumbar_and_cervical_reach_their_force() {
    for (mut bench, force) in [(lumbar(), 300.0), (cervical(), 80.0)] {
        bench.start();
        let output = bench.until(60.0, |o| o.phase == Phase::Hold);
        assert_eq!(output.cause, None::<Cause>);
        let reached = bench.run(3.0).force.get();
        assert!((reached - force).abs() < 6.0, "{reached}");
    }
}
