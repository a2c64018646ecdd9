//! Check-ins on a phone without a network: told later, and read by the phone itself.

use care::decide::RuleSet;
use care::episode::{Command, Role, What};
use care::fact::{By, Reading, Value};
use si::Region;

use super::setting::{
    SESSION, Story, after_session, all_well, hours, id, knowledge, minutes, told, went_well,
};
use super::triage::{answer, now, with, worst};

/// A phone without a network sends answers later than they were given.
#[test]
fn answers_are_judged_by_the_hour_they_were_given_however_late_they_arrive() {
    let sore = |answers: Vec<Reading>, story: &Story| {
        let answers = with(answers, now(story, "spine", 5.0));
        with(answers, worst(story, "spine", 5.0))
    };
    let mut story = after_session(Region::Lumbar, went_well());
    story.later(hours(40));
    let given = sore(all_well(Region::Lumbar, story.at), &story);
    assert_eq!(
        answer(&mut story.clone(), given.clone()),
        "expected-soreness"
    );
    story.later(hours(20));
    assert_eq!(
        answer(&mut story.clone(), given.clone()),
        "expected-soreness"
    );
    let fresh = sore(all_well(Region::Lumbar, story.at), &story);
    assert_eq!(
        answer(&mut story.clone(), fresh),
        "adjust",
        "sore for 60 hours"
    );

    let numb = told(
        "since_saddle_numbness",
        Value::Bool(true),
        By::Patient,
        given[0].at,
    );
    assert_eq!(answer(&mut story, with(given, numb)), "emergency");
}

#[test]
fn a_phone_is_given_every_rule_of_its_region_and_what_it_cannot_ask_is_settled() {
    for region in Region::ALL {
        let story = after_session(region, went_well());
        let session = story.episode.sessions().next().expect("a session");
        let visit = story.episode.visit_of(session.id).expect("a visit");
        let moment = care::triage::Moment {
            knowledge: knowledge(),
            at: story.at,
            zone: &jiff::tz::TimeZone::UTC,
        };
        let sheet = care::triage::sheet(&story.episode, visit, session, &moment);
        let sheet = sheet.expect("the session has ended");
        let all = knowledge().rules(RuleSet::Triage);
        let all = all.filter(|rule| rule.is_for(region));
        assert_eq!(sheet.rules.len(), all.count());
        let when = |id: &str| {
            let rule = sheet.rules.iter().find(|rule| rule.rule == id);
            serde_json::to_string(&rule.expect("a rule").when).expect("JSON")
        };
        assert_eq!(
            when("no-reply"),
            r#"{"known":false}"#,
            "an answer is no silence"
        );
        assert_eq!(when("fall-after"), r#"{"one_of":["since_fall",["yes"]]}"#);
        // The pain reached the spine at arrival, or nobody asked.
        let further = when("further-distal-after");
        assert!(
            further.contains("foot-or-hand") && !further.contains("none"),
            "{further}"
        );
        let long = when("soreness-long");
        assert!(
            long.contains(r#"{"known":false}"#),
            "the clinic's policy: {long}"
        );
        assert!(
            long.contains(r#"{"compare":["soreness_duration",">",48.0]}"#),
            "{long}"
        );
    }
}

/// What is told began when it was told, however late it arrives.
#[test]
fn a_late_emergency_began_when_it_was_told_and_uses_up_no_later_check_in() {
    let mut story = after_session(Region::Lumbar, went_well());
    story.later(hours(5));
    let given = story.at;
    let numb = told(
        "since_saddle_numbness",
        Value::Bool(true),
        By::Patient,
        given,
    );
    let readings = with(all_well(Region::Lumbar, given), numb);
    story.later(hours(20));
    let form = id(77);
    let events = story.does(
        Role::Patient,
        Command::BeginCheckIn {
            session: id(SESSION),
            form,
            readings,
        },
    );
    let number = events.iter().find_map(|event| match &event.what {
        What::CheckInAnswered { number, .. } => Some(*number),
        _ => None,
    });
    assert_eq!(number, Some(Some(0)), "the one that was asked then");
    let opened = story.episode.adverse_events.last().expect("an event");
    assert_eq!(opened.onset, given);
    let session = story.episode.sessions().next().expect("a session");
    assert_eq!(session.check_ins[0].given_at(), given);
}

/// A form that was begun meanwhile still waits.
#[test]
fn late_answers_leave_what_was_begun_since_on_another_form() {
    let mut story = after_session(Region::Lumbar, went_well());
    story.later(hours(5));
    let late = all_well(Region::Lumbar, story.at);
    story.later(hours(20));
    let begun = vec![now(&story, "spine", 6.0)];
    let session = id(SESSION);
    let form = id(78);
    story.does(
        Role::Patient,
        Command::BeginCheckIn {
            session,
            form,
            readings: begun,
        },
    );
    answer(&mut story, late);
    let of = |story: &Story| {
        let session = story.episode.sessions().next().expect("a session");
        session.begun.as_ref().map(|begun| begun.form)
    };
    assert_eq!(of(&story), Some(form));
    story.later(minutes(1));
    let newer = all_well(Region::Lumbar, story.at);
    answer(&mut story, newer);
    assert_eq!(of(&story), None);
}
