//! The figures of the product, measured as a user meets them: whole commands
//! and the calls behind them. Writes `docs/figures.md`.
//!
//! `make bench` runs it; `ANNULUS_LONG=1` adds the slow ones (clone to page), `ANNULUS_APART=1`
//! measures nothing and only takes over what scripts of their own have counted (the campaign,
//! mutants, peers), `ANNULUS_CROWD=1` beside it the pages of a large clinic, `ANNULUS_LOAD=1`
//! what programs ask for, and `ANNULUS_HOOKS=1` the answers to another record system.
#![expect(clippy::print_stdout, reason = "a benchmark tells what it measures")]

mod campaign;
mod crowd;
mod ensemble;
mod hooks;
mod load;
mod measure;
mod mutation;
mod pages;
mod peers;
mod subjects;
mod wire;

use measure::{Figure, root};
use std::fmt::Write as _;

fn main() {
    // `cargo test --benches` and `cargo nextest` call benches with other arguments.
    if !std::env::args().any(|arg| arg == "--bench") {
        return;
    }
    let apart_only = std::env::var_os("ANNULUS_APART").is_some();
    let figures = match apart_only {
        true => Vec::new(),
        false => subjects::all(),
    };
    let asked = |name| !apart_only || std::env::var_os(name).is_some();
    let (crowd, load) = (asked("ANNULUS_CROWD"), asked("ANNULUS_LOAD"));
    let hooks = asked("ANNULUS_HOOKS");
    // Measured by scripts of their own: where one never ran, its old rows stay.
    let apart = [
        (crowd::NAME, crowd.then(crowd::all)),
        (load::NAME, load.then(load::all)),
        (hooks::NAME, hooks.then(hooks::all)),
        (pages::NAME, pages::all()),
        (peers::NAME, peers::all()),
        (ensemble::NAME, ensemble::all()),
        (campaign::NAME, campaign::long()),
        (mutation::NAME, mutation::share()),
    ];
    for figure in figures
        .iter()
        .chain(apart.iter().filter_map(|part| part.1.as_ref()).flatten())
    {
        println!("{figure}");
    }
    let text = page(&figures, &apart);
    std::fs::write(root().join("docs/figures.md"), text).expect("docs/figures.md is written");
}

/// The page, figures beside what was asked.
fn page(figures: &[Figure], apart: &[(&str, Option<Vec<Figure>>)]) -> String {
    let cores = std::thread::available_parallelism().map_or(0, std::num::NonZero::get);
    let mut text = HEAD.replace("CORES", &cores.to_string());
    if figures.is_empty() {
        text.push_str(&other_rows(apart));
    } else if std::env::var_os("ANNULUS_LONG").is_none() {
        text.push_str(&old_rows(&format!("{} |", subjects::CLONE)));
    }
    for figure in figures {
        let _ = writeln!(text, "{}", figure.row());
    }
    for (name, figures) in apart {
        match figures {
            None => text.push_str(&old_rows(name)),
            Some(figures) => {
                for figure in figures {
                    let _ = writeln!(text, "{}", figure.row());
                }
            }
        }
    }
    text.push_str(&kept());
    text
}

/// The rows that are not of these.
fn other_rows(apart: &[(&str, Option<Vec<Figure>>)]) -> String {
    let old = std::fs::read_to_string(root().join("docs/figures.md")).unwrap_or_default();
    let rows = old.lines().skip_while(|line| !line.starts_with("|---"));
    let rows = rows.skip(1).take_while(|line| line.starts_with("| "));
    let names = || apart.iter().map(|(name, _)| format!("| {name}"));
    let others = rows.filter(|row| !names().any(|name| row.starts_with(&name)));
    others.map(|row| format!("{row}\n")).collect()
}

/// Rows whose names start so, as they were measured last.
fn old_rows(name: &str) -> String {
    let old = std::fs::read_to_string(root().join("docs/figures.md")).unwrap_or_default();
    let start = format!("| {name}");
    let rows = old.lines().filter(|line| line.starts_with(&start));
    rows.map(|line| format!("{line}\n")).collect()
}

const HEAD: &str = "# Figures

Measured by `make bench` on CORES cores; absolute times on a shared machine are noisy, so each is the median of
several runs with the slowest beside it (for criterion's, the upper end of the median's interval).

| figure | asked | median | slowest | by | inside |
|---|---|---|---|---|---|
";

/// What is written by hand below the table stays.
fn kept() -> String {
    const MARK: &str = "\n## Notes\n";
    let old = std::fs::read_to_string(root().join("docs/figures.md")).unwrap_or_default();
    match old.split_once(MARK) {
        Some((_, notes)) => format!("{MARK}{notes}"),
        None => MARK.to_owned(),
    }
}
