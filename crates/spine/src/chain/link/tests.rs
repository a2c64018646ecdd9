//! The link against differences: forces of an energy, tangent of forces.
//!
//! A joint with the energy ½ dᵀK d sits between two bodies that were shifted and turned
//! at random, on axes that do not lie along the world's. Every body is then nudged in
//! each of its six directions as the iteration does it ([`Pose::moved`]).

use super::*;

/// Nudge, m and rad.
const NUDGE: f64 = 1e-5;
/// Both bodies' six numbers, upper first.
type Twelve = [f64; 12];

/// The same numbers at every run, evenly between −1 and 1.
struct Dice(u64);

impl Dice {
    fn roll(&mut self) -> f64 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005);
        self.0 = self.0.wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 11) as f64 / (1u64 << 52) as f64 - 1.0
    }

    fn three(&mut self, size: f64) -> [f64; 3] {
        core::array::from_fn(|_| self.roll() * size)
    }

    /// A pose turned by about `turn` radians.
    fn pose(&mut self, shift: f64, turn: f64) -> Pose<f64> {
        let (shift, turn) = (self.three(shift), self.three(turn / 10.0));
        let by = [0.0, 0.0, 0.0, turn[0], turn[1], turn[2]];
        let turned = (0..10).fold(Pose::rest(0.0), |pose, _| pose.moved(&by));
        Pose { shift, ..turned }
    }
}

/// A joint and where its two bodies are.
struct Case {
    link: Link,
    poses: [Pose<f64>; 2],
    stiffness: [f64; PACKED],
}

impl Case {
    fn new(dice: &mut Dice, turn: f64) -> Self {
        // Lᵀ L + some: positive definite, couples all six.
        let half: [[f64; 6]; 6] = core::array::from_fn(|_| core::array::from_fn(|_| dice.roll()));
        let size = |i: usize| if i < 3 { 300.0 } else { 6.0 };
        let mut stiffness = [0.0; PACKED];
        for i in 0..6 {
            for j in 0..=i {
                let sum: f64 = half.iter().map(|row| row[i] * row[j]).sum();
                let own = if i == j { 1.0 } else { 0.0 };
                stiffness[packed(i, j)] = (sum + own) * size(i) * size(j);
            }
        }
        Self {
            link: Link {
                up: dice.three(0.03),
                low: dice.three(0.03),
                axes: dice.pose(0.0, 0.5).matrix(),
            },
            poses: [dice.pose(2e-3, turn), dice.pose(2e-3, turn)],
            stiffness,
        }
    }

    /// The same with body `k / 6` nudged in its direction `k % 6`.
    fn nudged(&self, k: usize, by: f64) -> Self {
        let mut step = [0.0; 6];
        step[k % 6] = by;
        let mut poses = self.poses;
        poses[k / 6] = poses[k / 6].moved(&step);
        Self {
            link: self.link,
            poses,
            stiffness: self.stiffness,
        }
    }

    fn bent(&self) -> Bent<f64> {
        let [upper, lower] = &self.poses;
        self.link
            .bent((upper, &upper.matrix()), (lower, &lower.matrix()))
    }

    fn wrench(&self, d: &[f64; 6]) -> [f64; 6] {
        let k =
            |i: usize, j: usize| self.stiffness[if j <= i { packed(i, j) } else { packed(j, i) }];
        core::array::from_fn(|i| (0..6).map(|j| k(i, j) * d[j]).sum())
    }

    fn energy(&self) -> f64 {
        let d = self.bent().d;
        let w = self.wrench(&d);
        0.5 * d.iter().zip(&w).map(|(d, w)| d * w).sum::<f64>()
    }

    /// What the joint does to both bodies, as the gradient of its energy.
    fn forces(&self) -> Twelve {
        let bent = self.bent();
        let pulling = bent.pulling(&self.wrench(&bent.d));
        let (mut upper, mut lower) = ([0.0; 6], [0.0; 6]);
        bent.act(&pulling, &mut upper, &mut lower);
        core::array::from_fn(|k| -if k < 6 { upper[k] } else { lower[k - 6] })
    }

    /// What [`Bent::stiffen`] makes of it.
    fn tangent(&self) -> [Twelve; 12] {
        let bent = self.bent();
        let pulling = bent.pulling(&self.wrench(&bent.d));
        let (mut upper, mut lower) = ([0.0; PACKED], [0.0; PACKED]);
        let coupling = bent.stiffen(&self.stiffness, &pulling, &mut upper, &mut lower);
        let own = |block: &[f64; PACKED], i: usize, j: usize| {
            block[if j <= i { packed(i, j) } else { packed(j, i) }]
        };
        core::array::from_fn(|i| {
            core::array::from_fn(|j| match (i < 6, j < 6) {
                (true, true) => own(&upper, i, j),
                (false, false) => own(&lower, i - 6, j - 6),
                (false, true) => coupling[i - 6][j],
                (true, false) => coupling[j - 6][i],
            })
        })
    }

    /// How the forces change by differences: row of the force, column of the nudge.
    fn differences(&self) -> [Twelve; 12] {
        let columns: [Twelve; 12] = core::array::from_fn(|k| {
            let (more, less) = (
                self.nudged(k, NUDGE).forces(),
                self.nudged(k, -NUDGE).forces(),
            );
            core::array::from_fn(|i| (more[i] - less[i]) / (2.0 * NUDGE))
        });
        core::array::from_fn(|i| core::array::from_fn(|j| columns[j][i]))
    }
}

fn cases(turn: f64) -> impl Iterator<Item = Case> {
    let mut dice = Dice(7);
    (0..12).map(move |_| Case::new(&mut dice, turn))
}

/// What a newton is to a force, 0.03 N m are to a moment: the arm of a joint.
fn scale(i: usize) -> f64 {
    if i % 6 < 3 { 1.0 } else { 0.03 }
}

#[test]
fn forces_and_moments_on_both_bodies_are_the_gradient_of_the_energy() {
    for case in cases(0.3) {
        let forces = case.forces();
        let size = forces.iter().fold(0.0_f64, |most, f| most.max(f.abs()));
        for (k, force) in forces.iter().enumerate() {
            let rise = case.nudged(k, NUDGE).energy() - case.nudged(k, -NUDGE).energy();
            let slope = rise / (2.0 * NUDGE);
            let missed = (force - slope).abs();
            assert!(missed < 1e-6 * size * scale(k), "{k}: {force} {slope}");
        }
    }
}

#[test]
fn what_a_link_does_to_one_body_it_undoes_on_the_other() {
    for case in cases(0.3) {
        let forces = case.forces();
        let apart: [f64; 3] =
            core::array::from_fn(|i| case.poses[0].shift[i] - case.poses[1].shift[i]);
        // Origins are told from where each lies at rest: joint minus lever arm.
        let arm: [f64; 3] = core::array::from_fn(|i| apart[i] + case.link.low[i] - case.link.up[i]);
        let lever = cross(&arm, &[forces[0], forces[1], forces[2]]);
        for i in 0..3 {
            assert!((forces[i] + forces[i + 6]).abs() < 1e-9);
            let moment = forces[i + 3] + lever[i] + forces[i + 9];
            assert!(moment.abs() < 1e-9, "{moment}");
        }
    }
}

/// The largest entry, as a share of the largest stiffness.
fn worst(case: &Case, of: impl Fn(usize, usize) -> f64) -> f64 {
    let k = case.tangent();
    let share = |x: f64, i: usize, j: usize| x.abs() / (scale(i) * scale(j));
    let size = (0..12).fold(0.0_f64, |most, i| most.max(share(k[i][i], i, i)));
    let entries = (0..144).map(|at| (at / 12, at % 12));
    entries.fold(0.0_f64, |most, (i, j)| most.max(share(of(i, j), i, j))) / size
}

/// The even part that the tangent does without: ½ M× and ¼ φ·m.
fn of_the_moment(case: &Case) -> impl Fn(usize, usize) -> f64 {
    let bent = case.bent();
    let w = case.wrench(&bent.d);
    let moment = spin(&bent.pulling(&w).moment);
    let along = 0.25 * (bent.d[3] * w[3] + bent.d[4] * w[4] + bent.d[5] * w[5]);
    move |i: usize, j: usize| {
        if i % 6 < 3 || j % 6 < 3 {
            return 0.0;
        }
        let (row, column) = (i % 3, j % 3);
        let own = if row == column { along } else { 0.0 };
        match (i < 6, j < 6) {
            (true, true) | (false, false) => -own,
            (false, true) => own + 0.5 * moment[row][column],
            (true, false) => own + 0.5 * moment[column][row],
        }
    }
}

#[test]
fn the_tangent_leaves_out_the_moments_own_turning_and_nothing_else() {
    for turn in [0.0, 0.1, 0.3] {
        for case in cases(turn) {
            let (told, found) = (case.tangent(), case.differences());
            let even = |i: usize, j: usize| 0.5 * (found[i][j] + found[j][i]);
            let left = of_the_moment(&case);
            let missed = worst(&case, |i, j| told[i][j] + left(i, j) - even(i, j));
            assert!(missed < 1e-6, "{turn} rad: {missed}");
            let omitted = worst(&case, left);
            assert!(omitted < 0.15, "{turn} rad: {omitted}");
        }
    }
}

#[test]
fn what_is_odd_in_the_change_of_forces_is_half_of_each_bodys_moment() {
    for case in cases(0.3) {
        let (found, forces) = (case.differences(), case.forces());
        let half = |i: usize, j: usize| {
            if i / 6 != j / 6 || i % 6 < 3 || j % 6 < 3 {
                return 0.0;
            }
            let at = i / 6 * 6 + 3;
            let moment = [forces[at], forces[at + 1], forces[at + 2]];
            -0.5 * spin(&moment)[i % 3][j % 3]
        };
        let odd = |i: usize, j: usize| 0.5 * (found[i][j] - found[j][i]);
        let missed = worst(&case, |i, j| odd(i, j) - half(i, j));
        assert!(missed < 1e-6, "{missed}");
    }
}
