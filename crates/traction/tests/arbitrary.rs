//! Properties over arbitrary inputs: nothing anybody or anything sends makes the
//! loop ask for too much, and what the guard lets through is never more.

use crate::campaign::guard_config;
use crate::plant::{Bench, Plant, grant};
use proptest::prelude::*;
use si::{Newtons, Region};
use traction::cause::Action;
use traction::controller::Demand;
use traction::guard::{self, Watch};
use traction::input::{Command, Input, Pole, ResumeAct, Sample, StopKind, Switch, Symptom};
use traction::supervisor::{SessionState, Stage};
use traction::{MetresPerSecond, Mode, Session, Setup};

fn number() -> impl Strategy<Value = f64> {
    prop_oneof![
        6 => -50.0_f64..1100.0,
        1 => any::<f64>(),
        1 => Just(f64::NAN),
        1 => Just(f64::INFINITY),
        1 => Just(0.0),
    ]
}

fn sample() -> impl Strategy<Value = Option<Sample>> {
    prop_oneof![
        8 => (number(), 0_u16..20).prop_map(|(value, age_ms)| Some(Sample { value, age_ms })),
        1 => (number(), any::<u16>()).prop_map(|(value, age_ms)| Some(Sample { value, age_ms })),
        1 => Just(None),
    ]
}

fn command() -> impl Strategy<Value = Option<Command>> {
    let acts = [ResumeAct::Prepare, ResumeAct::Confirm];
    prop_oneof![
        20 => Just(None),
        3 => Just(Some(Command::Start)),
        1 => Just(Some(Command::Pause)),
        1 => Just(Some(Command::Continue)),
        1 => Just(Some(Command::Lower)),
        1 => Just(Some(Command::NoIncrease)),
        1 => Just(Some(Command::AllowIncrease)),
        1 => Just(Some(Command::End)),
        1 => Just(Some(Command::Stop)),
        1 => (0_u8..12).prop_map(|s| Some(Command::Comfort(s))),
        1 => Just(Some(Command::Symptom(Symptom::Crack))),
        2 => (prop::sample::select(Mode::ALL.to_vec()), number())
            .prop_map(|(mode, force)| Some(Command::Change { mode, force: Newtons::raw(force) })),
        2 => prop::sample::select(acts.to_vec()).prop_map(|act| Some(Command::Resume { act })),
        1 => prop::sample::select(StopKind::ALL.to_vec()).prop_map(|k| Some(Command::Explain(k))),
    ]
}

fn switch() -> impl Strategy<Value = Switch> {
    let pole = || prop::sample::select(Pole::ALL.to_vec());
    prop_oneof![
        8 => Just(Switch::RELEASED),
        1 => Just(Switch::PRESSED),
        1 => (pole(), pole()).prop_map(|(a, b)| Switch { a, b }),
    ]
}

prop_compose! {
    fn input()(
        force_a in sample(),
        force_b in sample(),
        travel in sample(),
        motor_force in sample(),
        switch in switch(),
        comfort in prop::option::weighted(0.1, any::<u8>()),
        command in command(),
        heartbeat_age_ms in prop::option::weighted(0.9, 0_u32..7000),
        late_ms in prop_oneof![9 => Just(0_u16), 1 => any::<u16>()],
        drive_fault in prop::bool::weighted(0.02),
    ) -> Input {
        Input {
            force_a, force_b, travel, motor_force, switch, comfort, command,
            heartbeat_age_ms, late_ms, drive_fault,
        }
    }
}

fn armed(region: Region) -> Session {
    let grant = grant(region, Mode::Intermittent);
    Session::arm(&grant, &Setup::simulated(region)).expect("arms")
}

/// What must hold of every output whatever the input was.
fn check(session: &Session, output: &traction::Output, input: &Input) {
    let limits = session.limits();
    assert!(output.target.is_finite() && output.target >= Newtons::ZERO);
    // A release begins at the force there is, which may be too high already.
    let releasing = output.state.stage == Stage::Unloading;
    assert!(releasing || output.target <= limits.ceiling, "{output:?}");
    assert!(output.ceiling <= limits.ceiling);
    let v = output.drive.velocity.get();
    assert!(v.is_finite(), "{output:?}");
    assert!(v <= Setup::simulated(limits.region).pull_speed.get());
    if output.action >= Action::NoIncrease && !output.state.stage.energised() {
        assert!(v <= 0.0 && !output.drive.torque);
    }
    if output.action >= Action::Unload {
        assert!(v <= 0.0, "{output:?}");
    }
    let stops = matches!(input.command, Some(Command::Stop | Command::Symptom(_)));
    if stops && output.state.stage != Stage::Complete {
        assert!(output.state.latch.is_some(), "{output:?}");
    }
    assert!(output.force.is_finite() && output.impulse_n_s.is_finite());
}

proptest! {
    #![proptest_config(crate::plant::cases(80))]

    /// hazard: H18
    #[test]
    fn whatever_comes_in_the_force_asked_for_stays_under_every_ceiling(
        lumbar in any::<bool>(),
        inputs in prop::collection::vec(input(), 1..200),
    ) {
        let mut session = armed(if lumbar { Region::Lumbar } else { Region::Cervical });
        for input in &inputs {
            let output = session.step(input);
            check(&session, &output, input);
        }
    }

    /// A working session, then anything at all: force never passes what the region allows.
    /// hazard: H18
    #[test]
    fn a_running_session_survives_a_storm(
        seed in 1_u64..1000,
        warm in 100_u32..6000,
        storm in prop::collection::vec(input(), 1..100),
    ) {
        let grant = grant(Region::Lumbar, Mode::Intermittent);
        let mut bench = Bench::new(&grant, Plant::new(12_000.0, seed));
        bench.start();
        bench.run(f64::from(warm) / 100.0);
        for chaos in &storm {
            let frame = bench.tick(|input| {
                let lies = chaos.force_a.is_some_and(|s| s.age_ms % 2 == 0);
                *input = if lies { *chaos } else {
                    Input { command: chaos.command, switch: chaos.switch, ..*input }
                };
            });
            check(&bench.session, &frame.output, &frame.input);
            prop_assert!(bench.plant.force() <= 320.0 + 50.0, "{}", bench.plant.force());
        }
        // Afterwards the world is well again, and it still ends or holds still.
        for _ in 0..1000 {
            let frame = bench.tick(|_| {});
            check(&bench.session, &frame.output, &frame.input);
            prop_assert!(bench.plant.force() <= 320.0 + 10.0);
        }
    }

    /// After a stop nothing but the two acts leads to torque again.
    #[test]
    fn after_a_stop_nothing_raises_force_without_the_two_acts(
        inputs in prop::collection::vec(input(), 1..150),
    ) {
        let grant = grant(Region::Lumbar, Mode::Intermittent);
        let mut bench = Bench::new(&grant, Plant::new(12_000.0, 3));
        bench.start();
        bench.run(40.0);
        bench.command(Command::Comfort(9));
        let mut lowest = bench.plant.force() + 1.0;
        for chaos in &inputs {
            let frame = bench.tick(|input| {
                input.command = chaos.command.filter(|c| !matches!(c, Command::Resume { .. }));
                input.switch = chaos.switch;
                input.comfort = chaos.comfort;
            });
            prop_assert!(frame.output.drive.velocity.get() <= 0.0);
            prop_assert!(bench.plant.force() <= lowest, "{} > {lowest}", bench.plant.force());
            lowest = lowest.min(bench.plant.force() + 1.0);
        }
    }

    /// The guard alone: never above the demand, and a lower demand is never answered by more.
    #[test]
    fn the_guard_only_reduces_and_keeps_the_order_of_demands(
        inputs in prop::collection::vec(input(), 1..60),
        stage in prop::sample::select(Stage::ALL.to_vec()),
        low in -0.1_f64..0.02,
        more in 0.0_f64..0.05,
    ) {
        let grant = grant(Region::Lumbar, Mode::Intermittent);
        let setup = Setup::simulated(Region::Lumbar);
        let config = guard_config(&grant);
        let watch = Watch {
            state: SessionState { stage, ..SessionState::ARMED },
            target: Newtons::of(200.0),
            ceiling: grant.limits.ceiling,
        };
        let demand = |v| Demand { velocity: MetresPerSecond::raw(v) };
        let mut state = guard::State::new(&config);
        for input in &inputs {
            let (_, high) = guard::step(&config, state, input, &watch, demand(low + more));
            let (after, verdict) = guard::step(&config, state, input, &watch, demand(low));
            if stage.energised() {
                prop_assert!(verdict.velocity.get() <= low);
                prop_assert!(high.velocity.get() <= low + more);
            }
            prop_assert!(verdict.velocity <= high.velocity);
            prop_assert!(verdict.velocity.get() <= setup.pull_speed.get());
            for broken in [f64::NAN, f64::INFINITY, f64::NEG_INFINITY] {
                let (_, verdict) = guard::step(&config, state, input, &watch, demand(broken));
                prop_assert!(verdict.velocity.get() <= 0.0 && verdict.action >= Action::Unload);
            }
            state = after;
        }
    }
}
