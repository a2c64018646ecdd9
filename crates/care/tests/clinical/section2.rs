//! §2, freshness: how long an answer counts.
use crate::support::knowledge;

/// What §2 lists, and what follows from it for the facts that carry it.
const FRESH: [(&str, &str); 31] = [
    ("cauda_equina_signs", "session"),
    ("cord_signs", "session"),
    ("vascular_signs", "session"),
    ("fracture_signs", "session"),
    ("cancer_signs", "session"),
    ("infection_signs", "session"),
    ("weakness_progressing", "session"),
    ("sedation_today", "session"),
    ("pregnancy", "session"),
    ("pain_now", "session"),
    ("systolic_now", "session"),
    ("diastolic_now", "session"),
    ("event_since_last", "session"),
    ("motor_strength", "14 days"),
    ("myotome", "14 days"),
    ("sensation", "14 days"),
    ("upper_motor_signs", "14 days"),
    ("body_weight", "30 days"),
    ("anticoagulant", "30 days"),
    ("steroid_long_term", "30 days"),
    ("imaging_on_file", "12 months"),
    ("imaging_finding", "12 months"),
    ("dxa_t_score", "24 months"),
    ("spinal_surgery", "permanent"),
    ("spinal_surgery_date", "permanent"),
    ("spinal_implant", "permanent"),
    ("stimulator_or_pump", "permanent"),
    ("spine_operated", "permanent"),
    ("congenital_anomaly", "permanent"),
    ("laxity_disorder", "permanent"),
    ("fragility_fracture", "permanent"),
];

#[test]
fn each_answer_counts_as_long_as_the_clinic_settled() {
    for (id, fresh) in FRESH {
        let fact = knowledge()
            .catalogue()
            .get(id)
            .unwrap_or_else(|| panic!("no fact {id}"));
        assert_eq!(fact.fresh, fresh, "{id}");
    }
}

/// A fall, new sign, surgery, injection or hospital stay makes examination and imaging stale.
#[test]
fn an_event_makes_examination_and_imaging_stale_at_once() {
    for id in [
        "motor_strength",
        "myotome",
        "sensation",
        "upper_motor_signs",
        "imaging_on_file",
        "imaging_finding",
    ] {
        let fact = knowledge()
            .catalogue()
            .get(id)
            .unwrap_or_else(|| panic!("no fact {id}"));
        assert!(
            fact.stale_on
                .iter()
                .any(|event| event == "event_since_last"),
            "{id}"
        );
    }
}
