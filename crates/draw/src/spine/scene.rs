//! Everything that is drawn of a spine, from the back of the picture to its front.

use super::outline::{Kind, Mark};
use super::place::{self, Extent, Placed, below, known, middle};
use super::{BONES, SpineView, Window, nerve, sacrum, vertebra};
use crate::svg::Point;

/// Segments without a disc lie above this bone.
const AXIS: usize = 2;

/// The marks of a picture.
pub(super) fn marks(
    of: &SpineView<'_>,
    rest: &[Placed; BONES],
    drawn: &[Placed; BONES],
) -> Vec<Mark> {
    let (first, last) = of.window.bones();
    let shown = &drawn[first..=last];
    let mut marks = vec![
        Mark::new(Kind::Canal, nerve::canal(shown)),
        Mark::new(Kind::Cord, nerve::cord(shown)),
    ];
    let strands = nerve::cauda(shown).into_iter();
    marks.extend(strands.map(|strand| Mark::new(Kind::Strand, strand)));
    discs(&mut marks, of, shown);
    let jointed = || shown.windows(2).filter(|pair| pair[0].index >= AXIS);
    for pair in jointed() {
        marks.push(Mark::new(Kind::Root, nerve::root(&pair[1], &pair[0])));
    }
    for bone in shown {
        bones(&mut marks, of.window, bone, rest, drawn);
    }
    for pair in jointed().filter(|pair| pair[1].index + 1 < BONES) {
        let space = vertebra::facet(&pair[1], gap(rest, pair[0].index));
        marks.push(Mark::new(Kind::Facet, space));
    }
    marks
}

/// The part of the plane that the bones fill at rest.
pub(super) fn extent(rest: &[Placed; BONES], window: Window) -> Extent {
    let (first, last) = window.bones();
    let mut marks = Vec::new();
    for bone in &rest[first..=last] {
        bones(&mut marks, window, bone, rest, rest);
    }
    let far = f64::INFINITY;
    let mut shown = Extent {
        min: Point::new(far, far),
        max: Point::new(-far, -far),
    };
    let points = marks.iter().flat_map(|mark| &mark.points);
    for point in points.filter(|point| point.is_finite()) {
        shown.min = Point::new(shown.min.x.min(point.x), shown.min.y.min(point.y));
        shown.max = Point::new(shown.max.x.max(point.x), shown.max.y.max(point.y));
    }
    if shown.min.x > shown.max.x {
        shown.min = Point::new(0.0, 0.0);
        shown.max = Point::new(1.0, 1.0);
    }
    shown
}

fn bones(
    marks: &mut Vec<Mark>,
    window: Window,
    bone: &Placed,
    rest: &[Placed; BONES],
    drawn: &[Placed; BONES],
) {
    let mut push = |kind, points| marks.push(Mark::new(kind, points));
    match bone.index {
        0 => {
            let skull = on_atlas(rest, drawn);
            if window == Window::Whole {
                push(Kind::Line, vertebra::vault(&skull));
            }
            for part in vertebra::occiput(&skull) {
                push(Kind::Bone, part);
            }
        }
        1 => {
            let [front, side, back] = vertebra::atlas(bone);
            push(Kind::Bone, back);
            push(Kind::Bone, side);
            push(Kind::Bone, front);
        }
        index if index + 1 == BONES => {
            for piece in sacrum::coccyx(bone) {
                push(Kind::Bone, piece);
            }
            push(Kind::Bone, sacrum::sacrum(bone));
            push(Kind::Canal, nerve::sacral(bone));
            for seam in sacrum::seams(bone) {
                push(Kind::Line, seam);
            }
        }
        index => {
            let (above, under) = (gap(rest, index - 1), gap(rest, index));
            push(Kind::Bone, vertebra::arch(bone, above, under));
            if index > 8 {
                push(Kind::Bone, vertebra::transverse(bone));
            }
            if index == AXIS {
                push(Kind::Bone, vertebra::tooth(bone, &drawn[1]));
            }
            push(Kind::Bone, vertebra::body(bone));
        }
    }
}

/// Distance between the plates of bones `upper` and `upper + 1` at rest, mm.
fn gap(rest: &[Placed; BONES], upper: usize) -> f64 {
    let (upper, lower) = (&rest[upper], &rest[upper + 1]);
    if upper.index < AXIS {
        return 4.0;
    }
    let (one, other) = (
        upper.point(0.0, -upper.half_height),
        lower.point(0.0, lower.half_height),
    );
    let (x, y) = (one.x - other.x, one.y - other.y);
    libm::sqrt(x * x + y * y)
}

/// The skull as it sits on the atlas: moved with the skull, placed by the atlas at rest.
fn on_atlas(rest: &[Placed; BONES], drawn: &[Placed; BONES]) -> Placed {
    let seat = rest[1].point(0.0, rest[1].half_height + 1.5);
    let (x, y) = (seat.x - rest[0].centre.x, seat.y - rest[0].centre.y);
    let turned = drawn[0].tilt - rest[0].tilt;
    let (sin, cos) = (libm::sin(turned), libm::cos(turned));
    Placed {
        centre: Point::new(
            drawn[0].centre.x + x * cos + y * sin,
            drawn[0].centre.y - x * sin + y * cos,
        ),
        ..drawn[0]
    }
}

fn discs(marks: &mut Vec<Mark>, of: &SpineView<'_>, shown: &[Placed]) {
    for pair in shown.windows(2) {
        let (upper, lower) = (&pair[0], &pair[1]);
        if upper.index < AXIS {
            continue;
        }
        let disc = below(upper.index).and_then(|segment| known(of, segment));
        let shade = disc.and_then(|disc| disc.shade);
        let kind = match (disc, shade) {
            (_, Some(shade)) => Kind::Disc(step(shade), true),
            (None, None) => Kind::Disc(0, true),
            (Some(_), None) => Kind::Disc(0, false),
        };
        marks.push(Mark::new(kind, disc_outline(lower, upper)));
        marks.push(Mark::new(Kind::Nucleus, nucleus(lower, upper)));
    }
}

/// Colour step 0–4 of a shade; anything below a tenth is the palest.
fn step(shade: f64) -> usize {
    [0.1, 0.35, 0.6, 0.85]
        .iter()
        .filter(|edge| shade >= **edge)
        .count()
}

/// The disc between two bones, bulging a little in front and behind.
fn disc_outline(lower: &Placed, upper: &Placed) -> Vec<Point> {
    let bulge = |side: f64, by: f64| {
        let (low, high) = (lower, upper);
        middle(
            low.point(side * low.half_depth * by, low.half_height),
            high.point(side * high.half_depth * by, -high.half_height),
        )
    };
    let (lh, uh) = (0.86 * lower.half_height, 0.86 * upper.half_height);
    let (ld, ud) = (lower.half_depth, upper.half_depth);
    vec![
        lower.point(-0.98 * ld, lower.half_height * 0.97),
        bulge(-1.0, 1.11),
        upper.point(-0.98 * ud, -upper.half_height * 0.97),
        upper.point(-0.5 * ud, -uh),
        upper.point(0.5 * ud, -uh),
        upper.point(0.98 * ud, -upper.half_height * 0.97),
        bulge(1.0, 1.07),
        lower.point(0.98 * ld, lower.half_height * 0.97),
        lower.point(0.5 * ld, lh),
        lower.point(-0.5 * ld, lh),
    ]
}

/// The nucleus inside it, a little behind the middle.
fn nucleus(lower: &Placed, upper: &Placed) -> Vec<Point> {
    let (front, back) = (
        place::edge(lower, upper, -1.0),
        place::edge(lower, upper, 1.0),
    );
    let (x, y) = (back.x - front.x, back.y - front.y);
    let length = libm::sqrt(x * x + y * y).max(1e-6);
    let (one, other) = (
        lower.point(0.0, lower.half_height),
        upper.point(0.0, -upper.half_height),
    );
    let (tall, wide) = ((one.x - other.x, one.y - other.y), 0.58 * length / 2.0);
    let tall = 0.34 * libm::sqrt(tall.0 * tall.0 + tall.1 * tall.1);
    let centre = Point::new(front.x + 0.53 * x, front.y + 0.53 * y);
    (0..12)
        .map(|part| {
            let angle = f64::from(part) * core::f64::consts::FRAC_PI_6;
            let (along, aside) = (wide * libm::cos(angle), tall * libm::sin(angle));
            Point::new(
                centre.x + (along * x - aside * y) / length,
                centre.y + (along * y + aside * x) / length,
            )
        })
        .collect()
}
