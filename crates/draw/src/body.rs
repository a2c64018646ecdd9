//! The body from behind and from the front, with the areas that hurt.
//!
//! 1 unit is a hundredth of the height of a figure 180 units tall. An area is a band of one
//! half of the body, clipped by its outline; over each lies what a finger may tap, which is
//! larger. From behind the patient's left is on the left, from the front on the right.

mod feeling;

pub use feeling::{Feeling, FeelingView, RootFeeling, feeling, shown};

use crate::svg::{Anchor, Caption, Point, Svg, Type, closed, ink, smooth, smooth_open};

/// From where the body is seen.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Facing {
    /// From behind.
    Back,
    /// From the front.
    Front,
}

/// Which part of the body is shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Part {
    /// Head to hands: for the neck.
    Upper,
    /// Waist to feet: for the low back.
    Lower,
}

/// What is drawn.
#[derive(Clone, Copy, Debug)]
pub struct BodyView<'a> {
    /// Title and description.
    pub caption: Caption<'a>,
    /// From where.
    pub facing: Facing,
    /// How much of it.
    pub part: Part,
    /// The areas that are marked, by their names.
    pub marked: &'a [&'a str],
    /// The words for left and right.
    pub sides: [&'a str; 2],
}

/// A band of one half of the body: its name without the side, across and down.
struct Band {
    name: &'static str,
    across: [f64; 2],
    down: [f64; 2],
}

const fn band(name: &'static str, across: [f64; 2], down: [f64; 2]) -> Band {
    Band { name, across, down }
}

const LOWER_BACK: [Band; 5] = [
    band("lower-back", [0.0, 20.0], [62.0, 88.0]),
    band("buttock", [0.0, 20.0], [88.0, 102.0]),
    band("thigh-back", [0.0, 20.0], [102.0, 133.0]),
    band("calf", [0.0, 20.0], [133.0, 163.0]),
    band("foot", [0.0, 20.0], [163.0, 181.0]),
];
const LOWER_FRONT: [Band; 5] = [
    band("belly", [0.0, 20.0], [62.0, 86.0]),
    band("groin", [0.0, 20.0], [86.0, 102.0]),
    band("thigh-front", [0.0, 20.0], [102.0, 133.0]),
    band("shin", [0.0, 20.0], [133.0, 163.0]),
    band("foot", [0.0, 20.0], [163.0, 181.0]),
];
const UPPER_BACK: [Band; 7] = [
    band("head", [0.0, 10.0], [-1.0, 19.0]),
    band("neck", [0.0, 10.0], [19.0, 31.0]),
    band("upper-back", [0.0, 13.0], [31.0, 60.0]),
    band("shoulder", [13.0, 24.0], [28.0, 46.0]),
    band("upper-arm", [15.5, 28.0], [46.0, 68.0]),
    band("forearm", [19.0, 32.0], [68.0, 89.0]),
    band("hand", [23.0, 34.0], [89.0, 106.0]),
];
const UPPER_FRONT: [Band; 7] = [
    band("face", [0.0, 10.0], [-1.0, 19.0]),
    band("throat", [0.0, 10.0], [19.0, 31.0]),
    band("chest", [0.0, 13.0], [31.0, 60.0]),
    band("shoulder", [13.0, 24.0], [28.0, 46.0]),
    band("upper-arm", [15.5, 28.0], [46.0, 68.0]),
    band("forearm", [19.0, 32.0], [68.0, 89.0]),
    band("hand", [23.0, 34.0], [89.0, 106.0]),
];

/// The right half of the outline, crown to crotch.
const HALF: [[f64; 2]; 61] = [
    [0.0, 0.0],
    [3.2, 0.4],
    [5.8, 2.5],
    [7.3, 6.4],
    [7.5, 11.0],
    [6.7, 15.6],
    [5.0, 19.4],
    [4.1, 22.4],
    [4.3, 25.6],
    [6.6, 28.4],
    [11.6, 30.3],
    [16.6, 32.0],
    [20.2, 35.2],
    [21.8, 40.5],
    [22.6, 48.0],
    [23.8, 56.0],
    [25.0, 63.0],
    [26.6, 71.0],
    [28.2, 80.0],
    [29.3, 87.0],
    [30.9, 91.5],
    [31.7, 97.0],
    [30.8, 102.6],
    [28.9, 105.0],
    [27.5, 102.6],
    [27.6, 98.4],
    [26.4, 99.6],
    [25.5, 97.6],
    [26.2, 92.5],
    [26.2, 88.0],
    [23.8, 79.0],
    [21.4, 69.0],
    [19.6, 60.0],
    [18.2, 51.5],
    [17.2, 46.5],
    [16.6, 53.0],
    [15.3, 61.0],
    [14.5, 68.0],
    [15.2, 75.0],
    [17.2, 83.0],
    [18.4, 91.0],
    [18.6, 99.0],
    [17.6, 111.0],
    [15.6, 122.0],
    [14.3, 131.0],
    [14.7, 139.0],
    [14.1, 148.0],
    [11.9, 159.0],
    [10.0, 168.0],
    [10.2, 172.5],
    [12.6, 177.0],
    [11.6, 179.8],
    [7.2, 180.0],
    [5.2, 177.0],
    [5.4, 171.0],
    [4.9, 162.0],
    [3.9, 152.0],
    [4.0, 143.0],
    [4.9, 134.0],
    [4.1, 123.0],
    [1.8, 104.0],
];
/// Where the arm ends in [`HALF`].
const ARMPIT: usize = 34;
const CROTCH: [f64; 2] = [0.0, 96.8];
/// Pixels of a unit, as drawn.
const SCALE: f64 = 4.0;
const MARGIN: f64 = 2.0;

impl Part {
    /// Half of the width shown, the first and the last line shown.
    const fn window(self) -> (f64, f64, f64) {
        match self {
            Self::Upper => (34.0, -2.0, 107.0),
            Self::Lower => (20.0, 60.0, 182.0),
        }
    }

    /// Pixels across and down.
    const fn size(self) -> (f64, f64) {
        let (half, top, bottom) = self.window();
        (
            2.0 * (half + MARGIN) * SCALE,
            (bottom - top + 2.0 * MARGIN) * SCALE,
        )
    }

    /// The first point of the outline: the legs are drawn from the armpits down, without arms.
    const fn first(self) -> usize {
        match self {
            Self::Upper => 0,
            Self::Lower => ARMPIT,
        }
    }

    const fn bands(self, facing: Facing) -> &'static [Band] {
        match (self, facing) {
            (Self::Upper, Facing::Back) => &UPPER_BACK,
            (Self::Upper, Facing::Front) => &UPPER_FRONT,
            (Self::Lower, Facing::Back) => &LOWER_BACK,
            (Self::Lower, Facing::Front) => &LOWER_FRONT,
        }
    }

    /// The names of the areas that may be marked, the same seen from both sides named once.
    #[must_use]
    pub fn areas(self) -> Vec<String> {
        let mut areas: Vec<String> = Vec::new();
        for facing in [Facing::Back, Facing::Front] {
            for band in self.bands(facing) {
                for side in ["left", "right"] {
                    let area = format!("{}-{side}", band.name);
                    if !areas.contains(&area) {
                        areas.push(area);
                    }
                }
            }
        }
        areas
    }
}

/// The body with its areas; each carries its name as `data-area`.
#[must_use]
pub fn body(view: &BodyView<'_>) -> String {
    let (half, top, bottom) = view.part.window();
    let at = |[x, y]: [f64; 2]| Point::new((x + half + MARGIN) * SCALE, (y - top + MARGIN) * SCALE);
    let (width, height) = view.part.size();
    let mut svg = Svg::new(&view.caption, width, height);
    let frame = [[-half, top], [half, top], [half, bottom], [-half, bottom]];
    let outline = figure(&mut svg, &view.caption, view.part, &frame.map(at), at);
    let clip = svg.clip(&view.caption, "c", &outline);
    for band in view.part.bands(view.facing) {
        for (side, mirror) in sides(view.facing) {
            let area = format!("{}-{side}", band.name);
            let on = view.marked.contains(&area.as_str());
            mark(&mut svg, (&area, on), &clip, corners(band, mirror).map(at));
        }
    }
    features(&mut svg, view, at);
    let line = match view.part {
        Part::Upper => 14.0,
        Part::Lower => height - 6.0,
    };
    name_sides(&mut svg, view.facing, view.sides, (width, line));
    svg.done()
}

/// The words for left and right, each at the edge on which the patient's side is seen.
fn name_sides(svg: &mut Svg, facing: Facing, [left, right]: [&str; 2], (width, line): (f64, f64)) {
    let [near, far] = match facing {
        Facing::Back => [left, right],
        Facing::Front => [right, left],
    };
    svg.text(Type::soft(Anchor::Start), Point::new(2.0, line), near);
    svg.text(Type::soft(Anchor::End), Point::new(width - 2.0, line), far);
}

/// The body inside a frame; gives its outline.
fn figure(
    svg: &mut Svg,
    caption: &Caption<'_>,
    part: Part,
    frame: &[Point],
    at: impl Fn([f64; 2]) -> Point,
) -> String {
    let half = &HALF[part.first()..];
    let left = half.iter().rev().map(|[x, y]| [-x, *y]);
    let right = half.iter().copied();
    let outline: Vec<Point> = right.chain([CROTCH]).chain(left).map(at).collect();
    let outline = smooth(&outline);
    let frame = svg.clip(caption, "f", &closed(frame));
    let skin = format!(
        "fill=\"{}\" stroke=\"{}\" stroke-width=\"1.6\" clip-path=\"url(#{frame})\"",
        ink::WASH,
        ink::EDGE
    );
    svg.path("skin", &skin, &outline);
    outline
}

/// Which side of the patient lies where: −1 is on the left of the picture.
const fn sides(facing: Facing) -> [(&'static str, f64); 2] {
    match facing {
        Facing::Back => [("left", -1.0), ("right", 1.0)],
        Facing::Front => [("right", -1.0), ("left", 1.0)],
    }
}

fn corners(band: &Band, mirror: f64) -> [[f64; 2]; 4] {
    let ([near, far], [top, bottom]) = (band.across, band.down);
    [[near, top], [far, top], [far, bottom], [near, bottom]].map(|[x, y]| [x * mirror, y])
}

/// An area: what is seen, clipped by the outline, and what is tapped, over it.
fn mark(svg: &mut Svg, (area, on): (&str, bool), clip: &str, corners: [Point; 4]) {
    let d = closed(&corners);
    let (class, fill) = if on {
        ("zone on", ink::DISC[2])
    } else {
        ("zone", "none")
    };
    let seen = format!(
        "data-area=\"{area}\" fill=\"{fill}\" stroke=\"{}\" stroke-width=\"1\" clip-path=\"url(#{clip})\"",
        ink::LINE
    );
    svg.path(class, &seen, &d);
    svg.path(
        "tap",
        &format!("data-area=\"{area}\" fill=\"none\" pointer-events=\"all\""),
        &d,
    );
}

/// A few lines by which the two views are told apart; each is there on both halves.
fn features(svg: &mut Svg, view: &BodyView<'_>, at: impl Fn([f64; 2]) -> Point) {
    let stroke = format!(
        "fill=\"none\" stroke=\"{}\" stroke-width=\"1.4\" pointer-events=\"none\"",
        ink::EDGE
    );
    for line in lines(view.part, view.facing) {
        for mirror in [-1.0, 1.0] {
            let points = line.iter().map(|[x, y]| at([x * mirror, *y]));
            let points: Vec<Point> = points.collect();
            svg.path("feature", &stroke, &smooth_open(&points));
        }
    }
}

const fn lines(part: Part, facing: Facing) -> &'static [&'static [[f64; 2]]] {
    match (part, facing) {
        (Part::Lower, Facing::Back) => &[
            &[[0.0, 60.0], [0.0, 84.0]],
            &[[11.5, 97.0], [8.0, 100.2], [3.0, 99.6], [0.6, 94.0]],
            &[[12.0, 133.0], [8.5, 134.2], [5.5, 133.4]],
        ],
        (Part::Lower, Facing::Front) => &[
            &[[0.0, 75.2], [0.5, 74.0]],
            &[[14.0, 87.0], [8.0, 94.0], [1.6, 98.0]],
            &[[12.0, 132.0], [9.4, 136.0], [6.2, 132.6]],
        ],
        (Part::Upper, Facing::Back) => &[
            &[[0.0, 31.0], [0.0, 84.0]],
            &[[12.0, 42.0], [9.5, 48.0], [4.0, 49.0]],
        ],
        (Part::Upper, Facing::Front) => &[
            &[[10.5, 33.6], [5.0, 34.6], [1.2, 33.2]],
            &[[0.0, 75.2], [0.5, 74.0]],
        ],
    }
}
