//! The sliders of a plan: what may be looked at, and what was asked.
//!
//! A slider goes as far as the candidate's own limits go. What lies beyond is refused
//! with its place; nothing here changes the candidate.

use care::plan::{Candidate, Prescription, PullMode};
use si::Problem;
use spine::column::Output;

use super::ends::{End, Fence, angle, ends, fence, hold, own, ramp, rest};
use crate::door::form::Form;
use crate::frame::Frame;

/// The outputs that may colour the picture.
pub(super) const OUTPUTS: [Output; 2] = [Output::Separation, Output::PressureChange];
/// Least force that a table pulls with, and the least that leaves room for a swing, N.
const LEAST: (f64, f64) = (10.0, 21.0);
/// Slowest ramp, N/s.
const SLOWEST: f64 = 0.1;
/// Shortest slow half of a logarithmic rise, as a share of its ramp: ½ · (e − 1), rounded up.
const SLOW_HALF: f64 = 0.86;
/// What is looked at.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Settings {
    pub(super) force_n: f64,
    pub(super) angle_deg: f64,
    pub(super) hold_s: f64,
    pub(super) rest_s: f64,
    pub(super) ramp_n_per_s: f64,
    /// What only some modes have, as the candidate has it.
    pub(super) shape: Shape,
    /// What colours the picture.
    pub(super) output: Output,
}

/// The numbers that only some modes have; nothing where the candidate's mode has none.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Shape {
    release_n_per_s: Option<f64>,
    least_n: Option<f64>,
    rise_s: Option<f64>,
    swing_n: Option<f64>,
    period_s: Option<f64>,
}

impl Shape {
    const fn of(pull: &Prescription) -> Self {
        Self {
            release_n_per_s: pull.release_n_per_s,
            least_n: pull.least_n,
            rise_s: pull.rise_s,
            swing_n: pull.swing_n,
            period_s: pull.period_s,
        }
    }

    /// What a query asks of them.
    fn read(
        candidate: &Candidate,
        read: impl Fn(Span, f64) -> Result<f64, Problem>,
    ) -> Result<Self, Problem> {
        let own = Self::of(&candidate.prescription);
        let one = |name, own: Option<f64>| {
            own.map(|own| read(shape_span(candidate, name), own))
                .transpose()
        };
        Ok(Self {
            release_n_per_s: one("release_n_per_s", own.release_n_per_s)?,
            least_n: one("least_n", own.least_n)?,
            rise_s: one("rise_s", own.rise_s)?,
            swing_n: one("swing_n", own.swing_n)?,
            period_s: one("period_s", own.period_s)?,
        })
    }

    /// Their sliders.
    fn sliders(&self, f: &Frame, candidate: &Candidate) -> Vec<Slider> {
        let all = [
            (
                "release_n_per_s",
                f.t.plan_release_label(),
                "0.01",
                self.release_n_per_s,
            ),
            ("least_n", f.t.plan_least(), "1", self.least_n),
            ("rise_s", f.t.plan_rise(), "1", self.rise_s),
            ("swing_n", f.t.plan_swing(), "1", self.swing_n),
            ("period_s", f.t.plan_period(), "0.01", self.period_s),
        ];
        let shown = all.into_iter().filter_map(|(name, label, step, value)| {
            Some(slider(label, shape_span(candidate, name), (step, value?)))
        });
        shown.collect()
    }

    /// The pull with these; where another slider left them no room they give way.
    fn onto(self, pull: Prescription) -> Prescription {
        let (force, floor) = (pull.force_n, LEAST.0.max(pull.base_n));
        let slower = pull
            .ramp_n_per_s
            .min(self.release_n_per_s.unwrap_or(pull.ramp_n_per_s));
        let swing = self.swing_n.map(|swing| swing.min(force - floor));
        let period = self.period_s.map(|period| {
            let followed = swing.unwrap_or(0.0) / slower * core::f64::consts::PI;
            (period.max(followed) * 100.0).ceil() / 100.0
        });
        // An oscillating hold is made of whole periods.
        let whole = |period: f64| (pull.hold_s / period).round().max(1.0) * period;
        Prescription {
            release_n_per_s: self.release_n_per_s,
            least_n: self.least_n.map(|least| least.min(force - 1.0)),
            rise_s: self
                .rise_s
                .map(|rise| rise.max(SLOW_HALF * force / pull.ramp_n_per_s)),
            swing_n: swing,
            hold_s: period.map_or(pull.hold_s, whole),
            period_s: period,
            ..pull
        }
    }
}

/// A range that a slider has.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Span {
    pub(super) name: &'static str,
    pub(super) low: f64,
    pub(super) high: f64,
    pub(super) unit: &'static str,
}

/// One slider.
pub(super) struct Slider {
    pub(super) name: &'static str,
    pub(super) label: String,
    pub(super) unit: &'static str,
    pub(super) low: String,
    pub(super) high: String,
    pub(super) step: &'static str,
    pub(super) value: String,
    /// Which end it stands at: `low`, `high` or nothing.
    pub(super) at: &'static str,
    pub(super) fence: Option<Fence>,
    /// Both ends with their reasons.
    pub(super) ends: Vec<End>,
    /// What the plan itself says, and why.
    pub(super) own: String,
}

impl Settings {
    /// What the candidate itself says.
    pub(super) fn of(pull: &Prescription) -> Self {
        Self {
            force_n: pull.force_n,
            angle_deg: pull.angle_deg,
            hold_s: pull.hold_s,
            rest_s: pull.rest_s,
            ramp_n_per_s: pull.ramp_n_per_s,
            shape: Shape::of(pull),
            output: Output::Separation,
        }
    }

    /// What a query asks; what it does not name is as the candidate says.
    pub(super) fn read(candidate: &Candidate, query: &Form) -> Result<Self, Problem> {
        let own = Self::of(&candidate.prescription);
        let read = |span: Span, own: f64| match query.read::<f64>(span.name)? {
            None => Ok(own),
            // What the plan itself says is never out of reach, however it was rounded.
            Some(value) if (value - own).abs() < 0.01 => Ok(own),
            Some(value) => span.check(value),
        };
        let settings = Self {
            force_n: read(force(candidate), own.force_n)?,
            angle_deg: read(angle(candidate), own.angle_deg)?,
            hold_s: read(hold(candidate), own.hold_s)?,
            rest_s: match repeats(candidate) {
                true => read(rest(candidate), own.rest_s)?,
                false => own.rest_s,
            },
            ramp_n_per_s: read(ramp(candidate), own.ramp_n_per_s)?,
            shape: Shape::read(candidate, read)?,
            output: output(query)?,
        };
        settings.check(candidate)?;
        Ok(settings)
    }

    /// The whole is no longer than the candidate allows.
    fn check(&self, candidate: &Candidate) -> Result<(), Problem> {
        let total = self.total(candidate)?;
        let most = candidate.course.max_duration_s;
        if total <= most + 1.0 {
            return Ok(());
        }
        Err(Problem::new(
            "session-too-long",
            "hold_s",
            format!("{} s", self.hold_s),
            format!("the whole would last {total:.0} s, longer than the {most:.0} s of this plan"),
            "shorten hold or rest, or take a steeper ramp",
        ))
    }

    /// How long the whole lasts with these settings, s.
    pub(super) fn total(&self, candidate: &Candidate) -> Result<f64, Problem> {
        let pull = self.pull(&candidate.prescription).pull()?;
        Ok(pull.duration().get())
    }

    /// The candidate's pull with these settings.
    pub(super) fn pull(&self, own: &Prescription) -> Prescription {
        let share = (self.force_n / own.force_n.max(1.0)).min(1.0);
        let base = match own.mode {
            PullMode::Cyclic => (own.base_n * share).max(LEAST.0),
            _ => own.base_n * share,
        };
        self.shape.onto(Prescription {
            force_n: self.force_n,
            base_n: base,
            angle_deg: self.angle_deg,
            hold_s: self.hold_s,
            rest_s: self.rest_s,
            ramp_n_per_s: self.ramp_n_per_s,
            ..own.clone()
        })
    }

    /// The sliders standing where these settings are.
    pub(super) fn sliders(&self, f: &Frame, candidate: &Candidate) -> Vec<Slider> {
        let pull = &candidate.prescription;
        let one = |label: String, span: Span, (step, value): (&'static str, f64)| Slider {
            ends: ends(f, candidate, span),
            own: own(f, candidate, span),
            ..slider(label, span, (step, value))
        };
        let t = f.t;
        let mut sliders = vec![
            one(t.plan_force_label(), force(candidate), ("1", self.force_n)),
            one(
                t.plan_angle_label(),
                angle(candidate),
                ("1", self.angle_deg),
            ),
            one(t.plan_hold_label(), hold(candidate), ("5", self.hold_s)),
        ];
        if repeats(candidate) {
            let label = t.plan_rest_label(format!("{:.0}", self.pull(pull).base_n));
            sliders.push(one(label, rest(candidate), ("5", self.rest_s)));
        }
        let own = ("0.01", self.ramp_n_per_s);
        sliders.push(one(t.plan_ramp_label(), ramp(candidate), own));
        sliders.extend(self.shape.sliders(f, candidate));
        sliders[0].fence = fence(f, candidate);
        sliders
    }
}

impl Span {
    fn check(self, value: f64) -> Result<f64, Problem> {
        if (self.low..=self.high).contains(&value) {
            return Ok(value);
        }
        Err(Problem::new(
            "out-of-range",
            self.name,
            format!("{value} {}", self.unit),
            format!("is outside {} to {} {}", self.low, self.high, self.unit),
            "stay inside the range; more needs another plan",
        ))
    }
}

/// Whether the pull lets go and comes back.
fn repeats(candidate: &Candidate) -> bool {
    candidate.prescription.cycles > 1
}

pub(super) fn force(candidate: &Candidate) -> Span {
    let low = match candidate.prescription.mode {
        PullMode::Cyclic => LEAST.1,
        _ => LEAST.0,
    };
    let high = candidate
        .course
        .ceiling_n
        .max(candidate.prescription.force_n);
    span("force_n", (low, high), "N")
}

/// What is left of the longest session for each pull, once the plan's own ramps are taken off, s.
fn turn(candidate: &Candidate) -> f64 {
    let pull = &candidate.prescription;
    let ramps = 2.0 * pull.force_n / pull.ramp_n_per_s.max(SLOWEST);
    let turns = f64::from(pull.cycles.max(1));
    ((candidate.course.max_duration_s - ramps) / turns).floor()
}

/// The range of a number that only some modes have.
fn shape_span(candidate: &Candidate, name: &'static str) -> Span {
    let (pull, course) = (&candidate.prescription, &candidate.course);
    match name {
        "release_n_per_s" => span(name, (SLOWEST, course.max_rate_n_per_s), "N/s"),
        "least_n" => span(
            name,
            (LEAST.0.max(pull.base_n + 1.0), pull.force_n - 1.0),
            "N",
        ),
        "swing_n" => span(name, (2.0, pull.force_n - LEAST.0.max(pull.base_n)), "N"),
        "rise_s" => {
            let ramp = SLOW_HALF * pull.force_n / pull.ramp_n_per_s.max(SLOWEST);
            span(name, (ramp, turn(candidate).max(ramp)), "s")
        }
        _ => span(name, (2.0, pull.hold_s), "s"),
    }
}

pub(super) const fn span(name: &'static str, (low, high): (f64, f64), unit: &'static str) -> Span {
    Span {
        name,
        low,
        high,
        unit,
    }
}

fn output(query: &Form) -> Result<Output, Problem> {
    let Some(name) = query.get("output") else {
        return Ok(Output::Separation);
    };
    let found = OUTPUTS.into_iter().find(|output| output.as_str() == name);
    found.ok_or_else(|| {
        let names = OUTPUTS.map(Output::as_str).join(" or ");
        let shown: String = name.chars().take(40).collect();
        Problem::new(
            "unknown-name",
            "output",
            shown,
            "colours no picture here",
            format!("choose {names}"),
        )
    })
}

/// A number to hundredths, as short as it can be written.
pub(super) fn text(value: f64) -> String {
    let text = format!("{value:.2}");
    text.trim_end_matches('0').trim_end_matches('.').to_owned()
}

fn slider(label: String, span: Span, (step, value): (&'static str, f64)) -> Slider {
    Slider {
        name: span.name,
        label,
        unit: span.unit,
        low: text(span.low),
        high: text(span.high),
        step,
        value: text(value),
        at: match (value <= span.low, value >= span.high) {
            (true, _) => "low",
            (false, true) => "high",
            (false, false) => "",
        },
        fence: None,
        ends: Vec::new(),
        own: String::new(),
    }
}
