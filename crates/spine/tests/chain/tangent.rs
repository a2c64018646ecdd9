//! The matrix of a strained chain against differences of its forces.

use super::{Hung, Pulled, hung, p5};
use spine::chain::Body;

/// A step under a heavy, crooked load settles in few iterations; the first has no pull yet
/// that would stiffen its matrix, and a turn a body is capped.
#[test]
fn a_heavily_bent_chain_still_settles_quickly() {
    let body = Body {
        mass: 1.5,
        inertia: [0.01; 3],
    };
    let mut chain = Hung::new(hung(24, 0.03, body), p5(true));
    for lateral in [1.0, 2.0, 4.0, 8.0] {
        let pulled = Pulled {
            top: [lateral, 0.5 * lateral, 300.0, 0.0, 0.2, 0.4],
            ..Pulled::default()
        };
        let iterations = chain.step(pulled, 100.0);
        assert!(iterations <= 24, "{lateral} N: {iterations} iterations");
    }
}

/// Joints that turn stiffer by two fifths under a kept matrix: a step still settles at
/// once, but what the speed foretells then overshoots a little more at every step.
#[test]
fn a_matrix_that_wears_is_made_anew_before_rounding_grows_to_the_tolerance() {
    let body = Body {
        mass: 1.5,
        inertia: [0.01; 3],
    };
    let mut chain = hung(24, 0.03, body);
    chain.tolerance = 1e-5;
    let mut chain = Hung::new(chain, p5(false));
    let pulled = Pulled {
        top: [0.0, 0.0, 4.0, 0.0, 0.0, 0.0],
        ..Pulled::default()
    };
    chain.step(pulled, 100.0);
    for bushing in &mut chain.joints.each {
        bushing.stiffness = bushing.stiffness.map(|k| 1.4 * k);
        bushing.damping = [0.0; 6];
    }
    for _ in 0..300 {
        chain.step(pulled, 100.0);
    }
    let before = chain.state.pose[0].shift[2];
    chain.step(pulled, 100.0);
    let moved = (chain.state.pose[0].shift[2] - before).abs();
    assert!(moved < 1e-3 * 1e-5, "{moved} m");
}
