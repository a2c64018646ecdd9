//! What the patient is told of the table, and of what they said.

use care::episode::Session;
use care::fact::Value;
use serde::Serialize;
use table::wire::Status;

use super::super::live::clock;
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
    /// What they said last.
    pub(super) score: Option<u8>,
    /// `pulls`, `still`, `stopped`, `over` or `lost`: what the page offers.
    pub(super) state: &'static str,
}

impl Words {
    pub(super) fn of(t: Say, session: &Session, live: &Live, here: bool) -> Self {
        let score = told(session);
        let status = live.status.as_ref().filter(|_| here);
        let (head, lead, state) = match status {
            _ if session.ended.is_some() => (t.on_table_over(), t.on_table_stay(), "over"),
            _ if !live.connected => (t.on_table_server_lost(), String::new(), "lost"),
            Some(status) => doing(t, status),
            None => (t.on_table_elsewhere(), String::new(), "still"),
        };
        Self {
            said: said(t, score, status),
            head,
            lead,
            score,
            state,
        }
    }
}

/// The patient's last score of the session, as it is on record.
fn told(session: &Session) -> Option<u8> {
    let readings = session.reports.iter().flat_map(|report| &report.readings);
    let mut scores = readings.filter(|reading| reading.key().fact.as_str() == "discomfort");
    match scores.next_back()?.as_value()? {
        // From 0 to 10, whole: the catalogue lets nothing else in.
        Value::Number(score) => Some(*score as u8),
        _ => None,
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
fn said(t: Say, score: Option<u8>, status: Option<&Status>) -> String {
    let Some(score) = score else {
        return t.on_table_unsaid();
    };
    let goes_by = status.and_then(|status| status.comfort);
    let held = status.and_then(|status| status.held.as_deref());
    let latch = status.and_then(|status| status.latch.as_deref());
    let comfort = |cause: Option<&str>| cause.is_some_and(|cause| cause.starts_with("comfort"));
    if comfort(latch) {
        t.on_table_lets_go(goes_by.unwrap_or(score))
    } else if goes_by.is_some_and(|told| score < told) {
        t.on_table_better(score)
    } else if comfort(held) {
        t.on_table_held(score)
    } else {
        t.on_table_said(score)
    }
}
