//! What is kept of a session that is over: figures, the recorded force, everything checked.

use care::episode::Session;
use si::Problem;

use super::super::checked;
use super::super::who::Desk;
use crate::aside::aside;
use crate::door::Visit;
use crate::frame::Frame;
use crate::recorded::{ON_SCREEN, picture};

/// The parts of the page.
pub(super) struct Over {
    /// Force received, comfort and the end: label and value.
    pub(super) given: Vec<(String, String)>,
    /// The force as it was recorded.
    pub(super) curve: String,
    /// What the curve shows, or why there is none.
    pub(super) words: String,
    pub(super) checked: Vec<checked::List>,
}

impl Over {
    pub(super) async fn of(visit: &Visit, desk: &Desk, f: &Frame, session: &Session) -> Self {
        let episode = &desk.chart.episode;
        let catalogue = visit.app.clinic.knowledge().catalogue();
        let of = episode.visit_of(session.id);
        let (curve, words) = curve(visit, f, session).await;
        Self {
            given: checked::given(f, session),
            curve,
            words,
            checked: of
                .map(|of| checked::lists(f, catalogue, episode, of))
                .unwrap_or_default(),
        }
    }
}

/// The page stands also where the recording is lost: it says so.
async fn curve(visit: &Visit, f: &Frame, session: &Session) -> (String, String) {
    let id = session.id;
    let known = session.summary.as_ref();
    let recorded = known.is_some_and(|summary| summary.recording_sha256.is_some());
    let frames = match visit.app.clinic.frames(id).await {
        Ok(Some(frames)) => frames,
        // Its digest is known before the table has handed it over.
        Ok(None) if recorded => return (String::new(), f.t.live_recording_awaited()),
        Ok(None) => return (String::new(), f.t.paper_session_unrecorded()),
        Err(problem) => return (String::new(), said(&problem)),
    };
    let t = f.t;
    let draw = move || picture(t, &frames, ON_SCREEN);
    aside("curve", draw).await.unwrap_or_default()
}

fn said(problem: &Problem) -> String {
    let parts = [&problem.place, &problem.value, &problem.problem];
    let parts: Vec<&str> = parts.into_iter().map(|part| &**part).collect();
    format!("{}. {}", parts.join(": "), problem.remedy)
}
