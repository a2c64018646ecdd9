//! Which letters were sent, and whether the server took them.

use askama::Template;

use crate::clinic::{About, Clinic, Mailed};
use crate::door::{Fault, Reply, Visit, html};
use crate::frame::{Frame, Place};

#[derive(Template)]
#[template(path = "mail.html")]
struct Page {
    f: Frame,
    head: String,
    on: bool,
    tries: Vec<Try>,
}

struct Try {
    when: String,
    about: String,
    href: String,
    to: String,
    taken: bool,
    said: String,
}

/// GET `/mail`.
pub async fn show(visit: Visit) -> Reply {
    let f = Frame::new(&visit, Place::Elsewhere);
    let clinic = &visit.app.clinic;
    let log = clinic.mail_log().await?;
    let tries = log.last().map(|(at, tried)| {
        let (patient, about) = match tried.about {
            About::Alarm {
                patient,
                alert,
                attempt,
            } => (patient, f.t.mail_about_alarm(alert, attempt)),
            About::Reminder {
                patient, number, ..
            } => (patient, f.t.mail_about_reminder(number + 1)),
        };
        Try {
            when: f.when(at),
            about,
            href: format!("/patients/{patient}"),
            to: tried.to.clone().unwrap_or_else(|| f.t.mail_to_patient()),
            taken: tried.failed.is_none(),
            said: tried.failed.clone().unwrap_or_else(|| f.t.mail_taken()),
        }
    });
    let tries: Vec<Try> = tries.collect();
    let head = match tries.first() {
        None => f.t.mail_head_none(),
        Some(last) if last.taken => f.t.mail_head_ok(),
        Some(last) => f.t.mail_head_failing(&last.said),
    };
    let on = clinic.settings().mail.is_some();
    html(&Page { head, on, tries, f })
}

/// Whether those on call hear of alarms by mail: words, and whether it is amiss. Nothing where
/// the clinic sends none.
pub(super) async fn line(f: &Frame, clinic: &Clinic) -> Result<Option<(String, bool)>, Fault> {
    let Some(mail) = &clinic.settings().mail else {
        return Ok(None);
    };
    if mail.contacts.is_empty() {
        return Ok(Some((f.t.mail_today_nobody(), false)));
    }
    let log = clinic.mail_log().await?;
    let alarms = |tried: &Mailed| matches!(tried.about, About::Alarm { .. });
    let told = log.last().filter(|(_, tried)| alarms(tried));
    // The first of those that failed without one between them that was taken.
    let failing = told.take_while(|(_, tried)| tried.failed.is_some());
    Ok(Some(match failing.last() {
        Some((since, _)) => (f.t.mail_today_failing(f.when(since)), true),
        None => (f.t.mail_today_on(), false),
    }))
}
