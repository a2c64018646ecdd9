//! What a practitioner chooses instead of a candidate's own settings.
//!
//! The choice keeps level, angle, position and course of the candidate that it starts
//! from, and every cap: it may lower the force, take another mode, and allow the force to
//! be raised while a session runs up to `ceiling_n`. What it leaves open comes from the
//! numbers of dose. Everything is held against [`Proposal::sound`] like the candidates.
//! Ours; shown by `every_mode_can_be_chosen_and_signed` and `a_choice_beyond_its_candidate_is_refused`.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use si::{Newtons, Problem};
use traction::Ticks;
use traction::profile::{LEAST_FORCE, LEAST_SWING, SHORTEST_HOLD};

use super::build::{Frame, Strength, because, length, ours, share, time, whole};
use super::condition::told;
use super::dose::{Common, Parameter};
use super::{Candidate, Course, Prescription, Proposal, PullMode, Reason, forecast};

/// Most pulls that are filled in.
const MOST_PULLS: u16 = 60;

/// Settings in place of a candidate's own; what is left out follows the numbers of dose.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct Choice {
    /// The candidate it starts from: `gentle`, `standard` or `firm`.
    pub from: String,
    /// How the force is applied.
    pub mode: Option<PullMode>,
    /// Force of a pull in the first session; no more than the candidate's.
    pub force_n: Option<f64>,
    /// No session above this, nor a change while one runs.
    pub ceiling_n: Option<f64>,
    /// Ramp upwards.
    pub ramp_n_per_s: Option<f64>,
    /// Ramp downwards.
    pub release_n_per_s: Option<f64>,
    /// Length of a hold.
    pub hold_s: Option<f64>,
    /// Length of a rest.
    pub rest_s: Option<f64>,
    /// Number of holds.
    pub cycles: Option<u16>,
    /// Weakest pull.
    pub least_n: Option<f64>,
    /// Slow half of a logarithmic rise.
    pub rise_s: Option<f64>,
    /// Depth of an oscillation.
    pub swing_n: Option<f64>,
    /// Length of one oscillation.
    pub period_s: Option<f64>,
}

impl Choice {
    /// The name of the candidate that is made of it.
    pub const NAME: &'static str = "chosen";

    /// Every number that was chosen, by its setting.
    fn numbers(&self) -> impl Iterator<Item = (&'static str, f64)> {
        [
            ("force_n", self.force_n),
            ("ceiling_n", self.ceiling_n),
            ("ramp_n_per_s", self.ramp_n_per_s),
            ("release_n_per_s", self.release_n_per_s),
            ("hold_s", self.hold_s),
            ("rest_s", self.rest_s),
            ("cycles", self.cycles.map(f64::from)),
            ("least_n", self.least_n),
            ("rise_s", self.rise_s),
            ("swing_n", self.swing_n),
            ("period_s", self.period_s),
        ]
        .into_iter()
        .filter_map(|(name, value)| Some((name, value?)))
    }

    /// Only what the mode has, within what the candidate allows.
    fn check(&self, own: &Candidate, mode: PullMode) -> Result<(), Problem> {
        let of_all = |name: &str| {
            let (length, time) = (name.ends_with("_n_per_s"), name == "hold_s");
            length || time || name == "force_n" || name == "ceiling_n"
        };
        let strange = self
            .numbers()
            .find(|(name, _)| !of_all(name) && !mode.settings().contains(name));
        if let Some((name, value)) = strange {
            let problem = format!("means nothing in {} mode", mode.as_str());
            return Err(wrong(name, value.to_string(), problem, "leave it out"));
        }
        let most = own.prescription.force_n;
        let force = self.force_n.unwrap_or(most);
        between(
            ("force_n", force),
            (LEAST_FORCE.get(), most),
            "take a force inside these, or start from a stronger candidate",
        )?;
        let ceiling = self.ceiling_n.unwrap_or(force);
        between(
            ("ceiling_n", ceiling),
            (force, own.course.ceiling_n.max(force)),
            "take a limit from the force up to the ceiling of the course",
        )
    }

    /// A problem of the finished candidate, at the setting that was chosen.
    pub(super) fn refused(&self, found: Problem) -> Problem {
        let parts = ["candidates.chosen.prescription.", "prescription."];
        let setting = parts.iter().find_map(|part| found.place.strip_prefix(part));
        let Some(setting) = setting.map(str::to_owned) else {
            return found;
        };
        Problem {
            code: "choice-refused",
            place: format!("choice.{setting}"),
            remedy: "choose a value inside the bounds that the problem names, or leave it out"
                .to_owned(),
            ..found
        }
    }
}

fn wrong(setting: &str, value: String, problem: String, remedy: &str) -> Problem {
    let place = format!("choice.{setting}");
    Problem::new("choice-refused", place, value, problem, remedy)
}

fn between(
    (setting, value): (&str, f64),
    (low, high): (f64, f64),
    remedy: &str,
) -> Result<(), Problem> {
    if (low..=high).contains(&value) {
        return Ok(());
    }
    let problem = format!("lies outside {low} to {high} N, what its candidate allows");
    Err(wrong(setting, value.to_string(), problem, remedy))
}

/// The candidate that a practitioner chose.
pub(super) fn choose(
    frame: &Frame<'_>,
    plan: &Proposal,
    choice: &Choice,
) -> Result<Candidate, Problem> {
    let of_from = |problem: Problem| Problem {
        place: "choice.from".to_owned(),
        ..problem
    };
    let own = plan.candidate(&choice.from).map_err(of_from)?;
    let Some(strength) = Strength::named(&choice.from) else {
        let problem = "is no candidate of the plan".to_owned();
        let remedy = "start from gentle, standard or firm";
        return Err(wrong("from", choice.from.clone(), problem, remedy));
    };
    let mode = choice.mode.unwrap_or(own.prescription.mode);
    open(frame, mode)?;
    choice.check(own, mode)?;
    let mut reasons = kept(own, choice);
    reasons.extend(grounds(frame, own, mode));
    let pull = fill(frame, (strength, own, mode), choice, &mut reasons);
    let pull = Prescription { reasons, ..pull };
    pull.profile(Newtons::raw(pull.force_n))
        .map_err(|found| choice.refused(found))?;
    let first = own.course.first_ceiling_n * share(frame.request, strength).value;
    let told = |belief| forecast::forecast(&pull, frame.body, belief);
    Ok(Candidate {
        prediction: frame.request.belief.and_then(told),
        course: Course {
            first_ceiling_n: whole(Newtons::raw(first)).max(own.prescription.force_n),
            ..own.course.clone()
        },
        from: Some(choice.from.clone()),
        prescription: pull,
    })
}

/// The condition that is treated leaves the mode open.
fn open(frame: &Frame<'_>, mode: PullMode) -> Result<(), Problem> {
    let own = frame.settings.row.and_then(|row| row.mode.as_ref());
    let Some(only) = own.filter(|own| own.only && own.value != mode) else {
        return Ok(());
    };
    let remedy = format!("leave the mode {}", only.value.as_str());
    let problem = format!("another mode is not open here: {}", only.why);
    Err(wrong("mode", mode.as_str().to_owned(), problem, &remedy))
}

/// What still explains the settings that were not chosen.
fn kept(own: &Candidate, choice: &Choice) -> Vec<Reason> {
    let chosen = |reason: &&Reason| {
        let setting = reason.setting.as_str();
        let replaced = ["mode", "hold_s", "rest_s", "ramp_n_per_s", "base_n"];
        !replaced.contains(&setting)
    };
    let reasons = own.prescription.reasons.iter().filter(chosen);
    let mut reasons: Vec<Reason> = reasons.cloned().collect();
    let by_hand = |(name, _): (&str, f64)| ours(name, "The practitioner chose it.");
    reasons.extend(choice.numbers().map(by_hand));
    reasons
}

/// What is known of the mode, and of choosing.
fn grounds(frame: &Frame<'_>, own: &Candidate, mode: PullMode) -> Vec<Reason> {
    let dose = frame.request.dose;
    let row = frame.settings.row.and_then(|row| row.mode.as_ref());
    let mut reasons = vec![dose.notes.chosen.reason("choice")];
    if let Some(known) = dose.mode_row(mode) {
        let mut of_mode = Reason {
            setting: "mode".to_owned(),
            why: known.why.clone(),
            sources: known.sources.clone(),
            evidence: known.evidence.clone(),
            dissent: told(&known.dissent),
        };
        let before = own.prescription.reasons.iter();
        let before =
            before.filter(|reason| reason.setting == "mode" && mode != own.prescription.mode);
        let plans = before.map(|reason| format!("The plan's own mode: {}", reason.why));
        of_mode.dissent.extend(plans);
        reasons.push(of_mode);
    }
    let from_first = row.is_some_and(|row| row.from_first && row.value == mode);
    if frame.first() && mode != PullMode::Static && !from_first {
        reasons.push(dose.notes.chosen_first.reason("mode"));
    }
    reasons
}

/// The pull: what was chosen, and for the rest the numbers of dose.
fn fill(
    frame: &Frame<'_>,
    (strength, own, mode): (Strength, &Candidate, PullMode),
    choice: &Choice,
    reasons: &mut Vec<Reason>,
) -> Prescription {
    let mut pull = Prescription {
        mode,
        force_n: choice.force_n.unwrap_or(own.prescription.force_n),
        release_n_per_s: choice.release_n_per_s,
        ceiling_n: choice.ceiling_n,
        rest_s: 0.0,
        cycles: 1,
        ..own.prescription.clone()
    };
    let mut usual = Vec::new();
    time(frame, strength, (&mut pull, &mut usual));
    pull.ramp_n_per_s = choice.ramp_n_per_s.unwrap_or(pull.ramp_n_per_s);
    let length = length(frame, strength).value;
    if mode.repeats() {
        pull.rest_s = choice.rest_s.unwrap_or(pull.rest_s);
        pull.hold_s = choice.hold_s.unwrap_or(pull.hold_s);
        let common = &frame.request.dose.common;
        let mut why = Vec::new();
        shaped(&mut pull, common, (choice, &mut why));
        pull.cycles = choice
            .cycles
            .unwrap_or_else(|| pulls_within(&pull, length, &own.course));
        if choice.hold_s.is_none() && choice.cycles.is_none() {
            pull.hold_s = shortened(&pull, length);
            shaped(&mut pull, common, (choice, &mut Vec::new()));
        }
        reasons.extend(why);
    } else {
        let ramps = pull.force_n / pull.ramp_n_per_s + pull.force_n / pull.release();
        let rest = libm::floor((length - ramps).max(SHORTEST_HOLD.get()));
        pull.hold_s = choice.hold_s.unwrap_or(rest);
    }
    let chosen = |name: &str| choice.numbers().any(|(own, _)| own == name);
    reasons.extend(usual.into_iter().filter(|reason| !chosen(&reason.setting)));
    if choice.ceiling_n.is_some() {
        reasons.push(frame.request.dose.notes.headroom.reason("ceiling_n"));
    }
    pull
}

/// The numbers that only this mode has.
fn shaped(
    pull: &mut Prescription,
    common: &Common,
    (choice, reasons): (&Choice, &mut Vec<Reason>),
) {
    let mut usual = |name: &str, chosen: Option<f64>, number: &Parameter, value: f64| {
        if chosen.is_none() {
            reasons.push(because(name, number));
        }
        Some(chosen.unwrap_or(value))
    };
    let floor = LEAST_FORCE.get().max(pull.base_n + 1.0);
    match pull.mode {
        PullMode::Progressive | PullMode::Regressive => {
            let least = libm::floor(pull.force_n * common.least_share.value).max(floor);
            pull.least_n = usual("least_n", choice.least_n, &common.least_share, least);
        }
        PullMode::Logarithmic => {
            let ramp = pull.force_n / pull.ramp_n_per_s;
            let rise = libm::ceil(ramp * common.slow_share.value);
            pull.rise_s = usual("rise_s", choice.rise_s, &common.slow_share, rise);
        }
        PullMode::Oscillating => {
            let swing = libm::floor(pull.force_n * common.swing_share.value);
            let swing = swing.min(pull.force_n - floor).max(LEAST_SWING.get());
            pull.swing_n = usual("swing_n", choice.swing_n, &common.swing_share, swing);
            let period = period(pull, common.period.value);
            pull.period_s = usual("period_s", choice.period_s, &common.period, period);
        }
        _ => {}
    }
}

/// The shortest period that the ramps follow and of which the hold is a whole number, s.
fn period(pull: &Prescription, shortest: f64) -> f64 {
    let slower = pull.ramp_n_per_s.min(pull.release());
    let least = pull.swing_n.unwrap_or(0.0) / slower * core::f64::consts::PI;
    let least = least.max(shortest);
    let Some(hold) = Ticks::from_seconds(si::Seconds::raw(pull.hold_s)) else {
        return least;
    };
    let most = (pull.hold_s / least).max(1.0) as u32;
    let even = (1..=most).rev().find(|parts| hold.count() % parts == 0);
    let parts = even.unwrap_or(1);
    Ticks::new(hold.count() / parts).seconds().get()
}

/// The hold, or what of it is left where so few pulls are too long already, s.
fn shortened(pull: &Prescription, length: f64) -> f64 {
    let total = pull.profile(Newtons::raw(pull.force_n));
    let total = total.map_or(0.0, |profile| profile.total().seconds().get());
    let over = libm::ceil((total - length).max(0.0) / f64::from(pull.cycles.max(1)));
    (pull.hold_s - over).max(SHORTEST_HOLD.get().min(pull.hold_s))
}

/// As many pulls as the length has room for, and as few as the mode is made of.
fn pulls_within(pull: &Prescription, length: f64, course: &Course) -> u16 {
    let fits = |cycles: &u16| {
        let pull = Prescription {
            cycles: *cycles,
            reasons: Vec::new(),
            conditions: Vec::new(),
            ..pull.clone()
        };
        let profile = pull.profile(Newtons::raw(pull.force_n));
        let short = profile.is_ok_and(|profile| profile.total().seconds().get() <= length);
        short && pull.fits(course)
    };
    // A pull that rests has something to rest between.
    let fewest = match pull.mode {
        PullMode::Intermittent | PullMode::Cyclic => 2,
        mode => mode.fewest(),
    };
    (fewest..=MOST_PULLS).rev().find(fits).unwrap_or(fewest)
}
