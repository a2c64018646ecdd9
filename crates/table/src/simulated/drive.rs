//! The carriage, and what the drive makes of a velocity.
//!
//! ```text
//! v̇ = (clamp(v_told, −v_release, v_pull) − v) / τ      with torque
//! v_pull falls to 0 between 95 % and 100 % of F_max, above it v ≤ −(F − F_max) / c
//! v = −F / c                                          without: the tension runs the carriage back
//! ẋ = v,  x ≥ 0
//! torque = contactor (told) ∧ second line ∧ watchdog fed ∧ force stop not tripped ∧ power
//! ```
//!
//! | symbol | identifier | value | source |
//! |---|---|---|---|
//! | τ | [`APPROACH`] | 15 ms | ours: a small servo drive under speed control |
//! | v_pull | `Setup::pull_speed` | per region | traction |
//! | v_release | [`RELEASE_SPEED`] | 0.12 m/s | ours: 200 N/s at the softest harness |
//! | c | [`DAMPING`] | 4,000 N·s/m | ours: gear and brake of a back-drivable screw |
//! | F_max | `Setup::table_ceiling` | 890 N, neck 200 N | traction; limit of torque in the drive (H4, H5) |
//! | force stop | [`force_stop`] | 950 N, neck 250 N | ours, below the 1,000 N of devices.md §4b.1 |
//! | watchdog | `Setup::watchdog_ms` | 200 ms | ENGINEERING §5, devices.md §4b.8 |
//!
//! Each is exact over a tick with F and v_told held. No inertia. The watchdog and a lost
//! supply let go for good: torque comes back only after the drive was told to be off (a
//! watchdog that undoes itself on reconnect re-tensions, devices.md §5). The force stop is a
//! switch on the rope and stays open until the next patient. Shown by `tests/hazards/drive.rs`.

use super::fault::{Faults, ticks};
use crate::TorqueLine;
use crate::wire::FaultKind;
use si::Region;
use traction::drive::{Drive, Setup};

/// One tick, s.
const DT: f64 = 0.01;
/// Share of the way to the told velocity in one tick, 1 − e^(−DT/τ) with τ = 15 ms (tested below).
const APPROACH: f64 = 0.486_582_880_967_408;
/// Fastest the carriage runs back under torque, m/s.
const RELEASE_SPEED: f64 = 0.12;
/// Damping of the free carriage, N·s/m.
const DAMPING: f64 = 4_000.0;
/// Fastest that a carriage without brake flies back, m/s (ours).
const FLY_BACK: f64 = 2.0;
/// Share of the limit of torque from which the drive pulls slower (ours).
const SOFT: f64 = 0.95;

/// Where the switch on the rope opens, N: above all that the drive can pull, below 1,000 N.
const fn force_stop(region: Region) -> f64 {
    match region {
        Region::Lumbar => 950.0,
        Region::Cervical => 250.0,
    }
}

/// What keeps torque away until the drive is told to be off, or for good.
#[derive(Clone, Copy, Debug, Default)]
struct Tripped {
    /// Nothing was heard for too long, or the power was gone.
    silent: bool,
    /// The force stop has opened.
    force: bool,
}

/// Where the carriage is, how fast it goes and what its drive was told.
#[derive(Debug)]
pub(super) struct Carriage {
    travel: f64,
    velocity: f64,
    rated: f64,
    /// Whether it pulls as fast as it is told, not as it is rated.
    any_speed: bool,
    limit: f64,
    stop_at: f64,
    /// Ticks of silence that the watchdog bears; 0 is a watchdog that is off.
    patience: u32,
    told: Drive,
    silence: u32,
    contactor: bool,
    tripped: Tripped,
    torque: bool,
    line: TorqueLine,
}

/// A copy has a line of its own: who holds the other cannot open it.
impl Clone for Carriage {
    fn clone(&self) -> Self {
        let line = TorqueLine::closed();
        line.set(self.line.is_closed());
        Self { line, ..*self }
    }
}

impl Carriage {
    /// At home, with this second line, which is closed.
    pub(super) fn new(setup: &Setup, line: TorqueLine, any_speed: bool) -> Self {
        line.set(true);
        Self {
            travel: 0.0,
            velocity: 0.0,
            rated: setup.pull_speed.get(),
            any_speed,
            limit: setup.table_ceiling.get(),
            stop_at: force_stop(setup.harness),
            patience: ticks(setup.watchdog_ms),
            told: Drive::OFF,
            silence: 0,
            contactor: false,
            tripped: Tripped::default(),
            torque: false,
            line,
        }
    }

    /// Travel from home, m.
    pub(super) const fn travel(&self) -> f64 {
        self.travel
    }

    /// Its velocity, m/s.
    pub(super) const fn velocity(&self) -> f64 {
        self.velocity
    }

    /// Whether the drive has torque.
    pub(super) const fn torque(&self) -> bool {
        self.torque
    }

    /// The second line to its torque.
    pub(super) const fn line(&self) -> &TorqueLine {
        &self.line
    }

    /// One tick in which this command arrived, against a tension of `force`.
    pub(super) fn step(&mut self, arrived: Option<Drive>, force: f64, faults: &Faults) {
        self.hear(arrived, faults);
        self.torque = self.has_torque(force, faults);
        self.velocity = if self.torque {
            self.velocity + APPROACH * (self.target(force, faults) - self.velocity)
        } else {
            free(force, faults)
        };
        self.travel += self.velocity * DT;
        if self.travel <= 0.0 {
            self.travel = 0.0;
            self.velocity = self.velocity.max(0.0);
        }
    }

    fn hear(&mut self, arrived: Option<Drive>, faults: &Faults) {
        match arrived {
            Some(drive) => {
                self.told = drive;
                self.silence = 0;
                self.tripped.silent &= drive.torque;
            }
            None => self.silence = self.silence.saturating_add(1),
        }
        let watched = self.patience > 0 && !faults.is_on(FaultKind::WatchdogDead);
        self.tripped.silent |= watched && self.silence >= self.patience;
        if faults.is_on(FaultKind::PowerCut) {
            self.told = Drive::OFF;
            self.contactor = false;
            self.tripped.silent = true;
        }
    }

    fn has_torque(&mut self, force: f64, faults: &Faults) -> bool {
        let told = self.told.torque && self.told.velocity.get().is_finite();
        let welded = self.contactor && faults.is_on(FaultKind::ContactorStuck);
        self.contactor = told || welded;
        self.tripped.force |= force > self.stop_at && !faults.is_on(FaultKind::ForceStopDead);
        let line = self.line.is_closed() || faults.is_on(FaultKind::LineStuck);
        self.contactor && line && !self.tripped.silent && !self.tripped.force
    }

    /// The velocity that the drive goes for.
    fn target(&self, force: f64, faults: &Faults) -> f64 {
        let told = self.told.velocity.get();
        let told = if told.is_finite() { told } else { 0.0 };
        let rated = if self.any_speed {
            self.rated.max(told)
        } else {
            self.rated
        };
        if faults.on().is_empty() {
            return told
                .clamp(-RELEASE_SPEED, rated)
                .min(self.torque_limit(force));
        }
        let gain = faults.size(FaultKind::SpeedGain).unwrap_or(1.0);
        let away = faults.size(FaultKind::Runaway);
        let target = match away {
            Some(share) => share * self.rated,
            None if faults.is_on(FaultKind::DriveDead) => 0.0,
            None => gain * told,
        };
        let faster = away.unwrap_or(gain).abs().max(1.0);
        let target = target.clamp(-RELEASE_SPEED * faster, rated * faster);
        if faults.is_on(FaultKind::TorqueLimitOff) {
            target
        } else {
            target.min(self.torque_limit(force))
        }
    }

    /// The fastest that the motor's torque can pull, m/s; infinite below the soft end.
    fn torque_limit(&self, force: f64) -> f64 {
        let left = self.limit - force;
        if force <= SOFT * self.limit {
            f64::INFINITY
        } else if left >= 0.0 {
            self.rated * left / ((1.0 - SOFT) * self.limit)
        } else {
            left / DAMPING
        }
    }
}

/// How fast a carriage without torque runs back, m/s.
fn free(force: f64, faults: &Faults) -> f64 {
    if faults.is_on(FaultKind::BrakeStuck) {
        return 0.0;
    }
    let left = faults.size(FaultKind::BrakeFails).unwrap_or(1.0);
    (-force.max(0.0) / (DAMPING * left)).max(-FLY_BACK)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_approach_is_that_of_the_lag() {
        assert!((APPROACH - (1.0 - (-DT / 0.015).exp())).abs() < 1e-12);
    }
}
