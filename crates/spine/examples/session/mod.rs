//! The session that figures of the column are about, and the person who has it.

use si::{Kilograms, Newtons, Radians, Region, Seconds};
use spine::anatomy::{Measured, Posture};
use spine::column::{Comfort, Setting, Subject};
use spine::lumped::Patient;
use spine::world::{Position, Pull, Support};

/// Fifteen cycles of 60 s and 20 s between 260 and 90 N, the changes ramps of 10 s inside
/// them, the first from nothing.
pub(crate) struct Session;

impl Pull for Session {
    fn tension(&self, t: Seconds) -> Newtons {
        let (t, cycle) = (t.get() % 80.0, (t.get() / 80.0).floor() * 10.0);
        let share = (t / 10.0).min((70.0 - t) / 10.0).clamp(0.0, 1.0);
        Newtons::of((90.0 + 170.0 * share).min(26.0 * t.max(cycle)))
    }

    fn angle(&self) -> Radians {
        Radians::ZERO
    }
}

/// A relaxed person on a split couch.
pub(crate) const SETTING: Setting = Setting {
    region: Region::Lumbar,
    support: Support::level(true),
    comfort: Comfort {
        pain: 0.0,
        effort: 0.0,
    },
};

/// A person of 46 years and 71 kg on the back.
pub(crate) fn subject() -> Subject {
    let patient = Patient {
        sex: None,
        age_years: 46.0,
        height: None,
        mass: Kilograms::of(71.0),
    };
    let posture = Posture::neutral(Position::Supine);
    Subject::new(&patient, &posture, &Measured::default()).expect("a common patient")
}
