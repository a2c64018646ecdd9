//! Every check of guard and supervisor is needed: without it, and without whatever else
//! covers the same fault, a session of the campaign breaks a law that it keeps with it.
//! `UPDATE_CHECKS=1` writes its part of `docs/hazards.md`; without it that must be what
//! comes out.

mod page;
mod rows;

use page::ELSEWHERE;
use rows::{Row, rows};
use table::campaign::checkers::Law;
use table::campaign::{Outcome, watch_blind};
use traction::cause::Cause;
use traction::guard::Check;
use traction::numbers::Numbers;

/// How far beyond its bound a law was broken.
struct Shown {
    law: Law,
    value: f64,
    bound: f64,
}

fn run(row: &Row, off: &[Check]) -> Outcome {
    watch_blind(&row.scenario(), off, |_, _, _, _| {}).expect("a scenario that runs")
}

/// What the run without the check breaks and the one with it keeps. A pair of faults is
/// held to the overshoot of a single one: the check is what keeps it there.
fn shown(row: &Row) -> Result<Shown, String> {
    let mut off = row.with.clone();
    let with = run(row, &off);
    off.push(row.check);
    let without = run(row, &off);
    let kept = |law: Law| !with.violations.iter().any(|known| known.law == law);
    let found = without.violations.iter().find(|found| kept(found.law));
    let bound = Numbers::of(row.scenario().region).never_over.get();
    let over = with.worst_over <= bound && without.worst_over > bound;
    let found = found.map(|found| Shown {
        law: found.law,
        value: found.value,
        bound: found.bound,
    });
    let found = found.or_else(|| {
        over.then_some(Shown {
            law: Law::Overshoot,
            value: without.worst_over,
            bound,
        })
    });
    let told = |outcome: &Outcome| format!("{}, {:?}", outcome.end, outcome.violations);
    found.ok_or_else(|| format!("with: {}; without: {}", told(&with), told(&without)))
}

#[test]
fn each_check_that_is_removed_is_caught_by_a_law() {
    let mut out = String::new();
    let mut missing = Vec::new();
    for row in rows() {
        match shown(&row) {
            Ok(shown) => page::row(&mut out, &row, &shown),
            Err(told) => missing.push(format!(
                "{:?} without {:?}: {}: {told}",
                row.check,
                row.with,
                row.scenario()
            )),
        }
    }
    assert_eq!(missing, Vec::<String>::new(), "caught by nothing");
    page::keep(&out);
}

#[test]
fn every_cause_has_a_row_or_a_reason() {
    for &cause in Cause::ALL {
        let has = rows().iter().any(|row| row.check == Check::Cause(cause));
        let told = ELSEWHERE
            .iter()
            .any(|(other, _, _)| *other == cause.as_str());
        assert_ne!(has, told, "{cause}");
    }
}
