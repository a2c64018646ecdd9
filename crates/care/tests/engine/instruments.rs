//! Instruments: scores, changes that count, and what of each may be here.
use super::evidence::{borrowed, changed};
use crate::support::{AT, at, knowledge};
use care::episode::Episode;
use care::fact::{By, FactKey, FactSet, Reading, Value};
use care::instrument::{Held, Instrument, Measures, Risk, start_back_risk};
use care::knowledge::check;
use care::review::{derived, review_of};
use care::triage::Moment;
use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp};
use si::Region;

fn instrument(id: &str) -> &'static Instrument {
    let found = knowledge().instruments().get(id);
    found.unwrap_or_else(|| panic!("no instrument {id}"))
}

#[test]
fn rmdq_counts_ticked_statements_and_takes_nothing_else() {
    let rmdq = instrument("rmdq");
    let all: Vec<usize> = (1..=24).collect();
    assert_eq!(rmdq.items.len(), 24);
    assert_eq!(rmdq.count_ticks(&[]), Ok(0));
    assert_eq!(rmdq.count_ticks(&[24, 1, 7]), Ok(3));
    assert_eq!(rmdq.count_ticks(&all), Ok(24));
    for wrong in [vec![0], vec![25], vec![3, 3], vec![usize::MAX]] {
        let problem = rmdq.count_ticks(&wrong).expect_err("no such tick");
        assert_eq!(problem.code, "tick-impossible", "{wrong:?}");
    }
    assert!(
        instrument("odi").count_ticks(&[1]).is_err(),
        "its items are not here"
    );
}

#[test]
fn only_what_a_licence_allows_is_held_in_full_and_every_other_says_why() {
    for one in &knowledge().instruments().all {
        let full = matches!(one.id.as_str(), "nprs" | "rmdq");
        assert_eq!(one.held == Held::Full, full, "{}", one.id);
        assert_eq!(
            one.items.is_empty() && one.readings.is_empty(),
            !full,
            "{}",
            one.id
        );
        assert!(one.licence.len() > 20, "{}", one.id);
    }
    assert!(instrument("rmdq").licence.contains("[S68b]"));
    assert!(instrument("odi").licence.contains("[S66e]"));
    assert!(instrument("start-back").licence.contains("[S94b]"));
}

#[test]
fn changes_that_count_are_those_of_the_reference() {
    let rows = [
        ("odi", Region::Lumbar, 10.0, Some(30.0), None),
        ("rmdq", Region::Lumbar, 5.0, Some(30.0), None),
        ("nprs", Region::Lumbar, 2.0, Some(30.0), None),
        ("nprs", Region::Cervical, 2.0, None, Some(4.0)),
        ("ndi", Region::Cervical, 18.0, None, None),
        ("psfs", Region::Cervical, 2.0, None, None),
    ];
    for (id, region, points, share, mdc) in rows {
        let change = instrument(id).change(region).expect("a change");
        assert_eq!(
            (change.points, change.share, change.mdc),
            (points, share, mdc),
            "{id}"
        );
    }
    // The middle of 4.83 and 13.39 of 50, in percent, to a whole number.
    assert_eq!(((4.83 + 13.39) / 2.0 * 2.0_f64).round(), 18.0);
    assert!(instrument("odi").change(Region::Cervical).is_none());
}

fn earlier(days: i64) -> Timestamp {
    at(AT)
        .checked_sub(SignedDuration::from_hours(24 * days))
        .expect("an instant")
}

/// Four weeks with so much change of one score, and pain unchanged.
fn four_weeks(one: &Instrument, region: Region, change: f64) -> Vec<String> {
    let reading = |fact: &str, value: f64, at: Timestamp, unit: &str| {
        let key = FactKey::plain(fact);
        Reading::value(key, Value::Number(value), at, By::Practitioner).with_unit(unit)
    };
    let (fact, unit) = (one.fact.as_deref().unwrap(), one.unit.as_deref().unwrap());
    let [low, high] = one.range.unwrap();
    let (first, better) = match one.gain(low, high) > 0.0 {
        true => (low, low + change),
        false => (high, high - change),
    };
    let readings = [
        reading(fact, first, earlier(28), unit),
        reading(fact, better, earlier(1), unit),
        reading("score_nprs", 6.0, earlier(28), "1"),
        reading("score_nprs", 6.0, earlier(1), "1"),
        reading("days_in_course", 28.0, at(AT), "d"),
    ];
    let facts: FactSet = readings.into_iter().collect();
    let moment = Moment {
        knowledge: knowledge(),
        at: at(AT),
        zone: &TimeZone::UTC,
    };
    let decision = review_of(&facts, region, &moment);
    decision
        .fired
        .iter()
        .map(|fired| fired.rule.clone())
        .collect()
}

#[test]
fn a_gain_of_function_counts_from_its_smallest_important_change_on() {
    for region in Region::ALL {
        let measured: Vec<_> = knowledge()
            .instruments()
            .measuring(Measures::Function, region)
            .collect();
        assert!(measured.len() >= 2, "{region}");
        for one in measured {
            let points = one.change(region).expect("a change").points;
            let without =
                |change| four_weeks(one, region, change).contains(&"no-effect".to_owned());
            assert!(!without(points), "{}: {points} is an effect", one.id);
            assert!(without(points - 0.01), "{}: a little less is none", one.id);
        }
    }
}

#[test]
fn the_rules_of_review_count_pain_as_the_instrument_says() {
    for region in Region::ALL {
        let points = instrument("nprs").change(region).expect("a change").points;
        let when = |id| knowledge().rule(id).expect("the rule").when.clone();
        assert!(when("no-effect").contains(&format!("pain_fall < {points}")));
        assert!(when("pain-worse-over-course").contains(&format!("-{points}")));
    }
    let share = instrument("nprs")
        .change(Region::Lumbar)
        .and_then(|change| change.share);
    let when = &knowledge().rule("no-effect").expect("the rule").when;
    assert!(when.contains(&format!("pain_fall_share < {} %", share.expect("a share"))));
}

#[test]
fn start_back_has_three_classes_with_these_boundaries() {
    let rows = [
        (0, 0, Some(Risk::Low)),
        (3, 3, Some(Risk::Low)),
        (4, 0, Some(Risk::Medium)),
        (4, 3, Some(Risk::Medium)),
        (7, 3, Some(Risk::Medium)),
        (4, 4, Some(Risk::High)),
        (9, 5, Some(Risk::High)),
        // Four items beside distress: no more than four points; five within it.
        (8, 3, None),
        (3, 4, None),
        (9, 6, None),
    ];
    for (total, distress, risk) in rows {
        assert_eq!(
            start_back_risk(total, distress),
            risk,
            "{total}, {distress}"
        );
    }
    assert_eq!(Risk::Medium.as_str(), "medium");
}

#[test]
fn the_risk_class_follows_from_total_and_distress_of_one_instant() {
    let score = |fact: &str, value: f64, at: Timestamp| {
        Reading::value(
            FactKey::plain(fact),
            Value::Number(value),
            at,
            By::Practitioner,
        )
    };
    let classes = |readings: Vec<Reading>| {
        let episode = Episode {
            region: Some(Region::Lumbar),
            readings,
            ..Episode::default()
        };
        let derived = derived(&episode, knowledge().instruments(), at(AT));
        let mut classes = derived
            .into_iter()
            .filter(|one| one.fact.as_str() == "start_back_risk");
        classes
            .next()
            .and_then(|one| one.as_value().map(ToString::to_string))
    };
    let (now, before) = (earlier(1), earlier(9));
    let total = |value, at| score("score_start_back", value, at);
    let distress = |value, at| score("score_start_back_distress", value, at);
    assert_eq!(
        classes(vec![total(4.0, now), distress(4.0, now)]).as_deref(),
        Some("high")
    );
    assert_eq!(
        classes(vec![total(4.0, now), distress(3.0, now)]).as_deref(),
        Some("medium")
    );
    let later = vec![
        total(9.0, before),
        distress(5.0, before),
        total(3.0, now),
        distress(1.0, now),
    ];
    assert_eq!(classes(later).as_deref(), Some("low"));
    assert_eq!(classes(vec![total(4.0, now)]), None);
    assert_eq!(classes(vec![total(4.0, now), distress(4.0, before)]), None);
    assert_eq!(
        classes(vec![total(9.0, now), distress(1.0, now)]),
        None,
        "cannot belong together"
    );
}

#[test]
fn a_broken_instrument_is_refused_with_its_place() {
    let rows = [
        ("range = [0, 24]", "range = [0, 23]", "unit or range"),
        (
            "fact = \"score_odi\"",
            "fact = \"score_odd\"",
            "a fact that is not there",
        ),
        ("points = 5.0", "points = 0.0", "positive numbers"),
        ("held = \"score-only\"", "held = \"full\"", "in full"),
        ("id = \"odi\"", "id = \"ndi\"", "share this id"),
        (
            "sources = [\"S68a\", \"S68b\"]",
            "sources = [\"S999\"]",
            "`S999`",
        ),
    ];
    for (from, to, problem) in rows {
        let found = check(&borrowed(&changed("instruments.toml", from, to)));
        let named = found.iter().find(|found| found.problem.contains(problem));
        let named = named.unwrap_or_else(|| panic!("{to}: {found:?}"));
        assert!(
            named.place.starts_with("instruments.toml:"),
            "{}",
            named.place
        );
    }
}
