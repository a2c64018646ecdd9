//! What of an applied pull friction keeps from the spine.
//!
//! Lumbar: half of the body slides on the couch, friction coefficient 0.5, so
//! that an unsplit table loses 25–26 % of body weight (A085–A087). Cervical:
//! the head on the bed, coefficient 0.62, which makes 32–35° the best angle
//! (A088–A090). A split table carries the moving part on rollers.

use crate::{Parameter, Status};

/// Friction coefficient of body on couch.
pub const BODY_ON_COUCH: Parameter = Parameter {
    name: "friction of body on couch",
    value: 0.5,
    low: 0.35,
    high: 0.65,
    unit: "1",
    rows: &["A085"],
    status: Status::Seen,
    why: "one taught value, no spread seen: ± 30 % for cloth and cover",
}
.checked();

/// Share of body weight below the pull on the lumbar spine.
pub const LOWER_BODY: Parameter = Parameter {
    name: "lower body share of weight",
    value: 0.51,
    low: 0.47,
    high: 0.54,
    unit: "1",
    rows: &["A086", "A087", "B097", "B099"],
    status: Status::Derived,
    why: "half the body (A086, 25 % lost) to 52 % (A087, 26 % lost); pelvis and legs sum to 47 % of men, 53 % of women (B097, B099)",
}
.checked();

/// Friction coefficient of head on bed.
pub const HEAD_ON_BED: Parameter = Parameter {
    name: "friction of head on bed",
    value: 0.62,
    low: 0.5,
    high: 0.75,
    unit: "1",
    rows: &["A088"],
    status: Status::Seen,
    why: "12 inpatients by dynamometer; the spread is ours",
}
.checked();

/// Friction coefficient of a part carried on rollers.
pub const ON_ROLLERS: Parameter = Parameter {
    name: "friction of a sliding section",
    value: 0.02,
    low: 0.005,
    high: 0.05,
    unit: "1",
    rows: &["A091"],
    status: Status::Ours,
    why: "the source says friction is irrelevant on a split table; a roller is not nothing",
}
.checked();

/// How much of the friction under the lumbar slices works against the pull.
pub const SLICES_MOBILISED: Parameter = Parameter {
    name: "mobilised friction of lumbar slices",
    value: 0.3,
    low: 0.0,
    high: 0.8,
    unit: "1",
    rows: &["B106"],
    status: Status::Ours,
    why: "the loins hardly touch the couch and move by millimetres: anything from none to most",
}
.checked();

/// Weight of the trunk slices L1 … L5 as shares of body weight (B106, recalled).
pub const LUMBAR_SLICES: [f64; 5] = [0.024, 0.024, 0.023, 0.026, 0.026];

/// Head and neck as a share of body weight, men and women (B101, seen).
pub const HEAD_SHARE: [f64; 2] = [0.0694, 0.0668];

/// Factor on the weight of the head.
pub const HEAD_FACTOR: Parameter = Parameter {
    name: "head weight factor",
    value: 1.0,
    low: 0.85,
    high: 1.15,
    unit: "1",
    rows: &["B101", "B105"],
    status: Status::Ours,
    why: "the share includes the neck, which rests in part; the regression for men (B105) lies within 5 %",
}
.checked();

/// Mass of a man's head, kg, from mass in kg and stature in cm (B105, seen).
#[must_use]
pub fn head_mass_of_man(mass_kg: f64, height_cm: f64) -> f64 {
    1.296 + 0.0171 * mass_kg + 0.0143 * height_cm
}

/// Every parameter of this family.
pub const ALL: &[&Parameter] = &[
    &BODY_ON_COUCH,
    &LOWER_BODY,
    &HEAD_ON_BED,
    &ON_ROLLERS,
    &SLICES_MOBILISED,
    &HEAD_FACTOR,
];
