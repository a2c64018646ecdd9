//! Assessment: what is treated, what the screening said and why, how the course stands.

use care::decide::{Fired, Verdict};
use care::episode::{Kept, What};
use jiff::Timestamp;

use super::super::super::course;
use super::Draft;

/// Reasons that a note spells out; the decision's own page has them all.
const REASONS: usize = 5;

impl Draft<'_> {
    pub(super) fn assessment(&self) -> Vec<String> {
        let t = self.f.t;
        let mut lines = Vec::new();
        let condition = ["treated_condition", "treated_level"];
        let condition = condition.iter().filter_map(|fact| self.latest(fact));
        lines.extend(self.readings(condition).map(|what| t.note_treated(what)));
        match self.decided() {
            Some((at, kept)) => lines.extend(self.decision(at, kept)),
            None => lines.push(t.note_undecided()),
        }
        let until = self.of.until;
        let so_far = course::sentence_of(self.f, self.episode, self.of.episode, until);
        lines.extend(so_far);
        let all = self.episode.suspensions.iter();
        let open = |at: Timestamp| self.of.until <= at;
        let suspended = all.filter(|one| one.at < until);
        let mut suspended =
            suspended.filter(|one| one.lifted.as_ref().is_none_or(|lifted| open(lifted.at)));
        if suspended.next().is_some() {
            lines.push(t.suspended_now());
        }
        lines
    }

    /// The screening in force when the occasion was over.
    fn decided(&self) -> Option<(Timestamp, &Kept)> {
        let mut last = self.before_end().take_while(|event| {
            !matches!(event.what, What::Reopened { .. } | What::Registered { .. })
        });
        last.find_map(|event| match &event.what {
            What::Decided { decision } => Some((event.at, decision)),
            _ => None,
        })
    }

    fn decision(&self, at: Timestamp, kept: &Kept) -> Vec<String> {
        let t = self.f.t;
        let verdict = t.verdict(kept.verdict.as_str());
        let mut lines = vec![t.note_decision(verdict, self.f.day(&at))];
        let words = kept.fired.iter().map(because).filter(|one| !one.is_empty());
        let words: Vec<&str> = words.collect();
        let more = words.len().saturating_sub(REASONS);
        lines.extend(words.into_iter().take(REASONS).map(str::to_owned));
        if more > 0 {
            lines.push(t.note_more_reasons(more));
        }
        let waits = matches!(kept.verdict, Verdict::EvaluateFirst) && !kept.undecided.is_empty();
        if waits {
            lines.push(t.paper_waiting(kept.undecided.len()));
        }
        lines
    }
}

/// In a practitioner's words where the rule has some.
pub(super) fn because(fired: &Fired) -> &str {
    match fired.practitioner.trim() {
        "" => fired.statement.trim(),
        words => words,
    }
}
