//! Requests and feedback that are refused, each with its place.

use super::{CPT, asked, examples, order, prefetch, sign};
use crate::support::sample;
use fhir::cds::{Outcome, Refusal, Service, feedback};
use serde_json::{Value, json};

fn refusal(body: &Value) -> (&'static str, String) {
    match asked(Service::OrderSign, body) {
        Err(Refusal::Request(problem)) => (problem.code, problem.place),
        other => panic!("{other:?}: {body}"),
    }
}

/// A request that is answered, with one member changed or taken away.
fn changed(path: &[&str], value: Option<Value>) -> Value {
    let mut body = sign(&[order("t", CPT, "97012")], &prefetch(&[]));
    let (last, parents) = path.split_last().expect("a path");
    let mut at = &mut body;
    for parent in parents {
        at = &mut at[*parent];
    }
    let members = at.as_object_mut().expect("an object");
    match value {
        Some(value) => members.insert((*last).to_owned(), value),
        None => members.remove(*last),
    };
    body
}

#[test]
fn what_is_no_request_is_refused_with_its_place() {
    let other = json!({ "resourceType": "Patient", "id": "q" });
    let theirs = {
        let mut order = order("t", CPT, "97012");
        order["subject"]["reference"] = json!("Patient/q");
        super::bundle(&[order])
    };
    let token = json!({ "access_token": "x", "token_type": "Bearer", "expires_in": 300, "scope": "user/*.read", "subject": "s" });
    for (path, value, code, place) in [
        (&["hook"][..], None, "missing", "hook"),
        (&["hook"], Some(json!("patient-view")), "other-hook", "hook"),
        (&["hookInstance"], None, "missing", "hookInstance"),
        (
            &["hookInstance"],
            Some(json!("one")),
            "not-a-uuid",
            "hookInstance",
        ),
        (
            &["hookInstance"],
            Some(json!(1)),
            "wrong-shape",
            "hookInstance",
        ),
        (&["context"], None, "missing", "context"),
        (&["context", "userId"], None, "missing", "context.userId"),
        (
            &["context", "patientId"],
            Some(json!("")),
            "missing",
            "context.patientId",
        ),
        (
            &["context", "draftOrders"],
            None,
            "missing",
            "context.draftOrders",
        ),
        (
            &["context", "draftOrders"],
            Some(json!({})),
            "wrong-shape",
            "context.draftOrders",
        ),
        (
            &["context", "draftOrders"],
            Some(theirs),
            "another-patient",
            "context.draftOrders.entry[0].resource.subject.reference",
        ),
        (&["prefetch"], Some(json!([])), "wrong-shape", "prefetch"),
        (
            &["prefetch", "patient"],
            Some(other),
            "another-patient",
            "prefetch.patient",
        ),
        // cds-r-1
        (&["fhirAuthorization"], Some(token), "missing", "fhirServer"),
    ] {
        assert_eq!(refusal(&changed(path, value)), (code, place.to_owned()));
    }
}

#[test]
fn an_order_that_was_chosen_is_named_in_a_list() {
    let mut select = changed(&["hook"], Some(json!("order-select")));
    for (selections, code) in [(None, "missing"), (Some(json!("t")), "wrong-shape")] {
        if let Some(selections) = selections {
            select["context"]["selections"] = selections;
        }
        let Err(Refusal::Request(problem)) = asked(Service::OrderSelect, &select) else {
            panic!("{select}")
        };
        assert_eq!(
            (problem.code, problem.place.as_str()),
            (code, "context.selections")
        );
    }
}

#[test]
fn a_token_with_its_server_is_taken_and_never_used() {
    let mut body = changed(&["fhirServer"], Some(json!("https://a.example/fhir")));
    body["fhirAuthorization"] = json!({ "access_token": "secret", "token_type": "Bearer" });
    let answered = asked(Service::OrderSign, &body).expect("answered");
    assert!(!format!("{answered:?}").contains("secret"));
}

#[test]
fn the_published_feedback_is_read() {
    let all: Vec<Value> = examples("spec_index.md")
        .into_iter()
        .filter(|one| one["feedback"].is_array())
        .collect();
    assert!(
        all.len() >= 3 || sample("cds_hooks/spec_index.md").is_none(),
        "{}",
        all.len()
    );
    let mut outcomes = Vec::new();
    for example in &all {
        for one in feedback(example.to_string().as_bytes()).expect("read") {
            outcomes.push(one.outcome);
            if let Some(comment) = &one.comment {
                assert_eq!(comment, "A comment entered by the clinician.");
                assert!(!format!("{one:?}").contains(comment));
            }
        }
    }
    assert!(
        all.is_empty()
            || outcomes.contains(&Outcome::Accepted) && outcomes.contains(&Outcome::Overridden)
    );
}

#[test]
fn feedback_that_breaks_an_invariant_is_refused_with_its_place() {
    let whole = json!({
        "card": "4e0a3a1e-3283-4575-ab82-028d55fe2719",
        "outcome": "accepted",
        "acceptedSuggestions": [{ "id": "e56e1945-20b3-4393-8503-a1a20fd73152" }],
        "outcomeTimestamp": "2021-12-11T10:05:31Z",
    });
    let read = |entry: &Value| feedback(json!({ "feedback": [entry] }).to_string().as_bytes());
    assert_eq!(read(&whole).expect("read").len(), 1);
    for (member, value, code, place) in [
        ("card", json!("one"), "not-a-uuid", "feedback[0].card"),
        (
            "outcome",
            json!("ignored"),
            "cds-fb-1",
            "feedback[0].outcome",
        ),
        (
            "acceptedSuggestions",
            json!([]),
            "cds-fb-2",
            "feedback[0].acceptedSuggestions",
        ),
        (
            "overrideReason",
            json!({}),
            "cds-fb-3",
            "feedback[0].overrideReason",
        ),
        (
            "overrideReason",
            json!({ "reason": { "display": "why" } }),
            "missing",
            "feedback[0].overrideReason.reason.code",
        ),
        (
            "overrideReason",
            json!({ "userComment": "x".repeat(5_000) }),
            "too-long",
            "feedback[0].overrideReason.userComment",
        ),
        (
            "outcomeTimestamp",
            json!("yesterday"),
            "not-an-instant",
            "feedback[0].outcomeTimestamp",
        ),
    ] {
        let mut entry = whole.clone();
        entry[member] = value;
        let problem = read(&entry).expect_err(member);
        assert_eq!((problem.code, problem.place.as_str()), (code, place));
    }
    for body in ["{}", r#"{"feedback": []}"#, "[]", "no"] {
        assert!(feedback(body.as_bytes()).is_err(), "{body}");
    }
}
