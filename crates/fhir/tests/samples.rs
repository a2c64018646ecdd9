//! Published records, with what each became beside it (`tests/expected`).
//!
//! `ANNULUS_BLESS=1` writes the expected files anew; read the difference.

use crate::support::{facts, knowledge, sample};
use fhir::{Import, import};
use jiff::{SignedDuration, Timestamp};
use serde_json::{Value, json};
use si::Region;
use std::collections::BTreeMap;
use std::path::Path;

/// (file, what it is kept under).
const RECORDS: [(&str, &str); 11] = [
    ("synthea_r4/active_pregnancy.json.gz", "active_pregnancy"),
    ("synthea_r4/clopidogrel.json.gz", "clopidogrel"),
    ("synthea_r4/colon_cancer.json.gz", "colon_cancer"),
    ("synthea_r4/control_buster.json.gz", "control_buster"),
    ("synthea_r4/control_clemente.json.gz", "control_clemente"),
    ("synthea_r4/hip_fracture.json.gz", "hip_fracture"),
    (
        "synthea_r4/osteoporosis_and_tubal_pregnancy.json.gz",
        "osteoporosis_and_tubal_pregnancy",
    ),
    (
        "synthea_r4/pathological_fracture_osteoporosis.json.gz",
        "pathological_fracture_osteoporosis",
    ),
    (
        "synthea_r4/rheumatoid_arthritis.json.gz",
        "rheumatoid_arthritis",
    ),
    (
        "synthea_r4/spinal_cord_lesion_paralysis.json.gz",
        "spinal_cord_lesion_paralysis",
    ),
    ("ahrq_pain/brenda_jackson_r4.json", "brenda_jackson"),
];

/// The import of a record as of the day after its last entry (ENGINEERING.md §2).
pub(crate) fn day_after(bytes: &[u8]) -> (Import, Timestamp) {
    let own = import(bytes, knowledge(), Region::Lumbar, None)
        .expect("read")
        .at;
    let at = own + SignedDuration::from_hours(24);
    (
        import(bytes, knowledge(), Region::Lumbar, Some(at)).expect("read"),
        at,
    )
}

/// What is kept of an import: facts set, questions opened, and how many of what became nothing.
fn kept(import: &Import) -> Value {
    let mut unmapped: BTreeMap<String, usize> = BTreeMap::new();
    for entry in &import.unmapped {
        *unmapped
            .entry(format!("{}: {}", entry.resource, entry.reason))
            .or_default() += 1;
    }
    let mut asks: BTreeMap<String, usize> = BTreeMap::new();
    for ask in &import.asks {
        let entry = &ask.entry;
        *asks
            .entry(format!(
                "{} ({} {}): {}",
                ask.fact, entry.resource, entry.code, entry.reason
            ))
            .or_default() += 1;
    }
    json!({
        "at": import.at.to_string(),
        "deceased": import.patient.deceased,
        "facts": facts(import),
        "asks": asks,
        "unmapped": unmapped,
        "administrative": import.administrative,
    })
}

#[test]
fn each_published_record_becomes_what_is_kept_beside_it() {
    for (file, name) in RECORDS {
        let Some(bytes) = sample(file) else { continue };
        let found = kept(&day_after(&bytes).0);
        let path = Path::new(env!("CARGO_MANIFEST_DIR"))
            .join("tests/expected")
            .join(format!("{name}.json"));
        if std::env::var_os("ANNULUS_BLESS").is_some() {
            let text = serde_json::to_string_pretty(&found).expect("text") + "\n";
            std::fs::write(&path, text).expect("written");
            continue;
        }
        let text = std::fs::read_to_string(&path).expect("the expected file");
        let expected: Value = serde_json::from_str(&text).expect("JSON");
        assert_eq!(found, expected, "{name}");
    }
}

#[test]
fn the_same_bytes_become_the_same_import() {
    let Some(bytes) = sample(RECORDS[7].0) else {
        return;
    };
    assert_eq!(day_after(&bytes), day_after(&bytes));
}

#[test]
fn records_of_no_patient_are_refused() {
    for file in [
        "synthea_r4/hospital_information.json.gz",
        "synthea_r4/practitioner_information.json",
    ] {
        let Some(bytes) = sample(file) else { continue };
        let problem = import(&bytes, knowledge(), Region::Lumbar, None).expect_err("refused");
        assert_eq!(problem.code, "no-patient", "{file}");
    }
}

/// Each file by itself is read, or refused for the reason named.
#[test]
fn single_resources_and_validator_cases_are_read_or_refused_for_their_reason() {
    let at = "2026-11-22T09:00:00Z".parse().ok();
    let cases = [
        ("us_core_r4/Device-defib.json", None),
        ("us_core_r4/Device-knee.json", None),
        ("us_core_r4/Procedure-R4-defib-implant.json", None),
        ("us_core_r4/observation-pregnancy-status.json", None),
        ("us_core_r4/condition-duodenal-ulcer.json", None),
        ("us_core_r4/medicationrequest-self-tylenol.json", None),
        ("us_core_r4/patient-deceased-example.json", None),
        ("us_core_r4/QuestionnaireResponse-phq-9-example.json", None),
        (
            "us_core_r4/Questionnaire-phq-9-example.json",
            Some("no-patient"),
        ),
        ("fhir_test_cases_r4/condition-example.json", None),
        ("fhir_test_cases_r4/device-example.json", Some("no-patient")),
        ("fhir_test_cases_r4/medicationrequest0301.json", None),
        ("fhir_test_cases_validator/json-good.json", None),
        (
            "fhir_test_cases_validator/json-comments.json",
            Some("other-fhir-version"),
        ),
        (
            "fhir_test_cases_validator/json-comments-1.json",
            Some("malformed-json"),
        ),
        (
            "fhir_test_cases_validator/json-comments-2.json",
            Some("malformed-json"),
        ),
        (
            "fhir_test_cases_validator/json-comma-bad-1.json",
            Some("malformed-json"),
        ),
        (
            "fhir_test_cases_validator/json-comma-bad-2.json",
            Some("malformed-json"),
        ),
        (
            "fhir_test_cases_validator/json-no-quotes-1.json",
            Some("malformed-json"),
        ),
        (
            "fhir_test_cases_validator/json-no-quotes-2.json",
            Some("malformed-json"),
        ),
        (
            "fhir_test_cases_validator/bad-json-close-1.json",
            Some("malformed-json"),
        ),
        (
            "fhir_test_cases_validator/bad-json-close-2.json",
            Some("malformed-json"),
        ),
        (
            "fhir_test_cases_validator/bad-json-close-3.json",
            Some("malformed-json"),
        ),
    ];
    for (file, expected) in cases {
        let Some(bytes) = sample(file) else { continue };
        let found = import(&bytes, knowledge(), Region::Lumbar, at)
            .err()
            .map(|problem| problem.code);
        assert_eq!(found, expected, "{file}");
    }
}

#[test]
fn no_validator_case_makes_the_reader_panic() {
    let Some(list) = sample("fhir_test_cases_validator/_expected.json") else {
        return;
    };
    let list: Vec<Value> = serde_json::from_slice(&list).expect("a list");
    for case in list {
        let file = format!(
            "fhir_test_cases_validator/{}",
            case["file"].as_str().expect("a name")
        );
        if let Some(bytes) = sample(&file) {
            let _ = import(&bytes, knowledge(), Region::Lumbar, None);
        }
    }
}
