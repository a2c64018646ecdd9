//! A plan that was edited by hand is neither signed nor used, whatever was edited.

use care::plan::{Proposal, SignedPlan};
use ed25519_dalek::SigningKey;
use serde_json::{Value as Json, json};
use si::{Newtons, Problem, Region};

use super::plan::{Asked, dose};
use super::setting::{days, start};

fn sign(plan: &str) -> Result<SignedPlan, Problem> {
    let key = SigningKey::from_bytes(&[7; 32]);
    SignedPlan::sign(plan, "gentle", "PT 1", start(), (&key, &dose()))
}

/// The plan with one place of its document changed.
fn edited(plan: &Proposal, place: &str, value: Json) -> String {
    let mut document: Json = serde_json::from_str(&plan.bytes().expect("bytes")).expect("JSON");
    let pointer = format!("/{}", place.replace('.', "/"));
    // A release is written only where it is another than the ramp.
    if let Some(pull) = pointer.strip_suffix("/release_n_per_s") {
        let pull = document.pointer_mut(pull).expect("a pull");
        pull["release_n_per_s"] = value;
        return document.to_string();
    }
    *document
        .pointer_mut(&pointer)
        .unwrap_or_else(|| panic!("no {place}")) = value;
    document.to_string()
}

#[test]
fn every_plan_that_is_proposed_is_sound() {
    for region in Region::ALL {
        for (kg, sex) in [
            (30.0, None),
            (45.0, Some("female")),
            (80.0, Some("male")),
            (350.0, None),
        ] {
            let plan = Asked::new(region, kg, sex).plan();
            plan.sound(&dose())
                .unwrap_or_else(|problem| panic!("{region} {kg}: {problem}"));
        }
    }
}

/// What was signed before there was a release reads as it did, byte for byte.
#[test]
fn a_plan_may_be_signed_with_a_gentler_descent_and_needs_none() {
    let plan = Asked::new(Region::Lumbar, 80.0, Some("male")).plan();
    assert!(!plan.bytes().expect("bytes").contains("release_n_per_s"));
    let pull = &plan.candidates.gentle.prescription;
    let (force, ramp) = (Newtons::raw(pull.force_n), pull.ramp_n_per_s);
    let before = pull.profile(force).expect("possible");
    assert_eq!(before.spec().release, before.spec().ramp);
    let gentler = (ramp * 50.0).floor() / 100.0;
    let place = "candidates.gentle.prescription.release_n_per_s";
    // A longer descent takes its time from the hold.
    let slow = edited(&plan, place, json!(gentler));
    let mut document: Json = serde_json::from_str(&slow).expect("JSON");
    let pulls = document.pointer_mut("/candidates/gentle/prescription");
    pulls.expect("a pull")["hold_s"] = json!(pull.hold_s - force.get() / gentler);
    sign(&document.to_string()).expect("a gentler descent");
    let read = Proposal::read(&document.to_string()).expect("a plan");
    let pull = &read.candidates.gentle.prescription;
    let spec = *pull.profile(force).expect("possible").spec();
    assert_eq!((spec.ramp.get(), spec.release.get()), (ramp, gentler));
    let more = pull.profile(force + force).expect("possible");
    assert!((more.spec().release.get() - 2.0 * gentler).abs() < 0.011);
}

#[test]
fn a_plan_edited_above_a_cap_is_not_signed() {
    let plan = Asked::new(Region::Lumbar, 80.0, Some("male")).plan();
    sign(&plan.bytes().expect("bytes")).expect("the plan as it was proposed");
    let pull = |name: &str| format!("candidates.gentle.prescription.{name}");
    let course = |name: &str| format!("candidates.gentle.course.{name}");
    let rows = [
        (pull("force_n"), json!(530.0)),
        (pull("force_n"), json!(0.0)),
        (pull("force_n"), json!(-5.0)),
        (pull("base_n"), json!(500.0)),
        (pull("ramp_n_per_s"), json!(90.0)),
        (pull("ramp_n_per_s"), json!(0.0)),
        (pull("release_n_per_s"), json!(90.0)),
        (pull("release_n_per_s"), json!(0.0)),
        (pull("release_n_per_s"), json!(-1.0)),
        (pull("hold_s"), json!(90_000.0)),
        (pull("rest_s"), json!(-1.0)),
        (pull("cycles"), json!(60_000)),
        (pull("mode"), json!("intermittent")),
        (pull("angle_deg"), json!(80.0)),
        (pull("position"), json!("supine")),
        (pull("table_split"), json!(false)),
        (pull("target"), json!("C5-C6")),
        (pull("region"), json!("cervical")),
        (pull("reasons"), json!([])),
        (course("ceiling_n"), json!(530.0)),
        (course("first_ceiling_n"), json!(530.0)),
        (course("step_n"), json!(300.0)),
        (course("sessions"), json!(500)),
        (course("per_week"), json!(21)),
        (course("first_sessions"), json!(9)),
        (course("max_rate_n_per_s"), json!(500.0)),
        (course("max_duration_s"), json!(90_000.0)),
        (course("pauses"), json!(50.0)),
        (course("max_travel_m"), json!(2.0)),
        ("body_weight_kg".to_owned(), json!(5_000.0)),
        ("body_weight_kg".to_owned(), json!(0.0)),
        ("verdict".to_owned(), json!("refuse")),
        ("urgency".to_owned(), json!("urgent")),
        ("urgency".to_owned(), json!("emergency")),
        ("decision_hash".to_owned(), json!("0".repeat(64))),
        ("decision_hash".to_owned(), json!("abc")),
        ("expires".to_owned(), json!("2099-01-01T00:00:00Z")),
        ("region".to_owned(), json!("cervical")),
        ("caps_approved_by".to_owned(), json!("Nobody")),
    ];
    for (place, value) in rows {
        let words = format!("{place} = {value}");
        let Err(problem) = sign(&edited(&plan, &place, value)) else {
            panic!("{words} was signed");
        };
        let code = problem.code;
        assert!(
            matches!(code, "plan-unsound" | "prescription-impossible"),
            "{words}: {problem}"
        );
        assert!(
            !problem.place.is_empty() && !problem.remedy.is_empty(),
            "{words}"
        );
    }
}

#[test]
fn the_problem_names_the_setting_and_its_value() {
    let plan = Asked::new(Region::Lumbar, 80.0, None).plan();
    let problem = sign(&edited(
        &plan,
        "candidates.gentle.prescription.force_n",
        json!(880.0),
    ))
    .expect_err("above every cap");
    assert_eq!(problem.place, "candidates.gentle.prescription.force_n");
    assert_eq!(problem.value, "880");
}

#[test]
fn a_plan_is_signed_by_somebody_and_not_before_it_was_made() {
    let key = SigningKey::from_bytes(&[7; 32]);
    let plan = Asked::new(Region::Lumbar, 80.0, None)
        .plan()
        .bytes()
        .expect("bytes");
    let early = start().checked_sub(days(1)).expect("an instant");
    for (signer, at, place) in [(" ", start(), "signer"), ("PT 1", early, "at")] {
        let problem =
            SignedPlan::sign(&plan, "gentle", signer, at, (&key, &dose())).expect_err("refused");
        assert_eq!(
            (problem.code, problem.place.as_str()),
            ("plan-unsound", place)
        );
    }
}

#[test]
fn a_cautious_plan_with_a_stronger_candidate_slipped_in_is_not_signed() {
    let plan = Asked::new(Region::Lumbar, 80.0, None).plan();
    let problem = sign(&edited(&plan, "verdict", json!("caution"))).expect_err("gentle alone");
    assert_eq!(problem.place, "candidates.standard");
}
