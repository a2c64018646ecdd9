//! Another mode or force in the middle of a session.

use crate::plant::{Bench, Plant, grant, grant_of, limits, lumbar, spec};
use proptest::prelude::*;
use si::{Newtons, Region};
use traction::input::Command;
use traction::supervisor::Stage;
use traction::{LimitsSpec, Mode, Output, Phase, Profile, ProfileSpec, Refusal, Ticks};

fn to(mode: Mode, force: f64) -> Command {
    Command::Change {
        mode,
        force: Newtons::raw(force),
    }
}

fn at_hold(mut bench: Bench) -> Bench {
    bench.start();
    bench.until(60.0, |o| o.phase == Phase::Hold);
    bench.run(10.0);
    bench
}

/// Goes on and holds target and force to the ramps of the profile.
fn smooth(bench: &mut Bench, seconds: f64) -> Output {
    let mut last = bench.last.expect("ran");
    for _ in 0..(seconds * 100.0) as u32 {
        let output = bench.tick(|_| {}).output;
        let step = (output.target - last.target).get();
        assert!((-0.15 - 1e-9..=0.1 + 1e-9).contains(&step), "{output:?}");
        let lag = (bench.plant.force() - output.target.get()).abs();
        assert!(lag <= 6.0, "{lag} N from the target: {output:?}");
        assert_eq!(output.state.latch, None, "{output:?}");
        last = output;
    }
    last
}

/// hazard: H31
#[test]
fn a_change_of_force_is_bumpless_down_and_up_again() {
    let mut bench = at_hold(lumbar());
    for force in [240.0, 320.0, 200.0] {
        let output = bench.command(to(Mode::Intermittent, force));
        assert_eq!((output.refused, output.phase), (None, Phase::Hold));
        let reached = smooth(&mut bench, 13.0);
        assert_eq!(reached.phase, Phase::Hold);
        assert!((reached.force.get() - force).abs() < 5.0, "{reached:?}");
        assert_eq!(reached.set_point, Newtons::of(force));
    }
}

#[test]
fn a_session_that_was_changed_ends_when_it_says() {
    for (mode, force) in [(Mode::Cyclic, 250.0), (Mode::Static, 310.0)] {
        let mut bench = at_hold(lumbar());
        let output = bench.command(to(mode, force));
        assert_eq!(output.refused, None);
        let says = output.remaining.count();
        let end = bench.until(900.0, |o| o.state.stage == Stage::Complete);
        let took = end.tick.since(output.tick).count();
        assert!(took.abs_diff(says) <= 100, "{took} ticks, said {says}");
        assert_eq!(end.state.latch, None);
        assert!(end.peak.get() < force.max(300.0) + 6.0, "{end:?}");
    }
}

/// hazard: H31
#[test]
fn a_change_beyond_what_was_signed_is_refused_and_nothing_changes() {
    let bench = at_hold(lumbar());
    for command in [
        to(Mode::Intermittent, 320.1),
        to(Mode::Intermittent, 60.0),
        to(Mode::Intermittent, -1.0),
        to(Mode::Intermittent, f64::NAN),
        to(Mode::Intermittent, f64::INFINITY),
        // Nobody signed steps, a slow rise or a swing.
        to(Mode::Progressive, 300.0),
        to(Mode::Regressive, 300.0),
        to(Mode::Logarithmic, 300.0),
        to(Mode::Oscillating, 300.0),
    ] {
        let (mut asked, mut plain) = (bench, bench);
        let refused = asked.command(command);
        let expected = plain.tick(|_| {}).output;
        let otherwise = Output {
            refused: None,
            ..refused
        };
        assert_eq!(refused.refused, Some(Refusal::Change), "{command:?}");
        assert_eq!(otherwise, expected, "{command:?}");
        assert_eq!(asked.session, plain.session, "{command:?}");
    }
}

#[test]
fn a_change_is_refused_where_the_session_would_last_too_long() {
    let spec = ProfileSpec {
        rest: si::Seconds::of(5.0),
        base: Newtons::of(10.0),
        ..spec(Region::Lumbar, Mode::Cyclic)
    };
    // 300 N: 30 + 3·60 + 2·(19.34 + 5 + 29) + 20 s.
    let exact = LimitsSpec {
        total_time: Ticks::from_secs(338),
        ..limits(Region::Lumbar, 3)
    };
    let bench = at_hold(Bench::new(&grant_of(spec, exact), Plant::new(12_000.0, 4)));
    let (mut longer, mut shorter) = (bench, bench);
    let refused = longer.command(to(Mode::Cyclic, 320.0)).refused;
    assert_eq!(
        refused,
        Some(Refusal::Change),
        "slopes of 20 N more do not fit"
    );
    assert_eq!(shorter.command(to(Mode::Cyclic, 290.0)).refused, None);
}

#[test]
fn a_change_belongs_to_a_session_that_runs_or_is_paused() {
    let mut bench = lumbar();
    let change = to(Mode::Intermittent, 250.0);
    assert_eq!(bench.command(change).refused, Some(Refusal::Stage), "armed");
    bench.start();
    assert_eq!(bench.command(change).refused, Some(Refusal::Stage), "slack");
    let mut paused = at_hold(lumbar());
    paused.command(Command::Pause);
    paused.run(20.0);
    assert_eq!(paused.command(change).refused, None);
    assert_eq!(paused.command(Command::Continue).refused, None);
    assert!((paused.run(25.0).target.get() - 250.0).abs() < 1e-9);
    let mut stopped = at_hold(lumbar());
    stopped.command(Command::Stop);
    assert_eq!(stopped.command(change).refused, Some(Refusal::Stage));
    let mut last = at_hold(lumbar());
    last.until(400.0, |o| o.phase == Phase::Release && o.cycle == 3);
    assert_eq!(last.command(change).refused, Some(Refusal::Stage), "over");
}

/// hazard: H31
#[test]
fn a_change_lifts_no_ceiling_and_no_prohibition() {
    let mut lowered = at_hold(lumbar());
    lowered.command(Command::Lower);
    let present = lowered.run(10.0).ceiling.get();
    assert!(present < 230.0);
    let above = to(Mode::Intermittent, present + 1.0);
    assert_eq!(lowered.command(above).refused, Some(Refusal::Change));
    assert_eq!(lowered.command(to(Mode::Static, present)).refused, None);
    assert!(lowered.run(10.0).ceiling.get() <= present);

    let mut held = at_hold(lumbar());
    held.command(Command::NoIncrease);
    assert_eq!(held.command(to(Mode::Intermittent, 320.0)).refused, None);
    let output = held.run(10.0);
    assert!(output.target.get() <= 300.0, "{output:?}");
    assert!(output.state.held.is_some());
    held.command(Command::AllowIncrease);
    assert!(held.run(10.0).target.get() > 315.0);
}

/// The pull, the phase and the time at full force are those of before.
#[test]
fn a_change_keeps_pull_phase_and_time_under_force() {
    let signed = Profile::new(spec(Region::Lumbar, Mode::Intermittent)).expect("valid");
    let still = signed
        .changed(Mode::Static, Newtons::of(280.0))
        .expect("fits");
    assert_eq!(still.spec().hold.get(), 180.0);
    for (seconds, expected) in [
        (15.0, Some((Phase::Ramp, 15.0))),
        (50.0, Some((Phase::Hold, 28.0 + 20.0))),
        (98.0, Some((Phase::Hold, 28.0 + 60.0))),
        (110.0, Some((Phase::Hold, 28.0 + 60.0))),
        (140.0, Some((Phase::Hold, 28.0 + 60.0))),
        (300.0, Some((Phase::Hold, 28.0 + 150.0))),
        (335.0, None),
        (351.0, None),
    ] {
        let time = Ticks::from_seconds(si::Seconds::of(seconds)).expect("a time");
        let carried = signed.carried(time, &still);
        let found = carried.map(|t| (still.at(t).phase, t.seconds().get()));
        assert_eq!(found, expected, "{seconds} s");
        if let Some((Phase::Hold, _)) = found {
            // And back: the second pull of the signed profile begins after its rise.
            let back = still
                .carried(carried.expect("some"), &signed)
                .expect("goes on");
            assert_eq!(signed.at(back).phase, Phase::Hold, "{seconds} s");
        }
    }
}

proptest! {
    #![proptest_config(crate::plant::cases(256))]

    #[test]
    fn between_pulls_a_change_stays_in_its_pull_and_phase(
        from in prop::sample::select(vec![Mode::Intermittent, Mode::Cyclic]),
        into in prop::sample::select(vec![Mode::Intermittent, Mode::Cyclic]),
        force in 70.0_f64..320.0,
        time in 0_u32..33_000,
    ) {
        let signed = grant(Region::Lumbar, Mode::Intermittent).profile;
        let before = signed.changed(from, Newtons::of(300.0)).expect("fits");
        let after = signed.changed(into, Newtons::of(force)).expect("fits");
        let point = before.at(Ticks::new(time));
        let carried = before.carried(Ticks::new(time), &after).expect("before the last descent");
        let now = after.at(carried);
        // A rise that has passed the new force is over.
        let reached = point.phase == Phase::Ramp && point.force.get() >= force - 0.2;
        prop_assert!(now.phase == point.phase || (reached && now.phase == Phase::Hold), "{now:?}");
        prop_assert_eq!(now.cycle, point.cycle);
        if point.phase != Phase::Hold && point.force.get() < force - 0.2 {
            let jump = (now.force - point.force).get();
            prop_assert!(jump.abs() <= 0.15 + 1e-9, "{jump} N");
        }
    }
}
