//! One rule with everything it has.

use askama::Template;
use care::decide::RuleSet;
use care::knowledge::{Knowledge, Rule, Source};
use si::Region;

use super::glyph;
use super::touched::{NAMED, Named, after, named};
use crate::door::{Fault, Reply, Visit, html};
use crate::frame::{Frame, Place};

#[derive(Template)]
#[template(path = "rule.html")]
struct One<'a> {
    f: Frame,
    rule: &'a Rule,
    glyph: &'static str,
    verdict: String,
    urgency: String,
    regions: String,
    gated: bool,
    criteria: Vec<(&'a str, bool)>,
    facts: Vec<(String, String)>,
    sources: Vec<Cited>,
    cases: Vec<(String, String)>,
    approved: Option<String>,
    /// Patients of whom it fired; none where names are not shown.
    touched: Option<Named>,
    /// Whether what it said is kept with patients at all.
    kept: bool,
}

const ROUTE: &str = "/knowledge/rules/{rule}";

/// A source as a rule or a fact cites it.
pub(super) struct Cited {
    pub(super) id: String,
    pub(super) kind: String,
    pub(super) text: String,
    pub(super) seen: Option<String>,
    pub(super) places: Vec<Spot>,
}

/// Where a source was read: its text, and the address in it where there is one.
pub(super) struct Spot {
    pub(super) text: String,
    pub(super) address: Option<String>,
}

/// GET `/knowledge/rules/{rule}`.
pub async fn show(visit: Visit) -> Reply {
    let knowledge = visit.app.clinic.knowledge();
    let rule = knowledge.rule(visit.part("rule")?).ok_or(Fault::NotFound)?;
    let f = Frame::new(&visit, Place::Knowledge);
    let regions: Vec<&str> = rule.regions().iter().map(|r| r.as_str()).collect();
    let label = |id: String| {
        let fact = knowledge.catalogue().get(&id);
        let label = fact.map(|fact| fact.label.clone()).unwrap_or_default();
        (id, label)
    };
    let case = |case: &care::knowledge::Vignette| {
        let expected = f.t.expectation(case.expect);
        (case.name.clone(), expected)
    };
    let touched = match f.decides() {
        true => {
            let clinic = &visit.app.clinic;
            let found = clinic.touched(&rule.id, after(&visit), NAMED).await?;
            Some(named(&visit, &f, ROUTE, found).await?)
        }
        false => None,
    };
    html(&One {
        touched,
        kept: rule.set != RuleSet::Advice,
        glyph: glyph(rule.verdict.as_str()),
        verdict: f.t.verdict(rule.verdict.as_str()),
        urgency: f.t.urgency(rule.urgency.as_str()),
        regions: match regions.len() == Region::ALL.len() {
            true => f.t.knowledge_any(),
            false => regions.join(", "),
        },
        gated: matches!(rule.set, RuleSet::Screening | RuleSet::Indication),
        criteria: criteria(&rule.when, knowledge),
        facts: rule.facts().into_iter().map(label).collect(),
        sources: rule.sources.iter().map(|id| cited(id, knowledge)).collect(),
        cases: rule.vignettes.iter().map(case).collect(),
        approved: visit
            .app
            .clinic
            .approvals()
            .of(knowledge, &rule.id)
            .map(|approval| format!("{} ({})", approval.by, approval.licence)),
        rule,
        f,
    })
}

/// The criteria in pieces, each with whether it names a fact.
fn criteria<'a>(when: &'a str, knowledge: &Knowledge) -> Vec<(&'a str, bool)> {
    let word = |c: char| c.is_ascii_alphanumeric() || c == '_';
    let mut pieces = Vec::new();
    let mut rest = when.trim();
    while let Some(first) = rest.chars().next() {
        let inside = word(first);
        let end = rest.find(|c| word(c) != inside).unwrap_or(rest.len());
        let (piece, tail) = rest.split_at(end);
        pieces.push((piece, inside && knowledge.catalogue().get(piece).is_some()));
        rest = tail;
    }
    pieces
}

pub(super) fn cited(id: &str, knowledge: &Knowledge) -> Cited {
    let source = knowledge.source(id);
    let at = source.map(|source| source.at.as_str()).unwrap_or_default();
    let parts = at.split(" ; ").flat_map(|part| part.split(" , "));
    let place = |part: &str| {
        let address = part.split(' ').find(|word| word.starts_with("http"));
        Spot {
            text: part.to_owned(),
            address: address.map(str::to_owned),
        }
    };
    Cited {
        id: id.to_owned(),
        kind: source.map(|s| s.kind.to_string()).unwrap_or_default(),
        text: source.map(Source::line).unwrap_or_default(),
        seen: source.and_then(|source| source.seen.clone()),
        places: parts.filter(|part| !part.is_empty()).map(place).collect(),
    }
}
