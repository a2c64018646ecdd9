//! The audit log: what is written into it, and how an administrator finds it again.

use axum::http::StatusCode;
use care::episode::Role;
use console::clinic::{AuditLine, ClinicProjector, Deed, NewUser, Wanted};
use jiff::{Timestamp, ToSpan as _};
use record::{NewEvent, Row, Rows, StreamKind};
use serde_json::json;
use si::Region;
use uuid::Uuid;

use crate::browser::{House, PASSWORD};

/// More lines than one look at the log reads.
const MANY: usize = 50_500;
/// More rows of the index than are read at once.
const ROWS: i64 = 2_100;

/// What the log says, newest first.
pub(crate) async fn log(house: &House, wanted: Wanted) -> Vec<AuditLine> {
    let clinic = &house.server.app().clinic;
    clinic.accesses(&wanted, 1_000).await.unwrap().lines
}

/// Deeds and routes, newest first.
fn said(lines: &[AuditLine]) -> Vec<(&'static str, &str)> {
    let said = |line: &'_ AuditLine| (line.access.act.as_str(), line.access.route.clone());
    let all: Vec<(&'static str, String)> = lines.iter().map(said).collect();
    all.into_iter()
        .map(|(act, route)| (act, &*route.leak()))
        .collect()
}

async fn id(house: &House, login: &str) -> Uuid {
    let clinic = &house.server.app().clinic;
    clinic.user_by_login(login).await.unwrap().unwrap().id
}

fn of(patient: Uuid) -> Wanted {
    Wanted {
        patient: Some(patient),
        ..Wanted::default()
    }
}

/// What no page of a record shows, and names patients all the same.
#[tokio::test]
async fn lists_feeds_and_searches_for_names_are_in_the_audit_log() {
    let house = House::open(|options| options.demo = true).await;
    let mut colin = house.as_demo("colin").await;
    let by = Wanted {
        user: Some(id(&house, "colin").await),
        act: Some(Deed::Read),
        ..Wanted::default()
    };
    let reads = async || log(&house, by.clone()).await;
    let page = colin.get("/account").await.ok();
    let feed = page.after("id=\"feed\"", "value");
    let before = reads().await.len();
    for _ in 0..3 {
        colin.get("/renewed?find=el").await.ok();
    }
    colin.get("/renewed?find=ru").await.ok();
    let feed = &feed[feed.find("/feed/").unwrap()..];
    house.browser().get(feed).await.ok();
    let told = reads().await;
    let new = said(&told[..told.len() - before]);
    let renewed = ("read", "/renewed");
    assert_eq!(new, [("read", "/feed/{token}"), renewed, renewed]);

    let mut ada = house.as_demo("ada").await;
    ada.get("/audit?record=Elin").await.ok();
    let lines = log(&house, Wanted::default()).await;
    assert_eq!(said(&lines)[0], ("read", "/audit"));
}

#[tokio::test]
async fn every_read_and_write_of_a_record_is_in_the_audit_log() {
    let house = House::staffed().await;
    let patient = house.pat(Region::Lumbar).await;
    let mut browser = house.as_role(Role::Practitioner).await;
    browser.get(&format!("/patients/{patient}")).await.ok();
    let path = format!("/patients/{patient}/safety/suspend");
    browser.post(&path, &[("reason", "test")]).await.ok();
    let lines = log(&house, of(patient)).await;
    assert_eq!(
        said(&lines),
        [
            ("write", "/patients/{patient}/safety/suspend"),
            ("read", "/patients/{patient}")
        ]
    );
    let who = id(&house, "practitioner").await;
    assert!(lines.iter().all(|line| line.access.user == Some(who)));
    let mut admin = house.as_role(Role::Administrator).await;
    let page = admin.get("/audit").await;
    page.shows("Pat Example").shows("The practitioner");
}

#[tokio::test]
async fn the_first_lines_of_a_record_and_lists_of_names_are_in_it_too() {
    let house = House::staffed().await;
    let mut desk = house.as_role(Role::FrontDesk).await;
    let fields = [("name", "Rosa Example"), ("region", "lumbar")];
    let page = desk.post("/import/by-hand", &fields).await;
    let patient: Uuid = page
        .location()
        .split(['=', '&'])
        .nth(1)
        .unwrap()
        .parse()
        .unwrap();
    desk.get("/diary?find=rosa").await.ok();
    let lines = log(&house, of(patient)).await;
    assert_eq!(said(&lines), [("write", "/import/by-hand")]);
    let who = Wanted {
        user: Some(id(&house, "front-desk").await),
        ..Wanted::default()
    };
    let lines = log(&house, who).await;
    assert_eq!(said(&lines)[0], ("read", "/diary"));
    assert_eq!(lines[0].access.patient, None);
}

#[tokio::test]
async fn who_came_in_and_who_was_kept_out_is_in_it() {
    let house = House::staffed().await;
    let patient = house.pat(Region::Lumbar).await;
    let mut browser = house.browser();
    browser.login("assistant", "wrong password here").await;
    browser.login("assistant", PASSWORD).await;
    let sign = format!("/patients/{patient}/plan/sign");
    let page = browser.post(&sign, &[]).await;
    assert_eq!(page.status, StatusCode::FORBIDDEN);
    browser.post("/logout", &[]).await;
    let mut admin = house.as_role(Role::Administrator).await;
    let assistant = id(&house, "assistant").await;
    let close = format!("/users/{assistant}/close");
    admin.post(&close, &[]).await.ok();
    let who = Wanted {
        user: Some(assistant),
        ..Wanted::default()
    };
    let lines = log(&house, who).await;
    assert_eq!(
        said(&lines),
        [
            ("account", "/users/{user}/close"),
            ("logout", "/logout"),
            ("refused", "/patients/{patient}/plan/sign"),
            ("login", "/login"),
            ("login-failed", "/login"),
        ]
    );
    let address = "127.0.0.1".parse().unwrap();
    for doors in [&lines[1], &lines[3], &lines[4]] {
        assert_eq!(doors.access.address, Some(address));
    }
    assert_eq!(lines[2].access.patient, Some(patient));
    assert_eq!(lines[4].access.user, None, "nobody was in yet");
    // A refusal of a record stands among that record's lines.
    assert_eq!(said(&log(&house, of(patient)).await)[0].0, "refused");
    let unknown = house.browser().login("nobody at all", PASSWORD).await;
    assert_eq!(unknown.status, StatusCode::UNAUTHORIZED);
    let page = admin.get("/audit?act=login-failed").await;
    page.shows("nobody who is known");
    assert!(
        !page.body.contains("nobody at all"),
        "what was typed may be a password"
    );
}

#[tokio::test]
async fn an_administrator_finds_lines_by_record_person_deed_and_day() {
    let house = House::staffed().await;
    let (one, other) = (
        house.pat(Region::Lumbar).await,
        house.pat(Region::Cervical).await,
    );
    let mut browser = house.as_role(Role::Practitioner).await;
    for _ in 0..130 {
        browser.get(&format!("/patients/{one}/safety")).await.ok();
    }
    browser.get(&format!("/patients/{other}")).await.ok();
    let mut admin = house.as_role(Role::Administrator).await;
    let page = admin.get(&format!("/audit?record={one}")).await.ok();
    assert_eq!(page.body.matches("<tr><td>").count(), 100);
    let link = page
        .after("id=\"audit-older\"", "href")
        .replace("&#38;", "&");
    let page = admin.get(&link).await.ok();
    assert_eq!(page.body.matches("<tr><td>").count(), 30);
    // Two patients have this name: which is meant is asked.
    admin
        .get("/audit?record=pat+example")
        .await
        .shows("audit-choice");
    admin.get("/audit?record=nobody").await.shows("audit-none");
    let who = id(&house, "practitioner").await;
    let page = admin
        .get(&format!("/audit?person={who}&act=login"))
        .await
        .ok();
    assert_eq!(page.body.matches("<tr><td>").count(), 1);
    let today = jiff::tz::TimeZone::UTC.to_datetime(Timestamp::now()).date();
    let (before, after) = (today.yesterday().unwrap(), today.tomorrow().unwrap());
    for (from, until, there) in [
        (today, today, true),
        (before, before, false),
        (after, after, false),
    ] {
        for whose in [
            format!("&record={other}"),
            format!("&person={who}"),
            String::new(),
        ] {
            let page = admin
                .get(&format!("/audit?from={from}&until={until}{whose}"))
                .await;
            let found = page.body.contains("audit-lines");
            assert_eq!(found, there, "{from} {until} {whose}");
        }
    }
    let page = admin.get("/audit?from=yesterday").await;
    assert_eq!(page.code(), "field-unreadable");
}

/// Many at once go into one append: each has its line, and the index finds it.
#[tokio::test]
async fn lines_that_are_written_at_once_are_all_kept_and_found() {
    let house = House::staffed().await;
    let patients = [
        house.pat(Region::Lumbar).await,
        house.pat(Region::Lumbar).await,
    ];
    let mut all = Vec::new();
    for role in [Role::Practitioner, Role::Assistant, Role::ClinicalLead] {
        let mut browser = house.as_role(role).await;
        all.push(async move {
            for round in 0..20 {
                let patient = patients[round % 2];
                browser
                    .get(&format!("/patients/{patient}/safety"))
                    .await
                    .ok();
            }
        });
    }
    futures_util::future::join_all(all).await;
    let journal = house.server.app().clinic.journal();
    let index = async || {
        let query = |model| record::RowQuery::of(model).limit(1_000);
        let records = journal.rows(&query("audit-records")).await.unwrap();
        [records, journal.rows(&query("audit-people")).await.unwrap()]
    };
    let written = index().await;
    journal.rebuild(&ClinicProjector).await.unwrap();
    assert_eq!(
        written,
        index().await,
        "written with the lines as it is made of them"
    );
    assert_eq!(written[0].len(), 6);
    for patient in patients {
        assert_eq!(log(&house, of(patient)).await.len(), 30);
    }
}

/// Somebody reads a record by this route.
fn read(patient: Uuid, user: Uuid, route: &str) -> NewEvent {
    let access = json!({
        "user": user,
        "role": "clinical-lead",
        "patient": patient,
        "act": "read",
        "route": route,
        "correlation": Uuid::nil(),
    });
    NewEvent {
        kind: "accessed".into(),
        v: 1,
        at: Timestamp::now(),
        actor: user,
        payload: access.to_string().into_bytes(),
        salt: [7; 32],
    }
}

/// Lines, and rows of the index, that another server writes.
async fn written(house: &House, events: Vec<NewEvent>, put: Vec<Row>) {
    let journal = house.server.app().clinic.journal();
    let audit = journal.streams(StreamKind::Audit).await.unwrap()[0];
    let remove = Vec::new();
    let rows = Rows::Change { put, remove };
    let append = journal.append(audit.stream, audit.sequence, events, rows);
    append.await.unwrap();
}

#[tokio::test]
async fn an_old_line_is_found_behind_any_number_of_newer_days_and_people() {
    let house = House::staffed().await;
    let patient = house.pat(Region::Lumbar).await;
    let mut browser = house.as_role(Role::Practitioner).await;
    browser.get(&format!("/patients/{patient}")).await.ok();
    let who = id(&house, "practitioner").await;
    let row = |model: &str, key: String| Row::new(model, key, "", r#"{"first":1,"last":1}"#);
    let later: jiff::civil::Date = "2200-01-01".parse().unwrap();
    let of_record = (0..ROWS).map(|n| {
        let other = Uuid::from_u128(n as u128).simple();
        row(
            "audit-records",
            format!("{}/{later}/{other}", patient.simple()),
        )
    });
    let of_person = (0..ROWS).map(|n| {
        let day = later + n.days();
        row("audit-people", format!("{}/{day}", who.simple()))
    });
    let rows = of_record.chain(of_person).collect();
    written(&house, vec![read(Uuid::nil(), Uuid::nil(), "/")], rows).await;
    let today = jiff::tz::TimeZone::UTC.to_datetime(Timestamp::now()).date();
    for days in [None, Some(today)] {
        for (patient, user) in [(Some(patient), None), (None, Some(who))] {
            let mut wanted = Wanted {
                patient,
                user,
                act: Some(Deed::Read),
                from: days,
                until: days,
                before: None,
            };
            let lines = log(&house, wanted.clone()).await;
            assert_eq!(said(&lines), [("read", "/patients/{patient}")], "{days:?}");
            wanted.before = Some(lines[0].sequence.to_string().parse().unwrap());
            assert!(log(&house, wanted).await.is_empty());
        }
    }
}

#[tokio::test]
async fn all_of_a_record_is_read_past_more_lines_than_one_look_reads() {
    let house = House::staffed().await;
    let clinic = &house.server.app().clinic;
    let (patient, other) = (
        house.pat(Region::Lumbar).await,
        house.pat(Region::Cervical).await,
    );
    let record = format!("/patients/{patient}");
    let mut lead = house.as_role(Role::ClinicalLead).await;
    lead.get(&record).await.ok();
    let by = id(&house, "clinical-lead").await;
    let restricting = clinic.restrict(by, patient, [by].into(), "A colleague is treated here.");
    restricting.await.unwrap();
    let mut practitioner = house.as_role(Role::Practitioner).await;
    let need = [("reason", "Their team is away, and they cannot stand.")];
    practitioner
        .post(&format!("{record}/emergency"), &need)
        .await;
    practitioner.get(&record).await.ok();
    let before = log(&house, of(patient)).await.len();
    assert_eq!(clinic.research_used(patient).await.unwrap(), None);

    let taken = read(patient, by, "/research/{table}");
    written(&house, vec![taken], Vec::new()).await;
    let lines = (0..MANY).map(|_| read(other, by, "/")).collect();
    written(&house, lines, Vec::new()).await;
    practitioner.get(&record).await.ok();
    lead.get(&record).await.ok();

    let page = lead.get("/openings").await.ok();
    page.shows("pages looked at, 2");
    assert!(clinic.research_used(patient).await.unwrap().is_some());
    let file = clinic.as_fhir(patient).await.unwrap();
    assert_eq!(file.of("AuditEvent").count(), before + 3);
    // A page of the log says that there is more.
    let look = clinic.accesses(&of(patient), 100).await.unwrap();
    assert!(look.lines.len() < before + 3 && look.older.is_some());
}

#[tokio::test]
async fn who_is_refused_a_restricted_record_or_anothers_is_in_it() {
    let house = House::staffed().await;
    let clinic = &house.server.app().clinic;
    let (own, other) = (
        house.pat(Region::Lumbar).await,
        house.pat(Region::Cervical).await,
    );
    let lead = id(&house, "clinical-lead").await;
    let restricting = clinic.restrict(lead, other, [lead].into(), "A colleague is treated here.");
    restricting.await.unwrap();
    let account = NewUser {
        login: "own".into(),
        name: "Somebody".into(),
        role: Role::Patient,
        licence: None,
        patient: Some(own),
        password: PASSWORD.into(),
        temporary: false,
    };
    clinic.add_user(Uuid::nil(), account).await.unwrap();
    let refused = Wanted {
        act: Some(Deed::Refused),
        ..Wanted::default()
    };

    let mut staff = house.as_role(Role::Practitioner).await;
    let path = format!("/patients/{other}/safety/suspend");
    let page = staff.post(&path, &[("reason", "test")]).await;
    assert_eq!(page.code(), "record-restricted");
    let page = staff.get(&format!("/patients/{other}/plan")).await;
    assert_eq!(page.status, StatusCode::SEE_OTHER);
    // A record that is not there is kept from nobody who works here.
    let nobody = Uuid::from_u128(9);
    let page = staff.get(&format!("/patients/{nobody}/plan")).await;
    assert_eq!(page.status, StatusCode::NOT_FOUND);
    let mut patient = house.browser();
    patient.login("own", PASSWORD).await;
    patient.get(&format!("/patients/{own}/mine")).await.ok();
    for whose in [other, nobody] {
        let page = patient.get(&format!("/patients/{whose}/mine")).await;
        assert_eq!(page.status, StatusCode::NOT_FOUND);
    }

    let lines = log(&house, refused).await;
    let mine = ("refused", "/patients/{patient}/mine");
    let suspend = ("refused", "/patients/{patient}/safety/suspend");
    let plan = ("refused", "/patients/{patient}/plan");
    assert_eq!(said(&lines), [mine, mine, plan, suspend]);
    let whose: Vec<_> = lines.iter().map(|line| line.access.patient).collect();
    assert_eq!(whose, [None, Some(other), Some(other), Some(other)]);
    let (staff, patient) = (id(&house, "practitioner").await, id(&house, "own").await);
    let who: Vec<_> = lines.iter().map(|line| line.access.user.unwrap()).collect();
    assert_eq!(who, [patient, patient, staff, staff]);
}
