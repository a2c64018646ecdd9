//! Two real servers on one PostgreSQL, one of them killed again and again while people write at
//! both: what was acknowledged is there, once, and both show the same.

use std::collections::BTreeSet;
use std::fs::Permissions;
use std::net::SocketAddr;
use std::os::unix::fs::PermissionsExt as _;
use std::process::{Child, Command, Stdio};
use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use crate::http::Browser;
use crate::postgres;
use crate::run::{Folder, annulus, command};
use crate::service::{CLINIC, Server};

/// How long it is written and killed, s; a longer campaign is asked for by this variable.
const SECONDS: (&str, u64) = ("ANNULUS_SERVERS_SECONDS", 15);
/// People who write, by turns at either server.
const WRITERS: usize = 4;
const PASSWORD: &str = "a password of six words here";

/// The clinic: a database, and a folder for each of its servers.
struct House {
    folder: Folder,
    database: String,
    config: String,
}

/// A server of it, which may be gone.
struct Running {
    child: Child,
    address: SocketAddr,
}

impl House {
    fn new(url: &str) -> Self {
        let folder = Folder::new();
        let database = folder.write("database.url", url.as_bytes());
        let private = Permissions::from_mode(0o600);
        std::fs::set_permissions(&database, private).expect("its mode");
        let config = folder.write("annulus.toml", CLINIC.as_bytes());
        Self {
            folder,
            database,
            config,
        }
    }

    /// Runs a command on the clinic, from the folder of a server.
    fn run(&self, server: usize, args: &[&str]) -> crate::run::Ended {
        let data = self.data(server);
        let mut all = args.to_vec();
        all.extend(["--data", &data, "--database-url-file", &self.database]);
        annulus(&all)
    }

    fn data(&self, server: usize) -> String {
        self.folder.at(&format!("server{server}"))
    }

    /// Adds somebody and gives the first password.
    fn hire(&self, login: &str, role: &str) -> String {
        let mut args = vec!["user", "add", login, "--name", login, "--role", role];
        if role == "practitioner" {
            args.extend([
                "--licence",
                "T-1",
                "--licence-until",
                "2099-01-01T00:00:00Z",
            ]);
        }
        let added = self.run(0, &args);
        assert_eq!(added.status, 0, "{}", added.err);
        let said = added.out.trim().split_once(' ');
        said.expect("login and password").1.to_owned()
    }

    fn start(&self, server: usize) -> Running {
        let data = self.data(server);
        let mut serve = command(&[
            "serve",
            "--data",
            &data,
            "--listen",
            "127.0.0.1:0",
            "--format",
            "json",
            "--config",
            &self.config,
            "--database-url-file",
            &self.database,
        ]);
        serve.stdin(Stdio::null());
        let (child, ready) = Server::of(serve).parts();
        let url = ready["url"].as_str().expect("its address");
        let address = url.trim_start_matches("http://").parse();
        Running {
            child,
            address: address.expect("an address"),
        }
    }
}

impl Running {
    fn kill(&mut self) {
        self.child.kill().expect("killed");
        self.child.wait().expect("ended");
    }

    fn stop(mut self) {
        let id = self.child.id().to_string();
        let told = Command::new("kill").args(["-TERM", &id]).status();
        assert!(told.expect("kill runs").success());
        assert_eq!(self.child.wait().expect("ended").code(), Some(0));
    }
}

/// What the servers acknowledged.
#[derive(Default)]
struct Said {
    /// Names of patients.
    patients: BTreeSet<String>,
    /// Times of day that were given away, each as often as somebody got it.
    times: Vec<String>,
}

/// One who writes: a patient, then a time that everybody else wants too.
struct Writer<'a> {
    number: usize,
    browser: Browser,
    addresses: &'a Mutex<Vec<SocketAddr>>,
    said: &'a Mutex<Said>,
    practitioner: &'a str,
    day: &'a str,
}

impl Writer<'_> {
    fn run(mut self, over: &AtomicBool) {
        for turn in 0.. {
            if over.load(Ordering::Relaxed) {
                return;
            }
            let at = {
                let addresses = self.addresses.lock().expect("addresses");
                addresses[(turn + self.number) % addresses.len()]
            };
            if self.write(at, turn).is_none() {
                // That server is gone; the next turn is at the other.
                std::thread::sleep(Duration::from_millis(50));
            }
        }
    }

    /// None where the server went away.
    fn write(&mut self, at: SocketAddr, turn: usize) -> Option<()> {
        let name = format!("Writer{} Patient{turn}", self.number);
        let fields = [
            ("name", name.as_str()),
            ("born", "1981-04-02"),
            ("region", "lumbar"),
            ("once", &name),
        ];
        let made = self.browser.post(at, "/import/by-hand", &fields)?;
        assert_eq!(made.status, 303, "{}", made.body);
        let id = made.location.split(['/', '?']).nth(2);
        let id = id.expect("a patient").to_owned();
        self.said.lock().expect("said").patients.insert(name);
        let form = format!("/diary?day={}&patient={id}", self.day);
        let page = self.browser.get(at, &form)?;
        let appointment = page.after("name=\"id\"", "value")?.to_owned();
        let time = format!("{:02}:{:02}", 8 + turn / 6 % 12, 10 * (turn % 6));
        let fields = [
            ("id", appointment.as_str()),
            ("patient", &id),
            ("purpose", "re-evaluation"),
            ("day", self.day),
            ("time", &time),
            ("minutes", "10"),
            ("practitioner", self.practitioner),
            ("table", ""),
        ];
        let booked = self.browser.post(at, "/diary", &fields)?;
        match booked.status {
            303 => self.said.lock().expect("said").times.push(time),
            422 => assert!(booked.body.contains("double-booking"), "{}", booked.body),
            status => panic!("{status}: {}", booked.body),
        }
        Some(())
    }
}

/// A person with a password of their own.
fn settled(at: SocketAddr, login: &str, first: &str) -> Browser {
    let mut browser = Browser::default();
    browser.login(at, login, first);
    let change = [("old", first), ("new", PASSWORD)];
    let changed = browser.post(at, "/account/password", &change);
    assert_eq!(changed.expect("an answer").status, 303);
    browser.login(at, login, PASSWORD);
    browser
}

/// Whom a patient may be booked with, as the form says; the login of one server counts here.
fn practitioner(browser: &mut Browser, at: SocketAddr, day: &str) -> String {
    let fields = [
        ("name", "First Patient"),
        ("born", "1981-04-02"),
        ("region", "lumbar"),
    ];
    let made = browser.post(at, "/import/by-hand", &fields);
    let made = made.expect("an answer");
    assert_eq!(made.status, 303, "{}", made.body);
    let id = made.location.split(['/', '?']).nth(2).expect("a patient");
    let page = browser.get(at, &format!("/diary?day={day}&patient={id}"));
    let page = page.expect("a page");
    let found = page.after("id=\"practitioner\"", "value");
    found.expect("somebody to book").to_owned()
}

/// Kills one or the other and starts it again, until the time is over.
fn kill(house: &House, running: &mut [Running], addresses: &Mutex<Vec<SocketAddr>>) -> usize {
    let seconds = std::env::var(SECONDS.0).ok();
    let seconds = seconds
        .and_then(|text| text.parse().ok())
        .unwrap_or(SECONDS.1);
    let end = Instant::now() + Duration::from_secs(seconds);
    let mut kills = 0;
    while Instant::now() < end {
        let mut drawn = [0; 2];
        getrandom::fill(&mut drawn).expect("randomness");
        std::thread::sleep(Duration::from_millis(300 + 6 * u64::from(drawn[0])));
        let which = usize::from(drawn[1]) % running.len();
        running[which].kill();
        kills += 1;
        running[which] = house.start(which);
        addresses.lock().expect("addresses")[which] = running[which].address;
    }
    kills
}

/// How often an event of this kind was written, and with which words.
fn events<'a>(export: &'a str, kind: &str) -> Vec<&'a str> {
    let kind = format!("\"kind\":\"{kind}\"");
    let lines = export.lines().filter(|line| line.contains(&kind));
    lines.collect()
}

#[expect(clippy::print_stdout, reason = "how much was shown is part of it")]
#[test]
fn servers_that_are_killed_while_people_write_lose_nothing_and_do_nothing_twice() {
    let Some(server) = postgres::shared() else {
        return postgres::skipped("servers::servers_that_are_killed");
    };
    let house = House::new(&server.database());
    let first = house.hire("pat", "practitioner");
    std::fs::create_dir_all(house.data(1)).expect("a folder");
    let key = |server| format!("{}/clinic.key", house.data(server));
    std::fs::copy(key(0), key(1)).expect("the same key");
    let mut running = vec![house.start(0), house.start(1)];
    let addresses = Mutex::new(running.iter().map(|one| one.address).collect::<Vec<_>>());
    let mut browser = settled(running[0].address, "pat", &first);
    let day = jiff::Timestamp::now() + jiff::SignedDuration::from_hours(48);
    let day = &day.strftime("%Y-%m-%d").to_string();
    let practitioner = practitioner(&mut browser, running[1].address, day);
    let (said, over) = (Mutex::new(Said::default()), AtomicBool::new(false));
    let kills = std::thread::scope(|scope| {
        for number in 0..WRITERS {
            let writer = Writer {
                number,
                browser: browser.clone(),
                addresses: &addresses,
                said: &said,
                practitioner: &practitioner,
                day,
            };
            let over = &over;
            scope.spawn(move || writer.run(over));
        }
        let kills = kill(&house, &mut running, &addresses);
        over.store(true, Ordering::Relaxed);
        kills
    });
    let said = said.into_inner().expect("said");
    println!(
        "{kills} kills, {} patients and {} appointments acknowledged",
        said.patients.len(),
        said.times.len()
    );
    assert!(kills > 0 && said.patients.len() > 20 && !said.times.is_empty());
    same(&mut browser, &running, day);
    let [one, other] = <[Running; 2]>::try_from(running)
        .map_err(|_| ())
        .expect("two");
    one.stop();
    other.stop();
    sound(&house, &said);
}

/// Both show the same day.
fn same(browser: &mut Browser, running: &[Running], day: &str) {
    let mut shown = running.iter().map(|one| {
        let page = browser.get(one.address, &format!("/diary?day={day}"));
        let page = page.expect("a page");
        let parts = page.body.split("data-appointment=\"").skip(1);
        let ids = parts.filter_map(|part| part.split('"').next());
        ids.map(str::to_owned).collect::<BTreeSet<_>>()
    });
    let (one, other) = (shown.next().expect("one"), shown.next().expect("other"));
    assert!(!one.is_empty());
    assert_eq!(one, other);
}

/// The journal holds what was acknowledged, once, and nothing broken.
fn sound(house: &House, said: &Said) {
    let report = house
        .run(0, &["journal", "verify", "--format", "json"])
        .json();
    assert_eq!(report["sound"], true, "{report}");
    let rebuilt = house
        .run(0, &["journal", "rebuild", "--format", "json"])
        .json();
    assert_eq!(rebuilt["changed"], 0, "{rebuilt}");
    let export = house.run(0, &["journal", "export"]).out;
    let registered = events(&export, "registered");
    for name in &said.patients {
        let named = format!("{name}\\\"");
        let times = registered
            .iter()
            .filter(|line| line.contains(&named))
            .count();
        assert_eq!(times, 1, "{name}");
    }
    let given: BTreeSet<_> = said.times.iter().collect();
    assert_eq!(given.len(), said.times.len(), "no time was given twice");
    assert_eq!(events(&export, "clinic-opened").len(), 1);
}
