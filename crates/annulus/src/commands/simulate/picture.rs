//! The answer as a picture of this spine.

use super::ask::Question;
use super::has;
use super::text::{number, people};
use console::pages::spine::bones;
use draw::{Caption, DiscView, Pose, SpineView, Window};
use si::Metres;
use spine::column::{Output, Prediction};

/// How many times larger than life openings are drawn.
const EXAGGERATION: f64 = 4.0;

/// What is drawn, and how.
pub(super) struct Drawing {
    /// What colours and labels the discs.
    pub(super) output: Output,
    /// Index of the instant.
    pub(super) instant: usize,
    /// The whole spine instead of the region.
    pub(super) whole: bool,
    /// Head up instead of lying.
    pub(super) upright: bool,
}

/// The picture.
pub(super) fn svg(question: &Question, told: &Prediction, drawing: &Drawing) -> String {
    let (factor, unit, decimals) = people(drawing.output);
    let mid = |output, segment| {
        let band = told.shown(output, segment, drawing.instant);
        band.map(|band| band.mid)
    };
    let segments = told.levels();
    let value = |segment| {
        let there = has(segment, drawing.output);
        mid(drawing.output, segment).filter(|_| there)
    };
    let most = full_scale(segments.iter().filter_map(|s| value(*s)), factor);
    let labels: Vec<String> = segments
        .iter()
        .map(|segment| label(drawing.output, value(*segment), factor, decimals))
        .collect();
    let opening = |output, segment| Metres::new(mid(output, segment).unwrap_or(0.0));
    let discs: Vec<DiscView<'_>> = segments
        .iter()
        .zip(&labels)
        .map(|(segment, label)| DiscView {
            segment: *segment,
            opening_front: opening(Output::SeparationAnterior, *segment).unwrap_or(Metres::ZERO),
            opening_back: opening(Output::SeparationPosterior, *segment).unwrap_or(Metres::ZERO),
            shade: value(*segment).map(|value| (value * factor).abs() / most),
            label,
            target: *segment == question.prescription.target,
        })
        .collect();
    let (at, applied) = told.instants[drawing.instant];
    let name = drawing.output.as_str().replace('-', " ");
    let title = format!("Spine under {applied:.0} N, {name} of each level");
    let parts: Vec<String> = segments
        .iter()
        .zip(&labels)
        .map(|(segment, label)| format!("{segment} {label}"))
        .collect();
    let desc = format!("{name} in {unit} at {at:.0} s: {}.", parts.join(", "));
    let strongest = number(most, decimals);
    let note = format!(
        "{name} in {unit} at {at:.0} s, {applied:.0} N; strongest colour {strongest} {unit}; opening drawn {EXAGGERATION:.0} times larger"
    );
    draw::spine(&SpineView {
        caption: Caption {
            id: "spine",
            title: &title,
            desc: &desc,
        },
        bones: &bones(&question.subject.anatomy),
        discs: &discs,
        window: if drawing.whole {
            Window::Whole
        } else {
            question.prescription.region.into()
        },
        pose: if drawing.upright {
            Pose::Upright
        } else {
            Pose::Lying
        },
        width: width(drawing),
        exaggeration: EXAGGERATION,
        note: &note,
    })
}

/// A trend has no number: only whether it grows or shrinks.
fn label(output: Output, value: Option<f64>, factor: f64, decimals: usize) -> String {
    match value {
        None => "–".to_owned(),
        Some(value) if output.is_trend() && value > 0.0 => "more".to_owned(),
        Some(value) if output.is_trend() && value < 0.0 => "less".to_owned(),
        Some(value) => number(value * factor, decimals),
    }
}

const fn width(drawing: &Drawing) -> f64 {
    match (drawing.whole, drawing.upright) {
        (true, true) => 440.0,
        (true, false) => 1200.0,
        (false, true) => 380.0,
        (false, false) => 640.0,
    }
}

/// The largest value, rounded up to 1, 2 or 5 of its decade.
fn full_scale(values: impl Iterator<Item = f64>, factor: f64) -> f64 {
    let most = values.fold(0.0_f64, |most, value| most.max((value * factor).abs()));
    if most < 1e-9 {
        return 1.0;
    }
    let decade = 10.0_f64.powf(most.log10().floor());
    let step = [1.0, 2.0, 5.0]
        .into_iter()
        .find(|step| step * decade >= most);
    step.unwrap_or(10.0) * decade
}
