//! The lines `/// hazard: H7, H9` above tests, in Rust and in the browser's.

use crate::house::{read, tracked};
use std::collections::BTreeMap;

const MARK: &str = "hazard: ";

/// Hazard to the tests that show it, in the order of the files.
#[derive(Default)]
pub(super) struct Shown(BTreeMap<String, Vec<String>>);

impl Shown {
    pub(super) fn of(&self, id: &str) -> &[String] {
        self.0.get(id).map(Vec::as_slice).unwrap_or_default()
    }

    pub(super) fn ids(&self) -> impl Iterator<Item = &String> {
        self.0.keys()
    }

    /// Takes the marks of one file; a mark without a test below it is a fault of the file.
    fn take(&mut self, path: &str, text: &str) {
        let mut waiting: Vec<String> = Vec::new();
        for (number, line) in text.lines().enumerate() {
            let code = line.trim_start();
            let comment = code.trim_start_matches('/').trim_start();
            if code.starts_with("//") {
                if let Some(ids) = comment.strip_prefix(MARK) {
                    assert!(
                        ids.split(", ").all(is_id),
                        "{path}:{}: `{ids}` is not a list like `H7, H9`",
                        number + 1
                    );
                    waiting = ids.split(", ").map(str::to_owned).collect();
                }
            } else if let Some(name) = test_name(code) {
                for id in waiting.drain(..) {
                    self.0.entry(id).or_default().push(name.clone());
                }
            } else {
                let between = code.is_empty() || code.starts_with('#');
                assert!(
                    waiting.is_empty() || between,
                    "{path}:{}: a hazard is named, but no test follows",
                    number + 1
                );
            }
        }
    }
}

fn is_id(text: &str) -> bool {
    text.strip_prefix('H')
        .is_some_and(|number| number.parse::<u8>().is_ok())
}

/// The name of the test that begins on this line.
fn test_name(code: &str) -> Option<String> {
    let rust = code
        .strip_prefix("fn ")
        .or_else(|| code.strip_prefix("async fn "))
        .and_then(|rest| rest.split_once('('))
        .map(|(name, _)| name.to_owned());
    rust.or_else(|| {
        let name = code.strip_prefix("test(\"")?.split('"').next()?;
        Some(name.to_owned())
    })
}

/// Every mark of the tree.
pub(super) fn shown() -> Shown {
    let mut shown = Shown::default();
    for path in tracked() {
        let is_test = path.starts_with("crates/") && path.ends_with(".rs")
            || path.starts_with("tests/") && path.ends_with(".mjs");
        let ours = path.starts_with("crates/annulus/tests/hazards/");
        if is_test && !ours {
            shown.take(&path, &read(&path));
        }
    }
    shown
}

#[test]
fn marks_are_read_from_rust_and_from_the_browsers_tests() {
    let mut shown = Shown::default();
    shown.take(
        "a.rs",
        "/// Why.\n/// hazard: H7, H9\n#[test]\nfn it_yields() {\n",
    );
    shown.take(
        "b.mjs",
        "// hazard: H9\ntest(\"it lets go\", async () => {\n",
    );
    assert_eq!(shown.of("H7"), ["it_yields"]);
    assert_eq!(shown.of("H9"), ["it_yields", "it lets go"]);
}

#[test]
#[should_panic(expected = "no test follows")]
fn a_mark_above_nothing_is_a_fault() {
    Shown::default().take("a.rs", "/// hazard: H7\nstruct Lost;\n");
}
