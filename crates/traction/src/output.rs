//! What one tick of the loop answers, with the quantities it went through.

use crate::Ticks;
use crate::cause::{Action, Cause};
use crate::codec::{Codec, Layout, Reader, Writer, closed};
use crate::drive::Drive;
use crate::limiter::Limit;
use crate::profile::Phase;
use crate::supervisor::{Latch, SessionState};
use si::Newtons;

closed! {
    /// Why a command was not taken.
    pub enum Refusal {
        /// It means nothing in this stage.
        Stage = 1 "wrong-stage",
        /// The patient has not pressed and released the switch in the last ten minutes,
        /// or not since the stop.
        SwitchUntested = 2 "switch-untested",
        /// The switch is pressed, missing or in doubt.
        SwitchNotReleased = 3 "switch-not-released",
        /// Something is wrong that would stop the session at once; `cause` says what.
        NotReady = 4 "not-ready",
        /// There is force on the harness.
        ForceOn = 5 "force-on",
        /// The stop does not allow a resume: a symptom, nobody has said why, or there
        /// was next to no force to come back to.
        NotResumable = 6 "not-resumable",
        /// The one resume is used up.
        ResumeUsed = 7 "resume-used",
        /// The first act is missing or more than 30 s ago.
        NotPrepared = 8 "not-prepared",
        /// Guarding: base force is kept for a minute.
        Resting = 9 "resting",
        /// A change of mode or force that the signed profile and limits do not hold.
        Change = 10 "change-not-signed",
    }
}

/// The answer of one tick.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Output {
    /// Ticks since arming.
    pub tick: Ticks,
    /// The supervisor's state after this tick.
    pub state: SessionState,
    /// Phase of the profile.
    pub phase: Phase,
    /// Pull, counted from 1.
    pub cycle: u16,
    /// What the profile asks for.
    pub set_point: Newtons,
    /// What the loop steers for: the profile under every limit, or the release.
    pub target: Newtons,
    /// The force believed: the higher of the cells that can be believed.
    pub force: Newtons,
    /// Highest force allowed now.
    pub ceiling: Newtons,
    /// What the drive receives.
    pub drive: Drive,
    /// How strongly the loop answers.
    pub action: Action,
    /// What limits it, if anything does.
    pub cause: Option<Cause>,
    /// Why this tick's command was not taken, if it was not.
    pub refused: Option<Refusal>,
    /// Time of the profile so far.
    pub elapsed: Ticks,
    /// Time of the profile left.
    pub remaining: Ticks,
    /// Highest force so far.
    pub peak: Newtons,
    /// Force times time so far, N·s.
    pub impulse_n_s: f64,
    /// What holds force or velocity below what the profile asks for.
    pub limit: Limit,
}

impl Codec for Latch {
    const SIZE: usize = 2;
    fn put(&self, out: &mut Writer<'_>) {
        out.item(&self.cause);
        out.item(&self.kind);
    }
    fn take(from: &mut Reader<'_>) -> Option<Self> {
        Some(Self {
            cause: from.item()?,
            kind: from.item()?,
        })
    }
}

impl Codec for SessionState {
    const SIZE: usize = 1 + <Option<Latch>>::SIZE + 1 + 2 * <Option<Cause>>::SIZE;
    fn put(&self, out: &mut Writer<'_>) {
        out.item(&self.stage);
        out.item(&self.latch);
        out.item(&self.resume);
        out.item(&self.held);
        out.item(&self.pause);
    }
    fn take(from: &mut Reader<'_>) -> Option<Self> {
        Some(Self {
            stage: from.item()?,
            latch: from.item()?,
            resume: from.item()?,
            held: from.item()?,
            pause: from.item()?,
        })
    }
}

impl Output {
    /// Bytes it takes in a layout.
    pub(crate) const fn bytes(layout: Layout) -> usize {
        let limit = match layout {
            Layout::One => 0,
            Layout::Two => Limit::SIZE,
        };
        let profile = Phase::SIZE + 2 + 4 * Newtons::SIZE;
        let answer = Drive::SIZE + Action::SIZE + <Option<Cause>>::SIZE + <Option<Refusal>>::SIZE;
        let totals = 2 * Ticks::SIZE + Newtons::SIZE + 8;
        Ticks::SIZE + SessionState::SIZE + profile + answer + totals + limit
    }

    pub(crate) fn put(&self, out: &mut Writer<'_>, layout: Layout) {
        out.item(&self.tick);
        out.item(&self.state);
        out.item(&self.phase);
        out.u16(self.cycle);
        out.item(&self.set_point);
        out.item(&self.target);
        out.item(&self.force);
        out.item(&self.ceiling);
        out.item(&self.drive);
        out.item(&self.action);
        out.item(&self.cause);
        out.item(&self.refused);
        out.item(&self.elapsed);
        out.item(&self.remaining);
        out.item(&self.peak);
        out.f64(self.impulse_n_s);
        if layout == Layout::Two {
            out.item(&self.limit);
        }
    }

    pub(crate) fn take(from: &mut Reader<'_>, layout: Layout) -> Option<Self> {
        Some(Self {
            tick: from.item()?,
            state: from.item()?,
            phase: from.item()?,
            cycle: from.u16()?,
            set_point: from.item()?,
            target: from.item()?,
            force: from.item()?,
            ceiling: from.item()?,
            drive: from.item()?,
            action: from.item()?,
            cause: from.item()?,
            refused: from.item()?,
            elapsed: from.item()?,
            remaining: from.item()?,
            peak: from.item()?,
            impulse_n_s: from.f64()?,
            limit: match layout {
                Layout::One => Limit::Unknown,
                Layout::Two => from.item()?,
            },
        })
    }
}
