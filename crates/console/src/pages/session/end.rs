//! How a session ended, in the words of every page and paper.

use care::episode::{Session, SessionSummary};
use care::session::cause;

use crate::frame::Frame;
use crate::messages::Say;

/// Its cause, as far as it was explained; none before its end.
pub(in crate::pages) fn ended_by(t: Say, session: &Session) -> Option<String> {
    cause(session).map(|cause| t.cause(cause))
}

/// The force that was held to the end of a hold: a peak may be a moment.
pub(in crate::pages) fn held(t: Say, summary: &SessionSummary) -> String {
    if summary.tolerated_n > 0.0 {
        t.leaving_held(format!("{:.0}", summary.tolerated_n))
    } else {
        t.leaving_held_none()
    }
}

/// What it gave and how it ended, in a sentence; none before its end.
pub(in crate::pages) fn given(t: Say, session: &Session) -> Option<String> {
    let summary = session.summary.as_ref()?;
    let force = format!("{:.0}", summary.peak_force_n);
    let minutes = format!("{:.0}", summary.duration_s / 60.0);
    let held = held(t, summary);
    Some(t.leaving_summary(force, held, minutes, ended_by(t, session)?))
}

/// What somebody said a stop was, who, when and how they know.
pub(in crate::pages) fn explanation(f: &Frame, session: &Session) -> Option<String> {
    let said = session.explained.as_ref()?;
    let (cause, who, when) = (f.t.cause(said.cause), &said.by.name, f.when(&said.at));
    Some(f.t.explain_said(who, when, cause, &said.reason))
}
