//! One value with its interval a row: does the interval cross zero, or not.

use crate::axis::Axis;
use crate::sparkline::stroke;
use crate::svg::{Anchor, Caption, Point, Svg, Type, human, ink};

/// One row.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct IntervalRow<'a> {
    /// Its name.
    pub label: &'a str,
    /// Lower end.
    pub low: f64,
    /// Middle.
    pub mid: f64,
    /// Upper end.
    pub high: f64,
    /// Whether it is the row that matters most.
    pub strong: bool,
}

/// Rows of values on one axis.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct IntervalRows<'a> {
    /// Title and description.
    pub caption: Caption<'a>,
    /// Width in pixels; the height follows the rows.
    pub width: f64,
    /// What the columns hold, above them.
    pub heading: &'a str,
    /// Unit of the values, beside the heading.
    pub unit: &'a str,
    /// The rows, from the top.
    pub rows: &'a [IntervalRow<'a>],
    /// Only the middles are known yet: no bars, and no ends in words.
    pub bare: bool,
    /// Decimals of the values written.
    pub decimals: usize,
}

const ROW: f64 = 34.0;
const TOP: f64 = 44.0;
const LEFT: f64 = 64.0;

/// The rows; an end beyond the axis is drawn to its edge.
#[must_use]
pub fn interval_rows(of: &IntervalRows<'_>) -> String {
    let height = TOP + ROW * of.rows.len() as f64 + 26.0;
    let mut svg = Svg::new(&of.caption, of.width, height);
    let axis = range(of.rows);
    let plot = (of.width - LEFT - 84.0).max(40.0);
    let x = |value: f64| LEFT + axis.share(value).clamp(0.0, 1.0) * plot;
    let bottom = height - 26.0;
    let heading = Type {
        bold: true,
        ..Type::plain(Anchor::Start)
    };
    svg.text(heading, Point::new(LEFT, 14.0), of.heading);
    svg.text(Type::soft(Anchor::Start), Point::new(LEFT, 30.0), of.unit);
    for tick in axis.ticks(4) {
        let (class, colour) = if tick.value == 0.0 {
            ("ax2", ink::EDGE)
        } else {
            ("ax", ink::LINE)
        };
        let at = x(tick.value);
        let (from, to) = (Point::new(at, TOP - 6.0), Point::new(at, bottom));
        svg.line(class, &stroke(colour, 1.0), from, to);
        let label = Point::new(at, bottom + 16.0);
        svg.text(Type::soft(Anchor::Middle), label, &tick.label);
    }
    for (index, row) in of.rows.iter().enumerate() {
        let y = TOP + ROW * (index as f64 + 0.5);
        draw_row(&mut svg, of, row, (LEFT + plot, y), &x);
    }
    svg.done()
}

fn draw_row(
    svg: &mut Svg,
    of: &IntervalRows<'_>,
    row: &IntervalRow<'_>,
    (edge, y): (f64, f64),
    x: &dyn Fn(f64) -> f64,
) {
    let name = Type {
        bold: row.strong,
        ..Type::plain(Anchor::End)
    };
    svg.text(name, Point::new(LEFT - 10.0, y + 4.0), row.label);
    let finite = row.low.is_finite() && row.mid.is_finite() && row.high.is_finite();
    if !finite {
        svg.text(
            Type::soft(Anchor::Start),
            Point::new(edge + 12.0, y + 4.0),
            "–",
        );
        return;
    }
    let (from, to) = (Point::new(x(row.low), y), Point::new(x(row.high), y));
    if !of.bare {
        let bar = stroke(ink::ACT, 2.0) + " stroke-opacity=\".55\"";
        svg.line("whisk d", &bar, from, to);
    }
    let radius = if row.strong { 5.5 } else { 4.0 };
    let dot = format!("fill=\"{}\"", ink::ACT);
    svg.circle("dot", &dot, Point::new(x(row.mid), y), radius);
    let value = Type {
        bold: row.strong,
        ..Type::plain(Anchor::Middle)
    };
    let places = of.decimals;
    let above = Point::new(x(row.mid), y - 9.0);
    svg.text(value, above, &human(row.mid, places));
    if of.bare {
        return;
    }
    let ends = format!("{} to {}", human(row.low, places), human(row.high, places));
    svg.text(
        Type::soft(Anchor::Start),
        Point::new(edge + 12.0, y + 4.0),
        &ends,
    );
}

/// From the least to the most of all ends, zero included.
fn range(rows: &[IntervalRow<'_>]) -> Axis<'static> {
    let finite = |value: &f64| value.is_finite();
    let low = rows.iter().map(|row| row.low).filter(finite);
    let high = rows.iter().map(|row| row.high).filter(finite);
    let (low, high) = (low.fold(0.0, f64::min), high.fold(0.0, f64::max));
    let room = 0.04 * (high - low).max(1e-9);
    let low = if low < 0.0 { low - room } else { 0.0 };
    Axis::new(low, high + room, "")
}
