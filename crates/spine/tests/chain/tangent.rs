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
