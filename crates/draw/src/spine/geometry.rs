//! A drawn spine: our own shapes, one table a region, in millimetres of a
//! middle-sized adult. A picture, not a measurement.
//!
//! Each bone is a box with a tilt (front lower is positive), set on the one
//! below with a disc between. Front is to the left and the head is up; the
//! first bone of a table is the lowest.

use crate::svg::Point;
use si::Segment;

/// One bone and the disc under it.
#[derive(Clone, Copy, Debug)]
pub(super) struct Bone {
    pub(super) name: &'static str,
    /// Tilt in degrees, front lower.
    pub(super) tilt: f64,
    /// Half of the depth from front to back.
    pub(super) half_depth: f64,
    /// Half of the height.
    pub(super) half_height: f64,
    /// Height of the disc below, 0 for the lowest bone.
    pub(super) disc: f64,
    /// The segment that this disc belongs to.
    pub(super) below: Option<Segment>,
    /// How far the processes reach behind, relative to the drawn one.
    pub(super) processes: f64,
}

impl Bone {
    const fn new(name: &'static str, tilt: f64, halves: (f64, f64)) -> Self {
        Self {
            name,
            tilt,
            half_depth: halves.0,
            half_height: halves.1,
            disc: 0.0,
            below: None,
            processes: 1.0,
        }
    }

    const fn on(self, segment: Segment, disc: f64) -> Self {
        Self {
            disc,
            below: Some(segment),
            ..self
        }
    }

    const fn reaching(self, processes: f64) -> Self {
        Self { processes, ..self }
    }
}

/// Sacrum to T12.
pub(super) const LUMBAR: [Bone; 7] = [
    Bone::new("S1", 39.0, (16.5, 14.0)),
    Bone::new("L5", 22.0, (17.5, 13.5)).on(Segment::L5S1, 12.5),
    Bone::new("L4", 6.0, (17.5, 13.8)).on(Segment::L4L5, 13.0),
    Bone::new("L3", -5.0, (17.2, 13.8)).on(Segment::L3L4, 12.0),
    Bone::new("L2", -12.0, (16.6, 13.5)).on(Segment::L2L3, 10.8),
    Bone::new("L1", -15.0, (16.0, 13.2)).on(Segment::L1L2, 9.5),
    Bone::new("T12", -17.0, (15.2, 12.6)).on(Segment::T12L1, 7.5),
];

/// T1 to C2, on twice the scale so that both regions fill the same picture.
pub(super) const CERVICAL: [Bone; 7] = [
    Bone::new("T1", 24.0, (17.0, 15.0)),
    Bone::new("C7", 18.0, (16.6, 13.5)).on(Segment::C7T1, 10.5),
    Bone::new("C6", 9.0, (16.4, 12.0))
        .on(Segment::C6C7, 10.5)
        .reaching(0.72),
    Bone::new("C5", 1.0, (16.0, 11.8))
        .on(Segment::C5C6, 10.2)
        .reaching(0.56),
    Bone::new("C4", -5.0, (15.6, 12.0))
        .on(Segment::C4C5, 10.0)
        .reaching(0.5),
    Bone::new("C3", -9.0, (15.2, 12.2))
        .on(Segment::C3C4, 9.8)
        .reaching(0.5),
    Bone::new("C2", -12.0, (15.0, 17.0))
        .on(Segment::C2C3, 9.6)
        .reaching(0.85),
];

/// A bone where it stands.
#[derive(Clone, Copy, Debug)]
pub(super) struct Placed {
    pub(super) bone: Bone,
    centre: Point,
    /// Unit vector towards the head and towards the back.
    up: Point,
    back: Point,
}

impl Placed {
    fn at(bone: Bone, centre: Point) -> Self {
        let angle = bone.tilt.to_radians();
        let (sin, cos) = (libm::sin(angle), libm::cos(angle));
        Self {
            bone,
            centre,
            up: Point::new(-sin, -cos),
            back: Point::new(cos, -sin),
        }
    }

    /// The point `back` behind the centre and `up` above it.
    pub(super) fn point(&self, back: f64, up: f64) -> Point {
        Point::new(
            self.centre.x + back * self.back.x + up * self.up.x,
            self.centre.y + back * self.back.y + up * self.up.y,
        )
    }

    /// The middle of an end plate: +1 the upper, −1 the lower.
    fn plate(&self, end: f64) -> Point {
        self.point(0.0, end * self.bone.half_height)
    }
}

/// The bones of a region stacked from the lowest, each disc opened by `opened(segment)`.
pub(super) fn stack(bones: &[Bone], opened: impl Fn(Segment) -> f64) -> Vec<Placed> {
    let mut placed: Vec<Placed> = Vec::with_capacity(bones.len());
    for bone in bones {
        let Some(below) = placed.last() else {
            placed.push(Placed::at(*bone, Point::new(0.0, 0.0)));
            continue;
        };
        let gap = bone.disc + bone.below.map_or(0.0, &opened);
        let standing = Placed::at(*bone, Point::new(0.0, 0.0));
        let between = Point::new(below.up.x + standing.up.x, below.up.y + standing.up.y);
        let length = libm::sqrt(between.x * between.x + between.y * between.y);
        let from = below.plate(1.0);
        let centre = Point::new(
            from.x + gap * between.x / length + bone.half_height * standing.up.x,
            from.y + gap * between.y / length + bone.half_height * standing.up.y,
        );
        placed.push(Placed::at(*bone, centre));
    }
    placed
}

/// The body of a bone: waisted, its rims a little proud.
pub(super) fn body(of: &Placed) -> Vec<Point> {
    let (d, h) = (of.bone.half_depth, of.bone.half_height);
    [
        (-d - 0.8, h),
        (-d * 0.5, h * 0.93),
        (d * 0.5, h * 0.93),
        (d + 0.6, h),
        (d - 0.6, h * 0.45),
        (d - 1.2, 0.0),
        (d - 0.6, -h * 0.45),
        (d + 0.6, -h),
        (d * 0.5, -h * 0.93),
        (-d * 0.5, -h * 0.93),
        (-d - 0.8, -h),
        (-d + 1.6, -h * 0.45),
        (-d + 2.2, 0.0),
        (-d + 1.6, h * 0.45),
    ]
    .iter()
    .map(|(back, up)| of.point(*back, *up))
    .collect()
}

/// Pedicle, joint processes and spinous process of a bone.
pub(super) fn arch(of: &Placed) -> Vec<Point> {
    let d = of.bone.half_depth;
    let tip = |back: f64| d + 14.0 + (back - 14.0) * of.bone.processes;
    [
        (d - 3.0, 9.0),
        (d + 6.0, 9.5),
        (d + 8.5, 18.0),
        (d + 12.0, 20.0),
        (d + 14.0, 15.0),
        (d + 14.0, 6.0),
        (tip(20.0), 1.0),
        (tip(38.0), -4.0),
        (tip(41.0), -10.0),
        (tip(38.0), -16.0),
        (tip(22.0), -11.5),
        (d + 15.5, -9.0),
        (d + 15.0, -20.0),
        (d + 11.5, -22.5),
        (d + 9.0, -18.0),
        (d + 9.5, -5.0),
        (d + 7.5, 1.0),
        (d - 3.0, 1.0),
    ]
    .iter()
    .map(|(back, up)| of.point(*back, *up))
    .collect()
}

/// The middle of a disc's front edge.
pub(super) fn front(lower: &Placed, upper: &Placed) -> Point {
    middle(
        lower.point(-lower.bone.half_depth - 1.5, lower.bone.half_height),
        upper.point(-upper.bone.half_depth - 1.5, -upper.bone.half_height),
    )
}

/// The disc between two bones, bulging a little in front and behind.
pub(super) fn disc(lower: &Placed, upper: &Placed) -> Vec<Point> {
    let (l, u) = (lower.bone, upper.bone);
    let front = middle(
        lower.point(-l.half_depth - 3.0, l.half_height),
        upper.point(-u.half_depth - 3.0, -u.half_height),
    );
    let back = middle(
        lower.point(l.half_depth + 2.6, l.half_height),
        upper.point(u.half_depth + 2.6, -u.half_height),
    );
    vec![
        lower.point(-l.half_depth, l.half_height - 0.6),
        front,
        upper.point(-u.half_depth, -u.half_height + 0.6),
        upper.plate(-0.97),
        upper.point(u.half_depth, -u.half_height + 0.6),
        back,
        lower.point(l.half_depth, l.half_height - 0.6),
        lower.plate(0.97),
    ]
}

/// Where the nerve leaves between two bones.
pub(super) fn nerve(lower: &Placed, upper: &Placed) -> Point {
    middle(
        lower.point(lower.bone.half_depth + 5.0, lower.bone.half_height),
        upper.point(upper.bone.half_depth + 5.0, -upper.bone.half_height * 0.7),
    )
}

/// The sacrum below its end plate.
pub(super) fn sacrum(of: &Placed) -> Vec<Point> {
    let (d, h) = (of.bone.half_depth, of.bone.half_height);
    [
        (-d - 1.0, h),
        (0.0, h * 0.95),
        (d, h),
        (d + 8.0, 10.0),
        (d + 16.0, 13.0),
        (d + 19.0, 6.0),
        (d + 17.0, -8.0),
        (d + 20.0, -24.0),
        (d + 14.0, -44.0),
        (d + 2.0, -62.0),
        (d - 8.0, -72.0),
        (d - 12.0, -70.0),
        (d - 6.0, -58.0),
        (d - 4.0, -42.0),
        (d - 8.0, -24.0),
        (-2.0, -8.0),
        (-d - 2.0, 6.0),
    ]
    .iter()
    .map(|(back, up)| of.point(*back, *up))
    .collect()
}

/// The tooth of C2, above its body.
pub(super) fn tooth(of: &Placed) -> Vec<Point> {
    let (d, h) = (of.bone.half_depth, of.bone.half_height);
    [
        (-d * 0.7, h - 3.0),
        (-d * 0.5, h + 22.0),
        (0.0, h + 30.0),
        (d * 0.45, h + 22.0),
        (d * 0.6, h - 3.0),
    ]
    .iter()
    .map(|(back, up)| of.point(*back, *up))
    .collect()
}

fn middle(one: Point, other: Point) -> Point {
    Point::new(0.5 * (one.x + other.x), 0.5 * (one.y + other.y))
}
