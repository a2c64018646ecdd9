//! The disc along its axis: tension and compression branches, and the fluid in series.
//!
//! ```text
//! d_z = e(n) + Σ z_i           opening = elastic stretch + fluid
//! e(n)   =  a n/(n + N₀) + n/k_t          n ≥ 0
//! e(n)   = −b |n|/(|n| + N₁) − |n|/k_c    n < 0,   a/N₀ + 1/k_t = b/N₁ + 1/k_c
//! C_i(n) = the same two shapes with α_i, γ_i and β_i, δ_i, one slope at n = 0
//! ```
//!
//! n is the disc's axial force *less that at rest*, N (tension positive): lying at
//! rest the disc carries −`tone`, so its force is n − tone. The soft zone is centred
//! where the person lies (ours): Kurutz measured from there, and a toe centred at no
//! load would need twice the toe to give the same elongation of 51 N.
//!
//! Because every term shares N₀ (or N₁), stretch and fluid over a step add to one toe
//! with coefficients a + Σ φ_b,i α_i …, whose inverse is closed (`branch`): no iteration,
//! and the tangent dn/dd is exact.
//!
//! | symbol | from |
//! |---|---|
//! | a, α_i | 51 N stretch and 20-minute creep of the age band come out for disc *and* ligaments together (A017–A022, A027), less `Unknown::Relief`, times subject, level, grade and height |
//! | N₀ | `Unknown::ToeForce`, median 40 N; cervical 15 N |
//! | k_t | `Unknown::Tension` (B059); thoracic 770 N/mm (B060) and cervical 356 N/mm less ligaments (B061), each times what was drawn over its median |
//! | k_c | B030–B054 by level, times `Unknown::Compression` |
//! | N₁ | 0.35 N₀ (ours): 1 kN then shortens a middle-aged L4–L5 by 0.9 mm at once (B026), and stiffness grows 1.3 times from 250 to 500 N (B057: 2.11/1.71) |
//! | δ₂ | h/(A E_s), E_s = 3.2 MPa (fitted to B092, C037, C039 and C041 together) |
//! | β_i | continuity at rest |
//!
//! Departures. L1–L3 and thorax were not measured in tension: lumbar elongation times
//! disc height, thorax 0.8 of that (rib cage, ours). Grade changes tension by
//! the factors [`TENSION_BY_GRADE`] relative to the grade usual at that age (ours), and
//! fluid by [`FLUID_BY_GRADE`] (ours; C032, C034 give the direction). Fluid in
//! compression grows 1 % a year below 25 and 3 % above 52 (B064 gives the U, its slopes are ours).
//! Joints C0–C1 and C1–C2 have no disc; the cervical law stands for their capsules.
//! Valid from −1500 to +900 N. Shown by `tests/tissue.rs` and `tests/tissue_rows.rs`.

use super::branch::{Branch, Law};
use super::fluid::TERMS;
use crate::anatomy::Joint;
use crate::lumped::{Patient, Sex};
use crate::real::Real;
use crate::tables::lumbar::{KURUTZ_FINAL_TIME, KURUTZ_TENSION, elongation};
use crate::tables::{cervical, creep, discs, lumbar, person};
use crate::unknown::{Draw, Unknown};
use si::Region;

/// k_c by joint, C0–C1 … L5–S1, N/m (B030–B054).
const COMPRESSION: [f64; 25] = [
    550e3, 300e3, 700e3, 760e3, 794e3, 967e3, 1014e3, 1334e3, 700e3, 1200e3, 1500e3, 2100e3,
    1900e3, 1800e3, 1500e3, 1500e3, 1500e3, 1500e3, 1500e3, 1800e3, 2130e3, 2000e3, 2000e3, 1870e3,
    1470e3,
];
/// Thoracic k_t, N/m (B060, recalled; 400–1200).
const THORACIC_TENSION: f64 = 770e3;
/// Share of the lumbar elongation that a thoracic disc of the same height has (ours, 0.4–1).
const THORACIC_SHARE: f64 = 0.8;
/// N₁/N₀ (ours, 0.15–0.6).
const COMPRESSION_BEND: f64 = 0.35;
/// E_s, Pa: effective swelling modulus of the whole disc (fitted, 2–6 MPa; C032 gives
/// 1.0 MPa for the nucleus alone, which the annulus confines).
const SWELLING_MODULUS: f64 = 3.2e6;
/// Elongation in tension by grade 1–5 (ours, ± 30 %).
pub const TENSION_BY_GRADE: [f64; 5] = [1.1, 1.05, 1.0, 0.85, 0.6];
/// Fluid exchanged by grade 1–5 (ours, ± 30 %).
pub const FLUID_BY_GRADE: [f64; 5] = [1.1, 1.05, 1.0, 0.8, 0.55];
/// Joints above this are cervical.
pub(super) const FIRST_THORACIC: usize = 8;
/// From here on a joint is scaled as lumbar (T12–L1).
pub(super) const FIRST_LUMBAR: usize = 19;
/// First joint of the lumbar levels' own factors (T11–T12).
const FIRST_LUMBAR_LEVEL: usize = 18;

/// One side of rest.
#[derive(Clone, Copy, Debug)]
pub struct Side<T> {
    /// N₀ or N₁, N.
    pub bend: T,
    /// e(n).
    pub elastic: Branch<T>,
    /// C_i(n).
    pub fluid: [Branch<T>; TERMS],
}

impl<T: Real> Side<T> {
    #[inline(always)]
    fn stepped(&self, weight: &[T; TERMS]) -> Branch<T> {
        let [fast, slow, annulus] = self.fluid;
        self.elastic
            .with(weight[0], fast)
            .with(weight[1], slow)
            .with(weight[2], annulus)
    }
}

/// Numbers drawn for a pulled region: some medians differ between the regions.
#[derive(Clone, Copy, Debug)]
pub struct Drawn<'a, T> {
    /// The pulled region.
    pub region: Region,
    /// The numbers.
    pub draw: &'a Draw<T>,
}

impl<T: Real> Drawn<'_, T> {
    /// An unknown over its median in the pulled region.
    fn relative(&self, unknown: Unknown, lumbar: f64, cervical: f64) -> T {
        let median = match self.region {
            Region::Lumbar => lumbar,
            Region::Cervical => cervical,
        };
        self.draw[unknown] * (1.0 / median)
    }

    /// Stiffness beyond the toe.
    fn tension(&self) -> T {
        self.relative(
            Unknown::Tension,
            lumbar::LINEAR_STIFFNESS.value,
            cervical::STIFFNESS.value,
        )
    }

    /// Force of the toe.
    fn toe_force(&self) -> T {
        self.relative(
            Unknown::ToeForce,
            lumbar::TOE_FORCE.value,
            cervical::TOE_FORCE.value,
        )
    }

    /// The level's own factor: cervical joints, or T11–T12 … L5–S1, have one.
    fn level(&self, at: usize) -> T {
        let first = Unknown::Level0 as usize;
        let place = match self.region {
            Region::Cervical if at < FIRST_THORACIC => Some(at),
            Region::Lumbar => at.checked_sub(FIRST_LUMBAR_LEVEL),
            Region::Cervical => None,
        };
        place.map_or(self.draw.0[first].of(1.0), |place| {
            self.draw.0[first + place]
        })
    }
}

/// The axial law of one disc.
#[derive(Clone, Copy, Debug)]
pub struct Disc<T> {
    /// n ≥ 0.
    pub tension: Side<T>,
    /// n < 0.
    pub compression: Side<T>,
    /// Compression carried at rest, N.
    pub tone: T,
}

impl<T: Real> Disc<T> {
    /// The disc of joint `at`; `others` is what the ligaments of the joint pull at an
    /// opening (m), N: the published elongations were those of disc and ligaments.
    pub fn build(
        joint: &Joint,
        at: usize,
        person: &Patient,
        drawn: &Drawn<'_, T>,
        others: impl Fn(T) -> T,
    ) -> Self {
        let draw = drawn.draw;
        let published = Published::of(joint, at, person, drawn);
        let tension = published.fitted(draw, others);
        let area = draw[Unknown::Area] * joint.area;
        let height = draw[Unknown::Height] * joint.height;
        let drying = FLUID_BY_GRADE[grade(joint)] * drying_with_age(person.age_years);
        let annulus = height * drying / (area * SWELLING_MODULUS) * draw[Unknown::Creep];
        let tension = Side {
            fluid: [
                tension.fluid[0],
                tension.fluid[1],
                Branch {
                    toe: annulus * tension.bend,
                    ..Branch::none(annulus)
                },
            ],
            ..tension
        };
        Self {
            compression: mirrored(
                &tension,
                annulus,
                draw[Unknown::Compression] * COMPRESSION[at],
            ),
            tension,
            tone: tone(joint, at, drawn),
        }
    }

    /// n of an opening from which the fluid's known part is already taken, over a step with
    /// the weights φ_b of the targets at its end: stretch and what follows the load in series.
    #[inline(always)]
    pub fn stepped(&self, weight: &[T; TERMS]) -> Law<T> {
        Law {
            positive: self.tension.stepped(weight),
            positive_bend: self.tension.bend,
            negative: self.compression.stepped(weight),
            negative_bend: self.compression.bend,
        }
    }

    /// C_i(n), m.
    #[inline(always)]
    pub fn targets(&self, n: T) -> [T; TERMS] {
        let less = n.less(n.of(0.0));
        let bend = T::select(less, self.compression.bend, self.tension.bend);
        let bent = n / (n.abs() + bend);
        let mut targets = [n; TERMS];
        for (i, target) in targets.iter_mut().enumerate() {
            let branch = Branch::select(less, self.compression.fluid[i], self.tension.fluid[i]);
            *target = branch.toe * bent + branch.straight * n;
        }
        targets
    }

    /// e(n), m.
    #[inline(always)]
    pub fn stretch(&self, n: T) -> T {
        let less = n.less(n.of(0.0));
        let branch = Branch::select(less, self.compression.elastic, self.tension.elastic);
        let bend = T::select(less, self.compression.bend, self.tension.bend);
        branch.opening(n, bend)
    }
}

/// Compression from tension: the same slopes at rest, its own stiffness beyond.
fn mirrored<T: Real>(tension: &Side<T>, annulus: T, stiffness: T) -> Side<T> {
    let bend = tension.bend * COMPRESSION_BEND;
    let beyond = |toe: Branch<T>, straight: T| {
        let slope = toe.at_rest(tension.bend);
        let straight = straight.min(slope * 0.9);
        Branch {
            toe: (slope - straight) * bend,
            straight,
        }
    };
    let straight = stiffness.of(1.0) / stiffness;
    let [fast, slow, last] = tension.fluid;
    Side {
        bend,
        elastic: beyond(tension.elastic, straight),
        fluid: [
            beyond(fast, straight * 0.05),
            beyond(slow, straight * 0.1),
            Branch {
                straight: annulus,
                ..Branch::none(last.toe)
            },
        ],
    }
}

/// What was published of one segment (disc and ligaments) under 51 N.
struct Published<T> {
    /// At once, m.
    opening: T,
    /// Further creep in 20 min, m.
    creep: T,
    /// Beyond the toe, N/m.
    stiffness: T,
    /// Whether `stiffness` includes the ligaments.
    whole: bool,
    /// N₀, N.
    bend: T,
}

impl<T: Real> Published<T> {
    fn of(joint: &Joint, at: usize, person: &Patient, drawn: &Drawn<'_, T>) -> Self {
        if at < FIRST_THORACIC {
            Self::cervical(at, drawn)
        } else {
            Self::lumbar(joint, at, person, drawn)
        }
    }

    fn cervical(at: usize, drawn: &Drawn<'_, T>) -> Self {
        let factor = drawn.draw[Unknown::Subject] * drawn.level(at);
        let stiffness = drawn.tension() * cervical::STIFFNESS.value / factor;
        let bend = drawn.toe_force() * cervical::TOE_FORCE.value;
        let toe = factor * cervical::TOE.value;
        let straight = toe.of(KURUTZ_TENSION) / stiffness;
        let taken = toe * bend.of(KURUTZ_TENSION) / (bend + KURUTZ_TENSION);
        let creep = taken * (creep::CERVICAL_RATIO.value - 1.0)
            + straight * (creep::LINEAR_RATIO.value - 1.0);
        Self {
            opening: taken + straight,
            creep: creep * drawn.draw[Unknown::Creep],
            stiffness,
            whole: true,
            bend,
        }
    }

    fn lumbar(joint: &Joint, at: usize, person: &Patient, drawn: &Drawn<'_, T>) -> Self {
        let (initial, last) = elongation(person.age_years);
        let thoracic = at < FIRST_LUMBAR;
        let (share, stiffness) = if thoracic {
            (THORACIC_SHARE, THORACIC_TENSION)
        } else {
            (1.0, lumbar::LINEAR_STIFFNESS.value)
        };
        let size = (joint.height / usual_height(person)).clamp(0.1, 2.0);
        let relief = drawn.draw[Unknown::Relief];
        let opening = drawn.draw[Unknown::Subject]
            * drawn.level(at)
            * (relief.of(1.0) - relief)
            * (initial * share * size * tension_grade(joint, person.age_years));
        Self {
            opening,
            creep: opening * drawn.draw[Unknown::Creep] * (last / initial - 1.0),
            stiffness: drawn.tension() * stiffness,
            whole: false,
            bend: drawn.toe_force() * lumbar::TOE_FORCE.value,
        }
    }

    /// The disc that gives those together with the `others`.
    fn fitted(&self, draw: &Draw<T>, others: impl Fn(T) -> T) -> Side<T> {
        let whole = self.opening.of(KURUTZ_TENSION);
        let force = (whole - others(self.opening)).max(whole * 0.3);
        let apart = if self.whole {
            let taken = (whole - force) / self.opening;
            (self.stiffness - taken).max(self.stiffness * 0.3)
        } else {
            self.stiffness
        };
        // The toe takes at least half of the opening; a neck prepared for the bench is taut.
        let most = if self.whole { 0.9 } else { 0.5 };
        let straight = (force.of(1.0) / apart).min(self.opening * most / force);
        let through = |at: T, opening: T, straight: T| Branch {
            toe: (opening - straight * at).max(at.of(0.0)) * (at + self.bend) / at,
            straight,
        };
        let elastic = through(force, self.opening, straight);
        let beyond = straight * draw[Unknown::Creep] * (creep::LINEAR_RATIO.value - 1.0);
        let fast = draw[Unknown::FastShare];
        let term = |share: T, time: T| {
            let reached = time.map(|time| -libm::expm1(-KURUTZ_FINAL_TIME / time));
            let scale = share / reached;
            through(force, self.creep * scale, beyond * scale)
        };
        let slow = draw[Unknown::SlowTime];
        Side {
            bend: self.bend,
            elastic,
            fluid: [
                term(fast, draw[Unknown::FastTime]),
                term(fast.of(1.0) - fast, slow),
                Branch::none(fast),
            ],
        }
    }
}

/// Mean published height of L3–L4, L4–L5 and L5–S1 for this person, m.
fn usual_height(person: &Patient) -> f64 {
    let mean = |table: &[discs::DiscHeight; 5]| {
        table[2..]
            .iter()
            .map(|of| of.at(person.age_years))
            .sum::<f64>()
            / 3.0
    };
    match person.sex {
        Some(Sex::Male) => mean(&discs::MEN),
        Some(Sex::Female) => mean(&discs::WOMEN),
        None => 0.5 * (mean(&discs::MEN) + mean(&discs::WOMEN)),
    }
}

/// Place of the joint's grade in a table of five.
pub(super) fn grade(joint: &Joint) -> usize {
    usize::from(joint.grade.clamp(1, 5)) - 1
}

/// Tension compliance against that of the grade usual at the age (ours: 2 at 30, 3 from 55 on).
fn tension_grade(joint: &Joint, age: f64) -> f64 {
    let usual = (age / 25.0 - 0.2).clamp(0.0, 2.0);
    let below = usual as usize;
    let way = usual - below as f64;
    let table = TENSION_BY_GRADE;
    table[grade(joint)] / (table[below] + way * (table[below + 1] - table[below]))
}

/// Fluid exchanged in compression over that between 25 and 52 years.
fn drying_with_age(age: f64) -> f64 {
    1.0 + 0.01 * (25.0 - age).max(0.0) + 0.03 * (age - 52.0).max(0.0)
}

/// Compression at rest, N: lumbar as drawn, elsewhere by area; the neck has half of the
/// lumbar tone (ours).
fn tone<T: Real>(joint: &Joint, at: usize, drawn: &Drawn<'_, T>) -> T {
    let relative = drawn.relative(
        Unknown::Tone,
        person::TONE.value,
        person::CERVICAL_TONE.value,
    );
    let usual = if at < FIRST_THORACIC {
        person::CERVICAL_TONE.value
    } else if at < FIRST_LUMBAR {
        person::TONE.value * (joint.area / 1.5e-3).min(1.0)
    } else {
        person::TONE.value
    };
    relative * usual
}
