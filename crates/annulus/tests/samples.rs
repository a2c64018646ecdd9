//! What published records decide to (the issue's *Shown by*).

use crate::run::{annulus_with, samples, unpacked};
use serde_json::Value;

const RECORDS: [&str; 4] = [
    "pathological_fracture_osteoporosis",
    "spinal_cord_lesion_paralysis",
    "control_buster",
    "control_clemente",
];

fn decided(name: &str) -> Option<Value> {
    let folder = samples("published records decide as expected")?;
    let bytes = unpacked(&folder.join(format!("fhir/synthea_r4/{name}.json.gz")));
    Some(
        annulus_with(
            &["evaluate", "-", "--region", "lumbar", "--format", "json"],
            &bytes,
        )
        .json(),
    )
}

fn fired(decision: &Value) -> Vec<String> {
    let rules = decision["fired"].as_array().expect("fired is a list");
    rules
        .iter()
        .map(|rule| rule["rule"].as_str().expect("a rule has an id").to_owned())
        .collect()
}

fn rule<'a>(decision: &'a Value, id: &str) -> &'a Value {
    let rules = decision["fired"].as_array().expect("fired is a list");
    rules
        .iter()
        .find(|rule| rule["rule"] == id)
        .unwrap_or_else(|| panic!("{id} did not fire: {:?}", fired(decision)))
}

#[test]
fn a_pathological_fracture_of_a_limb_is_advanced_osteoporosis_and_no_spinal_fracture() {
    let Some(decision) = decided("pathological_fracture_osteoporosis") else {
        return;
    };
    let advanced = rule(&decision, "advanced-osteoporosis");
    assert_eq!(advanced["verdict"], "refuse");
    assert_eq!(advanced["facts"][0]["fact"], "fragility_fracture");
    assert_eq!(advanced["facts"][0]["by"], "record");
    assert!(
        !fired(&decision)
            .iter()
            .any(|rule| rule.contains("spinal-fracture")),
        "{:?}",
        fired(&decision)
    );
    assert_eq!(decision["verdict"], "refuse");
}

#[test]
fn a_lesion_of_the_spinal_cord_is_severe_nerve_damage() {
    let Some(decision) = decided("spinal_cord_lesion_paralysis") else {
        return;
    };
    let severe = rule(&decision, "severe-nerve-damage");
    assert_eq!(severe["verdict"], "refuse");
    let facts = severe["facts"].as_array().expect("a list");
    assert!(
        facts
            .iter()
            .any(|fact| fact["fact"] == "spinal_cord_lesion"),
        "{facts:?}"
    );
}

#[test]
fn the_controls_fire_no_founding_rule_and_are_told_what_to_ask() {
    for name in ["control_buster", "control_clemente"] {
        let Some(decision) = decided(name) else {
            return;
        };
        assert_eq!(decision["verdict"], "evaluate-first", "{name}");
        assert_eq!(decision["urgency"], "none", "{name}");
        assert_eq!(fired(&decision), Vec::<String>::new(), "{name}");
        let questions = decision["next_questions"].as_array().expect("a list");
        assert!(
            questions.len() > 10,
            "{name} is asked {} questions",
            questions.len()
        );
        let asked: Vec<_> = questions
            .iter()
            .filter_map(|question| question["fact"].as_str())
            .collect();
        assert!(
            asked.contains(&"cauda_equina_signs") && asked.contains(&"spine_operated"),
            "{asked:?}"
        );
    }
}

#[test]
fn a_program_that_always_said_evaluate_first_would_fail() {
    let mut verdicts = Vec::new();
    for name in RECORDS {
        let Some(decision) = decided(name) else {
            return;
        };
        verdicts.push(decision["verdict"].as_str().expect("a verdict").to_owned());
    }
    verdicts.dedup();
    assert!(verdicts.len() > 1, "every record got {verdicts:?}");
}

#[test]
fn what_was_not_mapped_is_listed() {
    let Some(folder) = samples("what was not mapped is listed") else {
        return;
    };
    let bytes = std::fs::read(folder.join("fhir/ahrq_pain/brenda_jackson_r4.json"))
        .expect("the sample is there");
    let decision = annulus_with(
        &["evaluate", "-", "--region", "lumbar", "--format", "json"],
        &bytes,
    )
    .json();
    let unmapped = decision["record"]["unmapped"].as_array().expect("a list");
    assert!(!unmapped.is_empty());
    for entry in unmapped {
        assert!(
            entry["reason"]
                .as_str()
                .is_some_and(|reason| !reason.is_empty()),
            "{entry}"
        );
        assert!(
            entry["place"]
                .as_str()
                .is_some_and(|place| !place.is_empty()),
            "{entry}"
        );
    }
}
