//! Review, advice and consent.

use care::episode::{Command, Role, What};
use care::fact::{By, Reading};
use care::triage::Moment;
use si::Region;

use super::setting::{
    Story, all_well, days, grant, hours, id, knowledge, number, planned, ready, session, told,
    went_well, yes,
};

/// A patient after so many good sessions, two days apart.
fn treated(sessions: u128) -> Story {
    let mut story = planned(Region::Lumbar, "standard");
    scores_again(&mut story, 6.0);
    for number in 0..sessions {
        session(&mut story, 300 + number, went_well());
        story.later(hours(24));
        let readings = all_well(Region::Lumbar, story.at);
        let session = id(300 + number);
        story.does(
            Role::Patient,
            Command::AnswerCheckIn {
                session,
                number: None,
                form: None,
                readings,
            },
        );
        story.later(hours(24));
    }
    story
}

/// Pain and function again, better by so many points of pain.
fn scores_again(story: &mut Story, pain: f64) {
    score(story, "score_nprs", pain);
    score(story, "score_odi", 40.0 - 4.0 * (6.0 - pain));
}

fn score(story: &mut Story, fact: &str, value: f64) {
    let unit = knowledge()
        .catalogue()
        .get(fact)
        .and_then(|fact| fact.unit.clone())
        .expect("a unit");
    let reading = number(fact, value, By::Practitioner, story.at);
    let reading = if unit == "1" {
        reading
    } else {
        reading.with_unit(unit)
    };
    record(story, reading);
}

fn record(story: &mut Story, reading: Reading) {
    story.does(
        Role::Practitioner,
        Command::RecordFacts {
            readings: vec![reading],
            denied: vec![],
        },
    );
}

fn review(story: &mut Story) -> String {
    let events = story.does(Role::Practitioner, Command::Review);
    let What::Reviewed { result, .. } = &events[0].what else {
        panic!("{events:?}")
    };
    result.clone()
}

#[test]
fn no_second_score_means_re_evaluate() {
    assert_eq!(review(&mut treated(3)), "re-evaluate");
}

#[test]
fn three_calm_sessions_with_scores_continue() {
    let mut story = treated(3);
    score(&mut story, "score_nprs", 5.0);
    assert_eq!(
        review(&mut story),
        "re-evaluate",
        "function was scored once"
    );
    score(&mut story, "score_odi", 38.0);
    assert_eq!(review(&mut story), "continue");
}

#[test]
fn the_sixth_session_asks_for_a_re_evaluation() {
    let mut story = treated(6);
    scores_again(&mut story, 3.0);
    assert_eq!(review(&mut story), "re-evaluate");
}

#[test]
fn pain_two_points_up_discontinues_and_suspends() {
    let mut story = treated(3);
    score(&mut story, "score_nprs", 8.0);
    assert_eq!(review(&mut story), "discontinue");
    assert_eq!(story.episode.suspended().count(), 1);
}

#[test]
fn discontinued_treatment_stays_ended_when_an_adjust_suspension_is_lifted() {
    let mut story = treated(3);
    session(&mut story, 400, went_well());
    story.later(hours(10));
    lost_function(&mut story, 400);
    score(&mut story, "score_nprs", 8.0);
    assert_eq!(review(&mut story), "discontinue");
    assert_eq!(story.episode.suspended().count(), 2);
    assert!(story.episode.plan.is_none() && story.episode.proposal.is_none());
    assert_eq!(review(&mut story), "discontinue");
    assert_eq!(story.episode.suspended().count(), 2, "a review blocks once");
    for (suspension, stands_in_the_way) in [(1, "suspended"), (2, "no-plan")] {
        story.later(hours(24));
        let lift = Command::LiftSuspension {
            suspension,
            examined: story.at,
            reason: "examined".to_owned(),
        };
        story.does(Role::Practitioner, lift);
        ready(&mut story);
        let start = grant(401, &story);
        let refused = story.refused(Role::Practitioner, start);
        assert_eq!(refused, stands_in_the_way, "suspension {suspension} lifted");
    }
}

#[test]
fn a_re_evaluation_takes_back_the_proposal_nobody_signed() {
    let mut story = planned(Region::Lumbar, "gentle");
    story.does(
        Role::Practitioner,
        Command::ProposePlan {
            table_ceiling_n: None,
            choice: None,
        },
    );
    let plan_sha256 = story.episode.proposal.as_ref().map(|p| &p.plan_sha256);
    let plan_sha256 = plan_sha256.expect("a proposal").clone();
    assert_eq!(review(&mut story), "re-evaluate");
    let candidate = "gentle".to_owned();
    let sign = Command::SignPlan {
        plan_sha256,
        candidate,
        document: None,
    };
    assert_eq!(story.refused(Role::Practitioner, sign), "plan-unknown");
}

#[test]
fn goals_met_is_discharge_and_an_adjust_is_adjust() {
    let mut story = treated(3);
    scores_again(&mut story, 1.0);
    let at = story.at;
    record(&mut story, yes("goals_met", By::Practitioner, at));
    assert_eq!(review(&mut story), "discharge-goals-met");

    let mut story = treated(2);
    scores_again(&mut story, 5.0);
    session(&mut story, 400, went_well());
    story.later(hours(10));
    lost_function(&mut story, 400);
    assert_eq!(review(&mut story), "adjust");
}

/// Tells something that began since a session: everything else is well.
fn tells(story: &mut Story, session: u128, sign: &str) {
    let mut readings = all_well(Region::Lumbar, story.at);
    readings.retain(|reading| reading.fact.as_str() != sign);
    readings.push(yes(sign, By::Patient, story.at));
    let session = id(session);
    story.does(
        Role::Patient,
        Command::AnswerCheckIn {
            session,
            number: None,
            form: None,
            readings,
        },
    );
}

fn lost_function(story: &mut Story, session: u128) {
    tells(story, session, "since_function_lost");
}

#[test]
fn four_weeks_without_effect_discontinue_and_with_effect_re_evaluate() {
    for (pain, odi, expected) in [
        (5.0, 38.0, "discontinue"),
        (2.0, 20.0, "re-evaluate"),
        (5.0, 25.0, "re-evaluate"),
    ] {
        let mut story = planned(Region::Lumbar, "gentle");
        score(&mut story, "score_nprs", 6.0);
        score(&mut story, "score_odi", 40.0);
        session(&mut story, 500, went_well());
        story.later(days(28));
        score(&mut story, "score_nprs", pain);
        score(&mut story, "score_odi", odi);
        assert_eq!(review(&mut story), expected, "NPRS {pain}, ODI {odi}");
    }
}

fn moment(story: &Story) -> Moment<'_> {
    Moment {
        knowledge: knowledge(),
        at: story.at,
        zone: &story.zone,
    }
}

#[test]
fn advice_on_fluids_needs_a_no_and_stretches_need_a_calm_result() {
    let mut story = planned(Region::Lumbar, "gentle");
    session(&mut story, 600, went_well());
    let given = |story: &Story| -> Vec<String> {
        let decision = care::advice::advice(&story.episode, &moment(story));
        decision
            .fired
            .iter()
            .map(|fired| fired.rule.clone())
            .collect()
    };
    let calm = ["gentle-movement", "no-strain-today", "warning-card-lumbar"];
    assert_eq!(given(&story), calm);
    let at = story.at;
    let answer = |story: &mut Story, value| {
        record(
            story,
            told(
                "fluids_restricted",
                care::fact::Value::Bool(value),
                By::Practitioner,
                at,
            ),
        );
    };
    answer(&mut story, true);
    assert!(!given(&story).contains(&"drink-enough".to_owned()));
    answer(&mut story, false);
    story.later(hours(4));
    tells(&mut story, 600, "since_fever");
    assert!(
        !given(&story).contains(&"gentle-movement".to_owned()),
        "not when to be seen today"
    );
    assert!(given(&story).contains(&"rest-until-seen".to_owned()));
    assert!(given(&story).contains(&"warning-card-lumbar".to_owned()));
}

#[test]
fn consent_names_risks_alternatives_and_what_guidelines_say_and_is_versioned() {
    for region in Region::ALL {
        let text = care::consent::text(knowledge(), region, None).expect("the text");
        let headings: Vec<&str> = text
            .sections
            .iter()
            .map(|(heading, _)| heading.as_str())
            .collect();
        for heading in [
            "What may go wrong",
            "What else there is",
            "What guidelines say",
            "You may stop",
        ] {
            assert!(headings.contains(&heading), "{region}: {heading}");
        }
        assert_eq!(text.version.len(), 64);
        assert!(text.plain().contains("[S"), "{region}: sources are named");
    }
    let of = |region| {
        care::consent::text(knowledge(), region, None)
            .expect("the text")
            .version
    };
    assert_ne!(of(Region::Lumbar), of(Region::Cervical));
}

#[test]
fn consent_to_another_text_is_no_consent() {
    let mut story = planned(Region::Lumbar, "gentle");
    let other = super::setting::consent(Region::Cervical);
    assert_eq!(story.refused(Role::Practitioner, other), "consent-text-old");
}

#[test]
fn a_suspension_is_lifted_only_by_an_examination_after_the_report() {
    let mut story = planned(Region::Lumbar, "gentle");
    story.later(hours(1));
    story.does(
        Role::Assistant,
        Command::Suspend {
            reason: "asks for a pause".to_owned(),
        },
    );
    let lift = |examined| Command::LiftSuspension {
        suspension: 1,
        examined,
        reason: "examined".to_owned(),
    };
    let (now, before) = (
        story.at,
        story.at.checked_sub(hours(1)).expect("an instant"),
    );
    assert_eq!(
        story.refused(Role::Practitioner, lift(now)),
        "examined-too-early"
    );
    story.later(hours(2));
    assert_eq!(
        story.refused(Role::Practitioner, lift(before)),
        "examined-too-early"
    );
    assert_eq!(
        story.refused(Role::Assistant, lift(story.at)),
        "role-may-not"
    );
    let ahead = story.at.checked_add(hours(1)).expect("an instant");
    assert_eq!(
        story.refused(Role::Practitioner, lift(ahead)),
        "in-the-future"
    );
    let now = story.at;
    story.does(Role::Practitioner, lift(now));
    assert_eq!(story.episode.suspended().count(), 0);
}

fn record_of(deceased: bool) -> Command {
    Command::ImportRecord(care::episode::Imported {
        source: "FHIR R4 bundle".to_owned(),
        original: "{}".to_owned().into(),
        readings: vec![],
        unmapped: vec![],
        asks: vec![],
        deceased,
    })
}

#[test]
fn a_corrected_record_takes_a_death_back_and_leaves_the_suspension_to_be_lifted() {
    let mut story = planned(Region::Lumbar, "gentle");
    story.does(Role::Assistant, record_of(true));
    story.does(Role::Assistant, record_of(false));
    let propose = || Command::ProposePlan {
        table_ceiling_n: None,
        choice: None,
    };
    assert_eq!(story.refused(Role::Practitioner, propose()), "suspended");
    story.later(hours(1));
    let lift = Command::LiftSuspension {
        suspension: 1,
        examined: story.at,
        reason: "taken for somebody else".to_owned(),
    };
    story.does(Role::Practitioner, lift);
    story.does(Role::Practitioner, propose());
    story.does(Role::Assistant, record_of(true));
    assert_eq!(story.refused(Role::Practitioner, propose()), "deceased");
    assert_eq!(story.episode.suspended().count(), 1);
}

#[test]
fn a_record_of_a_death_suspends_for_good() {
    let mut story = planned(Region::Lumbar, "gentle");
    story.does(Role::Assistant, record_of(true));
    assert_eq!(
        story.refused(
            Role::Practitioner,
            Command::ProposePlan {
                table_ceiling_n: None,
                choice: None
            }
        ),
        "deceased"
    );
    story.later(hours(1));
    let examined = story.at;
    let lift = Command::LiftSuspension {
        suspension: 1,
        examined,
        reason: "x".to_owned(),
    };
    assert_eq!(story.refused(Role::Practitioner, lift), "deceased");
}

#[test]
fn nobody_is_told_to_call_a_patient_who_died() {
    let mut story = planned(Region::Lumbar, "gentle");
    super::setting::session(&mut story, 71, super::setting::went_well());
    story.does(Role::Assistant, record_of(true));
    let alerts = story.episode.alerts.len();
    story.later(hours(24 * 5));
    let keep = || Command::KeepTime {
        on_call: vec!["somebody".to_owned()],
    };
    assert!(
        !story.does(Role::Program, keep()).is_empty(),
        "silence is on record"
    );
    assert_eq!(story.episode.alerts.len(), alerts);
    let told = story.does(Role::Program, keep());
    assert!(told.is_empty(), "{told:?}");
}

#[test]
fn an_adverse_event_is_followed_to_its_end() {
    use care::episode::Severity;
    let mut story = planned(Region::Lumbar, "gentle");
    session(&mut story, 700, went_well());
    let onset = story.at;
    let open = Command::OpenAdverseEvent {
        description: "skin torn".to_owned().into(),
        onset,
        severity: Severity::Mild,
        serious: Some(false),
        session: Some(id(700)),
    };
    story.does(Role::Assistant, open);
    let [line] = &*story.episode.adverse_events[0].received else {
        panic!("{:?}", story.episode.adverse_events[0].received);
    };
    // What is written is read again, to the minute.
    let (at, what) = care::triage::received_at(line).expect("a line of ours");
    assert!(
        (0..60).contains(&onset.duration_since(at).as_secs()),
        "{line}"
    );
    assert!(what.starts_with("traction, peak "), "{what}");
    assert_eq!(care::triage::received_at("traction, peak 117 N"), None);
    let close = |relation: &str| Command::CloseAdverseEvent {
        event: 1,
        outcome: "healed".to_owned().into(),
        relation: relation.to_owned(),
    };
    assert_eq!(story.refused(Role::Practitioner, close("")), "not-said");
    story.does(Role::Practitioner, close("probable"));
    assert_eq!(
        story.refused(Role::Practitioner, close("probable")),
        "adverse-event-unknown"
    );
}

#[test]
fn a_discharged_episode_is_reopened_as_a_new_one() {
    let mut story = planned(Region::Lumbar, "gentle");
    session(&mut story, 800, went_well());
    story.does(
        Role::Practitioner,
        Command::Discharge {
            reason: "goals met".to_owned(),
            outcome: "well".to_owned(),
        },
    );
    assert_eq!(
        story.refused(Role::Practitioner, Command::Evaluate),
        "discharged"
    );
    story.does(
        Role::Practitioner,
        Command::Reopen {
            region: Region::Cervical,
        },
    );
    assert_eq!(story.episode.number, 2);
    assert_eq!(story.episode.sessions().count(), 0, "a new course");
    assert!(
        story.episode.session(id(800)).is_some(),
        "an old session is still answered"
    );
    story.does(Role::Practitioner, Command::Evaluate);
}

#[test]
fn a_course_is_reviewed_from_facts_alone() {
    let story = Story::new();
    let at = story.at;
    let before = at.checked_sub(days(20)).expect("an instant");
    let nprs = |value, at| number("score_nprs", value, By::Patient, at);
    let odi = |value, at| number("score_odi", value, By::Practitioner, at).with_unit("%");
    let decide = |readings: Vec<Reading>| {
        let facts = readings.into_iter().collect();
        care::review::review_of(&facts, Region::Lumbar, &moment(&story))
    };
    let worse = decide(vec![
        nprs(4.0, before),
        nprs(7.0, at),
        odi(30.0, before),
        odi(30.0, at),
    ]);
    assert_eq!(worse.verdict.as_str(), "discontinue", "{}", worse.to_text());
    assert_eq!(decide(vec![nprs(4.0, at)]).verdict.as_str(), "re-evaluate");
}
