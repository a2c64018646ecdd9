//! The session a spine is learned from: its pull, and where travel is read.
//!
//! ```text
//! contact ─ramp─▶ hold ─▶ base ─▶ hold … last hold ─ramp─▶ contact, resting
//!   0   ½  1   2       3                         4    ½'    5         6
//! ```
//!
//! Straight ramps; the pull never goes below the contact force, at which the
//! slack is taken up. A recorded session is reduced with the same marks: travel
//! is read where the recording passes them.

use super::{FEATURES, Features, LearnError};
use crate::lumped::Pull;
use si::{Newtons, Radians, Region, Seconds};

/// Where travel is read.
pub const MARKS: usize = 9;

/// Time into the first hold at which the reach is read, s: the load cells have settled.
const SETTLED: f64 = 5.0;
/// Time over which the pull comes up to contact, s.
const TOUCH: f64 = 2.0;

/// An instant at which travel is read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(usize)]
pub enum Mark {
    /// The slack is taken up.
    Contact,
    /// Half of the force, going up for the first time.
    HalfUp,
    /// Full force for the first time.
    Full,
    /// 5 s into the first hold.
    Early,
    /// The first hold ends.
    Late,
    /// The last hold ends.
    Last,
    /// Half of the force, letting go for the last time.
    HalfDown,
    /// Back at the contact force.
    Released,
    /// The rest after release ends.
    After,
}

/// An intermittent session; one cycle is a static one.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Session {
    /// Force at which the slack is taken up, N.
    pub contact: f64,
    /// Force of the holds, N.
    pub force: f64,
    /// Force of the rests between them, N.
    pub base: f64,
    /// Time of each ramp, s.
    pub ramp: f64,
    /// Time of each hold, s.
    pub hold: f64,
    /// Time of each rest, s.
    pub rest: f64,
    /// Holds.
    pub cycles: u32,
    /// Time at the contact force after release, s.
    pub after: f64,
    /// Angle of the pull, rad.
    pub angle: f64,
}

impl Session {
    /// A common session of a region: 300 N (lumbar) or 100 N (cervical), six
    /// holds of 60 s, rests of 20 s at a third, three minutes of rest after.
    #[must_use]
    pub const fn common(region: Region) -> Self {
        let (force, base) = match region {
            Region::Lumbar => (300.0, 100.0),
            Region::Cervical => (100.0, 40.0),
        };
        Self {
            contact: 10.0,
            force,
            base,
            ramp: 10.0,
            hold: 60.0,
            rest: 20.0,
            cycles: 6,
            after: 180.0,
            angle: 0.0,
        }
    }

    /// The session if its numbers are ones the features are stated for.
    ///
    /// # Errors
    /// A force or time outside its range.
    pub fn checked<E>(self) -> Result<Self, LearnError<E>> {
        let ranges = [
            ("contact", self.contact, (1.0, 50.0)),
            ("force", self.force, (2.0 * self.contact, 1000.0)),
            ("base", self.base, (self.contact, self.force)),
            ("ramp", self.ramp, (0.5, 120.0)),
            ("hold", self.hold, (2.0 * SETTLED, 3600.0)),
            ("rest", self.rest, (0.5, 3600.0)),
            ("cycles", f64::from(self.cycles), (1.0, 200.0)),
            ("after", self.after, (1.0, 3600.0)),
        ];
        for (place, value, range) in ranges {
            if !(range.0..=range.1).contains(&value) {
                return Err(LearnError::Session {
                    place,
                    value,
                    range,
                });
            }
        }
        Ok(self)
    }

    /// One hold and the way to the next, s.
    fn cycle(&self) -> f64 {
        self.hold + self.ramp + self.rest + self.ramp
    }

    /// When the last hold ends, s.
    fn last(&self) -> f64 {
        TOUCH + self.ramp + self.cycle() * f64::from(self.cycles.saturating_sub(1)) + self.hold
    }

    /// How long it takes, s.
    #[must_use]
    pub fn duration(&self) -> f64 {
        self.last() + self.ramp + self.after
    }

    /// When travel is read, s, in the order of [`Mark`]; rising.
    #[must_use]
    pub fn instants(&self) -> [f64; MARKS] {
        let full = TOUCH + self.ramp;
        let last = self.last();
        [
            TOUCH,
            TOUCH + 0.5 * self.ramp,
            full,
            full + SETTLED,
            full + self.hold,
            last,
            last + 0.5 * self.ramp,
            last + self.ramp,
            last + self.ramp + self.after,
        ]
    }

    /// Ends of the straight pieces of the pull: time in s and force in N.
    pub(super) fn corners(&self) -> impl Iterator<Item = (f64, f64)> + '_ {
        let holds = (0..self.cycles).flat_map(|cycle| {
            let from = TOUCH + self.ramp + self.cycle() * f64::from(cycle);
            let until = from + self.hold;
            let between = [
                (from, self.force),
                (until, self.force),
                (until + self.ramp, self.base),
                (until + self.ramp + self.rest, self.base),
            ];
            let count = if cycle + 1 < self.cycles { 4 } else { 2 };
            between.into_iter().take(count)
        });
        [(0.0, 0.0), (TOUCH, self.contact)]
            .into_iter()
            .chain(holds)
            .chain([
                (self.last() + self.ramp, self.contact),
                (self.duration(), self.contact),
            ])
    }

    /// The features from the travel at the marks, m.
    #[must_use]
    pub fn features(travel: &[f64; MARKS]) -> Features {
        let at = |mark: Mark| travel[mark as usize];
        let between = |to, from| at(to) - at(from);
        let features: [f64; FEATURES] = [
            between(Mark::Early, Mark::Contact),
            between(Mark::Full, Mark::HalfUp),
            between(Mark::Late, Mark::Early),
            between(Mark::Last, Mark::Early),
            between(Mark::HalfDown, Mark::HalfUp),
            between(Mark::Released, Mark::Contact),
            between(Mark::Released, Mark::After),
        ];
        Features(features)
    }
}

impl Pull for Session {
    fn tension(&self, t: Seconds) -> Newtons {
        let t = t.get();
        let mut before = (0.0, 0.0);
        for corner in self.corners() {
            if t <= corner.0 {
                let way = if corner.0 > before.0 {
                    (t - before.0) / (corner.0 - before.0)
                } else {
                    1.0
                };
                return Newtons::raw(before.1 + way * (corner.1 - before.1));
            }
            before = corner;
        }
        Newtons::raw(self.contact)
    }

    fn angle(&self) -> Radians {
        Radians::raw(self.angle)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_marks_lie_where_the_pull_is_what_they_say() {
        let session = Session::common(Region::Lumbar);
        let pull = session
            .instants()
            .map(|t| session.tension(Seconds::of(t)).get());
        let told = [10.0, 155.0, 300.0, 300.0, 300.0, 300.0, 155.0, 10.0, 10.0];
        for (pull, told) in pull.iter().zip(told) {
            assert!((pull - told).abs() < 1e-9, "{pull} {told}");
        }
        assert_eq!(session.instants()[8], session.duration());
    }

    #[test]
    fn a_session_that_cannot_be_read_is_refused_by_place_and_value() {
        let session = Session {
            hold: 3.0,
            ..Session::common(Region::Lumbar)
        };
        let told = session
            .checked::<crate::lumped::ColumnError>()
            .expect_err("too short")
            .to_string();
        assert!(
            told.starts_with("session.hold: 3 is outside 10 to 3600"),
            "{told}"
        );
    }
}
