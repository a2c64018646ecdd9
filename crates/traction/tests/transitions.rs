//! The supervisor's table, written again by hand: where each event leads from each stage.

use traction::cause::{Action, Cause};
use traction::input::StopKind;
use traction::supervisor::{Event, Latch, Resume, SessionState, Stage, next, of_guard};

use Stage::{Armed, Complete, Ending, Paused, Running, TakeUp, Unloaded, Unloading};

const STAGES: [Stage; 8] = [
    Armed, TakeUp, Running, Paused, Ending, Unloading, Unloaded, Complete,
];

fn at(stage: Stage) -> SessionState {
    SessionState {
        stage,
        ..SessionState::ARMED
    }
}

fn stopped(cause: Cause, resume: Resume) -> SessionState {
    SessionState {
        latch: Some(Latch {
            cause,
            kind: cause.kind(),
        }),
        resume,
        ..at(Unloaded)
    }
}

/// The stages that an event leads to, in the order of `STAGES`.
fn led(event: Event) -> [Stage; 8] {
    STAGES.map(|stage| next(at(stage), event).stage)
}

#[test]
fn each_event_leads_where_it_should_from_every_stage() {
    let pause = Event::Pause(Cause::Paused);
    let hold = Event::Hold(Cause::ComfortRise);
    let unload = Event::Unload(Cause::CellFrozen);
    let off = Event::TorqueOff(Cause::DriveFault);
    let rows: [(Event, [Stage; 8]); 14] = [
        (
            Event::Start,
            [
                TakeUp, TakeUp, Running, Paused, Ending, Unloading, Unloaded, Complete,
            ],
        ),
        (
            Event::Contact,
            [
                Armed, Running, Running, Paused, Ending, Unloading, Unloaded, Complete,
            ],
        ),
        (
            pause,
            [
                Armed, Paused, Paused, Paused, Ending, Unloading, Unloaded, Complete,
            ],
        ),
        (
            Event::Continue,
            [
                Armed, TakeUp, Running, Running, Ending, Unloading, Unloaded, Complete,
            ],
        ),
        (hold, STAGES),
        (Event::Allow, STAGES),
        (
            Event::End,
            [
                Complete, Ending, Ending, Ending, Ending, Unloading, Unloaded, Complete,
            ],
        ),
        (
            Event::Emptied,
            [
                Armed, TakeUp, Running, Paused, Complete, Unloading, Unloaded, Complete,
            ],
        ),
        (
            unload,
            [
                Unloaded, Unloading, Unloading, Unloading, Unloading, Unloading, Unloaded, Complete,
            ],
        ),
        (
            off,
            [
                Unloaded, Unloaded, Unloaded, Unloaded, Unloaded, Unloaded, Unloaded, Complete,
            ],
        ),
        (Event::Explain(StopKind::Comfort), STAGES),
        (Event::Prepare, STAGES),
        (Event::Lapse, STAGES),
        (Event::Confirm, STAGES),
    ];
    for (event, stages) in rows {
        assert_eq!(led(event), stages, "{event:?}");
    }
}

#[test]
fn a_pause_is_named_by_its_last_cause_and_ends_with_it() {
    let paused = next(at(Running), Event::Pause(Cause::Paused));
    assert_eq!(paused.pause, Some(Cause::Paused));
    let rested = next(paused, Event::Pause(Cause::GuardingTwice));
    assert_eq!(rested.pause, Some(Cause::GuardingTwice));
    assert_eq!(rested.stage, Paused);
    for event in [
        Event::Continue,
        Event::End,
        Event::Unload(Cause::CellFrozen),
    ] {
        assert_eq!(next(rested, event).pause, None, "{event:?}");
    }
}

#[test]
fn what_is_held_is_the_first_cause_until_it_is_allowed() {
    for stage in [Armed, TakeUp, Running, Paused] {
        let held = next(at(stage), Event::Hold(Cause::ComfortRise));
        assert_eq!(held.held, Some(Cause::ComfortRise));
        let again = next(held, Event::Hold(Cause::StaffNoIncrease));
        assert_eq!(again.held, Some(Cause::ComfortRise));
        assert_eq!(next(again, Event::Allow).held, None);
    }
    for stage in [Ending, Unloading, Unloaded, Complete] {
        assert_eq!(next(at(stage), Event::Hold(Cause::ComfortRise)).held, None);
    }
}

#[test]
fn tension_comes_back_by_both_acts_once_and_for_a_stop_that_allows_it() {
    let stop = stopped(Cause::CellFrozen, Resume::Unused);
    assert_eq!(next(stop, Event::Confirm), stop, "the first act is missing");
    let prepared = next(stop, Event::Prepare);
    assert_eq!(prepared.resume, Resume::Prepared);
    assert_eq!(next(prepared, Event::Lapse), stop);
    let back = next(prepared, Event::Confirm);
    assert_eq!((back.stage, back.resume), (TakeUp, Resume::Used));
    assert_eq!((back.latch, back.held), (None, None));
    let again = next(next(back, Event::Unload(Cause::CellFrozen)), Event::Emptied);
    assert_eq!(again.resume, Resume::Used);
    assert!(
        !SessionState {
            stage: Unloaded,
            ..again
        }
        .resumable()
    );
    assert_eq!(next(stop, Event::Lapse), stop, "nothing was prepared");
}

#[test]
fn what_a_stop_turns_out_to_be_can_only_close_the_way_back() {
    let prepared = stopped(Cause::CellFrozen, Resume::Prepared);
    let kept = next(prepared, Event::Explain(StopKind::Comfort));
    assert_eq!(
        kept, prepared,
        "a technical stop stays one, and stays prepared"
    );
    let symptom = next(prepared, Event::Explain(StopKind::Symptom));
    assert_eq!(symptom.resume, Resume::Unused);
    assert_eq!(symptom.latch.map(|l| l.kind), Some(StopKind::Symptom));
    assert!(symptom.closes_day() && !symptom.resumable());
    assert_eq!(next(symptom, Event::Prepare), symptom);
    let forced = SessionState {
        resume: Resume::Prepared,
        ..symptom
    };
    assert_eq!(next(forced, Event::Confirm), forced);
    let unexplained = stopped(Cause::PatientSwitch, Resume::Unused);
    assert!(unexplained.closes_day() && !unexplained.resumable());
    let explained = next(unexplained, Event::Explain(StopKind::Comfort));
    assert!(!explained.closes_day() && explained.resumable());
}

#[test]
fn a_graver_stop_takes_the_place_of_a_lighter_one_and_no_other_does() {
    let technical = next(at(Running), Event::Unload(Cause::CellFrozen));
    let symptom = next(technical, Event::Unload(Cause::SymptomReported));
    assert_eq!(symptom.latch.map(|l| l.cause), Some(Cause::SymptomReported));
    let after = next(symptom, Event::TorqueOff(Cause::DriveFault));
    assert_eq!(after.latch.map(|l| l.cause), Some(Cause::SymptomReported));
    let over = next(technical, Event::TorqueOff(Cause::ReleaseOver));
    assert_eq!(over.latch.map(|l| l.cause), Some(Cause::CellFrozen));
    assert_eq!(over.stage, Unloaded);
}

#[test]
fn the_answer_of_the_guard_makes_one_event_or_none() {
    let cause = Some(Cause::CellFrozen);
    let of = |action| of_guard(action, cause);
    assert_eq!(
        of(Action::TorqueOff),
        Some(Event::TorqueOff(Cause::CellFrozen))
    );
    assert_eq!(of(Action::Unload), Some(Event::Unload(Cause::CellFrozen)));
    assert_eq!(of(Action::GoBase), Some(Event::Pause(Cause::CellFrozen)));
    assert_eq!((of(Action::Warn), of(Action::None)), (None, None));
    assert_eq!(of_guard(Action::Unload, None), None);
    // Guarding passes by itself; a rise of discomfort waits for a practitioner.
    assert_eq!(of_guard(Action::NoIncrease, Some(Cause::Guarding)), None);
    let rise = of_guard(Action::NoIncrease, Some(Cause::ComfortRise));
    assert_eq!(rise, Some(Event::Hold(Cause::ComfortRise)));
}
