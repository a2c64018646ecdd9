//! A plan held against the rules of dose, whoever wrote its bytes.
//!
//! A signature says who answers for a plan, not that it is within the caps. So
//! nothing of a plan is believed that can be worked out: every cap is computed
//! again from the weight and the numbers of dose (CLINICAL.md §4), before a
//! plan is signed, when it is used, and before each Grant.

use jiff::{SignedDuration, Timestamp};
use si::{Kilograms, Newtons, Problem, Region, Segment};
use spine::lumped::Sex;
use traction::profile::LEAST_CYCLIC_BASE;

use super::body::Body;
use super::condition::{Settings, Treated};
use super::dose::{OfRegion, Parameter};
use super::{Candidate, Choice, Course, Dose, Prescription, Proposal, PullMode};
use crate::decide::{Condition, Decision, RuleSet, Urgency, Verdict};
use crate::fact::FactSet;

/// Lengths and forces are written to whole seconds, newtons and 0.01 N/s.
const ROUNDING: f64 = 1e-6;

/// The caps of one body: CLINICAL.md §4 and what the conditions add.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Caps {
    /// No session above this.
    pub(crate) ceiling: Newtons,
    /// No session above this while the first-session cap binds.
    pub(crate) first: Newtons,
}

impl Caps {
    pub(crate) fn of(
        dose: &OfRegion,
        mass: Kilograms,
        first: &Parameter,
        conditions: &[Condition],
    ) -> Self {
        let weight = mass.weight();
        let ceiling = (weight * dose.ceiling_share.value).min(Newtons::raw(dose.ceiling.value));
        let ceiling = conditions.iter().fold(ceiling, |least, condition| {
            let force = condition.max_force_n.map(Newtons::raw);
            let share = condition.max_body_weight_fraction.map(|of| weight * of);
            [force, share]
                .into_iter()
                .flatten()
                .fold(least, Newtons::min)
        });
        let first = (weight * dose.first_share.value).min(Newtons::raw(first.value));
        Self {
            ceiling,
            first: first.min(ceiling),
        }
    }
}

impl OfRegion {
    /// The first-session cap of a sex; unknown sex takes the lower (CLINICAL §4).
    pub(crate) fn first_of(&self, sex: Option<Sex>) -> &Parameter {
        match sex {
            Some(Sex::Male) => &self.first_men,
            _ => &self.first_women,
        }
    }
}

/// The cap of this moment's body and decision, if it still holds a force.
///
/// # Errors
/// No weight was measured here lately, or the force lies above its caps.
pub(crate) fn still_within(
    force: Newtons,
    facts: &FactSet,
    decision: &Decision,
    now: (Region, &Dose, Timestamp),
    first: bool,
) -> Result<Newtons, Problem> {
    let (region, dose, at) = now;
    let (mass, sex) = Body::mass_and_sex(facts, dose, at)?;
    let numbers = dose.settings(region, &Treated::read(facts, at)).numbers;
    let caps = Caps::of(&numbers, mass, numbers.first_of(sex), &decision.conditions);
    let cap = if first { caps.first } else { caps.ceiling };
    if force.get() <= cap.get() + ROUNDING {
        return Ok(cap);
    }
    Err(Problem::new(
        "force-above-caps",
        "plan.force_n",
        force.get().to_string(),
        format!(
            "at {} kg no more than {:.0} N are allowed now",
            mass.get(),
            cap.get()
        ),
        "evaluate, propose and sign again: the plan was made for another weight or finding",
    ))
}

/// What is wrong with a plan, if the claim does not hold.
pub(super) fn hold(
    claim: bool,
    place: impl Into<String>,
    value: impl ToString,
    problem: impl Into<String>,
) -> Result<(), Problem> {
    if claim {
        return Ok(());
    }
    Err(Problem::new(
        "plan-unsound",
        place,
        value.to_string(),
        problem,
        "propose the plan again; a plan is never mended by hand",
    ))
}

/// A number inside its bounds; what is not a number is in none.
pub(super) fn within(place: String, value: f64, low: f64, high: f64) -> Result<(), Problem> {
    hold(
        (low - ROUNDING..=high + ROUNDING).contains(&value),
        place,
        value,
        format!("lies outside {low} to {high}, the bounds of dose"),
    )
}

impl Proposal {
    /// Whether the rules of dose could have made this plan.
    ///
    /// # Errors
    /// The first setting that they could not have made.
    pub fn sound(&self, dose: &Dose) -> Result<(), Problem> {
        self.founded(dose)?;
        // The range of the catalogue's `body_weight`.
        within(
            "body_weight_kg".to_owned(),
            self.body_weight_kg,
            20.0,
            350.0,
        )?;
        let settings = dose.settings_of(self.region, self.condition_row.as_deref())?;
        let numbers = &settings.numbers;
        let mass = Kilograms::new(self.body_weight_kg).unwrap_or(Kilograms::ZERO);
        // The plan does not say the sex: the higher cap bounds what it may hold.
        let higher = if numbers.first_men.value > numbers.first_women.value {
            &numbers.first_men
        } else {
            &numbers.first_women
        };
        let caps = Caps::of(numbers, mass, higher, &self.conditions);
        for (name, candidate) in self.offered() {
            let own = self.started_from(name, candidate)?;
            let check = Check {
                plan: self,
                dose,
                settings: &settings,
                caps,
                name,
                caps_of: candidate.from.as_deref().unwrap_or(name),
                own,
            };
            check.open()?;
            check.course(&candidate.course)?;
            check.pull(candidate)?;
            check.time(candidate)?;
            check.explained(&candidate.prescription)?;
        }
        Ok(())
    }

    /// The candidate that a chosen one starts from; the others start from none.
    fn started_from(
        &self,
        name: &str,
        candidate: &Candidate,
    ) -> Result<Option<&Candidate>, Problem> {
        let from = candidate.from.as_deref();
        let mut others = self.offered().filter(|(other, _)| *other != Choice::NAME);
        let own = others.find(|(other, _)| Some(*other) == from);
        hold(
            own.is_some() == (name == Choice::NAME) && own.is_some() == from.is_some(),
            format!("candidates.{name}.from"),
            from.unwrap_or_default(),
            "a chosen candidate, and no other, starts from one of the plan",
        )?;
        Ok(own.map(|(_, own)| own))
    }

    /// Form, verdict, term, and what the plan rests on.
    fn founded(&self, dose: &Dose) -> Result<(), Problem> {
        let permitted = matches!(self.verdict, Verdict::Cleared | Verdict::Caution);
        let pressing = matches!(self.urgency, Urgency::Urgent | Urgency::Emergency);
        let hex = |byte: u8| matches!(byte, b'0'..=b'9' | b'a'..=b'f');
        let hash = &self.decision_hash;
        let hashed = hash.len() == 64 && hash.bytes().all(hex) && hash.bytes().any(|b| b != b'0');
        let hours = (dose.common.plan_valid.value * 24.0) as i64;
        let term = self.at.checked_add(SignedDuration::from_hours(hours)).ok();
        let approved = self.caps_approved_by.as_deref();
        hold(
            self.schema == Self::SCHEMA,
            "schema",
            &self.schema,
            "no form that is known here",
        )?;
        hold(
            permitted && RuleSet::Screening.verdicts().contains(&self.verdict),
            "verdict",
            self.verdict,
            "no plan exists for this verdict",
        )?;
        hold(
            !pressing,
            "urgency",
            self.urgency,
            "no plan exists at this urgency",
        )?;
        hold(
            hashed,
            "decision_hash",
            hash,
            "this is the SHA-256 of no decision",
        )?;
        hold(
            term == Some(self.expires),
            "expires",
            self.expires,
            format!("a plan ends {hours} h after it was made, at {}", self.at),
        )?;
        hold(
            approved.is_none_or(|name| dose.approver.as_deref() == Some(name)),
            "caps_approved_by",
            approved.unwrap_or_default(),
            "the numbers of dose name nobody like this",
        )
    }
}

/// One candidate under examination.
pub(super) struct Check<'a> {
    plan: &'a Proposal,
    dose: &'a Dose,
    pub(super) settings: &'a Settings<'a>,
    caps: Caps,
    pub(super) name: &'static str,
    /// The candidate whose share of the caps it has: its own, or that it starts from.
    pub(super) caps_of: &'a str,
    /// The candidate it starts from, where a practitioner chose it.
    pub(super) own: Option<&'a Candidate>,
}

impl Check<'_> {
    pub(super) fn numbers(&self) -> &OfRegion {
        &self.settings.numbers
    }

    pub(super) fn pull_at(&self, setting: &str) -> String {
        format!("candidates.{}.prescription.{setting}", self.name)
    }

    pub(super) fn course_at(&self, setting: &str) -> String {
        format!("candidates.{}.course.{setting}", self.name)
    }

    /// Share of the caps that the candidate may use.
    pub(super) fn share(&self) -> f64 {
        let common = &self.dose.common;
        match self.caps_of {
            "gentle" => common.gentle.value,
            "standard" => common.standard.value,
            _ => common.firm.value,
        }
    }

    /// The decision leaves this candidate open.
    fn open(&self) -> Result<(), Problem> {
        let lists = || {
            self.plan
                .conditions
                .iter()
                .filter_map(|c| c.candidates.as_ref())
        };
        let named = |list: &Vec<String>| list.iter().any(|name| name == self.caps_of);
        let allowed = self.caps_of == "gentle"
            || lists().all(named) && (self.plan.verdict != Verdict::Caution || lists().any(named));
        let place = format!("candidates.{}", self.name);
        hold(
            allowed,
            place,
            self.name,
            "the decision leaves only gentler ones open",
        )
    }

    fn course(&self, course: &Course) -> Result<(), Problem> {
        let (numbers, common) = (self.numbers(), &self.dose.common);
        let ceiling = self.caps.ceiling.get() * self.share();
        let bounds = [
            ("ceiling_n", course.ceiling_n, 0.0, ceiling),
            (
                "first_ceiling_n",
                course.first_ceiling_n,
                0.0,
                self.caps.first.get(),
            ),
            (
                "sessions",
                f64::from(course.sessions),
                1.0,
                numbers.sessions.value,
            ),
            (
                "per_week",
                f64::from(course.per_week),
                1.0,
                numbers.per_week.value,
            ),
            ("step_n", course.step_n, 0.0, numbers.step.value),
            (
                "first_sessions",
                f64::from(course.first_sessions),
                0.0,
                common.bound_sessions.value,
            ),
            (
                "max_rate_n_per_s",
                course.max_rate_n_per_s,
                0.0,
                numbers.rate_max.value,
            ),
            (
                "max_duration_s",
                course.max_duration_s,
                0.0,
                numbers.time_max.value,
            ),
            ("pauses", course.pauses, 1.0, numbers.pauses.value),
            (
                "max_travel_m",
                course.max_travel_m,
                0.0,
                numbers.travel.value,
            ),
        ];
        bounds
            .into_iter()
            .try_for_each(|(name, value, low, high)| within(self.course_at(name), value, low, high))
    }

    /// Region, level, angle, position and force.
    fn pull(&self, candidate: &Candidate) -> Result<(), Problem> {
        let (pull, course) = (&candidate.prescription, &candidate.course);
        let region = self.plan.region;
        let other = "is not what the plan is for";
        hold(
            pull.region == region,
            self.pull_at("region"),
            pull.region,
            other,
        )?;
        hold(
            Segment::of(region).contains(&pull.target),
            self.pull_at("target"),
            pull.target,
            format!("is no level of the {region} region"),
        )?;
        let angle = self.dose.angle_of(pull.target).map(|row| row.degrees);
        let rows = self.dose.position.iter();
        let rows = rows.filter(|row| row.region == region.as_str());
        let own = self.settings.row.and_then(|row| row.position.as_ref());
        let mut lies = rows
            .map(|row| row.position)
            .chain(own.map(|position| position.value));
        hold(
            angle == Some(pull.angle_deg),
            self.pull_at("angle_deg"),
            pull.angle_deg,
            "is not the angle of this level",
        )?;
        hold(
            lies.any(|position| position == pull.position),
            self.pull_at("position"),
            format!("{:?}", pull.position),
            "is no position of this region",
        )?;
        hold(
            pull.table_split == (region == Region::Lumbar),
            self.pull_at("table_split"),
            pull.table_split,
            "the sliding section is for the low back alone",
        )?;
        let first = course.first_sessions > 0;
        let first = if first {
            course.first_ceiling_n
        } else {
            course.ceiling_n
        };
        let most = first.min(course.ceiling_n);
        let base = pull.force_n * self.numbers().base_share.value;
        let base = match pull.mode {
            PullMode::Cyclic => base.max(LEAST_CYCLIC_BASE.get()),
            _ => base,
        };
        within(self.pull_at("force_n"), pull.force_n, 1.0, most)?;
        within(self.pull_at("base_n"), pull.base_n, 0.0, base)?;
        self.rates(pull, course)
    }

    /// Both ramps; they grow with the force of later sessions, up to the ceiling.
    fn rates(&self, pull: &Prescription, course: &Course) -> Result<(), Problem> {
        let least = self.numbers().rate_max.value.min(0.01);
        let steepest = course.max_rate_n_per_s * (pull.force_n / course.ceiling_n).min(1.0);
        for (name, rate) in [
            ("ramp_n_per_s", pull.ramp_n_per_s),
            ("release_n_per_s", pull.release()),
        ] {
            within(self.pull_at(name), rate, least, steepest)?;
        }
        Ok(())
    }

    /// What the decision asks for came along, and each force says why.
    fn explained(&self, pull: &Prescription) -> Result<(), Problem> {
        hold(
            pull.conditions == self.plan.conditions,
            self.pull_at("conditions"),
            pull.conditions.len(),
            "these are not the conditions of the decision",
        )?;
        let said = |setting: &str| {
            let mut reasons = pull.reasons.iter();
            reasons.any(|reason| reason.setting == setting && !reason.why.trim().is_empty())
        };
        let row = self.settings.row.map(|row| row.id.as_str());
        let names = |row: &str| {
            let mut reasons = pull.reasons.iter();
            reasons.any(|reason| reason.setting == "condition" && reason.why.contains(row))
        };
        hold(
            row.is_none_or(names),
            self.pull_at("reasons"),
            row.unwrap_or_default(),
            "no reason names the row of the condition treated",
        )?;
        let silent = ["force_n", "ceiling_n", "first_ceiling_n", "mode"]
            .into_iter()
            .find(|name| !said(name));
        hold(
            silent.is_none(),
            self.pull_at("reasons"),
            silent.unwrap_or_default(),
            "no reason is given for this setting",
        )
    }
}
