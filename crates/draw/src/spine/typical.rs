//! A middle-sized adult lying on the back, for those whose spine nobody measured.
//!
//! Tilt, depth, height and disc are ours, round numbers inside what anatomy texts
//! give; lordosis L1–S1 about 54°, kyphosis about 41°. A picture, not a measurement.

use super::{BONES, Bone};
use si::{Metres, Radians};

/// Tilt in degrees (front lower), depth, height, and the disc below (0 at the sacrum), mm.
const BODIES: [(f64, f64, f64, f64); BONES] = [
    (0.0, 18.0, 10.0, 3.0),
    (-7.0, 17.0, 11.0, 3.0),
    (-11.0, 15.4, 20.0, 5.2),
    (-9.0, 15.6, 13.6, 5.3),
    (-5.0, 15.8, 13.2, 5.4),
    (1.0, 16.0, 12.8, 5.5),
    (9.0, 16.6, 12.9, 5.6),
    (17.0, 17.0, 14.4, 5.2),
    (23.0, 17.6, 16.2, 4.8),
    (23.0, 18.6, 17.2, 4.2),
    (20.0, 19.8, 17.6, 3.9),
    (16.0, 21.4, 18.0, 3.8),
    (11.0, 23.2, 18.5, 3.9),
    (6.0, 25.0, 19.0, 4.2),
    (1.0, 26.6, 19.5, 4.5),
    (-4.0, 28.0, 20.0, 4.8),
    (-8.0, 29.2, 20.8, 5.2),
    (-12.0, 30.2, 21.8, 5.6),
    (-15.0, 31.0, 22.8, 6.2),
    (-17.0, 31.4, 24.6, 7.6),
    (-15.0, 32.2, 26.2, 9.4),
    (-12.0, 33.2, 27.0, 10.8),
    (-5.0, 34.2, 27.4, 12.0),
    (6.0, 34.8, 27.4, 13.0),
    (22.0, 34.8, 27.0, 12.6),
    (39.0, 33.0, 28.0, 0.0),
];

/// The bones of a middle-sized adult, from the skull to the sacrum.
#[must_use]
pub fn typical_bones() -> [Bone; BONES] {
    let nowhere = bone((0.0, 0.0), BODIES[BONES - 1]);
    let mut bones = [nowhere; BONES];
    for at in (0..BONES - 1).rev() {
        let (below, own) = (BODIES[at + 1], BODIES[at]);
        let (under, over) = (axis(below.0), axis(own.0));
        let across = (under.0 + over.0, under.1 + over.1);
        let length = libm::sqrt(across.0 * across.0 + across.1 * across.1);
        let reach = |part: usize| {
            let of = |pair: (f64, f64)| if part == 0 { pair.0 } else { pair.1 };
            0.5 * below.2 * of(under) + own.3 * of(across) / length + 0.5 * own.2 * of(over)
        };
        let (x, z) = (bones[at + 1].x.mm(), bones[at + 1].z.mm());
        bones[at] = bone((x + reach(0), z + reach(1)), own);
    }
    bones
}

/// The direction towards the head of a bone tilted by `degrees`: front and up.
fn axis(degrees: f64) -> (f64, f64) {
    let tilt = degrees.to_radians();
    (libm::sin(tilt), libm::cos(tilt))
}

fn bone(centre: (f64, f64), (tilt, depth, height, _): (f64, f64, f64, f64)) -> Bone {
    let mm = |value: f64| Metres::raw(value / 1000.0);
    Bone {
        x: mm(centre.0),
        z: mm(centre.1),
        tilt: Radians::raw(tilt.to_radians()),
        depth: mm(depth),
        height: mm(height),
    }
}
