//! Where mail goes through, who is told by it, and when patients sleep.

use std::net::IpAddr;

use jiff::civil::Time;
use lettre::message::Mailbox;
use lettre::transport::smtp::AsyncSmtpTransportBuilder;
use lettre::{Address, AsyncSmtpTransport, Tokio1Executor};
use si::Problem;
use url::Url;

/// How a clinic sends mail.
#[derive(Clone)]
pub struct MailSettings {
    /// `smtps://user:password@host`, `smtp://host?tls=required`, or `smtp://127.0.0.1:25`.
    pub server: String,
    /// Who writes: `Name <address>`.
    pub from: String,
    /// Where the console is reached, as letters link to it: `https://…`.
    pub address: String,
    /// When no patient is reminded.
    pub quiet: Quiet,
    /// Who of those on call is told by mail, each by the name that the list has.
    pub contacts: Vec<Contact>,
}

/// Somebody on call with an address.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Contact {
    /// As on the list of those on call.
    pub name: String,
    /// The address.
    pub email: String,
}

/// A span of every day, by the clinic's clocks on the wall; it may pass midnight.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Quiet {
    /// From.
    pub from: Time,
    /// Until; not quiet any more.
    pub until: Time,
}

impl Default for Quiet {
    /// From nine in the evening to eight in the morning (ours).
    fn default() -> Self {
        Self {
            from: Time::constant(21, 0, 0, 0),
            until: Time::constant(8, 0, 0, 0),
        }
    }
}

impl Quiet {
    /// Whether it is quiet now.
    #[must_use]
    pub fn holds(&self, now: Time) -> bool {
        if self.from <= self.until {
            self.from <= now && now < self.until
        } else {
            self.from <= now || now < self.until
        }
    }
}

impl std::fmt::Debug for MailSettings {
    /// Without the server, whose address may hold a password.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("MailSettings")
            .field("from", &self.from)
            .field("address", &self.address)
            .finish_non_exhaustive()
    }
}

fn wrong(place: &str, value: &str, problem: &str, remedy: &str) -> Problem {
    Problem::new("mail-settings", place, value, problem, remedy)
}

impl MailSettings {
    pub(super) fn sender(&self) -> Result<Mailbox, Problem> {
        let remedy = "write it as Clinic <annulus@clinic.example>";
        let from = self.from.parse();
        let from = from.map_err(|_| wrong("mail.from", &self.from, "is no address", remedy))?;
        for contact in &self.contacts {
            let place = format!("clinic.on_call \"{}\"", contact.name);
            let address = contact.email.parse::<Address>();
            address.map_err(|_| wrong(&place, &contact.email, "is no address", remedy))?;
        }
        let safe = Url::parse(&self.address)
            .is_ok_and(|url| url.scheme() == "https" || url.scheme() == "http" && is_here(&url));
        if !safe || self.address.contains(char::is_whitespace) {
            return Err(wrong(
                "mail.address",
                &self.address,
                "letters would link to a page that others can read on the way",
                "write the address of the console as https://…",
            ));
        }
        Ok(from)
    }

    pub(super) fn transport(&self) -> Result<AsyncSmtpTransportBuilder, Problem> {
        // The value is not repeated: it may hold a password.
        let remedy = "write smtps://user:password@host, smtp://host?tls=required, or the \
                      smtp://127.0.0.1 of a relay on this machine";
        if !is_private(&self.server) {
            let problem = "is no mail server, or letters would cross a network without TLS";
            return Err(wrong("mail.server", "", problem, remedy));
        }
        AsyncSmtpTransport::<Tokio1Executor>::from_url(&self.server)
            .map_err(|_| wrong("mail.server", "", "is no mail server", remedy))
    }
}

/// Whether nobody reads on the way to this server.
fn is_private(server: &str) -> bool {
    let Ok(url) = Url::parse(server) else {
        return false;
    };
    let mut asked = url.query_pairs();
    match url.scheme() {
        "smtps" => true,
        "smtp" => is_here(&url) || asked.any(|(key, value)| key == "tls" && value == "required"),
        _ => false,
    }
}

/// Whether an address is of this machine.
fn is_here(url: &Url) -> bool {
    // Of a scheme that it does not know, a host is kept as it was written.
    let host = url.host_str().unwrap_or_default();
    let ip = host.trim_start_matches('[').trim_end_matches(']');
    host == "localhost" || ip.parse::<IpAddr>().is_ok_and(|ip| ip.is_loopback())
}

#[cfg(test)]
mod tests {
    use super::{MailSettings, Quiet};
    use jiff::civil::time;

    fn settings(server: &str) -> MailSettings {
        MailSettings {
            server: server.to_owned(),
            from: "Clinic <annulus@clinic.example>".to_owned(),
            address: "https://clinic.example".to_owned(),
            quiet: Quiet::default(),
            contacts: Vec::new(),
        }
    }

    #[test]
    fn a_server_is_on_this_machine_or_has_tls() {
        for server in [
            "smtp://127.0.0.1:2525",
            "smtp://localhost",
            "smtp://[::1]:25",
            "smtps://me:secret@mail.example",
            "smtp://me:secret@mail.example:587?tls=required",
        ] {
            assert!(settings(server).transport().is_ok(), "{server}");
        }
        for server in [
            "smtp://mail.example",
            "smtp://127.0.0.1@mail.example",
            "smtp://mail.example?tls=opportunistic",
            "SMTP://mail.example",
            "smtp://me:tls=required@mail.example",
            "smtp://mail.example#tls=required",
            "smtp://mail.example?x=tls=required",
            "http://127.0.0.1",
            "mail.example",
            "",
        ] {
            let problem = settings(server).transport().map(|_| ()).unwrap_err();
            assert_eq!(problem.place, "mail.server");
            assert!(!problem.to_string().contains("secret"));
        }
    }

    #[test]
    fn what_is_printed_holds_no_password() {
        let printed = format!("{:?}", settings("smtps://me:secret@mail.example"));
        assert!(!printed.contains("secret"), "{printed}");
    }

    #[test]
    fn letters_link_to_pages_that_nobody_reads_on_the_way() {
        let linked = |address: &str| {
            let mut settings = settings("smtp://127.0.0.1");
            settings.address = address.to_owned();
            settings.sender().is_ok()
        };
        assert!(linked("https://clinic.example") && linked("http://127.0.0.1:8080"));
        assert!(!linked("http://clinic.example") && !linked("clinic.example"));
    }

    #[test]
    fn quiet_hours_pass_midnight_and_end_on_the_minute() {
        let quiet = Quiet::default();
        let night = [
            time(21, 0, 0, 0),
            time(23, 59, 59, 0),
            time(0, 0, 0, 0),
            time(7, 59, 59, 0),
        ];
        assert!(night.iter().all(|at| quiet.holds(*at)));
        assert!(!quiet.holds(time(8, 0, 0, 0)) && !quiet.holds(time(20, 59, 0, 0)));
        let noon = Quiet {
            from: time(12, 0, 0, 0),
            until: time(13, 0, 0, 0),
        };
        assert!(noon.holds(time(12, 30, 0, 0)) && !noon.holds(time(13, 0, 0, 0)));
        let never = Quiet {
            from: time(0, 0, 0, 0),
            until: time(0, 0, 0, 0),
        };
        assert!(!never.holds(time(0, 0, 0, 0)));
    }
}
