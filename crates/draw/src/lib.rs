//! Values to pictures: one function a picture, a value in, SVG text out.
//!
//! Every picture carries `role="img"`, a title and a description, escapes all
//! text it is given, holds no script, no style block and no style attribute
//! (so that a strict content policy lets it through), and prints alone: colours
//! are presentation attributes that a page's stylesheet overrides by class.
//! [`STYLE`] is that stylesheet, written over the variables of the design.
//! Words come from the caller; numbers are in the units that people read.
//!
//! Must never know: where values come from, who the patient is, clocks, files.
#![deny(clippy::disallowed_methods, clippy::disallowed_types)]
#![forbid(unsafe_code)]

mod axis;
mod body;
mod course;
mod curve;
mod lanes;
mod recorded;
mod rows;
mod sparkline;
mod spine;
mod svg;

pub use axis::Axis;
pub use body::{
    BodyView, Facing, Feeling, FeelingView, Part, RootFeeling, body, feeling, shown as roots_shown,
};
pub use course::{Course, Score, course};
pub use curve::{Band, Curve, Fence, Line, LineKind, Now, curve};
pub use lanes::{Content, Lane, LaneBar, LaneMark, Lanes, Sign, lanes};
pub use recorded::{Mark, Recorded, Stretch, recorded};
pub use rows::{IntervalRow, IntervalRows, interval_rows};
pub use sparkline::{Sparkline, sparkline};
pub use spine::{BONES, Bone, DiscView, Pose, SpineView, Window, spine, typical_bones};
pub use svg::Caption;

/// Rules that map the classes of every picture to the design's colour variables.
pub const STYLE: &str = include_str!("style.css");
