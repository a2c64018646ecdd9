//! Outlines, and what they are drawn in.

use super::place::Sheet;
use crate::svg::{Point, Svg, ink, smooth, smooth_open};

/// What a mark is of.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Kind {
    Bone,
    /// A line on a bone.
    Line,
    /// Colour step, and whether the value behind it is known.
    Disc(usize, bool),
    Nucleus,
    Canal,
    Cord,
    /// One strand of the cauda equina.
    Strand,
    Root,
    Facet,
}

/// One outline in the plane of the drawing.
#[derive(Clone, Debug)]
pub(super) struct Mark {
    pub(super) kind: Kind,
    pub(super) points: Vec<Point>,
}

impl Mark {
    pub(super) const fn new(kind: Kind, points: Vec<Point>) -> Self {
        Self { kind, points }
    }

    /// Puts it on the sheet.
    pub(super) fn draw(&self, svg: &mut Svg, sheet: &Sheet) {
        let placed: Vec<Point> = self.points.iter().map(|at| sheet.place(*at)).collect();
        let line = |fill: &str, width: f64, more: &str| {
            let width = crate::svg::num((width * sheet.scale).clamp(0.5, 1.2));
            let edge = ink::BONE_LINE;
            format!(
                "fill=\"{fill}\" stroke=\"{edge}\" stroke-width=\"{width}\" stroke-linejoin=\"round\"{more}"
            )
        };
        match self.kind {
            Kind::Bone => svg.path("bd", &line(ink::BONE, 0.5, ""), &smooth(&placed)),
            Kind::Line => {
                let attributes = line("none", 0.4, " stroke-opacity=\".7\"");
                svg.path("bl", &attributes, &smooth_open(&placed));
            }
            Kind::Disc(step, true) => {
                let class = format!("ds d{step}");
                svg.path(&class, &line(ink::DISC[step], 0.4, ""), &smooth(&placed));
            }
            Kind::Disc(..) => {
                let attributes = line(ink::DISC[0], 0.5, " stroke-dasharray=\"3 2.5\"");
                svg.path("ds d0", &attributes, &smooth(&placed));
            }
            Kind::Nucleus => {
                let attributes = "fill=\"#fff\" fill-opacity=\".24\"";
                svg.path("nuc", attributes, &smooth(&placed));
            }
            Kind::Canal => {
                let attributes = format!("fill=\"{}\" fill-opacity=\".16\"", ink::NERVE);
                svg.path("cn", &attributes, &smooth(&placed));
            }
            Kind::Cord => {
                let attributes = format!("fill=\"{}\" fill-opacity=\".55\"", ink::NERVE);
                svg.path("cd", &attributes, &smooth(&placed));
            }
            Kind::Strand => {
                let width = crate::svg::num((0.9 * sheet.scale).clamp(0.5, 2.0));
                let attributes = format!(
                    "fill=\"none\" stroke=\"{}\" stroke-opacity=\".6\" stroke-width=\"{width}\"",
                    ink::NERVE
                );
                svg.path("st", &attributes, &smooth_open(&placed));
            }
            Kind::Root => svg.path("nv", &line(ink::NERVE, 0.3, ""), &smooth(&placed)),
            Kind::Facet => svg.path("fj", &line(ink::DISC[1], 0.3, ""), &smooth(&placed)),
        }
    }
}
