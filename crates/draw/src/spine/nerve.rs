//! Canal, cord and roots.
//!
//! The canal runs behind the bodies, its depth by region (ours: about 15 mm in the
//! neck and chest, 16–17 mm in the low back); the cord ends at L1, below it runs the
//! cauda equina. A root leaves under the pedicle of the upper bone of its segment.

use super::place::{Placed, middle};
use super::{BONES, sacrum};
use crate::svg::Point;

/// Last bone beside which the cord runs: L1.
const CONUS: usize = 20;

/// Depth of the canal behind a bone, mm, and the share of it that the cord fills.
fn depth(of: &Placed) -> (f64, f64) {
    let d = of.half_depth;
    match of.index {
        0..=2 => (2.3 * d, 0.46),
        3..=8 => (1.78 * d, 0.54),
        9..=17 => (1.10 * d, 0.44),
        18..=20 => (1.0 * d, 0.48),
        _ => (0.98 * d, 0.36),
    }
}

/// Front and back of the canal at the middle of every bone and disc, downwards.
fn walls(bones: &[Placed]) -> Vec<(Point, Point, usize, f64)> {
    let mut walls: Vec<(Point, Point, usize, f64)> = Vec::new();
    for (at, bone) in bones.iter().enumerate() {
        if bone.index == 0 {
            continue;
        }
        let (deep, share) = depth(bone);
        let front = bone.half_depth + 0.03 * deep;
        let ends: &[f64] = if bone.index == 1 {
            &[3.6, 0.8, -0.8]
        } else {
            &[0.8, -0.8]
        };
        for &end in ends {
            let up = end * bone.half_height;
            let (one, other) = (bone.point(front, up), bone.point(front + deep, up));
            walls.push((one, other, bone.index, share));
            if bone.index + 1 == BONES && end > 0.0 {
                return walls;
            }
        }
        if let Some(next) = bones.get(at + 1) {
            let (one, other) = (bone.corner(1.0, -1.0), next.corner(1.0, 1.0));
            let edge = middle(one, other);
            let lean = 0.5 * (bone.tilt + next.tilt);
            let deep = 0.5 * (deep + depth(next).0);
            let at = |back: f64| {
                Point::new(
                    edge.x + back * libm::cos(lean),
                    edge.y - back * libm::sin(lean),
                )
            };
            walls.push((at(0.09 * deep), at(0.99 * deep), bone.index, share));
        }
    }
    walls
}

/// The canal's outline: down its front, up its back.
pub(super) fn canal(bones: &[Placed]) -> Vec<Point> {
    let mut pairs: Vec<(Point, Point)> = walls(bones).iter().map(|w| (w.0, w.1)).collect();
    if let Some(last) = bones.last().filter(|bone| bone.index + 1 == BONES) {
        pairs.extend(sacrum::canal(last).first());
    }
    band(&pairs)
}

/// The part of the canal that lies inside the sacrum, seen through it.
pub(super) fn sacral(sacrum: &Placed) -> Vec<Point> {
    band(&sacrum::canal(sacrum))
}

/// The cord, down to its cone at L1.
pub(super) fn cord(bones: &[Placed]) -> Vec<Point> {
    let walls = walls(bones);
    let last = walls.iter().rposition(|wall| wall.2 <= CONUS);
    let Some(last) = last else {
        return Vec::new();
    };
    let along = &walls[..=last];
    let edge = |wall: &(Point, Point, usize, f64), index: usize, side: f64| {
        let ends = wall.2 == CONUS && index + 2 > last;
        let half = if ends { 0.06 } else { 0.5 * wall.3 };
        between(wall.0, wall.1, 0.48 + side * half)
    };
    let sides = along.iter().enumerate();
    let pairs: Vec<(Point, Point)> = sides
        .map(|(at, wall)| (edge(wall, at, -1.0), edge(wall, at, 1.0)))
        .collect();
    band(&pairs)
}

/// The strands of the cauda equina, below the cord.
pub(super) fn cauda(bones: &[Placed]) -> Vec<Vec<Point>> {
    let Some(last) = bones.last().filter(|bone| bone.index + 1 == BONES) else {
        return Vec::new();
    };
    let walls = walls(bones);
    let mut pairs: Vec<(Point, Point)> = walls
        .iter()
        .filter(|wall| wall.2 >= CONUS)
        .map(|wall| (wall.0, wall.1))
        .collect();
    pairs.extend(sacrum::canal(last).iter().take(3));
    [0.32, 0.48, 0.64]
        .iter()
        .map(|share| {
            let spread = |at: usize| 0.48 + (share - 0.48) * (0.3 + 0.25 * at as f64).min(1.0);
            let strand = pairs.iter().enumerate();
            strand
                .map(|(at, pair)| between(pair.0, pair.1, spread(at)))
                .collect()
        })
        .collect()
}

/// A root with its ganglion, out of the canal under the pedicle and forwards.
pub(super) fn root(lower: &Placed, upper: &Placed) -> Vec<Point> {
    let (d, h) = (upper.half_depth, upper.half_height);
    let neck = upper.index < 9;
    let unit = if neck { d / 14.5 } else { d / 17.2 };
    let low = if neck { 1.25 } else { 1.0 };
    let out = |back: f64, up: f64| upper.point(d + back * unit, -up * low * h);
    let end = middle(
        upper.point(0.97 * d, -1.12 * h),
        lower.point(0.97 * lower.half_depth, lower.half_height),
    );
    let (from, knot) = (out(15.0, 0.12), out(6.6, 0.62));
    let line = [
        (from, 0.9),
        (out(11.8, 0.34), 1.0),
        (out(9.2, 0.48), 1.6),
        (knot, 2.5),
        (out(4.4, 0.82), 1.8),
        (between(knot, end, 0.66), 1.1),
        (end, 0.8),
    ];
    let (x, y) = (end.x - from.x, end.y - from.y);
    let length = libm::sqrt(x * x + y * y).max(1e-6);
    let aside = |(at, half): &(Point, f64), side: f64| {
        let by = side * half * unit / length;
        Point::new(at.x - by * y, at.y + by * x)
    };
    let one = line.iter().map(|at| aside(at, 1.0));
    let other = line.iter().rev().map(|at| aside(at, -1.0));
    one.chain(other).collect()
}

/// A closed band with square ends.
fn band(pairs: &[(Point, Point)]) -> Vec<Point> {
    let (Some(first), Some(last)) = (pairs.first(), pairs.last()) else {
        return Vec::new();
    };
    let square = |pair: &(Point, Point), one: f64| {
        [one, 1.0 - one].map(|share| between(pair.0, pair.1, share))
    };
    let mut points: Vec<Point> = pairs.iter().map(|pair| pair.0).collect();
    points.extend(square(last, 0.06));
    points.extend(pairs.iter().rev().map(|pair| pair.1));
    points.extend(square(first, 0.94));
    points
}

/// The point at `share` of the way.
fn between(from: Point, to: Point, share: f64) -> Point {
    Point::new(
        from.x + share * (to.x - from.x),
        from.y + share * (to.y - from.y),
    )
}
