//! What the patient does to the rope: coughs, guards, rolls, lifts.
//!
//! ```text
//! reach = carriage − slipped + shortened − lifted
//! shortened(t) = s · 4 w (1 − w),  w = t / T        (H7: half-sine of 50–300 N, 0.2–2 s)
//! lifted(t)    = l · min(1, t / r, (T − t) / r)     (H6: slack of 0–100 mm, then a catch)
//! ```
//! | symbol | meaning |
//! |---|---|
//! | s | how far he shortens, m; from a force: what makes that force on a carriage that stands |
//! | l | how far he lifts, m |
//! | T | how long it lasts; 1 s, for a lift for ever, where nothing is said |
//! | r | [`LIFT_TICKS`], 100 ms (ours) |
//!
//! A movement that begins while another of its kind lasts begins where that one has brought
//! him, and leaves it within r, or T if that is shorter.
//!
//! A parabola in place of the half-sine: the same bits everywhere, 6 % fuller. While he
//! moves, and until it makes no difference any more, the same body lying still is stepped
//! beside him: the difference of the two tensions is the force that he makes. A spine
//! caught fast is stiffer for seconds; that too is his.

use super::body::Lying;
use super::fault::ticks;
use crate::wire::{Fault, FaultKind};
use si::Problem;
use traction::TICK;

/// How long one guarding lasts where no time is given, ms (H7: 0.2–2 s).
const USUAL_MS: u32 = 1_000;
/// How long it takes to lift and to settle, ticks.
const LIFT_TICKS: u32 = 10;
/// Most that anybody shortens, m (ours).
const MOST_M: f64 = 0.060;
/// A body that has moved is as one that has not below this difference, N (ours).
const SETTLED_N: f64 = 1.0;
/// … from this time on (it may pass through nought before), ticks (ours, 0.1 s) …
const LEAST_REST: u32 = 10;
/// … and at the latest after this, ticks (ours, 20 s).
const MOST_REST: u32 = 2_000;
/// Halvings by which a shortening is found: 60 mm to 30 µm, some 0.3 N.
const HALVINGS: u32 = 11;
/// Steps in which the way up is tried.
const STEPS: u32 = 8;

/// One movement.
#[derive(Clone, Copy, Debug)]
struct Moving {
    fault: Fault,
    /// Ticks since it was given.
    age: u32,
    /// How far, m, once it has begun.
    size: Option<f64>,
    /// Where the movement before it had brought him, and where he is, m nearer to the pull's end.
    from: f64,
    at: f64,
}

/// The patient as one who moves.
#[derive(Clone, Debug, Default)]
pub(super) struct Person {
    moving: Vec<Moving>,
    still: Option<Lying>,
    by_patient: f64,
    /// Ticks since he last moved, while it still tells.
    rested: u32,
}

impl Person {
    /// Part of the tension that he makes, N.
    pub(super) const fn by_patient(&self) -> f64 {
        self.by_patient
    }

    /// He begins to move, from where the same movement has brought him.
    pub(super) fn begin(&mut self, fault: Fault) {
        let before = self.moving.iter().find(|one| one.fault.kind == fault.kind);
        let from = before.map_or(0.0, |before| before.at);
        self.end(fault.kind);
        self.moving.push(Moving {
            fault,
            age: 0,
            size: None,
            from,
            at: from,
        });
    }

    /// He lies still again, at once.
    pub(super) fn end(&mut self, kind: FaultKind) {
        self.moving.retain(|moving| moving.fault.kind != kind);
    }

    /// One tick of this body with its harness at `reach`; the cord carries the share `left`.
    pub(super) fn pull(&mut self, body: &mut Lying, reach: f64, left: f64) -> Result<f64, Problem> {
        if self.moving.is_empty() && self.still.is_none() {
            return Ok(left * body.pull(reach)?);
        }
        let still = self.still.get_or_insert_with(|| body.clone());
        let alone = left * still.pull(reach)?;
        let mut moved = 0.0;
        for moving in &mut self.moving {
            moved += moving.step(body, reach)?;
        }
        self.moving.retain(|moving| !moving.is_over());
        let force = left * body.pull(reach + moved)?;
        self.by_patient = force - alone;
        self.settle();
        Ok(force)
    }

    /// Forgets the one who lay still once it makes no difference any more.
    fn settle(&mut self) {
        let moves = !self.moving.is_empty();
        self.rested = if moves { 0 } else { self.rested + 1 };
        let settled = self.rested >= LEAST_REST && self.by_patient.abs() < SETTLED_N;
        if settled || self.rested >= MOST_REST {
            self.still = None;
            self.by_patient = 0.0;
        }
    }
}

impl Moving {
    /// How long it lasts, ticks.
    fn time(&self) -> u32 {
        let usual = match self.fault.kind {
            FaultKind::PatientLifts => u32::MAX,
            _ => USUAL_MS,
        };
        ticks(self.fault.duration_ms.unwrap_or(usual)).max(1)
    }

    /// Ticks since it began.
    fn since(&self) -> u32 {
        self.age.saturating_sub(ticks(self.fault.onset_ms))
    }

    fn is_over(&self) -> bool {
        self.since() >= self.time()
    }

    /// How much nearer to the pull's end he holds himself after one tick more, m.
    fn step(&mut self, body: &Lying, reach: f64) -> Result<f64, Problem> {
        self.age = self.age.saturating_add(1);
        if self.since() > 0 {
            let left = self.time().min(LIFT_TICKS);
            let gone = f64::from(self.since().min(left)) / f64::from(left);
            self.at = self.own(body, reach)? + self.from * (1.0 - gone);
        }
        Ok(self.at)
    }

    /// The movement from where a body lies still, m.
    fn own(&mut self, body: &Lying, reach: f64) -> Result<f64, Problem> {
        let size = match self.size {
            Some(size) => size,
            None => self.begin(body, reach)?,
        };
        self.size = Some(size);
        let (since, time) = (self.since(), self.time());
        if self.fault.kind == FaultKind::PatientLifts {
            let edge = since.min(time - since.min(time)).min(LIFT_TICKS);
            return Ok(-size * f64::from(edge) / f64::from(LIFT_TICKS));
        }
        let way = f64::from(since) / f64::from(time);
        Ok(size * (4.0 * way * (1.0 - way)))
    }

    fn begin(&self, body: &Lying, reach: f64) -> Result<f64, Problem> {
        match self.fault.kind {
            FaultKind::PatientPulls => shortening(body, reach, self.fault.magnitude, self.time()),
            _ => Ok(self.fault.magnitude * 1e-3),
        }
    }
}

/// How far this body must shorten at `reach` to make `newtons` more in a movement of so
/// many ticks, m; at most [`MOST_M`]. A spine pulled quickly is stiffer: the way up to the
/// middle of the movement is gone on a copy of it.
fn shortening(body: &Lying, reach: f64, newtons: f64, time: u32) -> Result<f64, Problem> {
    let dt = TICK * (0.5 * f64::from(time) / f64::from(STEPS));
    let middle = |shorter: f64| {
        let mut body = body.clone();
        (1..=STEPS).try_fold(0.0, |_, step| {
            let way = 0.5 * f64::from(step) / f64::from(STEPS);
            body.pull_for(reach + shorter * (4.0 * way * (1.0 - way)), dt)
        })
    };
    let wanted = middle(0.0)? + newtons;
    let (mut least, mut most) = (0.0, MOST_M);
    for _ in 0..HALVINGS {
        let half = 0.5 * (least + most);
        if middle(half)? < wanted {
            least = half;
        } else {
            most = half;
        }
    }
    Ok(0.5 * (least + most))
}
