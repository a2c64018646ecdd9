//! A session starts on the weight, the list and the symptoms of that moment.

use care::episode::{Command, Role};
use care::fact::{By, FactKey, Reading};
use si::Region;

use super::plan::Asked;
use super::setting::{choice, days, grant, number, planned, ready, start, yes};

fn kg(mass: f64, by: By, at: jiff::Timestamp) -> Reading {
    number("body_weight", mass, by, at).with_unit("kg")
}

#[test]
fn a_patient_who_weighs_less_now_does_not_start_under_the_old_caps() {
    let mut story = planned(Region::Lumbar, "gentle");
    ready(&mut story);
    let readings = vec![kg(40.0, By::Assistant, story.at)];
    let denied = Vec::new();
    story.does(Role::Assistant, Command::RecordFacts { readings, denied });
    let command = grant(1, &story);
    assert_eq!(
        story.refused(Role::Practitioner, command),
        "force-above-caps"
    );
}

#[test]
fn without_a_weight_of_this_month_nothing_starts() {
    let mut story = planned(Region::Lumbar, "gentle");
    ready(&mut story);
    let weight = |reading: &Reading| reading.fact.as_str() == "body_weight";
    story.episode.readings.retain(|reading| !weight(reading));
    let command = grant(1, &story);
    assert_eq!(story.refused(Role::Practitioner, command), "weight-missing");
}

#[test]
fn a_plan_edited_on_record_starts_nothing() {
    let mut story = planned(Region::Lumbar, "gentle");
    ready(&mut story);
    let plan = story.episode.plan.as_mut().expect("a plan");
    let heavier = "\"body_weight_kg\": 300.0";
    assert!(plan.plan.contains("\"angle_deg\": 0.0"));
    plan.plan = plan.plan.replace("\"body_weight_kg\": 80.0", heavier);
    plan.plan = plan
        .plan
        .replace("\"angle_deg\": 0.0", "\"angle_deg\": 80.0");
    plan.plan_sha256 = care::plan::sha256(&plan.plan);
    let command = grant(1, &story);
    assert_eq!(story.refused(Role::Practitioner, command), "plan-unsound");
}

#[test]
fn the_lowest_of_disagreeing_weights_binds_and_the_newest_of_one_source_counts() {
    let earlier = start().checked_sub(days(2)).expect("an instant");
    let rows = [
        (
            vec![
                kg(60.0, By::Device, earlier),
                kg(80.0, By::Assistant, start()),
            ],
            60.0,
        ),
        (
            vec![
                kg(60.0, By::Assistant, earlier),
                kg(80.0, By::Device, start()),
            ],
            60.0,
        ),
        (
            vec![
                kg(60.0, By::Assistant, earlier),
                kg(80.0, By::Assistant, start()),
            ],
            80.0,
        ),
        (
            vec![
                kg(60.0, By::Patient, start()),
                kg(80.0, By::Assistant, start()),
            ],
            80.0,
        ),
    ];
    for (readings, expected) in rows {
        let mut asked = Asked::new(Region::Lumbar, 80.0, None);
        asked.facts.remove(&FactKey::plain("body_weight"));
        asked.facts.extend(readings.clone());
        assert_eq!(asked.plan().body_weight_kg, expected, "{readings:?}");
    }
}

#[test]
fn a_weight_that_a_practitioner_settled_ends_the_disagreement() {
    let mut asked = Asked::new(Region::Lumbar, 80.0, None);
    let earlier = start().checked_sub(days(2)).expect("an instant");
    let mut settled = kg(85.0, By::Practitioner, start());
    settled.resolves = Some("the scale was out of order".to_owned());
    asked.facts.remove(&FactKey::plain("body_weight"));
    asked.facts.extend([kg(60.0, By::Device, earlier), settled]);
    assert_eq!(asked.plan().body_weight_kg, 85.0);
}

#[test]
fn a_start_list_that_the_patient_or_nobody_named_ticked_starts_nothing() {
    let changes: [fn(&mut Reading); 4] = [
        |item| item.by = By::Patient,
        |item| item.by = By::Record,
        |item| item.who = None,
        |item| item.who = Some(" ".to_owned()),
    ];
    for change in changes {
        let mut story = planned(Region::Lumbar, "gentle");
        ready(&mut story);
        let visit = story.episode.visits.last_mut().expect("a visit");
        let item = |item: &&mut Reading| item.fact.as_str() == "start_switch_pressed";
        change(visit.start.iter_mut().find(item).expect("the item"));
        let command = grant(1, &story);
        assert_eq!(
            story.refused(Role::Practitioner, command),
            "check-unattested"
        );
    }
}

#[test]
fn a_stop_symptom_told_before_the_start_starts_nothing() {
    let mut story = planned(Region::Lumbar, "gentle");
    ready(&mut story);
    let symptom = yes("table_numbness", By::Patient, story.at);
    story.episode.readings.push(symptom);
    let command = grant(1, &story);
    assert_eq!(story.refused(Role::Practitioner, command), "stop-symptom");
}

#[test]
fn a_level_of_the_other_region_makes_no_plan_and_the_reason_names_who_named_the_level() {
    let rows = [
        (
            vec![By::Practitioner, By::Patient],
            "examining practitioner",
        ),
        (vec![By::Imaging, By::Patient], "imaging"),
        (vec![By::Patient], "patient"),
        (vec![By::Record], "record"),
    ];
    for (sources, word) in rows {
        let mut asked = Asked::new(Region::Lumbar, 80.0, None);
        asked.facts.remove(&FactKey::plain("treated_level"));
        for (level, by) in ["L5-S1", "L2-L3"].iter().zip(sources) {
            asked
                .facts
                .insert(choice("treated_level", level, by, start()));
        }
        let pull = asked.plan().candidates.gentle.prescription;
        assert_eq!(pull.target, si::Segment::L5S1, "{word}");
        let why = pull
            .reasons
            .iter()
            .find(|reason| reason.setting == "target");
        assert!(why.expect("a reason").why.contains(word), "{word}");
        let other = choice("treated_level", "C5-C6", By::Practitioner, start());
        asked.facts.remove(&FactKey::plain("treated_level"));
        asked.facts.insert(other);
        let problem = asked.propose().expect_err("the other region");
        assert_eq!(problem.code, "level-outside-region");
    }
}
