//! Heart, pressure, arteries and what straps press on: whole decisions (CLINICAL.md §1.1, §1.9, §3).
use crate::support::{routine_but, rules, screen};
use care::decide::{Condition, Decision, MonitorAt, QuestionReason, Urgency, Verdict};
use serde_json::{Value, json};
use si::Region;

fn pressure(value: u16) -> Value {
    json!({"value": value, "unit": "mm[Hg]", "by": "assistant"})
}

/// A patient with treated hypertension and nothing else, measured now.
fn hypertension(systolic: u16, diastolic: u16) -> Value {
    json!({
        "heart_lung_blood": true, "hypertension": true, "hypertension_controlled": true,
        "cardiac_disease": false, "cardiac_disease_unstable": false,
        "respiratory_insufficiency": false, "anticoagulant": false, "bleeding_disorder": false,
        "deep_vein_thrombosis": false, "jugular_thrombosis": false,
        "vertebrobasilar_insufficiency": false,
        "systolic_now": pressure(systolic), "diastolic_now": pressure(diastolic),
    })
}

fn verdicts(decision: &Decision) -> (Verdict, Urgency) {
    (decision.verdict, decision.urgency)
}

#[test]
fn resting_pressure_of_180_or_110_that_stays_after_five_minutes_is_not_pulled_today() {
    for region in Region::ALL {
        let screened = |facts: Value| screen(&routine_but(facts), region);
        let calm = screened(hypertension(179, 109));
        assert_eq!(
            verdicts(&calm),
            (Verdict::Caution, Urgency::Routine),
            "{region}"
        );
        for (systolic, diastolic) in [(180, 80), (150, 110)] {
            let mut facts = hypertension(systolic, diastolic);
            assert_eq!(screened(facts.clone()).verdict, Verdict::Refuse);
            facts["systolic_repeat"] = pressure(170);
            facts["diastolic_repeat"] = pressure(100);
            assert_eq!(
                screened(facts).verdict,
                Verdict::Caution,
                "{systolic}/{diastolic}"
            );
        }
    }
}

#[test]
fn a_condition_asks_for_pressure_before_during_and_after_and_names_the_stop() {
    let decision = screen(&routine_but(hypertension(130, 80)), Region::Cervical);
    let monitored = |condition: &&Condition| condition.fact.as_deref() == Some("systolic_now");
    let condition = decision
        .conditions
        .iter()
        .find(monitored)
        .expect("a condition");
    let always = [MonitorAt::Before, MonitorAt::During, MonitorAt::After];
    assert_eq!(condition.when, always);
    let stop = condition.stop_at.as_deref();
    assert_eq!(stop, Some("systolic_rise >= 30 mm[Hg]"));
    let share = decision
        .conditions
        .iter()
        .find_map(|c| c.max_body_weight_fraction);
    assert_eq!(share, Some(0.10), "the neck stays below a tenth");
    let lumbar = screen(&routine_but(hypertension(130, 80)), Region::Lumbar);
    let share = lumbar
        .conditions
        .iter()
        .find_map(|c| c.max_body_weight_fraction);
    assert_eq!(share, None);
}

#[test]
fn pressure_is_needed_only_where_heart_or_pressure_are_a_concern() {
    let asks = |facts: Value| -> Vec<String> {
        let decision = screen(&routine_but(facts), Region::Lumbar);
        let asked = decision.next_questions.iter();
        asked.map(|question| question.fact.clone()).collect()
    };
    let mut ill = hypertension(130, 80);
    let facts = ill.as_object_mut().expect("an object");
    facts.remove("systolic_now");
    facts.remove("diastolic_now");
    assert!(asks(ill).contains(&"systolic_now".to_owned()));
    assert!(
        asks(json!({})).is_empty(),
        "the routine patient is asked nothing"
    );
}

#[test]
fn an_aneurysm_on_record_refuses_at_once_and_is_an_emergency_only_with_a_sign() {
    let known = |more: Value| {
        let record = json!({"value": true, "by": "record", "unconfirmed": true});
        let mut facts = json!({"aneurysm_known": record});
        let members = more.as_object().expect("an object").clone();
        facts.as_object_mut().expect("an object").extend(members);
        screen(&routine_but(facts), Region::Cervical)
    };
    let silent = known(json!({}));
    assert_eq!(verdicts(&silent), (Verdict::Refuse, Urgency::Urgent));
    assert_eq!(silent.next_questions[0].reason, QuestionReason::Confirm);
    for sign in ["vascular_signs", "boring_pain", "tearing_pain"] {
        assert_eq!(
            known(json!({sign: true})).urgency,
            Urgency::Emergency,
            "{sign}"
        );
    }
}

#[test]
fn no_detail_of_a_red_flag_family_lowers_what_the_family_raised() {
    let families = [
        (
            "cord_signs",
            ["gait_unsteady", "hands_clumsy"],
            Urgency::Urgent,
        ),
        (
            "vascular_signs",
            ["worst_headache", "tearing_pain"],
            Urgency::Emergency,
        ),
        (
            "fracture_signs",
            ["significant_trauma", "minor_trauma"],
            Urgency::Urgent,
        ),
        (
            "cancer_signs",
            ["night_pain_constant", "lump_found"],
            Urgency::Urgent,
        ),
        (
            "infection_signs",
            ["fever_or_shivering", "recent_procedure"],
            Urgency::Urgent,
        ),
    ];
    for (family, [one, other], urgency) in families {
        let facts = json!({family: true, one: false, other: false});
        let decision = screen(&routine_but(facts), Region::Lumbar);
        assert_eq!(verdicts(&decision), (Verdict::Refuse, urgency), "{family}");
    }
}

#[test]
fn a_jaw_disorder_asks_for_the_occipital_harness_and_matters_for_the_neck_only() {
    let facts = || {
        json!({
            "strap_problem": true, "jaw_disorder": true, "hiatal_or_abdominal_hernia": false,
            "active_peptic_ulcer": false, "stoma_or_catheter": false, "wound_under_strap": false,
            "skin_disease_under_strap": false, "trunk_surgery": false,
            "femoral_artery_disease": false, "acute_torticollis": false,
            "claustrophobia_or_anxiety": false,
        })
    };
    let neck = screen(&routine_but(facts()), Region::Cervical);
    assert_eq!(rules(&neck), ["jaw-disorder"]);
    let items: Vec<_> = neck
        .conditions
        .iter()
        .filter_map(|c| c.item.as_deref())
        .collect();
    assert_eq!(items, ["occipital-harness"]);
    let back = screen(&routine_but(facts()), Region::Lumbar);
    assert_eq!(back.verdict, Verdict::Cleared, "{:?}", rules(&back));
}
