//! One person's spine as a document.

use care::plan::Prescription;
use care::subject::{BeliefDocument, SpineDocument};
use serde_json::{Value, json};
use si::{Problem, Region, Segment};
use spine::column::Subject;
use spine::unknown::Belief;

fn whole() -> Value {
    json!({
        "schema": "annulus.spine/1", "sex": "female", "age_years": 46, "height_m": 1.68, "mass_kg": 71,
        "measured": {
            "disc_height_mm": {"L5-S1": 9.5}, "grade": {"L4-L5": 3}, "disc_area_mm2": {"L4-L5": 1500},
            "lordosis_deg": 52, "kyphosis_deg": 40, "cervical_lordosis_deg": 20, "sacral_slope_deg": 38,
            "sagittal_offset_mm": 10, "coronal": {"cobb_deg": 12, "apex": "T8-T9", "side": "right"}
        },
        "posture": {"position": "supine", "neck_flexion_deg": 5},
        "couch": {"incline_deg": -2, "slack_mm": 8}
    })
}

fn pull() -> Prescription {
    let pull = json!({
        "region": "lumbar", "target": "L5-S1", "position": "supine", "table_split": true,
        "mode": "static", "force_n": 200, "base_n": 20, "ramp_n_per_s": 10,
        "hold_s": 300, "rest_s": 0, "cycles": 1, "angle_deg": 0
    });
    Prescription::read(pull.to_string().as_bytes()).unwrap()
}

fn subject(document: &Value) -> Result<Subject, Problem> {
    SpineDocument::read(document.to_string().as_bytes())?.subject(&pull())
}

/// The problem that a changed document is told.
fn refused(change: impl FnOnce(&mut Value)) -> Problem {
    let mut document = whole();
    change(&mut document);
    let problem = subject(&document).expect_err("it is refused");
    assert!(!problem.remedy.is_empty() && !problem.problem.is_empty());
    problem
}

#[test]
fn every_key_of_the_schema_is_read() {
    let document = SpineDocument::read(whole().to_string().as_bytes()).unwrap();
    let again = serde_json::to_value(&document).unwrap();
    let numbers = |value: &Value| value.to_string().replace(".0", "");
    let sorted = |value: &Value| {
        let mut parts: Vec<String> = numbers(value)
            .split([',', '{', '}'])
            .map(str::to_owned)
            .collect();
        parts.sort();
        parts
    };
    assert_eq!(sorted(&again), sorted(&whole()));
}

#[test]
fn what_was_measured_replaces_the_regression_and_nothing_else() {
    let plain = |document: &mut Value| document["measured"] = json!({});
    let mut document = whole();
    plain(&mut document);
    let usual = subject(&document).unwrap();
    document["measured"] = json!({"grade": {"L4-L5": 4}, "disc_height_mm": {"L5-S1": 9.5}});
    let own = subject(&document).unwrap();
    for (index, segment) in Segment::ALL.iter().enumerate() {
        let (one, other) = (&usual.anatomy.joints[index], &own.anatomy.joints[index]);
        match segment {
            Segment::L5S1 => assert!((other.height - 9.5e-3).abs() < 1e-9),
            Segment::L4L5 => assert_eq!(other.grade, 4),
            _ => assert_eq!(one.height.to_bits(), other.height.to_bits(), "{segment}"),
        }
    }
}

#[test]
fn the_least_that_is_needed_is_age_and_mass() {
    let least = json!({"schema": "annulus.spine/1", "age_years": 46, "mass_kg": 71});
    subject(&least).unwrap();
    for key in ["age_years", "mass_kg", "schema"] {
        let problem = refused(|d| drop(d.as_object_mut().unwrap().remove(key)));
        assert_eq!((problem.code, problem.place.as_str()), ("missing-key", key));
    }
}

#[test]
fn an_unknown_key_is_named_with_those_that_are_known() {
    let problem = refused(|d| d["measured"]["lordosis"] = json!(52));
    assert_eq!(problem.place, "measured.lordosis");
    assert!(problem.remedy.contains("lordosis_deg"), "{problem}");
    let problem = refused(|d| d["weight"] = json!(71));
    assert_eq!(
        (problem.code, problem.place.as_str()),
        ("unknown-key", "weight")
    );
}

#[test]
fn values_that_no_person_has_are_refused_at_their_place() {
    let at = |place: &str, change: fn(&mut Value)| {
        let problem = refused(change);
        assert_eq!(problem.place, place, "{problem}");
        assert!(!problem.value.is_empty(), "{problem}");
    };
    at("age_years", |d| d["age_years"] = json!(7));
    at("mass_kg", |d| d["mass_kg"] = json!(900));
    at("height_m", |d| d["height_m"] = json!(168));
    at("measured.grade[L4-L5]", |d| {
        d["measured"]["grade"]["L4-L5"] = json!(6)
    });
    at("measured.disc_height_mm[L9-L10]", |d| {
        d["measured"]["disc_height_mm"]["L9-L10"] = json!(9);
    });
    at("measured.disc_height_mm[L5-S1]", |d| {
        d["measured"]["disc_height_mm"]["L5-S1"] = json!(-3);
    });
    at("measured.lordosis_deg", |d| {
        d["measured"]["lordosis_deg"] = json!(120)
    });
    at("measured.coronal.apex", |d| {
        d["measured"]["coronal"]["apex"] = json!("L5-S1")
    });
    at("measured.coronal.side", |d| {
        d["measured"]["coronal"]["side"] = json!("up")
    });
    at("posture.neck_flexion_deg", |d| {
        d["posture"]["neck_flexion_deg"] = json!(80)
    });
    at("posture.position", |d| {
        d["posture"]["position"] = json!("prone")
    });
    at("posture.position", |d| {
        d["posture"]["position"] = json!("standing")
    });
    at("mass_kg", |d| d["mass_kg"] = json!("71 kg"));
}

#[test]
fn a_prescription_by_itself_is_read_strictly() {
    let read = |change: fn(&mut Value)| {
        let mut own = serde_json::to_value(pull()).unwrap();
        change(&mut own);
        Prescription::read(own.to_string().as_bytes())
    };
    assert_eq!(read(|_| ()).unwrap(), pull());
    let place = |change| read(change).expect_err("it is refused").place;
    assert_eq!(place(|p| p["force"] = json!(3)), "force");
    assert_eq!(place(|p| p["force_n"] = json!("200 N")), "force_n");
    assert_eq!(place(|p| p["target"] = json!("L7-L8")), "target");
    assert_eq!(place(|p| p["region"] = json!("thoracic")), "region");
}

#[test]
fn a_belief_comes_back_as_it_was_and_only_for_its_region() {
    let belief = Belief::prior(Region::Lumbar);
    let bytes = serde_json::to_vec(&BeliefDocument::of(&belief)).unwrap();
    assert_eq!(
        BeliefDocument::read(&bytes, Region::Lumbar).unwrap(),
        belief
    );
    let other = BeliefDocument::read(&bytes, Region::Cervical).expect_err("another region");
    assert_eq!(other.place, "region");
    let cut = String::from_utf8(bytes)
        .unwrap()
        .replacen("\"mean\":[0.0,", "\"mean\":[", 1);
    assert!(BeliefDocument::read(cut.as_bytes(), Region::Lumbar).is_err());
}
