//! The pulls that the lumped patient is fitted on.
//!
//! ```text
//! 0 ─2 s─▶ contact ─10 s─▶ F, held 20 min ─10 s─▶ contact, 10 min
//! ```

use crate::learn::Session;
use crate::world::Pull;
use si::{Newtons, Radians, Region, Seconds};

/// Time to contact, time of a ramp, hold and rest, s.
const TOUCH: f64 = 2.0;
const RAMP: f64 = 10.0;
const HOLD: f64 = 1_200.0;
const REST: f64 = 600.0;

/// One steady pull with its release.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Course {
    contact: f64,
    force: f64,
}

impl Course {
    /// A quarter, a half, three quarters and all of the region's common force.
    pub(super) fn fitted(region: Region) -> [Self; 4] {
        let common = Session::common(region);
        [0.25, 0.5, 0.75, 1.0].map(|share| Self {
            contact: common.contact,
            force: share * common.force,
        })
    }

    pub(super) const fn duration(&self) -> f64 {
        TOUCH + RAMP + HOLD + RAMP + REST
    }

    /// Where it is looked at, s.
    pub(super) const fn told(&self) -> [f64; 10] {
        let (held, free) = (TOUCH + RAMP, TOUCH + RAMP + HOLD + RAMP);
        [
            TOUCH,
            TOUCH + 0.5 * RAMP,
            held,
            held + 60.0,
            held + 300.0,
            held + HOLD,
            free - 0.5 * RAMP,
            free,
            free + 60.0,
            free + REST,
        ]
    }
}

impl Pull for Course {
    fn tension(&self, t: Seconds) -> Newtons {
        let t = t.get();
        let corners = [
            (0.0, 0.0),
            (TOUCH, self.contact),
            (TOUCH + RAMP, self.force),
            (TOUCH + RAMP + HOLD, self.force),
            (TOUCH + RAMP + HOLD + RAMP, self.contact),
            (self.duration(), self.contact),
        ];
        let piece = corners.windows(2).find(|pair| t <= pair[1].0);
        Newtons::raw(piece.map_or(self.contact, |pair| {
            let way = (t - pair[0].0) / (pair[1].0 - pair[0].0);
            pair[0].1 + way * (pair[1].1 - pair[0].1)
        }))
    }

    fn angle(&self) -> Radians {
        Radians::ZERO
    }
}
