//! Approval: bound to content, needed by a real table; and a clinic's lowered caps.

use care::episode::{Command, Role};
use care::fact::FactSet;
use care::knowledge::{Approval, Approvals, DOSE, Knowledge};
use care::plan::{Dose, History, Request, propose};
use si::Region;

use super::plan::Asked;
use super::setting::{Story, grant, knowledge, planned, ready, start};
use crate::support::changed;

/// An approval of an entry as it stands.
fn approval(knowledge: &Knowledge, entry: &str) -> Approval {
    Approval {
        entry: entry.to_owned(),
        sha256: knowledge.entries()[entry].clone(),
        by: "Dr. Amara Okafor".to_owned(),
        licence: "PT 4411".to_owned(),
        at: start(),
    }
}

/// Everything approved but these.
fn all_but(left_out: &[&str]) -> Approvals {
    let mut approvals = Approvals::default();
    for entry in knowledge().entries().keys() {
        if !left_out.contains(&entry.as_str()) {
            approvals.add(approval(knowledge(), entry));
        }
    }
    approvals
}

/// A patient at the table, under these approvals.
fn at_the_table(approvals: Approvals) -> Story {
    let mut story = planned(Region::Lumbar, "gentle");
    ready(&mut story);
    story.approvals = approvals;
    story
}

/// Asks for a Grant on a real table.
fn real(story: &Story) -> Command {
    let mut command = grant(46, story);
    if let Command::IssueGrant { simulated, .. } = &mut command {
        *simulated = false;
    }
    command
}

#[test]
fn every_rule_and_the_numbers_of_dose_are_entries_to_approve() {
    let entries = knowledge().entries();
    assert_eq!(entries.len(), knowledge().all_rules().len() + 1);
    for rule in knowledge().all_rules() {
        assert_eq!(entries[&rule.id].len(), 64, "{}", rule.id);
    }
    let standing = knowledge().standing(Approvals::NONE);
    assert_eq!(standing.rules, knowledge().all_rules().len());
    assert!(!standing.dose && !standing.is_whole());
    assert!(knowledge().standing(&all_but(&[])).is_whole());
}

#[test]
fn a_real_table_is_refused_while_nobody_has_approved_the_caps() {
    for approvals in [Approvals::default(), all_but(&[DOSE])] {
        let mut story = at_the_table(approvals);
        let command = real(&story);
        assert_eq!(
            story.refused(Role::Practitioner, command),
            "caps-not-approved"
        );
    }
}

#[test]
fn a_real_table_is_refused_with_one_rule_that_nobody_approved() {
    // Of the day, of the session, of what follows it.
    for rule in ["spinal-implant", "stop-new-pain", "soreness-long"] {
        let mut story = at_the_table(all_but(&[rule]));
        let command = real(&story);
        let problem = story.ask(Role::Practitioner, command).expect_err("refused");
        assert_eq!(problem.code, "rules-not-approved", "{rule}");
        assert_eq!(problem.value, rule);
    }
}

#[test]
fn a_rule_of_the_other_region_holds_no_table_up() {
    let cervical = knowledge().all_rules().iter();
    let other = cervical.filter(|rule| !rule.is_for(Region::Lumbar));
    let other: Vec<&str> = other.map(|rule| rule.id.as_str()).collect();
    assert!(!other.is_empty());
    let mut story = at_the_table(all_but(&other));
    let command = real(&story);
    story.does(Role::Practitioner, command);
}

#[test]
fn a_simulated_table_needs_no_approval_and_an_approved_real_one_gets_its_grant() {
    let mut story = at_the_table(Approvals::default());
    let simulated = grant(46, &story);
    story.does(Role::Practitioner, simulated);
    let mut story = at_the_table(all_but(&[]));
    let command = real(&story);
    story.does(Role::Practitioner, command);
}

#[test]
fn an_approval_lapses_when_the_entry_changes_and_not_with_its_comments() {
    let approvals = all_but(&[]);
    let path = "rules/triage/adjust.toml";
    let own = "practitioner = \"No reply to a due check-in.\"";
    let reworded = changed(path, own, "practitioner = \"Nobody replied.\"");
    assert!(approvals.of(&reworded, "no-reply").is_none());
    assert!(approvals.of(&reworded, "pain-up").is_some());
    assert_eq!(reworded.standing(&approvals).rules, 1);
    let commented = changed(path, own, &format!("\n# a remark\n{own}  "));
    assert_ne!(commented.sha256(), knowledge().sha256());
    assert!(commented.standing(&approvals).is_whole());
    let reworded = changed("dose.toml", "120 lb, the most", "120 lb, the least");
    assert!(!reworded.standing(&approvals).dose);
}

#[test]
fn an_approval_lapses_when_what_an_answer_means_changes() {
    let approvals = all_but(&[]);
    let approved = |knowledge: &Knowledge, rule: &str| approvals.of(knowledge, rule).is_some();
    // The fact itself: how long a pregnancy that was told stands.
    let (path, own) = ("facts/person.toml", "stands = \"300 days\"");
    let shorter = changed(path, own, "stands = \"30 days\"");
    assert!(!approved(&shorter, "pregnancy"));
    assert!(approved(&shorter, "spinal-implant"));
    // The fact that says when another one is needed.
    let family = knowledge().catalogue().get("spine_operated").expect("it");
    let question = format!("practitioner = \"{}\"", family.practitioner);
    let reworded = changed(
        "facts/history.toml",
        &question,
        "practitioner = \"Surgery?\"",
    );
    let rule = |id| knowledge().rule(id).expect("a rule");
    assert!(!rule("spinal-implant").facts().contains(&family.id));
    assert!(!approved(&reworded, "spinal-implant"));
    // The default of a policy.
    let loose = changed(
        "policy.toml",
        "default = \"required\"",
        "default = \"when-indicated\"",
    );
    let reads = |rule: &&care::knowledge::Rule| rule.facts().contains(&"policy_imaging".to_owned());
    let mut reading = knowledge().all_rules().iter().filter(reads).peekable();
    assert!(reading.peek().is_some());
    assert!(reading.all(|rule| !approved(&loose, &rule.id)));
}

#[test]
fn a_plan_names_who_approved_the_caps() {
    let named = Dose::in_force(knowledge(), &all_but(&[])).expect("numbers of dose");
    assert_eq!(named.approver.as_deref(), Some("Dr. Amara Okafor"));
    let nobody = Dose::in_force(knowledge(), Approvals::NONE).expect("numbers of dose");
    assert_eq!(nobody.approver, None);
}

#[test]
fn a_lowered_cap_binds_the_plan_and_its_reason_names_the_policy() {
    let text = "[[choice]]\nid = \"lumbar-ceiling-share\"\nvalue = 0.2\napprover = \"Dr. Amara Okafor\"\n\
                licence = \"PT 4411\"\ndate = 2026-11-02\nreason = \"a frail clientele\"\n";
    let own = Knowledge::with_policy(text).expect("inside the fence");
    let asked = Asked::new(Region::Lumbar, 80.0, Some("male"));
    let facts: &FactSet = &asked.facts;
    let dose = Dose::of_knowledge(&own).expect("numbers of dose");
    let plan = propose(&Request {
        facts,
        region: Region::Lumbar,
        decision: &asked.decision,
        history: History::default(),
        table_ceiling: None,
        belief: None,
        dose: &dose,
        evidence: own.evidence(),
        choice: None,
        at: start(),
    })
    .expect("a plan");
    let firm = plan.candidates.firm.as_ref().expect("a firm candidate");
    // A fifth of 80 kg, where a half is the default.
    assert_eq!(firm.course.ceiling_n, 156.0);
    assert!(firm.prescription.force_n <= 156.0);
    let mut reasons = firm.prescription.reasons.iter();
    let named = reasons.any(|reason| reason.why.contains("The clinic's policy lowers 0.5 to 0.2"));
    assert!(named, "{:?}", firm.prescription.reasons);
    plan.sound(&dose).expect("sound under the same policy");
    let loose = asked.plan();
    assert_eq!(
        loose.sound(&dose).expect_err("too much here").code,
        "plan-unsound",
        "a plan of looser caps is not sound under tighter ones"
    );
}
