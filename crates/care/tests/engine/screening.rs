//! Screening: minimum data set, undecided rules, questions, what stands and what goes stale.
use crate::support::{AT, at, facts, knowledge, read, routine, screen};
use care::decide::{Ask, Decision, Gate, QuestionReason, Urgency, Verdict, evaluate};
use care::fact::{Answer, By, Clearance, FactKey, FactSet, Override, Reading, Value};
use jiff::tz::TimeZone;
use serde_json::{Value as Json, json};
use si::Region;

fn patient(region: Region) -> FactSet {
    let document = json!({"region": region.as_str(), "at": AT, "facts": routine(region)});
    read(&document)
        .unwrap_or_else(|problem| panic!("{problem}"))
        .fact_set()
}

/// The routine patient with some answers changed.
fn routine_but(changes: Json) -> FactSet {
    let mut answers = routine(Region::Lumbar);
    let changes = changes.as_object().expect("an object").clone();
    answers.as_object_mut().expect("an object").extend(changes);
    facts(answers)
}

fn rules(decision: &Decision) -> Vec<&str> {
    decision
        .fired
        .iter()
        .map(|fired| fired.rule.as_str())
        .collect()
}

fn is_worse(a: &Decision, b: &Decision) -> bool {
    a.set.rank(a.verdict) < b.set.rank(b.verdict)
}

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
            if region == Region::Cervical && fact == "sex" && !is_worse(&decision, &cleared) {
                panic!("sex decides nothing");
            }
            assert!(
                is_worse(&decision, &cleared),
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
    assert_eq!(asked[0], "cauda_equina_signs", "{asked:?}");
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
        "spinal_surgery": true,
        "spinal_surgery_date": "2015",
        "spinal_surgery_kind": {"answer": "asked-unknown"},
    }));
    let decision = screen(&chart, Region::Lumbar);
    assert_eq!(
        decision.verdict,
        Verdict::Caution,
        "{:?}",
        decision.undecided
    );
    let gentle = Some(vec!["gentle".to_owned()]);
    assert!(
        decision
            .conditions
            .iter()
            .any(|condition| condition.candidates == gentle)
    );
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
    assert!(open.contains(&"severe-nerve-damage"), "{open:?}");
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
    let chart = routine_but(json!({"osteoporosis": {"answer": "asked-unknown"}}));
    let decision = screen(&chart, Region::Lumbar);
    assert_eq!(decision.verdict, Verdict::EvaluateFirst);
    let question = &decision.next_questions[0];
    assert_eq!(question.fact, "osteoporosis");
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

fn letter() -> Clearance {
    Clearance {
        rule: "recent-spinal-surgery".to_owned(),
        region: "lumbar".to_owned(),
        name: "Dr Example".to_owned(),
        profession: "spine surgeon".to_owned(),
        licence: "X 1".to_owned(),
        conditions: vec!["No more than 200 N.".to_owned()],
        issued: at("2026-11-10T09:00:00Z"),
        expires: at("2027-02-10T09:00:00Z"),
        document: "letter.pdf".to_owned(),
        confirmed_by: "practitioner 1".to_owned(),
    }
}

fn operated() -> FactSet {
    routine_but(json!({
        "spinal_surgery": true, "spinal_surgery_date": "2026-08", "spinal_surgery_kind": "other"
    }))
}

#[test]
fn a_clearance_turns_only_its_rule_into_caution_and_lapses_on_a_new_neurological_fact() {
    let mut chart = operated();
    assert_eq!(
        screen(&chart, Region::Lumbar).verdict,
        Verdict::EvaluateFirst
    );
    chart.clearances.push(letter());
    let decision = screen(&chart, Region::Lumbar);
    assert_eq!(decision.verdict, Verdict::Caution);
    assert_eq!(
        decision.fired[0].softened_from,
        Some(Verdict::EvaluateFirst)
    );
    assert!(
        decision
            .conditions
            .iter()
            .any(|condition| condition.text.contains("200 N"))
    );
    let key = FactKey::indexed("myotome", &["L5", "left"]);
    chart.insert(Reading::value(
        key,
        Value::Number(4.0),
        at(AT),
        By::Practitioner,
    ));
    assert_eq!(
        screen(&chart, Region::Lumbar).verdict,
        Verdict::EvaluateFirst
    );
}

#[test]
fn a_clearance_never_softens_a_rule_marked_never_nor_after_it_expired() {
    let mut chart = routine_but(json!({"spinal_implant": true}));
    chart.clearances.push(Clearance {
        rule: "spinal-implant".to_owned(),
        ..letter()
    });
    assert_eq!(screen(&chart, Region::Lumbar).verdict, Verdict::Refuse);
    let mut chart = operated();
    chart.clearances.push(Clearance {
        expires: at(AT),
        ..letter()
    });
    assert_eq!(
        screen(&chart, Region::Lumbar).verdict,
        Verdict::EvaluateFirst
    );
}

fn act(rule: &str) -> Override {
    Override {
        rule: rule.to_owned(),
        reason: "lies on the side with a wedge".to_owned(),
        examination: "tried on the table".to_owned(),
        patient_told: true,
        by: "practitioner 1".to_owned(),
        second: None,
        at: at("2026-11-22T09:00:00Z"),
        until: at("2026-11-22T21:00:00Z"),
    }
}

fn overridden(changes: Json, act: Override) -> Verdict {
    let mut chart = routine_but(changes);
    chart.overrides.push(act);
    screen(&chart, Region::Lumbar).verdict
}

#[test]
fn an_override_holds_only_as_its_rule_says_and_as_long_as_its_facts_stand() {
    let lying = || json!({"can_lie": {"value": false, "by": "practitioner"}});
    assert_eq!(overridden(lying(), act("cannot-lie")), Verdict::Caution);
    let untold = Override {
        patient_told: false,
        ..act("cannot-lie")
    };
    assert_eq!(overridden(lying(), untold), Verdict::EvaluateFirst);
    let over = Override {
        until: at(AT),
        ..act("cannot-lie")
    };
    assert_eq!(overridden(lying(), over), Verdict::EvaluateFirst);
    let fallen = || json!({"event_since_last": true});
    assert_eq!(
        overridden(fallen(), act("event-since-last")),
        Verdict::EvaluateFirst
    );
    let second = Override {
        second: Some("practitioner 2".to_owned()),
        ..act("event-since-last")
    };
    assert_eq!(overridden(fallen(), second), Verdict::Caution);
    let changed = json!({"can_lie": [
        {"value": true, "by": "practitioner", "at": "2026-11-21T09:00:00Z"},
        {"value": false, "by": "practitioner", "at": "2026-11-22T09:00:00Z"},
    ]});
    let before = Override {
        at: at("2026-11-22T08:00:00Z"),
        ..act("cannot-lie")
    };
    assert_eq!(overridden(changed, before), Verdict::EvaluateFirst);
}

#[test]
fn no_path_overrides_a_never_rule() {
    for rule in knowledge().all_rules() {
        if rule.override_by == care::decide::OverrideBy::Never && rule.set.as_str() == "screening" {
            let case = rule
                .vignettes
                .iter()
                .find(|case| case.expect == care::knowledge::Expectation::Fires);
            let region = rule.regions()[0];
            let document =
                json!({"region": region.as_str(), "at": AT, "facts": case.expect("fires").facts});
            let mut chart = read(&document).expect("facts").fact_set();
            let second = Some("practitioner 2".to_owned());
            chart.overrides.push(Override {
                second,
                ..act(&rule.id)
            });
            let region_name = region.as_str().to_owned();
            chart.clearances.push(Clearance {
                rule: rule.id.clone(),
                region: region_name,
                ..letter()
            });
            let decision = evaluate(
                &chart,
                region,
                &[rule.gate],
                knowledge(),
                at(AT),
                &TimeZone::UTC,
            );
            let fired = decision
                .fired
                .iter()
                .find(|fired| fired.rule == rule.id)
                .expect("it fires");
            assert_eq!(
                (fired.verdict, &fired.softened_from),
                (rule.verdict, &None),
                "{}",
                rule.id
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
fn a_loosened_policy_shows_on_the_decision_it_touched() {
    let strict = routine_but(json!({"imaging_on_file": {"value": false, "by": "practitioner"}}));
    let decision = screen(&strict, Region::Lumbar);
    assert_eq!(
        (decision.verdict, decision.loosened.len()),
        (Verdict::EvaluateFirst, 0)
    );
    let loosened = routine_but(json!({
        "imaging_on_file": {"value": false, "by": "practitioner"},
        "policy_imaging": {"value": "when-indicated", "by": "practitioner"},
    }));
    let decision = screen(&loosened, Region::Lumbar);
    assert_eq!(
        (decision.verdict, decision.loosened.len()),
        (Verdict::Cleared, 1)
    );
    assert!(decision.to_text().contains("Policy loosened"));
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
