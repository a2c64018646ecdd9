//! The facet joints: how they face, how stiff their contact is.
//!
//! The reference table has no row on facet geometry or contact stiffness; it
//! says that models differ most of all in facet force (E017). All values are
//! ours, from the textbook picture of each region: lumbar facets nearly
//! sagittal, cervical ones at 45°, thoracic ones coronal. Shear (B055) and
//! rotational stiffness (B056) of whole segments bound the contact stiffness.

use super::ours;
use crate::{Parameter, Status};

const ANGLE: &str =
    "textbook picture: nearly sagittal at L1, turning towards coronal at the sacrum";

/// Angle of the facet's plane from the sagittal plane, L1–L2 … L5–S1, rad.
pub const LUMBAR_TURN: [Parameter; 5] = [
    ours("facet turn L1–L2", [0.47, 0.25, 0.75], "rad", ANGLE),
    ours("facet turn L2–L3", [0.52, 0.28, 0.80], "rad", ANGLE),
    ours("facet turn L3–L4", [0.65, 0.38, 0.95], "rad", ANGLE),
    ours("facet turn L4–L5", [0.79, 0.50, 1.10], "rad", ANGLE),
    ours("facet turn L5–S1", [0.91, 0.60, 1.25], "rad", ANGLE),
];

/// The same for T12–L1, the first of lumbar shape.
pub const JUNCTION_TURN: Parameter = ours("facet turn T12–L1", [0.47, 0.2, 0.8], "rad", ANGLE);

/// The same for T1–T2 … T11–T12.
pub const THORACIC_TURN: Parameter = ours(
    "facet turn thoracic",
    [1.75, 1.4, 2.0],
    "rad",
    "textbook picture: coronal, the plates facing slightly outwards",
);

/// The same for the neck.
pub const CERVICAL_TURN: Parameter = ours(
    "facet turn cervical",
    [1.57, 1.3, 1.9],
    "rad",
    "textbook picture: coronal",
);

/// Angle of the facet's plane from the plane of the disc, lumbar, rad.
pub const LUMBAR_RISE: Parameter = ours(
    "facet rise lumbar",
    [1.45, 1.19, 1.57],
    "rad",
    "textbook picture: upright; what it leans carries a few per cent of compression",
);

/// The same, thoracic.
pub const THORACIC_RISE: Parameter = ours(
    "facet rise thoracic",
    [1.05, 0.8, 1.4],
    "rad",
    "textbook picture: 60°",
);

/// The same, cervical.
pub const CERVICAL_RISE: Parameter = ours(
    "facet rise cervical",
    [0.79, 0.5, 1.1],
    "rad",
    "textbook picture: 45°",
);

/// Stiffness of one facet's contact beyond its toe, N/m.
pub const STIFFNESS: Parameter = Parameter {
    name: "facet contact stiffness",
    value: 150e3,
    low: 60e3,
    high: 600e3,
    unit: "N/m",
    rows: &["B055", "B056"],
    status: Status::Ours,
    why: "no row on contact; with it two facets stay inside the published shear (53–140 N/mm) and rotational stiffness (6–11 N m/°) of a segment, in which discs share",
}
.checked();

/// Approach over which cartilage and the play of the joint are used up, m.
pub const TOE: Parameter = ours(
    "facet contact toe",
    [1.0e-3, 0.3e-3, 1.6e-3],
    "m",
    "thickness of two layers of cartilage",
);

/// Force of one facet at rest as a share of the compression that muscle tone puts on a disc.
pub const REST_SHARE: Parameter = ours(
    "facet share of resting compression",
    [0.05, 0.0, 0.15],
    "1",
    "lying, the plates touch lightly; a pull takes them apart",
);

/// Every parameter of this family.
pub const ALL: &[&Parameter] = &[
    &LUMBAR_TURN[0],
    &LUMBAR_TURN[1],
    &LUMBAR_TURN[2],
    &LUMBAR_TURN[3],
    &LUMBAR_TURN[4],
    &JUNCTION_TURN,
    &THORACIC_TURN,
    &CERVICAL_TURN,
    &LUMBAR_RISE,
    &THORACIC_RISE,
    &CERVICAL_RISE,
    &STIFFNESS,
    &TOE,
    &REST_SHARE,
];
