//! What the published records make the rules decide, and what they do not.

use crate::samples::day_after;
use crate::support::{knowledge, sample};
use care::decide::{Decision, Gate, evaluate};
use fhir::Import;
use jiff::Timestamp;
use jiff::tz::TimeZone;
use serde_json::Value;
use si::Region;

/// The rules of the founding article and its signs: what a record may fire by itself.
const FINDINGS: [&str; 9] = [
    "advanced-osteoporosis",
    "cauda-equina",
    "progressive-nerve-damage",
    "recent-spinal-surgery",
    "severe-nerve-damage",
    "severe-weakness-new",
    "spinal-fracture",
    "spinal-fracture-suspected",
    "spinal-implant",
];

/// The decision on a record, the day after its last entry.
fn decided(file: &str) -> Option<Decision> {
    let (import, at) = day_after(&sample(file)?);
    Some(decision(&import, at))
}

fn decision(import: &Import, at: Timestamp) -> Decision {
    decision_in(Region::Lumbar, import, at)
}

fn decision_in(region: Region, import: &Import, at: Timestamp) -> Decision {
    let facts = import.readings.iter().cloned().collect();
    let gates = [Gate::Eligibility, Gate::Today];
    evaluate(&facts, region, &gates, knowledge(), at, &TimeZone::UTC)
}

/// The rules of `FINDINGS` that fired, each with its facts.
fn fired(decision: &Decision) -> Vec<(String, Vec<String>)> {
    let json = decision.to_json();
    let text = |value: &Value, name: &str| value[name].as_str().expect("text").to_owned();
    let rules = json["fired"].as_array().expect("a list").iter();
    rules
        .map(|rule| {
            let facts = rule["facts"].as_array().expect("facts").iter();
            (
                text(rule, "rule"),
                facts.map(|fact| text(fact, "fact")).collect(),
            )
        })
        .filter(|(rule, _): &(String, Vec<String>)| FINDINGS.contains(&rule.as_str()))
        .collect()
}

fn asks_something(decision: &Decision) -> bool {
    !decision.to_json()["next_questions"]
        .as_array()
        .expect("a list")
        .is_empty()
}

#[test]
fn every_finding_is_a_rule_of_the_knowledge() {
    for rule in FINDINGS {
        assert!(knowledge().rule(rule).is_some(), "{rule}");
    }
}

#[test]
fn a_pathological_fracture_is_advanced_osteoporosis_and_no_spinal_fracture() {
    let Some(decision) = decided("synthea_r4/pathological_fracture_osteoporosis.json.gz") else {
        return;
    };
    let expected = [(
        "advanced-osteoporosis".to_owned(),
        vec!["fragility_fracture".to_owned()],
    )];
    assert_eq!(fired(&decision), expected, "{}", decision.to_text());
    assert_eq!(decision.to_json()["verdict"], "refuse");
}

#[test]
fn a_lesion_of_the_spinal_cord_is_severe_nerve_damage() {
    let Some(decision) = decided("synthea_r4/spinal_cord_lesion_paralysis.json.gz") else {
        return;
    };
    let expected = [(
        "severe-nerve-damage".to_owned(),
        vec!["spinal_cord_lesion".to_owned()],
    )];
    assert_eq!(fired(&decision), expected, "{}", decision.to_text());
    assert_eq!(decision.to_json()["verdict"], "refuse");
}

#[test]
fn the_controls_fire_none_of_these_and_are_told_what_to_ask() {
    for file in [
        "synthea_r4/control_buster.json.gz",
        "synthea_r4/control_clemente.json.gz",
    ] {
        let Some(decision) = decided(file) else {
            continue;
        };
        assert_eq!(fired(&decision), [], "{file}: {}", decision.to_text());
        assert_eq!(decision.to_json()["verdict"], "evaluate-first", "{file}");
        assert!(asks_something(&decision), "{file}");
    }
}

#[test]
fn other_findings_of_the_records_fire_their_rules_the_day_after_their_last_entry() {
    let cases = [
        ("osteoporosis_and_tubal_pregnancy", "osteoporosis-ungraded"),
        ("active_pregnancy", "pregnancy"),
        ("colon_cancer", "cancer-history"),
        ("colon_cancer", "uncontrolled-hypertension"),
        ("hip_fracture", "stable-heart-disease"),
        ("clopidogrel", "recent-trunk-surgery"),
    ];
    for (name, rule) in cases {
        let Some(bytes) = sample(&format!("synthea_r4/{name}.json.gz")) else {
            continue;
        };
        let (import, at) = day_after(&bytes);
        let json = decision(&import, at).to_json();
        let fired = json["fired"].as_array().expect("a list");
        assert!(fired.iter().any(|fired| fired["rule"] == rule), "{name}");
    }
}

#[test]
fn rheumatoid_arthritis_on_record_refuses_the_neck_and_asks_for_the_film() {
    let Some(bytes) = sample("synthea_r4/rheumatoid_arthritis.json.gz") else {
        return;
    };
    let (import, at) = day_after(&bytes);
    let neck = decision_in(Region::Cervical, &import, at).to_json();
    assert_eq!(neck["verdict"], "refuse");
    let fired = |decision: &Value| -> Vec<String> {
        let rules = decision["fired"].as_array().expect("a list").iter();
        rules
            .map(|rule| rule["rule"].as_str().expect("an id").to_owned())
            .collect()
    };
    assert_eq!(
        fired(&neck),
        ["upper-cervical-not-cleared", "rheumatoid-arthritis"]
    );
    let asked: Vec<&str> = neck["next_questions"]
        .as_array()
        .expect("a list")
        .iter()
        .filter_map(|question| question["fact"].as_str())
        .collect();
    assert_eq!(asked[0], "rheumatoid_arthritis", "confirmed first");
    assert!(asked.contains(&"upper_cervical_film"), "{asked:?}");
    let back = decision_in(Region::Lumbar, &import, at).to_json();
    assert_eq!(back["verdict"], "evaluate-first");
    assert_eq!(fired(&back), ["rheumatoid-arthritis"]);
}

#[test]
fn a_stopped_clopidogrel_fires_no_rule_and_opens_its_question() {
    let Some(bytes) = sample("synthea_r4/clopidogrel.json.gz") else {
        return;
    };
    let (import, at) = day_after(&bytes);
    let asks: Vec<&str> = import.asks.iter().map(|ask| ask.fact.as_str()).collect();
    assert!(asks.contains(&"anticoagulant"), "{asks:?}");
    for region in Region::ALL {
        let facts = import.readings.iter().cloned().collect();
        let gates = Gate::EVALUATE;
        let decision = evaluate(&facts, region, gates, knowledge(), at, &TimeZone::UTC);
        let read = |fired: &care::decide::Fired| {
            let mut facts = fired.facts.iter();
            facts.any(|given| given.fact == "anticoagulant") || fired.rule.starts_with("bleeding")
        };
        assert!(!decision.fired.iter().any(read), "{region}");
    }
}

/// Every rule that a record fires by itself, by region: nothing more than it says.
const FIRED: [(&str, Region, &[&str]); 20] = [
    ("active_pregnancy", Region::Lumbar, &["pregnancy"]),
    ("active_pregnancy", Region::Cervical, &["pregnancy-neck"]),
    (
        "clopidogrel",
        Region::Lumbar,
        &["recent-trunk-surgery", "stable-heart-disease"],
    ),
    (
        "clopidogrel",
        Region::Cervical,
        &["neck-force-with-heart-disease", "stable-heart-disease"],
    ),
    (
        "colon_cancer",
        Region::Lumbar,
        &[
            "cancer-history",
            "controlled-hypertension",
            "recent-trunk-surgery",
            "uncontrolled-hypertension",
        ],
    ),
    (
        "colon_cancer",
        Region::Cervical,
        &[
            "cancer-history",
            "controlled-hypertension",
            "neck-force-with-heart-disease",
            "uncontrolled-hypertension",
        ],
    ),
    ("control_buster", Region::Lumbar, &[]),
    ("control_buster", Region::Cervical, &[]),
    ("control_clemente", Region::Lumbar, &[]),
    ("control_clemente", Region::Cervical, &[]),
    (
        "hip_fracture",
        Region::Lumbar,
        &[
            "controlled-hypertension",
            "stable-heart-disease",
            "uncontrolled-hypertension",
        ],
    ),
    (
        "hip_fracture",
        Region::Cervical,
        &[
            "controlled-hypertension",
            "neck-force-with-heart-disease",
            "stable-heart-disease",
            "uncontrolled-hypertension",
        ],
    ),
    (
        "osteoporosis_and_tubal_pregnancy",
        Region::Lumbar,
        &["osteoporosis-ungraded"],
    ),
    (
        "osteoporosis_and_tubal_pregnancy",
        Region::Cervical,
        &["osteoporosis-ungraded"],
    ),
    (
        "pathological_fracture_osteoporosis",
        Region::Lumbar,
        &[
            "advanced-osteoporosis",
            "osteoporosis-ungraded",
            "stable-heart-disease",
        ],
    ),
    (
        "pathological_fracture_osteoporosis",
        Region::Cervical,
        &[
            "advanced-osteoporosis",
            "neck-force-with-heart-disease",
            "osteoporosis-ungraded",
            "stable-heart-disease",
        ],
    ),
    (
        "rheumatoid_arthritis",
        Region::Lumbar,
        &["rheumatoid-arthritis"],
    ),
    (
        "rheumatoid_arthritis",
        Region::Cervical,
        &["rheumatoid-arthritis", "upper-cervical-not-cleared"],
    ),
    (
        "spinal_cord_lesion_paralysis",
        Region::Lumbar,
        &["severe-nerve-damage"],
    ),
    (
        "spinal_cord_lesion_paralysis",
        Region::Cervical,
        &["severe-nerve-damage"],
    ),
];

#[test]
fn each_record_fires_the_rules_of_what_it_says_and_no_other() {
    let mut wrong = Vec::new();
    for (name, region, expected) in FIRED {
        let Some(bytes) = sample(&format!("synthea_r4/{name}.json.gz")) else {
            continue;
        };
        let (import, at) = day_after(&bytes);
        let decision = decision_in(region, &import, at);
        let mut rules: Vec<&str> = decision
            .fired
            .iter()
            .map(|rule| rule.rule.as_str())
            .collect();
        rules.sort_unstable();
        if rules != expected {
            wrong.push(format!("{name}, {region}: {rules:?}"));
        }
        // A rule stands on what the record holds, each reading with its place in the record.
        for fired in &decision.fired {
            let told = |given: &care::decide::Given| {
                import
                    .readings
                    .iter()
                    .any(|reading| reading.key().to_string() == given.fact)
            };
            if fired.facts.is_empty() || !fired.facts.iter().all(told) {
                wrong.push(format!(
                    "{name}, {region}: {} stands on {:?}",
                    fired.rule, fired.facts
                ));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn what_is_stopped_or_long_over_opens_its_question_and_fires_no_rule_of_an_active_finding() {
    let rows = [
        ("clopidogrel", "anticoagulant"),
        ("osteoporosis_and_tubal_pregnancy", "pregnancy"),
        ("hip_fracture", "pregnancy"),
    ];
    for (name, fact) in rows {
        let Some(bytes) = sample(&format!("synthea_r4/{name}.json.gz")) else {
            continue;
        };
        let (import, at) = day_after(&bytes);
        assert!(
            import.asks.iter().any(|ask| ask.fact.as_str() == fact),
            "{name}: {fact}"
        );
        for region in Region::ALL {
            let decision = decision_in(region, &import, at);
            let mut read = decision.fired.iter().flat_map(|fired| &fired.facts);
            assert!(
                !read.any(|given| given.fact == fact),
                "{name}: {fact} fired"
            );
        }
    }
}
