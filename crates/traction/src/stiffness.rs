//! How stiff patient, harness and cord together are just now, from force and travel.
//!
//! Secant stiffness k = ΔF/Δx over short stretches of motion, smoothed: the larger
//! ΔF, the less noise is in it and the more it counts. A stretch ends when force
//! has changed by 15 N, or travel by 0.4 mm and force by 2 N; one that takes longer
//! than 3 s is dropped, because by then creep, not elasticity, may have moved the
//! carriage. Held between the softest and the stiffest that the region is tuned
//! for. Nothing is learnt while the encoder does not go where the carriage was told; what
//! it says twice, to the bit, is one reading that came twice, and the way adds up.
//! Harness and spine are the softer the less they are pulled: an estimate speaks for forces
//! up to half as much again as it was learnt at and 15 N; above, the patient is at least
//! as stiff as was guessed (ours). Test:
//! `a_release_goes_by_no_stiffness_learnt_at_far_less_force`.
//!
//! The controller keeps two: a quick one to follow the profile by, a cautious one to
//! let go by ([`Use`]; ours): the quick one learns compliance 1/k, and keeps a stretch in
//! which force fell while the carriage pulled. The guard has its own law. Test:
//! `an_encoder_that_drifts_in_a_release_makes_no_jerk_of_it`.
//!
//! [`Felt`] is what a fall of force says by itself: k = Σλⁿ·ΔF/Σλⁿ·Δs, Δs (m) the way
//! that the carriage was sent, as a drive with a lag of 30 ms goes it, λ = 0.8 (50 ms).
//! It needs no encoder and nothing learnt before, which cells that lay may have
//! spoilt, and only ever makes a release slower. Test:
//! `a_stiffness_learnt_from_cells_that_lied_makes_no_jerk_of_a_release`.

use crate::numbers::Numbers;
use si::{Newtons, NewtonsPerMetre};

const ENOUGH_FORCE: f64 = 15.0;
const SOME_FORCE: f64 = 2.0;
const ENOUGH_TRAVEL: f64 = 0.4e-3;
const SOME_TRAVEL: f64 = 0.05e-3;
const LONGEST: u32 = 300;
const SHARE_OF_NEW: f64 = 0.7;
/// What a stiffness is learnt for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Use {
    /// To let force go by: rather too stiff for long than too fast.
    LettingGo,
    /// To follow a profile by: the whole way counts, as compliance, so that a body which
    /// slips on the couch in leaps is as stiff as it is over many of them.
    Following,
}

impl Use {
    /// Change of force by which a stretch counts in full, N: for following twelve times the
    /// noise of two readings. A ramp on a soft patient would else lag by a third until the
    /// estimate has come down.
    const fn clear(self) -> f64 {
        match self {
            Self::LettingGo => ENOUGH_FORCE,
            Self::Following => 5.0,
        }
    }

    /// The estimate after a stretch that counts by this share.
    fn learnt(self, old: f64, new: f64, share: f64) -> f64 {
        match self {
            Self::LettingGo => old + share * (new - old),
            Self::Following => 1.0 / (1.0 / old + share * (1.0 / new - 1.0 / old)),
        }
    }
}

/// A carriage may be this far from where it was told to go in a tick, m, and this share
/// of the way: lag and noise of the encoder (ours).
const ASTRAY: f64 = 0.03e-3;
const ASTRAY_SHARE: f64 = 0.3;

/// An estimate speaks for forces up to this share of that at which it was learnt, and
/// [`ENOUGH_FORCE`].
const SPEAKS_FOR: f64 = 1.5;

/// A running estimate.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Stiffness {
    estimate: f64,
    /// Force at which it was learnt, N; the first guess is one for every force.
    at: f64,
    purpose: Use,
    /// Travel of the last tick, m.
    before: Option<f64>,
    /// How far the carriage was told to go since the encoder said something new, m.
    unseen: f64,
    anchor: Option<Anchor>,
}

#[derive(Clone, Copy, Debug, PartialEq)]
struct Anchor {
    force: f64,
    travel: f64,
    age: u32,
}

impl Anchor {
    /// A tick later; none where creep may have moved the carriage.
    fn aged(self) -> Option<Self> {
        (self.age < LONGEST).then(|| Self {
            age: self.age.saturating_add(1),
            ..self
        })
    }
}

impl Stiffness {
    pub(crate) fn new(numbers: &Numbers, purpose: Use) -> Self {
        Self {
            estimate: numbers.guess.get(),
            at: f64::INFINITY,
            purpose,
            before: None,
            unseen: 0.0,
            anchor: None,
        }
    }

    pub(crate) fn get(&self) -> NewtonsPerMetre {
        NewtonsPerMetre::raw(self.estimate)
    }

    /// What to let `force` go by, where the cells read so many times too low: the first
    /// guess at least, where nothing was learnt near it.
    pub(crate) fn at(&self, numbers: &Numbers, force: Newtons, lie: f64) -> NewtonsPerMetre {
        let learnt = self.get() * lie;
        if force.get() <= lie * SPEAKS_FOR * self.at + ENOUGH_FORCE {
            learnt
        } else {
            learnt.max(numbers.guess)
        }
    }

    /// Takes one tick's readings; forgets the stretch when one is missing, or when the
    /// carriage did not go where it was told, `moved` metres: an encoder that lies would
    /// make a patient soft, and a soft one is let go of fast.
    pub(crate) fn seen(
        self,
        numbers: &Numbers,
        (force, travel): (Option<f64>, Option<f64>),
        moved: f64,
    ) -> Self {
        let moved = self.unseen + moved;
        if travel.is_some() && travel.map(f64::to_bits) == self.before.map(f64::to_bits) {
            return Self {
                unseen: moved,
                anchor: force.and(self.anchor).and_then(Anchor::aged),
                ..self
            };
        }
        let obeys = |travel: &f64| {
            let went = self.before.map_or(moved, |before| travel - before);
            (went - moved).abs() <= ASTRAY + ASTRAY_SHARE * moved.abs()
        };
        let goes = travel.filter(obeys);
        let this = Self {
            before: travel,
            unseen: 0.0,
            ..self
        };
        let (Some(force), Some(travel)) = (force, goes) else {
            return Self {
                anchor: None,
                ..this
            };
        };
        this.stretched(numbers, force, travel)
    }

    fn stretched(self, numbers: &Numbers, force: f64, travel: f64) -> Self {
        let fresh = Anchor {
            force,
            travel,
            age: 0,
        };
        let Some(anchor) = self.anchor else {
            return Self {
                anchor: Some(fresh),
                ..self
            };
        };
        let (df, dx) = (force - anchor.force, travel - anchor.travel);
        let told = (df.abs() >= ENOUGH_FORCE && dx.abs() >= SOME_TRAVEL)
            || (df.abs() >= SOME_FORCE && dx.abs() >= ENOUGH_TRAVEL);
        let slope = df / dx;
        if told && slope > 0.0 && force >= numbers.contact.get() {
            let within = NewtonsPerMetre::raw(slope).clamp(numbers.softest, numbers.stiffest);
            let share = SHARE_OF_NEW * (df.abs() / self.purpose.clear()).min(1.0);
            let estimate = self.purpose.learnt(self.estimate, within.get(), share);
            return Self {
                estimate,
                at: force,
                anchor: Some(fresh),
                ..self
            };
        }
        let slips = self.purpose == Use::Following && df < 0.0 && dx > 0.0;
        let kept = anchor.aged().filter(|_| !told || slips);
        Self {
            anchor: kept.or(Some(fresh)),
            ..self
        }
    }
}

/// What is kept of the sums of a fall in a tick.
const KEPT: f64 = 0.8;
/// Share of the way to the velocity told that a drive goes in a tick: rather a slow
/// drive, so that a release begins softly (ours).
const FOLLOWS: f64 = 0.3;
/// A fall is told from noise of the cells, N, from here on …
const LEAST_FALL: f64 = 1.2;
/// … or from what the fastest release lets out in this time, s, if that is more.
const LEAST_TIME: f64 = 0.015;
/// What is kept of the stiffness felt in a tick in which nothing falls (0.1 s).
const FADES: f64 = 0.9;
/// Share of the stiffness felt that counts: noise makes it rather too high.
const SURELY: f64 = 0.9;
/// What is left in a tick of the first guess, while force is let go.
const EASES: f64 = 0.85;
/// Cells that read lower than this share of the truth are taken to have learnt it before.
pub(crate) const MOST_LIE: f64 = 2.5;
/// Shares of a tick's stiffness: of a higher one, of a lower one.
const RISES: f64 = 0.5;
const SINKS: f64 = 0.15;

/// How stiff a fall of force says the patient is.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Felt {
    force: Option<f64>,
    /// How the carriage goes, m a tick.
    goes: f64,
    fall: f64,
    way: f64,
    k: f64,
    /// Share of the first guess of the stiffness that still counts: nothing has fallen yet.
    eased: f64,
}

impl Felt {
    pub(crate) const NOTHING: Self = Self {
        force: None,
        goes: 0.0,
        fall: 0.0,
        way: 0.0,
        k: 0.0,
        eased: 1.0,
    };

    /// The stiffer of `learnt` and of what falls, within what sensors can have spoilt.
    pub(crate) fn or_stiffer(&self, numbers: &Numbers, learnt: NewtonsPerMetre) -> NewtonsPerMetre {
        let felt = NewtonsPerMetre::raw(SURELY * self.k);
        let most = numbers.guess.max(learnt * MOST_LIE);
        let eased = numbers.guess * self.eased;
        learnt.max(felt.min(most)).max(eased)
    }

    /// One tick: the force that is believed, N, and where the carriage was sent, m.
    pub(crate) fn seen(self, numbers: &Numbers, force: Option<f64>, sent: f64) -> Self {
        let goes = self.goes + FOLLOWS * (sent - self.goes);
        let fell = match (self.force, force) {
            (Some(before), Some(now)) => before - now,
            _ => 0.0,
        };
        let (fall, way) = (KEPT * self.fall + fell, KEPT * self.way - goes);
        let least = LEAST_FALL.max(LEAST_TIME * numbers.release_most.get());
        let k = if fall < least || way <= 0.0 {
            FADES * self.k
        } else {
            let now = (fall / way).min(numbers.stiffest.get());
            let share = if now > self.k { RISES } else { SINKS };
            self.k + share * (now - self.k)
        };
        Self {
            force,
            goes,
            fall,
            way,
            k,
            eased: self.eased,
        }
    }

    /// How fast the carriage was told to go, m/s: letting go begins as with a patient as
    /// stiff as was guessed, until the fall itself has had the time to tell (ours: 100 ms).
    pub(crate) fn told(self, numbers: &Numbers, velocity: f64) -> Self {
        let lets_go = -velocity * numbers.guess.get() > numbers.release_least.get();
        let eased = if lets_go {
            EASES * self.eased
        } else {
            (self.eased / EASES).min(1.0)
        };
        Self { eased, ..self }
    }
}
