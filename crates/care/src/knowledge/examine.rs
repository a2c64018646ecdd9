//! What knowledge must do, beyond being well written: every rule what its own
//! cases say, and the minimum data set clear a routine patient and nobody less.
//!
//! `annulus knowledge check` and the tests call the same functions.
use super::place::place;
use super::{Expectation, File, Knowledge, Rule, Vignette};
use crate::decide::{Decision, Gate, Request, Verdict, decide, evaluate};
use crate::fact::{Baseline, FactKey, FactSet};
use crate::input::{Context, FactsDocument, parse_facts};
use jiff::Timestamp;
use jiff::tz::TimeZone;
use serde_json::json;
use si::{Problem, Region};
use std::collections::BTreeMap;
use std::fmt::Write as _;

/// The instant of a case that names none.
pub const AT: &str = "2026-11-22T09:00:00Z";

/// Every case that does not come out as written, and every fault of the minimum data sets.
#[must_use]
pub fn examine(knowledge: &Knowledge, files: &[File<'_>]) -> Vec<Problem> {
    let text = |path: &str| files.iter().find(|file| file.0 == path).map_or("", |f| f.1);
    let mut problems = Vec::new();
    for rule in knowledge.all_rules() {
        let fault = |needle: &str, problem: String, remedy: &str| {
            let place = place((&rule.file, text(&rule.file)), &rule.id, needle);
            Problem::new("knowledge", place, &rule.id, problem, remedy)
        };
        for case in &rule.vignettes {
            match outcome(knowledge, rule, case) {
                Ok(found) if found == case.expect => {}
                Ok(found) => problems.push(fault(
                    &case.name,
                    format!("`{}` is {found}, not {}", case.name, case.expect),
                    "correct the criteria or the case",
                )),
                Err(problem) => {
                    problems.push(fault(
                        &case.name,
                        format!("`{}`: {problem}", case.name),
                        "write facts that can be read",
                    ));
                }
            }
        }
        for wanted in Expectation::ALL {
            if !rule.vignettes.iter().any(|case| case.expect == wanted) {
                let problem = format!("no case of it is {wanted}");
                problems.push(fault("", problem, "add a case that is"));
            }
        }
    }
    for region in Region::ALL {
        problems.extend(minimum(knowledge, region));
    }
    problems
}

/// Files without which knowledge is only a part of what a clinic needs.
const NEEDED: [&str; 8] = [
    "consent.toml",
    "dose.toml",
    "evidence.toml",
    "instruments.toml",
    "minimum/cervical.toml",
    "minimum/lumbar.toml",
    "policy.toml",
    "sources.toml",
];

/// The files that are not there.
#[must_use]
pub fn missing(files: &[File<'_>]) -> Vec<Problem> {
    let absent = |needed: &&str| !files.iter().any(|file| file.0 == *needed);
    let fault = |path: &str| {
        let remedy = "add it, in the form of the embedded one";
        Problem::new(
            "knowledge",
            format!("{path}:1:1"),
            "",
            "the file is missing",
            remedy,
        )
    };
    NEEDED
        .into_iter()
        .filter(|path| absent(path))
        .map(fault)
        .collect()
}

/// What a rule does with a case.
///
/// # Errors
/// The case's facts cannot be read.
pub fn outcome(
    knowledge: &Knowledge,
    rule: &Rule,
    case: &Vignette,
) -> Result<Expectation, Problem> {
    let own = rule
        .regions()
        .first()
        .map_or("lumbar", |region| region.as_str());
    let document = json!({
        "region": case.region.as_deref().unwrap_or(own),
        "at": case.at.as_deref().unwrap_or(AT),
        "facts": chart_of(knowledge, case),
    });
    let clinic = clinic_of(knowledge, case)?;
    let knowledge = clinic.as_ref().unwrap_or(knowledge);
    let read = read(knowledge, &document)?;
    let arrival: Option<Timestamp> = match &case.arrival {
        Some(text) => Some(text.parse().map_err(|fault: jiff::Error| {
            let remedy = "write an instant, such as 2026-11-22T09:00:00Z";
            Problem::new("case", "arrival", text, fault.to_string(), remedy)
        })?),
        None => None,
    };
    let decision = decide(&Request {
        set: rule.set,
        facts: &read.fact_set(),
        region: read.region,
        gates: &[rule.gate],
        knowledge,
        at: read.at,
        zone: &TimeZone::UTC,
        baseline: arrival.map_or(Baseline::First, Baseline::Arrival),
    });
    Ok(
        if decision.fired.iter().any(|fired| fired.rule == rule.id) {
            Expectation::Fires
        } else if decision.undecided.iter().any(|open| open.rule == rule.id) {
            Expectation::Undecided
        } else {
            Expectation::DoesNotFire
        },
    )
}

/// The facts of a case that are its patient's.
#[must_use]
pub fn chart_of<'c>(
    knowledge: &Knowledge,
    case: &'c Vignette,
) -> BTreeMap<&'c String, &'c toml::Value> {
    let own = |id: &str| knowledge.policy().of_fact(id).is_none();
    case.facts.iter().filter(|(id, _)| own(id)).collect()
}

/// The knowledge of a clinic that chose what the case says of its policy, if it does.
///
/// # Errors
/// The case chooses what no clinic can.
pub fn clinic_of(knowledge: &Knowledge, case: &Vignette) -> Result<Option<Knowledge>, Problem> {
    let mut answers = String::new();
    for (fact, said) in &case.facts {
        let Some(choice) = knowledge.policy().of_fact(fact) else {
            continue;
        };
        let value = said.get("value").unwrap_or(said);
        let _ = writeln!(
            answers,
            "[[choice]]\nid = {:?}\nvalue = {value}\napprover = \"a case\"\nlicence = \"none\"\n\
             date = 2026-11-22\nreason = \"a case\"",
            choice.id
        );
    }
    if answers.is_empty() {
        return Ok(None);
    }
    let mut files: Vec<File<'_>> = knowledge.files().collect();
    files.push((super::policy::CLINIC, &answers));
    Knowledge::load(&files).map(Some).map_err(|problems| {
        let first = problems.into_iter().next();
        first.unwrap_or_else(|| Problem::new("case", "policy", answers, "cannot be chosen", ""))
    })
}

fn read(knowledge: &Knowledge, document: &serde_json::Value) -> Result<FactsDocument, Problem> {
    let zone = TimeZone::UTC;
    let context = Context {
        knowledge,
        at: None,
        region: None,
        zone: &zone,
    };
    parse_facts(document.to_string().as_bytes(), &context)
}

/// A routine patient is cleared; without any one answer the verdict is worse and
/// that question stands first (CLINICAL §1.5).
fn minimum(knowledge: &Knowledge, region: Region) -> Vec<Problem> {
    let Some(set) = knowledge.minimum(region) else {
        return Vec::new();
    };
    let fault = |value: &str, problem: String| {
        let place = format!("minimum/{region}.toml:1:1");
        let remedy = "correct the set or the rules that read it";
        Problem::new("knowledge", place, value, problem, remedy)
    };
    let document = json!({"region": region.as_str(), "at": AT, "facts": set.routine});
    let chart = match read(knowledge, &document) {
        Ok(document) => document.fact_set(),
        Err(problem) => return vec![fault("", problem.to_string())],
    };
    let cleared = screen(knowledge, &chart, region);
    if cleared.verdict != Verdict::Cleared {
        let fired = cleared.fired.iter().map(|fired| &fired.rule);
        let open = cleared.undecided.iter().map(|open| &open.rule);
        let rules: Vec<&str> = fired.chain(open).map(String::as_str).collect();
        let problem = format!(
            "the routine patient is {}: {}",
            cleared.verdict,
            rules.join(", ")
        );
        return vec![fault("routine", problem)];
    }
    let mut problems = Vec::new();
    for fact in set.routine.keys() {
        let mut less = chart.clone();
        less.remove(&FactKey::plain(fact));
        let decision = screen(knowledge, &less, region);
        let first = decision.next_questions.first().map(|first| &first.fact);
        if !decision.is_worse_than(&cleared) {
            problems.push(fault(fact, "its answer decides nothing".to_owned()));
        } else if first != Some(fact) {
            let asked = first.map_or("nothing", String::as_str);
            problems.push(fault(fact, format!("without it, {asked} is asked first")));
        }
    }
    problems
}

fn screen(knowledge: &Knowledge, facts: &FactSet, region: Region) -> Decision {
    let at = AT.parse().unwrap_or(Timestamp::UNIX_EPOCH);
    evaluate(facts, region, Gate::EVALUATE, knowledge, at, &TimeZone::UTC)
}
