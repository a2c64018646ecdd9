//! A patient who guards: yielded to, rested, stopped, and never pulled back unasked.

use crate::faults::at_hold;
use crate::plant::{Bench, Plant, cervical, grant_of, limits, lumbar, spec};
use si::{Newtons, Region};
use traction::cause::Cause;
use traction::input::Command;
use traction::supervisor::Stage;
use traction::{LimitsSpec, Mode, Refusal};

/// hazard: H7
#[test]
fn guarding_is_yielded_to_then_rested_then_stopped() {
    for (bench, push) in [(lumbar(), 45.0), (cervical(), 14.0)] {
        let mut bench = at_hold(bench);
        let set = bench.last.expect("ran").target.get();
        let mut seen = Vec::new();
        for _ in 0..3 {
            // Tension rises over 150 ms, is kept for a second, and goes.
            for step in 1..=15 {
                bench.plant.muscle = push * f64::from(step) / 15.0;
                bench.tick(|_| {});
            }
            bench.run(0.35);
            let yielded = bench.plant.force();
            assert!(yielded < set + push * 0.35, "{yielded} at {set}");
            seen.push(bench.last.expect("ran").cause);
            for step in (0..=15).rev() {
                bench.plant.muscle = push * f64::from(step) / 15.0;
                bench.tick(|_| {});
            }
            bench.run(8.0);
            assert!(bench.plant.force() < set + 5.0);
        }
        assert_eq!(
            seen,
            [
                Some(Cause::Guarding),
                Some(Cause::GuardingTwice),
                Some(Cause::GuardingThrice)
            ]
        );
    }
}

#[test]
fn after_guarding_twice_base_is_kept_for_a_minute() {
    let mut bench = at_hold(lumbar());
    for _ in 0..2 {
        for step in 1..=15 {
            bench.plant.muscle = 45.0 * f64::from(step) / 15.0;
            bench.tick(|_| {});
        }
        bench.plant.muscle = 40.0;
        bench.run(0.5);
        for step in (0..=15).rev() {
            bench.plant.muscle = 45.0 * f64::from(step) / 15.0;
            bench.tick(|_| {});
        }
        bench.run(4.0);
    }
    assert_eq!(
        bench.last.expect("ran").state.pause,
        Some(Cause::GuardingTwice)
    );
    assert_eq!(
        bench.command(Command::Continue).refused,
        Some(Refusal::Resting)
    );
    let rested = bench.run(60.0);
    assert_eq!(
        rested.state.stage,
        Stage::Paused,
        "it does not end by itself"
    );
    assert_eq!(bench.command(Command::Continue).refused, None);
}

#[test]
fn what_a_patient_who_guarded_gave_up_is_not_pulled_back_by_itself() {
    let mut bench = at_hold(lumbar());
    for step in 1..=15 {
        bench.plant.muscle = 45.0 * f64::from(step) / 15.0;
        bench.tick(|_| {});
    }
    bench.run(1.0);
    for step in (0..15).rev() {
        bench.plant.muscle = 45.0 * f64::from(step) / 15.0;
        bench.tick(|_| {});
    }
    bench.run(10.0);
    let force = bench.plant.force();
    assert!(force < 280.0, "{force}");
    let output = bench.last.expect("ran");
    assert_eq!(output.state.held, Some(Cause::Departed));
    bench.command(Command::AllowIncrease);
    bench.run(15.0);
    assert!((bench.plant.force() - 300.0).abs() < 6.0);
}

/// Force of the patient's own: half a sine (devices H7), also too slow to count as
/// guarding. Whatever the loop calls it, nothing pulls, and it yields at its full rate.
/// hazard: H7
#[test]
fn force_that_the_patient_makes_is_yielded_to_at_the_full_rate_within_a_tenth_of_a_second() {
    for (make, enough) in [(lumbar as fn() -> Bench, 20.0), (cervical, 5.0)] {
        let held = at_hold(make());
        let region = held.session.limits().region;
        let most = traction::numbers::Numbers::of(region).release_most.get();
        for push in [12.0, 50.0, 120.0, 300.0] {
            for seconds in [0.2, 0.6, 2.0, 8.0] {
                let mut bench = held;
                let set = bench.last.expect("ran").target.get();
                let mut since = 0;
                for tick in 1..=(seconds * 100.0) as u32 {
                    let phase = f64::from(tick) / (seconds * 100.0) * core::f64::consts::PI;
                    let start = bench.plant.force();
                    bench.plant.muscle = push * phase.sin();
                    let before = bench.plant.force();
                    let output = bench.tick(|_| {}).output;
                    // A newton for the noise of the cells.
                    let made = before > set.max(output.target.get()) + enough + 1.0;
                    since = if made { since + 1 } else { 0 };
                    let velocity = output.drive.velocity.get();
                    // Where he lets go himself, force falls as fast without the drive.
                    let fell = (start - bench.plant.force()) / 0.01;
                    let rate = (-velocity * bench.plant.stiffness).max(fell);
                    let name = format!("{region} {push} N in {seconds} s, tick {tick}");
                    assert!(since < 2 || velocity < 0.0, "{name}: pulls");
                    assert!(since < 10 || rate > 0.7 * most, "{name}: {rate} N/s");
                }
            }
        }
    }
}

#[test]
fn guarding_at_the_ceiling_itself_is_yielded_to_and_no_fault() {
    let exact = LimitsSpec {
        ceiling: Newtons::of(300.0),
        ..limits(Region::Lumbar, 3)
    };
    let grant = grant_of(spec(Region::Lumbar, Mode::Static), exact);
    let mut bench = at_hold(Bench::new(&grant, Plant::new(12_000.0, 5)));
    let mut seen = false;
    for tick in 0..300_u32 {
        bench.plant.muscle = 30.0 * f64::from(tick.min(8)) / 8.0;
        let output = bench.tick(|_| {}).output;
        seen |= output.cause == Some(Cause::Guarding);
        assert_eq!(output.state.latch, None, "{output:?}");
        assert!(
            tick < 40 || bench.plant.force() < 305.0,
            "yielded within 400 ms"
        );
    }
    assert!(seen);
}

/// hazard: H7
#[test]
fn half_the_lumbar_guarding_step_counts_in_the_first_five_minutes() {
    let rows = [
        (Region::Lumbar, 16.0, [true, false]),
        (Region::Cervical, 7.0, [false, false]),
        (Region::Cervical, 14.0, [true, true]),
    ];
    for (region, push, seen_after) in rows {
        for (after, expected) in [5.0, 300.0].into_iter().zip(seen_after) {
            let mut profile = spec(region, Mode::Static);
            profile.hold = si::Seconds::of(400.0);
            let grant = grant_of(profile, limits(region, 3));
            let mut bench = at_hold(Bench::new(&grant, Plant::new(12_000.0, 5)));
            bench.run(after);
            let mut seen = false;
            for tick in 1..=40_u32 {
                bench.plant.muscle = push * f64::from(tick.min(8)) / 8.0;
                seen |= bench.tick(|_| {}).output.cause == Some(Cause::Guarding);
            }
            assert_eq!(seen, expected, "{region} after {after} s");
        }
    }
}

#[test]
fn a_wider_guarding_step_of_the_grant_lets_a_restless_patient_move() {
    for (step, expected) in [(20.0, true), (60.0, false)] {
        let wide = LimitsSpec {
            guarding_step: Newtons::of(step),
            ..limits(Region::Lumbar, 3)
        };
        let grant = grant_of(spec(Region::Lumbar, Mode::Static), wide);
        let mut bench = at_hold(Bench::new(&grant, Plant::new(12_000.0, 5)));
        let mut seen = false;
        for tick in 1..=40_u32 {
            bench.plant.muscle = 24.0 * f64::from(tick.min(8)) / 8.0;
            seen |= bench.tick(|_| {}).output.cause == Some(Cause::Guarding);
        }
        assert_eq!(seen, expected, "{step} N");
    }
}
