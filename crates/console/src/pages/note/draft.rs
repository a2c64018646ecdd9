//! What a note says before anybody edits it: only what is on record, part by part.

mod found;
mod meant;
mod next;
mod told;

use care::diary::Appointment;
use care::episode::{BillingCode, Episode, Event, Note, Private, Session};
use care::fact::{Catalogue, FactKey, Reading, Value, View};
use care::instrument::Instruments;
use jiff::Timestamp;

use super::super::inputs;
use super::occasion::Occasion;
use crate::frame::Frame;

/// What a draft is made of.
pub(super) struct Draft<'a> {
    pub(super) f: &'a Frame,
    pub(super) catalogue: &'a Catalogue,
    pub(super) instruments: &'a Instruments,
    /// The chart, for what counts as a finding.
    pub(super) view: &'a View<'a>,
    pub(super) episode: &'a Episode,
    /// Everything on record, event by event.
    pub(super) told: &'a [Event],
    pub(super) of: &'a Occasion<'a>,
    pub(super) next: Option<&'a Appointment>,
}

/// The four parts, and the code that fits what was given.
pub(super) fn draft(of: &Draft<'_>) -> Note {
    let part = |lines: Vec<String>| Private(lines.join("\n"));
    Note {
        subjective: part(of.subjective()),
        objective: part(of.objective()),
        assessment: part(of.assessment()),
        plan: part(of.plan()),
        code: of.session().map(|_| BillingCode::Cpt97012),
    }
}

impl<'a> Draft<'a> {
    /// The session that pulled.
    fn session(&self) -> Option<&'a Session> {
        let session = self.of.visit?.session.as_ref();
        session.filter(|session| session.started.is_some())
    }

    /// Since when something is news: the visit or examination before this one.
    fn since(&self) -> Timestamp {
        let arrived = self.of.visit.map_or(self.of.from, |visit| visit.arrived);
        let visits = self.episode.visits.iter().map(|visit| visit.arrived);
        let before = visits.filter(|at| *at < arrived).max();
        before.unwrap_or(Timestamp::MIN)
    }

    /// Whether an instant lies within the occasion.
    fn is_now(&self, at: Timestamp) -> bool {
        self.of.from <= at && at < self.of.until
    }

    /// What happened within the occasion.
    fn events(&self) -> impl Iterator<Item = &'a Event> {
        let (from, until) = (self.of.from, self.of.until);
        let all = self.told.iter();
        all.filter(move |event| from <= event.at && event.at < until)
    }

    /// What was on record when the occasion was over, newest first.
    fn before_end(&self) -> impl Iterator<Item = &'a Event> {
        let until = self.of.until;
        self.told.iter().rev().filter(move |event| event.at < until)
    }

    /// The last reading of a plain fact by then.
    fn latest(&self, fact: &str) -> Option<&'a Reading> {
        let (key, until) = (FactKey::plain(fact), self.of.until);
        let all = self.episode.readings.iter();
        let all = all.filter(|one| one.at < until && one.key() == key);
        all.max_by_key(|one| one.at)
            .filter(|one| one.as_value().is_some())
    }

    /// What was recorded within the occasion, the last of each.
    fn recorded(&self) -> Vec<&'a Reading> {
        let mut last: Vec<&Reading> = Vec::new();
        for one in self
            .episode
            .readings
            .iter()
            .filter(|one| self.is_now(one.at))
        {
            match last.iter_mut().find(|known| known.key() == one.key()) {
                Some(known) if known.at <= one.at => *known = one,
                Some(_) => {}
                None => last.push(one),
            }
        }
        last
    }

    /// `label: value` of each reading as the catalogue names it, those of one fact together;
    /// none where there is none.
    fn readings<'r>(&self, readings: impl IntoIterator<Item = &'r Reading>) -> Option<String> {
        let mut facts: Vec<(String, Vec<String>)> = Vec::new();
        for one in readings {
            let label = self.catalogue.label(one.fact.as_str());
            let index = one.index.join(" ");
            let index = match one.index.iter().all(|part| !is_name(part)) {
                true => index.replace('-', " "),
                false => index,
            };
            let told = format!("{index} {}", value(one)).trim().to_owned();
            match facts.iter_mut().find(|(known, _)| known == label) {
                Some((_, all)) => all.push(told),
                None => facts.push((label.to_owned(), vec![told])),
            }
        }
        let said = facts.into_iter();
        let said: Vec<String> = said
            .map(|(label, all)| format!("{label}: {}", all.join(", ")))
            .collect();
        (!said.is_empty()).then(|| said.join("; "))
    }

    /// The section of a reading's fact.
    fn section(&self, reading: &Reading) -> &'a str {
        let fact = self.catalogue.get(reading.fact.as_str());
        fact.map_or("", |fact| fact.section.as_str())
    }
}

/// A reading as `label: value`, as the catalogue names it.
pub(in crate::pages) fn said(catalogue: &Catalogue, reading: &Reading) -> String {
    let (label, value) = named(catalogue, reading);
    format!("{label}: {value}")
}

/// The label and the value of a reading, as the catalogue names them.
pub(in crate::pages) fn named(catalogue: &Catalogue, reading: &Reading) -> (String, String) {
    let key = reading.key();
    let fact = catalogue.get(key.fact.as_str());
    let label = fact.map_or_else(|| key.to_string(), |fact| fact.label.clone());
    let index = key.index.join(", ").replace('-', " ");
    let label = match index.as_str() {
        "" => label,
        index => format!("{label} ({index})"),
    };
    (label, value(reading))
}

/// The value of a reading: choices in words; numbers, dates and levels as they are.
fn value(reading: &Reading) -> String {
    let words = inputs::words(reading);
    match reading.as_value() {
        Some(Value::Number(_) | Value::Date(_)) => words,
        _ if is_name(&words) => words,
        _ => words.replace('-', " "),
    }
}

/// Roots and levels keep their hyphens.
fn is_name(words: &str) -> bool {
    words.chars().any(char::is_uppercase)
}
