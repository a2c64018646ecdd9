//! Mail: alarms to who is on call, reminders to patients, each on record.
//!
//! ```text
//! every tick ▶ what is due and not sent (rows, charts, the log) ▶ SMTP ▶ the log (clinic's stream)
//! ```
//!
//! What is to be sent follows from the record alone, so that a restart forgets nothing; a letter
//! that was taken and not noted before it is sent once more. A letter names nobody and no
//! finding: mail is read by more than the one it is for.

mod letters;
mod settings;

use std::collections::BTreeSet;
use std::time::Duration;

use care::episode::Private;
use lettre::message::{Mailbox, Message, header};
use lettre::{AsyncSmtpTransport, AsyncTransport as _, Tokio1Executor};
use si::Problem;

pub use settings::{Contact, MailSettings, Quiet};

use crate::clinic::{About, Clinic, MAIL, Mailed};
use crate::messages::{Locale, Say};

/// A server that says nothing for so long is not there (ours).
const PATIENCE: Duration = Duration::from_secs(20);

/// Delivers letters by one server.
#[derive(Clone, Debug)]
pub struct Post {
    settings: MailSettings,
    from: Mailbox,
    transport: AsyncSmtpTransport<Tokio1Executor>,
    say: Say,
    /// What was taken since the start, also where it could not be noted.
    taken: BTreeSet<About>,
}

/// One letter.
#[derive(Clone, Debug)]
struct Letter {
    to: String,
    subject: String,
    body: String,
    /// The token of the link in it, if it has one.
    token: Option<Private<String>>,
}

impl Post {
    /// By these settings.
    ///
    /// # Errors
    /// An address or server that is none, or a server far away without TLS.
    pub fn new(settings: MailSettings, locale: Locale) -> Result<Self, Problem> {
        let from = settings.sender()?;
        let builder = settings.transport()?;
        Ok(Self {
            transport: builder.timeout(Some(PATIENCE)).build(),
            from,
            say: Say { locale },
            settings,
            taken: BTreeSet::new(),
        })
    }

    /// Sends what is due and was not sent, and notes of each whether it was taken. What is due
    /// is asked anew before each letter, so that an alarm waits for one letter at most.
    pub async fn deliver(&mut self, clinic: &Clinic) {
        // What cannot be noted would be sent again and again.
        if clinic.journal().read_only().is_some() {
            return;
        }
        let mut tried = BTreeSet::new();
        loop {
            let due = match letters::due(clinic, &self.settings).await {
                Ok(due) => due,
                Err(problem) => {
                    tracing::error!(problem = %problem.log(), "mail is not delivered");
                    return;
                }
            };
            let next = due.into_iter().find(|letter| {
                !tried.contains(&letter.about) && !self.taken.contains(&letter.about)
            });
            let Some(letter) = next else { return };
            // Another server may have taken over, and sends this one.
            if !clinic.leads(MAIL).await {
                return;
            }
            tried.insert(letter.about);
            if let Err(problem) = self.one(clinic, letter).await {
                tracing::error!(problem = %problem.log(), "a letter was not written or noted");
            }
        }
    }

    async fn one(&mut self, clinic: &Clinic, due: letters::DueLetter) -> Result<(), Problem> {
        let letter = letters::write(clinic, &self.settings, self.say, &due).await?;
        let sent = self.send(&letter).await;
        if sent.is_ok() {
            self.taken.insert(due.about);
            letters::open_link(clinic, &due, &letter).await?;
        }
        let tried = Mailed {
            about: due.about,
            // A patient's address stays in the patient's own stream.
            to: due.contact,
            failed: sent.err(),
        };
        clinic.note_mail(&tried).await
    }

    /// Why it was not taken, in words of ours: a server repeats addresses.
    async fn send(&self, letter: &Letter) -> Result<(), String> {
        let no_address = "it is no address";
        let to: Mailbox = letter.to.parse().map_err(|_| no_address.to_owned())?;
        let message = Message::builder()
            .from(self.from.clone())
            .to(to)
            .subject(&letter.subject)
            .header(header::ContentType::TEXT_PLAIN)
            .message_id(None)
            .body(letter.body.clone())
            .map_err(|_| "it cannot be written as a letter".to_owned())?;
        let sending = self.transport.send(message);
        match tokio::time::timeout(PATIENCE, sending).await {
            Ok(Ok(_)) => Ok(()),
            Ok(Err(error)) => Err(match error.status() {
                Some(code) => format!("the server refused it ({code})"),
                None if error.is_timeout() => SILENT.to_owned(),
                None => "no server was reached".to_owned(),
            }),
            Err(_) => Err(SILENT.to_owned()),
        }
    }
}

const SILENT: &str = "the server did not answer in time";
