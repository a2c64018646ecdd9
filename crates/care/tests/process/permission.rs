//! Clearances and overrides as acts: who and what they need, and how they end (CLINICAL.md §1.10, §1.11).

use care::decide::{Lapsed, OverrideBy, PermissionKind, Verdict, permissions};
use care::episode::{Command, Role, What};
use care::fact::{By, Clearance, Override, Value};
use jiff::tz::TimeZone;
use si::Region;

use super::setting::{
    Story, consent, days, hours, knowledge, register, routine, session, sign, told, went_well,
};

/// Somebody who cannot lie as the table asks: any practitioner may go on despite it.
fn cannot_lie() -> Story {
    let mut story = Story::new();
    story.does(Role::FrontDesk, register(Region::Lumbar));
    let mut readings = routine(Region::Lumbar, story.at);
    readings.retain(|reading| reading.fact.as_str() != "can_lie");
    readings.push(told(
        "can_lie",
        Value::Bool(false),
        By::Practitioner,
        story.at,
    ));
    let denied = Vec::new();
    story.does(
        Role::Practitioner,
        Command::RecordFacts { readings, denied },
    );
    story.does(Role::Practitioner, Command::Evaluate);
    story
}

fn act(rule: &str, story: &Story) -> Override {
    Override {
        rule: rule.to_owned(),
        reason: "lies on the side with a wedge".to_owned(),
        examination: "tried on the table, no new sign".to_owned(),
        patient_told: true,
        by: String::new(),
        second: Some("A second clinician".to_owned()),
        at: story.at,
        until: story.at.checked_add(hours(12)).expect("an instant"),
        one_session: true,
    }
}

fn letter(rule: &str, story: &Story) -> Clearance {
    Clearance {
        rule: rule.to_owned(),
        region: "lumbar".to_owned(),
        name: "Dr Example".to_owned(),
        profession: "spine surgeon".to_owned(),
        licence: "X 1".to_owned(),
        conditions: Vec::new(),
        issued: story.at,
        expires: story.at.checked_add(days(60)).expect("an instant"),
        document: "letter.pdf".to_owned(),
        confirmed_by: String::new(),
    }
}

fn verdict(story: &Story) -> Verdict {
    let kept = story.episode.decision.as_ref().expect("a decision");
    kept.decision.verdict
}

fn lapses(story: &Story) -> Vec<Option<Lapsed>> {
    let facts = story.episode.facts();
    let all = permissions(
        &facts,
        Region::Lumbar,
        knowledge(),
        story.at,
        &TimeZone::UTC,
    );
    all.into_iter().map(|one| one.lapsed).collect()
}

fn overridden() -> Story {
    let mut story = cannot_lie();
    assert_eq!(verdict(&story), Verdict::EvaluateFirst);
    let one = act("cannot-lie", &story);
    story.does(Role::Practitioner, Command::OverrideRule(one));
    story.does(Role::Practitioner, Command::Evaluate);
    assert_eq!(verdict(&story), Verdict::Caution);
    story
}

#[test]
fn an_override_for_one_session_ends_with_it_and_else_after_its_time() {
    let mut story = overridden();
    assert_eq!(lapses(&story), [None]);
    sign(&mut story, "gentle");
    story.does(Role::Practitioner, consent(Region::Lumbar));
    session(&mut story, 7, went_well());
    assert_eq!(lapses(&story), [Some(Lapsed::Ended)]);
    let mut story = overridden();
    story.later(hours(12));
    assert_eq!(lapses(&story), [Some(Lapsed::Ended)]);
}

#[test]
fn an_override_says_which_fact_ended_it() {
    let mut story = overridden();
    story.later(hours(1));
    let readings = vec![told(
        "can_lie",
        Value::Bool(true),
        By::Practitioner,
        story.at,
    )];
    let denied = Vec::new();
    story.does(
        Role::Practitioner,
        Command::RecordFacts { readings, denied },
    );
    assert_eq!(lapses(&story), [Some(Lapsed::Changed("can_lie".into()))]);
}

#[test]
fn nothing_is_overridden_before_it_was_found() {
    let mut story = cannot_lie();
    let early = Command::OverrideRule(act("imaging-missing", &story));
    assert_eq!(story.refused(Role::Practitioner, early), "rule-not-fired");
}

#[test]
fn a_withdrawn_override_counts_no_more_and_suspends_the_plan_that_stood_on_it() {
    let mut story = overridden();
    sign(&mut story, "gentle");
    story.later(hours(1));
    let withdraw = |reason: &str| Command::WithdrawPermission {
        rule: "cannot-lie".to_owned(),
        reason: reason.to_owned(),
    };
    assert_eq!(story.refused(Role::Practitioner, withdraw(" ")), "not-said");
    let happened = story.does(Role::Practitioner, withdraw("the wedge hurts"));
    let kinds: Vec<&str> = happened.iter().map(|event| event.kind()).collect();
    assert_eq!(kinds, ["permission-withdrawn", "decided", "suspended"]);
    assert_eq!(verdict(&story), Verdict::EvaluateFirst);
    assert_eq!(lapses(&story), [Some(Lapsed::Ended)]);
    let again = withdraw("twice");
    assert_eq!(story.refused(Role::Practitioner, again), "nothing-in-force");
}

#[test]
fn no_act_touches_a_rule_marked_never_and_each_refusal_says_what_to_do() {
    let mut story = cannot_lie();
    for rule in knowledge().all_rules() {
        let letter = letter(&rule.id, &story);
        let filed = story.ask(Role::Practitioner, Command::FileClearance(letter));
        let cleared = rule.override_by != OverrideBy::Never && rule.clearance.is_some();
        match filed {
            Ok(events) => assert!(
                cleared && matches!(events[0].what, What::ClearanceFiled(_)),
                "{}",
                rule.id
            ),
            Err(problem) => {
                assert!(!cleared, "{}: {problem}", rule.id);
                assert_eq!(problem.code, "never-cleared", "{}", rule.id);
                assert!(!problem.remedy.is_empty());
            }
        }
        if rule.override_by == OverrideBy::Never {
            let one = Command::OverrideRule(act(&rule.id, &story));
            let problem = story.ask(Role::ClinicalLead, one).expect_err(&rule.id);
            assert_eq!(problem.code, "never-overridden", "{}", rule.id);
            assert!(!problem.remedy.is_empty());
        }
    }
}

#[test]
fn a_letter_names_who_wrote_it_and_the_region_to_be_treated() {
    let mut story = cannot_lie();
    let wrong = [
        (
            "clearance-region",
            Clearance {
                region: "cervical".to_owned(),
                ..letter("recent-spinal-surgery", &story)
            },
        ),
        (
            "not-said",
            Clearance {
                licence: String::new(),
                ..letter("recent-spinal-surgery", &story)
            },
        ),
        (
            "clearance-expired",
            Clearance {
                expires: story.at,
                ..letter("recent-spinal-surgery", &story)
            },
        ),
    ];
    for (code, letter) in wrong {
        let filing = Command::FileClearance(letter);
        assert_eq!(story.refused(Role::Practitioner, filing), code);
    }
    let good = Command::FileClearance(letter("recent-spinal-surgery", &story));
    assert_eq!(story.refused(Role::Assistant, good.clone()), "role-may-not");
    story.does(Role::Practitioner, good);
    let facts = story.episode.facts();
    let all = permissions(
        &facts,
        Region::Lumbar,
        knowledge(),
        story.at,
        &TimeZone::UTC,
    );
    let PermissionKind::Letter(filed) = all[0].kind else {
        panic!("a letter");
    };
    assert_eq!(
        filed.confirmed_by,
        super::setting::someone(Role::Practitioner).name
    );
}

#[test]
fn an_override_for_one_session_is_over_within_twelve_hours() {
    let mut story = cannot_lie();
    let longer = Override {
        until: story.at.checked_add(hours(13)).expect("an instant"),
        ..act("cannot-lie", &story)
    };
    let refused = story.refused(Role::Practitioner, Command::OverrideRule(longer));
    assert_eq!(refused, "override-too-long");
}
