//! What the specification's logical models ask of an answer, written out; and that none of its
//! published invariants is passed over.

use super::{condition, order, prefetch, sign};
use crate::support::{knowledge, sample};
use fhir::cds::{PREFETCH, Service, discovery};
use serde_json::{Value, json};
use std::collections::BTreeSet;

fn list(value: &Value) -> &[Value] {
    value.as_array().map_or(&[], Vec::as_slice)
}

/// Panics where an answer breaks an invariant or lacks what its model needs.
pub(super) fn hold(answer: &Value) {
    let mut broken = Vec::new();
    for card in list(&answer["cards"]) {
        of_card(card, &mut broken);
    }
    assert!(answer["cards"].is_array(), "{answer}");
    assert!(
        answer.get("systemActions").is_none(),
        "nothing is done by itself"
    );
    assert!(broken.is_empty(), "{broken:?}: {answer}");
    no_nothing(answer);
}

fn of_card(card: &Value, broken: &mut Vec<&'static str>) {
    let mut must = |holds: bool, name| {
        if !holds {
            broken.push(name);
        }
    };
    let suggestions = list(&card["suggestions"]);
    let summary = card["summary"].as_str().unwrap_or_default();
    must(
        !summary.is_empty() && summary.chars().count() < 140,
        "summary",
    );
    must(
        matches!(
            card["indicator"].as_str(),
            Some("info" | "warning" | "critical")
        ),
        "indicator",
    );
    must(
        is_uuid(&card["uuid"]) && is_text(&card["source"]["label"]),
        "uuid, source",
    );
    let recommended = suggestions
        .iter()
        .filter(|one| one["isRecommended"] == true)
        .count();
    must(
        card["selectionBehavior"] != "at-most-one" || recommended <= 1,
        "cds-resp-1",
    );
    must(
        list(&card["links"])
            .iter()
            .all(|link| link["type"] == "smart" || link.get("appContext").is_none()),
        "cds-resp-3",
    );
    must(
        list(&card["overrideReasons"])
            .iter()
            .all(|one| is_text(&one["display"])),
        "cds-resp-4",
    );
    must(
        suggestions.is_empty() || card.get("selectionBehavior").is_some(),
        "cds-resp-6",
    );
    of_suggestions(suggestions, broken);
}

fn is_text(value: &Value) -> bool {
    value.as_str().is_some_and(|text| !text.is_empty())
}

fn is_uuid(value: &Value) -> bool {
    let text = value.as_str();
    text.is_some_and(|text| text.parse::<uuid::Uuid>().is_ok())
}

fn of_suggestions(suggestions: &[Value], broken: &mut Vec<&'static str>) {
    let mut must = |holds: bool, name| {
        if !holds {
            broken.push(name);
        }
    };
    for one in suggestions {
        must(
            is_text(&one["label"]) && is_uuid(&one["uuid"]),
            "suggestion",
        );
        let actions = list(&one["actions"]);
        must(
            actions.iter().all(|action| is_text(&action["description"])),
            "cds-resp-5",
        );
        must(
            actions.iter().all(|action| {
                action["type"] != "delete"
                    || (is_text(&action["resourceId"]) && action.get("resource").is_none())
            }),
            "cds-resp-2",
        );
        let how = one["actionSelectionBehavior"].as_str();
        must(
            matches!(how, None | Some("all" | "any" | "at-most-one")),
            "cds-resp-7",
        );
    }
}

/// "`null`, `\"\"`, `[]`, or `{}` are prohibited" but for `cards`.
fn no_nothing(value: &Value) {
    match value {
        Value::Object(members) => members.iter().for_each(|(name, member)| {
            let nothing = match member {
                Value::Null => true,
                Value::String(text) => text.is_empty(),
                Value::Array(items) => items.is_empty() && name != "cards",
                Value::Object(inner) => inner.is_empty(),
                _ => false,
            };
            assert!(!nothing, "{name} says nothing");
            no_nothing(member);
        }),
        Value::Array(items) => items.iter().for_each(no_nothing),
        _ => {}
    }
}

/// The published invariants: those of answers are held above, the others by the tests of
/// requests and feedback.
const KNOWN: [&str; 12] = [
    "cds-fb-1",
    "cds-fb-2",
    "cds-fb-3",
    "cds-r-1",
    "cds-r-2",
    "cds-resp-1",
    "cds-resp-2",
    "cds-resp-3",
    "cds-resp-4",
    "cds-resp-5",
    "cds-resp-6",
    "cds-resp-7",
];

#[test]
fn no_published_invariant_is_passed_over() {
    let mut found = BTreeSet::new();
    for model in [
        "CDSHooksRequest",
        "CDSHooksResponse",
        "CDSHooksFeedback",
        "CDSHooksServices",
    ] {
        let Some(bytes) = sample(&format!("cds_hooks/model/{model}.fsh")) else {
            return;
        };
        let text = String::from_utf8(bytes).expect("text");
        let words = text.split(|letter: char| !(letter.is_alphanumeric() || letter == '-'));
        let named = words.filter(|word| {
            word.starts_with("cds-") && word.ends_with(|letter: char| letter.is_ascii_digit())
        });
        found.extend(named.map(str::to_owned));
    }
    assert_eq!(found, KNOWN.map(str::to_owned).into());
}

#[test]
#[should_panic(expected = "cds-resp-6")]
fn an_answer_that_breaks_an_invariant_is_seen() {
    let body = sign(
        &[order("a", super::CPT, "97012")],
        &prefetch(&[condition("192970008")]),
    );
    let mut answer = super::asked(Service::OrderSign, &body)
        .expect("answered")
        .body;
    let card = answer["cards"][0].as_object_mut().expect("a card");
    card.remove("selectionBehavior")
        .expect("a suggestion was made");
    hold(&answer);
}

#[test]
fn discovery_has_what_its_model_needs_and_only_tokens_that_every_client_knows() {
    let body = discovery(knowledge().catalogue());
    no_nothing(&body);
    let services = list(&body["services"]);
    let hooks: Vec<&str> = services
        .iter()
        .filter_map(|one| one["hook"].as_str())
        .collect();
    assert_eq!(hooks, ["patient-view", "order-select", "order-sign"]);
    for service in services {
        let id = service["id"].as_str().expect("an id");
        let known = Service::named(id).expect("a service");
        assert_eq!(service["hook"], known.hook());
        assert!(service["description"].is_string());
        let prefetch = service["prefetch"].as_object().expect("prefetch");
        assert!(
            PREFETCH.iter().all(|(key, _)| prefetch.contains_key(*key)),
            "{id}"
        );
        assert_eq!(
            prefetch.contains_key("orders"),
            id == "traction-patient-view"
        );
        for (key, query) in prefetch {
            let query = query.as_str().expect("a query");
            let tokens = query.matches("{{").count();
            let root = query.matches("{{context.patientId}}").count();
            assert!(tokens == 1 && root == 1, "{id}.{key}: {query}");
        }
        // Of Observations only what a fact has a code for.
        let observations = prefetch["observations"].as_str().expect("a query");
        assert!(
            observations.contains("http://loinc.org|38265-5"),
            "{observations}"
        );
    }
    assert_eq!(Service::named("static-patient-greeter"), None);
    assert_eq!(json!(services.len()), 3);
}
