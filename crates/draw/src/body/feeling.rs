//! Where feeling was tested, and what was found there.
//!
//! A point stands where the root is tested (the key areas that the facts name, a choice of
//! ours), not for the land of skin that it feeds: books differ on that, and a patient's
//! own skin does too. A disc is normal, an open triangle altered, a filled one absent, a
//! dashed ring not tested.

use super::{Facing, Part, figure, name_sides, sides};
use crate::sparkline::stroke;
use crate::svg::{Anchor, Caption, Point, Svg, Type, closed, ink};

/// What was felt at a point; the last is the worst.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Feeling {
    /// Nobody knows.
    Untested,
    /// As it should be.
    Normal,
    /// Less, more or otherwise.
    Altered,
    /// Nothing.
    Absent,
}

/// One root and what was felt on either side of the patient.
#[derive(Clone, Copy, Debug)]
pub struct RootFeeling<'a> {
    /// `L5`.
    pub root: &'a str,
    /// On the left.
    pub left: Feeling,
    /// On the right.
    pub right: Feeling,
}

/// What is drawn.
#[derive(Clone, Copy, Debug)]
pub struct FeelingView<'a> {
    /// Title and description.
    pub caption: Caption<'a>,
    /// From where; a root is drawn in the view in which it is tested.
    pub facing: Facing,
    /// Which part of the body.
    pub part: Part,
    /// What was found; a root of another part or view is not drawn.
    pub roots: &'a [RootFeeling<'a>],
    /// The words for left and right.
    pub sides: [&'a str; 2],
}

/// Where a root is tested and where its name stands, on the half with positive x.
struct Spot {
    root: &'static str,
    at: [f64; 2],
    name: [f64; 2],
}

const fn spot(root: &'static str, at: [f64; 2], name: [f64; 2]) -> Spot {
    Spot { root, at, name }
}

const LOWER_FRONT: [Spot; 6] = [
    spot("L1", [9.0, 95.5], [23.0, 93.0]),
    spot("L2", [9.5, 113.0], [23.0, 111.0]),
    spot("L3", [6.2, 131.0], [23.0, 129.0]),
    spot("L4", [5.8, 151.0], [23.0, 148.0]),
    spot("L5", [8.0, 172.5], [23.0, 166.0]),
    spot("S1", [11.4, 177.0], [23.0, 177.0]),
];
const LOWER_BACK: [Spot; 3] = [
    spot("S2", [5.2, 103.5], [23.0, 106.0]),
    spot("S3", [3.4, 100.6], [23.0, 98.5]),
    spot("S4", [1.5, 97.6], [23.0, 91.0]),
];
const UPPER_FRONT: [Spot; 5] = [
    spot("C5", [22.8, 52.0], [35.0, 50.0]),
    spot("T1", [22.9, 74.5], [35.0, 71.0]),
    spot("C8", [30.8, 99.5], [37.0, 97.0]),
    spot("C7", [29.2, 103.4], [36.0, 107.0]),
    spot("C6", [26.1, 98.0], [23.0, 108.0]),
];

/// Pixels of a unit.
const SCALE: f64 = 3.0;
/// Room beside the body for names.
const BESIDE: f64 = 10.0;
const RADIUS: f64 = 4.5;

/// The roots that this view of this part shows, in order.
pub fn shown(part: Part, facing: Facing) -> impl Iterator<Item = &'static str> {
    spots(part, facing).iter().map(|spot| spot.root)
}

const fn spots(part: Part, facing: Facing) -> &'static [Spot] {
    match (part, facing) {
        (Part::Lower, Facing::Front) => &LOWER_FRONT,
        (Part::Lower, Facing::Back) => &LOWER_BACK,
        (Part::Upper, Facing::Front) => &UPPER_FRONT,
        (Part::Upper, Facing::Back) => &[],
    }
}

/// The first and the last line shown.
const fn lines(part: Part, facing: Facing) -> (f64, f64) {
    match (part, facing) {
        (Part::Lower, Facing::Front) => (84.0, 182.0),
        (Part::Lower, Facing::Back) => (84.0, 112.0),
        (Part::Upper, _) => (26.0, 111.0),
    }
}

/// The body with the points of every root that is tested in this view.
#[must_use]
pub fn feeling(view: &FeelingView<'_>) -> String {
    let (half, _, _) = view.part.window();
    let (top, bottom) = lines(view.part, view.facing);
    let across = half + BESIDE;
    let at = |[x, y]: [f64; 2]| Point::new((x + across) * SCALE, (y - top) * SCALE);
    let (width, height) = (2.0 * across * SCALE, (bottom - top) * SCALE);
    let mut svg = Svg::new(&view.caption, width, height + 16.0);
    let frame = [[-half, top], [half, top], [half, bottom], [-half, bottom]];
    figure(&mut svg, &view.caption, view.part, &frame.map(at), at);
    for spot in spots(view.part, view.facing) {
        let found = view.roots.iter().find(|found| found.root == spot.root);
        for (side, mirror) in sides(view.facing) {
            let felt = found.map_or(Feeling::Untested, |found| match side {
                "left" => found.left,
                _ => found.right,
            });
            let [point, name] = [spot.at, spot.name].map(|[x, y]| at([x * mirror, y]));
            draw(&mut svg, (spot.root, side), felt, (point, name), mirror);
        }
    }
    name_sides(&mut svg, view.facing, view.sides, (width, height + 12.0));
    svg.done()
}

/// A point with its name, and the line between them.
fn draw(
    svg: &mut Svg,
    (root, side): (&str, &str),
    felt: Feeling,
    (point, name): (Point, Point),
    mirror: f64,
) {
    let anchor = if mirror > 0.0 {
        Anchor::Start
    } else {
        Anchor::End
    };
    svg.line(
        "lead",
        &stroke(ink::EDGE, 1.0),
        point,
        Point::new(name.x - 3.0 * mirror, name.y),
    );
    let named = format!("data-root=\"{root}\" data-side=\"{side}\"");
    let care = format!("{named} stroke=\"{}\" stroke-width=\"2\"", ink::CARE);
    let peak = closed(&[
        Point::new(point.x, point.y - RADIUS - 1.5),
        Point::new(point.x + RADIUS + 1.0, point.y + RADIUS - 0.5),
        Point::new(point.x - RADIUS - 1.0, point.y + RADIUS - 0.5),
    ]);
    match felt {
        Feeling::Untested => {
            let dashed = format!(
                "{named} fill=\"#fcfcfa\" stroke=\"{}\" stroke-width=\"1.6\" stroke-dasharray=\"2.4 2\"",
                ink::EDGE
            );
            svg.circle("felt-unknown", &dashed, point, RADIUS);
        }
        Feeling::Normal => {
            let full = format!("{named} fill=\"{}\"", ink::ACT);
            svg.circle("dot", &full, point, RADIUS);
        }
        Feeling::Altered => svg.path("felt-altered", &format!("{care} fill=\"#fcfcfa\""), &peak),
        Feeling::Absent => svg.path(
            "felt-absent",
            &format!("{care} fill=\"{}\"", ink::CARE),
            &peak,
        ),
    }
    let known = felt != Feeling::Untested;
    let bold = Type {
        bold: matches!(felt, Feeling::Altered | Feeling::Absent),
        ..Type::plain(anchor)
    };
    let style = if known { bold } else { Type::soft(anchor) };
    svg.text(style, Point::new(name.x, name.y + 4.0), root);
}
