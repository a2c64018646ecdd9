//! Monitoring that a decision asks for: the fields of one time, and what was entered.

use care::decide::{ConditionKind, Decision, MonitorAt};
use care::episode::{EndCause, Session, Visit};
use care::fact::{Catalogue, FactKey, Reading};

use super::inputs::{self, Input, Voice, pretty_unit};
use crate::frame::Frame;

/// One fact to watch.
#[derive(Debug)]
pub struct Watch {
    /// Its field; the hint says what the conditions ask for.
    pub input: Input,
    /// Its name.
    pub label: String,
    /// At what the session stops, or nothing.
    pub stop: String,
    /// What was entered last, and when.
    pub last: String,
}

/// What to enter at a time, each fact once, without what `skip` names.
#[must_use]
pub fn watches(
    f: &Frame,
    catalogue: &Catalogue,
    decision: &Decision,
    when: MonitorAt,
    skip: impl Fn(&str) -> bool,
) -> Vec<Watch> {
    let mut found: Vec<Watch> = Vec::new();
    for condition in &decision.conditions {
        let key = condition.fact.as_deref().filter(|key| !skip(key));
        let Some(key) = key
            .filter(|_| condition.when.contains(&when))
            .and_then(FactKey::parse)
        else {
            continue;
        };
        let Some(fact) = catalogue.get(key.fact.as_str()) else {
            continue;
        };
        let name = format!("f:{key}");
        if let Some(known) = found.iter_mut().find(|watch| watch.input.name == name) {
            if !known.input.hint.contains(&condition.text) {
                known.input.hint = format!("{} {}", known.input.hint, condition.text);
            }
            continue;
        }
        let mut input = Input::of(f.t, fact, &key, Voice::Practitioner);
        input.hint.clone_from(&condition.text);
        input.doubt = false;
        found.push(Watch {
            input,
            label: fact.label.clone(),
            stop: condition
                .stop_at
                .as_deref()
                .map(|criteria| f.t.live_stop_at(in_words(criteria, catalogue)))
                .unwrap_or_default(),
            last: String::new(),
        });
    }
    found
}

/// The fields during the pull, with the value before it and the last one on the table.
#[must_use]
pub fn on_the_table(
    f: &Frame,
    catalogue: &Catalogue,
    decision: &Decision,
    visit: &Visit,
) -> Vec<Watch> {
    let mut found = watches(f, catalogue, decision, MonitorAt::During, |_| false);
    for watch in &mut found {
        let is_it = |reading: &&Reading| {
            reading.as_value().is_some() && format!("f:{}", reading.key()) == watch.input.name
        };
        let start = visit.arrival.iter().chain(&visit.start);
        let before = start.filter(is_it).max_by_key(|reading| reading.at);
        let last = reported(visit.session.as_ref()).filter(is_it).last();
        watch.last = [
            before.map(|reading| f.t.monitor_before(inputs::words(reading))),
            Some(last.map_or_else(
                || f.t.monitor_none(),
                |reading| {
                    f.t.monitor_last(inputs::words(reading), f.when(&reading.at))
                },
            )),
        ]
        .into_iter()
        .flatten()
        .collect::<Vec<_>>()
        .join(" · ");
    }
    found
}

/// What the pull left open, to be entered on leaving under `during:`; a pull that was cut
/// short may have no value.
#[must_use]
pub fn left_open(
    f: &Frame,
    catalogue: &Catalogue,
    decision: &Decision,
    session: &Session,
) -> Vec<Input> {
    let cut_short = cut_short(session);
    let done = |key: &str| {
        reported(Some(session)).any(|reading| {
            reading.key().to_string() == key && (cut_short || reading.as_value().is_some())
        })
    };
    let open = watches(f, catalogue, decision, MonitorAt::During, done);
    open.into_iter()
        .map(|watch| {
            let mut input = watch.input;
            input.name = input.name.replacen("f:", "during:", 1);
            input.id = format!("during-{}", input.id);
            input.doubt = cut_short;
            input
        })
        .collect()
}

/// Whether the pull ended before its profile did.
#[must_use]
pub fn cut_short(session: &Session) -> bool {
    care::session::cause(session) != Some(EndCause::Completed)
}

/// Whether a fact is to be entered at a time.
#[must_use]
pub fn asks(decision: &Decision, when: MonitorAt, key: &str) -> bool {
    let mut conditions = decision.conditions.iter();
    conditions.any(|c| c.when.contains(&when) && c.fact.as_deref() == Some(key))
}

/// What must be at hand: equipment and documents.
#[must_use]
pub fn at_hand(decision: &Decision) -> Vec<String> {
    let kinds = [ConditionKind::Equipment, ConditionKind::Document];
    let conditions = decision.conditions.iter();
    let needed = conditions.filter(|condition| kinds.contains(&condition.kind));
    needed.map(|condition| condition.text.clone()).collect()
}

fn reported(session: Option<&Session>) -> impl Iterator<Item = &Reading> {
    session
        .into_iter()
        .flat_map(|session| &session.reports)
        .flat_map(|report| &report.readings)
}

/// Criteria with the facts' names and the units that people write.
fn in_words(criteria: &str, catalogue: &Catalogue) -> String {
    let word = |word: &str| match (word, catalogue.get(word)) {
        (_, Some(fact)) => fact.label.clone(),
        (">=", None) => "≥".to_owned(),
        ("<=", None) => "≤".to_owned(),
        (other, None) => pretty_unit(other),
    };
    criteria.split(' ').map(word).collect::<Vec<_>>().join(" ")
}
