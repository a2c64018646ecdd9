//! The sliders of a plan: what may be looked at, and what was asked.
//!
//! A slider goes as far as the candidate's own limits go. What lies beyond is refused
//! with its place; nothing here changes the candidate.

use care::plan::{Candidate, Prescription, PullMode};
use si::{Problem, Region};
use spine::column::Output;

use crate::door::form::Form;
use crate::frame::Frame;

/// The outputs that may colour the picture.
pub(super) const OUTPUTS: [Output; 2] = [Output::Separation, Output::PressureChange];
/// Least force that a table pulls with, and the least that leaves room for a swing, N.
const LEAST: (f64, f64) = (10.0, 21.0);
/// Shortest hold and rest, s.
const SHORTEST: f64 = 5.0;
/// Slowest ramp, N/s.
const SLOWEST: f64 = 0.1;
/// Shortest slow half of a logarithmic rise, as a share of its ramp: ½ · (e − 1), rounded up.
const SLOW_HALF: f64 = 0.86;
/// Angles that makers and textbooks name, low back and neck, degrees.
const ANGLES: (f64, f64) = (30.0, 35.0);

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
struct Span {
    name: &'static str,
    low: f64,
    high: f64,
    unit: &'static str,
}

/// A limit on a slider, and why it is there.
pub(super) struct Fence {
    /// Share of the slider, 0 to 100.
    pub(super) at: String,
    /// What is left of it.
    pub(super) beyond: String,
    /// The limit with its reason.
    pub(super) words: String,
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
    pub(super) fence: Option<Fence>,
    pub(super) note: String,
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
        let total = self.pull(&candidate.prescription).pull()?.duration().get();
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
        let mut sliders = vec![
            slider(
                f.t.plan_force_label(),
                force(candidate),
                ("1", self.force_n),
            ),
            slider(
                f.t.plan_angle_label(),
                angle(candidate),
                ("1", self.angle_deg),
            ),
            slider(f.t.plan_hold_label(), hold(candidate), ("5", self.hold_s)),
        ];
        if repeats(candidate) {
            let label =
                f.t.plan_rest_label(format!("{:.0}", self.pull(pull).base_n));
            sliders.push(slider(label, rest(candidate), ("5", self.rest_s)));
        }
        let own = ("0.01", self.ramp_n_per_s);
        sliders.push(slider(f.t.plan_ramp_label(), ramp(candidate), own));
        sliders.extend(self.shape.sliders(f, candidate));
        for slider in &mut sliders {
            slider.note = note(f, candidate, slider.name);
        }
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

fn force(candidate: &Candidate) -> Span {
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

fn angle(candidate: &Candidate) -> Span {
    let high = match candidate.prescription.region {
        Region::Lumbar => ANGLES.0,
        Region::Cervical => ANGLES.1,
    };
    span("angle_deg", (0.0, high), "°")
}

fn hold(candidate: &Candidate) -> Span {
    let most = turn(candidate).max(candidate.prescription.hold_s);
    span("hold_s", (SHORTEST, most), "s")
}

fn rest(candidate: &Candidate) -> Span {
    let most = turn(candidate).max(candidate.prescription.rest_s);
    span("rest_s", (SHORTEST, most), "s")
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

fn ramp(candidate: &Candidate) -> Span {
    span(
        "ramp_n_per_s",
        (SLOWEST, candidate.course.max_rate_n_per_s),
        "N/s",
    )
}

const fn span(name: &'static str, (low, high): (f64, f64), unit: &'static str) -> Span {
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
        fence: None,
        note: String::new(),
    }
}

/// Up to where the first sessions may go.
fn fence(f: &Frame, candidate: &Candidate) -> Option<Fence> {
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
            why(candidate, "first_ceiling_n"),
        ),
    })
}

/// Why a slider ends where it ends, or stands where it stands, in the plan's own words.
fn note(f: &Frame, candidate: &Candidate, name: &str) -> String {
    match name {
        "force_n" => f.t.plan_fence_ceiling(
            format!("{:.0}", candidate.course.ceiling_n),
            why(candidate, "ceiling_n"),
        ),
        "angle_deg" => f.t.plan_signed_angle(
            format!("{:.0}", candidate.prescription.angle_deg),
            why(candidate, "angle_deg"),
        ),
        _ => String::new(),
    }
}

fn why(candidate: &Candidate, setting: &str) -> String {
    let mut reasons = candidate.prescription.reasons.iter();
    let found = reasons.find(|reason| reason.setting == setting);
    found.map(|reason| reason.why.clone()).unwrap_or_default()
}
