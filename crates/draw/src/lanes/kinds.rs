//! What stands in a lane: signs, scores or bars.

use super::{LaneBar, LaneMark, Place, sign};
use crate::Score;
use crate::sparkline::stroke;
use crate::svg::{Anchor, Colour, Point, Svg, Type, closed, human, ink, open};

/// Width of a letter of 12 px, for what fits.
pub(super) const LETTER: f64 = 6.6;

/// Signs on a line, a little apart where they fell together; words stand right of their sign where they reach no other, else left.
pub(super) fn marks(svg: &mut Svg, marks: &[LaneMark<'_>], place: &Place<'_>, open_end: bool) {
    let y = place.top + 12.0;
    let ends = [Point::new(place.room.0, y), Point::new(place.now(), y)];
    svg.line("ax", &stroke(ink::LINE, 1.0), ends[0], ends[1]);
    let at = apart(marks.iter().map(|mark| place.x(mark.day)).collect());
    let last = if open_end {
        place.now() + place.room.1
    } else {
        place.now()
    };
    let mut taken = place.room.0;
    for (number, mark) in marks
        .iter()
        .enumerate()
        .filter(|(_, mark)| mark.day.is_finite())
    {
        let x = at[number];
        let next = at.get(number + 1).map_or(last, |next| next - 10.0);
        let long = LETTER * mark.words.chars().count() as f64;
        let (right, left) = (x + 12.0 + long <= next, x - 12.0 - long >= taken);
        let (from, anchor) = if right {
            (x + 12.0, Anchor::Start)
        } else {
            (x - 12.0, Anchor::End)
        };
        if right || left {
            svg.text(Type::plain(anchor), Point::new(from, y + 4.0), mark.words);
        }
        taken = if right { x + 12.0 + long } else { x + 10.0 };
        sign::draw(svg, mark.sign, Point::new(x, y));
    }
}

/// Moves what fell together on to where both can be seen, by no more than one of them is wide.
fn apart(mut at: Vec<f64>) -> Vec<f64> {
    const WIDE: f64 = 17.0;
    for number in 1..at.len() {
        let clear = at[number - 1] + WIDE;
        at[number] = at[number].max(clear.min(at[number] + WIDE));
    }
    at
}

/// A line of scores over what people notice.
pub(super) fn scores(
    svg: &mut Svg,
    scores: &[Score],
    (highest, higher_is_better): (f64, bool),
    noticed: Option<(f64, &str)>,
    place: &Place<'_>,
) {
    let highest = if highest > 0.0 { highest } else { 1.0 };
    let y = |value: f64| place.bottom() - (value / highest).clamp(0.0, 1.0) * place.height;
    for value in [0.0, highest / 2.0, highest] {
        grid(svg, place, y(value), &human(value, 0));
    }
    let band = |(edge, words)| match higher_is_better {
        true => (edge < highest).then(|| (y(highest), y(edge), words)),
        false => (edge > 0.0).then(|| (y(edge), place.bottom(), words)),
    };
    if let Some((top, foot, words)) = noticed.and_then(band) {
        let (left, now) = (place.room.0, place.now());
        let corners = [(left, top), (now, top), (now, foot), (left, foot)];
        let shade = format!("fill=\"{}\" fill-opacity=\".12\"", ink::ACT);
        svg.path(
            "band",
            &shade,
            &closed(&corners.map(|(x, y)| Point::new(x, y))),
        );
        // Only where it fits between the first day and today.
        if LETTER * words.chars().count() as f64 <= now - left - 16.0 {
            let style = Type {
                colour: Colour::Act,
                ..Type::soft(Anchor::Start)
            };
            svg.text(style, Point::new(left + 8.0, foot - 7.0), words);
        }
    }
    let known = scores
        .iter()
        .filter_map(|score| Some((score.day, score.value?)));
    let known = known.filter(|(day, value)| day.is_finite() && value.is_finite());
    let points: Vec<(Point, f64)> = known
        .map(|(day, value)| (Point::new(place.x(day), y(value)), value))
        .collect();
    let line: Vec<Point> = points.iter().map(|(point, _)| *point).collect();
    svg.path("meas", &stroke(ink::ACT, 2.0), &open(&line));
    for (point, _) in &points {
        svg.circle("dot", &format!("fill=\"{}\"", ink::ACT), *point, 3.5);
    }
    for (point, value) in points
        .first()
        .into_iter()
        .chain(points.last().filter(|_| points.len() > 1))
    {
        let bold = Type {
            bold: true,
            ..Type::plain(Anchor::Middle)
        };
        let above = if point.y - place.top > 16.0 {
            -9.0
        } else {
            17.0
        };
        svg.text(
            bold,
            Point::new(point.x, point.y + above),
            &human(*value, 0),
        );
    }
}

/// Bars from nothing, as wide as the closest two leave room for.
pub(super) fn bars(svg: &mut Svg, bars: &[LaneBar<'_>], place: &Place<'_>) {
    let values = bars.iter().map(|bar| bar.value);
    let highest = values.filter(|value| value.is_finite()).fold(1.0, f64::max) * 1.15;
    let y = |value: f64| place.bottom() - (value / highest).clamp(0.0, 1.0) * place.height;
    grid(svg, place, place.bottom(), "0");
    let at: Vec<f64> = bars.iter().map(|bar| place.x(bar.day)).collect();
    let gaps = at.windows(2).map(|pair| (pair[1] - pair[0]).abs());
    let closest = gaps.fold(44.0, f64::min);
    let wide = (closest * 0.7).clamp(3.0, 30.0);
    let named = closest >= 30.0;
    for (bar, x) in bars
        .iter()
        .zip(&at)
        .filter(|(bar, _)| bar.value.is_finite())
    {
        let (from, to) = (x - wide / 2.0, x + wide / 2.0);
        let (top, foot) = (y(bar.value), place.bottom());
        let corners = [(from, top), (to, top), (to, foot), (from, foot)];
        let full = format!("fill=\"{}\"", ink::ACT);
        svg.path(
            "lane-amount",
            &full,
            &closed(&corners.map(|(x, y)| Point::new(x, y))),
        );
        if named {
            let bold = Type {
                bold: true,
                ..Type::plain(Anchor::Middle)
            };
            svg.text(bold, Point::new(*x, top - 5.0), &human(bar.value, 0));
            svg.text(
                Type::soft(Anchor::Middle),
                Point::new(*x, foot + 15.0),
                bar.under,
            );
        }
    }
}

fn grid(svg: &mut Svg, place: &Place<'_>, y: f64, label: &str) {
    let ends = [Point::new(place.room.0, y), Point::new(place.now(), y)];
    svg.line("ax", &stroke(ink::LINE, 1.0), ends[0], ends[1]);
    svg.text(
        Type::soft(Anchor::End),
        Point::new(place.room.0 - 8.0, y + 4.0),
        label,
    );
}
