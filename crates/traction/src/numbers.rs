//! The numbers of each region that controller and guard go by, tied together at
//! compile time.
//!
//! Sources: CLINICAL §5 (cervical overshoot, disagreement, guarding, release)
//! and devices §4b (lumbar, freshness, plausibility); what neither gives is
//! marked (ours). A change here changes a hazard: say which.

use crate::Ticks;
use crate::limits;
use si::{Metres, Newtons, NewtonsPerMetre, NewtonsPerSecond, Region};

/// A release ends below this force (CLINICAL §5).
pub const RELEASED: Newtons = Newtons::of(20.0);
/// The second channel removes torque this long after a release began (CLINICAL §5).
pub const RELEASE_TIME: Ticks = Ticks::from_secs(5);
/// The release is planned to be over after this time, s (CLINICAL §5: (F − 20)/4.5).
pub const PLANNED_RELEASE_S: f64 = 4.5;
/// Longest pause (devices H27).
pub const LONGEST_PAUSE: Ticks = Ticks::from_secs(120);
/// The two acts of a resume lie at most this far apart (CLINICAL §5).
pub const RESUME_WINDOW: Ticks = Ticks::from_secs(30);
/// No start unless the switch was pressed and released within this time (devices §4b 6).
pub const SWITCH_TEST: Ticks = Ticks::from_secs(600);
/// A doubtful switch counts as pressed after this time (CLINICAL §5, devices H11).
pub const SWITCH_DOUBT: Ticks = Ticks::from_ms(50);
/// A sample older than this allows no increase, ms (devices §4b 8).
pub const STALE_MS: u32 = 30;
/// A sample older than this unloads, ms (devices §4b 8).
pub const LOST_MS: u32 = 100;
/// A tick that begins later than this is reported, ms (devices §4b 8).
pub const SLOW_MS: u16 = 20;
/// A tick that begins later than this unloads, ms (devices §4b 8).
pub const LATE_MS: u16 = 100;
/// A heartbeat older than this allows no increase, ms (devices §4b 7).
pub const LINK_LATE_MS: u32 = 1000;
/// A heartbeat older than this unloads, ms (devices §4b 7).
pub const LINK_LOST_MS: u32 = 5000;
/// Guarding is a rise within this time (devices §4b 10).
pub const GUARDING_WINDOW: Ticks = Ticks::from_ms(200);
/// After guarding nothing increases for this long (ours).
pub const GUARDING_CALM: Ticks = Ticks::from_secs(3);
/// One contraction is counted once within this time (ours).
pub const GUARDING_ONCE: Ticks = Ticks::from_secs(1);
/// Two of them within this time go to base force (devices §4b 10).
pub const GUARDING_TWICE: Ticks = Ticks::from_secs(60);
/// Base force is then kept at least this long (devices §4b 10).
pub const GUARDING_REST: Ticks = Ticks::from_secs(60);
/// A patient settles for this long under tension (devices §4b 10) …
pub const SETTLING: Ticks = Ticks::from_secs(300);
/// … and is watched for this share of the guarding step meanwhile.
pub const SETTLING_SHARE: f64 = 0.5;
/// Force is a departure from the profile beyond this, N, or 2 % (the tracking band, devices §4b 2).
pub const TRACKING_N: f64 = 5.0;
/// The relative part of the tracking band.
pub const TRACKING_SHARE: f64 = 0.02;
/// The harness must be taut within this time (ours).
pub const LONGEST_TAKE_UP: Ticks = Ticks::from_secs(60);

const _: () = assert!(STALE_MS < LOST_MS && LINK_LATE_MS < LINK_LOST_MS && SLOW_MS < LATE_MS);
const _: () = assert!(GUARDING_REST.count() < LONGEST_PAUSE.count());
const _: () = assert!(PLANNED_RELEASE_S < RELEASE_TIME.count() as f64 / 100.0);

/// The numbers of one region.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Numbers {
    /// More than this above the ceiling unloads at once.
    pub over_now: Newtons,
    /// More than this above the ceiling unloads after [`Self::over_time`].
    pub over_soon: Newtons,
    /// How long force may stay between the two (ours: guarding is yielded to within
    /// 300 ms, and must not be taken for a fault at once).
    pub over_time: Ticks,
    /// Never more than this above the ceiling, whatever fails (a test's bound, not a trigger).
    pub never_over: Newtons,
    /// The cells may differ by this …
    pub cells: Newtons,
    /// … or by this share of the force, if that is more.
    pub cells_share: f64,
    /// The motor may differ from the cells by this …
    pub motor: Newtons,
    /// … or by this share of the force, if that is more.
    pub motor_share: f64,
    /// The motor alone unloads this far above the ceiling, after [`Self::motor_time`]
    /// (ours: cells that lie together must not hide what [`Self::never_over`] bounds).
    pub motor_over: Newtons,
    /// How long it must say so (ours).
    pub motor_time: Ticks,
    /// From here above the ceiling on, the motor alone lets nothing pull (ours: it
    /// must be right within this where a session is to keep its force).
    pub motor_near: Newtons,
    /// Force above what is steered for is the patient's own from here on: nothing
    /// pulls and the drive yields at its full rate (ours, devices H7).
    pub patient_made: Newtons,
    /// A rise that nobody asked for, within [`GUARDING_WINDOW`].
    pub guarding: Newtons,
    /// While the patient settles not less than this: devices §4b 10 gives 10 N for the
    /// loins; the neck keeps its 8 N (CLINICAL §5; with less the loop's own tracking
    /// counts where a soft harness comes taut).
    pub settling_least: Newtons,
    /// Slowest release on a stop.
    pub release_least: NewtonsPerSecond,
    /// Fastest release on a stop.
    pub release_most: NewtonsPerSecond,
    /// The carriage may be this much further out than told (ours: with the
    /// stiffest patient still below `never_over`).
    pub astray: Metres,
    /// The harness is taut from this force on.
    pub contact: Newtons,
    /// Full scale of a load cell.
    pub full_scale: Newtons,
    /// Speed at which slack is taken up, m/s.
    pub take_up: f64,
    /// Softest patient and harness that the loop is tuned for.
    pub softest: NewtonsPerMetre,
    /// First guess of the stiffness, rather too stiff: that only makes it slow.
    pub guess: NewtonsPerMetre,
    /// Stiffest that it is tuned for.
    pub stiffest: NewtonsPerMetre,
}

const LUMBAR: Numbers = Numbers {
    over_now: Newtons::of(25.0),
    over_soon: Newtons::of(10.0),
    over_time: Ticks::from_ms(500),
    never_over: Newtons::of(50.0),
    cells: Newtons::of(15.0),
    cells_share: 0.05,
    motor: Newtons::of(60.0),
    motor_share: 0.25,
    motor_over: Newtons::of(40.0),
    motor_time: Ticks::from_ms(100),
    motor_near: Newtons::of(15.0),
    patient_made: Newtons::of(20.0),
    guarding: Newtons::of(20.0),
    settling_least: Newtons::of(10.0),
    release_least: NewtonsPerSecond::of(100.0),
    release_most: NewtonsPerSecond::of(200.0),
    astray: Metres::of(2e-3),
    contact: Newtons::of(8.0),
    full_scale: Newtons::of(1000.0),
    take_up: 0.005,
    softest: NewtonsPerMetre::of(1_000.0),
    guess: NewtonsPerMetre::of(15_000.0),
    stiffest: NewtonsPerMetre::of(60_000.0),
};

const CERVICAL: Numbers = Numbers {
    over_now: Newtons::of(10.0),
    over_soon: Newtons::of(5.0),
    over_time: Ticks::from_ms(500),
    never_over: Newtons::of(20.0),
    cells: Newtons::of(8.0),
    cells_share: 0.0,
    motor: Newtons::of(20.0),
    motor_share: 0.25,
    motor_over: Newtons::of(15.0),
    motor_time: Ticks::from_ms(100),
    motor_near: Newtons::of(6.0),
    patient_made: Newtons::of(5.0),
    guarding: Newtons::of(8.0),
    settling_least: Newtons::of(8.0),
    release_least: NewtonsPerSecond::of(20.0),
    release_most: NewtonsPerSecond::of(50.0),
    astray: Metres::of(1e-3),
    contact: Newtons::of(4.0),
    full_scale: Newtons::of(300.0),
    take_up: 0.003,
    softest: NewtonsPerMetre::of(500.0),
    guess: NewtonsPerMetre::of(12_000.0),
    stiffest: NewtonsPerMetre::of(60_000.0),
};

impl Numbers {
    /// The numbers of a region.
    #[must_use]
    pub const fn of(region: Region) -> &'static Self {
        match region {
            Region::Lumbar => &LUMBAR,
            Region::Cervical => &CERVICAL,
        }
    }

    /// The rate of a release that begins at `force`, constant until it is over:
    /// `max(least, (F − 20)/4.5)`, never above the most (CLINICAL §5). A force
    /// that is not a number releases at the fastest.
    #[must_use]
    pub const fn release_rate(&self, force: Newtons) -> NewtonsPerSecond {
        if !force.is_finite() {
            return self.release_most;
        }
        let planned = (force.get() - RELEASED.get()) / PLANNED_RELEASE_S;
        NewtonsPerSecond::raw(planned)
            .max(self.release_least)
            .min(self.release_most)
    }

    /// Whether a release from the highest force that can occur is over in time,
    /// and the thresholds stand in their order.
    const fn hang_together(&self, ceiling: Newtons) -> bool {
        let highest = ceiling.get() + self.never_over.get();
        let time = (highest - RELEASED.get()) / self.release_rate(Newtons::of(highest)).get();
        let limit = RELEASE_TIME.count() as f64 / 100.0;
        time < limit
            && self.release_least.get() <= self.release_most.get()
            && self.over_soon.get() < self.over_now.get()
            && self.over_now.get() < self.never_over.get()
            && self.motor_near.get() < self.over_now.get()
            && self.over_now.get() < self.motor_over.get()
            && self.motor_over.get() < self.never_over.get()
            && self.contact.get() < RELEASED.get()
            && highest < self.full_scale.get()
            && self.softest.get() < self.guess.get()
            && self.guess.get() < self.stiffest.get()
            && limits::MAX_RATE.get() <= self.release_most.get()
    }
}

const _: () = assert!(LUMBAR.hang_together(limits::ceiling(Region::Lumbar)));
const _: () = assert!(CERVICAL.hang_together(limits::ceiling(Region::Cervical)));
