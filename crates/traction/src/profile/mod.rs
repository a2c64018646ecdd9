//! The prescribed course of force over a session: a pure function of time.
//!
//! Static: ramp up, hold, ramp down. Intermittent: pulls separated by rests at
//! the base force. Cyclic: the force swings between its maximum and a base that
//! never lets the harness go slack; the rest there may be nought. The last pull
//! of each goes down to nothing. Whole ticks throughout, so that the total is
//! known before the start and the loop never drifts from it.
//!
//! Symbols: F force, B base, r ramp (up), q release (down), h hold, e rest, n cycles.
//! Total = F/r + n·h + (n−1)·((F−B)/q + e + (F−B)/r) + F/q, each part rounded up to a tick.
//! The mode names are those of the JSON contract (DESIGN, "Doors for machines").

mod check;
mod error;

use crate::codec::{Codec, Layout, Reader, Writer, closed};
use crate::{PER_SECOND, Ticks};
use check::check;
use si::{Newtons, NewtonsPerSecond, Seconds};

pub use error::{Part, ProfileError};

/// Shortest hold that is told apart from a jerk (ours).
pub const SHORTEST_HOLD: Seconds = Seconds::of(5.0);
/// Shortest rest of an intermittent profile (ours).
pub const SHORTEST_REST: Seconds = Seconds::of(5.0);
/// Longest profile (ours; devices run up to 99 min static, DESIGN never needs it).
pub const LONGEST: Ticks = Ticks::from_secs(3600);
/// Least force worth prescribing (ours): less is within a harness's slack.
pub const LEAST_FORCE: Newtons = Newtons::of(10.0);
/// Least base of a cyclic profile (ours): keeps cord and harness taut.
pub const LEAST_CYCLIC_BASE: Newtons = Newtons::of(10.0);
/// Slowest ramp (ours).
pub const SLOWEST_RAMP: NewtonsPerSecond = NewtonsPerSecond::of(0.1);
/// Most cycles of one session (ours).
pub const MOST_CYCLES: u16 = 200;

closed! {
    /// How the force is applied.
    pub enum Mode {
        /// One pull.
        Static = 1 "static",
        /// Pulls with rests at the base force.
        Intermittent = 2 "intermittent",
        /// A swing between force and base.
        Cyclic = 3 "cyclic",
        /// Each pull stronger than the one before; not built.
        Progressive = 4 "progressive",
        /// Each pull weaker than the one before; not built.
        Regressive = 5 "regressive",
        /// Pulls that approach the force ever more slowly; not built.
        Logarithmic = 6 "logarithmic",
        /// A small swing about the held force; not built.
        Oscillating = 7 "oscillating",
    }
}

closed! {
    /// Where in the profile a moment lies.
    pub enum Phase {
        /// The force rises.
        Ramp = 1 "ramp",
        /// The force is held.
        Hold = 2 "hold",
        /// The force falls, to base or at the end to nothing.
        Release = 3 "release",
        /// The base force is held.
        Rest = 4 "rest",
        /// The profile is over.
        Complete = 5 "complete",
    }
}

/// What a profile is made from.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct ProfileSpec {
    /// How the force is applied.
    pub mode: Mode,
    /// Force of a pull.
    pub force: Newtons,
    /// Force between pulls, and while paused.
    pub base: Newtons,
    /// Rate upwards.
    pub ramp: NewtonsPerSecond,
    /// Rate downwards: the therapy ramp, not the emergency release.
    pub release: NewtonsPerSecond,
    /// Length of a pull at full force.
    pub hold: Seconds,
    /// Length of a rest at base force; nought for static.
    pub rest: Seconds,
    /// Number of pulls; nought or one for static.
    pub cycles: u16,
    /// What only some modes use.
    pub shape: Shape,
}

/// The numbers that only some modes use; nought where the mode does not.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Shape {
    /// Weakest pull of a progressive or regressive profile.
    pub least: Newtons,
    /// Length of the second, slow half of a logarithmic rise.
    pub rise: Seconds,
    /// Depth of an oscillation, from peak to trough: always below the force.
    pub swing: Newtons,
    /// Length of one oscillation.
    pub period: Seconds,
}

impl Shape {
    /// Nothing of it is used.
    pub const NONE: Self = Self {
        least: Newtons::ZERO,
        rise: Seconds::ZERO,
        swing: Newtons::ZERO,
        period: Seconds::ZERO,
    };
}

/// What the profile asks for at one moment.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct SetPoint {
    /// Force asked for.
    pub force: Newtons,
    /// Its rate of change.
    pub rate: NewtonsPerSecond,
    /// Phase of the profile.
    pub phase: Phase,
    /// Pull, counted from 1.
    pub cycle: u16,
}

/// A checked profile.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Profile {
    spec: ProfileSpec,
    plan: Plan,
}

/// Lengths of the parts, in ticks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Plan {
    first: u32,
    hold: u32,
    down: u32,
    rest: u32,
    up: u32,
    last: u32,
    cycles: u32,
}

impl Plan {
    fn period(&self) -> u32 {
        self.hold
            .saturating_add(self.down)
            .saturating_add(self.rest)
            .saturating_add(self.up)
    }

    fn total(&self) -> u32 {
        self.period()
            .saturating_mul(self.cycles.saturating_sub(1))
            .saturating_add(self.first)
            .saturating_add(self.hold)
            .saturating_add(self.last)
    }
}

fn ticks(part: Part, span: Seconds) -> Result<u32, ProfileError> {
    Ticks::from_seconds(span)
        .map(Ticks::count)
        .ok_or(ProfileError::NotFinite(part))
}

impl Profile {
    /// Checks every number against what any table and region may do; the
    /// limits of a session and its region are checked by the grant.
    pub fn new(spec: ProfileSpec) -> Result<Self, ProfileError> {
        let spec = ProfileSpec {
            cycles: match spec.mode {
                Mode::Static => spec.cycles.max(1),
                _ => spec.cycles,
            },
            ..spec
        };
        check(&spec)?;
        let plan = plan(&spec)?;
        let total = Ticks::new(plan.total());
        if total > LONGEST {
            return Err(ProfileError::Above {
                part: Part::Total,
                value: total.seconds().get(),
                most: LONGEST.seconds().get(),
            });
        }
        Ok(Self { spec, plan })
    }

    /// What it was made from; a static profile has one cycle.
    #[must_use]
    pub const fn spec(&self) -> &ProfileSpec {
        &self.spec
    }

    /// Its length, known before the start.
    #[must_use]
    pub fn total(&self) -> Ticks {
        Ticks::new(self.plan.total())
    }

    /// What it asks for at `time` after its start.
    #[must_use]
    pub fn at(&self, time: Ticks) -> SetPoint {
        let (spec, plan) = (&self.spec, &self.plan);
        let Some(after_first) = time.count().checked_sub(plan.first) else {
            return self.rising(Newtons::ZERO, time.count(), 1);
        };
        let period = plan.period();
        let turn = after_first.checked_div(period).unwrap_or(0);
        let turn = turn.min(plan.cycles.saturating_sub(1));
        let since = after_first.saturating_sub(turn.saturating_mul(period));
        let cycle = u16::try_from(turn.saturating_add(1)).unwrap_or(u16::MAX);
        let is_last = turn.saturating_add(1) >= plan.cycles;

        let Some(since_hold) = since.checked_sub(plan.hold) else {
            return still(spec.force, Phase::Hold, cycle);
        };
        if is_last {
            return match since_hold < plan.last {
                true => self.falling(Newtons::ZERO, since_hold, cycle),
                false => still(Newtons::ZERO, Phase::Complete, cycle),
            };
        }
        let Some(since_down) = since_hold.checked_sub(plan.down) else {
            return self.falling(spec.base, since_hold, cycle);
        };
        let Some(since_rest) = since_down.checked_sub(plan.rest) else {
            return still(spec.base, Phase::Rest, cycle);
        };
        self.rising(spec.base, since_rest, cycle.saturating_add(1))
    }

    fn rising(&self, from: Newtons, ticks: u32, cycle: u16) -> SetPoint {
        let gained = self.spec.ramp * Ticks::new(ticks).seconds();
        SetPoint {
            force: (from + gained).min(self.spec.force),
            rate: self.spec.ramp,
            phase: Phase::Ramp,
            cycle,
        }
    }

    fn falling(&self, to: Newtons, ticks: u32, cycle: u16) -> SetPoint {
        let lost = self.spec.release * Ticks::new(ticks).seconds();
        SetPoint {
            force: (self.spec.force - lost).max(to),
            rate: -self.spec.release,
            phase: Phase::Release,
            cycle,
        }
    }
}

fn still(force: Newtons, phase: Phase, cycle: u16) -> SetPoint {
    SetPoint {
        force,
        rate: NewtonsPerSecond::ZERO,
        phase,
        cycle,
    }
}

fn plan(spec: &ProfileSpec) -> Result<Plan, ProfileError> {
    let swing = spec.force - spec.base;
    Ok(Plan {
        first: ticks(Part::Ramp, spec.force / spec.ramp)?,
        hold: ticks(Part::Hold, spec.hold)?,
        down: ticks(Part::Release, swing / spec.release)?,
        rest: ticks(Part::Rest, spec.rest)?,
        up: ticks(Part::Ramp, swing / spec.ramp)?,
        last: ticks(Part::Release, spec.force / spec.release)?,
        cycles: u32::from(spec.cycles),
    })
}

const _: () = assert!(PER_SECOND > 0 && MOST_CYCLES > 0);

impl Profile {
    /// Bytes it takes in a layout.
    pub(crate) const fn bytes(layout: Layout) -> usize {
        let shape = match layout {
            Layout::One => 0,
            Layout::Two => Shape::SIZE,
        };
        1 + 2 + 6 * 8 + shape
    }

    pub(crate) fn put(&self, out: &mut Writer<'_>, layout: Layout) {
        let s = &self.spec;
        out.item(&s.mode);
        out.u16(s.cycles);
        out.item(&s.force);
        out.item(&s.base);
        out.item(&s.ramp);
        out.item(&s.release);
        out.item(&s.hold);
        out.item(&s.rest);
        if layout == Layout::Two {
            out.item(&s.shape);
        }
    }

    pub(crate) fn take(from: &mut Reader<'_>, layout: Layout) -> Option<Self> {
        let mode = from.item()?;
        let cycles = from.u16()?;
        Self::new(ProfileSpec {
            mode,
            cycles,
            force: from.item()?,
            base: from.item()?,
            ramp: from.item()?,
            release: from.item()?,
            hold: from.item()?,
            rest: from.item()?,
            shape: match layout {
                Layout::One => Shape::NONE,
                Layout::Two => from.item()?,
            },
        })
        .ok()
    }
}

impl Codec for Shape {
    const SIZE: usize = 4 * 8;
    fn put(&self, out: &mut Writer<'_>) {
        out.item(&self.least);
        out.item(&self.rise);
        out.item(&self.swing);
        out.item(&self.period);
    }
    fn take(from: &mut Reader<'_>) -> Option<Self> {
        Some(Self {
            least: from.item()?,
            rise: from.item()?,
            swing: from.item()?,
            period: from.item()?,
        })
    }
}
