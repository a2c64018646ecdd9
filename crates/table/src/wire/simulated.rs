//! What may be done to a simulated table from outside.

use super::fault::{Fault, FaultKind, FaultName};
use serde::{Deserialize, Serialize};

/// Something done to a simulated table from outside.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", tag = "what")]
pub enum Simulated {
    /// The patient presses or releases the switch.
    Switch {
        /// Pressed, or let go.
        pressed: bool,
    },
    /// A fault begins or ends.
    Fault {
        /// Which.
        fault: FaultName,
        /// Begins, or ends.
        on: bool,
    },
    /// A fault with its size and times begins.
    Inject {
        /// The fault.
        fault: Fault,
    },
    /// The patient sets the discomfort on the control of his own.
    Comfort {
        /// 0–10, higher is worse.
        score: u8,
    },
    /// Every fault of this kind ends; what broke stays broken.
    Mend {
        /// Its kind.
        fault: FaultKind,
    },
    /// Somebody stands on the foot switch of the couch, or steps off it.
    FootSwitch {
        /// Which axis it drives.
        axis: Axis,
        /// Up, down or off.
        way: Way,
    },
}

/// An axis of the couch.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Axis {
    /// Its height.
    Height,
    /// Its tilt; up lifts the head.
    Tilt,
}

/// Which way a foot switch is pressed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Way {
    /// Up.
    Up,
    /// Down.
    Down,
    /// Not at all.
    Off,
}
