//! Two servers of one clinic on one PostgreSQL: what one of them knows, both know.

use std::path::Path;
use std::time::{Duration, Instant};

use axum::http::StatusCode;
use care::diary::{Change, Place};
use care::episode::Role;
use console::Server;
use console::clinic::{ClinicProjector, ColleagueSet, MAIL, NewUser, SwitchTest};
use record::{DatabaseUrl, Journal, OpenOptions, StreamKind};
use si::Region;
use uuid::Uuid;

use crate::browser::{Browser, House, PASSWORD, server};
use crate::clients::{ask, client};
use crate::postgres;
use crate::steps::{armed, bedside, planned, stage, started, until};

/// A new database, unless PostgreSQL is not there.
fn database(test: &str) -> Option<DatabaseUrl> {
    let Some(server) = postgres::shared() else {
        postgres::skipped(test);
        return None;
    };
    Some(postgres::parsed(&server.database()))
}

/// A server with the key of another, in a folder of its own.
async fn beside(key: &Path, database: &DatabaseUrl, demo: bool) -> House {
    let folder = tempfile::tempdir().unwrap();
    std::fs::copy(key.join("clinic.key"), folder.path().join("clinic.key")).unwrap();
    let server = server(folder.path().to_owned(), |options| {
        options.demo = demo;
        options.database = Some(database.clone());
    })
    .await;
    House { server, folder }
}

/// Two servers of a clinic with one user of each role.
pub(crate) async fn pair(test: &str) -> Option<(House, House)> {
    let database = database(&format!("servers::{test}"))?;
    let first = House::open(|options| options.database = Some(database.clone())).await;
    for role in Role::ALL.into_iter().filter(|role| *role != Role::Program) {
        first.hire(role).await;
    }
    let second = beside(first.folder.path(), &database, false).await;
    Some((first, second))
}

/// The same tab of a browser at another server: its cookies go along.
fn moved(browser: &Browser, house: &House) -> Browser {
    let mut other = house.browser();
    other.cookies.clone_from(&browser.cookies);
    other.csrf.clone_from(&browser.csrf);
    other.tab.clone_from(&browser.tab);
    other
}

#[tokio::test]
async fn who_logs_in_at_one_is_known_at_both_and_who_leaves_has_left_both() {
    let Some((first, second)) = pair("who_logs_in").await else {
        return;
    };
    let mut here = first.as_role(Role::Practitioner).await;
    let mut there = moved(&here, &second);
    assert_eq!(there.get("/").await.status, StatusCode::OK);
    there.post("/logout", &[]).await.ok();
    assert_eq!(here.get("/").await.location(), "/login");

    let mut here = first.as_role(Role::Practitioner).await;
    let clinic = &second.server.app().clinic;
    let user = clinic.user_by_login("practitioner").await.unwrap().unwrap();
    let mut admin = second.as_role(Role::Administrator).await;
    let close = format!("/users/{}/close", user.id);
    admin.post(&close, &[]).await.ok();
    assert_eq!(here.get("/").await.location(), "/login");
}

#[tokio::test]
async fn tries_are_counted_at_both_together() {
    let Some((first, second)) = pair("tries").await else {
        return;
    };
    for house in [&first, &second, &first, &second, &first] {
        let mut thief = house.browser();
        let page = thief.login("practitioner", "guessed").await;
        assert_eq!(page.status, StatusCode::UNAUTHORIZED);
    }
    for house in [&first, &second] {
        let page = house.browser().login("practitioner", PASSWORD).await;
        assert_eq!(page.status, StatusCode::TOO_MANY_REQUESTS);
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_form_that_is_sent_to_both_at_once_is_done_once_and_both_know_the_patient() {
    let Some((first, second)) = pair("a_form").await else {
        return;
    };
    let mut here = first.as_role(Role::Practitioner).await;
    let mut there = moved(&here, &second);
    let fields = [
        ("name", "Ada Twice"),
        ("born", "1981-04-02"),
        ("region", "lumbar"),
        ("once", "7"),
    ];
    let path = "/import/by-hand";
    let (one, other) = tokio::join!(here.post(path, &fields), there.post(path, &fields));
    assert_eq!(one.status, StatusCode::SEE_OTHER, "{}", one.body);
    assert_eq!(one.location(), other.location());
    let clinic = &first.server.app().clinic;
    let found = clinic.find("Ada Twice", 10).await.unwrap().listed;
    assert_eq!(found.len(), 1);
    let page = format!("/patients/{}", found[0].id);
    for browser in [&mut here, &mut there] {
        browser.get(&page).await.ok().shows("Ada Twice");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn one_of_two_gets_a_login_name_and_one_of_two_administrators_stays() {
    let Some((first, second)) = pair("one_of_two").await else {
        return;
    };
    let clinics = [&first, &second].map(|house| &house.server.app().clinic);
    for round in 0..5 {
        let new = |_| NewUser {
            login: format!("new{round}"),
            name: "New".into(),
            role: Role::FrontDesk,
            licence: None,
            patient: None,
            password: PASSWORD.into(),
            temporary: false,
        };
        let [one, other] = clinics.map(|clinic| clinic.add_user(Uuid::nil(), new(clinic)));
        let (one, other) = tokio::join!(one, other);
        let refused = one.as_ref().err().or(other.as_ref().err());
        assert_eq!(refused.expect("one of them").code, "login-taken");
        assert!(one.is_ok() || other.is_ok());
    }
    let set = ColleagueSet {
        name: "Second".into(),
        role: Role::Administrator,
        licence: None,
    };
    let user = clinics[0].user_by_login("new0").await.unwrap().unwrap();
    let other = clinics[0].change_colleague(Uuid::nil(), &user, set).await;
    let other = other.unwrap();
    let user = clinics[1].user_by_login("administrator").await;
    let user = user.unwrap().unwrap();
    let (one, two) = tokio::join!(
        clinics[0].close_user(Uuid::nil(), &user),
        clinics[1].close_user(Uuid::nil(), &other)
    );
    let refused = one.as_ref().err().or(two.as_ref().err());
    assert_eq!(refused.expect("one of them").code, "last-administrator");
    assert!(one.is_ok() || two.is_ok());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn nobody_is_booked_twice_at_two_servers() {
    let Some((first, second)) = pair("booked_twice").await else {
        return;
    };
    let patient = first.pat(Region::Lumbar).await;
    let clinic = &first.server.app().clinic;
    let user = clinic.user_by_login("practitioner").await.unwrap().unwrap();
    let tomorrow = clinic.now().to_zoned_datetime(clinic.zone().clone());
    let tomorrow = tomorrow.date().tomorrow().unwrap();
    let book = |house: &House, hour: i8| {
        let clinic = house.server.app().clinic.clone();
        let at = |minute| {
            clinic
                .instant("time", tomorrow.at(hour, minute, 0, 0))
                .unwrap()
        };
        let change = Change::Book {
            id: Uuid::from_bytes(console::random::bytes()),
            patient,
            purpose: care::diary::Purpose::ReEvaluation,
            place: Place {
                from: at(0),
                until: at(40),
                practitioner: user.id,
                table: None,
            },
        };
        tokio::spawn(async move { clinic.enter(Uuid::nil(), &change).await })
    };
    for hour in 9..14 {
        let (one, other) = tokio::join!(book(&first, hour), book(&second, hour));
        let (one, other) = (one.unwrap(), other.unwrap());
        let refused = one.as_ref().err().or(other.as_ref().err());
        assert_eq!(refused.expect("one of them").code, "double-booking");
        assert!(one.is_ok() || other.is_ok());
    }
    for house in [&first, &second] {
        let diary = house.server.app().clinic.diary().await.unwrap();
        assert_eq!(diary.of(patient).count(), 5);
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn servers_that_start_at_once_make_one_clinic_and_one_sends_its_letters() {
    let Some(database) = database("servers::start_at_once") else {
        return;
    };
    let folders = [tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap()];
    let key = folders[0].path().join("clinic.key");
    let (public, own) = (folders[0].path().join("clinic.pub"), &key);
    console::clinic::ClinicKey::open(own, &public).unwrap();
    std::fs::copy(&key, folders[1].path().join("clinic.key")).unwrap();
    let start = |folder: &Path| {
        let (folder, database) = (folder.to_owned(), database.clone());
        tokio::spawn(server(folder, |options| options.database = Some(database)))
    };
    let (one, other) = tokio::join!(start(folders[0].path()), start(folders[1].path()));
    let servers: [Server; 2] = [one.unwrap(), other.unwrap()];
    let clinics = servers.each_ref().map(|server| &server.app().clinic);
    let house = clinics[0].journal().streams(StreamKind::Clinic).await;
    assert_eq!(house.unwrap().len(), 1);
    // Each writes a first line.
    let [mut one, mut other] = servers
        .each_ref()
        .map(|server| Browser::of(server.router()));
    tokio::join!(one.login("a", "guessed"), other.login("b", "guessed"));
    let audit = clinics[0].journal().streams(StreamKind::Audit).await;
    assert_eq!(audit.unwrap().len(), 1, "one audit log");
    assert!(clinics[0].leads(MAIL).await);
    assert!(!clinics[1].leads(MAIL).await);
    clinics[0].close().await.unwrap();
    assert!(clinics[1].leads(MAIL).await, "the other takes over");
}

#[tokio::test]
async fn another_key_or_none_is_refused_and_makes_nothing() {
    let Some((first, _second)) = pair("another_key").await else {
        return;
    };
    let clinic = &first.server.app().clinic;
    clinic.checkpoint().await.unwrap();
    let url = postgres_of(clinic.journal());
    let folder = tempfile::tempdir().unwrap();
    let open = async || {
        let mut options =
            console::Options::new("127.0.0.1:0".parse().unwrap(), folder.path().to_owned());
        options.database = Some(url.clone());
        Server::bind(options).await.map(|_| ()).unwrap_err()
    };
    assert_eq!(open().await.code, "clinic-key-other");
    assert!(!folder.path().join("clinic.key").exists());
    let (key, public) = (
        folder.path().join("clinic.key"),
        folder.path().join("x.pub"),
    );
    console::clinic::ClinicKey::open(&key, &public).unwrap();
    assert_eq!(open().await.code, "clinic-key-other");
}

/// The address of the database that a journal is in.
fn postgres_of(journal: &Journal) -> DatabaseUrl {
    let place = journal.location().to_string();
    let name = place.rsplit('/').next().unwrap();
    postgres::parsed(&postgres::shared().unwrap().url(name))
}

/// The second server's lines once were missing in the rows that the first one wrote after them.
#[tokio::test]
async fn lines_of_the_audit_log_are_found_whichever_server_wrote_them() {
    let Some((first, second)) = pair("lines_of_the_audit_log").await else {
        return;
    };
    let patient = first.pat(Region::Lumbar).await;
    let mut here = first.as_role(Role::Practitioner).await;
    let mut there = moved(&here, &second);
    let page = format!("/patients/{patient}");
    for _ in 0..3 {
        here.get(&page).await.ok();
        there.get(&page).await.ok();
    }
    let journal = first.server.app().clinic.journal();
    let rebuilt = journal.rebuild(&ClinicProjector).await.unwrap();
    assert_eq!(rebuilt.changed, 0, "the rows are what the lines say");
}

#[tokio::test]
async fn a_switch_that_failed_at_one_counts_at_both() {
    let Some((first, second)) = pair("a_switch").await else {
        return;
    };
    let table = *b"test-table-00001";
    let test = |passed| SwitchTest {
        table: hex(&table),
        force_n: 445.0,
        ceiling_n: 890.0,
        passed,
        by: "Sofia".into(),
    };
    let [one, other] = [&first, &second].map(|house| &house.server.app().clinic);
    one.keep_switch_test(Uuid::nil(), test(true)).await.unwrap();
    other.switch_tested(&table).await.unwrap();
    other
        .keep_switch_test(Uuid::nil(), test(false))
        .await
        .unwrap();
    one.switch_tested(&table).await.unwrap_err();
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// The demonstration at two servers, the table linked to the first.
async fn demonstration(test: &str) -> Option<(House, House)> {
    let database = database(&format!("servers::{test}"))?;
    let folder = tempfile::tempdir().unwrap();
    crate::played::copy_into(folder.path());
    let played = Journal::open(folder.path().join("journal.sqlite"), OpenOptions::new());
    let played = played.await.unwrap();
    let options = OpenOptions::new().create(played.identity());
    let copy = Journal::connect(&database, options).await.unwrap();
    played.copy_to(&copy).await.unwrap();
    played.close().await;
    copy.close().await;
    let second = beside(folder.path(), &database, true).await;
    let socket = folder.path().join("bedside.sock");
    let first = server(folder.path().to_owned(), |options| {
        options.demo = true;
        options.database = Some(database);
        options.bedside = Some(socket);
    })
    .await;
    let first = House {
        server: first,
        folder,
    };
    Some((first, second))
}

#[expect(clippy::print_stdout, reason = "how long it took is what it is about")]
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_consent_withdrawn_at_one_server_stops_the_table_at_the_other() {
    let Some((first, second)) = demonstration("a_consent").await else {
        return;
    };
    let bedside = bedside(first.folder.path(), 10);
    let mut colin = first.as_demo("colin").await;
    let base = planned(&first, &mut colin).await;
    let session = armed(&mut colin, &base).await;
    started(&mut colin, &session).await;
    stage(&first, &["running"]).await;
    until(&second, "Elin", "the session is on record", |chart| {
        chart.episode.running().is_some()
    })
    .await;
    let mut other = second.browser();
    other.login("colin", &first.password("colin")).await.ok();
    let clinic = &first.server.app().clinic;
    clinic.says_table("the first server").await.unwrap();
    let page = other.get(&session).await.ok();
    page.shows("data-test=\"elsewhere\"")
        .shows("the first server");
    let stopped = other.post(&format!("{session}/stop"), &[]).await;
    assert_eq!(stopped.code(), "table-elsewhere");
    let begun = Instant::now();
    let reason = [("reason", "enough")];
    let path = format!("{base}/consent/withdraw");
    other.post(&path, &reason).await.ok();
    stage(&first, &["unloading", "unloaded"]).await;
    let took = begun.elapsed();
    println!("withdrawn at one server, let go at the other after {took:?}");
    assert!(took < Duration::from_secs(5), "{took:?}");
    bedside.stop().unwrap();
}

/// The index that programs search is made once for all servers, and what lags says so.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn programs_find_at_one_server_what_was_written_at_the_other_and_never_half_of_it() {
    let Some((first, second)) = pair("programs_find").await else {
        return;
    };
    let (_, token) = client(&first, "system/*.rs").await;
    let pat = first.pat(Region::Lumbar).await;
    // A third server that makes the index, and does not come to its end.
    let shared = first.server.app().clinic.journal().shared();
    let third = Uuid::from_u128(3);
    let life = Duration::from_secs(600);
    assert!(shared.lease("lease", b"index", third, life).await.unwrap());
    let at = format!("/fhir/Patient?_id={pat}");
    for house in [&first, &second] {
        let page = ask(house, &at, Some(&token)).await;
        assert_eq!(
            page.status,
            StatusCode::SERVICE_UNAVAILABLE,
            "{}",
            page.body
        );
        assert_eq!(page.headers["retry-after"], "5");
        let outcome: serde_json::Value = serde_json::from_str(&page.body).unwrap();
        assert_eq!(outcome["resourceType"], "OperationOutcome");
        assert_eq!(outcome["issue"][0]["code"], "transient");
    }
    assert!(
        shared
            .lease("lease", b"index", third, Duration::ZERO)
            .await
            .unwrap()
    );
    for house in [&first, &second] {
        let page = ask(house, &at, Some(&token)).await;
        assert_eq!(page.status, StatusCode::OK, "{}", page.body);
        assert!(page.body.contains("Pat"), "{}", page.body);
    }
    for (here, there) in [(&first, &second), (&second, &first)] {
        let pat = here.pat(Region::Lumbar).await;
        let at = format!("/fhir/Patient/{pat}");
        let page = ask(there, &at, Some(&token)).await;
        assert_eq!(page.status, StatusCode::OK, "{}", page.body);
    }
}
