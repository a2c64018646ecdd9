//! `annulus validate`: the JSON contract, and the page as it is checked in.

use crate::house::{read, root};
use crate::run::{Folder, annulus};

#[test]
fn the_page_of_validation_is_what_the_column_gives() {
    let folder = Folder::new();
    let docs = folder.at("docs");
    std::fs::create_dir(&docs).expect("a folder");
    let ended = annulus(&["validate", "--docs", &docs, "--strict"]);
    assert_eq!((ended.status, ended.out.as_str()), (0, ""), "{}", ended.err);
    let now = std::fs::read_to_string(folder.at("docs/validation.md")).expect("a page");
    assert!(
        read("docs/validation.md") == now,
        "docs/validation.md is old: run `cargo run -p annulus -- validate --docs docs`"
    );
    let pictures = std::fs::read_dir(folder.at("docs/validation")).expect("pictures");
    let mut drawn = 0;
    for picture in pictures {
        let path = picture.expect("a file").path();
        let name = path
            .file_name()
            .expect("a name")
            .to_string_lossy()
            .into_owned();
        let text = std::fs::read_to_string(&path).expect("SVG");
        assert!(text.starts_with("<svg ") && now.contains(&name), "{name}");
        assert_eq!(
            read(&format!("docs/validation/{name}")),
            text,
            "{name} is old"
        );
        drawn += 1;
    }
    let kept = std::fs::read_dir(root().join("docs/validation")).expect("pictures");
    assert_eq!(kept.count(), drawn, "no picture that nobody draws any more");
}

#[test]
fn every_row_is_told_with_value_spread_interval_and_verdict() {
    let told = annulus(&["validate", "--format", "json"]).json();
    assert_eq!(told["schema"], "annulus.validation/1");
    let rows = told["rows"].as_array().expect("rows");
    assert!(rows.len() > 200);
    for row in rows {
        for key in [
            "id",
            "tier",
            "published",
            "spread",
            "ours",
            "interval",
            "inside",
            "used_for",
        ] {
            assert!(row.get(key).is_some(), "{key} of {row}");
        }
        let used = row["used_for"].as_str().expect("a word");
        assert!(["fit", "prediction"].contains(&used));
        if let (Some(ours), Some(ends)) = (row["ours"].as_f64(), row["interval"].as_array()) {
            let end = |index: usize| ends[index].as_f64().expect("a number");
            assert!(end(0) <= ours && ours <= end(1), "{row}");
        }
    }
    assert_eq!(told["tiers"][0]["inside"], told["tiers"][0]["of"]);
}
