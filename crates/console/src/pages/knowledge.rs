//! Knowledge: every rule and fact with its sources, strength and dissent.

use askama::Template;
use care::fact::Fact;
use care::knowledge::Rule;

use super::glyph;
use crate::door::{Fault, Reply, Visit, html};
use crate::frame::{Frame, Place};

#[derive(Template)]
#[template(path = "knowledge.html")]
struct List {
    f: Frame,
    head: String,
    lead: String,
    rules: Vec<Line>,
    facts: Vec<(String, String)>,
}

struct Line {
    id: String,
    set: String,
    glyph: &'static str,
    verdict: String,
    statement: String,
    evidence: &'static str,
}

#[derive(Template)]
#[template(path = "rule.html")]
struct One<'a> {
    f: Frame,
    rule: &'a Rule,
    verdict: String,
    urgency: String,
    sources: Vec<(String, String)>,
}

#[derive(Template)]
#[template(path = "fact.html")]
struct OneFact<'a> {
    f: Frame,
    fact: &'a Fact,
    rules: Vec<String>,
}

/// GET `/knowledge`.
pub async fn show(visit: Visit) -> Reply {
    let f = Frame::new(&visit, Place::Knowledge);
    let knowledge = visit.app.clinic.knowledge();
    let rules: Vec<Line> = knowledge
        .all_rules()
        .iter()
        .map(|rule| line(&f, rule))
        .collect();
    let facts = knowledge.catalogue().facts();
    let digits: String = knowledge.sha256().chars().take(12).collect();
    let (head, lead) = (
        f.t.knowledge_head(rules.len(), facts.len()),
        f.t.knowledge_lead(&knowledge.reference().version, digits),
    );
    let facts = facts
        .iter()
        .map(|fact| (fact.id.clone(), fact.label.clone()))
        .collect();
    html(&List {
        f,
        head,
        lead,
        rules,
        facts,
    })
}

fn line(f: &Frame, rule: &Rule) -> Line {
    Line {
        id: rule.id.clone(),
        set: rule.set.as_str().to_owned(),
        glyph: glyph(rule.verdict.as_str()),
        verdict: f.t.verdict(rule.verdict.as_str()),
        statement: rule.practitioner.clone(),
        evidence: rule.evidence.as_str(),
    }
}

/// GET `/knowledge/rules/{rule}`.
pub async fn rule(visit: Visit) -> Reply {
    let knowledge = visit.app.clinic.knowledge();
    let rule = knowledge.rule(visit.part("rule")?).ok_or(Fault::NotFound)?;
    let f = Frame::new(&visit, Place::Knowledge);
    let cited = |id: &String| {
        let text = knowledge
            .source(id)
            .map(|source| format!("{} {}", source.cite(), source.at))
            .unwrap_or_default();
        (id.clone(), text)
    };
    let page = One {
        verdict: f.t.verdict(rule.verdict.as_str()),
        urgency: f.t.urgency(rule.urgency.as_str()),
        sources: rule.sources.iter().map(cited).collect(),
        rule,
        f,
    };
    html(&page)
}

/// GET `/knowledge/facts/{fact}`.
pub async fn fact(visit: Visit) -> Reply {
    let knowledge = visit.app.clinic.knowledge();
    let fact = knowledge
        .catalogue()
        .get(visit.part("fact")?)
        .ok_or(Fault::NotFound)?;
    let used = |rule: &&Rule| {
        rule.when
            .split(|c: char| !c.is_alphanumeric() && c != '_')
            .any(|word| word == fact.id)
    };
    let rules = knowledge
        .all_rules()
        .iter()
        .filter(used)
        .map(|rule| rule.id.clone())
        .collect();
    html(&OneFact {
        f: Frame::new(&visit, Place::Knowledge),
        fact,
        rules,
    })
}
