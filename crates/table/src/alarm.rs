//! Which alarms there are, how urgent, and when they are to be heard again.
//!
//! After IEC 60601-1-8 each alarm has a priority (table [`PRIORITIES`], with its reason).
//! An alarm is raised when its condition begins and stays until the condition has ended
//! **and** somebody has acknowledged it. While one is not acknowledged it is heard again
//! and again, at least every 30 s (devices.md §4b.13). Silence lasts at most
//! [`SILENCE_MS`]; it cannot be prolonged, only begun again after the alarm has been
//! heard, and a new alarm at least as urgent as those silenced breaks it.
//!
//! No clock in here: `now_ms` is monotonic wall milliseconds, given by the caller.
//! Ours: the intervals and the classification; it needs a clinician's sign-off.
//! Shown by `tests/alarms.rs`.

use crate::wire::{AlarmNow, AlarmPriority};
use AlarmPriority::{High, Low, Medium};
use traction::cause::Cause;

/// The longest silence, ms (devices.md §4b.13; IEC 60601-1-8 row).
pub const SILENCE_MS: u64 = 120_000;
/// An alarm younger than this is not acknowledged, ms: nobody can have seen it and answered (ours).
pub const SEEN_MS: u64 = 200;
/// From one burst of sound to the next while nobody acknowledges, ms, for low, medium and
/// high (ours; devices.md §4b.13 asks for 30 s at most).
pub const REPEAT_MS: [u64; 3] = [30_000, 25_000, 10_000];
/// Bits of [`Conditions`] from here on are the bedside's own.
const OWN: u8 = 56;

const _: () = {
    assert!(SILENCE_MS <= 120_000, "devices.md §4b.13");
    let mut index = 0;
    while index < REPEAT_MS.len() {
        assert!(REPEAT_MS[index] <= 30_000, "devices.md §4b.13");
        index += 1;
    }
    let mut index = 0;
    while index < Cause::ALL.len() {
        assert!(Cause::ALL[index].code() < OWN, "every cause has a bit");
        index += 1;
    }
};

/// What may raise an alarm.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Alarm {
    /// Something that the session answers.
    Cause(Cause),
    /// The black box cannot be written.
    Disk,
    /// The sounder at the table does not sound.
    Sounder,
    /// The controller does not answer; the guard lets go without it.
    ControllerHung,
    /// The guard does not answer; the drive's watchdog lets go.
    GuardHung,
    /// The patient was asked and nobody answered; the session is paused.
    NoAnswer,
}

impl Alarm {
    /// The bedside's own.
    const OWN: [Self; 5] = [
        Self::Disk,
        Self::Sounder,
        Self::ControllerHung,
        Self::GuardHung,
        Self::NoAnswer,
    ];

    /// Its name on the wire.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Cause(cause) => cause.as_str(),
            Self::Disk => "disk",
            Self::Sounder => "sounder",
            Self::ControllerHung => "controller-hung",
            Self::GuardHung => "guard-hung",
            Self::NoAnswer => "no-answer",
        }
    }

    /// Its priority; nothing for what the staff itself did.
    #[must_use]
    pub fn priority(self) -> Option<AlarmPriority> {
        match self {
            Self::Disk | Self::Sounder => Some(Medium),
            // Who does not answer may have fainted (H12).
            Self::ControllerHung | Self::GuardHung | Self::NoAnswer => Some(High),
            Self::Cause(cause) => {
                let row = PRIORITIES.iter().find(|row| row.0 == cause);
                // A cause that nobody classified is taken for the gravest.
                row.map_or(Some(High), |row| row.1)
            }
        }
    }

    const fn bit(self) -> u8 {
        match self {
            Self::Cause(cause) => cause.code(),
            Self::Disk => OWN,
            Self::Sounder => OWN + 1,
            Self::ControllerHung => OWN + 2,
            Self::GuardHung => OWN + 3,
            Self::NoAnswer => OWN + 4,
        }
    }

    fn of_bit(bit: u8) -> Option<Self> {
        match bit.checked_sub(OWN) {
            None => Cause::from_code(bit).map(Self::Cause),
            Some(own) => Self::OWN.get(usize::from(own)).copied(),
        }
    }
}

/// How urgent each cause is, and why; nothing for what the staff itself did and sees.
pub const PRIORITIES: [(Cause, Option<AlarmPriority>, &str); 39] = [
    (Cause::PatientSwitch, Some(High), "the patient wants out"),
    (
        Cause::ConsoleStop,
        Some(Medium),
        "others at the table are to know of a STOP",
    ),
    (
        Cause::SymptomReported,
        Some(High),
        "the patient may be harmed",
    ),
    (Cause::ComfortStop, Some(High), "the patient is in pain"),
    (
        Cause::ComfortRise,
        Some(Medium),
        "it hurts more than before",
    ),
    (Cause::StaffNoIncrease, None, "the staff's own act"),
    (
        Cause::Departed,
        Some(Low),
        "waits for a practitioner, at less force",
    ),
    (Cause::Paused, None, "the staff's own act"),
    (Cause::Ended, None, "the staff's own act"),
    (
        Cause::PauseTooLong,
        Some(Medium),
        "nobody came back to the patient",
    ),
    (
        Cause::TotalTime,
        Some(Low),
        "the session is over its time and ends by itself",
    ),
    (Cause::LoweredCeiling, None, "the staff's own act"),
    (
        Cause::LinkLate,
        Some(Medium),
        "nobody may be watching (devices.md §4b.7)",
    ),
    (Cause::LinkLost, Some(High), "nobody is watching"),
    (Cause::SampleStale, Some(Medium), "protection is reduced"),
    (Cause::SampleLost, Some(High), "the loop is blind"),
    (Cause::SampleInvalid, Some(Medium), "protection is reduced"),
    (Cause::OutOfRange, Some(High), "the loop is blind"),
    (Cause::CellsDisagree, Some(High), "the force is not known"),
    (Cause::MotorDisagrees, Some(High), "the force is not known"),
    (Cause::CellFrozen, Some(High), "the force is not known"),
    (Cause::ForceRate, Some(High), "the patient may be harmed"),
    (
        Cause::ForceLost,
        Some(High),
        "a cord or harness broke; the patient may fall back",
    ),
    (Cause::OverForce, Some(High), "the patient may be harmed"),
    (
        Cause::OverTravel,
        Some(High),
        "the harness slips or the body gives way",
    ),
    (
        Cause::Guarding,
        Some(Medium),
        "the patient works against it",
    ),
    (
        Cause::GuardingTwice,
        Some(Medium),
        "the patient works against it",
    ),
    (Cause::GuardingThrice, Some(High), "the patient wants out"),
    (
        Cause::LoopSlow,
        Some(Low),
        "one tick was late and nothing followed",
    ),
    (
        Cause::LoopLate,
        Some(High),
        "protection was gone for a while",
    ),
    (
        Cause::SwitchDoubt,
        Some(Medium),
        "the patient's switch may not work",
    ),
    (Cause::DriveFault, Some(High), "the drive may not let go"),
    (Cause::DriveIgnores, Some(High), "the drive does not let go"),
    (
        Cause::ReleaseOver,
        Some(High),
        "force is left when a release should be over",
    ),
    (Cause::Invariant, Some(High), "the loop cannot trust itself"),
    (
        Cause::NoContact,
        Some(Medium),
        "the harness is not on the patient",
    ),
    (
        Cause::DriveAstray,
        Some(High),
        "the drive does not do what it is told",
    ),
    (
        Cause::MotorAbove,
        Some(Medium),
        "the force may be higher than it is shown",
    ),
    (Cause::ForceRemains, Some(High), "the patient is not free"),
];

/// Conditions that are there at one instant.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Conditions(u64);

impl Conditions {
    /// None.
    pub const NONE: Self = Self(0);

    /// As kept in an atomic.
    #[must_use]
    pub const fn from_bits(bits: u64) -> Self {
        Self(bits)
    }

    /// For an atomic.
    #[must_use]
    pub const fn bits(self) -> u64 {
        self.0
    }

    /// The same with `alarm`.
    #[must_use]
    pub const fn with(self, alarm: Alarm) -> Self {
        Self(self.0 | (1 << alarm.bit()))
    }

    /// The same with `alarm` if `there` is true.
    #[must_use]
    pub const fn with_if(self, alarm: Alarm, there: bool) -> Self {
        if there { self.with(alarm) } else { self }
    }

    /// What is in either.
    #[must_use]
    pub const fn and(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }

    const fn has(self, bit: u8) -> bool {
        self.0 & (1 << bit) != 0
    }
}

/// One alarm since it was raised.
#[derive(Clone, Copy, Debug)]
struct Raised {
    alarm: Alarm,
    priority: AlarmPriority,
    at_ms: u64,
    acknowledged: bool,
    present: bool,
}

#[derive(Clone, Copy, Debug)]
struct Silence {
    until_ms: u64,
    /// The most urgent of what was silenced.
    over: AlarmPriority,
}

/// The alarms of one table.
#[derive(Debug)]
pub struct Engine {
    raised: [Option<Raised>; 64],
    silence: Option<Silence>,
    /// When the last burst was due.
    last_ms: Option<u64>,
    /// A burst that nobody has taken yet.
    due: Option<AlarmPriority>,
    /// Whether anything was heard since the last silence.
    heard: bool,
}

impl Default for Engine {
    fn default() -> Self {
        Self {
            raised: [None; 64],
            silence: None,
            last_ms: None,
            due: None,
            heard: false,
        }
    }
}

impl Engine {
    /// Takes in what is the matter now.
    pub fn step(&mut self, now_ms: u64, conditions: Conditions) {
        let newest = self.raise(now_ms, conditions);
        let Some(urgency) = self.urgency() else {
            (self.silence, self.last_ms, self.due) = (None, None, None);
            return;
        };
        let broken = self.silence.is_some_and(|silence| {
            now_ms >= silence.until_ms || newest.is_some_and(|newest| newest >= silence.over)
        });
        if broken {
            (self.silence, self.last_ms) = (None, None);
        }
        if self.silence.is_some() {
            return;
        }
        if newest.is_some_and(|newest| newest >= urgency) {
            self.last_ms = None;
        }
        let repeat = REPEAT_MS[urgency as usize];
        if self
            .last_ms
            .is_none_or(|last| now_ms.saturating_sub(last) >= repeat)
        {
            self.last_ms = Some(now_ms);
            self.due = Some(urgency);
        }
    }

    /// Raises what is new, drops what is over and acknowledged; the most urgent of the new.
    fn raise(&mut self, now_ms: u64, conditions: Conditions) -> Option<AlarmPriority> {
        let mut newest = None;
        for (bit, slot) in (0_u8..).zip(&mut self.raised) {
            let present = conditions.has(bit);
            if let Some(raised) = slot {
                raised.present = present;
                if raised.acknowledged && !present {
                    *slot = None;
                }
            } else if present
                && let Some(alarm) = Alarm::of_bit(bit)
                && let Some(priority) = alarm.priority()
            {
                *slot = Some(Raised {
                    alarm,
                    priority,
                    at_ms: now_ms,
                    acknowledged: false,
                    present,
                });
                newest = newest.max(Some(priority));
            }
        }
        newest
    }

    /// The burst of sound that is due, once.
    pub fn take_burst(&mut self) -> Option<AlarmPriority> {
        let due = self.due.take();
        self.heard |= due.is_some();
        due
    }

    /// Somebody has seen what is shown: it is not heard any more, and goes with its condition.
    pub fn acknowledge(&mut self, now_ms: u64) {
        self.acknowledge_if(|raised| now_ms.saturating_sub(raised.at_ms) >= SEEN_MS);
    }

    /// Somebody told how the patient is: whoever does has seen that nobody answered.
    pub fn answered(&mut self) {
        self.acknowledge_if(|raised| raised.alarm == Alarm::NoAnswer);
    }

    fn acknowledge_if(&mut self, seen: impl Fn(&Raised) -> bool) {
        for slot in &mut self.raised {
            if let Some(raised) = slot.as_mut().filter(|raised| seen(raised)) {
                raised.acknowledged = true;
                if !raised.present {
                    *slot = None;
                }
            }
        }
        if self.urgency().is_none() {
            (self.silence, self.last_ms, self.due) = (None, None, None);
        }
    }

    /// Silences what has been heard, for [`SILENCE_MS`]. Nothing happens where nothing is to
    /// be heard, during a silence, and before the alarm has been heard again after one.
    pub fn silence(&mut self, now_ms: u64) {
        if let Some(over) = self
            .urgency()
            .filter(|_| self.heard && self.silence.is_none())
        {
            let until_ms = now_ms.saturating_add(SILENCE_MS);
            self.silence = Some(Silence { until_ms, over });
            (self.due, self.heard) = (None, false);
        }
    }

    /// Milliseconds of silence left.
    #[must_use]
    pub fn silenced_ms(&self, now_ms: u64) -> u64 {
        self.silence
            .map_or(0, |silence| silence.until_ms.saturating_sub(now_ms))
    }

    /// A new session begins: what the last one raised is over.
    pub fn forget_session(&mut self) {
        for slot in &mut self.raised {
            let of_session = |alarm| matches!(alarm, Alarm::Cause(_) | Alarm::NoAnswer);
            if slot.is_some_and(|raised| of_session(raised.alarm)) {
                *slot = None;
            }
        }
    }

    /// Whether any alarm waits for its acknowledgement.
    #[must_use]
    pub fn is_waiting(&self) -> bool {
        self.urgency().is_some()
    }

    /// The alarms, the most urgent first, among equals the youngest.
    #[must_use]
    pub fn shown(&self, now_ms: u64) -> Vec<AlarmNow> {
        let mut all: Vec<Raised> = self.raised.iter().flatten().copied().collect();
        all.sort_by_key(|raised| {
            let age = now_ms.saturating_sub(raised.at_ms);
            (std::cmp::Reverse(raised.priority), age)
        });
        let shown = |raised: &Raised| AlarmNow {
            cause: raised.alarm.name().to_owned(),
            priority: raised.priority,
            age_s: seconds(now_ms.saturating_sub(raised.at_ms)),
            acknowledged: raised.acknowledged,
        };
        all.iter().map(shown).collect()
    }

    /// The most urgent that nobody has acknowledged.
    fn urgency(&self) -> Option<AlarmPriority> {
        let waiting = self.raised.iter().flatten();
        waiting
            .filter(|raised| !raised.acknowledged)
            .map(|raised| raised.priority)
            .max()
    }
}

/// Seconds of milliseconds; ages are far below 2⁵³ ms.
pub(crate) fn seconds(ms: u64) -> f64 {
    std::time::Duration::from_millis(ms).as_secs_f64()
}
