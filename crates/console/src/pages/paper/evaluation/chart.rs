//! What was known of the patient when the screening was kept: complaint and history,
//! examination, where it hurts, scores.

use care::decide::Ask;
use care::episode::Episode;
use care::fact::{Baseline, Catalogue, Fact, FactKey, FactSet, Moment, Reading, View};
use jiff::Timestamp;
use si::Region;

use super::super::super::course;
use super::super::super::examined::{Examined, Row};
use super::super::super::note::{named, said};
use crate::clinic::Clinic;
use crate::frame::Frame;
use crate::paper::Paper;

/// What is treated, for how long, what was tried, and what for.
const COMPLAINT: [&str; 4] = [
    "main_symptom",
    "symptom_duration",
    "prior_care",
    "goal_of_care",
];
/// What the course treats, and where.
const TREATED: [&str; 2] = ["treated_condition", "treated_level"];
const MEASURED: [&str; 5] = [
    "body_weight",
    "body_height",
    "systolic_now",
    "diastolic_now",
    "oxygen_saturation",
];
/// What has a place of its own on the letter, or belongs to a session.
const ELSEWHERE: [&str; 16] = [
    "indication",
    "diagnosis",
    "goal",
    "scores",
    "pain-scores",
    "pain-chart",
    "record",
    "examination-record",
    "participation",
    "policy",
    "derived",
    "pre-start",
    "on-the-table",
    "leaving",
    "check-in-scores",
    "check-in-function",
];
/// Findings of a root or of all of them together, which the table of roots has.
const OF_ROOTS: [&str; 5] = [
    "dermatome",
    "myotome",
    "sensation",
    "motor_strength",
    "upper_motor_signs",
];

/// What stays free beside the picture of the pain, in its own widths: it takes a quarter of a page.
const SMALL: f64 = 2.5;

/// The chart as it was at an instant.
pub(super) struct Chart<'a> {
    f: &'a Frame,
    clinic: &'a Clinic,
    episode: Episode,
    facts: FactSet,
    region: Region,
    at: Timestamp,
}

impl<'a> Chart<'a> {
    pub(super) fn of(f: &'a Frame, clinic: &'a Clinic, episode: &Episode, at: Timestamp) -> Self {
        let mut episode = episode.clone();
        episode.readings.retain(|reading| reading.at <= at);
        Self {
            facts: episode.facts(),
            region: episode.region.unwrap_or(Region::Lumbar),
            episode,
            f,
            clinic,
            at,
        }
    }

    /// The condition and the level, where somebody named them.
    pub(super) fn treated(&self) -> String {
        let view = self.view();
        let known = TREATED.iter().flat_map(|fact| {
            let known = in_force(&view, &FactKey::plain(fact)).into_iter();
            known.filter(|one| one.as_value().is_some())
        });
        let mut values: Vec<String> = Vec::new();
        for one in known {
            let (_, value) = named(self.catalogue(), one);
            if !values.contains(&value) {
                values.push(value);
            }
        }
        values.join(", ")
    }

    /// Everything below its heading, in the order in which it is read.
    pub(super) fn told(&self, paper: Paper) -> Paper {
        let (t, view) = (self.f.t, self.view());
        let complaint = COMPLAINT.iter().flat_map(|fact| self.of_fact(&view, fact));
        let mut complaint: Vec<String> = complaint.collect();
        complaint.extend(self.positive(&view, &[Ask::Patient, Ask::Record]));
        let paper = paper.list(t.paper_complaint(), complaint);
        let paper = self.examined(&view, paper);
        let paper = self.hurts(paper);
        let scores = course::scored(self.f, self.clinic.knowledge().instruments(), &self.episode);
        let scores = scores.iter().filter(|one| one.id != "pain");
        paper.list(
            t.paper_scores(),
            scores.map(|one| one.words(self.f.t)).collect(),
        )
    }

    fn catalogue(&self) -> &'a Catalogue {
        self.clinic.knowledge().catalogue()
    }

    fn view(&self) -> View<'_> {
        let moment = Moment {
            at: self.at,
            zone: self.clinic.zone(),
        };
        let knowledge = self.clinic.knowledge();
        knowledge.view(&self.facts, moment, Baseline::First)
    }

    /// `label: value` of a plain fact in force.
    fn of_fact(&self, view: &View<'_>, fact: &str) -> Vec<String> {
        let known = in_force(view, &FactKey::plain(fact));
        let mut lines: Vec<String> = Vec::new();
        for one in known.into_iter().filter(|one| one.as_value().is_some()) {
            let line = said(self.catalogue(), one);
            // Two sources that agree say it once.
            if !lines.contains(&line) {
                lines.push(line);
            }
        }
        lines
    }

    /// Every yes and every value out of its bounds, with its details, in the catalogue's order.
    fn positive(&self, view: &View<'_>, asked: &[Ask]) -> Vec<String> {
        let facts = self.catalogue().facts().iter();
        let facts = facts.filter(|fact| asked.contains(&fact.ask));
        let facts = facts.filter(|fact| {
            let (id, section) = (&*fact.id, &*fact.section);
            !ELSEWHERE.contains(&section) && !OF_ROOTS.contains(&id) && !MEASURED.contains(&id)
        });
        facts.flat_map(|fact| self.found(view, fact)).collect()
    }

    fn found(&self, view: &View<'_>, fact: &Fact) -> Vec<String> {
        let mut keys: Vec<FactKey> = Vec::new();
        let own = self.episode.readings.iter();
        for key in own
            .filter(|one| one.fact.as_str() == fact.id)
            .map(Reading::key)
        {
            if !keys.contains(&key) {
                keys.push(key);
            }
        }
        let mut lines: Vec<String> = Vec::new();
        for one in keys.iter().flat_map(|key| in_force(view, key)) {
            let line = self.f.t.paper_found(
                said(self.catalogue(), one),
                self.f.day(&one.at),
                self.details(view, fact),
            );
            if view.is_positive(one) && !lines.contains(&line) {
                lines.push(line);
            }
        }
        lines
    }

    /// What is known of a finding beside that it is there.
    fn details(&self, view: &View<'_>, of: &Fact) -> String {
        let facts = self.catalogue().facts().iter();
        let details = facts.filter(|fact| fact.detail_of.as_deref() == Some(&*of.id));
        let told = details.flat_map(|fact| self.of_fact(view, &fact.id));
        told.map(|words| format!("; {words}")).collect()
    }

    /// What was measured and found, then root by root.
    fn examined(&self, view: &View<'_>, paper: Paper) -> Paper {
        let t = self.f.t;
        let known = Examined::of(self.f, self.clinic, &self.episode, self.region, self.at);
        let screens = known.screens.iter();
        let screens = screens.map(|(label, cell)| format!("{label}: {}", cell.words));
        let mut lines: Vec<String> = screens.collect();
        lines.extend(self.positive(view, &[Ask::Examination, Ask::Measurement, Ask::Test]));
        lines.extend(MEASURED.iter().flat_map(|fact| self.of_fact(view, fact)));
        let head = vec![
            t.examined_root(),
            t.paper_felt(t.examined_left()),
            t.paper_felt(t.examined_right()),
            t.paper_strength_of(t.examined_left()),
            t.paper_strength_of(t.examined_right()),
        ];
        let rows = known.rows.iter().map(row).collect();
        paper
            .list(t.paper_examination(), lines)
            .table(t.examined_on(&known.days), head, rows)
    }

    /// The patient's own picture of the pain; nothing where none was made.
    fn hurts(&self, paper: Paper) -> Paper {
        let known = Examined::of(self.f, self.clinic, &self.episode, self.region, self.at);
        match known.marked {
            Some((Some(marked), when)) => paper.heading(self.f.t.paper_hurts()).figure(
                self.f.t.paper_marked(&marked.words, when),
                marked.views.beside(SMALL),
                marked.words,
            ),
            _ => paper,
        }
    }
}

fn row(row: &Row) -> Vec<String> {
    let cells = row.cells.iter().map(|cell| cell.words.clone());
    core::iter::once(row.root.to_owned()).chain(cells).collect()
}

fn in_force<'a>(view: &View<'a>, key: &FactKey) -> Vec<&'a Reading> {
    let known = view.get(key);
    known
        .map(|known| known.alternatives.clone())
        .unwrap_or_default()
}
