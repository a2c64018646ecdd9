//! Laws over every number of the tables.

use spine::lumped::Parameters;
use spine::{Status, tables};
use std::collections::BTreeSet;

#[test]
fn every_parameter_has_a_name_of_its_own_a_reason_and_a_unit() {
    let names: BTreeSet<_> = tables::all().iter().map(|one| one.name).collect();
    assert_eq!(names.len(), tables::all().len());
    for one in tables::all() {
        assert!(!one.why.is_empty() && !one.unit.is_empty(), "{}", one.name);
    }
}

#[test]
fn rows_are_written_as_the_reference_table_writes_them() {
    for row in tables::all().iter().flat_map(|one| one.rows) {
        let (family, number) = row.split_at(1);
        assert!(["A", "B", "C", "K"].contains(&family), "{row}");
        assert!(number.len() == 3 && number.parse::<u16>().is_ok(), "{row}");
    }
}

#[test]
fn what_is_recalled_or_ours_has_a_wide_range() {
    for one in tables::all() {
        if matches!(one.status, Status::Recalled | Status::Ours) {
            assert!(
                one.high - one.low >= 0.25 * one.value,
                "{} is too sure of itself",
                one.name
            );
        }
    }
}

#[test]
fn belief_runs_from_the_low_end_through_the_value_to_the_high_end() {
    for one in tables::all() {
        assert_eq!((one.at(0.0), one.at(0.5)), (one.low, one.value));
        assert!((one.at(1.0) - one.high).abs() <= 1e-12 * one.high);
    }
}

/// Every published row that the tables may cite, with its source.
const ROWS: &str = include_str!("../validation/rows.csv");

#[test]
fn every_row_that_is_cited_exists_and_seen_ones_were_seen() {
    for one in tables::all() {
        for id in one.rows {
            let start = format!("{id},");
            let row = ROWS.lines().find(|line| line.starts_with(&start));
            assert!(row.is_some(), "{} cites {id}", one.name);
            if one.status == Status::Seen {
                assert!(row.is_some_and(|row| row.ends_with(",seen")), "{id}");
            }
        }
    }
}

#[test]
fn the_published_elongations_are_copied_without_a_slip() {
    for band in tables::lumbar::KURUTZ {
        for (id, metres) in band.rows.iter().zip([band.initial, band.last]) {
            let start = format!("{id},");
            let row = ROWS.lines().find(|line| line.starts_with(&start)).unwrap();
            let value = format!(",{},mm,", metres * 1000.0);
            assert!(row.contains(&value), "{id}: {value} is not in {row}");
        }
    }
}

#[test]
fn the_ensemble_fills_every_range_and_ties_no_two_numbers_together() {
    for region in si::Region::ALL {
        let members = Parameters::ensemble(region);
        let column = |of: fn(&Parameters) -> f64| -> Vec<f64> { members.iter().map(of).collect() };
        let all = [
            column(|one| one.subject),
            column(|one| one.linear),
            column(|one| one.toe_force),
            column(|one| one.slow_time),
            column(|one| one.friction),
            column(|one| one.levels[3]),
            column(|one| one.levels[4]),
        ];
        for (index, one) in all.iter().enumerate() {
            let distinct: BTreeSet<u64> = one.iter().map(|value| value.to_bits()).collect();
            assert_eq!(distinct.len(), members.len(), "every stratum once");
            for other in &all[..index] {
                let tie = correlation(one, other);
                assert!(tie.abs() < 0.4, "{tie}");
            }
        }
    }
}

fn correlation(one: &[f64], other: &[f64]) -> f64 {
    let mean = |values: &[f64]| values.iter().sum::<f64>() / values.len() as f64;
    let (m, n) = (mean(one), mean(other));
    let pairs = || one.iter().zip(other).map(|(x, y)| (x - m, y - n));
    let both: f64 = pairs().map(|(x, y)| x * y).sum();
    let (xx, yy): (f64, f64) = pairs().fold((0.0, 0.0), |(a, b), (x, y)| (a + x * x, b + y * y));
    both / libm::sqrt(xx * yy)
}

#[test]
fn the_page_of_parameters_is_what_the_tables_say() {
    let page = concat!(env!("CARGO_MANIFEST_DIR"), "/../../docs/parameters.md");
    let written = std::fs::read_to_string(page).unwrap();
    let now = spine::tables::page();
    assert!(
        written == now,
        "run `cargo run -p spine --example parameters > docs/parameters.md`"
    );
}
