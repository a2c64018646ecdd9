//! `annulus doctor`: what is wrong with an installation is found, and it says what to do.

use crate::run::{Ended, Folder, annulus, command};
use crate::service::Server;
use serde_json::Value;
use std::collections::BTreeMap;
use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;

/// A demonstration's store that was served once.
fn served(folder: &Folder) -> String {
    let data = folder.at("var");
    let args = [
        "serve",
        "--demo",
        "--listen",
        "127.0.0.1:0",
        "--format",
        "json",
        "--data",
        &data,
    ];
    assert_eq!(Server::of(command(&args)).stop(), Some(0));
    fs::set_permissions(&data, PermissionsExt::from_mode(0o700)).expect("set");
    data
}

fn doctor(data: &str, more: &[&str]) -> Ended {
    let args = ["doctor", "--data", data, "--format", "json"];
    annulus(&[&args[..], more].concat())
}

/// The checks by what they looked at.
fn checks(ended: &Ended) -> BTreeMap<String, Value> {
    let told: Value = serde_json::from_str(&ended.out).expect("JSON");
    assert_eq!(told["schema"], "annulus.doctor/1");
    let checks = told["checks"].as_array().expect("checks").clone();
    let named = |check: Value| (check["what"].as_str().expect("text").to_owned(), check);
    checks.into_iter().map(named).collect()
}

#[track_caller]
fn stands(ended: &Ended, what: &str, state: &str) -> String {
    let checks = checks(ended);
    let check = &checks[what];
    assert_eq!(check["state"], state, "{check}");
    let todo = check["todo"].as_str().expect("text");
    assert_eq!(todo.is_empty(), state == "good", "{check}");
    format!("{} {todo}", check["found"].as_str().expect("text"))
}

/// Every file of a folder.
fn contents(folder: &Path) -> BTreeMap<std::path::PathBuf, Vec<u8>> {
    let mut all = BTreeMap::new();
    for entry in fs::read_dir(folder).expect("a folder").flatten() {
        let path = entry.path();
        let name = path.to_string_lossy();
        // What SQLite's readers share, and a log without an entry.
        let shared = name.ends_with("-shm") || name.ends_with("-wal");
        if path.is_dir() {
            all.extend(contents(&path));
        } else if !shared
            || fs::metadata(&path).is_ok_and(|meta| name.ends_with("-wal") && meta.len() > 0)
        {
            all.insert(path.clone(), fs::read(&path).expect("a file"));
        }
    }
    all
}

#[test]
fn an_installation_is_looked_at_whole_and_nothing_is_changed() {
    let folder = Folder::new();
    let data = served(&folder);
    let before = contents(Path::new(&data));
    let ended = doctor(&data, &["--whole"]);
    assert_eq!(ended.status, 0, "{}{}", ended.out, ended.err);
    for good in [
        "data folder",
        "clinic's key",
        "journal",
        "chains",
        "clock",
        "licences",
    ] {
        stands(&ended, good, "good");
    }
    // A demonstration: nobody vouches, nobody has a second factor, no table, no backup.
    for open in [
        "rules and dose",
        "second factor",
        "bedside",
        "last backup",
        "administrator",
    ] {
        stands(&ended, open, "attention");
    }
    let without = contents(Path::new(&data));
    assert!(before == without, "a file was changed");
    let text = annulus(&["doctor", "--data", &data]);
    assert!(
        text.out.contains("good       journal: SQLite"),
        "{}",
        text.out
    );
    assert!(
        text.out.contains("To do: make one each night"),
        "{}",
        text.out
    );
    let to = folder.at("b.tar");
    let made = annulus(&["backup", "--unencrypted", "--to", &to, "--data", &data]);
    assert_eq!(made.status, 0, "{}", made.err);
    stands(&doctor(&data, &[]), "last backup", "good");
}

#[test]
fn what_is_wrong_is_found_and_ends_with_a_failure() {
    let folder = Folder::new();
    let data = served(&folder);
    let key = Path::new(&data).join("clinic.key");
    let mode = |mode| fs::set_permissions(&key, PermissionsExt::from_mode(mode)).expect("set");
    mode(0o644);
    let ended = doctor(&data, &[]);
    assert_eq!(ended.status, 1);
    stands(&ended, "clinic's key", "fault");
    mode(0o600);
    fs::set_permissions(&data, PermissionsExt::from_mode(0o755)).expect("set");
    let ended = doctor(&data, &["--bedside", &folder.at("no.sock")]);
    assert!(stands(&ended, "data folder", "attention").contains("chmod 700"));
    assert!(stands(&ended, "bedside", "fault").contains("annulus bedside"));
    let missing = doctor(&folder.at("nowhere"), &[]);
    assert_eq!(missing.status, 1);
    stands(&missing, "data folder", "fault");
    stands(&missing, "journal", "fault");
    let wrong = folder.write("chain.pem", b"nothing");
    let ended = doctor(&data, &["--tls-certificate", &wrong, "--tls-key", &wrong]);
    assert!(stands(&ended, "certificate", "fault").contains("holds no certificate"));
}

#[test]
fn an_event_that_was_altered_is_found_where_everything_is_walked() {
    let folder = Folder::new();
    let data = served(&folder);
    let path = Path::new(&data).join("journal.sqlite");
    let mut bytes = fs::read(&path).expect("the store is there");
    let word = b"expected-soreness";
    let place = bytes.windows(word.len()).position(|window| window == word);
    let place = place.expect("a triage is stored");
    bytes[place..place + 8].copy_from_slice(b"imagined");
    fs::write(&path, bytes).expect("it is written");
    let ended = doctor(&data, &["--whole"]);
    assert_eq!(ended.status, 1);
    stands(&ended, "chains", "fault");
}

#[test]
fn a_database_that_does_not_answer_is_a_fault_and_no_end_of_the_checks() {
    let folder = Folder::new();
    let data = served(&folder);
    let url = folder.write("database.url", b"postgres://annulus@127.0.0.1:1/annulus");
    fs::set_permissions(&url, PermissionsExt::from_mode(0o600)).expect("set");
    let ended = doctor(&data, &["--database-url-file", &url]);
    assert_eq!(ended.status, 1);
    stands(&ended, "journal", "fault");
    stands(&ended, "clinic's key", "good");
    fs::set_permissions(&url, PermissionsExt::from_mode(0o644)).expect("set");
    let ended = doctor(&data, &["--database-url-file", &url]);
    stands(&ended, "journal", "fault");
}
