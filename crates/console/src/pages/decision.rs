//! A decision as pages show it: urgency first, then the answer, then its reasons.

use care::decide::{Decision, Fired, OverrideBy, Question, Undecided, Urgency, Verdict};
use care::episode::Episode;
use care::fact::Catalogue;
use care::knowledge::Rule;
use uuid::Uuid;

use super::glyph;
use super::inputs::pretty_unit;
use crate::clinic::Clinic;
use crate::frame::Frame;

/// Undecided rules that stand open on a page; the rest is folded.
const UNDECIDED_SHOWN: usize = 4;

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
    /// What the clinic's policy set looser than the default, a line each.
    pub loosened: Vec<String>,
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
    /// What may soften it, where the page offers that.
    pub ask: Option<Softening>,
}

/// The verdict of an episode on a line of a list: its sign and its words. What would be decided
/// otherwise now does not stand there as if it held.
#[must_use]
pub fn in_short(f: &Frame, episode: &Episode, stale: bool) -> (&'static str, String) {
    match &episode.decision {
        None => (glyph(""), f.t.not_evaluated()),
        Some(kept) => {
            let verdict = kept.decision.verdict.as_str();
            let words = f.t.verdict(verdict);
            match stale || episode.clears_no_longer() {
                true => (glyph(""), f.t.verdict_overtaken(words)),
                false => (glyph(verdict), words),
            }
        }
    }
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
            loosened: decision
                .loosened
                .iter()
                .map(|given| loosened_line(f, given))
                .collect(),
            conflicts: decision.conflicts.clone(),
            knowledge: format!("{} ({digits})", decision.knowledge.version),
        }
    }
}

impl DecisionView {
    /// Open findings and missing facts by name.
    #[must_use]
    pub fn named(mut self, clinic: &Clinic) -> Self {
        for undecided in &mut self.undecided {
            // What the rule would tell a patient is not so as long as it is undecided.
            if let Some(rule) = clinic.knowledge().rule(&undecided.rule) {
                rule.finding().clone_into(&mut undecided.statement);
            }
            undecided.missing = labels(&undecided.missing, clinic.knowledge().catalogue());
        }
        self
    }

    /// For a patient's page: the same, and beside each rule that stands in the way what may soften it.
    #[must_use]
    pub fn for_patient(mut self, f: &Frame, clinic: &Clinic, patient: Uuid) -> Self {
        for fired in &mut self.fired {
            let rule = clinic.knowledge().rule(&fired.id);
            let worse = rule.filter(|rule| rule.verdict != Verdict::Caution);
            let softened = fired.verdict == Verdict::Caution.as_str();
            let href = format!("/patients/{patient}/permissions/{}", fired.id);
            fired.ask = worse.map(|rule| Softening::of(f, rule, softened, href));
        }
        self.named(clinic)
    }

    /// The rule that stands first where somebody must act today: it is said before any question.
    #[must_use]
    pub fn pressing(&self) -> Option<&FiredView> {
        let presses = [Urgency::Emergency, Urgency::Urgent]
            .iter()
            .any(|urgency| urgency.as_str() == self.urgency);
        self.fired.first().filter(|_| presses)
    }

    /// The undecided rules that a page shows at once, and those behind a fold.
    #[must_use]
    pub fn undecided_parts(&self) -> (&[Undecided], &[Undecided]) {
        self.undecided
            .split_at(self.undecided.len().min(UNDECIDED_SHOWN))
    }
}

/// The facts behind these keys by name, each once.
fn labels(keys: &[String], catalogue: &Catalogue) -> Vec<String> {
    let mut labels: Vec<String> = Vec::new();
    for label in keys.iter().map(|key| catalogue.label(key)) {
        if !labels.iter().any(|known| known == label) {
            labels.push(label.to_owned());
        }
    }
    labels
}

/// What may soften a rule.
#[derive(Debug)]
pub struct Softening {
    /// Why nothing does.
    pub never: Option<String>,
    /// An override may be recorded.
    pub overridable: bool,
    /// A letter may be filed.
    pub clearable: bool,
    /// Something on file holds.
    pub softened: bool,
    /// The page of the rule for this patient.
    pub href: String,
}

impl Softening {
    /// Of a rule whose own verdict stands in the way.
    fn of(f: &Frame, rule: &Rule, softened: bool, href: String) -> Self {
        let never = (rule.override_by == OverrideBy::Never).then(|| never(f, rule));
        let offered = never.is_none() && !softened && f.decides();
        Self {
            overridable: offered,
            clearable: offered && rule.clearance.is_some(),
            never,
            softened,
            href,
        }
    }
}

/// Why nothing softens a rule that is marked `never`.
#[must_use]
pub fn never(f: &Frame, rule: &Rule) -> String {
    if rule.urgency >= Urgency::Urgent {
        f.t.never_urgent()
    } else if rule.verdict == Verdict::Refuse {
        f.t.never_absolute()
    } else {
        f.t.never_other()
    }
}

impl FiredView {
    /// In words of this page.
    #[must_use]
    pub fn of(f: &Frame, fired: &Fired) -> Self {
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
            ask: None,
        }
    }
}

fn loosened_line(f: &Frame, given: &care::decide::Given) -> String {
    let value = given.value.as_ref().map(ToString::to_string);
    let who = given.who.as_deref().unwrap_or_default();
    f.t.decision_loosened(&given.label, value.unwrap_or_default(), who)
}

/// One fact that a rule stands on, in a line.
#[must_use]
pub fn given_line(f: &Frame, given: &care::decide::Given) -> String {
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
