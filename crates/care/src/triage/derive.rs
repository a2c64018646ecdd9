//! Rise and duration (CLINICAL.md §6).
//!
//! - *Rise* at a site: worst NPRS told since the session minus the arrival NPRS
//!   at the same site. No arrival score at a site, no rise there.
//! - *Duration*: time since the session's end during which rise ≥ 1. Still up
//!   now: until now. Back to what it was: when the patient says it was. Never
//!   up: none. Nobody said when it went: unknown.

use jiff::Timestamp;

use crate::episode::{Episode, Session, Visit};
use crate::fact::{By, FactKey, Reading, Value, convert};

/// Where pain is scored, in both regions: the spine and the two limbs below it.
pub const SITES: [&str; 3] = ["spine", "limb-left", "limb-right"];
const RISE: &str = "pain_rise";
const DURATION: &str = "soreness_duration";
/// What follows from answers alone, under these names.
pub(super) const COMPUTED: [&str; 2] = [RISE, DURATION];
/// A rise from here on counts as time of soreness (CLINICAL.md §6).
const RISE_THAT_LASTS: f64 = 1.0;

/// What follows from the answers, as readings for the rules.
#[must_use]
pub fn derived(
    episode: &Episode,
    visit: &Visit,
    session: &Session,
    answers: &[Reading],
    at: Timestamp,
) -> Vec<Reading> {
    let told = Told::of(visit, session, answers);
    let mut readings = Vec::new();
    for site in SITES {
        if let Some(rise) = told.rise(site) {
            readings.push(number(FactKey::indexed(RISE, &[site]), rise, None, at));
        }
    }
    if let Some(hours) = told.hours(session, answers, at) {
        readings.push(number(FactKey::plain(DURATION), hours, Some("h"), at));
    }
    readings.push(adjusted_before(episode, session, at));
    readings
}

/// Whether an earlier session led to an adjustment.
pub(super) fn adjusted_before(episode: &Episode, session: &Session, at: Timestamp) -> Reading {
    let again = super::due::adjusted_before(episode, session.id);
    let key = FactKey::plain("adjusted_before");
    Reading::value(key, Value::Bool(again), at, By::Device).with_source(SOURCE)
}

/// Where derived readings come from.
const SOURCE: &str = "derived#triage";

fn number(key: FactKey, value: f64, unit: Option<&str>, at: Timestamp) -> Reading {
    let reading = Reading::value(key, Value::Number(value), at, By::Device).with_source(SOURCE);
    match unit {
        Some(unit) => reading.with_unit(unit),
        None => reading,
    }
}

/// Scores by site: at arrival, the worst since, now.
pub(super) struct Told {
    said: [bool; 3],
    pub(super) arrival: [Option<f64>; 3],
    pub(super) worst: [Option<f64>; 3],
    now: [Option<f64>; 3],
}

impl Told {
    pub(super) fn of(visit: &Visit, session: &Session, answers: &[Reading]) -> Self {
        let latest = |readings: &[Reading], fact: &str, site: &str| {
            readings
                .iter()
                .rev()
                .find_map(|reading| score(reading, fact, site))
        };
        let left = visit.leaving.iter().flat_map(|left| &left.check.readings);
        let before = session
            .check_ins
            .iter()
            .flat_map(|check_in| &check_in.readings);
        let since: Vec<&Reading> = left.chain(before).chain(answers).collect();
        let worst = |site: &str| {
            let told = since.iter().flat_map(|reading| {
                [
                    score(reading, "pain_worst_since", site),
                    score(reading, "pain_now", site),
                ]
            });
            told.flatten().reduce(f64::max)
        };
        let fresh = |fact: &str, site: &str| answers.iter().any(|r| score(r, fact, site).is_some());
        Self {
            said: SITES.map(|site| fresh("pain_now", site) || fresh("pain_worst_since", site)),
            arrival: SITES.map(|site| latest(&visit.arrival, "pain_now", site)),
            worst: SITES.map(worst),
            now: SITES.map(|site| latest(answers, "pain_now", site)),
        }
    }

    /// Rise at a site; unknown without both ends, or where this answer said nothing of it.
    fn rise(&self, site: &str) -> Option<f64> {
        let place = SITES.iter().position(|name| *name == site)?;
        let worst = self.worst[place].filter(|_| self.said[place])?;
        Some(worst - self.arrival[place]?)
    }

    fn hours(&self, session: &Session, answers: &[Reading], at: Timestamp) -> Option<f64> {
        let elapsed = hours_between(session.ended?, at).max(0.0);
        let up =
            |score: Option<f64>, arrival: Option<f64>| Some(score? - arrival? >= RISE_THAT_LASTS);
        let now = all_sites(|place| up(self.now[place], self.arrival[place]));
        if now.contains(&Some(true)) {
            return Some(elapsed);
        }
        if now.contains(&None) {
            return None;
        }
        let ever = all_sites(|place| up(self.worst[place], self.arrival[place]));
        if ever.iter().all(|site| *site == Some(false)) {
            return Some(0.0);
        }
        let gone = answers
            .iter()
            .rev()
            .find_map(|reading| hours_of(reading, "soreness_gone_after"));
        gone.map(|hours| hours.clamp(0.0, elapsed))
    }
}

fn all_sites<T>(of: impl Fn(usize) -> T) -> [T; 3] {
    [of(0), of(1), of(2)]
}

fn score(reading: &Reading, fact: &str, site: &str) -> Option<f64> {
    let here = reading.fact.as_str() == fact && reading.index.first().is_some_and(|i| i == site);
    match reading.as_value() {
        Some(Value::Number(score)) if here => Some(*score),
        _ => None,
    }
}

fn hours_of(reading: &Reading, fact: &str) -> Option<f64> {
    match reading.as_value() {
        Some(Value::Number(value)) if reading.fact.as_str() == fact => {
            convert(*value, reading.unit.as_deref().unwrap_or("h"), "h")
        }
        _ => None,
    }
}

/// Hours from one instant to another.
pub(crate) fn hours_between(from: Timestamp, to: Timestamp) -> f64 {
    to.duration_since(from).as_secs_f64() / 3600.0
}
