//! What `verify` finds: nothing on a sound store, and every byte that was changed.

use record::{Journal, OpenOptions, Place as Where, RowQuery, StreamKind, Verify, sha256};
use sqlx::Connection as _;

use crate::support::{
    Place, at, event, intrude, key, on_both, patient, projector, verified, write,
};
use crate::tampering::look;

/// Three streams, two checkpoints, a tail, a blob, an erasure.
pub(crate) async fn filled(place: &Place) -> Journal {
    let journal = place.open().await;
    for text in ["one", "two", "three"] {
        write(&journal, patient(1), text).await;
        write(&journal, patient(2), text).await;
    }
    journal
        .checkpoint(at(60), &key())
        .await
        .expect("signed")
        .expect("new");
    write(&journal, patient(3), "four").await;
    let blob = b"knowledge";
    journal.put_blob(sha256(blob), blob).await.expect("stored");
    crate::recordings::register(&journal, patient(3), 1, 77).await;
    crate::erasing::erase(&journal, patient(2), 3)
        .await
        .expect("erased");
    journal
        .checkpoint(at(120), &key())
        .await
        .expect("signed")
        .expect("new");
    write(&journal, patient(1), "tail").await;
    crate::finding::index(&journal, patient(1), 2).await;
    crate::finding::index(&journal, patient(3), 1).await;
    journal
}

async fn a_sound_store_is_sound_and_its_tail_is_called_unproven(place: Place) {
    let journal = filled(&place).await;
    let report = verified(&journal).await;
    assert!(report.is_sound(), "{:?}", report.faults);
    assert_eq!((report.streams, report.events, report.erased), (3, 10, 3));
    assert_eq!(
        (report.payloads, report.blobs, report.checkpoints),
        (7, 1, 2)
    );
    let proven = report.proven.expect("proven");
    assert_eq!(
        (proven.checkpoint, proven.at, proven.position),
        (2, at(120), 9)
    );
    assert_eq!(report.unproven, 1);
}

async fn without_a_trusted_key_everything_is_unproven(place: Place) {
    let journal = filled(&place).await;
    let report = journal.verify(Verify::default()).await.expect("walks");
    assert!(report.is_sound());
    assert_eq!((report.proven, report.unproven), (None, 10));
}

async fn an_empty_store_is_sound(place: Place) {
    let journal = place.open().await;
    let report = verified(&journal).await;
    assert!(report.is_sound(), "{:?}", report.faults);
    let none = journal
        .checkpoint(at(0), &key())
        .await
        .expect("nothing to sign");
    assert_eq!(none, None);
}

async fn a_checkpoint_is_made_only_when_something_came(place: Place) {
    let journal = filled(&place).await;
    let third = journal
        .checkpoint(at(180), &key())
        .await
        .expect("signed")
        .expect("new");
    assert_eq!((third.number, third.streams), (3, 3));
    assert_eq!(
        journal.checkpoint(at(240), &key()).await.expect("fine"),
        None
    );
    assert_eq!(verified(&journal).await.unproven, 0);
    journal.close().await;
    let journal = place.open().await;
    assert_eq!(
        journal.checkpoint(at(300), &key()).await.expect("fine"),
        None
    );
    write(&journal, patient(7), "later").await;
    journal
        .checkpoint(at(360), &key())
        .await
        .expect("signed")
        .expect("new");
    let report = verified(&journal).await;
    assert!(
        report.is_sound(),
        "a tree built anew agrees: {:?}",
        report.faults
    );
    assert_eq!(report.unproven, 0);
}

async fn the_first_broken_link_is_named_by_stream_and_sequence(place: Place) {
    filled(&place).await.close().await;
    place
        .tamper("UPDATE events SET at_ns = at_ns + 1 WHERE position = 3")
        .await;
    let report = verified(&place.open().await).await;
    let broken = report.first_broken().expect("broken");
    let place = Where::Event {
        stream: patient(1).id,
        sequence: 2,
        position: 3,
    };
    assert_eq!(broken.place, place);
    assert_eq!(report.proven, None, "nothing after a broken link is proven");
}

#[tokio::test]
async fn a_rewritten_chain_is_found_by_the_checkpoint_and_a_forged_checkpoint_by_its_key() {
    let place = Place::new();
    let honest = filled(&place).await;
    honest.close().await;
    // The forger replays another history with correct chains, then keeps the honest checkpoints.
    let forged = Place::new();
    let journal = forged.open().await;
    for text in ["one", "TWO", "three"] {
        write(&journal, patient(1), text).await;
        write(&journal, patient(2), text).await;
    }
    write(&journal, patient(3), "four").await;
    journal.close().await;
    let mut connection = intrude(&forged.path()).await;
    let sql = format!(
        "ATTACH '{}' AS honest; INSERT INTO checkpoints SELECT * FROM honest.checkpoints LIMIT 1;",
        place.path().display()
    );
    sqlx::raw_sql(sqlx::AssertSqlSafe(sql))
        .execute(&mut connection)
        .await
        .expect("copied");
    connection.close().await.expect("closes");
    let report = look(&forged.path()).await.expect("walks");
    assert!(
        report
            .faults
            .iter()
            .any(|f| f.place == Where::Checkpoint(1)),
        "{report:?}"
    );
    assert_eq!(report.proven, None);

    // And one who signs with a key of his own proves nothing to those who trust ours.
    let own = Place::new();
    let journal = own.open().await;
    write(&journal, patient(1), "one").await;
    let thief = record::CheckpointKey::from_seed([1; 32]);
    journal
        .checkpoint(at(0), &thief)
        .await
        .expect("signed")
        .expect("new");
    let report = verified(&journal).await;
    assert_eq!((report.proven, report.unproven), (None, 1));
}

async fn verifying_beside_a_busy_writer_sees_one_moment(place: Place) {
    let journal = place.open().await;
    let writer = tokio::spawn({
        let journal = journal.clone();
        async move {
            for n in 0..200 {
                write(&journal, patient(n % 3), &n.to_string()).await;
                if n % 20 == 0 {
                    journal
                        .checkpoint(at(n as i64), &key())
                        .await
                        .expect("signed");
                }
            }
        }
    });
    let reader = place
        .open_with(OpenOptions::new().read_only())
        .await
        .expect("opens");
    let mut walks = 0;
    while !writer.is_finished() {
        let report = verified(&reader).await;
        assert!(report.is_sound(), "{:?}", report.faults);
        walks += 1;
    }
    writer.await.expect("written");
    assert!(walks > 1);
    assert_eq!(verified(&reader).await.events, 200);
}

#[tokio::test]
async fn a_key_file_that_others_may_read_is_refused() {
    use std::os::unix::fs::PermissionsExt as _;
    let place = Place::new();
    let path = place.dir.path().join("checkpoint.key");
    let made = record::CheckpointKey::create(&path, [5; 32]).expect("created");
    let read = record::CheckpointKey::read(&path).expect("read");
    assert_eq!(made.public(), read.public());
    record::CheckpointKey::create(&path, [6; 32]).expect_err("never overwritten");
    std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o640)).expect("set");
    record::CheckpointKey::read(&path).expect_err("too open");
}

async fn streams_of_every_kind_hold_together(place: Place) {
    let journal = place.open().await;
    for (n, kind) in StreamKind::ALL.into_iter().enumerate() {
        let stream = record::Stream::new(kind, uuid::Uuid::from_u128(n as u128));
        write(&journal, stream, kind.name()).await;
        let other = record::Stream::new(StreamKind::ALL[(n + 1) % 5], stream.id);
        let refused = journal
            .append(other, 1, vec![event("note", "x")], vec![])
            .await;
        assert!(matches!(refused, Err(record::Error::WrongKind(_))));
    }
    assert!(verified(&journal).await.is_sound());
}

#[tokio::test]
async fn an_older_copy_put_in_place_of_the_store_is_noticed() {
    let place = Place::new();
    let journal = filled(&place).await;
    journal.close().await;
    let older = place.dir.path().join("older.db");
    std::fs::copy(place.path(), &older).expect("copied");
    let journal = place.open().await;
    write(&journal, patient(1), "later").await;
    let newest = journal
        .checkpoint(at(180), &key())
        .await
        .expect("signed")
        .expect("new");
    let against = Verify {
        trusted: &[key().public()],
        projector: None,
        index: None,
    };
    let anchor = Some(newest.anchor(journal.identity()).expect("an anchor"));
    let here = journal.verify_since(against, anchor).await.expect("walks");
    assert!(here.is_sound(), "{:?}", here.faults);
    let copy = Journal::open(&older, OpenOptions::new().read_only())
        .await
        .expect("opens");
    assert!(copy.verify(against).await.expect("walks").is_sound());
    let report = copy.verify_since(against, anchor).await.expect("walks");
    let place = report.faults.first().map(|f| f.place.clone());
    assert_eq!(place, Some(Where::Checkpoint(3)));
}

/// Whoever makes the lists anew is told of the stream that was changed, and has all others.
async fn a_rebuild_names_the_changed_stream_and_writes_the_others(place: Place) {
    filled(&place).await.close().await;
    place
        .tamper("UPDATE events SET at_ns = at_ns + 1 WHERE position = 3; DELETE FROM rows")
        .await;
    let journal = place.open().await;
    let made = journal.rebuild(&projector()).await.expect("rebuilds");
    let [(stream, what)] = &made.damaged[..] else {
        panic!("{made:?}")
    };
    assert_eq!(*stream, patient(1));
    assert!(what.contains("sequence 2"), "{what}");
    let rows = journal.rows(&RowQuery::of(record::DAMAGED)).await;
    let rows = rows.expect("read");
    assert_eq!(rows.len(), 1);
    assert_eq!(rows[0].stream, patient(1));
    let others = journal.rows(&RowQuery::of("notes")).await.expect("read");
    assert!(!others.is_empty() && others.iter().all(|row| row.stream != patient(1)));
}

on_both!(
    a_sound_store_is_sound_and_its_tail_is_called_unproven,
    without_a_trusted_key_everything_is_unproven,
    an_empty_store_is_sound,
    a_checkpoint_is_made_only_when_something_came,
    the_first_broken_link_is_named_by_stream_and_sequence,
    verifying_beside_a_busy_writer_sees_one_moment,
    streams_of_every_kind_hold_together,
    a_rebuild_names_the_changed_stream_and_writes_the_others,
);
