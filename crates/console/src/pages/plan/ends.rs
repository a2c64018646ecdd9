//! Where a slider ends and why, in the plan's own words and with who says so.
//!
//! Force ends at the ceiling that screening, dose and table leave; a ramp at the steepest of the
//! numbers of dose, those of what is treated included; hold, rest and a slow ramp where the whole
//! would outlast the longest session of the plan. Below, all end at what the loop at the table is
//! able to follow. A table says how much it pulls, and nothing of angles, ramps or times.

use care::plan::{Candidate, PullMode, Reason};
use si::Region;
use traction::profile::{LEAST_FORCE, SHORTEST_HOLD, SHORTEST_REST, SLOWEST_RAMP};

use super::settings::{Settings, Span, force, span, text};
use crate::frame::Frame;

/// Angles that makers and textbooks name, low back and neck, degrees.
const ANGLES: (f64, f64) = (30.0, 35.0);
/// Steps in which hold and rest are set, s, and ramps, N/s.
const STEPS: (f64, f64) = (5.0, 0.01);

/// A limit within a slider, and why it is there.
pub(super) struct Fence {
    /// Share of the slider, 0 to 100.
    pub(super) at: String,
    /// What is left of it.
    pub(super) beyond: String,
    /// The limit with its reason.
    pub(super) words: String,
}

/// One end of a slider.
pub(super) struct End {
    /// `low` or `high`.
    pub(super) side: &'static str,
    /// The end with its reason.
    pub(super) words: String,
}

pub(super) fn angle(candidate: &Candidate) -> Span {
    let high = match candidate.prescription.region {
        Region::Lumbar => ANGLES.0,
        Region::Cervical => ANGLES.1,
    };
    span("angle_deg", (0.0, high), "°")
}

pub(super) fn hold(candidate: &Candidate) -> Span {
    let own = candidate.prescription.hold_s;
    let most = reach(candidate, (own, most_s(candidate)), |asked, value| {
        asked.hold_s = value;
    });
    span("hold_s", (SHORTEST_HOLD.get(), down(most).max(own)), "s")
}

pub(super) fn rest(candidate: &Candidate) -> Span {
    let own = candidate.prescription.rest_s;
    let most = reach(candidate, (own, most_s(candidate)), |asked, value| {
        asked.rest_s = value;
    });
    span("rest_s", (SHORTEST_REST.get(), down(most).max(own)), "s")
}

pub(super) fn ramp(candidate: &Candidate) -> Span {
    let own = candidate.prescription.ramp_n_per_s;
    let slowest = SLOWEST_RAMP.get();
    let least = reach(candidate, (own, slowest), |asked, value| {
        asked.ramp_n_per_s = value;
    });
    let least = ((least / STEPS.1).ceil() * STEPS.1).min(own);
    let most = candidate.course.max_rate_n_per_s;
    span("ramp_n_per_s", (least, most), "N/s")
}

/// The longest session of the plan, s.
const fn most_s(candidate: &Candidate) -> f64 {
    candidate.course.max_duration_s
}

fn down(value: f64) -> f64 {
    (value / STEPS.0).floor() * STEPS.0
}

/// How far one setting may go from the plan's own towards an end before the whole outlasts the
/// plan's longest session, the others as the plan has them.
fn reach(candidate: &Candidate, (own, end): (f64, f64), with: impl Fn(&mut Settings, f64)) -> f64 {
    let fits = |value: f64| {
        let mut asked = Settings::of(&candidate.prescription);
        with(&mut asked, value);
        let total = asked.total(candidate);
        total.is_ok_and(|total| total <= most_s(candidate))
    };
    if fits(end) {
        return end;
    }
    let (mut good, mut bad) = (own, end);
    for _ in 0..40 {
        let middle = f64::midpoint(good, bad);
        if fits(middle) {
            good = middle;
        } else {
            bad = middle;
        }
    }
    good
}

/// Both ends of a slider with their reasons; none for what only some modes have.
pub(super) fn ends(f: &Frame, candidate: &Candidate, of: Span) -> Vec<End> {
    let Some((low, high)) = reasons(f, candidate, of) else {
        return Vec::new();
    };
    let (least, most) = (text(of.low), text(of.high));
    vec![
        End {
            side: "low",
            words: f.t.plan_end_least(least, of.unit, low),
        },
        End {
            side: "high",
            words: f.t.plan_end_most(most, of.unit, high),
        },
    ]
}

/// Why it goes no lower, and no higher.
fn reasons(f: &Frame, candidate: &Candidate, of: Span) -> Option<(String, String)> {
    let t = f.t;
    let longest = || {
        let minutes = text(most_s(candidate) / 60.0);
        t.plan_end_longest(minutes, why(f, candidate, "max_duration_s"))
    };
    Some(match of.name {
        "force_n" => (weakest(f, candidate), why(f, candidate, "ceiling_n")),
        "angle_deg" => (t.plan_end_along(), steepest(f, candidate)),
        "hold_s" | "rest_s" => (t.plan_end_shortest(), longest()),
        "ramp_n_per_s" => {
            let slow = match of.low > SLOWEST_RAMP.get() {
                true => longest(),
                false => t.plan_end_slowest(),
            };
            (slow, why(f, candidate, "max_rate_n_per_s"))
        }
        _ => return None,
    })
}

fn weakest(f: &Frame, candidate: &Candidate) -> String {
    match candidate.prescription.mode {
        PullMode::Cyclic => f.t.plan_end_swings(text(LEAST_FORCE.get())),
        _ => f.t.plan_end_weakest(),
    }
}

/// The steepest angle, with who names it.
fn steepest(f: &Frame, candidate: &Candidate) -> String {
    let words = match candidate.prescription.region {
        Region::Lumbar => f.t.plan_end_steep_back(),
        Region::Cervical => f.t.plan_end_steep_neck(),
    };
    match reason(candidate, "angle_deg") {
        Some(own) => cited(&words, own, f),
        None => words,
    }
}

/// What the plan itself says of a slider's setting, and why.
pub(super) fn own(f: &Frame, candidate: &Candidate, of: Span) -> String {
    let pull = &candidate.prescription;
    let value = match of.name {
        "force_n" => pull.force_n,
        "angle_deg" => pull.angle_deg,
        "hold_s" => pull.hold_s,
        "rest_s" => pull.rest_s,
        "ramp_n_per_s" => pull.ramp_n_per_s,
        _ => return String::new(),
    };
    f.t.plan_own(text(value), of.unit, why(f, candidate, of.name))
}

/// Up to where the first sessions may go.
pub(super) fn fence(f: &Frame, candidate: &Candidate) -> Option<Fence> {
    let (course, span) = (&candidate.course, force(candidate));
    let at = course.first_ceiling_n;
    if course.first_sessions == 0 || !(span.low..span.high).contains(&at) {
        return None;
    }
    let share = (at - span.low) / (span.high - span.low) * 100.0;
    Some(Fence {
        at: format!("{share:.1}"),
        beyond: format!("{:.1}", 100.0 - share),
        words: f.t.plan_fence_first(
            format!("{at:.0}"),
            course.first_sessions,
            why(f, candidate, "first_ceiling_n"),
        ),
    })
}

fn reason<'a>(candidate: &'a Candidate, setting: &str) -> Option<&'a Reason> {
    let mut reasons = candidate.prescription.reasons.iter();
    reasons.find(|reason| reason.setting == setting)
}

/// Why in the plan's own words, with who says so; plans of before it was told say only that.
fn why(f: &Frame, candidate: &Candidate, setting: &str) -> String {
    match reason(candidate, setting) {
        Some(reason) => cited(&reason.why, reason, f),
        None => f.t.plan_end_of_plan(),
    }
}

fn cited(words: &str, reason: &Reason, f: &Frame) -> String {
    let whom = match reason.sources.is_empty() {
        true => f.t.plan_of_ours(),
        false => reason.sources.join(", "),
    };
    f.t.plan_cited(words, whom)
}
