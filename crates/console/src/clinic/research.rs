//! Consent to research: apart from the consent to treatment, off unless it was given, and taken
//! back at any time (CLINICAL.md §1.15). Whose records a data set for research is made of.
//!
//! It stands in the clinic's own stream: nothing of care depends on it. Shown by `tests/research.rs`.

use std::collections::BTreeMap;
use std::ops::ControlFlow;
use std::sync::Arc;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use si::Problem;
use uuid::Uuid;

use super::{AuditLine, Chart, Clinic, Deed, Wanted, follow};

/// The event of everything here.
pub(super) const KIND: &str = "research-consent";
/// Fewer patients make no data set: CMS reports no cell of 1 to 10 (CMS Cell Size Suppression
/// Policy, 26 January 2024).
pub const LEAST: usize = 11;
/// The path under which data sets are taken away, as the audit log has it.
pub(crate) const TAKEN: &str = "/research/{table}";
/// Most characters of the name of who explained it *(ours: it stands on a page)*.
const NAME: usize = 100;

/// What somebody said.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "act", rename_all = "kebab-case")]
pub(super) enum Entry {
    /// The patient agreed.
    Given {
        patient: Uuid,
        by: Uuid,
        #[serde(flatten)]
        given: Agreed,
    },
    /// And does no longer.
    Withdrawn { patient: Uuid, by: Uuid },
}

/// What a patient agreed to, and with whom.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Agreed {
    /// SHA-256 (hex) of the words.
    pub text_version: String,
    /// The words as they were shown.
    pub words: String,
    /// Their language.
    pub language: String,
    /// Who explained them.
    pub explained_by: String,
}

/// A consent that holds.
#[derive(Clone, Debug)]
pub struct Researched {
    /// Since when.
    pub at: Timestamp,
    /// To what, and with whom.
    pub given: Agreed,
}

/// All that hold, as of an event of the clinic's stream.
#[derive(Clone, Debug, Default)]
pub(super) struct Research(BTreeMap<Uuid, Researched>);

impl follow::Told for Research {
    const KIND: &'static str = KIND;
    type Entry = Entry;

    fn told(&mut self, at: Timestamp, entry: &Entry) {
        match entry.clone() {
            Entry::Given { patient, given, .. } => {
                self.0.insert(patient, Researched { at, given });
            }
            Entry::Withdrawn { patient, .. } => {
                self.0.remove(&patient);
            }
        }
    }
}

impl Clinic {
    /// The consent of a patient to research, if it holds.
    ///
    /// # Errors
    /// The journal cannot be read.
    pub async fn research_consent(&self, patient: Uuid) -> Result<Option<Researched>, Problem> {
        let (research, _) = self.follow(&self.research).await?;
        Ok(research.0.get(&patient).cloned())
    }

    /// Notes that a patient agreed.
    ///
    /// # Errors
    /// Nobody is said to have explained it, or there is no record that could be used.
    pub async fn agree_to_research(
        &self,
        by: Uuid,
        patient: Uuid,
        given: Agreed,
    ) -> Result<(), Problem> {
        let name = given.explained_by.trim();
        if name.is_empty() || name.chars().count() > NAME {
            return Err(Problem::new(
                "not-said",
                "explained_by",
                name.chars().take(60).collect::<String>(),
                "is nobody who explained it",
                format!("name who did, in at most {NAME} characters"),
            ));
        }
        let entry = Entry::Given { patient, by, given };
        self.append_own(by, KIND, &entry).await
    }

    /// Notes that a patient does not agree any more.
    ///
    /// # Errors
    /// The journal cannot be written.
    pub async fn withdraw_research(&self, by: Uuid, patient: Uuid) -> Result<(), Problem> {
        if self.research_consent(patient).await?.is_none() {
            return Ok(());
        }
        let entry = Entry::Withdrawn { patient, by };
        self.append_own(by, KIND, &entry).await
    }

    /// The records a data set is made of: of who agreed, without those that are restricted now,
    /// erased or damaged.
    ///
    /// # Errors
    /// The journal cannot be read.
    pub async fn researched(&self) -> Result<Vec<Arc<Chart>>, Problem> {
        let (research, _) = self.follow(&self.research).await?;
        let restricted = self.restrictions().await?;
        let open = |patient: &&Uuid| restricted.of(**patient).is_none();
        let patients: Vec<Uuid> = research.0.keys().filter(open).copied().collect();
        let mut charts = self.charts_of(&patients).await?;
        charts.retain(|chart| chart.episode.number > 0);
        Ok(charts)
    }

    /// The same, where they are enough for nobody to be known among them.
    ///
    /// # Errors
    /// They are too few.
    pub async fn research_set(&self) -> Result<Vec<Arc<Chart>>, Problem> {
        let charts = self.researched().await?;
        if charts.len() < LEAST {
            return Err(Problem::new(
                "research-too-few",
                "patients",
                // How few is what must not be told.
                "",
                format!("fewer than {LEAST} patients agreed: somebody could be known among them"),
                "wait until more patients have agreed",
            ));
        }
        Ok(charts)
    }

    /// By what a patient is known in data sets of this clinic: always the same, nothing of the
    /// patient in it, and made of the clinic's key, which does not leave the clinic.
    #[must_use]
    pub fn study_id(&self, patient: Uuid) -> String {
        let words = format!("research id of {}", patient.simple());
        self.key().secret(&words)[..16].to_owned()
    }

    /// When a patient's rows were last in a data set that was taken away.
    ///
    /// # Errors
    /// The journal cannot be read.
    pub async fn research_used(&self, patient: Uuid) -> Result<Option<Timestamp>, Problem> {
        let wanted = Wanted {
            patient: Some(patient),
            act: Some(Deed::Read),
            ..Wanted::default()
        };
        let mut used = None;
        let look = |line: AuditLine| {
            if line.access.route != TAKEN {
                return ControlFlow::Continue(());
            }
            used = Some(line.at);
            ControlFlow::Break(())
        };
        self.each_access(&wanted, look).await?;
        Ok(used)
    }
}

#[cfg(test)]
mod tests {
    use super::follow::Told as _;
    use super::*;

    /// As it is kept.
    const GIVEN: &str = r#"{"act":"given","patient":"6a09e667-f3bc-4908-b2fb-1366ea957d3e","by":"bb67ae85-84ca-4aa7-bb67-ae8584caa73b","text_version":"9f86d081","words":"You can take it back.","language":"en","explained_by":"Colin Marsh"}"#;
    const WITHDRAWN: &str = r#"{"act":"withdrawn","patient":"6a09e667-f3bc-4908-b2fb-1366ea957d3e","by":"6a09e667-f3bc-4908-b2fb-1366ea957d3e"}"#;

    #[test]
    fn a_yes_is_read_as_it_was_written_and_ends_when_it_is_taken_back() {
        let mut research = Research::default();
        let given: Entry = serde_json::from_str(GIVEN).unwrap();
        assert_eq!(serde_json::to_string(&given).unwrap(), GIVEN);
        research.told(Timestamp::UNIX_EPOCH, &given);
        let patient = research.0.keys().next().copied().unwrap();
        assert_eq!(research.0[&patient].given.explained_by, "Colin Marsh");
        let withdrawn: Entry = serde_json::from_str(WITHDRAWN).unwrap();
        assert_eq!(serde_json::to_string(&withdrawn).unwrap(), WITHDRAWN);
        research.told(Timestamp::UNIX_EPOCH, &withdrawn);
        assert!(research.0.is_empty());
    }
}
