//! Appending, reading, rows, conflicts, who may write.

use std::collections::BTreeSet;

use record::{Append, Error, Journal, OpenOptions, ReadOnly, RowQuery, Rows, StreamKind};

use crate::support::{Place, STORE, event, intrude, on_both, patient, row};

async fn events_come_back_in_order_with_their_payloads(place: Place) {
    let journal = place.open().await;
    let stream = patient(1);
    let made = journal
        .append(
            stream,
            0,
            vec![event("a", "one"), event("b", "two")],
            vec![],
        )
        .await
        .expect("appended");
    journal
        .append(stream, 2, vec![event("a", "three")], vec![])
        .await
        .expect("appended");
    let read = journal.read(stream.id).await.expect("read");
    assert_eq!(read[..2], made);
    let payloads: Vec<_> = read.iter().map(|e| e.payload.clone().unwrap()).collect();
    assert_eq!(
        payloads,
        [b"one".to_vec(), b"two".to_vec(), b"three".to_vec()]
    );
    let sequences: Vec<_> = read.iter().map(|e| (e.position, e.sequence)).collect();
    assert_eq!(sequences, [(1, 1), (2, 2), (3, 3)]);
}

async fn a_store_that_was_closed_opens_with_everything_in_it(place: Place) {
    let journal = place.open().await;
    let stream = patient(1);
    let rows = vec![row("k", "s", "body")];
    journal
        .append(stream, 0, vec![event("a", "one")], rows)
        .await
        .expect("appended");
    let before = journal.read(stream.id).await.expect("read");
    journal.close().await;
    let journal = place
        .open_with(OpenOptions::new())
        .await
        .expect("opens again");
    assert_eq!(journal.identity(), STORE);
    assert_eq!(journal.read(stream.id).await.expect("read"), before);
    let found = journal.rows(&RowQuery::of("notes")).await.expect("rows");
    assert_eq!(found.len(), 1);
    assert_eq!(found[0].stream, stream);
}

async fn many_streams_are_asked_at_once_where_they_stand(place: Place) {
    let journal = place.open().await;
    for number in 1..=3 {
        for sequence in 0..number {
            let events = vec![event("a", "one")];
            let stream = patient(number.into());
            let append = journal.append(stream, sequence, events, vec![]);
            append.await.expect("appended");
        }
    }
    // More than are asked in one query, most of them not there.
    let ids: Vec<_> = (1..=1200).map(|number| patient(number).id).collect();
    let stand = journal.stand(&ids).await.expect("read");
    let stand: BTreeSet<_> = stand
        .iter()
        .map(|info| (info.stream.id, info.sequence))
        .collect();
    let expected = (1..=3_u64).map(|number| (patient(number.into()).id, number));
    assert_eq!(stand, expected.collect());
    assert!(journal.stand(&[]).await.expect("read").is_empty());
}

async fn an_append_on_an_old_sequence_conflicts_and_writes_nothing(place: Place) {
    let journal = place.open().await;
    let stream = patient(1);
    journal
        .append(stream, 0, vec![event("a", "one")], vec![row("k", "s", "1")])
        .await
        .expect("appended");
    let error = journal
        .append(stream, 0, vec![event("a", "two")], vec![row("k", "s", "2")])
        .await
        .expect_err("conflicts");
    let Error::Conflict {
        expected, actual, ..
    } = error
    else {
        panic!("{error}");
    };
    assert_eq!((expected, actual), (0, 1));
    assert_eq!(journal.read(stream.id).await.expect("read").len(), 1);
    let body = journal.row("notes", "k", stream.id).await.expect("row");
    assert_eq!(body.expect("there").body, b"1");
}

async fn an_append_to_several_streams_is_all_or_nothing(place: Place) {
    let journal = place.open().await;
    let to = |n, expected| Append {
        stream: patient(n),
        expected,
        events: vec![event("a", "x")],
        rows: Rows::Keep,
    };
    journal
        .append_all(vec![to(1, 0), to(2, 7)])
        .await
        .expect_err("the second conflicts");
    assert_eq!(journal.stream(patient(1).id).await.expect("read"), None);
    journal
        .append_all(vec![to(1, 0), to(2, 0)])
        .await
        .expect("both fit");
    let streams = journal.streams(StreamKind::Patient).await.expect("read");
    assert_eq!(streams.len(), 2);
}

async fn eight_writers_lose_nothing_and_double_nothing(place: Place) {
    const EACH: usize = 50;
    let journal = place.open().await;
    let writer = |w: u128| {
        let journal = journal.clone();
        tokio::spawn(async move {
            for n in 0..EACH {
                let own = journal.append(
                    patient(w),
                    n as u64,
                    vec![event("own", &format!("{w}/{n}"))],
                    vec![],
                );
                own.await.expect("own stream");
                append_to_shared(&journal, &format!("shared {w}/{n}")).await;
            }
        })
    };
    let tasks: Vec<_> = (1..=8).map(writer).collect();
    for task in tasks {
        task.await.expect("the writer ends");
    }
    let shared = journal.read(patient(99).id).await.expect("read");
    assert_eq!(shared.len(), 8 * EACH);
    let distinct: BTreeSet<_> = shared.iter().map(|e| e.payload.clone()).collect();
    assert_eq!(distinct.len(), 8 * EACH);
    for w in 1..=8 {
        assert_eq!(journal.read(patient(w).id).await.expect("read").len(), EACH);
    }
    let mut positions = Vec::new();
    while positions.len() < 16 * EACH {
        let after = positions.last().copied().unwrap_or(0);
        positions.extend(
            journal
                .since(after, 100)
                .await
                .expect("read")
                .iter()
                .map(|e| e.position),
        );
    }
    assert!(positions.iter().copied().eq(1..=16 * EACH as u64));
}

async fn append_to_shared(journal: &Journal, text: &str) {
    loop {
        let info = journal.stream(patient(99).id).await.expect("read");
        let expected = info.map_or(0, |i| i.sequence);
        match journal
            .append(patient(99), expected, vec![event("shared", text)], vec![])
            .await
        {
            Ok(_) => return,
            Err(Error::Conflict { .. }) => {}
            Err(error) => panic!("{error}"),
        }
    }
}

async fn followers_are_told_after_the_commit_in_order(place: Place) {
    let journal = place.open().await;
    let mut follower = journal.subscribe();
    journal
        .append(
            patient(1),
            0,
            vec![event("a", "1"), event("b", "2")],
            vec![],
        )
        .await
        .expect("appended");
    let first = follower.recv().await.expect("told");
    let second = follower.recv().await.expect("told");
    assert_eq!((first.position, first.kind.as_str()), (1, "a"));
    assert_eq!((second.position, second.kind.as_str()), (2, "b"));
    assert_eq!(second.stream, patient(1));
}

#[tokio::test]
async fn a_second_writer_is_refused_and_told_who_writes() {
    let place = Place::new();
    let journal = place.open().await;
    let error = Journal::open(place.path(), OpenOptions::new())
        .await
        .expect_err("refused");
    let Error::InUse { pid, .. } = &error else {
        panic!("{error}");
    };
    assert_eq!(*pid, Some(std::process::id()));
    assert_eq!(error.problem().code, "journal-in-use");
    let reader = Journal::open(place.path(), OpenOptions::new().read_only())
        .await
        .expect("a reader may look");
    journal
        .append(patient(1), 0, vec![event("a", "1")], vec![])
        .await
        .expect("appended");
    assert_eq!(reader.read(patient(1).id).await.expect("read").len(), 1);
    let refused = reader
        .append(patient(1), 1, vec![event("a", "2")], vec![])
        .await;
    assert!(matches!(refused, Err(Error::ReadOnly(ReadOnly::Asked))));
    journal.close().await;
    Journal::open(place.path(), OpenOptions::new())
        .await
        .expect("the lock went with the writer");
}

async fn an_unknown_kind_or_a_higher_version_opens_the_store_read_only(place: Place) {
    let journal = place.open().await;
    journal
        .append(patient(1), 0, vec![event("a", "1")], vec![])
        .await
        .expect("appended");
    journal.close().await;
    for known in [vec![("b", 9)], vec![("a", 0)]] {
        let journal = place
            .open_with(OpenOptions::new().known(known))
            .await
            .expect("opens");
        assert!(matches!(
            journal.read_only(),
            Some(ReadOnly::Unknown { v: 1, .. })
        ));
        let refused = journal
            .append(patient(1), 1, vec![event("a", "2")], vec![])
            .await;
        assert!(matches!(refused, Err(Error::ReadOnly(_))));
        journal.close().await;
    }
    let journal = place
        .open_with(OpenOptions::new().known([("a", 1)]))
        .await
        .expect("opens");
    assert_eq!(journal.read_only(), None);
}

#[tokio::test]
async fn a_missing_store_is_not_created_by_accident() {
    let place = Place::new();
    let error = Journal::open(place.path(), OpenOptions::new())
        .await
        .expect_err("nothing there");
    assert!(matches!(error, Error::Missing(_)));
    let left = std::fs::read_dir(place.dir.path()).expect("listed").count();
    assert_eq!(left, 0, "not even a lock");
}

#[tokio::test]
async fn a_foreign_database_is_left_alone() {
    let place = Place::new();
    std::fs::write(
        place.path(),
        b"this is no database, but quite long enough to look at",
    )
    .unwrap();
    let error = Journal::open(place.path(), OpenOptions::new().create(STORE)).await;
    assert!(error.is_err());
    let kept = std::fs::read(place.path()).unwrap();
    assert!(kept.starts_with(b"this is no database"));
}

#[tokio::test]
async fn only_the_owner_may_read_the_files_of_a_store() {
    use std::os::unix::fs::PermissionsExt as _;
    let place = Place::new();
    let journal = place.open().await;
    journal
        .append(patient(1), 0, vec![event("a", "1")], vec![])
        .await
        .expect("appended");
    let mut seen = 0;
    for entry in std::fs::read_dir(place.dir.path()).expect("listed") {
        let entry = entry.expect("entry");
        let name = entry.file_name().to_string_lossy().into_owned();
        let mode = entry.metadata().expect("metadata").permissions().mode() & 0o777;
        if !name.ends_with(".lock") {
            assert_eq!(mode, 0o600, "{name}");
            seen += 1;
        }
    }
    assert!(seen >= 2, "database and log");
}

async fn what_can_never_be_stored_is_refused_before_anything_is_written(place: Place) {
    let journal = place.open().await;
    let mut early = event("a", "x");
    early.at = "1600-01-01T00:00:00Z".parse().expect("an instant");
    let mut huge = event("a", "x");
    huge.payload = vec![0; record::PAYLOAD_MAX + 1];
    let double = vec![row("k", "", "1"), row("k", "", "2")];
    for (events, rows) in [
        (vec![], vec![]),
        (vec![event("", "x")], vec![]),
        (vec![event("erased", "x")], vec![]),
        (vec![early], vec![]),
        (vec![huge], vec![]),
        (vec![event("a", "x")], vec![row("", "", "")]),
        (vec![event("a\0", "x")], vec![]),
        (vec![event("a", "x")], vec![row("k\0", "", "")]),
        (vec![event("a", "x")], vec![row("k", "\0", "")]),
        (vec![event("a", "x")], double),
    ] {
        let refused = journal.append(patient(1), 0, events, rows).await;
        assert!(matches!(refused, Err(Error::Invalid { .. })), "{refused:?}");
    }
    assert_eq!(journal.since(0, 10).await.expect("read").len(), 0);
}

async fn a_closed_journal_says_so_and_forgets_nothing_it_had_accepted(place: Place) {
    let journal = place.open().await;
    let waiting: Vec<_> = (1..=50)
        .map(|n| {
            let journal = journal.clone();
            tokio::spawn(async move {
                journal
                    .append(patient(n), 0, vec![event("a", "x")], vec![])
                    .await
            })
        })
        .collect();
    tokio::task::yield_now().await;
    journal.close().await;
    let mut accepted = 0;
    for task in waiting {
        match task.await.expect("ends") {
            Ok(_) => accepted += 1,
            Err(error) => assert!(matches!(error, Error::Closed), "{error}"),
        }
    }
    let journal = place.open().await;
    let there = journal
        .streams(StreamKind::Patient)
        .await
        .expect("read")
        .len();
    assert_eq!(there, accepted);
}

#[tokio::test]
async fn a_database_that_stays_locked_refuses_and_later_accepts() {
    let place = Place::new();
    let options = OpenOptions::new().create(STORE);
    let journal = place
        .open_with(options.patience(std::time::Duration::from_millis(200)))
        .await
        .expect("opens");
    let mut intruder = intrude(&place.path()).await;
    sqlx::raw_sql("BEGIN IMMEDIATE")
        .execute(&mut intruder)
        .await
        .expect("locked");
    let append = |n| {
        let journal = journal.clone();
        async move {
            journal
                .append(patient(n), 0, vec![event("a", "x")], vec![])
                .await
        }
    };
    let (first, second) = tokio::join!(append(1), append(2));
    assert!(first.is_err() && second.is_err());
    sqlx::raw_sql("COMMIT")
        .execute(&mut intruder)
        .await
        .expect("released");
    append(1).await.expect("appended");
    append(2).await.expect("appended");
    let report = journal
        .verify(record::Verify::default())
        .await
        .expect("walks");
    assert!(
        report.is_sound() && report.events == 2,
        "{:?}",
        report.faults
    );
}

/// Web handlers move between threads while they wait.
#[test]
fn whatever_waits_may_move_between_threads() {
    fn moves<T: Send>(_: T) {}
    fn all(
        journal: &Journal,
        request: &record::Request,
        projector: &dyn record::Projector,
        url: &record::DatabaseUrl,
    ) {
        let id = request.stream.id;
        let key = crate::support::key();
        let against = record::Verify {
            trusted: &[],
            projector: Some(projector),
            index: None,
        };
        let path = std::path::Path::new("");
        let mut out = std::io::sink();
        moves(Journal::open("", OpenOptions::new()));
        moves(Journal::connect(url, OpenOptions::new()));
        moves(journal.copy_to(journal));
        moves(journal.append(request.stream, 0, vec![], vec![]));
        moves(journal.read(id));
        moves(journal.rows(&RowQuery::of("")));
        moves(journal.rebuild(projector));
        moves(journal.erase(request, projector));
        moves(journal.hold(request));
        moves(journal.verify(against));
        moves(journal.export(&mut out));
        moves(journal.checkpoint(request.at, &key));
        moves(journal.archive_recording(request, id, path));
        moves(journal.close());
    }
    let _ = all;
}

async fn payloads_beyond_all_room_wait_their_turn_and_arrive(place: Place) {
    let journal = place.open().await;
    let big = |n| {
        let journal = journal.clone();
        tokio::spawn(async move {
            let mut event = event("a", "x");
            event.payload = vec![7; record::PAYLOAD_MAX];
            journal
                .append(
                    patient(n),
                    0,
                    vec![event.clone(), event.clone(), event],
                    vec![],
                )
                .await
        })
    };
    let (first, second) = (big(1), big(2));
    first.await.expect("ends").expect("appended");
    second.await.expect("ends").expect("appended");
    assert_eq!(
        journal
            .streams(StreamKind::Patient)
            .await
            .expect("read")
            .len(),
        2
    );
}

on_both!(
    events_come_back_in_order_with_their_payloads,
    a_store_that_was_closed_opens_with_everything_in_it,
    many_streams_are_asked_at_once_where_they_stand,
    an_append_on_an_old_sequence_conflicts_and_writes_nothing,
    an_append_to_several_streams_is_all_or_nothing,
    eight_writers_lose_nothing_and_double_nothing,
    followers_are_told_after_the_commit_in_order,
    an_unknown_kind_or_a_higher_version_opens_the_store_read_only,
    what_can_never_be_stored_is_refused_before_anything_is_written,
    a_closed_journal_says_so_and_forgets_nothing_it_had_accepted,
    payloads_beyond_all_room_wait_their_turn_and_arrive,
);
