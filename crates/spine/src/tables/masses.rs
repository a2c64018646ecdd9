//! What each slice of the person weighs.
//!
//! Shares of body mass: head with neck 6.94 / 6.68 % (de Leva, B101; a man's
//! head of known stature by B105), trunk slices T1 … L5 (Pearsall, B106,
//! *recalled*), pelvis 13.66 / 15.96 %, each leg 16.68 / 18.43 %, each arm
//! 5.7 / 4.97 % (Plagenhoef, B097–B099; men / women).
//!
//! Departure. Plagenhoef's whole set sums to 108 % and is never summed here;
//! the parts taken sum to 96 % (men) and 100 % (women) with head and slices,
//! and everything but the head is scaled by one factor to the person's mass.
//! That leaves 49 % and 53 % below L5–S1 (`lower body share of weight`, the
//! axial model's range, is 47–54 %).

use crate::{Parameter, Status};

/// Slices T1 … T12, L1 … L5 as shares of body mass (B106, recalled).
pub const SLICES: [f64; 17] = [
    0.011, 0.011, 0.014, 0.013, 0.013, 0.013, 0.014, 0.015, 0.016, 0.020, 0.021, 0.025, 0.024,
    0.024, 0.023, 0.026, 0.026,
];

/// Pelvis with both legs, men and women (B097, B099).
pub const LOWER_BODY: [f64; 2] = [0.1366 + 2.0 * 0.1668, 0.1596 + 2.0 * 0.1843];

/// Both arms, men and women (B098).
pub const ARMS: [f64; 2] = [2.0 * 0.057, 2.0 * 0.0497];

/// Part of the arms that moves with T1 … T8, the height of the shoulder blade; ours.
pub const ARMS_ON: [f64; 8] = [0.1, 0.15, 0.15, 0.15, 0.15, 0.1, 0.1, 0.1];

/// Part of head with neck that is neck.
pub const NECK: Parameter = Parameter {
    name: "neck share of head and neck",
    value: 0.16,
    low: 0.08,
    high: 0.25,
    unit: "1",
    rows: &["B101"],
    status: Status::Ours,
    why: "B101 gives both together",
}
.checked();

/// Person-to-person factor on the mass of a trunk slice.
pub const SLICE_FACTOR: Parameter = Parameter {
    name: "trunk slice mass factor",
    value: 1.0,
    low: 0.75,
    high: 1.35,
    unit: "1",
    rows: &["B106"],
    status: Status::Recalled,
    why: "recalled list of one scanned group; girth differs",
}
.checked();

/// Tissue density, kg/m³, for the girth of a slice; lungs make the chest lighter.
pub const DENSITY: Parameter = Parameter {
    name: "density of the trunk",
    value: 1000.0,
    low: 800.0,
    high: 1060.0,
    unit: "kg/m3",
    rows: &[],
    status: Status::Ours,
    why: "near water; used for moments of inertia only",
}
.checked();

/// Front-to-back over side-to-side of the trunk; ours, 0.55–0.85.
pub const TRUNK_DEPTH: f64 = 0.68;

/// Half axes of the head, m (front, side, up); ours, ± 10 %.
pub const HEAD_AXES: [f64; 3] = [0.095, 0.075, 0.115];

/// Length of pelvis and legs over stature; ours, 0.5–0.58.
pub const LEGS_LENGTH: f64 = 0.54;

/// Every parameter of this family.
pub const ALL: &[&Parameter] = &[&NECK, &SLICE_FACTOR, &DENSITY];
