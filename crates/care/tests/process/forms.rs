//! The form of a check-in: sent twice, corrected, begun and left.

use care::episode::{Alert, Command, Role, What};
use care::fact::{By, Reading, Value};
use si::Region;

use super::setting::{
    SESSION, Story, after_session, all_well, hours, id, minutes, told, went_well,
};

const FORM: u128 = 900;

/// Four hours after a session, when the first check-in waits.
fn waiting() -> Story {
    let mut story = after_session(Region::Lumbar, went_well());
    story.later(hours(4));
    story
}

fn saying(mut answers: Vec<Reading>, sign: &str, story: &Story) -> Vec<Reading> {
    answers.retain(|old| old.key().to_string() != sign);
    answers.push(told(sign, Value::Bool(true), By::Patient, story.at));
    answers
}

fn send(story: &mut Story, number: Option<u8>, readings: Vec<Reading>) -> Vec<What> {
    let command = Command::AnswerCheckIn {
        session: id(SESSION),
        number,
        form: Some(id(FORM)),
        readings,
    };
    whats(story, command)
}

fn begin(story: &mut Story, readings: Vec<Reading>) -> Vec<What> {
    let command = Command::BeginCheckIn {
        session: id(SESSION),
        form: id(FORM),
        readings,
    };
    whats(story, command)
}

fn whats(story: &mut Story, command: Command) -> Vec<What> {
    let events = story.does(Role::Patient, command);
    events.into_iter().map(|event| event.what).collect()
}

fn wait(story: &mut Story, quarter_hours: i64) {
    for _ in 0..quarter_hours {
        story.later(minutes(15));
        let on_call = vec!["somebody".to_owned()];
        story.does(Role::Program, Command::KeepTime { on_call });
    }
}

fn alerts(story: &Story) -> Vec<&Alert> {
    story.episode.alerts.iter().collect()
}

#[test]
fn a_form_sent_twice_is_told_once() {
    let mut story = waiting();
    let answers = saying(all_well(Region::Lumbar, story.at), "since_collapse", &story);
    assert!(!send(&mut story, Some(0), answers).is_empty());
    let before = story.episode.clone();
    story.later(minutes(3));
    // The page was gone back to and sent again: other instants, the same answers.
    let again = saying(all_well(Region::Lumbar, story.at), "since_collapse", &story);
    assert_eq!(send(&mut story, None, again), []);
    assert_eq!(story.episode, before);
    assert_eq!(alerts(&story).len(), 1);
}

#[test]
fn a_correction_is_read_and_repeats_no_alarm_that_nobody_took() {
    let mut story = waiting();
    let answers = saying(all_well(Region::Lumbar, story.at), "since_collapse", &story);
    send(&mut story, Some(0), answers);
    story.later(minutes(1));
    let mut corrected = saying(all_well(Region::Lumbar, story.at), "since_collapse", &story);
    corrected = saying(corrected, "since_foot_drop", &story);
    let happened = send(&mut story, None, corrected);
    assert!(
        happened
            .iter()
            .any(|what| matches!(what, What::Triaged { .. }))
    );
    assert_eq!(alerts(&story).len(), 1);
    assert_eq!(story.episode.adverse_events.len(), 1);
    let session = story.episode.session(id(SESSION)).unwrap();
    assert_eq!(session.check_ins.len(), 2);
}

#[test]
fn a_correction_to_something_worse_raises_its_own_alarm() {
    let mut story = waiting();
    let answers = saying(
        all_well(Region::Lumbar, story.at),
        "since_sharp_pain",
        &story,
    );
    send(&mut story, Some(0), answers);
    let worse = saying(
        all_well(Region::Lumbar, story.at),
        "since_saddle_numbness",
        &story,
    );
    send(&mut story, None, worse);
    let urgencies: Vec<&str> = alerts(&story).iter().map(|a| a.urgency.as_str()).collect();
    assert!(urgencies.contains(&"emergency"), "{urgencies:?}");
}

#[test]
fn the_same_sign_after_the_alarm_was_taken_is_told_again() {
    let mut story = waiting();
    let sign = |story: &Story| saying(all_well(Region::Lumbar, story.at), "since_fever", story);
    let first = sign(&story);
    send(&mut story, Some(0), first);
    let (alert, note) = (1, "called".to_owned());
    story.does(Role::Practitioner, Command::Acknowledge { alert, note });
    let well = all_well(Region::Lumbar, story.at);
    send(&mut story, None, well);
    let again = sign(&story);
    send(&mut story, None, again);
    assert_eq!(story.episode.open_alerts().count(), 1);
}

#[test]
fn an_emergency_on_a_form_that_is_not_sent_counts_at_once() {
    let mut story = waiting();
    let only = saying(Vec::new(), "since_bladder_bowel", &story);
    let happened = begin(&mut story, only.clone());
    assert!(matches!(
        happened[0],
        What::CheckInAnswered {
            number: Some(0),
            ..
        }
    ));
    let alert = alerts(&story)[0];
    assert_eq!(alert.urgency, "emergency");
    assert!(story.episode.suspended().next().is_some());
    // Sending what was told changes nothing, sending the rest is read without a second alarm.
    assert_eq!(begin(&mut story, only.clone()), []);
    assert_eq!(send(&mut story, None, only), []);
    let whole = saying(
        all_well(Region::Lumbar, story.at),
        "since_bladder_bowel",
        &story,
    );
    assert!(!send(&mut story, None, whole).is_empty());
    assert_eq!(alerts(&story).len(), 1);
}

#[test]
fn a_form_that_was_left_reaches_the_inbox_once_and_as_soon_as_its_answers_say() {
    for (sign, urgency) in [("since_new_radiation", "urgent"), ("since_sore", "routine")] {
        let mut story = waiting();
        let answers = match sign {
            "since_sore" => all_well(Region::Lumbar, story.at)[..2].to_vec(),
            sign => saying(Vec::new(), sign, &story),
        };
        assert!(matches!(
            begin(&mut story, answers)[..],
            [What::CheckInBegun { .. }]
        ));
        assert!(alerts(&story).is_empty());
        wait(&mut story, 1);
        assert!(alerts(&story).is_empty(), "a quarter of an hour is no half");
        wait(&mut story, 3);
        let about: Vec<_> = alerts(&story).iter().map(|a| a.about.as_str()).collect();
        assert_eq!(about, ["check-in: begun and not sent"]);
        assert_eq!(alerts(&story)[0].urgency, urgency);
    }
}

#[test]
fn a_form_that_was_sent_is_not_left() {
    let mut story = waiting();
    let all = all_well(Region::Lumbar, story.at);
    begin(&mut story, all[..2].to_vec());
    send(&mut story, Some(0), all);
    wait(&mut story, 4);
    assert!(alerts(&story).is_empty());
}
