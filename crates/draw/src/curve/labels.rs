//! Words at the ends of lines, pushed apart until none covers another.

use crate::svg::{Anchor, Colour, Point, Svg, Type};

/// Least distance between two baselines.
const LEADING: f64 = 15.0;

/// Words that belong to the end of a line.
pub(super) struct Label<'a> {
    pub(super) at: Point,
    pub(super) words: &'a str,
    pub(super) colour: Colour,
    pub(super) bold: bool,
}

/// How many marks `room` pixels take, each as wide as `each`.
pub(super) fn fitting(room: f64, each: f64) -> usize {
    ((room / each) as usize).clamp(2, 10)
}

/// Writes the labels from top to bottom, within the given range where it can hold them.
pub(super) fn draw(svg: &mut Svg, mut labels: Vec<Label<'_>>, (top, bottom): (f64, f64)) {
    labels.retain(|label| !label.words.is_empty() && label.at.is_finite());
    labels.sort_by(|one, other| one.at.y.total_cmp(&other.at.y));
    let mut floor = top;
    for label in &mut labels {
        label.at.y = label.at.y.max(floor);
        floor = label.at.y + LEADING;
    }
    let mut ceiling = bottom + LEADING * 0.3;
    for label in labels.iter_mut().rev() {
        label.at.y = label.at.y.min(ceiling);
        ceiling = label.at.y - LEADING;
    }
    for label in labels {
        let style = Type {
            bold: label.bold,
            colour: label.colour,
            ..Type::plain(Anchor::Start)
        };
        svg.text(style, label.at, label.words);
    }
}
