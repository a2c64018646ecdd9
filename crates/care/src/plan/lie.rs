//! How a candidate lies and is pulled: level, mode, position and angle.

use si::{Newtons, Segment};
use traction::profile::LEAST_CYCLIC_BASE;

use super::build::{Frame, Strength, ours};
use super::condition::PositionChange;
use super::dose::PositionRow;
use super::next::gap;
use super::{Prescription, PullMode, Reason};
use crate::fact::By;

/// The level that was named, else the region's usual one.
pub(super) fn target(frame: &Frame<'_>, reasons: &mut Vec<Reason>) -> Segment {
    if let Some((named, by)) = frame.body.target {
        let who = match by {
            By::Practitioner => "The level that the examining practitioner named.",
            By::Imaging => "The level that imaging named; nobody who examined named one.",
            By::Patient => "The level that the patient named; nobody who examined named one.",
            _ => "The level that a record named; nobody who examined named one.",
        };
        reasons.push(ours("target", who));
        return named;
    }
    let usual = match frame.request.region {
        si::Region::Lumbar => Segment::L4L5,
        si::Region::Cervical => Segment::C5C6,
    };
    reasons.push(ours(
        "target",
        "No level was named; this one stands for the region. A pull is not specific to a level.",
    ));
    usual
}

/// Static until the first two sessions were tolerated, unless the row of the
/// condition begins otherwise; then the row's mode, or firm turns intermittent.
pub(super) fn mode(
    frame: &Frame<'_>,
    strength: Strength,
    force: Newtons,
    reasons: &mut Vec<Reason>,
) -> PullMode {
    let request = frame.request;
    let fixed = |why: &str, sources: &[&str]| Reason {
        setting: "mode".to_owned(),
        why: why.to_owned(),
        sources: sources.iter().map(ToString::to_string).collect(),
        evidence: "teaching text; a comparative meta-analysis found no mode superior (S56b)"
            .to_owned(),
        dissent: Vec::new(),
    };
    let new = frame.first() || gap(&request.dose.common, &request.history, request.at);
    let own = frame.settings.row.and_then(|row| row.mode.as_ref());
    if let Some(own) = own {
        let swings = force.get() > LEAST_CYCLIC_BASE.get() + 1.0;
        if own.value == PullMode::Cyclic && !swings {
            reasons.push(ours(
                "mode",
                "Static: so small a force leaves no room for a swing.",
            ));
            return PullMode::Static;
        }
        if !new || own.from_first || own.value == PullMode::Static {
            reasons.push(own.reason());
            return own.value;
        }
        let mut later = own.reason();
        later.why = format!(
            "Static first; once two sessions were tolerated: {}",
            own.why
        );
        later.sources.push("S14".to_owned());
        reasons.push(later);
        return PullMode::Static;
    }
    if strength != Strength::Firm || new {
        reasons.push(fixed("Static first.", &["S14", "S56b"]));
        return PullMode::Static;
    }
    reasons.push(fixed(
        "Long holds with short rests where a disc is treated.",
        &["S03", "S56b"],
    ));
    PullMode::Intermittent
}

/// Position and angle.
pub(super) fn lie(frame: &Frame<'_>, prescription: &mut Prescription, reasons: &mut Vec<Reason>) {
    let dose = frame.request.dose;
    let found = dose.position_of(frame.request.region, frame.body.preference.as_deref());
    // What eases in this patient counts more than what is usual for the condition.
    let eases = |row: &PositionRow| row.preference != "any";
    let own = frame.settings.row.and_then(|row| row.position.as_ref());
    let usual = |own: &PositionChange| {
        let differs = found.is_some_and(|row| row.position != own.value);
        let words = || {
            format!(
                "Usual for the condition: {} [{}]",
                own.why,
                own.sources.join(", ")
            )
        };
        differs.then(words)
    };
    match (own, found) {
        (Some(own), found) if !found.is_some_and(eases) => {
            prescription.position = own.value;
            reasons.push(own.reason());
        }
        (own, Some(row)) => {
            prescription.position = row.position;
            reasons.push(Reason {
                setting: "position".to_owned(),
                why: row.why.clone(),
                sources: row.sources.clone(),
                evidence: row.evidence.clone(),
                dissent: own.into_iter().filter_map(usual).collect(),
            });
        }
        (_, None) => {}
    }
    if let Some(row) = dose.angle_of(prescription.target) {
        prescription.angle_deg = row.degrees;
        reasons.push(Reason {
            setting: "angle_deg".to_owned(),
            why: row.why.clone(),
            sources: row.sources.clone(),
            evidence: row.evidence.clone(),
            dissent: Vec::new(),
        });
    }
}
