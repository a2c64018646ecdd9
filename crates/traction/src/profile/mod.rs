//! The prescribed course of force over a session: a pure function of time.
//!
//! Static: ramp up, hold, ramp down. Intermittent: pulls separated by rests at
//! the base force. Cyclic: the force swings between its maximum and a base that
//! never lets the harness go slack; the rest there may be nought. Progressive and
//! regressive: the pulls step from the least to the force, or back. Logarithmic:
//! each pull comes on fast to half its range, then ever more slowly (devices §1,
//! VAX-D). Oscillating: the hold swings below its force. The last pull of each goes
//! down to nothing. Whole ticks throughout, so that the total is known before the
//! start and the loop never drifts from it.
//!
//! Symbols: F force, B base, r ramp (up), q release (down), h hold, e rest, n cycles.
//! Total = F/r + n·h + (n−1)·((F−B)/q + e + (F−B)/r) + F/q, each part rounded up to a tick;
//! a logarithmic rise takes half of F/r or (F−B)/r, and then its slow half.
//! The curves themselves stand in `curve`, the places of the parts in `course`.
//! The mode names are those of the JSON contract (DESIGN, "Doors for machines").

mod change;
mod check;
mod course;
mod curve;
mod error;

use crate::codec::{Codec, Layout, Reader, Writer, closed};
use crate::{PER_SECOND, Ticks};
use check::check;
use course::{Place, Plan};
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
/// Shortest period of an oscillation (ours): a table follows it without lag.
pub const SHORTEST_PERIOD: Seconds = Seconds::of(2.0);
/// Least depth of an oscillation (ours): less is within the tracking error.
pub const LEAST_SWING: Newtons = Newtons::of(2.0);
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
        /// Each pull stronger than the one before.
        Progressive = 4 "progressive",
        /// Each pull weaker than the one before.
        Regressive = 5 "regressive",
        /// Pulls that approach the force ever more slowly.
        Logarithmic = 6 "logarithmic",
        /// A small swing below the held force.
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
        let plan = Plan::new(&spec)?;
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
        self.point(self.plan.place(time.count()))
    }

    fn point(&self, place: Place) -> SetPoint {
        let (force, rate) = curve::force(&self.spec, &self.plan, place);
        SetPoint {
            force,
            rate,
            phase: place.phase,
            cycle: u16::try_from(place.cycle).unwrap_or(u16::MAX),
        }
    }
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
