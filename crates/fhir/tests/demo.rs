//! The demonstration clinic's data: every file is read, and each patient shows what is said.

use crate::support::{at, facts, knowledge};
use care::decide::{Gate, evaluate};
use care::diary::{Mark, Purpose};
use care::fact::FactSet;
use care::input::{Context, parse_facts};
use fhir::relative::resolve;
use fhir::{Import, import};
use jiff::Timestamp;
use jiff::tz::TimeZone;
use serde::Deserialize;
use serde_json::Value;
use si::Region;
use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Manifest {
    schema: u32,
    clinic: Clinic,
    user: Vec<User>,
    patient: Vec<Patient>,
    appointment: Vec<Appointment>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Clinic {
    name: String,
    zone: String,
    on_call: Vec<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct User {
    login: String,
    name: String,
    role: String,
    licence: Option<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Patient {
    key: String,
    shows: String,
    region: String,
    language: String,
    #[serde(default)]
    expect: BTreeMap<String, String>,
    step: Vec<Step>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Step {
    day: i32,
    time: String,
    #[serde(rename = "do")]
    act: String,
    by: String,
    #[serde(default)]
    block: Option<String>,
    #[serde(default)]
    candidate: Option<String>,
    #[serde(default)]
    seed: Option<u64>,
    #[serde(default)]
    session: Option<u32>,
    #[serde(default)]
    number: Option<u8>,
    #[serde(default)]
    today: Option<String>,
    #[serde(default)]
    arrival: Option<String>,
    #[serde(default)]
    start: Option<String>,
    #[serde(default)]
    leaving: Option<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Appointment {
    patient: String,
    day: i32,
    time: jiff::civil::Time,
    minutes: i64,
    purpose: String,
    with: String,
    #[serde(default)]
    table: Option<String>,
    #[serde(default)]
    mark: Option<String>,
}

fn text(name: &str) -> String {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../console/demo");
    std::fs::read_to_string(folder.join(name)).unwrap_or_else(|error| panic!("{name}: {error}"))
}

fn manifest() -> Manifest {
    toml::from_str(&text("demo.toml")).expect("demo.toml")
}

impl Patient {
    fn region(&self) -> Region {
        self.region.parse().expect("a region")
    }

    fn import(&self) -> Import {
        let record = resolve(
            &text(&format!("{}.fhir.json", self.key)),
            at(),
            &TimeZone::UTC,
        )
        .expect("dates");
        import(record.as_bytes(), knowledge(), self.region(), Some(at()))
            .unwrap_or_else(|problem| panic!("{}: {problem}", self.key))
    }

    fn blocks(&self) -> BTreeMap<String, Value> {
        let blocks = resolve(
            &text(&format!("{}.facts.json", self.key)),
            at(),
            &TimeZone::UTC,
        )
        .expect("dates");
        serde_json::from_str(&blocks).expect("blocks")
    }

    /// Everything recorded up to the last `evaluate` step, and its instant.
    fn chart(&self) -> (FactSet, Timestamp) {
        let last = self
            .step
            .iter()
            .rposition(|step| step.act == "evaluate")
            .expect("an evaluation");
        let mut chart: FactSet = self.import().readings.into_iter().collect();
        let blocks = self.blocks();
        for step in self.step[..last].iter().filter(|step| step.act == "facts") {
            let block = step.block.as_ref().expect("a block");
            chart.extend(self.read(&blocks[block], step.at()));
        }
        (chart, self.step[last].at())
    }

    fn read(&self, block: &Value, at: Timestamp) -> Vec<care::fact::Reading> {
        let context = Context {
            knowledge: knowledge(),
            at: Some(at),
            region: Some(self.region()),
            zone: &TimeZone::UTC,
        };
        parse_facts(block.to_string().as_bytes(), &context)
            .unwrap_or_else(|problem| panic!("{}: {problem}", self.key))
            .readings
    }
}

impl Step {
    /// The step's instant; one that lies ahead is done now.
    fn at(&self) -> Timestamp {
        let text = resolve(
            &format!("{{{{{} {}}}}}", self.day, self.time),
            at(),
            &TimeZone::UTC,
        )
        .expect("a date");
        text.parse::<Timestamp>().expect("an instant").min(at())
    }

    fn blocks(&self) -> impl Iterator<Item = &String> {
        [
            &self.block,
            &self.today,
            &self.arrival,
            &self.start,
            &self.leaving,
        ]
        .into_iter()
        .flatten()
    }
}

#[test]
fn the_manifest_names_people_roles_and_files_that_are_there() {
    let manifest = manifest();
    assert_eq!(manifest.schema, 1);
    assert!(!manifest.clinic.name.is_empty() && !manifest.clinic.zone.is_empty());
    let logins: BTreeSet<&str> = manifest
        .user
        .iter()
        .map(|user| user.login.as_str())
        .collect();
    assert!(
        manifest
            .clinic
            .on_call
            .iter()
            .all(|login| logins.contains(login.as_str()))
    );
    let roles: BTreeSet<&str> = manifest
        .user
        .iter()
        .map(|user| user.role.as_str())
        .collect();
    for role in [
        "practitioner",
        "assistant",
        "front-desk",
        "clinical-lead",
        "administrator",
    ] {
        assert!(roles.contains(role), "{role}");
    }
    for user in &manifest.user {
        let signs = matches!(user.role.as_str(), "practitioner" | "clinical-lead");
        assert_eq!(signs, user.licence.is_some(), "{}", user.name);
    }
    for patient in &manifest.patient {
        assert!(!patient.shows.is_empty() && patient.language == "en");
        for step in &patient.step {
            assert!(
                step.by == "patient" || logins.contains(step.by.as_str()),
                "{}",
                step.by
            );
        }
    }
}

#[test]
fn every_appointment_is_of_people_who_are_there_and_for_a_session_on_a_table() {
    let manifest = manifest();
    for booked in &manifest.appointment {
        let what = format!("{} {} {}", booked.patient, booked.day, booked.time);
        let mut patients = manifest.patient.iter();
        assert!(patients.any(|one| one.key == booked.patient), "{what}");
        let mut users = manifest.user.iter();
        let with = users.find(|user| user.login == booked.with);
        assert!(with.is_some_and(|user| user.licence.is_some()), "{what}");
        let purpose: Purpose = booked.purpose.parse().expect("a purpose");
        let on_a_table = purpose == Purpose::Session;
        assert_eq!(booked.table.is_some(), on_a_table, "{what}");
        assert!((5..=480).contains(&booked.minutes), "{what}");
        if let Some(mark) = &booked.mark {
            mark.parse::<Mark>().expect("a mark");
            assert!(booked.day <= 0, "{what}: marked before its day");
        }
    }
}

#[test]
fn every_step_is_of_a_known_kind_in_order_of_time_with_its_parts() {
    for patient in manifest().patient {
        let blocks = patient.blocks();
        assert!(patient.step.is_sorted_by_key(Step::at), "{}", patient.key);
        for step in &patient.step {
            let has = |parts: [bool; 4]| {
                [
                    step.block.is_some(),
                    step.candidate.is_some(),
                    step.seed.is_some(),
                    step.number.is_some(),
                ] == parts
            };
            let fits = match step.act.as_str() {
                "import" | "evaluate" | "consent" | "plan" | "review" => has([false; 4]),
                "facts" | "scores" => has([true, false, false, false]),
                "sign" => has([false, true, false, false]),
                "session" => has([false, false, true, false]) && step.blocks().count() == 4,
                "check-in" => has([true, false, false, true]) && step.session.is_some(),
                other => panic!("{}: {other}", patient.key),
            };
            assert!(fits && step.day <= 0, "{} {}", patient.key, step.act);
            for block in step.blocks() {
                let block = blocks
                    .get(block)
                    .unwrap_or_else(|| panic!("{}: no block {block}", patient.key));
                assert!(!patient.read(block, step.at()).is_empty());
            }
        }
    }
}

#[test]
fn every_block_is_used() {
    for patient in manifest().patient {
        let used: BTreeSet<&String> = patient.step.iter().flat_map(Step::blocks).collect();
        for block in patient.blocks().keys() {
            assert!(used.contains(block), "{}: {block}", patient.key);
        }
    }
}

#[test]
fn every_record_of_the_demonstration_is_imported() {
    for patient in manifest().patient {
        let import = patient.import();
        assert!(!import.patient.name.is_empty() && import.patient.birth_date.is_some());
        assert!(!facts(&import).is_empty(), "{}", patient.key);
    }
}

#[test]
fn each_patient_is_decided_as_the_manifest_says() {
    let gates = [Gate::Eligibility, Gate::Today];
    for patient in manifest().patient {
        if patient.expect.is_empty() {
            continue;
        }
        let (chart, at) = patient.chart();
        let decision = evaluate(
            &chart,
            patient.region(),
            &gates,
            knowledge(),
            at,
            &TimeZone::UTC,
        );
        let json = decision.to_json();
        for (name, expected) in &patient.expect {
            assert_eq!(
                json[name],
                expected.as_str(),
                "{}: {}",
                patient.key,
                decision.to_text()
            );
        }
    }
}
