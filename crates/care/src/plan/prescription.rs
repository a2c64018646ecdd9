//! One candidate: the pull, the course, and why each setting is what it is.
//!
//! Field names are the JSON contract (DESIGN.md "Doors for machines"). Forces
//! are tension at the load cells.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use si::{Metres, Newtons, NewtonsPerSecond, Problem, Region, Seconds, Segment};
use traction::limits::{self, ComfortLimits, Limits, LimitsSpec};
use traction::profile::{LEAST_CYCLIC_BASE, Profile, ProfileSpec, Shape};

use super::PullMode;
use super::mode::refused;
use crate::decide::Condition;

/// How the patient lies.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Position {
    /// On the back.
    Supine,
    /// On the back, hips and knees bent on a stool (Fowler).
    SupineLegsRaised,
    /// On the belly.
    Prone,
}

impl Position {
    /// In words for people.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Supine => "supine",
            Self::SupineLegsRaised => "supine, legs raised",
            Self::Prone => "prone",
        }
    }

    /// The position as the spine knows it.
    #[must_use]
    pub const fn spine(self) -> spine::lumped::Position {
        match self {
            Self::Supine => spine::lumped::Position::Supine,
            Self::SupineLegsRaised => spine::lumped::Position::SupineLegsRaised,
            Self::Prone => spine::lumped::Position::Prone,
        }
    }
}

/// Why a setting is what it is.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Reason {
    /// The field it explains.
    pub setting: String,
    /// In words for people.
    pub why: String,
    /// Identifiers of the sources; empty for a number of ours.
    pub sources: Vec<String>,
    /// How good they are.
    pub evidence: String,
    /// What speaks against it.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub dissent: Vec<String>,
}

/// A pull, ready to be signed.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Prescription {
    /// The treated region.
    #[serde(with = "crate::words::region")]
    #[schemars(with = "String")]
    pub region: Region,
    /// The level it is meant for.
    #[serde(with = "crate::words::segment")]
    #[schemars(with = "String")]
    pub target: Segment,
    /// How the patient lies.
    pub position: Position,
    /// Whether the sliding section is unlocked.
    pub table_split: bool,
    /// How the force is applied.
    pub mode: PullMode,
    /// Force of a pull in the first session.
    pub force_n: f64,
    /// Force at rest and in a pause.
    pub base_n: f64,
    /// Ramp upwards, and downwards too where no release is prescribed.
    pub ramp_n_per_s: f64,
    /// Ramp downwards, if it is another; plans signed before there was one have none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub release_n_per_s: Option<f64>,
    /// Length of a hold.
    pub hold_s: f64,
    /// Length of a rest; 0 for static.
    pub rest_s: f64,
    /// Number of holds; 1 for static.
    pub cycles: u16,
    /// Weakest pull; progressive and regressive alone have one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub least_n: Option<f64>,
    /// Length of the slow half of a rise; logarithmic alone has one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub rise_s: Option<f64>,
    /// Depth of an oscillation below the force; oscillating alone has one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub swing_n: Option<f64>,
    /// Length of one oscillation; oscillating alone has one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub period_s: Option<f64>,
    /// No session above this, nor a change while one runs, which may go up to here; where
    /// none is signed a session's own force is its ceiling.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ceiling_n: Option<f64>,
    /// Angle from the table's plane, positive towards flexion.
    pub angle_deg: f64,
    /// What the decision asks for.
    pub conditions: Vec<Condition>,
    /// Why each setting is what it is.
    pub reasons: Vec<Reason>,
}

/// The sessions that follow the first.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Course {
    /// How many; more need a new evaluation.
    pub sessions: u32,
    /// How many a week.
    pub per_week: u32,
    /// Largest step between sessions.
    pub step_n: f64,
    /// No session above this.
    pub ceiling_n: f64,
    /// No session above this while the first-session cap binds.
    pub first_ceiling_n: f64,
    /// How many sessions of the episode the first-session cap binds from here on.
    pub first_sessions: u32,
    /// No ramp steeper than this.
    pub max_rate_n_per_s: f64,
    /// No session longer than this, pauses included.
    pub max_duration_s: f64,
    /// Longest session as a share of its profile.
    pub pauses: f64,
    /// No travel of the harness beyond this after first contact.
    pub max_travel_m: f64,
}

/// A number with its doubt.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Range {
    /// The lower end.
    pub low: f64,
    /// The middle.
    pub mid: f64,
    /// The upper end.
    pub high: f64,
}

/// What one level is expected to do.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct LevelForecast {
    /// The level.
    #[serde(with = "crate::words::segment")]
    #[schemars(with = "String")]
    pub segment: Segment,
    /// Opening at the end of the last hold, as shown: never narrower than ± 0.5 mm.
    pub opening_mm: Range,
    /// The same at the front of the disc.
    #[serde(default)]
    pub anterior_mm: Option<Range>,
    /// The same at the back of the disc.
    #[serde(default)]
    pub posterior_mm: Option<Range>,
    /// Rotation of the upper bone over the lower, positive towards flexion.
    #[serde(default)]
    pub rotation_deg: Option<Range>,
    /// Change of the pressure in the nucleus from rest.
    #[serde(default)]
    pub pressure_change_kpa: Option<Range>,
    /// Largest strain of the outer annulus as a share of its published failure strain.
    #[serde(default)]
    pub annulus_strain_share: Option<Range>,
    /// Largest strain of a ligament as a share of its published failure strain.
    #[serde(default)]
    pub ligament_strain_share: Option<Range>,
    /// Share of the pull that reaches the level.
    pub share_of_force: f64,
}

/// How the chain lengthens in time: lists of one length.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct ForecastCurve {
    /// Instants from the start, pauses not counted.
    pub at_s: Vec<f64>,
    /// Pull at each.
    pub applied_n: Vec<f64>,
    /// Lower end of the elongation at each.
    pub low_mm: Vec<f64>,
    /// Its middle.
    pub mid_mm: Vec<f64>,
    /// Its upper end.
    pub high_mm: Vec<f64>,
}

/// What the pull is expected to do; nothing is decided by it.
///
/// Fields that may be missing were added later: plans signed before lack them.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Forecast {
    /// The treated levels, from the head downwards.
    pub levels: Vec<LevelForecast>,
    /// Force that reaches the spine after body weight and friction.
    pub delivered_n: Range,
    /// Elongation of the pulled region with its neighbour, at the end of the last hold.
    pub elongation_mm: Range,
    /// How much longer the whole spine is then, from skull to sacrum.
    #[serde(default)]
    pub stature_mm: Option<Range>,
    /// True where the pull lies beyond what was measured.
    pub extrapolated: bool,
    /// Why to read it with more care than its ranges say.
    #[serde(default)]
    pub warnings: Vec<String>,
    /// How the region lengthens in time.
    #[serde(default)]
    pub curve: Option<ForecastCurve>,
    /// What it is and is not.
    pub note: String,
}

/// One candidate of a plan.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Candidate {
    /// The pull.
    pub prescription: Prescription,
    /// The sessions.
    pub course: Course,
    /// What it is expected to do, where the body's measures allow a forecast.
    pub prediction: Option<Forecast>,
    /// The candidate whose caps it keeps, where a practitioner chose its settings.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub from: Option<String>,
}

impl Prescription {
    /// The ramp downwards, N/s.
    #[must_use]
    pub fn release(&self) -> f64 {
        self.release_n_per_s.unwrap_or(self.ramp_n_per_s)
    }

    /// The course of force of one session at `force`.
    ///
    /// More force than was prescribed comes on and goes in the same time, so that the
    /// session lasts no longer; less does so at the prescribed ramps.
    ///
    /// # Errors
    /// A setting that `traction` refuses.
    pub fn profile(&self, force: Newtons) -> Result<Profile, Problem> {
        let share = if self.force_n > 0.0 {
            force.get() / self.force_n
        } else {
            1.0
        };
        let rate = |prescribed: f64| {
            let steeper = libm::floor(prescribed * share * 100.0) / 100.0;
            NewtonsPerSecond::raw(prescribed.max(steeper))
        };
        let base = Newtons::raw(self.base_n * share.min(1.0));
        let base = match self.mode {
            PullMode::Cyclic => base.max(LEAST_CYCLIC_BASE),
            _ => base,
        };
        let plain = ProfileSpec {
            mode: self.mode.traction(),
            force,
            base,
            ramp: rate(self.ramp_n_per_s),
            release: rate(self.release()),
            hold: Seconds::raw(self.hold_s),
            rest: Seconds::raw(self.rest_s),
            cycles: self.cycles,
            shape: Shape::NONE,
        };
        let spec = ProfileSpec {
            shape: self.shape(share, &plain),
            ..plain
        };
        Profile::new(spec).map_err(|fault| refused(&spec, &fault))
    }
}

impl Candidate {
    /// What a session at `force` under `ceiling` may never exceed, for this arrival score.
    ///
    /// # Errors
    /// A limit above what is compiled in, or a score above 10.
    pub fn limits(
        &self,
        (force, ceiling): (Newtons, Newtons),
        arrival: u8,
    ) -> Result<Limits, Problem> {
        let broken = |value: String, fault: String| {
            Problem::new(
                "limits-impossible",
                "course",
                value,
                fault,
                "propose the plan again; a signed plan is never mended",
            )
        };
        let comfort = ComfortLimits::from_arrival(arrival)
            .ok_or_else(|| broken(arrival.to_string(), "discomfort is scored 0 to 10".into()))?;
        let profile = self.prescription.profile(force)?;
        let total = profile.total().seconds().get() * self.course.pauses;
        let total = total
            .min(self.course.max_duration_s)
            .max(profile.total().seconds().get());
        let total = traction::Ticks::from_seconds(Seconds::raw(total));
        let rate = NewtonsPerSecond::raw(self.course.max_rate_n_per_s);
        Limits::new(LimitsSpec {
            region: self.prescription.region,
            ceiling,
            rate_up: rate,
            rate_down: rate,
            total_time: total.unwrap_or_else(|| profile.total()),
            travel: Metres::raw(self.course.max_travel_m),
            resume_factor: limits::MAX_RESUME_FACTOR,
            comfort,
            guarding_step: limits::standard_guarding(self.prescription.region),
        })
        .map_err(|fault| broken(fault.value.to_string(), fault.to_string()))
    }
}
