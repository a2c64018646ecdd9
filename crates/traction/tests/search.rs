//! Every state of the supervisor that any events reach, by breadth-first search.

use std::collections::{BTreeMap, BTreeSet, VecDeque};
use traction::cause::{Action, Cause, Clearing};
use traction::input::StopKind;
use traction::supervisor::{Event, Resume, SessionState, Stage, next, of_guard};

fn events() -> Vec<Event> {
    let mut events = vec![
        Event::Start,
        Event::Contact,
        Event::Continue,
        Event::Allow,
        Event::End,
        Event::Emptied,
        Event::Prepare,
        Event::Lapse,
        Event::Confirm,
    ];
    events.extend(StopKind::ALL.iter().map(|&kind| Event::Explain(kind)));
    for &cause in Cause::ALL {
        events.extend([
            Event::Pause(cause),
            Event::Hold(cause),
            Event::Unload(cause),
            Event::TorqueOff(cause),
        ]);
    }
    events
}

/// Every state reached from arming, with the events that lead on from it.
fn reached() -> BTreeMap<SessionState, Vec<(Event, SessionState)>> {
    let events = events();
    let mut graph = BTreeMap::new();
    let mut queue = VecDeque::from([SessionState::ARMED]);
    while let Some(state) = queue.pop_front() {
        if graph.contains_key(&state) {
            continue;
        }
        let on: Vec<_> = events.iter().map(|&e| (e, next(state, e))).collect();
        queue.extend(on.iter().map(|(_, to)| *to));
        graph.insert(state, on);
    }
    graph
}

/// How much force a stage can have: what makes a way up or down.
fn height(stage: Stage) -> u8 {
    match stage {
        Stage::Armed | Stage::Unloaded | Stage::Complete => 0,
        Stage::Unloading | Stage::Ending => 1,
        Stage::Paused => 2,
        Stage::TakeUp | Stage::Running => 3,
    }
}

#[test]
fn a_release_is_open_from_every_state_with_torque() {
    for (state, on) in reached() {
        if !state.stage.energised() {
            continue;
        }
        for &cause in Cause::ALL {
            let unloaded = next(state, Event::Unload(cause));
            assert_eq!(unloaded.stage, Stage::Unloading, "{state:?}");
            assert!(unloaded.latch.is_some(), "{state:?}");
            let off = next(state, Event::TorqueOff(cause));
            assert!(!off.stage.energised(), "{state:?}");
        }
        assert!(!on.is_empty());
    }
}

#[test]
fn a_stop_latches_until_both_acts_of_the_one_resume() {
    for (state, on) in reached() {
        let Some(latch) = state.latch else { continue };
        assert!(
            matches!(state.stage, Stage::Unloading | Stage::Unloaded),
            "{state:?}"
        );
        for (event, to) in on {
            match to.latch {
                Some(kept) => assert!(
                    kept.kind >= latch.kind || latch.kind == StopKind::Unexplained,
                    "{state:?} {event:?}"
                ),
                None => {
                    assert_eq!(event, Event::Confirm, "{state:?}");
                    assert_eq!((state.resume, to.resume), (Resume::Prepared, Resume::Used));
                    assert!(matches!(
                        latch.kind,
                        StopKind::Comfort | StopKind::Technical
                    ));
                    assert_ne!(latch.cause.clearing(), Clearing::Never);
                }
            }
        }
    }
}

#[test]
fn only_a_deliberate_act_leads_up() {
    for (state, on) in reached() {
        for (event, to) in on {
            if height(to.stage) > height(state.stage) {
                let deliberate = matches!(event, Event::Start | Event::Continue | Event::Confirm);
                assert!(deliberate, "{state:?} {event:?} {to:?}");
            }
            if state.held.is_some() && to.held.is_none() {
                let act = matches!(event, Event::Allow | Event::Confirm);
                assert!(act, "{state:?} {event:?}");
            }
        }
    }
}

#[test]
fn a_resume_is_used_at_most_once() {
    for (state, on) in reached() {
        if state.resume == Resume::Used {
            assert!(
                on.iter().all(|(_, to)| to.resume == Resume::Used),
                "{state:?}"
            );
            assert!(!state.resumable());
        }
    }
}

#[test]
fn a_symptom_closes_the_day_for_good() {
    for (state, on) in reached() {
        if state
            .latch
            .is_some_and(|latch| latch.kind == StopKind::Symptom)
        {
            assert!(state.closes_day() && !state.resumable());
            assert!(on.iter().all(|(_, to)| to.closes_day()), "{state:?}");
        }
    }
}

#[test]
fn a_full_session_sometimes_completes_and_every_stage_is_sometimes_reached() {
    let graph = reached();
    let stages: BTreeSet<_> = graph.keys().map(|state| state.stage).collect();
    assert_eq!(stages.len(), Stage::ALL.len());
    let clean = |state: &SessionState| state.stage == Stage::Complete && state.latch.is_none();
    assert!(graph.keys().any(clean));
    let resumed = |s: &SessionState| s.stage == Stage::Complete && s.resume == Resume::Used;
    assert!(graph.keys().any(resumed), "also after a resume");
    let way = [
        (Event::Start, Stage::TakeUp),
        (Event::Contact, Stage::Running),
        (Event::Pause(Cause::Paused), Stage::Paused),
        (Event::Continue, Stage::Running),
        (Event::End, Stage::Ending),
        (Event::Emptied, Stage::Complete),
    ];
    let mut state = SessionState::ARMED;
    for (event, stage) in way {
        state = next(state, event);
        assert_eq!(state.stage, stage);
    }
}

#[test]
fn a_complete_session_stays_complete() {
    for (state, on) in reached() {
        if state.stage == Stage::Complete {
            assert!(on.iter().all(|(_, to)| *to == state));
        }
    }
}

#[test]
fn every_cause_that_unloads_becomes_a_stop_and_none_other_does() {
    for &cause in Cause::ALL {
        let event = of_guard(cause.action(), Some(cause));
        let stops = matches!(event, Some(Event::Unload(_) | Event::TorqueOff(_)));
        assert_eq!(stops, cause.action() >= Action::Unload, "{cause}");
    }
}
