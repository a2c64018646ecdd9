//! What the next session may pull: the plan's force, stepped or restarted.

use jiff::Timestamp;
use si::Newtons;

use super::body::days_between;
use super::build::because;
use super::{Candidate, Common, Dose, History, Reason};

/// The force of the next session, and why.
#[derive(Clone, Debug, PartialEq)]
pub struct SessionForce {
    /// Force of a pull.
    pub force: Newtons,
    /// Up to where a practitioner may change it while the session runs.
    pub ceiling: Newtons,
    /// Why it is not more.
    pub reasons: Vec<Reason>,
}

impl SessionForce {
    /// The same, not raised above a cap that holds its force.
    #[must_use]
    pub fn under(self, cap: Newtons) -> Self {
        Self {
            ceiling: whole(self.ceiling.min(cap)).max(self.force),
            ..self
        }
    }
}

impl History {
    /// Sessions that are left of those which the first-session caps bind.
    #[must_use]
    #[allow(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "a checked number of sessions"
    )]
    pub const fn first_left(&self, common: &Common) -> u32 {
        (common.bound_sessions.value as u32).saturating_sub(self.sessions)
    }

    /// The force last tolerated, or a share of the last peak where no hold was.
    pub(super) fn tolerated(&self, common: &Common) -> Option<Newtons> {
        match (
            self.tolerated_n.filter(|newtons| *newtons > 0.0),
            self.peak_n,
        ) {
            (Some(newtons), _) => Newtons::new(newtons),
            (None, Some(peak)) => Newtons::new(peak * common.not_tolerated.value),
            (None, None) => None,
        }
    }
}

/// Whether the last session is too long ago.
pub(super) fn gap(common: &Common, history: &History, at: Timestamp) -> bool {
    history
        .last
        .is_some_and(|last| days_between(last, at) >= common.gap.value)
}

/// Where force restarts, and why, if it does: after a gap at what was last
/// tolerated; after an `adjust` at a share of it, until a session was well again.
pub(super) fn restart(
    common: &Common,
    history: &History,
    at: Timestamp,
) -> Option<(Newtons, Reason)> {
    let tolerated = history.tolerated(common)?;
    if history.adjusted && !history.settled {
        let share = &common.after_adjust;
        return Some((tolerated * share.value, because("force_n", share)));
    }
    let again = || (tolerated, because("force_n", &common.gap));
    (history.adjusted || gap(common, history, at)).then(again)
}

/// The force of the next session under a signed candidate.
///
/// The first session of a plan pulls what was prescribed. Each later one pulls
/// what was last tolerated plus at most one step, and the step only after no
/// more than expected soreness; after a gap or an `adjust` there is none. The
/// ceiling, and in the first sessions of an episode their own cap, bind always.
///
/// Where a limit was signed, it binds too, and a practitioner may raise the force up to
/// it while the session runs: by no more than one step over what was last tolerated, and
/// not at all where the force may not step. Otherwise the force is its own ceiling.
#[must_use]
pub fn session_force(
    candidate: &Candidate,
    history: &History,
    under_this_plan: u32,
    dose: &Dose,
    at: Timestamp,
) -> SessionForce {
    let common = &dose.common;
    let course = &candidate.course;
    let prescribed = Newtons::raw(candidate.prescription.force_n);
    let mut reasons = Vec::new();
    let ours = |why: &str| Reason {
        setting: "force_n".to_owned(),
        why: why.to_owned(),
        sources: Vec::new(),
        evidence: "CLINICAL §4".to_owned(),
        dissent: Vec::new(),
    };
    let mut force = match (history.tolerated(common), restart(common, history, at)) {
        (None, _) => prescribed,
        (Some(_), Some((restarted, why))) => {
            reasons.push(why);
            prescribed.min(restarted)
        }
        (Some(tolerated), None) if under_this_plan == 0 && !history.settled => {
            prescribed.min(tolerated)
        }
        (Some(_), None) if under_this_plan == 0 => prescribed,
        (Some(tolerated), None) if history.settled => {
            reasons.push(ours("One step above what was last tolerated."));
            tolerated + Newtons::raw(course.step_n)
        }
        (Some(tolerated), None) => {
            reasons.push(ours(
                "No step: the last session's response is not known to have settled.",
            ));
            tolerated
        }
    };
    let bound = history.first_left(common) > 0;
    if bound {
        force = force.min(Newtons::raw(course.first_ceiling_n));
        reasons.push(ours("The first-session cap binds."));
    }
    let first = bound.then(|| Newtons::raw(course.first_ceiling_n));
    let signed = candidate.prescription.ceiling_n.map(Newtons::raw);
    let most = [first, signed].into_iter().flatten();
    let most = most.fold(Newtons::raw(course.ceiling_n), Newtons::min);
    if signed.is_some_and(|limit| limit == most && limit < force) {
        reasons.push(ours("The limit that was signed binds."));
    }
    let force = whole(force.min(most));
    let raised = signed.map_or(force, |_| {
        most.min(steps_to(candidate, history, (common, at)))
    });
    SessionForce {
        force,
        ceiling: whole(raised).max(force),
        reasons,
    }
}

/// Up to where one step leads from what was tolerated; nowhere where none may be made.
fn steps_to(candidate: &Candidate, history: &History, now: (&Common, Timestamp)) -> Newtons {
    let (common, at) = now;
    match history.tolerated(common) {
        None => Newtons::raw(candidate.course.ceiling_n),
        Some(tolerated) if history.settled && restart(common, history, at).is_none() => {
            tolerated + Newtons::raw(candidate.course.step_n)
        }
        Some(_) => Newtons::ZERO,
    }
}

/// Whole newtons, rounded down.
fn whole(force: Newtons) -> Newtons {
    Newtons::raw(super::build::whole(force))
}
