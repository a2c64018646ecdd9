//! Review: the course as a whole.
//!
//! [`derived`] computes what the rules under `knowledge/rules/review/` ask: the
//! change of pain and function since the start in units of each score's own
//! smallest important change (`knowledge/instruments.toml`), the history of
//! triage, and how far the course has run. No scores means `re-evaluate`: `on-course` must be shown in full.

use jiff::Timestamp;
use si::Region;

use crate::decide::{Decision, RuleSet, Verdict};
use crate::episode::{Episode, Session, SuspendedBy};
use crate::fact::{Baseline, By, FactKey, FactSet, Reading, Value, convert};
use crate::instrument::{Instrument, Instruments, Measures, start_back_risk};
use crate::plan::{Dose, Proposal, days_between};
use crate::session::sessions_under;
use crate::triage::Moment;

/// Decides the course.
pub fn review(episode: &Episode, moment: &Moment<'_>) -> Decision {
    let region = episode.region.unwrap_or(Region::Lumbar);
    let mut facts: FactSet = episode.readings.iter().cloned().collect();
    facts.extend(derived(episode, moment.knowledge.instruments(), moment.at));
    moment.decide(RuleSet::Review, &facts, region, Baseline::First)
}

/// Decides a course from facts alone, as a file or another program sends them:
/// what follows from its scores is derived, the rest counts as it was told.
pub fn review_of(facts: &FactSet, region: Region, moment: &Moment<'_>) -> Decision {
    let mut told = Told {
        readings: Vec::new(),
        at: moment.at,
    };
    let scores: Vec<&Reading> = facts.iter().collect();
    changes(&scores, (moment.knowledge.instruments(), region), &mut told);
    let mut facts = facts.clone();
    facts.extend(told.readings);
    moment.decide(RuleSet::Review, &facts, region, Baseline::First)
}

/// So many appointments missed since the last review lead to one (issue of the console).
const MISSED: usize = 2;

/// Why the course must be looked at before the next session.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Demand {
    /// Two appointments were missed since the last review.
    Missed,
    /// A gap without a session, since this one ended.
    Gap(Timestamp),
    /// So many visits or days since the examination, or the signed course is used up.
    Course,
}

/// Whether the course must be looked at before the next session.
#[must_use]
pub fn due(episode: &Episode, dose: &Dose, at: Timestamp) -> bool {
    demand(episode, dose, at).is_some()
}

/// Why the course must be looked at before the next session: two missed appointments, by the
/// sixth visit, by four weeks, after a gap, and when the signed course is used up.
#[must_use]
pub fn demand(episode: &Episode, dose: &Dose, at: Timestamp) -> Option<Demand> {
    let began = episode.course_began?;
    if missed(episode) {
        return Some(Demand::Missed);
    }
    let last = unreviewed(episode)?;
    if days_between(last, at) >= dose.common.gap.value {
        return Some(Demand::Gap(last));
    }
    let sessions = sessions_since(episode, began) as f64;
    let due = sessions >= dose.common.review_visit.value
        || days_between(began, at) >= dose.common.review_after.value
        || exhausted(episode) == Some(true);
    due.then_some(Demand::Course)
}

/// Whether so many appointments were missed since the last review that it is due for the next;
/// who comes in between has not made up for them.
#[must_use]
pub fn missed(episode: &Episode) -> bool {
    let looked = episode.reviews.last().map(|review| review.at);
    let since = |at: Timestamp| looked.is_none_or(|looked| looked < at);
    episode.missed.iter().filter(|one| since(one.at)).count() >= MISSED
}

/// The end of the last session, while no review has looked at it.
#[must_use]
pub fn unreviewed(episode: &Episode) -> Option<Timestamp> {
    let last = episode.treated().next_back()?.ended?;
    let looked = episode.reviews.last().map(|review| review.at);
    looked.is_none_or(|looked| looked < last).then_some(last)
}

fn sessions_since(episode: &Episode, began: Timestamp) -> usize {
    let after = |session: &&Session| session.started.is_some_and(|started| started >= began);
    episode.treated().filter(after).count()
}

/// What follows from the episode, as readings for the rules.
#[must_use]
pub fn derived(episode: &Episode, instruments: &Instruments, at: Timestamp) -> Vec<Reading> {
    let mut told = Told {
        readings: Vec::new(),
        at,
    };
    let own = episode.readings.iter();
    let own = own.filter(|reading| episode.has_begun(reading.at));
    let region = episode.region.unwrap_or(Region::Lumbar);
    changes(&own.collect::<Vec<_>>(), (instruments, region), &mut told);
    let (adjusts, warnings, emergency) = history(episode);
    told.number("adjusts_so_far", f64::from(adjusts), None);
    told.number("warnings_so_far", f64::from(warnings), None);
    told.flag("emergency_so_far", emergency);
    told.flag(
        "last_triage_adjust",
        last_result(episode) == Some(Verdict::Adjust.as_str()),
    );
    let done = episode.treated().count() as f64;
    told.number("sessions_done", done, None);
    if let Some(began) = episode.course_began {
        told.number(
            "sessions_since_examination",
            sessions_since(episode, began) as f64,
            None,
        );
        told.number(
            "days_since_evaluation",
            days_between(began, at).max(0.0),
            Some("d"),
        );
    }
    if let Some(first) = episode.treated().next().and_then(|session| session.started) {
        told.number(
            "days_in_course",
            days_between(first, at).max(0.0),
            Some("d"),
        );
    }
    if let Some(exhausted) = exhausted(episode) {
        told.flag("course_exhausted", exhausted);
    }
    told.readings
}

struct Told {
    readings: Vec<Reading>,
    at: Timestamp,
}

impl Told {
    fn number(&mut self, fact: &str, value: f64, unit: Option<&str>) {
        let mut reading = Reading::value(
            FactKey::plain(fact),
            Value::Number(value),
            self.at,
            By::Device,
        )
        .with_source("derived#review");
        reading.unit = unit.map(str::to_owned);
        self.readings.push(reading);
    }

    fn flag(&mut self, fact: &str, value: bool) {
        self.value(fact, Value::Bool(value));
    }

    fn choice(&mut self, fact: &str, value: &str) {
        self.value(fact, Value::Choice(value.to_owned()));
    }

    fn value(&mut self, fact: &str, value: Value) {
        let reading = Reading::value(FactKey::plain(fact), value, self.at, By::Device);
        self.readings.push(reading.with_source("derived#review"));
    }
}

/// What pain and function did since the first score.
fn changes(readings: &[&Reading], asked: (&Instruments, Region), told: &mut Told) {
    pain(readings, told);
    function(readings, asked, told);
    risk(readings, told);
}

/// First and latest score, if it was scored twice.
fn course_of(readings: &[&Reading], fact: &str, unit: &str) -> Option<(f64, f64)> {
    let score = |reading: &&&Reading| match reading.as_value() {
        Some(Value::Number(value)) if reading.fact.as_str() == fact => {
            let score = convert(*value, reading.unit.as_deref().unwrap_or(unit), unit)?;
            Some((reading.at, score))
        }
        _ => None,
    };
    let mut scores: Vec<(Timestamp, f64)> = readings.iter().filter_map(|r| score(&r)).collect();
    scores.sort_by_key(|(at, _)| *at);
    let (first, last) = (scores.first()?, scores.last()?);
    (first.0 < last.0).then_some((first.1, last.1))
}

fn pain(readings: &[&Reading], told: &mut Told) {
    let Some((first, last)) = course_of(readings, "score_nprs", "1") else {
        return;
    };
    told.number("pain_fall", first - last, None);
    if first > 0.0 {
        let share = (first - last) / first * 100.0;
        told.number("pain_fall_share", share, Some("%"));
    }
}

fn function(readings: &[&Reading], (instruments, region): (&Instruments, Region), told: &mut Told) {
    let gain = |instrument: &Instrument| {
        let (fact, unit) = (instrument.fact.as_deref()?, instrument.unit.as_deref()?);
        let (first, last) = course_of(readings, fact, unit)?;
        Some(instrument.gain(first, last) / instrument.change(region)?.points)
    };
    let measured = instruments.measuring(Measures::Function, region);
    let gains: Vec<f64> = measured.filter_map(gain).collect();
    if let Some(best) = gains.iter().copied().reduce(f64::max) {
        told.number("function_gain", best, None);
    }
    if let Some(worst) = gains.iter().copied().reduce(f64::min) {
        told.number("function_worst", worst, None);
    }
}

/// The risk class that total and distress of the same instant give.
fn risk(readings: &[&Reading], told: &mut Told) {
    let of = |fact: &str| {
        let scores = readings.iter().filter_map(|reading| {
            let Some(Value::Number(number)) = reading.as_value() else {
                return None;
            };
            let whole = (0.0..=9.0).contains(number) && number.fract() == 0.0;
            (reading.fact.as_str() == fact && whole).then_some((reading.at, *number as u8))
        });
        scores.max_by_key(|(at, _)| *at)
    };
    let (Some(total), Some(distress)) = (of("score_start_back"), of("score_start_back_distress"))
    else {
        return;
    };
    let same = total.0 == distress.0;
    if let Some(risk) = start_back_risk(total.1, distress.1).filter(|_| same) {
        told.choice("start_back_risk", risk.as_str());
    }
}

/// Sessions with `adjust`, with more than that, and whether anything was an emergency.
fn history(episode: &Episode) -> (u32, u32, bool) {
    let gave = |session: &Session, words: &[&str]| {
        let mut results = session
            .check_ins
            .iter()
            .filter_map(|check_in| check_in.triage.as_ref());
        results.any(|triage| words.contains(&triage.result.as_str()))
    };
    let count = |words: &[&str]| {
        let found = episode
            .sessions()
            .filter(|session| gave(session, words))
            .count();
        u32::try_from(found).unwrap_or(u32::MAX)
    };
    let serious = episode
        .adverse_events
        .iter()
        .any(|event| event.serious && episode.has_begun(event.at));
    let emergencies = count(&[Verdict::Emergency.as_str()]);
    let warnings = count(&[
        Verdict::Emergency.as_str(),
        Verdict::SeeClinicianToday.as_str(),
    ]);
    (
        count(&[Verdict::Adjust.as_str()]),
        warnings,
        serious || emergencies > 0,
    )
}

fn last_result(episode: &Episode) -> Option<&str> {
    let last = episode.treated().next_back()?;
    let triaged = last
        .check_ins
        .iter()
        .rev()
        .find_map(|check_in| check_in.triage.as_ref());
    triaged.map(|triage| triage.result.as_str())
}

/// Whether as many sessions ran as were signed; unknown without a plan.
fn exhausted(episode: &Episode) -> Option<bool> {
    let plan = episode.plan.as_ref()?;
    let candidate = Proposal::read(&plan.plan)
        .ok()?
        .candidate(&plan.candidate)
        .ok()?
        .clone();
    Some(sessions_under(episode, &plan.plan_sha256) >= candidate.course.sessions)
}

/// What a review's result does to the sessions that would follow.
#[must_use]
pub fn suspends(result: Verdict) -> Option<SuspendedBy> {
    matches!(result, Verdict::Discontinue).then(|| SuspendedBy::Review {
        result: result.as_str().to_owned(),
    })
}
