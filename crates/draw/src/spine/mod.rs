//! The spine from the side, each disc coloured by how far it opens.
//!
//! Opening is drawn larger than life by a factor that the caller states in its
//! words; the colour has five steps up to `full_scale`, so that two pictures
//! with the same scale compare. A level without a value keeps the palest disc
//! and a dash: unknown is not zero.

mod geometry;

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
            min: Point::new(-62.0, -282.0),
            max: Point::new(100.0, 74.0),
        },
        Region::Cervical => Area {
            min: Point::new(-62.0, -278.0),
            max: Point::new(100.0, 26.0),
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

impl Sheet {
    fn new(of: &SpineView<'_>) -> Self {
        let Area { min, max } = area(of.region);
        let (across, along) = (max.x - min.x, max.y - min.y);
        let note = if of.note.is_empty() { 0.0 } else { 24.0 };
        match of.pose {
            Pose::Upright => {
                let scale = of.width / across;
                Self {
                    pose: of.pose,
                    origin: Point::new(-min.x * scale, -min.y * scale),
                    scale,
                    height: along * scale + note,
                }
            }
            Pose::Lying => {
                let scale = of.width / along;
                let head_room = 34.0;
                Self {
                    pose: of.pose,
                    origin: Point::new(-min.y * scale, -min.x * scale * 0.62 + head_room),
                    scale,
                    height: across * scale * 0.82 + head_room + note,
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
    let bone = |opacity: &str| {
        format!(
            "fill=\"{}\" stroke=\"{}\" stroke-width=\"1\" stroke-linejoin=\"round\"{opacity}",
            ink::BONE,
            ink::BONE_LINE
        )
    };
    for pair in placed.windows(2) {
        draw_disc(svg, sheet, of, &pair[0], &pair[1]);
    }
    for (index, one) in placed.iter().enumerate() {
        let lowest = index == 0;
        if lowest && of.region == Region::Lumbar {
            svg.path("bd", &bone(""), &sheet.shape(&geometry::sacrum(one)));
            continue;
        }
        if one.bone.name == "C2" {
            svg.path("bd", &bone(""), &sheet.shape(&geometry::tooth(one)));
        }
        svg.path("bd", &bone(""), &sheet.shape(&geometry::arch(one)));
        svg.path("bd", &bone(""), &sheet.shape(&geometry::body(one)));
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

/// Name and value of one level, beside (or above) its disc.
fn draw_label(svg: &mut Svg, sheet: &Sheet, of: &SpineView<'_>, lower: &Placed, upper: &Placed) {
    let Some((segment, view)) = upper
        .bone
        .below
        .and_then(|segment| Some((segment, view(of, segment)?)))
    else {
        return;
    };
    let value = view
        .opening
        .map_or("–".to_owned(), |opening| human(opening.mid().mm(), 1));
    let name = segment.as_str().replace('-', "–");
    let (quiet, loud) = (
        |anchor| Type::soft(anchor),
        |anchor| Type {
            bold: view.target,
            size: 13,
            ..Type::plain(anchor)
        },
    );
    let front =
        sheet.place(lower.point(-lower.bone.half_depth - 4.0, lower.bone.half_height + 5.0));
    match of.pose {
        Pose::Upright => {
            let x = sheet.place(Point::new(area(of.region).min.x, 0.0)).x + 40.0;
            svg.text(quiet(Anchor::End), Point::new(x, front.y + 4.0), &name);
            svg.text(
                loud(Anchor::Start),
                Point::new(x + 6.0, front.y + 4.0),
                &value,
            );
        }
        Pose::Lying => {
            svg.text(quiet(Anchor::Middle), Point::new(front.x, 12.0), &name);
            svg.text(loud(Anchor::Middle), Point::new(front.x, 28.0), &value);
        }
    }
    let _ = upper;
}
