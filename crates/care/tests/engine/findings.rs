//! Bone, joints, congenital, implants, imaging grades and nerves: what CLINICAL §1.8 and §3
//! say of them, over whole decisions.
use crate::support::{AT, at, facts, knowledge, patient, routine, routine_but, rules, screen};
use care::decide::{Decision, Urgency, Verdict};
use care::fact::{By, FactKey, FactSet, Reading, Value};
use care::knowledge::Rule;
use serde_json::{Value as Json, json};
use si::Region;

/// The routine patient of a region, with findings of a practitioner.
fn found(region: Region, findings: &[(&str, Value)]) -> FactSet {
    let mut chart = patient(region);
    for (fact, value) in findings {
        let key = FactKey::parse(fact).expect("a key");
        chart.insert(Reading::value(key, value.clone(), at(AT), By::Practitioner));
    }
    chart
}

fn yes() -> Value {
    Value::Bool(true)
}

fn word(word: &str) -> Value {
    Value::Choice(word.to_owned())
}

/// A chart whose image names a finding, all single findings denied but these.
fn on_image(changes: Json) -> Decision {
    let mut answers = routine(Region::Lumbar);
    let mut put = |fact: &str, value: Json| {
        answers[fact] = json!({"value": value, "by": "practitioner"});
    };
    put("imaging_finding", json!(true));
    put("imaging_date", json!("2026-09-10"));
    for none in [
        "imaging_fracture",
        "imaging_fracture_healed",
        "imaging_tumour",
        "imaging_infection",
        "hardware_on_image",
        "cord_signal_change",
        "opll",
        "scoliosis_on_image",
        "segment_lax",
    ] {
        put(none, json!(false));
    }
    for none in [
        "spondylolisthesis",
        "pars_defect",
        "stenosis_severity",
        "herniation_type",
        "congenital_anomaly",
    ] {
        put(none, json!("none"));
    }
    for (fact, value) in changes.as_object().expect("an object") {
        put(fact, value.clone());
    }
    screen(&facts(answers), Region::Lumbar)
}

#[test]
fn a_systemic_laxity_disorder_refuses_every_region_and_one_lax_segment_its_own() {
    for region in Region::ALL {
        let systemic = found(region, &[("laxity_disorder", word("marfan"))]);
        let decision = screen(&systemic, region);
        assert_eq!(rules(&decision), ["systemic-laxity"], "{region}");
        assert_eq!(decision.verdict, Verdict::Refuse, "{region}");
    }
    let lax = [("lax_segment[L4-L5]", yes())];
    let lumbar = screen(&found(Region::Lumbar, &lax), Region::Lumbar);
    assert_eq!(rules(&lumbar), ["lax-segment"]);
    let neck = screen(&found(Region::Cervical, &lax), Region::Cervical);
    assert_eq!(neck.verdict, Verdict::Cleared, "{:?}", rules(&neck));
}

#[test]
fn a_yes_to_a_question_of_subject_is_judged_by_the_finding_that_explains_it() {
    let told = |changes: Json| screen(&routine_but(changes), Region::Lumbar);
    let denied = json!({
        "joint_disease": true, "rheumatoid_arthritis": false, "axial_spondyloarthritis": false,
        "connective_tissue_disease": false, "laxity_disorder": "none",
        "congenital_anomaly": "none", "segment_lax": false,
    });
    assert_eq!(
        rules(&told(denied.clone())),
        ["joint-disease-unexplained"],
        "nothing explains the yes"
    );
    let mut explained = denied;
    explained["congenital_anomaly"] = json!("syrinx");
    assert_eq!(rules(&told(explained)), ["cord-anomaly"]);
    assert_eq!(rules(&on_image(json!({}))), ["imaging-finding-unexplained"]);
    let mild = on_image(json!({"stenosis_severity": "mild"}));
    assert_eq!(mild.verdict, Verdict::Cleared, "{:?}", rules(&mild));
}

#[test]
fn rheumatoid_arthritis_refuses_the_neck_until_a_stable_film_and_asks_for_it() {
    let arthritis = [("joint_disease", yes()), ("rheumatoid_arthritis", yes())];
    let without = screen(&found(Region::Cervical, &arthritis), Region::Cervical);
    assert!(rules(&without).contains(&"upper-cervical-not-cleared"));
    let asked = without.next_questions.iter().map(|q| q.fact.as_str());
    assert!(asked.clone().any(|fact| fact == "upper_cervical_film"));
    let mut chart = found(Region::Cervical, &arthritis);
    let film = FactKey::plain("upper_cervical_film");
    chart.insert(Reading::value(
        film,
        word("stable"),
        at(AT),
        By::Practitioner,
    ));
    let stable = screen(&chart, Region::Cervical);
    assert!(!rules(&stable).contains(&"upper-cervical-not-cleared"));
    let lumbar = screen(&found(Region::Lumbar, &arthritis), Region::Lumbar);
    assert!(rules(&lumbar).contains(&"rheumatoid-arthritis"));
    assert!(!rules(&lumbar).contains(&"upper-cervical-not-cleared"));
}

#[test]
fn a_stable_root_sign_refuses_nothing_and_a_grade_lost_or_grade_3_does() {
    let graded = |then: u8, now: u8| {
        let mut answers = routine(Region::Lumbar);
        answers["motor_strength"] = json!({"value": "reduced", "by": "practitioner"});
        for region in Region::ALL {
            let myotome = knowledge().catalogue().get("myotome").expect("a fact");
            for index in myotome.indices(region) {
                let key = format!("myotome[{}]", index.join(","));
                answers[key] = json!({"value": 5, "by": "practitioner"});
            }
        }
        answers["myotome[L5,left]"] = json!([
            {"value": then, "by": "practitioner", "at": "2026-11-15T09:00:00Z"},
            {"value": now, "by": "practitioner"},
        ]);
        screen(&facts(answers), Region::Lumbar)
    };
    let stable = graded(4, 4);
    assert_eq!(stable.verdict, Verdict::Cleared, "{:?}", stable.undecided);
    let lost = graded(5, 4);
    assert_eq!(rules(&lost), ["progressive-nerve-damage"]);
    assert_eq!(lost.urgency, Urgency::Urgent);
    assert!(rules(&graded(3, 3)).contains(&"severe-weakness"));
}

#[test]
fn what_the_sources_contest_is_evaluated_first_and_a_clinic_can_choose_no_more_than_gentle() {
    let contested = [
        (
            "slip-grade-1",
            json!({"spondylolisthesis": "degenerative", "meyerding_grade": 1, "motion_on_film": "stable"}),
        ),
        ("severe-stenosis", json!({"stenosis_severity": "severe"})),
        (
            "large-herniation",
            json!({
                "herniation_type": "extrusion", "herniation_location": "central",
                "herniation_fills_canal": false, "herniation_calcified": false,
            }),
        ),
    ];
    let gentle = Some(vec!["gentle".to_owned()]);
    for (id, finding) in contested {
        let strict = on_image(finding);
        assert_eq!(rules(&strict), [id]);
        assert_eq!(strict.verdict, Verdict::EvaluateFirst, "{id}");
        let accepted = knowledge().rule(&format!("{id}-accepted"));
        let accepted: &Rule = accepted.expect("a rule for the clinic's choice");
        assert_eq!(accepted.verdict, Verdict::Caution, "{id}");
        let mut left = accepted.conditions.iter().map(|c| &c.candidates);
        assert!(left.any(|left| *left == gentle), "{id}");
    }
}

#[test]
fn fracture_tumour_infection_and_cord_on_the_image_are_urgent_in_every_region_and_never_overridden()
{
    for (fact, id) in [
        ("imaging_fracture", "fracture-on-image"),
        ("imaging_tumour", "tumour-on-image"),
        ("imaging_infection", "infection-on-image"),
        ("cord_signal_change", "cord-on-image"),
    ] {
        for region in Region::ALL {
            let decision = screen(&found(region, &[(fact, yes())]), region);
            assert!(rules(&decision).contains(&id), "{fact} in {region}");
            assert_eq!(decision.urgency, Urgency::Urgent, "{fact} in {region}");
        }
        let rule: &Rule = knowledge().rule(id).expect("a rule");
        assert_eq!(rule.override_by, care::decide::OverrideBy::Never, "{id}");
    }
}

#[test]
fn hardware_is_never_cleared_and_a_stimulator_only_by_the_clinic_that_implanted_it() {
    let told = |fact: &str| {
        screen(
            &routine_but(json!({"spine_operated": true, fact: true})),
            Region::Lumbar,
        )
    };
    assert!(rules(&told("spinal_implant")).contains(&"spinal-implant"));
    assert!(rules(&told("stimulator_or_pump")).contains(&"stimulator-or-pump"));
    let letter = |id: &str| knowledge().rule(id).expect("a rule").clearance.is_some();
    assert!(!letter("spinal-implant"));
    assert!(letter("stimulator-or-pump"));
}
