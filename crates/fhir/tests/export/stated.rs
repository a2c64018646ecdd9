//! What the CapabilityStatement says of a type holds of its resources.

use super::beside::whole;
use super::stories::all;
use fhir::check::{self, Severity};
use fhir::questionnaire::questionnaires;
use fhir::search::capabilities;
use serde_json::{Value, json};
use std::collections::BTreeSet;

/// The types that are served, as they are stated.
fn stated() -> Vec<Value> {
    let statement = capabilities("https://a.example/fhir", "1");
    let issues = check::resource(&statement);
    let mut errors = issues.iter().filter(|one| one.severity == Severity::Error);
    assert_eq!(errors.next(), None);
    let types = statement["rest"][0]["resource"].as_array();
    types.expect("types").clone()
}

#[test]
fn a_type_is_stated_to_have_versions_where_its_resources_have_them() {
    let mut found = BTreeSet::new();
    let mut note = |one: &Value| {
        let kind = one["resourceType"].as_str().expect("a type").to_owned();
        found.insert((kind, one["meta"]["versionId"].is_string()));
    };
    for (_, events) in all() {
        whole(events).resources().for_each(&mut note);
    }
    let forms = questionnaires(super::setting::knowledge());
    forms.iter().for_each(&mut note);
    for one in stated() {
        let kind = one["type"].as_str().expect("a type");
        let versioned = match one["versioning"].as_str() {
            Some("versioned") => true,
            Some("no-version") => false,
            other => panic!("{kind}: {other:?}"),
        };
        let has = |versioned| found.contains(&(kind.to_owned(), versioned));
        assert!(has(versioned) && !has(!versioned), "{kind}");
        let history = one["readHistory"] == true;
        assert!(versioned || !history, "{kind}");
        let reads = json!({ "code": "vread" });
        let interactions = one["interaction"].as_array().expect("interactions");
        assert_eq!(interactions.contains(&reads), history, "{kind}");
    }
}

#[test]
fn a_patient_alone_is_made_on_a_condition() {
    for one in stated() {
        let stated = one["conditionalCreate"] == true;
        assert_eq!(stated, one["type"] == "Patient", "{}", one["type"]);
    }
}
