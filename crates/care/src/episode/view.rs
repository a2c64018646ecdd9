//! What pages ask of an episode: where on the path, what next, what is open.

use jiff::Timestamp;
use serde::Serialize;
use uuid::Uuid;

use super::{Alert, Episode, Referred, Session, SuspendedBy, Suspension, Visit};
use crate::decide::Verdict;
use crate::plan::Dose;

/// The step of the path of care the patient stands on.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Path {
    /// Facts are gathered and the decision is made.
    Evaluate,
    /// A plan is proposed, signed, consented to.
    Plan,
    /// Sessions.
    Treat,
    /// After a session: leaving check, check-ins.
    Recover,
    /// The course is looked at as a whole.
    Review,
    /// The episode is over.
    Discharged,
}

/// The one thing to do next; pages have a message and a link for each.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
#[allow(missing_docs, reason = "each names the act it leads to")]
pub enum NextStep {
    Register,
    Acknowledge,
    Evaluate,
    AskMore,
    Refused,
    LiftSuspension,
    ProposePlan,
    SignPlan,
    Consent,
    Arrive,
    CheckStart,
    Start,
    Attend,
    CheckLeaving,
    AwaitCheckIn,
    Review,
    Discharge,
    Nothing,
}

impl Episode {
    /// The session with this id, of whichever episode.
    #[must_use]
    pub fn session(&self, id: Uuid) -> Option<&Session> {
        self.all_sessions().find(|session| session.id == id)
    }

    /// Every session of the patient, oldest first.
    pub fn all_sessions(&self) -> impl DoubleEndedIterator<Item = &Session> {
        self.visits
            .iter()
            .filter_map(|visit| visit.session.as_ref())
    }

    /// Every session of the episode, oldest first.
    pub fn sessions(&self) -> impl DoubleEndedIterator<Item = &Session> {
        let own = self.visits_of(self.number);
        own.filter_map(|visit| visit.session.as_ref())
    }

    /// Visits of the episode with this number, oldest first.
    pub fn visits_of(&self, number: u32) -> impl DoubleEndedIterator<Item = &Visit> {
        let all = self.visits.iter();
        all.filter(move |visit| visit.episode == number)
    }

    /// Whether something of this instant belongs to the episode of now; former ones are its past.
    #[must_use]
    pub fn has_begun(&self, at: Timestamp) -> bool {
        self.opened.is_none_or(|opened| opened <= at)
    }

    /// Sessions that pulled, oldest first.
    pub fn treated(&self) -> impl DoubleEndedIterator<Item = &Session> {
        self.sessions().filter(|session| session.started.is_some())
    }

    /// The visit a session belongs to.
    #[must_use]
    pub fn visit_of(&self, session: Uuid) -> Option<&Visit> {
        let mut visits = self.visits.iter();
        visits.find(|visit| visit.session.as_ref().is_some_and(|s| s.id == session))
    }

    /// The visit that is not closed yet.
    #[must_use]
    pub fn open_visit(&self) -> Option<&Visit> {
        self.visits.last().filter(|visit| visit.leaving.is_none())
    }

    /// The session that is running or about to run.
    #[must_use]
    pub fn running(&self) -> Option<&Session> {
        self.all_sessions()
            .find(|session| session.started.is_some() && session.ended.is_none())
    }

    /// Suspensions nobody lifted.
    pub fn suspended(&self) -> impl Iterator<Item = &Suspension> {
        self.suspensions.iter().filter(|s| s.lifted.is_none())
    }

    /// Alerts nobody took.
    pub fn open_alerts(&self) -> impl Iterator<Item = &Alert> {
        self.alerts
            .iter()
            .filter(|alert| alert.acknowledged.is_none())
    }

    /// Whether the decision clears what an open alarm or a suspension now stands against: until
    /// these end it reads as no clearance, also where it was made after them.
    #[must_use]
    pub fn clears_no_longer(&self) -> bool {
        let clears = self.decision.as_ref().is_some_and(|kept| {
            matches!(kept.decision.verdict, Verdict::Cleared | Verdict::Caution)
        });
        clears && (self.open_alerts().next().is_some() || self.suspended().next().is_some())
    }

    /// Letters that nobody has told the end of.
    pub fn open_referrals(&self) -> impl Iterator<Item = &Referred> {
        let all = self.referrals.iter();
        all.filter(|referral| referral.closed.is_none())
    }

    /// The step of the path the patient stands on.
    #[must_use]
    pub fn path(&self, dose: &Dose, at: Timestamp) -> Path {
        match self.next_step(dose, at) {
            NextStep::ProposePlan | NextStep::SignPlan | NextStep::Consent => Path::Plan,
            NextStep::Arrive | NextStep::CheckStart | NextStep::Start | NextStep::Attend => {
                Path::Treat
            }
            NextStep::CheckLeaving | NextStep::AwaitCheckIn | NextStep::LiftSuspension => {
                Path::Recover
            }
            NextStep::Review | NextStep::Discharge => Path::Review,
            NextStep::Acknowledge if self.treated().next().is_some() => Path::Recover,
            NextStep::Nothing => Path::Discharged,
            _ => Path::Evaluate,
        }
    }

    /// The one thing to do next, most urgent first.
    #[must_use]
    pub fn next_step(&self, dose: &Dose, at: Timestamp) -> NextStep {
        if self.number == 0 {
            return NextStep::Register;
        }
        if self.discharged.is_some() {
            return NextStep::Nothing;
        }
        if self.running().is_some() {
            return NextStep::Attend;
        }
        if self.open_alerts().any(|alert| alert.urgency != "routine") {
            return NextStep::Acknowledge;
        }
        if let Some(step) = self.visit_step(dose, at) {
            return step;
        }
        if self.suspended().next().is_some() {
            return NextStep::LiftSuspension;
        }
        self.course_step(dose, at)
    }

    fn visit_step(&self, dose: &Dose, at: Timestamp) -> Option<NextStep> {
        let visit = self.open_visit()?;
        let blocked = self.suspended().next().is_some();
        match &visit.session {
            Some(session) if session.ended.is_some() => Some(NextStep::CheckLeaving),
            Some(_) => Some(NextStep::Start),
            None if blocked => None,
            // Who has arrived is reviewed before anything pulls.
            None if self.review_due(dose, at) => Some(NextStep::Review),
            None => Some(NextStep::CheckStart),
        }
    }

    fn course_step(&self, dose: &Dose, at: Timestamp) -> NextStep {
        let Some(decision) = &self.decision else {
            return NextStep::Evaluate;
        };
        match decision.decision.verdict {
            Verdict::Cleared | Verdict::Caution => {}
            Verdict::Refuse => return NextStep::Refused,
            _ => return NextStep::AskMore,
        }
        if self.review_due(dose, at) {
            return NextStep::Review;
        }
        let signed = self.plan.as_ref().map_or(Timestamp::MIN, |plan| plan.at);
        let reviewed = self.reviews.last().filter(|review| review.at >= signed);
        let reviewed = reviewed.map(|review| review.result.as_str());
        if let Some("discontinue" | "discharge-goals-met") = reviewed {
            return NextStep::Discharge;
        }
        match &self.plan {
            Some(plan) if at < plan.expires => {}
            _ if self.proposal.as_ref().is_some_and(|p| at < p.expires) => {
                return NextStep::SignPlan;
            }
            _ => return NextStep::ProposePlan,
        }
        if self.consent.is_none() {
            return NextStep::Consent;
        }
        if self.awaits_check_in(at) {
            return NextStep::AwaitCheckIn;
        }
        NextStep::Arrive
    }

    /// Whether the clinic should look at the course before the next session.
    #[must_use]
    pub fn review_due(&self, dose: &Dose, at: Timestamp) -> bool {
        crate::review::due(self, dose, at)
    }

    /// Whether the last session's check-ins are still running.
    #[must_use]
    pub fn awaits_check_in(&self, at: Timestamp) -> bool {
        crate::triage::due(self, at)
            .iter()
            .any(|due| due.open_at(at))
    }

    /// Whether the treated region's plan was overtaken by a worse decision.
    #[must_use]
    pub fn overtaken(&self) -> bool {
        self.suspended()
            .any(|s| matches!(s.because, SuspendedBy::Decision { .. }))
    }

    /// Whether every other therapy is suspended too: an emergency or urgent result stands.
    #[must_use]
    pub fn therapies_suspended(&self) -> bool {
        self.therapies_suspended_at(Timestamp::MAX)
    }

    /// The same for a therapy of this instant: one that came first is on record.
    #[must_use]
    pub fn therapies_suspended_at(&self, at: Timestamp) -> bool {
        self.suspended()
            .filter(|suspension| suspension.at <= at)
            .any(|suspension| match &suspension.because {
                SuspendedBy::Triage { result, .. } => result != Verdict::Adjust.as_str(),
                SuspendedBy::Decision { .. } | SuspendedBy::Death => true,
                SuspendedBy::Person { .. } | SuspendedBy::Review { .. } => false,
            })
    }

    pub(super) fn session_mut(&mut self, id: Uuid) -> Option<&mut Session> {
        let mut sessions = self
            .visits
            .iter_mut()
            .filter_map(|visit| visit.session.as_mut());
        sessions.find(|session| session.id == id)
    }

    pub(super) fn visit_of_mut(&mut self, session: Uuid) -> Option<&mut Visit> {
        let mut visits = self.visits.iter_mut();
        visits.find(|visit| visit.session.as_ref().is_some_and(|s| s.id == session))
    }
}
