//! Sacrum and coccyx under the end plate of S1.
//!
//! Five fused bodies that turn forwards and become smaller, the crest behind
//! their canal, four small bones of the coccyx; sizes relative to S1, ours.

use super::place::Placed;
use crate::svg::Point;

/// Half of the depth of S1 that the shapes were drawn for, mm.
const DRAWN_HALF_DEPTH: f64 = 16.5;

/// Lower ends of S1–S5 and of the coccyx: length of the piece, turn forwards from
/// the piece above (degrees), half depth of the body, room behind it (canal and crest).
const PIECES: [(f64, f64, f64, f64); 9] = [
    (27.0, 0.0, 13.6, 15.5),
    (23.0, 11.0, 10.8, 13.0),
    (19.5, 14.0, 8.6, 9.5),
    (17.0, 14.0, 7.2, 6.0),
    (14.5, 12.0, 5.8, 1.6),
    (11.5, 6.0, 4.6, 0.0),
    (9.0, 8.0, 3.9, 0.0),
    (7.5, 9.0, 3.2, 0.0),
    (6.0, 9.0, 2.2, 0.0),
];
/// How many of the pieces are sacrum.
const FUSED: usize = 5;

/// A joint between two pieces: its middle, and the direction to the back.
#[derive(Clone, Copy)]
struct Station {
    middle: (f64, f64),
    back: (f64, f64),
    half: f64,
    behind: f64,
}

impl Station {
    fn at(&self, back: f64) -> (f64, f64) {
        (
            self.middle.0 + back * self.back.0,
            self.middle.1 + back * self.back.1,
        )
    }
}

/// The end plate of S1 and the lower end of every piece, in the frame of S1.
fn stations(of: &Placed) -> Vec<Station> {
    let scale = of.half_depth / DRAWN_HALF_DEPTH;
    let mut turned = 0.0_f64;
    let mut at = (0.0, of.half_height);
    let mut all = vec![Station {
        middle: at,
        back: (1.0, 0.0),
        half: of.half_depth,
        behind: 16.0 * scale,
    }];
    for (length, turn, half, behind) in PIECES {
        turned += turn.to_radians();
        let (sin, cos) = (libm::sin(turned), libm::cos(turned));
        at = (at.0 - length * scale * sin, at.1 - length * scale * cos);
        all.push(Station {
            middle: at,
            back: (cos, -sin),
            half: half * scale,
            behind: behind * scale,
        });
    }
    all
}

/// The sacrum: promontory, hollow front, crest behind.
pub(super) fn sacrum(of: &Placed) -> Vec<Point> {
    let all = stations(of);
    let (d, h) = (of.half_depth, of.half_height);
    let mut points = vec![
        (-d - 0.8, h - 0.5),
        (-0.4 * d, h - 1.2),
        (0.4 * d, h - 1.0),
        (d, h),
    ];
    let scale = d / DRAWN_HALF_DEPTH;
    // The joint process that carries L5, then the crest.
    points.extend([
        (d + 4.5 * scale, h - 3.0 * scale),
        (d + 7.5 * scale, h + 5.0 * scale),
        (d + 11.0 * scale, h + 6.0 * scale),
        (d + 14.5 * scale, h - 1.0 * scale),
    ]);
    for (piece, station) in all.iter().enumerate().take(FUSED + 1).skip(1) {
        let above = &all[piece - 1];
        let tubercle = 0.5 * (above.half + station.half) + 0.5 * (above.behind + station.behind);
        let (one, other) = (above.at(tubercle), station.at(tubercle));
        let bump = if piece < 4 { 3.2 * scale } else { 0.4 * scale };
        points.push((
            0.5 * (one.0 + other.0) + bump * station.back.0,
            0.5 * (one.1 + other.1) + bump * station.back.1,
        ));
        points.push(station.at(station.half + station.behind));
    }
    if let Some(end) = all.get(FUSED) {
        points.push(end.at(-end.half));
    }
    for (piece, station) in all.iter().enumerate().take(FUSED).skip(1).rev() {
        points.push(station.at(-station.half));
        let above = &all[piece - 1];
        let hollow = (above.at(-above.half), station.at(-station.half));
        points.push((
            0.5 * (hollow.0.0 + hollow.1.0) + 0.9 * scale,
            0.5 * (hollow.0.1 + hollow.1.1),
        ));
    }
    of.points(&points)
}

/// The lines where its bodies are fused.
pub(super) fn seams(of: &Placed) -> Vec<Vec<Point>> {
    let all = stations(of);
    let seam = |station: &Station| {
        let half = station.half;
        let ends = [station.at(-half), station.at(0.0), station.at(0.95 * half)];
        of.points(&ends)
    };
    all.iter().take(FUSED).skip(1).map(seam).collect()
}

/// The bones of the coccyx.
pub(super) fn coccyx(of: &Placed) -> Vec<Vec<Point>> {
    let all = stations(of);
    let mut bones = Vec::new();
    for pair in all.windows(2).skip(FUSED) {
        let (upper, lower) = (&pair[0], &pair[1]);
        let part = |share: f64, aside: f64| {
            let half = upper.half + (lower.half - upper.half) * share;
            let middle = (
                upper.middle.0 + (lower.middle.0 - upper.middle.0) * share,
                upper.middle.1 + (lower.middle.1 - upper.middle.1) * share,
            );
            (
                middle.0 + aside * half * lower.back.0,
                middle.1 + aside * half * lower.back.1,
            )
        };
        bones.push(of.points(&[
            part(0.12, -0.80),
            part(0.08, 0.0),
            part(0.12, 0.80),
            part(0.5, 0.92),
            part(0.88, 0.80),
            part(0.94, 0.0),
            part(0.88, -0.80),
            part(0.5, -0.92),
        ]));
    }
    bones
}

/// Front and back of the sacral canal, from its top to where it opens.
pub(super) fn canal(of: &Placed) -> Vec<(Point, Point)> {
    let wall = |station: &Station| {
        let front = station.half + 0.10 * station.behind;
        let back = station.half + 0.66 * station.behind;
        let (front, back) = (station.at(front), station.at(back));
        (of.point(front.0, front.1), of.point(back.0, back.1))
    };
    stations(of).iter().take(FUSED).map(wall).collect()
}
