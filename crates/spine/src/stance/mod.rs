//! How much a disc carries while a person stands, sits, bends or lifts: statics of the trunk.
//!
//! ```text
//! M = W (1 − c) (a cos θ + h sin θ) + L r            moment about the disc
//! F = ((W (1 − c) + L) cos θ + max(M, 0)/e) δ + T    compression along the spine
//! ```
//!
//! | symbol | identifier | unit | from |
//! |---|---|---|---|
//! | W | weight of all bodies above | N | `anatomy` (B101–B106) |
//! | h | height of their centre over the disc, lying | m | `anatomy` |
//! | θ, c, L, r, δ | tilt, carried share, load and its distance, dynamic factor | rad, 1, N, m, 1 | [`Stance`], ours |
//! | e | [`LEVER`]: lever arm of the back muscles, co-contraction in it | m | fitted |
//! | a | [`AHEAD`]: line of gravity in front of the disc | m | fitted |
//! | T | compression by resting tone | N | `Unknown::Tone` |
//!
//! Fitted on B003 and B004 together (T and the swelling pressure on B001 by the
//! nucleus); every other posture and subject is predicted. One muscle on one lever
//! stands for all of the back; ligaments of a bent back pull on the same lever;
//! pressure of the belly and the disc's own bending moment are left out. Lifting is
//! for the lumbar levels; the upper ones are meant for standing and lying. Shown by
//! `tests/stance.rs` and the rows B001–B021 of `validate`.

use crate::anatomy::{Anatomy, JOINTS};
use crate::{Parameter, Status};
use si::{Newtons, STANDARD_GRAVITY};

/// Lever arm of the back muscles about a lumbar disc.
pub const LEVER: Parameter = Parameter {
    name: "lever arm of the back muscles",
    value: 0.058,
    low: 0.045,
    high: 0.070,
    unit: "m",
    rows: &["B003", "B004"],
    status: Status::Ours,
    why: "fitted on standing and standing flexed together; includes co-contraction",
}
.checked();

/// How far the line of gravity runs in front of a lumbar disc in relaxed standing.
pub const AHEAD: Parameter = Parameter {
    name: "line of gravity ahead of the disc",
    value: 0.028,
    low: 0.012,
    high: 0.045,
    unit: "m",
    rows: &["B003", "B004"],
    status: Status::Ours,
    why: "fitted on standing and standing flexed together",
}
.checked();

/// All of the table.
pub const ALL: &[&Parameter] = &[&LEVER, &AHEAD];

/// What a person does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stance {
    /// On the belly, the back or the side: tone alone.
    Lying,
    /// Upright and at ease.
    Standing,
    /// Bent forward by 36° with straight knees.
    Flexed,
    /// On a stool without a back, at ease.
    Sitting,
    /// The same, bent as far as it goes.
    SittingFlexed,
    /// Slumped against a back rest.
    Nonchalant,
    /// 20 kg from the floor with a round back.
    LiftingRound,
    /// 20 kg from the floor with bent knees.
    LiftingKnees,
    /// 20 kg held close to the body, upright.
    Holding,
    /// Walking, the largest load of a stride.
    Walking,
    /// Running, the mean over a stride (muscles stay on).
    Running,
}

/// θ in degrees, c, L in kg, r in m, δ: all ours; angles and distances ± 25 %.
struct Shape {
    tilt: f64,
    carried: f64,
    load: f64,
    reach: f64,
    dynamic: f64,
}

impl Stance {
    /// What a name in the table of validation stands for.
    #[must_use]
    pub fn parse(name: &str) -> Option<Self> {
        Some(match name {
            "prone" | "side" | "supine" => Self::Lying,
            "standing" => Self::Standing,
            "flexed" => Self::Flexed,
            "sitting" => Self::Sitting,
            "sitting-flexed" => Self::SittingFlexed,
            "nonchalant" | "reclining" => Self::Nonchalant,
            "lifting-round" => Self::LiftingRound,
            "lifting-knees" => Self::LiftingKnees,
            "holding" => Self::Holding,
            "walking" => Self::Walking,
            "running" => Self::Running,
            _ => return None,
        })
    }

    const fn shape(self) -> Shape {
        let [tilt, carried, load, reach, dynamic] = match self {
            Self::Lying => [0.0, 1.0, 0.0, 0.0, 1.0],
            Self::Standing => [0.0, 0.0, 0.0, 0.0, 1.0],
            Self::Flexed => [36.0, 0.0, 0.0, 0.0, 1.0],
            // Hands and forearms rest on the thighs.
            Self::Sitting => [2.0, 0.10, 0.0, 0.0, 1.0],
            Self::SittingFlexed => [30.0, 0.25, 0.0, 0.0, 1.0],
            // The rest takes the moment as well: nothing is left for the muscles.
            Self::Nonchalant => [-10.0, 0.3, 0.0, 0.0, 1.0],
            // Arms hang from shoulders 0.42 m above the disc.
            Self::LiftingRound => [70.0, 0.0, 20.0, 0.40, 1.0],
            Self::LiftingKnees => [36.0, 0.0, 20.0, 0.30, 1.0],
            Self::Holding => [0.0, 0.0, 20.0, 0.20, 1.0],
            Self::Walking => [0.0, 0.0, 0.0, 0.0, 1.2],
            Self::Running => [5.0, 0.0, 0.0, 0.0, 1.5],
        };
        Shape {
            tilt,
            carried,
            load,
            reach,
            dynamic,
        }
    }
}

/// The two lengths of the statics.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Statics {
    /// e, m.
    pub lever: f64,
    /// a, m.
    pub ahead: f64,
}

impl Statics {
    /// Both at their middle.
    #[must_use]
    pub const fn nominal() -> Self {
        Self {
            lever: LEVER.value,
            ahead: AHEAD.value,
        }
    }
}

/// Compression of the disc of joint `joint` beyond that of lying at rest, N
/// (0 beyond L5–S1: there is no such joint).
#[must_use]
pub fn added(anatomy: &Anatomy, stance: Stance, joint: usize, statics: &Statics) -> Newtons {
    if joint >= JOINTS {
        return Newtons::ZERO;
    }
    let shape = stance.shape();
    let tilt = shape.tilt.to_radians();
    let (sin, cos) = (libm::sin(tilt), libm::cos(tilt));
    let weight = anatomy.weight_above(joint).get() * (1.0 - shape.carried);
    let load = shape.load * STANDARD_GRAVITY;
    let arm = statics.ahead * cos + height_above(anatomy, joint) * sin;
    let moment = weight * arm + load * shape.reach;
    let muscle = moment.max(0.0) / statics.lever;
    Newtons::raw(((weight + load) * cos + muscle) * shape.dynamic)
}

/// Height of the centre of all bodies above a disc over it, m.
fn height_above(anatomy: &Anatomy, joint: usize) -> f64 {
    let above = anatomy.bones.iter().take(joint + 1);
    let disc = anatomy.joints[joint].centre[2];
    let (mass, moment) = above.fold((0.0, 0.0), |(mass, moment), bone| {
        (
            mass + bone.mass,
            moment + bone.mass * (bone.origin[2] - disc),
        )
    });
    moment / mass
}
