//! How a body rests on a couch, what holds its other end, where a harness takes hold.
//!
//! No measurement was found for any of it; all is ours, with wide ranges. None
//! of it decides what a level opens by: the stick travel is short beside what a
//! spine gives, so that what friction takes is its limit (A085–A088).

use crate::{Parameter, Status};

/// How deep a resting slice sinks into the couch under its own weight.
pub const SINK: Parameter = Parameter {
    name: "sink of the body into the couch",
    value: 15e-3,
    low: 5e-3,
    high: 40e-3,
    unit: "m",
    rows: &[],
    status: Status::Ours,
    why: "upholstery and flesh together give by one to a few centimetres",
}
.checked();

/// How far a bone shifts over the couch before its skin slides.
pub const STICK_TRAVEL: Parameter = Parameter {
    name: "stick travel on the couch",
    value: 1.0e-3,
    low: 0.3e-3,
    high: 3e-3,
    unit: "m",
    rows: &[],
    status: Status::Ours,
    why: "skin shears by more, but the published loss (A086) is that of a body that slides: short beside a spine's elongation",
}
.checked();

/// Stiffness of the thoracic harness that holds the trunk to the couch.
pub const THORACIC_HARNESS: Parameter = Parameter {
    name: "thoracic harness stiffness",
    value: 40e3,
    low: 20e3,
    high: 100e3,
    unit: "N/m",
    rows: &[],
    status: Status::Ours,
    why: "stiffer than both belts in series, whose stiffness the harness table gives",
}
.checked();

/// Stiffness of the posts under the armpits.
pub const AXILLARY_POSTS: Parameter = Parameter {
    name: "axillary posts stiffness",
    value: 20e3,
    low: 8e3,
    high: 60e3,
    unit: "N/m",
    rows: &[],
    status: Status::Ours,
    why: "rigid posts under flesh and a mobile shoulder girdle",
}
.checked();

/// Stiffness with which the shoulders hold the trunk in a cervical pull.
pub const SHOULDERS: Parameter = Parameter {
    name: "shoulders on the couch stiffness",
    value: 8e3,
    low: 3e3,
    high: 25e3,
    unit: "N/m",
    rows: &[],
    status: Status::Ours,
    why: "arms and shoulder girdle lie beside the trunk and move with it by a part",
}
.checked();

/// How far behind the centre of S1's body the line of a pelvic pull passes.
pub const PELVIC_BEHIND: Parameter = Parameter {
    name: "line of the pelvic pull behind S1",
    value: 20e-3,
    low: 0.0,
    high: 60e-3,
    unit: "m",
    rows: &[],
    status: Status::Ours,
    why: "straps of a pelvic belt run to its back; from beside the hips to the buttocks",
}
.checked();

/// How far below the centre of S1's body the straps leave a pelvic belt.
pub const PELVIC_BELOW: Parameter = Parameter {
    name: "pelvic pull below S1",
    value: 60e-3,
    low: 20e-3,
    high: 120e-3,
    unit: "m",
    rows: &["A091"],
    status: Status::Ours,
    why: "the belt lies on the crests, but its straps bear on the buttocks: a lifted rope bends the loins forward (A091)",
}
.checked();

/// Share of a halter's force that the strap under the occiput takes.
pub const OCCIPUT_SHARE: Parameter = Parameter {
    name: "occipital share of the halter",
    value: 0.6,
    low: 0.4,
    high: 0.85,
    unit: "1",
    rows: &[],
    status: Status::Ours,
    why: "halters are adjusted to pull at the occiput and spare the jaw",
}
.checked();

/// Where the occipital strap takes hold, from the head's centre of mass: (anterior, cranial), m, ours.
pub const OCCIPUT: [f64; 2] = [-0.085, -0.035];

/// Where the strap under the jaw takes hold, from the head's centre of mass: (anterior, cranial), m, ours.
pub const MANDIBLE: [f64; 2] = [0.070, -0.090];

/// Tension at which a pelvic belt begins to slip over the crests.
pub const BELT_GRIP: Parameter = Parameter {
    name: "grip of the pelvic belt",
    value: 600.0,
    low: 300.0,
    high: 1200.0,
    unit: "N",
    rows: &[],
    status: Status::Ours,
    why: "a well-laid belt holds through treatment, a loose one does not",
}
.checked();

/// Tension at which a halter begins to slip.
pub const HALTER_GRIP: Parameter = Parameter {
    name: "grip of the halter",
    value: 250.0,
    low: 120.0,
    high: 400.0,
    unit: "N",
    rows: &[],
    status: Status::Ours,
    why: "beyond any cervical treatment when it fits",
}
.checked();

/// How much more a belt holds for every metre that it has slipped.
pub const GRIP_HARDENING: Parameter = Parameter {
    name: "hardening of a slipping belt",
    value: 8e3,
    low: 3e3,
    high: 20e3,
    unit: "N/m",
    rows: &[],
    status: Status::Ours,
    why: "a belt tightens as it rides down the pelvis",
}
.checked();

/// Every parameter of this family.
pub const ALL: &[&Parameter] = &[
    &SINK,
    &STICK_TRAVEL,
    &THORACIC_HARNESS,
    &AXILLARY_POSTS,
    &SHOULDERS,
    &PELVIC_BEHIND,
    &PELVIC_BELOW,
    &OCCIPUT_SHARE,
    &BELT_GRIP,
    &HALTER_GRIP,
    &GRIP_HARDENING,
];
