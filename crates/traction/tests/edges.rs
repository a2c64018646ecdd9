//! The guard's rarer answers, each shown by a fault that only it can catch.

use crate::campaign::{demand, guard_config, pulled_to, running};
use crate::faults::{at_hold, scale};
use crate::plant::{Bench, Plant, grant, grant_of, limits, lumbar, spec};
use si::{Metres, Newtons, Region};
use traction::cause::{Action, Cause};
use traction::guard::{self, Watch};
use traction::input::Sample;
use traction::supervisor::{SessionState, Stage};
use traction::{Drive, LimitsSpec, Mode, Phase, ProfileSpec};

#[test]
fn a_harness_that_nobody_wears_is_given_up_after_a_minute() {
    let mut bench = crate::plant::cervical();
    bench.plant.slack = 1.0;
    bench.start();
    let begun = bench.last.expect("ran").tick;
    let stopped = bench.until(70.0, |o| o.state.latch.is_some());
    assert_eq!(stopped.cause, Some(Cause::NoContact));
    assert!((6000..6010).contains(&stopped.tick.since(begun).count()));
}

#[test]
fn slack_without_end_is_too_much_travel() {
    let short = LimitsSpec {
        travel: Metres::of(0.02),
        ..limits(Region::Lumbar, 3)
    };
    let mut plant = Plant::new(10_000.0, 4);
    plant.slack = 10.0;
    let mut bench = Bench::new(&grant_of(spec(Region::Lumbar, Mode::Static), short), plant);
    bench.start();
    let stopped = bench.until(59.0, |o| o.state.latch.is_some());
    assert_eq!(stopped.cause, Some(Cause::OverTravel));
    assert!(bench.plant.x < 0.172, "{}", bench.plant.x);
}

#[test]
fn a_cell_that_freezes_while_the_carriage_moves_is_found_in_a_fifth_of_a_second() {
    let mut bench = lumbar();
    bench.start();
    bench.until(60.0, |o| o.target.get() > 100.0);
    let frozen = bench.tick(|_| {}).input.force_b;
    let mut ticks = 0;
    while bench.last.is_some_and(|o| o.state.latch.is_none()) {
        bench.tick(|i| i.force_b = frozen);
        ticks += 1;
    }
    let latch = bench
        .last
        .and_then(|o| o.state.latch)
        .map(|latch| latch.cause);
    assert_eq!(latch, Some(Cause::CellFrozen));
    assert!((15..=20).contains(&ticks), "{ticks} ticks");
}

#[test]
fn force_that_leaps_below_the_ceiling_stops_too() {
    let mut bench = lumbar();
    bench.start();
    bench.until(60.0, |o| o.target.get() > 100.0);
    bench.plant.muscle = 40.0;
    let output = bench.tick(|_| {}).output;
    assert_eq!(output.cause, Some(Cause::ForceRate));
    assert_eq!(output.state.stage, Stage::Unloading);
}

#[test]
fn a_harness_that_slides_off_slowly_is_force_lost() {
    let mut bench = at_hold(lumbar());
    let mut cause = None;
    for _ in 0..1500 {
        bench.plant.slack += 0.000_15;
        let latch = bench.tick(|_| {}).output.state.latch;
        cause = cause.or(latch.map(|latch| latch.cause));
    }
    assert_eq!(cause, Some(Cause::ForceLost));
}

/// hazard: H32
#[test]
fn cells_that_both_lie_low_at_a_high_force_do_not_make_the_release_too_slow() {
    let mut bench = pulled_to(Region::Lumbar, 700.0, 14_000.0);
    for _ in 0..498 {
        bench.tick(|i| {
            scale(&mut i.force_a, 0.5, 0.0);
            scale(&mut i.force_b, 0.5, 0.0);
        });
    }
    let left = bench.plant.force();
    assert!(left < 20.0, "{left} N are left for the second channel");
}

#[test]
fn a_rest_at_no_force_does_not_let_the_harness_drift_away() {
    let loose = ProfileSpec {
        base: Newtons::ZERO,
        ..spec(Region::Lumbar, Mode::Intermittent)
    };
    let grant = grant_of(loose, limits(Region::Lumbar, 3));
    let mut bench = Bench::new(&grant, Plant::new(12_000.0, 31));
    bench.start();
    bench.until(200.0, |o| o.phase == Phase::Rest);
    bench.run(2.0);
    let before = bench.plant.x;
    bench.run(15.0);
    let drift = (bench.plant.x - before).abs();
    assert!(drift < 0.5e-3, "{drift} m");
}

/// Lets the guard alone hold a demand to pull, in a state, with a target that lies.
fn pulled_against(state: SessionState, from: f64, target: f64, ceiling: f64) -> (f64, Action) {
    let grant = grant(Region::Lumbar, Mode::Static);
    let config = guard_config(&grant);
    let mut guard = guard::State::new(&config);
    let mut plant = Plant::new(10_000.0, 13);
    plant.slack = 0.0;
    plant.x = 0.012 + (from - 40.0) / 10_000.0;
    let mut highest = 0.0_f64;
    let mut strongest = Action::None;
    for _ in 0..2000 {
        let watch = Watch {
            state,
            ..running(Newtons::of(target), Newtons::of(ceiling))
        };
        let input = plant.input();
        let (next, verdict) = guard::step(&config, guard, &input, &watch, demand(0.002));
        guard = next;
        plant.step(Drive {
            velocity: verdict.velocity,
            torque: true,
        });
        highest = highest.max(plant.force());
        strongest = strongest.max(verdict.action);
    }
    (highest, strongest)
}

#[test]
fn the_guard_keeps_a_hold_a_pause_and_a_lowered_ceiling_by_itself() {
    let running = SessionState {
        stage: Stage::Running,
        ..SessionState::ARMED
    };
    let held = SessionState {
        held: Some(Cause::ComfortRise),
        ..running
    };
    let paused = SessionState {
        stage: Stage::Paused,
        pause: Some(Cause::Paused),
        ..running
    };
    let (highest, _) = pulled_against(held, 150.0, 300.0, 320.0);
    assert!(highest < 160.0, "held: {highest}");
    let (highest, _) = pulled_against(paused, 60.0, 300.0, 320.0);
    assert!(highest < 70.0, "paused at 60 N: {highest}");
    let (_, action) = pulled_against(running, 200.0, 300.0, 150.0);
    assert!(action >= Action::Unload, "over the lowered ceiling");
    let (_, action) = pulled_against(running, 200.0, 210.0, 320.0);
    assert_eq!(action, Action::None);
}

#[test]
fn a_travel_sensor_that_is_not_there_at_the_start_forbids_it() {
    let mut bench = lumbar();
    for _ in 0..20 {
        bench.tick(|i| {
            i.travel = None;
            i.switch = traction::input::Switch::PRESSED;
        });
    }
    let output = bench
        .tick(|i| {
            i.travel = Some(Sample::fresh(f64::INFINITY));
            i.command = Some(traction::input::Command::Start);
        })
        .output;
    assert!(output.refused.is_some() && !output.drive.torque);
}

#[test]
fn slack_between_pulls_delays_the_profile_and_shortens_no_hold() {
    let loose = ProfileSpec {
        base: Newtons::ZERO,
        cycles: 2,
        ..spec(Region::Lumbar, Mode::Intermittent)
    };
    let grant = grant_of(loose, limits(Region::Lumbar, 3));
    let mut bench = Bench::new(&grant, Plant::new(12_000.0, 31));
    bench.start();
    bench.until(200.0, |o| o.phase == Phase::Rest);
    bench.plant.slack += 0.03;
    let second = bench.until(60.0, |o| o.cycle == 2 && o.phase == Phase::Hold);
    assert!((second.target.get() - 300.0).abs() < 1.0, "{second:?}");
    assert!((bench.plant.force() - 300.0).abs() < 10.0);
}

#[test]
fn lower_takes_the_force_that_is_there_not_the_one_steered_for() {
    let mut bench = at_hold(lumbar());
    bench.plant.slack += 0.0018;
    bench.run(0.02);
    let output = bench.command(traction::input::Command::Lower);
    assert!(
        output.ceiling.get() < 0.75 * 285.0,
        "{}",
        output.ceiling.get()
    );
}

/// hazard: H31
#[test]
fn nothing_pulls_after_a_lowering_until_the_target_is_down() {
    let mut bench = at_hold(lumbar());
    bench.command(traction::input::Command::Lower);
    let mut seen = 0;
    // The patient gives way, not as fast as a harness that slips.
    while let Some(output) = bench.last.filter(|o| o.target > o.ceiling) {
        assert!(output.state.latch.is_none(), "{output:?}");
        assert!(output.drive.velocity.get() <= 0.0, "{output:?}");
        bench.plant.slack += if seen < 12 { 0.000_15 } else { 0.0 };
        bench.tick(|_| {});
        seen += 1;
    }
    assert!(seen > 20, "the target was down after {seen} ticks");
}

/// hazard: H9, H10, H19
#[test]
fn a_carriage_that_does_not_move_while_it_is_sent_is_found_within_two_millimetres() {
    for (region, ramp) in [(Region::Lumbar, 3.0), (Region::Cervical, 2.0)] {
        let slow = ProfileSpec {
            ramp: si::NewtonsPerSecond::of(ramp),
            ..spec(region, Mode::Static)
        };
        let grant = grant_of(slow, limits(region, 3));
        let mut begun = Bench::new(&grant, Plant::new(10_000.0, 9));
        begun.start();
        begun.until(90.0, |o| o.target.get() > 25.0);
        let stood = begun.plant.x;
        let most = traction::numbers::Numbers::of(region).astray.get() + 1e-3;

        let mut stuck = begun;
        let encoder = |i: &mut traction::input::Input| i.travel = Some(Sample::fresh(stood));
        while stuck.tick(encoder).output.state.latch.is_none() {
            assert!(stuck.plant.x - stood < most, "{region}: {:?}", stuck.last);
        }
        assert_eq!(stuck.last.expect("ran").cause, Some(Cause::DriveAstray));

        let mut dead = begun;
        dead.plant.dead = true;
        let output = dead.until(10.0, |o| o.state.latch.is_some());
        assert_eq!(output.cause, Some(Cause::DriveAstray), "{region}");
    }
}
