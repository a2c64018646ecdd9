//! What stands, what goes stale, who is believed, and what an answer in place of a value means.
use crate::support::{
    AT, at, changed, facts, knowledge, patient, routine, routine_but, rules, screen,
};
use care::decide::{Ask, Gate, QuestionReason, Verdict, evaluate};
use care::fact::{Answer, By, FactKey, Reading, Value};
use jiff::tz::TimeZone;
use serde_json::json;
use si::Region;

#[test]
fn a_positive_red_flag_neither_goes_stale_nor_is_denied_away() {
    let mut chart = patient(Region::Lumbar);
    let key = FactKey::plain("cord_signs");
    let old = Reading::value(
        key.clone(),
        Value::Bool(true),
        at("2026-01-05T09:00:00Z"),
        By::Patient,
    );
    chart.insert(old);
    assert!(rules(&screen(&chart, Region::Lumbar)).contains(&"cord-signs"));
    let examined = at("2026-11-22T08:00:00Z");
    chart.insert(Reading::value(
        key,
        Value::Bool(false),
        examined,
        By::Practitioner,
    ));
    assert_eq!(screen(&chart, Region::Lumbar).verdict, Verdict::Cleared);
}

#[test]
fn a_stale_answer_is_as_if_it_had_never_been_given() {
    let mut answers = routine(Region::Lumbar);
    answers["can_lie"]["at"] = json!("2026-10-01T09:00:00Z");
    let decision = screen(&facts(answers), Region::Lumbar);
    assert_eq!(decision.verdict, Verdict::EvaluateFirst);
    assert_eq!(decision.next_questions[0].fact, "can_lie");
}

#[test]
fn a_pregnancy_that_was_told_stands_for_300_days_and_its_denial_for_the_session() {
    let told = |answer: bool, when: &str| {
        let mut answers = routine(Region::Lumbar);
        answers["sex"] = json!("female");
        answers["pregnancy"] = json!({"value": answer, "at": when, "by": "patient"});
        screen(&facts(answers), Region::Lumbar)
    };
    let fires = |when: &str| rules(&told(true, when)).contains(&"pregnancy");
    assert!(fires("2026-01-26T09:00:00Z"), "300 days ago");
    assert!(!fires("2026-01-25T09:00:00Z"), "301 days ago");
    assert_eq!(
        told(true, "2026-01-25T09:00:00Z").verdict,
        Verdict::EvaluateFirst
    );
    assert_eq!(
        told(false, "2026-11-22T00:00:00Z").verdict,
        Verdict::Cleared
    );
    assert_eq!(
        told(false, "2026-11-21T20:00:00Z").verdict,
        Verdict::EvaluateFirst
    );
}

#[test]
fn a_positive_reading_is_never_sooner_stale_than_a_negative_one() {
    let (path, own) = (
        "facts/person.toml",
        "fresh = \"session\"\nstands = \"300 days\"",
    );
    let shorter = changed(path, own, "fresh = \"60 days\"\nstands = \"1 day\"");
    let mut chart = patient(Region::Lumbar);
    let key = FactKey::plain("pregnancy");
    let when = at("2026-10-22T09:00:00Z");
    chart.remove(&key);
    chart.insert(Reading::value(key, Value::Bool(true), when, By::Patient));
    let (at, zone) = (at(AT), TimeZone::UTC);
    let decision = evaluate(&chart, Region::Lumbar, Gate::EVALUATE, &shorter, at, &zone);
    assert!(rules(&decision).contains(&"pregnancy"));
}

#[test]
fn a_fall_makes_the_earlier_examination_stale_at_once() {
    let mut answers = routine(Region::Lumbar);
    answers["motor_strength"]["at"] = json!("2026-11-20T09:00:00Z");
    answers["event_since_last"] = json!([
        {"value": true, "at": "2026-11-21T09:00:00Z", "by": "patient"},
        {"value": false, "at": "2026-11-22T08:30:00Z", "by": "practitioner"},
    ]);
    let decision = screen(&facts(answers), Region::Lumbar);
    let open: Vec<_> = decision
        .undecided
        .iter()
        .map(|open| open.rule.as_str())
        .collect();
    assert!(open.contains(&"severe-weakness"), "{open:?}");
}

#[test]
fn sources_that_disagree_are_all_kept_and_the_worst_counts_until_a_practitioner_settles_it() {
    let mut answers = routine(Region::Lumbar);
    answers["can_lie"] = json!([
        {"value": true, "by": "patient"},
        {"value": false, "by": "practitioner"},
    ]);
    let decision = screen(&facts(answers.clone()), Region::Lumbar);
    assert_eq!(decision.verdict, Verdict::EvaluateFirst);
    assert_eq!(decision.conflicts, ["can_lie"]);
    assert!(
        decision
            .fired
            .iter()
            .any(|fired| fired.rule == "cannot-lie" && fired.conflict)
    );
    answers["can_lie"]
        .as_array_mut()
        .expect("a list")
        .push(json!({
            "value": true, "by": "practitioner", "at": "2026-11-22T09:00:00Z",
            "resolves": "lies well with a wedge"
        }));
    assert_eq!(
        screen(&facts(answers), Region::Lumbar).verdict,
        Verdict::Cleared
    );
}

#[test]
fn one_source_is_right_about_all_its_leaves_at_once() {
    // −3.0 and −0.5: neither lies between −2.5 and −1.0, so the caution does not fire.
    let chart = routine_but(json!({"dxa_t_score": [
        {"value": -3.0, "by": "record", "source": "A"},
        {"value": -0.5, "by": "record", "source": "B"},
    ]}));
    let decision = screen(&chart, Region::Lumbar);
    assert_eq!(rules(&decision), ["advanced-osteoporosis"]);
}

#[test]
fn asked_unknown_stays_unknown_and_moves_the_question_to_somebody_else() {
    let chart = routine_but(json!({"bone_weakness": {"answer": "asked-unknown"}}));
    let decision = screen(&chart, Region::Lumbar);
    assert_eq!(decision.verdict, Verdict::EvaluateFirst);
    let question = &decision.next_questions[0];
    assert_eq!(question.fact, "bone_weakness");
    assert_eq!(question.answered, Some(Answer::AskedUnknown));
    assert_ne!(question.ask, Ask::Patient);
}

#[test]
fn not_applicable_counts_only_where_the_facts_own_criteria_allow_it() {
    let answer = json!({"answer": "not-applicable"});
    let woman = |age: u32| {
        routine_but(json!({
            "sex": "female", "age": {"value": age, "unit": "a"}, "pregnancy": answer
        }))
    };
    assert_eq!(screen(&woman(60), Region::Lumbar).verdict, Verdict::Cleared);
    assert_eq!(
        screen(&woman(30), Region::Lumbar).verdict,
        Verdict::EvaluateFirst
    );
}

#[test]
fn an_unconfirmed_record_forbids_but_never_permits_and_is_confirmed_first() {
    let record = |value: bool| json!({"value": value, "by": "record", "unconfirmed": true});
    let chart = routine_but(json!({"fragility_fracture": record(true)}));
    let decision = screen(&chart, Region::Lumbar);
    assert_eq!(rules(&decision), ["advanced-osteoporosis"]);
    assert!(decision.fired[0].facts.iter().any(|fact| fact.unconfirmed));
    let first = &decision.next_questions[0];
    assert_eq!(
        (first.fact.as_str(), first.reason),
        ("fragility_fracture", QuestionReason::Confirm)
    );

    let chart = routine_but(json!({"can_signal": record(true)}));
    assert_eq!(
        screen(&chart, Region::Lumbar).verdict,
        Verdict::EvaluateFirst
    );
}

#[test]
fn a_practitioner_who_refutes_a_record_ends_it() {
    let chart = routine_but(json!({"fragility_fracture": [
        {"value": true, "by": "record", "unconfirmed": true, "at": "2026-11-20T09:00:00Z"},
        {"value": false, "by": "practitioner", "at": "2026-11-22T08:00:00Z"},
    ]}));
    assert_eq!(screen(&chart, Region::Lumbar).verdict, Verdict::Cleared);
}

#[test]
fn a_partial_date_decides_only_where_both_its_ends_agree() {
    let operated = |date: &str| {
        routine_but(json!({
            "spinal_surgery": true, "spinal_surgery_date": date, "spinal_surgery_kind": "other"
        }))
    };
    let verdict = |date: &str| screen(&operated(date), Region::Lumbar).verdict;
    assert_eq!(verdict("2015"), Verdict::Caution);
    let open = screen(&operated("2026"), Region::Lumbar);
    assert!(
        open.undecided
            .iter()
            .any(|rule| rule.rule == "recent-spinal-surgery")
    );
    assert!(
        rules(&screen(&operated("2026-09"), Region::Lumbar)).contains(&"recent-spinal-surgery")
    );
}

#[test]
fn codes_set_the_facts_they_should() {
    let by = |code: &str| -> Vec<(String, String)> {
        let found = knowledge()
            .catalogue()
            .by_code("http://snomed.info/sct", code);
        found
            .iter()
            .map(|m| (m.fact.clone(), format!("{:?} {:?}", m.mode, m.clinical)))
            .collect()
    };
    let pair = |fact: &str, mode: &str| (fact.to_owned(), mode.to_owned());
    assert!(by("443165006").contains(&pair("fragility_fracture", "Asserts Any")));
    assert!(
        by("443165006")
            .iter()
            .all(|(fact, _)| fact != "spinal_fracture")
    );
    assert_eq!(by("698754002"), [pair("spinal_cord_lesion", "Asserts Any")]);
    assert_eq!(by("64859006"), [pair("osteoporosis", "Asserts Active")]);
    assert!(by("359817006").contains(&pair("hip_fracture_history", "Asserts Resolved")));
    assert_eq!(by("202725007"), [pair("spinal_surgery", "Asserts Any")]);
    let icd = knowledge()
        .catalogue()
        .by_code("http://hl7.org/fhir/sid/icd-10-cm", "M54.50");
    assert_eq!(icd[0].fact, "symptom_duration");
}

#[test]
fn a_declined_question_goes_to_the_patient_again_the_next_day() {
    let declined = |at: &str| {
        let answer = json!({"main_symptom": {"answer": "declined", "at": at}});
        let decision = screen(&routine_but(answer), Region::Lumbar);
        decision.next_questions[0].ask
    };
    assert_ne!(declined("2026-11-22T07:00:00Z"), Ask::Patient);
    assert_eq!(declined("2026-11-21T07:00:00Z"), Ask::Patient);
}

#[test]
fn what_stands_in_a_report_is_not_cleared_by_the_patient() {
    let told = |by: &str| {
        let chart = routine_but(json!({
            "bone_weakness": true, "osteoporosis": true, "fragility_fracture": false,
            "steroid_long_term": false, "hip_fracture_history": false,
            "dxa_t_score": {"value": -0.5, "by": by},
        }));
        screen(&chart, Region::Lumbar).verdict
    };
    assert_eq!(told("patient"), Verdict::EvaluateFirst);
    assert_eq!(told("practitioner"), Verdict::Cleared);
}
