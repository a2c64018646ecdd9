//! What held and holds no longer: overrides, Grants and therapies that something came between.

use care::decide::Verdict;
use care::episode::{Command, Episode, Role};
use care::fact::{By, Override, Value};
use si::Region;

use super::setting::{
    SESSION, Story, after_session, all_well, days, grant, hours, id, planned, ready, register,
    routine, sign, told, went_well,
};

fn verdict(episode: &Episode) -> Verdict {
    episode
        .decision
        .as_ref()
        .expect("a decision")
        .decision
        .verdict
}

/// Somebody without an image, going on despite it.
fn overridden() -> Story {
    let mut story = Story::new();
    story.does(Role::FrontDesk, register(Region::Lumbar));
    let mut readings = routine(Region::Lumbar, story.at);
    readings.retain(|reading| reading.fact.as_str() != "imaging_on_file");
    readings.push(told(
        "imaging_on_file",
        Value::Bool(false),
        By::Practitioner,
        story.at,
    ));
    story.does(
        Role::Practitioner,
        Command::RecordFacts {
            readings,
            denied: vec![],
        },
    );
    story.does(Role::Practitioner, Command::Evaluate);
    assert_eq!(verdict(&story.episode), Verdict::EvaluateFirst);
    let command = override_of("imaging-missing", Some("A second"), &story);
    story.does(Role::Practitioner, command);
    story.does(Role::Practitioner, Command::Evaluate);
    story
}

fn override_of(rule: &str, second: Option<&str>, story: &Story) -> Command {
    Command::OverrideRule(Override {
        rule: rule.to_owned(),
        reason: "examined without a sign".to_owned(),
        examination: "neurology normal".to_owned(),
        patient_told: true,
        by: String::new(),
        second: second.map(str::to_owned),
        at: story.at,
        until: story.at.checked_add(days(2)).expect("an instant"),
        one_session: false,
    })
}

#[test]
fn an_override_leaves_caution_and_gentle_alone() {
    let mut story = overridden();
    assert_eq!(verdict(&story.episode), Verdict::Caution);
    sign(&mut story, "gentle");
    let plan = story.episode.plan.as_ref().expect("a plan");
    let proposal = care::plan::Proposal::read(&plan.plan).expect("a plan");
    assert_eq!(proposal.offered().count(), 1);
}

#[test]
fn an_override_that_lapses_suspends_the_plan_although_its_rule_had_fired_before() {
    let mut story = overridden();
    sign(&mut story, "gentle");
    story.later(hours(1));
    let waived = told(
        "imaging_waived",
        Value::Bool(false),
        By::Practitioner,
        story.at,
    );
    story.does(
        Role::Practitioner,
        Command::RecordFacts {
            readings: vec![waived],
            denied: vec![],
        },
    );
    assert_eq!(verdict(&story.episode), Verdict::EvaluateFirst);
    assert!(story.episode.overtaken());
}

#[test]
fn what_may_not_be_overridden_is_refused_by_name() {
    let mut story = overridden();
    let one = override_of("imaging-missing", None, &story);
    assert_eq!(story.refused(Role::Practitioner, one), "second-clinician");
    let never = override_of("cauda-equina", Some("A second"), &story);
    assert_eq!(story.refused(Role::Practitioner, never), "never-overridden");
    let unknown = override_of("no-such-rule", None, &story);
    assert_eq!(story.refused(Role::Practitioner, unknown), "unknown-rule");
    let by_assistant = override_of("imaging-missing", Some("A second"), &story);
    assert_eq!(story.refused(Role::Assistant, by_assistant), "role-may-not");
}

#[test]
fn a_grant_is_no_licence_once_something_came_in_between() {
    let granted = || {
        let mut story = planned(Region::Lumbar, "gentle");
        ready(&mut story);
        let command = grant(90, &story);
        story.does(Role::Practitioner, command);
        story
    };
    let asked = |story: &Story| {
        let answer = care::session::still_permitted(&story.episode, id(90), story.at);
        answer.map_err(|problem| problem.code)
    };
    let mut story = granted();
    assert_eq!(asked(&story), Ok(()));
    story.does(
        Role::Patient,
        Command::WithdrawConsent {
            reason: String::new(),
        },
    );
    assert_eq!(asked(&story), Err("no-consent"));
    let mut story = granted();
    story.does(
        Role::Assistant,
        Command::Suspend {
            reason: "asked".to_owned(),
        },
    );
    assert_eq!(asked(&story), Err("suspended"));
    let mut story = granted();
    story.later(hours(9));
    assert_eq!(asked(&story), Err("grant-over"));
}

#[test]
fn no_other_therapy_is_given_while_an_emergency_or_urgent_result_stands() {
    for (sign, suspends) in [
        ("since_collapse", true),
        ("since_fever", true),
        ("since_function_lost", false),
    ] {
        let mut story = after_session(Region::Lumbar, went_well());
        let before = story.at;
        story.later(hours(4));
        let mut readings = all_well(Region::Lumbar, story.at);
        readings.retain(|reading| reading.fact.as_str() != sign);
        readings.push(told(sign, Value::Bool(true), By::Patient, story.at));
        let (session, number) = (id(SESSION), None);
        let answer = Command::AnswerCheckIn {
            session,
            number,
            form: None,
            readings,
        };
        story.does(Role::Patient, answer);
        assert_eq!(story.episode.therapies_suspended(), suspends, "{sign}");
        story.later(hours(1));
        let now = laser(story.at);
        if suspends {
            let refused = story.refused(Role::Practitioner, now);
            assert_eq!(refused, "therapies-suspended", "{sign}");
        } else {
            story.does(Role::Practitioner, now);
        }
        story.does(Role::Practitioner, laser(before));
        let lift = Command::LiftSuspension {
            suspension: 1,
            examined: story.at,
            reason: "examined".to_owned(),
        };
        story.does(Role::Practitioner, lift);
        let now = laser(story.at);
        story.does(Role::Practitioner, now);
    }
}

fn laser(at: jiff::Timestamp) -> Command {
    Command::RecordTherapy(care::episode::TherapyVisit {
        kind: "laser".to_owned(),
        region: "lumbar".to_owned(),
        at,
        detail: String::new(),
        response: String::new().into(),
        reaction: None,
    })
}

#[test]
fn a_worse_decision_during_a_session_is_told_however_routine_its_rule_is() {
    let alerts_of = |running: bool| {
        let mut story = planned(Region::Lumbar, "gentle");
        if running {
            ready(&mut story);
            let command = grant(91, &story);
            story.does(Role::Practitioner, command);
            let session = id(91);
            story.does(Role::Program, Command::StartSession { session });
        }
        let lost = told(
            "imaging_on_file",
            Value::Bool(false),
            By::Practitioner,
            story.at,
        );
        story.does(
            Role::Practitioner,
            Command::RecordFacts {
                readings: vec![lost],
                denied: vec![],
            },
        );
        assert!(story.episode.overtaken(), "running: {running}");
        let alerts = story.episode.open_alerts();
        let told: Vec<String> = alerts
            .map(|a| format!("{} {}", a.urgency, a.about))
            .collect();
        told
    };
    assert_eq!(
        alerts_of(true),
        ["urgent suspended during a session: imaging-missing"]
    );
    assert!(alerts_of(false).is_empty());
}
