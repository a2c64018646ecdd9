//! What is due to be told by mail, and in which words.

use std::sync::Arc;

use care::decide::Urgency;
use care::episode::{Command, Private};
use care::triage::{Due, due as check_ins};
use jiff::{SignedDuration, Timestamp};
use si::Problem;
use uuid::Uuid;

use super::{Letter, MailSettings};
use crate::clinic::{About, Chart, Clinic, program, sha256_hex};
use crate::messages::Say;
use crate::pages::recover::LINK_LIFE;
use crate::random;

/// A check-in that is given up sooner than this is not reminded of any more (ours).
const LATE: SignedDuration = SignedDuration::from_mins(15);

/// A letter that is to be written.
pub(super) struct DueLetter {
    pub(super) about: About,
    pub(super) to: String,
    /// The address again, where it is one of the staff's.
    pub(super) contact: Option<String>,
}

/// Everything that is due now, alarms first. A chart that cannot be read holds up no other.
pub(super) async fn due(
    clinic: &Clinic,
    settings: &MailSettings,
) -> Result<Vec<DueLetter>, Problem> {
    let (log, now) = (clinic.mail_log().await?, clinic.now());
    let mut due = Vec::new();
    for chart in charts(clinic, clinic.alarmed().await?).await {
        due.extend(alarms(&chart, settings));
    }
    let here = now.to_zoned_datetime(clinic.zone().clone());
    if !settings.quiet.holds(here.time()) {
        for chart in charts(clinic, clinic.awaited().await?).await {
            due.extend(reminders(&chart, now));
        }
    }
    due.retain(|letter| log.wants(&letter.about, now));
    Ok(due)
}

async fn charts(clinic: &Clinic, patients: Vec<Uuid>) -> Vec<Arc<Chart>> {
    let mut charts = Vec::new();
    for patient in patients {
        match clinic.chart(patient).await {
            Ok(chart) => charts.push(chart),
            Err(problem) => {
                tracing::error!(problem = %problem.log(), "mail of one record waits");
            }
        }
    }
    charts
}

/// Each contact with an address who was notified of an alarm that is still open, of the last
/// time alone: who was away for a night is not told forty times.
fn alarms(chart: &Chart, settings: &MailSettings) -> Vec<DueLetter> {
    let patient = chart.id;
    let mut due = Vec::new();
    for alert in chart.episode.open_alerts() {
        for contact in &settings.contacts {
            let mut told = (1_u32..).zip(&alert.notified);
            let last = told
                .by_ref()
                .filter(|(_, (_, to))| *to == contact.name)
                .last();
            due.extend(last.map(|(attempt, _)| DueLetter {
                about: About::Alarm {
                    patient,
                    alert: alert.number,
                    attempt,
                },
                to: contact.email.clone(),
                contact: Some(contact.email.clone()),
            }));
        }
    }
    due
}

/// Check-ins whose answer is waited for, of a patient with an address. Nobody who died is asked.
fn reminders(chart: &Chart, now: Timestamp) -> Vec<DueLetter> {
    let email = chart.episode.demographics.0.email.as_ref();
    let Some(email) = email.filter(|_| !chart.episode.deceased) else {
        return Vec::new();
    };
    let open = check_ins(&chart.episode, now).into_iter();
    let open = open.filter(|due| due.open_at(now) && now + LATE < due.until);
    open.map(|due| DueLetter {
        about: About::Reminder {
            patient: chart.id,
            session: due.session,
            number: due.number,
        },
        to: email.clone(),
        contact: None,
    })
    .collect()
}

/// The letter; nothing is on record of it yet.
pub(super) async fn write(
    clinic: &Clinic,
    settings: &MailSettings,
    say: Say,
    due: &DueLetter,
) -> Result<Letter, Problem> {
    match due.about {
        About::Alarm { patient, alert, .. } => {
            let chart = clinic.chart(patient).await?;
            let (subject, body) = alarm(clinic, settings, say, (&chart, alert));
            Ok(Letter {
                to: due.to.clone(),
                subject,
                body,
                token: None,
            })
        }
        About::Reminder {
            patient,
            session,
            number,
        } => {
            let chart = clinic.chart(patient).await?;
            let all = check_ins(&chart.episode, clinic.now());
            let asked = |due: &&Due| due.session == session && due.number == number;
            let until = all.iter().find(asked).map_or(clinic.now(), |due| due.until);
            Ok(reminder(clinic, settings, say, (&due.to, until)))
        }
    }
}

/// The link of a reminder answers from when its letter was taken: who got none is still called.
/// Its token is kept as its hash alone.
pub(super) async fn open_link(
    clinic: &Clinic,
    due: &DueLetter,
    letter: &Letter,
) -> Result<(), Problem> {
    let (
        About::Reminder {
            patient, session, ..
        },
        Some(token),
    ) = (due.about, &letter.token)
    else {
        return Ok(());
    };
    let now = clinic.now();
    let command = Command::IssueLink {
        session,
        token_sha256: sha256_hex(token.0.as_bytes()),
        // A late answer is still an answer.
        expires: now.checked_add(LINK_LIFE).unwrap_or(now),
    };
    clinic.act(patient, &program(), command).await.map(|_| ())
}

fn alarm(
    clinic: &Clinic,
    settings: &MailSettings,
    say: Say,
    (chart, number): (&Chart, u32),
) -> (String, String) {
    let mut alerts = chart.episode.alerts.iter();
    let alert = alerts.find(|alert| alert.number == number);
    let urgency = alert.map_or(Urgency::Emergency.as_str(), |alert| &*alert.urgency);
    let raised = alert.map_or_else(|| clinic.now(), |alert| alert.at);
    let raised = raised.to_zoned_datetime(clinic.zone().clone());
    let raised = raised.strftime("%-d %b %Y %H:%M").to_string();
    let subject = say.mail_alarm_subject(say.urgency(urgency));
    let body = say.mail_alarm(say.urgency(urgency), raised, &settings.address);
    (subject, body)
}

fn reminder(
    clinic: &Clinic,
    settings: &MailSettings,
    say: Say,
    (to, until): (&str, Timestamp),
) -> Letter {
    let token = random::token();
    let (own, until) = (
        clinic.settings(),
        until.to_zoned_datetime(clinic.zone().clone()),
    );
    let before = until.strftime("%-d %b, %H:%M").to_string();
    let link = format!("{}/c/{token}", settings.address.trim_end_matches('/'));
    Letter {
        to: to.to_owned(),
        subject: say.mail_reminder_subject(&own.name),
        body: say.mail_reminder(before, link, &own.emergency.number, &own.phone),
        token: Some(Private(token)),
    }
}
