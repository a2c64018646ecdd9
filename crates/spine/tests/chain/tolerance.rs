//! What the tolerance of a step does to a motion.

use super::{Hung, Pulled, hung, p5};
use spine::chain::Body;

/// A correction that is found and not made is lost speed, at every step: with a loose
/// tolerance the sway of a chain was a quarter too large after a minute.
#[test]
fn a_loose_tolerance_does_not_change_how_a_chain_sways() {
    let sway = |tolerance: f64| {
        let body = Body {
            mass: 1.5,
            inertia: [0.01, 0.01, 0.012],
        };
        let mut chain = hung(24, 0.03, body);
        chain.tolerance = tolerance;
        let mut hung = Hung::new(chain, p5(true));
        let pulled = Pulled {
            top: [5.0, 0.0, 400.0, 0.0, 0.0, 0.0],
            ..Pulled::default()
        };
        for _ in 0..20_000 {
            hung.step(pulled, 1e-3);
        }
        hung.state.pose[0].shift[0]
    };
    let (tight, loose) = (sway(1e-11), sway(1e-6));
    assert!((loose / tight - 1.0).abs() < 1e-3, "{loose} {tight}");
}
