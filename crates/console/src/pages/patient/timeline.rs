//! Where each line of the timeline leads, and what a session gave.

use care::episode::{Entry, Episode, Of};

use super::super::session::{ended_by, held};
use crate::frame::Frame;

/// The page of a line, below the patient's, where there is one; `number` counts lines from 1.
pub(super) fn href(number: usize, entry: &Entry) -> Option<String> {
    if let Some(of) = entry.of {
        return of_visit(number, entry, of);
    }
    let page = match entry.kind {
        "decided" | "reviewed" => return Some(format!("decisions/{number}")),
        "plan-proposed" | "plan-signed" => return Some(format!("plans/{number}")),
        "clearance-filed" | "rule-overridden" | "permission-withdrawn" => {
            return Some(format!("permissions/{}", entry.detail));
        }
        "registered" | "contact-changed" => "contact",
        "record-imported" | "facts-recorded" | "conflict-resolved" => "facts",
        "consent-given" | "consent-withdrawn" => "consent",
        "referral-written" | "referral-overdue" | "referral-closed" => "referrals",
        "suspended" | "suspension-lifted" | "notified" | "acknowledged" => "safety",
        "adverse-event-opened" | "adverse-event-noted" | "adverse-event-closed" => "safety",
        "therapy-recorded" => "therapies",
        "discharged" | "reopened" => "review",
        _ => return None,
    };
    Some(page.to_owned())
}

fn of_visit(number: usize, entry: &Entry, of: Of) -> Option<String> {
    match (entry.kind, of) {
        (_, Of::Visit(visit)) => Some(format!("note/{visit}")),
        (_, Of::Day(day)) => Some(format!("note/{day}")),
        ("triaged", _) => Some(format!("decisions/{number}")),
        ("leaving-checked", Of::Session(session)) => Some(format!("leaving/{session}")),
        (kind, _) if kind.starts_with("check-in") || kind == "link-issued" => {
            Some("recover".to_owned())
        }
        (_, Of::Session(session)) => Some(format!("session/{session}")),
    }
}

/// Of the end of a session: the force it gave, what was told of it, and why it ended.
pub(super) fn given(f: &Frame, episode: &Episode, entry: &Entry) -> Option<String> {
    let Some(Of::Session(session)) = entry.of.filter(|_| entry.kind == "session-ended") else {
        return None;
    };
    let session = episode.session(session)?;
    let summary = session.summary.as_ref()?;
    let worst = summary.peak_discomfort;
    Some(f.t.entry_session_gave(
        format!("{:.0}", summary.peak_force_n),
        held(f.t, summary),
        format!("{:.0}", summary.duration_s / 60.0),
        worst.map_or_else(|| f.t.unknown(), |worst| f.t.paper_session_of_ten(worst)),
        ended_by(f.t, session)?,
    ))
}
