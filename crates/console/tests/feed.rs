//! Appointments in a calendar program: read by another program, and naming nobody.

use std::io::Write as _;
use std::process::{Command, Stdio};

use axum::http::StatusCode;
use care::diary::Mark;
use console::messages::{Locale, Say};

use crate::browser::{Browser, House};

const ENGLISH: Say = Say {
    locale: Locale::English,
};

/// What Debian's icalendar reads of a calendar: a line an event, its fields apart by tabs.
fn read(text: &str) -> Vec<Vec<String>> {
    let script = "import sys, icalendar\n\
        for e in icalendar.Calendar.from_ical(sys.stdin.buffer.read()).walk('VEVENT'):\n\
        \x20 part = lambda name: str(e.get(name, ''))\n\
        \x20 at = lambda name: e.decoded(name).strftime('%Y-%m-%dT%H:%M:%SZ')\n\
        \x20 print(part('UID'), at('DTSTART'), at('DTEND'), part('STATUS'), part('SUMMARY'), part('LOCATION'), part('URL'), sep='\\t')";
    let mut child = Command::new("/usr/bin/python3")
        .args(["-c", script])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .expect("Debian's python3; scripts/install-test-tools");
    let mut stdin = child.stdin.take().unwrap();
    stdin.write_all(text.as_bytes()).unwrap();
    drop(stdin);
    let done = child.wait_with_output().unwrap();
    assert!(done.status.success(), "{text}");
    let lines = String::from_utf8(done.stdout).unwrap();
    let fields = |line: &str| line.split('\t').map(str::to_owned).collect();
    lines.lines().map(fields).collect()
}

async fn feed(browser: &mut Browser) -> String {
    let page = browser.get("/account").await.ok();
    let address = page.after("id=\"feed\"", "value");
    address[address.find("/feed/").unwrap()..].to_owned()
}

#[tokio::test]
async fn a_calendar_program_reads_the_appointments_and_nobodys_name() {
    let house = House::open(|options| options.demo = true).await;
    let clinic = &house.server.app().clinic;
    let mut browser = house.as_demo("colin").await;
    let path = feed(&mut browser).await;
    let mut program = house.browser();
    let page = program.get(&path).await.ok();
    assert_eq!(page.headers["content-type"], "text/calendar; charset=utf-8");
    let colin = clinic.user_by_login("colin").await.unwrap().unwrap();
    let diary = clinic.diary().await.unwrap();
    let (from, until) = (jiff::Timestamp::MIN, jiff::Timestamp::MAX);
    let mut expected: Vec<Vec<String>> = Vec::new();
    for one in diary
        .between(from, until)
        .filter(|one| one.place.practitioner == colin.id)
    {
        let status = if one.holds() {
            "CONFIRMED"
        } else {
            "CANCELLED"
        };
        let event = [
            one.id.to_string(),
            one.place.from.strftime("%Y-%m-%dT%H:%M:%SZ").to_string(),
            one.place.until.strftime("%Y-%m-%dT%H:%M:%SZ").to_string(),
            status.to_owned(),
            ENGLISH.purpose(one.purpose),
            one.place.table.clone().unwrap_or_default(),
            format!("http://127.0.0.1/patients/{}", one.patient),
        ];
        expected.push(event.into());
    }
    assert!(expected.len() > 1, "{expected:?}");
    assert_eq!(read(&page.body), expected);
    for one in diary.between(from, until) {
        let chart = clinic.chart(one.patient).await.unwrap();
        let name = &chart.episode.demographics.0.name;
        for part in name.split(' ').filter(|part| part.len() > 2) {
            assert!(!page.body.contains(part), "{part}");
        }
    }
}

#[tokio::test]
async fn what_is_called_off_is_cancelled_and_the_desk_sees_with_whom() {
    let house = House::open(|options| options.demo = true).await;
    let clinic = &house.server.app().clinic;
    let diary = clinic.diary().await.unwrap();
    let now = clinic.now();
    let next = diary
        .between(now, jiff::Timestamp::MAX)
        .find(|one| one.holds());
    let next = next.expect("somebody is booked").clone();
    let felix = clinic.user_by_login("felix").await.unwrap().unwrap();
    let (id, mark) = (next.id, Mark::Cancelled);
    let change = care::diary::Change::Mark { id, mark };
    clinic.enter(felix.id, &change).await.unwrap();
    let mut desk = house.as_demo("felix").await;
    let path = feed(&mut desk).await;
    let events = read(&house.browser().get(&path).await.ok().body);
    let event = events
        .iter()
        .find(|event| event[0] == id.to_string())
        .unwrap();
    assert_eq!(event[3], "CANCELLED");
    let with = clinic.user(next.place.practitioner).await.unwrap().unwrap();
    assert!(event[4].ends_with(&format!(", {}", with.name)), "{event:?}");
}

#[tokio::test]
async fn a_new_password_or_a_closed_account_ends_the_calendar() {
    let house = House::open(|options| options.demo = true).await;
    let clinic = &house.server.app().clinic;
    let mut browser = house.as_demo("colin").await;
    let path = feed(&mut browser).await;
    let colin = clinic.user_by_login("colin").await.unwrap().unwrap();
    let mut program = house.browser();
    program.get(&path).await.ok();
    clinic
        .set_password(colin.id, &colin, "another password of his".into(), false)
        .await
        .unwrap();
    assert_eq!(program.get(&path).await.status, StatusCode::GONE);
    for path in ["/feed/", "/feed/0", "/feed/\u{e4}"] {
        assert_ne!(program.get(path).await.status, StatusCode::OK, "{path}");
    }
    let mut administrator = house.as_demo("ada").await;
    let page = administrator.get("/account").await.ok();
    assert!(
        !page.body.contains("/feed/"),
        "no appointments, no calendar"
    );
}
