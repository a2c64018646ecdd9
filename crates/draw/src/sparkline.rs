//! A line as large as a word: the shape of a profile or of a week.

use crate::axis::Axis;
use crate::svg::{Caption, Point, Svg, closed, ink, open};

/// A small line without axes.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Sparkline<'a> {
    /// Title and description.
    pub caption: Caption<'a>,
    /// Width and height in pixels.
    pub size: (f64, f64),
    /// The points, in any units.
    pub points: &'a [(f64, f64)],
    /// A limit drawn across, in the points' vertical unit.
    pub limit: Option<f64>,
    /// Whether the area down to zero is filled.
    pub filled: bool,
}

/// The small line.
#[must_use]
pub fn sparkline(of: &Sparkline<'_>) -> String {
    let (width, height) = of.size;
    let mut svg = Svg::new(&of.caption, width, height);
    let (x, y) = ranges(of);
    let (inner_w, inner_h) = (width - 6.0, height - 8.0);
    let place = |(at, value): (f64, f64)| {
        Point::new(
            3.0 + x.share(at) * inner_w,
            4.0 + (1.0 - y.share(value)) * inner_h,
        )
    };
    let base = place((x.low, 0.0)).y;
    let points: Vec<Point> = of.points.iter().map(|point| place(*point)).collect();
    if of.filled {
        svg.path(
            "area",
            &format!("fill=\"{}\" fill-opacity=\".12\"", ink::ACT),
            &under(&points, base),
        );
        let (from, to) = (Point::new(3.0, base), Point::new(width - 3.0, base));
        svg.line("ax2", &stroke(ink::EDGE, 1.0), from, to);
    }
    if let Some(limit) = of.limit {
        let level = place((x.low, limit)).y;
        let (from, to) = (Point::new(3.0, level), Point::new(width - 3.0, level));
        svg.line("lim", &stroke(ink::CARE, 1.5), from, to);
    }
    svg.path("meas", &stroke(ink::ACT, 2.0), &open(&points));
    if let Some(last) = points.iter().rfind(|point| point.is_finite())
        && !of.filled
    {
        svg.circle("dot", &format!("fill=\"{}\"", ink::ACT), *last, 3.0);
    }
    svg.done()
}

/// The area between a line and a level.
pub(crate) fn under(points: &[Point], base: f64) -> String {
    let mut area: Vec<Point> = points.iter().copied().filter(|p| p.is_finite()).collect();
    let (Some(first), Some(last)) = (area.first().copied(), area.last().copied()) else {
        return String::new();
    };
    area.push(Point::new(last.x, base));
    area.push(Point::new(first.x, base));
    closed(&area)
}

/// Print attributes of a line.
pub(crate) fn stroke(colour: &str, width: f64) -> String {
    format!(
        "fill=\"none\" stroke=\"{colour}\" stroke-width=\"{}\" stroke-linejoin=\"round\" stroke-linecap=\"round\"",
        crate::svg::num(width)
    )
}

/// The ranges of the finite points, zero and the limit included vertically.
fn ranges(of: &Sparkline<'_>) -> (Axis<'static>, Axis<'static>) {
    let finite = || {
        of.points
            .iter()
            .filter(|(at, value)| at.is_finite() && value.is_finite())
    };
    let least = |values: &mut dyn Iterator<Item = f64>, from: f64| values.fold(from, f64::min);
    let most = |values: &mut dyn Iterator<Item = f64>, from: f64| values.fold(from, f64::max);
    let limit = of.limit.filter(|limit| limit.is_finite()).unwrap_or(0.0);
    (
        Axis::new(
            least(&mut finite().map(|point| point.0), f64::INFINITY),
            most(&mut finite().map(|point| point.0), f64::NEG_INFINITY),
            "",
        ),
        Axis::new(
            least(&mut finite().map(|point| point.1), limit.min(0.0)),
            most(&mut finite().map(|point| point.1), limit.max(0.0)),
            "",
        ),
    )
}
