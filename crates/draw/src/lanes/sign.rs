//! The sign of an event: shape first, colour second.

use crate::sparkline::stroke;
use crate::svg::{Point, Svg, closed, ink, open};

/// What an event was.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Sign {
    /// Cleared, well, go on.
    Good,
    /// A caution or a change.
    Care,
    /// Refused, an emergency, stopped.
    Stop,
    /// Nobody knows.
    Unknown,
    /// Neither good nor bad.
    Plain,
}

const RADIUS: f64 = 7.0;

/// Draws a sign around a point.
pub(super) fn draw(svg: &mut Svg, sign: Sign, at: Point) {
    let near = |x: f64, y: f64| Point::new(at.x + x, at.y + y);
    match sign {
        Sign::Good => {
            svg.circle("dot", &format!("fill=\"{}\"", ink::ACT), at, RADIUS);
            let tick = [near(-3.2, 0.4), near(-0.8, 2.8), near(3.4, -2.6)];
            svg.path("lane-tick", &stroke("#fff", 1.8), &open(&tick));
        }
        Sign::Care => {
            let peak = [near(0.0, -7.5), near(8.0, 6.5), near(-8.0, 6.5)];
            let line = stroke(ink::CARE, 1.8);
            svg.path("felt-altered", &line, &closed(&peak));
            svg.path("lim", &line, &open(&[near(0.0, -2.0), near(0.0, 2.0)]));
            svg.path("lim", &line, &open(&[near(0.0, 4.2), near(0.0, 4.6)]));
        }
        Sign::Stop => {
            let (near_edge, far) = (3.0, 7.5);
            let corners = [
                (-near_edge, -far),
                (near_edge, -far),
                (far, -near_edge),
                (far, near_edge),
                (near_edge, far),
                (-near_edge, far),
                (-far, near_edge),
                (-far, -near_edge),
            ];
            let eight = closed(&corners.map(|(x, y)| near(x, y)));
            svg.path("lane-stop", &format!("fill=\"{}\"", ink::STOP), &eight);
            let bar = [near(-3.6, 0.0), near(3.6, 0.0)];
            svg.path("lane-bar", &stroke("#fff", 2.0), &open(&bar));
        }
        Sign::Unknown => {
            let dashed = stroke(ink::EDGE, 1.6) + " stroke-dasharray=\"2.6 2\"";
            svg.circle("gap", &dashed, at, RADIUS - 0.5);
        }
        Sign::Plain => svg.circle("lane-plain", &format!("fill=\"{}\"", ink::SOFT), at, 4.0),
    }
}
