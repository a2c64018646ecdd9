//! One fact: how it is asked, what it takes, what its absence means, what it rests on, who reads it.

use askama::Template;
use care::fact::{Fact, Value};

use super::rule::{Cited, cited};
use super::touched::{NAMED, Named, after, named};
use super::{Line, line};
use crate::door::{Fault, Reply, Visit, html};
use crate::frame::{Frame, Place};

#[derive(Template)]
#[template(path = "fact.html")]
struct One<'a> {
    f: Frame,
    fact: &'a Fact,
    section: String,
    unit: Option<&'a str>,
    axes: Vec<&'a str>,
    denied: Option<String>,
    codes: Vec<Coded>,
    reviewed: String,
    sources: Vec<Cited>,
    rules: Vec<Reader>,
    /// Patients of whom it is recorded, positive or not; none where names are not shown.
    touched: Option<Named>,
    opens: Vec<(String, String)>,
}

const ROUTE: &str = "/knowledge/facts/{fact}";

/// A rule that reads the fact, with what it rests on itself.
struct Reader {
    line: Line,
    sources: String,
    dissent: Vec<String>,
}

/// A code as the page shows it.
struct Coded {
    system: String,
    code: String,
    effect: String,
    version: String,
    status: String,
    note: String,
}

/// GET `/knowledge/facts/{fact}`.
pub async fn show(visit: Visit) -> Reply {
    let knowledge = visit.app.clinic.knowledge();
    let catalogue = knowledge.catalogue();
    let fact = catalogue.get(visit.part("fact")?).ok_or(Fault::NotFound)?;
    let f = Frame::new(&visit, Place::Knowledge);
    let reads = knowledge.all_rules().iter();
    let reads = reads.filter(|rule| rule.facts().contains(&fact.id));
    let opens = catalogue.facts().iter().filter(|other| {
        let needs = other.needed_when.iter().chain(&other.not_applicable_when);
        other.id != fact.id && needs.into_iter().any(|text| names(text, &fact.id))
    });
    let reads: Vec<Reader> = reads.map(|rule| reader(&f, rule)).collect();
    let touched = match f.decides() {
        true => {
            let clinic = &visit.app.clinic;
            let found = clinic.recorded(&fact.id, after(&visit), NAMED).await?;
            Some(named(&visit, &f, ROUTE, found).await?)
        }
        false => None,
    };
    html(&One {
        touched,
        reviewed: fact.reviewed.map(|d| d.to_string()).unwrap_or_default(),
        sources: fact.sources.iter().map(|id| cited(id, knowledge)).collect(),
        section: fact.section.replace(['-', '_'], " "),
        unit: fact.unit.as_deref().filter(|unit| *unit != "1"),
        axes: fact.index.iter().map(care::fact::IndexAxis::name).collect(),
        denied: fact.denied.as_ref().map(|value| said(&f, value)),
        codes: fact.codes.iter().map(|code| coded(&f, code)).collect(),
        rules: reads,
        opens: opens
            .map(|other| (other.id.clone(), other.label.clone()))
            .collect(),
        fact,
        f,
    })
}

fn reader(f: &Frame, rule: &care::knowledge::Rule) -> Reader {
    Reader {
        line: line(f, rule),
        sources: rule.sources.join(", "),
        dissent: rule.dissent.clone(),
    }
}

/// Whether criteria name a fact.
fn names(criteria: &str, id: &str) -> bool {
    criteria
        .split(|c: char| !c.is_ascii_alphanumeric() && c != '_')
        .any(|word| word == id)
}

fn said(f: &Frame, value: &Value) -> String {
    match value {
        Value::Bool(true) => f.t.yes(),
        Value::Bool(false) => f.t.no(),
        other => other.to_string(),
    }
}

fn coded(f: &Frame, code: &care::fact::CodeMapping) -> Coded {
    let mut effect = f.t.code_mode(code.mode);
    if let Some(value) = &code.value {
        effect = format!("{effect}: {}", said(f, value));
    }
    let when = f.t.clinical_state(code.clinical);
    Coded {
        system: code.system.clone(),
        code: code.code.clone(),
        effect: format!("{effect}, {when}"),
        version: code.version.clone(),
        status: code.status.clone(),
        note: code.note.clone(),
    }
}
