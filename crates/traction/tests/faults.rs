//! Sensors, drive, line and body misbehave; force only ever goes down.

use crate::plant::{Bench, Plant, grant, grant_of, limits, lumbar, spec};
use si::{Metres, Newtons, Region};
use traction::cause::{Action, Cause};
use traction::input::{Command, Input, Sample};
use traction::supervisor::Stage;
use traction::{LimitsSpec, Mode, Phase, Refusal, Ticks};

pub(crate) fn at_hold(mut bench: Bench) -> Bench {
    bench.start();
    bench.until(60.0, |o| o.phase == Phase::Hold);
    bench.run(5.0);
    bench
}

pub(crate) fn scale(sample: &mut Option<Sample>, factor: f64, offset: f64) {
    if let Some(sample) = sample {
        sample.value = sample.value * factor + offset;
    }
}

/// Bends every input from now on; returns what stopped it and after how many ticks.
fn stopped_by(bench: &mut Bench, change: impl Fn(&mut Input)) -> (Cause, u32) {
    let before = bench.plant.force();
    for tick in 1..=1000 {
        let output = bench.tick(&change).output;
        assert!(
            bench.plant.force() < before + 25.0,
            "more force: {output:?}"
        );
        if let Some(latch) = output.state.latch {
            return (latch.cause, tick);
        }
    }
    panic!("not stopped: {:?}", bench.last);
}

pub(crate) type Bend = fn(&mut Input);

/// A sensor, a line or a drive that fails, what it is called, and after how many ticks.
pub(crate) const FAULTS: [(&str, Bend, Cause, u32); 13] = [
    (
        "cell a reads half",
        |i| scale(&mut i.force_a, 0.5, 0.0),
        Cause::CellsDisagree,
        10,
    ),
    (
        "cell a reads low",
        |i| scale(&mut i.force_a, 1.0, -200.0),
        Cause::CellsDisagree,
        10,
    ),
    (
        "cell b is dead",
        |i| i.force_b = None,
        Cause::SampleLost,
        11,
    ),
    (
        "cell b is no number",
        |i| scale(&mut i.force_b, f64::NAN, 0.0),
        Cause::SampleLost,
        11,
    ),
    ("travel is dead", |i| i.travel = None, Cause::SampleLost, 11),
    (
        "cell a freezes",
        |i| i.force_a = Some(Sample::fresh(300.0)),
        Cause::CellFrozen,
        51,
    ),
    (
        "cell a is off scale",
        |i| scale(&mut i.force_a, 0.0, 2000.0),
        Cause::OutOfRange,
        1,
    ),
    ("both cells read half", halve, Cause::ForceLost, 1),
    ("samples are late", late, Cause::SampleLost, 1),
    (
        "console is gone",
        |i| i.heartbeat_age_ms = Some(5001),
        Cause::LinkLost,
        1,
    ),
    (
        "no heartbeat any more",
        |i| i.heartbeat_age_ms = None,
        Cause::LinkLost,
        491,
    ),
    (
        "drive reports a fault",
        |i| i.drive_fault = true,
        Cause::DriveFault,
        1,
    ),
    ("the loop is late", |i| i.late_ms = 101, Cause::LoopLate, 1),
];

fn halve(input: &mut Input) {
    scale(&mut input.force_a, 0.5, 0.0);
    scale(&mut input.force_b, 0.5, 0.0);
}

fn late(input: &mut Input) {
    for sample in [&mut input.force_a, &mut input.force_b]
        .into_iter()
        .flatten()
    {
        sample.age_ms = 101;
    }
}

/// hazard: H2, H3, H16
#[test]
fn each_fault_stops_for_its_own_cause_in_its_own_time() {
    for (name, bend, cause, ticks) in FAULTS {
        let mut bench = at_hold(lumbar());
        assert_eq!(stopped_by(&mut bench, bend), (cause, ticks), "{name}");
    }
}

#[test]
fn a_late_heartbeat_allows_no_increase_and_leaving_the_profile_is_held() {
    let mut bench = lumbar();
    bench.start();
    bench.until(60.0, |o| o.target.get() > 100.0);
    let before = bench.last.expect("ran").target;
    for _ in 0..200 {
        let output = bench.tick(|i| i.heartbeat_age_ms = Some(1500)).output;
        assert!(output.action >= Action::NoIncrease);
        assert!(output.target.get() <= before.get() + 0.2);
    }
    let output = bench.run(30.0);
    assert_eq!(output.state.held, Some(Cause::Departed));
    assert!(
        output.target.get() <= before.get() + 0.2,
        "only a practitioner's act raises it"
    );
    bench.command(Command::AllowIncrease);
    assert!(bench.run(25.0).target.get() > 250.0);
}

#[test]
fn a_late_heartbeat_in_a_hold_is_no_departure() {
    let mut bench = at_hold(lumbar());
    for _ in 0..200 {
        bench.tick(|i| i.heartbeat_age_ms = Some(1500));
    }
    assert_eq!(bench.run(1.0).state.held, None);
}

#[test]
fn a_session_without_a_console_needs_no_heartbeat() {
    let grant = grant(Region::Lumbar, Mode::Static);
    let mut setup = traction::Setup::simulated(Region::Lumbar);
    setup.console_required = false;
    let mut bench = lumbar();
    bench.session = traction::Session::arm(&grant, &setup).expect("arms");
    for _ in 0..20 {
        bench.tick(|i| {
            i.heartbeat_age_ms = None;
            i.switch = traction::input::Switch::PRESSED;
        });
    }
    bench.tick(|i| i.heartbeat_age_ms = None);
    let start = |i: &mut Input| {
        i.heartbeat_age_ms = None;
        i.command = Some(Command::Start);
    };
    assert_eq!(bench.tick(start).output.refused, None);
    for _ in 0..1000 {
        let output = bench.tick(|i| i.heartbeat_age_ms = None).output;
        assert_eq!(output.action, Action::None, "{output:?}");
    }
}

/// hazard: H17
#[test]
fn one_late_or_broken_sample_is_ridden_through() {
    let mut bench = at_hold(lumbar());
    for n in 0..300 {
        bench.tick(|i| match n % 10 {
            0 => i.force_a = None,
            4 => scale(&mut i.force_b, f64::NAN, 0.0),
            7 => i.travel = None,
            _ => {}
        });
    }
    let output = bench.run(1.0);
    assert_eq!(
        (output.state.stage, output.state.held),
        (Stage::Running, None)
    );
    assert!((bench.plant.force() - 300.0).abs() < 6.0);
}

/// hazard: H8
#[test]
fn a_cord_that_breaks_is_never_pulled_tight_again() {
    let mut bench = at_hold(lumbar());
    bench.plant.slack += 1.0;
    let mut out = f64::NEG_INFINITY;
    let broke = bench.plant.x;
    for tick in 1..=1000 {
        let output = bench.tick(|_| {}).output;
        assert!(tick > 5 || output.drive.velocity.get() < 0.05);
        if tick >= 5 {
            let latch = output.state.latch.expect("stopped within 50 ms");
            assert_eq!(latch.cause, Cause::ForceLost);
        }
        out = out.max(bench.plant.x);
    }
    assert!(out < broke + 1e-3, "pulled {} m further", out - broke);
}

/// hazard: H8
#[test]
fn a_harness_that_slips_slowly_stops_too() {
    let mut bench = at_hold(lumbar());
    let mut latch = None;
    for _ in 0..3000 {
        bench.plant.slack += 0.0005;
        latch = latch.or(bench.tick(|_| {}).output.state.latch);
    }
    assert!(latch.is_some());
}

/// hazard: H19
#[test]
fn travel_beyond_the_cap_stops() {
    let short = LimitsSpec {
        travel: Metres::of(0.02),
        ..limits(Region::Lumbar, 3)
    };
    let grant = grant_of(spec(Region::Lumbar, Mode::Static), short);
    let mut bench = Bench::new(&grant, Plant::new(10_000.0, 4));
    bench.start();
    let stopped = bench.until(60.0, |o| o.state.latch.is_some());
    assert_eq!(stopped.cause, Some(Cause::OverTravel));
}

/// hazard: H22
#[test]
fn the_longest_time_ends_a_session_by_the_therapy_ramp() {
    let short = LimitsSpec {
        total_time: Ticks::from_secs(110),
        ..limits(Region::Lumbar, 3)
    };
    let grant = grant_of(spec(Region::Lumbar, Mode::Static), short);
    let mut bench = Bench::new(&grant, Plant::new(10_000.0, 4));
    bench.start();
    bench.run(50.0);
    bench.command(Command::Pause);
    bench.run(60.0);
    bench.command(Command::Continue);
    let ending = bench.until(60.0, |o| o.state.stage == Stage::Ending);
    assert_eq!(ending.cause, Some(Cause::TotalTime));
    assert!(
        ending.remaining > Ticks::from_secs(40),
        "what was paused is not made up"
    );
    let end = bench.until(30.0, |o| o.state.stage == Stage::Complete);
    assert_eq!(end.state.latch, None);
}

/// hazard: H5
#[test]
fn a_drive_that_runs_away_loses_its_torque() {
    for (region, stiffness, never_over) in [
        (Region::Lumbar, 15_000.0, 50.0),
        (Region::Cervical, 15_000.0, 20.0),
    ] {
        let grant = grant(region, Mode::Intermittent);
        let mut bench = at_hold(Bench::new(&grant, Plant::new(stiffness, 11)));
        let ceiling = bench.session.limits().ceiling.get();
        let speed = traction::Setup::simulated(region).pull_speed;
        for _ in 0..2000 {
            let input = bench.plant.input();
            let mut drive = bench.session.step(&input).drive;
            drive.velocity = if drive.torque { speed } else { drive.velocity };
            bench.plant.step(drive);
            let over = bench.plant.force() - ceiling;
            assert!(over < never_over, "{region}: {over} N over");
        }
        assert!(!bench.session.state().stage.energised());
        assert!(bench.plant.force() < 20.0);
    }
}

/// hazard: H10, H30
#[test]
fn a_dead_drive_loses_its_torque_at_the_latest_five_seconds_into_a_stop() {
    let mut bench = at_hold(lumbar());
    bench.plant.dead = true;
    bench.command(Command::Stop);
    let output = bench.until(5.05, |o| !o.drive.torque);
    assert_eq!(output.state.stage, Stage::Unloaded);
    let kind = output.state.latch.expect("latched").cause;
    assert_eq!(kind, Cause::ConsoleStop, "the first cause is kept");
    bench.run(3.0);
    assert!(bench.plant.force() < 20.0);
}

/// hazard: H6
#[test]
fn slack_that_snaps_tight_does_not_pass_the_ceiling() {
    for slack in [0.0, 0.02, 0.05, 0.1] {
        let mut plant = Plant::new(14_000.0, 6);
        plant.slack = slack;
        let mut bench = Bench::new(&grant(Region::Lumbar, Mode::Static), plant);
        bench.start();
        bench.until(60.0, |o| o.state.stage == Stage::Running);
        assert!(bench.plant.force() < 20.0, "{}", bench.plant.force());
        let mut highest = 0.0_f64;
        for _ in 0..6000 {
            let output = bench.tick(|_| {}).output;
            assert_eq!(output.state.latch, None, "{slack}: {output:?}");
            highest = highest.max(bench.plant.force());
        }
        assert!(highest < 300.0 + 9.0, "{slack}: {highest}");
    }
}

/// hazard: H6
#[test]
fn a_patient_who_lifts_and_settles_is_not_pulled_up_hard() {
    let mut bench = lumbar();
    bench.start();
    bench.until(60.0, |o| o.target.get() > 30.0);
    for _ in 0..100 {
        bench.plant.slack += 0.00004;
        bench.tick(|_| {});
    }
    for _ in 0..500 {
        bench.tick(|_| {});
        assert!(bench.plant.force() < bench.last.expect("ran").target.get() + 10.0);
    }
}

#[test]
fn the_force_at_a_stop_is_never_read_from_a_lying_cell_alone() {
    let mut bench = at_hold(lumbar());
    stopped_by(&mut bench, |i| scale(&mut i.force_a, 1.6, 0.0));
    bench.run(10.0);
    let output = bench.resume();
    assert_eq!(output.refused, None, "a technical stop may resume");
    assert!(
        output.ceiling <= Newtons::of(0.75 * 301.0),
        "{}",
        output.ceiling.get()
    );
}

#[test]
fn an_encoder_that_lies_never_drops_the_patient() {
    type Lie = fn(f64, u32) -> f64;
    let lies: [Lie; 4] = [
        |_, _| 964.9,
        |x, tick| x + 1e-4 * f64::from(tick),
        |_, _| 0.0,
        |x, _| x + 0.015,
    ];
    for lie in lies {
        let mut bench = at_hold(lumbar());
        bench.tick(|i| i.travel = Some(Sample::fresh(964.9)));
        assert_eq!(
            bench.run(1.0).state.latch,
            None,
            "one jump is ridden through"
        );
        let mut before = bench.plant.force();
        for tick in 1..=600 {
            bench.tick(|i| {
                let x = i.travel.map_or(0.0, |s| s.value);
                i.travel = Some(Sample::fresh(lie(x, tick)));
            });
            assert!(before - bench.plant.force() < 3.0, "dropped at {tick}");
            before = bench.plant.force();
        }
        assert!(bench.plant.force() < 20.0);
    }
}

/// hazard: H20
#[test]
fn a_cell_zeroed_under_load_forbids_the_start() {
    let mut bench = lumbar();
    let low = |i: &mut Input| {
        scale(&mut i.force_a, 1.0, -14.0);
        scale(&mut i.force_b, 1.0, -14.0);
    };
    bench.test_switch();
    for _ in 0..10 {
        bench.tick(low);
    }
    let output = bench
        .tick(|i| {
            low(i);
            i.command = Some(Command::Start);
        })
        .output;
    assert_eq!(output.refused, Some(Refusal::NotReady));
    assert_eq!(output.cause, Some(Cause::OutOfRange));
}

/// hazard: H17
#[test]
fn a_slow_line_makes_force_rise_slowly() {
    let rise = |age_ms: u16| {
        let mut bench = lumbar();
        bench.start();
        bench.until(60.0, |o| o.target.get() > 50.0);
        let before = bench.last.expect("ran").target.get();
        for _ in 0..500 {
            bench.tick(|i| {
                for sample in [&mut i.force_a, &mut i.force_b].into_iter().flatten() {
                    sample.age_ms = age_ms;
                }
            });
        }
        bench.last.expect("ran").target.get() - before
    };
    assert!((rise(10) - 50.0).abs() < 0.5);
    assert!((rise(20) - 25.0).abs() < 0.5);
    assert!(rise(30) < 0.5);
}

#[test]
fn many_short_holds_add_up_to_a_departure() {
    let mut bench = lumbar();
    bench.start();
    bench.until(60.0, |o| o.target.get() > 50.0);
    for n in 0..1000 {
        bench.tick(|i| {
            if n % 10 < 5 {
                i.heartbeat_age_ms = Some(1001);
            }
        });
    }
    assert_eq!(bench.last.expect("ran").state.held, Some(Cause::Departed));
}

/// Ends a session whose cells and motor stay at 30 N, and `more` in each tick, whatever the
/// drive does; tells what stopped it.
fn ended_with_force_left(more: impl Fn(u32) -> f64) -> Cause {
    let mut bench = at_hold(lumbar());
    bench.command(Command::End);
    bench.until(60.0, |o| o.target.get() <= 60.0);
    for tick in 0..3000 {
        let caught = |i: &mut Input| {
            for sample in [&mut i.force_a, &mut i.force_b, &mut i.motor_force]
                .into_iter()
                .flatten()
            {
                sample.value = sample.value.max(30.0 + more(tick));
            }
        };
        let output = bench.tick(caught).output;
        assert_ne!(output.state.stage, Stage::Complete, "{output:?}");
        if let Some(latch) = output.state.latch {
            return latch.cause;
        }
    }
    panic!("not stopped: {:?}", bench.last);
}

/// As in a harness that is caught while the patient moves.
#[test]
fn an_ending_with_force_left_is_never_complete() {
    let moves = |tick: u32| f64::from(tick % 2) + 4.0 * f64::from(tick / 3 % 2);
    assert_eq!(ended_with_force_left(moves), Cause::ForceRemains);
}

/// hazard: H3
#[test]
fn cells_that_answer_no_movement_are_frozen_whatever_their_noise() {
    let noise = |tick: u32| f64::from(tick % 2);
    assert_eq!(ended_with_force_left(noise), Cause::CellFrozen);
}

#[test]
fn sensors_that_were_implausible_twice_make_service_due() {
    let mut bench = at_hold(lumbar());
    stopped_by(&mut bench, |i| scale(&mut i.force_a, 0.5, 0.0));
    bench.run(10.0);
    assert!(!bench.session.service_due());
    assert_eq!(bench.resume().refused, None);
    bench.until(60.0, |o| o.target.get() > 150.0);
    stopped_by(&mut bench, |i| scale(&mut i.force_b, 0.5, 0.0));
    assert!(bench.session.service_due());
}
