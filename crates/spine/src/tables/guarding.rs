//! Guarding: how much, how fast, and how soon it fades.
//!
//! Cholewicki 2009: relaxed subjects under traction rise from about 0.1 to about
//! 1 % of maximal voluntary activation (A092–A097), whatever the angle (A098),
//! less under a constant pull than under a sinusoidal one (A099). Patients with
//! back pain: about 4 % (A100, second-hand). The first rise is gone after 4–6 min
//! (A101, second-hand).

use super::ours;
use crate::{Parameter, Status};

/// Activation that a strong, steady, fresh pull draws from a relaxed person.
pub const STRETCH_GAIN: Parameter = Parameter {
    name: "guarding, of stretch",
    value: 0.010,
    low: 0.002,
    high: 0.03,
    unit: "1",
    rows: &["A092", "A093"],
    status: Status::Derived,
    why: "1.06 and 0.84 % MVA over the back with standard deviations as large (1.65, 1.06); the range follows them",
}
.checked();

/// Activation that a fast change of load adds.
pub const RATE_GAIN: Parameter = Parameter {
    name: "guarding, of load rate",
    value: 0.006,
    low: 0.001,
    high: 0.02,
    unit: "1",
    rows: &["A099"],
    status: Status::Ours,
    why: "a constant pull activates less than a sinusoidal one; by how much was not seen",
}
.checked();

/// Tension at which the reflex of stretch is half of its most, N.
pub const STRETCH_HALF: Parameter = ours(
    "guarding, half stretch",
    [60.0, 20.0, 150.0],
    "N",
    "well inside therapeutic pulls, so that all of them show the published activation",
);

/// Load rate at which the reflex of rate is half of its most, N/s.
pub const RATE_HALF: Parameter = ours(
    "guarding, half rate",
    [20.0, 5.0, 80.0],
    "N/s",
    "of the order of the ramps of motorised tables",
);

/// Factor that one point of pain (0–10) adds to the reflex.
pub const PAIN_GAIN: Parameter = Parameter {
    name: "guarding, of pain",
    value: 0.6,
    low: 0.2,
    high: 1.2,
    unit: "1",
    rows: &["A100", "A093"],
    status: Status::Ours,
    why: "about 4 % in patients against 1 % in relaxed subjects, if those patients had 5 points of pain (not stated)",
}
.checked();

/// Time constant with which the reflex fades under a pull, s.
pub const FADE_TIME: Parameter = Parameter {
    name: "guarding, fading",
    value: 100.0,
    low: 80.0,
    high: 120.0,
    unit: "s",
    rows: &["A101"],
    status: Status::Derived,
    why: "4–6 min until the rise is gone, read as three time constants",
}
.checked();

/// Time constant with which it comes back once the pull is off, s.
pub const RETURN_TIME: Parameter = ours(
    "guarding, return",
    [300.0, 60.0, 900.0],
    "s",
    "not measured; slower than fading, or intermittent pulls would startle each time",
);

/// Tension above which there is something to get used to, N (half point).
pub const FADE_HALF: Parameter = ours(
    "guarding, half fading",
    [10.0, 3.0, 30.0],
    "N",
    "small against any therapeutic pull: fading then depends on time alone",
);

/// Share of the reflex of rate that fades as well.
pub const RATE_FADE: Parameter = Parameter {
    name: "guarding, fading of the rate's share",
    value: 0.5,
    low: 0.2,
    high: 1.0,
    unit: "1",
    rows: &["A099"],
    status: Status::Ours,
    why: "sinusoidal pulls keep more activity than constant ones",
}
.checked();

/// Time constant of contraction and relaxation, s.
pub const CONTRACTION_TIME: Parameter = ours(
    "muscle activation",
    [0.2, 0.1, 0.5],
    "s",
    "electromechanical delay and rise of trunk muscle; slow against a reflex, fast against a ramp",
);

const STRENGTH: &str =
    "maximal moments of a few hundred N m over arms of some 6 cm, front and back together; no row";

/// Axial force of all muscle across a lumbar joint at full activation, N.
pub const LUMBAR_FORCE: Parameter = ours(
    "lumbar muscle force",
    [3000.0, 1500.0, 5000.0],
    "N",
    STRENGTH,
);
/// The same, thoracic.
pub const THORACIC_FORCE: Parameter = ours(
    "thoracic muscle force",
    [2000.0, 800.0, 4000.0],
    "N",
    STRENGTH,
);
/// The same, neck.
pub const CERVICAL_FORCE: Parameter =
    ours("neck muscle force", [600.0, 250.0, 1200.0], "N", STRENGTH);

/// Every parameter of this family.
pub const ALL: &[&Parameter] = &[
    &STRETCH_GAIN,
    &RATE_GAIN,
    &STRETCH_HALF,
    &RATE_HALF,
    &PAIN_GAIN,
    &FADE_TIME,
    &RETURN_TIME,
    &FADE_HALF,
    &RATE_FADE,
    &CONTRACTION_TIME,
    &LUMBAR_FORCE,
    &THORACIC_FORCE,
    &CERVICAL_FORCE,
];
