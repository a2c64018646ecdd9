//! Objective: what was examined, measured, scored and given.

use care::decide::Ask;
use care::episode::{Session, What};
use care::fact::{By, Kind, Reading};

use super::super::super::course::{self, Scored};
use super::super::super::plan::signed;
use super::super::super::safety::class;
use super::super::super::session::{ended_by, explanation};
use super::Draft;
use super::told::is_pain;

/// Measured on the day, whatever else is examined.
const VITALS: [&str; 7] = [
    "systolic_now",
    "diastolic_now",
    "systolic_repeat",
    "diastolic_repeat",
    "oxygen_saturation",
    "body_weight",
    "body_height",
];
/// Said as they are: neither yes nor no is a finding.
const PLAIN: [&str; 3] = ["examination-record", "participation", "goal"];
/// What has lines of its own in a note.
const ELSEWHERE: [&str; 8] = [
    "arrival",
    "pre-start",
    "on-the-table",
    "leaving",
    "pain-scores",
    "scores",
    "diagnosis",
    "derived",
];

impl Draft<'_> {
    pub(super) fn objective(&self) -> Vec<String> {
        let t = self.f.t;
        let mut lines = self.imported();
        lines.extend(self.examined());
        let vitals = self.recorded().into_iter();
        let vitals = vitals.filter(|one| is_vital(one) && one.as_value().is_some());
        lines.extend(self.readings(vitals).map(|found| t.note_vitals(found)));
        lines.extend(self.scores());
        match self.session() {
            Some(session) => lines.extend(self.given(session)),
            None if self.of.visit.is_some() => lines.push(t.note_no_session()),
            None => {}
        }
        if let Some(left) = self.of.visit.and_then(|visit| visit.leaving.as_ref()) {
            let found = left.check.readings.iter();
            let found = found.filter(|one| !is_pain(one) && one.as_value().is_some());
            lines.extend(self.readings(found).map(|found| t.note_leaving(found)));
        }
        lines.extend(self.adverse());
        if lines.is_empty() {
            lines.push(t.note_nothing_found());
        }
        lines
    }

    /// Records that came in, and what they say that counts.
    fn imported(&self) -> Vec<String> {
        let t = self.f.t;
        let sources = self.events().filter_map(|event| match &event.what {
            What::RecordImported(record) => Some(t.note_import(&record.source)),
            _ => None,
        });
        let counts = self.recorded().into_iter();
        let counts = counts.filter(|one| one.by == By::Record && self.view.is_positive(one));
        sources
            .chain(self.readings(counts).map(|told| t.note_from_record(told)))
            .collect()
    }

    /// Findings of this occasion: each that is one by itself, and how many tests found nothing.
    fn examined(&self) -> Vec<String> {
        let t = self.f.t;
        let found = self.recorded().into_iter();
        let found = found.filter(|one| self.is_examined(one));
        let (plain, rest): (Vec<_>, Vec<_>) = found.partition(|one| self.has_no_normal(one));
        let (off, tested): (Vec<_>, Vec<_>) =
            rest.into_iter().partition(|one| self.view.is_positive(one));
        let mut labels: Vec<&str> = Vec::new();
        for one in &tested {
            let label = self.catalogue.label(one.fact.as_str());
            if !labels.contains(&label) {
                labels.push(label);
            }
        }
        let off = self.readings(off).map(|found| t.note_findings(found));
        let plain = self.readings(plain).map(|found| t.note_examined(found));
        let rest = (!labels.is_empty()).then(|| t.note_tested(labels.join("; ")));
        [off, plain, rest].into_iter().flatten().collect()
    }

    /// Whether somebody looked or measured, with a value that stands.
    fn is_examined(&self, reading: &Reading) -> bool {
        let fact = self.catalogue.get(reading.fact.as_str());
        let looked = fact.is_some_and(|fact| {
            matches!(fact.ask, Ask::Examination | Ask::Measurement | Ask::Test)
        });
        let denied = reading.source.as_deref();
        let denied = denied.is_some_and(|source| source.starts_with("denied:"));
        let elsewhere = ELSEWHERE.contains(&self.section(reading)) || is_vital(reading);
        let record = reading.by == By::Record;
        looked && !denied && !elsewhere && !record && reading.as_value().is_some()
    }

    /// A choice or a number that says something by itself, and no test that came out well.
    fn has_no_normal(&self, reading: &Reading) -> bool {
        let fact = self.catalogue.get(reading.fact.as_str());
        let says = fact.is_some_and(|fact| fact.positive.is_none() && fact.kind != Kind::Boolean);
        says || PLAIN.contains(&self.section(reading))
    }

    /// Each score of this occasion, against the first of the episode and the change people notice.
    fn scores(&self) -> Vec<String> {
        let all = course::scored(self.f, self.instruments, self.episode);
        let all = all.into_iter().filter(|one| one.id != "pain");
        all.filter_map(|one| self.score(one)).collect()
    }

    fn score(&self, mut one: Scored) -> Option<String> {
        one.values.retain(|(at, _)| *at < self.of.until);
        let (at, _) = one.values.last()?;
        self.is_now(*at).then(|| one.words(self.f.t))
    }

    /// What was prescribed, allowed and received, and why it ended.
    fn given(&self, session: &Session) -> Vec<String> {
        let t = self.f.t;
        let table = if session.simulated {
            t.note_simulated()
        } else {
            t.note_table()
        };
        let whole = |number: f64| format!("{number:.0}");
        let pull = signed::candidate(self.told, &session.plan_sha256);
        let mut lines: Vec<String> = pull.iter().map(|one| signed::line(self.f, one)).collect();
        let region = self.of.region.map_or("", si::Region::as_str);
        lines.push(t.note_session(region, table, whole(session.force_n), &session.attendant));
        if let Some(summary) = &session.summary {
            let minutes = whole(summary.duration_s / 60.0);
            let end = ended_by(t, session).unwrap_or_else(|| t.unknown());
            let (peak, held) = (whole(summary.peak_force_n), whole(summary.tolerated_n));
            lines.push(t.note_given(peak, held, minutes, end));
            if summary.cause.is_stop() && !summary.detail.is_empty() {
                lines.push(t.note_stopped(t.matter(&summary.detail)));
            }
            if summary.resumed {
                lines.push(t.note_resumed());
            }
        }
        lines.extend(explanation(self.f, session));
        lines
    }

    /// Adverse events that were opened since the visit before.
    fn adverse(&self) -> Vec<String> {
        let (since, until) = (self.since(), self.of.until);
        let all = self.episode.adverse_events.iter();
        let all = all.filter(|event| since < event.at && event.at < until);
        let line = all.map(|event| {
            let (class, when) = (class(self.f.t, event), self.f.when(&event.onset));
            self.f.t.note_adverse(&event.description.0, class, when)
        });
        line.collect()
    }
}

fn is_vital(reading: &Reading) -> bool {
    VITALS.contains(&reading.fact.as_str())
}
