//! Springs in series, a pendulum, a beam's bow, balance and passivity.

use super::{Hung, Pulled, hung, p5};
use spine::chain::{Body, Bushing, Pose};

const VERTEBRA: Body = Body {
    mass: 1.5,
    inertia: [0.01, 0.01, 0.012],
};

fn top(force: [f64; 6]) -> Pulled {
    Pulled {
        top: force,
        ..Pulled::default()
    }
}

#[test]
fn springs_in_series_stretch_by_the_sum_of_their_compliances() {
    let mut chain = Hung::new(hung(24, 0.03, VERTEBRA), p5(false));
    for _ in 0..200 {
        chain.step(top([0.0, 0.0, 400.0, 0.0, 0.0, 0.0]), 10.0);
    }
    let lengthened = chain.state.pose[0].shift[2];
    assert!((lengthened - 9.6e-3).abs() < 1e-9, "{lengthened}");
}

#[test]
fn a_compound_pendulum_swings_at_its_period_and_the_error_halves_with_the_step() {
    // A rod on a joint stiff in displacement and free in rotation: T = 2π √(J / m g l).
    let (mass, arm, inertia, g) = (2.0_f64, 0.25, 0.01, 9.80665);
    let period = core::f64::consts::TAU * ((inertia + mass * arm * arm) / (mass * g * arm)).sqrt();
    let measured = |dt: f64| {
        let body = Body {
            mass,
            inertia: [inertia; 3],
        };
        let mut chain = hung(1, 0.0, body);
        chain.links[0].up = [0.0, 0.0, arm];
        let bushing = Bushing {
            stiffness: [1e7, 1e7, 1e7, 0.0, 0.0, 0.0],
            cubic: [0.0; 6],
            damping: [0.0; 6],
        };
        let mut swing = Hung::new(chain, bushing);
        // Let go at 0.02 rad about the joint.
        let (sin, cos) = (f64::sin(0.02), f64::cos(0.02));
        swing.state.pose[0] = Pose {
            shift: [-arm * sin, 0.0, arm * (1.0 - cos)],
            turn: [f64::cos(0.01), 0.0, f64::sin(0.01), 0.0],
        };
        let upright = Pulled {
            each: [0.0, 0.0, -mass * g, 0.0, 0.0, 0.0],
            ..Pulled::default()
        };
        // A full swing: from the release through two passages of the middle.
        let (mut t, mut last, mut crossings) = (0.0, swing.state.pose[0].shift[0], Vec::new());
        while crossings.len() < 3 {
            swing.step(upright, dt);
            let x = swing.state.pose[0].shift[0];
            if last * x < 0.0 {
                crossings.push(t + dt * last / (last - x));
            }
            (t, last) = (t + dt, x);
        }
        crossings[2] - crossings[0]
    };
    let (coarse, fine) = (measured(2e-4), measured(1e-4));
    assert!((fine / period - 1.0).abs() < 2e-3, "{fine} {period}");
    assert!((coarse / period - 1.0).abs() < 4e-3, "{coarse} {period}");
}

#[test]
fn a_slender_chain_under_a_side_force_bows_like_a_beam_under_small_load() {
    // Rotational springs k at N joints `s` apart: the tip moves by P Σ (distance)² / k.
    let (count, spacing, force) = (12_usize, 0.03, 1e-4);
    let bushing = Bushing {
        stiffness: [1e9, 1e9, 1e9, 100.0, 100.0, 250.0],
        cubic: [0.0; 6],
        damping: [0.0; 6],
    };
    let mut chain = Hung::new(hung(count, spacing, VERTEBRA), bushing);
    for _ in 0..100 {
        chain.step(top([force, 0.0, 0.0, 0.0, 0.0, 0.0]), 100.0);
    }
    let arms = (0..count).map(|joint| spacing * (joint as f64 + 0.5));
    let expected: f64 = arms.map(|arm| force * arm * arm / 100.0).sum();
    let moved = chain.state.pose[0].shift[0];
    assert!((moved / expected - 1.0).abs() < 1e-4, "{moved} {expected}");
}

#[test]
fn left_and_right_are_mirror_images() {
    let mut left = Hung::new(hung(24, 0.03, VERTEBRA), p5(true));
    let mut right = Hung::new(hung(24, 0.03, VERTEBRA), p5(true));
    for _ in 0..300 {
        left.step(top([5.0, 7.0, 400.0, 0.1, -0.2, 0.3]), 1e-3);
        right.step(top([5.0, -7.0, 400.0, -0.1, -0.2, -0.3]), 1e-3);
    }
    for (l, r) in left.state.pose.iter().zip(&right.state.pose) {
        assert!((l.shift[0] - r.shift[0]).abs() < 1e-12);
        assert!((l.shift[1] + r.shift[1]).abs() < 1e-12);
        assert!((l.shift[2] - r.shift[2]).abs() < 1e-12);
    }
}

#[test]
fn a_free_chain_keeps_its_momentum() {
    let mut chain = hung(10, 0.03, VERTEBRA);
    chain.free = 11;
    let mut free = Hung::new(chain, p5(true));
    for _ in 0..500 {
        free.step(top([0.0, 1.0, 50.0, 0.0, 0.0, 0.0]), 1e-3);
    }
    let momentum = |axis: usize| -> f64 {
        let speeds = free.state.speed[..11].iter();
        speeds.map(|v| 1.5 * v[axis]).sum()
    };
    assert!((momentum(2) - 50.0 * 0.5).abs() < 1e-6, "{}", momentum(2));
    assert!((momentum(1) - 0.5).abs() < 1e-6, "{}", momentum(1));
}

#[test]
fn a_chain_let_go_only_loses_energy() {
    let mut chain = Hung::new(hung(24, 0.03, VERTEBRA), p5(true));
    for _ in 0..2000 {
        chain.step(top([5.0, 0.0, 400.0, 0.0, 0.0, 0.0]), 1e-3);
    }
    let energy = |chain: &Hung| -> f64 {
        let kinetic: f64 = chain.state.speed[..24]
            .iter()
            .map(|v| {
                let line: f64 = v[..3].iter().map(|x| 0.75 * x * x).sum();
                line + 0.5 * (0.01 * (v[3] * v[3] + v[4] * v[4]) + 0.012 * v[5] * v[5])
            })
            .sum();
        let bushing = p5(true);
        let elastic: f64 = (0..24)
            .map(|at| {
                let d = chain.state.deformation(&chain.chain, at);
                (0..6)
                    .map(|i| {
                        let (k, b) = (bushing.stiffness[i], bushing.cubic[i]);
                        0.5 * k * d[i] * d[i] + 0.25 * k * b * d[i].powi(4)
                    })
                    .sum::<f64>()
            })
            .sum();
        kinetic + elastic
    };
    let first = energy(&chain);
    let mut last = first;
    for _ in 0..3000 {
        chain.step(Pulled::default(), 1e-3);
        let now = energy(&chain);
        assert!(now <= last + 1e-12, "{now} after {last}");
        last = now;
    }
    assert!(last < 0.2 * first, "{last} of {first}");
}
