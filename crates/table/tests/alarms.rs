//! Alarms: their priorities, their repetition, silence that ends, and who may acknowledge.

use crate::support::*;
use proptest::prelude::*;
use table::alarm::{Alarm, Conditions, Engine, PRIORITIES, REPEAT_MS, SEEN_MS, SILENCE_MS};
use table::wire::{AlarmPriority, Request};
use traction::cause::Cause;

const HIGH: Alarm = Alarm::Cause(Cause::OverForce);
const OTHER_HIGH: Alarm = Alarm::Cause(Cause::LinkLost);
const MEDIUM: Alarm = Alarm::Cause(Cause::LinkLate);
const STEP_MS: u64 = 50;

fn of(alarms: &[Alarm]) -> Conditions {
    alarms
        .iter()
        .fold(Conditions::NONE, |all, one| all.with(*one))
}

/// Steps to `until_ms` and gives the times of the bursts.
fn heard(engine: &mut Engine, from_ms: u64, until_ms: u64, there: &[Alarm]) -> Vec<u64> {
    let mut bursts = Vec::new();
    for now in (from_ms..until_ms).step_by(50) {
        engine.step(now, of(there));
        bursts.extend(engine.take_burst().map(|_| now));
    }
    bursts
}

#[test]
fn every_cause_has_one_priority_with_its_reason() {
    for cause in Cause::ALL {
        let rows: Vec<_> = PRIORITIES.iter().filter(|row| row.0 == *cause).collect();
        assert_eq!(rows.len(), 1, "{cause}");
        assert!(rows[0].2.len() > 10, "{cause}");
        let named = Alarm::Cause(*cause);
        assert_eq!(named.name(), cause.as_str());
        assert_eq!(named.priority(), rows[0].1);
    }
}

/// hazard: H15
#[test]
fn a_late_link_is_a_medium_alarm_and_a_lost_one_a_high_one() {
    assert_eq!(MEDIUM.priority(), Some(AlarmPriority::Medium));
    assert_eq!(OTHER_HIGH.priority(), Some(AlarmPriority::High));
}

#[test]
fn every_stop_but_the_staffs_own_is_heard_and_no_stop_of_the_guard_is_low() {
    use traction::cause::Action;
    for cause in Cause::ALL
        .iter()
        .filter(|cause| cause.action() >= Action::Unload)
    {
        let priority = Alarm::Cause(*cause).priority();
        let by_itself = *cause == Cause::TotalTime;
        assert!(priority > Some(AlarmPriority::Low) || by_itself, "{cause}");
    }
}

/// hazard: H23
#[test]
fn an_alarm_is_heard_at_once_and_again_until_it_is_acknowledged() {
    for (alarm, repeat) in [(HIGH, REPEAT_MS[2]), (MEDIUM, REPEAT_MS[1])] {
        let mut engine = Engine::default();
        let bursts = heard(&mut engine, 0, 100_000, &[alarm]);
        assert_eq!(bursts[0], 0);
        assert!(
            bursts.windows(2).all(|two| two[1] - two[0] == repeat),
            "{bursts:?}"
        );
        engine.acknowledge(100_000);
        assert!(heard(&mut engine, 100_000, 200_000, &[alarm]).is_empty());
        let shown = engine.shown(200_000);
        assert!(shown.len() == 1 && shown[0].acknowledged && !engine.is_waiting());
    }
}

/// hazard: H23
#[test]
fn an_alarm_whose_condition_ended_stays_until_somebody_has_seen_it() {
    let mut engine = Engine::default();
    engine.step(0, of(&[HIGH]));
    let bursts = heard(&mut engine, STEP_MS, 50_000, &[]);
    assert!(bursts.len() >= 4, "{bursts:?}");
    engine.acknowledge(50_000);
    assert_eq!(engine.shown(50_000), []);
}

#[test]
fn what_nobody_can_have_seen_is_not_acknowledged() {
    let mut engine = Engine::default();
    engine.step(0, of(&[MEDIUM]));
    engine.step(1_000, of(&[MEDIUM, HIGH]));
    engine.acknowledge(1_000 + SEEN_MS - 1);
    let shown = engine.shown(1_200);
    assert_eq!(shown[0].cause, "over-force");
    assert!(!shown[0].acknowledged && shown[1].acknowledged);
    engine.acknowledge(1_000 + SEEN_MS);
    assert!(!engine.is_waiting());
}

/// hazard: H23
#[test]
fn silence_ends_after_two_minutes_and_cannot_be_prolonged() {
    let mut engine = Engine::default();
    heard(&mut engine, 0, 1_000, &[HIGH]);
    engine.silence(1_000);
    for now in (1_000..120_000).step_by(500) {
        engine.silence(now);
        engine.step(now, of(&[HIGH]));
        assert_eq!(engine.take_burst(), None, "{now}");
    }
    engine.step(1_000 + SILENCE_MS, of(&[HIGH]));
    engine.silence(1_000 + SILENCE_MS);
    assert_eq!(
        engine.silenced_ms(1_000 + SILENCE_MS),
        0,
        "not before it was heard"
    );
    assert_eq!(engine.take_burst(), Some(AlarmPriority::High));
}

/// hazard: H23
#[test]
fn a_new_alarm_as_urgent_breaks_the_silence_and_a_lesser_one_does_not() {
    let mut engine = Engine::default();
    heard(&mut engine, 0, 1_000, &[HIGH]);
    engine.silence(1_000);
    assert!(heard(&mut engine, 1_000, 30_000, &[HIGH, MEDIUM]).is_empty());
    let all = [HIGH, MEDIUM, OTHER_HIGH];
    assert_eq!(heard(&mut engine, 30_000, 31_000, &all), [30_000]);
    assert_eq!(engine.silenced_ms(31_000), 0);
}

#[test]
fn nothing_is_silenced_before_it_is_there() {
    let mut engine = Engine::default();
    engine.silence(0);
    assert_eq!(engine.silenced_ms(0), 0);
    assert_eq!(heard(&mut engine, 0, 100, &[MEDIUM]), [0]);
}

#[test]
fn alarms_are_shown_the_most_urgent_first_then_the_youngest() {
    let mut engine = Engine::default();
    engine.step(0, of(&[MEDIUM, OTHER_HIGH]));
    engine.step(2_000, of(&[MEDIUM, OTHER_HIGH, HIGH, Alarm::Disk]));
    let shown = engine.shown(3_000);
    let names: Vec<_> = shown.iter().map(|alarm| alarm.cause.as_str()).collect();
    assert_eq!(names, ["over-force", "link-lost", "disk", "link-late"]);
    assert!((shown[1].age_s - 3.0).abs() < 1e-9);
    engine.forget_session();
    assert_eq!(engine.shown(3_000).len(), 1, "the disk is no session's");
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    /// hazard: H23
    #[test]
    fn whatever_is_pressed_a_high_alarm_is_never_unheard_for_longer_than_a_silence(
        acts in prop::collection::vec((0_u8..4, 1_u64..40), 1..200),
    ) {
        let mut engine = Engine::default();
        let (mut now, mut last) = (0, 0);
        for (act, steps) in acts {
            for _ in 0..steps {
                let more = if act == 0 { of(&[HIGH, MEDIUM]) } else { of(&[HIGH]) };
                engine.step(now, more);
                if engine.take_burst().is_some() {
                    last = now;
                }
                let silent = now - last;
                prop_assert!(silent <= SILENCE_MS + REPEAT_MS[2], "{silent} ms");
                now += 500;
            }
            engine.silence(now);
        }
    }
}

/// hazard: H23
#[test]
fn a_viewer_sees_acknowledges_and_silences_an_alarm_that_stays_shown() {
    let rig = Rig::new(60);
    let console = rig.control("desk");
    let viewer = rig.connect("tablet");
    console.start(&fresh_grant(static_profile(200.0, 1_200.0), 1));
    wait(&viewer, "hold", |status| status.phase == "hold");
    console.client.stop().expect("open to all");
    let status = wait(&viewer, "unloaded", |status| status.stage == "unloaded");
    let names: Vec<_> = status
        .alarms
        .iter()
        .map(|alarm| alarm.cause.as_str())
        .collect();
    assert_eq!((names, status.alarm), (vec!["console-stop"], true));
    viewer.call(&Request::Silence).expect("open to all");
    wait(&viewer, "its acknowledgement", |status| {
        viewer.ack().expect("open to all");
        !status.alarm
    });
    let status = viewer.status().expect("a status");
    assert!(status.alarms[0].acknowledged && status.silenced_s == 0.0);
    console.client.close().expect("unloaded");
    wait(&viewer, "its end", |status| status.alarms.is_empty());
}
