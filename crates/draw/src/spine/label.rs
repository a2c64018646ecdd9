//! Names on the bodies, and name and value of each known level beside its disc.

use super::place::{self, Placed, Sheet, below, known};
use super::{BONES, DiscView, Pose, SpineView};
use crate::sparkline::stroke;
use crate::svg::{Anchor, Point, Svg, Type, ink};
use si::Vertebra;

/// Least distance of two labels: upright below each other, lying beside each other, px.
const APART: (f64, f64) = (17.0, 48.0);

/// Names on the bodies that are large enough to carry them.
pub(super) fn names(svg: &mut Svg, sheet: &Sheet, of: &SpineView<'_>, drawn: &[Placed; BONES]) {
    let (first, last) = of.window.bones();
    for bone in &drawn[first.max(2)..=last] {
        let Some(name) = Vertebra::ALL.get(bone.index - 1) else {
            continue;
        };
        let room = 2.0 * bone.half_height.min(bone.half_depth) * sheet.scale;
        if room < 20.0 {
            continue;
        }
        let at = sheet.place(bone.centre);
        let style = Type {
            size: 11,
            ..Type::soft(Anchor::Middle)
        };
        svg.text(style, Point::new(at.x, at.y + 4.0), name.as_str());
    }
}

/// A label that waits for its place.
struct Waiting<'a> {
    disc: &'a DiscView<'a>,
    /// The middle of the disc's front edge on the sheet.
    edge: Point,
    /// Where along the column of labels it stands.
    at: f64,
}

/// Name and value of every known level in the window, none over another.
pub(super) fn values(svg: &mut Svg, sheet: &Sheet, of: &SpineView<'_>, drawn: &[Placed; BONES]) {
    let (first, last) = of.window.bones();
    let upright = sheet.pose == Pose::Upright;
    let mut waiting: Vec<Waiting<'_>> = Vec::new();
    for pair in drawn[first..=last].windows(2) {
        let disc = below(pair[0].index).and_then(|segment| known(of, segment));
        let Some(disc) = disc.filter(|disc| !disc.label.is_empty()) else {
            continue;
        };
        let edge = match pair[0].index {
            0 => pair[1].point(-1.6 * pair[1].half_depth, pair[1].half_height + 2.0),
            _ => place::edge(&pair[1], &pair[0], -1.08),
        };
        let edge = sheet.place(edge);
        if !edge.is_finite() {
            continue;
        }
        let at = if upright { edge.y } else { edge.x };
        waiting.push(Waiting { disc, edge, at });
    }
    let room = if upright { sheet.height } else { of.width };
    let apart = if upright { APART.0 } else { APART.1 };
    spread(&mut waiting, apart, room);
    let tight = !upright && room < apart * waiting.len() as f64;
    for label in &waiting {
        draw(svg, sheet.pose, label, tight);
    }
}

/// Moves labels apart, keeping their order and inside `room` (sweeps enough for 24).
fn spread(labels: &mut [Waiting<'_>], apart: f64, room: f64) {
    let apart = apart.min(room / (labels.len().max(1) as f64));
    let (low, high) = (0.5 * apart, (room - 0.5 * apart).max(0.5 * apart));
    for _ in 0..200 {
        for label in labels.iter_mut() {
            label.at = label.at.clamp(low, high);
        }
        for at in 1..labels.len() {
            let short = apart - (labels[at].at - labels[at - 1].at);
            if short > 0.0 {
                labels[at - 1].at -= 0.5 * short;
                labels[at].at += 0.5 * short;
            }
        }
    }
}

/// T9–10 for T9-T10; a level that joins two regions keeps both letters.
fn short(name: &str) -> String {
    match name.split_once('-') {
        Some((upper, lower)) if upper.get(..1) == lower.get(..1) => {
            format!("{upper}–{}", &lower[1..])
        }
        _ => name.replace('-', "–"),
    }
}

fn draw(svg: &mut Svg, pose: Pose, label: &Waiting<'_>, tight: bool) {
    let (disc, edge) = (label.disc, label.edge);
    let name = if tight {
        short(disc.segment.as_str())
    } else {
        disc.segment.as_str().replace('-', "–")
    };
    let quiet = |anchor| Type {
        size: if tight { 11 } else { 12 },
        ..Type::soft(anchor)
    };
    let loud = |anchor| Type {
        bold: disc.target,
        size: 13,
        ..Type::plain(anchor)
    };
    let (from, to) = match pose {
        Pose::Upright => {
            let at = |x| Point::new(x, label.at + 4.0);
            svg.text(quiet(Anchor::End), at(48.0), &name);
            svg.text(loud(Anchor::Start), at(54.0), disc.label);
            let end = 60.0 + 7.5 * disc.label.chars().count() as f64;
            (Point::new(end, label.at), Point::new(edge.x - 3.0, edge.y))
        }
        Pose::Lying => {
            let at = |y| Point::new(label.at, y);
            svg.text(quiet(Anchor::Middle), at(13.0), &name);
            svg.text(loud(Anchor::Middle), at(30.0), disc.label);
            (Point::new(label.at, 36.0), Point::new(edge.x, edge.y - 3.0))
        }
    };
    svg.line("lead", &stroke(ink::EDGE, 1.0), from, to);
}
