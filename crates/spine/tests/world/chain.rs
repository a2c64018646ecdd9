//! Friction along a whole chain of bodies.

use super::{BODIES, HEAD, JOINTS, LOWER, SPLIT, UNSPLIT, WEIGHT, world};
use si::{Radians, Region, Seconds};
use spine::tables::friction;
use spine::world::{Support, World, WorldState};

/// Stiffness of the test chain's joints along z, N/m.
const JOINT: f64 = 120e3;

/// A chain with axial joints only, stepped by Newton over a tridiagonal matrix.
struct Chain {
    world: World<f64>,
    state: WorldState<f64>,
    u: [[f64; 3]; BODIES],
}

impl Chain {
    fn new(region: Region, support: &Support) -> Self {
        let world = world(region, support);
        Self {
            state: world.rest(),
            world,
            u: [[0.0; 3]; BODIES],
        }
    }

    /// Equilibrium under `force`, then the end of the step.
    fn pull(&mut self, force: f64) {
        let pulled = self.world.grip(Radians::ZERO).unwrap().pull(force);
        // Plain Newton, from where the last step ended: few steps also when a pull turns round.
        for _ in 0..10 {
            let (miss, matrix) = self.residual(pulled.force[2]);
            let step = thomas(matrix, miss);
            for (u, step) in self.u.iter_mut().zip(step) {
                u[2] += step;
            }
        }
        let (miss, _) = self.residual(pulled.force[2]);
        assert!(miss.iter().all(|miss| miss.abs() < 1e-6), "{miss:?}");
        let gains = self.world.gains(Seconds::of(1.0)).unwrap();
        self.world
            .commit(&mut self.state, &gains, &self.u, force, pulled.lift);
    }

    fn residual(&self, force: f64) -> ([f64; BODIES], [f64; BODIES]) {
        let (mut miss, mut diagonal) = ([0.0; BODIES], [0.0; BODIES]);
        for b in 0..BODIES {
            let reaction = self.world.body(b, self.u[b], &self.state, 0.0);
            miss[b] += reaction.force[2];
            diagonal[b] += reaction.stiffness[2];
        }
        miss[self.world.pulled()] += force;
        for j in 0..JOINTS {
            miss[j] -= self.tension(j);
            miss[j + 1] += self.tension(j);
            diagonal[j] += JOINT;
            diagonal[j + 1] += JOINT;
        }
        (miss, diagonal)
    }

    fn tension(&self, j: usize) -> f64 {
        JOINT * (self.u[j][2] - self.u[j + 1][2])
    }
}

/// Solves the tridiagonal system with −JOINT beside the diagonal.
fn thomas(mut diagonal: [f64; BODIES], mut right: [f64; BODIES]) -> [f64; BODIES] {
    for b in 1..BODIES {
        let factor = -JOINT / diagonal[b - 1];
        diagonal[b] += factor * JOINT;
        right[b] -= factor * right[b - 1];
    }
    for b in (0..BODIES).rev() {
        let below = if b + 1 < BODIES { right[b + 1] } else { 0.0 };
        right[b] = (right[b] + JOINT * below) / diagonal[b];
    }
    right
}

const L5S1: usize = JOINTS - 1;

#[test]
fn an_unsplit_couch_loses_a_quarter_of_body_weight() {
    for force in [350.0, 450.0, 600.0] {
        let mut chain = Chain::new(Region::Lumbar, &UNSPLIT);
        chain.pull(force);
        let lost = (force - chain.tension(L5S1)) / WEIGHT;
        assert!((0.25..=0.26).contains(&lost), "{force}: {lost}");
    }
}

#[test]
fn a_split_couch_passes_nearly_all_of_it() {
    let mut chain = Chain::new(Region::Lumbar, &SPLIT);
    chain.pull(300.0);
    let passed = chain.tension(L5S1) / 300.0;
    assert!((0.96..1.0).contains(&passed), "{passed}");
}

#[test]
fn a_pull_below_the_friction_of_the_couch_only_shears_the_skin() {
    let threshold = 0.5 * LOWER * WEIGHT;
    let mut chain = Chain::new(Region::Lumbar, &UNSPLIT);
    chain.pull(0.95 * threshold);
    assert!(chain.state.slid[25][1].abs() <= 0.0, "nothing slid");
    assert!(chain.u[25][2].abs() < 1.0e-3);
    assert!(chain.tension(L5S1) < 0.15 * threshold);
    chain.pull(1.3 * threshold);
    assert!(chain.state.slid[25][1] < -1e-5, "it slid towards the feet");
}

#[test]
fn upper_levels_get_less_by_the_friction_of_the_slices_between() {
    let mut chain = Chain::new(Region::Lumbar, &SPLIT);
    chain.pull(400.0);
    for j in 20..L5S1 {
        let less = chain.tension(j + 1) - chain.tension(j);
        let slice = friction::LUMBAR_SLICES[j + 1 - 20] * WEIGHT * 0.5;
        let most = slice * friction::SLICES_MOBILISED.value * 1.01;
        assert!(less > 0.5 * most && less <= most, "{j}: {less} {most}");
    }
}

#[test]
fn friction_holds_on_while_the_pull_lets_go() {
    let mut chain = Chain::new(Region::Lumbar, &UNSPLIT);
    chain.pull(450.0);
    let up = chain.tension(L5S1);
    chain.pull(350.0);
    let mut rising = Chain::new(Region::Lumbar, &UNSPLIT);
    rising.pull(350.0);
    assert!(chain.tension(L5S1) < up);
    assert!(chain.tension(L5S1) > rising.tension(L5S1) + 50.0);
    chain.pull(0.0);
    let held = chain.tension(L5S1);
    assert!(held > 20.0 && held < 0.26 * WEIGHT, "{held}");
}

#[test]
fn in_a_neck_the_trunk_stays_and_the_bed_takes_its_part() {
    let mut chain = Chain::new(Region::Cervical, &UNSPLIT);
    chain.pull(100.0);
    let lost = 100.0 - chain.tension(0);
    assert!((lost - 0.62 * HEAD * WEIGHT).abs() < 0.5, "{lost}");
    assert!(chain.u[19][2].abs() < 1e-3, "{:?}", chain.u[19]);
}
