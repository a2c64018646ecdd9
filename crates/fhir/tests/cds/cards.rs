//! Which cards there are, what they say, and that doubt is told.

use super::{CPT, asked, asked_at, bundle, cards, condition, examples, order, prefetch, sign};
use crate::support::sample;
use fhir::cds::{Refusal, Service};
use jiff::SignedDuration;
use serde_json::{Value, json};

/// Cauda equina syndrome, SNOMED CT.
pub(super) const CAUDA_EQUINA: &str = "192970008";

pub(super) fn traction() -> Value {
    order("t", CPT, "97012")
}

pub(super) fn text<'c>(card: &'c Value, name: &str) -> &'c str {
    card[name].as_str().unwrap_or_default()
}

/// The card of a rule.
pub(super) fn of_rule<'c>(cards: &'c [Value], rule: &str) -> Option<&'c Value> {
    cards
        .iter()
        .find(|card| card["source"]["topic"]["code"] == rule)
}

/// What is not known, in the last card.
pub(super) fn gaps(cards: &[Value]) -> String {
    let last = cards.last().expect("a card");
    assert!(text(last, "summary").starts_with("Not screened"), "{last}");
    text(last, "detail").to_owned()
}

#[test]
fn a_contraindication_says_which_why_whence_and_what_would_clear_it() {
    let body = sign(&[traction()], &prefetch(&[condition(CAUDA_EQUINA)]));
    let cards = cards(Service::OrderSign, &body);
    let card = of_rule(&cards, "cauda-equina").expect("the rule's card");
    assert_eq!(card["indicator"], "critical");
    assert!(text(card, "summary").starts_with("No traction: "), "{card}");
    let detail = text(card, "detail");
    for part in [
        "Spine: lumbar, cervical.",
        "**On record**",
        "Cauda equina signs: yes",
        "not confirmed by an examination",
        "**What would clear it**",
        "An examination that refutes what the record says.",
        "Nobody may decide to go on in spite of it.",
        "**Sources (evidence: ",
    ] {
        assert!(detail.contains(part), "{part}: {detail}");
    }
    let action = &card["suggestions"][0]["actions"][0];
    assert_eq!(action["type"], "delete");
    assert_eq!(action["resourceId"], "ServiceRequest/t");
    assert!(
        card["source"]["url"]
            .as_str()
            .is_some_and(|url| url.starts_with("https://"))
    );
    let reasons = card["overrideReasons"].to_string();
    assert!(reasons.contains("dismissed.refuted") && !reasons.contains("dismissed.decided"));
    // The worst stands first.
    assert_eq!(cards[0]["indicator"], "critical");
}

#[test]
fn no_traction_no_card_whatever_is_on_record() {
    let sick = prefetch(&[condition(CAUDA_EQUINA)]);
    let mut over = traction();
    over["status"] = json!("revoked");
    let mut not = traction();
    not["doNotPerform"] = json!(true);
    let other = order("o", CPT, "97110");
    let elsewhere = order("e", "urn:other", "97012");
    assert_eq!(
        cards(
            Service::OrderSign,
            &sign(&[over, not, other, elsewhere], &sick)
        ),
        [Value::Null; 0]
    );
    let mut view = sign(&[], &sick);
    view["hook"] = json!("patient-view");
    view["prefetch"]["orders"] = bundle(&[]);
    assert_eq!(cards(Service::PatientView, &view), [Value::Null; 0]);
    // Nor is anything asked for then.
    view["prefetch"] = json!({ "orders": null });
    assert_eq!(cards(Service::PatientView, &view), [Value::Null; 0]);
}

#[test]
fn each_code_of_traction_is_recognised_under_each_name_of_its_system() {
    for (system, code) in [
        (CPT, "97012"),
        ("urn:oid:2.16.840.1.113883.6.12", "97012"),
        (
            "http://www.cms.gov/Medicare/Coding/HCPCSReleaseCodeSets",
            "S9090",
        ),
        (
            "http://www.cms.gov/Medicare/Coding/HCPCSReleaseCodeSets",
            "s9090",
        ),
        ("urn:oid:2.16.840.1.113883.6.285", "S9090"),
        ("urn:annulus:term", "procedure.traction"),
    ] {
        let body = sign(&[order("t", system, code)], &prefetch(&[]));
        let answered = asked(Service::OrderSign, &body).expect("answered");
        assert_eq!(answered.orders, 1, "{system} {code}");
        assert!(!answered.body["cards"].as_array().expect("cards").is_empty());
    }
}

#[test]
fn a_record_that_says_nothing_clears_nobody() {
    let cards = cards(Service::OrderSign, &sign(&[traction()], &prefetch(&[])));
    assert!(
        cards.iter().all(|card| card["indicator"] != "critical"),
        "{cards:?}"
    );
    let detail = gaps(&cards);
    assert!(detail.contains("What is not known clears nobody."));
    assert!(detail.contains("Cauda equina signs"), "{detail}");
    // All that was asked for came: nothing of it is named as missing.
    assert!(!detail.contains("**The record**"), "{detail}");
}

#[test]
fn missing_null_and_error_are_told_apart() {
    let mut given = prefetch(&[condition(CAUDA_EQUINA)]);
    let told = given.as_object_mut().expect("an object");
    told.remove("procedures");
    told.insert("observations".into(), Value::Null);
    let fault =
        json!({ "severity": "error", "code": "exception", "diagnostics": "name of somebody" });
    let outcome = json!({ "resourceType": "OperationOutcome", "issue": [fault] });
    told.insert("medications".into(), outcome.clone());
    let mut partly = bundle(&[outcome]);
    partly["link"] = json!([{ "relation": "next", "url": "https://a.example/next" }]);
    told.insert("devices".into(), partly);
    let mut conditions = bundle(&[condition(CAUDA_EQUINA)]);
    conditions["link"] = json!([{ "relation": "next", "url": "https://a.example/next" }]);
    told.insert("conditions".into(), conditions);
    let cards = cards(Service::OrderSign, &sign(&[traction()], &given));
    let detail = gaps(&cards);
    for line in [
        "- procedures: not sent",
        "- medications: the other system could not read it",
        "- devices: the other system could not read it",
        "- conditions: only the first page was sent",
    ] {
        assert!(detail.contains(line), "{line}: {detail}");
    }
    // The client looked, and there is nothing: that is neither missing nor an error.
    assert!(!detail.contains("observations"), "{detail}");
    // What an outcome says about somebody is not repeated.
    assert!(!detail.contains("somebody"), "{detail}");
    assert!(of_rule(&cards, "cauda-equina").is_some());
}

#[test]
fn what_came_beside_an_error_is_screened_and_the_gap_is_named() {
    for severity in ["error", "fatal"] {
        let outcome = json!({
            "resourceType": "OperationOutcome",
            "issue": [{ "severity": severity, "code": "exception" }],
        });
        let mut given = prefetch(&[outcome.clone(), condition(CAUDA_EQUINA)]);
        given["patient"] = bundle(&[given["patient"].clone(), outcome]);
        let cards = cards(Service::OrderSign, &sign(&[traction()], &given));
        let card = of_rule(&cards, "cauda-equina").expect("the rule's card");
        assert_eq!(card["indicator"], "critical");
        let detail = gaps(&cards);
        for key in ["conditions", "patient"] {
            let line = format!("- {key}: the other system could not read a part of it");
            assert!(detail.contains(&line), "{line}: {detail}");
        }
    }
}

#[test]
fn without_anything_of_the_patient_there_is_no_answer() {
    for prefetch in [
        json!({}),
        json!({ "conditions": { "resourceType": "OperationOutcome" } }),
    ] {
        let refusal = asked(Service::OrderSign, &sign(&[traction()], &prefetch));
        let Err(Refusal::Precondition(problem)) = refusal else {
            panic!("{refusal:?}")
        };
        assert_eq!(problem.code, "nothing-prefetched");
    }
}

#[test]
fn a_record_that_cannot_be_read_screens_nobody_and_says_so() {
    let mut given = prefetch(&[]);
    given["observations"] = bundle(&[json!({
        "resourceType": "Observation", "id": "w", "status": "final",
        "subject": { "reference": "Patient/p" }, "effectiveDateTime": "2026-11-20",
        "code": { "coding": [{ "system": "http://loinc.org", "code": "29463-7" }] },
        "valueQuantity": { "value": 4000, "system": "http://unitsofmeasure.org", "code": "kg" },
    })]);
    let detail = gaps(&cards(Service::OrderSign, &sign(&[traction()], &given)));
    assert!(
        detail.contains("it cannot be read (out-of-range): entry["),
        "{detail}"
    );
}

#[test]
fn of_several_drafts_only_what_was_just_chosen_is_looked_at() {
    let mut body = sign(&[traction(), order("o", CPT, "97110")], &prefetch(&[]));
    body["hook"] = json!("order-select");
    body["context"]["selections"] = json!(["ServiceRequest/o"]);
    assert!(cards(Service::OrderSelect, &body).is_empty());
    body["context"]["selections"] = json!(["ServiceRequest/o", "ServiceRequest/t"]);
    assert!(!cards(Service::OrderSelect, &body).is_empty());
}

#[test]
fn an_order_on_record_is_seen_when_the_record_is_opened() {
    let mut body = sign(&[], &prefetch(&[condition(CAUDA_EQUINA)]));
    body["hook"] = json!("patient-view");
    let mut active = traction();
    active["status"] = json!("active");
    body["prefetch"]["orders"] = bundle(&[active]);
    let cards = cards(Service::PatientView, &body);
    let card = of_rule(&cards, "cauda-equina").expect("the rule's card");
    // It is no draft: nobody takes it back by a button here.
    assert!(card.get("suggestions").is_none(), "{card}");
}

#[test]
fn the_same_call_has_the_same_cards_and_another_call_has_other_ids() {
    let mut body = sign(&[traction()], &prefetch(&[condition(CAUDA_EQUINA)]));
    let first = cards(Service::OrderSign, &body);
    assert_eq!(first, cards(Service::OrderSign, &body));
    body["hookInstance"] = json!("d1577c69-dfbe-44ad-ba6d-3e05e953b2eb");
    let second = cards(Service::OrderSign, &body);
    for (one, other) in first.iter().zip(&second) {
        assert_ne!(one["uuid"], other["uuid"]);
        assert_eq!(one["summary"], other["summary"]);
    }
    let ids: std::collections::BTreeSet<&str> =
        first.iter().map(|card| text(card, "uuid")).collect();
    assert_eq!(ids.len(), first.len());
}

#[test]
fn the_published_examples_of_orders_have_nothing_to_say_of_traction() {
    for (page, service) in [
        ("order-select.md", Service::OrderSelect),
        ("order-sign.md", Service::OrderSign),
        ("patient-view.md", Service::PatientView),
    ] {
        let mut count = 0;
        for example in examples(page) {
            let context = &example["context"];
            let r4 = context["draftOrders"].is_null()
                || context["draftOrders"]["resourceType"] == "Bundle";
            if !context.is_object() || !r4 {
                continue;
            }
            let body = json!({
                "hook": service.hook(),
                "hookInstance": "d1577c69-dfbe-44ad-ba6d-3e05e953b2ea",
                "context": context,
                "prefetch": { "orders": null },
            });
            assert_eq!(cards(service, &body), [Value::Null; 0], "{page}");
            count += 1;
        }
        assert!(
            count > 0 || sample(&format!("cds_hooks/{page}")).is_none(),
            "{page}"
        );
    }
}

/// A published record as a client would prefetch it.
fn prefetched(record: &Value) -> (String, Value) {
    let mut found = json!({
        "conditions": bundle(&[]), "observations": bundle(&[]), "procedures": bundle(&[]),
        "medications": bundle(&[]), "devices": bundle(&[]),
    });
    let mut id = String::new();
    for entry in record["entry"].as_array().expect("entries") {
        let resource = &entry["resource"];
        let key = match resource["resourceType"].as_str().unwrap_or_default() {
            "Patient" => {
                id = resource["id"].as_str().expect("an id").to_owned();
                found["patient"] = resource.clone();
                continue;
            }
            "Condition" => "conditions",
            "Observation" => "observations",
            "Procedure" => "procedures",
            "MedicationRequest" => "medications",
            "Device" => "devices",
            _ => continue,
        };
        let mut resource = resource.clone();
        resource["subject"] = json!({ "reference": format!("Patient/{id}") });
        found[key]["entry"]
            .as_array_mut()
            .expect("a list")
            .push(json!({ "resource": resource }));
    }
    (id, found)
}

#[test]
fn published_records_are_screened_for_the_finding_that_they_are_there_for() {
    for (file, rule) in [
        ("synthea_r4/active_pregnancy.json.gz", Some("pregnancy")),
        (
            "synthea_r4/pathological_fracture_osteoporosis.json.gz",
            Some("advanced-osteoporosis"),
        ),
        ("synthea_r4/control_buster.json.gz", None),
    ] {
        let Some(bytes) = sample(file) else { continue };
        let at = crate::samples::day_after(&bytes).0.at + SignedDuration::from_hours(24);
        let record: Value = serde_json::from_slice(&bytes).expect("JSON");
        let (id, prefetch) = prefetched(&record);
        let mut body = sign(&[traction()], &prefetch);
        body["context"]["patientId"] = json!(id);
        body["context"]["draftOrders"]["entry"][0]["resource"]["subject"]["reference"] =
            json!(format!("Patient/{id}"));
        let answered = asked_at(Service::OrderSign, &body, at).expect("answered");
        super::invariants::hold(&answered.body);
        let cards = answered.body["cards"].as_array().expect("cards");
        let rules: Vec<&str> = cards
            .iter()
            .filter_map(|card| card["source"]["topic"]["code"].as_str())
            .collect();
        match rule {
            Some(rule) => assert!(rules.contains(&rule), "{file}: {rules:?}"),
            None => assert!(
                cards.iter().all(|card| card["indicator"] != "critical"),
                "{file}: {rules:?}"
            ),
        }
        gaps(cards);
    }
}
