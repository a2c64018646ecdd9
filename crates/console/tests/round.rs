//! Records of others go round: written by a program, taken out whole, written into another clinic
//! and taken out again, on both databases.

use std::collections::BTreeMap;
use std::io::Read as _;
use std::path::PathBuf;

use axum::http::StatusCode;
use care::episode::Role;
use jiff::Timestamp;
use record::DatabaseUrl;
use serde_json::{Value, json};

use crate::browser::House;
use crate::clients::{ask, asking, client};
use crate::postgres;

/// Published bundles of one patient each; ANNULUS_SAMPLES says where they are.
const BUNDLES: [&str; 11] = [
    "synthea_r4/active_pregnancy.json.gz",
    "synthea_r4/clopidogrel.json.gz",
    "synthea_r4/colon_cancer.json.gz",
    "synthea_r4/control_buster.json.gz",
    "synthea_r4/control_clemente.json.gz",
    "synthea_r4/hip_fracture.json.gz",
    "synthea_r4/osteoporosis_and_tubal_pregnancy.json.gz",
    "synthea_r4/pathological_fracture_osteoporosis.json.gz",
    "synthea_r4/rheumatoid_arthritis.json.gz",
    "synthea_r4/spinal_cord_lesion_paralysis.json.gz",
    "ahrq_pain/brenda_jackson_r4.json",
];

/// Published patients, with what is published of them in the same folder; but for a
/// DeviceUseStatement whose reason R4 does not let be a Procedure, which is refused.
const PATIENTS: [(&str, &[&str]); 4] = [
    (
        "us_core_r4/patient-example.json",
        &[
            "us_core_r4/Device-defib.json",
            "us_core_r4/Device-knee.json",
            "us_core_r4/DiagnosticReport-bone-density-report.json",
            "us_core_r4/Procedure-R4-defib-implant.json",
            "us_core_r4/QuestionnaireResponse-exercise-vital-sign.json",
            "us_core_r4/QuestionnaireResponse-phq-9-example.json",
            "us_core_r4/allergyintolerance-example.json",
            "us_core_r4/careplan-ulcer-example.json",
            "us_core_r4/condition-duodenal-ulcer.json",
            "us_core_r4/condition-encounter-diagnosis-example1.json",
            "us_core_r4/encounter-example-1.json",
            "us_core_r4/goal-1.json",
            "us_core_r4/medicationrequest-self-tylenol.json",
            "us_core_r4/observation-pregnancy-intent.json",
            "us_core_r4/observation-pregnancy-status.json",
            "us_core_r4/procedure-rehab.json",
        ],
    ),
    ("us_core_r4/patient-child-example.json", &[]),
    ("us_core_r4/patient-deceased-example.json", &[]),
    (
        "fhir_test_cases_r4/patient-example.json",
        &[
            "fhir_test_cases_r4/condition-example.json",
            "fhir_test_cases_r4/observation-example.json",
            "fhir_test_cases_r4/allergyintolerance-example.json",
            "fhir_test_cases_r4/careteam-example.json",
            "fhir_test_cases_r4/encounter-example.json",
            "fhir_test_cases_r4/episodeofcare-example.json",
            "fhir_test_cases_r4/flag-example.json",
            "fhir_test_cases_r4/goal-example.json",
        ],
    ),
];

/// What the clinic has of its own, and what says who wrote what when, and in which document: it is
/// another clinic's the second time.
const OWN: [&str; 7] = [
    "AuditEvent",
    "Device",
    "DocumentReference",
    "Organization",
    "Practitioner",
    "PractitionerRole",
    "Provenance",
];

fn sample(name: &str) -> Value {
    let root = std::env::var_os("ANNULUS_SAMPLES").map_or_else(
        || {
            PathBuf::from(concat!(
                env!("CARGO_MANIFEST_DIR"),
                "/../../../shared/samples"
            ))
        },
        PathBuf::from,
    );
    let bytes = std::fs::read(root.join("fhir").join(name)).unwrap();
    let mut text = Vec::new();
    match name.ends_with(".gz") {
        true => {
            let mut unpacked = flate2::read::GzDecoder::new(bytes.as_slice());
            unpacked.read_to_end(&mut text).unwrap();
        }
        false => text = bytes,
    }
    serde_json::from_slice(&text).unwrap()
}

/// Every resource as an entry that is created, the patient's with the region that is treated.
fn transaction(entries: impl IntoIterator<Item = Value>) -> Value {
    let sent = entries.into_iter().map(|mut entry| {
        let kind = entry["resource"]["resourceType"]
            .as_str()
            .unwrap()
            .to_owned();
        if kind == "Patient" {
            let said = json!({ "url": "urn:annulus:extension:region", "valueCode": "lumbar" });
            let all = &mut entry["resource"]["extension"];
            match all.as_array_mut() {
                Some(all) if !all.contains(&said) => all.push(said),
                Some(_) => {}
                None => *all = json!([said]),
            }
        }
        let mut sent = json!({
            "resource": entry["resource"],
            "request": { "method": "POST", "url": kind },
        });
        if let Some(url) = entry.get("fullUrl") {
            sent["fullUrl"] = url.clone();
        }
        sent
    });
    let entries: Vec<Value> = sent.collect();
    json!({ "resourceType": "Bundle", "type": "transaction", "entry": entries })
}

fn alone((patient, more): (&str, &[&str])) -> Value {
    let all = std::iter::once(&patient).chain(more).map(|name| {
        let resource = sample(name);
        let kind = resource["resourceType"].as_str().unwrap();
        let id = resource["id"].as_str().unwrap();
        json!({ "fullUrl": format!("https://elsewhere.example/fhir/{kind}/{id}"), "resource": resource })
    });
    transaction(all)
}

fn samples() -> Vec<(&'static str, Value)> {
    let bundles = BUNDLES.map(|name| {
        let entries = sample(name)["entry"].as_array().unwrap().clone();
        (name, transaction(entries))
    });
    let patients = PATIENTS.map(|(name, more)| (name, alone((name, more))));
    bundles.into_iter().chain(patients).collect()
}

/// A clinic with a program that may write and read.
struct Place {
    house: House,
    token: String,
    begun: Timestamp,
}

impl Place {
    async fn open(database: Option<DatabaseUrl>) -> Self {
        let house = House::open(|options| options.database = database).await;
        house.hire(Role::Administrator).await;
        let (_, token) = client(&house, "system/*.crs").await;
        let begun = Timestamp::now();
        Self {
            house,
            token,
            begun,
        }
    }

    /// Writes a record and takes it out again: the id of its patient, and all of it.
    async fn round(&self, name: &str, bundle: &Value) -> (String, Value) {
        let json = ("application/fhir+json", bundle.to_string());
        let request = asking(("POST", "/fhir"), Some(&self.token), json);
        let page = self.house.browser().send(request).await;
        assert_eq!(page.status, StatusCode::OK, "{name}: {}", page.body);
        let answer: Value = serde_json::from_str(&page.body).unwrap();
        let entries = answer["entry"].as_array().unwrap().iter();
        let mut locations = entries.filter_map(|entry| entry["response"]["location"].as_str());
        let patient = locations
            .find_map(|at| at.strip_prefix("Patient/"))
            .unwrap();
        let id = patient.split('/').next().unwrap().to_owned();
        let path = format!("/fhir/Patient/{id}/$everything");
        let page = ask(&self.house, &path, Some(&self.token)).await;
        assert_eq!(page.status, StatusCode::OK, "{name}: {}", page.body);
        (id, serde_json::from_str(&page.body).unwrap())
    }

    /// A record without ids and times of writing.
    fn masked(&self, patient: &str, record: &Value) -> Vec<String> {
        let all = record["entry"].as_array().unwrap().iter();
        let theirs = all.map(|entry| &entry["resource"]).filter(|one| {
            let kind = one["resourceType"].as_str().unwrap();
            !OWN.contains(&kind)
        });
        let mut all: Vec<String> = theirs
            .map(|one| {
                let mut one = one.clone();
                let members = one.as_object_mut().unwrap();
                members.remove("id");
                members.remove("meta");
                self.mask(patient, &mut one);
                one.to_string()
            })
            .collect();
        all.sort_unstable();
        all
    }

    fn mask(&self, patient: &str, value: &mut Value) {
        match value {
            Value::String(text) => *text = self.text(patient, text),
            Value::Array(all) => {
                // The place in the document that brought it, and the number at the clinic before.
                all.retain(|one| {
                    one["url"] != "urn:annulus:extension:document"
                        && one["system"] != "urn:annulus:patient"
                });
                all.iter_mut().for_each(|one| self.mask(patient, one));
            }
            Value::Object(members) => {
                members.values_mut().for_each(|one| self.mask(patient, one));
                members.retain(|_, one| *one != json!([]));
            }
            _ => {}
        }
    }

    /// The ids of the clinic and the patient, the place of an event behind it, and instants since
    /// the clinic began: when it was written here.
    fn text(&self, patient: &str, text: &str) -> String {
        if text.parse().is_ok_and(|at: Timestamp| at >= self.begun) {
            return "now".to_owned();
        }
        if text.starts_with("Organization/") {
            return "Organization/OF-THE-CLINIC".to_owned();
        }
        let text = text.replace(patient, "PATIENT");
        let simple = patient.replace('-', "");
        match text.split_once(&simple) {
            Some((before, _)) => format!("{before}OF-PATIENT"),
            None => text,
        }
    }
}

/// What of one is not in the other, in a few words.
fn missing(these: &[String], those: &[String]) -> Vec<String> {
    let mut left: BTreeMap<&String, usize> = BTreeMap::new();
    for one in those {
        *left.entry(one).or_default() += 1;
    }
    let without = these.iter().filter(|one| match left.get_mut(one) {
        Some(count) if *count > 0 => {
            *count -= 1;
            false
        }
        _ => true,
    });
    without.cloned().collect()
}

fn same(what: &str, these: &[String], those: &[String], wrong: &mut Vec<String>) {
    let (lost, new) = (missing(these, those), missing(those, these));
    if !(lost.is_empty() && new.is_empty()) {
        let show = |all: &[String]| -> String {
            all.iter()
                .take(2)
                .cloned()
                .collect::<Vec<_>>()
                .join("\n    ")
        };
        wrong.push(format!(
            "{what}: {} of {} lost, {} new\n  - {}\n  + {}",
            lost.len(),
            these.len(),
            new.len(),
            show(&lost),
            show(&new)
        ));
    }
}

/// Every record after its first and its second clinic.
async fn round(
    database: impl Fn() -> Option<DatabaseUrl>,
    wrong: &mut Vec<String>,
) -> Vec<Vec<String>> {
    let (first, second) = (Place::open(database()).await, Place::open(database()).await);
    let mut all = Vec::new();
    for (name, bundle) in samples() {
        let (id, record) = first.round(name, &bundle).await;
        let before = first.masked(&id, &record);
        assert!(!before.is_empty(), "{name}");
        let theirs = record["entry"].as_array().unwrap().iter().filter(|entry| {
            let kind = entry["resource"]["resourceType"].as_str().unwrap();
            kind != "AuditEvent"
        });
        let again = transaction(theirs.cloned());
        let (id, record) = second.round(name, &again).await;
        let after = second.masked(&id, &record);
        same(name, &before, &after, wrong);
        all.push(before);
    }
    all
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_published_record_is_the_same_after_a_second_clinic_on_both_databases() {
    let mut wrong = Vec::new();
    let here = round(|| None, &mut wrong).await;
    match postgres::shared() {
        None => postgres::skipped("round::every_published_record"),
        Some(server) => {
            let database = || Some(postgres::parsed(&server.database()));
            let there = round(database, &mut wrong).await;
            for (one, other) in here.iter().zip(&there) {
                same("on the other database", one, other, &mut wrong);
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}
