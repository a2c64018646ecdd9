//! What the journal itself writes into a stream leaves the record readable.

use console::clinic::{Clinic, ClinicProjector, Patient};
use jiff::Timestamp;
use record::{NewEvent, Request, Row, RowQuery, Rows, StreamKind};
use uuid::Uuid;

use crate::browser::{House, PASSWORD, server};
use crate::steps::chart;

async fn request(clinic: &Clinic, stream: record::Stream) -> Request {
    let standing = clinic.journal().stream(stream.id).await.unwrap().unwrap();
    Request {
        stream,
        expected: standing.sequence,
        why: "asked for in writing".into(),
        actor: Uuid::nil(),
        at: Timestamp::now(),
        salt: [7; 32],
    }
}

#[tokio::test]
async fn a_chart_loads_under_a_hold_and_after_it_and_once_it_is_erased() {
    let house = House::open(|options| options.demo = true).await;
    let clinic = &house.server.app().clinic;
    let mut browser = house.as_demo("colin").await;
    let before = chart(&house, "Elin").await;
    let (id, stream) = (before.id, Patient(before.id).stream());
    let journal = clinic.journal();
    let held = request(clinic, stream).await;
    journal.hold(&held).await.unwrap();
    let after = clinic.chart(id).await.unwrap();
    assert_eq!(after.sequence, before.sequence + 1);
    assert_eq!(after.episode.timeline.len(), before.episode.timeline.len());
    let path = format!("/patients/{id}");
    browser
        .post(&format!("{path}/plan/propose"), &[])
        .await
        .ok();
    let report = journal.rebuild(&ClinicProjector).await;
    assert!(report.is_ok(), "{:?}", report.err());

    let lifted = request(clinic, stream).await;
    journal.lift_hold(&lifted).await.unwrap();
    let asked = request(clinic, stream).await;
    journal.erase(&asked, &ClinicProjector).await.unwrap();
    let gone = clinic.chart(id).await.unwrap();
    assert!(
        gone.episode.demographics.0.name.is_empty(),
        "nothing of it is left, not even where it was held before"
    );
    assert!(clinic.find("Elin", 1).await.unwrap().listed.is_empty());
    for page in ["", "/evaluate", "/plan", "/treat", "/recover", "/safety"] {
        let page = browser.get(&format!("{path}{page}")).await;
        assert!(!page.status.is_server_error(), "{}", page.body);
        assert!(!page.body.contains("Elin"), "{}", page.body);
    }
}

#[tokio::test]
async fn an_account_under_a_hold_still_logs_in_and_takes_a_new_password() {
    let house = House::staffed().await;
    let clinic = &house.server.app().clinic;
    let user = clinic.user_by_login("assistant").await.unwrap().unwrap();
    let stream = record::Stream::new(StreamKind::User, user.id);
    let held = request(clinic, stream).await;
    clinic.journal().hold(&held).await.unwrap();
    let secret = format!("{PASSWORD}, renewed");
    clinic
        .set_password(Uuid::nil(), &user, secret.clone(), false)
        .await
        .unwrap();
    let user = clinic.user_by_login("assistant").await.unwrap().unwrap();
    assert!(clinic.check_password(Some(&user), secret).await);
    let report = clinic.journal().rebuild(&ClinicProjector).await;
    assert!(report.is_ok(), "{:?}", report.err());
}

/// A store of the version before this one, as far as its rows say.
#[tokio::test]
async fn rows_of_another_version_are_written_anew_when_the_clinic_is_opened() {
    let mut house = House::open(|options| options.demo = true).await;
    let clinic = house.server.app().clinic.clone();
    let journal = clinic.journal();
    let streams = journal.streams(StreamKind::Clinic).await.unwrap();
    let own = journal.read(streams[0].stream.id).await.unwrap();
    let again = own.last().unwrap();
    let event = NewEvent {
        kind: again.kind.clone(),
        v: again.v,
        at: again.at,
        actor: again.actor,
        payload: again.payload.clone().unwrap(),
        salt: [7; 32],
    };
    let rows = vec![
        Row::new("rows", "version", "0", []),
        Row::new("names", "ghost", "ghost", []),
    ];
    let append = journal.append(streams[0].stream, again.sequence, vec![event], rows);
    append.await.unwrap();
    let ghosts = RowQuery::of("names").key("ghost");
    assert_eq!(journal.rows(&ghosts).await.unwrap().len(), 1);

    clinic.close().await.unwrap();
    let folder = house.folder.path().to_owned();
    house.server = server(folder, |options| options.demo = true).await;
    let journal = house.server.app().clinic.journal();
    assert!(journal.rows(&ghosts).await.unwrap().is_empty());
    let version = journal.row("rows", "version", streams[0].stream.id).await;
    assert_ne!(version.unwrap().unwrap().sort, "0");
    let report = journal.rebuild(&ClinicProjector).await.unwrap();
    assert_eq!(report.changed, 0, "everything was written");
}

/// Something that is no event of care stands at the end of a patient's stream.
async fn damage(clinic: &Clinic, id: Uuid) {
    let stream = Patient(id).stream();
    let known = clinic.journal().read(id).await.unwrap();
    let event = NewEvent {
        kind: "facts-recorded".into(),
        v: 1,
        at: Timestamp::now(),
        actor: Uuid::nil(),
        payload: b"nonsense".to_vec(),
        salt: [7; 32],
    };
    let last = known.last().unwrap().sequence;
    let append = clinic
        .journal()
        .append(stream, last, vec![event], Rows::Keep);
    append.await.unwrap();
}

/// One damaged record hides no other: not from a list, and not from a rebuild, which names it.
#[tokio::test]
async fn a_record_that_cannot_be_read_is_named_and_every_other_is_there() {
    let mut house = House::open(|options| options.demo = true).await;
    let clinic = house.server.app().clinic.clone();
    let id = chart(&house, "Tomás").await.id;
    damage(&clinic, id).await;
    let unreadable = |page: &crate::browser::Page| {
        page.shows("data-test=\"damaged\"");
        page.shows("The record of Tomás Rey cannot be read.")
            .shows("Elin");
    };
    for role in ["colin", "felix"] {
        let mut browser = house.as_demo(role).await;
        unreadable(&browser.get("/").await.ok());
        browser.get("/diary").await.ok();
    }
    let mut nadia = house.as_demo("nadia").await;
    nadia.get("/overrides").await.ok();
    let page = nadia.get(&format!("/patients/{id}")).await;
    assert_eq!(page.code(), "event-unreadable");
    let before = clinic
        .journal()
        .rows(&RowQuery::of("patients"))
        .await
        .unwrap();
    let report = clinic.journal().rebuild(&ClinicProjector).await.unwrap();
    let [(stream, what)] = &report.damaged[..] else {
        panic!("{report:?}")
    };
    assert_eq!(stream.id, id);
    assert!(what.contains("sequence"), "{what}");
    assert!(!what.contains("nonsense"), "no payload in a message");
    let after = clinic
        .journal()
        .rows(&RowQuery::of("patients"))
        .await
        .unwrap();
    assert_eq!(before, after, "it keeps the rows that it had");
    // The next server knows before anybody has opened it.
    clinic.close().await.unwrap();
    let folder = house.folder.path().to_owned();
    house.server = server(folder, |options| options.demo = true).await;
    assert_eq!(house.server.app().clinic.damaged().await.unwrap()[0].id, id);
    let mut colin = house.as_demo("colin").await;
    unreadable(&colin.get("/").await.ok());
}
