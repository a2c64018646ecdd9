//! The carriage: what the drive makes of a velocity.
//!
//! ```text
//! v̇ = (clamp(v_told, −v_release, v_pull) − v) / τ      with torque
//! v = −F / c                                          without: the tension runs the carriage back
//! ẋ = v,  x ≥ 0
//! ```
//!
//! | symbol | identifier | value | source |
//! |---|---|---|---|
//! | τ | [`APPROACH`] | 15 ms | ours: a small servo drive under speed control |
//! | v_pull | `Setup::pull_speed` | per region | traction |
//! | v_release | [`RELEASE_SPEED`] | 0.12 m/s | ours: 200 N/s at the softest harness |
//! | c | [`DAMPING`] | 4,000 N·s/m | ours: gear and brake of a back-drivable screw |
//!
//! Each is exact over a tick with F and v_told held. No inertia.

use traction::drive::{Drive, Setup};

/// One tick, s.
const DT: f64 = 0.01;
/// Share of the way to the told velocity in one tick, 1 − e^(−DT/τ) with τ = 15 ms (tested below).
const APPROACH: f64 = 0.486_582_880_967_408;
/// Fastest the carriage runs back under torque, m/s.
const RELEASE_SPEED: f64 = 0.12;
/// Damping of the free carriage, N·s/m.
const DAMPING: f64 = 4_000.0;

/// Where the carriage is and how fast it goes.
#[derive(Clone, Copy, Debug)]
pub(super) struct Carriage {
    travel: f64,
    velocity: f64,
    pull_speed: f64,
    torque: bool,
}

impl Carriage {
    /// At home.
    pub(super) fn new(setup: &Setup) -> Self {
        Self {
            travel: 0.0,
            velocity: 0.0,
            pull_speed: setup.pull_speed.get(),
            torque: false,
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

    /// One tick under a command, against a tension of `force`.
    pub(super) fn step(&mut self, drive: Drive, force: f64) {
        let told = drive.velocity.get();
        self.torque = drive.torque && told.is_finite();
        self.velocity = if self.torque {
            let target = told.clamp(-RELEASE_SPEED, self.pull_speed);
            self.velocity + APPROACH * (target - self.velocity)
        } else {
            -force.max(0.0) / DAMPING
        };
        self.travel += self.velocity * DT;
        if self.travel <= 0.0 {
            self.travel = 0.0;
            self.velocity = self.velocity.max(0.0);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_approach_is_that_of_the_lag() {
        assert!((APPROACH - (1.0 - (-DT / 0.015).exp())).abs() < 1e-12);
    }
}
