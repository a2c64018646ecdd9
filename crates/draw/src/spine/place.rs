//! Where the bones stand: at rest, opened, and on the sheet.
//!
//! The plane of the drawing is in millimetres, x to the back and y downwards.

use super::{BONES, Bone, DiscView, Pose, SpineView, Window};
use crate::svg::Point;
use si::Segment;

/// Most that one edge of a disc is drawn open or shut, mm of the drawing.
const MOST_DRAWN: f64 = 9.0;
/// Most that all discs together are drawn turned, rad: a region, and the whole spine.
const MOST_TURNED: (f64, f64) = (0.24, 0.1);
/// Room that the head end may move into, mm of the drawing: at least, at most, and
/// for each disc of the loins and above.
const ROOM: (f64, f64) = (6.0, 60.0);
const ROOM_OF_DISC: (f64, f64) = (5.0, 2.0);
/// Room for names and values: beside an upright spine, above a lying one, px.
pub(super) const BESIDE: f64 = 102.0;
pub(super) const ABOVE: f64 = 48.0;
/// Room for the note, px.
const BELOW: f64 = 26.0;

/// A bone where it stands.
#[derive(Clone, Copy, Debug)]
pub(super) struct Placed {
    /// From the skull (0) to the sacrum (25).
    pub(super) index: usize,
    pub(super) half_depth: f64,
    pub(super) half_height: f64,
    pub(super) centre: Point,
    /// Tilt, front lower, rad.
    pub(super) tilt: f64,
}

impl Placed {
    /// The point `back` behind the centre and `up` above it.
    pub(super) fn point(&self, back: f64, up: f64) -> Point {
        let (sin, cos) = (libm::sin(self.tilt), libm::cos(self.tilt));
        Point::new(
            self.centre.x + back * cos - up * sin,
            self.centre.y - back * sin - up * cos,
        )
    }

    /// Many points at once.
    pub(super) fn points(&self, local: &[(f64, f64)]) -> Vec<Point> {
        local.iter().map(|at| self.point(at.0, at.1)).collect()
    }

    /// The edge of the end plate: `side` +1 back, −1 front; `end` +1 upper, −1 lower.
    pub(super) fn corner(&self, side: f64, end: f64) -> Point {
        self.point(side * self.half_depth, end * self.half_height)
    }
}

/// The bones as they came, in millimetres.
pub(super) fn at_rest(bones: &[Bone; BONES]) -> [Placed; BONES] {
    core::array::from_fn(|index| {
        let bone = &bones[index];
        Placed {
            index,
            half_depth: 0.5 * bone.depth.mm(),
            half_height: 0.5 * bone.height.mm(),
            centre: Point::new(-bone.x.mm(), -bone.z.mm()),
            tilt: bone.tilt.get(),
        }
    })
}

/// The segment under bone `index`.
pub(super) fn below(index: usize) -> Option<Segment> {
    Segment::ALL.get(index).copied()
}

/// What is known of a segment.
pub(super) fn known<'a>(of: &SpineView<'a>, segment: Segment) -> Option<&'a DiscView<'a>> {
    of.discs.iter().find(|disc| disc.segment == segment)
}

/// The middle between two points.
pub(super) fn middle(one: Point, other: Point) -> Point {
    Point::new(0.5 * (one.x + other.x), 0.5 * (one.y + other.y))
}

/// A point between two bones at `side` times their half depth behind the middle.
pub(super) fn edge(lower: &Placed, upper: &Placed, side: f64) -> Point {
    middle(
        lower.point(side * lower.half_depth, lower.half_height),
        upper.point(side * upper.half_depth, -upper.half_height),
    )
}

/// The bones with their discs opened; the lowest bone of the window stays.
///
/// Each disc lifts everything above it along its own normal and turns it about
/// its middle: back where the front opens more. All turning together is drawn up to
/// [`MOST_TURNED`] and shared out in proportion, or an exaggerated curve would be
/// another spine; half of it is taken back by the whole, as a pelvis that tilts
/// under a straightening spine.
pub(super) fn opened(of: &SpineView<'_>, rest: &[Placed; BONES]) -> [Placed; BONES] {
    let mut drawn = *rest;
    let (_, last) = of.window.bones();
    let pairs = (0..last).rev();
    let turns = pairs.clone().map(|index| gap(of, rest, index).1);
    let (sum, all) = turns.fold((0.0, 0.0_f64), |(sum, all), t| (sum + t, all + t.abs()));
    let most = match of.window {
        Window::Whole => MOST_TURNED.1,
        Window::Lumbar | Window::Cervical => MOST_TURNED.0,
    };
    let part = most / all.max(most);
    for index in pairs {
        let (lift, turn) = gap(of, rest, index);
        if lift == 0.0 && turn == 0.0 {
            continue;
        }
        let (lower, upper) = (drawn[index + 1], drawn[index]);
        // The skull has no lower plate: it turns on the atlas.
        let pivot = if index == 0 {
            lower.point(0.0, lower.half_height)
        } else {
            edge(&lower, &upper, 0.0)
        };
        let tilt = 0.5 * (lower.tilt + upper.tilt);
        let by = Point::new(-lift * libm::sin(tilt), -lift * libm::cos(tilt));
        for bone in drawn.iter_mut().take(index + 1) {
            *bone = moved(bone, pivot, part * turn, by);
        }
    }
    let (foot, still) = (drawn[last].centre, Point::new(0.0, 0.0));
    for bone in drawn.iter_mut().take(last + 1) {
        *bone = moved(bone, foot, -0.5 * part * sum, still);
    }
    drawn
}

/// How far the disc under bone `index` lifts what is above it, mm, and turns it, rad.
fn gap(of: &SpineView<'_>, rest: &[Placed; BONES], index: usize) -> (f64, f64) {
    let disc = below(index).and_then(|segment| known(of, segment));
    let Some(disc) = disc else {
        return (0.0, 0.0);
    };
    let drawn = |metres: si::Metres| {
        let mm = metres.mm() * of.exaggeration;
        if mm.is_finite() {
            mm.clamp(-MOST_DRAWN, MOST_DRAWN)
        } else {
            0.0
        }
    };
    let (front, back) = (drawn(disc.opening_front), drawn(disc.opening_back));
    let upper = rest[index.max(1)].half_depth;
    let depth = (rest[index + 1].half_depth + upper).max(1.0);
    let turn = (back - front) / depth;
    (
        0.5 * (front + back),
        if turn.is_finite() { turn } else { 0.0 },
    )
}

/// A bone turned about a point (front down for a positive turn) and moved.
fn moved(bone: &Placed, pivot: Point, turn: f64, by: Point) -> Placed {
    let (sin, cos) = (libm::sin(turn), libm::cos(turn));
    let (x, y) = (bone.centre.x - pivot.x, bone.centre.y - pivot.y);
    Placed {
        centre: Point::new(
            pivot.x + x * cos + y * sin + by.x,
            pivot.y - x * sin + y * cos + by.y,
        ),
        tilt: bone.tilt + turn,
        ..*bone
    }
}

/// The part of the plane that is shown.
#[derive(Clone, Copy, Debug)]
pub(super) struct Extent {
    pub(super) min: Point,
    pub(super) max: Point,
}

/// From the drawn spine to the sheet.
pub(super) struct Sheet {
    pub(super) pose: Pose,
    origin: Point,
    /// Pixels a millimetre.
    pub(super) scale: f64,
    pub(super) height: f64,
    couch: f64,
}

impl Sheet {
    /// Fixed by the bones at rest, so that a picture does not jump while a session runs.
    pub(super) fn new(of: &SpineView<'_>, shown: &Extent) -> Self {
        let rooms = of.discs.iter().map(|disc| {
            let loins = disc.segment >= Segment::T12L1;
            if loins {
                ROOM_OF_DISC.0
            } else {
                ROOM_OF_DISC.1
            }
        });
        let room = (ROOM.0 + rooms.sum::<f64>()).min(ROOM.1);
        let (min, max) = (
            Point::new(shown.min.x - 3.0, shown.min.y - room),
            Point::new(shown.max.x + 7.0, shown.max.y + 3.0),
        );
        let (across, along) = ((max.x - min.x).max(1.0), (max.y - min.y).max(1.0));
        let note = if of.note.is_empty() { 0.0 } else { BELOW };
        match of.pose {
            Pose::Upright => {
                let scale = (of.width - BESIDE).max(40.0) / across;
                Self {
                    pose: of.pose,
                    origin: Point::new(BESIDE - min.x * scale, -min.y * scale),
                    scale,
                    height: along * scale + note,
                    couch: 0.0,
                }
            }
            Pose::Lying => {
                let scale = of.width.max(40.0) / along;
                let couch = ABOVE + across * scale + 4.0;
                Self {
                    pose: of.pose,
                    origin: Point::new(-min.y * scale, ABOVE - min.x * scale),
                    scale,
                    height: couch + 2.0 + note,
                    couch,
                }
            }
        }
    }

    pub(super) fn place(&self, point: Point) -> Point {
        let (right, down) = match self.pose {
            Pose::Upright => (point.x, point.y),
            Pose::Lying => (point.y, point.x),
        };
        Point::new(
            self.origin.x + right * self.scale,
            self.origin.y + down * self.scale,
        )
    }

    /// The couch under a lying spine.
    pub(super) fn couch(&self, width: f64) -> (Point, Point) {
        (Point::new(0.0, self.couch), Point::new(width, self.couch))
    }
}
