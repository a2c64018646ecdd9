//! Screening: minimum data set, undecided rules, questions, what stands and what goes stale.
use crate::support::{AT, at, facts, knowledge, patient, routine, routine_but, rules, screen};
use care::decide::{Decision, Gate, QuestionReason, Urgency, Verdict, evaluate};
use care::fact::{By, FactKey, FactSet, Reading, Value};
use jiff::tz::TimeZone;
use serde_json::json;
use si::Region;
use std::collections::BTreeSet;

#[test]
fn a_routine_patient_with_only_the_minimum_data_set_is_cleared() {
    for region in Region::ALL {
        let decision = screen(&patient(region), region);
        let open: Vec<_> = decision
            .undecided
            .iter()
            .map(|u| (&u.rule, &u.missing))
            .collect();
        assert_eq!(
            decision.verdict,
            Verdict::Cleared,
            "{:?} {open:?}",
            rules(&decision)
        );
        assert_eq!(decision.urgency, Urgency::None);
        assert!(decision.next_questions.is_empty());
    }
}

#[test]
fn without_any_one_answer_of_the_minimum_the_verdict_is_worse_and_that_question_comes_first() {
    for region in Region::ALL {
        let cleared = screen(&patient(region), region);
        for fact in routine(region).as_object().expect("an object").keys() {
            let mut chart = patient(region);
            chart.remove(&FactKey::plain(fact));
            let decision = screen(&chart, region);
            assert!(
                decision.is_worse_than(&cleared),
                "{region}: {fact} decides nothing"
            );
            let first = &decision.next_questions[0];
            assert_eq!(first.fact, *fact, "{region}: {:?}", decision.next_questions);
        }
    }
}

#[test]
fn the_minimum_data_set_asks_at_most_twenty_and_ten() {
    for region in Region::ALL {
        let set = knowledge().minimum(region).expect("a set");
        assert!(set.patient.len() <= 20 && set.examination.len() <= 10);
        for fact in routine(region).as_object().expect("an object").keys() {
            assert!(set.facts().any(|id| id == fact), "{fact} is not in the set");
        }
    }
}

#[test]
fn an_empty_chart_is_evaluate_first_without_urgency_and_asks_the_gravest_first() {
    let decision = screen(&FactSet::new(), Region::Lumbar);
    assert_eq!(
        (decision.verdict, decision.urgency),
        (Verdict::EvaluateFirst, Urgency::None)
    );
    assert!(decision.fired.is_empty());
    let asked: Vec<_> = decision
        .next_questions
        .iter()
        .map(|q| q.fact.as_str())
        .collect();
    let emergencies: BTreeSet<&str> = asked[..2].iter().copied().collect();
    let gravest = BTreeSet::from(["cauda_equina_signs", "vascular_signs"]);
    assert_eq!(emergencies, gravest, "{asked:?}");
}

#[test]
fn every_undecided_rule_contributes_a_question() {
    let decision = screen(&FactSet::new(), Region::Lumbar);
    for open in &decision.undecided {
        let asked = decision
            .next_questions
            .iter()
            .any(|q| q.rules.contains(&open.rule));
        assert!(asked, "{} asks nothing", open.rule);
    }
}

#[test]
fn a_rule_that_fires_never_lowers_what_another_fired() {
    let decision = screen(
        &routine_but(json!({"vascular_signs": true, "dxa_t_score": -1.5, "osteoporosis": true})),
        Region::Lumbar,
    );
    assert!(rules(&decision).contains(&"low-bone-density"));
    assert_eq!(
        (decision.verdict, decision.urgency),
        (Verdict::Refuse, Urgency::Emergency)
    );
    assert_eq!(
        decision.fired[0].rule, "large-artery-signs",
        "the most urgent stands first"
    );
}

#[test]
fn an_undecided_caution_applies_its_conditions_and_does_not_block() {
    let chart = routine_but(json!({
        "alignment": {"value": "shift-corrects", "by": "practitioner"},
        "leg_length_difference": {"answer": "asked-unknown"},
    }));
    let decision = screen(&chart, Region::Lumbar);
    let open: Vec<_> = decision.undecided.iter().map(|open| &open.rule).collect();
    assert_eq!(open, ["leg-length-difference"]);
    assert_eq!(decision.verdict, Verdict::Caution);
    let pad = Some("pelvic pad".to_owned());
    assert!(decision.conditions.iter().any(|asked| asked.item == pad));
}

#[test]
fn constipation_alone_is_no_flag() {
    let decision = screen(&routine_but(json!({"constipation": true})), Region::Lumbar);
    assert_eq!(decision.verdict, Verdict::Cleared);
}

#[test]
fn cauda_equina_cord_and_artery_signs_fire_for_every_region() {
    for fact in [
        "cauda_equina_signs",
        "cord_signs",
        "vascular_signs",
        "fracture_signs",
    ] {
        for region in Region::ALL {
            let mut chart = patient(region);
            chart.remove(&FactKey::plain(fact));
            let key = FactKey::plain(fact);
            chart.insert(Reading::value(key, Value::Bool(true), at(AT), By::Patient));
            assert_eq!(
                screen(&chart, region).verdict,
                Verdict::Refuse,
                "{fact} in {region}"
            );
        }
    }
}

#[test]
fn start_rows_never_leave_an_eligibility_decision_undecided_and_block_the_start_while_unknown() {
    let chart = patient(Region::Lumbar);
    assert_eq!(screen(&chart, Region::Lumbar).verdict, Verdict::Cleared);
    let start = |chart: &FactSet| {
        evaluate(
            chart,
            Region::Lumbar,
            Gate::TREAT,
            knowledge(),
            at(AT),
            &TimeZone::UTC,
        )
    };
    assert_eq!(start(&chart).verdict, Verdict::EvaluateFirst);
    let mut ready = chart.clone();
    for rule in knowledge()
        .all_rules()
        .iter()
        .filter(|rule| rule.gate == Gate::Start)
    {
        for fact in rule.facts() {
            let key = FactKey::plain(&fact);
            ready.insert(Reading::value(
                key,
                Value::Bool(true),
                at(AT),
                By::Assistant,
            ));
        }
    }
    assert_eq!(start(&ready).verdict, Verdict::Cleared);
}

#[test]
fn the_sample_diagnoses_fire_the_right_founding_rule() {
    let record = json!({"value": true, "by": "record", "unconfirmed": true, "source": "bundle"});
    let osteoporotic = facts(json!({"osteoporosis": record, "fragility_fracture": record}));
    let fired = screen(&osteoporotic, Region::Lumbar);
    assert!(
        rules(&fired).contains(&"advanced-osteoporosis"),
        "{:?}",
        rules(&fired)
    );
    assert!(!rules(&fired).contains(&"spinal-fracture"));
    let paralysed = screen(
        &facts(json!({"spinal_cord_lesion": record})),
        Region::Lumbar,
    );
    assert_eq!(rules(&paralysed), ["severe-nerve-damage"]);
}

#[test]
fn a_decision_round_trips_and_its_hash_follows_its_content() {
    let a = screen(&patient(Region::Lumbar), Region::Lumbar);
    let text = a.to_json().to_string();
    let back: Decision = serde_json::from_str(&text).expect("a decision");
    assert_eq!(back, a);
    assert_eq!(back.hash(), a.hash());
    let b = screen(&routine_but(json!({"cord_signs": true})), Region::Lumbar);
    assert_ne!(a.hash(), b.hash());
    assert!(
        b.to_text()
            .starts_with("Urgency: urgent\nVerdict: refuse\n")
    );
}

#[test]
fn a_later_visit_asks_again_only_what_is_stale_in_at_most_ten_answers() {
    let mut answers = routine(Region::Lumbar);
    for answer in answers.as_object_mut().expect("an object").values_mut() {
        answer["at"] = json!("2026-11-17T09:00:00Z");
    }
    answers["sex"]["value"] = json!("female");
    answers["pregnancy"] = json!({"value": false, "at": "2026-11-17T09:00:00Z"});
    let decision = screen(&facts(answers), Region::Lumbar);
    let asked: Vec<_> = decision
        .next_questions
        .iter()
        .map(|q| q.fact.as_str())
        .collect();
    assert!(asked.len() <= 10, "{asked:?}");
    for fact in [
        "cauda_equina_signs",
        "weakness_progressing",
        "pregnancy",
        "sedation_today",
    ] {
        assert!(asked.contains(&fact), "{fact} is asked at every session");
    }
    for fact in ["spinal_implant", "motor_strength", "imaging_on_file"] {
        assert!(!asked.contains(&fact), "{fact} still holds");
    }
}

#[test]
fn an_undecided_rule_that_cannot_worsen_a_refusal_asks_nothing() {
    let decision = screen(&facts(json!({"cauda_equina_signs": true})), Region::Lumbar);
    assert_eq!(
        (decision.verdict, decision.urgency),
        (Verdict::Refuse, Urgency::Emergency)
    );
    assert!(!decision.undecided.is_empty());
    let reasons: Vec<_> = decision.next_questions.iter().map(|q| q.reason).collect();
    assert!(
        reasons
            .iter()
            .all(|reason| *reason == QuestionReason::Detail),
        "{reasons:?}"
    );
    let asked = decision.next_questions.iter().map(|q| q.fact.as_str());
    assert!(
        asked.clone().any(|fact| fact == "cauda_equina_onset"),
        "onset is asked"
    );
}

#[test]
fn the_text_says_what_to_confirm_and_whom_to_ask() {
    let record = json!({"value": true, "by": "record", "unconfirmed": true});
    let chart = routine_but(
        json!({"spinal_cord_lesion": record, "motor_strength": {"answer": "declined"}}),
    );
    let text = screen(&chart, Region::Lumbar).to_text();
    assert!(text.contains("(record, unconfirmed)"), "{text}");
    assert!(
        text.contains("1. Confirm or refute: Spinal cord lesion"),
        "{text}"
    );
}
