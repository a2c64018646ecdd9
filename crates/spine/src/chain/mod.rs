//! A chain of rigid bodies with a joint between each and the next.
//!
//! ```text
//! M (v − vₙ)/Δt = F(x) − ∂U/∂x,     v = (x − xₙ)/Δt          implicit Euler
//! H δx = residual,  H = ∂²U/∂x² + supports + M/Δt²           block-tridiagonal (block)
//! ```
//!
//! Implicit, so stable at any Δt that the laws allow; at long steps inertia
//! vanishes and the chain is in equilibrium. H is kept as long as it serves
//! (chord Newton) and made anew when the caller says that the load changed, and
//! for those spines of a lane whose moves do not shrink fast enough, or whose first moves
//! grow from step to step (`wear`). A spine that
//! still moves after twelve iterations has its moves δ shortened where they overshoot
//! (a secant along the last move: s ← s rδ/(rδ − r⁺δ) while r⁺δ < 0): friction that
//! turns round and facets that close are kinks, which Newton alone crosses for ever.
//! A spine that has settled is left alone while its neighbours go on: its bits
//! do not depend on them.
//!
//! [`Chain`] is the model, [`State`] where it is, [`Scratch`] what only saves
//! time. Nothing allocates. What the joints do is the caller's ([`Joints`]), as
//! is what pulls and carries the bodies ([`Outside`]).

mod block;
mod bushing;
mod freedom;
mod link;
mod plane;
mod pose;
mod wear;

pub use block::{Blocks, MAX_BODIES, Six};
pub use bushing::{Bushing, Bushings};
pub use freedom::{Freedom, Plane, Space};
pub use link::Link;
pub use pose::{Pose, Three};
pub use wear::Course;

use crate::real::Real;
use crate::tissue::{PACKED, packed};
use link::{Bent, Pulling};
use wear::Wear;

/// A first move further than this asks for a new matrix at once, m.
const SERVED: f64 = 2e-4;
/// A matrix serves as long as each move is at most this share of the one before.
const CLOSING: f64 = 0.5;
/// Iterations before a step is given up.
const MOST: usize = 100;
/// From this iteration on the pull of now stiffens turning, not that of the last step's
/// end: a step that brings most of the load would else have a matrix without it.
const STRAINED: usize = 4;
/// After so many iterations it is asked whether moves overshoot: a kink may be crossed
/// back and forth.
const WAVERING: usize = 12;
/// A move overshot when what it leaves pushes back by more than this share of what it took.
const OVERSHOT: f64 = 0.1;
/// What a rotation counts against a displacement when it is asked whether a spine has settled, m/rad.
const LEVER: f64 = 0.03;
/// The most that a body turns in one iteration, rad: beyond it the stretch that
/// turning makes in a stiff chain would swamp what moved it.
const MOST_TURN: f64 = 0.1;
/// Longest step over which the speed predicts where the bodies will be although the load turns, s.
const PREDICTED: f64 = 0.05;

/// Inertia of one body.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Body {
    /// Mass, kg.
    pub mass: f64,
    /// Moments of inertia about the world's axes, kg m².
    pub inertia: [f64; 3],
}

/// What does not change: bodies, and where the joints sit on them.
#[derive(Clone, Debug, PartialEq)]
pub struct Chain {
    /// The bodies from the top; those from `free` on do not move.
    pub bodies: [Body; MAX_BODIES],
    /// Joint `j` links body `j` to body `j + 1`.
    pub links: [Link; MAX_BODIES - 1],
    /// How many bodies there are.
    pub count: usize,
    /// How many of them move: all, or all but the last (the ground).
    pub free: usize,
    /// A step has settled when no body would move further than this, m.
    pub tolerance: f64,
}

impl Chain {
    /// Whether it lies in the median plane: what is pulled there then stays there.
    #[must_use]
    pub fn is_plane(&self) -> bool {
        let zero = |x: f64| x.abs() <= 0.0;
        self.links
            .iter()
            .take(self.count.saturating_sub(1))
            .all(|link| {
                let [forward, left, up] = link.axes;
                zero(link.up[1])
                    && zero(link.low[1])
                    && zero(forward[1])
                    && zero(up[1])
                    && zero(left[0])
                    && zero(left[2])
            })
    }
}

/// What the joints do; `wrench` is always asked before `tangent`.
pub trait Joints<T> {
    /// Which spines still move (1) and which have settled (0): a settled one keeps the
    /// loads it settled with, however long its neighbours go on.
    fn moving(&mut self, _active: T) {}
    /// The wrench of joint `at` under deformation `d` (see [`crate::tissue`]).
    fn wrench(&mut self, at: usize, d: &[T; 6]) -> [T; 6];
    /// Its derivative, packed.
    fn tangent(&mut self, at: usize, d: &[T; 6]) -> [T; PACKED];
}

/// What acts on the bodies from outside.
pub trait Outside<T> {
    /// Force and moment on body `at` about its origin, world axes.
    fn load(&mut self, at: usize, pose: &Pose<T>) -> Six<T>;
    /// Adds minus its derivative to the body's diagonal block.
    fn stiffen(&mut self, at: usize, pose: &Pose<T>, into: &mut [T; PACKED]);
}

/// Where the bodies are and how they move.
#[derive(Clone, Debug)]
pub struct State<T> {
    /// Pose of each body.
    pub pose: [Pose<T>; MAX_BODIES],
    /// Speed of each body, m/s and rad/s.
    pub speed: [Six<T>; MAX_BODIES],
    /// What the joints pulled with when the last step ended: it stiffens turning.
    held: [Pulling<T>; MAX_BODIES],
}

impl<T: Real> State<T> {
    /// At rest.
    #[inline(always)]
    pub fn rest(zero: T) -> Self {
        Self {
            pose: [Pose::rest(zero); MAX_BODIES],
            speed: [[zero; 6]; MAX_BODIES],
            held: [Pulling::none(zero); MAX_BODIES],
        }
    }
}

/// What saves time or space between calls; carries no state of the chain.
#[derive(Clone, Debug)]
pub struct Scratch<T> {
    factors: Blocks<T>,
    turns: [[Three<T>; 3]; MAX_BODIES],
    residual: [Six<T>; MAX_BODIES],
    total: [Six<T>; MAX_BODIES],
    last: [Six<T>; MAX_BODIES],
    bent: [Bent<T>; MAX_BODIES],
    pulling: [Pulling<T>; MAX_BODIES],
    /// Blocks that are being made.
    work: Work<T>,
    /// Deformations where the last step ended.
    ended: [[T; 6]; MAX_BODIES],
    /// The step length that `factors` is for; 0 when there are none.
    made_for: f64,
    wear: Wear<T>,
}

/// The diagonal blocks of two bodies and what is between them, while they are made.
#[derive(Clone, Debug)]
struct Work<T> {
    diagonal: [[T; PACKED]; 2],
    below: [[T; 6]; 6],
}

impl<T: Real> Scratch<T> {
    /// Nothing kept yet.
    #[inline(always)]
    pub fn new(zero: T) -> Self {
        Self {
            factors: Blocks::new(zero),
            turns: [[[zero; 3]; 3]; MAX_BODIES],
            residual: [[zero; 6]; MAX_BODIES],
            total: [[zero; 6]; MAX_BODIES],
            last: [[zero; 6]; MAX_BODIES],
            bent: [Bent::none(zero); MAX_BODIES],
            pulling: [Pulling::none(zero); MAX_BODIES],
            work: Work {
                diagonal: [[zero; PACKED]; 2],
                below: [[zero; 6]; 6],
            },
            ended: [[zero; 6]; MAX_BODIES],
            made_for: 0.0,
            wear: Wear::new(zero),
        }
    }
}

/// How a step ended.
#[derive(Clone, Copy, Debug)]
pub struct Settled<T> {
    /// 0 for a spine that settled, 1 for one that did not.
    pub unsettled: T,
    /// Iterations used by the slowest.
    pub iterations: usize,
}

/// Lets `dt` pass; `course` tells what the load does meanwhile.
#[inline(always)]
pub fn step<T: Real, F: Freedom>(
    chain: &Chain,
    state: &mut State<T>,
    scratch: &mut Scratch<T>,
    parts: (&mut impl Joints<T>, &mut impl Outside<T>),
    (dt, course): (f64, Course),
) -> Settled<T> {
    let (joints, outside) = parts;
    let zero = state.speed[0][0].of(0.0);
    let anew = course == Course::Turns || !wear::serves(scratch.made_for, dt);
    let on = course == Course::Goes && !anew;
    predict::<T, F>(chain, state, scratch, (dt, on), zero);
    let (mut active, mut slow, mut before) =
        (zero + 1.0, scratch.wear.worn, zero + SERVED / CLOSING);
    let (mut iterations, mut short, mut asked) = (0, zero + 1.0, zero);
    while iterations < MOST {
        joints.moving(active);
        balance::<T, F>(chain, state, scratch, (joints, outside), (dt, active));
        if iterations == 0 && anew {
            stiffness::<T, F>(chain, state, scratch, (joints, outside), (dt, None, false));
            scratch.made_for = dt;
        } else if T::any((zero + 0.5).less(slow), zero) {
            let mask = Some((zero + 0.5).less(slow));
            let late = iterations >= STRAINED;
            stiffness::<T, F>(chain, state, scratch, (joints, outside), (dt, mask, late));
        }
        if iterations > WAVERING {
            short = shortened(short, asked, along::<T, F>(chain, scratch, zero));
        }
        let forces = (iterations >= WAVERING).then_some(scratch.residual);
        freedom::solve::<T, F>(&scratch.factors, chain.free, &mut scratch.residual);
        if let Some(forces) = forces {
            scratch.last = scratch.residual;
            scratch.residual = forces;
            asked = along::<T, F>(chain, scratch, zero);
            scratch.residual = scratch.last;
        }
        let (size, turn) = largest::<T, F>(&scratch.residual[..chain.free], zero);
        if iterations == 0 {
            let kept = on && dt > PREDICTED;
            scratch.wear.corrected(size, chain.tolerance, kept);
        }
        iterations += 1;
        // The last correction is made too: what is left after it is smaller still.
        let most = zero + MOST_TURN;
        let within = T::select(turn.less(most), short, most * short / turn);
        advance::<T, F>(chain, state, scratch, active * within, zero);
        active = T::select(size.less(zero + chain.tolerance), zero, active);
        if !T::any((zero + 0.5).less(active), zero) {
            break;
        }
        slow = T::select((before * CLOSING).less(size), active, zero);
        before = size;
    }
    let always = zero.less(zero + 1.0);
    for (held, pulling) in state.held.iter_mut().zip(&scratch.pulling) {
        held.take::<F>(always, pulling);
    }
    for (speed, total) in state.speed.iter_mut().zip(&scratch.total).take(chain.free) {
        for &i in F::AXES {
            speed[i] = total[i] * (1.0 / dt);
        }
    }
    Settled {
        unsettled: active,
        iterations,
    }
}

/// Starts where the speed leads, or where the bodies are when a long step turns elsewhere.
#[inline(always)]
fn predict<T: Real, F: Freedom>(
    chain: &Chain,
    state: &mut State<T>,
    scratch: &mut Scratch<T>,
    (dt, on): (f64, bool),
    zero: T,
) {
    for at in 0..chain.free.min(MAX_BODIES) {
        let mut moved = [zero; 6];
        if dt <= PREDICTED || on {
            for &i in F::AXES {
                moved[i] = state.speed[at][i] * dt;
            }
            state.pose[at] = freedom::moved::<T, F>(&state.pose[at], &moved);
        }
        freedom::copy::<T, F>(&moved, &mut scratch.total[at]);
    }
}

/// The residual: what acts from outside, inertia, and what the joints pull back.
#[inline(always)]
fn balance<T: Real, F: Freedom>(
    chain: &Chain,
    state: &State<T>,
    scratch: &mut Scratch<T>,
    parts: (&mut impl Joints<T>, &mut impl Outside<T>),
    (dt, active): (f64, T),
) {
    let (joints, outside) = parts;
    let (per_dt, count) = (1.0 / dt, chain.count.min(MAX_BODIES));
    let moving = active.of(0.5).less(active);
    for at in 0..count {
        freedom::turn::<T, F>(&state.pose[at], &mut scratch.turns[at]);
        let mut r = outside.load(at, &state.pose[at]);
        let masses = masses(&chain.bodies[at]);
        for &i in F::AXES {
            let gained = scratch.total[at][i] * per_dt - state.speed[at][i];
            r[i] -= gained * (masses[i] * per_dt);
        }
        freedom::copy::<T, F>(&r, &mut scratch.residual[at]);
    }
    for at in 0..count - 1 {
        let bent = freedom::bent::<T, F>(
            &chain.links[at],
            (&state.pose[at], &scratch.turns[at]),
            (&state.pose[at + 1], &scratch.turns[at + 1]),
        );
        let w = joints.wrench(at, &bent.d);
        let (upper, lower) = scratch.residual.split_at_mut(at + 1);
        let pulling = freedom::act::<T, F>(&bent, &w, &mut upper[at], &mut lower[0]);
        scratch.bent[at].take::<F>(moving, &bent);
        scratch.pulling[at].take::<F>(moving, &pulling);
    }
}

/// Makes and factors the matrix at the present pose, for all spines or for those that
/// `mask` names. Body by body in one pass, so that a block is factored where it was
/// made, and not fetched again.
#[inline(always)]
fn stiffness<T: Real, F: Freedom>(
    chain: &Chain,
    state: &State<T>,
    scratch: &mut Scratch<T>,
    (joints, outside): (&mut impl Joints<T>, &mut impl Outside<T>),
    (dt, mask, late): (f64, Option<T::Mask>, bool),
) {
    let count = chain.count.min(MAX_BODIES);
    let free = chain.free.min(count);
    let per_dt2 = 1.0 / (dt * dt);
    let Scratch {
        factors,
        bent,
        pulling,
        work,
        ..
    } = scratch;
    let [here, next] = &mut work.diagonal;
    let (mut here, mut next, below) = (here, next, &mut work.below);
    own::<T, F>(chain, state, outside, (0, per_dt2), here);
    for at in 0..free {
        if at + 1 < count {
            own::<T, F>(chain, state, outside, (at + 1, per_dt2), next);
            let (bent, held) = (&bent[at], &state.held[at]);
            let k = joints.tangent(at, &bent.d);
            let pulling = if late { &pulling[at] } else { held };
            freedom::stiffen::<T, F>((bent, &k, pulling), here, next, below);
        }
        freedom::factor::<T, F>(here);
        if at + 1 < free {
            freedom::reduce::<T, F>(here, below, next);
        }
        factors.put::<F>(at, (here, below), mask);
        core::mem::swap(&mut here, &mut next);
    }
}

/// A body's own part of its diagonal block: inertia, and what holds it from outside.
#[inline(always)]
fn own<T: Real, F: Freedom>(
    chain: &Chain,
    state: &State<T>,
    outside: &mut impl Outside<T>,
    (at, per_dt2): (usize, f64),
    block: &mut [T; PACKED],
) {
    let zero = state.speed[0][0].of(0.0);
    let masses = masses(&chain.bodies[at]);
    for &i in F::AXES {
        for &j in F::AXES.iter().filter(|j| **j < i) {
            block[packed(i, j)] = zero;
        }
        block[packed(i, i)] = zero + masses[i] * per_dt2;
    }
    outside.stiffen(at, &state.pose[at], block);
}

/// The share of the next move that is made, after the last one, which had `asked` against
/// the forces then, has `left` against the forces now, J.
#[inline(always)]
fn shortened<T: Real>(short: T, asked: T, left: T) -> T {
    let least = short.of(0.1);
    let secant = (asked / (asked - left)).max(least);
    let longer = (short * 1.25).min(short.of(1.0));
    T::select(left.less(asked * -OVERSHOT), short * secant, longer)
}

/// What the last moves do against the present forces, J.
#[inline(always)]
fn along<T: Real, F: Freedom>(chain: &Chain, scratch: &Scratch<T>, zero: T) -> T {
    let mut sum = zero;
    for at in 0..chain.free.min(MAX_BODIES) {
        for &i in F::AXES {
            sum += scratch.residual[at][i] * scratch.last[at][i];
        }
    }
    sum
}

/// The furthest that any body would move, m, and the most that one would turn, rad.
#[inline(always)]
fn largest<T: Real, F: Freedom>(moves: &[Six<T>], zero: T) -> (T, T) {
    let (mut shift, mut turn) = (zero, zero);
    for six in moves {
        for &i in F::AXES {
            let most = if i < 3 { &mut shift } else { &mut turn };
            let x = six[i].abs();
            // A number that is none must not be taken for a small one.
            *most = T::select(x.less(*most), *most, x);
        }
    }
    let turned = turn * LEVER;
    (T::select(turned.less(shift), shift, turned), turn)
}

/// Moves the bodies of the spines that have not settled.
#[inline(always)]
fn advance<T: Real, F: Freedom>(
    chain: &Chain,
    state: &mut State<T>,
    scratch: &mut Scratch<T>,
    scale: T,
    zero: T,
) {
    let moving = zero.less(scale);
    for at in 0..chain.free.min(MAX_BODIES) {
        let mut by = [zero; 6];
        for &i in F::AXES {
            by[i] = T::select(moving, scratch.residual[at][i] * scale, zero);
            scratch.total[at][i] += by[i];
        }
        let moved = freedom::moved::<T, F>(&state.pose[at], &by);
        state.pose[at].shift = moved.shift;
        for (old, new) in state.pose[at].turn.iter_mut().zip(&moved.turn) {
            *old = T::select(moving, *new, *old);
        }
    }
}

/// Mass three times, then the moments of inertia.
#[inline(always)]
fn masses(body: &Body) -> [f64; 6] {
    let [x, y, z] = body.inertia;
    [body.mass, body.mass, body.mass, x, y, z]
}

impl<T: Real> Scratch<T> {
    /// The deformation of joint `at` that the laws were last asked for, and the one after
    /// the last correction.
    #[inline(always)]
    pub const fn balanced(&self, at: usize) -> (&[T; 6], &[T; 6]) {
        (&self.bent[at].d, &self.ended[at])
    }
}

/// Finds every joint's deformation where the bodies are after the last correction of a step.
#[inline(always)]
pub fn end<T: Real, F: Freedom>(chain: &Chain, state: &State<T>, scratch: &mut Scratch<T>) {
    for (turn, pose) in scratch.turns.iter_mut().zip(&state.pose) {
        freedom::turn::<T, F>(pose, turn);
    }
    for at in 0..chain.count.min(MAX_BODIES) - 1 {
        let (upper, lower) = (&state.pose[at], &state.pose[at + 1]);
        let turns = (&scratch.turns[at], &scratch.turns[at + 1]);
        let bent = freedom::bent::<T, F>(&chain.links[at], (upper, turns.0), (lower, turns.1));
        freedom::copy::<T, F>(&bent.d, &mut scratch.ended[at]);
    }
}

impl<T: Real> State<T> {
    /// The deformation of joint `at` in its own axes.
    #[inline(always)]
    pub fn deformation(&self, chain: &Chain, at: usize) -> [T; 6] {
        let (upper, lower) = (&self.pose[at], &self.pose[at + 1]);
        chain.links[at]
            .bent((upper, &upper.matrix()), (lower, &lower.matrix()))
            .d
    }
}
