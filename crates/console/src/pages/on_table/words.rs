//! What the patient is told of the table, and of what they said.

use care::episode::{Episode, Role, Session};
use care::fact::Value;
use serde::Serialize;
use table::wire::Status;

use super::super::live::clock;
use super::super::session::is_here;
use crate::bedside::Live;
use crate::messages::Say;

/// What the page shows, by the name it shows it under.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub(super) struct Words {
    /// What the table does.
    pub(super) head: String,
    /// For how long, or what to do.
    pub(super) lead: String,
    /// What became of what the patient said.
    pub(super) said: String,
    /// What was said last; none before anything was.
    pub(super) score: Option<u8>,
    /// `pulls`, `still`, `stopped`, `over` or `lost`: what the page offers.
    pub(super) state: &'static str,
}

impl Words {
    pub(super) fn of(t: Say, (episode, session): (&Episode, &Session), live: &Live) -> Self {
        let here = is_here(live, session.id);
        let told = Told::of(episode, session);
        let status = live.status.as_ref().filter(|_| here);
        let (head, lead, state) = match status {
            _ if session.ended.is_some() => (t.on_table_over(), t.on_table_stay(), "over"),
            _ if !live.connected => (t.on_table_server_lost(), String::new(), "lost"),
            Some(status) => doing(t, status),
            None => (t.on_table_elsewhere(), String::new(), "still"),
        };
        Self {
            said: said(t, told.as_ref(), status),
            head,
            lead,
            score: told.map(|told| told.score),
            state,
        }
    }
}

/// The last score of the session, as it is on record, and whether the patient told it here.
struct Told {
    score: u8,
    here: bool,
}

impl Told {
    fn of(episode: &Episode, session: &Session) -> Option<Self> {
        let reports = session.reports.iter().rev();
        let mut scores = reports.flat_map(|report| {
            let readings = report.readings.iter().rev();
            readings.map(|reading| (report.at, reading))
        });
        let (at, last) = scores.find(|(_, one)| one.key().fact.as_str() == "discomfort")?;
        let Value::Number(score) = last.as_value()? else {
            return None;
        };
        let mut written = episode.timeline.iter().rev();
        let written = written.find(|line| line.kind == "session-reported" && line.at == at);
        Some(Self {
            // From 0 to 10, whole: the catalogue lets nothing else in.
            score: *score as u8,
            here: written.is_none_or(|line| line.role == Role::Patient),
        })
    }

    /// Who said it, in words.
    fn by(&self, t: Say, score: u8) -> String {
        match self.here {
            true => t.on_table_you(score),
            false => t.on_table_therapist(score),
        }
    }
}

fn doing(t: Say, status: &Status) -> (String, String, &'static str) {
    let left = t.on_table_left(clock(status.remaining_s));
    let phase = match status.phase.as_str() {
        "ramp" => t.on_table_ramp(),
        "hold" => t.on_table_hold(),
        "release" => t.on_table_fall(),
        _ => t.on_table_rest(),
    };
    match status.stage.as_str() {
        "take-up" => (t.on_table_straps(), left, "pulls"),
        "running" => (phase, left, "pulls"),
        "paused" => (t.on_table_rest(), left, "pulls"),
        "ending" => (t.on_table_fall(), t.on_table_stay(), "pulls"),
        "unloading" => (t.on_table_letting_go(), t.on_table_stay(), "pulls"),
        "unloaded" => (t.on_table_let_go(), t.on_table_stay(), "stopped"),
        "complete" => (t.on_table_over(), t.on_table_stay(), "over"),
        _ => (t.on_table_ready(), String::new(), "still"),
    }
}

/// A better score than the table goes by changes nothing by itself.
fn said(t: Say, told: Option<&Told>, status: Option<&Status>) -> String {
    let Some(told) = told else {
        return t.on_table_unsaid();
    };
    let goes_by = status.and_then(|status| status.comfort);
    let held = status.and_then(|status| status.held.as_deref());
    let latch = status.and_then(|status| status.latch.as_deref());
    let comfort = |cause: Option<&str>| cause.is_some_and(|cause| cause.starts_with("comfort"));
    let score = told.score;
    let by = told.by(t, score);
    if comfort(latch) {
        t.on_table_lets_go(told.by(t, goes_by.unwrap_or(score)))
    } else if goes_by.is_some_and(|worse| score < worse) {
        t.on_table_better(by)
    } else if comfort(held) {
        t.on_table_held(by)
    } else {
        t.on_table_said(by)
    }
}
