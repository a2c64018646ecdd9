//! Which orders are seen, and that orders which did not come are told of.

use super::cards::{CAUDA_EQUINA, gaps, of_rule, text, traction};
use super::{CPT, asked, bundle, cards, condition, order, prefetch, sign};
use fhir::cds::{Refusal, Service};
use serde_json::{Value, json};

/// `patient-view` of a patient with cauda equina signs, with these orders on record.
fn view(orders: Option<Value>) -> Value {
    let mut body = sign(&[], &prefetch(&[condition(CAUDA_EQUINA)]));
    body["hook"] = json!("patient-view");
    if let Some(orders) = orders {
        body["prefetch"]["orders"] = orders;
    }
    body
}

fn error() -> Value {
    json!({
        "resourceType": "OperationOutcome",
        "issue": [{ "severity": "error", "code": "exception" }],
    })
}

/// A first page of these resources.
fn page(resources: &[Value]) -> Value {
    let mut bundle = bundle(resources);
    bundle["link"] = json!([{ "relation": "next", "url": "https://a.example/next" }]);
    bundle
}

/// How many orders of traction are seen, where one is coded in SNOMED CT with these words.
fn seen(display: &str, words: &str) -> usize {
    // No number of a concept: the words decide.
    let mut one = order("t", "http://snomed.info/sct", "0");
    one["code"]["coding"][0]["display"] = json!(display);
    one["code"]["text"] = json!(words);
    let body = sign(&[one], &prefetch(&[condition(CAUDA_EQUINA)]));
    let answered = asked(Service::OrderSign, &body).expect("answered");
    let refused = answered.body["cards"][0]["indicator"] == "critical";
    assert_eq!(refused, answered.orders > 0, "{display} {words}");
    answered.orders
}

#[test]
fn snomed_words_of_traction_of_the_spine_or_of_no_place_are_an_order() {
    for words in [
        "Cervical traction (procedure)",
        "Spinal traction",
        "TRACTION OF LUMBAR SPINE",
        "Traction",
        "Pelvic traction",
        "Intermittent traction therapy",
        "Mechanical traction for pain in the leg",
        "Skin traction to neck",
        "Traction of thoracic spine after fracture",
        "Lumbar traction, post-operative",
        "Traction for musculo-skeletal pain",
        "Non-surgical spinal decompression",
        "Nonsurgical decompression of lumbar spine",
        "Spinal decompression therapy",
        "Vertebral axial decompression (VAX-D)",
    ] {
        assert_eq!(seen(words, ""), 1, "display: {words}");
        assert_eq!(
            seen("Physical therapy procedure", words),
            1,
            "text: {words}"
        );
    }
}

#[test]
fn surgical_decompression_is_no_traction() {
    for words in [
        "Decompression of lumbar spine",
        "Surgical decompression of spinal cord",
        "Cervical decompression",
        "Decompression of spine by laminectomy",
        "Percutaneous decompression of lumbar disc",
        "Nonsurgical decompression of stomach",
    ] {
        assert_eq!(seen(words, words), 0, "{words}");
    }
}

#[test]
fn skin_traction_of_a_femur_is_no_traction_of_the_spine_and_pins_in_bone_are_an_operation() {
    for words in [
        "Skin traction of femur",
        "Traction of lower limbs",
        "Closed reduction of fracture with traction",
        "Skeletal traction of cervical spine",
        "Application of halo traction to neck",
        "Removal of cervical traction",
    ] {
        assert_eq!(seen(words, words), 0, "{words}");
    }
}

#[test]
fn traction_is_a_word_and_no_part_of_one() {
    for words in [
        "Extraction of tooth",
        "Muscle contraction of back",
        "Retraction of neck",
        "Tractional retinal detachment",
        "",
    ] {
        assert_eq!(seen(words, words), 0, "{words}");
    }
}

#[test]
fn words_count_beside_a_snomed_code_under_each_name_of_it_and_beside_no_other() {
    let told = |system: &str| {
        let mut one = order("t", system, "0");
        one["code"]["text"] = json!("Spinal traction");
        let body = sign(&[one], &prefetch(&[]));
        asked(Service::OrderSign, &body).expect("answered").orders
    };
    for system in [
        "http://snomed.info/sct",
        "http://snomed.info/sct|http://snomed.info/sct/900000000000207008",
        "https://snomed.info/sct",
        "urn:oid:2.16.840.1.113883.6.96",
    ] {
        assert_eq!(told(system), 1, "{system}");
    }
    assert_eq!(told(CPT), 0);
    assert_eq!(told("urn:other"), 0);
}

#[test]
fn orders_that_were_sent_and_hold_no_traction_make_no_card() {
    let other = order("o", CPT, "97110");
    for orders in [Value::Null, bundle(&[]), bundle(&[other])] {
        let view = view(Some(orders));
        assert_eq!(cards(Service::PatientView, &view), [Value::Null; 0]);
    }
}

#[test]
fn orders_that_did_not_come_are_told_of_and_nothing_is_said_of_the_patient() {
    let other = order("o", CPT, "97110");
    for (orders, line) in [
        (None, "not sent"),
        (Some(error()), "the other system could not read it"),
        (
            Some(bundle(&[error()])),
            "the other system could not read it",
        ),
        (
            Some(bundle(&[other.clone(), error()])),
            "the other system could not read a part of it",
        ),
        (Some(page(&[other])), "only the first page was sent"),
    ] {
        let cards = cards(Service::PatientView, &view(orders));
        assert_eq!(cards.len(), 1, "{line}: {cards:?}");
        let summary = text(&cards[0], "summary");
        assert!(
            summary.ends_with("whether it is ordered is not known"),
            "{summary}"
        );
        let detail = gaps(&cards);
        assert!(detail.contains(&format!("- orders: {line}\n")), "{detail}");
    }
}

#[test]
fn traction_among_the_orders_that_came_is_screened_and_the_rest_is_told_of() {
    let mut active = traction();
    active["status"] = json!("active");
    for (orders, line) in [
        (
            bundle(&[error(), active.clone()]),
            "the other system could not read a part of it",
        ),
        (page(&[active]), "only the first page was sent"),
    ] {
        let cards = cards(Service::PatientView, &view(Some(orders)));
        let card = of_rule(&cards, "cauda-equina").expect("the rule's card");
        assert_eq!(card["indicator"], "critical");
        let detail = gaps(&cards);
        assert!(detail.contains(&format!("- orders: {line}\n")), "{detail}");
    }
}

#[test]
fn without_orders_and_without_anything_of_the_patient_there_is_no_answer() {
    let mut body = view(None);
    for prefetch in [None, Some(json!({})), Some(json!({ "patient": null }))] {
        let members = body.as_object_mut().expect("an object");
        members.remove("prefetch");
        members.extend(prefetch.map(|sent| ("prefetch".to_owned(), sent)));
        let refusal = asked(Service::PatientView, &body);
        let Err(Refusal::Precondition(problem)) = refusal else {
            panic!("{refusal:?}")
        };
        assert_eq!(problem.code, "nothing-prefetched");
    }
    // The other system tried: that it could not is told.
    body["prefetch"] = json!({ "orders": error() });
    assert_eq!(cards(Service::PatientView, &body).len(), 1);
}

#[test]
fn a_hook_that_brings_its_orders_asks_for_none_on_record() {
    let none = sign(&[], &json!({}));
    assert_eq!(cards(Service::OrderSign, &none), [Value::Null; 0]);
    let detail = gaps(&cards(
        Service::OrderSign,
        &sign(&[traction()], &prefetch(&[])),
    ));
    assert!(!detail.contains("- orders"), "{detail}");
}
