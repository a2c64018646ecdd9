//! Everything recorded about one patient that decisions read.
use super::{FactKey, Reading};
use jiff::Timestamp;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// A letter that clears one finding (CLINICAL §1.10).
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Clearance {
    /// The rule it clears, by id.
    pub rule: String,
    /// The region it was given for.
    pub region: String,
    /// Name of who cleared.
    pub name: String,
    /// Profession of who cleared.
    pub profession: String,
    /// Licence of who cleared.
    pub licence: String,
    /// Conditions in the letter.
    #[serde(default)]
    pub conditions: Vec<String>,
    /// When it was issued.
    #[schemars(with = "String")]
    pub issued: Timestamp,
    /// When it ends.
    #[schemars(with = "String")]
    pub expires: Timestamp,
    /// Where the document is kept.
    pub document: String,
    /// The practitioner who confirmed it.
    pub confirmed_by: String,
}

/// A clinician's decision to go on despite one rule (CLINICAL §1.11).
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Override {
    /// The rule, by id.
    pub rule: String,
    /// Why, in the clinician's words; the patient's wish is never a reason.
    pub reason: String,
    /// What was examined.
    pub examination: String,
    /// Whether the patient was told.
    pub patient_told: bool,
    /// The practitioner who overrides.
    pub by: String,
    /// The second clinician, where the rule asks for one.
    #[serde(default)]
    pub second: Option<String>,
    /// When it was recorded.
    #[schemars(with = "String")]
    pub at: Timestamp,
    /// When it ends.
    #[schemars(with = "String")]
    pub until: Timestamp,
    /// Whether it ends with the next session, if that is before `until`.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub one_session: bool,
}

/// All readings of one patient, by fact, each list in order of time.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct FactSet {
    readings: BTreeMap<FactKey, Vec<Reading>>,
    /// Letters on file.
    pub clearances: Vec<Clearance>,
    /// Overrides on file.
    pub overrides: Vec<Override>,
}

impl FactSet {
    /// An empty chart.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds a reading; an exact duplicate is kept once.
    pub fn insert(&mut self, reading: Reading) {
        let list = self.readings.entry(reading.key()).or_default();
        if list.contains(&reading) {
            return;
        }
        let place = list.partition_point(|other| order(other) <= order(&reading));
        list.insert(place, reading);
    }

    /// Takes every reading of one fact away and returns them.
    pub fn remove(&mut self, key: &FactKey) -> Vec<Reading> {
        self.readings.remove(key).unwrap_or_default()
    }

    /// Every reading of one fact, oldest first.
    #[must_use]
    pub fn of(&self, key: &FactKey) -> &[Reading] {
        self.readings.get(key).map_or(&[], Vec::as_slice)
    }

    /// Facts with at least one reading.
    pub fn keys(&self) -> impl Iterator<Item = &FactKey> {
        self.readings.keys()
    }

    /// Each fact with its readings, oldest first.
    pub(crate) fn entries(&self) -> impl Iterator<Item = (&FactKey, &[Reading])> {
        let all = self.readings.iter();
        all.map(|(key, readings)| (key, readings.as_slice()))
    }

    /// Every reading.
    pub fn iter(&self) -> impl Iterator<Item = &Reading> {
        self.readings.values().flatten()
    }

    /// Whether nothing was recorded.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.readings.is_empty()
    }
}

/// By time; at one instant by what they say, so that the order of entry is no matter.
fn order(reading: &Reading) -> (Timestamp, super::By, Option<&str>, String) {
    let content = format!("{:?} {:?}", reading.content, reading.who);
    (reading.at, reading.by, reading.source.as_deref(), content)
}

impl Extend<Reading> for FactSet {
    fn extend<I: IntoIterator<Item = Reading>>(&mut self, readings: I) {
        readings
            .into_iter()
            .for_each(|reading| self.insert(reading));
    }
}

impl FromIterator<Reading> for FactSet {
    fn from_iter<I: IntoIterator<Item = Reading>>(readings: I) -> Self {
        let mut set = Self::new();
        set.extend(readings);
        set
    }
}
