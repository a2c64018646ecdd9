//! Erasure, holds, retention, and rebuilding the read models.

use jiff::SignedDuration;
use record::{
    Erased, Error, Journal, OpenOptions, Projector, Request, Retention, RowQuery, Stream,
    StreamKind,
};

use crate::support::{Place, STORE, at, on_both, patient, projector, verified, write};

pub(crate) fn request(stream: Stream, expected: u64, why: &str) -> Request {
    Request {
        stream,
        expected,
        why: why.to_owned(),
        actor: uuid::Uuid::from_u128(0xad),
        at: at(10),
        salt: [3; 32],
    }
}

/// Erases a stream; its rows become what the projector makes of what is left.
pub(crate) async fn erase(
    journal: &Journal,
    stream: Stream,
    expected: u64,
) -> record::Result<Erased> {
    let asked = request(stream, expected, "asked for it");
    journal.erase(&asked, &projector()).await
}

async fn dump(journal: &Journal) -> String {
    let mut text = String::new();
    for model in ["counts", "notes"] {
        let rows = journal
            .rows(&RowQuery::of(model).limit(100_000))
            .await
            .expect("rows");
        for found in rows {
            let row = found.row;
            let body = String::from_utf8(row.body).expect("text");
            text += &format!(
                "{model} {} {} {} {body}\n",
                found.stream.id, row.key, row.sort
            );
        }
    }
    text
}

async fn filled(place: &Place) -> Journal {
    let journal = place.open().await;
    for n in 0..12 {
        write(&journal, patient(n % 3), &format!("text {n} of Zacharias")).await;
    }
    journal
}

async fn erasure_removes_the_bytes_and_leaves_a_chain_that_verifies(place: Place) {
    let journal = filled(&place).await;
    write(&journal, patient(9), "Ophelia").await;
    let erased = erase(&journal, patient(9), 1).await.expect("erased");
    assert_eq!((erased.payloads, erased.event.sequence), (1, 2));
    assert_eq!(erased.event.kind, "erased");
    let read = journal.read(patient(9).id).await.expect("read");
    assert_eq!(read[0].payload, None);
    let why = String::from_utf8(read[1].payload.clone().expect("kept")).expect("text");
    assert!(why.contains("asked for it"));
    let report = verified(&journal).await;
    assert!(report.is_sound(), "{:?}", report.faults);
    assert_eq!(report.erased, 1);
    for entry in std::fs::read_dir(place.dir.path()).expect("listed") {
        let path = entry.expect("entry").path();
        let bytes = std::fs::read(&path).expect("read");
        let there = bytes.windows(7).any(|w| w == b"Ophelia");
        assert!(!there, "{} still holds the text", path.display());
    }
    write(&journal, patient(9), "again").await;
    assert!(verified(&journal).await.is_sound(), "the stream may go on");
    erase(&journal, patient(9), 3).await.expect("erased again");
    let report = verified(&journal).await;
    assert!(report.is_sound(), "{:?}", report.faults);
    assert_eq!(report.erased, 2);
}

async fn what_was_changed_on_disk_is_never_handed_out(place: Place) {
    for change in [
        "UPDATE payloads SET bytes = x'00' WHERE position = 5",
        "UPDATE events SET at_ns = at_ns + 1 WHERE position = 5",
        "UPDATE events SET actor = zeroblob(16) WHERE position = 5",
        "UPDATE events SET kind = 'other' WHERE position = 5",
    ] {
        let place = place.another();
        filled(&place).await.close().await;
        place.tamper(change).await;
        let journal = place.open().await;
        for after in [0, 1] {
            let read = journal.read_after(patient(1).id, after, 10).await;
            let Err(Error::Corrupt { place, .. }) = read else {
                panic!("{change}: {read:?}");
            };
            assert!(place.ends_with("sequence 2"), "{place}");
        }
        let later = journal
            .read_after(patient(1).id, 2, 10)
            .await
            .expect("what follows may be");
        assert_eq!(later.len(), 2);
        journal.read(patient(2).id).await.expect("others may be");
        let made = journal.rebuild(&projector()).await.expect("rebuilt");
        let damaged: Vec<Stream> = made.damaged.iter().map(|(stream, _)| *stream).collect();
        assert_eq!(damaged, [patient(1)], "{change}: nor is it projected");
        let mut out = Vec::new();
        journal
            .export(&mut out)
            .await
            .expect("an export saves what there is");
    }
}

async fn a_payload_that_vanished_without_an_erasure_is_a_fault(place: Place) {
    filled(&place).await.close().await;
    place
        .tamper("DELETE FROM payloads WHERE position = 5")
        .await;
    let journal = place.open().await;
    let report = verified(&journal).await;
    let first = report.first_broken().expect("a fault").to_string();
    assert!(first.contains("at sequence 2"), "{first}");
}

async fn a_hold_or_a_retention_period_refuses_with_its_reason(place: Place) {
    filled(&place).await.close().await;
    let rule = Retention {
        kind: StreamKind::Patient,
        period: SignedDuration::from_secs(3600),
        why: "ten years".to_owned(),
    };
    let options = OpenOptions::new().create(STORE).retain(rule);
    let journal = place.open_with(options).await.expect("opens");
    let error = erase(&journal, patient(1), 4).await.expect_err("too young");
    assert!(
        matches!(&error, Error::Kept { why, .. } if why == "ten years"),
        "{error}"
    );
    journal.close().await;

    let journal = place.open().await;
    journal
        .hold(&request(patient(1), 4, "court 7"))
        .await
        .expect("held");
    let error = erase(&journal, patient(1), 5).await.expect_err("held");
    assert!(
        matches!(&error, Error::Kept { why, .. } if why == "court 7"),
        "{error}"
    );
    let still = journal.read(patient(1).id).await.expect("read");
    assert!(
        still.iter().all(|e| e.payload.is_some()),
        "nothing was removed"
    );
    journal
        .lift_hold(&request(patient(1), 5, "settled"))
        .await
        .expect("lifted");
    erase(&journal, patient(1), 6).await.expect("erased");
    let report = verified(&journal).await;
    assert!(report.is_sound(), "{:?}", report.faults);
}

async fn an_erasure_on_an_old_sequence_or_of_nobody_changes_nothing(place: Place) {
    let journal = filled(&place).await;
    let before = dump(&journal).await;
    let error = erase(&journal, patient(1), 3).await.expect_err("old");
    assert!(matches!(error, Error::Conflict { .. }), "{error}");
    let error = erase(&journal, patient(77), 0).await.expect_err("nobody");
    assert!(matches!(error, Error::UnknownStream(_)), "{error}");
    assert_eq!(dump(&journal).await, before);
    assert!(verified(&journal).await.is_sound());
}

async fn a_rebuild_reproduces_the_rows_byte_for_byte_also_after_an_erasure(place: Place) {
    let journal = filled(&place).await;
    erase(&journal, patient(2), 4).await.expect("erased");
    let before = dump(&journal).await;
    assert!(before.contains("Zacharias"));
    let idle = journal.rebuild(&projector()).await.expect("rebuilt");
    assert_eq!((idle.streams, idle.changed), (3, 0));
    assert_eq!(dump(&journal).await, before);
    journal.close().await;

    for damage in [
        "DELETE FROM rows WHERE key = '1'",
        "UPDATE rows SET body = x'00' WHERE key IN ('2', 'events')",
        "INSERT INTO rows SELECT 'extra', key, stream, sort, body FROM rows",
    ] {
        place.tamper(damage).await;
    }
    let journal = place.open().await;
    assert!(!verified(&journal).await.is_sound());
    let done = journal.rebuild(&projector()).await.expect("rebuilt");
    assert!(done.changed > 5);
    assert_eq!(dump(&journal).await, before);
    assert!(verified(&journal).await.is_sound());
}

async fn a_stream_that_the_projector_refuses_is_named_and_keeps_its_rows(place: Place) {
    let journal = filled(&place).await;
    let query = || RowQuery::of("notes").stream(patient(2).id);
    let before = journal.rows(&query()).await.expect("read");
    let refusing = record::WholeStream(|stream: Stream, _: &[record::Stored]| {
        if stream == patient(2) {
            return Err("no such shape".to_owned());
        }
        Ok(Vec::new())
    });
    let projector: &dyn Projector = &refusing;
    let made = journal.rebuild(projector).await.expect("rebuilt");
    let [(stream, what)] = &made.damaged[..] else {
        panic!("{made:?}")
    };
    assert_eq!(*stream, patient(2));
    assert!(what.contains("no such shape"), "{what}");
    assert_eq!(journal.rows(&query()).await.expect("read"), before);
    // Read again, it is damaged no more.
    let again = journal.rebuild(&crate::support::projector()).await;
    assert!(again.expect("rebuilt").damaged.is_empty());
    let damaged = journal.rows(&RowQuery::of(record::DAMAGED)).await;
    assert!(damaged.expect("read").is_empty());
}

async fn old_versions_are_read_in_the_newest_and_stay_as_they_were_stored(place: Place) {
    filled(&place).await.close().await;
    let options = OpenOptions::new()
        .known([("note", 3)])
        .upcast("note", 1, |b| Ok([b, b" +2"].concat()))
        .upcast("note", 2, |b| Ok([b, b" +3"].concat()));
    let journal = place.open_with(options).await.expect("opens");
    assert_eq!(journal.read_only(), None);
    let read = journal.read(patient(0).id).await.expect("read");
    assert_eq!((read[0].v, read[0].stored_v), (3, 1));
    assert_eq!(
        read[0].payload.as_deref(),
        Some(&b"text 0 of Zacharias +2 +3"[..])
    );
    journal.rebuild(&projector()).await.expect("rebuilt");
    assert!(dump(&journal).await.contains("text 0 of Zacharias +2 +3"));
    let report = verified(&journal).await;
    assert!(
        report.is_sound(),
        "sealed bytes are untouched: {:?}",
        report.faults
    );
}

on_both!(
    what_was_changed_on_disk_is_never_handed_out,
    erasure_removes_the_bytes_and_leaves_a_chain_that_verifies,
    a_payload_that_vanished_without_an_erasure_is_a_fault,
    a_hold_or_a_retention_period_refuses_with_its_reason,
    an_erasure_on_an_old_sequence_or_of_nobody_changes_nothing,
    a_rebuild_reproduces_the_rows_byte_for_byte_also_after_an_erasure,
    a_stream_that_the_projector_refuses_is_named_and_keeps_its_rows,
    old_versions_are_read_in_the_newest_and_stay_as_they_were_stored,
);
