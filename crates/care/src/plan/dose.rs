//! The numbers of dose, as data: `knowledge/dose.toml`.
//!
//! Each number carries its unit, why it is so, its sources and how good they
//! are; nothing in `plan` holds a number of its own. A file that lacks one,
//! writes another unit, or has a cap above the compiled ceiling of `traction`
//! is refused when it is read.

use serde::Deserialize;
use si::{Problem, Region, Segment};

use super::condition::{ConditionRow, Contrary, Notes};
use super::examine::{missing_mode, missing_row, place, unreadable};
use crate::knowledge::{Approvals, DOSE, Knowledge};

/// One number with its reasons.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Parameter {
    /// The number.
    pub value: f64,
    /// Its unit (UCUM).
    pub unit: String,
    /// Why it is so, for people.
    pub why: String,
    /// Identifiers of `reference/clinical.md` §9.
    pub sources: Vec<String>,
    /// What kind of basis it has.
    pub evidence: String,
    /// What speaks against it.
    #[serde(default)]
    pub dissent: Vec<Contrary>,
}

impl Parameter {
    /// The sources as people read them; a number of ours says so.
    #[must_use]
    pub fn cited(&self) -> String {
        if self.sources.is_empty() {
            return "ours".to_owned();
        }
        self.sources.join(", ")
    }
}

/// Every number of dose.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Dose {
    /// The clinician who approved these numbers, where somebody did.
    #[serde(skip)]
    pub approver: Option<String>,
    /// Numbers of both regions.
    pub common: Common,
    /// Numbers of the low back.
    pub lumbar: OfRegion,
    /// Numbers of the neck.
    pub cervical: OfRegion,
    /// Angle of pull by level.
    pub angle: Vec<Angle>,
    /// Position by the direction that eases.
    pub position: Vec<PositionRow>,
    /// What is known of each mode that may be chosen.
    pub mode: Vec<ModeRow>,
    /// What each condition changes; the first that fits.
    #[serde(default)]
    pub condition: Vec<ConditionRow>,
    /// What plans say beside their numbers.
    pub notes: Notes,
}

/// An angle of pull for some levels.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Angle {
    /// `lumbar` or `cervical`.
    pub region: String,
    /// The levels.
    pub segments: Vec<String>,
    /// From the table's plane, positive towards flexion.
    pub degrees: f64,
    /// Why, with what contests it.
    pub why: String,
    /// Identifiers of `reference/clinical.md` §9.
    pub sources: Vec<String>,
    /// What kind of basis it has.
    pub evidence: String,
}

/// A position for a preference.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PositionRow {
    /// `lumbar` or `cervical`.
    pub region: String,
    /// The direction that eases, or `any`.
    pub preference: String,
    /// How the patient lies.
    pub position: super::Position,
    /// Why, with what contests it.
    pub why: String,
    /// Identifiers of `reference/clinical.md` §9.
    pub sources: Vec<String>,
    /// What kind of basis it has.
    pub evidence: String,
}

/// What is known of one mode.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ModeRow {
    /// The mode.
    pub mode: super::PullMode,
    /// What it is, and what is known of it.
    pub why: String,
    /// Identifiers of `reference/clinical.md` §9.
    pub sources: Vec<String>,
    /// What kind of basis it has.
    pub evidence: String,
    /// What speaks against it.
    #[serde(default)]
    pub dissent: Vec<Contrary>,
}

macro_rules! parameters {
    ($(#[$doc:meta])* $name:ident { $($(#[$field_doc:meta])* $field:ident: $unit:literal),+ $(,)? }) => {
        $(#[$doc])*
        #[derive(Clone, Debug, PartialEq, Deserialize)]
        #[serde(deny_unknown_fields)]
        pub struct $name { $($(#[$field_doc])* pub $field: Parameter),+ }

        impl $name {
            /// Every parameter with its name.
            pub fn all(&self) -> impl Iterator<Item = (&'static str, &Parameter)> {
                [$((stringify!($field), &self.$field)),+].into_iter()
            }

            /// One parameter by its name.
            #[must_use]
            pub fn get(&self, name: &str) -> Option<&Parameter> {
                self.all().find(|(own, _)| *own == name).map(|(_, parameter)| parameter)
            }

            fn get_mut(&mut self, name: &str) -> Option<&mut Parameter> {
                $(if name == stringify!($field) { return Some(&mut self.$field); })+
                None
            }

            fn units() -> &'static [(&'static str, &'static str)] {
                &[$((stringify!($field), $unit)),+]
            }
        }
    };
}

parameters! {
    /// Numbers of both regions.
    Common {
        /// How long a plan may be signed and used.
        plan_valid: "d",
        /// How old a weight may be.
        weight_fresh: "d",
        /// A gap between sessions after which force restarts.
        gap: "d",
        /// Sessions that the first-session caps bind.
        bound_sessions: "1",
        /// Share of the last peak where no hold was tolerated.
        not_tolerated: "1",
        /// Share of what was last tolerated after an `adjust`.
        after_adjust: "1",
        /// Duration below which a complaint is acute.
        acute_until: "wk",
        /// Duration above which it is chronic.
        chronic_after: "wk",
        /// Share of the caps: gentle.
        gentle: "1",
        /// Share of the caps: standard.
        standard: "1",
        /// Share of the caps: firm.
        firm: "1",
        /// Re-evaluation by this visit.
        review_visit: "1",
        /// Re-evaluation by this time.
        review_after: "d",
        /// Sessions of one day.
        day_sessions: "1",
        /// Force times time of one day, as a share of that of the session asked for.
        day_impulse: "1",
        /// Weakest of pulls that step, as a share of the force.
        least_share: "1",
        /// Slow half of a logarithmic rise, as a share of the ramp's time.
        slow_share: "1",
        /// Depth of an oscillation, as a share of the force.
        swing_share: "1",
        /// Shortest period of an oscillation.
        period: "s",
    }
}

parameters! {
    /// Numbers of one region.
    OfRegion {
        /// Plan ceiling as a share of body weight.
        ceiling_share: "1",
        /// Plan ceiling.
        ceiling: "N",
        /// First-session cap as a share of body weight.
        first_share: "1",
        /// First-session cap for women, and where the sex is not known.
        first_women: "N",
        /// First-session cap for men.
        first_men: "N",
        /// Largest step between sessions.
        step: "N",
        /// Force at rest and in a pause, as a share of the force.
        base_share: "1",
        /// Time of the ramp.
        ramp_time: "s",
        /// Steepest ramp.
        rate_max: "N/s",
        /// Length of first sessions, gentle.
        first_time_gentle: "s",
        /// Length of first sessions, standard.
        first_time_standard: "s",
        /// Length of first sessions, firm.
        first_time_firm: "s",
        /// Longest session.
        time_max: "s",
        /// Length once two sessions were tolerated.
        later_time: "s",
        /// Intermittent hold.
        hold: "s",
        /// Intermittent rest.
        rest: "s",
        /// Travel of the harness after first contact.
        travel: "m",
        /// Longest session as a share of its profile.
        pauses: "1",
        /// Sessions of a course.
        sessions: "1",
        /// Sessions a week.
        per_week: "1",
    }
}

impl Dose {
    /// The numbers in force: those of the knowledge, under the clinic's policy.
    ///
    /// # Errors
    /// There are none, or they are wrong.
    pub fn of_knowledge(knowledge: &Knowledge) -> Result<Self, Problem> {
        let text = knowledge.document("dose.toml").ok_or_else(|| {
            Problem::new(
                "dose-missing",
                "dose.toml",
                "",
                "the knowledge has no numbers of dose",
                "add the file dose.toml",
            )
        })?;
        let mut dose = Self::read(text)?;
        knowledge.policy().apply(&mut dose);
        Ok(dose)
    }

    /// The numbers in force, with the name of who approved them.
    ///
    /// # Errors
    /// There are none, or they are wrong.
    pub fn in_force(knowledge: &Knowledge, approvals: &Approvals) -> Result<Self, Problem> {
        let approval = approvals.of(knowledge, DOSE);
        Ok(Self {
            approver: approval.map(|approval| approval.by.clone()),
            ..Self::of_knowledge(knowledge)?
        })
    }

    /// A number by its path, such as `lumbar.ceiling`.
    #[must_use]
    pub fn parameter(&self, path: &str) -> Option<&Parameter> {
        let (table, name) = path.split_once('.')?;
        match table {
            "common" => self.common.get(name),
            "lumbar" => self.lumbar.get(name),
            "cervical" => self.cervical.get(name),
            _ => None,
        }
    }

    pub(crate) fn parameter_mut(&mut self, path: &str) -> Option<&mut Parameter> {
        let (table, name) = path.split_once('.')?;
        match table {
            "common" => self.common.get_mut(name),
            "lumbar" => self.lumbar.get_mut(name),
            "cervical" => self.cervical.get_mut(name),
            _ => None,
        }
    }

    /// Reads and checks the numbers.
    ///
    /// # Errors
    /// A number that is missing, unknown, of another unit or outside the compiled ceilings.
    pub fn read(text: &str) -> Result<Self, Problem> {
        let dose: Self = toml::from_str(text).map_err(|fault| unreadable(text, &fault))?;
        check(text, "common", dose.common.all(), Common::units())?;
        for region in Region::ALL {
            let numbers = dose.of(region);
            check(text, region.as_str(), numbers.all(), OfRegion::units())?;
            within_compiled(text, region, numbers)?;
            dose.has_rows(region)
                .map_err(|missing| missing_row(text, region, missing))?;
        }
        let known = |mode: &super::PullMode| dose.mode_row(*mode).is_some();
        if let Some(mode) = super::PullMode::ALL.into_iter().find(|mode| !known(mode)) {
            return Err(missing_mode(text, mode));
        }
        dose.restrains(text)?;
        Ok(dose)
    }

    /// Every level of the region has an angle, and every patient a position.
    fn has_rows(&self, region: Region) -> Result<(), String> {
        let bare = Segment::of(region)
            .iter()
            .find(|segment| self.angle_of(**segment).is_none());
        match bare {
            Some(segment) => Err(format!("angle of {segment}")),
            None if self.position_of(region, None).is_none() => {
                Err(format!("position for {region}"))
            }
            None => Ok(()),
        }
    }

    /// The angle for a level; none for a level that no row names.
    #[must_use]
    pub fn angle_of(&self, segment: Segment) -> Option<&Angle> {
        let named = |row: &&Angle| row.segments.iter().any(|name| name == segment.as_str());
        self.angle.iter().find(named)
    }

    /// The position for a region and the direction that eases.
    #[must_use]
    pub fn position_of(&self, region: Region, preference: Option<&str>) -> Option<&PositionRow> {
        let fits = |row: &&PositionRow| {
            row.region == region.as_str()
                && (row.preference == "any" || Some(row.preference.as_str()) == preference)
        };
        self.position.iter().find(fits)
    }

    /// What is known of a mode.
    #[must_use]
    pub fn mode_row(&self, mode: super::PullMode) -> Option<&ModeRow> {
        self.mode.iter().find(|row| row.mode == mode)
    }

    /// The numbers of one region.
    #[must_use]
    pub fn of(&self, region: Region) -> &OfRegion {
        match region {
            Region::Lumbar => &self.lumbar,
            Region::Cervical => &self.cervical,
        }
    }
}

fn check<'a>(
    text: &str,
    table: &str,
    all: impl Iterator<Item = (&'static str, &'a Parameter)>,
    units: &[(&str, &str)],
) -> Result<(), Problem> {
    for ((name, parameter), (_, unit)) in all.zip(units) {
        let fault = if parameter.unit != *unit {
            format!("is written in {}, not in {unit}", parameter.unit)
        } else if !(parameter.value.is_finite() && parameter.value > 0.0) {
            "must be a positive number".to_owned()
        } else if parameter.why.is_empty() || parameter.evidence.is_empty() {
            "says neither why nor on what evidence".to_owned()
        } else {
            continue;
        };
        return Err(Problem::new(
            "dose-wrong",
            place(text, &format!("[{table}.{name}]"), ""),
            parameter.value.to_string(),
            format!("{table}.{name} {fault}"),
            format!("write a positive number in {unit} with `why` and `evidence`"),
        ));
    }
    Ok(())
}

fn within_compiled(text: &str, region: Region, numbers: &OfRegion) -> Result<(), Problem> {
    let compiled = traction::ceiling(region).get();
    let caps = [
        ("ceiling", &numbers.ceiling),
        ("first_men", &numbers.first_men),
        ("first_women", &numbers.first_women),
    ];
    if let Some((name, cap)) = caps.into_iter().find(|(_, cap)| cap.value > compiled) {
        return Err(Problem::new(
            "dose-above-ceiling",
            place(text, &format!("[{region}.{name}]"), ""),
            cap.value.to_string(),
            format!("lies above the compiled ceiling of {compiled} N"),
            "lower it: nothing raises a compiled ceiling",
        ));
    }
    Ok(())
}
