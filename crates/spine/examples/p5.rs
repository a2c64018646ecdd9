//! P5: a chain of 24 bodies on cubic bushings, pulled 60 s and let go 30 s, at 1 kHz.
//!
//! `p5 STEPS [DT]` prints one JSON line as the peers of `shared/peers` do.
#![allow(clippy::print_stdout, reason = "a program that prints its result")]

use spine::chain::{
    Body, Bushing, Bushings, Chain, Link, MAX_BODIES, Outside, Pose, Scratch, Six, State, step,
};

struct Pull {
    force: [f64; 2],
}

impl Outside<f64> for Pull {
    #[inline(always)]
    fn load(&mut self, at: usize, _: &Pose<f64>) -> Six<f64> {
        let mut six = [0.0; 6];
        if at == 0 {
            six[0] = self.force[0];
            six[2] = self.force[1];
        }
        six
    }
    #[inline(always)]
    fn stiffen(&mut self, _: usize, _: &Pose<f64>, _: &mut [f64; 21]) {}
}

fn main() {
    let mut arguments = std::env::args().skip(1);
    let steps: u64 = arguments
        .next()
        .and_then(|n| n.parse().ok())
        .unwrap_or(20_000);
    let dt: f64 = arguments
        .next()
        .and_then(|n| n.parse().ok())
        .unwrap_or(1e-3);
    let link = Link {
        up: [0.0, 0.0, -0.012],
        low: [0.0, 0.0, 0.018],
        axes: [[1.0, 0.0, 0.0], [0.0, 1.0, 0.0], [0.0, 0.0, 1.0]],
    };
    let chain = Chain {
        bodies: [Body {
            mass: 1.5,
            inertia: [0.01, 0.01, 0.012],
        }; MAX_BODIES],
        links: [link; MAX_BODIES - 1],
        count: 25,
        free: 24,
        tolerance: 1e-8,
    };
    let bushing = Bushing {
        stiffness: [150e3, 150e3, 1000e3, 100.0, 100.0, 250.0],
        cubic: [1e4, 1e4, 1e4, 10.0, 10.0, 10.0],
        damping: [300.0, 300.0, 1000.0, 2.0, 2.0, 3.0],
    };
    let mut state = State::rest(0.0);
    let mut scratch = Scratch::new(0.0);
    let mut joints = Bushings::all(bushing, 0.0);
    let (mut iterations, mut unsettled) = (0, 0);
    let mut marks = Vec::new();
    let started = std::time::Instant::now();
    for index in 0..steps {
        let t = index as f64 * dt;
        let phase = t - (t / 90.0).floor() * 90.0;
        let on = if phase < 60.0 { 1.0 } else { 0.0 };
        joints.begin(dt);
        let mut pull = Pull {
            force: [5.0 * on, 400.0 * on],
        };
        let end = step(
            &chain,
            &mut state,
            &mut scratch,
            (&mut joints, &mut pull),
            (dt, false),
        );
        iterations += end.iterations;
        unsettled += usize::from(end.unsettled > 0.5);
        for mark in [60.0, 90.0, 1200.0] {
            if (t + dt - mark).abs() < 0.5 * dt {
                marks.push((mark, state.pose[0].shift[2] * 1e3));
            }
        }
    }
    let wall = started.elapsed().as_secs_f64();
    println!(
        "{{\"problem\":\"p5\",\"peer\":\"annulus\",\"steps\":{steps},\"wall_s\":{wall},\"steps_per_s\":{:.0},\"iterations\":{:.3},\"unsettled\":{unsettled},\"elongation_mm\":{:?},\"tip_x_mm\":{}}}",
        steps as f64 / wall,
        iterations as f64 / steps as f64,
        marks,
        state.pose[0].shift[0] * 1e3
    );
}
