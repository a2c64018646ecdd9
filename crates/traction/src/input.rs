//! Everything that reaches the loop in one tick; any of it may be missing,
//! stuck, late, noisy or lying.
//!
//! The table fills one [`Input`] a tick. It passes at most one command a tick,
//! STOP before any other that waits, and only those that its lease and token
//! rules allow; [`Command::raises_force`] says which those are.

use crate::codec::{Codec, Layout, Reader, Writer, closed};
use crate::profile::Mode;
use crate::{TICK_MS, Ticks};
use si::Newtons;

/// One measurement with its age when the tick began.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Sample {
    /// The value in its SI unit; not finite means a broken sensor.
    pub value: f64,
    /// Age, ms.
    pub age_ms: u16,
}

impl Sample {
    /// A measurement made for this tick.
    #[must_use]
    pub const fn fresh(value: f64) -> Self {
        Self { value, age_ms: 0 }
    }
}

closed! {
    /// One normally-closed pole of the patient's switch.
    pub enum Pole {
        /// Current flows: not pressed.
        Closed = 1 "closed",
        /// No current: pressed, or a broken wire.
        Open = 2 "open",
        /// Nothing was read.
        Missing = 3 "missing",
    }
}

/// The patient's switch: two normally-closed poles.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Switch {
    /// First pole.
    pub a: Pole,
    /// Second pole.
    pub b: Pole,
}

impl Switch {
    /// Both poles closed: nobody presses and nothing is broken.
    pub const RELEASED: Self = Self {
        a: Pole::Closed,
        b: Pole::Closed,
    };
    /// Both poles open.
    pub const PRESSED: Self = Self {
        a: Pole::Open,
        b: Pole::Open,
    };
    /// Nothing connected.
    pub const MISSING: Self = Self {
        a: Pole::Missing,
        b: Pole::Missing,
    };
}

closed! {
    /// A sign that stops the session and closes the day (CLINICAL §5).
    pub enum Symptom {
        /// Pain that was not there before.
        NewPain = 1 "new-pain",
        /// Sharp pain.
        SharpPain = 2 "sharp-pain",
        /// Pain that radiates.
        RadiatingPain = 3 "radiating-pain",
        /// Numbness.
        Numbness = 4 "numbness",
        /// Weakness.
        Weakness = 5 "weakness",
        /// A crack felt or heard.
        Crack = 6 "crack",
        /// Sudden complete loss of leg pain.
        LegPainLost = 7 "leg-pain-lost",
        /// A visual sign.
        Visual = 8 "visual-sign",
        /// A speech sign.
        Speech = 9 "speech-sign",
        /// A balance sign.
        Balance = 10 "balance-sign",
        /// Pain that moves further from the spine.
        Peripheralisation = 11 "peripheralisation",
        /// Faintness.
        Faintness = 12 "faintness",
        /// Another sign that the staff take for a reason to stop.
        Other = 13 "other",
    }
}

closed! {
    /// The two deliberate acts of a resume, at most 30 s apart.
    pub enum ResumeAct {
        /// First: the practitioner asks for it.
        Prepare = 1 "prepare",
        /// Second: the practitioner confirms it.
        Confirm = 2 "confirm",
    }
}

closed! {
    /// What a stop turned out to be; the first two may resume, once.
    pub enum StopKind {
        /// Discomfort without a stop symptom.
        Comfort = 1 "comfort",
        /// A technical reason: a fault, a lost link.
        Technical = 2 "technical",
        /// Nobody has said why: closes the session for the day.
        Unexplained = 3 "unexplained",
        /// A stop symptom: closes the session for the day.
        Symptom = 4 "symptom",
    }
}

/// An act of the staff, from the console or the bedside panel.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Command {
    /// Begin the session.
    Start,
    /// Go to base force and wait there, at most two minutes.
    Pause,
    /// Go on after a pause.
    Continue,
    /// Lower the session's ceiling to 75 % of the present force.
    Lower,
    /// No increase from here on.
    NoIncrease,
    /// Allow increases again after a no-increase (practitioner).
    AllowIncrease,
    /// End by the therapy ramp; the session is then complete.
    End,
    /// Unload and latch.
    Stop,
    /// The patient's discomfort, 0–10.
    Comfort(u8),
    /// A stop symptom.
    Symptom(Symptom),
    /// An act of a resume (practitioner).
    Resume {
        /// Which of the two.
        act: ResumeAct,
    },
    /// What the stop turned out to be (practitioner); a symptom stays a symptom.
    Explain(StopKind),
    /// Go on in another mode or with another force, within the signed limits (practitioner).
    Change {
        /// How the force is applied from now on.
        mode: Mode,
        /// Force of a pull from now on.
        force: Newtons,
    },
}

impl Command {
    /// Whether it can lead to more force: the table asks for the lease and a token.
    #[must_use]
    pub const fn raises_force(self) -> bool {
        matches!(
            self,
            Self::Start
                | Self::Continue
                | Self::AllowIncrease
                | Self::Resume { .. }
                | Self::Explain(_)
                | Self::Change { .. }
        )
    }
}

/// What the loop is told in one tick.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Input {
    /// First load cell, tension in N.
    pub force_a: Option<Sample>,
    /// Second load cell, tension in N.
    pub force_b: Option<Sample>,
    /// Position of the carriage, m, growing as it pulls.
    pub travel: Option<Sample>,
    /// Tension that the drive infers from its motor current, N (the table knows the constant).
    pub motor_force: Option<Sample>,
    /// The patient's switch.
    pub switch: Switch,
    /// Discomfort on the patient's own control, 0–10, while it changes or always.
    pub comfort: Option<u8>,
    /// An act of the staff.
    pub command: Option<Command>,
    /// Age of the last heartbeat of the controlling console, ms; nothing if there was none.
    pub heartbeat_age_ms: Option<u32>,
    /// By how much this tick began late, ms.
    pub late_ms: u16,
    /// Whether the drive reports a fault.
    pub drive_fault: bool,
}

impl Input {
    /// The time since the tick before: one tick, and what this one begins late by.
    #[must_use]
    pub fn passed(&self) -> Ticks {
        Ticks::from_ms(TICK_MS.saturating_add(u32::from(self.late_ms)))
    }

    /// A tick in which nothing is connected: what a loop assumes before it has read anything.
    pub const NOTHING: Self = Self {
        force_a: None,
        force_b: None,
        travel: None,
        motor_force: None,
        switch: Switch::MISSING,
        comfort: None,
        command: None,
        heartbeat_age_ms: None,
        late_ms: 0,
        drive_fault: false,
    };
}

impl Codec for Sample {
    const SIZE: usize = 10;
    fn put(&self, out: &mut Writer<'_>) {
        out.f64(self.value);
        out.u16(self.age_ms);
    }
    fn take(from: &mut Reader<'_>) -> Option<Self> {
        Some(Self {
            value: from.f64()?,
            age_ms: from.u16()?,
        })
    }
}

impl Codec for Switch {
    const SIZE: usize = 2;
    fn put(&self, out: &mut Writer<'_>) {
        out.item(&self.a);
        out.item(&self.b);
    }
    fn take(from: &mut Reader<'_>) -> Option<Self> {
        Some(Self {
            a: from.item()?,
            b: from.item()?,
        })
    }
}

impl Command {
    /// Its byte, its detail and its force: nought where it has none.
    const fn parts(self) -> ([u8; 2], Newtons) {
        let head = match self {
            Self::Start => [1, 0],
            Self::Pause => [2, 0],
            Self::Continue => [3, 0],
            Self::Lower => [4, 0],
            Self::NoIncrease => [5, 0],
            Self::AllowIncrease => [6, 0],
            Self::End => [7, 0],
            Self::Stop => [8, 0],
            Self::Comfort(score) => [9, score],
            Self::Symptom(symptom) => [10, symptom.code()],
            Self::Resume { act } => [11, act.code()],
            Self::Explain(kind) => [12, kind.code()],
            Self::Change { mode, force } => return ([13, mode.code()], force),
        };
        (head, Newtons::ZERO)
    }

    /// The command with these parts; a force where none belongs is none.
    fn of(head: [u8; 2], force: Newtons) -> Option<Self> {
        let command = match head {
            [1, 0] => Self::Start,
            [2, 0] => Self::Pause,
            [3, 0] => Self::Continue,
            [4, 0] => Self::Lower,
            [5, 0] => Self::NoIncrease,
            [6, 0] => Self::AllowIncrease,
            [7, 0] => Self::End,
            [8, 0] => Self::Stop,
            [9, score] => Self::Comfort(score),
            [10, code] => Self::Symptom(Symptom::from_code(code)?),
            [11, code] => Self::Resume {
                act: ResumeAct::from_code(code)?,
            },
            [12, code] => Self::Explain(StopKind::from_code(code)?),
            [13, code] => {
                let mode = Mode::from_code(code)?;
                return Some(Self::Change { mode, force });
            }
            _ => return None,
        };
        (force.get().to_bits() == 0).then_some(command)
    }
}

impl Codec for Command {
    const SIZE: usize = 2 + Newtons::SIZE;
    fn put(&self, out: &mut Writer<'_>) {
        let (head, force) = self.parts();
        out.bytes(&head);
        out.item(&force);
    }
    fn take(from: &mut Reader<'_>) -> Option<Self> {
        Self::of(from.bytes()?, from.item()?)
    }
}

/// A command as version 1 kept it: without a force, so that there is no change.
struct First(Command);

impl Codec for First {
    const SIZE: usize = 2;
    fn put(&self, out: &mut Writer<'_>) {
        out.bytes(&self.0.parts().0);
    }
    fn take(from: &mut Reader<'_>) -> Option<Self> {
        let command = Command::of(from.bytes()?, Newtons::ZERO)?;
        (!matches!(command, Command::Change { .. })).then_some(Self(command))
    }
}

impl Codec for u8 {
    const SIZE: usize = 1;
    fn put(&self, out: &mut Writer<'_>) {
        out.u8(*self);
    }
    fn take(from: &mut Reader<'_>) -> Option<Self> {
        from.u8()
    }
}

impl Codec for u32 {
    const SIZE: usize = 4;
    fn put(&self, out: &mut Writer<'_>) {
        out.u32(*self);
    }
    fn take(from: &mut Reader<'_>) -> Option<Self> {
        from.u32()
    }
}

impl Input {
    /// Bytes it takes in a layout.
    pub(crate) const fn bytes(layout: Layout) -> usize {
        let command = match layout {
            Layout::One => <Option<First>>::SIZE,
            Layout::Two => <Option<Command>>::SIZE,
        };
        let samples = 4 * <Option<Sample>>::SIZE;
        let rest = <Option<u8>>::SIZE + <Option<u32>>::SIZE + 2 + bool::SIZE;
        samples + Switch::SIZE + command + rest
    }

    pub(crate) fn put(&self, out: &mut Writer<'_>, layout: Layout) {
        out.item(&self.force_a);
        out.item(&self.force_b);
        out.item(&self.travel);
        out.item(&self.motor_force);
        out.item(&self.switch);
        out.item(&self.comfort);
        match layout {
            Layout::One => out.item(&self.command.map(First)),
            Layout::Two => out.item(&self.command),
        }
        out.item(&self.heartbeat_age_ms);
        out.u16(self.late_ms);
        out.item(&self.drive_fault);
    }

    pub(crate) fn take(from: &mut Reader<'_>, layout: Layout) -> Option<Self> {
        Some(Self {
            force_a: from.item()?,
            force_b: from.item()?,
            travel: from.item()?,
            motor_force: from.item()?,
            switch: from.item()?,
            comfort: from.item()?,
            command: match layout {
                Layout::One => from.item::<Option<First>>()?.map(|first| first.0),
                Layout::Two => from.item()?,
            },
            heartbeat_age_ms: from.item()?,
            late_ms: from.u16()?,
            drive_fault: from.item()?,
        })
    }
}
