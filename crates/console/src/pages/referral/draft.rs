//! The letter as the record would write it: the most urgent thing first, since when, what
//! is known of it.

use care::decide::{Decision, Fired, Given, Urgency};
use care::episode::{Episode, Private, Referral};
use care::fact::{Catalogue, Kind, Value};
use jiff::{SignedDuration, Timestamp};

use super::super::decision::given_line;
use super::super::evaluate::decide;
use crate::clinic::{Chart, Clinic};
use crate::door::Fault;
use crate::frame::Frame;

/// What a check-in or a report on the table led to is what a letter is about for so long (ours).
const LATELY_DAYS: i64 = 7;

pub(super) fn draft(f: &Frame, clinic: &Clinic, chart: &Chart) -> Result<Referral, Fault> {
    let episode = &chart.episode;
    let region = episode.region.ok_or(Fault::NotFound)?;
    let now = f.now.timestamp();
    let screened = decide(clinic, episode, region, now);
    let told = worst_told(episode, now).filter(|told| told.urgency > screened.urgency);
    let decision = told.unwrap_or(&screened);
    let catalogue = clinic.knowledge().catalogue();
    // A letter to nobody in particular is at least routine.
    let urgency = decision.urgency.max(Urgency::Routine);
    let first = decision.fired.first();
    Ok(Referral {
        to: to(f, clinic, urgency),
        urgency,
        reason: Private(first.map(words).unwrap_or_default()),
        onset: Private(first.map_or_else(String::new, |fired| onset(f, episode, catalogue, fired))),
        findings: Private(findings(f, episode, decision, now)),
        request: Private(match urgency {
            Urgency::Emergency => f.t.referral_ask_emergency(),
            Urgency::Urgent => f.t.referral_ask_urgent(),
            Urgency::Routine | Urgency::None => f.t.referral_ask_routine(),
        }),
    })
}

/// The most urgent decision on what the patient told lately, of these the last: a silence that
/// comes after an emergency does not hide it.
fn worst_told(episode: &Episode, now: Timestamp) -> Option<&Decision> {
    let sessions = episode.all_sessions();
    let told = sessions.flat_map(|session| {
        let triages = session.check_ins.iter();
        let triages = triages.filter_map(|one| one.triage.as_ref());
        let triages = triages.map(|one| (one.at, &*one.decision.document));
        let reports = session.reports.iter();
        triages.chain(reports.map(|one| (one.at, &*one.decision.document)))
    });
    let lately = SignedDuration::from_hours(24 * LATELY_DAYS);
    let fresh = told.filter(|(at, _)| now.duration_since(*at) <= lately);
    let worst = fresh.max_by_key(|(at, decision)| (decision.urgency, *at));
    worst.map(|(_, decision)| decision)
}

fn to(f: &Frame, clinic: &Clinic, urgency: Urgency) -> String {
    let emergency = &clinic.settings().emergency;
    match urgency {
        Urgency::Emergency => format!("{}, {}", emergency.hospital, emergency.address),
        _ => f.t.referral_to_physician(),
    }
}

/// In a practitioner's words where the rule has some.
fn words(fired: &Fired) -> String {
    let said = fired.practitioner.trim();
    let said = if said.is_empty() {
        fired.statement.trim()
    } else {
        said
    };
    said.to_owned()
}

/// The date on record of what the rule stands on, or else when it was first told.
fn onset(f: &Frame, episode: &Episode, catalogue: &Catalogue, fired: &Fired) -> String {
    let present = |given: &&Given| given.value != Some(Value::Bool(false));
    let told = fired.facts.iter().filter(present);
    let dates = told
        .clone()
        .filter_map(|given| began(episode, catalogue, &given.fact));
    let first = told.filter_map(|given| first_told(episode, given)).min();
    let first = || first.map(|at| f.t.referral_first_told(f.when(&at)));
    dates.min().or_else(first).unwrap_or_default()
}

/// What the date fact that belongs to a fact says.
fn began(episode: &Episode, catalogue: &Catalogue, of: &str) -> Option<String> {
    let mut facts = catalogue.facts().iter();
    let date = facts
        .find(|fact| fact.detail_of.as_deref() == Some(of) && matches!(fact.kind, Kind::Date))?;
    let mut latest_first = episode.readings.iter().rev();
    let reading = latest_first.find(|reading| reading.key().fact.as_str() == date.id)?;
    reading.as_value().map(ToString::to_string)
}

/// When the value that counts was told for the first time without a break.
fn first_told(episode: &Episode, given: &Given) -> Option<Timestamp> {
    let newest_first = episode.readings.iter().rev();
    let mut same = newest_first.filter(|reading| reading.key().to_string() == given.fact);
    let told = same
        .by_ref()
        .map_while(|reading| (reading.as_value() == given.value.as_ref()).then_some(reading.at));
    told.min().or(given.at)
}

/// What it stands on, what else fired as urgently, what was received before.
fn findings(f: &Frame, episode: &Episode, decision: &Decision, now: Timestamp) -> String {
    let mut lines: Vec<String> = Vec::new();
    let pressing = |fired: &&Fired| fired.urgency == decision.urgency;
    for (place, fired) in decision.fired.iter().filter(pressing).enumerate() {
        if place > 0 {
            lines.push(words(fired));
        }
        for given in &fired.facts {
            let line = given_line(f, given);
            if !lines.contains(&line) {
                lines.push(line);
            }
        }
    }
    let received = care::triage::received(episode, now);
    if !received.is_empty() {
        lines.push(f.t.referral_received(super::super::received::lines(f, &received).join("; ")));
    }
    lines.join("\n")
}
