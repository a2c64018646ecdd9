//! Responses: what comes back is what was answered, and what does not fit is refused whole.

use super::{contents, response};
use crate::support::{at, knowledge, sample};
use care::fact::{By, Content, Reading, Value as Worth};
use fhir::check::{self, Severity};
use fhir::questionnaire::{Answers, Form, Reader, items, read};
use jiff::tz::TimeZone;
use serde_json::{Value, json};
use si::{Problem, Region};

static UTC: TimeZone = TimeZone::UTC;
const LUMBAR: Form = Form::Intake(Region::Lumbar);

fn reader(answered_by: Option<By>) -> Reader<'static> {
    Reader {
        knowledge: knowledge(),
        zone: &UTC,
        at: at(),
        patient: &["p", "MRN-7"],
        answered_by,
    }
}

fn taken(body: &Value) -> Result<Answers, Problem> {
    read(body.to_string().as_bytes(), &reader(None))
}

/// A response with one answer.
fn with(link: &str, answer: Value) -> Value {
    response(LUMBAR, &[json!({ "linkId": link, "answer": [answer] })])
}

/// What a reading says, without where it came from.
fn plain(mut reading: Reading) -> Reading {
    reading.who = None;
    reading.source = None;
    reading
}

#[test]
fn every_answer_to_every_question_comes_back_as_it_was_given() {
    let mut count = 0;
    for form in Form::ALL {
        // One answer to every question at a time: the n-th that each can have.
        for turn in 0.. {
            let mut given = Vec::new();
            for fact in form.facts(knowledge()) {
                for index in fact.indices(form.region()) {
                    let key = care::fact::FactKey {
                        fact: fact.id.as_str().into(),
                        index,
                    };
                    given.extend(contents(fact, &key).into_iter().nth(turn));
                }
            }
            if given.is_empty() {
                break;
            }
            count += given.len();
            let body = response(form, &items(form, &given, knowledge()).expect("asked"));
            let errors: Vec<_> = check::resource(&body)
                .into_iter()
                .filter(|issue| issue.severity == Severity::Error)
                .collect();
            assert!(errors.is_empty(), "{form}: {errors:?}");
            let back = taken(&body).unwrap_or_else(|problem| panic!("{form}: {problem}"));
            assert_eq!((back.form, back.authored, back.left), (form, at(), vec![]));
            let back: Vec<Reading> = back.readings.into_iter().map(plain).collect();
            assert_eq!(back, given, "{form}");
        }
    }
    assert!(count > 2_000, "{count}");
}

#[test]
fn a_reading_keeps_who_told_it_when_and_on_which_form() {
    let body = with(
        "cancer_history",
        json!({ "valueCoding": {
        "system": "http://terminology.hl7.org/CodeSystem/v2-0136", "code": "N" } }),
    );
    let back = taken(&body).expect("read").readings.remove(0);
    let version = knowledge().reference().version;
    assert_eq!(back.by, By::Patient);
    assert_eq!(back.at, at());
    assert_eq!(back.who.as_deref(), Some("Ada Sample"));
    let source = format!("{}|{version}#QuestionnaireResponse.item[0]", LUMBAR.url());
    assert_eq!(back.source, Some(source));
    assert!(!back.unconfirmed);
}

#[test]
fn asked_but_unknown_is_an_answer_and_not_asked_is_none() {
    let hl7 = |code: &str| {
        json!({ "valueCoding": {
            "system": "http://terminology.hl7.org/CodeSystem/data-absent-reason", "code": code } })
    };
    let told = |answer: Value| {
        taken(&with("cancer_history", answer))
            .expect("read")
            .readings
    };
    let content = told(hl7("asked-unknown")).remove(0).content;
    assert_eq!(content, Content::Answer(care::fact::Answer::AskedUnknown));
    let content = told(hl7("asked-declined")).remove(0).content;
    assert_eq!(content, Content::Answer(care::fact::Answer::Declined));
    assert!(told(hl7("not-asked")).is_empty());
    assert!(told(hl7("unknown")).is_empty());
    // A question without an answer is not asked either.
    let body = response(LUMBAR, &[json!({ "linkId": "cancer_history" })]);
    assert!(taken(&body).expect("read").readings.is_empty());
}

#[test]
fn a_quantity_is_brought_to_the_unit_of_its_fact() {
    let form = Form::Evaluation(Region::Lumbar);
    let pounds = json!({ "valueQuantity": {
        "value": 176, "unit": "lb", "system": "http://unitsofmeasure.org", "code": "[lb_av]" } });
    let body = response(
        form,
        &[json!({ "linkId": "body_weight", "answer": [pounds] })],
    );
    let back = taken(&body).expect("read").readings.remove(0);
    let Some(Worth::Number(number)) = back.as_value() else {
        panic!("a number")
    };
    assert!((number - 79.832_257_12).abs() < 1e-9, "{number}");
    assert_eq!(back.unit.as_deref(), Some("kg"));
}

/// The code and the place of what is wrong with a response.
fn refusal(body: &Value) -> (&'static str, String) {
    let problem = taken(body).expect_err(&body.to_string());
    (problem.code, problem.place)
}

/// A whole response with one member changed.
fn changed(member: &str, value: Value) -> Value {
    let mut body = with("age", json!({ "valueInteger": 44 }));
    body[member] = value;
    body
}

#[test]
fn what_does_not_fit_is_refused_with_its_place() {
    let answer = "QuestionnaireResponse.item[0].answer[0]";
    let kilo = |unit: &str| json!({ "valueQuantity": { "value": 80, "system": "http://unitsofmeasure.org", "code": unit } });
    let evaluation = |link: &str, answer: Value| {
        response(
            Form::Evaluation(Region::Lumbar),
            &[json!({ "linkId": link, "answer": [answer] })],
        )
    };
    let cases = [
        (
            with("unheard_of", json!({ "valueInteger": 1 })),
            "unknown-question",
            "QuestionnaireResponse.item[0].linkId".to_owned(),
        ),
        (
            with("age", json!({ "valueString": "old" })),
            "wrong-answer-type",
            format!("{answer}.valueString"),
        ),
        (
            with("age", json!({ "valueInteger": 400 })),
            "out-of-range",
            format!("{answer}.value"),
        ),
        (
            with(
                "cancer_history",
                json!({ "valueCoding": { "code": "maybe" } }),
            ),
            "unknown-choice",
            format!("{answer}.valueCoding"),
        ),
        (
            with(
                "cancer_history",
                json!({ "valueCoding": { "system": "urn:annulus:term", "code": "answer.not-applicable" } }),
            ),
            "always-applies",
            format!("{answer}.answer"),
        ),
        (
            evaluation("body_weight", kilo("m")),
            "wrong-unit",
            format!("{answer}.valueQuantity.code"),
        ),
        (
            evaluation("body_weight", json!({ "valueDecimal": 80.0 })),
            "wrong-answer-type",
            format!("{answer}.valueDecimal"),
        ),
        (
            with("cauda_equina_onset", json!({ "valueDate": "2031" })),
            "date-in-the-future",
            format!("{answer}.value"),
        ),
    ];
    refused_as(&cases);
}

fn refused_as(cases: &[(Value, &str, String)]) {
    for (body, code, place) in cases {
        assert_eq!(refusal(body), (*code, place.clone()), "{body}");
    }
}

#[test]
fn a_response_as_a_whole_is_refused_with_its_place() {
    let cases = [
        (
            changed("status", json!("in-progress")),
            "not-finished",
            "QuestionnaireResponse.status".to_owned(),
        ),
        (
            changed("questionnaire", json!("urn:other")),
            "unknown-questionnaire",
            "QuestionnaireResponse.questionnaire".to_owned(),
        ),
        (
            changed("questionnaire", json!(format!("{}|99.0.0", LUMBAR.url()))),
            "unknown-version",
            "QuestionnaireResponse.questionnaire".to_owned(),
        ),
        (
            changed("subject", json!({ "reference": "Patient/q" })),
            "another-patient",
            "QuestionnaireResponse.subject".to_owned(),
        ),
        (
            changed("authored", Value::Null),
            "null",
            "QuestionnaireResponse.authored".to_owned(),
        ),
        (
            changed("authored", json!("2031-01-01T00:00:00Z")),
            "date-in-the-future",
            "QuestionnaireResponse.authored".to_owned(),
        ),
        (
            changed("source", json!({ "reference": "Practitioner/x" })),
            "not-vouched",
            "QuestionnaireResponse.source".to_owned(),
        ),
        (
            changed(
                "item",
                json!([{ "linkId": "age", "answer": [{ "valueInteger": 1 }, { "valueInteger": 2 }] }]),
            ),
            "answered-twice",
            "QuestionnaireResponse.item[0].answer[1]".to_owned(),
        ),
    ];
    refused_as(&cases);
}

#[test]
fn who_answered_is_said_by_the_response_or_by_who_brings_it_in() {
    let mut body = with("age", json!({ "valueInteger": 44 }));
    body.as_object_mut().expect("an object").remove("source");
    let by = |body: &Value, by| {
        read(body.to_string().as_bytes(), &reader(by)).map(|back| back.readings[0].by)
    };
    assert_eq!(by(&body, None).expect_err("refused").code, "no-informant");
    assert_eq!(by(&body, Some(By::Patient)), Ok(By::Patient));
    body["author"] = json!({ "reference": "Practitioner/x" });
    assert_eq!(by(&body, None).expect_err("refused").code, "not-vouched");
    assert_eq!(by(&body, Some(By::Practitioner)), Ok(By::Practitioner));
    // What a patient answered stays theirs, whoever brings it in.
    body["source"] = json!({ "reference": "Patient/p" });
    assert_eq!(by(&body, Some(By::Practitioner)), Ok(By::Patient));
    // A patient is known by an identifier too.
    body["subject"] = json!({ "identifier": { "value": "MRN-7" } });
    assert_eq!(by(&body, None), Ok(By::Patient));
}

#[test]
fn of_an_older_form_only_what_still_exists_is_taken_and_the_rest_is_named() {
    let mut body = response(
        LUMBAR,
        &[
            json!({ "linkId": "section:gone", "item": [
                { "linkId": "gone_since", "answer": [{ "valueInteger": 1 }] } ] }),
            json!({ "linkId": "age", "answer": [{ "valueInteger": 44 }] }),
        ],
    );
    body["questionnaire"] = json!(format!("{}|0.0.9", LUMBAR.url()));
    let back = taken(&body).expect("read");
    assert_eq!(back.readings.len(), 1);
    assert_eq!(back.version.as_deref(), Some("0.0.9"));
    let left: Vec<_> = back
        .left
        .iter()
        .map(|one| (one.link.as_str(), one.place.as_str()))
        .collect();
    assert_eq!(
        left,
        [("gone_since", "QuestionnaireResponse.item[0].item[0]")]
    );
}

#[test]
fn published_responses_to_forms_of_others_are_refused_as_such() {
    for file in [
        "us_core_r4/QuestionnaireResponse-phq-9-example.json",
        "fhir_test_cases_r4/questionnaireresponse-example-bluebook.json",
    ] {
        let Some(bytes) = sample(file) else { continue };
        let problem = read(&bytes, &reader(None)).expect_err("refused");
        assert!(
            ["unknown-questionnaire", "another-patient", "not-finished"].contains(&problem.code),
            "{file}: {problem}"
        );
    }
}

/// What LForms 40.1.3 gave for the intake, filled in by hand (tests/browser/lforms.test.mjs does it anew).
#[test]
fn what_lforms_gives_is_read_once_somebody_says_who_answered() {
    let given = include_bytes!("lforms.json");
    let late = |by| Reader {
        at: "2026-11-30T12:00:00Z".parse().expect("an instant"),
        ..reader(by)
    };
    let refused = read(given, &late(None)).expect_err("refused");
    assert_eq!(refused.code, "no-informant");
    let back = read(given, &late(Some(By::Patient))).expect("read");
    let told: Vec<String> = back
        .readings
        .iter()
        .map(|one| format!("{} {:?}", one.key(), one.content))
        .collect();
    let expected = [
        "age Value(Number(45.0))",
        "sex Value(Choice(\"male\"))",
        "cauda_equina_signs Value(Bool(false))",
        "bone_weakness Value(Bool(true))",
        "osteoporosis Answer(AskedUnknown)",
    ];
    assert_eq!(told, expected);
}
