//! What single resources say.

use super::stories::{answers, every_kind, of, round, source, stopped, told};
use fhir::export::{Export, history};
use serde_json::{Value, json};

fn one<'a>(export: &'a Export, kind: &'a str, is: impl Fn(&Value) -> bool) -> &'a Value {
    let found = export.of(kind).find(|one| is(one));
    found.unwrap_or_else(|| panic!("no such {kind}"))
}

fn fact<'a>(export: &'a Export, id: &str) -> &'a Value {
    one(export, "Observation", |one| {
        one["code"]["coding"][0]["code"] == id
    })
}

#[test]
fn a_reading_is_coded_measured_and_dated() {
    let export = of(answers());
    let height = fact(&export, "body_height");
    assert_eq!(height["code"]["coding"][1]["code"], "8302-2");
    assert_eq!(height["valueQuantity"]["value"], 173);
    assert_eq!(height["valueQuantity"]["code"], "cm");
    assert_eq!(height["category"][0]["coding"][0]["code"], "vital-signs");
    let pain = fact(&export, "pain_now");
    assert_eq!(pain["bodySite"]["text"], "limb-left");
    assert_eq!(
        pain["code"]["coding"][1],
        json!({"system": "http://loinc.org", "code": "72514-3"})
    );
    // Two codes that tell apart what the fact does not are no code of it.
    assert_eq!(
        fact(&export, "body_weight")["code"]["coding"][1]["code"],
        "29463-7"
    );
}

#[test]
fn an_answer_in_place_of_a_value_is_never_a_no() {
    let export = of(answers());
    for (id, reason) in [
        ("osteoporosis", "asked-unknown"),
        ("anticoagulant", "asked-declined"),
    ] {
        let answer = fact(&export, id);
        assert_eq!(answer["dataAbsentReason"]["coding"][0]["code"], reason);
        assert!(answer.get("valueBoolean").is_none());
    }
    // On our form "I do not know" is one of the answers.
    let form = one(&export, "QuestionnaireResponse", |form| {
        form["author"] == form["subject"] && form["item"].to_string().contains("answer.unknown")
    });
    assert_eq!(
        form["questionnaire"],
        "urn:annulus:questionnaire:intake-lumbar"
    );
}

#[test]
fn what_was_settled_leaves_the_earlier_value_in_its_history() {
    let events = answers();
    let told = told(events);
    let source = source(&told);
    let export = fhir::export::export(&source);
    let settled = |status: &str| {
        one(&export, "Observation", |one| {
            one["status"] == status && one["code"]["coding"][0]["code"] == "infection_signs"
        })
    };
    let wrong = settled("entered-in-error");
    assert_eq!(wrong["valueBoolean"], true);
    let versions = history(&source, "Observation", wrong["id"].as_str().expect("an id"));
    let first = versions[0].resource.as_ref().expect("a resource");
    assert_eq!(first["status"], "final");
    let right = settled("corrected");
    assert_eq!(right["valueBoolean"], false);
}

#[test]
fn findings_of_imaging_are_a_report() {
    let export = of(answers());
    let report = one(&export, "DiagnosticReport", |_| true);
    assert_eq!(report["code"]["text"], "MRI of 12 Oct 2026");
    assert_eq!(report["result"].as_array().map(Vec::len), Some(2));
    assert_eq!(report["imagingStudy"].as_array().map(Vec::len), Some(1));
}

#[test]
fn a_session_is_billed_as_one_thing_or_as_none() {
    let export = of(round());
    let code = |procedure: &Value| -> Vec<String> {
        let codings = procedure["code"]["coding"]
            .as_array()
            .cloned()
            .unwrap_or_default();
        codings
            .iter()
            .filter_map(|one| one["code"].as_str().map(str::to_owned))
            .collect()
    };
    let mut sessions: Vec<Vec<String>> = export
        .of("Procedure")
        .filter(|one| one["usedReference"].is_array())
        .map(code)
        .collect();
    sessions.sort();
    assert_eq!(
        sessions,
        [
            vec!["procedure.traction"],
            vec!["procedure.traction", "S9090"]
        ]
    );
    for order in export
        .of("ServiceRequest")
        .filter(|one| one["basedOn"].is_array())
    {
        assert_eq!(code(order), ["procedure.traction", "97012"]);
    }
}

#[test]
fn a_plan_is_ordered_setting_by_setting_and_ends_with_the_episode() {
    let export = of(round());
    let plans: Vec<&Value> = export.of("CarePlan").collect();
    assert_eq!(plans.len(), 2);
    assert_eq!(plans[0]["status"], "revoked");
    let current = one(&export, "CarePlan", |one| one["replaces"].is_array());
    assert_eq!(current["addresses"].as_array().map(Vec::len), Some(1));
    let order = one(&export, "ServiceRequest", |one| {
        one["basedOn"][0]["reference"]
            == format!("CarePlan/{}", current["id"].as_str().unwrap_or_default())
    });
    let prescription = order["extension"]
        .as_array()
        .and_then(|all| all.last())
        .expect("a prescription");
    let parts = prescription["extension"].as_array().expect("parts");
    let force = parts
        .iter()
        .find(|part| part["url"] == "force")
        .expect("a force");
    assert_eq!(force["valueQuantity"]["code"], "N");
    let episode = one(&export, "EpisodeOfCare", |_| true);
    assert_eq!(episode["status"], "finished");
}

#[test]
fn a_stop_says_why_and_what_it_was_later_said_to_be() {
    let events = stopped();
    let told = told(events);
    let source = source(&told);
    let export = fhir::export::export(&source);
    let session = one(&export, "Procedure", |one| one["status"] == "stopped");
    assert_eq!(session["statusReason"]["coding"][0]["code"], "end.symptom");
    let versions = history(&source, "Procedure", session["id"].as_str().expect("an id"));
    let statuses: Vec<&str> = versions
        .iter()
        .filter_map(|one| one.resource.as_ref()?["status"].as_str())
        .collect();
    assert_eq!(
        statuses,
        ["preparation", "in-progress", "stopped", "stopped"]
    );
    let force = one(&export, "Observation", |one| {
        one["code"]["coding"][0]["code"] == "measure.peak-force"
    });
    assert_eq!(force["valueQuantity"]["unit"], "N");
}

#[test]
fn a_decision_names_its_rules_its_facts_and_its_knowledge() {
    let export = of(round());
    let alarm = one(&export, "DetectedIssue", |one| {
        one["code"]["coding"][0]["code"] == "verdict.emergency"
    });
    assert_eq!(alarm["severity"], "high");
    assert_eq!(
        alarm["evidence"][0]["code"][0]["coding"][0]["system"],
        "urn:annulus:rule"
    );
    assert!(alarm["evidence"][0]["detail"][0]["reference"].is_string());
    for one in export.of("RiskAssessment") {
        let named = one["extension"].to_string();
        assert!(named.contains("knowledge-sha256"), "{one}");
    }
}

#[test]
fn a_signature_stands_in_the_provenance_of_its_plan() {
    let export = of(every_kind());
    let signed = one(&export, "Provenance", |one| one["signature"].is_array());
    let signature = &signed["signature"][0];
    assert_eq!(signature["data"], "qqqqqg==");
    assert_eq!(signature["who"]["display"], "A practitioner");
    assert!(signed["target"].to_string().contains("CarePlan/"));
}

#[test]
fn an_override_mitigates_the_issue_that_its_rule_raised() {
    let export = of(every_kind());
    let issue = one(&export, "DetectedIssue", |one| {
        one["mitigation"].is_array()
            && one["mitigation"]
                .to_string()
                .contains("mitigation.override")
    });
    let codes: Vec<&Value> = issue["mitigation"]
        .as_array()
        .into_iter()
        .flatten()
        .map(|one| &one["action"]["coding"][0]["code"])
        .collect();
    assert_eq!(codes, ["mitigation.override", "mitigation.withdrawn"]);
}

#[test]
fn whom_an_alert_was_told_and_the_pseudonym_stay_here() {
    let events = every_kind();
    let text: String = of(events).resources().map(Value::to_string).collect();
    assert!(!text.contains(super::stories::ON_CALL));
    let pseudonym = super::setting::id(1);
    assert!(!text.contains(&pseudonym.to_string()));
    assert!(!text.contains(&"33".repeat(32)), "the hash of a link's key");
}

#[test]
fn a_narrative_is_xhtml_whatever_was_typed() {
    let export = of(round());
    for resource in export.resources() {
        let div = resource["text"]["div"].as_str().unwrap_or_default();
        let bare = div.replace("<p>", "").replace("</p>", "");
        let inner = bare
            .strip_prefix("<div xmlns=\"http://www.w3.org/1999/xhtml\">")
            .and_then(|rest| rest.strip_suffix("</div>"))
            .unwrap_or_default();
        assert!(!inner.contains('<') && !inner.contains('>'), "{div}");
    }
}

#[test]
fn a_plan_that_is_signed_while_sessions_are_blocked_waits() {
    let kinds = every_kind();
    let pick = |kind: &str| {
        let found = kinds.iter().find(|event| event.kind() == kind);
        found.expect("a golden event").clone()
    };
    let mut events: Vec<_> = ["registered", "suspended", "plan-proposed", "plan-signed"]
        .map(pick)
        .to_vec();
    let status = |events: &[care::episode::Event]| {
        let export = of(events);
        let plan = one(&export, "CarePlan", |_| true)["status"].clone();
        let order = one(&export, "ServiceRequest", |_| true)["status"].clone();
        let episode = one(&export, "EpisodeOfCare", |_| true)["status"].clone();
        [plan, order, episode]
    };
    assert_eq!(status(&events), ["on-hold", "on-hold", "onhold"]);
    events.push(pick("suspension-lifted"));
    assert_eq!(status(&events), ["active", "active", "active"]);
}

#[test]
fn what_nobody_has_judged_is_not_called_harmless() {
    let events = round();
    let told = told(events);
    let source = source(&told);
    let export = fhir::export::export(&source);
    let event = one(&export, "AdverseEvent", |_| true);
    assert_eq!(event["seriousness"]["coding"][0]["code"], "Non-serious");
    let versions = history(
        &source,
        "AdverseEvent",
        event["id"].as_str().expect("an id"),
    );
    let first = versions[0].resource.as_ref().expect("a resource");
    assert!(first.get("seriousness").is_none(), "{first}");
    assert!(first.get("recorder").is_none(), "the program opened it");
}

#[test]
fn a_rule_that_says_all_is_well_raises_no_issue() {
    let export = of(round());
    let well = |one: &Value| one["code"]["coding"][0]["code"] == "verdict.well";
    assert_eq!(
        export.of("DetectedIssue").filter(|one| well(one)).count(),
        0
    );
    let said = |one: &Value| {
        one["prediction"][0]["qualitativeRisk"]["coding"][0]["code"] == "verdict.well"
    };
    assert!(export.of("RiskAssessment").any(said));
}

#[test]
fn what_follows_from_a_patients_answer_is_the_programs() {
    let export = of(round());
    let act = |kind: &str| {
        one(&export, "Provenance", |one| {
            one["activity"]["coding"][0]["code"] == kind
                && one["agent"].to_string().contains("Patient/")
        })
    };
    let triage = act("event.triaged");
    assert_eq!(triage["agent"][0]["who"]["reference"], "Device/annulus");
    assert_eq!(triage["agent"][1]["type"]["coding"][0]["code"], "informant");
    let answer = act("event.check-in-answered");
    assert_eq!(answer["agent"].as_array().map(Vec::len), Some(1));
}

#[test]
fn a_session_that_never_began_was_not_done() {
    let kinds = every_kind();
    let names = [
        "registered",
        "arrival-recorded",
        "grant-issued",
        "discharged",
    ];
    let events = names.map(|kind| {
        let found = kinds.iter().find(|event| event.kind() == kind);
        found.expect("a golden event").clone()
    });
    let status = |events: &[care::episode::Event]| {
        let export = of(events);
        ["Procedure", "DeviceUseStatement"]
            .map(|kind| one(&export, kind, |_| true)["status"].clone())
    };
    assert_eq!(status(&events[..3]), ["preparation", "intended"]);
    assert_eq!(status(&events), ["not-done", "stopped"]);
}
