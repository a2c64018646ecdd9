//! Clearances and overrides: what may turn one named rule into `caution`.
//!
//! Neither touches a rule marked `never`, neither raises an unknown to a no, and
//! both end by themselves (CLINICAL §1.10, §1.11).
use super::decision::{Condition, ConditionKind};
use super::{OverrideBy, RuleSet};
use crate::fact::{Clearance, FactSet, Override, Reading, View};
use crate::knowledge::Rule;
use jiff::Timestamp;
use si::Region;

/// Facts of this section lapse a clearance when they turn up new.
const NEUROLOGY: &str = "neurology";

/// Why a rule counts as `caution`, and what that asks for.
pub(super) struct Softened {
    pub(super) by: String,
    pub(super) conditions: Vec<Condition>,
}

/// The clearance or override in force for a rule, if its `override` allows one.
pub(super) fn softened(
    rule: &Rule,
    facts: &FactSet,
    region: Region,
    view: &View<'_>,
) -> Option<Softened> {
    let screens = matches!(rule.set, RuleSet::Screening | RuleSet::Indication);
    if rule.override_by == OverrideBy::Never || !screens {
        return None;
    }
    let mut letters = facts.clearances.iter();
    let letter = letters
        .find(|letter| rule.clearance.is_some() && clears(letter, rule, facts, region, view));
    let act = || {
        facts
            .overrides
            .iter()
            .find(|act| overrides(act, rule, facts, view.moment.at))
    };
    letter.map(from_letter).or_else(|| act().map(from_act))
}

fn from_letter(letter: &Clearance) -> Softened {
    let text = |condition: &String| Condition::text(ConditionKind::Document, condition);
    Softened {
        by: format!(
            "cleared by {} ({}), confirmed by {}, until {}",
            letter.name, letter.profession, letter.confirmed_by, letter.expires
        ),
        conditions: letter.conditions.iter().map(text).collect(),
    }
}

fn from_act(act: &Override) -> Softened {
    let gentle = Condition {
        candidates: Some(vec!["gentle".to_owned()]),
        ..Condition::text(
            ConditionKind::Dose,
            "Overridden: only the gentle candidate may be used.",
        )
    };
    Softened {
        by: format!(
            "overridden by {} until {}: {}",
            act.by, act.until, act.reason
        ),
        conditions: vec![gentle],
    }
}

fn clears(
    letter: &Clearance,
    rule: &Rule,
    facts: &FactSet,
    region: Region,
    view: &View<'_>,
) -> bool {
    let now = view.moment.at;
    let neurological = |reading: &Reading| {
        let section = view
            .catalogue
            .get(reading.fact.as_str())
            .map(|fact| fact.section.as_str());
        section == Some(NEUROLOGY) && reading.at > letter.issued && view.is_positive(reading)
    };
    letter.rule == rule.id
        && letter.region == region.as_str()
        && letter.issued <= now
        && now < letter.expires
        && !letter.document.is_empty()
        && !letter.confirmed_by.is_empty()
        && !facts.iter().any(neurological)
}

fn overrides(act: &Override, rule: &Rule, facts: &FactSet, now: Timestamp) -> bool {
    let second = act
        .second
        .as_deref()
        .is_some_and(|second| !second.is_empty() && second != act.by);
    act.rule == rule.id
        && act.at <= now
        && now < act.until
        && act.patient_told
        && !act.reason.is_empty()
        && !act.examination.is_empty()
        && (rule.override_by == OverrideBy::Practitioner || second)
        && !rule
            .facts()
            .iter()
            .any(|fact| changed_since(fact, facts, act.at))
}

/// Whether any later reading of a fact says something else than what stood then.
fn changed_since(fact: &str, facts: &FactSet, at: Timestamp) -> bool {
    let mut own = facts.keys().filter(|key| key.fact.as_str() == fact);
    own.any(|key| {
        let readings = facts.of(key);
        let (before, later) = readings.split_at(readings.partition_point(|r| r.at <= at));
        let stood = before.last().map(Reading::as_value);
        later.iter().any(|r| Some(r.as_value()) != stood)
    })
}
