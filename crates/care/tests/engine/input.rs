//! Bad input: place, value, remedy.
use crate::support::{AT, knowledge, read};
use care::input::{Context, parse_facts};
use jiff::tz::TimeZone;
use proptest::prelude::*;
use serde_json::{Value as Json, json};
use si::Problem;

fn raw(bytes: &[u8]) -> Problem {
    let zone = TimeZone::UTC;
    let context = Context {
        knowledge: knowledge(),
        at: None,
        region: None,
        zone: &zone,
    };
    parse_facts(bytes, &context).expect_err("a problem")
}

fn problem(facts: Json) -> Problem {
    let document = json!({"region": "lumbar", "at": AT, "facts": facts});
    read(&document).expect_err("a problem")
}

fn document(document: Json) -> Problem {
    read(&document).expect_err("a problem")
}

/// One row: what comes back, and where.
fn check(found: &Problem, code: &str, place: &str, remedy: &str) {
    assert_eq!((found.code, found.place.as_str()), (code, place), "{found}");
    assert!(found.remedy.contains(remedy), "{found}");
    assert!(!found.problem.is_empty());
}

#[test]
fn an_unknown_fact_names_the_nearest_one() {
    let found = problem(json!({"weight": {"value": 80, "unit": "kg"}}));
    check(&found, "unknown-fact", "facts.weight", "`body_weight`");
    let found = problem(json!({"osteoperosis": true}));
    check(
        &found,
        "unknown-fact",
        "facts.osteoperosis",
        "`osteoporosis`",
    );
    check(
        &problem(json!({"zzzzzzzzzzzzzz": true})),
        "unknown-fact",
        "facts.zzzzzzzzzzzzzz",
        "facts list",
    );
}

#[test]
fn units_are_asked_for_and_checked() {
    let weight = |reading: Json| problem(json!({"body_weight": reading}));
    check(
        &weight(json!({"value": 80})),
        "missing-unit",
        "facts.body_weight.unit",
        "\"kg\"",
    );
    check(
        &weight(json!(80)),
        "missing-unit",
        "facts.body_weight.unit",
        "\"kg\"",
    );
    check(
        &weight(json!({"value": 80, "unit": "cm"})),
        "wrong-unit",
        "facts.body_weight.unit",
        "kg",
    );
    check(
        &weight(json!({"value": 80, "unit": "pounds"})),
        "wrong-unit",
        "facts.body_weight.unit",
        "kg",
    );
    let found = problem(json!({"osteoporosis": {"value": true, "unit": "kg"}}));
    check(&found, "wrong-unit", "facts.osteoporosis.unit", "leave");
    let found = problem(json!({"dxa_t_score": {"value": -1.0, "unit": "kg"}}));
    check(&found, "wrong-unit", "facts.dxa_t_score.unit", "1");
}

#[test]
fn a_unit_of_the_same_quantity_is_converted() {
    let document = json!({"region": "lumbar", "at": AT, "facts": {
        "body_weight": {"value": 176.4, "unit": "[lb_av]"}, "body_height": {"value": 180, "unit": "cm"}
    }});
    let read = read(&document).expect("facts");
    let number = |fact: &str| {
        let reading = read
            .readings
            .iter()
            .find(|r| r.fact.as_str() == fact)
            .expect("a reading");
        match reading.as_value() {
            Some(care::fact::Value::Number(number)) => (*number, reading.unit.clone()),
            other => panic!("{other:?}"),
        }
    };
    assert!((number("body_weight").0 - 80.013).abs() < 0.001);
    assert_eq!(number("body_height"), (1.8, Some("m".to_owned())));
}

#[test]
fn values_outside_type_or_range_are_refused() {
    let found = problem(json!({"body_weight": {"value": 8000, "unit": "kg"}}));
    check(&found, "out-of-range", "facts.body_weight.value", "unit");
    assert_eq!(found.value, "8000");
    check(
        &problem(json!({"osteoporosis": "yes"})),
        "wrong-type",
        "facts.osteoporosis.value",
        "true or false",
    );
    check(
        &problem(json!({"sex": "man"})),
        "unknown-choice",
        "facts.sex.value",
        "male",
    );
    check(
        &problem(json!({"spinal_surgery_date": "last year"})),
        "wrong-type",
        "facts.spinal_surgery_date.value",
        "2026-11",
    );
    check(
        &problem(json!({"myotome[L5,left]": 3.5})),
        "out-of-range",
        "facts.myotome[L5,left].value",
        "round",
    );
    check(
        &problem(json!({"osteoporosis": {}})),
        "no-content",
        "facts.osteoporosis.value",
        "answer",
    );
    check(
        &problem(json!({"osteoporosis": []})),
        "no-reading",
        "facts.osteoporosis",
        "leave",
    );
    let both = json!({"osteoporosis": {"value": true, "answer": "declined"}});
    check(
        &problem(both),
        "two-contents",
        "facts.osteoporosis.answer",
        "one",
    );
}

#[test]
fn an_index_must_be_one_of_the_facts_own() {
    check(
        &problem(json!({"myotome": 3})),
        "bad-index",
        "facts.myotome",
        "myotome[L1,left]",
    );
    check(
        &problem(json!({"myotome[L9,left]": 3})),
        "bad-index",
        "facts.myotome[L9,left]",
        "myotome[",
    );
    check(
        &problem(json!({"osteoporosis[left]": true})),
        "bad-index",
        "facts.osteoporosis[left]",
        "`osteoporosis`",
    );
    check(
        &problem(json!({"myotome[L5,left": 3})),
        "bad-fact-id",
        "facts.myotome[L5,left",
        "id[index",
    );
}

#[test]
fn dates_more_than_a_day_ahead_are_refused() {
    let ahead = |at: &str| json!({"osteoporosis": {"value": true, "at": at}});
    check(
        &problem(ahead("2026-11-23T09:00:01Z")),
        "date-in-the-future",
        "facts.osteoporosis.at",
        "correct",
    );
    let document = json!({"region": "lumbar", "at": AT, "facts": ahead("2026-11-23T09:00:00Z")});
    assert!(read(&document).is_ok(), "a clock may run a day ahead");
    let found = problem(json!({"spinal_surgery_date": "2027"}));
    check(
        &found,
        "date-in-the-future",
        "facts.spinal_surgery_date.value",
        "correct",
    );
    check(
        &problem(ahead("yesterday")),
        "bad-instant",
        "facts.osteoporosis.at",
        "zone",
    );
}

#[test]
fn not_applicable_is_refused_where_the_fact_applies_to_everyone() {
    let found = problem(json!({"osteoporosis": {"answer": "not-applicable"}}));
    check(
        &found,
        "always-applies",
        "facts.osteoporosis.answer",
        "answer the question",
    );
}

#[test]
fn broken_json_says_line_and_column() {
    check(
        &raw(b""),
        "empty-document",
        "line 1 column 1",
        "JSON object",
    );
    check(
        &raw(b" \n "),
        "empty-document",
        "line 1 column 1",
        "JSON object",
    );
    check(
        &raw(b"{\n  \"region\": lumbar\n}"),
        "malformed-json",
        "line 2 column 13",
        "mend",
    );
    check(&raw(b"[]"), "wrong-type", "document", "object");
    let twice = br#"{"region": "lumbar", "facts": {"age": 1, "age": 2}}"#;
    assert!(raw(twice).problem.contains("`age` stands twice"));
    let deep = [vec![b'['; 100_000], vec![b']'; 100_000]].concat();
    assert_eq!(raw(&deep).code, "malformed-json");
}

#[test]
fn the_frame_of_the_document_is_checked() {
    let found = document(json!({"region": "thoracic", "at": AT, "facts": {}}));
    check(&found, "unknown-region", "region", "cervical");
    check(
        &document(json!({"at": AT, "facts": {}})),
        "missing-region",
        "region",
        "lumbar",
    );
    check(
        &document(json!({"region": "lumbar", "facts": {}})),
        "missing-at",
        "at",
        "--at",
    );
    check(
        &document(json!({"region": "lumbar", "at": AT})),
        "missing-facts",
        "facts",
        "ID",
    );
    let found = document(json!({"region": "lumbar", "at": AT, "facts": {}, "fact": {}}));
    check(&found, "unknown-key", "fact", "facts");
    let found =
        document(json!({"region": "lumbar", "at": AT, "facts": {}, "schema": "annulus.facts/9"}));
    check(&found, "unknown-schema", "schema", "annulus.facts/1");
    let found = problem(json!({"osteoporosis": {"value": true, "unti": "kg"}}));
    check(&found, "unknown-key", "facts.osteoporosis.unti", "unit");
    let found = problem(json!({"osteoporosis": {"value": true, "by": "nobody"}}));
    check(&found, "wrong-type", "facts.osteoporosis.by", "schema");
    let found =
        problem(json!({"osteoporosis": {"value": true, "resolves": "so", "by": "patient"}}));
    check(
        &found,
        "not-a-practitioner",
        "facts.osteoporosis.resolves",
        "practitioner",
    );
}

#[test]
fn a_denied_section_sets_its_declared_negatives_with_provenance() {
    let document = json!({"region": "lumbar", "at": AT, "denied": ["bone"], "facts": {}});
    let read = read(&document).expect("facts");
    let steroids = read
        .readings
        .iter()
        .find(|r| r.fact.as_str() == "steroid_long_term");
    let steroids = steroids.expect("a negative");
    assert_eq!(steroids.as_value(), Some(&care::fact::Value::Bool(false)));
    assert_eq!(steroids.source.as_deref(), Some("denied:bone"));
    assert!(
        read.readings
            .iter()
            .all(|reading| reading.fact.as_str() != "fragility_fracture")
    );
}

#[test]
fn a_denial_never_overwrites_an_answer_nor_answers_the_five_families() {
    let document_with = |denied: &str, facts: Json| json!({"region": "lumbar", "at": AT, "denied": [denied], "facts": facts});
    let kept = read(&document_with("bone", json!({"steroid_long_term": true}))).expect("facts");
    let steroids: Vec<_> = kept
        .readings
        .iter()
        .filter(|r| r.fact.as_str() == "steroid_long_term")
        .collect();
    assert_eq!(steroids.len(), 1);
    assert_eq!(steroids[0].as_value(), Some(&care::fact::Value::Bool(true)));
    for family in care::input::NEVER_DENIED {
        check(
            &document(document_with(family, json!({}))),
            "not-deniable",
            "denied[0]",
            "question",
        );
        assert!(
            knowledge()
                .catalogue()
                .section(family)
                .all(|fact| fact.denied.is_none())
        );
        assert!(
            knowledge().catalogue().section(family).next().is_some(),
            "{family}"
        );
    }
    let found = document(document_with("nothing", json!({})));
    check(&found, "unknown-section", "denied[0]", "bone");
}

#[test]
fn a_document_from_the_future_of_its_decision_is_refused() {
    let bytes = json!({"region": "lumbar", "at": AT, "facts": {}}).to_string();
    let decide = |at: &str| {
        let zone = TimeZone::UTC;
        let context = Context {
            knowledge: knowledge(),
            at: Some(at.parse().expect("an instant")),
            region: None,
            zone: &zone,
        };
        parse_facts(bytes.as_bytes(), &context)
    };
    let found = decide("2026-11-21T08:59:00Z").expect_err("a day too early");
    check(&found, "date-in-the-future", "at", "instant");
    decide("2026-11-21T09:00:00Z").expect("within a day");
}

#[test]
fn the_year_zero_and_a_session_that_ends_later_are_refused() {
    let zero = document(json!({"region": "lumbar", "at": "0000-01-01T00:00:00Z", "facts": {}}));
    check(&zero, "bad-instant", "at", "zone");
    let found = problem(json!({"spinal_surgery_date": "0000-05-01T00:00:00Z"}));
    check(
        &found,
        "bad-date",
        "facts.spinal_surgery_date.value",
        "year",
    );
    for date in ["0000", "0000-05", "0000-05-01"] {
        let found = problem(json!({"spinal_surgery_date": date}));
        assert_eq!(found.place, "facts.spinal_surgery_date.value", "{date}");
    }
    let found = problem(json!({"session_ended": "2026-11-22T09:00:01Z"}));
    check(
        &found,
        "date-in-the-future",
        "facts.session_ended.value",
        "later",
    );
}

proptest! {
    #[test]
    fn no_bytes_make_the_reader_panic(bytes in prop::collection::vec(any::<u8>(), 0..200)) {
        let zone = TimeZone::UTC;
        let context = Context { knowledge: knowledge(), at: None, region: None, zone: &zone };
        let _ = parse_facts(&bytes, &context);
    }

    #[test]
    fn one_wrong_byte_is_a_problem_or_other_facts_but_never_a_panic(
        place in 0usize..300, byte in any::<u8>()
    ) {
        let document = json!({"region": "lumbar", "at": AT, "denied": ["bone"], "facts": {
            "body_weight": [{"value": 80.5, "unit": "kg", "by": "device", "at": AT}],
            "myotome[L5,left]": {"value": 4, "by": "practitioner", "resolves": "seen"},
            "spinal_surgery_date": {"value": "2019-03", "who": "x", "source": "y#z"},
            "pregnancy": {"answer": "not-applicable"},
        }});
        let mut bytes = document.to_string().into_bytes();
        let place = place % bytes.len();
        bytes[place] = byte;
        let zone = TimeZone::UTC;
        let context = Context { knowledge: knowledge(), at: None, region: None, zone: &zone };
        if let Err(problem) = parse_facts(&bytes, &context) {
            prop_assert!(!problem.place.is_empty() && !problem.remedy.is_empty(), "{:?}", problem);
        }
    }
}

#[test]
fn denying_the_rest_of_a_report_is_its_readers_word_and_answers_no_red_flag() {
    let document =
        json!({"region": "lumbar", "at": AT, "denied": ["imaging-findings"], "facts": {}});
    let read = read(&document).expect("facts");
    let denied = |id: &str| read.readings.iter().find(|r| r.fact.as_str() == id);
    let slip = denied("spondylolisthesis").expect("a negative");
    assert_eq!(slip.by, care::fact::By::Practitioner);
    assert!(denied("herniation_type").is_some() && denied("hardware_on_image").is_some());
    for id in [
        "imaging_fracture",
        "imaging_tumour",
        "imaging_infection",
        "cord_signal_change",
    ] {
        assert_eq!(denied(id), None, "{id} is asked by itself");
    }
}
