//! Records that only some of the staff open, and how everybody else at the table opens one in an
//! emergency: with a reason, for a while, and reviewed afterwards ("break the glass").
//!
//! The clinical lead restricts a record to a team: a colleague who is a patient, somebody who is
//! looked for. Lists still show the name and what is urgent, so that nobody in danger is missed,
//! and what lowers force asks for no team (`door/dispatch.rs`). Who may open a record follows from
//! the clinic's own stream. Shown by `tests/restricted.rs`.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};
use si::Problem;
use uuid::Uuid;

use super::{Clinic, follow};
use crate::random;

/// The event of everything here.
pub(super) const KIND: &str = "restriction";
/// An opened record closes again after this time *(ours: half a shift; asked for again, it opens
/// again)*.
const OPEN_FOR: SignedDuration = SignedDuration::from_hours(4);
/// An opening is to be reviewed within this time (interop.md §6.4).
const REVIEW_WITHIN: SignedDuration = SignedDuration::from_hours(24);
/// Letters of a reason, at least *(ours: longer than "test" or "needed")* and at most.
const REASON: (usize, usize) = (10, 500);

/// What somebody did.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "act", rename_all = "kebab-case")]
pub(super) enum Entry {
    /// The record is open to these users alone, whoever they were before.
    Restricted {
        patient: Uuid,
        by: Uuid,
        team: BTreeSet<Uuid>,
        why: String,
    },
    /// It is open to everybody at the table again.
    Lifted {
        patient: Uuid,
        by: Uuid,
        why: String,
    },
    /// Somebody else opened it in an emergency.
    Opened {
        opening: Uuid,
        patient: Uuid,
        by: Uuid,
        why: String,
    },
    /// Somebody looked at that.
    Reviewed {
        opening: Uuid,
        by: Uuid,
        justified: bool,
        note: String,
    },
}

/// A record that is restricted now.
#[derive(Clone, Debug)]
pub struct Restriction {
    /// Who opens it.
    pub team: BTreeSet<Uuid>,
    /// Who said so.
    pub by: Uuid,
    /// Since when.
    pub at: Timestamp,
    /// Why.
    pub why: String,
}

/// A record that somebody opened in an emergency.
#[derive(Clone, Debug)]
pub struct Opening {
    /// Its id.
    pub id: Uuid,
    /// Whose record.
    pub patient: Uuid,
    /// Who opened it.
    pub by: Uuid,
    /// When.
    pub at: Timestamp,
    /// Why.
    pub why: String,
    /// What somebody found who looked at it.
    pub review: Option<Review>,
}

/// What a review found.
#[derive(Clone, Debug)]
pub struct Review {
    /// Who looked.
    pub by: Uuid,
    /// When.
    pub at: Timestamp,
    /// Whether care asked for it.
    pub justified: bool,
    /// In words.
    pub note: String,
}

/// Everything of it, as of an event of the clinic's stream.
#[derive(Clone, Debug, Default)]
pub struct Restrictions {
    records: BTreeMap<Uuid, Restriction>,
    openings: Vec<Opening>,
}

impl Opening {
    /// Until when the record is open.
    #[must_use]
    pub fn until(&self) -> Timestamp {
        self.at.saturating_add(OPEN_FOR).unwrap_or(Timestamp::MAX)
    }

    /// Until when it is to be reviewed.
    #[must_use]
    pub fn due(&self) -> Timestamp {
        self.at
            .saturating_add(REVIEW_WITHIN)
            .unwrap_or(Timestamp::MAX)
    }
}

impl Restrictions {
    /// How a record is restricted.
    #[must_use]
    pub fn of(&self, patient: Uuid) -> Option<&Restriction> {
        self.records.get(&patient)
    }

    /// Whether no record is restricted now.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.records.is_empty()
    }

    /// Whether somebody who works here opens a record now.
    #[must_use]
    pub fn opens(&self, user: Uuid, patient: Uuid, now: Timestamp) -> bool {
        let team = |restriction: &Restriction| restriction.team.contains(&user);
        self.of(patient).is_none_or(team) || self.opened(user, patient, now).is_some()
    }

    /// The opening that lets somebody in now.
    #[must_use]
    pub fn opened(&self, user: Uuid, patient: Uuid, now: Timestamp) -> Option<&Opening> {
        let lets_in = |opening: &&Opening| {
            let theirs = opening.by == user && opening.patient == patient;
            theirs && opening.at <= now && now < opening.until()
        };
        self.openings.iter().rfind(lets_in)
    }

    /// Openings, the last first.
    pub fn openings(&self) -> impl Iterator<Item = &Opening> {
        self.openings.iter().rev()
    }

    /// Openings that nobody reviewed, the first first.
    pub fn waiting(&self) -> impl Iterator<Item = &Opening> {
        self.openings
            .iter()
            .filter(|opening| opening.review.is_none())
    }

    fn opening(&self, id: Uuid) -> Option<&Opening> {
        self.openings.iter().find(|opening| opening.id == id)
    }
}

impl follow::Told for Restrictions {
    const KIND: &'static str = KIND;
    type Entry = Entry;

    fn told(&mut self, at: Timestamp, entry: &Entry) {
        match entry.clone() {
            Entry::Restricted {
                patient,
                by,
                team,
                why,
            } => {
                let restriction = Restriction { team, by, at, why };
                self.records.insert(patient, restriction);
            }
            Entry::Lifted { patient, .. } => {
                self.records.remove(&patient);
            }
            Entry::Opened {
                opening: id,
                patient,
                by,
                why,
            } => self.openings.push(Opening {
                id,
                patient,
                by,
                at,
                why,
                review: None,
            }),
            Entry::Reviewed {
                opening,
                by,
                justified,
                note,
            } => {
                let of = self.openings.iter_mut().find(|one| one.id == opening);
                // Of two who looked at once the first is right.
                if let Some(opening) = of.filter(|one| one.review.is_none()) {
                    opening.review = Some(Review {
                        by,
                        at,
                        justified,
                        note,
                    });
                }
            }
        }
    }
}

impl Clinic {
    /// Who opens which record.
    ///
    /// # Errors
    /// The journal.
    pub async fn restrictions(&self) -> Result<Arc<Restrictions>, Problem> {
        Ok(self.follow(&self.restricted).await?.0)
    }

    /// Restricts a record to a team, or to another one.
    ///
    /// # Errors
    /// No reason; nobody in the team, or somebody who has no business at the table.
    pub async fn restrict(
        &self,
        by: Uuid,
        patient: Uuid,
        team: BTreeSet<Uuid>,
        why: &str,
    ) -> Result<(), Problem> {
        let why = reason(why)?;
        let users = self.users().await?;
        let works = |id: &Uuid| {
            let user = users.iter().find(|user| user.id == *id);
            user.is_some_and(|user| !user.closed && crate::door::role::CLINIC.has(user.role))
        };
        if let Some(stranger) = team.iter().find(|id| !works(id)) {
            return Err(Problem::new(
                "team-unknown",
                "team",
                stranger.to_string(),
                "is nobody who works with patients here",
                "choose from the list",
            ));
        }
        let at_table = |id: &Uuid| {
            let user = users.iter().find(|user| user.id == *id);
            user.is_some_and(|user| crate::door::role::DECIDING.has(user.role))
        };
        if !team.iter().any(at_table) {
            return Err(Problem::new(
                "team-cannot-decide",
                "team",
                team.len().to_string(),
                "has nobody who decides about treatment",
                "add a practitioner or the clinical lead",
            ));
        }
        self.tell(Entry::Restricted {
            patient,
            by,
            team,
            why,
        })
        .await
    }

    /// Opens a record to everybody at the table again.
    ///
    /// # Errors
    /// No reason.
    pub async fn lift_restriction(
        &self,
        by: Uuid,
        patient: Uuid,
        why: &str,
    ) -> Result<(), Problem> {
        let why = reason(why)?;
        self.tell(Entry::Lifted { patient, by, why }).await
    }

    /// Opens a restricted record in an emergency.
    ///
    /// # Errors
    /// No reason.
    pub async fn open_in_emergency(
        &self,
        by: Uuid,
        patient: Uuid,
        why: &str,
    ) -> Result<(), Problem> {
        let why = reason(why)?;
        let opening = random::id();
        self.tell(Entry::Opened {
            opening,
            patient,
            by,
            why,
        })
        .await
    }

    /// Reviews an opening.
    ///
    /// # Errors
    /// There is no such opening, it is one's own, or somebody reviewed it before; no note.
    pub async fn review_opening(
        &self,
        by: Uuid,
        opening: Uuid,
        justified: bool,
        note: &str,
    ) -> Result<(), Problem> {
        let note = reason(note)?;
        let all = self.restrictions().await?;
        let found = all.opening(opening);
        let refused = |code, problem, remedy| {
            Problem::new(code, "opening", opening.to_string(), problem, remedy)
        };
        match found {
            None => {
                let remedy = "load the list of openings again";
                return Err(refused(
                    "opening-unknown",
                    "is no opening of a record",
                    remedy,
                ));
            }
            Some(one) if one.by == by => {
                let remedy = "let the administrator or another clinical lead review it";
                return Err(refused("own-opening", "is your own", remedy));
            }
            Some(one) if one.review.is_some() => {
                let remedy = "load the list again to see what they found";
                return Err(refused(
                    "opening-reviewed",
                    "was reviewed by somebody",
                    remedy,
                ));
            }
            Some(_) => {}
        }
        self.tell(Entry::Reviewed {
            opening,
            by,
            justified,
            note,
        })
        .await
    }

    async fn tell(&self, entry: Entry) -> Result<(), Problem> {
        let by = match &entry {
            Entry::Restricted { by, .. }
            | Entry::Lifted { by, .. }
            | Entry::Opened { by, .. }
            | Entry::Reviewed { by, .. } => *by,
        };
        self.append_own(by, KIND, &entry).await
    }
}

/// Why, in words of some length.
fn reason(why: &str) -> Result<String, Problem> {
    let why = why.trim();
    let letters = why.chars().count();
    if (REASON.0..=REASON.1).contains(&letters) {
        return Ok(why.to_owned());
    }
    Err(Problem::new(
        "reason-unsaid",
        "reason",
        letters.to_string(),
        format!("letters are not {} to {}", REASON.0, REASON.1),
        "say in a sentence why",
    ))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::clinic::follow::Told as _;

    const PATIENT: Uuid = Uuid::from_u128(1);
    const MEMBER: Uuid = Uuid::from_u128(2);
    const OTHER: Uuid = Uuid::from_u128(3);
    /// Stored bytes are read for ever: this file is never deleted.
    const GOLDEN: &str = include_str!("../../tests/golden/restriction.v1.json");

    fn at(hours: i64) -> Timestamp {
        Timestamp::UNIX_EPOCH + SignedDuration::from_hours(hours)
    }

    fn entries() -> Vec<Entry> {
        serde_json::from_str(GOLDEN).expect("the golden file")
    }

    #[test]
    fn the_first_version_of_its_events_is_still_read() {
        let written = serde_json::to_string_pretty(&entries()).expect("JSON");
        assert_eq!(written, GOLDEN.trim_end());
    }

    #[test]
    fn a_restricted_record_opens_to_its_team_and_in_an_emergency_for_four_hours() {
        let [restricted, opened, reviewed, lifted] = &entries()[..] else {
            panic!("four entries")
        };
        let mut all = Restrictions::default();
        assert!(all.opens(OTHER, PATIENT, at(0)), "open to everybody");
        all.told(at(0), restricted);
        assert!(all.opens(MEMBER, PATIENT, at(1)));
        assert!(!all.opens(OTHER, PATIENT, at(1)));
        assert!(
            all.opens(OTHER, Uuid::from_u128(9), at(1)),
            "another record"
        );
        all.told(at(2), opened);
        assert!(!all.opens(OTHER, PATIENT, at(1)), "not before");
        assert!(all.opens(OTHER, PATIENT, at(2)));
        assert!(all.opens(OTHER, PATIENT, at(5)));
        assert!(!all.opens(OTHER, PATIENT, at(6)), "four hours later");
        assert_eq!(all.waiting().count(), 1);
        all.told(at(7), reviewed);
        all.told(at(8), reviewed);
        let review = all.openings().next().and_then(|one| one.review.clone());
        assert_eq!(review.map(|review| review.at), Some(at(7)), "the first");
        assert_eq!(all.waiting().count(), 0);
        all.told(at(9), lifted);
        assert!(all.opens(OTHER, PATIENT, at(9)));
    }
}
