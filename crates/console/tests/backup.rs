//! A backup of a store whose recordings are listed, lost or damaged.

use std::fs;

use care::episode::Role;
use console::backup::{Seal, Unseal, make, restore};
use console::bedside::keep;
use console::clinic::Home;
use jiff::Timestamp;
use record::recording::Recording;
use si::Region;
use uuid::Uuid;

use crate::browser::House;

/// A clinic whose journal lists a recording of this file's name.
async fn recorded() -> (House, String) {
    let house = House::staffed().await;
    let patient = house.pat(Region::Lumbar).await;
    let clinic = &house.server.app().clinic;
    let session = Uuid::from_u128(7);
    let name = session.simple().to_string();
    let path = keep(house.folder.path(), &name, b"frames of a session").unwrap();
    let recording = Recording::of_file(&path, session, Uuid::from_u128(1), 1).unwrap();
    let file = recording.file.clone();
    let registered = clinic.register_recording(patient, &recording, None).await;
    registered.unwrap();
    (house, file)
}

#[tokio::test]
async fn a_recording_that_is_lost_or_damaged_is_told_and_the_rest_is_kept() {
    let (house, file) = recorded().await;
    let (home, away) = (
        Home::from(house.folder.path()),
        tempfile::tempdir().unwrap(),
    );
    let backed_up = async |name: &str| {
        let to = away.path().join(name);
        let made = make(&home, &to, &Seal::Open, Timestamp::now())
            .await
            .unwrap();
        let folder = away.path().join(format!("restored {name}"));
        let restored = restore(&to, &Unseal::Open, &folder).await.unwrap();
        assert_eq!(restored, made);
        (made.missing, folder.join("recordings").join(&file))
    };
    let (missing, restored) = backed_up("whole").await;
    assert!(missing.is_empty(), "{missing:?}");
    let path = house.folder.path().join("recordings").join(&file);
    assert_eq!(fs::read(&restored).unwrap(), fs::read(&path).unwrap());
    fs::write(&path, b"frames of another").unwrap();
    let (missing, restored) = backed_up("damaged").await;
    assert_eq!(missing, std::slice::from_ref(&file));
    assert_eq!(fs::read(&restored).unwrap(), b"frames of another");
    fs::remove_file(&path).unwrap();
    let (missing, restored) = backed_up("lost").await;
    assert_eq!(missing, std::slice::from_ref(&file));
    assert!(!restored.exists());
    assert!(
        house
            .as_role(Role::Practitioner)
            .await
            .get("/")
            .await
            .status
            .is_success()
    );
}

#[tokio::test]
async fn two_backups_of_one_store_at_once_are_one_and_a_refusal() {
    let (house, _) = recorded().await;
    let (home, away) = (
        Home::from(house.folder.path()),
        tempfile::tempdir().unwrap(),
    );
    let (first, second) = (away.path().join("first"), away.path().join("second"));
    let (first, second) = tokio::join!(
        make(&home, &first, &Seal::Open, Timestamp::now()),
        make(&home, &second, &Seal::Open, Timestamp::now()),
    );
    assert!(first.is_ok(), "{first:?}");
    assert_eq!(second.unwrap_err().code, "backup-running");
}
