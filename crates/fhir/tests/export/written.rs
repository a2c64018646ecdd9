//! Every resource as a file, for the programs under `tests/fhir` that nobody here wrote; our own
//! checker finds nothing wrong with it before.

use super::beside::whole;
use super::stories::{all, of, source, told};
use fhir::check::{self, Extensions, Severity};
use fhir::export::{bundle, definitions, export, histories, history};
use fhir::search;
use serde_json::{Map, Value, json};
use std::path::PathBuf;

const BASE: &str = "https://a.example/fhir";

#[test]
fn every_resource_is_written_for_other_programs() {
    let folder = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join("fhir-export");
    // What an earlier run left would be checked in the place of what is exported now.
    let _ = std::fs::remove_dir_all(&folder);
    std::fs::create_dir_all(&folder).expect("a folder");
    let write = |name: &str, resource: &Value| {
        let issues = check::resource_with(resource, Extensions::Any);
        let errors: Vec<_> = issues
            .iter()
            .filter(|issue| issue.severity == Severity::Error)
            .collect();
        assert!(errors.is_empty(), "{name}: {errors:?}");
        let path = folder.join(format!("{name}.json"));
        std::fs::write(path, resource.to_string()).expect("written");
    };
    let mut count = 0;
    for (story, events) in all() {
        for resource in whole(events).resources() {
            let text = |name: &str| resource[name].as_str().unwrap_or_default();
            let name = format!("{story}-{}-{}", text("resourceType"), text("id"));
            write(&name, resource);
            count += 1;
        }
        // Earlier versions are served too.
        let told = told(events);
        let source = source(&told);
        for ((kind, id), mut versions) in histories(&source) {
            versions.pop();
            for version in versions {
                if let Some(earlier) = version.resource {
                    let name = format!("{story}-{kind}-{id}-at-{}", version.sequence);
                    write(&name, &earlier);
                    count += 1;
                }
            }
        }
        let export = of(events);
        write(
            &format!("{story}-bundle"),
            &bundle::collection(&export, bundle::Address::Urn),
        );
    }
    let forms = fhir::questionnaire::questionnaires(super::setting::knowledge());
    for definition in definitions(super::setting::knowledge())
        .into_iter()
        .chain(forms)
    {
        let id = definition["id"].as_str().unwrap_or_default();
        write(&format!("definition-{id}"), &definition);
    }
    let events = super::stories::stopped();
    let told = told(events);
    let source = source(&told);
    let now = export(&source);
    let all: Vec<_> = now.resources().map(bundle::Found::of).collect();
    let everything = bundle::searchset((&all, &[]), Some(all.len()), &[], BASE);
    let everything = serde_json::to_value(everything).expect("it is written");
    write("everything", &everything);
    let session = now.of("Procedure").next().expect("a session");
    let id = session["id"].as_str().expect("an id");
    let versions = history(&source, "Procedure", id);
    write(
        "history",
        &bundle::history(&versions, ("Procedure", id), BASE),
    );
    assert!(count > 300, "{count} resources");
}

/// What every resource is found by is written for `fhirpath`, which says it again by the
/// expressions (tests/fhir/search.cjs).
#[test]
fn what_is_found_is_written_for_another_program() {
    let folder = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join("fhir-search");
    let _ = std::fs::remove_dir_all(&folder);
    std::fs::create_dir_all(&folder).expect("a folder");
    let write = |name: &str, value: &Value| {
        let path = folder.join(format!("{name}.json"));
        std::fs::write(path, value.to_string()).expect("written");
    };
    let table: Map<String, Value> = search::SEARCHED
        .iter()
        .map(|one| {
            let params = one
                .all()
                .map(|param| (param.name.to_owned(), json!(param.expression)));
            (one.kind.to_owned(), Value::Object(params.collect()))
        })
        .collect();
    write("params", &Value::Object(table));
    let mut count = 0;
    for (story, events) in all() {
        for resource in whole(events).resources() {
            let text = |name: &str| resource[name].as_str().unwrap_or_default();
            let Some(searched) = search::searched(text("resourceType")) else {
                assert_eq!(text("resourceType"), "AuditEvent", "it can be searched");
                continue;
            };
            let found: Map<String, Value> = searched
                .all()
                .map(|param| {
                    (
                        param.name.to_owned(),
                        json!(search::extract(param, resource)),
                    )
                })
                .collect();
            assert!(
                search::rows(resource).len() >= 3,
                "its id and its instant are there"
            );
            let name = format!("{story}-{}-{}", text("resourceType"), text("id"));
            write(&name, &json!({ "resource": resource, "found": found }));
            count += 1;
        }
    }
    assert!(count > 300, "{count} resources");
}
