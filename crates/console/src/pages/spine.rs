//! One person's spine as a picture: their bones, and what the column says of each level.
//!
//! The plan and the live session draw with this. Shades are on a fixed scale, so that
//! a colour means the same whatever is pulled.

use draw::{BONES, Bone, Caption, DiscView, Pose, SpineView};
use si::{Metres, Radians, Region, Segment};
use spine::anatomy::Anatomy;
use spine::column::{Output, levels};

/// How many times larger than life openings are drawn.
pub const EXAGGERATION: u8 = 4;
/// Opening of the darkest colour, m.
const DARKEST_OPENING: f64 = 2e-3;
/// Change of pressure of the darkest colour, Pa.
const DARKEST_PRESSURE: f64 = 100e3;

/// What is drawn and what is said of it.
#[derive(Clone, Copy, Debug)]
pub struct Picture<'a> {
    /// Title, description, name in the page.
    pub caption: Caption<'a>,
    /// Words under it.
    pub note: &'a str,
    /// Whose bones.
    pub anatomy: &'a Anatomy,
    /// What is pulled, and the level that is treated.
    pub pulled: (Region, Segment),
    /// What colours the discs.
    pub output: Output,
    /// Head up or lying.
    pub pose: Pose,
    /// Width, px.
    pub width: f64,
}

/// A value as people read it, in the unit of [`unit`].
#[must_use]
pub fn people(output: Output, value: f64) -> f64 {
    match output {
        Output::Pressure | Output::PressureChange => value * 1e-3,
        _ => value * 1e3,
    }
}

/// Decimals that are worth writing.
#[must_use]
pub const fn decimals(output: Output) -> usize {
    match output {
        Output::Pressure | Output::PressureChange => 0,
        _ => 1,
    }
}

/// Between skull, atlas and axis there is no disc.
#[must_use]
pub fn has_disc(segment: Segment) -> bool {
    segment > Segment::C1C2
}

/// A number with a true minus sign, and no minus before zero.
#[must_use]
pub fn number(value: f64, decimals: usize) -> String {
    let text = format!("{value:.decimals$}");
    let zero = !text.contains(|c: char| ('1'..='9').contains(&c));
    match text.strip_prefix('-') {
        Some(size) if zero => size.to_owned(),
        Some(size) => format!("−{size}"),
        None => text,
    }
}

/// The picture; `value` tells an output of a level in SI, or nothing.
#[must_use]
pub fn picture(of: &Picture<'_>, value: impl Fn(Output, Segment) -> Option<f64>) -> String {
    let (region, target) = of.pulled;
    let told = levels(region);
    let shown = |segment: Segment| {
        let there = of.output == Output::Separation || has_disc(segment);
        value(of.output, segment).filter(|value| there && value.is_finite())
    };
    let labels: Vec<String> = told
        .iter()
        .map(|segment| match shown(*segment) {
            Some(value) => number(people(of.output, value), decimals(of.output)),
            None => "–".to_owned(),
        })
        .collect();
    let opening = |output, segment| {
        let metres = value(output, segment).and_then(Metres::new);
        metres.unwrap_or(Metres::ZERO)
    };
    let darkest = match of.output {
        Output::Pressure | Output::PressureChange => DARKEST_PRESSURE,
        _ => DARKEST_OPENING,
    };
    let discs: Vec<DiscView<'_>> = told
        .iter()
        .zip(&labels)
        .map(|(segment, label)| DiscView {
            segment: *segment,
            opening_front: opening(Output::SeparationAnterior, *segment),
            opening_back: opening(Output::SeparationPosterior, *segment),
            shade: shown(*segment).map(|value| (value / darkest).abs().min(1.0)),
            label,
            target: *segment == target,
        })
        .collect();
    draw::spine(&SpineView {
        caption: of.caption,
        bones: &bones(of.anatomy),
        discs: &discs,
        window: region.into(),
        pose: of.pose,
        width: of.width,
        exaggeration: f64::from(EXAGGERATION),
        note: of.note,
    })
}

/// The bones as the column has them at rest, for [`draw::spine`].
#[must_use]
pub fn bones(anatomy: &Anatomy) -> [Bone; BONES] {
    let metres = Metres::raw;
    anatomy.bones.each_ref().map(|bone| Bone {
        x: metres(bone.origin[0]),
        z: metres(bone.origin[2]),
        tilt: Radians::raw(bone.tilt),
        depth: metres(bone.depth),
        height: metres(bone.height),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_number_has_a_true_minus_and_none_before_zero() {
        assert_eq!(number(-0.04, 1), "0.0");
        assert_eq!(number(-1.25, 1), "−1.2");
        assert_eq!(number(3.0, 0), "3");
    }
}
