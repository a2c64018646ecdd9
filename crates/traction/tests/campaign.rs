//! Every fault in every phase, a release from every force, and a controller gone mad.

use crate::faults::FAULTS;
use crate::plant::{Bench, Plant, grant, grant_of, limits, spec};
use si::{Newtons, NewtonsPerSecond, Region};
use traction::cause::{Action, Cause};
use traction::controller::Demand;
use traction::guard::{self, Watch};
use traction::input::{Command, Switch};
use traction::numbers::Numbers;
use traction::supervisor::{SessionState, Stage};
use traction::{Grant, LimitsSpec, MetresPerSecond, Mode, Output, Phase, ProfileSpec, Setup};

type Reached = fn(&Output) -> bool;

const PHASES: [(&str, Reached); 6] = [
    ("take-up", |o| {
        o.state.stage == Stage::TakeUp && o.tick.count() > 60
    }),
    ("ramp", |o| {
        o.set_point.get() > 35.0 && o.phase == Phase::Ramp
    }),
    ("hold", |o| o.phase == Phase::Hold),
    ("release", |o| o.phase == Phase::Release),
    ("rest", |o| o.phase == Phase::Rest),
    ("second ramp", |o| o.phase == Phase::Ramp && o.cycle == 2),
];

/// Steps a bench while it checks the force it makes and how fast it gives it back.
fn checked(bench: &mut Bench, ticks: u32, change: impl Fn(&mut traction::input::Input)) {
    let limits = *bench.session.limits();
    let numbers = Numbers::of(limits.region);
    let most = limits.ceiling.get() + numbers.never_over.get();
    let mut recent = [bench.plant.force(); 10];
    for tick in 0..ticks {
        let output = bench.tick(&change).output;
        let force = bench.plant.force();
        assert!(force <= most, "{force} N: {output:?}");
        let slot = &mut recent[tick as usize % 10];
        let fell = (*slot - force) / 0.1;
        *slot = force;
        if output.drive.torque {
            let fastest = numbers.release_most.get() * 1.05;
            assert!(fell <= fastest, "fell at {fell} N/s: {output:?}");
        }
    }
}

#[test]
fn every_fault_in_every_phase_only_ever_lets_go() {
    for region in Region::ALL {
        for (phase, reached) in PHASES {
            let grant = grant(region, Mode::Intermittent);
            let mut before = Bench::new(&grant, Plant::new(12_000.0, 8));
            before.start();
            before.until(300.0, reached);
            before.run(0.5);
            for (name, bend, _, _) in FAULTS {
                let mut bench = before;
                checked(&mut bench, 1500, bend);
                let stage = bench.session.state().stage;
                let force = bench.plant.force();
                // A cell that reads half of next to nothing looks right; all else is off.
                let off = !stage.energised();
                let harmless = ["cell a reads half", "both cells read half"].contains(&name);
                assert!(off || harmless, "{region} {phase} {name}: {stage}");
                assert!(!off || force < 20.0, "{region} {phase} {name}: {force} N");
            }
        }
    }
}

pub(crate) fn pulled_to(region: Region, force: f64, stiffness: f64) -> Bench {
    let strong = ProfileSpec {
        force: Newtons::of(force),
        base: Newtons::of(0.0),
        ramp: NewtonsPerSecond::of(20.0),
        ..spec(region, Mode::Static)
    };
    let widest = LimitsSpec {
        ceiling: traction::ceiling(region),
        ..limits(region, 3)
    };
    let mut plant = Plant::new(stiffness, 21);
    plant.slack = 0.001;
    let mut bench = Bench::new(&grant_of(strong, widest), plant);
    bench.start();
    bench.until(120.0, |o| o.phase == Phase::Hold);
    bench.run(20.0);
    assert!(
        (bench.plant.force() - force).abs() < 20.0,
        "{} {:?}",
        bench.plant.force(),
        bench.last
    );
    bench
}

#[test]
fn a_release_from_any_force_on_any_patient_is_over_in_five_seconds() {
    let forces = [
        (Region::Lumbar, [30.0, 110.0, 450.0, 700.0, 890.0]),
        (Region::Cervical, [25.0, 50.0, 98.0, 150.0, 200.0]),
    ];
    for (region, forces) in forces {
        for force in forces {
            for stiffness in [9_000.0, 15_000.0, 30_000.0] {
                let mut bench = pulled_to(region, force, stiffness);
                checked(&mut bench, 498, |i| i.switch = Switch::PRESSED);
                let left = bench.plant.force();
                assert!(left < 20.0, "{region} {force} N, {stiffness} N/m: {left} N");
                bench.run(0.1);
                assert!(!bench.last.expect("ran").drive.torque);
            }
        }
    }
}

/// An encoder that runs ahead of the carriage makes a patient look soft, and a soft one
/// would be let go of fast.
/// hazard: H9
#[test]
fn an_encoder_that_drifts_in_a_release_makes_no_jerk_of_it() {
    for region in Region::ALL {
        let force = match region {
            Region::Lumbar => 450.0,
            Region::Cervical => 90.0,
        };
        let mut bench = pulled_to(region, force, 15_000.0);
        let drifted = core::cell::Cell::new(0.0);
        checked(&mut bench, 498, |input| {
            input.switch = Switch::PRESSED;
            drifted.set(drifted.get() - 5e-4);
            if let Some(travel) = &mut input.travel {
                travel.value += drifted.get();
            }
        });
        let left = bench.plant.force();
        assert!(left < 20.0, "{region}: {left} N");
    }
}

#[test]
fn a_stop_in_the_middle_of_a_ramp_releases_as_well() {
    for region in Region::ALL {
        for tenths in 1..20 {
            let mut bench = Bench::new(&grant(region, Mode::Cyclic), Plant::new(14_000.0, 4));
            bench.start();
            bench.until(20.0, |o| o.state.stage == Stage::Running);
            bench.run(f64::from(tenths) * 1.5);
            bench.command(Command::Stop);
            checked(&mut bench, 500, |_| {});
            assert!(bench.plant.force() < 20.0, "{region} {tenths}");
        }
    }
}

pub(crate) fn guard_config(grant: &Grant) -> guard::Config {
    let setup = Setup::simulated(grant.limits.region);
    guard::Config {
        numbers: *Numbers::of(grant.limits.region),
        limits: grant.limits,
        base: grant.profile.spec().base,
        release: grant.profile.spec().release,
        pull_speed: setup.pull_speed,
        stiffest: setup.stiffest,
        reaction: setup.reaction,
        console_required: true,
    }
}

/// Lets the guard watch a force that stays wherever the carriage goes; when and for what
/// it unloads.
fn watched(region: Region, force: f64, ticks: u32) -> Option<(u32, Cause)> {
    let grant = grant(region, Mode::Static);
    let config = guard_config(&grant);
    let mut state = guard::State::new(&config);
    let mut plant = Plant::new(10_000.0, 7);
    plant.slack = 0.0;
    // Through the toe of the test's spring: 40 N at 12 mm, then 10 N/mm.
    plant.x = 0.012 + (force - 40.0) / 10_000.0;
    plant.noise = 0.2;
    let mut went = plant.x;
    for tick in 1..=ticks {
        let watch = running(Newtons::of(force), grant.limits.ceiling);
        let input = traction::input::Input {
            travel: Some(traction::input::Sample::fresh(went)),
            ..plant.input()
        };
        let (next, verdict) = guard::step(&config, state, &input, &watch, demand(0.0));
        went += verdict.velocity.get() * 0.01;
        if verdict.action >= Action::Unload {
            return Some((tick, verdict.cause?));
        }
        state = next;
    }
    None
}

#[test]
fn force_above_the_ceiling_unloads_at_once_or_soon_as_the_region_says() {
    let rows = [
        (Region::Lumbar, 320.0 + 8.0, None),
        (Region::Lumbar, 320.0 + 12.0, Some((50, Cause::OverForce))),
        (Region::Lumbar, 320.0 + 27.0, Some((1, Cause::OverForce))),
        (Region::Cervical, 90.0 + 4.0, None),
        (Region::Cervical, 90.0 + 7.0, Some((50, Cause::OverForce))),
        (Region::Cervical, 90.0 + 11.0, Some((1, Cause::OverForce))),
    ];
    for (region, force, expected) in rows {
        assert_eq!(watched(region, force, 400), expected, "{region} {force} N");
    }
}

pub(crate) fn demand(velocity: f64) -> Demand {
    Demand {
        velocity: MetresPerSecond::raw(velocity),
    }
}

pub(crate) fn running(target: Newtons, ceiling: Newtons) -> Watch {
    Watch {
        state: SessionState {
            stage: Stage::Running,
            ..SessionState::ARMED
        },
        target,
        ceiling,
    }
}

/// hazard: H1
#[test]
fn a_controller_gone_mad_is_held_by_the_guard_alone() {
    for region in Region::ALL {
        let grant = grant(region, Mode::Static);
        let config = guard_config(&grant);
        let numbers = config.numbers;
        let target = Newtons::of(60.0);
        let mut plant = Plant::new(15_000.0, 2);
        (plant.slack, plant.x) = (0.0, 0.009);
        let mut state = guard::State::new(&config);
        let longest = grant.limits.total_time.count() + 200;
        let mut first = None;
        for _ in 0..longest {
            let watch = running(target, grant.limits.ceiling);
            let (next, verdict) = guard::step(&config, state, &plant.input(), &watch, demand(1.0));
            if first.is_none() && verdict.action >= Action::Unload {
                first = verdict.cause;
            }
            state = next;
            plant.step(traction::Drive {
                velocity: verdict.velocity,
                torque: verdict.torque,
            });
            let most = grant.limits.ceiling + numbers.never_over;
            assert!(plant.force() < most.get(), "{region}: {}", plant.force());
        }
        assert_eq!(first, Some(Cause::TotalTime), "{region}: it ends by itself");
    }
}

#[test]
fn cells_that_fail_during_a_release_do_not_disturb_it() {
    let mut before = pulled_to(Region::Lumbar, 450.0, 14_000.0);
    before.command(Command::Stop);
    checked(&mut before, 150, |_| {});
    for (name, bend, _, _) in FAULTS {
        let mut bench = before;
        let begun = bench.plant.force();
        checked(&mut bench, 500, bend);
        let left = bench.plant.force();
        assert!(left < 20.0, "{name}: {left} of {begun} N");
    }
}
