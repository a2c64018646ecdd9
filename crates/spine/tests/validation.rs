//! The plan over the published rows: nothing dropped, nothing double, nothing unexplained.

use spine::validate::picture::Course;
use spine::validate::plan::{self, ROWS};
use spine::validate::{EXPERIMENTS, Tier, UsedFor, count, pictures, rows};
use std::collections::BTreeSet;

fn published() -> Vec<&'static str> {
    let ids = ROWS
        .lines()
        .skip(1)
        .filter_map(|line| line.split(',').next());
    ids.collect()
}

#[test]
fn the_rows_are_the_references_own_where_it_is_at_hand() {
    let shared = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../../..");
    let path = shared.join("shared/reference/biomechanics.csv");
    let Ok(reference) = std::fs::read_to_string(path) else {
        return;
    };
    let copied: Vec<_> = ROWS.lines().filter(|row| !row.starts_with('K')).collect();
    for row in &copied {
        assert!(reference.lines().any(|line| line == *row), "{row}");
    }
    assert_eq!(copied.len(), reference.lines().count());
}

#[test]
fn rows_found_besides_the_reference_were_seen_and_say_where() {
    let ids: Vec<_> = published()
        .into_iter()
        .filter(|id| id.starts_with('K'))
        .collect();
    let numbered: Vec<_> = (1..=ids.len()).map(|n| format!("K{n:03}")).collect();
    assert_eq!(ids, numbered);
    for id in ids {
        let start = format!("{id},");
        let row = ROWS
            .lines()
            .find(|line| line.starts_with(&start))
            .expect(id);
        assert!(row.ends_with(",seen") && !row.ends_with(",,seen"), "{row}");
    }
}

#[test]
fn every_published_row_is_a_target_or_says_why_not() {
    let targets: BTreeSet<_> = plan::targets().into_iter().map(|one| one.row).collect();
    let others: BTreeSet<_> = plan::others().into_iter().map(|one| one.id).collect();
    for id in published() {
        let (asked, other) = (targets.contains(id), others.contains(id));
        assert!(asked != other, "{id}: target {asked}, other {other}");
    }
}

#[test]
fn every_line_of_the_plan_can_be_read_and_has_its_own_name() {
    let targets = plan::targets();
    assert_eq!(targets.len(), plan::planned());
    let names: BTreeSet<_> = targets.iter().map(|one| &one.id).collect();
    assert_eq!(names.len(), targets.len());
    let rows = published();
    for one in &targets {
        assert!(
            one.row == "-" || rows.contains(&one.row.as_str()),
            "{}",
            one.id
        );
        assert!(
            one.low <= one.high && !one.quantity.is_empty(),
            "{}",
            one.id
        );
    }
    for one in plan::others() {
        let known = ["parameter", "condition", "disc", "no"].contains(&one.kind.as_str());
        assert!(known && !one.why.is_empty(), "{}", one.id);
    }
}

#[test]
fn a_gate_has_bounds_and_a_published_value_lies_inside_them() {
    for one in plan::targets() {
        if one.tier != Tier::Report {
            let bounded = one.low.is_finite() || one.high.is_finite();
            assert!(bounded, "{} can not fail", one.id);
        }
        if let Ok(value) = one.published.parse::<f64>() {
            let inside = (one.low..=one.high).contains(&value);
            assert!(inside, "{}: {value}", one.id);
        }
    }
}

#[test]
fn a_recalled_row_never_gates_alone() {
    // Signs that the issue itself demands (A011) may stand on memory; values may not.
    for one in plan::targets().iter().filter(|one| one.tier == Tier::Firm) {
        let start = format!("{},", one.row);
        let row = ROWS.lines().find(|line| line.starts_with(&start));
        assert!(row.is_some_and(|row| row.ends_with(",seen")), "{}", one.id);
    }
}

#[test]
fn fit_and_prediction_sets_share_no_target_and_both_have_firm_ones() {
    for used in [UsedFor::Fit, UsedFor::Prediction] {
        let firm = plan::targets();
        let firm = firm
            .iter()
            .filter(|one| one.tier == Tier::Firm && one.used_for == used);
        assert!(firm.count() >= 5);
    }
}

#[test]
fn experiments_have_names_of_their_own_and_say_what_they_do() {
    let names: BTreeSet<_> = EXPERIMENTS.iter().map(|one| one.name).collect();
    assert_eq!(names.len(), EXPERIMENTS.len());
    assert!(EXPERIMENTS.iter().all(|one| !one.what.is_empty()));
}

#[test]
fn closed_forms_are_met_nine_of_ten_firm_rows_too_and_every_miss_is_discussed() {
    let rows = rows();
    let (inside, of) = count(&rows, Tier::Closed);
    assert_eq!(inside, of, "every closed form");
    let (inside, of) = count(&rows, Tier::Firm);
    assert!(10 * inside >= 9 * of, "{inside} of {of} firm rows");
    for row in &rows {
        let id = &row.target.id;
        let missed = row.target.tier != Tier::Report && !row.inside();
        let discussed = plan::discussion(id).is_some();
        assert!(!missed || discussed, "{id} is outside: {:?}", row.ours);
        assert!(
            missed || !discussed,
            "{id} is inside, but discussed as outside"
        );
    }
}

#[test]
fn every_interval_holds_its_value_and_pictures_have_curves() {
    for row in rows() {
        let ours = row.ours;
        let ordered = ours.is_none_or(|ours| ours.low <= ours.value && ours.value <= ours.high);
        assert!(ordered, "{}: {ours:?}", row.target.id);
    }
    let pictures = pictures();
    let names: BTreeSet<_> = pictures.iter().map(|one| one.name).collect();
    assert_eq!(names.len(), pictures.len());
    for picture in &pictures {
        let drawn = |course: &Course| course.ours.len() > 1;
        assert!(picture.courses.iter().all(drawn), "{}", picture.name);
    }
}
