//! Events into the episode: total and deterministic.
//!
//! An event that refers to something the episode does not have changes nothing
//! but the timeline: history is read, never judged again.

mod note;
mod referral;
mod safety;

use jiff::Timestamp;
use si::Region;

use super::{
    Begun, CheckIn, Consent, Discharged, Entry, Episode, Event, Explained, Import, KeptAt, Left,
    Link, Missed, Proposed, Report, Reviewed, Session, Signed, Triage, Visit, What,
};
use crate::fact::{Clearance, Override};
use crate::outcomes::Tally;

/// The episode after one more event.
#[must_use]
pub fn fold(mut episode: Episode, event: &Event) -> Episode {
    episode.events += 1;
    episode.timeline.push(Entry {
        at: event.at,
        kind: event.kind(),
        role: event.by.role,
        who: event.by.name.clone(),
        detail: detail(&event.what),
        of: event.of(),
    });
    episode.touch(event);
    intake(&mut episode, event);
    planning(&mut episode, event);
    session(&mut episode, event);
    check_ins(&mut episode, event);
    aftercare(&mut episode, event);
    safety::folded(&mut episode, event);
    referral::folded(&mut episode, event);
    note::folded(&mut episode, event);
    episode
}

/// The episode of a whole stream.
#[must_use]
pub fn replay<'a>(events: impl IntoIterator<Item = &'a Event>) -> Episode {
    events.into_iter().fold(Episode::default(), fold)
}

/// One word of ours about the event, for the timeline.
fn detail(what: &What) -> String {
    match what {
        What::Registered { region, .. } | What::Reopened { region } => region.to_string(),
        What::RecordImported(record) => record.source.clone(),
        What::FactsRecorded { readings, .. } => readings.len().to_string(),
        What::Decided { decision } => decision.verdict.as_str().to_owned(),
        What::PlanSigned { candidate, .. } => candidate.clone(),
        What::SessionEnded { summary, .. } => summary.detail.clone(),
        What::SpineLearned(lesson) => lesson.silence().unwrap_or_default().to_owned(),
        What::Triaged { result, .. } | What::Reviewed { result, .. } => result.clone(),
        What::Notified { to, .. } => to.clone(),
        What::ReferralWritten { letter, .. } => letter.urgency.as_str().to_owned(),
        What::ReferralClosed { end, .. } => end.as_str().to_owned(),
        What::TherapyRecorded(visit) => visit.kind.clone(),
        What::ClearanceFiled(Clearance { rule, .. })
        | What::RuleOverridden(Override { rule, .. })
        | What::PermissionWithdrawn { rule, .. } => rule.clone(),
        _ => String::new(),
    }
}

fn intake(episode: &mut Episode, event: &Event) {
    match &event.what {
        What::Registered {
            pseudonym,
            demographics,
            region,
            language,
        } => {
            episode.number = 1;
            episode.pseudonym = *pseudonym;
            episode.demographics = demographics.clone();
            episode.region = Some(*region);
            episode.language.clone_from(language);
            episode.opened = Some(event.at);
        }
        What::ContactChanged { demographics } => episode.demographics = demographics.clone(),
        What::RecordImported(record) => {
            episode.readings.extend(record.readings.iter().cloned());
            episode.deceased = record.deceased;
            episode.imports.push(Import {
                at: event.at,
                source: record.source.clone(),
                readings: record.readings.len(),
                unmapped: record.unmapped.clone(),
                asks: record.asks.clone(),
            });
        }
        What::FactsRecorded { readings, .. } => episode.readings.extend(readings.iter().cloned()),
        What::ConflictResolved { reading, .. } => episode.readings.push(reading.clone()),
        What::ClearanceFiled(letter) => episode.clearances.push(letter.clone()),
        What::RuleOverridden(one) => episode.overrides.push(one.clone()),
        What::PermissionWithdrawn { rule, .. } => episode.withdraw(rule, event.at),
        What::Decided { decision } => {
            episode.turn_away(decision, event.by.role);
            episode.decision = Some(KeptAt {
                at: event.at,
                decision: decision.clone(),
            });
        }
        What::ConsentGiven(given) => {
            episode.consent = Some(Consent {
                at: event.at,
                recorded_by: event.by.clone(),
                given: given.clone(),
            });
        }
        What::ConsentWithdrawn { .. } => episode.consent = None,
        _ => {}
    }
}

fn planning(episode: &mut Episode, event: &Event) {
    match &event.what {
        What::PlanProposed {
            plan,
            plan_sha256,
            decision_sha256,
            expires,
        } => {
            episode.proposal = Some(Proposed {
                at: event.at,
                plan: plan.clone(),
                plan_sha256: plan_sha256.clone(),
                decision_sha256: decision_sha256.clone(),
                expires: *expires,
            });
        }
        What::PlanSigned { .. } => signed(episode, event),
        What::Reviewed { result, decision } => {
            episode.plan_after_review(result, event.at);
            episode.reviews.push(Reviewed {
                at: event.at,
                result: result.clone(),
                decision: decision.clone(),
            });
        }
        What::AppointmentMissed { appointment, from } => episode.missed.push(Missed {
            appointment: *appointment,
            from: *from,
            at: event.at,
        }),
        What::AppointmentKept { appointment } => {
            episode.missed.retain(|one| one.appointment != *appointment);
        }
        What::Discharged { reason, outcome } => {
            episode.discharged = Some(Discharged {
                at: event.at,
                by: event.by.clone(),
                reason: reason.clone(),
                outcome: outcome.clone(),
            });
            episode.end_plan();
        }
        What::Reopened { region } => reopened(episode, *region, event.at),
        _ => {}
    }
}

fn signed(episode: &mut Episode, event: &Event) {
    let What::PlanSigned {
        plan_sha256,
        candidate,
        verdict,
        decision_sha256,
        expires,
        ..
    } = &event.what
    else {
        return;
    };
    let ours = |proposal: &mut Proposed| proposal.plan_sha256 == *plan_sha256;
    let Some(proposal) = episode.proposal.take_if(ours) else {
        return;
    };
    if episode.course_began.is_none() || episode.reevaluate {
        episode.course_began = Some(event.at);
        episode.reevaluate = false;
    }
    episode.plan = Some(Signed {
        at: event.at,
        by: event.by.clone(),
        plan: proposal.plan,
        plan_sha256: plan_sha256.clone(),
        candidate: candidate.clone(),
        verdict: verdict.clone(),
        decision_sha256: decision_sha256.clone(),
        expires: *expires,
    });
}

fn reopened(episode: &mut Episode, region: Region, at: Timestamp) {
    episode.former.push(Tally::of(episode));
    episode.number += 1;
    episode.region = Some(region);
    episode.opened = Some(at);
    episode.discharged = None;
    episode.decision = None;
    episode.turned.clear();
    episode.consent = None;
    (episode.plan, episode.former_plan) = (None, None);
    episode.proposal = None;
    episode.course_began = None;
    episode.reevaluate = false;
    episode.reviews.clear();
    episode.missed.clear();
    episode.end_overrides(at, |_| true);
}

fn session(episode: &mut Episode, event: &Event) {
    match &event.what {
        What::ArrivalRecorded { visit, readings } => {
            episode.readings.extend(readings.iter().cloned());
            let (number, region) = (episode.number, episode.region);
            episode.visits.push(Visit {
                number: *visit,
                episode: number,
                region,
                arrived: event.at,
                arrival: readings.clone(),
                start: Vec::new(),
                session: None,
                leaving: None,
                note: None,
            });
        }
        What::StartChecked { visit, readings } => {
            episode.readings.extend(readings.iter().cloned());
            if let Some(visit) = episode.visits.iter_mut().find(|v| v.number == *visit) {
                visit.start.extend(readings.iter().cloned());
            }
        }
        What::GrantIssued { visit, .. } => {
            let session = granted(event);
            if let Some(visit) = episode.visits.iter_mut().find(|v| v.number == *visit) {
                visit.session = session;
            }
        }
        What::SessionStarted { session } => {
            if let Some(session) = episode.session_mut(*session) {
                session.started = Some(event.at);
            }
        }
        What::SessionReported {
            session,
            readings,
            decision,
        } => {
            episode.readings.extend(readings.iter().cloned());
            if let Some(session) = episode.session_mut(*session) {
                session.reports.push(Report {
                    at: event.at,
                    readings: readings.clone(),
                    decision: decision.clone(),
                });
            }
        }
        What::SessionEnded { session, summary } => {
            if let Some(session) = episode.session_mut(*session) {
                session.started.get_or_insert(event.at);
                session.ended = Some(event.at);
                session.summary = Some(summary.clone());
            }
            episode.end_overrides(event.at, |act| act.one_session);
        }
        _ => closing(episode, event),
    }
}

fn closing(episode: &mut Episode, event: &Event) {
    match &event.what {
        What::StopExplained {
            session,
            cause,
            reason,
        } => {
            if let Some(session) = episode.session_mut(*session) {
                session.explained = Some(Explained {
                    at: event.at,
                    by: event.by.clone(),
                    cause: *cause,
                    reason: reason.clone(),
                    after: session.summary.is_some(),
                });
            }
        }
        What::SpineLearned(lesson) => episode.learns(lesson, event.at),
        What::LeavingChecked(check) => {
            episode.readings.extend(check.readings.iter().cloned());
            if let Some(visit) = episode.visit_of_mut(check.session) {
                visit.leaving = Some(Left {
                    at: event.at,
                    by: event.by.clone(),
                    check: check.clone(),
                });
            }
        }
        _ => {}
    }
}

fn granted(event: &Event) -> Option<Session> {
    let What::GrantIssued {
        session,
        table,
        plan_sha256,
        attendant,
        force_n,
        expires,
        grant,
        simulated,
        ..
    } = &event.what
    else {
        return None;
    };
    Some(Session {
        id: *session,
        table: *table,
        plan_sha256: plan_sha256.clone(),
        attendant: attendant.clone(),
        force_n: *force_n,
        granted: event.at,
        grant: grant.clone(),
        expires: *expires,
        simulated: *simulated,
        started: None,
        reports: Vec::new(),
        ended: None,
        summary: None,
        explained: None,
        check_ins: Vec::new(),
        begun: None,
        links: Vec::new(),
    })
}

fn aftercare(episode: &mut Episode, event: &Event) {
    match &event.what {
        What::LinkIssued {
            session,
            token_sha256,
            expires,
        } => {
            if let Some(session) = episode.session_mut(*session) {
                session.links.push(Link {
                    token_sha256: token_sha256.clone(),
                    expires: *expires,
                });
            }
        }
        What::TherapyRecorded(visit) => episode.therapies.push(visit.clone()),
        _ => {}
    }
}

/// Whatever was told, nothing that was begun before it still waits; what a phone sends late was
/// told before what was begun meanwhile on another form.
fn still_begun(begun: Option<Begun>, told: &CheckIn) -> Option<Begun> {
    begun.filter(|begun| Some(begun.form) != told.form && begun.at > told.given_at())
}

fn check_ins(episode: &mut Episode, event: &Event) {
    match &event.what {
        What::CheckInAnswered {
            session,
            number,
            form,
            readings,
        } => {
            episode.readings.extend(readings.iter().cloned());
            let mut check_in = answered(*number, event.at, readings.clone());
            check_in.form = *form;
            if let Some(session) = episode.session_mut(*session) {
                session.begun = still_begun(session.begun.take(), &check_in);
                session.check_ins.push(check_in);
            }
        }
        What::CheckInBegun {
            session,
            form,
            readings,
        } => {
            if let Some(session) = episode.session_mut(*session) {
                session.begun = Some(Begun {
                    form: *form,
                    at: event.at,
                    readings: readings.clone(),
                    abandoned: None,
                });
            }
        }
        What::CheckInAbandoned { session, form } => {
            let begun = episode.session_mut(*session).and_then(|s| s.begun.as_mut());
            if let Some(begun) = begun.filter(|begun| begun.form == *form) {
                begun.abandoned = Some(event.at);
            }
        }
        What::CheckInMissed { session, number } => {
            let mut check_in = answered(Some(*number), event.at, Vec::new());
            check_in.missed = true;
            if let Some(session) = episode.session_mut(*session) {
                session.check_ins.push(check_in);
            }
        }
        What::Triaged {
            session,
            number,
            result,
            received,
            decision,
        } => {
            let check_in = episode.session_mut(*session).and_then(|session| {
                let mut latest_first = session.check_ins.iter_mut().rev();
                latest_first
                    .find(|check_in| check_in.number == *number && check_in.triage.is_none())
            });
            if let Some(check_in) = check_in {
                check_in.triage = Some(Triage {
                    at: event.at,
                    result: result.clone(),
                    received: received.clone(),
                    decision: decision.clone(),
                });
            }
        }
        _ => {}
    }
}

fn answered(number: Option<u8>, at: Timestamp, readings: Vec<crate::fact::Reading>) -> CheckIn {
    CheckIn {
        number,
        form: None,
        at,
        readings,
        missed: false,
        triage: None,
    }
}
