//! Damaged resources: nothing makes the checker panic, and what is damaged is found.

use super::{broken, complete};
use fhir::check::{self, MAX_ISSUES};
use proptest::prelude::*;
use serde_json::{Value, json};

/// Resources without a fault.
fn valid() -> Vec<Value> {
    let subject = json!({"reference": "Patient/p"});
    let concept = json!({"coding": [{"system": "http://snomed.info/sct", "code": "64859006", "display": "x"}], "text": "y"});
    vec![
        json!({"resourceType": "Patient", "id": "p", "active": true, "gender": "female", "birthDate": "1970-03",
            "name": [{"use": "official", "family": "Marsh", "given": ["Elin", "A"], "period": {"start": "2001"}}],
            "telecom": [{"system": "phone", "value": "1", "rank": 1}],
            "contact": [{"name": {"text": "B"}}], "multipleBirthInteger": 2}),
        json!({"resourceType": "Observation", "status": "final", "code": concept, "subject": subject,
            "effectiveDateTime": "2024-01-01T10:00:00Z",
            "valueQuantity": {"value": 7.5, "unit": "N", "system": "http://unitsofmeasure.org", "code": "N"},
            "component": [{"code": {"text": "part"}, "valueString": "x"}]}),
        json!({"resourceType": "Procedure", "status": "completed", "code": concept, "subject": subject,
            "performedPeriod": {"start": "2024-01-01", "end": "2024-01-02"},
            "extension": [{"url": "http://x.example/e", "valueAge": {"value": 3, "system": "http://unitsofmeasure.org", "code": "a"}}]}),
        json!({"resourceType": "Questionnaire", "status": "active", "item": [{"linkId": "1", "type": "group", "item": [
            {"linkId": "1.1", "type": "integer", "required": true,
                "enableWhen": [{"question": "1", "operator": "exists", "answerBoolean": true}]}]}]}),
        json!({"resourceType": "Bundle", "type": "transaction", "entry": [{
            "fullUrl": "urn:uuid:c757873d-ec9a-4326-a141-556f43239520",
            "resource": {"resourceType": "Condition", "subject": subject, "code": concept,
                "contained": [{"resourceType": "Practitioner", "id": "d", "name": [{"family": "Rey"}]}],
                "asserter": {"reference": "#d"}},
            "request": {"method": "POST", "url": "Condition"}}]}),
    ]
}

/// The elements of these that must be there, as JSON pointers.
const REQUIRED: [(usize, &str); 16] = [
    (1, "/status"),
    (1, "/code"),
    (1, "/component/0/code"),
    (2, "/status"),
    (2, "/subject"),
    (2, "/extension/0/url"),
    (3, "/status"),
    (3, "/item/0/linkId"),
    (3, "/item/0/type"),
    (3, "/item/0/item/0/linkId"),
    (3, "/item/0/item/0/enableWhen/0/question"),
    (3, "/item/0/item/0/enableWhen/0/operator"),
    (4, "/type"),
    (4, "/entry/0/resource/subject"),
    (4, "/entry/0/request/method"),
    (4, "/entry/0/request/url"),
];

/// Every place in a value, as JSON pointers.
fn pointers(value: &Value, at: &str, all: &mut Vec<String>) {
    all.push(at.to_owned());
    match value {
        Value::Object(body) => body
            .iter()
            .for_each(|(name, inner)| pointers(inner, &format!("{at}/{name}"), all)),
        Value::Array(items) => items
            .iter()
            .enumerate()
            .for_each(|(n, inner)| pointers(inner, &format!("{at}/{n}"), all)),
        _ => {}
    }
}

fn places(value: &Value) -> Vec<String> {
    let mut all = Vec::new();
    pointers(value, "", &mut all);
    all
}

#[test]
fn the_resources_that_are_damaged_here_have_no_fault() {
    for resource in valid() {
        assert!(
            check::resource(&resource).is_empty(),
            "{:#?}",
            check::resource(&resource)
        );
    }
}

#[test]
fn a_required_element_that_is_lost_is_always_found() {
    for (which, pointer) in REQUIRED {
        let mut resource = valid().swap_remove(which);
        let (holder, name) = pointer.rsplit_once('/').expect("a member");
        let body = resource.pointer_mut(holder).and_then(Value::as_object_mut);
        body.expect("an object").remove(name).expect("the element");
        assert!(
            broken(&resource).contains(&"cardinality"),
            "{which} {pointer}"
        );
    }
}

#[test]
fn an_unknown_element_is_found_in_every_object() {
    for resource in valid() {
        for place in places(&resource) {
            let mut damaged = resource.clone();
            let Some(Value::Object(body)) = damaged.pointer_mut(&place) else {
                continue;
            };
            body.insert("zzz".to_owned(), json!("x"));
            assert!(broken(&damaged).contains(&"unknown-element"), "{place}");
        }
    }
}

/// A value of another JSON type: text for a number, a list for one, one for a list.
#[test]
fn a_value_of_another_type_is_found_everywhere() {
    for resource in valid() {
        for place in places(&resource) {
            let mut damaged = resource.clone();
            let value = damaged.pointer_mut(&place).expect("a place");
            *value = match value.take() {
                Value::String(_) => json!(5),
                Value::Number(_) | Value::Bool(_) => json!("x"),
                Value::Array(mut items) => items.swap_remove(0),
                other => json!([other]),
            };
            assert!(!broken(&damaged).is_empty(), "{place}");
        }
    }
}

fn anything() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        any::<f64>().prop_map(Value::from),
        "\\PC{0,12}".prop_map(Value::from),
        prop::sample::select(vec![
            "Bundle",
            "Patient",
            "#",
            "#a",
            "2024-01",
            "urn:uuid:",
            "Patient/",
            "<div",
            "é/é",
            "a?b",
            "10*",
            "[",
            "|"
        ])
        .prop_map(Value::from),
    ];
    let name = prop::sample::select(vec![
        "resourceType",
        "entry",
        "resource",
        "contained",
        "extension",
        "url",
        "fullUrl",
        "id",
        "text",
        "div",
        "item",
        "linkId",
        "valueString",
        "_valueString",
        "value",
        "code",
        "coding",
        "system",
        "reference",
        "type",
        "link",
        "é",
    ]);
    leaf.prop_recursive(6, 48, 6, move |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..6).prop_map(Value::from),
            prop::collection::btree_map(name.clone().prop_map(str::to_owned), inner, 0..6)
                .prop_map(|body| Value::Object(body.into_iter().collect())),
        ]
    })
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(400) })]

    #[test]
    fn any_json_is_checked_without_panic(value in anything()) {
        check::resource(&value).iter().for_each(complete);
    }

    #[test]
    fn a_resource_with_anything_anywhere_is_checked_without_panic(
        which in 0usize..5, first in any::<prop::sample::Index>(), second in any::<prop::sample::Index>(),
        value in anything(), other in anything()
    ) {
        let mut resource = valid().swap_remove(which);
        for (index, value) in [(first, value), (second, other)] {
            let all = places(&resource);
            if let Some(place) = resource.pointer_mut(&all[index.index(all.len())]) {
                *place = value;
            }
        }
        let issues = check::resource(&resource);
        issues.iter().for_each(complete);
        prop_assert_eq!(check::resource(&resource), issues);
    }

    /// An independent calendar: two instants, written in two zones, compare as jiff compares them.
    #[test]
    fn instants_compare_as_instants_in_any_zone(
        start in -60_000_000_000_i64..200_000_000_000, after in -200_000_i64..200_000, east in -12_i8..=14, west in -12_i8..=14
    ) {
        let text = |second: i64, hours: i8| {
            let instant = jiff::Timestamp::from_second(second).expect("an instant");
            let local = jiff::tz::Offset::constant(hours).to_datetime(instant);
            let sign = if hours < 0 { '-' } else { '+' };
            format!("{local}{sign}{:02}:00", hours.abs())
        };
        let encounter = json!({"resourceType": "Encounter", "status": "finished", "class": {"code": "AMB"},
            "period": {"start": text(start, east), "end": text(start + after, west)}});
        let expected: &[&str] = if after < 0 { &["per-1"] } else { &[] };
        prop_assert_eq!(broken(&encounter), expected);
    }

    #[test]
    fn any_bytes_are_checked_without_panic(bytes in prop::collection::vec(any::<u8>(), 0..200)) {
        check::bytes(&bytes, check::Extensions::Known).iter().for_each(complete);
    }
}

#[test]
fn what_is_nested_too_deep_is_not_looked_at_and_said_so() {
    let mut item = json!({"linkId": "x", "type": "string"});
    for depth in 0..200 {
        item = json!({"linkId": format!("{depth}"), "type": "group", "item": [item]});
    }
    let form = json!({"resourceType": "Questionnaire", "status": "active", "item": [item]});
    assert!(broken(&form).contains(&"too-deep"));
}

#[test]
fn the_list_of_issues_is_bounded_and_says_how_many_more_there_are() {
    let names: Vec<Value> = (0..MAX_ISSUES + 7).map(|_| json!({"zzz": 1})).collect();
    let issues = check::resource(&json!({"resourceType": "Patient", "name": names}));
    assert_eq!(issues.len(), MAX_ISSUES + 1);
    let last = issues.last().expect("an issue");
    assert_eq!(last.rule, "too-many-issues");
    assert!(
        last.is_error() && last.problem.contains("7 errors"),
        "{last}"
    );
}

/// Expressions that look at everything for each thing stop, and that is said.
#[test]
fn what_would_take_too_long_is_stopped_and_said_so() {
    let coding: Vec<Value> = (0..6_000)
        .map(|n| json!({"code": format!("c{n}")}))
        .collect();
    let component: Vec<Value> = (0..6_000)
        .map(|n| json!({"code": {"coding": [{"code": format!("d{n}")}]}, "valueInteger": 1}))
        .collect();
    let mut observation = valid().swap_remove(1);
    observation["code"] = json!({"coding": coding});
    observation["component"] = json!(component);
    assert_eq!(broken(&observation), ["too-many-steps"]);
}
