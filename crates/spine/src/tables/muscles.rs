//! Passive muscle across one joint, and where its pull acts.
//!
//! No row gives a stiffness. What is known is indirect: a session of traction
//! leaves the tone of the back as it was (A103), and the psoas thins by 5.7 %
//! under a pull (A051), so muscle follows the bones and is stretched with them.
//! All values are ours: modulus of relaxed muscle (some 50 kPa) times
//! cross-section (some 25 cm² of back muscle, 15 cm² of psoas a side) over the
//! height of one joint (40 mm) gives 3 and 2 N/mm a side.

use super::ours;
use crate::{Parameter, Status};

const INDIRECT: &[&str] = &["A051", "A103"];

const fn passive(name: &'static str, [value, low, high]: [f64; 3]) -> Parameter {
    Parameter {
        name,
        value,
        low,
        high,
        unit: "N/m",
        rows: INDIRECT,
        status: Status::Ours,
        why: "modulus of relaxed muscle times cross-section over the joint's height; the rows only say that muscle is stretched and that its tone does not change",
    }
    .checked()
}

/// Back muscle beyond its toe, one side, lumbar.
pub const LUMBAR_BACK: Parameter = passive("lumbar back muscle", [3.0e3, 1.0e3, 10.0e3]);
/// Psoas beyond its toe, one side.
pub const PSOAS: Parameter = passive("psoas", [2.0e3, 0.5e3, 6.0e3]);
/// Back muscle, one side, thoracic.
pub const THORACIC_BACK: Parameter = passive("thoracic back muscle", [2.0e3, 0.5e3, 8.0e3]);
/// Neck muscle behind, one side.
pub const CERVICAL_BACK: Parameter = passive("neck muscle behind", [1.5e3, 0.4e3, 6.0e3]);
/// Neck muscle in front, one side.
pub const CERVICAL_FRONT: Parameter = passive("neck muscle in front", [0.5e3, 0.1e3, 2.0e3]);

/// Stretch of one joint over which muscle straightens, m.
pub const TOE: Parameter = ours(
    "muscle toe",
    [3.0e-3, 1.0e-3, 8.0e-3],
    "m",
    "a few per cent to a fifth of the joint's height",
);

/// How far into the toe muscle is at rest.
pub const AT_REST: Parameter = ours(
    "muscle at rest, share of its toe",
    [0.3, 0.0, 0.8],
    "1",
    "lying, muscle is neither slack nor stretched",
);

const PLACE: &str = "textbook cross-sections; the line of pull moves with posture";

/// Back muscle behind the disc's centre, as a share of the spinous tips' distance.
pub const BACK_PLACE: Parameter = ours("back muscle, behind", [0.7, 0.5, 0.9], "1", PLACE);
/// Back muscle from the midline, as a share of the disc's width.
pub const BACK_ASIDE: Parameter = ours("back muscle, aside", [0.6, 0.3, 0.9], "1", PLACE);
/// Psoas and front muscles of the neck from the midline, as a share of the disc's width.
pub const FRONT_ASIDE: Parameter = ours("front muscle, aside", [0.85, 0.4, 1.0], "1", PLACE);

/// Where the net force of guarding acts, as a share of the back muscle's distance.
pub const GUARD_PLACE: Parameter = ours(
    "guarding, behind",
    [0.4, 0.0, 1.0],
    "1",
    "front and back muscle tighten together: between the disc's centre and the back muscle",
);

/// Every parameter of this family.
pub const ALL: &[&Parameter] = &[
    &LUMBAR_BACK,
    &PSOAS,
    &THORACIC_BACK,
    &CERVICAL_BACK,
    &CERVICAL_FRONT,
    &TOE,
    &AT_REST,
    &BACK_PLACE,
    &BACK_ASIDE,
    &FRONT_ASIDE,
    &GUARD_PLACE,
];
