//! Subjective: what the patient told, between the visits, on arrival, on the table, on leaving.

use care::episode::{CheckIn, Visit as OfPatient};
use care::fact::{By, Reading, Value};

use super::super::super::{body, course};
use super::Draft;

/// What is treated, for how long, what was tried, and what for.
const COMPLAINT: [&str; 4] = [
    "main_symptom",
    "symptom_duration",
    "prior_care",
    "goal_of_care",
];
/// What is told of a session's soreness beside pain.
const SORENESS: &str = "check-in-scores";

impl Draft<'_> {
    pub(super) fn subjective(&self) -> Vec<String> {
        let t = self.f.t;
        let mut lines = Vec::new();
        let complaint = COMPLAINT.iter().filter_map(|fact| self.latest(fact));
        lines.extend(self.readings(complaint).map(|told| t.note_complaint(told)));
        let mut told: Vec<&CheckIn> = self.since_last().collect();
        told.sort_by_key(|told| told.at);
        lines.extend(told.into_iter().flat_map(|told| self.checked_in(told)));
        match self.of.visit {
            Some(visit) => self.on_the_day(visit, &mut lines),
            None => lines.extend(self.asked()),
        }
        let changes = course::changes(self.instruments, self.episode);
        let change = changes.iter().rev().find(|(at, _)| self.is_now(*at));
        lines.extend(change.map(|(_, change)| t.note_change(format!("{change:+}"))));
        if lines.is_empty() {
            lines.push(t.note_nothing_told());
        }
        lines
    }

    fn on_the_day(&self, visit: &OfPatient, lines: &mut Vec<String>) {
        let t = self.f.t;
        lines.extend(
            self.readings(&visit.arrival)
                .map(|told| t.note_arrival(told)),
        );
        let session = visit.session.as_ref();
        let summary = session.and_then(|session| session.summary.as_ref());
        if let Some(peak) = summary.and_then(|summary| summary.peak_discomfort) {
            lines.push(t.note_discomfort(peak));
        }
        let reports = session.into_iter().flat_map(|session| &session.reports);
        let told = reports.flat_map(|report| &report.readings);
        let signs = told.filter(|one| one.as_value() == Some(&Value::Bool(true)));
        lines.extend(self.readings(signs).map(|told| t.note_on_table(told)));
        if let Some(left) = &visit.leaving {
            let pain = left.check.readings.iter().filter(|one| is_pain(one));
            lines.extend(self.readings(pain).map(|told| t.note_leaving_told(told)));
        }
    }

    /// What an examination without an arrival asked of pain and where it is.
    fn asked(&self) -> Vec<String> {
        let t = self.f.t;
        let recorded = self.recorded();
        let sections = ["pain-scores", "record"];
        let pain = recorded.iter().copied();
        let pain = pain.filter(|one| sections.contains(&self.section(one)));
        let pain = pain.filter(|one| one.as_value().is_some());
        let lines = self.readings(pain).map(|told| t.note_pain(told));
        let signs = recorded.iter().copied().filter(|one| self.is_sign(one));
        let signs = self.readings(signs).map(|told| t.note_signs(told));
        let picture: Vec<Reading> = recorded.into_iter().cloned().collect();
        lines
            .into_iter()
            .chain(body::told(self.f, &picture))
            .chain(signs)
            .collect()
    }

    /// A yes of the patient that counts, outside what has a line of its own.
    fn is_sign(&self, reading: &Reading) -> bool {
        let own = ["pain-scores", "record", "indication", "scores"];
        let elsewhere = own.contains(&self.section(reading)) || body::is_picture(reading);
        reading.by == By::Patient && !elsewhere && self.view.is_positive(reading)
    }

    /// Check-ins since the visit before this one.
    fn since_last(&self) -> impl Iterator<Item = &CheckIn> {
        let from = self.since();
        let until = self.of.visit.map_or(self.of.until, |visit| visit.arrived);
        let all = self.episode.all_sessions().flat_map(|s| &s.check_ins);
        all.filter(move |told| from < told.at && told.at <= until)
    }

    /// The result, then pain now and worst, how far down it goes, soreness, and every sign.
    fn checked_in(&self, told: &CheckIn) -> Vec<String> {
        let t = self.f.t;
        let when = self.f.when(&told.at);
        if told.missed {
            return vec![t.note_check_in_missed(when)];
        }
        let Some(triage) = &told.triage else {
            return Vec::new();
        };
        let result = t.verdict(&triage.result);
        let worth = told.readings.iter().filter(|one| {
            let scored = is_pain(one) || self.section(one) == SORENESS;
            let number = matches!(one.as_value(), Some(Value::Number(_) | Value::Choice(_)));
            let sign = one.as_value() == Some(&Value::Bool(true)) && !body::is_picture(one);
            (scored && number) || sign
        });
        let line = match self.readings(worth) {
            Some(told) => t.note_check_in_told(when, result, told),
            None => t.note_check_in(when, result),
        };
        let picture = body::told(self.f, &told.readings);
        core::iter::once(line).chain(picture).collect()
    }
}

pub(super) fn is_pain(reading: &Reading) -> bool {
    matches!(reading.fact.as_str(), "pain_now" | "distal_extent")
}
