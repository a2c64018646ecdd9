//! From facts to a decision.
use super::decision::{Condition, ConditionKind, Decision, Fired, Given, Undecided};
use super::permission::{Softened, softened};
use super::questions::{Open, next_questions};
use super::{Gate, RuleSet, Urgency, Verdict};
use crate::criteria::{Expr, Kleene, Node, Reader, Scenario};
use crate::fact::{Baseline, FactSet, Moment};
use crate::knowledge::{Compiled, Knowledge, Rule};
use jiff::Timestamp;
use jiff::tz::TimeZone;
use si::Region;

/// What to decide.
#[derive(Clone, Copy, Debug)]
pub struct Request<'a> {
    /// The set whose words the result uses.
    pub set: RuleSet,
    /// The facts.
    pub facts: &'a FactSet,
    /// Where force is applied.
    pub region: Region,
    /// The gates that count.
    pub gates: &'a [Gate],
    /// The knowledge that decides.
    pub knowledge: &'a Knowledge,
    /// The instant of decision.
    pub at: Timestamp,
    /// The clinic's time zone.
    pub zone: &'a TimeZone,
    /// What `worse_than_baseline` compares with.
    pub baseline: Baseline,
}

/// Decides screening (with indication) against the episode's first examination.
pub fn evaluate(
    facts: &FactSet,
    region: Region,
    gates: &[Gate],
    knowledge: &Knowledge,
    at: Timestamp,
    zone: &TimeZone,
) -> Decision {
    let (set, baseline) = (RuleSet::Screening, Baseline::First);
    decide(&Request {
        set,
        facts,
        region,
        gates,
        knowledge,
        at,
        zone,
        baseline,
    })
}

/// One rule with its outcome.
pub(super) struct Judged<'k> {
    pub(super) rule: &'k Rule,
    pub(super) compiled: &'k Compiled,
    pub(super) outcome: Kleene,
    pub(super) conflict: bool,
    pub(super) error: bool,
}

/// Decides one rule set.
pub fn decide(request: &Request<'_>) -> Decision {
    let Request {
        knowledge, region, ..
    } = *request;
    let moment = Moment {
        at: request.at,
        zone: request.zone,
    };
    let view = knowledge.view(request.facts, moment, request.baseline);
    let applicability = knowledge.applicability(region);
    let kept = knowledge.room();
    let reader = Reader {
        view: &view,
        applicability,
        kept: &kept,
    };
    let judged: Vec<Judged<'_>> = counting(request)
        .filter_map(|rule| judge(rule, region, reader))
        .collect();
    let fired = fired(request, &judged, reader);
    let undecided = undecided(request.set, &judged, reader);
    let verdict = verdict(request.set, &fired, &undecided);
    let urgency = fired
        .iter()
        .map(|rule| rule.urgency)
        .max()
        .unwrap_or(Urgency::None);
    let matters = |one: &&Judged<'_>| matters(one, request.set, verdict, urgency);
    let open: Vec<Open<'_>> = judged
        .iter()
        .filter(matters)
        .filter_map(|one| Open::new(one, reader))
        .collect();
    Decision {
        schema: Decision::SCHEMA.to_owned(),
        urgency,
        verdict,
        set: request.set,
        region: region.as_str().to_owned(),
        at: request.at,
        gates: request.gates.to_vec(),
        next_questions: next_questions(&open, reader, request.set),
        conditions: conditions(request.set, &fired, &judged),
        loosened: loosened(knowledge, &judged, reader),
        unread: view.unread().iter().map(ToString::to_string).collect(),
        conflicts: view.conflicts().iter().map(ToString::to_string).collect(),
        fired,
        undecided,
        knowledge: knowledge.reference(),
    }
}

/// The rules that count; indication is decided with screening (CLINICAL §1.13).
fn counting<'k>(request: &Request<'k>) -> impl Iterator<Item = &'k Rule> {
    let Request {
        set, gates, region, ..
    } = *request;
    let also = if set == RuleSet::Screening {
        RuleSet::Indication
    } else {
        set
    };
    request.knowledge.all_rules().iter().filter(move |rule| {
        (rule.set == set || rule.set == also) && gates.contains(&rule.gate) && rule.is_for(region)
    })
}

fn judge<'k>(rule: &'k Rule, region: Region, reader: Reader<'_>) -> Option<Judged<'k>> {
    let compiled = rule.compiled[region as usize].as_ref()?;
    let outcomes = compiled.expr.outcomes(reader, &compiled.repeated);
    let several = [Kleene::True, Kleene::Unknown, Kleene::False];
    let conflict = several
        .into_iter()
        .filter(|value| outcomes.may_be(*value))
        .count()
        > 1;
    let worst = outcomes.worst(!rule.permits());
    // A rule that could not read a reading is never taken for false.
    let error = outcomes.is_error() && worst != Kleene::True;
    let outcome = if error { Kleene::Unknown } else { worst };
    Some(Judged {
        rule,
        compiled,
        outcome,
        conflict,
        error,
    })
}

/// Whether asking for a rule can change the result: it fired, or it holds the
/// result where it is, or it could worsen verdict or urgency.
fn matters(one: &Judged<'_>, set: RuleSet, verdict: Verdict, urgency: Urgency) -> bool {
    let (rule, reached) = (one.rule, set.rank(verdict));
    one.outcome == Kleene::True
        || one.error
        || rule.permits()
        || set.rank(set.undecided(rule.verdict)) <= reached
        || set.rank(rule.verdict) < reached
        || rule.urgency > urgency
}

/// The worst over the rules that fired, or the set's default; then the doubts.
fn verdict(set: RuleSet, fired: &[Fired], undecided: &[Undecided]) -> Verdict {
    let shown = fired
        .iter()
        .map(|rule| rule.verdict)
        .reduce(|a, b| set.worse(a, b));
    let doubt = |rule: &Undecided| match rule.error {
        Some(_) => set.in_error(),
        None => set.undecided(rule.verdict),
    };
    let start = shown.unwrap_or(set.default_verdict());
    undecided
        .iter()
        .map(doubt)
        .fold(start, |a, b| set.worse(a, b))
}

fn fired(request: &Request<'_>, judged: &[Judged<'_>], reader: Reader<'_>) -> Vec<Fired> {
    let set = request.set;
    let firing = judged.iter().filter(|one| one.outcome == Kleene::True);
    let mut fired: Vec<Fired> = firing.map(|one| fire(request, one, reader)).collect();
    fired.sort_by_key(|rule| (std::cmp::Reverse(rule.urgency), set.rank(rule.verdict)));
    fired
}

fn fire(request: &Request<'_>, one: &Judged<'_>, reader: Reader<'_>) -> Fired {
    let rule = one.rule;
    let soft = softened(rule, request.facts, request.region, reader.view);
    let mut conditions = rule.conditions.clone();
    if let Some(Softened {
        conditions: letter, ..
    }) = &soft
    {
        conditions.extend(letter.iter().cloned());
    }
    let verdict = if soft.is_some() {
        Verdict::Caution
    } else {
        rule.verdict
    };
    if request.set == RuleSet::Screening && verdict == Verdict::Caution {
        conditions.extend(gentle_only(&conditions));
    }
    conditions
        .iter_mut()
        .for_each(|condition| condition.rules = vec![rule.id.clone()]);
    Fired {
        rule: rule.id.clone(),
        set: rule.set,
        gate: rule.gate,
        verdict,
        urgency: rule.urgency,
        statement: rule.statement.clone(),
        practitioner: rule.practitioner.clone(),
        why: rule.why.clone(),
        facts: reasons(&one.compiled.expr, reader),
        sources: rule.sources.clone(),
        evidence: rule.evidence,
        dissent: rule.dissent.clone(),
        conditions,
        conflict: one.conflict,
        softened_from: soft.as_ref().map(|_| rule.verdict),
        softened_by: soft.map(|soft| soft.by),
    }
}

/// `caution` offers gentle only, unless its rule allows more (CLINICAL §4).
fn gentle_only(conditions: &[Condition]) -> Option<Condition> {
    let named = conditions
        .iter()
        .any(|condition| condition.candidates.is_some());
    (!named).then(|| Condition {
        candidates: Some(vec!["gentle".to_owned()]),
        ..Condition::text(
            ConditionKind::Dose,
            "Only the gentle candidate may be used.",
        )
    })
}

/// The readings behind a rule that fired.
fn reasons(expr: &Expr, reader: Reader<'_>) -> Vec<Given> {
    let mut slots = Vec::new();
    support(expr, true, reader, &mut slots);
    let given = |slot: usize| {
        let (fact, _) = reader.view.catalogue.at(slot);
        let resolved = reader.view.slot(slot);
        let readings = resolved.alternatives.iter().chain(&resolved.answer);
        readings
            .map(|r| Given::of(r, &fact.label, fact.unit.as_deref()))
            .collect::<Vec<_>>()
    };
    slots.into_iter().flat_map(given).collect()
}

/// The places whose readings make an expression hold, or not hold.
fn support(expr: &Expr, wanted: bool, reader: Reader<'_>, slots: &mut Vec<usize>) {
    let can = |part: &Expr| {
        let outcomes = part.evaluate(reader, Scenario::default());
        outcomes.may_be(Kleene::from(wanted))
    };
    match &expr.node {
        Node::All(parts) | Node::Any(parts) | Node::AtLeast(_, parts) => {
            parts
                .iter()
                .filter(|part| can(part))
                .for_each(|p| support(p, wanted, reader, slots));
        }
        Node::Not(inner) => support(inner, !wanted, reader, slots),
        Node::NotShown(inner) => {
            inner.for_each_leaf(&mut |leaf| push_once(slots, leaf.slot));
        }
        Node::Leaf(leaf) => push_once(slots, leaf.slot),
    }
}

fn push_once(slots: &mut Vec<usize>, slot: usize) {
    if !slots.contains(&slot) {
        slots.push(slot);
    }
}

fn undecided(set: RuleSet, judged: &[Judged<'_>], reader: Reader<'_>) -> Vec<Undecided> {
    let open = judged.iter().filter(|one| one.outcome == Kleene::Unknown);
    let mut undecided: Vec<Undecided> = open
        .map(|one| Undecided {
            rule: one.rule.id.clone(),
            verdict: one.rule.verdict,
            statement: one.rule.statement.clone(),
            missing: missing(one, reader),
            error: one
                .error
                .then(|| "a reading is not of its fact's kind".to_owned()),
        })
        .collect();
    undecided.sort_by_key(|rule| set.rank(rule.verdict));
    undecided
}

fn missing(one: &Judged<'_>, reader: Reader<'_>) -> Vec<String> {
    let slots = super::questions::unknown_slots(&one.compiled.expr, reader);
    slots
        .into_iter()
        .map(|slot| reader.view.catalogue.at(slot).1.to_string())
        .collect()
}

/// Policies that the rules read and that the clinic set looser than the default.
fn loosened(knowledge: &Knowledge, judged: &[Judged<'_>], reader: Reader<'_>) -> Vec<Given> {
    let mut slots = Vec::new();
    for one in judged {
        one.compiled.expr.for_each_leaf(&mut |leaf| {
            if reader.view.catalogue.at(leaf.slot).0.default.is_some() {
                push_once(&mut slots, leaf.slot);
            }
        });
    }
    let given = |slot: usize| {
        let (fact, _) = reader.view.catalogue.at(slot);
        let choice = knowledge.policy().of_fact(&fact.id)?;
        let chosen = choice.chosen.as_ref().filter(|_| choice.is_loosened())?;
        Some(Given::of_policy(fact, chosen))
    };
    slots.into_iter().filter_map(given).collect()
}

/// Conditions of what fired and of undecided cautions, equal ones merged.
fn conditions(set: RuleSet, fired: &[Fired], judged: &[Judged<'_>]) -> Vec<Condition> {
    let doubted = judged.iter().filter(|one| {
        one.outcome == Kleene::Unknown && set.undecided(one.rule.verdict) == Verdict::Caution
    });
    let doubted = doubted.flat_map(|one| {
        let mut conditions = one.rule.conditions.clone();
        conditions.extend(gentle_only(&conditions));
        conditions
            .iter_mut()
            .for_each(|c| c.rules = vec![one.rule.id.clone()]);
        conditions
    });
    let mut merged: Vec<Condition> = Vec::new();
    for condition in fired
        .iter()
        .flat_map(|rule| rule.conditions.clone())
        .chain(doubted)
    {
        let same = |other: &&mut Condition| {
            Condition {
                rules: Vec::new(),
                ..(*other).clone()
            } == Condition {
                rules: Vec::new(),
                ..condition.clone()
            }
        };
        match merged.iter_mut().find(same) {
            Some(other) => other.rules.extend(condition.rules),
            None => merged.push(condition),
        }
    }
    merged
}
