//! Times and numbers exactly: the last that is allowed and the first that is not; and what
//! a stop does not forget.

use crate::campaign::{demand, guard_config, running};
use crate::faults::at_hold;
use crate::plant::{Bench, Plant, grant, grant_of, limits, lumbar, spec};
use si::{Newtons, NewtonsPerMetre, Region, Seconds};
use traction::cause::Cause;
use traction::guard;
use traction::input::{Command, Input, ResumeAct, Sample, StopKind, Switch, Symptom};
use traction::supervisor::Stage;
use traction::{
    ArmError, ComfortLimits, LimitsSpec, MetresPerSecond, Mode, Refusal, Session, Setup, Ticks,
};

/// Force of the patient's own, risen within 150 ms, kept for half a second, gone.
fn pulse(bench: &mut Bench, newtons: f64) -> Vec<Cause> {
    let mut seen = Vec::new();
    let (rise, stay) = (15, 50);
    for tick in 1..=2 * rise + stay {
        let share = f64::from(tick.min(rise).min(2 * rise + stay - tick)) / f64::from(rise);
        bench.plant.muscle = newtons * share;
        seen.extend(bench.tick(|_| {}).output.cause);
    }
    bench.plant.muscle = 0.0;
    bench.run(2.0);
    seen.dedup();
    seen
}

/// A comfort stop, and the way back to the force that a resume allows.
fn stopped_and_resumed(bench: &mut Bench, prepare: impl FnOnce(&mut Plant)) {
    bench.command(Command::Stop);
    bench.until(20.0, |o| o.state.stage == Stage::Unloaded);
    prepare(&mut bench.plant);
    bench.command(Command::Explain(StopKind::Technical));
    assert_eq!(bench.resume().refused, None);
}

#[test]
fn what_a_patient_did_before_a_stop_still_counts_after_it() {
    let mut bench = at_hold(lumbar());
    assert!(pulse(&mut bench, 45.0).contains(&Cause::Guarding));
    stopped_and_resumed(&mut bench, |_| {});
    bench.until(40.0, |o| o.target.get() >= 150.0);
    let second = pulse(&mut bench, 45.0);
    assert!(second.contains(&Cause::GuardingTwice), "{second:?}");
    bench.run(8.0);
    let third = pulse(&mut bench, 45.0);
    assert!(third.contains(&Cause::GuardingThrice), "{third:?}");
}

#[test]
fn a_patient_who_settled_before_a_stop_has_settled_after_it() {
    let mut profile = spec(Region::Lumbar, Mode::Static);
    profile.hold = Seconds::of(400.0);
    let grant = grant_of(profile, limits(Region::Lumbar, 3));
    let mut bench = at_hold(Bench::new(&grant, Plant::new(12_000.0, 5)));
    bench.run(280.0);
    stopped_and_resumed(&mut bench, |_| {});
    bench.until(40.0, |o| o.target >= o.ceiling);
    bench.run(2.0);
    let seen = pulse(&mut bench, 16.0);
    assert!(!seen.contains(&Cause::Guarding), "{seen:?}");
}

/// hazard: H19
#[test]
fn travel_is_counted_from_the_first_contact_also_after_a_resume() {
    let narrow = LimitsSpec {
        travel: si::Metres::of(0.05),
        ..limits(Region::Lumbar, 3)
    };
    let grant = grant_of(spec(Region::Lumbar, Mode::Intermittent), narrow);
    let mut bench = at_hold(Bench::new(&grant, Plant::new(12_000.0, 5)));
    // The harness was put on three centimetres further out.
    stopped_and_resumed(&mut bench, |plant| plant.slack += 0.03);
    let output = bench.until(40.0, |o| {
        o.state.stage != Stage::TakeUp && o.cause == Some(Cause::OverTravel)
    });
    assert_eq!(output.state.stage, Stage::Unloading);
    let so_far = bench.plant.x - 0.01;
    assert!(
        (0.048..0.053).contains(&so_far),
        "{so_far} m from the first contact"
    );
}

#[test]
fn a_session_ends_in_the_first_tick_beyond_its_signed_time() {
    let signed = LimitsSpec {
        total_time: Ticks::from_secs(300),
        ..limits(Region::Lumbar, 3)
    };
    let mut bench = Bench::new(
        &grant_of(spec(Region::Lumbar, Mode::Static), signed),
        Plant::new(12_000.0, 5),
    );
    bench.start();
    let under_tension = |stage: Stage| matches!(stage, Stage::Running | Stage::Paused);
    let mut lasted = 0;
    while bench.last.is_none_or(|o| o.state.stage != Stage::Ending) {
        let pauses = [5_000, 15_000, 25_000].contains(&lasted);
        let goes_on = [14_000, 24_000].contains(&lasted);
        let output = match (pauses, goes_on) {
            (true, _) => bench.command(Command::Pause),
            (_, true) => bench.command(Command::Continue),
            _ => bench.tick(|_| {}).output,
        };
        lasted += u32::from(under_tension(output.state.stage));
        assert!(lasted < 40_000, "{output:?}");
    }
    // The tick in which the harness came taut is the first of them.
    assert_eq!(lasted, Ticks::from_secs(300).count() + 1);
    assert_eq!(bench.last.expect("ran").cause, Some(Cause::TotalTime));
}

#[test]
fn a_second_act_is_taken_thirty_seconds_after_the_first_and_not_a_tick_later() {
    for (waits, taken) in [(2_999, true), (3_000, true), (3_001, false)] {
        let mut bench = at_hold(lumbar());
        bench.command(Command::Stop);
        bench.until(20.0, |o| o.state.stage == Stage::Unloaded);
        bench.command(Command::Explain(StopKind::Technical));
        assert_eq!(bench.resume_first_act().refused, None);
        for _ in 1..waits {
            bench.tick(|_| {});
        }
        let act = ResumeAct::Confirm;
        let refused = bench.command(Command::Resume { act }).refused;
        assert_eq!(refused.is_none(), taken, "{waits} ticks: {refused:?}");
    }
}

#[test]
fn a_rest_after_guarding_is_a_minute_of_its_own_whatever_was_paused_before() {
    let mut bench = at_hold(lumbar());
    bench.command(Command::Pause);
    bench.run(70.0);
    bench.command(Command::Continue);
    bench.until(60.0, |o| o.target >= o.set_point);
    bench.run(3.0);
    pulse(&mut bench, 45.0);
    bench.run(8.0);
    assert!(pulse(&mut bench, 45.0).contains(&Cause::GuardingTwice));
    let refused = bench.command(Command::Continue).refused;
    assert_eq!(refused, Some(Refusal::Resting));
}

#[test]
fn a_table_is_armed_up_to_the_overshoot_it_may_make_and_only_with_real_numbers() {
    let grant = grant(Region::Lumbar, Mode::Static);
    let armed = |setup: Setup| Session::arm(&grant, &setup).map(|_| ());
    // 12.5 N/mm at 10 mm/s for 0.2 s are the 25 N that unload at once.
    let most = Setup {
        stiffest: NewtonsPerMetre::of(12_500.0),
        pull_speed: MetresPerSecond::raw(0.01),
        reaction: Seconds::of(0.2),
        ..Setup::simulated(Region::Lumbar)
    };
    assert_eq!(armed(most), Ok(()));
    for broken in [0.0, -0.001, f64::INFINITY, f64::NAN] {
        let pull_speed = MetresPerSecond::raw(broken);
        let setup = Setup { pull_speed, ..most };
        assert_eq!(armed(setup), Err(ArmError::Setup), "{broken}");
        let table_ceiling = Newtons::raw(broken);
        let setup = Setup {
            table_ceiling,
            ..most
        };
        assert_eq!(armed(setup), Err(ArmError::Setup), "{broken}");
    }
}

/// CLINICAL §5: a rise of 2 holds, a rise of 3 stops, and so does 7 where it is a rise.
#[test]
fn the_scores_that_are_answered_follow_from_the_score_at_arrival() {
    let stops = [3, 4, 5, 6, 7, 7, 7, 8, 9, 10, 11];
    for (arrival, stop) in (0_u8..=10).zip(stops) {
        let limits = ComfortLimits::from_arrival(arrival).expect("0 to 10");
        assert_eq!(limits.arrival(), arrival);
        assert_eq!(limits.no_increase_at(), arrival + 2);
        assert_eq!(limits.stop_at(), stop, "arrival {arrival}");
    }
    assert_eq!(ComfortLimits::from_arrival(11), None);
}

#[test]
fn a_lease_is_asked_for_by_what_can_lead_to_more_force_and_by_nothing_else() {
    let act = ResumeAct::Prepare;
    let change = Command::Change {
        mode: Mode::Static,
        force: Newtons::of(100.0),
    };
    let raise = [
        Command::Start,
        Command::Continue,
        Command::AllowIncrease,
        Command::Resume { act },
        Command::Explain(StopKind::Comfort),
        change,
    ];
    let lower = [
        Command::Pause,
        Command::Lower,
        Command::NoIncrease,
        Command::End,
        Command::Stop,
        Command::Comfort(9),
        Command::Symptom(Symptom::Crack),
    ];
    assert!(raise.into_iter().all(Command::raises_force));
    assert!(!lower.into_iter().any(Command::raises_force));
}

/// Time late is time passed, in whole ticks.
#[test]
fn what_passes_in_a_tick_is_the_tick_and_what_it_begins_late_by() {
    let passed = |late_ms| {
        Input {
            late_ms,
            ..Input::NOTHING
        }
        .passed()
        .count()
    };
    assert_eq!([0, 9, 10, 29, 250].map(passed), [1, 1, 2, 3, 26]);
}

/// The motor feels what an ending leaves; dithered, so that no cell stands.
#[test]
fn an_ending_may_leave_force_for_five_seconds_and_not_a_tick_longer() {
    let config = guard_config(&grant(Region::Lumbar, Mode::Static));
    let mut watch = running(Newtons::ZERO, config.limits.ceiling);
    watch.state.stage = Stage::Ending;
    let mut state = guard::State::new(&config);
    let cause = |tick: u32| {
        let force = 15.0 + f64::from(tick % 2);
        let input = Input {
            force_a: Some(Sample::fresh(force)),
            force_b: Some(Sample::fresh(force)),
            motor_force: Some(Sample::fresh(40.0)),
            travel: Some(Sample::fresh(0.02)),
            switch: Switch::RELEASED,
            heartbeat_age_ms: Some(0),
            ..Input::NOTHING
        };
        let (next, verdict) = guard::step(&config, state, &input, &watch, demand(0.0));
        state = next;
        verdict.cause
    };
    let causes: Vec<_> = (1..=501).map(cause).collect();
    let first = causes.iter().position(|c| *c == Some(Cause::ForceRemains));
    let mut all = causes.clone();
    all.dedup();
    assert_eq!(first, Some(500), "{all:?}");
}

#[test]
fn a_grant_is_good_for_twelve_hours_and_not_a_millisecond_longer() {
    let hours = 12 * 3_600_000;
    for (ms, good) in [
        (1, true),
        (hours, true),
        (hours + 1, false),
        (0, false),
        (-1, false),
    ] {
        let mut grant = grant(Region::Lumbar, Mode::Static);
        grant.expires_ms = grant.not_before_ms + ms;
        assert_eq!(grant.check().is_ok(), good, "{ms} ms");
    }
}
