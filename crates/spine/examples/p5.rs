//! P5, the chain that peers are measured on: 24 bodies on cubic bushings, pulled for 20 minutes.
//!
//! Bodies of 1.5 kg, 30 mm apart, each on a bushing 12 mm below its centre, the
//! lowest on the ground. The top is pulled with 400 N along the chain and 5 N
//! across for 60 s, let go for 30 s, and again; implicit Euler at 1 kHz.
//!
//! ```text
//! p5 [simulated seconds, 1200] [steps a second, 1000] [tolerance in m, 1e-7]
//! ```
//!
//! Writes one line of JSON. Elongation is the sum of the axial deformations of
//! all joints, at 60, 90 and 1,200 s and at the end (0 where it was not reached).
//! `scripts/bench-peers` runs it in turn with the peers.
#![expect(clippy::print_stdout, reason = "a program that prints its result")]

use spine::chain::{
    Body, Bushing, Bushings, Chain, Course, Link, MAX_BODIES, Outside, Pose, Scratch, Six, Space,
    State, step,
};
use spine::tissue::PACKED;

/// Bodies that move.
const BODIES: usize = 24;

/// The pull on the top body.
struct Top(Six<f64>);

impl Outside<f64> for Top {
    #[inline(always)]
    fn load(&mut self, at: usize, _: &Pose<f64>) -> Six<f64> {
        if at == 0 { self.0 } else { [0.0; 6] }
    }

    #[inline(always)]
    fn stiffen(&mut self, _: usize, _: &Pose<f64>, _: &mut [f64; PACKED]) {}
}

fn chain(tolerance: f64) -> Chain {
    let body = Body {
        mass: 1.5,
        inertia: [0.01, 0.01, 0.012],
    };
    let link = Link {
        up: [0.0, 0.0, -0.012],
        low: [0.0, 0.0, 0.018],
        axes: [[1.0, 0.0, 0.0], [0.0, 1.0, 0.0], [0.0, 0.0, 1.0]],
    };
    Chain {
        bodies: [body; MAX_BODIES],
        links: [link; MAX_BODIES - 1],
        count: BODIES + 1,
        free: BODIES,
        tolerance,
    }
}

const BUSHING: Bushing = Bushing {
    stiffness: [150e3, 150e3, 1000e3, 100.0, 100.0, 250.0],
    cubic: [1e4, 1e4, 1e4, 10.0, 10.0, 10.0],
    damping: [300.0, 300.0, 1000.0, 2.0, 2.0, 3.0],
};

/// What a run tells.
#[derive(Default)]
struct Told {
    iterations: usize,
    unsettled: usize,
    /// At 60, 90 and 1,200 s and at the end, mm.
    elongation: [f64; 4],
    /// Sideways displacement of the top at the same instants, mm.
    aside: [f64; 4],
}

fn run(steps: usize, per_second: usize, tolerance: f64) -> Told {
    let (chain, dt) = (chain(tolerance), 1.0 / per_second as f64);
    let (mut state, mut scratch) = (State::rest(0.0), Scratch::new(0.0));
    let mut joints = Bushings::all(BUSHING, 0.0);
    let marks = [60 * per_second, 90 * per_second, 1200 * per_second, steps];
    let mut told = Told::default();
    for done in 1..=steps {
        let pulled = (done - 1) % (90 * per_second) < 60 * per_second;
        let [across, along] = if pulled { [5.0, 400.0] } else { [0.0; 2] };
        joints.begin(dt);
        let mut top = Top([across, 0.0, along, 0.0, 0.0, 0.0]);
        let parts = (&mut joints, &mut top);
        let settled = step::<_, Space>(&chain, &mut state, &mut scratch, parts, (dt, Course::Goes));
        told.iterations += settled.iterations;
        told.unsettled += usize::from(settled.unsettled > 0.5);
        if marks.contains(&done) {
            let axial = |at| state.deformation(&chain, at)[2];
            let (sum, aside) = ((0..BODIES).map(axial).sum::<f64>(), state.pose[0].shift[0]);
            for (slot, _) in marks.iter().enumerate().filter(|(_, at)| **at == done) {
                (told.elongation[slot], told.aside[slot]) = (sum * 1e3, aside * 1e3);
            }
        }
    }
    told
}

fn main() {
    let mut asked = std::env::args().skip(1).map(|arg| arg.parse::<f64>());
    let mut next = |fallback: f64| asked.next().unwrap_or(Ok(fallback)).expect("a number");
    let (seconds, per_second, tolerance) = (next(1200.0), next(1000.0) as usize, next(1e-7));
    let steps = (seconds * per_second as f64) as usize;
    let told = run(steps, per_second, tolerance);
    let list = |values: &[f64; 4]| values.map(|x| format!("{x:.7}")).join(", ");
    println!(
        "{{\"problem\": \"p5\", \"peer\": \"annulus\", \"dofs\": {}, \"steps\": {steps}, \
         \"unsettled\": {}, \"iterations_a_step\": {:.3}, \
         \"elongation_mm\": [{}], \"tip_x_mm\": [{}]}}",
        6 * BODIES,
        told.unsettled,
        told.iterations as f64 / steps as f64,
        list(&told.elongation),
        list(&told.aside),
    );
}
