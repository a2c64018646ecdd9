//! Which faults are on, for how long, and how far each has grown.
//!
//! A fault is given between two ticks. It is read from then on, acts on the motion of
//! every tick until its time is over, and comes again with each giving. Times count
//! in ticks of 10 ms.

use crate::wire::{Fault, FaultKind};
use traction::TICK_MS;

/// A fault that is on.
#[derive(Clone, Copy, Debug)]
pub(super) struct Active {
    pub(super) fault: Fault,
    /// Ticks since it was given.
    pub(super) age: u32,
}

impl Active {
    /// From 0 when it is given to 1 when its onset is over.
    pub(super) fn share(&self) -> f64 {
        let onset = ticks(self.fault.onset_ms);
        if self.age >= onset {
            1.0
        } else {
            f64::from(self.age) / f64::from(onset)
        }
    }

    /// Whether its onset is over.
    const fn is_there(&self) -> bool {
        self.age >= ticks(self.fault.onset_ms)
    }

    fn is_over(&self) -> bool {
        let last = self.fault.duration_ms.map(ticks);
        last.is_some_and(|last| self.age >= last)
    }
}

/// Ticks in a time, rounded up.
pub(super) const fn ticks(ms: u32) -> u32 {
    ms.div_ceil(TICK_MS)
}

/// The faults of a table, in the order in which they were given.
#[derive(Clone, Debug, Default)]
pub(super) struct Faults {
    on: Vec<Active>,
}

impl Faults {
    /// Begins a fault; one of the same kind ends.
    pub(super) fn begin(&mut self, fault: Fault) {
        self.end(fault.kind);
        self.on.push(Active { fault, age: 0 });
    }

    /// Ends a kind of fault.
    pub(super) fn end(&mut self, kind: FaultKind) {
        self.on.retain(|active| active.fault.kind != kind);
    }

    /// The faults that are on.
    pub(super) fn on(&self) -> &[Active] {
        &self.on
    }

    /// One tick goes by: before what moves.
    pub(super) fn tick(&mut self) {
        for active in &mut self.on {
            active.age = active.age.saturating_add(1);
        }
    }

    /// Forgets what is over: after what moves.
    pub(super) fn forget(&mut self) {
        self.on.retain(|active| !active.is_over());
    }

    /// The fault of this kind whose onset is over.
    pub(super) fn there(&self, kind: FaultKind) -> Option<&Active> {
        let is = |active: &&Active| active.fault.kind == kind && active.is_there();
        self.on.iter().find(is)
    }

    /// Whether it is there.
    pub(super) fn is_on(&self, kind: FaultKind) -> bool {
        self.there(kind).is_some()
    }

    /// Its size, once it is there.
    pub(super) fn size(&self, kind: FaultKind) -> Option<f64> {
        self.there(kind).map(|active| active.fault.magnitude)
    }

    /// A size in ms as whole ticks, once the fault is there.
    #[allow(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "a checked size is between 10 and 1,000 ms"
    )]
    pub(super) fn ticks(&self, kind: FaultKind) -> Option<usize> {
        let to_ticks = |ms: f64| (ms / f64::from(TICK_MS)).round().max(1.0) as usize;
        self.size(kind).map(to_ticks)
    }
}
