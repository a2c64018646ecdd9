//! Plan: the plan in force, what was agreed, given and decided, and when the patient comes again.

use care::episode::{Event, Session, What};

use super::Draft;
use super::meant::because;

impl Draft<'_> {
    pub(super) fn plan(&self) -> Vec<String> {
        let t = self.f.t;
        let mut lines = vec![self.in_force()];
        lines.extend(self.events().flat_map(|event| self.done(event)));
        lines.extend(self.reviews());
        lines.extend(self.therapies());
        let left = self.of.visit.and_then(|visit| visit.leaving.as_ref());
        if left.is_some_and(|left| left.check.warning_card) {
            lines.push(t.note_card());
        }
        match self.next {
            Some(next) => lines.push(t.note_next(self.f.when(&next.place.from))),
            None => lines.push(t.note_next_none()),
        }
        lines
    }

    /// The plan that was signed last, while nothing ended it.
    fn in_force(&self) -> String {
        let t = self.f.t;
        let mut last = self.before_end();
        let signed = last.find(|event| {
            let ends = matches!(event.what, What::Discharged { .. } | What::Reopened { .. });
            ends || matches!(event.what, What::PlanSigned { .. })
        });
        let Some(What::PlanSigned {
            candidate, expires, ..
        }) = signed.map(|event| &event.what)
        else {
            return t.note_plan_none();
        };
        let until = self.of.until;
        let pulled = |session: &&Session| session.started.is_some_and(|at| at < until);
        let visits = self.episode.visits_of(self.of.episode);
        let sessions = visits.filter_map(|visit| visit.session.as_ref());
        let done = sessions.filter(pulled).count();
        t.note_plan_on(t.candidate(candidate), done, self.f.date(expires))
    }

    /// What was decided or agreed within the occasion, a line each.
    fn done(&self, event: &Event) -> Vec<String> {
        let t = self.f.t;
        match &event.what {
            What::ConsentGiven(given) => vec![t.note_consent(&given.explained_by)],
            What::ConsentWithdrawn { .. } => vec![t.note_consent_withdrawn()],
            What::ReferralWritten { letter, .. } => {
                vec![t.note_referral(&letter.to, t.urgency(letter.urgency.as_str()))]
            }
            What::Discharged { reason, outcome } => vec![t.note_discharged(reason, outcome)],
            _ => Vec::new(),
        }
    }

    /// Reviews since the visit before: what they decided holds for this one.
    fn reviews(&self) -> Vec<String> {
        let t = self.f.t;
        let (since, until) = (self.since(), self.of.until);
        let all = self.told.iter();
        let all = all.filter(|event| since < event.at && event.at < until);
        let line = all.filter_map(|event| match &event.what {
            What::Reviewed { result, decision } => {
                let because: Vec<&str> = decision.fired.iter().map(because).collect();
                let (when, result) = (self.f.day(&event.at), t.verdict(result));
                Some(t.note_review(when, result, because.join(" ")))
            }
            _ => None,
        });
        line.collect()
    }

    /// Other therapies since the visit before, with the response.
    fn therapies(&self) -> Vec<String> {
        let t = self.f.t;
        let (since, until) = (self.since(), self.of.until);
        let all = self.episode.therapies.iter();
        let all = all.filter(|one| since < one.at && one.at < until);
        let line = all.map(|one| {
            let what = [&one.kind, &one.region, &one.detail];
            let what = what.into_iter().filter(|part| !part.is_empty());
            let what: Vec<&str> = what.map(String::as_str).collect();
            let (what, when) = (what.join(", "), self.f.day(&one.at));
            match &one.reaction {
                Some(reaction) => t.note_therapy_reaction(what, when, &one.response.0, &reaction.0),
                None => t.note_therapy(what, when, &one.response.0),
            }
        });
        line.collect()
    }
}
