//! A pull, as the column sees it: a tension in time at one angle.

use crate::ColumnError;
use si::{Metres, Newtons, Radians, Seconds};

/// Whatever pulls: a profile, a recording, a constant.
pub trait Pull {
    /// Tension at the load cells `t` after the start; never negative.
    fn tension(&self, t: Seconds) -> Newtons;

    /// Angle of the pull from the couch's plane, positive towards flexion.
    fn angle(&self) -> Radians;
}

/// The same pull all the time.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Steady {
    /// Tension at the load cells.
    pub tension: Newtons,
    /// Angle from the couch's plane, positive towards flexion.
    pub angle: Radians,
}

impl Pull for Steady {
    fn tension(&self, _: Seconds) -> Newtons {
        self.tension
    }

    fn angle(&self) -> Radians {
        self.angle
    }
}

/// The pull at one instant.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Load {
    /// Tension at the load cells.
    pub tension: Newtons,
    /// Angle from the couch's plane, positive towards flexion (−45° to 60°).
    pub angle: Radians,
}

impl Load {
    /// A pull along the couch.
    #[must_use]
    pub const fn along(tension: Newtons) -> Self {
        Self {
            tension,
            angle: Radians::ZERO,
        }
    }

    pub(crate) fn check_angle(angle: Radians) -> Result<(), ColumnError> {
        ColumnError::check("pull.angle", angle.degrees(), (-45.0, 60.0), "deg").map(drop)
    }
}

/// What the carriage of a table does to the harness at one instant.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Carriage {
    /// Travel from where the harness was put on; the first `slack` of it pulls nothing.
    pub travel: Metres,
    /// Angle of the pull, as in [`Load`].
    pub angle: Radians,
}
