//! Every check of guard and supervisor is needed: without it, and without whatever else
//! covers the same fault, a session of the campaign breaks a law that it keeps with it.
//! `UPDATE_CHECKS=1` writes its part of `docs/hazards.md`; without it that must be what
//! comes out.

mod more;
mod page;
mod rows;

use page::{ELSEWHERE, NO_CHECKS};
use rows::{Row, rows};
use table::campaign::checkers::Law;
use table::campaign::{Outcome, watch_blind};
use traction::cause::Cause;
use traction::guard::Check;
use traction::limiter::Limit;
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
    // Force that is missing in a hold hurts nobody.
    let hurts = |law: Law| law != Law::Tracking && kept(law);
    let found = without.violations.iter().find(|found| hurts(found.law));
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
    let told = |outcome: &Outcome| {
        format!(
            "{}, {} N over, {:?}",
            outcome.end, outcome.worst_over, outcome.violations
        )
    };
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
        let all = ELSEWHERE.iter().chain(NO_CHECKS);
        let told = all.filter(|(other, _, _)| *other == cause.as_str()).count();
        assert_eq!(usize::from(has) + told, 1, "{cause}");
    }
}

#[test]
fn nothing_is_off_in_both_that_could_stay_on() {
    let mut spare = Vec::new();
    for row in rows() {
        for place in 0..row.with.len() {
            let mut fewer = row.clone();
            let off = fewer.with.remove(place);
            if shown(&fewer).is_ok() {
                spare.push(format!("{:?} without {:?}", row.check, off));
            }
        }
    }
    assert_eq!(spare, Vec::<String>::new(), "not needed");
}

/// Those that bound a force the planner steers for, or only say that nothing bounds it or that
/// torque is gone, are none of the guard's.
const PLANNED: &[Limit] = &[
    Limit::None,
    Limit::Ceiling,
    Limit::Profile,
    Limit::Rate,
    Limit::Slack,
    Limit::Torque,
    Limit::Unknown,
];

#[test]
fn every_bound_of_the_guard_has_a_row() {
    for &limit in Limit::ALL {
        let has = rows().iter().any(|row| row.check == Check::Limit(limit));
        assert_ne!(has, PLANNED.contains(&limit), "{limit}");
    }
}
