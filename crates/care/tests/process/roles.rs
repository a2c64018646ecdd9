//! Who may do what: the matrix over every act, and the licence.

use care::episode::{Act, Command, Licence, Role};
use care::knowledge::Approvals;
use si::Region;

use super::setting::{Story, planned, register, someone, start};

/// The matrix of CLINICAL.md §7, written out by hand: act, then who may.
const MATRIX: [(Act, &str); 40] = [
    (Act::Register, "F A P L g"),
    (Act::ChangeContact, "F A P L"),
    (Act::ImportRecord, "A P L g"),
    (Act::RecordFacts, "p A P L"),
    (Act::ResolveConflict, "P L"),
    (Act::FileClearance, "P L"),
    (Act::OverrideRule, "P L"),
    (Act::WithdrawPermission, "P L"),
    (Act::Evaluate, "P L"),
    (Act::GiveConsent, "P L"),
    (Act::WithdrawConsent, "p F A P L"),
    (Act::ProposePlan, "P L"),
    (Act::SignPlan, "P L"),
    (Act::RecordArrival, "A P L"),
    (Act::CheckStart, "A P L"),
    (Act::IssueGrant, "P L"),
    (Act::ReportFromBedside, "g"),
    (Act::ReportInSession, "p A P L g"),
    (Act::CheckLeaving, "A P L"),
    (Act::IssueLink, "F A P L g"),
    (Act::AnswerCheckIn, "p A P L"),
    (Act::BeginCheckIn, "p"),
    (Act::SignNote, "P L"),
    (Act::AmendNote, "P L"),
    (Act::KeepTime, "A P L g"),
    (Act::Suspend, "A P L"),
    (Act::LiftSuspension, "P L"),
    (Act::OpenAdverseEvent, "A P L"),
    (Act::NoteAdverseEvent, "A P L"),
    (Act::CloseAdverseEvent, "P L"),
    (Act::Acknowledge, "A P L"),
    (Act::Refer, "P L"),
    (Act::CloseReferral, "A P L"),
    (Act::RecordTherapy, "P L"),
    (Act::Review, "P L"),
    (Act::Discharge, "P L"),
    (Act::Reopen, "P L"),
    (Act::ExplainStop, "P L"),
    (Act::LearnSpine, "g"),
    (Act::MarkAppointment, "F A P L g"),
];

fn letter(role: Role) -> &'static str {
    match role {
        Role::Patient => "p",
        Role::FrontDesk => "F",
        Role::Assistant => "A",
        Role::Practitioner => "P",
        Role::ClinicalLead => "L",
        Role::Administrator => "X",
        Role::Researcher => "R",
        Role::Program => "g",
    }
}

#[test]
fn the_matrix_names_every_act_and_nobody_may_more() {
    for act in Act::ALL {
        let rows: Vec<&str> = MATRIX
            .iter()
            .filter(|(row, _)| *row == act)
            .map(|(_, who)| *who)
            .collect();
        assert_eq!(rows.len(), 1, "{act:?}");
        for role in Role::ALL {
            let listed = rows[0].split(' ').any(|who| who == letter(role));
            assert_eq!(role.may(act), listed, "{act:?} by {role:?}");
        }
    }
}

#[test]
fn administrators_and_researchers_do_nothing_clinical() {
    for act in Act::ALL {
        assert!(
            !Role::Administrator.may(act) && !Role::Researcher.may(act),
            "{act:?}"
        );
    }
}

#[test]
fn a_role_that_may_not_is_told_whom_to_ask() {
    let mut story = Story::new();
    let problem = story
        .ask(Role::Researcher, register(Region::Lumbar))
        .expect_err("a problem");
    assert_eq!(problem.code, "role-may-not");
    assert!(problem.remedy.contains("practitioner"), "{problem}");
}

#[test]
fn a_lapsed_or_missing_licence_signs_nothing() {
    for licence in [
        None,
        Some(Licence {
            number: "PT 1".to_owned(),
            expires: start(),
        }),
    ] {
        let mut story = planned(Region::Lumbar, "gentle");
        story.does(
            Role::Practitioner,
            Command::ProposePlan {
                table_ceiling_n: None,
                choice: None,
            },
        );
        let plan_sha256 = story
            .episode
            .proposal
            .as_ref()
            .expect("a proposal")
            .plan_sha256
            .clone();
        let actor = care::episode::Actor {
            licence,
            ..someone(Role::Practitioner)
        };
        let context = care::episode::Context {
            knowledge: super::setting::knowledge(),
            approvals: Approvals::NONE,
            at: story.at,
            zone: &story.zone,
            actor: &actor,
        };
        let command = Command::SignPlan {
            plan_sha256,
            candidate: "gentle".to_owned(),
            document: None,
        };
        let problem =
            care::episode::decide(&story.episode, command, &context).expect_err("a problem");
        assert_eq!(problem.code, "licence-lapsed");
    }
}

#[test]
fn nobody_speaks_in_anothers_name() {
    use super::setting::yes;
    use care::fact::By;
    let mut story = planned(Region::Lumbar, "gentle");
    let readings = vec![yes("neuro_exam_done", By::Practitioner, story.at)];
    let command = Command::RecordFacts {
        readings,
        denied: vec![],
    };
    assert_eq!(
        story.refused(Role::Patient, command.clone()),
        "not-theirs-to-say"
    );
    assert_eq!(story.refused(Role::Assistant, command), "not-theirs-to-say");
}

#[test]
fn unknown_facts_wrong_units_and_future_dates_are_refused_whole() {
    use super::setting::{days, number};
    use care::fact::By;
    let mut story = planned(Region::Lumbar, "gentle");
    let before = story.episode.clone();
    let at = story.at;
    let ahead = at.checked_add(days(3)).expect("an instant");
    let bad = [
        number("no_such_fact", 1.0, By::Practitioner, at),
        number("body_weight", 80.0, By::Practitioner, at).with_unit("h"),
        number("body_weight", 8000.0, By::Practitioner, at).with_unit("kg"),
        number("body_weight", 80.0, By::Practitioner, ahead).with_unit("kg"),
    ];
    for reading in bad {
        let good = number("body_weight", 81.0, By::Practitioner, at).with_unit("kg");
        let command = Command::RecordFacts {
            readings: vec![good, reading],
            denied: vec![],
        };
        story.refused(Role::Practitioner, command);
    }
    assert_eq!(story.episode, before, "nothing half-written");
}

#[test]
fn what_is_computed_is_told_by_nobody() {
    use super::setting::number;
    use care::fact::By;
    let mut story = planned(Region::Lumbar, "gentle");
    let reading = number("pain_rise[spine]", 0.0, By::Practitioner, story.at);
    let command = Command::RecordFacts {
        readings: vec![reading],
        denied: vec![],
    };
    assert_eq!(story.refused(Role::Practitioner, command), "derived-fact");
}

#[test]
fn an_alert_that_was_taken_does_not_silence_the_next_emergency() {
    use super::setting::{days, told, yes};
    use care::fact::{By, Value};
    let mut story = planned(Region::Lumbar, "gentle");
    let say = |story: &mut Story, reading| {
        let command = Command::RecordFacts {
            readings: vec![reading],
            denied: vec![],
        };
        story.does(Role::Practitioner, command);
    };
    story.later(days(1));
    let reading = yes("cauda_equina_signs", By::Practitioner, story.at);
    say(&mut story, reading);
    story.does(Role::Practitioner, Command::Evaluate);
    assert_eq!(story.episode.alerts.len(), 1, "told once while it stands");
    story.does(
        Role::Practitioner,
        Command::Acknowledge {
            alert: 1,
            note: "sent".to_owned(),
        },
    );
    story.does(Role::Practitioner, Command::Evaluate);
    assert_eq!(story.episode.alerts.len(), 1, "taken, and it still stands");
    story.later(days(20));
    let reading = told(
        "cauda_equina_signs",
        Value::Bool(false),
        By::Practitioner,
        story.at,
    );
    say(&mut story, reading);
    story.does(Role::Practitioner, Command::Evaluate);
    story.later(days(1));
    let reading = yes("cauda_equina_signs", By::Patient, story.at);
    say(&mut story, reading);
    assert_eq!(
        story.episode.alerts.len(),
        2,
        "a new emergency is a new alert"
    );
}
