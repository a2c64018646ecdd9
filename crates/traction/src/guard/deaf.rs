//! Whether the cells answer the carriage: a live patient feels ten millimetres.
//!
//! A cell that stands keeps its noise, if its electronics do, and a motor may stand too.
//! While the harness is taut, the way that the carriage was sent, Σv·Δt (m), is counted since
//! the force last changed by 3 N, for 10 s at most, because what a patient creeps in a hold is
//! less. Sent 10 mm either way without such a change, the cells are frozen: the softest
//! patient, 0.5 N/mm, would have changed it by 5 N. Ours; devices H3. Test:
//! `cells_that_answer_no_movement_are_frozen_whatever_their_noise`.

use crate::PER_SECOND;
use crate::ticks::TICK;

/// A change of force that is none of noise, N.
const CHANGES: f64 = 3.0;
/// So far the carriage goes without one, m.
const FAR: f64 = 10e-3;
/// So long a way is counted together.
const LONGEST: u32 = 10 * PER_SECOND;

/// The force since when the carriage was sent so far.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Deaf {
    force: Option<f64>,
    sent: f64,
    age: u32,
}

impl Deaf {
    pub(super) const NEW: Self = Self {
        force: None,
        sent: 0.0,
        age: 0,
    };

    /// One tick: the force of a taut harness, N, and the velocity told, m/s.
    pub(super) fn seen(self, force: Option<f64>, told: f64) -> Self {
        let stands = match (self.force, force) {
            (Some(then), Some(now)) => (now - then).abs() < CHANGES && self.age < LONGEST,
            _ => false,
        };
        if stands {
            Self {
                sent: self.sent + told * TICK.get(),
                age: self.age.saturating_add(1),
                ..self
            }
        } else {
            Self { force, ..Self::NEW }
        }
    }

    /// Whether it was sent so far that they would have felt it.
    pub(super) fn is(self) -> bool {
        self.sent.abs() >= FAR
    }
}
