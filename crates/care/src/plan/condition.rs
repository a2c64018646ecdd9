//! What a named condition changes: rows of `knowledge/dose.toml`.
//!
//! A practitioner names what is treated; the program never infers it. A row
//! replaces numbers of its region by its own, each with why, sources, evidence
//! and what speaks against it. It never raises a cap, adds a session or leaves
//! the longest time: those numbers it can only lower.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use si::{Problem, Region};

use super::body::{choice, days_between, number};
use super::dose::{Common, Dose, OfRegion, Parameter};
use super::{Position, PullMode, Reason};
use crate::fact::{By, FactKey, FactSet, Reading, Value};

/// Facts that choose a row; `knowledge` checks the words of rows against them.
pub(super) const CONDITION: &str = "treated_condition";
pub(super) const TYPE: &str = "herniation_type";
pub(super) const LOCATION: &str = "herniation_location";
const SIDE: &str = "herniation_side";
const DURATION: &str = "symptom_duration";
/// Types of herniation, the mildest first.
const TYPES: [&str; 5] = ["none", "bulge", "protrusion", "extrusion", "sequestration"];

/// How long the complaint lasts, by the two bounds of `common`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Stage {
    /// Shorter than the first bound.
    Acute,
    /// Between them.
    Subacute,
    /// Longer than the second.
    Chronic,
}

impl Stage {
    /// The stage of a complaint that has lasted so many weeks.
    #[must_use]
    pub fn of(weeks: f64, common: &Common) -> Self {
        if weeks < common.acute_until.value {
            Self::Acute
        } else if weeks <= common.chronic_after.value {
            Self::Subacute
        } else {
            Self::Chronic
        }
    }

    const fn as_str(self) -> &'static str {
        match self {
            Self::Acute => "acute",
            Self::Subacute => "subacute",
            Self::Chronic => "chronic",
        }
    }
}

impl std::fmt::Display for Stage {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.as_str())
    }
}

/// What a source says against a setting.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Contrary {
    /// In a sentence.
    pub says: String,
    /// Identifiers of `reference/clinical.md` §9; empty for a doubt of ours.
    pub sources: Vec<String>,
}

/// A basis without a number.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Basis {
    /// Why, for people.
    pub why: String,
    /// Identifiers of `reference/clinical.md` §9.
    pub sources: Vec<String>,
    /// What kind of basis it has.
    pub evidence: String,
    /// What speaks against it.
    #[serde(default)]
    pub dissent: Vec<Contrary>,
}

/// What plans say beside their numbers.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Notes {
    /// With every plan: what comparing doses and modes has shown.
    pub every_plan: Basis,
    /// Where the side of a herniation is recorded.
    pub side: Basis,
    /// Where nobody named a condition.
    pub no_condition: Basis,
    /// Where the condition has no row in this region.
    pub no_row: Basis,
    /// Where the duration is not recorded and a row would ask for it.
    pub no_duration: Basis,
    /// Where a practitioner chose the settings.
    pub chosen: Basis,
    /// Where a mode that is not static was chosen for a first session.
    pub chosen_first: Basis,
    /// Where the force may be raised while a session runs.
    pub headroom: Basis,
}

/// The mode of a condition.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ModeChange {
    /// The mode.
    pub value: PullMode,
    /// Already in the first sessions, which are static otherwise.
    #[serde(default)]
    pub from_first: bool,
    /// No other mode may be chosen where this condition is treated.
    #[serde(default)]
    pub only: bool,
    /// Why, for people.
    pub why: String,
    /// Identifiers of `reference/clinical.md` §9.
    pub sources: Vec<String>,
    /// What kind of basis it has.
    pub evidence: String,
    /// What speaks against it.
    #[serde(default)]
    pub dissent: Vec<Contrary>,
}

/// The position of a condition, where no direction that eases was found.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PositionChange {
    /// How the patient lies.
    pub value: Position,
    /// Why, for people.
    pub why: String,
    /// Identifiers of `reference/clinical.md` §9.
    pub sources: Vec<String>,
    /// What kind of basis it has.
    pub evidence: String,
    /// What speaks against it.
    #[serde(default)]
    pub dissent: Vec<Contrary>,
}

/// A condition and what it changes; the first row that fits holds.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ConditionRow {
    /// Its name.
    pub id: String,
    /// `lumbar` or `cervical`.
    pub region: String,
    /// Words of `treated_condition`.
    pub conditions: Vec<String>,
    /// Words of `herniation_type`; empty: any, and not recorded.
    #[serde(default)]
    pub types: Vec<String>,
    /// Words of `herniation_location`; empty: any, and not recorded.
    #[serde(default)]
    pub locations: Vec<String>,
    /// Stages; empty: any, and not recorded.
    #[serde(default)]
    pub stages: Vec<Stage>,
    /// What the row is about, for people.
    pub why: String,
    /// Identifiers of `reference/clinical.md` §9.
    pub sources: Vec<String>,
    /// What kind of basis it has.
    pub evidence: String,
    /// What speaks against treating it so.
    #[serde(default)]
    pub dissent: Vec<Contrary>,
    /// How the force is applied.
    pub mode: Option<ModeChange>,
    /// How the patient lies.
    pub position: Option<PositionChange>,
    /// Lower share of body weight in the course.
    pub ceiling_share: Option<Parameter>,
    /// Lower share of body weight in first sessions.
    pub first_share: Option<Parameter>,
    /// Length of a hold.
    pub hold: Option<Parameter>,
    /// Length of a rest.
    pub rest: Option<Parameter>,
    /// Longest first session.
    pub first_time: Option<Parameter>,
    /// Length of later sessions.
    pub later_time: Option<Parameter>,
    /// Fewer sessions.
    pub sessions: Option<Parameter>,
    /// Fewer sessions a week.
    pub per_week: Option<Parameter>,
}

impl ConditionRow {
    /// The numbers it changes: name, unit, number.
    pub fn numbers(&self) -> impl Iterator<Item = (&'static str, &'static str, &Parameter)> {
        let all = [
            ("ceiling_share", "1", &self.ceiling_share),
            ("first_share", "1", &self.first_share),
            ("hold", "s", &self.hold),
            ("rest", "s", &self.rest),
            ("first_time", "s", &self.first_time),
            ("later_time", "s", &self.later_time),
            ("sessions", "1", &self.sessions),
            ("per_week", "1", &self.per_week),
        ];
        all.into_iter()
            .filter_map(|(name, unit, number)| Some((name, unit, number.as_ref()?)))
    }

    /// The region's numbers with this row's in their place.
    #[must_use]
    pub fn applied(&self, region: &OfRegion) -> OfRegion {
        let mut numbers = region.clone();
        lower(&mut numbers.ceiling_share, self.ceiling_share.as_ref());
        lower(&mut numbers.first_share, self.first_share.as_ref());
        lower(&mut numbers.sessions, self.sessions.as_ref());
        lower(&mut numbers.per_week, self.per_week.as_ref());
        let first = self.first_time.as_ref();
        lower(&mut numbers.first_time_gentle, first);
        lower(&mut numbers.first_time_standard, first);
        lower(&mut numbers.first_time_firm, first);
        replace(&mut numbers.hold, self.hold.as_ref());
        replace(&mut numbers.rest, self.rest.as_ref());
        replace(&mut numbers.later_time, self.later_time.as_ref());
        if numbers.later_time.value > numbers.time_max.value {
            numbers.later_time = numbers.time_max.clone();
        }
        numbers
    }

    fn fits(&self, region: Region, treated: &Treated, stage: Option<Stage>) -> bool {
        let named = |words: &[String], word: Option<&String>| {
            words.is_empty() || word.is_some_and(|word| words.contains(word))
        };
        self.region == region.as_str()
            && named(&self.conditions, treated.condition.as_ref())
            && named(&self.types, treated.kind.as_ref())
            && named(&self.locations, treated.location.as_ref())
            && (self.stages.is_empty() || stage.is_some_and(|stage| self.stages.contains(&stage)))
    }
}

fn lower(number: &mut Parameter, change: Option<&Parameter>) {
    if let Some(change) = change.filter(|change| change.value < number.value) {
        *number = change.clone();
    }
}

fn replace(number: &mut Parameter, change: Option<&Parameter>) {
    if let Some(change) = change {
        *number = change.clone();
    }
}

/// What is treated, as far as it was named.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Treated {
    condition: Option<String>,
    kind: Option<String>,
    location: Option<String>,
    side: Option<String>,
    weeks: Option<f64>,
}

impl Treated {
    pub(super) fn read(facts: &FactSet, at: Timestamp) -> Self {
        Self {
            condition: condition(facts),
            kind: worst_type(facts),
            location: choice(facts, LOCATION),
            side: choice(facts, SIDE),
            weeks: weeks(facts, at),
        }
    }
}

/// Only a practitioner names a condition: no code and no answer is a diagnosis.
fn condition(facts: &FactSet) -> Option<String> {
    let named = |reading: &Reading| match reading.as_value() {
        Some(Value::Choice(word)) if reading.by == By::Practitioner => Some(word.clone()),
        _ => None,
    };
    facts
        .of(&FactKey::plain(CONDITION))
        .iter()
        .rev()
        .find_map(named)
}

/// Where sources disagree on the type, the worst binds; a practitioner settles it.
fn worst_type(facts: &FactSet) -> Option<String> {
    let readings = facts.of(&FactKey::plain(TYPE));
    let settles = |reading: &Reading| reading.by == By::Practitioner && reading.resolves.is_some();
    let settled = readings.iter().rposition(settles).unwrap_or(0);
    let kept = &readings[settled..];
    let newest = |(place, reading): &(usize, &Reading)| {
        let mut later = kept[place + 1..].iter();
        !later.any(|other| other.origin() == reading.origin())
    };
    let rank = |reading: &Reading| match reading.as_value() {
        Some(Value::Choice(word)) => TYPES.iter().position(|known| known == word),
        _ => None,
    };
    let all = kept.iter().enumerate().filter(newest);
    let worst = all.filter_map(|(_, reading)| rank(reading)).max()?;
    TYPES.get(worst).map(ToString::to_string)
}

/// The complaint grows older with the calendar.
fn weeks(facts: &FactSet, at: Timestamp) -> Option<f64> {
    let (weeks, told) = number(facts, DURATION, "wk")?;
    Some(weeks + days_between(told, at).max(0.0) / 7.0)
}

/// The numbers that hold for one patient, and the row they come from.
#[derive(Clone, Debug)]
pub(super) struct Settings<'a> {
    /// The region's, with the row's in their place.
    pub(super) numbers: OfRegion,
    /// The row, if one fits.
    pub(super) row: Option<&'a ConditionRow>,
}

impl Dose {
    /// The numbers for what is treated.
    pub(super) fn settings(&self, region: Region, treated: &Treated) -> Settings<'_> {
        let stage = treated.weeks.map(|weeks| Stage::of(weeks, &self.common));
        let row = treated.condition.as_ref().and_then(|_| {
            self.condition
                .iter()
                .find(|row| row.fits(region, treated, stage))
        });
        self.with(region, row)
    }

    fn with<'a>(&self, region: Region, row: Option<&'a ConditionRow>) -> Settings<'a> {
        let numbers = self.of(region);
        Settings {
            numbers: row.map_or_else(|| numbers.clone(), |row| row.applied(numbers)),
            row,
        }
    }

    /// The numbers of a row that a plan names.
    ///
    /// # Errors
    /// The region has no such row.
    pub(super) fn settings_of(
        &self,
        region: Region,
        id: Option<&str>,
    ) -> Result<Settings<'_>, Problem> {
        let Some(id) = id else {
            return Ok(self.with(region, None));
        };
        let mut rows = self.condition.iter();
        let row = rows.find(|row| row.id == id && row.region == region.as_str());
        let row = row.ok_or_else(|| {
            Problem::new(
                "plan-unsound",
                "condition_row",
                id,
                format!("the numbers of dose have no such row for the {region} region"),
                "propose the plan again; a plan is never mended by hand",
            )
        })?;
        Ok(self.with(region, Some(row)))
    }

    /// Which row a plan follows or why none, what is known of dose at all, and of the side.
    pub(super) fn notes_on(
        &self,
        region: Region,
        treated: &Treated,
        row: Option<&ConditionRow>,
    ) -> Vec<Reason> {
        let notes = &self.notes;
        let stage = treated.weeks.map(|weeks| Stage::of(weeks, &self.common));
        let mut all = vec![match (&treated.condition, row) {
            (None, _) => notes.no_condition.reason("condition"),
            (Some(condition), None) => {
                let reason = notes.no_row.reason("condition");
                let why = format!("{condition}: {}", reason.why);
                Reason { why, ..reason }
            }
            (Some(condition), Some(row)) => named(condition, treated, stage, row),
        }];
        let waits = |row: &ConditionRow| {
            !row.stages.is_empty()
                && row.region == region.as_str()
                && treated
                    .condition
                    .iter()
                    .any(|word| row.conditions.contains(word))
        };
        if stage.is_none() && self.condition.iter().any(waits) {
            all.push(notes.no_duration.reason("condition"));
        }
        if treated.side.is_some() {
            all.push(notes.side.reason("angle_deg"));
        }
        all.push(notes.every_plan.reason("dose"));
        all
    }
}

fn named(condition: &str, treated: &Treated, stage: Option<Stage>, row: &ConditionRow) -> Reason {
    let herniation = treated.kind.iter().chain(&treated.location);
    let words: Vec<&str> = std::iter::once(condition)
        .chain(herniation.map(String::as_str))
        .chain(stage.map(Stage::as_str))
        .collect();
    Reason {
        setting: "condition".to_owned(),
        why: format!("{} (row {}): {}", words.join(", "), row.id, row.why),
        sources: row.sources.clone(),
        evidence: row.evidence.clone(),
        dissent: told(&row.dissent),
    }
}

/// What speaks against a setting, as people read it.
pub(super) fn told(dissent: &[Contrary]) -> Vec<String> {
    let words = |contrary: &Contrary| match contrary.sources.as_slice() {
        [] => contrary.says.clone(),
        sources => format!("{} [{}]", contrary.says, sources.join(", ")),
    };
    dissent.iter().map(words).collect()
}

impl Basis {
    pub(super) fn reason(&self, setting: &str) -> Reason {
        Reason {
            setting: setting.to_owned(),
            why: self.why.clone(),
            sources: self.sources.clone(),
            evidence: self.evidence.clone(),
            dissent: told(&self.dissent),
        }
    }
}

impl ModeChange {
    pub(super) fn reason(&self) -> Reason {
        Reason {
            setting: "mode".to_owned(),
            why: self.why.clone(),
            sources: self.sources.clone(),
            evidence: self.evidence.clone(),
            dissent: told(&self.dissent),
        }
    }
}

impl PositionChange {
    pub(super) fn reason(&self) -> Reason {
        Reason {
            setting: "position".to_owned(),
            why: self.why.clone(),
            sources: self.sources.clone(),
            evidence: self.evidence.clone(),
            dissent: told(&self.dissent),
        }
    }
}
