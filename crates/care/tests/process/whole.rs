//! One patient carried all the way round, by commands alone.

use care::decide::RuleSet;
use care::episode::{Command, EndCause, Event, NextStep, Path, Role, SessionSummary, What, replay};
use care::fact::{By, Value};
use care::plan::Dose;
use si::Region;
use traction::grant::Grant;

use super::setting::{
    Story, all_well, broken_off, days, grant, hours, id, knowledge, number, planned, ready,
    session, told, went_well, yes,
};

fn granted(events: &[Event]) -> Grant {
    let bytes = events.iter().find_map(|event| match &event.what {
        What::GrantIssued { grant, .. } => Some(hex::decode(grant).expect("hex")),
        _ => None,
    });
    Grant::decode(&bytes.expect("a Grant")).expect("a Grant that decodes")
}

fn dose() -> Dose {
    Dose::of_knowledge(knowledge()).expect("numbers of dose")
}

fn next(story: &Story) -> NextStep {
    story.episode.next_step(&dose(), story.at)
}

/// What triage made of the last answer after a session.
fn triaged(story: &Story, nth: usize) -> String {
    let session = story.episode.sessions().nth(nth).expect("a session");
    let last = session
        .check_ins
        .last()
        .and_then(|check_in| check_in.triage.clone());
    last.expect("a triage").result
}

/// The second session, and an answer after it that is an emergency.
fn an_alarming_check_in(story: &mut Story) {
    story.later(days(2));
    session(story, 12, went_well());
    story.later(hours(5));
    let mut readings = all_well(Region::Lumbar, story.at);
    readings.retain(|reading| reading.fact.as_str() != "since_saddle_numbness");
    readings.push(yes("since_saddle_numbness", By::Patient, story.at));
    story.does(
        Role::Patient,
        Command::AnswerCheckIn {
            session: id(12),
            number: Some(0),
            form: None,
            readings,
        },
    );
    assert_eq!(triaged(story, 1), "emergency");
    let now = story.episode.touched_now();
    let alarming = |rule: &&str| story.episode.touched[*rule].set == RuleSet::Triage;
    assert!(now.iter().any(alarming), "{now:?}");
    assert_eq!(next(story), NextStep::Acknowledge);
    story.does(
        Role::Practitioner,
        Command::Acknowledge {
            alert: 1,
            note: "calling now".to_owned(),
        },
    );
    assert_eq!(next(story), NextStep::LiftSuspension);
}

#[test]
fn one_patient_is_carried_all_the_way_round() {
    let mut story = planned(Region::Lumbar, "standard");
    assert_eq!(next(&story), NextStep::Arrive);
    assert_eq!(story.episode.path(&dose(), story.at), Path::Treat);

    session(&mut story, 11, went_well());
    assert_eq!(next(&story), NextStep::Arrive);
    story.later(hours(24));
    let mut readings = all_well(Region::Lumbar, story.at);
    readings.retain(|reading| reading.key().to_string() != "pain_worst_since[spine]");
    readings.push(number(
        "pain_worst_since[spine]",
        5.0,
        By::Patient,
        story.at,
    ));
    readings.push(number("soreness_gone_after", 20.0, By::Patient, story.at).with_unit("h"));
    story.does(
        Role::Patient,
        Command::AnswerCheckIn {
            session: id(11),
            number: Some(1),
            form: None,
            readings,
        },
    );
    assert_eq!(triaged(&story, 0), "expected-soreness");

    an_alarming_check_in(&mut story);
    story.later(days(1));
    ready(&mut story);
    let command = grant(13, &story);
    assert_eq!(story.refused(Role::Practitioner, command), "suspended");
    for suspension in story
        .episode
        .suspended()
        .map(|s| s.number)
        .collect::<Vec<_>>()
    {
        let examined = story.at;
        let reason = "examined: normal sensation, normal residual".to_owned();
        story.does(
            Role::Practitioner,
            Command::LiftSuspension {
                suspension,
                examined,
                reason,
            },
        );
    }
    let events = story.does(Role::Practitioner, Command::Review);
    let What::Reviewed { result, .. } = &events[0].what else {
        panic!("{events:?}")
    };
    assert_eq!(result, "discontinue", "an emergency ends the course");
    let sets = |rules: &mut dyn Iterator<Item = &String>| -> Vec<RuleSet> {
        rules.map(|rule| story.episode.touched[rule].set).collect()
    };
    let ever = sets(&mut story.episode.touched.keys());
    for set in [RuleSet::Triage, RuleSet::Review] {
        assert!(ever.contains(&set), "{set}: {ever:?}");
    }
    assert_eq!(
        replay(&story.events),
        story.episode,
        "the stream alone rebuilds the episode"
    );
}

#[test]
fn the_first_two_sessions_stay_under_their_cap_and_the_third_steps_up() {
    let mut story = planned(Region::Lumbar, "firm");
    let mut forces = Vec::new();
    for number in 21..25 {
        ready(&mut story);
        let command = grant(number, &story);
        let events = story.does(Role::Practitioner, command);
        let grant = granted(&events);
        let force = grant.profile.spec().force.get();
        assert!(force <= grant.limits.ceiling.get());
        forces.push(force);
        story.does(
            Role::Program,
            Command::StartSession {
                session: id(number),
            },
        );
        let summary = SessionSummary {
            tolerated_n: force,
            peak_force_n: force,
            ..went_well()
        };
        story.later(hours(1));
        story.does(
            Role::Program,
            Command::EndSession {
                session: id(number),
                summary,
            },
        );
        let command = super::setting::leaving(number, story.at);
        story.does(Role::Assistant, command);
        story.later(hours(24));
        let readings = all_well(Region::Lumbar, story.at);
        story.does(
            Role::Patient,
            Command::AnswerCheckIn {
                session: id(number),
                number: None,
                form: None,
                readings,
            },
        );
        story.later(hours(24));
    }
    // 80 kg: a quarter of body weight is 196 N, below the 222 N of a man.
    assert_eq!(forces, [196.0, 196.0, 218.0, 240.0]);
}

#[test]
fn a_fact_that_worsens_the_decision_suspends_the_plan_at_once() {
    let mut story = planned(Region::Lumbar, "gentle");
    story.later(hours(1));
    let readings = vec![yes("cauda_equina_signs", By::Patient, story.at)];
    let events = story.does(
        Role::Patient,
        Command::RecordFacts {
            readings,
            denied: vec![],
        },
    );
    let kinds: Vec<&str> = events.iter().map(Event::kind).collect();
    assert_eq!(
        kinds,
        ["facts-recorded", "decided", "suspended", "notified"]
    );
    assert!(story.episode.overtaken());
    assert_eq!(story.episode.alerts[0].urgency, "emergency");
}

/// hazard: H28
#[test]
fn a_symptom_or_unexplained_stop_closes_the_day_until_an_examination_after_it() {
    for cause in [EndCause::Symptom, EndCause::Unexplained] {
        let mut story = planned(Region::Lumbar, "gentle");
        session(&mut story, 31, broken_off(cause));
        story.later(hours(1));
        ready(&mut story);
        let command = grant(32, &story);
        assert_eq!(
            story.refused(Role::Practitioner, command.clone()),
            "day-closed",
            "{cause:?}"
        );
        let readings = vec![yes("neuro_exam_done", By::Practitioner, story.at)];
        story.does(
            Role::Practitioner,
            Command::RecordFacts {
                readings,
                denied: vec![],
            },
        );
        let events = story.does(Role::Practitioner, command);
        assert!(granted(&events).simulated_only);
    }
}

#[test]
fn a_comfort_stop_leaves_the_day_open_and_an_explained_one_opens_it() {
    let mut story = planned(Region::Lumbar, "gentle");
    session(&mut story, 33, broken_off(EndCause::Comfort));
    ready(&mut story);
    let command = grant(34, &story);
    story.does(Role::Practitioner, command);

    let mut story = planned(Region::Lumbar, "gentle");
    session(&mut story, 35, broken_off(EndCause::Unexplained));
    let explain = |cause| Command::ExplainStop {
        session: id(35),
        cause,
        reason: "the phone rang".to_owned(),
    };
    assert_eq!(
        story.refused(Role::Assistant, explain(EndCause::Operator)),
        "role-may-not"
    );
    assert_eq!(
        story.refused(Role::Practitioner, explain(EndCause::Completed)),
        "no-explanation"
    );
    story.does(Role::Practitioner, explain(EndCause::Operator));
    ready(&mut story);
    let command = grant(36, &story);
    story.does(Role::Practitioner, command);
}

#[test]
fn each_missing_piece_refuses_the_grant_by_its_own_name() {
    let told_grant = |change: &dyn Fn(&mut Story), session: u128| {
        let mut story = planned(Region::Lumbar, "gentle");
        ready(&mut story);
        change(&mut story);
        let command = grant(session, &story);
        story.refused(Role::Practitioner, command)
    };
    let no_consent = |story: &mut Story| {
        story.does(
            Role::Patient,
            Command::WithdrawConsent {
                reason: String::new(),
            },
        );
    };
    assert_eq!(told_grant(&no_consent, 41), "no-consent");
    let suspended = |story: &mut Story| {
        story.does(
            Role::Assistant,
            Command::Suspend {
                reason: "asks for a pause".to_owned(),
            },
        );
    };
    assert_eq!(told_grant(&suspended, 42), "suspended");
    let tomorrow = |story: &mut Story| {
        story.later(days(1));
    };
    assert_eq!(told_grant(&tomorrow, 43), "not-arrived");
    let failed = |story: &mut Story| {
        let reading = told(
            "start_skin_intact",
            Value::Bool(false),
            By::Assistant,
            story.at,
        );
        story.does(
            Role::Assistant,
            Command::CheckStart {
                readings: vec![reading],
            },
        );
    };
    assert_eq!(told_grant(&failed, 44), "decision-worse");
    let mut story = planned(Region::Lumbar, "gentle");
    let command = grant(45, &story);
    assert_eq!(story.refused(Role::Practitioner, command), "not-arrived");
}

#[test]
fn a_plan_that_expired_starts_nothing() {
    let mut story = planned(Region::Cervical, "gentle");
    story.later(days(15));
    ready(&mut story);
    let command = grant(47, &story);
    assert_eq!(story.refused(Role::Practitioner, command), "plan-expired");
}

#[test]
fn after_six_sessions_a_review_is_due_and_a_re_evaluation_needs_a_new_plan() {
    let mut story = planned(Region::Lumbar, "gentle");
    for number in 0..6 {
        session(&mut story, 50 + number, went_well());
        story.later(days(1));
    }
    assert_eq!(next(&story), NextStep::Review);
    ready(&mut story);
    let command = grant(99, &story);
    assert_eq!(
        story.refused(Role::Practitioner, command.clone()),
        "review-due"
    );
    story.does(Role::Practitioner, Command::Review);
    assert_eq!(
        story.refused(Role::Practitioner, command.clone()),
        "plan-expired"
    );
    super::setting::sign(&mut story, "gentle");
    story.does(Role::Practitioner, command);
}

fn missed(appointment: u128, from: jiff::Timestamp) -> Command {
    Command::MarkAppointment {
        appointment: id(appointment),
        from,
        missed: true,
    }
}

#[test]
fn two_missed_appointments_lead_to_a_review_whoever_comes_in_between() {
    let mut story = planned(Region::Lumbar, "gentle");
    session(&mut story, 60, went_well());
    story.later(days(3));
    let from = story.at;
    story.does(Role::FrontDesk, missed(1, from));
    // Told twice, it is one.
    assert!(
        story
            .ask(Role::FrontDesk, missed(1, from))
            .unwrap()
            .is_empty()
    );
    assert_ne!(next(&story), NextStep::Review);
    session(&mut story, 61, went_well());
    story.later(days(3));
    let from = story.at;
    story.does(Role::FrontDesk, missed(2, from));
    assert_eq!(next(&story), NextStep::Review);
    // Who came after all has missed one.
    let kept = Command::MarkAppointment {
        appointment: id(2),
        from,
        missed: false,
    };
    story.does(Role::FrontDesk, kept);
    assert_ne!(next(&story), NextStep::Review);
    story.does(Role::FrontDesk, missed(3, from));
    ready(&mut story);
    assert_eq!(next(&story), NextStep::Review, "also of who has arrived");
    let command = grant(62, &story);
    assert_eq!(story.refused(Role::Practitioner, command), "review-due");
    story.does(Role::Practitioner, Command::Review);
    assert_ne!(next(&story), NextStep::Review);
    // The count begins anew.
    story.later(days(1));
    story.does(Role::FrontDesk, missed(4, from));
    assert_ne!(next(&story), NextStep::Review);
}

#[test]
fn a_gap_leads_to_a_review_of_who_has_arrived_too() {
    let mut story = planned(Region::Lumbar, "gentle");
    session(&mut story, 65, went_well());
    story.later(days(13));
    assert_ne!(next(&story), NextStep::Review);
    story.later(days(1));
    assert_eq!(next(&story), NextStep::Review);
    ready(&mut story);
    assert_eq!(next(&story), NextStep::Review);
    story.does(Role::Practitioner, Command::Review);
    assert_ne!(next(&story), NextStep::Review);
}

#[test]
fn changed_neurology_at_arrival_starts_nothing_until_it_is_examined() {
    let mut story = planned(Region::Lumbar, "gentle");
    ready(&mut story);
    let at = story.at;
    let mut readings = super::setting::arrival(at);
    readings.retain(|reading| reading.fact.as_str() != "neuro_unchanged");
    readings.push(told(
        "neuro_unchanged",
        Value::Bool(false),
        By::Practitioner,
        at,
    ));
    story.does(Role::Practitioner, Command::RecordArrival { readings });
    let readings = super::setting::pre_start(at);
    story.does(Role::Assistant, Command::CheckStart { readings });
    let command = grant(61, &story);
    assert_eq!(
        story.refused(Role::Practitioner, command.clone()),
        "neurology-changed"
    );
    story.later(super::setting::minutes(10));
    let readings = vec![yes("neuro_exam_done", By::Practitioner, story.at)];
    story.does(
        Role::Practitioner,
        Command::RecordFacts {
            readings,
            denied: vec![],
        },
    );
    story.does(Role::Practitioner, command);
}

#[test]
fn a_failed_leaving_check_is_told_at_once() {
    let mut story = planned(Region::Lumbar, "gentle");
    ready(&mut story);
    let command = grant(62, &story);
    story.does(Role::Practitioner, command);
    story.does(Role::Program, Command::StartSession { session: id(62) });
    story.later(hours(1));
    story.does(
        Role::Program,
        Command::EndSession {
            session: id(62),
            summary: went_well(),
        },
    );
    let Command::CheckLeaving(mut check) = super::setting::leaving(62, story.at) else {
        panic!("a leaving check")
    };
    let full = check.clone();
    check
        .readings
        .retain(|reading| reading.fact.as_str() != "leaving_walks_steady");
    let missing = Command::CheckLeaving(check.clone());
    assert_eq!(story.refused(Role::Assistant, missing), "record-incomplete");
    let no_card = Command::CheckLeaving(care::episode::Leaving {
        warning_card: false,
        ..full
    });
    assert_eq!(story.refused(Role::Assistant, no_card), "no-warning-card");
    let unsteady = told(
        "leaving_walks_steady",
        Value::Bool(false),
        By::Assistant,
        story.at,
    );
    check.readings.push(unsteady);
    story.does(Role::Assistant, Command::CheckLeaving(check));
    assert!(
        story.episode.alerts[0]
            .about
            .contains("leaving_walks_steady")
    );
}
