//! Check-ins on a phone without a network: told later, and read by the phone itself.

use care::decide::RuleSet;
use care::fact::{By, Reading, Value};
use si::Region;

use super::setting::{Story, after_session, all_well, hours, knowledge, told, went_well};
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
