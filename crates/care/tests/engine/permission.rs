//! Clearances and overrides: what they soften, and what nothing softens.
use crate::support::{AT, at, knowledge, read, routine_but, screen};
use care::decide::{Verdict, evaluate};
use care::fact::{By, Clearance, FactKey, FactSet, Override, Reading, Value};
use care::knowledge::{chart_of, clinic_of};
use jiff::tz::TimeZone;
use serde_json::{Value as Json, json};
use si::Region;

fn letter() -> Clearance {
    Clearance {
        rule: "recent-spinal-surgery".to_owned(),
        region: "lumbar".to_owned(),
        name: "Dr Example".to_owned(),
        profession: "spine surgeon".to_owned(),
        licence: "X 1".to_owned(),
        conditions: vec!["No more than 200 N.".to_owned()],
        issued: at("2026-11-10T09:00:00Z"),
        expires: at("2027-02-10T09:00:00Z"),
        document: "letter.pdf".to_owned(),
        confirmed_by: "practitioner 1".to_owned(),
    }
}

fn operated() -> FactSet {
    routine_but(json!({
        "spinal_surgery": true, "spinal_surgery_date": "2026-08", "spinal_surgery_kind": "other"
    }))
}

#[test]
fn a_clearance_turns_only_its_rule_into_caution_and_lapses_on_a_new_neurological_fact() {
    let mut chart = operated();
    assert_eq!(
        screen(&chart, Region::Lumbar).verdict,
        Verdict::EvaluateFirst
    );
    chart.clearances.push(letter());
    let decision = screen(&chart, Region::Lumbar);
    assert_eq!(decision.verdict, Verdict::Caution);
    assert_eq!(
        decision.fired[0].softened_from,
        Some(Verdict::EvaluateFirst)
    );
    assert!(
        decision
            .conditions
            .iter()
            .any(|condition| condition.text.contains("200 N"))
    );
    let key = FactKey::indexed("myotome", &["L5", "left"]);
    chart.insert(Reading::value(
        key,
        Value::Number(4.0),
        at(AT),
        By::Practitioner,
    ));
    assert_eq!(
        screen(&chart, Region::Lumbar).verdict,
        Verdict::EvaluateFirst
    );
}

#[test]
fn a_clearance_never_softens_a_rule_marked_never_nor_after_it_expired() {
    let mut chart = routine_but(json!({"spinal_implant": true}));
    chart.clearances.push(Clearance {
        rule: "spinal-implant".to_owned(),
        ..letter()
    });
    assert_eq!(screen(&chart, Region::Lumbar).verdict, Verdict::Refuse);
    let mut chart = operated();
    chart.clearances.push(Clearance {
        expires: at(AT),
        ..letter()
    });
    assert_eq!(
        screen(&chart, Region::Lumbar).verdict,
        Verdict::EvaluateFirst
    );
}

fn act(rule: &str) -> Override {
    Override {
        rule: rule.to_owned(),
        reason: "lies on the side with a wedge".to_owned(),
        examination: "tried on the table".to_owned(),
        patient_told: true,
        by: "practitioner 1".to_owned(),
        second: None,
        at: at("2026-11-22T09:00:00Z"),
        until: at("2026-11-22T21:00:00Z"),
        one_session: false,
    }
}

fn overridden(changes: Json, act: Override) -> Verdict {
    let mut chart = routine_but(changes);
    chart.overrides.push(act);
    screen(&chart, Region::Lumbar).verdict
}

#[test]
fn an_override_holds_only_as_its_rule_says_and_as_long_as_its_facts_stand() {
    let lying = || json!({"can_lie": {"value": false, "by": "practitioner"}});
    assert_eq!(overridden(lying(), act("cannot-lie")), Verdict::Caution);
    let untold = Override {
        patient_told: false,
        ..act("cannot-lie")
    };
    assert_eq!(overridden(lying(), untold), Verdict::EvaluateFirst);
    let over = Override {
        until: at(AT),
        ..act("cannot-lie")
    };
    assert_eq!(overridden(lying(), over), Verdict::EvaluateFirst);
    let event = || {
        json!({
            "event_since_last": true, "acute_injury": false, "epidural_injection": false,
            "fall_since_last": false,
        })
    };
    assert_eq!(
        overridden(event(), act("event-since-last")),
        Verdict::EvaluateFirst
    );
    let second = Override {
        second: Some("practitioner 2".to_owned()),
        ..act("event-since-last")
    };
    assert_eq!(overridden(event(), second), Verdict::Caution);
    let changed = json!({"can_lie": [
        {"value": true, "by": "practitioner", "at": "2026-11-21T09:00:00Z"},
        {"value": false, "by": "practitioner", "at": "2026-11-22T09:00:00Z"},
    ]});
    let before = Override {
        at: at("2026-11-22T08:00:00Z"),
        ..act("cannot-lie")
    };
    assert_eq!(overridden(changed, before), Verdict::EvaluateFirst);
}

#[test]
fn an_override_lapses_when_a_finding_returns_to_what_it_was_before() {
    let lying = |values: &[(bool, u8)]| {
        let one = |(value, hour): &(bool, u8)| {
            let at = format!("2026-11-22T{hour:02}:00:00Z");
            json!({"value": value, "by": "practitioner", "at": at})
        };
        json!({"can_lie": values.iter().map(one).collect::<Vec<Json>>()})
    };
    let at_four = || Override {
        at: at("2026-11-22T04:00:00Z"),
        ..act("cannot-lie")
    };
    let stands = lying(&[(true, 2), (false, 3), (false, 5)]);
    assert_eq!(overridden(stands, at_four()), Verdict::Caution);
    let came_back = lying(&[(true, 2), (false, 3), (true, 5), (false, 6)]);
    assert_eq!(overridden(came_back, at_four()), Verdict::EvaluateFirst);
}

#[test]
fn no_path_overrides_a_never_rule() {
    for rule in knowledge().all_rules() {
        if rule.override_by == care::decide::OverrideBy::Never && rule.set.as_str() == "screening" {
            let case = rule
                .vignettes
                .iter()
                .find(|case| case.expect == care::knowledge::Expectation::Fires);
            let region = rule.regions()[0];
            let case = case.expect("fires");
            let clinic = clinic_of(knowledge(), case).expect("a policy inside its fence");
            let facts = chart_of(knowledge(), case);
            let document = json!({"region": region.as_str(), "at": AT, "facts": facts});
            let mut chart = read(&document).expect("facts").fact_set();
            let second = Some("practitioner 2".to_owned());
            chart.overrides.push(Override {
                second,
                ..act(&rule.id)
            });
            let region_name = region.as_str().to_owned();
            chart.clearances.push(Clearance {
                rule: rule.id.clone(),
                region: region_name,
                ..letter()
            });
            let decision = evaluate(
                &chart,
                region,
                &[rule.gate],
                clinic.as_ref().unwrap_or(knowledge()),
                at(AT),
                &TimeZone::UTC,
            );
            let fired = decision
                .fired
                .iter()
                .find(|fired| fired.rule == rule.id)
                .expect("it fires");
            assert_eq!(
                (fired.verdict, &fired.softened_from),
                (rule.verdict, &None),
                "{}",
                rule.id
            );
        }
    }
}
