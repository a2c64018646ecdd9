//! Every threshold of every rule has a case at it and one just beyond it.
use crate::cases::charts_by_rule;
use crate::support::{knowledge, read};
use care::criteria::{Atom, Check, Duration, Number, TimeUnit};
use care::fact::{FactSet, PartialDate, Value, convert};
use care::knowledge::{AT, Rule, Vignette, chart_of};
use jiff::tz::TimeZone;
use jiff::{Span, Timestamp};
use serde_json::json;
use std::collections::BTreeMap;

/// How far beyond a threshold still counts as just beyond: one unit, or a twentieth of it.
const STEP: f64 = 1.0;
const SHARE: f64 = 0.05;
const HOURS_A_DAY: i64 = 24;

/// The charts of a rule's own cases, and of the patients whose file expects something of it.
fn charts(
    rule: &Rule,
    files: &BTreeMap<String, Vec<(FactSet, Timestamp)>>,
) -> Vec<(FactSet, Timestamp)> {
    let own = |case: &Vignette| {
        let region = rule.regions()[0];
        let document = json!({
            "region": case.region.as_deref().unwrap_or(region.as_str()),
            "at": case.at.as_deref().unwrap_or(AT),
            "facts": chart_of(knowledge(), case),
        });
        let document = read(&document).unwrap_or_else(|problem| panic!("{}: {problem}", rule.id));
        (document.fact_set(), document.at)
    };
    let own = rule.vignettes.iter().map(own);
    let named = files.get(&rule.id).into_iter().flatten().cloned();
    own.chain(named).collect()
}

/// Every value that charts give a fact, with its unit and the instant of the chart.
fn told<'c>(
    charts: &'c [(FactSet, Timestamp)],
    fact: &'c str,
) -> impl Iterator<Item = (&'c Value, Option<&'c str>, Timestamp)> {
    charts.iter().flat_map(move |(facts, now)| {
        let own = facts
            .iter()
            .filter(move |reading| reading.fact.as_str() == fact);
        own.filter_map(|reading| Some((reading.as_value()?, reading.unit.as_deref(), *now)))
    })
}

/// Whether the cases have a number at the threshold, and one just beyond it.
fn at_and_beyond(charts: &[(FactSet, Timestamp)], atom: &Atom, limit: &Number) -> (bool, bool) {
    let Check::Compare(operator, _) = atom.check else {
        unreachable!("a comparison")
    };
    let unit = limit.unit.as_deref().unwrap_or("1");
    let numbers: Vec<f64> = told(charts, &atom.fact)
        .filter_map(|(value, own, _)| match value {
            Value::Number(number) => convert(*number, own.unwrap_or("1"), unit),
            _ => None,
        })
        .collect();
    let reach = STEP.max(SHARE * limit.value.abs());
    let is_there = |number: &f64| (number - limit.value).abs() < 1e-9;
    let other = |number: &f64| {
        operator.holds(*number, limit.value) != operator.holds(limit.value, limit.value)
            && (number - limit.value).abs() <= reach + 1e-9
    };
    (numbers.iter().any(is_there), numbers.iter().any(other))
}

/// Whether the cases have a date on the last day that still counts, and one just before it.
fn on_and_before(charts: &[(FactSet, Timestamp)], atom: &Atom, duration: Duration) -> (bool, bool) {
    let (mut on, mut before) = (false, false);
    for (value, _, now) in told(charts, &atom.fact) {
        let Value::Date(date) = value else { continue };
        let back = now
            .to_zoned_datetime(TimeZone::UTC)
            .checked_sub(duration.span())
            .expect("an instant");
        // Hours are counted to the instant, whole days of the calendar from their start.
        let (border, step) = match duration.unit {
            TimeUnit::Hours => ((back.timestamp(), back.timestamp()), Span::new().hours(1)),
            _ => (
                PartialDate::Day(back.date()).interval(&TimeZone::UTC),
                Span::new().hours(HOURS_A_DAY),
            ),
        };
        let reach = now.duration_since(back.timestamp()).mul_f64(SHARE);
        let near = border.0.checked_sub(reach).expect("an instant");
        let nearest = near.checked_sub(step).expect("an instant");
        let (first, last) = date.interval(&TimeZone::UTC);
        on |= border.0 <= first && last <= border.1;
        before |= nearest <= first && last < border.0;
    }
    (on, before)
}

#[test]
fn every_threshold_of_every_rule_has_a_case_at_it_and_one_just_beyond_it() {
    let files = charts_by_rule();
    let mut missing = Vec::new();
    let mut thresholds = 0;
    for rule in knowledge().all_rules() {
        let charts = charts(rule, &files);
        let tree = rule.tree().expect("criteria that were parsed");
        tree.for_each_atom(&mut |atom| {
            let found = match &atom.check {
                Check::Compare(_, limit) => at_and_beyond(&charts, atom, limit),
                Check::Within(duration) | Check::LongerThan(duration) => {
                    on_and_before(&charts, atom, *duration)
                }
                _ => return,
            };
            thresholds += 1;
            if found != (true, true) {
                missing.push(format!(
                    "{} ({}): `{atom}` has a case at it: {}, just beyond it: {}",
                    rule.id, rule.file, found.0, found.1
                ));
            }
        });
    }
    assert!(missing.is_empty(), "{}", missing.join("\n"));
    assert!(thresholds > 20, "only {thresholds} thresholds were read");
}
