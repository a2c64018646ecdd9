//! Outlines of single bones in their own frame: body, arch, atlas, axis, base of the skull.
//!
//! Lengths behind the body scale with its depth, heights with its height; how far
//! the joint processes reach follows from the discs above and below at rest.

use super::place::Placed;
use crate::svg::Point;

/// Depth that the lumbar shapes were drawn for: half of it, mm.
const DRAWN_HALF_DEPTH: f64 = 17.2;

/// The body of a bone: hollow end plates, waisted, its rims a little proud.
pub(super) fn body(of: &Placed) -> Vec<Point> {
    let (d, h) = (of.half_depth, of.half_height);
    let dip = 0.11 * h;
    of.points(&[
        (-d + 0.10 * d, h),
        (-0.45 * d, h - 0.7 * dip),
        (0.05 * d, h - dip),
        (0.5 * d, h - 0.7 * dip),
        (d - 0.10 * d, h),
        (d + 0.02 * d, h - 0.12 * h),
        (d - 0.05 * d, 0.45 * h),
        (d - 0.08 * d, 0.0),
        (d - 0.05 * d, -0.45 * h),
        (d + 0.03 * d, -h + 0.12 * h),
        (d - 0.10 * d, -h),
        (0.5 * d, -h + 0.7 * dip),
        (0.05 * d, -h + dip),
        (-0.45 * d, -h + 0.6 * dip),
        (-d + 0.08 * d, -h),
        (-d - 0.03 * d, -h + 0.14 * h),
        (-d + 0.10 * d, -0.45 * h),
        (-d + 0.13 * d, 0.0),
        (-d + 0.10 * d, 0.45 * h),
        (-d - 0.03 * d, h - 0.14 * h),
    ])
}

/// How the back of a vertebra is built.
struct Build {
    /// Scale of the lengths behind the body.
    scale: f64,
    /// Spinous process: length, mm at middle size; droop, degrees; height at root and tip.
    length: f64,
    droop: f64,
    root: f64,
    tip: f64,
}

/// C3–L5 by index; the numbers are ours.
fn build(of: &Placed) -> Build {
    let d = of.half_depth;
    let (scale, size) = match of.index {
        0..=7 => (d / 9.6, d / 8.2),
        8..=19 => (d / 15.5, d / 13.5),
        _ => (d / DRAWN_HALF_DEPTH, d / DRAWN_HALF_DEPTH),
    };
    let (length, droop, root, tip) = match of.index {
        0..=2 => (17.0, 16.0, 12.0, 10.0),
        3..=5 => (11.0, 20.0, 8.0, 6.0),
        6 => (17.0, 18.0, 8.5, 6.0),
        7 => (25.0, 17.0, 9.5, 7.0),
        8 => (26.0, 22.0, 10.5, 7.5),
        9 => (27.0, 32.0, 10.5, 7.0),
        10 => (32.0, 46.0, 10.5, 6.5),
        11..=14 => (37.0, 57.0, 10.5, 5.5),
        15 | 16 => (34.0, 50.0, 11.0, 6.0),
        17 => (28.0, 38.0, 12.0, 7.5),
        18 => (25.0, 28.0, 12.0, 9.0),
        19 => (25.0, 18.0, 12.5, 11.0),
        20 => (28.0, 9.0, 13.5, 13.0),
        21..=23 => (29.0, 6.0, 14.0, 14.5),
        _ => (22.0, 8.0, 12.0, 10.0),
    };
    Build {
        scale,
        length: length * size,
        droop,
        root: root * size,
        tip: tip * size,
    }
}

/// Pedicle, joint processes, lamina and spinous process; `above` and `below` are
/// the heights of the neighbouring discs at rest, mm.
pub(super) fn arch(of: &Placed, above: f64, below: f64) -> Vec<Point> {
    let (d, h) = (of.half_depth, of.half_height);
    let b = build(of);
    let back = |mm: f64| d + mm * b.scale;
    let (top, low) = (h + 0.80 * above, -(h + 0.74 * below));
    let mut points = vec![
        (back(-2.5), 0.70 * h),
        (back(3.6), 0.56 * h),
        (back(5.4), 0.76 * h),
        (back(6.2), h),
        (back(7.6), top - 0.04 * h),
        (back(9.6), top),
        (back(11.4), top - 0.16 * h),
        (back(12.2), 0.80 * h),
        (back(13.0), 0.40 * h),
        (back(16.0), 0.20 * h),
    ];
    points.extend(spinous(&b, back(17.0), 0.16 * h));
    points.extend([
        (back(18.0), -0.80 * h),
        (back(17.8), -h),
        (back(17.4), low + 0.28 * h),
        (back(15.4), low),
        (back(13.2), low + 0.10 * h),
        (back(12.6), low + 0.5 * h),
        (back(11.8), -0.76 * h),
        (back(9.4), -0.30 * h),
        (back(6.8), 0.0),
        (back(3.6), 0.08 * h),
        (back(-2.5), 0.10 * h),
    ]);
    of.points(&points)
}

/// The spinous process, from the top of its root round its tip to the root's underside.
fn spinous(b: &Build, from: f64, up: f64) -> Vec<(f64, f64)> {
    let (sin, cos) = (
        libm::sin(b.droop.to_radians()),
        libm::cos(b.droop.to_radians()),
    );
    let (root, tip) = (b.root, b.tip);
    [
        (0.32, 0.0),
        (0.72, 0.03 * root),
        (0.93, 0.0),
        (1.0, -0.28 * tip),
        (0.985, -0.72 * tip),
        (0.91, -tip),
        (0.7, -0.5 * (root + tip) * 0.93),
        (0.34, -0.84 * root),
    ]
    .iter()
    .map(|(along, side)| {
        let along = along * b.length;
        (
            from + along * cos + side * sin,
            up - along * sin + side * cos,
        )
    })
    .collect()
}

/// Where a transverse process ends, seen from its tip.
pub(super) fn transverse(of: &Placed) -> Vec<Point> {
    let b = build(of);
    let (x, y) = (of.half_depth + 7.6 * b.scale, 0.31 * of.half_height);
    let (wide, high) = (3.5 * b.scale, 2.7 * b.scale);
    let round = |eighth: i32| {
        let angle = f64::from(eighth) * core::f64::consts::FRAC_PI_4;
        (x + wide * libm::cos(angle), y + high * libm::sin(angle))
    };
    let points: Vec<(f64, f64)> = (0..8).map(round).collect();
    of.points(&points)
}

/// Joint space behind the upper joint process of a bone; `above` is the height of the disc there.
pub(super) fn facet(lower: &Placed, above: f64) -> Vec<Point> {
    let (d, h, low) = (lower.half_depth, lower.half_height, build(lower));
    let foot = lower.point(d + 12.9 * low.scale, 0.82 * h);
    let head = lower.point(d + 12.0 * low.scale, h + 0.80 * above);
    let (x, y) = (head.x - foot.x, head.y - foot.y);
    let length = libm::sqrt(x * x + y * y).max(1e-6);
    let side = 1.1 * low.scale / length;
    let at = |along: f64, aside: f64| {
        Point::new(
            foot.x + along * x - aside * side * y,
            foot.y + along * y + aside * side * x,
        )
    };
    vec![at(0.0, 0.0), at(0.5, 1.0), at(1.0, 0.0), at(0.5, -1.0)]
}

/// The tooth of the axis, up into the ring of the atlas.
pub(super) fn tooth(axis: &Placed, atlas: &Placed) -> Vec<Point> {
    let (d, h) = (axis.half_depth, axis.half_height);
    let (x, y) = (
        atlas.centre.x - axis.centre.x,
        atlas.centre.y - axis.centre.y,
    );
    let reach = libm::sqrt(x * x + y * y) + 0.55 * atlas.half_height;
    axis.points(&[
        (-0.72 * d, 0.8 * h),
        (-0.52 * d, h + 0.25 * (reach - h)),
        (-0.60 * d, h + 0.7 * (reach - h)),
        (-0.30 * d, reach),
        (0.16 * d, reach),
        (0.40 * d, h + 0.7 * (reach - h)),
        (0.30 * d, h + 0.25 * (reach - h)),
        (0.66 * d, 0.8 * h),
    ])
}

/// The ring of the atlas: front arch, side mass, back arch.
pub(super) fn atlas(of: &Placed) -> [Vec<Point>; 3] {
    let (d, h) = (of.half_depth, of.half_height);
    let front = of.points(&[
        (-d - 1.5, 0.7 * h),
        (-d + 1.6, 0.5 * h),
        (-d + 1.6, -0.5 * h),
        (-d - 1.2, -0.75 * h),
        (-d - 4.4, -0.1 * h),
        (-d - 4.0, 0.4 * h),
    ]);
    let side = of.points(&[
        (-0.35 * d, 0.86 * h),
        (0.35 * d, 0.68 * h),
        (d, 1.02 * h),
        (1.1 * d, 0.0),
        (0.95 * d, -0.86 * h),
        (0.1 * d, -0.78 * h),
        (-0.5 * d, -0.94 * h),
        (-0.62 * d, 0.0),
    ]);
    let back = of.points(&[
        (0.85 * d, 0.25 * h),
        (d + 8.0, 0.18 * h),
        (d + 17.0, 0.62 * h),
        (d + 22.5, 0.55 * h),
        (d + 24.0, -0.15 * h),
        (d + 20.0, -0.72 * h),
        (d + 8.0, -0.52 * h),
        (0.85 * d, -0.45 * h),
    ]);
    [front, side, back]
}

/// The base of the skull over the atlas, before and behind its great opening;
/// `skull` gives the tilt, and its centre lies on the atlas.
pub(super) fn occiput(skull: &Placed) -> [Vec<Point>; 2] {
    let front = skull.points(&[
        (-24.0, 30.0),
        (-15.0, 14.0),
        (-10.5, 5.5),
        (-6.5, 2.0),
        (-1.0, -0.6),
        (5.0, 0.2),
        (8.2, 3.6),
        (8.4, 7.6),
        (4.0, 12.0),
        (-4.0, 17.5),
        (-11.0, 25.0),
        (-17.0, 33.5),
        (-21.5, 34.5),
    ]);
    let back = skull.points(&[
        (30.5, 10.5),
        (32.0, 7.6),
        (38.0, 6.4),
        (50.0, 9.0),
        (60.0, 17.0),
        (66.0, 28.0),
        (67.5, 36.0),
        (62.5, 35.5),
        (56.0, 25.0),
        (46.0, 16.5),
        (36.0, 13.0),
    ]);
    [front, back]
}

/// The vault of the skull, an open line from the front of its base round to the back.
pub(super) fn vault(skull: &Placed) -> Vec<Point> {
    skull.points(&[
        (-22.0, 33.0),
        (-44.0, 32.0),
        (-74.0, 40.0),
        (-92.0, 62.0),
        (-94.0, 88.0),
        (-78.0, 116.0),
        (-44.0, 136.0),
        (0.0, 140.0),
        (40.0, 128.0),
        (68.0, 100.0),
        (77.0, 66.0),
        (67.0, 36.0),
    ])
}
