//! A decision as pages show it: urgency first, then the answer, then its reasons.

use care::decide::{Decision, Fired, Question, Undecided};

use super::glyph;
use super::inputs::pretty_unit;
use crate::frame::Frame;

/// A decision in words.
#[derive(Debug)]
pub struct DecisionView {
    /// The verdict's word in the JSON contract.
    pub verdict: &'static str,
    /// And in words.
    pub verdict_words: String,
    /// The urgency's word.
    pub urgency: &'static str,
    /// And in words.
    pub urgency_words: String,
    /// Its sign.
    pub glyph: &'static str,
    /// What fired.
    pub fired: Vec<FiredView>,
    /// What is undecided.
    pub undecided: Vec<Undecided>,
    /// What to ask next.
    pub questions: Vec<Question>,
    /// What it asks for.
    pub conditions: Vec<String>,
    /// Facts whose sources disagree.
    pub conflicts: Vec<String>,
    /// Version and the first digits of the hash.
    pub knowledge: String,
}

/// A rule that fired, in words.
#[derive(Debug)]
pub struct FiredView {
    /// The rule.
    pub id: String,
    /// Its verdict's word.
    pub verdict: &'static str,
    /// And in words.
    pub verdict_words: String,
    /// Its sign.
    pub glyph: &'static str,
    /// What it says.
    pub statement: String,
    /// In the patient's words.
    pub patient: String,
    /// Why.
    pub why: String,
    /// What it stands on, a line each.
    pub facts: Vec<String>,
    /// Where it comes from.
    pub sources: Vec<String>,
    /// How well founded.
    pub evidence: &'static str,
    /// What others say.
    pub dissent: Vec<String>,
    /// Softened by a clearance or an override, or resting on a conflict.
    pub note: Option<String>,
}

impl DecisionView {
    /// In words of this page.
    #[must_use]
    pub fn of(f: &Frame, decision: &Decision) -> Self {
        let verdict = decision.verdict.as_str();
        let digits: String = decision.knowledge.sha256.chars().take(8).collect();
        Self {
            verdict,
            verdict_words: f.t.verdict(verdict),
            urgency: decision.urgency.as_str(),
            urgency_words: f.t.urgency(decision.urgency.as_str()),
            glyph: glyph(verdict),
            fired: decision
                .fired
                .iter()
                .map(|fired| FiredView::of(f, fired))
                .collect(),
            undecided: decision.undecided.clone(),
            questions: decision.next_questions.clone(),
            conditions: decision
                .conditions
                .iter()
                .map(|condition| condition.text.clone())
                .collect(),
            conflicts: decision.conflicts.clone(),
            knowledge: format!("{} ({digits})", decision.knowledge.version),
        }
    }
}

impl FiredView {
    fn of(f: &Frame, fired: &Fired) -> Self {
        let verdict = fired.verdict.as_str();
        let softened = fired.softened_by.as_ref().map(|by| f.t.rule_softened(by));
        let conflict = fired.conflict.then(|| f.t.rule_conflict());
        Self {
            id: fired.rule.clone(),
            verdict,
            verdict_words: f.t.verdict(verdict),
            glyph: glyph(verdict),
            statement: fired.practitioner.clone(),
            patient: fired.statement.clone(),
            why: fired.why.clone(),
            facts: fired
                .facts
                .iter()
                .map(|given| given_line(f, given))
                .collect(),
            sources: fired.sources.clone(),
            evidence: fired.evidence.as_str(),
            dissent: fired.dissent.clone(),
            note: softened.or(conflict),
        }
    }
}

fn given_line(f: &Frame, given: &care::decide::Given) -> String {
    let value = match (&given.value, given.answer) {
        (Some(value), _) => value.to_string(),
        (None, Some(answer)) => answer.as_str().to_owned(),
        (None, None) => f.t.unknown(),
    };
    let unit = given
        .unit
        .as_deref()
        .filter(|unit| *unit != "1")
        .map(pretty_unit)
        .unwrap_or_default();
    let day = given.at.as_ref().map(|at| f.day(at)).unwrap_or_default();
    let by = given.by.map_or("", care::fact::By::as_str);
    let line =
        f.t.fact_given(&given.label, format!("{value} {unit}").trim(), by, day);
    if given.unconfirmed {
        format!("{line}; {}", f.t.fact_unconfirmed())
    } else {
        line
    }
}
