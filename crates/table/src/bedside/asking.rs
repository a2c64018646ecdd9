//! Whether the patient still answers: asked after five minutes of silence, by the bedside itself.
//!
//! Somebody who sleeps or faints cannot press the switch (H12, devices.md §4: "no answer → rest,
//! then unload"). Silence is counted in session time, tick by tick, while the patient lies under
//! tension or waits for it. A score, a symptom, a change of the patient's own control, and the
//! switch pressed and released are signs; what the staff commands is none. A question that
//! stands for [`ANSWER_TICKS`] is *unanswered*: the bedside pauses the session, which unloads by
//! itself after two minutes, and raises an alarm. Only a sign ends that; going on is then a
//! practitioner's act as after any pause (CLINICAL.md §5).
//!
//! Everything here is read from frames alone, so that a recording tells the same as the table
//! did ([`unanswered`]). Shown by `tests/asking.rs`.

use crate::wire::Question;
use traction::PER_SECOND;
use traction::frame::Frame;
use traction::input::{Command, Switch};
use traction::supervisor::Stage;

/// A patient who gave no sign for so long is asked, ticks of the session: 5 min (devices.md H12).
pub const ASK_TICKS: u32 = 300 * PER_SECOND;
/// A question that stands for so long counts as unanswered, ticks of the session: 30 s (ours: long
/// enough to walk up and ask twice, and a tenth of the silence before it).
pub const ANSWER_TICKS: u32 = 30 * PER_SECOND;
/// A simulated patient who is awake answers so long after being asked, ticks: 20 s (ours: at
/// 60 times real time no person could, and whoever looks sees the question first).
const SIMULATED_TICKS: u32 = 20 * PER_SECOND;

const _: () = assert!(SIMULATED_TICKS < ANSWER_TICKS);

/// What is known of one session's patient.
#[derive(Clone, Copy, Debug, Default)]
pub struct Asking {
    /// Ticks without a sign.
    silent: u32,
    /// The score that was in force last.
    comfort: Option<u8>,
    /// Whether both poles of the switch were open since they were last closed.
    pressed: bool,
    unanswered: bool,
}

impl Asking {
    /// Looks at one tick.
    pub fn see(&mut self, frame: &Frame) {
        if self.is_sign(frame) {
            (self.silent, self.unanswered) = (0, false);
            return;
        }
        self.silent = match frame.output.state.stage {
            Stage::TakeUp | Stage::Running | Stage::Paused => self.silent.saturating_add(1),
            _ => 0,
        };
        self.unanswered |= self.silent >= ASK_TICKS + ANSWER_TICKS;
    }

    /// How the question to the patient stands.
    #[must_use]
    pub const fn question(&self) -> Question {
        match (self.unanswered, self.silent >= ASK_TICKS) {
            (true, _) => Question::Unanswered,
            (false, true) => Question::Due,
            (false, false) => Question::None,
        }
    }

    /// Whether nobody answered; it stays so through pause, release and stop until a sign.
    #[must_use]
    pub const fn is_unanswered(&self) -> bool {
        self.unanswered
    }

    /// The score that was in force last, if one was.
    pub(super) const fn score(&self) -> Option<u8> {
        self.comfort
    }

    /// What follows without anybody's command in this stage: the pause, as long as nobody
    /// answered and it still pulls; before that what a simulated patient would answer.
    pub(super) fn follows(&self, stage: Option<Stage>, answer: Option<u8>) -> Option<Command> {
        let pulls = matches!(stage, Some(Stage::TakeUp | Stage::Running));
        let stands = self.silent.saturating_sub(ASK_TICKS);
        if self.unanswered {
            pulls.then_some(Command::Pause)
        } else {
            answer
                .filter(|_| stands >= SIMULATED_TICKS)
                .map(Command::Comfort)
        }
    }

    fn is_sign(&mut self, frame: &Frame) -> bool {
        let input = &frame.input;
        let told = matches!(
            input.command,
            Some(Command::Comfort(_) | Command::Symptom(_))
        );
        // A control that falls silent and comes back with the score of before says nothing.
        let moved = input.comfort.is_some() && input.comfort != self.comfort;
        self.comfort = input.comfort.or(self.comfort);
        let let_go = self.pressed && input.switch == Switch::RELEASED;
        self.pressed = match input.switch {
            Switch::PRESSED => true,
            Switch::RELEASED => false,
            _ => self.pressed,
        };
        told || moved || let_go
    }
}

/// A question that nobody answered in time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Unanswered {
    /// The tick in which its time was over.
    pub tick: u32,
    /// The tick of the next sign, if there was one.
    pub answered: Option<u32>,
}

/// Every unanswered question of a recording.
#[must_use]
pub fn unanswered(frames: &[Frame]) -> Vec<Unanswered> {
    let mut asking = Asking::default();
    let mut found: Vec<Unanswered> = Vec::new();
    for frame in frames {
        let before = asking.is_unanswered();
        asking.see(frame);
        let tick = frame.output.tick.count();
        match (before, asking.is_unanswered()) {
            (false, true) => found.push(Unanswered {
                tick,
                answered: None,
            }),
            (true, false) => {
                if let Some(last) = found.last_mut() {
                    last.answered = Some(tick);
                }
            }
            _ => {}
        }
    }
    found
}
