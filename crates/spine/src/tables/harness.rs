//! Straps, belts and the flesh under them, between the load cell and the spine.
//!
//! No published curve was found; all of it is ours and serves the simulated
//! table: how far the carriage moves for a force. It never enters an opening.

use crate::{Parameter, Status};

/// Stiffness of pelvic and thoracic belts with the flesh under them, beyond their toe.
pub const LUMBAR_STIFFNESS: Parameter = Parameter {
    name: "lumbar harness stiffness",
    value: 12e3,
    low: 6e3,
    high: 25e3,
    unit: "N/m",
    rows: &[],
    status: Status::Ours,
    why: "a pull of 300 N moves a carriage by some centimetres",
}
.checked();

/// Extra travel that the first newtons take up.
pub const LUMBAR_TOE: Parameter = Parameter {
    name: "lumbar harness toe",
    value: 12e-3,
    low: 5e-3,
    high: 25e-3,
    unit: "m",
    rows: &[],
    status: Status::Ours,
    why: "belts bed into flesh before they pull",
}
.checked();

/// Stiffness of a cervical halter with the jaw and scalp under it.
pub const CERVICAL_STIFFNESS: Parameter = Parameter {
    name: "cervical harness stiffness",
    value: 10e3,
    low: 5e3,
    high: 20e3,
    unit: "N/m",
    rows: &[],
    status: Status::Ours,
    why: "a pull of 80 N moves a halter by about a centimetre",
}
.checked();

/// Extra travel that the first newtons take up in a halter.
pub const CERVICAL_TOE: Parameter = Parameter {
    name: "cervical harness toe",
    value: 5e-3,
    low: 2e-3,
    high: 10e-3,
    unit: "m",
    rows: &[],
    status: Status::Ours,
    why: "padding of the halter",
}
.checked();

/// Force over which the toe of either harness straightens.
pub const TOE_FORCE: Parameter = Parameter {
    name: "harness toe force",
    value: 20.0,
    low: 10.0,
    high: 40.0,
    unit: "N",
    rows: &[],
    status: Status::Ours,
    why: "the force at which a table is said to have taken up the slack",
}
.checked();

/// Share by which harness and flesh go on stretching under a steady pull.
pub const CREEP: Parameter = Parameter {
    name: "harness creep",
    value: 0.12,
    low: 0.05,
    high: 0.25,
    unit: "1",
    rows: &[],
    status: Status::Ours,
    why: "force sags at a fixed carriage and a controller must follow",
}
.checked();

/// Time constant of that stretching.
pub const CREEP_TIME: Parameter = Parameter {
    name: "harness creep time",
    value: 90.0,
    low: 40.0,
    high: 240.0,
    unit: "s",
    rows: &[],
    status: Status::Ours,
    why: "belts settle within the first minutes",
}
.checked();

/// Every parameter of this family.
pub const ALL: &[&Parameter] = &[
    &LUMBAR_STIFFNESS,
    &LUMBAR_TOE,
    &CERVICAL_STIFFNESS,
    &CERVICAL_TOE,
    &TOE_FORCE,
    &CREEP,
    &CREEP_TIME,
];
