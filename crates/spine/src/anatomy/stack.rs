//! Where the bones are: stacked from the sacrum upwards.
//!
//! A body's axis runs from the centre of its lower to the centre of its upper
//! endplate, tilted by the mean of both; a joint's axis runs from the upper
//! endplate below it to the lower endplate above it, tilted by the mean of
//! those two. The joint's centre is midway. Turns: R = Rx(lean) · Ry(tilt).
//! The origin is the centre of S1's body.

use super::curve::Curve;
use super::size::{Bodies, Discs};
use super::{BODIES, JOINTS};

const SACRUM: usize = BODIES - 1;
/// Centre of the head's mass from the midpoint of the condyles, man of 1.75 m, m; ours, ± 10 mm.
const HEAD: [f64; 3] = [0.018, 0.0, 0.055];
/// Height, depth, width of the skull above the condyles, man of 1.75 m, m; ours, ± 10 %.
pub(super) const SKULL: [f64; 3] = [0.125, 0.19, 0.15];

/// Centres and axes.
#[derive(Clone, Copy, Debug)]
pub(super) struct Stack {
    pub(super) origins: [[f64; 3]; BODIES],
    pub(super) tilts: [f64; BODIES],
    pub(super) centres: [[f64; 3]; JOINTS],
    pub(super) frames: [[[f64; 3]; 3]; JOINTS],
}

/// Axes (anterior, left, up) after a tilt about y and then a lean about x.
pub(super) fn axes(tilt: f64, lean: f64) -> [[f64; 3]; 3] {
    let (st, ct) = (libm::sin(tilt), libm::cos(tilt));
    let (sl, cl) = (libm::sin(lean), libm::cos(lean));
    [
        [ct, sl * st, -cl * st],
        [0.0, cl, sl],
        [st, -sl * ct, cl * ct],
    ]
}

fn along(from: [f64; 3], axis: [f64; 3], length: f64) -> [f64; 3] {
    core::array::from_fn(|k| from[k] + axis[k] * length)
}

/// Stacks bones and discs by the curve.
pub(super) fn stack(bodies: &Bodies, discs: &Discs, curve: &Curve) -> Stack {
    let faces = curve.tilts();
    let tilts = faces.map(|[lower, upper]| 0.5 * (lower + upper));
    let mut stack = Stack {
        origins: [[0.0; 3]; BODIES],
        tilts,
        centres: [[0.0; 3]; JOINTS],
        frames: [[[0.0; 3]; 3]; JOINTS],
    };
    let [_, _, up] = axes(tilts[SACRUM], curve.leans[SACRUM]);
    let mut top = along([0.0; 3], up, 0.5 * bodies.heights[SACRUM]);
    for j in (0..JOINTS).rev() {
        let tilt = 0.5 * (faces[j + 1][1] + faces[j][0]);
        let frame = axes(tilt, 0.5 * (curve.leans[j] + curve.leans[j + 1]));
        stack.frames[j] = frame;
        stack.centres[j] = along(top, frame[2], 0.5 * discs.heights[j]);
        let foot = along(top, frame[2], discs.heights[j]);
        let turned = axes(tilts[j], curve.leans[j]);
        if j == 0 {
            let scaled = HEAD.map(|one| one * bodies.scale);
            stack.origins[0] = (0..3).fold(foot, |at, k| along(at, turned[k], scaled[k]));
        } else {
            stack.origins[j] = along(foot, turned[2], 0.5 * bodies.heights[j]);
            top = along(foot, turned[2], bodies.heights[j]);
        }
    }
    stack
}

/// How far C7's centre lies in front of the back upper corner of S1, m.
pub(super) fn offset(stack: &Stack, bodies: &Bodies) -> f64 {
    let [forward, _, up] = axes(stack.tilts[SACRUM], 0.0);
    let corner = along([0.0; 3], up, 0.5 * bodies.heights[SACRUM]);
    let corner = along(corner, forward, -0.5 * bodies.depths[SACRUM][0]);
    stack.origins[7][0] - corner[0]
}
