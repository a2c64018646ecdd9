//! The modes of a pull, and the numbers that only some of them have.
//!
//! In a session at another force than the prescribed the weakest pull and the swing keep
//! their share of the force where it is less, and stay what they were where it is more;
//! the slow half of a rise stays as long, and longer where its fast half takes longer (ours).
//! The curves are those of `traction::profile`. Shown by
//! `a_chosen_mode_keeps_its_shape_at_every_force_of_its_course`.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use si::{Newtons, Problem, Seconds};
use traction::profile::{LEAST_FORCE, LEAST_SWING, Mode, Part, ProfileError, ProfileSpec, Shape};

use super::Prescription;

/// How the force is applied; the words of the contract.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
#[allow(missing_docs, reason = "the modes of traction, by the same names")]
pub enum PullMode {
    Static,
    Intermittent,
    Cyclic,
    Progressive,
    Regressive,
    Logarithmic,
    Oscillating,
}

impl PullMode {
    /// Every mode.
    pub const ALL: [Self; 7] = [
        Self::Static,
        Self::Intermittent,
        Self::Cyclic,
        Self::Progressive,
        Self::Regressive,
        Self::Logarithmic,
        Self::Oscillating,
    ];

    /// The mode as the session knows it.
    #[must_use]
    pub const fn traction(self) -> Mode {
        match self {
            Self::Static => Mode::Static,
            Self::Intermittent => Mode::Intermittent,
            Self::Cyclic => Mode::Cyclic,
            Self::Progressive => Mode::Progressive,
            Self::Regressive => Mode::Regressive,
            Self::Logarithmic => Mode::Logarithmic,
            Self::Oscillating => Mode::Oscillating,
        }
    }

    /// Its name in the contract.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        self.traction().as_str()
    }

    /// The mode of that name.
    #[must_use]
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|mode| mode.as_str() == name)
    }

    /// Whether pulls repeat.
    #[must_use]
    pub const fn repeats(self) -> bool {
        !matches!(self, Self::Static)
    }

    /// The fewest pulls it is made of.
    #[must_use]
    pub const fn fewest(self) -> u16 {
        match self {
            Self::Progressive | Self::Regressive => 2,
            _ => 1,
        }
    }

    /// Names of the settings that it has beside force, ramps and hold, which all have.
    #[must_use]
    pub const fn settings(self) -> &'static [&'static str] {
        match self {
            Self::Static => &[],
            Self::Intermittent | Self::Cyclic => &["rest_s", "cycles"],
            Self::Progressive | Self::Regressive => &["rest_s", "cycles", "least_n"],
            Self::Logarithmic => &["rest_s", "cycles", "rise_s"],
            Self::Oscillating => &["rest_s", "cycles", "swing_n", "period_s"],
        }
    }
}

impl Prescription {
    /// The numbers of the mode at `share` of the prescribed force, under the rest of its profile.
    pub(super) fn shape(&self, share: f64, spec: &ProfileSpec) -> Shape {
        let less = share.min(1.0);
        let room = spec.force - LEAST_FORCE.max(spec.base);
        let newtons = |prescribed: Option<f64>, least: Newtons, most: Newtons| {
            let Some(value) = prescribed else {
                return Newtons::ZERO;
            };
            let at = (value * less).max(least.get().min(value));
            Newtons::raw(if less < 1.0 {
                at.min(most.get())
            } else {
                value
            })
        };
        // Ramps are rounded down to hundredths, so that the fast half may take a little longer.
        let longer = (share * self.ramp_n_per_s / spec.ramp.get()).max(1.0);
        Shape {
            least: newtons(self.least_n, LEAST_FORCE, spec.force),
            rise: Seconds::raw(self.rise_s.map_or(0.0, |rise| rise * longer)),
            swing: newtons(self.swing_n, LEAST_SWING, room),
            period: Seconds::raw(self.period_s.unwrap_or(0.0)),
        }
    }
}

/// A profile that `traction` refuses, at the setting that is wrong.
pub(super) fn refused(spec: &ProfileSpec, fault: &ProfileError) -> Problem {
    let (part, value) = match *fault {
        ProfileError::NotFinite(part) => (part, f64::NAN),
        ProfileError::Below { part, value, .. }
        | ProfileError::Above { part, value, .. }
        | ProfileError::Unused { part, value, .. } => (part, value),
        ProfileError::LeastNotBetween { least, .. } => (Part::Least, least),
        ProfileError::BrokenPeriod { hold, .. } => (Part::Hold, hold),
        ProfileError::BaseNotBelowForce { .. } => (Part::Base, spec.base.get()),
    };
    Problem::new(
        "prescription-impossible",
        format!("prescription.{part}"),
        value.to_string(),
        fault.to_string(),
        "propose the plan again; a signed plan is never mended",
    )
}
