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
