//! What a note says before anybody edits it: only what is on record, part by part.

use care::diary::Appointment;
use care::episode::{BillingCode, CheckIn, Episode, Note, Private, Session, Visit};
use care::fact::{Catalogue, Reading, Value};
use jiff::Timestamp;

use super::super::session::ended_by;
use super::super::{course, inputs};
use crate::frame::Frame;

/// What a draft is made of.
pub(super) struct Draft<'a> {
    pub(super) f: &'a Frame,
    pub(super) catalogue: &'a Catalogue,
    pub(super) episode: &'a Episode,
    pub(super) visit: &'a Visit,
    /// It speaks of nothing from here on.
    pub(super) until: Timestamp,
    pub(super) next: Option<&'a Appointment>,
}

/// The four parts, and the code that fits what was given.
pub(super) fn draft(of: &Draft<'_>) -> Note {
    let part = |lines: Vec<String>| Private(lines.join("\n"));
    let treated = of.visit.session.as_ref().filter(|s| s.started.is_some());
    Note {
        subjective: part(of.subjective()),
        objective: part(of.objective()),
        assessment: part(of.assessment()),
        plan: part(of.plan()),
        code: treated.map(|_| BillingCode::Cpt97012),
    }
}

impl Draft<'_> {
    /// What the patient told: between the visits, on arrival, on the table.
    fn subjective(&self) -> Vec<String> {
        let t = self.f.t;
        let mut told: Vec<&CheckIn> = self.since_last().collect();
        told.sort_by_key(|told| told.at);
        let told = told.into_iter().filter_map(|told| self.told(told));
        let mut lines: Vec<String> = told.collect();
        lines.push(t.note_arrival(self.readings(&self.visit.arrival)));
        let session = self.visit.session.as_ref();
        let summary = session.and_then(|session| session.summary.as_ref());
        if let Some(peak) = summary.and_then(|summary| summary.peak_discomfort) {
            lines.push(t.note_discomfort(peak));
        }
        if let Some(left) = &self.visit.leaving {
            lines.push(t.note_leaving_told(self.readings(&pain(&left.check.readings))));
        }
        lines
    }

    /// What was done and found.
    fn objective(&self) -> Vec<String> {
        let t = self.f.t;
        let mut lines = Vec::new();
        match self.visit.session.as_ref().filter(|s| s.started.is_some()) {
            Some(session) => lines.push(self.session(session)),
            None => lines.push(t.note_no_session()),
        }
        if let Some(left) = &self.visit.leaving {
            let found: Vec<Reading> = found(&left.check.readings);
            lines.push(t.note_leaving(self.readings(&found)));
            if left.check.warning_card {
                lines.push(t.note_card());
            }
        }
        lines
    }

    fn session(&self, session: &Session) -> String {
        let t = self.f.t;
        let table = if session.simulated {
            t.note_simulated()
        } else {
            t.note_table()
        };
        let whole = |number: f64| format!("{number:.0}");
        let given = session.summary.as_ref().map(|s| {
            let minutes = format!("{:.0}", s.duration_s / 60.0);
            let end = ended_by(t, session).unwrap_or_else(|| t.unknown());
            t.note_given(whole(s.peak_force_n), minutes, end)
        });
        let region = self.visit.region.map_or("", si::Region::as_str);
        let allowed = t.note_session(region, table, whole(session.force_n), &session.attendant);
        [Some(allowed), given]
            .into_iter()
            .flatten()
            .collect::<Vec<_>>()
            .join(" ")
    }

    /// The decision in force that day, and how the course stands.
    fn assessment(&self) -> Vec<String> {
        let t = self.f.t;
        let mut lines = Vec::new();
        let decision = self.episode.decision.as_ref();
        if let Some(kept) = decision.filter(|kept| kept.at < self.until) {
            let (verdict, when) = (
                t.verdict(kept.decision.verdict.as_str()),
                self.f.day(&kept.at),
            );
            lines.push(t.note_decision(verdict, when));
            let because = kept
                .decision
                .fired
                .iter()
                .map(|fired| fired.practitioner.trim());
            lines.extend(because.filter(|words| !words.is_empty()).map(str::to_owned));
        }
        let number = self.visit.episode;
        lines.extend(course::sentence_of(
            self.f,
            self.episode,
            number,
            self.until,
        ));
        if self.episode.suspended().next().is_some() {
            lines.push(t.suspended_now());
        }
        lines
    }

    /// The plan in force, and when the patient comes again.
    fn plan(&self) -> Vec<String> {
        let t = self.f.t;
        let mut lines = Vec::new();
        let before = |session: &&Session| session.started.is_some_and(|at| at < self.until);
        let done = self.episode.treated().filter(before).count();
        let plan = self.episode.plan.as_ref();
        match plan.filter(|plan| plan.at < self.until) {
            Some(plan) => {
                let until = self.f.day(&plan.expires);
                lines.push(t.note_plan_on(&plan.candidate, done, until));
            }
            None => lines.push(t.note_plan_none()),
        }
        match self.next {
            Some(next) => lines.push(t.note_next(self.f.when(&next.place.from))),
            None => lines.push(t.note_next_none()),
        }
        lines
    }

    /// Check-ins since the visit before this one.
    fn since_last(&self) -> impl Iterator<Item = &CheckIn> {
        let before = self.episode.visits.iter().rev();
        let before = before.filter(|visit| visit.arrived < self.visit.arrived);
        let from = before.map(|visit| visit.arrived).next();
        let from = from.unwrap_or(Timestamp::MIN);
        let until = self.visit.arrived;
        let all = self.episode.all_sessions().flat_map(|s| &s.check_ins);
        all.filter(move |told| from < told.at && told.at <= until && !told.missed)
    }

    fn told(&self, told: &CheckIn) -> Option<String> {
        let t = self.f.t;
        let result = t.verdict(&told.triage.as_ref()?.result);
        Some(t.note_check_in(self.f.when(&told.at), result))
    }

    /// `label: value` of each reading, as the catalogue names it.
    fn readings(&self, readings: &[Reading]) -> String {
        let said: Vec<String> = readings
            .iter()
            .map(|one| said(self.catalogue, one))
            .collect();
        match said.is_empty() {
            true => self.f.t.unknown(),
            false => said.join("; "),
        }
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
    (label, inputs::words(reading).replace('-', " "))
}

fn is_pain(reading: &Reading) -> bool {
    matches!(reading.fact.as_str(), "pain_now" | "distal_extent")
}

fn pain(readings: &[Reading]) -> Vec<Reading> {
    readings
        .iter()
        .filter(|reading| is_pain(reading))
        .cloned()
        .collect()
}

/// Everything else that was looked at, with a value.
fn found(readings: &[Reading]) -> Vec<Reading> {
    let told = |reading: &&Reading| !is_pain(reading) && reading.as_value().is_some();
    let mut found: Vec<Reading> = readings.iter().filter(told).cloned().collect();
    // What is wrong stands first.
    found.sort_by_key(|reading| reading.as_value() == Some(&Value::Bool(true)));
    found
}
