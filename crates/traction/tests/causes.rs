//! Every cause: what it does, and that its own condition ends it and nothing else.
//!
//! Each is provoked in a hold of a session on the test's patient. What clears when it
//! goes away is tried with every act of the staff first; what waits for a
//! practitioner, for two acts or for nothing in this session is tried without it.
//! The table holds every cause; those that a bent input cannot make in a hold are
//! named with the test that shows them.

use crate::faults::at_hold;
use crate::plant::{Bench, lumbar};
use traction::cause::{Action, Cause, Clearing};
use traction::input::{Command, Input, Pole, ResumeAct, Sample, StopKind, Switch, Symptom};
use traction::supervisor::{Event, Resume, SessionState, Stage, next, of_guard};
use traction::{Output, Refusal};

type Bend = fn(&mut Input, u32);

fn both(input: &mut Input, change: impl Fn(&mut Sample)) {
    for sample in [&mut input.force_a, &mut input.force_b]
        .into_iter()
        .flatten()
    {
        change(sample);
    }
}

/// What makes a cause in a hold; the second number counts ticks.
fn provoked(cause: Cause) -> Option<Bend> {
    let bend: Bend = match cause {
        Cause::PatientSwitch => |i, _| i.switch = Switch::PRESSED,
        Cause::ConsoleStop => |i, t| i.command = (t == 0).then_some(Command::Stop),
        Cause::SymptomReported => {
            |i, t| i.command = (t == 0).then_some(Command::Symptom(Symptom::Crack))
        }
        Cause::ComfortStop => |i, t| i.command = (t == 0).then_some(Command::Comfort(7)),
        Cause::ComfortRise => |i, t| i.command = (t == 0).then_some(Command::Comfort(5)),
        Cause::StaffNoIncrease => |i, t| i.command = (t == 0).then_some(Command::NoIncrease),
        Cause::Paused => |i, t| i.command = (t == 0).then_some(Command::Pause),
        Cause::Ended => |i, t| i.command = (t == 0).then_some(Command::End),
        Cause::LoweredCeiling => |i, t| i.command = (t == 0).then_some(Command::Lower),
        Cause::LinkLate => |i, _| i.heartbeat_age_ms = Some(1500),
        Cause::LinkLost => |i, _| i.heartbeat_age_ms = Some(5001),
        Cause::SampleStale => |i, _| both(i, |s| s.age_ms = 40),
        Cause::SampleLost => |i, _| both(i, |s| s.age_ms = 101),
        Cause::SampleInvalid => |i, t| {
            if t % 4 != 0 {
                both(i, |s| s.value = f64::NAN);
            }
        },
        Cause::OutOfRange => |i, _| both(i, |s| s.value = 2000.0),
        Cause::CellsDisagree => |i, _| {
            if let Some(sample) = &mut i.force_a {
                sample.value -= 60.0;
            }
        },
        Cause::MotorDisagrees => |i, _| {
            if let Some(sample) = &mut i.motor_force {
                sample.value -= 100.0;
            }
        },
        Cause::MotorAbove => |i, _| {
            if let Some(sample) = &mut i.motor_force {
                sample.value += 45.0;
            }
        },
        Cause::CellFrozen => |i, _| both(i, |s| s.value = 300.0),
        Cause::ForceRate => |i, _| both(i, |s| s.value += 30.0),
        Cause::ForceLost => |i, _| both(i, |s| s.value -= 50.0),
        Cause::OverForce => |i, _| i.motor_force = Some(Sample::fresh(365.0)),
        Cause::LoopSlow => |i, _| i.late_ms = 21,
        Cause::LoopLate => |i, _| i.late_ms = 101,
        Cause::SwitchDoubt => |i, t| {
            if t % 4 != 0 {
                i.switch.a = Pole::Open;
            }
        },
        Cause::DriveFault => |i, _| i.drive_fault = true,
        Cause::DriveAstray => |i, t| {
            if let Some(sample) = &mut i.travel {
                sample.value += 1e-4 * f64::from(t);
            }
        },
        Cause::Guarding => |i, t| both(i, |s| s.value += 1.5 * f64::from(t.min(10))),
        _ => return None,
    };
    Some(bend)
}

/// Where the causes are shown that a bent input cannot make in a hold of a minute.
const ELSEWHERE: [(Cause, &str); 11] = [
    (
        Cause::Departed,
        "a_late_heartbeat_allows_no_increase_and_leaving_the_profile_is_held",
    ),
    (
        Cause::PauseTooLong,
        "a_pause_goes_to_base_and_unloads_after_two_minutes",
    ),
    (
        Cause::TotalTime,
        "the_longest_time_ends_a_session_by_the_therapy_ramp",
    ),
    (Cause::OverTravel, "travel_beyond_the_cap_stops"),
    (
        Cause::GuardingTwice,
        "guarding_is_yielded_to_then_rested_then_stopped",
    ),
    (
        Cause::GuardingThrice,
        "guarding_is_yielded_to_then_rested_then_stopped",
    ),
    (
        Cause::DriveIgnores,
        "a_drive_that_runs_away_loses_its_torque",
    ),
    (
        Cause::ReleaseOver,
        "a_dead_drive_loses_its_torque_at_the_latest_five_seconds_into_a_stop",
    ),
    (
        Cause::Invariant,
        "the_guard_only_reduces_and_keeps_the_order_of_demands",
    ),
    (
        Cause::NoContact,
        "a_harness_that_nobody_wears_is_given_up_after_a_minute",
    ),
    (
        Cause::ForceRemains,
        "an_ending_with_force_left_is_never_complete",
    ),
];

/// A hold in which the cause has just been named.
fn with(cause: Cause, bend: Bend) -> (Bench, u32) {
    let mut bench = at_hold(lumbar());
    for tick in 0..200 {
        let output = bench.tick(|i| bend(i, tick)).output;
        if output.cause == Some(cause) {
            return (bench, tick + 1);
        }
        assert_eq!(output.state.latch, None, "{cause}: {output:?}");
    }
    panic!("{cause} was not named: {:?}", bench.last);
}

fn act(bench: &mut Bench, command: Command) -> Output {
    bench.tick(|i| i.command = Some(command)).output
}

#[test]
fn every_cause_is_provoked_here_or_named_with_the_test_that_shows_it() {
    for &cause in Cause::ALL {
        let elsewhere = ELSEWHERE.iter().any(|(other, _)| *other == cause);
        assert_ne!(provoked(cause).is_some(), elsewhere, "{cause}");
    }
}

#[test]
fn what_clears_by_itself_outlasts_every_act_and_goes_with_its_condition() {
    for &cause in Cause::ALL {
        let (Clearing::WhenClears, Some(bend)) = (cause.clearing(), provoked(cause)) else {
            continue;
        };
        let (mut bench, from) = with(cause, bend);
        let acts = [Command::AllowIncrease, Command::Continue, Command::Start];
        let mut named = false;
        for tick in from..from + 60 {
            let command = acts.get(tick as usize % 20).copied();
            named = false;
            for part in 0..4 {
                let output = bench.tick(|i| {
                    bend(i, tick * 4 + part);
                    i.command = command;
                });
                named |= output.output.cause == Some(cause);
            }
        }
        assert!(named, "{cause}: an act ended it");
        let after = bench.run(5.0);
        assert_ne!(after.cause, Some(cause), "it goes with its condition");
        assert_eq!(after.state.latch, None, "{cause}");
    }
}

#[test]
fn what_waits_for_a_practitioner_stays_until_the_act() {
    for &cause in Cause::ALL {
        let (Clearing::Practitioner, Some(bend)) = (cause.clearing(), provoked(cause)) else {
            continue;
        };
        let (mut bench, _) = with(cause, bend);
        act(&mut bench, Command::Comfort(3));
        let waiting = bench.run(30.0);
        assert_eq!(waiting.cause, Some(cause), "it does not end by itself");
        let paused = cause.action() == Action::GoBase;
        let (own, other) = if paused {
            (Command::Continue, Command::AllowIncrease)
        } else {
            (Command::AllowIncrease, Command::Continue)
        };
        act(&mut bench, other);
        assert_eq!(bench.run(0.1).cause, Some(cause), "another act ended it");
        assert_eq!(act(&mut bench, own).refused, None);
        assert_ne!(bench.run(0.1).cause, Some(cause), "its own act ends it");
    }
}

#[test]
fn what_waits_for_two_acts_stays_latched_whatever_else_is_done() {
    for &cause in Cause::ALL {
        let (Clearing::TwoActs, Some(bend)) = (cause.clearing(), provoked(cause)) else {
            continue;
        };
        let (mut bench, _) = with(cause, bend);
        act(&mut bench, Command::Comfort(3));
        bench.run(10.0);
        bench.test_switch();
        for command in [
            Command::Start,
            Command::Continue,
            Command::AllowIncrease,
            Command::Lower,
            Command::Resume {
                act: ResumeAct::Confirm,
            },
        ] {
            let output = act(&mut bench, command);
            assert!(output.refused.is_some(), "{cause}: {command:?}");
        }
        let waiting = bench.run(60.0);
        let latch = waiting.state.latch.expect("latched");
        assert_eq!((latch.cause, waiting.cause), (cause, Some(cause)));
        if latch.kind == StopKind::Unexplained {
            act(&mut bench, Command::Explain(StopKind::Technical));
        }
        let resumed = bench.resume();
        assert_eq!(
            (resumed.refused, resumed.state.latch),
            (None, None),
            "{cause}"
        );
    }
}

#[test]
fn what_nothing_clears_outlasts_the_session() {
    for &cause in Cause::ALL {
        let (Clearing::Never, Some(bend)) = (cause.clearing(), provoked(cause)) else {
            continue;
        };
        let (mut bench, _) = with(cause, bend);
        bench.run(1.0);
        act(&mut bench, Command::AllowIncrease);
        act(&mut bench, Command::Continue);
        assert_eq!(bench.run(1.0).cause, Some(cause));
        if cause.action() >= Action::Unload {
            bench.run(10.0);
            let refused = bench.resume_first_act().refused;
            assert_eq!(refused, Some(Refusal::NotResumable), "{cause}");
        }
    }
}

/// The same for all causes, on the supervisor alone.
#[test]
fn the_supervisor_lets_each_cause_go_by_its_own_event_only() {
    let running = SessionState {
        stage: Stage::Running,
        ..SessionState::ARMED
    };
    for &cause in Cause::ALL {
        let Some(event) = of_guard(cause.action(), Some(cause)) else {
            let quiet = cause.clearing() == Clearing::WhenClears || cause.action() == Action::Warn;
            assert!(quiet, "{cause} leaves no trace");
            continue;
        };
        let held = next(running, event);
        let unload = next(next(held, Event::TorqueOff(cause)), Event::Lapse);
        let prepared = next(unload, Event::Prepare);
        let freed = [
            (Event::Allow, next(held, Event::Allow)),
            (Event::Continue, next(held, Event::Continue)),
            (Event::Confirm, next(prepared, Event::Confirm)),
        ];
        for (by, after) in freed {
            let gone = after.latch.is_none() && after.held.is_none() && after.pause.is_none();
            let own = match (cause.action(), cause.clearing()) {
                (Action::NoIncrease, _) => by == Event::Allow,
                (Action::GoBase, _) => by == Event::Continue,
                _ => by == Event::Confirm && unload.resumable(),
            };
            let stopped = by == Event::Confirm && cause.action() < Action::Unload;
            assert!(stopped || gone == own, "{cause} by {by:?}: {after:?}");
        }
        let resumes = prepared.resume == Resume::Prepared;
        let open = cause.clearing() != Clearing::Never
            && matches!(cause.kind(), StopKind::Comfort | StopKind::Technical);
        assert_eq!(resumes, open, "{cause}");
    }
}
