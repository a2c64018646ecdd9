//! A clinic's policy: inside its fence, shown where it is looser, never a patient's fact.
use crate::support::{AT, at, facts, knowledge, read, routine_but};
use care::decide::{Decision, Gate, Verdict, evaluate};
use care::fact::{By, FactKey, FactSet, Reading, Value};
use care::knowledge::{Knowledge, Setting, check};
use care::plan::Dose;
use jiff::tz::TimeZone;
use serde_json::json;
use si::{Problem, Region};

/// One answer of a clinic, its value as TOML writes it.
pub(super) fn chosen(id: &str, value: &str) -> String {
    format!(
        "[[choice]]\nid = \"{id}\"\nvalue = {value}\napprover = \"Dr. Amara Okafor\"\n\
         licence = \"PT 4411\"\ndate = 2026-11-02\nreason = \"our imaging takes weeks\"\n"
    )
}

/// The knowledge under a clinic's file.
pub(super) fn with_policy(text: &str) -> Knowledge {
    Knowledge::with_policy(text).unwrap_or_else(|problems| panic!("{}", problems[0]))
}

fn screen_under(knowledge: &Knowledge, facts: &FactSet) -> Decision {
    evaluate(
        facts,
        Region::Lumbar,
        Gate::EVALUATE,
        knowledge,
        at(AT),
        &TimeZone::UTC,
    )
}

fn refused(text: &str) -> Problem {
    let mut problems = Knowledge::with_policy(text).expect_err("refused");
    assert_eq!(problems.len(), 1, "{problems:?}");
    problems.remove(0)
}

/// The one problem, which stands here and says this.
fn expect(text: &str, place: &str, says: &str) {
    let problem = refused(text);
    assert_eq!(
        problem.place,
        format!("clinic/policy.toml:{place}"),
        "{problem}"
    );
    assert!(problem.problem.contains(says), "{problem}");
    assert!(!problem.remedy.is_empty());
}

#[test]
fn every_contested_question_of_the_reference_is_answered() {
    let policy = knowledge().policy();
    let choices = policy.choices.iter().map(|choice| choice.contested);
    let answered: Vec<u8> = choices
        .chain(policy.settled.iter().map(|one| one.contested))
        .collect();
    for number in 1..=17 {
        assert!(answered.contains(&number), "question {number}");
    }
    for choice in &policy.choices {
        assert!(choice.question.ends_with('?'), "{}", choice.id);
        assert!(!choice.is_loosened() && choice.in_force() == &choice.default);
    }
}

#[test]
fn without_a_policy_the_strictest_holds_save_where_clinical_settles_less() {
    let settled_otherwise = ["osteopenia", "soreness-window"];
    for choice in &knowledge().policy().choices {
        let strictest = choice.fence.first() == Some(&choice.default);
        let facts_only = choice.fact.is_some();
        assert_eq!(
            facts_only && !strictest,
            settled_otherwise.contains(&choice.id.as_str()),
            "{}",
            choice.id
        );
    }
}

#[test]
fn a_policy_outside_its_fence_is_refused_with_line_column_and_remedy() {
    expect(&chosen("imaging", "\"never\""), "3:9", "outside the fence");
    let remedy = refused(&chosen("imaging", "\"never\"")).remedy;
    assert!(remedy.contains("required, when-indicated"), "{remedy}");
    for above in ["0.51", "60.0", "-0.3", "nan", "\"0.4\""] {
        expect(
            &chosen("lumbar-ceiling-share", above),
            "3:9",
            "outside the fence",
        );
    }
    expect(&chosen("lumbar-ceiling", "535"), "3:9", "outside the fence");
    expect(
        &chosen("lumbar-sessions", "8.5"),
        "3:9",
        "outside the fence",
    );
}

#[test]
fn an_unknown_choice_a_second_answer_and_a_missing_name_are_refused() {
    expect(
        &chosen("imagin", "\"required\""),
        "2:6",
        "no choice has this id",
    );
    expect(
        &chosen("hardware", "\"caution\""),
        "2:6",
        "no choice has this id",
    );
    let twice = chosen("imaging", "\"required\"").repeat(2);
    expect(&twice, "9:6", "chosen twice");
    let good = chosen("imaging", "\"required\"");
    for key in ["approver", "licence", "date", "reason", "value", "id"] {
        let lines = good.lines().filter(|line| !line.starts_with(key));
        let text: String = lines.map(|line| format!("{line}\n")).collect();
        expect(&text, "1:1", &format!("missing field `{key}`"));
    }
    for (said, line) in [("Dr. Amara Okafor", "4:12"), ("PT 4411", "5:11")] {
        let (empty, problem) = (good.replace(said, " "), ["names nobody", "is empty"]);
        let told = refused(&empty);
        assert!(told.place.ends_with(line), "{told}");
        assert!(problem.iter().any(|p| told.problem.contains(p)), "{told}");
    }
    expect(&good.replace("2026-11-02", "08:30:00"), "6:8", "is no date");
    expect(&good.replace("reason", "because"), "7:1", "unknown field");
}

#[test]
fn a_loosened_policy_shows_on_the_decision_it_touched_and_who_approved_it() {
    let chart = routine_but(json!({"imaging_on_file": {"value": false, "by": "practitioner"}}));
    let strict = screen_under(knowledge(), &chart);
    assert_eq!(
        (strict.verdict, strict.loosened.len()),
        (Verdict::EvaluateFirst, 0)
    );
    let loose = with_policy(&chosen("imaging", "\"when-indicated\""));
    let decision = screen_under(&loose, &chart);
    assert_eq!(decision.verdict, Verdict::Cleared);
    let [touched] = decision.loosened.as_slice() else {
        panic!("{:?}", decision.loosened)
    };
    assert_eq!(touched.fact, "policy_imaging");
    assert_eq!(touched.who.as_deref(), Some("Dr. Amara Okafor (PT 4411)"));
    assert!(decision.to_text().contains("Policy loosened"));
    assert_ne!(decision.knowledge, strict.knowledge, "it is in the version");
}

#[test]
fn a_policy_at_or_above_the_default_shows_nowhere() {
    let text = chosen("imaging", "\"required\"") + &chosen("osteopenia", "\"exclude\"");
    let strict = with_policy(&text);
    let chart = routine_but(json!({"imaging_on_file": {"value": false, "by": "practitioner"}}));
    let decision = screen_under(&strict, &chart);
    assert_eq!(decision.verdict, Verdict::EvaluateFirst);
    assert_eq!(decision.loosened, []);
}

#[test]
fn a_chart_that_speaks_of_policy_is_bad_input() {
    let loosened = json!({"region": "lumbar", "at": AT, "facts": {
        "policy_imaging": {"value": "when-indicated", "by": "practitioner"}
    }});
    let problem = read(&loosened).expect_err("refused");
    assert_eq!(problem.code, "policy-not-a-fact");
    assert_eq!(problem.place, "facts.policy_imaging");
    assert!(problem.remedy.contains("policy_file"), "{problem}");
}

#[test]
fn a_reading_of_a_policy_from_an_older_journal_loosens_nothing_and_is_listed() {
    let mut chart = routine_but(json!({"imaging_on_file": {"value": false, "by": "practitioner"}}));
    let word = Value::Choice("when-indicated".to_owned());
    let key = FactKey::plain("policy_imaging");
    chart.insert(Reading::value(key, word, at(AT), By::Practitioner));
    let decision = screen_under(knowledge(), &chart);
    assert_eq!(decision.verdict, Verdict::EvaluateFirst);
    assert_eq!(decision.unread, ["policy_imaging"]);
}

#[test]
fn a_policy_lowers_a_number_of_dose_and_says_who_did() {
    let own = with_policy(&chosen("lumbar-ceiling-share", "0.3"));
    let dose = Dose::of_knowledge(&own).expect("numbers of dose");
    assert!((dose.lumbar.ceiling_share.value - 0.3).abs() < 1e-12);
    let why = &dose.lumbar.ceiling_share.why;
    assert!(
        why.contains("Dr. Amara Okafor") && why.contains("0.5 to 0.3"),
        "{why}"
    );
}

#[test]
fn soreness_is_adjusted_after_a_day_where_the_clinic_says_so() {
    let sore = facts(json!({"soreness_duration": {"value": 30.0, "unit": "h"}}));
    let fires = |knowledge: &Knowledge| {
        let zone = TimeZone::UTC;
        let moment = care::triage::Moment {
            knowledge,
            at: at(AT),
            zone: &zone,
        };
        let decision = care::triage::triage_of(&sore, Region::Lumbar, &moment);
        decision
            .fired
            .iter()
            .any(|rule| rule.rule == "soreness-long")
    };
    assert!(!fires(knowledge()), "48 h by default");
    assert!(fires(&with_policy(&chosen("soreness-window", "\"24-h\""))));
}

/// The embedded files with one change in one of them.
fn changed(path: &str, from: &str, to: &str) -> Vec<Problem> {
    let own = Knowledge::embedded_files()
        .iter()
        .find(|file| file.0 == path);
    let text = own.expect("a file").1;
    assert!(text.contains(from), "{from}");
    let text = text.replacen(from, to, 1);
    let mut files = Knowledge::embedded_files().to_vec();
    for file in files.iter_mut().filter(|file| file.0 == path) {
        file.1 = &text;
    }
    check(&files)
}

#[test]
fn a_question_that_is_wrong_by_itself_is_refused() {
    let rows = [
        (
            "default = \"required\"",
            "default = \"often\"",
            "default lies outside",
        ),
        (
            "\"when-indicated\"]",
            "\"sometimes\"]",
            "not what the policy fact takes",
        ),
        (
            "fact = \"policy_imaging\"",
            "fact = \"imaging_on_file\"",
            "not what the policy fact",
        ),
        (
            "dose = \"lumbar.ceiling\"\n",
            "dose = \"lumbar.roof\"\n",
            "not the number of dose.toml",
        ),
        (
            "fence = [0.1, 0.5]",
            "fence = [0.1, 0.6]",
            "its fence ends at the default",
        ),
        ("id = \"osteopenia\"", "id = \"imaging\"", "share this id"),
        (
            "sources = [\"S52\"]",
            "sources = [\"S52x\"]",
            "not in sources.toml",
        ),
    ];
    for (from, to, says) in rows {
        let problems = changed("policy.toml", from, to);
        let found = problems.iter().any(|p| p.problem.contains(says));
        assert!(found, "{from}: {problems:?}");
        assert!(problems.iter().all(|p| p.place.contains(".toml:")));
    }
    let problems = changed(
        "facts/policy.toml",
        "id = \"policy_anticoagulant\"",
        "id = \"policy_blood\"",
    );
    assert!(
        problems
            .iter()
            .any(|p| p.problem.contains("no choice of policy.toml")),
        "{problems:?}"
    );
}

#[test]
fn no_number_of_dose_can_be_raised() {
    for choice in &knowledge().policy().choices {
        let (Some(path), Setting::Number(default)) = (&choice.dose, &choice.default) else {
            continue;
        };
        let above = chosen(&choice.id, &format!("{:?}", default + 1.0));
        let problem = refused(&above);
        assert!(problem.problem.contains("fence"), "{path}: {problem}");
    }
}
