//! Force or opening against time: what was asked, what was measured, how sure we are.
//!
//! Labels stand at the end of their lines and are pushed apart; a fence (a
//! limit) lies across in the colour of caution, its words above it at the right.

mod labels;

use crate::axis::Axis;
use crate::sparkline::{stroke, under};
use crate::svg::{Anchor, Caption, Colour, Point, Svg, Type, closed, ink, open};
use labels::Label;

/// What a line means, which decides how it looks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LineKind {
    /// What was asked for: dashed.
    SetPoint,
    /// What was measured: solid, the area under it filled.
    Measured,
    /// The middle of an estimate: solid.
    Estimate,
}

/// One line of the chart.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Line<'a> {
    /// What it means.
    pub kind: LineKind,
    /// Words at its end; empty for none.
    pub label: &'a str,
    /// Points in the units of the axes; one that is not finite leaves a gap.
    pub points: &'a [(f64, f64)],
}

/// A shaded range.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Band<'a> {
    /// Lower edge.
    pub low: &'a [(f64, f64)],
    /// Upper edge.
    pub high: &'a [(f64, f64)],
    /// Words at its end; empty for none.
    pub label: &'a str,
}

/// A limit across the chart.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Fence<'a> {
    /// The limit, in the unit of the vertical axis.
    pub at: f64,
    /// Why it is there.
    pub label: &'a str,
}

/// The present instant.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Now<'a> {
    /// Where, in the data's unit.
    pub at: f64,
    /// The word for it.
    pub label: &'a str,
}

/// A chart over time.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Curve<'a> {
    /// Title and description.
    pub caption: Caption<'a>,
    /// Width and height in pixels.
    pub size: (f64, f64),
    /// Horizontal axis.
    pub x: Axis<'a>,
    /// Vertical axis.
    pub y: Axis<'a>,
    /// Shaded ranges, drawn first.
    pub bands: &'a [Band<'a>],
    /// Lines, later ones on top.
    pub lines: &'a [Line<'a>],
    /// Limits.
    pub fences: &'a [Fence<'a>],
    /// The present instant, in a session.
    pub now: Option<Now<'a>>,
}

/// The plotting area.
pub(crate) struct Frame<'a> {
    pub(crate) left: f64,
    pub(crate) top: f64,
    pub(crate) width: f64,
    pub(crate) height: f64,
    pub(crate) x: Axis<'a>,
    pub(crate) y: Axis<'a>,
}

impl Frame<'_> {
    /// Where a pair of values lies.
    pub(crate) fn place(&self, (at, value): (f64, f64)) -> Point {
        Point::new(
            self.left + self.x.share(at) * self.width,
            self.top + (1.0 - self.y.share(value)) * self.height,
        )
    }

    /// The same, kept inside the frame from top to bottom.
    pub(crate) fn inside(&self, pair: (f64, f64)) -> Point {
        let point = self.place(pair);
        Point::new(
            point.x.clamp(self.left, self.right()),
            point.y.clamp(self.top, self.bottom()),
        )
    }

    pub(crate) fn right(&self) -> f64 {
        self.left + self.width
    }

    pub(crate) fn bottom(&self) -> f64 {
        self.top + self.height
    }

    /// Grid, numbers and units.
    pub(crate) fn draw(&self, svg: &mut Svg) {
        for tick in self.y.ticks(labels::fitting(self.height, 44.0)) {
            let y = self.place((self.x.low, tick.value)).y;
            let (class, colour) = if tick.value == 0.0 {
                ("ax2", ink::EDGE)
            } else {
                ("ax", ink::LINE)
            };
            let (from, to) = (Point::new(self.left, y), Point::new(self.right(), y));
            svg.line(class, &stroke(colour, 1.0), from, to);
            let at = Point::new(self.left - 8.0, y + 4.0);
            svg.text(Type::soft(Anchor::End), at, &tick.label);
        }
        let unit = Point::new(self.left - 8.0, self.top - 10.0);
        svg.text(Type::soft(Anchor::End), unit, self.y.unit);
        self.draw_x(svg);
    }

    fn draw_x(&self, svg: &mut Svg) {
        let ticks = self.x.ticks(labels::fitting(self.width, 90.0));
        let y = self.bottom() + 18.0;
        for (index, tick) in ticks.iter().enumerate() {
            let x = self.place((tick.value, self.y.low)).x;
            let last = index + 1 == ticks.len();
            let label = if last && !self.x.unit.is_empty() {
                format!("{} {}", tick.label, self.x.unit)
            } else {
                tick.label.clone()
            };
            svg.text(Type::soft(Anchor::Middle), Point::new(x, y), &label);
        }
    }
}

/// The chart.
#[must_use]
pub fn curve(of: &Curve<'_>) -> String {
    let (width, height) = of.size;
    let labelled = of.lines.iter().any(|line| !line.label.is_empty())
        || of.bands.iter().any(|band| !band.label.is_empty());
    let margin = if labelled { 118.0 } else { 16.0 };
    let frame = Frame {
        left: 44.0,
        top: 26.0,
        width: (width - 44.0 - margin).max(20.0),
        height: (height - 26.0 - 28.0).max(20.0),
        x: of.x,
        y: of.y,
    };
    let mut svg = Svg::new(&of.caption, width, height);
    frame.draw(&mut svg);
    let mut labels = Vec::new();
    for band in of.bands {
        draw_band(&mut svg, &frame, band, &mut labels);
    }
    for fence in of.fences {
        draw_fence(&mut svg, &frame, fence);
    }
    for line in of.lines {
        draw_line(&mut svg, &frame, line, &mut labels);
    }
    if let Some(now) = &of.now {
        draw_now(&mut svg, &frame, of.lines, now);
    }
    labels::draw(&mut svg, labels, (frame.top, frame.bottom()));
    svg.done()
}

fn draw_band<'a>(svg: &mut Svg, frame: &Frame<'_>, band: &Band<'a>, labels: &mut Vec<Label<'a>>) {
    let edge = band.high.iter().chain(band.low.iter().rev());
    let points: Vec<Point> = edge
        .filter(|pair| pair.0.is_finite() && pair.1.is_finite())
        .map(|pair| frame.inside(*pair))
        .collect();
    let shade = format!("fill=\"{}\" fill-opacity=\".16\"", ink::ACT);
    svg.path("band", &shade, &closed(&points));
    if let (Some(low), Some(high)) = (band.low.last(), band.high.last()) {
        let (low, high) = (frame.inside(*low), frame.inside(*high));
        labels.push(Label {
            at: Point::new(high.x + 8.0, 0.5 * (low.y + high.y) + 18.0),
            words: band.label,
            colour: Colour::Soft,
            bold: false,
        });
    }
}

fn draw_fence(svg: &mut Svg, frame: &Frame<'_>, fence: &Fence<'_>) {
    if !(frame.y.low..=frame.y.high).contains(&fence.at) {
        return;
    }
    let y = frame.place((frame.x.low, fence.at)).y;
    let (from, to) = (Point::new(frame.left, y), Point::new(frame.right(), y));
    svg.line("lim", &stroke(ink::CARE, 1.5), from, to);
    let style = Type {
        colour: Colour::Care,
        ..Type::soft(Anchor::End)
    };
    svg.text(style, Point::new(frame.right(), y - 6.0), fence.label);
}

fn draw_line<'a>(svg: &mut Svg, frame: &Frame<'_>, line: &Line<'a>, labels: &mut Vec<Label<'a>>) {
    let points = thinned(line.points.iter().map(|pair| frame.place(*pair)));
    let d = open(&points);
    let colour = match line.kind {
        LineKind::SetPoint => {
            let dashed = stroke(ink::SOFT, 1.5) + " stroke-dasharray=\"5 4\"";
            svg.path("setp", &dashed, &d);
            Colour::Soft
        }
        LineKind::Measured => {
            let shade = format!("fill=\"{}\" fill-opacity=\".12\"", ink::ACT);
            svg.path("area", &shade, &under(&points, frame.bottom()));
            svg.path("meas", &stroke(ink::ACT, 2.5), &d);
            Colour::Act
        }
        LineKind::Estimate => {
            svg.path("meas", &stroke(ink::ACT, 2.0), &d);
            Colour::Act
        }
    };
    let finite = || points.iter().filter(|point| point.is_finite());
    if let Some(end) = finite().next_back() {
        // What was asked is named at its height, wherever the last cycle ends.
        let y = match line.kind {
            LineKind::SetPoint => finite().fold(end.y, |top, point| top.min(point.y)),
            LineKind::Measured | LineKind::Estimate => end.y,
        };
        labels.push(Label {
            at: Point::new(end.x + 8.0, y + 4.0),
            words: line.label,
            colour,
            bold: line.kind != LineKind::SetPoint,
        });
    }
}

/// Leaves out points that lie within half a pixel of the last one kept; ends and gaps stay.
pub(crate) fn thinned(points: impl Iterator<Item = Point>) -> Vec<Point> {
    const HALF: f64 = 0.5;
    let mut kept: Vec<Point> = Vec::new();
    let mut left_out = None;
    for point in points {
        let near = kept
            .last()
            .is_some_and(|last| (point.x - last.x).abs() < HALF && (point.y - last.y).abs() < HALF);
        if near {
            left_out = Some(point);
            continue;
        }
        if !point.is_finite() {
            kept.extend(left_out);
        }
        left_out = None;
        kept.push(point);
    }
    kept.extend(left_out);
    kept
}

fn draw_now(svg: &mut Svg, frame: &Frame<'_>, lines: &[Line<'_>], now: &Now<'_>) {
    if !(frame.x.low..=frame.x.high).contains(&now.at) {
        return;
    }
    let x = frame.place((now.at, frame.y.low)).x;
    let (from, to) = (
        Point::new(x, frame.top - 14.0),
        Point::new(x, frame.bottom()),
    );
    svg.line("now", &stroke(ink::INK, 1.5), from, to);
    let measured = lines.iter().rfind(|line| line.kind == LineKind::Measured);
    if let Some(last) = measured.and_then(|line| line.points.last()) {
        let dot = format!("fill=\"{}\"", ink::ACT);
        svg.circle("dot", &dot, frame.place(*last), 5.0);
    }
    let style = Type {
        bold: true,
        ..Type::plain(Anchor::Start)
    };
    svg.text(style, Point::new(x + 8.0, frame.top - 6.0), now.label);
}
