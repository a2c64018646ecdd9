//! Cards: one a rule that fired, one for what is not known.

use super::request::Request;
use super::service::Service;
use crate::export::words::{RULE, term_coding};
use crate::view::View;
use care::decide::{Fired, Given, OverrideBy, Question, Verdict};
use care::fact::By;
use care::knowledge::{Knowledge, Rule, Source};
use serde_json::{Value, json};
use sha2::{Digest, Sha256};
use std::fmt::Write as _;

/// A summary has fewer characters than this (CDS Hooks 2.0, card attributes).
const SUMMARY: usize = 140;
/// A source's label is short *(ours: what fits beside a card)*.
const LABEL: usize = 80;
/// So many open questions are named; the rest is counted *(ours: a card is no form)*.
const NAMED: usize = 12;

/// A rule that fired, for one region or both.
pub(super) struct Finding<'f> {
    pub(super) fired: &'f Fired,
    pub(super) regions: Vec<&'f str>,
    /// The questions whose answers could lower it.
    pub(super) questions: Vec<&'f Question>,
}

/// What is not known.
#[derive(Default)]
pub(super) struct Gaps<'f> {
    /// What did not come, in words.
    pub(super) record: Vec<String>,
    /// What the record leaves to be asked, in words.
    pub(super) asked: Vec<String>,
    /// The questions that rules are undecided without.
    pub(super) questions: Vec<&'f Question>,
}

/// Writes the cards of one request.
pub(super) struct Writer<'w, 'a> {
    pub(super) request: &'w Request<'a>,
    pub(super) knowledge: &'w Knowledge,
    pub(super) orders: &'w [&'w View<'a>],
}

impl Writer<'_, '_> {
    /// The card of a rule.
    pub(super) fn finding(&self, finding: &Finding<'_>) -> Value {
        let fired = finding.fired;
        let rule = self.knowledge.rule(&fired.rule);
        let name = rule.map_or(fired.practitioner.as_str(), Rule::finding);
        let (indicator, head) = match fired.verdict {
            Verdict::Refuse => ("critical", "No traction"),
            Verdict::EvaluateFirst => ("warning", "Evaluate before traction"),
            _ => ("info", "Traction with caution"),
        };
        let mut card = json!({
            "uuid": self.derived(&fired.rule),
            "summary": shortened(&format!("{head}: {name}"), SUMMARY - 1),
            "indicator": indicator,
            "detail": self.detail(finding, rule),
            "source": self.source(&fired.rule, name, &fired.sources),
            "overrideReasons": reasons(rule),
        });
        let suggestions = self.removal(fired);
        if !suggestions.is_empty() {
            card["suggestions"] = json!(suggestions);
            card["selectionBehavior"] = json!("at-most-one");
        }
        card
    }

    /// The card of what is not known.
    pub(super) fn gaps(&self, gaps: &Gaps<'_>) -> Value {
        let count = gaps.questions.len();
        let summary = if self.orders.is_empty() {
            "Not screened for traction: whether it is ordered is not known".to_owned()
        } else if gaps.record.is_empty() {
            format!("Not screened for traction: {count} questions are open")
        } else {
            format!(
                "Not screened for traction: part of the record did not come, {count} questions are open"
            )
        };
        let mut detail = String::from("What is not known clears nobody.\n");
        list(&mut detail, "The record", &gaps.record);
        list(
            &mut detail,
            "What the record leaves to be asked",
            &gaps.asked,
        );
        let all = &gaps.questions;
        let mut named: Vec<String> = all.iter().take(NAMED).map(question).collect();
        if all.len() > NAMED {
            named.push(format!("and {} more", all.len() - NAMED));
        }
        list(
            &mut detail,
            "Open questions, the most decisive first",
            &named,
        );
        json!({
            "uuid": self.derived("not-screened"),
            "summary": shortened(&summary, SUMMARY - 1),
            "indicator": "warning",
            "detail": detail,
            "source": { "label": "Annulus: screening before traction" },
        })
    }

    fn detail(&self, finding: &Finding<'_>, rule: Option<&Rule>) -> String {
        let fired = finding.fired;
        let mut text = format!("**{}**\n\n{}\n", fired.practitioner, fired.why);
        let _ = writeln!(text, "\nSpine: {}.", finding.regions.join(", "));
        let facts: Vec<String> = fired.facts.iter().map(given).collect();
        list(&mut text, "On record", &facts);
        list(&mut text, "What would clear it", &clears(finding, rule));
        let conditions: Vec<String> = fired
            .conditions
            .iter()
            .map(|one| one.text.clone())
            .collect();
        list(&mut text, "What it asks for", &conditions);
        let cited: Vec<String> = self.cited(&fired.sources).map(Source::line).collect();
        let head = format!("Sources (evidence: {})", fired.evidence.as_str());
        list(&mut text, &head, &cited);
        list(&mut text, "Other sources say", &fired.dissent);
        text
    }

    fn cited<'s>(&'s self, ids: &'s [String]) -> impl Iterator<Item = &'s Source> {
        ids.iter().filter_map(|id| self.knowledge.source(id))
    }

    /// The first source that the rule cites, and the rule as its topic.
    fn source(&self, rule: &str, name: &str, ids: &[String]) -> Value {
        let first = self.cited(ids).next();
        let label = first.map_or_else(|| "Annulus".to_owned(), Source::line);
        let mut source = json!({
            "label": shortened(&label, LABEL),
            "topic": { "system": RULE, "code": rule, "display": name },
        });
        let address = first.and_then(|source| source.at.split_whitespace().next());
        if let Some(url) = address.filter(|at| at.starts_with("https://")) {
            source["url"] = json!(url);
        }
        source
    }

    /// To take the order back, where it was refused and is still a draft.
    fn removal(&self, fired: &Fired) -> Vec<Value> {
        let drafts = self.request.service != Service::PatientView;
        if fired.verdict != Verdict::Refuse || !drafts {
            return Vec::new();
        }
        let actions: Vec<Value> = self
            .orders
            .iter()
            .filter_map(|order| order.body.get("id").and_then(Value::as_str))
            .map(|id| {
                json!({
                    "type": "delete",
                    "description": "Remove the order of mechanical traction",
                    "resourceId": format!("ServiceRequest/{id}"),
                })
            })
            .collect();
        if actions.is_empty() {
            return Vec::new();
        }
        vec![json!({
            "label": "Do not order traction",
            "uuid": self.derived(&format!("{}/remove", fired.rule)),
            "actions": actions,
        })]
    }

    /// An id that follows from the call and from what the card is about (UUID version 8).
    fn derived(&self, about: &str) -> String {
        let mut hash = Sha256::new();
        hash.update(self.request.instance.as_bytes());
        hash.update(self.request.service.id());
        hash.update([0]);
        hash.update(about);
        let mut bytes = [0; 16];
        bytes.copy_from_slice(&hash.finalize()[..16]);
        uuid::Builder::from_custom_bytes(bytes)
            .into_uuid()
            .to_string()
    }
}

/// At most so many characters, the last one an ellipsis where something was cut off.
fn shortened(text: &str, most: usize) -> String {
    if text.chars().count() <= most {
        return text.to_owned();
    }
    let head: String = text.chars().take(most - 1).collect();
    format!("{}…", head.trim_end())
}

fn list(text: &mut String, head: &str, lines: &[String]) {
    if lines.is_empty() {
        return;
    }
    let _ = writeln!(text, "\n**{head}**\n");
    for line in lines {
        let _ = writeln!(text, "- {line}");
    }
}

fn question(question: &&Question) -> String {
    format!("{}: {}", question.label, question.practitioner)
}

/// A fact with its value, its day and how sure it is. What others wrote is not repeated.
fn given(given: &Given) -> String {
    let mut text = given.label.clone();
    match (&given.value, given.answer) {
        (Some(value), _) => {
            let unit = given.unit.as_deref().unwrap_or_default();
            let _ = write!(text, ": {}", format!("{value} {unit}").trim_end());
        }
        (None, Some(answer)) => {
            let _ = write!(text, ": {}", answer.as_str());
        }
        (None, None) => text.push_str(": not known"),
    }
    if let Some(at) = given.at {
        let at = at.to_string();
        let _ = write!(text, ", {}", at.split('T').next().unwrap_or_default());
    }
    if given.by == Some(By::Record) {
        text.push_str(", from the record");
    }
    if given.unconfirmed {
        text.push_str(", not confirmed by an examination");
    }
    text
}

/// What would take the finding away, or let traction go on in spite of it.
fn clears(finding: &Finding<'_>, rule: Option<&Rule>) -> Vec<String> {
    let fired = finding.fired;
    let mut all = Vec::new();
    if fired.facts.iter().any(|given| given.unconfirmed) {
        all.push("An examination that refutes what the record says.".to_owned());
    }
    all.extend(finding.questions.iter().map(question));
    let letter = rule.and_then(|rule| rule.clearance.as_deref());
    all.extend(letter.map(|letter| format!("A letter: {letter}")));
    let who = match rule.map(|rule| rule.override_by) {
        Some(OverrideBy::SecondClinician) => {
            "A practitioner with a second clinician may decide to go on, with a reason."
        }
        Some(OverrideBy::Practitioner) => "A practitioner may decide to go on, with a reason.",
        Some(OverrideBy::Never) | None => "Nobody may decide to go on in spite of it.",
    };
    all.push(who.to_owned());
    all
}

/// Why somebody may dismiss the card.
fn reasons(rule: Option<&Rule>) -> Vec<Value> {
    let mut codes = vec!["dismissed.other-target", "dismissed.refuted"];
    if rule.is_some_and(|rule| rule.clearance.is_some()) {
        codes.push("dismissed.letter");
    }
    if rule.is_some_and(|rule| rule.override_by != OverrideBy::Never) {
        codes.push("dismissed.decided");
    }
    codes.into_iter().map(term_coding).collect()
}
