//! What differs from person to person beside tension: factors on the published laws.
//!
//! A factor is 1 for the published mean; its range is read as the 5 % and 95 %
//! points over people ([`crate::unknown`]). Where a paper gives a standard
//! deviation s of a mean m, the range is 1 ± 1.645 s/m, with the low end
//! shortened so that the factor stays skewed as sizes are; where none was seen
//! the range is ours and wide.

use crate::{Parameter, Status};

/// Factor on the stiffness of discs in compression.
pub const COMPRESSION: Parameter = Parameter {
    name: "compression stiffness factor",
    value: 1.0,
    low: 0.62,
    high: 1.45,
    unit: "1",
    rows: &["B025"],
    status: Status::Derived,
    why: "1,734 N/mm with SD 446 (B025): ± 26 % a standard deviation",
}
.checked();

/// Factor on bending, torsion and shear stiffness of discs.
pub const BENDING: Parameter = Parameter {
    name: "bending stiffness factor",
    value: 1.0,
    low: 0.55,
    high: 1.8,
    unit: "1",
    rows: &["B063"],
    status: Status::Ours,
    why: "scatter between specimens exceeds every class difference (B063); no figure of it was seen",
}
.checked();

/// Factor on the stiffness of all ligaments.
pub const LIGAMENTS: Parameter = Parameter {
    name: "ligament stiffness factor",
    value: 1.0,
    low: 0.5,
    high: 1.8,
    unit: "1",
    rows: &["B126"],
    status: Status::Ours,
    why: "isolated ligaments scatter by 33–60 % (B126, recalled) and published scales differ tenfold for one of them",
}
.checked();

/// Factor on the stiffness of facet contact.
pub const FACETS: Parameter = Parameter {
    name: "facet contact stiffness factor",
    value: 1.0,
    low: 0.4,
    high: 2.5,
    unit: "1",
    rows: &[],
    status: Status::Ours,
    why: "gap and cartilage of a facet are not measured in a patient",
}
.checked();

/// Compression that resting muscle tone puts on a lumbar disc.
pub const TONE: Parameter = Parameter {
    name: "resting muscle tone",
    value: 50.0,
    low: 20.0,
    high: 120.0,
    unit: "N",
    rows: &["A012", "B014"],
    status: Status::Ours,
    why: "a lying disc carries 120–144 N (A012, B014), part of it swelling and ligaments",
}
.checked();

/// The same in a neck.
pub const CERVICAL_TONE: Parameter = Parameter {
    name: "resting muscle tone of the neck",
    value: 25.0,
    low: 10.0,
    high: 60.0,
    unit: "N",
    rows: &[],
    status: Status::Ours,
    why: "half of the lumbar tone, for a quarter of the cross-section",
}
.checked();

/// Pressure of the nucleus that swelling holds without load.
pub const SWELLING: Parameter = Parameter {
    name: "swelling pressure at rest",
    value: 60e3,
    low: 20e3,
    high: 100e3,
    unit: "Pa",
    rows: &["C031"],
    status: Status::Ours,
    why: "138 kPa in a healthy nucleus, 37 kPa in a degenerated one (C031, recalled); 100 kPa is all that lying discs hold (A012)",
}
.checked();

/// Factor k in p = k F / A.
pub const PRESSURE_FACTOR: Parameter = Parameter {
    name: "pressure factor",
    value: 1.5,
    low: 1.3,
    high: 1.55,
    unit: "1",
    rows: &["B023", "B024"],
    status: Status::Seen,
    why: "1.3–1.55 is the published prior, 1.52 one derivation of it (B023); a generic factor may miss by 44 % (B024)",
}
.checked();

/// Factor on the cross-section of discs.
pub const AREA: Parameter = Parameter {
    name: "disc area factor",
    value: 1.0,
    low: 0.8,
    high: 1.25,
    unit: "1",
    rows: &["B094"],
    status: Status::Ours,
    why: "spread around a regression by sex and size; one scan repeats to 3 % (B094)",
}
.checked();

/// Factor on the height of discs.
pub const HEIGHT: Parameter = Parameter {
    name: "disc height factor",
    value: 1.0,
    low: 0.78,
    high: 1.27,
    unit: "1",
    rows: &["B090"],
    status: Status::Derived,
    why: "8.8 mm with SD 1.4 over 130 patients (B090): ± 16 % a standard deviation",
}
.checked();

/// Factor on the stiffness of passive muscle.
pub const MUSCLE: Parameter = Parameter {
    name: "passive muscle stiffness factor",
    value: 1.0,
    low: 0.4,
    high: 2.5,
    unit: "1",
    rows: &[],
    status: Status::Ours,
    why: "build and training differ several times over; nothing was seen for traction",
}
.checked();

/// Factor on the strength of the guarding reflex.
pub const GUARDING: Parameter = Parameter {
    name: "guarding factor",
    value: 1.0,
    low: 0.2,
    high: 4.0,
    unit: "1",
    rows: &["A092", "A093"],
    status: Status::Ours,
    why: "activity during traction has a standard deviation above its mean (A092, A093)",
}
.checked();

/// Factor on the mass of the lower body.
pub const LOWER_BODY: Parameter = Parameter {
    name: "lower body mass factor",
    value: 1.0,
    low: 0.92,
    high: 1.06,
    unit: "1",
    rows: &["A086", "A087", "B097", "B099"],
    status: Status::Derived,
    why: "0.47–0.54 of the weight around the 0.51 of tables::friction::LOWER_BODY",
}
.checked();

/// Factor on the creep of a cervical segment.
pub const CERVICAL_CREEP: Parameter = Parameter {
    name: "cervical creep factor",
    value: 1.0,
    low: 0.0,
    high: 3.0,
    unit: "1",
    rows: &[],
    status: Status::Ours,
    why: "the range 1.0–2.2 of tables::creep::CERVICAL_RATIO, less 1, over its 0.4",
}
.checked();

/// Every parameter of this family.
pub const ALL: &[&Parameter] = &[
    &COMPRESSION,
    &BENDING,
    &LIGAMENTS,
    &FACETS,
    &TONE,
    &CERVICAL_TONE,
    &SWELLING,
    &PRESSURE_FACTOR,
    &AREA,
    &HEIGHT,
    &MUSCLE,
    &GUARDING,
    &LOWER_BODY,
    &CERVICAL_CREEP,
];
