//! `annulus knowledge diff` and `docs`, and the page of the knowledge as it is checked in.

use crate::house::{read, root};
use crate::run::{Folder, annulus};
use care::knowledge::Knowledge;
use std::path::Path;

#[test]
fn the_page_of_the_knowledge_is_what_the_knowledge_says() {
    let knowledge = Knowledge::embedded().expect("the embedded knowledge loads");
    let now = care::knowledge::document::document(knowledge).expect("the page can be written");
    assert!(
        read("docs/knowledge.md") == now,
        "docs/knowledge.md is old: run `cargo run -p annulus -- knowledge docs docs/knowledge.md`"
    );
    let folder = Folder::new();
    let path = folder.at("knowledge.md");
    assert_eq!(annulus(&["knowledge", "docs", &path]).status, 0);
    assert_eq!(std::fs::read_to_string(path).expect("a page"), now);
}

#[test]
fn the_knowledge_that_the_binary_carries_is_that_of_the_tree() {
    let tree = root().join("crates/care/knowledge").display().to_string();
    let same = annulus(&["knowledge", "diff", "embedded", &tree]);
    assert_eq!((same.status, same.out.trim()), (0, "no entry differs"));
}

#[test]
fn a_changed_number_is_shown_old_and_new_and_ends_well() {
    let folder = Folder::new();
    let number = |value: &str| format!("[lumbar.ceiling]\nvalue = {value}\nunit = \"N\"\n");
    for (name, value) in [("old", "534.0"), ("new", "500.0")] {
        std::fs::create_dir(folder.at(name)).expect("a folder");
        folder.write(&format!("{name}/dose.toml"), number(value).as_bytes());
    }
    let (old, new) = (folder.at("old"), folder.at("new"));
    let text = annulus(&["knowledge", "diff", &old, &new]);
    assert_eq!(text.status, 0, "{}", text.err);
    assert_eq!(
        text.out.trim(),
        "dose: 0 added, 0 removed, 1 changed\n~ lumbar.ceiling\n    value: 534.0 → 500.0"
    );
    let json = annulus(&["knowledge", "diff", &old, &new, "--format", "json"]).json();
    assert_eq!(json["schema"], "annulus.knowledge-diff/1");
    assert_eq!(json["equal"], false);
    assert_eq!(json["dose"][0]["fields"][0]["new"], "500.0");
}

#[test]
fn what_is_no_knowledge_is_bad_input() {
    let folder = Folder::new();
    std::fs::create_dir(folder.at("broken")).expect("a folder");
    folder.write("broken/dose.toml", b"[lumbar\n");
    for path in [folder.at("nowhere"), folder.at("broken")] {
        let refused = annulus(&["knowledge", "diff", "embedded", &path, "--format", "json"]);
        assert_eq!(refused.status, 2, "{path}: {}", refused.err);
        let problem: serde_json::Value = serde_json::from_str(&refused.err).expect("JSON");
        assert!(!problem["remedy"].as_str().unwrap_or_default().is_empty());
    }
}

/// The knowledge of the tree, copied, with one text of one file replaced.
fn broken(path: &str, old: &str, new: &str) -> (Folder, String) {
    let folder = Folder::new();
    let base = folder.at("knowledge");
    for (name, text) in Knowledge::embedded_files() {
        let file = Path::new(&base).join(name);
        std::fs::create_dir_all(file.parent().expect("a folder")).expect("a folder");
        let changed = *name == path;
        assert!(!changed || text.contains(old), "{path} has no `{old}`");
        let text = if changed {
            text.replacen(old, new, 1)
        } else {
            (*text).to_owned()
        };
        std::fs::write(file, text).expect("a file");
    }
    (folder, base)
}

#[test]
fn broken_knowledge_is_refused_with_file_line_column_and_remedy() {
    const PERSON: &str = "rules/screening/person.toml";
    const ACUTE: &str = "rules/screening/acute.toml";
    let cases = [
        (PERSON, "age < 18 a", "agee < 18 a", "did you mean `age`"),
        (PERSON, "age < 18 a", "age < 18", "write 18 a"),
        (PERSON, "age < 18 a", "age < 18 kg", "write it in a"),
        (PERSON, "age < 18 a", "age < 1800 a", "0 to 120"),
        (ACUTE, "72 hours))", "72))", "hours, days"),
        (ACUTE, "\"S13\"", "\"S999\"", "cite an id of the list"),
        (
            ACUTE,
            "\"recent-epidural-injection\"",
            "\"acute-injury\"",
            "rename one",
        ),
        (
            "policy.toml",
            "default = \"required\"",
            "default = \"never\"",
            "mend",
        ),
        (
            "facts/person.toml",
            "label = \"Age\"",
            "label = \"Age\"\nneeded_when = \"age > 18 a\"",
            "break the circle",
        ),
    ];
    for (path, old, new, remedy) in cases {
        let (_kept, folder) = broken(path, old, new);
        let ended = annulus(&["knowledge", "check", &folder, "--format", "json"]);
        assert_eq!((ended.status, ended.out.as_str()), (2, ""), "{new}");
        let told: serde_json::Value = serde_json::from_str(&ended.err).expect("JSON");
        let first = &told["problems"][0];
        let place = first["place"].as_str().expect("a place");
        let [line, column] = place
            .strip_prefix(path)
            .expect("the file that is broken")
            .trim_start_matches(':')
            .split(':')
            .map(|number| number.parse::<u32>().expect("a number"))
            .collect::<Vec<_>>()[..]
        else {
            panic!("{place} has no line and column");
        };
        assert!(line > 0 && column > 0, "{place}");
        let found = first["remedy"].as_str().expect("a remedy");
        assert!(found.contains(remedy), "{new}: {first}");
    }
}
