//! Suspensions, alerts and adverse events into the episode.

use jiff::Timestamp;

use crate::episode::{
    AdverseEvent, Alert, Episode, Event, Judged, Lifted, Private, Suspension, What,
};

pub(super) fn folded(episode: &mut Episode, event: &Event) {
    match &event.what {
        What::Suspended {
            suspension,
            because,
        } => episode.suspensions.push(Suspension {
            number: *suspension,
            at: event.at,
            because: because.clone(),
            lifted: None,
        }),
        What::SuspensionLifted {
            suspension,
            examined,
            reason,
        } => {
            let mut all = episode.suspensions.iter_mut();
            if let Some(found) = all.find(|s| s.number == *suspension) {
                found.lifted = Some(Lifted {
                    at: event.at,
                    by: event.by.clone(),
                    examined: *examined,
                    reason: reason.clone(),
                });
            }
        }
        What::Notified {
            alert,
            urgency,
            about,
            to,
            ..
        } => notified(episode, event.at, (*alert, urgency, about, to)),
        What::Acknowledged { alert, note } => {
            if let Some(alert) = episode.alerts.iter_mut().find(|a| a.number == *alert) {
                alert.acknowledged = Some((event.at, event.by.clone(), note.clone()));
            }
        }
        _ => adverse_event(episode, event),
    }
}

fn notified(episode: &mut Episode, at: Timestamp, of: (u32, &String, &String, &String)) {
    let (number, urgency, about, to) = of;
    let contact = (at, to.clone());
    match episode.alerts.iter_mut().find(|a| a.number == number) {
        Some(alert) => alert.notified.push(contact),
        None => episode.alerts.push(Alert {
            number,
            at,
            urgency: urgency.clone(),
            about: about.clone(),
            notified: vec![contact],
            acknowledged: None,
        }),
    }
}

fn adverse_event(episode: &mut Episode, event: &Event) {
    match &event.what {
        What::AdverseEventOpened {
            event: number,
            description,
            onset,
            severity,
            serious,
            session,
            received,
            judged,
        } => episode.adverse_events.push(AdverseEvent {
            number: *number,
            at: event.at,
            description: description.clone(),
            onset: *onset,
            severity: *severity,
            serious: *serious,
            // Only a person ever said that an event is serious.
            judged: Judged {
                serious: judged.serious || *serious,
                ..*judged
            },
            session: *session,
            received: received.clone(),
            notes: Vec::new(),
            relation: None,
            action: None,
            closed: None,
        }),
        What::AdverseEventNoted {
            event: number,
            note,
            severity,
            serious,
            relation,
            action,
            judged,
        } => {
            if let Some(found) = find_adverse(episode, *number) {
                found.notes.push((event.at, note.clone()));
                // A class that the program raised waits for somebody to judge it.
                if let Some(severity) = severity {
                    (found.severity, found.judged.severity) = (*severity, judged.severity);
                }
                found.judged.serious |= serious.is_some();
                found.serious = serious.unwrap_or(found.serious);
                found.relation = relation.clone().or_else(|| found.relation.take());
                found.action = action.clone().or_else(|| found.action.take());
            }
        }
        What::AdverseEventClosed {
            event: number,
            outcome,
            relation,
        } => {
            if let Some(found) = find_adverse(episode, *number) {
                found.relation = Some(relation.clone());
                found.closed = Some((event.at, Private(outcome.0.clone())));
            }
        }
        _ => {}
    }
}

fn find_adverse(episode: &mut Episode, number: u32) -> Option<&mut AdverseEvent> {
    let mut all = episode.adverse_events.iter_mut();
    all.find(|event| event.number == number)
}
