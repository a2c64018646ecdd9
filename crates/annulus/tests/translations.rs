//! A folder of translations, as whoever makes one meets it.

use crate::run::{Folder, annulus};
use serde_json::Value;
use std::path::Path;

/// English as the start of a translation.
fn started(folder: &Folder, tag: &str) -> String {
    let from = crate::house::root().join("crates/console/messages/en");
    let to = folder.at(tag);
    std::fs::create_dir_all(&to).expect("a folder");
    for entry in std::fs::read_dir(from).expect("the English messages") {
        let entry = entry.expect("a file");
        std::fs::copy(entry.path(), Path::new(&to).join(entry.file_name())).expect("a copy");
    }
    to
}

fn told(folder: &Folder, status: i32) -> Value {
    let ended = annulus(&["translations", &folder.at(""), "--format", "json"]);
    assert_eq!(ended.status, status, "{}{}", ended.out, ended.err);
    serde_json::from_str(&ended.out).expect("JSON")
}

#[test]
fn a_translation_is_shown_once_somebody_signed_its_digest() {
    let folder = Folder::new();
    let de = started(&folder, "de");
    let before = told(&folder, 1);
    assert_eq!(before["schema"], "annulus.translations/1");
    let one = &before["translations"][0];
    assert_eq!((&one["tag"], &one["shown"]), (&"de".into(), &false.into()));
    assert_eq!(one["reasons"][0]["code"], "review-missing");
    let digest = one["digest"].as_str().expect("the text is whole");
    let sheet = format!(
        "reviewer = \"Amara Okafor\"\nprofession = \"physiotherapist, PT 4411\"\n\
         date = 2026-11-29\ndigest = \"{digest}\"\n"
    );
    std::fs::write(Path::new(&de).join("review.toml"), sheet).expect("the review is written");
    let after = told(&folder, 0);
    assert_eq!(after["translations"][0]["shown"], true);
    assert_eq!(
        after["translations"][0]["review"]["reviewer"],
        "Amara Okafor"
    );
    let said = annulus(&["translations", &folder.at("")]);
    assert!(
        said.out
            .starts_with("de: shown, reviewed by Amara Okafor (physiotherapist, PT 4411)"),
        "{}",
        said.out
    );
}

#[test]
fn what_is_missing_is_listed_and_the_status_says_so() {
    let folder = Folder::new();
    let de = started(&folder, "de");
    std::fs::remove_file(Path::new(&de).join("mine.ftl")).expect("it was there");
    let one = &told(&folder, 1)["translations"][0];
    let missing = one["missing"].as_array().expect("ids");
    assert!(missing.contains(&"mine-head".into()));
    assert_eq!(one["reasons"][0]["code"], "translation-missing");
    assert_eq!(one["digest"], Value::Null);
    let said = annulus(&["translations", &folder.at("")]);
    assert_eq!(said.status, 1);
    assert!(
        said.out.contains(&format!("{} missing", missing.len())),
        "{}",
        said.out
    );
    assert!(said.err.contains("may not be shown: de"), "{}", said.err);
}

#[test]
fn a_folder_that_is_not_there_is_bad_input_for_the_server_too() {
    let folder = Folder::new();
    let (nowhere, data) = (folder.at("nowhere"), folder.at("var"));
    let check = annulus(&["translations", &nowhere, "--format", "json"]);
    assert_eq!(check.problem()["code"], "translations-unreadable");
    let server = [
        "serve",
        "--demo",
        "--data",
        &data,
        "--listen",
        "127.0.0.1:0",
        "--translations",
        &nowhere,
    ];
    let refused = annulus(&server);
    assert_eq!(refused.status, 2, "{}", refused.err);
    assert!(refused.err.contains("cannot be read"), "{}", refused.err);
}
