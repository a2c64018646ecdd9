//! Tension of the cervical segments.
//!
//! 18 preparations in tension, corrected for frame and fixation: 356 N/mm a
//! segment, 51 N/mm for the whole spine C0–T1 (B061, B062); eight segments in
//! series give 44.5 N/mm, 12 % below the whole. The bench preparations start
//! taut; the small toe of a neck at rest is ours.

use crate::{Parameter, Status};

/// Stiffness of one segment in tension.
pub const STIFFNESS: Parameter = Parameter {
    name: "cervical tension stiffness",
    value: 356e3,
    low: 200e3,
    high: 520e3,
    unit: "N/m",
    rows: &["B061"],
    status: Status::Seen,
    why: "frame-corrected mean of 18 preparations; low end below the raw 257 N/mm, high end as far above",
}
.checked();

/// Published stiffness of the whole cervical spine, N/m (B062), the check of the chain.
pub const WHOLE_STIFFNESS: f64 = 51e3;

/// Extra length of one segment that the first newtons take up.
pub const TOE: Parameter = Parameter {
    name: "cervical toe",
    value: 0.06e-3,
    low: 0.0,
    high: 0.2e-3,
    unit: "m",
    rows: &["A066"],
    status: Status::Ours,
    why: "disc spaces gain 0.24–0.29 mm under clinical traction (A066), more than 356 N/mm alone explains",
}
.checked();

/// Force over which the toe straightens.
pub const TOE_FORCE: Parameter = Parameter {
    name: "cervical toe force",
    value: 15.0,
    low: 8.0,
    high: 40.0,
    unit: "N",
    rows: &[],
    status: Status::Ours,
    why: "of the order of what first lifts the head's friction",
}
.checked();

/// Person-to-person factor on the compliance of all segments.
pub const SUBJECT_FACTOR: Parameter = Parameter {
    name: "cervical subject factor",
    value: 1.0,
    low: 0.6,
    high: 1.7,
    unit: "1",
    rows: &["B063"],
    status: Status::Ours,
    why: "no spread between people was seen; as wide as the lumbar scatter suggests",
}
.checked();

/// Level-to-level factor.
pub const LEVEL_FACTOR: Parameter = Parameter {
    name: "cervical level factor",
    value: 1.0,
    low: 0.6,
    high: 1.5,
    unit: "1",
    rows: &["B062"],
    status: Status::Ours,
    why: "the series check (12 %) allows levels to differ; no per-level value was seen",
}
.checked();

/// Every parameter of this family.
pub const ALL: &[&Parameter] = &[&STIFFNESS, &TOE, &TOE_FORCE, &SUBJECT_FACTOR, &LEVEL_FACTOR];
