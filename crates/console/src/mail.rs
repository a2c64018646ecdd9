//! Mail: alarms to who is on call, reminders to patients, each on record.
//!
//! ```text
//! every tick ▶ what is due and not sent (rows, charts, the log) ▶ SMTP ▶ the log (clinic's stream)
//! ```
//!
//! What is to be sent follows from the record alone, so that a restart forgets nothing and
//! sends nothing twice. A letter names nobody and no finding: mail is read by more than the
//! one it is for.

mod letters;
mod settings;

use std::time::Duration;

use lettre::message::{Mailbox, Message, header};
use lettre::{AsyncSmtpTransport, AsyncTransport as _, Tokio1Executor};
use si::Problem;

pub use settings::{Contact, MailSettings, Quiet};

use crate::clinic::{Clinic, Mailed};
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
}

/// One letter.
#[derive(Clone, Debug)]
struct Letter {
    to: String,
    subject: String,
    body: String,
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
        })
    }

    /// Sends what is due and was not sent, and notes of each whether it was taken.
    pub async fn deliver(&self, clinic: &Clinic) {
        if let Err(problem) = self.try_deliver(clinic).await {
            tracing::error!(problem = %problem.log(), "mail is not delivered");
        }
    }

    async fn try_deliver(&self, clinic: &Clinic) -> Result<(), Problem> {
        for due in letters::due(clinic, &self.settings).await? {
            let letter = letters::write(clinic, &self.settings, self.say, &due).await?;
            let sent = self.send(&letter).await;
            if let Err(said) = &sent {
                tracing::warn!(%said, "a letter was not taken");
            }
            let tried = Mailed {
                about: due.about,
                to: due.to,
                failed: sent.err(),
            };
            clinic.note_mail(&tried).await?;
        }
        Ok(())
    }

    async fn send(&self, letter: &Letter) -> Result<(), String> {
        let to: Mailbox = letter.to.parse().map_err(|_| "no address".to_owned())?;
        let message = Message::builder()
            .from(self.from.clone())
            .to(to)
            .subject(&letter.subject)
            .header(header::ContentType::TEXT_PLAIN)
            .message_id(None)
            .body(letter.body.clone())
            .map_err(|error| error.to_string())?;
        let sent = self.transport.send(message).await;
        sent.map(|_| ()).map_err(|error| error.to_string())
    }
}
