//! A score through an episode: pain by day, and what change people notice.

use crate::axis::Axis;
use crate::curve::Frame;
use crate::sparkline::stroke;
use crate::svg::{Anchor, Caption, Colour, Point, Svg, Type, closed, human, ink, open};

/// One score.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Score {
    /// Day of the episode, from 0; parts of days count.
    pub day: f64,
    /// The score, or nothing where one was due and none came.
    pub value: Option<f64>,
}

/// A score by day.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Course<'a> {
    /// Title and description.
    pub caption: Caption<'a>,
    /// Width and height in pixels.
    pub size: (f64, f64),
    /// The scores in order of day.
    pub scores: &'a [Score],
    /// Highest possible score (10 for NPRS, 100 for ODI); the lowest is 0.
    pub highest: f64,
    /// Whether a higher score is better.
    pub higher_is_better: bool,
    /// The score the change is counted from.
    pub baseline: Option<f64>,
    /// The least change that people notice, counted from the baseline to the better side.
    pub meaningful: f64,
    /// Words in the band at and beyond that change.
    pub band_label: &'a str,
    /// The day that the axis reaches at least, so that several pictures share one.
    pub until: f64,
    /// Days of sessions, marked under the axis.
    pub sessions: &'a [f64],
    /// Unit at the end of the horizontal axis.
    pub day_unit: &'a str,
    /// What the marks under the axis are.
    pub session_label: &'a str,
}

/// The course.
#[must_use]
pub fn course(of: &Course<'_>) -> String {
    let (width, height) = of.size;
    let frame = Frame {
        left: 36.0,
        top: 18.0,
        width: (width - 36.0 - 34.0).max(20.0),
        height: (height - 18.0 - 48.0).max(20.0),
        x: Axis::new(0.0, last_day(of), of.day_unit),
        y: Axis::new(0.0, of.highest, ""),
    };
    let mut svg = Svg::new(&of.caption, width, height);
    draw_band(&mut svg, &frame, of);
    frame.draw(&mut svg);
    draw_sessions(&mut svg, &frame, of);
    draw_scores(&mut svg, &frame, of);
    svg.done()
}

fn last_day(of: &Course<'_>) -> f64 {
    let days = of.scores.iter().map(|score| score.day);
    days.chain(of.sessions.iter().copied())
        .chain([of.until])
        .filter(|day| day.is_finite())
        .fold(7.0, f64::max)
}

/// Everything at least `meaningful` better than the baseline: from its upper to its lower end.
fn band(of: &Course<'_>) -> Option<(f64, f64)> {
    let baseline = of.baseline?;
    let (top, foot) = match of.higher_is_better {
        true => (of.highest, baseline + of.meaningful),
        false => (baseline - of.meaningful, 0.0),
    };
    (top > foot).then_some((top, foot))
}

fn draw_band(svg: &mut Svg, frame: &Frame<'_>, of: &Course<'_>) {
    let Some((top, foot)) = band(of) else {
        return;
    };
    let (from, to) = (frame.x.low, frame.x.high);
    let corners = [(from, top), (to, top), (to, foot), (from, foot)];
    let shade = format!("fill=\"{}\" fill-opacity=\".12\"", ink::ACT);
    svg.path(
        "band",
        &shade,
        &closed(&corners.map(|corner| frame.inside(corner))),
    );
    let style = Type {
        colour: Colour::Act,
        ..Type::soft(Anchor::Start)
    };
    let lines = folded(of.band_label, frame.width - 16.0);
    let low = if lines.len() > 1 { 15.0 } else { 0.0 };
    let mut y = label_height(frame, of, (top, foot), low);
    for line in lines {
        svg.text(style, Point::new(frame.left + 8.0, y), line);
        y += 15.0;
    }
}

/// Words of 12 px in one line, or in two where they are wider than `room`.
fn folded(words: &str, room: f64) -> Vec<&str> {
    const LETTER: f64 = 6.2;
    let long = words.chars().count();
    if LETTER * long as f64 <= room {
        return vec![words];
    }
    let middle = words.len() / 2;
    let gaps = words.match_indices(' ').map(|(at, _)| at);
    match gaps.min_by_key(|at| at.abs_diff(middle)) {
        Some(at) => vec![&words[..at], &words[at + 1..]],
        None => vec![words],
    }
}

/// The words of the band stand at its top, or at its foot where scores reach into its top.
fn label_height(frame: &Frame<'_>, of: &Course<'_>, (top, foot): (f64, f64), low: f64) -> f64 {
    let [top, foot] = [top, foot].map(|edge| frame.inside((0.0, edge)).y);
    let scores = of.scores.iter().filter_map(|score| score.value);
    let mut heights = scores.map(|value| frame.inside((0.0, value)).y);
    match heights.any(|y| (top - 4.0..top + 22.0 + low).contains(&y)) {
        true => (foot - 8.0 - low).max(top + 16.0),
        false => top + 16.0,
    }
}

fn draw_sessions(svg: &mut Svg, frame: &Frame<'_>, of: &Course<'_>) {
    let y = frame.bottom() + 32.0;
    for day in of.sessions {
        let x = frame.place((*day, 0.0)).x;
        let (from, to) = (Point::new(x, y - 8.0), Point::new(x, y));
        svg.line("setp", &stroke(ink::SOFT, 2.0), from, to);
    }
    if !of.sessions.is_empty() {
        let at = Point::new(frame.left, y + 14.0);
        svg.text(Type::soft(Anchor::Start), at, of.session_label);
    }
}

/// Dots joined by a line; a score that did not come is a dashed ring and breaks the line.
fn draw_scores(svg: &mut Svg, frame: &Frame<'_>, of: &Course<'_>) {
    let points: Vec<Point> = of
        .scores
        .iter()
        .map(|score| frame.place((score.day, score.value.unwrap_or(f64::NAN))))
        .collect();
    svg.path("meas", &stroke(ink::ACT, 2.0), &open(&points));
    for (score, point) in of.scores.iter().zip(&points) {
        if score.value.is_some() {
            svg.circle("dot", &format!("fill=\"{}\"", ink::ACT), *point, 4.0);
        } else {
            let ring = stroke(ink::EDGE, 1.5) + " stroke-dasharray=\"2.5 2.5\"";
            let at = frame.place((score.day, 0.0));
            svg.circle("gap", &ring, Point::new(at.x, at.y - 8.0), 4.5);
        }
    }
    let last = of.scores.iter().rfind(|score| score.value.is_some());
    if let Some((day, value)) = last.and_then(|score| score.value.map(|value| (score.day, value))) {
        let at = frame.place((day, value));
        let style = Type {
            bold: true,
            size: 13,
            ..Type::plain(Anchor::Start)
        };
        svg.text(style, Point::new(at.x + 9.0, at.y + 4.0), &human(value, 0));
    }
}
