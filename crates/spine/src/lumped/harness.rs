//! Straps and flesh between the load cell and the spine, for the simulated table.
//!
//! ```text
//! h(F) = a (1 − e^(−F/F₀)) + F/k        elastic, m
//! ż_h  = (c h(F) − z_h) / τ             bedding-in, the same coming and going
//! ```
//!
//! All of it ours (`tables::harness`). Valid for F ≥ 0; h grows with F.

/// The harness with what is under it.
#[derive(Clone, Copy, Debug)]
pub(super) struct Harness {
    /// Travel before it touches, m.
    pub(super) slack: f64,
    /// a, m.
    pub(super) toe: f64,
    /// F₀, N.
    pub(super) toe_force: f64,
    /// k, N/m.
    pub(super) linear: f64,
    /// c.
    pub(super) creep: f64,
    /// τ, s.
    pub(super) creep_time: f64,
}

impl Harness {
    /// h(F) and dh/dF.
    pub(super) fn stretch(&self, force: f64) -> (f64, f64) {
        let decay = libm::exp(-force / self.toe_force);
        (
            self.toe * (1.0 - decay) + force / self.linear,
            self.toe * decay / self.toe_force + 1.0 / self.linear,
        )
    }
}
