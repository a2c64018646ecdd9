//! Letters by a real mail server: who is told of what, once, and what nobody else learns.

use std::net::{TcpListener, TcpStream};
use std::path::PathBuf;
use std::process::{Child, Command as Process, Stdio};
use std::time::{Duration, Instant};

use care::episode::{Command, Private};
use console::clinic::{Chart, Clinic};
use console::mail::{Contact, MailSettings, Post, Quiet};
use console::messages::Locale;
use jiff::SignedDuration;
use jiff::civil::time;
use tempfile::TempDir;
use uuid::Uuid;

use crate::browser::House;
use crate::steps::chart;

/// Debian's aiosmtpd, keeping what it takes in a folder.
struct MailServer {
    port: u16,
    folder: TempDir,
    running: Option<Child>,
}

impl Drop for MailServer {
    fn drop(&mut self) {
        self.stop();
    }
}

impl MailServer {
    /// A port that nobody listens on yet.
    fn nowhere() -> Self {
        let free = TcpListener::bind("127.0.0.1:0").unwrap();
        let port = free.local_addr().unwrap().port();
        let folder = tempfile::tempdir().unwrap();
        Self {
            port,
            folder,
            running: None,
        }
    }

    fn start(&mut self) {
        let address = format!("127.0.0.1:{}", self.port);
        let handler = "aiosmtpd.handlers.Mailbox";
        let arguments = ["-m", "aiosmtpd", "-n", "-l", &address, "-c", handler];
        let mut python = Process::new("/usr/bin/python3");
        python.args(arguments).arg(self.mailbox());
        python.stdout(Stdio::null()).stderr(Stdio::null());
        self.running = Some(python.spawn().expect("python3-aiosmtpd"));
        let until = Instant::now() + Duration::from_secs(30);
        while TcpStream::connect(&address).is_err() {
            assert!(Instant::now() < until, "the mail server does not start");
            std::thread::sleep(Duration::from_millis(50));
        }
    }

    fn stop(&mut self) {
        if let Some(mut child) = self.running.take() {
            let _ = child.kill();
            let _ = child.wait();
        }
    }

    fn mailbox(&self) -> PathBuf {
        self.folder.path().join("mailbox")
    }

    /// What it took, whole letters, in no order.
    fn letters(&self) -> Vec<String> {
        let Ok(new) = std::fs::read_dir(self.mailbox().join("new")) else {
            return Vec::new();
        };
        let read = |entry: std::io::Result<std::fs::DirEntry>| {
            std::fs::read_to_string(entry.unwrap().path()).unwrap()
        };
        new.map(read).collect()
    }

    /// For patients alone, reminded at any hour.
    fn reminding(&self) -> MailSettings {
        let mut settings = self.settings(&[]);
        settings.quiet.until = settings.quiet.from;
        settings
    }

    /// For those on call; patients are reminded at no hour, whatever it is now.
    fn settings(&self, contacts: &[(&str, &str)]) -> MailSettings {
        let contact = |(name, email): &(&str, &str)| Contact {
            name: (*name).to_owned(),
            email: (*email).to_owned(),
        };
        MailSettings {
            server: format!("smtp://127.0.0.1:{}", self.port),
            from: "Harbour Street <annulus@clinic.example>".to_owned(),
            address: "https://annulus.clinic.example".to_owned(),
            quiet: ALL_DAY,
            contacts: contacts.iter().map(contact).collect(),
        }
    }
}

const ALL_DAY: Quiet = Quiet {
    from: time(0, 0, 0, 0),
    until: time(23, 59, 59, 999_999_999),
};

const LEAD: (&str, &str) = ("Dr Nadia Haddad, 555-0100", "nadia@clinic.example");
const SECOND: (&str, &str) = ("Colin Abara, 555-0101", "colin@clinic.example");

fn to(letters: &[String], address: &str) -> usize {
    let line = format!("To: {address}");
    letters
        .iter()
        .filter(|letter| letter.contains(&line))
        .count()
}

async fn later(clinic: &Clinic, minutes: i64) {
    let lead = clinic.user_by_login("nadia").await.unwrap().unwrap();
    clinic.forward(lead.id, minutes * 60).await.unwrap();
}

/// Ruth told of an emergency that nobody has taken; the clock of the demonstration goes on.
#[tokio::test]
async fn each_contact_is_told_of_an_alarm_once_in_turn_until_somebody_takes_it() {
    let mut mail = MailServer::nowhere();
    mail.start();
    let house = House::open(|options| options.demo = true).await;
    let clinic = &house.server.app().clinic;
    let mut post = Post::new(mail.settings(&[LEAD, SECOND]), Locale::English).unwrap();
    console::clinic::tick(clinic).await;
    for _ in 0..2 {
        post.deliver(clinic).await;
    }
    assert_eq!(to(&mail.letters(), LEAD.1), 1);
    assert_eq!(to(&mail.letters(), SECOND.1), 0);
    later(clinic, 15).await;
    console::clinic::tick(clinic).await;
    // Who delivers after a restart reads what was sent.
    let mut again = Post::new(mail.settings(&[LEAD, SECOND]), Locale::English).unwrap();
    again.deliver(clinic).await;
    let letters = mail.letters();
    assert_eq!((to(&letters, LEAD.1), to(&letters, SECOND.1)), (1, 1));
    for letter in &letters {
        assert!(letter.contains("Emergency") && letter.contains("https://annulus.clinic.example"));
        for word in ["Ruth", "Adeyemi", "numb", "bladder"] {
            assert!(!letter.contains(word), "{word}: {letter}");
        }
    }

    let ruth = chart(&house, "Ruth").await;
    let open: Vec<u32> = ruth
        .episode
        .open_alerts()
        .map(|alert| alert.number)
        .collect();
    let colin = clinic.user_by_login("colin").await.unwrap().unwrap();
    for alert in open {
        let note = "calling her".to_owned();
        let command = Command::Acknowledge { alert, note };
        clinic.act(ruth.id, &colin.actor(), command).await.unwrap();
    }
    later(clinic, 60).await;
    console::clinic::tick(clinic).await;
    post.deliver(clinic).await;
    assert_eq!(mail.letters().len(), letters.len(), "somebody has it");
}

#[tokio::test]
async fn a_server_that_is_away_is_asked_again_and_today_says_since_when_nothing_arrives() {
    let mut mail = MailServer::nowhere();
    let settings = mail.settings(&[LEAD]);
    let mut post = Post::new(settings.clone(), Locale::English).unwrap();
    let house = House::open(|options| {
        options.demo = true;
        options.settings.mail = Some(settings);
    })
    .await;
    let clinic = &house.server.app().clinic;
    let mut browser = house.as_demo("nadia").await;
    console::clinic::tick(clinic).await;
    browser.get("/").await.ok().shows("By mail too");
    for _ in 0..3 {
        post.deliver(clinic).await;
    }
    let log = clinic.mail_log().await.unwrap();
    assert_eq!(log.last().count(), 1, "a minute has not passed");
    browser
        .get("/")
        .await
        .ok()
        .shows("data-test=\"mail-amiss\"");
    browser
        .get("/mail")
        .await
        .ok()
        .shows("data-taken=\"false\"");
    mail.start();
    later(clinic, 1).await;
    for _ in 0..3 {
        post.deliver(clinic).await;
    }
    assert_eq!(mail.letters().len(), 1);
    let today = browser.get("/").await.ok();
    assert!(!today.body.contains("mail-amiss"));
    let page = browser.get("/mail").await.ok();
    page.shows("data-taken=\"true\"").shows(LEAD.1);
}

#[tokio::test]
async fn a_patient_is_reminded_once_outside_the_quiet_hours_by_a_link_that_opens_the_form() {
    let mut mail = MailServer::nowhere();
    mail.start();
    let house = House::open(|options| options.demo = true).await;
    let clinic = &house.server.app().clinic;
    asked(&house).await;

    let here = clinic.now().to_zoned_datetime(clinic.zone().clone()).time();
    let hour = SignedDuration::from_hours(1);
    let mut asleep = mail.settings(&[]);
    asleep.quiet = Quiet {
        from: here.wrapping_sub(hour),
        until: here.wrapping_add(hour),
    };
    let mut asleep = Post::new(asleep, Locale::English).unwrap();
    asleep.deliver(clinic).await;
    assert!(mail.letters().is_empty(), "nobody is woken");
    let mut awake = Post::new(mail.reminding(), Locale::English).unwrap();
    for _ in 0..2 {
        awake.deliver(clinic).await;
    }
    let letters = mail.letters();
    let [letter] = &letters[..] else {
        panic!("{letters:?}")
    };
    assert!(letter.contains("To: ruth@example.org"), "{letter}");
    assert!(!letter.contains("Adeyemi"), "{letter}");
    let link = letter
        .split("https://annulus.clinic.example")
        .nth(1)
        .unwrap();
    let link = link.split_whitespace().next().unwrap();
    let mut phone = house.browser();
    phone.get(link).await.ok().shows("name=\"form\"");
    // They hold a link: nobody need call for it.
    let mut browser = house.as_demo("colin").await;
    let today = browser.get("/").await.ok();
    assert!(!today.body.contains("data-test=\"calls\""));
    let log = clinic.mail_log().await.unwrap();
    let kept = format!("{:?}", log.last().collect::<Vec<_>>());
    let token = link.trim_start_matches("/c/");
    assert!(!kept.contains(token), "the token is kept as its hash alone");
}

/// One that takes a connection and then says nothing.
#[tokio::test]
async fn a_server_that_falls_silent_does_not_hold_the_next_letter_for_ever() {
    let silent = TcpListener::bind("127.0.0.1:0").unwrap();
    let mut mail = MailServer::nowhere();
    mail.port = silent.local_addr().unwrap().port();
    let house = House::open(|options| options.demo = true).await;
    let clinic = &house.server.app().clinic;
    console::clinic::tick(clinic).await;
    let mut post = Post::new(mail.settings(&[LEAD]), Locale::English).unwrap();
    let delivered = tokio::time::timeout(Duration::from_secs(60), post.deliver(clinic));
    delivered.await.expect("it is given up");
    let log = clinic.mail_log().await.unwrap();
    let (_, tried) = log.last().next().expect("it is noted");
    assert!(tried.failed.is_some(), "{tried:?}");
}

/// A letter to the patient that no server took leaves them on the list of those to be called.
#[tokio::test]
async fn who_could_not_be_reminded_is_still_called() {
    let mail = MailServer::nowhere();
    let house = House::open(|options| options.demo = true).await;
    let clinic = &house.server.app().clinic;
    let (ruth, _) = asked(&house).await;
    let mut post = Post::new(mail.reminding(), Locale::English).unwrap();
    post.deliver(clinic).await;
    let log = clinic.mail_log().await.unwrap();
    let (_, tried) = log.last().next().expect("it was tried");
    assert!(tried.failed.is_some() && tried.to.is_none(), "{tried:?}");
    let mut browser = house.as_demo("colin").await;
    let enter = format!("/patients/{}/recover/", ruth.id);
    let page = browser.get("/").await.ok();
    page.shows("data-test=\"calls\"").shows(&enter);
}

/// The demonstration at the hour of Ruth's third check-in; she has an address now.
async fn asked(house: &House) -> (std::sync::Arc<Chart>, Uuid) {
    let clinic = &house.server.app().clinic;
    let ruth = chart(house, "Ruth").await;
    let colin = clinic.user_by_login("colin").await.unwrap().unwrap();
    let mut who = ruth.episode.demographics.0.clone();
    who.email = Some("ruth@example.org".to_owned());
    let demographics = Private(who);
    let command = Command::ChangeContact { demographics };
    clinic.act(ruth.id, &colin.actor(), command).await.unwrap();
    let session = ruth.episode.treated().next_back().unwrap();
    let asked = session.ended.unwrap() + SignedDuration::from_hours(49);
    later(clinic, asked.duration_since(clinic.now()).as_mins()).await;
    let id = session.id;
    (ruth, id)
}

#[tokio::test]
async fn wrong_settings_of_mail_are_refused_before_anything_is_opened() {
    let mail = MailServer::nowhere();
    let folder = tempfile::tempdir().unwrap();
    for (server, from, address, place) in [
        (
            "smtp://mail.example",
            "a@b.example",
            "https://c.example",
            "mail.server",
        ),
        (
            "smtp://127.0.0.1",
            "nobody",
            "https://c.example",
            "mail.from",
        ),
        (
            "smtp://127.0.0.1",
            "a@b.example",
            "http://c.example",
            "mail.address",
        ),
    ] {
        let data = folder.path().join("store");
        let mut options = console::Options::new("127.0.0.1:0".parse().unwrap(), data.clone());
        let mut settings = mail.settings(&[]);
        settings.server = server.to_owned();
        settings.from = from.to_owned();
        settings.address = address.to_owned();
        options.settings.mail = Some(settings);
        let problem = console::Server::bind(options).await.unwrap_err();
        assert_eq!(problem.place, place, "{problem}");
        assert!(!problem.remedy.is_empty() && !data.exists());
    }
}
