//! Clearances and overrides: what may turn one named rule into `caution`.
//!
//! Neither touches a rule marked `never`, neither raises an unknown to a no, and
//! both end by themselves (CLINICAL §1.10, §1.11).
use super::decision::{Condition, ConditionKind};
use super::{OverrideBy, RuleSet};
use crate::fact::{Baseline, Clearance, FactSet, Moment, Override, Reading, View};
use crate::knowledge::{Knowledge, Rule};
use jiff::Timestamp;
use jiff::tz::TimeZone;
use si::Region;

/// Facts of this section lapse a clearance when they turn up new.
const NEUROLOGY: &str = "neurology";

/// What is on file for a rule.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum PermissionKind<'a> {
    /// A letter that clears it.
    Letter(&'a Clearance),
    /// A clinician's act.
    Act(&'a Override),
}

/// A clearance or an override on file, and whether it holds.
#[derive(Clone, Debug, PartialEq)]
pub struct Permission<'a> {
    /// The rule, by id.
    pub rule: &'a str,
    /// Letter or act.
    pub kind: PermissionKind<'a>,
    /// The latest instant at which it holds.
    pub ends: Timestamp,
    /// Why it does not hold; none while it is in force.
    pub lapsed: Option<Lapsed>,
}

/// Why a clearance or an override does not hold.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Lapsed {
    /// The rule is gone, or nothing softens it any more.
    NotAllowed,
    /// A part that it needs is missing.
    Incomplete,
    /// It was given for another region.
    OtherRegion,
    /// It begins later.
    NotYet,
    /// Its time is over, or it was withdrawn.
    Ended,
    /// A new neurological finding came after the letter: this fact.
    Neurology(String),
    /// A fact of the rule changed: this one.
    Changed(String),
}

/// Every clearance and override on file, each with whether it holds now and why not.
#[must_use]
pub fn permissions<'a>(
    facts: &'a FactSet,
    region: Region,
    knowledge: &Knowledge,
    at: Timestamp,
    zone: &TimeZone,
) -> Vec<Permission<'a>> {
    let view = knowledge.view(facts, Moment { at, zone }, Baseline::First);
    let rule = |id: &str| knowledge.rule(id).filter(|rule| softens(rule));
    let letters = facts.clearances.iter().map(|letter| Permission {
        rule: &letter.rule,
        kind: PermissionKind::Letter(letter),
        ends: letter.expires,
        lapsed: rule(&letter.rule).map_or(Some(Lapsed::NotAllowed), |rule| {
            letter_lapsed(letter, rule, facts, region, &view)
        }),
    });
    let acts = facts.overrides.iter().map(|act| Permission {
        rule: &act.rule,
        kind: PermissionKind::Act(act),
        ends: act.until,
        lapsed: rule(&act.rule).map_or(Some(Lapsed::NotAllowed), |rule| {
            act_lapsed(act, rule, facts, at)
        }),
    });
    letters.chain(acts).collect()
}

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
    if !softens(rule) {
        return None;
    }
    let own = |letter: &&Clearance| letter.rule == rule.id;
    let mut letters = facts.clearances.iter().filter(own);
    let letter = letters.find(|letter| letter_lapsed(letter, rule, facts, region, view).is_none());
    let act = || {
        let mut acts = facts.overrides.iter().filter(|act| act.rule == rule.id);
        acts.find(|act| act_lapsed(act, rule, facts, view.moment.at).is_none())
    };
    let zone = view.moment.zone;
    let cleared = letter.map(|letter| from_letter(letter, zone));
    cleared.or_else(|| act().map(|act| from_act(act, zone)))
}

/// Whether anything softens a rule at all.
fn softens(rule: &Rule) -> bool {
    let screens = matches!(rule.set, RuleSet::Screening | RuleSet::Indication);
    rule.override_by != OverrideBy::Never && screens
}

/// `27 Nov 2026 07:13` in the clinic's time zone.
fn day(at: Timestamp, zone: &TimeZone) -> String {
    let zoned = at.to_zoned_datetime(zone.clone());
    zoned.strftime("%-d %b %Y %H:%M").to_string()
}

fn from_letter(letter: &Clearance, zone: &TimeZone) -> Softened {
    let text = |condition: &String| Condition::text(ConditionKind::Document, condition);
    Softened {
        by: format!(
            "cleared by {} ({}), confirmed by {}, until {}",
            letter.name,
            letter.profession,
            letter.confirmed_by,
            day(letter.expires, zone)
        ),
        conditions: letter.conditions.iter().map(text).collect(),
    }
}

fn from_act(act: &Override, zone: &TimeZone) -> Softened {
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
            act.by,
            day(act.until, zone),
            act.reason
        ),
        conditions: vec![gentle],
    }
}

fn letter_lapsed(
    letter: &Clearance,
    rule: &Rule,
    facts: &FactSet,
    region: Region,
    view: &View<'_>,
) -> Option<Lapsed> {
    let now = view.moment.at;
    let neurological = |reading: &&Reading| {
        let section = view
            .catalogue
            .get(reading.fact.as_str())
            .map(|fact| fact.section.as_str());
        section == Some(NEUROLOGY) && reading.at > letter.issued && view.is_positive(reading)
    };
    if rule.clearance.is_none() {
        return Some(Lapsed::NotAllowed);
    }
    if letter.document.is_empty() || letter.confirmed_by.is_empty() {
        return Some(Lapsed::Incomplete);
    }
    if letter.region != region.as_str() {
        return Some(Lapsed::OtherRegion);
    }
    if letter.issued > now {
        return Some(Lapsed::NotYet);
    }
    if letter.expires <= now {
        return Some(Lapsed::Ended);
    }
    let new = facts.iter().find(neurological);
    new.map(|reading| Lapsed::Neurology(reading.key().to_string()))
}

fn act_lapsed(act: &Override, rule: &Rule, facts: &FactSet, now: Timestamp) -> Option<Lapsed> {
    let second = act
        .second
        .as_deref()
        .is_some_and(|second| !second.is_empty() && second != act.by);
    let whole = act.patient_told
        && !act.reason.is_empty()
        && !act.examination.is_empty()
        && (rule.override_by == OverrideBy::Practitioner || second);
    if !whole {
        return Some(Lapsed::Incomplete);
    }
    if act.at > now {
        return Some(Lapsed::NotYet);
    }
    if act.until <= now {
        return Some(Lapsed::Ended);
    }
    let own = rule.facts();
    let changed = own
        .iter()
        .find_map(|fact| changed_since(fact, facts, act.at));
    changed.map(Lapsed::Changed)
}

/// The fact, if any later reading of it says something else than what stood then.
fn changed_since(fact: &str, facts: &FactSet, at: Timestamp) -> Option<String> {
    let mut own = facts.keys().filter(|key| key.fact.as_str() == fact);
    let changed = own.find(|key| {
        let readings = facts.of(key);
        let (before, later) = readings.split_at(readings.partition_point(|r| r.at <= at));
        let stood = before.last().map(Reading::as_value);
        later.iter().any(|r| Some(r.as_value()) != stood)
    });
    changed.map(ToString::to_string)
}
