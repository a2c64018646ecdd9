//! What several tests need: the knowledge, an instant, facts from JSON.
use care::decide::{Decision, Gate, evaluate};
use care::fact::FactSet;
use care::input::{Context, FactsDocument, parse_facts};
use care::knowledge::{File, Knowledge};
use jiff::Timestamp;
use jiff::tz::TimeZone;
use serde_json::{Value as Json, json};
use si::{Problem, Region};

/// The instant that tests decide at.
pub(crate) const AT: &str = "2026-11-22T09:00:00Z";

pub(crate) fn knowledge() -> &'static Knowledge {
    Knowledge::embedded().unwrap_or_else(|problems| {
        let lines: Vec<String> = problems.iter().map(ToString::to_string).collect();
        panic!("the embedded knowledge is broken:\n{}", lines.join("\n"))
    })
}

/// Files of knowledge that a test may change.
pub(crate) type Files = Vec<(String, String)>;

pub(crate) fn embedded() -> Files {
    let files = Knowledge::embedded_files().iter();
    files
        .map(|(path, text)| ((*path).to_owned(), (*text).to_owned()))
        .collect()
}

/// The embedded files with one text replaced once in one of them.
pub(crate) fn edited(path: &str, old: &str, new: &str) -> Files {
    let mut files = embedded();
    let file = files.iter_mut().find(|file| file.0 == path);
    let (_, text) = file.expect("the file");
    assert!(text.contains(old), "{path} has no {old:?}");
    *text = text.replacen(old, new, 1);
    files
}

pub(crate) fn borrowed(files: &Files) -> Vec<File<'_>> {
    let pairs = files.iter();
    pairs
        .map(|(path, text)| (path.as_str(), text.as_str()))
        .collect()
}

/// The embedded knowledge with one text replaced once in one file.
pub(crate) fn changed(path: &str, old: &str, new: &str) -> Knowledge {
    Knowledge::load(&borrowed(&edited(path, old, new))).expect("sound")
}

pub(crate) fn at(text: &str) -> Timestamp {
    text.parse().expect("an instant")
}

pub(crate) fn read(document: &Json) -> Result<FactsDocument, Problem> {
    let zone = TimeZone::UTC;
    let context = Context {
        knowledge: knowledge(),
        at: None,
        region: None,
        zone: &zone,
    };
    parse_facts(document.to_string().as_bytes(), &context)
}

/// The facts of a lumbar document at [`AT`].
pub(crate) fn facts(facts: Json) -> FactSet {
    let document = json!({"region": "lumbar", "at": AT, "facts": facts});
    read(&document)
        .unwrap_or_else(|problem| panic!("{problem}"))
        .fact_set()
}

/// The routine answers of a region's minimum data set.
pub(crate) fn routine(region: Region) -> Json {
    let set = knowledge().minimum(region).expect("a minimum data set");
    serde_json::to_value(&set.routine).expect("TOML values are JSON values")
}

/// Screening over `eligibility` and `today`.
pub(crate) fn screen(facts: &FactSet, region: Region) -> Decision {
    evaluate(
        facts,
        region,
        Gate::EVALUATE,
        knowledge(),
        at(AT),
        &TimeZone::UTC,
    )
}

/// The routine patient of a region.
pub(crate) fn patient(region: Region) -> FactSet {
    let document = json!({"region": region.as_str(), "at": AT, "facts": routine(region)});
    read(&document)
        .unwrap_or_else(|problem| panic!("{problem}"))
        .fact_set()
}

/// The routine patient with some answers changed.
pub(crate) fn routine_but(changes: Json) -> FactSet {
    let mut answers = routine(Region::Lumbar);
    let changes = changes.as_object().expect("an object").clone();
    answers.as_object_mut().expect("an object").extend(changes);
    facts(answers)
}

/// The rules that fired, worst first.
pub(crate) fn rules(decision: &Decision) -> Vec<&str> {
    decision
        .fired
        .iter()
        .map(|fired| fired.rule.as_str())
        .collect()
}
