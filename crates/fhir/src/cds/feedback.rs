//! Feedback: what became of a card, checked against the invariants of the specification.

use super::request::parse;
use crate::view::View;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use si::Problem;
use std::fmt;
use uuid::Uuid;

/// The most entries of one request *(ours: a day's cards of one user)*.
const MOST: usize = 1_000;
/// The longest comment, in characters *(ours: a paragraph)*.
const LONGEST: usize = 4_000;

/// What the user did with a card.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Outcome {
    /// A suggestion was taken.
    Accepted,
    /// The card was dismissed.
    Overridden,
}

/// What became of one card. Debug prints no comment: somebody wrote it about a patient.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Feedback {
    /// The card.
    pub card: Uuid,
    /// What was done with it.
    pub outcome: Outcome,
    /// The suggestions that were taken.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub accepted: Vec<Uuid>,
    /// Why it was dismissed: system and code.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reason: Option<(String, String)>,
    /// What the user wrote.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub comment: Option<String>,
    /// When.
    pub at: Timestamp,
}

impl fmt::Debug for Feedback {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Feedback")
            .field("card", &self.card)
            .field("outcome", &self.outcome)
            .finish_non_exhaustive()
    }
}

/// Reads the body of a feedback request.
///
/// # Errors
/// What is missing or of the wrong shape, with its place: an outcome that is none (cds-fb-1),
/// one that was accepted without a suggestion (cds-fb-2), a reason that says nothing (cds-fb-3).
pub fn feedback(bytes: &[u8]) -> Result<Vec<Feedback>, Problem> {
    let body = parse(bytes)?;
    let Some(object) = body.as_object() else {
        return Err(bad("wrong-shape", "input", "", "is not an object"));
    };
    let root = View {
        kind: "",
        body: object,
        place: String::new(),
    };
    let all = root.objects("feedback")?;
    if all.is_empty() || all.len() > MOST {
        let count = all.len().to_string();
        let problem = format!("does not hold one to {MOST} entries");
        return Err(bad("wrong-count", "feedback", &count, &problem));
    }
    all.iter().map(one).collect()
}

fn bad(code: &'static str, place: &str, value: &str, problem: &str) -> Problem {
    Problem::new(
        code,
        place,
        value,
        problem,
        "write it as CDS Hooks 2.0 defines it",
    )
}

fn one(entry: &View<'_>) -> Result<Feedback, Problem> {
    let outcome = match needed(entry, "outcome")? {
        "accepted" => Outcome::Accepted,
        "overridden" => Outcome::Overridden,
        other => {
            let place = entry.at("outcome");
            return Err(bad(
                "cds-fb-1",
                &place,
                other,
                "is neither accepted nor overridden",
            ));
        }
    };
    let taken = entry.objects("acceptedSuggestions")?;
    let accepted: Vec<Uuid> = taken
        .iter()
        .map(|one| uuid(one, "id"))
        .collect::<Result<_, _>>()?;
    if outcome == Outcome::Accepted && accepted.is_empty() {
        let place = entry.at("acceptedSuggestions");
        return Err(bad(
            "cds-fb-2",
            &place,
            "",
            "is not there, and the outcome is accepted",
        ));
    }
    let (reason, comment) = match entry.object("overrideReason")? {
        Some(why) => why_not(&why)?,
        None => (None, None),
    };
    let place = entry.at("outcomeTimestamp");
    let at = needed(entry, "outcomeTimestamp")?;
    let at: Timestamp = at
        .parse()
        .map_err(|_| bad("not-an-instant", &place, at, "is not an instant"))?;
    Ok(Feedback {
        card: uuid(entry, "card")?,
        outcome,
        accepted,
        reason,
        comment,
        at,
    })
}

type Why = (Option<(String, String)>, Option<String>);

fn why_not(why: &View<'_>) -> Result<Why, Problem> {
    let comment = why
        .text("userComment")?
        .filter(|words| !words.trim().is_empty());
    if comment.is_some_and(|words| words.chars().count() > LONGEST) {
        let place = why.at("userComment");
        let problem = format!("is longer than {LONGEST} characters");
        return Err(bad("too-long", &place, "", &problem));
    }
    let reason = match why.object("reason")? {
        Some(coding) => {
            let system = coding.text("system")?.unwrap_or_default().to_owned();
            Some((system, needed(&coding, "code")?.to_owned()))
        }
        None => None,
    };
    if reason.is_none() && comment.is_none() {
        return Err(bad(
            "cds-fb-3",
            &why.place,
            "",
            "has neither a reason nor a userComment",
        ));
    }
    Ok((reason, comment.map(str::to_owned)))
}

fn needed<'a>(view: &View<'a>, name: &str) -> Result<&'a str, Problem> {
    let text = view.text(name)?.filter(|text| !text.is_empty());
    text.ok_or_else(|| {
        bad(
            "missing",
            &view.at(name),
            "",
            "is required and is not there",
        )
    })
}

fn uuid(view: &View<'_>, name: &str) -> Result<Uuid, Problem> {
    let text = needed(view, name)?;
    let bare = text.strip_prefix("urn:uuid:").unwrap_or(text);
    bare.parse()
        .map_err(|_| bad("not-a-uuid", &view.at(name), text, "is not a UUID"))
}
