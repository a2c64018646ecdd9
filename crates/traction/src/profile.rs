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

use crate::codec::{Codec, Reader, Writer, closed};
use crate::limits::{self, MAX_RATE};
use crate::{PER_SECOND, Ticks};
use core::fmt;
use si::{Newtons, NewtonsPerSecond, Region, Seconds};

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

closed! {
    /// A number of a profile, for errors.
    pub enum Part {
        /// The force of a pull.
        Force = 1 "force_n",
        /// The force between pulls.
        Base = 2 "base_n",
        /// The rate upwards.
        Ramp = 3 "ramp_n_per_s",
        /// The rate downwards.
        Release = 4 "release_n_per_s",
        /// The length of a pull.
        Hold = 5 "hold_s",
        /// The length of a rest.
        Rest = 6 "rest_s",
        /// The number of pulls.
        Cycles = 7 "cycles",
        /// The length of the whole.
        Total = 8 "total_s",
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
}

/// Why a profile was refused.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum ProfileError {
    /// The mode is in the contract but not in this version.
    ModeNotBuilt(Mode),
    /// A number is not a finite one.
    NotFinite(Part),
    /// A number is below the least that is allowed.
    Below {
        /// Which number.
        part: Part,
        /// What it was.
        value: f64,
        /// The least it may be.
        least: f64,
    },
    /// A number is above the most that is allowed.
    Above {
        /// Which number.
        part: Part,
        /// What it was.
        value: f64,
        /// The most it may be.
        most: f64,
    },
    /// The base force is not below the force.
    BaseNotBelowForce {
        /// The base force, N.
        base: f64,
        /// The force, N.
        force: f64,
    },
}

impl fmt::Display for ProfileError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::ModeNotBuilt(mode) => write!(
                f,
                "mode: {mode} is not built yet; use static, intermittent or cyclic"
            ),
            Self::NotFinite(part) => write!(f, "{part}: not a finite number"),
            Self::Below { part, value, least } => {
                write!(f, "{part}: {value} is below the least allowed, {least}")
            }
            Self::Above { part, value, most } => {
                write!(f, "{part}: {value} is above the most allowed, {most}")
            }
            Self::BaseNotBelowForce { base, force } => {
                write!(f, "base_n: {base} is not below force_n {force}")
            }
        }
    }
}

impl core::error::Error for ProfileError {}

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

fn within(part: Part, value: f64, least: f64, most: f64) -> Result<(), ProfileError> {
    if !value.is_finite() {
        Err(ProfileError::NotFinite(part))
    } else if value < least {
        Err(ProfileError::Below { part, value, least })
    } else if value > most {
        Err(ProfileError::Above { part, value, most })
    } else {
        Ok(())
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

fn check(spec: &ProfileSpec) -> Result<(), ProfileError> {
    let longest = LONGEST.seconds().get();
    let highest = limits::ceiling(Region::Lumbar).get();
    let (least_base, least_rest, most_rest) = match spec.mode {
        Mode::Static => (0.0, 0.0, 0.0),
        Mode::Intermittent => (0.0, SHORTEST_REST.get(), longest),
        Mode::Cyclic => (LEAST_CYCLIC_BASE.get(), 0.0, longest),
        other => return Err(ProfileError::ModeNotBuilt(other)),
    };
    let most_cycles = match spec.mode {
        Mode::Static => 1,
        _ => MOST_CYCLES,
    };
    let (slowest, fastest) = (SLOWEST_RAMP.get(), MAX_RATE.get());
    within(Part::Force, spec.force.get(), LEAST_FORCE.get(), highest)?;
    within(Part::Base, spec.base.get(), least_base, highest)?;
    within(Part::Ramp, spec.ramp.get(), slowest, fastest)?;
    within(Part::Release, spec.release.get(), slowest, fastest)?;
    within(Part::Hold, spec.hold.get(), SHORTEST_HOLD.get(), longest)?;
    within(Part::Rest, spec.rest.get(), least_rest, most_rest)?;
    let cycles = f64::from(spec.cycles);
    within(Part::Cycles, cycles, 1.0, f64::from(most_cycles))?;
    if spec.base >= spec.force {
        return Err(ProfileError::BaseNotBelowForce {
            base: spec.base.get(),
            force: spec.force.get(),
        });
    }
    Ok(())
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

impl Codec for Profile {
    const SIZE: usize = 1 + 2 + 6 * 8;
    fn put(&self, out: &mut Writer<'_>) {
        let s = &self.spec;
        out.item(&s.mode);
        out.u16(s.cycles);
        out.item(&s.force);
        out.item(&s.base);
        out.item(&s.ramp);
        out.item(&s.release);
        out.item(&s.hold);
        out.item(&s.rest);
    }
    fn take(from: &mut Reader<'_>) -> Option<Self> {
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
        })
        .ok()
    }
}
