//! One motion segment: disc, what lies around it, and what a step makes of them.
//!
//! ```text
//! w(d) = disc (n(d_z) + bending) + ligaments + facets + muscle + η (d − d⁰)/Δt
//! ```
//!
//! Model ([`Segment`]), state ([`Memory`]), gains of a step length ([`Gains`]), what a step
//! does in any case ([`Ahead`]) and what a trial `d` gives ([`Loads`]) are apart. Given the memory at the start of the step,
//! `wrench` is a function of `d` alone and `tangent` its exact derivative, symmetric:
//! all parts have potentials except η, which is diagonal.
//!
//! η along z is 237 N s/m of a lumbar disc (B029), by area; across it the same, and
//! about an axis times the square of a quarter of the depth or width (ours).
//! It settles what inertia shakes and is nothing over seconds.
//!
//! Valid inside the ranges of the parts; not valid for fracture, rupture of
//! fibres or dislocation. Shown by `tests/tissue.rs`, `tests/tissue_people.rs` and `tests/tissue_lanes.rs`.

use super::around::Around;
use super::bending::{Bending, REFERENCE};
use super::branch::{Answer, Law};
use super::disc::{Disc, Drawn};
use super::fluid::{Fluid, Pace, TERMS, Times};
use super::nucleus::Nucleus;
use super::output::{LevelReport, Shape};
use super::{PACKED, packed};
use crate::anatomy::Joint;
use crate::chain::Freedom;
use crate::lumped::Patient;
use crate::real::Real;
use crate::unknown::{Draw, Unknown};
use si::Region;

/// η of the reference disc along its axis, N s/m (B029).
const DAMPING: f64 = 237.0;

/// The model of one joint.
#[derive(Clone, Copy, Debug)]
pub struct Segment<T> {
    /// Along the axis.
    pub disc: Disc<T>,
    /// Across and about it.
    pub bending: Bending<T>,
    /// Pressure.
    pub nucleus: Nucleus<T>,
    /// Ligaments, facets, muscle.
    pub around: Around<T>,
    /// Of the fluid.
    pub times: Times<T>,
    /// η along and across the axis, N s/m.
    pub damping: T,
    /// η about an axis over that, m²: of depth or width.
    pub lever: [f64; 3],
    /// For the outputs.
    pub shape: Shape<T>,
}

/// State of one joint at the end of a step.
#[derive(Clone, Copy, Debug)]
pub struct Memory<T> {
    /// Fluid and its targets.
    pub fluid: Fluid<T>,
    /// n, change of the disc's axial force from rest, N.
    pub force: T,
    /// Deformation, m and rad.
    pub d: [T; 6],
    /// Active muscle, N.
    pub guard: T,
}

/// What a step of one length does: the same for all joints of a person.
#[derive(Clone, Copy, Debug)]
pub struct Gains<T> {
    /// To the fluid.
    pub pace: Pace<T>,
    /// 1/Δt, 1/s.
    pub rate: f64,
}

/// What a step does to the joint wherever it ends.
#[derive(Clone, Copy, Debug)]
pub struct Ahead<T> {
    /// Fluid at the end of the step without its target there, m.
    pub known: [T; TERMS],
    /// Weight of that target.
    pub weight: [T; TERMS],
    /// The disc with the fluid that it exchanges in the step.
    disc: Law<T>,
    /// Height of all that is known, m.
    height: T,
    /// What soft tissue has crept by the end of the step, m.
    crept: T,
    /// Active muscle, N.
    guard: T,
    /// η/Δt along and across the axis, N/m.
    drag: T,
}

/// What a trial deformation gives.
#[derive(Clone, Copy, Debug)]
pub struct Loads<T> {
    /// What resists, N and N m: change from rest.
    pub wrench: [T; 6],
    /// What its tangent and the end of the step ask for.
    pub kept: Kept<T>,
}

/// What is kept of a trial.
#[derive(Clone, Copy, Debug)]
pub struct Kept<T> {
    /// n and dn/dd_z.
    pub disc: Answer<T>,
    /// Of the disc's moments about x, y, z, N m/rad.
    pub slopes: [T; 3],
}

impl<T: Real> Kept<T> {
    /// Takes over the `new` ones where the mask holds.
    #[inline(always)]
    pub(crate) fn take<F: Freedom>(&mut self, mask: T::Mask, new: &Self) {
        self.disc = new.disc.or(mask, &self.disc);
        for &i in F::AXES.iter().filter(|i| **i >= 3) {
            self.slopes[i - 3] = T::select(mask, new.slopes[i - 3], self.slopes[i - 3]);
        }
    }
}

impl<T: Real> Segment<T> {
    /// The segment of `joint`, number `at` from the skull, of this `person`, with numbers
    /// drawn for the pulled `region`.
    pub fn build(
        joint: &Joint,
        at: usize,
        region: Region,
        person: &Patient,
        draw: &Draw<T>,
    ) -> Self {
        let around = Around::build(joint, at, draw);
        let about = |length: f64| length * length / 16.0;
        let (depth, width) = (about(joint.depth), about(joint.width));
        Self {
            disc: Disc::build(joint, at, person, &Drawn { region, draw }, |opening| {
                around.resist(at, opening)
            }),
            bending: Bending::build(joint, at, draw),
            nucleus: Nucleus::build(joint, at, draw),
            around,
            times: Times::build(draw),
            damping: draw[Unknown::Area] * (joint.area / REFERENCE.area * DAMPING),
            lever: [width, depth, width],
            shape: Shape::build(joint, draw),
        }
    }

    /// The same with only the disc left between the bones, as most machines test it.
    pub fn disc_alone(
        joint: &Joint,
        at: usize,
        region: Region,
        person: &Patient,
        draw: &Draw<T>,
    ) -> Self {
        Self {
            around: Around::none(joint, at, draw),
            ..Self::build(joint, at, region, person, draw)
        }
    }

    /// State of a person who has lain for a long time.
    pub fn rest(&self) -> Memory<T> {
        let zero = self.disc.tone.of(0.0);
        Memory {
            fluid: Fluid::rest(zero),
            force: zero,
            d: [zero; 6],
            guard: zero,
        }
    }

    /// Gains of a step of `dt` seconds (exponentials: at set-up, and once for all joints of
    /// a person). An endless step gives equilibrium.
    pub fn prepare(&self, dt: f64) -> Gains<T> {
        Gains {
            pace: self.times.prepare(dt),
            rate: if dt > 0.0 { 1.0 / dt } else { 0.0 },
        }
    }

    /// What a step with `guard` newtons of active muscle does from here, once for all trials.
    #[inline(always)]
    pub fn ahead(&self, memory: &Memory<T>, gains: &Gains<T>, guard: T) -> Ahead<T> {
        let (known, weight) = memory.fluid.ahead(&gains.pace);
        Ahead {
            disc: self.disc.stepped(&weight),
            height: known[0] + known[1] + known[2],
            crept: memory.fluid.crept(&known, &weight),
            known,
            weight,
            guard,
            drag: self.damping * gains.rate,
        }
    }

    /// What resists `d` at the end of the step.
    #[inline(always)]
    pub fn wrench<F: Freedom>(&self, d: &[T; 6], memory: &Memory<T>, ahead: &Ahead<T>) -> Loads<T> {
        let zero = d[0].of(0.0);
        let disc = ahead.disc.solve(d[2] - ahead.height);
        let moments = self.bending.moments::<F>(d);
        let mut wrench = [zero; 6];
        for &i in F::AXES {
            let moved = d[i] - memory.d[i];
            wrench[i] = match i {
                0 | 1 => self.bending.shear * d[i] + ahead.drag * moved,
                2 => disc.force + ahead.drag * moved,
                _ => moments[i - 3].force + ahead.drag * moved * self.lever[i - 3],
            };
        }
        self.around
            .add::<F>(d, ahead.crept, ahead.guard, &mut wrench);
        let slopes = [moments[0].slope, moments[1].slope, moments[2].slope];
        Loads {
            wrench,
            kept: Kept { disc, slopes },
        }
    }

    /// Derivative of the wrench with respect to `d`, where the law was asked last.
    #[inline(always)]
    pub fn tangent<F: Freedom>(&self, d: &[T; 6], kept: &Kept<T>, ahead: &Ahead<T>) -> [T; PACKED] {
        let mut k = [d[0].of(0.0); PACKED];
        for &i in F::AXES {
            k[packed(i, i)] = match i {
                0 | 1 => self.bending.shear + ahead.drag,
                2 => kept.disc.slope + ahead.drag,
                _ => kept.slopes[i - 3] + ahead.drag * self.lever[i - 3],
            };
        }
        self.around.add_tangent::<F>(d, ahead.crept, &mut k);
        k
    }

    /// Ends the step at `d`, close to where the law was asked last: the disc's force goes
    /// there along its slope.
    #[inline(always)]
    pub fn commit<F: Freedom>(
        &self,
        d: &[T; 6],
        (asked, kept): (&[T; 6], &Kept<T>),
        ahead: &Ahead<T>,
        memory: &mut Memory<T>,
    ) {
        let force = kept.disc.force + kept.disc.slope * (d[2] - asked[2]);
        let target = self.disc.targets(force);
        for (i, height) in memory.fluid.height.iter_mut().enumerate() {
            *height = ahead.known[i] + ahead.weight[i] * target[i];
        }
        memory.fluid.target = target;
        memory.force = force;
        memory.guard = ahead.guard;
        for &i in F::AXES {
            memory.d[i] = d[i];
        }
    }

    /// What the level shows at `d`, the end of the last step.
    #[inline(always)]
    pub fn report<F: Freedom>(&self, d: &[T; 6], memory: &Memory<T>) -> LevelReport<T> {
        let zero = d[0].of(0.0);
        let moments = self.bending.moments::<F>(d);
        let fluid = memory.fluid.total();
        let force = memory.force - self.disc.tone;
        let resting = [Answer {
            force: zero,
            slope: zero,
        }; 3];
        let pressure = self.nucleus.pressure(force, fluid, &moments);
        let before = self.nucleus.pressure(-self.disc.tone, zero, &resting);
        let shares = self
            .around
            .shares::<F>(d, memory.fluid.quick(), memory.guard);
        let shape = self.shape.of(d, fluid);
        LevelReport {
            disc_force: force,
            disc_change: memory.force,
            ligament_change: shares[0],
            facet_change: shares[1],
            muscle_change: shares[2],
            facet_force: self.around.contact::<F>(d),
            pressure,
            pressure_change: pressure - before,
            fluid,
            ligament_strain: self.around.ligaments.worst(d),
            shape,
        }
    }
}
