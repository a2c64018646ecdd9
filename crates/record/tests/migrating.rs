//! Older stores: migrated after a verified copy, with everything in them; newer ones left alone.

use std::os::unix::fs::PermissionsExt as _;

use record::{Error, Journal, OpenOptions, RowQuery, sha256};
use sqlx::{Connection as _, Row as _};

use crate::support::{Place, STORE, intrude, patient, verified, write};

async fn old_store(place: &Place) {
    std::fs::write(place.path(), b"").expect("an empty file is an empty database");
    let mut connection = intrude(&place.path()).await;
    sqlx::raw_sql(include_str!("fixtures/journal-schema-1.sql"))
        .execute(&mut connection)
        .await
        .expect("filled");
    connection.close().await.expect("closes");
}

fn backups(place: &Place) -> Vec<std::path::PathBuf> {
    let entries = std::fs::read_dir(place.dir.path()).expect("listed");
    let mut paths: Vec<_> = entries.map(|e| e.expect("entry").path()).collect();
    paths.retain(|p| p.extension().is_some_and(|e| e == "backup"));
    paths
}

#[tokio::test]
async fn a_store_of_schema_1_is_copied_migrated_and_still_verifies() {
    let place = Place::new();
    old_store(&place).await;
    let journal = Journal::open(place.path(), OpenOptions::new())
        .await
        .expect("opens");
    assert_eq!(journal.identity(), STORE);
    let report = verified(&journal).await;
    assert!(
        report.is_sound(),
        "the chain's format has not changed: {:?}",
        report.faults
    );
    assert_eq!((report.events, report.erased, report.unproven), (6, 2, 1));
    assert_eq!(
        journal
            .rows(&RowQuery::of("notes"))
            .await
            .expect("rows")
            .len(),
        3
    );
    let blob = journal.blob(sha256(b"knowledge")).await.expect("read");
    assert_eq!(blob.as_deref(), Some(&b"knowledge"[..]));
    write(&journal, patient(1), "goes on").await;
    crate::recordings::register(&journal, patient(1), 4, 1).await;
    assert!(verified(&journal).await.is_sound());

    let copies = backups(&place);
    assert_eq!(copies.len(), 1);
    let mode = std::fs::metadata(&copies[0])
        .expect("there")
        .permissions()
        .mode();
    assert_eq!(mode & 0o777, 0o600);
    let mut copy = intrude(&copies[0]).await;
    let version = sqlx::query("PRAGMA user_version")
        .fetch_one(&mut copy)
        .await
        .expect("read");
    assert_eq!(version.get::<i64, _>(0), 1);
    let events = sqlx::query("SELECT count(*) FROM events")
        .fetch_one(&mut copy)
        .await;
    assert_eq!(events.expect("read").get::<i64, _>(0), 6);
}

#[tokio::test]
async fn a_store_of_this_schema_is_not_copied() {
    let place = Place::new();
    place.open().await.close().await;
    place.open().await.close().await;
    assert!(backups(&place).is_empty());
}

#[tokio::test]
async fn an_old_store_is_not_migrated_by_one_who_only_reads() {
    let place = Place::new();
    old_store(&place).await;
    let error = Journal::open(place.path(), OpenOptions::new().read_only())
        .await
        .expect_err("old");
    assert!(
        matches!(error, Error::OlderSchema { found: 1, .. }),
        "{error}"
    );
    assert!(backups(&place).is_empty());
}

#[tokio::test]
async fn a_newer_store_and_another_programs_database_are_left_alone() {
    let place = Place::new();
    place.open().await.close().await;
    for (sql, foreign) in [
        ("PRAGMA user_version = 999", false),
        ("PRAGMA application_id = 1", true),
    ] {
        let mut connection = intrude(&place.path()).await;
        sqlx::raw_sql(sql)
            .execute(&mut connection)
            .await
            .expect("changed");
        // Whichever connection closes last writes what it finds in the log into the file: nothing is left there.
        sqlx::raw_sql("PRAGMA wal_checkpoint(TRUNCATE)")
            .execute(&mut connection)
            .await
            .expect("written");
        connection.close().await.expect("closes");
        let before = std::fs::read(place.path()).expect("read");
        let error = Journal::open(place.path(), OpenOptions::new().create(STORE))
            .await
            .expect_err("refused");
        match foreign {
            false => assert!(
                matches!(error, Error::NewerSchema { found: 999, .. }),
                "{error}"
            ),
            true => assert!(matches!(error, Error::NotAJournal(_)), "{error}"),
        }
        let after = std::fs::read(place.path()).expect("read");
        assert!(after == before, "the file was changed");
    }
}
