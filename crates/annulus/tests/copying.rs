//! `annulus journal copy`: the same journal at another place, or a word on why not.

use crate::run::{Folder, annulus};
use std::fs::create_dir;

/// A store with a user in it, and a folder for the copy.
fn stores(folder: &Folder) -> (String, String) {
    let (data, copy) = (folder.at("var"), folder.at("copy"));
    let user = [
        "user",
        "add",
        "ada",
        "--name",
        "Ada",
        "--role",
        "administrator",
        "--data",
        &data,
    ];
    let added = annulus(&user);
    assert_eq!(added.status, 0, "{}", added.err);
    create_dir(&copy).expect("made");
    (data, copy)
}

fn export(data: &str) -> String {
    let exported = annulus(&["journal", "export", "--data", data]);
    assert_eq!(exported.status, 0, "{}", exported.err);
    exported.out
}

#[test]
fn a_journal_is_copied_byte_for_byte_and_only_once() {
    let folder = Folder::new();
    let (data, copy) = stores(&folder);
    let command = |format| {
        annulus(&[
            "journal", "copy", "--from", &data, "--to", &copy, "--format", format,
        ])
    };
    let told = command("json").json();
    let exported = export(&data);
    assert_eq!(export(&copy), exported);
    let events = exported.matches("\"type\":\"event\"").count();
    assert_eq!(told["events"].as_u64(), Some(events as u64));
    let again = command("json").problem();
    assert_eq!(again["code"], "journal-copy", "{again}");
    assert_eq!(export(&copy), exported);
}

#[test]
fn a_place_that_is_not_there_and_an_open_url_file_are_refused() {
    let folder = Folder::new();
    let (data, copy) = stores(&folder);
    let to = |place: &str| {
        annulus(&[
            "journal", "copy", "--from", &data, "--to", place, "--format", "json",
        ])
    };
    let missing = to(&folder.at("nowhere")).problem();
    assert_eq!(
        (&missing["code"], &missing["place"]),
        (&"no-place".into(), &"--to".into())
    );
    let url = folder.write("database.url", b"postgres://u:hunter2@localhost/db");
    let open = to(&url).problem();
    assert_eq!(open["code"], "database-url-file");
    assert!(!open.to_string().contains("hunter2"));
    let empty = annulus(&[
        "journal", "copy", "--from", &copy, "--to", &copy, "--format", "json",
    ]);
    assert_eq!(empty.problem()["place"], "--from");
}
