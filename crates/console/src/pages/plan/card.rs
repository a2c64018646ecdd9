//! A candidate as the page shows it: its numbers, its course of force, and why.

use care::plan::{Candidate, Proposal};
use draw::{Axis, Caption, Curve, Line, LineKind};
use si::Newtons;
use traction::{Profile, Ticks};

use super::settings;
use crate::frame::Frame;

/// A setting's name without the unit that it carries.
fn spoken(setting: &str) -> String {
    let units = ["_n_per_s", "_n", "_deg", "_s"];
    let bare = units.iter().find_map(|unit| setting.strip_suffix(unit));
    bare.unwrap_or(setting).replace('_', " ")
}

/// Why a setting is what it is, and what speaks against it.
pub(in crate::pages) struct Ground {
    pub(in crate::pages) setting: String,
    pub(in crate::pages) why: String,
    pub(in crate::pages) sources: String,
    pub(in crate::pages) dissent: Vec<String>,
}

/// One candidate.
pub(in crate::pages) struct Card {
    pub(in crate::pages) name: String,
    pub(in crate::pages) words: String,
    pub(in crate::pages) force: String,
    pub(in crate::pages) line: String,
    pub(in crate::pages) course: String,
    /// What only its mode has, and up to where it may be changed.
    pub(in crate::pages) shape: Vec<String>,
    pub(in crate::pages) told: String,
    pub(in crate::pages) curve: String,
    pub(in crate::pages) reasons: Vec<Ground>,
    pub(in crate::pages) chosen: bool,
}

pub(in crate::pages) fn cards(f: &Frame, plan: &Proposal, chosen: Option<&str>) -> Vec<Card> {
    let scale = Scale::of(plan.offered().map(|(_, candidate)| candidate));
    plan.offered()
        .map(|(name, candidate)| card(f, (name, candidate), chosen, scale))
        .collect()
}

/// What the curves of all candidates are drawn against, so that the eye compares them.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
struct Scale {
    seconds: f64,
    newtons: f64,
}

impl Scale {
    /// The longest session, and the most force that is drawn, with room for the words above it.
    fn of<'a>(candidates: impl Iterator<Item = &'a Candidate>) -> Self {
        candidates.fold(Self::default(), |scale, candidate| {
            let pull = &candidate.prescription;
            let most = candidate.course.first_ceiling_n.max(pull.force_n);
            let most = pull.ceiling_n.map_or(most, |limit| most.max(limit));
            let lasts = profile(candidate).map_or(0.0, |p| p.total().seconds().get());
            Self {
                seconds: scale.seconds.max(lasts),
                newtons: scale.newtons.max(most * 1.25),
            }
        })
    }
}

fn profile(candidate: &Candidate) -> Option<Profile> {
    let pull = &candidate.prescription;
    pull.profile(Newtons::new(pull.force_n)?).ok()
}

fn card(
    f: &Frame,
    (name, candidate): (&str, &Candidate),
    chosen: Option<&str>,
    scale: Scale,
) -> Card {
    let (pull, course) = (&candidate.prescription, &candidate.course);
    let (curve, minutes) = curve(f, name, candidate, scale);
    Card {
        words: f.t.candidate(name),
        force: f.t.plan_force(round(pull.force_n)),
        line: f.t.plan_line(
            f.t.plan_mode(pull.mode.as_str()),
            format!("{minutes:.0}"),
            f.t.plan_cycles(pull.cycles),
            round(pull.angle_deg),
        ),
        course: f
            .t
            .plan_course_line(course.sessions, course.per_week, round(course.ceiling_n)),
        shape: shape(f, candidate),
        told: told(f, candidate),
        reasons: pull
            .reasons
            .iter()
            .map(|r| Ground {
                setting: spoken(&r.setting),
                why: r.why.clone(),
                sources: r.sources.join(", "),
                dissent: r.dissent.clone(),
            })
            .collect(),
        chosen: chosen.map_or(name == "gentle", |chosen| chosen == name),
        name: name.to_owned(),
        curve,
    }
}

/// What only the mode has, the limit that is signed, and where it was chosen from.
fn shape(f: &Frame, candidate: &Candidate) -> Vec<String> {
    let pull = &candidate.prescription;
    let numbers = [
        (f.t.plan_release_label(), pull.release_n_per_s, "N/s"),
        (f.t.plan_least(), pull.least_n, "N"),
        (f.t.plan_rise(), pull.rise_s, "s"),
        (f.t.plan_swing(), pull.swing_n, "N"),
        (f.t.plan_period(), pull.period_s, "s"),
        (f.t.plan_limit_label(), pull.ceiling_n, "N"),
    ];
    let told = numbers.into_iter().filter_map(|(name, value, unit)| {
        let value = settings::text(value?);
        Some(f.t.plan_shape(name, value, unit))
    });
    let from = candidate.from.iter();
    let from = from.map(|name| f.t.plan_chosen_from(f.t.candidate(name)));
    from.chain(told).collect()
}

/// What the target is expected to do, in a line.
fn told(f: &Frame, candidate: &Candidate) -> String {
    let target = candidate.prescription.target;
    let Some(forecast) = &candidate.prediction else {
        return f.t.plan_no_forecast(f.t.unknown());
    };
    let mut levels = forecast.levels.iter();
    let level = levels.find(|level| level.segment == target);
    let mm = |value: f64| crate::pages::spine::number(value, 1);
    let words = level.map(|level| {
        let opening = &level.opening_mm;
        f.t.plan_target_opens(target, mm(opening.mid), mm(opening.low), mm(opening.high))
    });
    words.unwrap_or_default()
}

fn round(value: f64) -> String {
    format!("{value:.0}")
}

pub(super) fn force_of(cards: &[Card], name: &str) -> String {
    let force = cards
        .iter()
        .find(|card| card.name == name)
        .map(|card| card.force.clone());
    force.unwrap_or_default().trim_end_matches(" N").to_owned()
}

/// The course of force of the first session, and its minutes.
fn curve(f: &Frame, name: &str, candidate: &Candidate, scale: Scale) -> (String, f64) {
    let pull = &candidate.prescription;
    let Some(profile) = profile(candidate) else {
        return Default::default();
    };
    let total = profile.total().seconds().get();
    // A dozen points to an oscillation, so that it is drawn as it pulls.
    let swings = pull.period_s.map_or(0.0, |period| total / period.max(1.0));
    #[allow(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "clamped"
    )]
    let steps = (12.0 * swings).clamp(400.0, 3_000.0) as u32;
    let points: Vec<(f64, f64)> = (0..=steps)
        .filter_map(|step| {
            let at = si::Seconds::new(total * f64::from(step) / f64::from(steps))?;
            Some((at.get(), profile.at(Ticks::from_seconds(at)?).force.get()))
        })
        .collect();
    let (id, title) = (format!("curve-{name}"), f.t.candidate(name));
    let (first, limit) = (f.t.plan_fence(), f.t.plan_limit_label());
    let binds = candidate.course.first_sessions > 0;
    let mut fences = Vec::from_iter(binds.then_some(draw::Fence {
        at: candidate.course.first_ceiling_n,
        label: &first,
    }));
    // Two labels need a fifth of the picture between them; the limit is told in words too.
    let first_at = candidate.course.first_ceiling_n;
    let apart = |at: f64| !binds || (at - first_at).abs() > scale.newtons / 5.0;
    fences.extend(pull.ceiling_n.map(|at| draw::Fence {
        at,
        label: if apart(at) { &limit } else { "" },
    }));
    let desc =
        f.t.plan_curve_desc(round(pull.force_n), round(total / 60.0));
    let svg = draw::curve(&Curve {
        caption: Caption {
            id: &id,
            title: &title,
            desc: &desc,
        },
        size: (360.0, 140.0),
        x: Axis::minutes(scale.seconds, "min"),
        y: Axis::new(0.0, scale.newtons, "N"),
        bands: &[],
        lines: &[Line {
            kind: LineKind::Estimate,
            label: "",
            points: &points,
        }],
        fences: &fences,
        now: None,
    });
    (svg, total / 60.0)
}

#[cfg(test)]
mod tests {
    use super::spoken;

    #[test]
    fn a_setting_is_named_without_its_unit() {
        assert_eq!(spoken("first_ceiling_n"), "first ceiling");
        assert_eq!(spoken("ramp_n_per_s"), "ramp");
        assert_eq!(spoken("angle_deg"), "angle");
        assert_eq!(spoken("sessions"), "sessions");
    }
}
