//! Every way to stop, and the one way back.

use crate::plant::{Bench, Plant, cervical, grant, lumbar};
use si::Region;
use traction::cause::{Action, Cause};
use traction::input::{Command, Input, Pole, ResumeAct, StopKind, Switch, Symptom};
use traction::supervisor::{Resume, Stage};
use traction::{Mode, Output, Refusal};

fn at_hold(mut bench: Bench) -> Bench {
    bench.start();
    bench.until(60.0, |o| o.phase == traction::Phase::Hold);
    bench.run(5.0);
    bench
}

/// Follows a release to its end; returns the time below 20 N, the time of torque
/// off, and the fastest fall over 100 ms.
fn release(bench: &mut Bench, change: impl Fn(&mut Input)) -> (f64, f64, f64) {
    let (mut below, mut off, mut fastest) = (None, None, 0.0_f64);
    let mut history = vec![bench.plant.force()];
    for tick in 1..=700 {
        let output = bench.tick(&change).output;
        let force = bench.plant.force();
        history.push(force);
        if history.len() > 10 && off.is_none() {
            let old = history[history.len() - 11];
            fastest = fastest.max((old - force) / 0.1);
        }
        let seconds = f64::from(tick) / 100.0;
        if force < 20.0 && below.is_none() {
            below = Some(seconds);
        }
        if !output.drive.torque && off.is_none() {
            off = Some(seconds);
        }
    }
    let never = f64::INFINITY;
    (below.unwrap_or(never), off.unwrap_or(never), fastest)
}

fn check_release(bench: &mut Bench, most: f64, change: impl Fn(&mut Input)) {
    let (below, off, fastest) = release(bench, change);
    assert!(below < 5.0, "below 20 N after {below} s");
    assert!((off - 5.0).abs() <= 0.03, "torque off after {off} s");
    assert!(fastest <= most, "fell at {fastest} N/s");
}

/// hazard: H11, H30
#[test]
fn a_pressed_switch_unloads_within_twenty_milliseconds() {
    for bench in [lumbar(), cervical()] {
        let mut bench = at_hold(bench);
        let output = bench.tick(|i| i.switch = Switch::PRESSED).output;
        assert_eq!(output.state.stage, Stage::Unloading);
        assert_eq!(output.cause, Some(Cause::PatientSwitch));
        assert!(output.drive.velocity.get() < 0.0, "in the same tick");
        assert!(
            output.state.closes_day(),
            "unexplained until somebody says why"
        );
    }
}

/// hazard: H9
#[test]
fn a_release_is_over_in_five_seconds_and_never_faster_than_allowed() {
    for stiffness in [4_000.0, 12_000.0, 30_000.0] {
        for (region, most) in [(Region::Lumbar, 200.0), (Region::Cervical, 50.0)] {
            let plant = Plant::new(stiffness, 3);
            let mut bench = at_hold(Bench::new(&grant(region, Mode::Intermittent), plant));
            check_release(&mut bench, most, |i| i.switch = Switch::PRESSED);
        }
    }
}

/// hazard: H11
#[test]
fn a_broken_wire_or_a_disagreeing_pole_is_a_pressed_switch_after_fifty_ms() {
    let broken = [
        Switch::MISSING,
        Switch {
            a: Pole::Open,
            b: Pole::Closed,
        },
        Switch {
            a: Pole::Closed,
            b: Pole::Missing,
        },
    ];
    for switch in broken {
        let mut bench = at_hold(lumbar());
        for tick in 0..6 {
            let output = bench.tick(|i| i.switch = switch).output;
            let stopped = output.state.stage == Stage::Unloading;
            assert_eq!(stopped, tick >= 5, "{switch:?} {tick}");
            assert!(stopped || output.action == Action::NoIncrease);
        }
    }
}

#[test]
fn a_glitch_of_one_pole_does_not_stop() {
    let mut bench = at_hold(lumbar());
    for _ in 0..4 {
        bench.tick(|i| i.switch.b = Pole::Open);
    }
    assert_eq!(bench.run(1.0).state.stage, Stage::Running);
}

#[test]
fn a_stop_by_console_latches_whatever_follows() {
    let mut bench = at_hold(lumbar());
    bench.command(Command::Stop);
    for command in [
        Command::Start,
        Command::Continue,
        Command::AllowIncrease,
        Command::Pause,
    ] {
        let output = bench.command(command);
        assert_eq!(output.refused, Some(Refusal::Stage), "{command:?}");
    }
    let output = bench.run(20.0);
    assert_eq!(output.state.stage, Stage::Unloaded);
    assert_eq!(output.cause, Some(Cause::ConsoleStop));
    assert!(bench.plant.force() < 1.0);
}

/// hazard: H28
#[test]
fn every_stop_symptom_stops_and_closes_the_day() {
    for &symptom in Symptom::ALL {
        let mut bench = at_hold(lumbar());
        let output = bench.command(Command::Symptom(symptom));
        assert_eq!(output.state.stage, Stage::Unloading);
        bench.run(10.0);
        bench.test_switch();
        bench.command(Command::Explain(StopKind::Comfort));
        let act = ResumeAct::Prepare;
        let output = bench.command(Command::Resume { act });
        assert_eq!(output.refused, Some(Refusal::NotResumable), "{symptom}");
        assert!(output.state.closes_day());
    }
}

#[test]
fn discomfort_answers_as_the_limits_say() {
    // The test grant's arrival score is 3.
    for (score, stage, held) in [
        (4, Stage::Running, None),
        (5, Stage::Running, Some(Cause::ComfortRise)),
        (6, Stage::Unloading, None),
        (11, Stage::Unloading, None),
    ] {
        let mut bench = at_hold(lumbar());
        let output = bench.command(Command::Comfort(score));
        assert_eq!(
            (output.state.stage, output.state.held),
            (stage, held),
            "{score}"
        );
        let mut bench = at_hold(lumbar());
        let output = bench.tick(|i| i.comfort = Some(score)).output;
        assert_eq!(
            (output.state.stage, output.state.held),
            (stage, held),
            "{score}"
        );
    }
}

#[test]
fn a_rise_of_two_forbids_every_increase_until_a_practitioner_allows_it() {
    let mut bench = lumbar();
    bench.start();
    bench.until(60.0, |o| o.target.get() > 150.0);
    let held = bench.command(Command::Comfort(5)).target;
    bench.command(Command::Comfort(3));
    let later = bench.run(40.0);
    assert!(
        later.target <= held,
        "{} after {}",
        later.target.get(),
        held.get()
    );
    assert!(bench.plant.force() < held.get() + 5.0);
    assert_eq!(bench.command(Command::AllowIncrease).state.held, None);
    let output = bench.run(20.0);
    assert!(output.target > held, "{output:?}");
}

#[test]
fn an_allowed_score_that_stays_is_not_held_again() {
    let mut bench = lumbar();
    bench.start();
    bench.until(60.0, |o| o.target.get() > 150.0);
    bench.tick(|i| i.comfort = Some(5));
    bench.tick(|i| {
        i.comfort = Some(5);
        i.command = Some(Command::AllowIncrease);
    });
    let output = bench.tick(|i| i.comfort = Some(5)).output;
    assert_eq!(output.state.held, None);
    let output = bench.tick(|i| i.comfort = Some(6)).output;
    assert_eq!(
        output.state.stage,
        Stage::Unloading,
        "the stop score still stops"
    );
}

#[test]
fn a_comfort_stop_resumes_once_from_nothing_under_three_quarters_of_the_force() {
    let mut bench = at_hold(lumbar());
    let stopped_at = bench.last.expect("ran").force.get();
    bench.command(Command::Comfort(7));
    bench.until(10.0, |o| o.state.stage == Stage::Unloaded);
    let still = bench.resume_first_act();
    assert_eq!(
        still.refused,
        Some(Refusal::NotReady),
        "nobody resumes at a stop score"
    );
    bench.command(Command::Comfort(3));
    let output = bench.resume();
    assert_eq!(output.refused, None, "{output:?}");
    assert_eq!(output.state.stage, Stage::TakeUp);
    assert!(bench.plant.force() < 20.0);
    assert!((output.ceiling.get() - 0.75 * stopped_at).abs() < 5.0);
    let mut highest = 0.0_f64;
    let mut last = 0.0_f64;
    for _ in 0..4000 {
        let output = bench.tick(|_| {}).output;
        assert!(output.target.get() - last <= 8.0 + 1e-9, "on the ramp");
        last = output.target.get();
        highest = highest.max(bench.plant.force());
    }
    assert!(highest > 0.7 * stopped_at && highest < 0.75 * stopped_at + 5.0);

    bench.command(Command::Comfort(7));
    bench.until(10.0, |o| o.state.stage == Stage::Unloaded);
    bench.command(Command::Comfort(3));
    let output = bench.resume_first_act();
    assert_eq!(output.refused, Some(Refusal::ResumeUsed));
    assert_eq!(output.state.resume, Resume::Used);
}

#[test]
fn a_resume_needs_both_acts_within_thirty_seconds_and_a_tested_switch() {
    let act = |act| Command::Resume { act };
    let mut bench = at_hold(lumbar());
    bench.command(Command::Comfort(7));
    bench.command(Command::Comfort(3));
    let early = bench.command(act(ResumeAct::Prepare));
    assert_eq!(early.refused, Some(Refusal::Stage), "still unloading");
    bench.until(10.0, |o| o.state.stage == Stage::Unloaded);
    let untested = bench.command(act(ResumeAct::Prepare));
    assert_eq!(untested.refused, Some(Refusal::SwitchUntested));
    bench.test_switch();
    let skipped = bench.command(act(ResumeAct::Confirm));
    assert_eq!(skipped.refused, Some(Refusal::NotPrepared));
    assert_eq!(bench.command(act(ResumeAct::Prepare)).refused, None);
    bench.run(30.5);
    let late = bench.command(act(ResumeAct::Confirm));
    assert_eq!(late.refused, Some(Refusal::NotPrepared));
    assert_eq!(bench.command(act(ResumeAct::Prepare)).refused, None);
    bench.run(29.0);
    assert_eq!(bench.command(act(ResumeAct::Confirm)).refused, None);
}

#[test]
fn an_unexplained_stop_resumes_only_after_a_practitioner_says_what_it_was() {
    let mut bench = at_hold(lumbar());
    bench.tick(|i| i.switch = Switch::PRESSED);
    bench.until(10.0, |o| o.state.stage == Stage::Unloaded);
    bench.test_switch();
    assert_eq!(
        bench.resume_first_act().refused,
        Some(Refusal::NotResumable)
    );
    let output = bench.command(Command::Explain(StopKind::Comfort));
    assert_eq!((output.refused, output.state.closes_day()), (None, false));
    assert_eq!(bench.resume_first_act().refused, None);
}

#[test]
fn a_start_needs_a_tested_switch_and_live_sensors() {
    let mut bench = lumbar();
    bench.run(0.5);
    let output = bench.command(Command::Start);
    assert_eq!(output.refused, Some(Refusal::SwitchUntested));
    bench.test_switch();
    let output = bench
        .tick(|i| {
            i.force_b = None;
            i.command = Some(Command::Start);
        })
        .output;
    assert_eq!(output.refused, None, "one tick late is not missing yet");

    let mut bench = lumbar();
    bench.test_switch();
    for _ in 0..5 {
        bench.tick(|i| i.force_b = None);
    }
    let refused = |o: Output| o.refused;
    assert_eq!(
        refused(bench.command(Command::Start)),
        Some(Refusal::NotReady)
    );
    for _ in 0..20 {
        bench.tick(|i| i.switch = Switch::PRESSED);
    }
    let pressed = bench.tick(|i| {
        i.switch = Switch::PRESSED;
        i.command = Some(Command::Start);
    });
    assert_eq!(refused(pressed.output), Some(Refusal::SwitchNotReleased));
    bench.run(700.0);
    assert_eq!(
        refused(bench.command(Command::Start)),
        Some(Refusal::SwitchUntested)
    );
}

#[test]
fn lower_makes_three_quarters_of_the_present_force_the_ceiling_for_good() {
    let mut bench = at_hold(lumbar());
    let before = bench.last.expect("ran").target.get();
    let output = bench.command(Command::Lower);
    assert!(
        (output.ceiling.get() - 0.75 * before).abs() < 2.0,
        "{}",
        output.ceiling.get()
    );
    let mut highest = 0.0_f64;
    bench.run(10.0);
    for _ in 0..12_000 {
        let output = bench.tick(|_| {}).output;
        assert!(output.state.latch.is_none(), "{output:?}");
        highest = highest.max(bench.plant.force());
    }
    assert!(highest < 0.75 * before + 5.0, "{highest}");
}

/// hazard: H27
#[test]
fn a_pause_goes_to_base_and_unloads_after_two_minutes() {
    let mut bench = at_hold(lumbar());
    bench.command(Command::Pause);
    let base = bench.run(25.0);
    assert!((bench.plant.force() - 60.0).abs() < 5.0, "{base:?}");
    let stopped = bench.until(100.0, |o| o.state.latch.is_some());
    assert_eq!(stopped.cause, Some(Cause::PauseTooLong));
    let latch = stopped.state.latch.expect("latched");
    assert_eq!(latch.kind, StopKind::Technical);
}

#[test]
fn a_pause_ends_with_one_act_and_the_rest_of_the_hold_is_given() {
    let mut bench = at_hold(lumbar());
    let before = bench.command(Command::Pause);
    bench.run(60.0);
    let after = bench.command(Command::Continue);
    assert_eq!(after.state.stage, Stage::Running);
    assert!(after.elapsed.since(before.elapsed).count() <= 2);
    bench.run(30.0);
    assert!((bench.plant.force() - 300.0).abs() < 6.0);
}

#[test]
fn an_end_takes_the_therapy_ramp() {
    let mut bench = at_hold(lumbar());
    let output = bench.command(Command::End);
    assert_eq!(output.state.stage, Stage::Ending);
    let from = bench.plant.force();
    bench.run(4.0);
    let fell = (from - bench.plant.force()) / 4.0;
    assert!((fell - 15.0).abs() < 2.0, "{fell} N/s");
    let end = bench.until(30.0, |o| o.state.stage == Stage::Complete);
    assert_eq!(end.state.latch, None);
}

/// hazard: H7
#[test]
fn an_ending_never_pulls_also_where_force_sinks_below_its_ramp() {
    for bench in [lumbar(), cervical()] {
        let mut bench = at_hold(bench);
        bench.command(Command::End);
        let mut below = false;
        for _ in 0..3000 {
            // A patient who lets go of what he held: force falls of itself.
            bench.plant.slack += 2e-5;
            let output = bench.tick(|_| {}).output;
            assert!(output.drive.velocity.get() <= 0.0, "{output:?}");
            below |= output.state.stage == Stage::Ending
                && output.force < output.target - si::Newtons::of(5.0);
            if output.state.stage == Stage::Complete {
                break;
            }
        }
        assert!(below && bench.plant.force() < 20.0);
    }
}

#[test]
fn a_stop_before_there_was_any_force_has_nothing_to_resume() {
    let mut bench = lumbar();
    bench.start();
    bench.run(0.3);
    bench.tick(|i| i.drive_fault = true);
    bench.until(10.0, |o| o.state.stage == Stage::Unloaded);
    let refused = bench.resume_first_act().refused;
    assert_eq!(refused, Some(Refusal::NotResumable));
}

#[test]
fn a_stop_keeps_naming_its_cause_whatever_fails_afterwards() {
    let mut bench = at_hold(lumbar());
    bench.command(Command::Comfort(7));
    for _ in 0..1200 {
        let output = bench.tick(|i| i.heartbeat_age_ms = Some(60_000)).output;
        let over = output.cause == Some(Cause::ReleaseOver);
        assert!(
            over || output.cause == Some(Cause::ComfortStop),
            "{output:?}"
        );
    }
    bench.test_switch();
    let act = ResumeAct::Prepare;
    let refused = bench
        .tick(|i| {
            i.command = Some(Command::Resume { act });
        })
        .output;
    assert_eq!(refused.refused, Some(Refusal::NotReady));
    assert_eq!(
        refused.cause,
        Some(Cause::ComfortStop),
        "it still hurts as much"
    );
}
