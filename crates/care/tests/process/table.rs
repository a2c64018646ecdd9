//! On the table: the in-session rules and the limits of the Grant agree.

use care::decide::Verdict;
use care::episode::{Command, Role, Severity, What};
use care::fact::By;
use si::Region;
use traction::limits::{ComfortAnswer, ComfortLimits};

use super::setting::{SESSION, Story, id, knowledge, number, pain_now, register, went_well, yes};

/// A session that runs, with this worst site at arrival.
fn running(arrival: u8) -> Story {
    let mut story = Story::new();
    story.does(Role::FrontDesk, register(Region::Lumbar));
    super::setting::treat(&mut story, SESSION, went_well());
    let visit = &mut story.episode.visits[0];
    visit.arrival = pain_now([f64::from(arrival), 0.0, 0.0], By::Patient, visit.arrived);
    let session = visit.session.as_mut().expect("a session");
    session.ended = None;
    session.summary = None;
    story
}

fn report(story: &mut Story, reading: care::fact::Reading) -> Verdict {
    reported(story, Role::Patient, reading)
}

fn reported(story: &mut Story, role: Role, reading: care::fact::Reading) -> Verdict {
    let command = Command::ReportInSession {
        session: id(SESSION),
        readings: vec![reading],
    };
    let events = story.does(role, command);
    let What::SessionReported { decision, .. } = &events[0].what else {
        panic!("{events:?}")
    };
    decision.verdict
}

#[test]
fn rules_and_grant_agree_on_all_eleven_by_eleven_scores() {
    for arrival in 0..=10_u8 {
        let mut story = running(arrival);
        for now in 0..=10_u8 {
            let reading = number("discomfort", f64::from(now), By::Patient, story.at);
            let by_rules = report(&mut story, reading);
            let by_grant = match ComfortLimits::answer(arrival, now) {
                ComfortAnswer::Continue => Verdict::Continue,
                ComfortAnswer::NoIncrease => Verdict::HoldNoIncrease,
                ComfortAnswer::Stop => Verdict::Stop,
            };
            assert_eq!(by_rules, by_grant, "arrival {arrival}, now {now}");
        }
    }
}

/// hazard: H28
#[test]
fn every_stop_symptom_stops_and_is_told_at_once_where_it_is_pressing() {
    let facts = knowledge().catalogue().facts().iter();
    let symptoms: Vec<String> = facts
        .filter(|fact| fact.id.starts_with("table_"))
        .map(|fact| fact.id.clone())
        .collect();
    assert!(symptoms.len() >= 9, "{symptoms:?}");
    for symptom in symptoms {
        let mut story = running(3);
        let reading = yes(&symptom, By::Patient, story.at);
        assert_eq!(report(&mut story, reading), Verdict::Stop, "{symptom}");
        let pressing = symptom != "table_new_pain";
        assert_eq!(!story.episode.alerts.is_empty(), pressing, "{symptom}");
    }
}

#[test]
fn an_emergency_on_the_table_opens_a_major_adverse_event_and_raises_a_milder_one() {
    let emergency = "table_vision_speech_balance";
    for (symptom, expected) in [
        ("table_numbness", Severity::Mild),
        (emergency, Severity::Major),
    ] {
        let mut story = running(3);
        let reading = yes(symptom, By::Patient, story.at);
        report(&mut story, reading);
        let severity = story.episode.adverse_events[0].severity;
        assert_eq!(severity, expected, "{symptom}");
        for next in [emergency, "table_crack"] {
            let reading = yes(next, By::Patient, story.at);
            report(&mut story, reading);
            let [event] = story.episode.adverse_events.as_slice() else {
                panic!("one event: {symptom}, {next}")
            };
            assert_eq!(event.severity, Severity::Major, "{symptom}, {next}");
        }
    }
}

#[test]
fn a_systolic_pressure_that_rises_by_thirty_stops_and_one_by_twenty_nine_does_not() {
    let mut story = running(2);
    let pressure = |value: f64, at| number("systolic_now", value, By::Assistant, at);
    let unmeasured = pressure(200.0, story.at).with_unit("mm[Hg]");
    assert_eq!(
        reported(&mut story, Role::Assistant, unmeasured),
        Verdict::Continue,
        "no value before"
    );
    let visit = &mut story.episode.visits[0];
    let before = pressure(140.0, visit.arrived).with_unit("mm[Hg]");
    visit.start.push(before);
    for (now, verdict) in [
        (130.0, Verdict::Continue),
        (169.0, Verdict::Continue),
        (170.0, Verdict::Stop),
        (300.0, Verdict::Stop),
    ] {
        let reading = pressure(now, story.at).with_unit("mm[Hg]");
        let found = reported(&mut story, Role::Assistant, reading);
        assert_eq!(found, verdict, "{now}");
    }
}
