//! What a condition has measured before, during and after: without it nothing starts and nothing closes.

use care::episode::{Command, EndCause, Role, SessionSummary};
use care::fact::{Answer, By, FactKey, Reading, Value};
use si::Region;

use super::setting::{
    Story, arrival, consent, grant, id, leaving, minutes, number, pre_start, register, routine,
    sign, told, went_well,
};

const NUMBER: u128 = 71;

fn pressure(fact: &str, value: f64, story: &Story) -> Reading {
    number(fact, value, By::Assistant, story.at).with_unit("mm[Hg]")
}

/// Arrived and checked with high blood pressure that is under control.
fn hypertensive() -> Story {
    let mut story = Story::new();
    story.does(Role::FrontDesk, register(Region::Lumbar));
    let mut readings = routine(Region::Lumbar, story.at);
    readings.retain(|reading| reading.fact.as_str() != "heart_lung_blood");
    for fact in [
        "heart_lung_blood",
        "hypertension",
        "hypertension_controlled",
        "cardiac_disease",
        "cardiac_disease_unstable",
        "respiratory_insufficiency",
        "anticoagulant",
        "bleeding_disorder",
        "deep_vein_thrombosis",
    ] {
        let yes = fact.starts_with("h");
        readings.push(told(fact, Value::Bool(yes), By::Patient, story.at));
    }
    readings.push(pressure("systolic_now", 132.0, &story));
    readings.push(pressure("diastolic_now", 80.0, &story));
    let facts = Command::RecordFacts {
        readings,
        denied: vec![],
    };
    story.does(Role::Practitioner, facts);
    story.does(Role::Practitioner, Command::Evaluate);
    sign(&mut story, "gentle");
    story.does(Role::Practitioner, consent(Region::Lumbar));
    story.later(minutes(5));
    let readings = arrival(story.at);
    story.does(Role::Practitioner, Command::RecordArrival { readings });
    let readings = pre_start(story.at);
    story.does(Role::Assistant, Command::CheckStart { readings });
    story
}

/// The value before, and the pull to its end.
fn pulled(cause: EndCause) -> Story {
    let mut story = hypertensive();
    let command = grant(NUMBER, &story);
    assert_eq!(
        story.refused(Role::Practitioner, command.clone()),
        "monitoring-missing",
        "a value of the evaluation is not the value before the pull"
    );
    let readings = vec![pressure("systolic_now", 130.0, &story)];
    story.does(Role::Assistant, Command::CheckStart { readings });
    story.does(Role::Practitioner, command);
    let session = id(NUMBER);
    story.does(Role::Program, Command::StartSession { session });
    story.later(minutes(15));
    let summary = SessionSummary {
        cause,
        ..went_well()
    };
    story.does(Role::Program, Command::EndSession { session, summary });
    story
}

fn leaves(story: &Story) -> Command {
    let Command::CheckLeaving(mut check) = leaving(NUMBER, story.at) else {
        panic!("a leaving check")
    };
    check.readings.push(pressure("systolic_now", 134.0, story));
    Command::CheckLeaving(check)
}

fn report(story: &mut Story, reading: Reading) {
    let command = Command::ReportInSession {
        session: id(NUMBER),
        readings: vec![reading],
    };
    story.does(Role::Assistant, command);
}

fn unmeasured(story: &Story) -> Reading {
    let key = FactKey::plain("systolic_now");
    Reading::answer(key, Answer::AskedUnknown, story.at, By::Assistant)
}

#[test]
fn a_visit_closes_only_with_the_value_during_and_the_value_after() {
    let mut story = pulled(EndCause::Completed);
    let command = leaves(&story);
    assert_eq!(
        story.refused(Role::Assistant, command.clone()),
        "monitoring-missing"
    );
    let reading = pressure("systolic_now", 141.0, &story);
    report(&mut story, reading);
    let without = leaving(NUMBER, story.at);
    assert_eq!(
        story.refused(Role::Assistant, without),
        "monitoring-missing"
    );
    story.does(Role::Assistant, command);
    assert!(story.episode.visits[0].leaving.is_some());
}

#[test]
fn only_a_pull_that_was_cut_short_closes_without_a_value_and_says_so() {
    for (cause, closes) in [
        (EndCause::Completed, false),
        (EndCause::Comfort, true),
        (EndCause::Operator, true),
    ] {
        let mut story = pulled(cause);
        let command = leaves(&story);
        let silent = story.refused(Role::Assistant, command.clone());
        assert_eq!(silent, "monitoring-missing", "{cause:?}");
        let reading = unmeasured(&story);
        report(&mut story, reading);
        let closed = story.ask(Role::Assistant, command).is_ok();
        assert_eq!(closed, closes, "{cause:?}");
    }
}
