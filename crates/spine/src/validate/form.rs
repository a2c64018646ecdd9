//! Closed forms: what the engine must give because arithmetic does.
//!
//! | case | law |
//! |---|---|
//! | `series` | k = k₁/8, eight bushings of the chain |
//! | `kelvin` | 1 − e⁻¹ of the final fluid after one time constant |
//! | `two-term` | e(n) + Σ C_i(n)(1 − e^(−t/τ_i)) after 20 min |
//! | `pendulum` | period 2π √((I + m l²)/k) of a rod on a rotational spring |
//! | `friction` | a block moves at μ W and not before |
//! | `angle` | a pull needs least force at atan μ |

use super::bench::{L4L5, Spine, adult, lying};
use super::{Measured, Results};
use crate::anatomy::Measured as Readings;
use crate::chain::{
    self, Body, Bushing, Bushings, Chain, Course, Link, MAX_BODIES, Outside, Pose, Scratch, Six,
    Space, State,
};
use crate::tissue::PACKED;
use crate::tissue::fluid::{Fluid, TERMS};
use crate::unknown::Unknown;
use crate::world::{Support, World};
use si::{Radians, Region, Seconds};

/// Stiffness of one cervical segment, N/m (B061), eight of them in series.
const SERIES: f64 = 356e3;
/// Rod: distance of its centre from the spring, m, and mass, kg.
const ROD: (f64, f64) = (0.2, 10.0);
/// Its spring, N m/rad.
const SPRING: f64 = 200.0;

/// Every closed form that the plan names.
pub(super) fn closed() -> Results {
    let all = [
        ("series", series()),
        ("kelvin", creep(true)),
        ("two-term", creep(false)),
        ("pendulum", pendulum()),
        ("friction", threshold()),
        ("angle", best_angle()),
    ];
    all.into_iter()
        .filter_map(|(name, value)| Some((name.to_owned(), Measured::exact(value?))))
        .collect()
}

/// A force and moment on the topmost body.
struct Top(Six<f64>);

impl Outside<f64> for Top {
    fn load(&mut self, at: usize, _: &Pose<f64>) -> Six<f64> {
        if at == 0 { self.0 } else { [0.0; 6] }
    }
    fn stiffen(&mut self, _: usize, _: &Pose<f64>, _: &mut [f64; PACKED]) {}
}

/// `bodies` on a fixed base, each `spacing` from the next.
fn chain_of(bodies: usize, spacing: f64, body: Body) -> Chain {
    let link = Link {
        up: [0.0, 0.0, -spacing],
        low: [0.0; 3],
        axes: [[1.0, 0.0, 0.0], [0.0, 1.0, 0.0], [0.0, 0.0, 1.0]],
    };
    Chain {
        bodies: [body; MAX_BODIES],
        links: [link; MAX_BODIES - 1],
        count: bodies + 1,
        free: bodies,
        tolerance: 1e-10,
    }
}

/// Stiffness of eight equal springs in series, N/mm.
fn series() -> Option<f64> {
    let chain = chain_of(
        8,
        0.02,
        Body {
            mass: 0.1,
            inertia: [1e-4; 3],
        },
    );
    let bushing = Bushing {
        stiffness: [1e5, 1e5, SERIES, 50.0, 50.0, 50.0],
        cubic: [0.0; 6],
        damping: [0.0; 6],
    };
    let (mut state, mut joints) = (State::rest(0.0), Bushings::all(bushing, 0.0));
    let mut scratch = Scratch::new(0.0);
    let mut pull = Top([0.0, 0.0, 100.0, 0.0, 0.0, 0.0]);
    for _ in 0..20 {
        joints.begin(10.0);
        let parts = (&mut joints, &mut pull);
        let end = chain::step::<_, Space>(
            &chain,
            &mut state,
            &mut scratch,
            parts,
            (10.0, Course::Goes),
        );
        if end.unsettled > 0.5 {
            return None;
        }
    }
    Some(1e-3 * 100.0 / state.pose[0].shift[2])
}

/// Fluid of the disc of L4–L5 under a constant 51 N: after its fast time constant over the
/// final value, or the opening after 20 min over the closed form.
fn creep(kelvin: bool) -> Option<f64> {
    let donor = adult(50.0);
    let spine = Spine::middle(Region::Lumbar);
    let anatomy = lying(&donor, &Readings::default())?;
    let segment = spine.segment(&anatomy, L4L5, &donor)?;
    let (disc, times) = (&segment.disc, &segment.times);
    let until = if kelvin { times.growing[0] } else { 1200.0 };
    const STEPS: u32 = 40;
    let target = disc.targets(51.0);
    let pace = times.prepare(until / f64::from(STEPS));
    let mut fluid = Fluid {
        height: [0.0; TERMS],
        target,
    };
    for _ in 0..STEPS {
        let (known, weight) = fluid.ahead(&pace);
        fluid.height = core::array::from_fn(|term| known[term] + weight[term] * target[term]);
    }
    if kelvin {
        return Some(fluid.height[0] / target[0]);
    }
    let grown = |term: usize| target[term] * -libm::expm1(-until / times.growing[term]);
    let closed = disc.stretch(51.0) + (0..TERMS).map(grown).sum::<f64>();
    Some((disc.stretch(51.0) + fluid.total()) / closed)
}

/// Period of a rod on a spring over the closed form; frictionless, small tilt.
fn pendulum() -> Option<f64> {
    let (length, mass) = ROD;
    let inertia = mass * length * length / 3.0;
    let rod = Body {
        mass,
        inertia: [inertia; 3],
    };
    let chain = chain_of(1, length, rod);
    let bushing = Bushing {
        stiffness: [1e8, 1e8, 1e8, SPRING, SPRING, SPRING],
        cubic: [0.0; 6],
        damping: [0.0; 6],
    };
    let (mut state, mut joints) = (State::rest(0.0), Bushings::all(bushing, 0.0));
    let mut scratch = Scratch::new(0.0);
    let period = core::f64::consts::TAU * libm::sqrt((inertia + mass * length * length) / SPRING);
    let dt = period / 4000.0;
    // A push at the start; then half periods from one crossing to the next.
    let (mut crossings, mut before) = (Vec::new(), 0.0);
    for step in 0..12_000_u32 {
        let push = if step < 40 { 5.0 } else { 0.0 };
        joints.begin(dt);
        let parts = (&mut joints, &mut Top([push, 0.0, 0.0, 0.0, 0.0, 0.0]));
        let end =
            chain::step::<_, Space>(&chain, &mut state, &mut scratch, parts, (dt, Course::Goes));
        if end.unsettled > 0.5 {
            return None;
        }
        let now = state.pose[0].shift[0];
        if step > 40 && before > 0.0 && now <= 0.0 {
            crossings.push(f64::from(step) + before / (before - now));
        }
        before = now;
    }
    let (first, last) = (crossings.first()?, crossings.last()?);
    let turns = crossings.len() as f64 - 1.0;
    Some((last - first) * dt / (turns * period))
}

/// A couch with a person on it.
fn couch(region: Region) -> Option<(World<f64>, [f64; 2])> {
    let person = adult(45.0);
    let anatomy = lying(&person, &Readings::default())?;
    let spine = Spine::middle(region);
    let world = World::build(&anatomy, region, &Support::level(false), &spine.draw).ok()?;
    let weight = match region {
        Region::Lumbar => anatomy.lower_body_weight().get(),
        Region::Cervical => anatomy.head_weight().get(),
    };
    Some((
        world,
        [spine[Unknown::Friction], weight * spine[Unknown::Weight]],
    ))
}

/// Force at which the lower body begins to slide over friction times weight.
fn threshold() -> Option<f64> {
    let (world, [friction, weight]) = couch(Region::Lumbar)?;
    let gains = world.gains(Seconds::of(1.0)).ok()?;
    let pelvis = world.pulled();
    for step in 1..=4000_u32 {
        let moved = f64::from(step) * 1e-6;
        let mut state = world.rest();
        let held = -world.body(pelvis, [0.0, 0.0, moved], &state, 0.0).force[2];
        let mut all = [[0.0; 3]; crate::anatomy::BODIES];
        all[pelvis][2] = moved;
        world.commit(&mut state, &gains, &all, held, 0.0);
        if state.slid[pelvis][1] > 0.0 {
            return Some(held / (friction * weight));
        }
    }
    None
}

/// Angle of a pull on the head at which most of it is left after friction, deg.
fn best_angle() -> Option<f64> {
    let (world, _) = couch(Region::Cervical)?;
    let head = world.pulled();
    let left = |degrees: f64| {
        let grip = world.grip(Radians::from_degrees(degrees)?).ok()?;
        let pulled = grip.pull(40.0);
        // Far enough along the couch that the head slides.
        let state = world.rest();
        let held = world
            .body(head, [0.0, 0.0, 0.01], &state, pulled.lift)
            .force[2];
        Some(pulled.force[2] + held)
    };
    let angles = (0..=240_u32).map(|step| 0.25 * f64::from(step));
    let mut best = (0.0, f64::NEG_INFINITY);
    for angle in angles {
        let arrived = left(angle)?;
        if arrived > best.1 {
            best = (angle, arrived);
        }
    }
    Some(best.0)
}
