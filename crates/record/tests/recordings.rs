//! Recordings: registered, archived, erased, and their frames through Parquet.

use record::recording::{Format, RAW_KEPT, Recording, Sealed, write_parquet};
use record::{Error, Journal, Stored, Stream, sha256};
use uuid::Uuid;

use crate::erasing::{erase, request};
use crate::support::{Place, on_both, patient, verified, write};

const TABLE: Uuid = Uuid::from_u128(0x7ab1e);

fn recording(session: u128) -> Recording {
    Recording {
        session: Uuid::from_u128(session),
        table: TABLE,
        file: format!("session-{session}.frames"),
        sha256: sha256(&session.to_be_bytes()),
        frames: 120_000,
        format: Format::Frames,
    }
}

/// Registers one session; the rows stay those of the events before it.
pub(crate) async fn register(journal: &Journal, stream: Stream, expected: u64, n: u128) -> Stored {
    journal
        .register_recording(&request(stream, expected, ""), &recording(n), None)
        .await
        .expect("registered")
}

async fn the_last_fifty_sessions_of_a_table_stay_raw(place: Place) {
    let journal = place.open().await;
    write(&journal, patient(1), "note").await;
    for n in 0..u128::from(RAW_KEPT) + 3 {
        register(&journal, patient(1), n as u64 + 1, n).await;
    }
    let old = journal.recordings_to_archive(TABLE).await.expect("read");
    let sessions: Vec<_> = old.iter().map(|(_, r)| r.session.as_u128()).collect();
    assert_eq!(sessions, [2, 1, 0]);
    let (stream, oldest) = &old[2];
    let parquet = place.dir.path().join("session-0.parquet");
    std::fs::write(&parquet, b"frames").expect("written");
    let last = u64::from(RAW_KEPT) + 4;
    journal
        .archive_recording(&request(*stream, last, ""), oldest.session, &parquet)
        .await
        .expect("archived");
    let old = journal.recordings_to_archive(TABLE).await.expect("read");
    assert_eq!(old.len(), 2, "it need not be archived again");
    let (_, now) = journal
        .recording(oldest.session)
        .await
        .expect("read")
        .expect("there");
    assert_eq!((now.format, now.frames), (Format::Parquet, 120_000));
    assert_eq!(
        (now.file.as_str(), now.sha256),
        ("session-0.parquet", sha256(b"frames"))
    );
    let everything = journal.recordings(TABLE).await.expect("read");
    assert_eq!(everything.len(), RAW_KEPT as usize + 3);
    let report = journal
        .verify(record::Verify::default())
        .await
        .expect("walks");
    assert!(report.is_sound(), "{:?}", report.faults);
    assert_eq!(report.recordings, u64::from(RAW_KEPT) + 3);
}

async fn a_session_is_registered_once_and_only_under_a_plain_name(place: Place) {
    let journal = place.open().await;
    register(&journal, patient(1), 0, 5).await;
    let again = journal
        .register_recording(&request(patient(1), 1, ""), &recording(5), None)
        .await;
    assert!(matches!(again, Err(Error::Invalid { .. })));
    assert_eq!(
        journal.read(patient(1).id).await.expect("read").len(),
        1,
        "no event by half"
    );
    for file in ["../etc/passwd", "", ".hidden", "a/b"] {
        let mut sly = recording(6);
        sly.file = file.to_owned();
        let refused = journal
            .register_recording(&request(patient(1), 1, ""), &sly, None)
            .await;
        assert!(matches!(refused, Err(Error::Invalid { .. })), "{file}");
    }
}

async fn erasing_a_patient_names_the_recordings_to_delete(place: Place) {
    let journal = place.open().await;
    register(&journal, patient(1), 0, 5).await;
    register(&journal, patient(1), 1, 6).await;
    register(&journal, patient(2), 0, 7).await;
    let mut erased = erase(&journal, patient(1), 2).await.expect("erased");
    erased.files.sort();
    let [five, six] = ["session-5", "session-6"];
    let both = |name: &str| [format!("{name}.frames"), format!("{name}.parquet")];
    assert_eq!(erased.files, [both(five), both(six)].concat());
    assert_eq!(journal.recordings(TABLE).await.expect("read").len(), 1);
    let report = verified(&journal).await;
    assert!(report.is_sound(), "{:?}", report.faults);
    assert_eq!((report.recordings, report.erased), (1, 2));
}

async fn the_journals_own_events_are_written_as_their_golden_files_say(place: Place) {
    let journal = place.open().await;
    let stream = patient(1);
    write(&journal, stream, "note").await;
    register(&journal, stream, 1, 5).await;
    let parquet = place.dir.path().join("session-5.parquet");
    std::fs::write(&parquet, b"frames").expect("written");
    let session = Uuid::from_u128(5);
    let archived = journal
        .archive_recording(&request(stream, 2, ""), session, &parquet)
        .await;
    archived.expect("archived");
    journal
        .hold(&request(stream, 3, "court 7"))
        .await
        .expect("held");
    journal
        .lift_hold(&request(stream, 4, "settled"))
        .await
        .expect("lifted");
    write(&journal, patient(2), "note").await;
    write(&journal, patient(2), "note").await;
    erase(&journal, patient(2), 2).await.expect("erased");
    let beside = Sealed {
        file: "session-6.parquet".to_owned(),
        sha256: sha256(b"frames"),
    };
    let sealed = journal
        .register_recording(&request(patient(3), 0, ""), &recording(6), Some(&beside))
        .await;
    assert_eq!(sealed.expect("registered").v, 2);
    let found = journal.sealed_parquet(patient(3), Uuid::from_u128(6)).await;
    assert_eq!(found.expect("read"), Some(beside));
    let none = journal.sealed_parquet(stream, session).await;
    assert_eq!(none.expect("read"), None, "version 1 names none");
    let mut events = journal.read(stream.id).await.expect("read");
    for other in [patient(2), patient(3)] {
        events.extend(journal.read(other.id).await.expect("read"));
    }
    let mut met = Vec::new();
    for event in events.iter().filter(|e| e.is_own()) {
        let golden = format!("tests/golden/{}-{}.json", event.kind, event.v);
        let golden = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join(golden);
        let wanted = std::fs::read_to_string(golden).expect("a golden file");
        let payload = String::from_utf8(event.payload.clone().expect("there")).expect("text");
        assert_eq!(payload, wanted.trim_end());
        met.push(event.kind.as_str());
    }
    met.sort_unstable();
    met.dedup();
    let mut all = record::OWN_KINDS;
    all.sort_unstable();
    assert_eq!(met, all);
    let report = verified(&journal).await;
    assert!(report.is_sound(), "{:?}", report.faults);
}

async fn a_raw_recording_goes_only_if_its_parquet_is_the_sealed_one_and_gives_it_back(
    place: Place,
) {
    let journal = place.open().await;
    let folder = place.dir.path();
    let frame = crate::frames::full().encode();
    let raw = folder.join("session-5.frames");
    std::fs::write(&raw, b"what the bedside wrote").expect("written");
    let parquet = folder.join("session-5.parquet");
    let written = write_parquet(&parquet, &[], frame.len(), &frame.repeat(300)).expect("written");
    let session = Uuid::from_u128(5);
    let sealed = Recording::of_file(&raw, session, TABLE, 300).expect("a file");
    let beside = Sealed {
        file: "session-5.parquet".to_owned(),
        sha256: written.sha256,
    };
    journal
        .register_recording(&request(patient(1), 0, ""), &sealed, Some(&beside))
        .await
        .expect("registered");
    let asked = request(patient(1), 1, "");
    let rebuilt = sha256(b"what the bedside wrote");
    let place = (folder, "session-5.parquet");

    let refused = journal
        .archive(&asked, &sealed, place, sha256(b"other"))
        .await;
    assert!(
        matches!(refused, Err(Error::Recording { .. })),
        "it gives back another"
    );
    std::fs::write(&raw, b"what somebody else wrote").expect("written");
    let refused = journal.archive(&asked, &sealed, place, rebuilt).await;
    assert!(
        matches!(refused, Err(Error::Recording { .. })),
        "the file was changed"
    );
    std::fs::write(&raw, b"what the bedside wrote").expect("written");
    let good = std::fs::read(&parquet).expect("there");
    std::fs::write(&parquet, b"rewritten").expect("written");
    let refused = journal.archive(&asked, &sealed, place, rebuilt).await;
    assert!(
        matches!(refused, Err(Error::Recording { .. })),
        "not the sealed Parquet"
    );
    std::fs::write(&parquet, good).expect("written");
    let stale = request(patient(1), 0, "");
    let refused = journal.archive(&stale, &sealed, place, rebuilt).await;
    assert!(matches!(refused, Err(Error::Conflict { .. })));
    assert!(raw.exists(), "nothing is removed before the stream says so");

    let done = journal.archive(&asked, &sealed, place, rebuilt).await;
    done.expect("archived");
    assert!(!raw.exists());
    let now = journal.recording(session).await.expect("read");
    let (_, now) = now.expect("there");
    assert_eq!((now.format, now.frames), (Format::Parquet, 300));
    assert_eq!(now.sha256, written.sha256);
    let report = verified(&journal).await;
    assert!(report.is_sound(), "{:?}", report.faults);
}

on_both!(
    the_last_fifty_sessions_of_a_table_stay_raw,
    a_session_is_registered_once_and_only_under_a_plain_name,
    erasing_a_patient_names_the_recordings_to_delete,
    the_journals_own_events_are_written_as_their_golden_files_say,
    a_raw_recording_goes_only_if_its_parquet_is_the_sealed_one_and_gives_it_back,
);
