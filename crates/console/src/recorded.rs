//! A session as a picture: its frames as the values that `draw` takes.

use draw::{Caption, Mark, Recorded, Stretch};
use si::Newtons;
use table::summary::Summary;
use traction::Output;
use traction::PER_SECOND;
use traction::frame::Frame;
use traction::profile::Phase;
use traction::supervisor::Stage;

use crate::messages::Say;

/// Width and height, px: on a screen.
pub const ON_SCREEN: (f64, f64) = (960.0, 380.0);
/// On paper, where the same letters are read without a magnifier.
pub const ON_PAPER: (f64, f64) = (600.0, 290.0);

/// The picture of a session, and what it shows in words.
#[must_use]
pub fn picture(t: Say, frames: &[Frame], size: (f64, f64)) -> (String, String) {
    let summary = Summary::of(frames.iter().copied());
    let line = |of: fn(&Output) -> Newtons| -> Vec<(f64, f64)> {
        let point = |frame: &Frame| (at(&frame.output), of(&frame.output).get());
        edges(frames.iter().map(point).collect(), size.0)
    };
    let (force, set_point, ceiling) = (
        line(|output| output.force),
        line(|output| output.set_point),
        line(|output| output.ceiling),
    );
    let phases = phases(frames);
    let causes = summary.stops.iter();
    let causes: Vec<_> = causes
        .map(|stop| (stop.at_s, t.matter(&stop.cause)))
        .collect();
    let marks = causes.iter();
    let stops: Vec<Mark<'_>> = marks.map(|(at, label)| Mark { at: *at, label }).collect();
    let title = t.recorded_title();
    let desc = t.recorded_desc(
        format!("{:.0}", summary.duration_s),
        format!("{:.0}", summary.peak_n),
        t.recorded_stops(stops.len()),
    );
    let svg = draw::recorded(&Recorded {
        caption: Caption {
            id: "session",
            title: &title,
            desc: &desc,
        },
        size,
        seconds: frames.last().map_or(0.0, |frame| at(&frame.output)),
        force: (&force, "force"),
        set_point: (&set_point, "set point"),
        ceiling: (&ceiling, "ceiling"),
        phases: &phases,
        stops: &stops,
    });
    (svg, desc)
}

/// Points that fill no more than the picture is wide: of every span of a pixel's width
/// the lowest and the highest, in their order.
fn edges(points: Vec<(f64, f64)>, width: f64) -> Vec<(f64, f64)> {
    let span = (points.len() as f64 / width).ceil().max(1.0) as usize;
    if span < 3 {
        return points;
    }
    let mut kept = Vec::with_capacity(2 * points.len() / span + 2);
    for part in points.chunks(span) {
        let by = |one: &&(f64, f64), other: &&(f64, f64)| one.1.total_cmp(&other.1);
        let both = part.iter().min_by(by).zip(part.iter().max_by(by));
        let Some((low, high)) = both else { continue };
        let (first, second) = if low.0 <= high.0 {
            (low, high)
        } else {
            (high, low)
        };
        kept.push(*first);
        if second != first {
            kept.push(*second);
        }
    }
    kept
}

fn at(output: &Output) -> f64 {
    f64::from(output.tick.count()) / f64::from(PER_SECOND)
}

/// What a tick is called, and whether the profile pulls in it.
fn name(output: &Output) -> (&'static str, bool) {
    match (output.state.stage, output.phase) {
        (Stage::Running, phase) => (phase.as_str(), phase == Phase::Hold),
        (stage, _) => (stage.as_str(), false),
    }
}

/// Runs of ticks of one name.
fn phases(frames: &[Frame]) -> Vec<Stretch<'static>> {
    let mut phases: Vec<Stretch<'static>> = Vec::new();
    for frame in frames {
        let (label, pulls) = name(&frame.output);
        let at = at(&frame.output);
        match phases.last_mut() {
            Some(last) if last.label == label => last.to = at,
            _ => {
                if let Some(last) = phases.last_mut() {
                    last.to = at;
                }
                phases.push(Stretch {
                    from: at,
                    to: at,
                    label,
                    pulls,
                });
            }
        }
    }
    phases
}
