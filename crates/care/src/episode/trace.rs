//! What events leave behind for readers: a line of the timeline each, and the rules that fired.

use std::collections::BTreeSet;

use jiff::Timestamp;
use jiff::civil::Date;
use serde::Serialize;
use uuid::Uuid;

use super::{Episode, Event, Kept, Role, What};
use crate::decide::RuleSet;

/// A line of the timeline.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Entry {
    /// When.
    pub at: Timestamp,
    /// Kind of event; pages have a message for each.
    pub kind: &'static str,
    /// In which role.
    pub role: Role,
    /// By name, where there is one.
    pub who: String,
    /// A verdict, result, candidate or cause: a word of ours, never the patient's.
    pub detail: String,
    /// The session or visit it belongs to.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub of: Option<Of>,
}

/// What a line belongs to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Of {
    /// A session.
    Session(Uuid),
    /// A visit, by its number.
    Visit(u32),
    /// An examination, by the clinic's day.
    Day(Date),
}

/// When a rule fired last, and among which.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct Touch {
    /// When.
    pub at: Timestamp,
    /// The set it was decided with.
    pub set: RuleSet,
}

impl Event {
    /// The decision that it carries whole.
    #[must_use]
    pub const fn decision(&self) -> Option<&Kept> {
        match &self.what {
            What::Decided { decision }
            | What::GrantIssued { decision, .. }
            | What::SessionReported { decision, .. }
            | What::Triaged { decision, .. }
            | What::Reviewed { decision, .. } => Some(decision),
            _ => None,
        }
    }

    /// The session, visit or examination it belongs to.
    pub(super) const fn of(&self) -> Option<Of> {
        match &self.what {
            What::GrantIssued { session, .. }
            | What::SessionStarted { session }
            | What::SessionReported { session, .. }
            | What::SessionEnded { session, .. }
            | What::StopExplained { session, .. }
            | What::LinkIssued { session, .. }
            | What::CheckInAnswered { session, .. }
            | What::CheckInMissed { session, .. }
            | What::CheckInBegun { session, .. }
            | What::CheckInAbandoned { session, .. }
            | What::Triaged { session, .. } => Some(Of::Session(*session)),
            What::SpineLearned(lesson) => Some(Of::Session(lesson.session)),
            What::LeavingChecked(check) => Some(Of::Session(check.session)),
            What::ArrivalRecorded { visit, .. }
            | What::StartChecked { visit, .. }
            | What::NoteSigned { visit, .. }
            | What::NoteAmended { visit, .. } => Some(Of::Visit(*visit)),
            What::ExaminationNoted { day, .. } | What::ExaminationAmended { day, .. } => {
                Some(Of::Day(*day))
            }
            _ => None,
        }
    }
}

impl Episode {
    /// Remembers which rules fired.
    pub(super) fn touch(&mut self, event: &Event) {
        for fired in event.decision().into_iter().flat_map(|kept| &kept.fired) {
            let touch = Touch {
                at: event.at,
                set: fired.set,
            };
            self.touched.insert(fired.rule.clone(), touch);
        }
    }

    /// The rules that have their say in what counts now: the screening, the last review, the
    /// last triage of the last session, and what was decided for a session that is not over.
    /// None once the episode is.
    #[must_use]
    pub fn touched_now(&self) -> BTreeSet<&str> {
        if self.discharged.is_some() {
            return BTreeSet::new();
        }
        let last = self.sessions().next_back();
        let check_ins = last.into_iter().flat_map(|one| one.check_ins.iter().rev());
        let triage = check_ins.filter_map(|told| told.triage.as_ref()).take(1);
        let open = last.filter(|session| session.ended.is_none());
        let reports = open.into_iter().flat_map(|session| &session.reports);
        let screening = self.decision.iter().map(|kept| &kept.decision);
        let review = self.reviews.last().map(|review| &review.decision);
        let all = screening
            .chain(review)
            .chain(triage.map(|triage| &triage.decision))
            .chain(reports.map(|report| &report.decision));
        let fired = all.flat_map(|kept| &kept.fired).map(|fired| &*fired.rule);
        // The decision that let a session begin is kept with its grant alone.
        let granted = open.map(|session| session.granted);
        let begun = self.touched.iter();
        let begun = begun.filter(|(_, touch)| Some(touch.at) == granted);
        fired.chain(begun.map(|(rule, _)| &**rule)).collect()
    }
}
