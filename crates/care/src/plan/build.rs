//! One candidate, built inside every cap.

use si::{Newtons, Problem};
use traction::profile::{LEAST_CYCLIC_BASE, SHORTEST_HOLD};

use super::body::Body;
use super::condition::{Settings, told};
use super::dose::Parameter;
use super::lie::{lie, mode, target};
use super::next::restart;
use super::{Candidate, Course, Position, Prescription, PullMode, Reason, Request, forecast};

/// What one candidate is built from.
#[derive(Clone, Copy, Debug)]
pub(super) struct Frame<'a> {
    /// What was asked for.
    pub(super) request: &'a Request<'a>,
    /// The body.
    pub(super) body: &'a Body,
    /// The numbers of what is treated.
    pub(super) settings: &'a Settings<'a>,
}

impl Frame<'_> {
    /// The first-session caps still bind.
    pub(super) fn first(&self) -> bool {
        self.request.history.first_left(&self.request.dose.common) > 0
    }
}

/// How much of the caps a candidate uses.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Strength {
    /// The least pull.
    Gentle,
    /// The usual one.
    Standard,
    /// The caps themselves.
    Firm,
}

impl Strength {
    pub(super) fn named(name: &str) -> Option<Self> {
        [Self::Gentle, Self::Standard, Self::Firm]
            .into_iter()
            .find(|strength| strength.as_str() == name)
    }

    pub(super) const fn as_str(self) -> &'static str {
        match self {
            Self::Gentle => "gentle",
            Self::Standard => "standard",
            Self::Firm => "firm",
        }
    }
}

/// The caps of this patient, each with what binds it.
#[derive(Clone, Debug)]
pub(super) struct Bounds {
    /// No session of the plan above this.
    pub(super) ceiling: Newtons,
    /// No session above this while the first-session cap binds.
    pub(super) first: Newtons,
    ceiling_why: Reason,
    first_why: Reason,
}

impl Bounds {
    pub(super) fn of(frame: &Frame<'_>) -> Self {
        let (request, dose) = (frame.request, &frame.settings.numbers);
        let weight = frame.body.mass.weight();
        let share = |of: &Parameter| weight * of.value;
        let mut ceilings = vec![
            (
                share(&dose.ceiling_share),
                because("ceiling_n", &dose.ceiling_share),
            ),
            (
                Newtons::raw(dose.ceiling.value),
                because("ceiling_n", &dose.ceiling),
            ),
        ];
        if let Some(table) = request.table_ceiling {
            ceilings.push((table, ours("ceiling_n", "The table's own ceiling.")));
        }
        ceilings.extend(conditional(request, weight));
        let (ceiling, ceiling_why) = least(ceilings);
        let by_sex = dose.first_of(frame.body.sex);
        let (first, first_why) = least(vec![
            (
                share(&dose.first_share),
                because("first_ceiling_n", &dose.first_share),
            ),
            (
                Newtons::raw(by_sex.value),
                because("first_ceiling_n", by_sex),
            ),
            (
                ceiling,
                Reason {
                    setting: "first_ceiling_n".to_owned(),
                    ..ceiling_why.clone()
                },
            ),
        ]);
        Self {
            ceiling,
            first,
            ceiling_why,
            first_why,
        }
    }

    /// Why the ceiling of a strength is where it is: a share of what binds the patient.
    fn ceiling_of(&self, share: &Parameter) -> Reason {
        let mut reason = self.ceiling_why.clone();
        if share.value < 1.0 {
            let (percent, most) = (100.0 * share.value, self.ceiling.get());
            let (why, binds) = (&share.why, &reason.why);
            reason.why = format!("{percent:.0} % of {most:.0} N. {why} The {most:.0} N: {binds}");
            reason.sources.extend(share.sources.iter().cloned());
        }
        reason
    }
}

/// Caps that the decision's conditions add.
fn conditional(request: &Request<'_>, weight: Newtons) -> Vec<(Newtons, Reason)> {
    let mut caps = Vec::new();
    for condition in &request.decision.conditions {
        let reason = || Reason {
            setting: "ceiling_n".to_owned(),
            why: condition.text.clone(),
            sources: condition.rules.clone(),
            evidence: "condition of the decision".to_owned(),
            dissent: Vec::new(),
        };
        caps.extend(
            condition
                .max_force_n
                .map(|newtons| (Newtons::raw(newtons), reason())),
        );
        let share = condition.max_body_weight_fraction;
        caps.extend(share.map(|share| (weight * share, reason())));
    }
    caps
}

/// The lowest cap; the first wins a tie.
fn least(caps: Vec<(Newtons, Reason)>) -> (Newtons, Reason) {
    let mut caps = caps.into_iter();
    let first = caps.next().expect("a region has at least its own cap");
    caps.fold(
        first,
        |least, cap| if cap.0 < least.0 { cap } else { least },
    )
}

/// A reason from the numbers of dose.
pub(super) fn because(setting: &str, number: &Parameter) -> Reason {
    Reason {
        setting: setting.to_owned(),
        why: number.why.clone(),
        sources: number.sources.clone(),
        evidence: number.evidence.clone(),
        dissent: told(&number.dissent),
    }
}

/// A reason of our own.
pub(super) fn ours(setting: &str, why: &str) -> Reason {
    Reason {
        setting: setting.to_owned(),
        why: why.to_owned(),
        sources: Vec::new(),
        evidence: "expert opinion, needs a clinician's sign-off".to_owned(),
        dissent: Vec::new(),
    }
}

/// The candidate of one strength.
pub(super) fn build(
    frame: &Frame<'_>,
    bounds: &Bounds,
    strength: Strength,
) -> Result<Candidate, Problem> {
    let (request, body, dose) = (frame.request, frame.body, &frame.settings.numbers);
    let row = frame.settings.row;
    let mut reasons = request.dose.notes_on(request.region, &body.treated, row);
    let share = share(request, strength);
    reasons.extend([bounds.ceiling_of(share), bounds.first_why.clone()]);
    let course = course(frame, bounds, strength);
    let force = first_force(request, bounds, &course, strength, &mut reasons);
    let mut prescription = Prescription {
        region: request.region,
        target: target(frame, &mut reasons),
        position: Position::Supine,
        table_split: matches!(request.region, si::Region::Lumbar),
        mode: mode(frame, strength, force, &mut reasons),
        force_n: whole(force),
        base_n: 0.0,
        ramp_n_per_s: 0.0,
        release_n_per_s: None,
        hold_s: 0.0,
        rest_s: 0.0,
        cycles: 1,
        least_n: None,
        rise_s: None,
        swing_n: None,
        period_s: None,
        ceiling_n: None,
        angle_deg: 0.0,
        conditions: request.decision.conditions.clone(),
        reasons: Vec::new(),
    };
    lie(frame, &mut prescription, &mut reasons);
    time(frame, strength, (&mut prescription, &mut reasons));
    while !prescription.fits(&course) && prescription.cycles > 1 {
        prescription.cycles -= 1;
    }
    reasons.push(because("step_n", &dose.step));
    reasons.push(because("sessions", &dose.sessions));
    reasons.push(because("per_week", &dose.per_week));
    reasons.push(because("max_rate_n_per_s", &dose.rate_max));
    reasons.push(because("max_duration_s", &dose.time_max));
    prescription.reasons = reasons;
    prescription.profile(Newtons::raw(prescription.force_n))?;
    let told = |belief| forecast::forecast(&prescription, body, belief);
    let prediction = request.belief.and_then(told);
    Ok(Candidate {
        prescription,
        course,
        prediction,
        from: None,
    })
}

fn course(frame: &Frame<'_>, bounds: &Bounds, strength: Strength) -> Course {
    let (request, dose) = (frame.request, &frame.settings.numbers);
    let share = share(request, strength).value;
    let left = request.history.first_left(&request.dose.common);
    let sessions = (dose.sessions.value as u32).saturating_sub(request.history.sessions);
    Course {
        sessions: sessions.max(1),
        per_week: dose.per_week.value as u32,
        step_n: dose.step.value,
        ceiling_n: whole(bounds.ceiling * share),
        first_ceiling_n: whole(bounds.first),
        first_sessions: left,
        max_rate_n_per_s: dose.rate_max.value,
        max_duration_s: dose.time_max.value,
        pauses: dose.pauses.value,
        max_travel_m: dose.travel.value,
    }
}

pub(super) fn share<'a>(request: &Request<'a>, strength: Strength) -> &'a Parameter {
    let common = &request.dose.common;
    match strength {
        Strength::Gentle => &common.gentle,
        Strength::Standard => &common.standard,
        Strength::Firm => &common.firm,
    }
}

/// The force of the plan's first session.
fn first_force(
    request: &Request<'_>,
    bounds: &Bounds,
    course: &Course,
    strength: Strength,
    reasons: &mut Vec<Reason>,
) -> Newtons {
    let share = share(request, strength);
    reasons.push(because("force_n", share));
    let start = (bounds.first * share.value).min(Newtons::raw(course.ceiling_n));
    let history = &request.history;
    let Some(tolerated) = history.tolerated(&request.dose.common) else {
        return start;
    };
    if let Some((restarted, why)) = restart(&request.dose.common, history, request.at) {
        reasons.push(why);
        return start.min(restarted);
    }
    // A new plan is no way round the step between sessions.
    let step = if history.settled { course.step_n } else { 0.0 };
    if course.first_sessions > 0 {
        return start.min(tolerated + Newtons::raw(step));
    }
    reasons.push(ours(
        "force_n",
        "The force that was last tolerated, within this candidate's ceiling.",
    ));
    tolerated.min(Newtons::raw(course.ceiling_n))
}

/// Whole newtons, rounded down: a rounded cap is never above the cap.
pub(super) fn whole(force: Newtons) -> f64 {
    libm::floor(force.get() + 1e-9)
}

/// How long the whole should last.
pub(super) fn length<'a>(frame: &'a Frame<'_>, strength: Strength) -> &'a Parameter {
    let dose = &frame.settings.numbers;
    match (frame.first(), strength) {
        (true, Strength::Gentle) => &dose.first_time_gentle,
        (true, Strength::Standard) => &dose.first_time_standard,
        (true, Strength::Firm) => &dose.first_time_firm,
        (false, _) => &dose.later_time,
    }
}

/// Ramp, hold, rest and number of pulls, so that the whole lasts as long as it should.
pub(super) fn time(
    frame: &Frame<'_>,
    strength: Strength,
    into: (&mut Prescription, &mut Vec<Reason>),
) {
    let (prescription, reasons) = into;
    let dose = &frame.settings.numbers;
    let length = length(frame, strength);
    let force = Newtons::raw(prescription.force_n);
    let ramp = (prescription.force_n / dose.ramp_time.value).min(dose.rate_max.value);
    prescription.ramp_n_per_s = libm::floor(ramp * 100.0) / 100.0;
    let ramps = 2.0 * prescription.force_n / prescription.ramp_n_per_s;
    let (hold, rest) = (dose.hold.value, dose.rest.value);
    match prescription.mode {
        mode if mode.repeats() => {
            prescription.base_n = whole(force * dose.base_share.value);
            if prescription.mode == PullMode::Cyclic {
                prescription.base_n = prescription.base_n.max(LEAST_CYCLIC_BASE.get());
            }
            let swing =
                2.0 * (prescription.force_n - prescription.base_n) / prescription.ramp_n_per_s;
            let turns = (length.value - ramps + swing + rest) / (hold + rest + swing);
            (prescription.hold_s, prescription.rest_s) = (hold, rest);
            prescription.cycles = libm::floor(turns).clamp(1.0, 60.0) as u16;
            reasons.push(because("rest_s", &dose.rest));
            reasons.push(because("hold_s", &dose.hold));
        }
        _ => {
            prescription.base_n = whole(force * dose.base_share.value);
            prescription.hold_s = libm::floor((length.value - ramps).max(SHORTEST_HOLD.get()));
            reasons.push(because("hold_s", length));
        }
    }
    reasons.push(because("base_n", &dose.base_share));
    reasons.push(because("ramp_n_per_s", &dose.ramp_time));
}
