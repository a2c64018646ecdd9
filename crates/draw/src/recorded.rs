//! A session as it was recorded: force, what was asked, the ceiling as it moved, the
//! phases under the axis and every stop across.
//!
//! Where force and set point lie on each other the force hides it, as it should.

use crate::axis::Axis;
use crate::curve::{Frame, thinned};
use crate::sparkline::{stroke, under};
use crate::svg::{Anchor, Caption, Colour, Point, Svg, Type, closed, ink, open};

/// A stretch of time with a name.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Stretch<'a> {
    /// From when, s.
    pub from: f64,
    /// Until when, s.
    pub to: f64,
    /// What it is; written where there is room.
    pub label: &'a str,
    /// Whether the profile pulls in it: shaded.
    pub pulls: bool,
}

/// An instant with words at it.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Mark<'a> {
    /// When, s.
    pub at: f64,
    /// What happened.
    pub label: &'a str,
}

/// A session as recorded; all times in seconds from arming, all forces in N.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Recorded<'a> {
    /// Title and description.
    pub caption: Caption<'a>,
    /// Width and height in pixels.
    pub size: (f64, f64),
    /// Its whole length.
    pub seconds: f64,
    /// Force measured, and its name.
    pub force: (&'a [(f64, f64)], &'a str),
    /// Set point of the profile, and its name.
    pub set_point: (&'a [(f64, f64)], &'a str),
    /// Highest force allowed, and its name.
    pub ceiling: (&'a [(f64, f64)], &'a str),
    /// Phases, under the axis.
    pub phases: &'a [Stretch<'a>],
    /// Stops.
    pub stops: &'a [Mark<'a>],
}

/// Height of the strip of phases, and its distance from the axis, px.
const STRIP: (f64, f64) = (16.0, 28.0);
/// About as wide is a letter of 11 px.
const LETTER: f64 = 6.5;

/// The picture.
#[must_use]
pub fn recorded(of: &Recorded<'_>) -> String {
    let (width, height) = of.size;
    let forces = [of.force.0, of.set_point.0, of.ceiling.0];
    let finite = forces
        .into_iter()
        .flatten()
        .filter(|pair| pair.1.is_finite());
    let highest = finite.fold(10.0, |most, pair| pair.1.max(most));
    let minutes = of.seconds > 180.0;
    let frame = Frame {
        left: 44.0,
        top: 40.0,
        width: (width - 44.0 - 16.0).max(20.0),
        height: (height - 40.0 - STRIP.0 - STRIP.1 - 10.0).max(20.0),
        x: if minutes {
            Axis::minutes(of.seconds, "min")
        } else {
            Axis::new(0.0, of.seconds.max(1.0), "s")
        },
        y: Axis::new(0.0, highest * 1.1, "N"),
    };
    let mut svg = Svg::new(&of.caption, width, height);
    frame.draw(&mut svg);
    draw_lines(&mut svg, &frame, of);
    for phase in of.phases {
        draw_phase(&mut svg, &frame, phase);
    }
    for stop in of.stops {
        draw_stop(&mut svg, &frame, stop);
    }
    draw_names(&mut svg, &frame, of);
    svg.done()
}

fn draw_lines(svg: &mut Svg, frame: &Frame<'_>, of: &Recorded<'_>) {
    let line = |points: &[(f64, f64)]| thinned(points.iter().map(|pair| frame.inside(*pair)));
    let force = line(of.force.0);
    let shade = format!("fill=\"{}\" fill-opacity=\".12\"", ink::ACT);
    svg.path("area", &shade, &under(&force, frame.bottom()));
    svg.path("lim", &stroke(ink::CARE, 1.5), &open(&line(of.ceiling.0)));
    svg.path("meas", &stroke(ink::ACT, 2.0), &open(&force));
    let dashed = stroke(ink::SOFT, 1.5) + " stroke-dasharray=\"5 4\"";
    svg.path("setp", &dashed, &open(&line(of.set_point.0)));
}

/// A key above the frame: what each line is, in its colour.
fn draw_names(svg: &mut Svg, frame: &Frame<'_>, of: &Recorded<'_>) {
    let keys = [
        (of.force.1, Colour::Act, "meas", stroke(ink::ACT, 2.0)),
        (
            of.set_point.1,
            Colour::Soft,
            "setp",
            stroke(ink::SOFT, 1.5) + " stroke-dasharray=\"5 4\"",
        ),
        (of.ceiling.1, Colour::Care, "lim", stroke(ink::CARE, 1.5)),
    ];
    let mut x = frame.left;
    for (words, colour, class, pen) in keys {
        let y = 12.0;
        svg.line(
            class,
            &pen,
            Point::new(x, y - 4.0),
            Point::new(x + 22.0, y - 4.0),
        );
        let style = Type {
            colour,
            ..Type::soft(Anchor::Start)
        };
        svg.text(style, Point::new(x + 28.0, y), words);
        x += 28.0 + LETTER * words.chars().count() as f64 + 24.0;
    }
}

fn draw_phase(svg: &mut Svg, frame: &Frame<'_>, phase: &Stretch<'_>) {
    let top = frame.bottom() + STRIP.1;
    let (from, to) = (
        frame.inside((phase.from, 0.0)).x,
        frame.inside((phase.to, 0.0)).x,
    );
    let corners = [
        (from, top),
        (to, top),
        (to, top + STRIP.0),
        (from, top + STRIP.0),
    ];
    let corners = corners.map(|(x, y)| Point::new(x, y));
    let (class, opacity) = if phase.pulls {
        ("band", ".28")
    } else {
        ("band", ".08")
    };
    let shade = format!("fill=\"{}\" fill-opacity=\"{opacity}\"", ink::ACT);
    svg.path(class, &shade, &closed(&corners));
    let room = to - from;
    if room > LETTER * phase.label.chars().count() as f64 + 4.0 {
        let style = Type {
            size: 11,
            ..Type::soft(Anchor::Middle)
        };
        let at = Point::new(0.5 * (from + to), top + STRIP.0 - 4.0);
        svg.text(style, at, phase.label);
    }
}

fn draw_stop(svg: &mut Svg, frame: &Frame<'_>, stop: &Mark<'_>) {
    if !(frame.x.low..=frame.x.high).contains(&stop.at) {
        return;
    }
    let x = frame.place((stop.at, 0.0)).x;
    let (from, to) = (
        Point::new(x, frame.top - 8.0),
        Point::new(x, frame.bottom()),
    );
    svg.line("now", &stroke(ink::INK, 1.5), from, to);
    let right = x > 0.5 * (frame.left + frame.right());
    let (anchor, aside) = if right {
        (Anchor::End, -5.0)
    } else {
        (Anchor::Start, 5.0)
    };
    let style = Type {
        bold: true,
        ..Type::plain(anchor)
    };
    svg.text(style, Point::new(x + aside, frame.top), stop.label);
}
