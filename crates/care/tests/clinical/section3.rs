//! §3, facts that are easily got wrong.
use crate::support::{knowledge, routine_but, screen};
use care::decide::{Urgency, Verdict};
use serde_json::{Value as Json, json};
use si::Region;

fn judged(change: Json) -> (Verdict, Urgency) {
    let decision = screen(&routine_but(change), Region::Lumbar);
    (decision.verdict, decision.urgency)
}

const EMERGENCY: (Verdict, Urgency) = (Verdict::Refuse, Urgency::Emergency);
const EXAMINED: (Verdict, Urgency) = (Verdict::EvaluateFirst, Urgency::Routine);

#[test]
fn an_unknown_onset_counts_as_new_and_a_known_old_one_is_examined() {
    assert_eq!(judged(json!({"urinary_retention": true})), EMERGENCY);
    assert_eq!(
        judged(json!({"urinary_retention": true, "urinary_retention_onset": "2019"})),
        EMERGENCY
    );
    let old = json!({
        "urinary_retention": true, "urinary_retention_onset": "2019", "urinary_retention_course": "unchanged"
    });
    assert_eq!(judged(old), EXAMINED);
    let worse = json!({
        "urinary_retention": true, "urinary_retention_onset": "2019", "urinary_retention_course": "worse"
    });
    assert_eq!(judged(worse), EMERGENCY);
}

#[test]
fn a_small_residual_lowers_no_cauda_equina_sign() {
    // No rule reads a residual volume, so that no number can talk a sign away.
    let read = |word: &str| {
        let rules = knowledge().all_rules().iter();
        rules
            .flat_map(|rule| rule.facts())
            .any(|fact| fact.contains(word))
    };
    assert!(!read("residual"));
    assert!(read("urinary_retention"));
}

#[test]
fn a_grade_of_three_refuses_a_grade_lost_refuses_and_a_stable_four_does_not() {
    let grade = |now: u8, then: u8| {
        json!({"myotome[S1,left]": [
            {"value": then, "by": "practitioner", "at": "2026-11-12T09:00:00Z"},
            {"value": now, "by": "practitioner"},
        ]})
    };
    assert_eq!(judged(grade(3, 3)).0, Verdict::Refuse);
    assert_eq!(judged(grade(4, 5)), (Verdict::Refuse, Urgency::Urgent));
    assert_eq!(judged(grade(4, 4)).0, Verdict::Cleared);
}

#[test]
fn who_understands_and_works_the_switch_communicates_by_whatever_means() {
    for aid in ["interpreter", "sign-language", "adaptive-switch"] {
        let able =
            json!({"communication_aid": aid, "can_signal": {"value": true, "by": "practitioner"}});
        assert_eq!(judged(able).0, Verdict::Cleared, "{aid}");
        let unable =
            json!({"communication_aid": aid, "can_signal": {"value": false, "by": "practitioner"}});
        assert_eq!(judged(unable).0, Verdict::Refuse, "{aid}");
    }
}

#[test]
fn every_finding_that_the_clinic_added_has_a_rule() {
    let added = [
        "congenital_anomaly",
        "connective_tissue_disease",
        "spinal_cord_lesion",
        "opll",
        "sedation_today",
        "stoma_or_catheter",
        "wound_under_strap",
        "deep_vein_thrombosis",
        "trunk_surgery",
        "alignment",
        "cobb_angle",
        "leg_length_difference",
        "laxity_disorder",
    ];
    for fact in added {
        let read = knowledge()
            .all_rules()
            .iter()
            .any(|rule| rule.facts().iter().any(|id| id == fact));
        assert!(read, "no rule reads {fact}");
    }
    let anomaly = knowledge()
        .catalogue()
        .get("congenital_anomaly")
        .expect("a fact");
    for kind in ["chiari", "syrinx", "tethered-cord", "spina-bifida"] {
        assert!(anomaly.values.iter().any(|value| value == kind), "{kind}");
    }
}
