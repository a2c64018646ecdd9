//! The spine from the left, drawn from the bones of one person, each disc
//! coloured by whatever the caller chose to show.
//!
//! ```text
//! bones at rest ── opening front, back × exaggeration ──▶ bones as drawn ──▶ outlines ──▶ sheet
//!                  (a wider front turns what is above back)
//! ```
//!
//! Body and disc outlines follow from the bones' centre, tilt, depth and height;
//! arches, canal, cord and roots are our own shapes, scaled by the same numbers: a
//! picture to recognise a spine by, not a measurement. Opening is drawn larger than
//! life by a factor that the caller states in its words. A disc whose value is
//! unknown keeps the palest colour and a dashed edge: unknown is not zero.

mod label;
mod nerve;
mod outline;
mod place;
mod sacrum;
mod scene;
mod typical;
mod vertebra;

use crate::svg::{Anchor, Caption, Point, Svg, Type, ink};
use si::{Metres, Radians, Region, Segment};

pub use typical::typical_bones;

/// Skull, C1–L5, sacrum.
pub const BONES: usize = 26;

/// One bone at rest, lying; the axes are those of the column: x to the front, z to the head.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Bone {
    /// Centre of the body, towards the front (sacrum: of the body of S1).
    pub x: Metres,
    /// Centre of the body, towards the head.
    pub z: Metres,
    /// Tilt, front lower positive.
    pub tilt: Radians,
    /// Depth of the body from front to back.
    pub depth: Metres,
    /// Height of the body.
    pub height: Metres,
}

/// How the spine lies in the picture.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Pose {
    /// Head up, front to the left.
    Upright,
    /// Head to the left, front up, as on the table.
    Lying,
}

/// How much of the spine is shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Window {
    /// T12 to the coccyx.
    Lumbar,
    /// Base of the skull to T1.
    Cervical,
    /// All of it.
    Whole,
}

impl From<Region> for Window {
    fn from(region: Region) -> Self {
        match region {
            Region::Lumbar => Self::Lumbar,
            Region::Cervical => Self::Cervical,
        }
    }
}

impl Window {
    /// Indices of the first and the last bone shown.
    pub(super) const fn bones(self) -> (usize, usize) {
        match self {
            Self::Lumbar => (19, 25),
            Self::Cervical => (0, 8),
            Self::Whole => (0, 25),
        }
    }
}

/// What is known of one level.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct DiscView<'a> {
    /// The segment.
    pub segment: Segment,
    /// Opening of the front of the disc, not exaggerated; closing is negative.
    pub opening_front: Metres,
    /// Opening of the back of the disc.
    pub opening_back: Metres,
    /// Colour from none (0) to most (1), or nothing if unknown.
    pub shade: Option<f64>,
    /// The value in words, beside the name of the level; empty for none.
    pub label: &'a str,
    /// Whether it is the level that is treated.
    pub target: bool,
}

/// A spine to be drawn.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct SpineView<'a> {
    /// Title and description.
    pub caption: Caption<'a>,
    /// The bones at rest, from the skull to the sacrum; [`typical_bones`] if nobody measured them.
    pub bones: &'a [Bone; BONES],
    /// What is known of the levels, in any order.
    pub discs: &'a [DiscView<'a>],
    /// How much is shown.
    pub window: Window,
    /// How it lies.
    pub pose: Pose,
    /// Width in pixels; the height follows.
    pub width: f64,
    /// How many times larger than life openings are drawn.
    pub exaggeration: f64,
    /// Words under the picture (what the numbers are, how much larger they are drawn).
    pub note: &'a str,
}

/// The picture.
#[must_use]
pub fn spine(of: &SpineView<'_>) -> String {
    let rest = place::at_rest(of.bones);
    let drawn = place::opened(of, &rest);
    let sheet = place::Sheet::new(of, &scene::extent(&rest, of.window));
    let mut svg = Svg::new(&of.caption, of.width.max(1.0), sheet.height);
    if of.pose == Pose::Lying {
        let (from, to) = sheet.couch(of.width);
        svg.line("ax", &crate::sparkline::stroke(ink::LINE, 1.5), from, to);
    }
    for mark in scene::marks(of, &rest, &drawn) {
        mark.draw(&mut svg, &sheet);
    }
    label::names(&mut svg, &sheet, of, &drawn);
    label::values(&mut svg, &sheet, of, &drawn);
    let at = Point::new(4.0, sheet.height - 6.0);
    svg.text(Type::soft(Anchor::Start), at, of.note);
    svg.done()
}
