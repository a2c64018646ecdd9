//! Approvals of rules and caps: acts of the clinic's own stream.

use care::knowledge::{Approval, Approvals};
use jiff::Timestamp;
use record::{OpenOptions, StreamKind};
use serde::{Deserialize, Serialize};
use si::Problem;
use uuid::Uuid;

use super::{Clinic, Home, open};

/// The event of one act.
pub(super) const KIND: &str = "knowledge-approved";

/// What one act approved.
#[derive(Debug, PartialEq, Serialize, Deserialize)]
pub(super) struct Approved {
    by: String,
    licence: String,
    entries: Vec<Entry>,
}

/// An entry as it stood.
#[derive(Debug, PartialEq, Serialize, Deserialize)]
struct Entry {
    entry: String,
    sha256: String,
}

impl Approved {
    pub(super) fn count_in(self, approvals: &mut Approvals, at: Timestamp) {
        for Entry { entry, sha256 } in self.entries {
            approvals.add(Approval {
                entry,
                sha256,
                by: self.by.clone(),
                licence: self.licence.clone(),
                at,
            });
        }
    }
}

/// Who approves, and when.
#[derive(Clone, Debug)]
pub struct Approver {
    /// By name.
    pub by: String,
    /// The licence to practise.
    pub licence: String,
    /// When.
    pub at: Timestamp,
}

impl Clinic {
    /// Vouches for entries as this knowledge has them; counts from the next start on.
    pub async fn approve(&self, who: &Approver, entries: &[&str]) -> Result<(), Problem> {
        let approved = self.approved(who, entries)?;
        self.append_own_at(who.at, Uuid::nil(), KIND, &approved)
            .await
    }

    fn approved(&self, who: &Approver, entries: &[&str]) -> Result<Approved, Problem> {
        for (place, said) in [("by", &who.by), ("licence", &who.licence)] {
            if said.trim().is_empty() {
                return Err(Problem::new(
                    "not-said",
                    place,
                    said,
                    "an approval names the clinician and their licence",
                    "give both",
                ));
            }
        }
        if who.at > Timestamp::now() {
            return Err(Problem::new(
                "in-the-future",
                "at",
                who.at.to_string(),
                "this lies in the future",
                "give the instant of the approval",
            ));
        }
        let known = self.knowledge.entries();
        let entry = |id: &&str| {
            let sha256 = known.get(*id).ok_or_else(|| unknown(id))?;
            Ok(Entry {
                entry: (*id).to_owned(),
                sha256: sha256.clone(),
            })
        };
        Ok(Approved {
            by: who.by.trim().to_owned(),
            licence: who.licence.trim().to_owned(),
            entries: entries.iter().map(entry).collect::<Result<_, Problem>>()?,
        })
    }
}

fn unknown(entry: &str) -> Problem {
    Problem::new(
        "unknown-rule",
        "RULE",
        entry,
        "is not a rule",
        "see `annulus knowledge list`",
    )
}

/// The approvals in a store, read without touching it.
pub async fn approvals_of(home: &Home) -> Result<Approvals, Problem> {
    let opening = OpenOptions::new().read_only();
    let journal = home.standing_journal(opening).await?;
    let streams = journal
        .streams(StreamKind::Clinic)
        .await
        .map_err(|e| e.problem())?;
    let Some(clinic) = streams.first() else {
        return Ok(Approvals::default());
    };
    Ok(open::read_own(&journal, clinic.stream).await?.approvals)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Stored bytes are read for ever: this file is never deleted.
    const GOLDEN: &str = include_str!("../../tests/golden/knowledge-approved.v1.json");

    #[test]
    fn the_first_version_of_an_approval_is_still_read() {
        let read: Approved = serde_json::from_str(GOLDEN).expect("the golden file");
        let written = serde_json::to_string_pretty(&read).expect("JSON");
        assert_eq!(written, GOLDEN.trim_end());
        let mut approvals = Approvals::default();
        read.count_in(&mut approvals, Timestamp::UNIX_EPOCH);
        assert_ne!(&approvals, Approvals::NONE);
    }
}
