//! What to ask next, most decisive first (ENGINEERING §3).
//!
//! Over every undecided rule that holds the result or could worsen it: facts
//! that decide a rule alone come first, by severity, then by how many rules they
//! settle; then the facts of its smallest deciding set; every such rule
//! contributes one. Rules that ask only for caution follow. Before all stands
//! what an unconfirmed record made a rule fire on, and after all the details
//! whose absence made one fire.
use super::decision::{Ask, Question, QuestionReason};
use super::engine::Judged;
use super::{RuleSet, Urgency, Verdict};
use crate::criteria::{Expr, Kleene, Node, Reader, Scenario};
use crate::fact::{Answer, Content, Moment, Resolved, start_of_day};
use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};

/// A rule that still asks for something.
pub(super) struct Open<'j> {
    judged: &'j Judged<'j>,
    /// Places to ask, each with whether it decides the rule alone.
    slots: Vec<(usize, bool)>,
    reason: QuestionReason,
}

impl<'j> Open<'j> {
    pub(super) fn new(judged: &'j Judged<'j>, reader: Reader<'_>) -> Option<Self> {
        let expr = &judged.compiled.expr;
        let (slots, reason) = match judged.outcome {
            Kleene::False => return None,
            Kleene::Unknown => (deciding(expr, reader), QuestionReason::Undecided),
            Kleene::True => fired_questions(expr, reader)?,
        };
        Some(Self {
            judged,
            slots,
            reason,
        })
    }
}

/// A record to confirm, or a detail that was taken at its worst.
fn fired_questions(
    expr: &Expr,
    reader: Reader<'_>,
) -> Option<(Vec<(usize, bool)>, QuestionReason)> {
    let mut slots = Vec::new();
    expr.for_each_leaf(&mut |leaf| slots.push(leaf.slot));
    slots.sort_unstable();
    slots.dedup();
    let unconfirmed = |slot: &usize| {
        reader
            .view
            .slot(*slot)
            .alternatives
            .iter()
            .any(|reading| reading.unconfirmed)
    };
    let confirm: Vec<_> = slots
        .iter()
        .copied()
        .filter(unconfirmed)
        .map(|s| (s, true))
        .collect();
    if !confirm.is_empty() {
        return Some((confirm, QuestionReason::Confirm));
    }
    let mut open = Vec::new();
    collect_details(expr, reader, &mut open);
    let details: Vec<_> = askable(open, reader)
        .into_iter()
        .map(|slot| (slot, false))
        .collect();
    (!details.is_empty()).then_some((details, QuestionReason::Detail))
}

/// The unknown places behind each `not_shown` that a rule fired for want of.
fn collect_details(expr: &Expr, reader: Reader<'_>, slots: &mut Vec<usize>) {
    if expr.evaluate(reader, Scenario::default()).certain() != Kleene::True {
        return;
    }
    match &expr.node {
        Node::All(parts) | Node::Any(parts) | Node::AtLeast(_, parts) => {
            parts
                .iter()
                .for_each(|part| collect_details(part, reader, slots));
        }
        Node::NotShown(inner) => collect_unknown(inner, reader, slots),
        Node::Not(_) | Node::Leaf(_) => {}
    }
}

/// The places that can be asked now, each once: a test whose need is unknown
/// waits for the facts that settle the need, which stand before it.
fn askable(slots: Vec<usize>, reader: Reader<'_>) -> Vec<usize> {
    let mut seen = BTreeSet::new();
    let waits = |slot: usize| {
        need_of(slot, reader).is_some_and(|need| {
            need.evaluate(reader, Scenario::default()).certain() == Kleene::Unknown
        })
    };
    let fresh = slots
        .into_iter()
        .filter(|slot| seen.insert(*slot) && !waits(*slot));
    fresh.collect()
}

/// The places to ask for an undecided rule: all that decide it alone, or else a
/// smallest set that decides it together.
fn deciding(expr: &Expr, reader: Reader<'_>) -> Vec<(usize, bool)> {
    let unknown = askable(unknown_slots(expr, reader), reader);
    let alone: Vec<(usize, bool)> = unknown
        .iter()
        .filter(|slot| decides_alone(expr, **slot, reader))
        .map(|slot| (*slot, true))
        .collect();
    if !alone.is_empty() {
        return alone;
    }
    let sets = [
        deciding_set(expr, true, reader),
        deciding_set(expr, false, reader),
    ];
    let smallest = sets.into_iter().flatten().min_by_key(Vec::len);
    let ready = smallest.map(|set| askable(set, reader)).unwrap_or_default();
    let asked = if ready.is_empty() { unknown } else { ready };
    asked.into_iter().map(|slot| (slot, false)).collect()
}

fn decides_alone(expr: &Expr, slot: usize, reader: Reader<'_>) -> bool {
    [true, false].into_iter().any(|holds| {
        let scenario = Scenario {
            pins: &[],
            assumed: Some((slot, holds)),
        };
        expr.evaluate(reader, scenario).certain() != Kleene::Unknown
    })
}

/// The unknown places that keep an expression undecided, those of a need before its test.
pub(super) fn unknown_slots(expr: &Expr, reader: Reader<'_>) -> Vec<usize> {
    let mut slots = Vec::new();
    collect_unknown(expr, reader, &mut slots);
    let mut seen = BTreeSet::new();
    slots.retain(|slot| seen.insert(*slot));
    slots
}

fn collect_unknown(expr: &Expr, reader: Reader<'_>, slots: &mut Vec<usize>) {
    if expr.evaluate(reader, Scenario::default()).certain() != Kleene::Unknown {
        return;
    }
    match &expr.node {
        Node::All(parts) | Node::Any(parts) | Node::AtLeast(_, parts) => {
            parts
                .iter()
                .for_each(|part| collect_unknown(part, reader, slots));
        }
        Node::Not(inner) | Node::NotShown(inner) => collect_unknown(inner, reader, slots),
        Node::Leaf(leaf) => {
            if let Some(need) = need_of(leaf.slot, reader) {
                collect_unknown(need, reader, slots);
            }
            slots.push(leaf.slot);
        }
    }
}

fn need_of<'r>(slot: usize, reader: Reader<'r>) -> Option<&'r Expr> {
    let number = reader.view.catalogue.fact_number(slot);
    let open = !reader.view.slot(slot).keeps_needed;
    reader
        .applicability
        .needed
        .get(number)
        .and_then(Option::as_ref)
        .filter(|_| open)
}

/// A smallest set of unknown places that could make an expression hold (or not
/// hold); nothing if it cannot.
fn deciding_set(expr: &Expr, wanted: bool, reader: Reader<'_>) -> Option<Vec<usize>> {
    match expr.evaluate(reader, Scenario::default()).certain() {
        Kleene::Unknown => {}
        known => return (known == Kleene::from(wanted)).then(Vec::new),
    }
    let sets = |parts: &[Expr]| {
        let mut sets: Vec<Vec<usize>> = parts
            .iter()
            .filter_map(|part| deciding_set(part, wanted, reader))
            .collect();
        sets.sort_by_key(Vec::len);
        sets
    };
    let together = |parts: &[Expr], count: usize| {
        let sets = sets(parts);
        (sets.len() >= count).then(|| {
            let mut union: Vec<usize> = sets.into_iter().take(count).flatten().collect();
            union.sort_unstable();
            union.dedup();
            union
        })
    };
    match &expr.node {
        Node::All(parts) if wanted => together(parts, parts.len()),
        Node::All(parts) => together(parts, 1),
        Node::Any(parts) if wanted => together(parts, 1),
        Node::Any(parts) => together(parts, parts.len()),
        Node::AtLeast(count, parts) if wanted => together(parts, *count),
        Node::AtLeast(count, parts) => together(parts, parts.len() + 1 - count),
        Node::Not(inner) => deciding_set(inner, !wanted, reader),
        Node::NotShown(inner) => deciding_set(inner, !wanted, reader),
        Node::Leaf(leaf) => Some(vec![leaf.slot]),
    }
}

/// What is known about asking one place.
struct Candidate {
    reason: QuestionReason,
    decides_alone: bool,
    /// Only cautions hang on it.
    mild: bool,
    /// Rank of the worst rule, then how urgent it is.
    severity: (usize, Reverse<Urgency>),
    settles: usize,
    rules: Vec<String>,
}

/// The questions, most decisive first.
pub(super) fn next_questions(open: &[Open<'_>], reader: Reader<'_>, set: RuleSet) -> Vec<Question> {
    let mut candidates: BTreeMap<usize, Candidate> = BTreeMap::new();
    for rule in open {
        for (slot, alone) in &rule.slots {
            let new = candidate(rule, *alone, set);
            match candidates.get_mut(slot) {
                Some(old) => old.join(new),
                None => {
                    candidates.insert(*slot, new);
                }
            }
        }
    }
    let mut ordered: Vec<(usize, Candidate)> = candidates.into_iter().collect();
    ordered.sort_by_cached_key(|(slot, candidate)| {
        let fact = reader.view.catalogue.at(*slot).0;
        (candidate.order(), fact.is_test(), fact.priority, *slot)
    });
    ordered
        .into_iter()
        .map(|(slot, candidate)| question(slot, candidate, reader))
        .collect()
}

fn candidate(open: &Open<'_>, alone: bool, set: RuleSet) -> Candidate {
    let rule = open.judged.rule;
    Candidate {
        reason: open.reason,
        decides_alone: alone,
        mild: set.undecided(rule.verdict) == Verdict::Caution,
        severity: (set.rank(rule.verdict), Reverse(rule.urgency)),
        settles: usize::from(alone && open.reason == QuestionReason::Undecided),
        rules: vec![rule.id.clone()],
    }
}

impl Candidate {
    fn join(&mut self, other: Self) {
        // The severity that orders is that of the rules it decides alone.
        self.severity = match (self.decides_alone, other.decides_alone) {
            (true, false) => self.severity,
            (false, true) => other.severity,
            _ => self.severity.min(other.severity),
        };
        self.reason = self.reason.min(other.reason);
        self.decides_alone |= other.decides_alone;
        self.mild &= other.mild;
        self.settles += other.settles;
        self.rules.extend(other.rules);
    }

    fn order(&self) -> impl Ord + use<> {
        let alone = Reverse(self.decides_alone);
        (
            self.reason,
            self.mild,
            alone,
            self.severity,
            Reverse(self.settles),
        )
    }
}

fn question(slot: usize, candidate: Candidate, reader: Reader<'_>) -> Question {
    let (fact, key) = reader.view.catalogue.at(slot);
    let answered = answered(reader.view.slot(slot), reader.view.moment);
    // "Asked, unknown" and "declined" are not asked again that day: somebody looks
    // instead; and only a practitioner confirms or refutes a record.
    let ask = match (fact.ask, answered, candidate.reason) {
        (Ask::Patient, Some(_), _) | (_, _, QuestionReason::Confirm) => Ask::Examination,
        (ask, _, _) => ask,
    };
    Question {
        fact: key.to_string(),
        label: fact.label.clone(),
        patient: fact.patient.clone(),
        practitioner: fact.practitioner.clone(),
        ask,
        reason: candidate.reason,
        rules: candidate.rules,
        decides_alone: candidate.decides_alone,
        answered,
    }
}

/// What was answered today, by the clinic's calendar, in place of a value.
fn answered(resolved: &Resolved<'_>, moment: Moment<'_>) -> Option<Answer> {
    let reading = resolved.answer?;
    match reading.content {
        Content::Answer(answer) if reading.at >= start_of_day(moment.at, moment.zone) => {
            Some(answer)
        }
        _ => None,
    }
}
