//! What is due to be told by mail, and in which words.

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
}

/// Everything that is due now, alarms first.
pub(super) async fn due(
    clinic: &Clinic,
    settings: &MailSettings,
) -> Result<Vec<DueLetter>, Problem> {
    let (log, now) = (clinic.mail_log().await?, clinic.now());
    let mut due = Vec::new();
    for patient in clinic.alarmed().await? {
        due.extend(alarms(&*clinic.chart(patient).await?, settings));
    }
    let here = now.to_zoned_datetime(clinic.zone().clone());
    if !settings.quiet.holds(here.time()) {
        for patient in clinic.awaited().await? {
            due.extend(reminders(&*clinic.chart(patient).await?, now));
        }
    }
    due.retain(|letter| log.wants(&letter.about, now));
    Ok(due)
}

/// Each contact with an address who was notified of an alarm that is still open.
fn alarms<'a>(
    chart: &'a Chart,
    settings: &'a MailSettings,
) -> impl Iterator<Item = DueLetter> + 'a {
    let patient = chart.id;
    chart.episode.open_alerts().flat_map(move |alert| {
        let notified = (1_u32..).zip(&alert.notified);
        notified.filter_map(move |(attempt, (_, to))| {
            let contact = settings.contact(to)?;
            let about = About::Alarm {
                patient,
                alert: alert.number,
                attempt,
            };
            Some(DueLetter {
                about,
                to: contact.email.clone(),
            })
        })
    })
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
    })
    .collect()
}

/// The letter. A reminder gets a link of its own, which is kept as its hash alone.
pub(super) async fn write(
    clinic: &Clinic,
    settings: &MailSettings,
    say: Say,
    due: &DueLetter,
) -> Result<Letter, Problem> {
    let (subject, body) = match due.about {
        About::Alarm { patient, alert, .. } => {
            let chart = clinic.chart(patient).await?;
            alarm(clinic, settings, say, (&chart, alert))
        }
        About::Reminder {
            patient,
            session,
            number,
        } => reminder(clinic, settings, say, (patient, session, number)).await?,
    };
    Ok(Letter {
        to: due.to.clone(),
        subject,
        body,
    })
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
    let subject = say.mail_alarm_subject(say.urgency(urgency));
    let raised = raised.strftime("%-d %b %Y %H:%M").to_string();
    (
        subject,
        say.mail_alarm(say.urgency(urgency), raised, &settings.address),
    )
}

async fn reminder(
    clinic: &Clinic,
    settings: &MailSettings,
    say: Say,
    (patient, session, number): (Uuid, Uuid, u8),
) -> Result<(String, String), Problem> {
    let now = clinic.now();
    let chart = clinic.chart(patient).await?;
    let all = check_ins(&chart.episode, now);
    let asked = |due: &&Due| due.session == session && due.number == number;
    let until = all.iter().find(asked).map_or(now, |due| due.until);
    let token = random::token();
    // A late answer is still an answer.
    let expires = now.checked_add(LINK_LIFE).unwrap_or(until);
    let command = Command::IssueLink {
        session,
        token_sha256: sha256_hex(token.as_bytes()),
        expires,
    };
    clinic.act(patient, &program(), command).await?;
    let (own, before) = (
        clinic.settings(),
        until.to_zoned_datetime(clinic.zone().clone()),
    );
    let before = before.strftime("%-d %b, %H:%M").to_string();
    let link = Private(format!(
        "{}/c/{token}",
        settings.address.trim_end_matches('/')
    ));
    let body = say.mail_reminder(before, &link.0, &own.emergency.number, &own.phone);
    Ok((say.mail_reminder_subject(&own.name), body))
}
