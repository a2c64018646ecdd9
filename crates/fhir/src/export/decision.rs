//! Decisions: a RiskAssessment each, and a DetectedIssue where a rule fired.

use super::book::push;
use super::words::{RULE, extension, narrative, note, own, reference, sha256, term};
use super::writer::Writer;
use care::decide::{Decision, Fired, Given, RuleSet, Urgency, Verdict};
use care::episode::Kept;
use care::fact::{Clearance, Override};
use serde_json::{Value, json};

impl Writer<'_> {
    /// Writes a decision; a reference to it.
    pub(crate) fn decided(&mut self, kept: &Kept, encounter: Option<&Value>) -> Value {
        let decision: &Decision = kept;
        let basis = self.basis(decision);
        let predictions = decision.fired.iter().map(prediction);
        let notes = open(decision)
            .into_iter()
            .map(|line| json!({ "text": line }));
        let body = json!({
            "extension": [
                sha256(&kept.sha256),
                extension("knowledge-version", "valueString", decision.knowledge.version.clone()),
                extension("knowledge-sha256", "valueString", decision.knowledge.sha256.clone()),
                extension("urgency", "valueCode", decision.urgency.as_str()),
            ],
            "status": "final",
            "method": term("method.rules"),
            "code": term(&format!("set.{}", decision.set.as_str())),
            "subject": self.subject(),
            "encounter": encounter,
            "occurrenceDateTime": decision.at.to_string(),
            "condition": self.condition(),
            "performer": self.agent(),
            "basis": basis,
            "prediction": std::iter::once(overall(decision)).chain(predictions).collect::<Vec<_>>(),
            "note": notes.collect::<Vec<_>>(),
        });
        let id = self.book.add("RiskAssessment", body);
        if is_issue(decision) {
            self.issue(kept, &id);
        }
        reference("RiskAssessment", &id)
    }

    fn issue(&mut self, kept: &Kept, assessment: &str) {
        let decision: &Decision = kept;
        let evidence: Vec<Value> = decision
            .fired
            .iter()
            .filter(|fired| fired.verdict != best(decision))
            .map(|fired| {
                let facts = fired.facts.iter().filter_map(|given| self.stands_on(given));
                json!({ "code": [rule(fired)], "detail": facts.collect::<Vec<_>>() })
            })
            .collect();
        let implicated: Vec<Value> = self.order().into_iter().collect();
        let lines = words(decision);
        let body = json!({
            "text": narrative(&lines),
            "extension": [
                sha256(&kept.sha256),
                extension("assessment", "valueReference", reference("RiskAssessment", assessment)),
            ],
            "status": "final",
            "code": term(&format!("verdict.{}", decision.verdict.as_str())),
            "severity": severity(decision),
            "patient": self.subject(),
            "identifiedDateTime": decision.at.to_string(),
            "author": self.agent(),
            "implicated": implicated,
            "evidence": evidence,
            "detail": lines.join(" "),
        });
        let id = self.book.add("DetectedIssue", body);
        for fired in &decision.fired {
            self.threads.issues.insert(fired.rule.clone(), id.clone());
        }
    }

    /// The Observations of the facts that rules stood on, each once.
    fn basis(&self, decision: &Decision) -> Vec<Value> {
        let mut basis: Vec<Value> = Vec::new();
        for given in decision.fired.iter().flat_map(|fired| &fired.facts) {
            if let Some(found) = self.stands_on(given).filter(|one| !basis.contains(one)) {
                basis.push(found);
            }
        }
        basis
    }

    /// The Observation of a fact as a decision read it; none of what was only computed.
    fn stands_on(&self, given: &Given) -> Option<Value> {
        let told = self.latest.get(&given.fact)?.iter().rev();
        let mut from = told.filter(|one| given.by.is_none_or(|by| by == one.origin.0));
        let found = from.next()?;
        Some(reference("Observation", &found.id))
    }

    /// A letter softens a rule.
    pub(crate) fn cleared(&mut self, letter: &Clearance) {
        let words = format!(
            "Cleared by {} ({}) until {}: {}",
            letter.name,
            letter.profession,
            letter.expires,
            letter.conditions.join("; ")
        );
        self.mitigate(&letter.rule, "mitigation.clearance", &words);
    }

    /// A clinician goes on despite a rule.
    pub(crate) fn overridden(&mut self, act: &Override) {
        let told = if act.patient_told {
            "the patient was told"
        } else {
            "the patient was not told"
        };
        let second = act.second.as_ref();
        let second = second.map(|name| format!(", with {name}"));
        let words = format!(
            "Overridden by {}{} until {}: {}. Examined: {}; {told}.",
            act.by,
            second.unwrap_or_default(),
            act.until,
            act.reason,
            act.examination
        );
        self.mitigate(&act.rule, "mitigation.override", &words);
    }

    /// What somebody decided about a rule, on the issue that it raised last.
    pub(crate) fn mitigate(&mut self, rule_id: &str, code: &str, words: &str) {
        let mut action = term(code);
        action["text"] = json!(words);
        let mitigation = json!({
            "action": action,
            "date": self.at.to_string(),
            "author": self.staff(),
        });
        if let Some(id) = self.threads.issues.get(rule_id).cloned() {
            self.book.amend("DetectedIssue", &id, |members| {
                push(members, "mitigation", mitigation);
            });
            return;
        }
        let finding = self.finding(rule_id);
        let body = json!({
            "text": narrative(&[finding.clone(), words.to_owned()]),
            "status": "preliminary",
            "code": own(RULE, rule_id, &finding),
            "patient": self.subject(),
            "identifiedDateTime": self.at.to_string(),
            "author": self.staff(),
            "detail": finding,
            "mitigation": [mitigation],
        });
        let id = self.book.add("DetectedIssue", body);
        self.threads.issues.insert(rule_id.to_owned(), id);
    }

    fn finding(&self, id: &str) -> String {
        let known = self.source.knowledge.rule(id);
        known.map_or_else(|| id.to_owned(), |rule| rule.finding().to_owned())
    }

    /// A review, as what a clinician made of the course.
    pub(crate) fn reviewed(&mut self, result: &str, kept: &Kept) {
        let assessment = self.decided(kept, None);
        let findings: Vec<Value> = kept
            .fired
            .iter()
            .map(|fired| json!({ "itemCodeableConcept": rule(fired), "basis": fired.why }))
            .collect();
        let mut summary = term(&format!("verdict.{result}"));
        let body = json!({
            "status": "completed",
            "code": term("set.review"),
            "description": "Review of the course",
            "subject": self.subject(),
            "effectiveDateTime": kept.at.to_string(),
            "date": self.at.to_string(),
            "assessor": self.staff(),
            "problem": self.condition().into_iter().collect::<Vec<_>>(),
            "summary": summary["text"].take(),
            "finding": findings,
            "prognosisReference": [assessment],
            "note": [note(&self.by.clone(), self.at, result)],
        });
        self.book.add("ClinicalImpression", body);
        match result {
            "discontinue" => self.end_plan("revoked"),
            "re-evaluate" => self.end_plan("completed"),
            _ => {}
        }
    }
}

/// The result of a set when nothing is amiss.
fn best(decision: &Decision) -> Verdict {
    let words = decision.set.verdicts();
    words.last().copied().unwrap_or(decision.verdict)
}

/// Whether a rule fired that says that something is amiss: one that says all is well raises none.
fn is_issue(decision: &Decision) -> bool {
    let mut fired = decision.fired.iter();
    fired.any(|fired| fired.verdict != best(decision))
}

/// The decision itself, before the rules it rests on.
fn overall(decision: &Decision) -> Value {
    json!({
        "outcome": term(&format!("set.{}", decision.set.as_str())),
        "qualitativeRisk": term(&format!("verdict.{}", decision.verdict.as_str())),
    })
}

fn prediction(fired: &Fired) -> Value {
    let rationale = format!(
        "{} Sources: {}. Evidence: {}.",
        fired.why,
        fired.sources.join(", "),
        fired.evidence.as_str()
    );
    json!({
        "outcome": rule(fired),
        "qualitativeRisk": term(&format!("verdict.{}", fired.verdict.as_str())),
        "rationale": rationale,
    })
}

fn rule(fired: &Fired) -> Value {
    own(RULE, &fired.rule, &fired.statement)
}

/// What is not decided, what the decision asks for and where sources disagree.
fn open(decision: &Decision) -> Vec<String> {
    let mut lines = Vec::new();
    for one in &decision.undecided {
        lines.push(format!(
            "Undecided: {} Missing: {}.",
            one.statement,
            one.missing.join(", ")
        ));
    }
    for one in &decision.conditions {
        lines.push(format!("Condition: {}", one.text));
    }
    for fired in &decision.fired {
        lines.extend(fired.dissent.iter().map(|says| format!("Dissent: {says}")));
    }
    lines
}

/// In words for people.
fn words(decision: &Decision) -> Vec<String> {
    let mut lines = vec![format!(
        "Urgency {}; {}: {}.",
        decision.urgency.as_str(),
        decision.set.as_str(),
        decision.verdict.as_str()
    )];
    for fired in &decision.fired {
        lines.push(fired.statement.clone());
        if let Some(by) = &fired.softened_by {
            lines.push(format!("Softened: {by}."));
        }
    }
    lines
}

/// FHIR's severity, from how soon somebody must act; a refusal is never low.
fn severity(decision: &Decision) -> &'static str {
    let screening = matches!(decision.set, RuleSet::Screening);
    let refused = screening && decision.verdict == Verdict::Refuse;
    match decision.urgency {
        Urgency::Emergency | Urgency::Urgent => "high",
        _ if refused => "high",
        Urgency::Routine => "moderate",
        Urgency::None => "low",
    }
}
