//! Readings in, and what they do to the decision on record.

use serde_json::Value as Json;
use si::{Problem, Region};

use super::{Context, safety};
use crate::decide::{Decision, Fired, Gate, Urgency, Verdict, evaluate};
use crate::episode::subject::{EVALUATION, SUSPENDED};
use crate::episode::{Alert, Episode, Kept, Role, SuspendedBy, What};
use crate::fact::{By, FactKey, Reading};
use crate::input::{Defaults, read_reading};

/// The readings as the catalogue takes them, with who recorded them.
pub(super) fn checked(
    readings: Vec<Reading>,
    context: &Context<'_>,
) -> Result<Vec<Reading>, Problem> {
    if readings.is_empty() {
        return Err(Problem::new(
            "no-readings",
            "readings",
            "",
            "there is nothing to record",
            "give at least one reading",
        ));
    }
    readings
        .into_iter()
        .map(|reading| check(reading, context))
        .collect()
}

fn check(reading: Reading, context: &Context<'_>) -> Result<Reading, Problem> {
    let key = reading.key();
    let place = format!("facts.{key}");
    may_say(&reading, &place, context)?;
    if !context.knowledge.catalogue().has(&key) {
        return Err(unknown(&key, &place, context));
    }
    not_derived(&reading, &place, context)?;
    let Ok(Json::Object(mut raw)) = serde_json::to_value(&reading) else {
        return Err(unknown(&key, &place, context));
    };
    raw.remove("fact");
    raw.remove("index");
    let defaults = Defaults {
        at: context.at,
        now: context.at,
        zone: context.zone,
    };
    let mut read = read_reading(
        &place,
        &key,
        &Json::Object(raw),
        context.knowledge,
        &defaults,
    )?;
    if read.who.is_none() && context.actor.role != Role::Program {
        read.who = Some(context.actor.id.to_string());
    }
    Ok(read)
}

/// What is computed here is told by nobody: a false baseline would make a patient well.
fn not_derived(reading: &Reading, place: &str, context: &Context<'_>) -> Result<(), Problem> {
    let fact = context.knowledge.catalogue().get(reading.fact.as_str());
    if fact.is_none_or(|fact| !fact.is_derived()) {
        return Ok(());
    }
    Err(Problem::new(
        "derived-fact",
        place,
        "",
        "this is computed from other facts",
        "record what it is computed from",
    ))
}

fn unknown(key: &FactKey, place: &str, context: &Context<'_>) -> Problem {
    let near = context.knowledge.catalogue().nearest(key.fact.as_str());
    Problem::new(
        "unknown-fact",
        place,
        key.to_string(),
        "the catalogue has no such fact",
        near.map_or("see `facts list`".to_owned(), |near| {
            format!("did you mean {near}?")
        }),
    )
}

/// Nobody speaks in another's name: a patient says what a patient says.
fn may_say(reading: &Reading, place: &str, context: &Context<'_>) -> Result<(), Problem> {
    let may = match context.actor.role {
        Role::Patient => reading.by == By::Patient,
        Role::Assistant => matches!(reading.by, By::Patient | By::Assistant | By::Device),
        Role::Practitioner | Role::ClinicalLead => true,
        Role::Program => reading.by == By::Device,
        Role::FrontDesk | Role::Administrator | Role::Researcher => false,
    };
    if may {
        return Ok(());
    }
    Err(Problem::new(
        "not-theirs-to-say",
        format!("{place}.by"),
        reading.by.as_str(),
        format!(
            "a {} does not record this in that name",
            context.actor.role.as_str()
        ),
        "record it in your own name, or have the right person record it",
    ))
}

/// The screening decision with these readings added.
pub(super) fn decision(
    episode: &Episode,
    added: &[Reading],
    gates: &[Gate],
    context: &Context<'_>,
) -> Decision {
    let mut facts = episode.facts();
    facts.extend(added.iter().cloned());
    let region = episode.region.unwrap_or(Region::Lumbar);
    evaluate(
        &facts,
        region,
        gates,
        context.knowledge,
        context.at,
        context.zone,
    )
}

/// What follows from new facts: a worse decision is kept, suspends the plan at
/// once, and is told to somebody where it is pressing.
pub(super) fn reassess(episode: &Episode, added: &[Reading], context: &Context<'_>) -> Vec<What> {
    let Some(before) = &episode.decision else {
        return pressing(episode, &decision(episode, added, Gate::EVALUATE, context));
    };
    let before = &before.decision;
    let now = decision(episode, added, Gate::EVALUATE, context);
    let newly: Vec<String> = now
        .fired
        .iter()
        .filter(|fired| !stood_as_badly(before, fired))
        .map(|fired| fired.rule.clone())
        .collect();
    // A reading of the day that went stale makes a rule undecided: that is asked
    // again before a session, and suspends nothing.
    if newly.is_empty() || !now.is_worse_than(before) {
        return Vec::new();
    }
    let mut happened = suspend_plan(episode, &now, &newly);
    let mut told = pressing(episode, &now);
    if told.is_empty() && !happened.is_empty() {
        told = on_the_table(episode, &newly);
    }
    happened.extend(told);
    happened.insert(
        0,
        What::Decided {
            decision: Kept::new(now),
        },
    );
    happened
}

/// Whether a rule had fired before with a verdict as bad: a lapsed clearance or
/// override makes the same rule worse.
fn stood_as_badly(before: &Decision, fired: &Fired) -> bool {
    let rank = |fired: &Fired| before.set.rank(fired.verdict);
    let mut old = before.fired.iter().filter(|old| old.rule == fired.rule);
    old.any(|old| rank(old) <= rank(fired))
}

fn suspend_plan(episode: &Episode, now: &Decision, newly: &[String]) -> Vec<What> {
    let known = |suspended: &SuspendedBy| match suspended {
        SuspendedBy::Decision { rules, .. } => newly.iter().all(|rule| rules.contains(rule)),
        _ => false,
    };
    let already = episode
        .suspended()
        .any(|suspension| known(&suspension.because));
    let under_plan =
        episode.plan.is_some() || now.verdict == Verdict::Refuse && episode.running().is_some();
    if already || !under_plan {
        return Vec::new();
    }
    vec![What::Suspended {
        suspension: safety::next_suspension(episode),
        because: SuspendedBy::Decision {
            verdict: now.verdict.as_str().to_owned(),
            rules: newly.to_vec(),
        },
    }]
}

/// A plan suspended while it is carried out is told at once, however pressing the
/// rule is by itself (CLINICAL.md §4: "even on the table").
fn on_the_table(episode: &Episode, newly: &[String]) -> Vec<What> {
    if episode.running().is_none() {
        return Vec::new();
    }
    let about = format!("{SUSPENDED}{}", newly.join(", "));
    vec![safety::first_notice(episode, Urgency::Urgent, about)]
}

/// A pressing decision is told to the on-call contact: once while nobody has
/// taken the alert, and not again for rules that stood in the decision before.
pub(super) fn pressing(episode: &Episode, now: &Decision) -> Vec<What> {
    if now.urgency < Urgency::Urgent {
        return Vec::new();
    }
    let urgent = |decision: &Decision| -> Vec<String> {
        let fired = decision.fired.iter();
        let urgent = fired.filter(|fired| fired.urgency >= Urgency::Urgent);
        urgent.map(|fired| fired.rule.clone()).collect()
    };
    let rules = urgent(now);
    let before = episode
        .decision
        .as_ref()
        .map(|before| urgent(&before.decision));
    let stood = before.is_some_and(|before| rules.iter().all(|rule| before.contains(rule)));
    let about = format!("{EVALUATION}{}", rules.join(", "));
    let same = |alert: &&Alert| alert.about == about;
    let told = if stood {
        episode.alerts.iter().any(|alert| same(&alert))
    } else {
        episode.open_alerts().any(|alert| same(&alert))
    };
    if told {
        return Vec::new();
    }
    vec![safety::first_notice(episode, now.urgency, about)]
}
