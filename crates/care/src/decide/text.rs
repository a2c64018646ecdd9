//! A decision for people: urgency first.
use super::{Ask, Decision, Question, QuestionReason};
use std::fmt::Write as _;

impl Decision {
    /// The decision as plain text, urgency first.
    #[must_use]
    pub fn to_text(&self) -> String {
        let mut text = format!("Urgency: {}\nVerdict: {}\n", self.urgency, self.verdict);
        self.write_fired(&mut text);
        self.write_open(&mut text);
        let short: String = self.knowledge.sha256.chars().take(12).collect();
        let _ = writeln!(text, "\nKnowledge {} ({short}).", self.knowledge.version);
        text
    }

    fn write_fired(&self, text: &mut String) {
        for fired in &self.fired {
            let _ = writeln!(
                text,
                "\n{} [{}, {}]",
                fired.statement, fired.verdict, fired.rule
            );
            let _ = writeln!(text, "  Why: {}", fired.why);
            for fact in &fired.facts {
                let value = fact.value.as_ref().map(ToString::to_string);
                let value = value.or_else(|| fact.answer.map(|answer| answer.as_str().to_owned()));
                let doubt = if fact.unconfirmed {
                    ", unconfirmed"
                } else {
                    ""
                };
                let by = fact.by.map_or("", crate::fact::By::as_str);
                let unit = fact
                    .unit
                    .as_deref()
                    .map(|unit| format!(" {unit}"))
                    .unwrap_or_default();
                let (label, value) = (named(fact), value.unwrap_or_default());
                let _ = writeln!(text, "  Fact: {label} = {value}{unit} ({by}{doubt})");
            }
            let (sources, evidence) = (fired.sources.join(", "), fired.evidence.as_str());
            let _ = writeln!(text, "  Sources: {sources}; evidence: {evidence}");
            for dissent in &fired.dissent {
                let _ = writeln!(text, "  Dissent: {dissent}");
            }
        }
    }

    fn write_open(&self, text: &mut String) {
        if !self.conditions.is_empty() {
            text.push_str("\nConditions:\n");
        }
        for condition in &self.conditions {
            let _ = writeln!(text, "  - {}", condition.text);
        }
        for policy in &self.loosened {
            let value = policy.value.as_ref().map(ToString::to_string);
            let _ = writeln!(
                text,
                "\nPolicy loosened: {} = {}, approved by {} ({}).",
                policy.label,
                value.unwrap_or_default(),
                policy.who.as_deref().unwrap_or_default(),
                policy.source.as_deref().unwrap_or_default()
            );
        }
        if !self.unread.is_empty() {
            let _ = writeln!(text, "\nRead by no rule: {}.", self.unread.join(", "));
        }
        if !self.conflicts.is_empty() {
            let _ = writeln!(
                text,
                "\nSources disagree on: {}.",
                self.conflicts.join(", ")
            );
        }
        if !self.undecided.is_empty() {
            let open: Vec<&str> = self
                .undecided
                .iter()
                .map(|rule| rule.rule.as_str())
                .collect();
            let _ = writeln!(text, "\nUndecided: {}.", open.join(", "));
        }
        self.write_questions(text);
    }

    /// The next ten questions; the levels and sides of one fact are one question.
    fn write_questions(&self, text: &mut String) {
        if self.next_questions.is_empty() {
            return;
        }
        text.push_str("\nAsk next:\n");
        let base = |question: &Question| question.fact.split('[').next().map(str::to_owned);
        let groups: Vec<&[Question]> = self
            .next_questions
            .chunk_by(|a, b| base(a) == base(b) && a.reason == b.reason)
            .collect();
        for (number, group) in groups.iter().take(10).enumerate() {
            let question = &group[0];
            let asked = match question.ask {
                Ask::Patient => &question.patient,
                _ => &question.practitioner,
            };
            let confirm = match question.reason {
                QuestionReason::Confirm => "Confirm or refute: ",
                _ => "",
            };
            let facts: Vec<&str> = group.iter().map(|one| one.fact.as_str()).collect();
            let (number, facts) = (number + 1, facts.join(", "));
            let _ = writeln!(text, "  {number}. {confirm}{asked} ({facts})");
        }
        let rest = groups.len().saturating_sub(10);
        if rest > 0 {
            let _ = writeln!(text, "  and {rest} more");
        }
    }
}

/// The label, with the place of an indexed fact.
fn named(fact: &super::Given) -> String {
    match fact.fact.split_once('[') {
        Some((_, index)) => format!("{} ({})", fact.label, index.trim_end_matches(']')),
        None => fact.label.clone(),
    }
}
