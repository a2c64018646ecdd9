//! A journal copied whole, SQLite to PostgreSQL and back, with an identical chain.

use record::{Error, Journal, OpenOptions, Report};
use uuid::Uuid;

use crate::support::{Place, at, key, patient, verified, write};
use crate::verifying::filled;

async fn exported(journal: &Journal) -> String {
    let mut out = Vec::new();
    journal.export(&mut out).await.expect("exported");
    String::from_utf8(out).expect("text")
}

fn places(test: &str) -> Option<[Place; 3]> {
    let database = Place::postgres(&format!("copying::{test}"))?;
    Some([Place::new(), database, Place::new()])
}

/// Checkpoints, an erased stream, a blob, a recording, rows.
#[tokio::test]
async fn a_copy_there_and_back_is_the_same_bytes_and_goes_on() {
    let Some([first, database, back]) = places("there_and_back") else {
        return;
    };
    let original = filled(&first).await;
    let middle = database.open().await;
    let there = original.copy_to(&middle).await.expect("copied");
    let last = back.open().await;
    let again = middle.copy_to(&last).await.expect("copied back");
    let report = verified(&original).await;
    assert_eq!((there.root, again.root), (report.root, report.root));
    assert_eq!(there, again);
    assert_eq!((there.erased, there.blobs, there.recordings), (3, 1, 1));
    let text = exported(&original).await;
    assert!(text.lines().count() > 10);
    assert_eq!(exported(&middle).await, text);
    assert_eq!(exported(&last).await, text);
    // What is found by its values is made again where a copy is served.
    for copy in [&middle, &last] {
        let found = verified(copy).await.found.expect("its seals are checked");
        assert_eq!((found.entries, found.streams), (0, 0));
    }
    let without = |report: Report| Report {
        found: None,
        ..report
    };
    let report = without(report);
    let mut roots = Vec::new();
    for journal in [&original, &middle, &last] {
        let copied = without(verified(journal).await);
        assert_eq!(copied, report, "rows and proof as well");
        write(journal, patient(1), "goes on").await;
        write(journal, patient(55), "begins").await;
        let signed = journal.checkpoint(at(500), &key()).await.expect("signed");
        roots.push(signed.expect("new"));
        assert!(verified(journal).await.is_sound());
    }
    assert_eq!(roots[0], roots[1]);
    assert_eq!(roots[0], roots[2]);
}

#[tokio::test]
async fn a_copy_of_a_journal_that_is_written_meanwhile_is_of_one_moment() {
    let Some([first, database, _]) = places("written_meanwhile") else {
        return;
    };
    let original = first.open().await;
    for n in 0..300 {
        write(&original, patient(n % 40), &"x".repeat(n as usize)).await;
    }
    let copy = database.open().await;
    let writing = async {
        for n in 300..400 {
            write(&original, patient(n % 40), "later").await;
        }
    };
    let (made, ()) = tokio::join!(original.copy_to(&copy), writing);
    let made = made.expect("copied");
    assert!((300..=400).contains(&made.events), "{}", made.events);
    let report = verified(&copy).await;
    assert!(report.is_sound(), "{:?}", report.faults);
    assert_eq!(report.events, made.events);
}

#[tokio::test]
async fn followers_of_a_copy_hear_what_comes_after_it() {
    let Some([first, database, _]) = places("followers") else {
        return;
    };
    let original = filled(&first).await;
    let copy = database.open().await;
    let events = original.copy_to(&copy).await.expect("copied").events;
    let mut follower = copy.subscribe();
    write(&copy, patient(1), "next").await;
    let told = follower.recv().await.expect("told");
    assert_eq!(told.position, events + 1);
}

#[tokio::test]
async fn a_copy_into_what_is_not_empty_or_of_another_identity_changes_nothing() {
    let Some([first, database, other]) = places("not_empty") else {
        return;
    };
    let original = filled(&first).await;
    let there = database.open().await;
    write(&there, patient(7), "was here").await;
    let before = exported(&there).await;
    let refused = original.copy_to(&there).await;
    assert!(matches!(refused, Err(Error::Copy { .. })), "{refused:?}");
    assert_eq!(exported(&there).await, before);
    write(&there, patient(7), "goes on").await;

    let options = OpenOptions::new().create(Uuid::from_u128(5));
    let stranger = other.open_with(options).await.expect("opens");
    let refused = original.copy_to(&stranger).await;
    assert!(matches!(refused, Err(Error::Copy { .. })), "{refused:?}");
    assert_eq!(exported(&stranger).await.lines().count(), 1);
}

#[tokio::test]
async fn a_journal_that_is_not_sound_is_not_copied() {
    let Some([first, database, _]) = places("not_sound") else {
        return;
    };
    filled(&first).await.close().await;
    first
        .tamper("UPDATE events SET at_ns = at_ns + 1 WHERE position = 3")
        .await;
    let original = first.open().await;
    let copy = database.open().await;
    let refused = original.copy_to(&copy).await;
    let Err(Error::Copy { what, .. }) = &refused else {
        panic!("{refused:?}");
    };
    assert!(what.contains("at sequence 2"), "{what}");
    assert_eq!(exported(&copy).await.lines().count(), 1);
}
