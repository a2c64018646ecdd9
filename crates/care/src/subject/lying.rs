//! Who lies on the table and how: the person of a chart under a pull of their plan.
//!
//! The preview of a plan, the picture beside the table and what a session teaches
//! all ask for the same person; this is the one place that puts them there.

use jiff::Timestamp;
use si::{Kilograms, Problem};
use spine::column::{Comfort, Setting, Subject};
use uuid::Uuid;

use super::SpineDocument;
use crate::episode::Episode;
use crate::fact::FactSet;
use crate::input::bad;
use crate::plan::{Prescription, Proposal};

/// A person as they lie for a pull.
#[derive(Clone, Debug)]
pub struct Lying {
    /// What pulls.
    pub pull: Prescription,
    /// The person.
    pub subject: Subject,
    /// The couch.
    pub setting: Setting,
}

impl Lying {
    /// The person of a chart under this pull of a plan.
    ///
    /// # Errors
    /// Age is not on record, or a value that no person has.
    pub fn under(
        facts: &FactSet,
        plan: &Proposal,
        pull: Prescription,
        at: Timestamp,
    ) -> Result<Self, Problem> {
        let mass = Kilograms::raw(plan.body_weight_kg);
        let spine = SpineDocument::of_chart(facts, mass, at)?;
        Ok(Self {
            subject: spine.subject(&pull)?,
            setting: Setting {
                region: pull.region,
                support: spine.support(&pull)?,
                comfort: Comfort::default(),
            },
            pull,
        })
    }

    /// The person of a session under the plan in force, which must be the one that it was
    /// permitted by.
    ///
    /// # Errors
    /// No such session or plan, or what [`Lying::under`] refuses.
    pub fn of(episode: &Episode, session: Uuid, at: Timestamp) -> Result<Self, Problem> {
        let missing = |place: &str, what: &str| {
            let remedy = "read the record as it was when the session was permitted";
            bad("plan-missing", place, "", what, remedy)
        };
        let granted = episode
            .session(session)
            .ok_or_else(|| missing("session", "no such session is on record"))?;
        let signed = episode
            .plan
            .as_ref()
            .filter(|plan| plan.plan_sha256 == granted.plan_sha256)
            .ok_or_else(|| missing("plan", "the plan of that session is not in force"))?;
        let plan = Proposal::read(&signed.plan)?;
        let pull = plan.candidate(&signed.candidate)?.prescription.clone();
        Self::under(&episode.facts(), &plan, pull, at)
    }
}
