//! Several journals, and several processes, on one PostgreSQL database.

use std::collections::BTreeSet;
use std::process::{Command, Stdio};
use std::time::Duration;

use futures_util::future::join_all;
use record::{Announcement, Error, Journal, OpenOptions, Report, StreamKind, Verify};
use tokio::sync::broadcast::Receiver;
use uuid::Uuid;

use crate::server::{self, Server};
use crate::support::{Place, STORE, at, event, key, patient};

/// Set only in a child, which is this same test binary: the database.
const CHILD: &str = "RECORD_SHARING_CHILD";
/// Events of one writer in the shared stream.
const EACH: usize = 25;
/// The stream that all append to.
const SHARED: u128 = 99;

/// A new database, unless PostgreSQL is not there.
fn place(test: &str) -> Option<Place> {
    Place::postgres(&format!("sharing::{test}"))
}

/// Appends to the shared stream, again and again when others were first, and to one of its own.
async fn write(journal: &Journal, name: u128) {
    for n in 0..EACH {
        let events = || vec![event("shared", &format!("{name}/{n}"))];
        loop {
            let info = journal.stream(patient(SHARED).id).await.expect("read");
            let expected = info.map_or(0, |i| i.sequence);
            let append = journal.append(patient(SHARED), expected, events(), vec![]);
            match append.await {
                Ok(_) => break,
                Err(Error::Conflict { .. }) => {}
                Err(error) => panic!("{error}"),
            }
        }
        let own = vec![event(&format!("own-{name}"), "x")];
        let append = journal.append(patient(name), n as u64, own, vec![]);
        append.await.expect("its own stream");
    }
}

/// Every announcement of `count` events, in the order in which they came.
async fn heard(follower: &mut Receiver<Announcement>, count: usize) -> Vec<Announcement> {
    let mut all = Vec::new();
    while all.len() < count {
        let next = tokio::time::timeout(Duration::from_secs(20), follower.recv()).await;
        all.push(next.expect("in time").expect("told"));
    }
    all
}

/// Nothing lost, nothing twice, positions in commit order, announcements whole.
async fn all_there(journal: &Journal, follower: &mut Receiver<Announcement>, writers: usize) {
    let shared = journal.read(patient(SHARED).id).await.expect("read");
    let texts: BTreeSet<_> = shared.iter().map(|e| e.payload.clone()).collect();
    assert_eq!(
        (shared.len(), texts.len()),
        (writers * EACH, writers * EACH)
    );
    let told = heard(follower, 2 * writers * EACH).await;
    assert!(told.iter().map(|a| a.position).eq(1..=told.len() as u64));
    let mut stored = Vec::new();
    while stored.len() < told.len() {
        let page = journal.since(stored.len() as u64, 100).await.expect("read");
        stored.extend(page);
    }
    for (told, stored) in told.iter().zip(&stored) {
        assert_eq!(
            (told.position, told.stream, told.sequence, &told.kind),
            (
                stored.position,
                stored.stream,
                stored.sequence,
                &stored.kind
            )
        );
    }
    assert!(follower.try_recv().is_err(), "nothing is told twice");
    let report = chains(journal).await;
    assert!(report.is_sound(), "{:?}", report.faults);
}

/// Everything but the rows, which these writers do not write.
async fn chains(journal: &Journal) -> Report {
    let against = Verify {
        trusted: &[key().public()],
        projector: None,
        index: None,
    };
    journal.verify(against).await.expect("walks")
}

#[tokio::test]
async fn three_journals_on_one_database_lose_nothing_double_nothing_and_announce_all() {
    let Some(place) = place("three_journals") else {
        return;
    };
    let journals = [place.open().await, place.open().await, place.open().await];
    let mut followers = journals.each_ref().map(Journal::subscribe);
    let writers = (1..=6).map(|name| {
        let journal = journals[name as usize % 3].clone();
        tokio::spawn(async move { write(&journal, name).await })
    });
    for writer in join_all(writers).await {
        writer.expect("written");
    }
    for (journal, follower) in journals.iter().zip(&mut followers) {
        all_there(journal, follower, 6).await;
    }
    for journal in &journals {
        journal.close().await;
    }
}

/// Waits until a server that says these words may serve.
async fn freed(journal: &Journal, alike: &str) -> record::Serving {
    let freed = async {
        loop {
            match journal.serve(alike).await {
                Ok(serving) => return serving,
                Err(_) => tokio::time::sleep(Duration::from_millis(20)).await,
            }
        }
    };
    let freed = tokio::time::timeout(Duration::from_secs(20), freed).await;
    freed.expect("free once the connections are gone")
}

#[tokio::test]
async fn servers_that_are_alike_share_a_database_and_another_one_waits_until_all_are_gone() {
    let Some(place) = place("servers_that_are_alike") else {
        return;
    };
    let (first, second) = (place.open().await, place.open().await);
    let one = first.serve("lists 1").await.expect("free");
    let two = second.serve("lists 1").await.expect("alike");
    let other = || second.serve("lists 2");
    let refused = other().await.expect_err("not alike");
    assert!(matches!(refused, Error::Served(_)), "{refused}");
    assert_eq!(refused.problem().code, "journal-served");
    let written = second.append(patient(1), 0, vec![event("beside", "it")], vec![]);
    written.await.expect("appended beside them");
    drop(one);
    tokio::time::sleep(Duration::from_millis(300)).await;
    other().await.expect_err("one is left");
    drop(two);
    let three = freed(&second, "lists 2").await;
    first.serve("lists 1").await.expect_err("not alike");
    drop(three);
    for journal in [first, second] {
        journal.close().await;
    }
}

/// A program of before took the store for itself alone, and still does.
#[tokio::test]
async fn a_server_of_an_earlier_version_shares_with_nobody() {
    let Some(place) = place("an_earlier_version") else {
        return;
    };
    let journal = place.open().await;
    let mut earlier = place.outsider().await;
    let alone = "SELECT pg_advisory_lock(x'416e6e756c757333'::bigint)";
    sqlx::raw_sql(alone)
        .execute(&mut earlier)
        .await
        .expect("held");
    let refused = journal.serve("lists 1").await.expect_err("taken");
    assert!(matches!(refused, Error::Served(_)), "{refused}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_restarted_database_is_told_again_who_serves_it() {
    let Some(server) = Server::start() else {
        return server::skipped("sharing::a_restarted_database_is_told_again");
    };
    let place = Place::of(server.database());
    let [journal, other] = [place.open().await, place.open().await];
    let mut serving = journal.serve("lists 1").await.expect("free");
    server.restart();
    tokio::time::sleep(Duration::from_secs(6)).await;
    other.serve("lists 2").await.expect_err("it serves again");
    server.restart();
    // Before the first one looks, the other takes it.
    let taken = other.serve("lists 2").await.expect("forgotten");
    let lost = tokio::time::timeout(Duration::from_secs(30), serving.lost()).await;
    lost.expect("it is told that it serves no longer");
    drop(taken);
}

/// The child of the next test.
#[test]
fn child_that_shares_a_database() {
    let Ok(url) = std::env::var(CHILD) else {
        return;
    };
    let runtime = tokio::runtime::Runtime::new().expect("a runtime");
    runtime.block_on(async {
        let journal = Place::of(url).open().await;
        let id = std::process::id().into();
        tokio::join!(write(&journal, id), write(&journal, id + 1_000_000_000));
        journal.close().await;
    });
}

#[tokio::test]
async fn three_processes_on_one_database_lose_nothing_and_double_nothing() {
    let Some(place) = place("three_processes") else {
        return;
    };
    let journal = place.open().await;
    let mut follower = journal.subscribe();
    let children: Vec<_> = (0..2)
        .map(|_| {
            Command::new(std::env::current_exe().expect("this binary"))
                .args(["--exact", "sharing::child_that_shares_a_database"])
                .env(CHILD, place.database().expect("a database"))
                .stdout(Stdio::null())
                .spawn()
                .expect("starts")
        })
        .collect();
    tokio::join!(write(&journal, 1), write(&journal, 2));
    for mut child in children {
        let ended = tokio::task::spawn_blocking(move || child.wait()).await;
        assert!(ended.expect("waited").expect("ended").success());
    }
    all_there(&journal, &mut follower, 6).await;
}

#[tokio::test]
async fn processes_that_come_first_at_once_make_one_store() {
    let Some(place) = place("come_first_at_once") else {
        return;
    };
    let open = |n| place.open_with(OpenOptions::new().create(Uuid::from_u128(n)));
    let opened = join_all((1..=6).map(open)).await;
    let made: BTreeSet<_> = opened
        .iter()
        .map(|journal| journal.as_ref().expect("opens").identity())
        .collect();
    assert_eq!(made.len(), 1, "one identity for all");
}

#[tokio::test]
async fn two_signers_make_one_row_of_checkpoints() {
    let Some(place) = place("two_signers") else {
        return;
    };
    let [one, other] = [place.open().await, place.open().await];
    let sign = |journal: Journal| async move {
        let mut made = 0;
        for n in 0..20 {
            let signed = journal.checkpoint(at(n), &key()).await.expect("signed");
            made += u64::from(signed.is_some());
        }
        made
    };
    let (_, _, first, second) = tokio::join!(
        write(&one, 1),
        write(&other, 2),
        sign(one.clone()),
        sign(other.clone())
    );
    let last = other.checkpoint(at(30), &key()).await.expect("signed");
    let report = chains(&one).await;
    assert!(report.is_sound(), "{:?}", report.faults);
    let made = first + second + u64::from(last.is_some());
    assert_eq!((report.checkpoints, report.unproven), (made, 0));
}

#[tokio::test]
async fn a_reader_beside_writers_hears_them_and_writes_nothing() {
    let Some(place) = place("a_reader") else {
        return;
    };
    let journal = place.open().await;
    let reader = place.open_with(OpenOptions::new().read_only()).await;
    let reader = reader.expect("opens");
    let mut follower = reader.subscribe();
    write(&journal, 1).await;
    all_there(&reader, &mut follower, 1).await;
    let refused = reader.append(patient(1), 0, vec![event("a", "x")], vec![]);
    assert!(matches!(refused.await, Err(Error::ReadOnly(_))));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_server_that_was_restarted_is_found_again() {
    let Some(server) = Server::start() else {
        return server::skipped("sharing::a_server_that_was_restarted");
    };
    let place = Place::of(server.database());
    let [journal, other] = [place.open().await, place.open().await];
    let mut follower = other.subscribe();
    let append = |expected| journal.append(patient(1), expected, vec![event("a", "x")], vec![]);
    append(0).await.expect("appended");
    server.restart();
    let read = other.read(patient(1).id).await.expect("read again");
    assert_eq!(read.len(), 1);
    append(1).await.expect("appended again");
    let told = heard(&mut follower, 2).await;
    assert_eq!((told[0].position, told[1].position), (1, 2));
}

#[tokio::test]
async fn a_writer_waits_for_another_only_so_long_and_says_why() {
    let Some(place) = place("a_writer_waits") else {
        return;
    };
    let options = OpenOptions::new().create(STORE);
    let journal = place
        .open_with(options.patience(Duration::from_millis(200)))
        .await
        .expect("opens");
    let mut other = place.outsider().await;
    let writing = "BEGIN; SELECT pg_advisory_xact_lock(x'416e6e756c757330'::bigint)";
    sqlx::raw_sql(writing)
        .execute(&mut other)
        .await
        .expect("held");
    let append = || journal.append(patient(1), 0, vec![event("a", "x")], vec![]);
    let Err(Error::Commit(what)) = append().await else {
        panic!("it should wait no longer");
    };
    assert!(what.contains("another process"), "{what}");
    let refused = journal.put_blob(record::sha256(b"x"), b"x").await;
    assert!(matches!(refused, Err(Error::Busy)), "{refused:?}");
    assert_eq!(journal.since(0, 9).await.expect("read").len(), 0);
    sqlx::raw_sql("COMMIT")
        .execute(&mut other)
        .await
        .expect("let go");
    append().await.expect("appended");
}

#[tokio::test]
async fn what_a_newer_program_has_written_beside_it_makes_an_older_one_read_only() {
    let Some(place) = place("a_newer_program") else {
        return;
    };
    let open = |kinds| place.open_with(OpenOptions::new().create(STORE).known(kinds));
    let older = open(vec![("a", 1)]).await.expect("opens");
    let newer = open(vec![("a", 1), ("b", 1)]).await.expect("opens");
    let append = |journal: &Journal, expected, kind| {
        let journal = journal.clone();
        let events = vec![event(kind, "x")];
        async move { journal.append(patient(1), expected, events, vec![]).await }
    };
    append(&older, 0, "a").await.expect("appended");
    append(&newer, 1, "b").await.expect("appended");
    let refused = append(&older, 2, "a").await;
    assert!(matches!(refused, Err(Error::ReadOnly(_))), "{refused:?}");
    append(&newer, 2, "a").await.expect("appended");
}

#[tokio::test]
async fn a_missing_journal_is_not_made_by_accident_and_a_foreign_database_left_alone() {
    let Some(place) = place("a_missing_journal") else {
        return;
    };
    for options in [OpenOptions::new(), OpenOptions::new().read_only()] {
        let error = place.open_with(options).await.expect_err("nothing there");
        assert!(matches!(error, Error::Missing(_)), "{error}");
    }
    place.tamper("CREATE TABLE somebody_elses (x BIGINT)").await;
    let options = OpenOptions::new().create(STORE);
    let error = place.open_with(options).await.expect_err("foreign");
    assert!(matches!(error, Error::NotAJournal(_)), "{error}");
    assert_eq!(error.problem().code, "journal-foreign");
    place.tamper("DROP TABLE somebody_elses").await;
    place.open().await;
    place
        .tamper("UPDATE annulus_journal SET schema = 999")
        .await;
    let options = OpenOptions::new().create(STORE);
    let error = place.open_with(options).await.expect_err("newer");
    assert!(
        matches!(error, Error::NewerSchema { found: 999, .. }),
        "{error}"
    );
}

#[tokio::test]
async fn an_erased_payload_is_in_no_row_of_any_table() {
    let Some(place) = place("an_erased_payload") else {
        return;
    };
    let journal = place.open().await;
    crate::support::write(&journal, patient(1), "Ophelia").await;
    crate::support::write(&journal, patient(2), "Laertes").await;
    crate::erasing::erase(&journal, patient(1), 1)
        .await
        .expect("erased");
    let url = place.database().expect("a database");
    let server = server::shared().expect("it runs");
    let dump = server
        .command("pg_dump")
        .args(["--data-only", "--inserts", "--dbname", url])
        .output()
        .expect("pg_dump runs");
    let text = String::from_utf8(dump.stdout).expect("text");
    assert!(text.contains(&hex::encode("Laertes")), "{text}");
    assert!(!text.contains(&hex::encode("Ophelia")));
    assert_eq!(
        journal
            .streams(StreamKind::Patient)
            .await
            .expect("read")
            .len(),
        2
    );
}

#[tokio::test]
async fn a_text_with_nul_finds_nothing_and_breaks_nothing() {
    let Some(place) = place("a_text_with_nul") else {
        return;
    };
    let journal = place.open().await;
    let query = record::RowQuery::of("notes").key("a\0");
    assert!(journal.rows(&query).await.expect("read").is_empty());
    let row = journal.row("notes", "a\0", patient(1).id).await;
    assert_eq!(row.expect("read"), None);
}
