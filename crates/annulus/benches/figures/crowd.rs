//! A clinic of many patients: how long its server takes for a page, and what a page weighs.

use crate::measure::{Figure, root};
use crate::subjects::{self, BINARY, end};
use crate::wire::{Answer, Wire};
use care::episode::{Actor, Demographics};
use console::clinic::Clinic;
use jiff::civil::Date;
use serde_json::Value;
use si::Region;
use std::path::Path;
use std::process::Child;
use std::sync::Arc;
use std::time::{Duration, Instant};

/// So many patients beside those of the demonstration.
const PATIENTS: usize = 100_000;
pub(crate) const NAME: &str = "a clinic of";
/// Registered at once.
const WRITERS: usize = 64;
/// Requests a page.
const REQUESTS: usize = 200;
/// Most seconds that 99 of 100 requests take, and bytes a page has (issue of the console).
const SECONDS: f64 = 0.030;
const KILOBYTES: f64 = 100.0;

/// Pages that must not grow with the clinic; `{patient}` is one of the demonstration who was treated.
const PAGES: [(&str, &str); 13] = [
    ("Today", "/"),
    ("a search by name", "/?find=Mar+Ba"),
    ("a search by one letter", "/?find=m"),
    ("the diary", "/diary"),
    ("knowledge", "/knowledge"),
    ("outcomes", "/outcomes"),
    ("a patient", "{patient}"),
    ("evaluate", "{patient}/evaluate"),
    (
        "evaluate with every question",
        "{patient}/evaluate?form=all",
    ),
    ("the plan", "{patient}/plan"),
    ("treat", "{patient}/treat"),
    ("recover", "{patient}/recover"),
    ("review", "{patient}/review"),
];

pub(crate) fn all() -> Vec<Figure> {
    let folder = tempfile::tempdir_in(root().join("target")).expect("a folder");
    let (mut child, _) = serve(folder.path());
    end(&mut child);
    fill(folder.path());
    let (mut child, ready) = serve(folder.path());
    let mut browser = Browser::login(&ready, "nadia");
    let patient = browser.patient("Tom");
    let (mut figures, mut heaviest) = (Vec::new(), 0);
    for (name, path) in PAGES {
        let path = path.replace("{patient}", &patient);
        let loads: Vec<_> = (0..REQUESTS).map(|_| browser.get(&path)).collect();
        let mut runs: Vec<Duration> = loads.iter().map(|load| load.0).collect();
        runs.sort_unstable();
        let p99 = runs[REQUESTS * 99 / 100 - 1];
        let name = format!("{NAME} {PATIENTS} patients: {name}, server time p99");
        figures.push(Figure::time(&name, SECONDS, 1, || p99));
        // What plan and session may weigh is measured in a browser.
        if !path.ends_with("/plan") {
            heaviest = loads.iter().map(|load| load.1).fold(heaviest, usize::max);
        }
    }
    figures.push(Figure::whole(
        &format!("{NAME} {PATIENTS} patients: the heaviest page"),
        KILOBYTES,
        "kB",
        heaviest as f64 / 1000.0,
    ));
    end(&mut child);
    figures
}

/// Registers everybody as a clinic would, an append each.
fn fill(folder: &Path) {
    let runtime = tokio::runtime::Runtime::new().expect("a runtime");
    runtime.block_on(async {
        let clinic = Arc::new(subjects::store(folder).await);
        let colin = clinic.user_by_login("colin").await.expect("users");
        let colin = colin.expect("a practitioner").actor();
        let writers = (0..WRITERS).map(|writer| {
            let (clinic, colin) = (Arc::clone(&clinic), colin.clone());
            tokio::spawn(async move { register(&clinic, &colin, writer).await })
        });
        for writer in writers.collect::<Vec<_>>() {
            writer.await.expect("everybody is registered");
        }
        clinic.close().await.expect("it closes");
    });
}

async fn register(clinic: &Clinic, actor: &Actor, writer: usize) {
    for number in (writer..PATIENTS).step_by(WRITERS) {
        let who = Demographics {
            name: format!("{} {}", name(number), name(number / 7 + 3)),
            birth_date: Some(
                Date::constant(1940, 1, 1) + jiff::Span::new().days((number % 25_000) as i64),
            ),
            ..Demographics::default()
        };
        let registered = clinic.register(actor, who, Region::Lumbar).await;
        registered.expect("a patient is registered");
    }
}

/// One of 8,000 invented names.
pub(crate) fn name(number: usize) -> String {
    const FIRST: [&str; 20] = [
        "Ma", "Bo", "Li", "Ste", "Ru", "To", "An", "El", "Ka", "Do", "Fi", "Gra", "Hu", "Jo", "Ne",
        "O", "Pe", "Sa", "U", "Wi",
    ];
    const MIDDLE: [&str; 20] = [
        "ra", "li", "no", "ta", "mi", "vi", "do", "re", "sa", "be", "ri", "la", "me", "ni", "ro",
        "se", "ti", "va", "we", "zo",
    ];
    const LAST: [&str; 20] = [
        "n", "s", "m", "ck", "rt", "nd", "l", "x", "th", "rn", "ff", "g", "k", "p", "t", "w", "ne",
        "le", "re", "se",
    ];
    let part = |of: [&'static str; 20], shift: usize| of[number / 20_usize.pow(shift as u32) % 20];
    format!("{}{}{}", part(FIRST, 0), part(MIDDLE, 1), part(LAST, 2))
}

fn serve(folder: &Path) -> (Child, Value) {
    let args = ["--demo", "--data", &folder.display().to_string()].map(str::to_owned);
    subjects::serve(BINARY, &args)
}

/// One connection that somebody is logged in on.
struct Browser {
    wire: Wire,
    cookies: Vec<String>,
}

impl Browser {
    fn login(ready: &Value, login: &str) -> Self {
        let mut browser = Self {
            wire: Wire::open(subjects::address(ready)).expect("the server listens"),
            cookies: Vec::new(),
        };
        let logins = ready["logins"].as_array().expect("logins");
        let mut found = logins.iter().filter(|one| one["login"] == login);
        let password = found.next().and_then(|one| one["password"].as_str());
        let page = browser.send("GET", "/login", "", "identity").body;
        let page = String::from_utf8_lossy(&page);
        let csrf = page
            .split_once("name=\"csrf\" value=\"")
            .expect("a token")
            .1;
        let csrf = csrf.split('"').next().unwrap_or_default();
        let form = format!(
            "login={login}&password={}&csrf={csrf}",
            password.expect("a password")
        );
        browser.send("POST", "/login", &form, "identity");
        browser
    }

    /// How long a page took, and its bytes on the wire.
    fn get(&mut self, path: &str) -> (Duration, usize) {
        let start = Instant::now();
        let answer = self.send("GET", path, "", "gzip");
        assert_eq!(answer.status, 200, "{path}");
        (start.elapsed(), answer.body.len())
    }

    /// The path of whoever is found by the beginning of a name.
    fn patient(&mut self, name: &str) -> String {
        let page = self
            .send("GET", &format!("/?find={name}"), "", "identity")
            .body;
        let page = String::from_utf8_lossy(&page);
        let list = page.split_once("data-test=\"patients\"").expect("a list").1;
        let path = list.split_once("href=\"").expect("somebody is found").1;
        let path = path.split('"').next().unwrap_or_default();
        path.split('/').take(3).collect::<Vec<_>>().join("/")
    }

    fn send(&mut self, method: &str, path: &str, form: &str, coding: &str) -> Answer {
        let (cookies, length) = (self.cookies.join("; "), form.len());
        let request = format!(
            "{method} {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nCookie: {cookies}\r\n\
             Accept-Encoding: {coding}\r\n\
             Content-Type: application/x-www-form-urlencoded\r\nContent-Length: {length}\r\n\r\n{form}"
        );
        let answer = self.wire.send(request.as_bytes()).expect("an answer");
        let set = answer.header("set-cookie");
        let set = set.filter_map(|cookie| cookie.split(';').next().map(str::to_owned));
        self.cookies.extend(set);
        answer
    }
}
