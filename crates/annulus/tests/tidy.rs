//! Tidiness that a machine can see: sizes, module docs, stray debugging, dead
//! links, words that do not belong (STYLE 14).

use crate::house::{read, report, root, rust_sources, tracked};

const FILE_LINES: usize = 500;
const FUNCTION_LINES: usize = 70;
/// Files of data: exempt from the line limit, and marked so on their first lines.
const TABLE_MARK: &str = "// tidy: table, because ";
const KERNEL_MARK: &str = "// tidy: kernel, because ";
const KERNELS: usize = 10;

#[test]
fn every_source_opens_with_what_it_is() {
    let complaints: Vec<_> = rust_sources()
        .into_iter()
        .filter(|path| !read(path).starts_with("//!"))
        .map(|path| format!("{path} does not open with `//!`"))
        .collect();
    report(&complaints);
}

/// A file that no other names is compiled by nobody, and its tests run nowhere: it must be named
/// as a module by a file of its folder or of the one above, or be a root that cargo finds.
#[test]
fn every_source_is_compiled() {
    let sources = rust_sources();
    let texts: Vec<(&str, String)> = sources.iter().map(|path| (&**path, read(path))).collect();
    let complaints: Vec<_> = sources
        .iter()
        .filter(|path| !is_root(path) && !is_named(path, &texts))
        .map(|path| format!("{path} is named by no `mod`, so that it is compiled by nobody"))
        .collect();
    report(&complaints);
}

/// Whether cargo finds it by itself.
fn is_root(path: &str) -> bool {
    let (folder, name) = path.rsplit_once('/').unwrap_or(("", path));
    let roots = ["main.rs", "lib.rs", "build.rs"];
    let own = ["benches", "examples", "fuzz_targets", "bin"];
    let listed = folder.strip_suffix("/tests").is_some_and(|home| {
        let manifest = read(&format!("{home}/Cargo.toml"));
        manifest.contains(&format!("path = \"tests/{name}\""))
    });
    listed || roots.contains(&name) || own.iter().any(|own| folder.ends_with(own))
}

/// Whether a file beside it or above it says `mod` of it, or names its path.
fn is_named(path: &str, texts: &[(&str, String)]) -> bool {
    let (folder, name) = path.rsplit_once('/').unwrap_or(("", path));
    let (near, stem) = match name {
        // The module of a folder is named from outside of it.
        "mod.rs" => folder.rsplit_once('/').unwrap_or(("", folder)),
        _ => (folder, name.trim_end_matches(".rs")),
    };
    let parent = format!("{near}.rs");
    let named = format!("mod {stem};");
    let by_path = format!("{}/{name}\"]", folder.rsplit('/').next().unwrap_or(folder));
    texts.iter().any(|(other, text)| {
        let beside = other.rsplit_once('/').is_some_and(|(at, _)| at == near);
        let says = text.lines().any(|line| line.trim_end().ends_with(&named));
        ((beside || *other == parent) && says) || text.contains(&by_path)
    })
}

#[test]
fn no_file_is_longer_than_its_limit() {
    let complaints: Vec<_> = rust_sources()
        .into_iter()
        .filter(|path| !read(path).contains(TABLE_MARK))
        .map(|path| (read(&path).lines().count(), path))
        .filter(|(lines, _)| *lines > FILE_LINES)
        .map(|(lines, path)| format!("{path} has {lines} lines, {FILE_LINES} at most"))
        .collect();
    report(&complaints);
}

/// Lengths of the functions of a formatted source: from `fn` to the brace that
/// closes at the same indentation.
fn functions(text: &str) -> Vec<(String, usize)> {
    let lines: Vec<&str> = text.lines().collect();
    let mut found = Vec::new();
    for (start, line) in lines.iter().enumerate() {
        let code = line.trim_start();
        let is_function = [
            "fn ",
            "pub fn ",
            "pub(crate) fn ",
            "async fn ",
            "pub async fn ",
            "const fn ",
            "pub const fn ",
            "pub(crate) async fn ",
        ]
        .iter()
        .any(|head| code.starts_with(head));
        if !is_function || line.ends_with('}') || line.ends_with(';') {
            continue;
        }
        let indent = &line[..line.len() - code.len()];
        let close = format!("{indent}}}");
        let kernel = start > 0 && lines[start - 1].contains(KERNEL_MARK);
        let end = lines[start..].iter().position(|line| *line == close);
        if let Some(end) = end.filter(|_| !kernel) {
            let name = code.split('(').next().unwrap_or(code).to_owned();
            found.push((name, end + 1));
        }
    }
    found
}

#[test]
fn no_function_is_longer_than_its_limit() {
    let mut complaints = Vec::new();
    for path in rust_sources() {
        for (name, lines) in functions(&read(&path)) {
            if lines > FUNCTION_LINES {
                complaints.push(format!(
                    "{path}: {name} has {lines} lines, {FUNCTION_LINES} at most"
                ));
            }
        }
    }
    report(&complaints);
}

#[test]
fn kernels_stay_few() {
    let marks: usize = rust_sources()
        .iter()
        .filter(|path| !path.ends_with("tests/tidy.rs"))
        .map(|path| read(path).matches(KERNEL_MARK).count())
        .sum();
    assert!(
        marks <= KERNELS,
        "{marks} kernels are exempt from the size limit, {KERNELS} at most"
    );
}

#[test]
fn nothing_is_left_open() {
    let words = [
        "TO".to_owned() + "DO",
        "FIX".to_owned() + "ME",
        "XX".to_owned() + "X",
        "dbg".to_owned() + "!(",
        "#[ig".to_owned() + "nore",
    ];
    let mut complaints = Vec::new();
    for path in rust_sources() {
        for (number, line) in read(&path).lines().enumerate() {
            for word in words.iter().filter(|word| line.contains(word.as_str())) {
                complaints.push(format!("{path}:{}: {word}", number + 1));
            }
        }
    }
    report(&complaints);
}

#[test]
fn no_machine_path_is_committed() {
    let words = [
        "/wo".to_owned() + "rk/",
        "/ro".to_owned() + "ot/",
        "/ho".to_owned() + "me/",
    ];
    let mut complaints = Vec::new();
    for path in tracked() {
        let Ok(text) = std::fs::read_to_string(root().join(&path)) else {
            continue;
        };
        for word in words.iter().filter(|word| text.contains(word.as_str())) {
            complaints.push(format!("{path} names {word}"));
        }
    }
    report(&complaints);
}

#[cfg(unix)]
#[test]
fn every_script_may_be_run() {
    use std::os::unix::fs::PermissionsExt;
    let scripts = tracked()
        .into_iter()
        .filter(|path| path.starts_with("scripts/") || path.starts_with(".ci/"));
    let complaints: Vec<_> = scripts
        .filter(|path| {
            let file = std::fs::metadata(root().join(path)).expect("a tracked file");
            file.permissions().mode() & 0o111 == 0
        })
        .map(|path| format!("{path} may not be run: chmod +x"))
        .collect();
    report(&complaints);
}

#[test]
fn every_link_in_the_documents_leads_somewhere() {
    let mut complaints = Vec::new();
    for path in tracked().into_iter().filter(|path| path.ends_with(".md")) {
        let folder = root()
            .join(&path)
            .parent()
            .expect("a file has a folder")
            .to_path_buf();
        let text = read(&path);
        let links = text
            .split("](")
            .skip(1)
            .filter_map(|rest| rest.split(')').next());
        for link in links.filter(|link| !link.contains("://") && !link.starts_with('#')) {
            let file = link.split('#').next().unwrap_or(link);
            if !folder.join(file).exists() {
                complaints.push(format!("{path} links to {link}, which does not exist"));
            }
        }
    }
    report(&complaints);
}

#[test]
fn a_long_function_would_be_found() {
    let body = "    x();\n".repeat(80);
    let found = functions(&format!("fn long() {{\n{body}}}\nfn short() {{\n}}\n"));
    assert_eq!(
        found,
        vec![("fn long".to_owned(), 82), ("fn short".to_owned(), 2)]
    );
}
