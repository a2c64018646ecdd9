//! What was learned, for people and for programs.

use super::session::Measured;
use crate::failure::Failure;
use serde::Serialize;
use spine::learn::{Feature, Learned, Outcome};
use std::fmt::Write as _;

/// What a session taught.
#[derive(Debug, Serialize)]
struct Calibration {
    /// Number of this form of document.
    schema: &'static str,
    region: &'static str,
    /// `learned`, `learned-unsettled` or `refused`.
    outcome: &'static str,
    /// Whether something had been learned before.
    learned_before: bool,
    hold_n: f64,
    /// Mean square of what stays unexplained, about 1 or less.
    misfit: f64,
    linearisations: usize,
    runs: usize,
    measured: Vec<FeatureTold>,
    unknowns: Vec<UnknownTold>,
    ties: Vec<TieTold>,
}

#[derive(Debug, Serialize)]
struct FeatureTold {
    name: &'static str,
    /// Nothing where the session did not come to it.
    value_m: Option<f64>,
}

#[derive(Debug, Serialize)]
struct UnknownTold {
    name: &'static str,
    words: &'static str,
    unit: &'static str,
    before: Points,
    after: Points,
    /// Share of the variance that this session removed.
    removed: f64,
    /// Share of the variance over people that is gone by now.
    known: f64,
}

/// 5 %, 50 % and 95 % points.
#[derive(Debug, Serialize)]
struct Points {
    low: f64,
    mid: f64,
    high: f64,
}

impl Points {
    const fn of([low, mid, high]: [f64; 3]) -> Self {
        Self { low, mid, high }
    }
}

#[derive(Debug, Serialize)]
struct TieTold {
    one: &'static str,
    other: &'static str,
    correlation: f64,
}

const fn outcome(of: &Learned) -> &'static str {
    match of.outcome {
        Outcome::Learned { settled: true } => "learned",
        Outcome::Learned { settled: false } => "learned-unsettled",
        Outcome::Refused => "refused",
    }
}

/// For programs.
pub(super) fn json(
    measured: &Measured,
    learned: &Learned,
    learned_before: bool,
) -> Result<String, Failure> {
    let recording = &measured.recording;
    let told = Calibration {
        schema: "annulus.calibration/1",
        region: measured.region.as_str(),
        outcome: outcome(learned),
        learned_before,
        hold_n: recording.hold(),
        misfit: learned.misfit,
        linearisations: learned.iterations,
        runs: learned.runs,
        measured: Feature::ALL
            .iter()
            .map(|feature| FeatureTold {
                name: feature.as_str(),
                value_m: recording.feature(*feature),
            })
            .collect(),
        unknowns: learned
            .changes
            .iter()
            .map(|change| UnknownTold {
                name: change.unknown.as_str(),
                words: change.unknown.words(),
                unit: change.unknown.unit(),
                before: Points::of(change.before),
                after: Points::of(change.after),
                removed: change.removed,
                known: change.known,
            })
            .collect(),
        ties: learned
            .ties
            .iter()
            .map(|tie| TieTold {
                one: tie.one.as_str(),
                other: tie.other.as_str(),
                correlation: tie.correlation,
            })
            .collect(),
    };
    serde_json::to_string_pretty(&told).map_err(|error| Failure::new("writing JSON", error))
}

/// What the features are called at a terminal.
const fn words(feature: Feature) -> &'static str {
    match feature {
        Feature::Reach => "travel from contact into the first hold",
        Feature::Ramp => "travel from half to full force, first time",
        Feature::FirstCreep => "creep within the first hold",
        Feature::SessionCreep => "creep from the first hold to the end of the last",
        Feature::Hysteresis => "more travel at half force letting go than pulling",
        Feature::Residual => "travel left right after release",
        Feature::Recovery => "travel given back while resting",
    }
}

/// For people.
pub(super) fn text(measured: &Measured, learned: &Learned, before: bool) -> String {
    let recording = &measured.recording;
    let mut text = format!(
        "{} session, holds of {:.0} N, {:.0} s from contact to release; compared with {}.\n\nMeasured:\n",
        match measured.region {
            si::Region::Lumbar => "Lumbar",
            si::Region::Cervical => "Cervical",
        },
        recording.hold(),
        recording.duration(),
        if before {
            "what was learned before"
        } else {
            "what is known of people"
        }
    );
    for feature in Feature::ALL {
        let value = recording.feature(feature).map_or_else(
            || "the session did not come to it".to_owned(),
            |metres| format!("{:.1} mm", metres * 1e3),
        );
        let _ = writeln!(text, "  {}: {value}", words(feature));
    }
    match learned.outcome {
        Outcome::Refused => text.push_str(
            "\nNothing was learned: no spine of this kind shows such a session. Look at harness, slack and\nsensors, and at how the person lay; what was believed before is written unchanged.\n",
        ),
        Outcome::Learned { settled } => {
            moved(&mut text, learned);
            if !settled {
                text.push_str("\nThe search ended before it settled: read the numbers with care.\n");
            }
        }
    }
    let _ = writeln!(
        text,
        "\nLeft unexplained: {:.2} of what instrument and model may be off (about 1 or less is sound).",
        learned.misfit
    );
    text
}

/// Ties told at a terminal.
const TIES: usize = 3;

fn moved(text: &mut String, learned: &Learned) {
    if learned.said().next().is_none() {
        text.push_str("\nNothing that the session shows was unknown before.\n");
        return;
    }
    text.push_str("\nLearned, for the next session (9 of 10 in brackets):\n");
    for change in learned.said() {
        let _ = writeln!(text, "  {change}");
    }
    for tie in learned.ties.iter().take(TIES) {
        let _ = writeln!(text, "  {tie}");
    }
}
