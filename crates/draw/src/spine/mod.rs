//! The spine from the side, each disc coloured by how far it opens.
//!
//! Opening is drawn larger than life by a factor that the caller states in its
//! words; the colour has five steps up to `full_scale`, so that two pictures
//! with the same scale compare. A level without a value keeps the palest disc
//! and a dash: unknown is not zero.

mod geometry;

use crate::sparkline::stroke;
use crate::svg::{Anchor, Caption, Point, Svg, Type, human, ink, rounded};
use geometry::{CERVICAL, LUMBAR, Placed};
use si::{Interval, Metres, Region, Segment};

/// How the spine lies in the picture.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Pose {
    /// Head up, front to the left.
    Upright,
    /// Head to the left, front up, as on the table.
    Lying,
}

/// What is known of one level.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct LevelView {
    /// The segment.
    pub segment: Segment,
    /// Its opening as shown to people, or nothing if unknown.
    pub opening: Option<Interval<Metres>>,
    /// Whether it is the level that is treated.
    pub target: bool,
}

/// A spine to be drawn.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct SpineView<'a> {
    /// Title and description.
    pub caption: Caption<'a>,
    /// Lumbar or cervical.
    pub region: Region,
    /// How it lies.
    pub pose: Pose,
    /// Width in pixels; the height follows.
    pub width: f64,
    /// What is known, in any order.
    pub levels: &'a [LevelView],
    /// The opening that takes the darkest colour.
    pub full_scale: Metres,
    /// How many times larger than life openings are drawn.
    pub exaggeration: f64,
    /// Words under the picture (what the numbers are, how much larger they are drawn).
    pub note: &'a str,
}

/// Most that one disc is drawn open, mm of the drawing.
const MOST_DRAWN: f64 = 9.0;

/// The drawing area in millimetres of the drawn spine, upright.
struct Area {
    min: Point,
    max: Point,
}

/// Fixed areas, so that a picture does not jump while a session runs.
const fn area(region: Region) -> Area {
    match region {
        Region::Lumbar => Area {
            min: Point::new(-54.0, -290.0),
            max: Point::new(74.0, 78.0),
        },
        Region::Cervical => Area {
            min: Point::new(-54.0, -296.0),
            max: Point::new(74.0, 22.0),
        },
    }
}

/// The picture.
#[must_use]
pub fn spine(of: &SpineView<'_>) -> String {
    let sheet = Sheet::new(of);
    let mut svg = Svg::new(&of.caption, of.width, sheet.height);
    let bones: &[geometry::Bone] = match of.region {
        Region::Lumbar => &LUMBAR,
        Region::Cervical => &CERVICAL,
    };
    let opened = |segment| {
        let opening = view(of, segment).and_then(|view| view.opening);
        let drawn = opening.map_or(0.0, |opening| opening.mid().mm() * of.exaggeration);
        drawn.clamp(0.0, MOST_DRAWN)
    };
    let placed = geometry::stack(bones, opened);
    draw_bones(&mut svg, &sheet, of, &placed);
    for pair in placed.windows(2) {
        draw_label(&mut svg, &sheet, of, &pair[0], &pair[1]);
    }
    let at = Point::new(4.0, sheet.height - 6.0);
    svg.text(Type::soft(Anchor::Start), at, of.note);
    svg.done()
}

/// From the drawn spine to the sheet.
struct Sheet {
    pose: Pose,
    origin: Point,
    scale: f64,
    height: f64,
}

/// Room for names and values: beside an upright spine, above a lying one, px.
const BESIDE: f64 = 92.0;
const ABOVE: f64 = 44.0;
/// Room for the note, px.
const BELOW: f64 = 24.0;

impl Sheet {
    fn new(of: &SpineView<'_>) -> Self {
        let Area { min, max } = area(of.region);
        let (across, along) = (max.x - min.x, max.y - min.y);
        let note = if of.note.is_empty() { 0.0 } else { BELOW };
        match of.pose {
            Pose::Upright => {
                let scale = (of.width - BESIDE).max(40.0) / across;
                Self {
                    pose: of.pose,
                    origin: Point::new(BESIDE - min.x * scale, -min.y * scale),
                    scale,
                    height: along * scale + note,
                }
            }
            Pose::Lying => {
                let scale = of.width.max(40.0) / along;
                Self {
                    pose: of.pose,
                    origin: Point::new(-min.y * scale, ABOVE - min.x * scale),
                    scale,
                    height: ABOVE + across * scale + note,
                }
            }
        }
    }

    fn place(&self, point: Point) -> Point {
        let (right, down) = match self.pose {
            Pose::Upright => (point.x, point.y),
            Pose::Lying => (point.y, point.x),
        };
        Point::new(
            self.origin.x + right * self.scale,
            self.origin.y + down * self.scale,
        )
    }

    fn shape(&self, points: &[Point]) -> String {
        let placed: Vec<Point> = points.iter().map(|point| self.place(*point)).collect();
        rounded(&placed)
    }
}

fn view<'a>(of: &SpineView<'a>, segment: Segment) -> Option<&'a LevelView> {
    of.levels.iter().find(|view| view.segment == segment)
}

fn draw_bones(svg: &mut Svg, sheet: &Sheet, of: &SpineView<'_>, placed: &[Placed]) {
    let bone = format!(
        "fill=\"{}\" stroke=\"{}\" stroke-width=\"1\" stroke-linejoin=\"round\"",
        ink::BONE,
        ink::BONE_LINE
    );
    for pair in placed.windows(2) {
        draw_disc(svg, sheet, of, &pair[0], &pair[1]);
    }
    for (index, one) in placed.iter().enumerate() {
        let lowest = index == 0;
        if lowest && of.region == Region::Lumbar {
            svg.path("bd", &bone, &sheet.shape(&geometry::sacrum(one)));
            continue;
        }
        if one.bone.name == "C2" {
            svg.path("bd", &bone, &sheet.shape(&geometry::tooth(one)));
        }
        svg.path("bd", &bone, &sheet.shape(&geometry::arch(one)));
        svg.path("bd", &bone, &sheet.shape(&geometry::body(one)));
    }
    for pair in placed.windows(2) {
        let nerve = sheet.place(geometry::nerve(&pair[0], &pair[1]));
        let colours = format!(
            "fill=\"{}\" stroke=\"{}\" stroke-width=\".6\"",
            ink::NERVE,
            ink::BONE_LINE
        );
        svg.circle("nv", &colours, nerve, 2.6 * sheet.scale);
    }
}

fn draw_disc(svg: &mut Svg, sheet: &Sheet, of: &SpineView<'_>, lower: &Placed, upper: &Placed) {
    let Some(segment) = upper.bone.below else {
        return;
    };
    let opening = view(of, segment).and_then(|view| view.opening);
    let step = opening.map_or(0, |opening| step(opening.mid().get(), of.full_scale.get()));
    let colours = format!(
        "fill=\"{}\" stroke=\"{}\" stroke-width=\"1\"",
        ink::DISC[step],
        ink::BONE_LINE
    );
    let class = format!("ds d{step}");
    svg.path(
        &class,
        &colours,
        &sheet.shape(&geometry::disc(lower, upper)),
    );
}

/// Colour step 0–4 of an opening; anything below a tenth of the scale is the palest.
fn step(opening: f64, full_scale: f64) -> usize {
    let share = opening / full_scale;
    [0.1, 0.35, 0.6, 0.85]
        .iter()
        .filter(|edge| share >= **edge)
        .count()
}

/// Name and value of one level beside (or above) its disc, with a line to it.
fn draw_label(svg: &mut Svg, sheet: &Sheet, of: &SpineView<'_>, lower: &Placed, upper: &Placed) {
    let segment = upper.bone.below;
    let Some(view) = segment.and_then(|segment| view(of, segment)) else {
        return;
    };
    let opening = view.opening.map(|opening| opening.mid().mm());
    let value = opening.map_or("–".to_owned(), |mm| human(mm, 1));
    let name = view.segment.as_str().replace('-', "–");
    let loud = |anchor| Type {
        bold: view.target,
        size: 13,
        ..Type::plain(anchor)
    };
    let disc = sheet.place(geometry::front(lower, upper));
    let (from, to) = match of.pose {
        Pose::Upright => {
            let at = |x| Point::new(x, disc.y + 4.0);
            svg.text(Type::soft(Anchor::End), at(44.0), &name);
            svg.text(loud(Anchor::Start), at(52.0), &value);
            (Point::new(82.0, disc.y), Point::new(disc.x - 5.0, disc.y))
        }
        Pose::Lying => {
            let at = |y| Point::new(disc.x, y);
            svg.text(Type::soft(Anchor::Middle), at(13.0), &name);
            svg.text(loud(Anchor::Middle), at(30.0), &value);
            (Point::new(disc.x, 36.0), Point::new(disc.x, disc.y - 5.0))
        }
    };
    svg.line("lead", &stroke(ink::EDGE, 1.0), from, to);
}
