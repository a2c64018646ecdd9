//! Size and curvature of the spine.
//!
//! Column C1–L5 along its curve: CTL\[cm\] = (H\[cm\] − 47.258) / 2.069, bodies
//! 70 % of it in the source (B077); lumbar bodies are 5.55–5.71 % of that part
//! each (B078); endplates of L1–L5 grow with the body's height (B079 width,
//! B080 depth). All *seen* second-hand, as coded in the LMG toolbox; that code
//! states no spread, so every range here is ours. How far a person's
//! discs lie off in height and area is in [`super::person`].
//!
//! Departures. (1) The body's height hardly differs between L1 and L5, so B079
//! and B080 make all lumbar endplates alike and L4–L5 1,150 mm², where the one
//! area that was seen is 1,800 mm² (B013); [`WIDER`] and [`DEEPER`] widen the
//! lower endplates until that man is met within a tenth. (2) The disc heights
//! of B065–B076 make discs a quarter of the column, not 30 %: thoracic and
//! cervical bodies take up the rest, so that the column keeps its length.
//! (3) Neck and chest have no rows: sizes for a man of 1.75 m, ours, scaled with
//! the column's length.
//!
//! Wedges of lumbar discs go as front minus back in 120 radiographs (B081–B085).

use super::ours;
use crate::{Parameter, Status};

/// Length of the column C1–L5 along its curve, m, for a stature in m (B077).
#[must_use]
pub fn column_length(stature: f64) -> f64 {
    (stature * 100.0 - 47.258) / 2.069 / 100.0
}

/// Part of the column that is bodies in the source of [`BODY_SHARES`] (B077).
pub const BODIES_OF_COLUMN: f64 = 0.7;

/// Heights of L1 … L5 as shares of that part (B078).
pub const BODY_SHARES: [f64; 5] = [0.0555, 0.0560, 0.0566, 0.0563, 0.0571];

/// Width of upper and lower endplate of a lumbar body of `height`, m (B079).
#[must_use]
pub fn endplate_widths(height: f64) -> [f64; 2] {
    [1.6836 * height - 1.598e-3, 1.7618 * height - 0.7654e-3]
}

/// Depth of upper and lower endplate of a lumbar body of `height`, m (B080).
#[must_use]
pub fn endplate_depths(height: f64) -> [f64; 2] {
    [1.2326 * height + 2.838e-3, 1.1348 * height + 5.3909e-3]
}

/// Width of L1 … L5 over B079; ours, ± 15 %.
pub const WIDER: [f64; 5] = [1.08, 1.13, 1.18, 1.24, 1.28];

/// Depth of L1 … L5 over B080; ours, ± 10 %.
pub const DEEPER: [f64; 5] = [1.04, 1.06, 1.09, 1.12, 1.15];

/// Upper endplate of S1 over the lower of L5; ours, ± 8 %.
pub const S1: f64 = 0.94;

/// Width and depth of S1 at its lower end over those at its upper; ours, ± 20 %.
pub const SACRUM_TAPERS: [f64; 2] = [0.6, 0.7];

/// Stature for which the sizes of neck and chest are written down, m.
pub const STATURE_OF_TABLES: f64 = 1.75;

/// Heights of C1 (at the lateral mass) … C7, T1 … T12, man of 1.75 m, mm; ours, ± 15 %.
pub const UPPER_BODIES: [f64; 19] = [
    15.0, 23.0, 14.2, 14.0, 13.6, 13.8, 15.0, 16.2, 17.2, 17.4, 17.7, 18.0, 18.4, 18.8, 19.3, 19.9,
    20.8, 21.8, 23.0,
];

/// Widths of C1 … T12, mm; ours, ± 15 %.
pub const UPPER_WIDTHS: [f64; 19] = [
    42.0, 20.0, 18.5, 19.0, 20.0, 21.5, 24.0, 28.0, 28.0, 27.5, 27.0, 27.5, 28.5, 29.5, 31.0, 33.0,
    35.5, 38.5, 41.0,
];

/// Depths of C1 … T12, mm; ours, ± 15 %.
pub const UPPER_DEPTHS: [f64; 19] = [
    18.0, 16.0, 15.8, 16.0, 16.2, 16.5, 16.8, 17.2, 18.5, 20.0, 22.0, 24.0, 25.5, 27.0, 28.5, 30.0,
    31.0, 32.0, 33.0,
];

/// Heights of the joints C0–C1, C1–C2 and the discs C2–C3 … T11–T12, man of 1.75 m, mm; ours, ± 25 %.
pub const UPPER_DISCS: [f64; 19] = [
    2.5, 2.5, 5.0, 5.3, 5.4, 5.5, 5.7, 5.4, 4.6, 4.2, 4.0, 4.0, 4.2, 4.4, 4.7, 5.1, 5.5, 6.0, 6.6,
];

/// Neck and chest discs of women over men's of the same column: 0.5 of 8.8 mm less (B090).
pub const WOMEN_DISCS: f64 = 0.943;

/// Cross-section of a disc over width × depth: an ellipse is 0.785, a rectangle 1.
pub const OUTLINE: Parameter = Parameter {
    name: "disc outline",
    value: 0.85,
    low: 0.74,
    high: 0.96,
    unit: "1",
    rows: &["B013"],
    status: Status::Ours,
    why: "kidney shape between ellipse and rectangle",
}
.checked();

/// Person-to-person factor on the length of the column at one stature.
pub const LENGTH_FACTOR: Parameter = Parameter {
    name: "column length factor",
    value: 1.0,
    low: 0.87,
    high: 1.13,
    unit: "1",
    rows: &["B077"],
    status: Status::Ours,
    why: "the regression as coded states no spread; sitting height varies less at one stature",
}
.checked();

/// Factor on every size of neck and chest.
pub const UPPER_FACTOR: Parameter = Parameter {
    name: "neck and chest size factor",
    value: 1.0,
    low: 0.8,
    high: 1.2,
    unit: "1",
    rows: &[],
    status: Status::Ours,
    why: "no row gives a size above T12",
}
.checked();

/// Ages the disc regressions are read at; beyond them the nearest end is taken. Ours: adults only, and heights that rise with age for ever are nobody's.
pub const AGES: (f64, f64) = (20.0, 75.0);

const fn grade(name: &'static str, range: [f64; 3]) -> Parameter {
    let why = "Pfirrmann's words: 1–2 normal, 3 normal to slightly, 4 normal to moderately lower, 5 collapsed";
    ours(name, range, "1", why)
}

/// Height of a disc of grade 1 … 5 over the regression, whose discs were picked as healthy.
pub const GRADE_HEIGHT: [Parameter; 5] = [
    grade("disc height, grade 1", [1.0, 0.87, 1.13]),
    grade("disc height, grade 2", [1.0, 0.87, 1.13]),
    grade("disc height, grade 3", [1.0, 0.78, 1.05]),
    grade("disc height, grade 4", [0.85, 0.65, 1.0]),
    grade("disc height, grade 5", [0.5, 0.3, 0.7]),
];

/// Stature when none is given: women, men, m; ours.
pub const STATURES: [Parameter; 2] = [
    stature("stature of women", [1.62, 1.4, 1.83]),
    stature("stature of men", [1.75, 1.53, 1.97]),
];

const fn stature(name: &'static str, range: [f64; 3]) -> Parameter {
    ours(name, range, "m", "used only when the stature is unknown")
}

const fn angle(name: &'static str, degrees: [f64; 3], why: &'static str) -> Parameter {
    let [value, low, high] = degrees;
    let radian = core::f64::consts::PI / 180.0;
    ours(
        name,
        [value * radian, low * radian, high * radian],
        "rad",
        why,
    )
}

/// Lordosis between the upper endplates of L1 and S1, lying with straight legs.
pub const LORDOSIS: Parameter = angle(
    "lumbar lordosis",
    [52.0, 32.0, 72.0],
    "as the console draws it; healthy adults differ by tens of degrees",
);

/// Slope of the endplate of S1 against the body's transverse plane.
pub const SACRAL_SLOPE: Parameter = angle(
    "sacral slope",
    [40.0, 26.0, 54.0],
    "lordosis less the backward lean of L1",
);

/// Kyphosis between the upper endplate of T1 and the lower of T12.
pub const KYPHOSIS: Parameter = angle(
    "thoracic kyphosis",
    [36.0, 20.0, 54.0],
    "a little flatter on the couch than upright",
);

/// Forward slope of T1 less the lordosis C2–T1 that answers it.
pub const NECK_MISMATCH: Parameter = angle(
    "slope of T1 less lordosis of the neck",
    [6.0, 0.0, 18.0],
    "the neck bends back as far as the chest bends forward, less a remainder that C0–C2 take up",
);

/// Share of the lordosis that goes when the legs are raised.
pub const LEGS_RAISED: Parameter = ours(
    "lordosis lost with legs raised",
    [0.3, 0.1, 0.55],
    "1",
    "hips at a right angle roll the pelvis back; how far differs with the hamstrings",
);

/// Share of the lordosis that comes lying prone.
pub const PRONE: Parameter = ours(
    "lordosis gained lying prone",
    [0.05, 0.0, 0.15],
    "1",
    "the belly sinks in, the hips extend a little",
);

/// Part of a change of lordosis with posture that the pelvis follows.
pub const PELVIS_FOLLOWS: Parameter = ours(
    "pelvis in a change of lordosis",
    [0.9, 0.5, 1.0],
    "1",
    "the chest stays on the couch, the pelvis rolls",
);

/// Part of a person's difference from the mean lordosis that lies in the bodies.
pub const LORDOSIS_IN_BODIES: Parameter = ours(
    "bodies in a difference of lordosis",
    [0.4, 0.15, 0.6],
    "1",
    "between people bodies and discs both differ; between postures only discs",
);

/// Front minus back height of L1–L2 … L5–S1 in radiographs, mm (B081–B085): shares of the lordosis.
pub const WEDGES: [f64; 5] = [2.38, 3.86, 5.33, 7.67, 9.68];

/// Lordotic wedge of the bodies L1 … L5 at the mean lordosis, degrees; ours, ± 3.
pub const BODY_WEDGES: [f64; 5] = [-3.0, -1.5, 0.0, 1.8, 8.5];

/// Lordotic wedge of T12–L1, degrees, where kyphosis turns into lordosis; ours, ± 2.
pub const TURN: f64 = 2.0;

/// Part of the kyphosis in T1 … T12, then in T1–T2 … T11–T12; ours.
pub const KYPHOSIS_IN_BODIES: [f64; 12] = [
    0.035, 0.045, 0.055, 0.065, 0.07, 0.075, 0.075, 0.07, 0.06, 0.045, 0.035, 0.03,
];
/// See [`KYPHOSIS_IN_BODIES`].
pub const KYPHOSIS_IN_DISCS: [f64; 11] = [
    0.03, 0.035, 0.04, 0.04, 0.04, 0.04, 0.035, 0.03, 0.025, 0.015, 0.01,
];

/// Part of a bend of the neck in C0–C1 … C7–T1; ours.
pub const NECK_BEND: [f64; 8] = [0.2, 0.1, 0.1, 0.13, 0.15, 0.15, 0.12, 0.05];

/// Most a disc is wedged, front minus back over mean height: what is more lies in the body above.
pub const MOST_WEDGED: f64 = 1.6;

/// Distance of the facets behind the disc's back edge, C0–C1 … L5–S1, mm; ours, ± 25 %.
/// Above C2 the facets are the joint.
pub const FACETS_BEHIND: [f64; 25] = [
    -9.0, -8.5, 5.0, 5.0, 5.0, 5.0, 5.5, 6.5, 9.0, 10.0, 10.0, 10.5, 10.5, 11.0, 11.0, 11.5, 12.0,
    13.0, 14.0, 15.0, 16.0, 16.5, 17.0, 17.5, 17.0,
];

/// Distance of each facet from the midline, mm; ours, ± 25 %.
pub const FACETS_ASIDE: [f64; 25] = [
    20.0, 19.0, 21.0, 21.5, 21.5, 21.5, 21.0, 20.0, 17.0, 15.0, 14.0, 13.5, 13.0, 13.0, 13.0, 13.0,
    13.0, 13.0, 13.0, 13.0, 13.5, 15.0, 17.0, 19.5, 22.5,
];

/// Distance of the spinous tips behind the disc's back edge, mm; ours, ± 25 %.
pub const SPINOUS_BEHIND: [f64; 25] = [
    25.0, 30.0, 32.0, 30.0, 31.0, 36.0, 45.0, 50.0, 48.0, 46.0, 45.0, 44.0, 43.0, 42.0, 41.0, 40.0,
    40.0, 42.0, 45.0, 50.0, 55.0, 57.0, 58.0, 55.0, 45.0,
];

/// Height of the foramen beyond the back of the disc, over the height of the body above; ours, ± 30 %.
pub const FORAMEN_IN_BODY: [f64; 25] = [
    0.4, 0.3, 0.2, 0.35, 0.35, 0.35, 0.35, 0.4, 0.45, 0.45, 0.45, 0.45, 0.45, 0.45, 0.45, 0.45,
    0.45, 0.45, 0.45, 0.5, 0.5, 0.5, 0.5, 0.48, 0.38,
];

/// Width of the foramen over its height; ours, ± 30 %.
pub const FORAMEN_WIDTH: [f64; 25] = [
    0.6, 0.6, 0.6, 0.6, 0.6, 0.6, 0.6, 0.6, 0.55, 0.55, 0.55, 0.55, 0.55, 0.55, 0.55, 0.55, 0.55,
    0.52, 0.5, 0.45, 0.42, 0.42, 0.42, 0.42, 0.46,
];

/// Area of the foramen over width × height: an ear, narrower below.
pub const FORAMEN_OUTLINE: f64 = 0.72;

/// Every parameter of this family.
pub const ALL: &[&Parameter] = &[
    &OUTLINE,
    &LENGTH_FACTOR,
    &UPPER_FACTOR,
    &GRADE_HEIGHT[0],
    &GRADE_HEIGHT[1],
    &GRADE_HEIGHT[2],
    &GRADE_HEIGHT[3],
    &GRADE_HEIGHT[4],
    &STATURES[0],
    &STATURES[1],
    &LORDOSIS,
    &SACRAL_SLOPE,
    &KYPHOSIS,
    &NECK_MISMATCH,
    &LEGS_RAISED,
    &PRONE,
    &PELVIS_FOLLOWS,
    &LORDOSIS_IN_BODIES,
];
