//! Knowledge: every rule and fact with its sources, strength and dissent.

mod fact;
mod rule;
mod touched;

pub use fact::show as fact;
pub use rule::show as rule;

use askama::Template;
use care::decide::{Evidence, RuleSet};
use care::knowledge::{Knowledge, Rule};

use super::glyph;
use crate::door::{Reply, Visit, html};
use crate::frame::{Frame, Place};

#[derive(Template)]
#[template(path = "knowledge.html")]
struct List {
    f: Frame,
    head: String,
    lead: String,
    words: String,
    sets: Vec<Choice>,
    classes: Vec<Choice>,
    shown: usize,
    all: usize,
    groups: Vec<Group>,
    /// Whether something is looked for: then what is found lies open.
    narrowed: bool,
    facts: Vec<Section>,
}

/// One entry of a filter.
struct Choice {
    key: String,
    name: String,
    chosen: bool,
}

/// The rules of one set.
struct Group {
    name: String,
    key: &'static str,
    rules: Vec<Line>,
}

/// One rule in a list.
struct Line {
    id: String,
    glyph: &'static str,
    verdict: String,
    urgency: String,
    pressing: bool,
    statement: String,
    evidence: String,
}

/// The facts of one section, id and label.
struct Section {
    name: String,
    facts: Vec<(String, String)>,
}

/// What the list is narrowed to; GET changes nothing, so that a link may hold it.
struct Filter {
    words: Vec<String>,
    set: Option<RuleSet>,
    class: Option<Evidence>,
}

impl Filter {
    /// From a query; what it does not know it does not filter by.
    fn read(visit: &Visit) -> Self {
        let words = visit.query.get("q").unwrap_or_default().to_lowercase();
        let (set, class) = (visit.query.get("set"), visit.query.get("evidence"));
        let named = |class: &Evidence| Some(key(*class)) == visit.query.get("evidence");
        Self {
            words: words.split_whitespace().map(str::to_owned).collect(),
            set: set.and_then(|set| RuleSet::ALL.iter().find(|s| s.as_str() == set).copied()),
            class: class.and_then(|_| Evidence::ALL.into_iter().find(named)),
        }
    }

    /// Whether each word stands somewhere in these texts.
    fn finds(&self, texts: &[&str]) -> bool {
        let whole = texts.join(" ").to_lowercase();
        self.words.iter().all(|word| whole.contains(word))
    }

    fn narrows(&self) -> bool {
        !self.words.is_empty() || self.set.is_some() || self.class.is_some()
    }

    fn takes(&self, rule: &Rule, knowledge: &Knowledge) -> bool {
        let cited = rule.sources.iter().filter_map(|id| knowledge.source(id));
        let cited: Vec<String> = cited.map(|s| format!("{} {}", s.id, s.cite())).collect();
        let cited = cited.join(" ");
        let texts = [
            rule.id.as_str(),
            &rule.practitioner,
            &rule.statement,
            &rule.when,
            &cited,
        ];
        self.set.is_none_or(|set| set == rule.set)
            && self.class.is_none_or(|class| class == rule.evidence)
            && self.finds(&texts)
    }
}

/// GET `/knowledge`.
pub async fn show(visit: Visit) -> Reply {
    let f = Frame::new(&visit, Place::Knowledge);
    let (filter, knowledge) = (Filter::read(&visit), visit.app.clinic.knowledge());
    let groups: Vec<Group> = RuleSet::ALL
        .iter()
        .map(|set| Group {
            name: f.t.rule_set(*set),
            key: set.as_str(),
            rules: listed(knowledge, *set, &filter)
                .into_iter()
                .map(|rule| line(&f, rule))
                .collect(),
        })
        .filter(|group| !group.rules.is_empty())
        .collect();
    let all = knowledge.all_rules().len();
    let digits: String = knowledge.sha256().chars().take(12).collect();
    html(&List {
        head: f.t.knowledge_head(all, knowledge.catalogue().facts().len()),
        lead: f.t.knowledge_lead(&knowledge.reference().version, digits),
        words: visit.query.get("q").unwrap_or_default().to_owned(),
        sets: choices(
            RuleSet::ALL,
            |set| (set.as_str(), f.t.rule_set(set)),
            filter.set,
        ),
        classes: choices(
            &Evidence::ALL,
            |c| (key(c), f.t.evidence_class(c)),
            filter.class,
        ),
        shown: groups.iter().map(|group| group.rules.len()).sum(),
        all,
        groups,
        narrowed: filter.narrows(),
        facts: sections(knowledge, &filter),
        f,
    })
}

/// The rules of a set that the filter takes, the most pressing first, then the worst.
fn listed<'k>(knowledge: &'k Knowledge, set: RuleSet, filter: &Filter) -> Vec<&'k Rule> {
    let taken = knowledge.rules(set);
    let mut rules: Vec<&Rule> = taken.filter(|rule| filter.takes(rule, knowledge)).collect();
    rules.sort_by_key(|rule| (std::cmp::Reverse(rule.urgency), set.rank(rule.verdict)));
    rules
}

fn choices<T: Copy + PartialEq>(
    all: &[T],
    named: impl Fn(T) -> (&'static str, String),
    chosen: Option<T>,
) -> Vec<Choice> {
    let choice = |one: &T| {
        let (key, name) = named(*one);
        Choice {
            key: key.to_owned(),
            name,
            chosen: chosen == Some(*one),
        }
    };
    all.iter().map(choice).collect()
}

/// The facts that the words find, by section in the order of the files.
fn sections(knowledge: &Knowledge, filter: &Filter) -> Vec<Section> {
    let mut sections: Vec<Section> = Vec::new();
    for fact in knowledge.catalogue().facts() {
        if !filter.finds(&[&fact.id, &fact.label, &fact.practitioner, &fact.patient]) {
            continue;
        }
        let name = fact.section.replace(['-', '_'], " ");
        let entry = (fact.id.clone(), fact.label.clone());
        match sections.iter_mut().find(|section| section.name == name) {
            Some(section) => section.facts.push(entry),
            None => sections.push(Section {
                name,
                facts: vec![entry],
            }),
        }
    }
    sections
}

/// One rule as lists show it.
fn line(f: &Frame, rule: &Rule) -> Line {
    Line {
        id: rule.id.clone(),
        glyph: glyph(rule.verdict.as_str()),
        verdict: f.t.verdict(rule.verdict.as_str()),
        urgency: f.t.urgency(rule.urgency.as_str()),
        pressing: rule.urgency >= care::decide::Urgency::Urgent,
        statement: rule.practitioner.clone(),
        evidence: f.t.evidence_class(rule.evidence),
    }
}

/// The name of a class in a link.
const fn key(class: Evidence) -> &'static str {
    match class {
        Evidence::ExpertOpinion => "expert-opinion",
        other => other.as_str(),
    }
}
