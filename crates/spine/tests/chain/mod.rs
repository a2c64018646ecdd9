//! The chain against closed forms, laws and other programs' definitions.

mod closed_forms;
mod tangent;
mod tolerance;

use spine::chain::{
    Body, Bushing, Bushings, Chain, Course, Link, MAX_BODIES, Outside, Pose, Scratch, Six, Space,
    State, step,
};

/// A straight chain of equal bodies `spacing` apart on a fixed base.
pub(crate) fn hung(bodies: usize, spacing: f64, body: Body) -> Chain {
    let axes = [[1.0, 0.0, 0.0], [0.0, 1.0, 0.0], [0.0, 0.0, 1.0]];
    let link = Link {
        up: [0.0, 0.0, -0.5 * spacing],
        low: [0.0, 0.0, 0.5 * spacing],
        axes,
    };
    Chain {
        bodies: [body; MAX_BODIES],
        links: [link; MAX_BODIES - 1],
        count: bodies + 1,
        free: bodies,
        tolerance: 1e-10,
    }
}

/// A force and moment on the topmost body, and a uniform field on all.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Pulled {
    pub(crate) top: Six<f64>,
    pub(crate) each: Six<f64>,
}

impl Outside<f64> for Pulled {
    fn load(&mut self, at: usize, _: &Pose<f64>) -> Six<f64> {
        core::array::from_fn(|i| self.each[i] + if at == 0 { self.top[i] } else { 0.0 })
    }
    fn stiffen(&mut self, _: usize, _: &Pose<f64>, _: &mut [f64; 21]) {}
}

/// A chain of bushings that is stepped.
pub(crate) struct Hung {
    pub(crate) chain: Chain,
    pub(crate) state: State<f64>,
    pub(crate) joints: Bushings<f64>,
    scratch: Scratch<f64>,
}

impl Hung {
    pub(crate) fn new(chain: Chain, bushing: Bushing) -> Self {
        Self {
            chain,
            state: State::rest(0.0),
            joints: Bushings::all(bushing, 0.0),
            scratch: Scratch::new(0.0),
        }
    }

    pub(crate) fn step(&mut self, mut pulled: Pulled, dt: f64) -> usize {
        self.joints.begin(dt);
        let parts = (&mut self.joints, &mut pulled);
        let end = step::<_, Space>(
            &self.chain,
            &mut self.state,
            &mut self.scratch,
            parts,
            (dt, Course::Goes),
        );
        assert!(end.unsettled < 0.5, "a step did not settle: {end:?}");
        end.iterations
    }
}

/// P5's bushing (performance.md §2), with or without its cubic term.
pub(crate) fn p5(cubic: bool) -> Bushing {
    let on = if cubic { 1.0 } else { 0.0 };
    Bushing {
        stiffness: [150e3, 150e3, 1000e3, 100.0, 100.0, 250.0],
        cubic: [
            1e4 * on,
            1e4 * on,
            1e4 * on,
            10.0 * on,
            10.0 * on,
            10.0 * on,
        ],
        damping: [300.0, 300.0, 1000.0, 2.0, 2.0, 3.0],
    }
}
