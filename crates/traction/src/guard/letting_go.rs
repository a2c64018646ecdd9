//! The guard's own release: what is left goes in the time that is left.
//!
//! Rate r = max(R, (F − Fc)/(T − t)) with T = 4.7 s, t the time since the release
//! began, Fc the contact force and R the region's slowest release, or its fastest
//! after force above the ceiling; never above m = 95 % of the fastest. Near its end
//! T − t counts as 0.2 s at least. Below Fc it is 5/s·F, at most R: a slack cord is not wound
//! off; F is what the motor feels beyond its error, where that is more and the carriage is
//! further out than where the harness first came taut. Whatever the
//! cells say, a release begins with R for 0.1 s: they may lie. Velocity v = −r/k, k from [`super::slope`]. Without any witness of force
//! v = −R/k. Where r is above m the release is late, and the k that a fall shows, which
//! only makes it slower, no longer counts. Torque goes at 5.0 s, by this count alone. CLINICAL §5 gives the
//! rates and the 5 s, the law is ours; the controller's release follows a planned
//! line instead. Test: `the_guard_alone_lets_go_when_the_controller_pulls`.

use crate::numbers::{Numbers, RELEASE_TIME};
use crate::{MetresPerSecond, Ticks};

const GONE_AFTER_S: f64 = 4.7;
const LEAST_LEFT_S: f64 = 0.2;
const SHARE_OF_FASTEST: f64 = 0.95;
const SLACK_PER_S: f64 = 5.0;
/// A release begins like this (ours).
const BEGINS: Ticks = Ticks::from_ms(100);

const _: () = assert!(GONE_AFTER_S + LEAST_LEFT_S < RELEASE_TIME.count() as f64 / 100.0);

/// A release under way.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct LettingGo {
    time: Ticks,
    fast: bool,
}

impl LettingGo {
    pub(super) const BEGUN: Self = Self {
        time: Ticks::ZERO,
        fast: false,
    };

    /// From now on at the fastest rate, if that is asked for.
    pub(super) const fn hurried(self, fast: bool) -> Self {
        Self {
            fast: self.fast || fast,
            ..self
        }
    }

    /// Later by what has passed: a loop that crawls lets go in time, too.
    pub(super) fn after(self, passed: Ticks) -> Self {
        Self {
            time: self.time.plus(passed),
            ..self
        }
    }

    /// Whether the second channel has to remove torque.
    pub(super) fn is_over(&self) -> bool {
        self.time >= RELEASE_TIME
    }

    /// Velocity that makes it, never upwards; `force` in N, `unseen` what the motor feels
    /// beyond its error, `k` in N/m as it was learnt and as a fall shows it.
    pub(super) fn velocity(
        &self,
        numbers: &Numbers,
        (force, unseen): (Option<f64>, f64),
        (learnt, felt): (f64, f64),
    ) -> MetresPerSecond {
        let most = SHARE_OF_FASTEST * numbers.release_most.get();
        let least = if self.fast {
            most
        } else {
            numbers.release_least.get()
        };
        let contact = numbers.contact.get();
        let left = (GONE_AFTER_S - self.time.seconds().get()).max(LEAST_LEFT_S);
        let rate = match force.filter(|f| f.is_finite()) {
            None => least,
            Some(f) if f <= contact && self.time >= BEGINS => {
                (SLACK_PER_S * f.max(unseen)).min(least)
            }
            Some(f) => ((f - contact) / left).max(least),
        };
        let k = if rate > most { learnt } else { felt };
        MetresPerSecond::raw(-rate.min(most) / k)
    }
}
