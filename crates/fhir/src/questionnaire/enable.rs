//! What opens a fact, as `enableWhen`.
//!
//! The catalogue says it in criteria (`needed_when`), or by the fact that one is a detail of.
//! FHIR has one flat list of comparisons, joined by `all` or by `any`, and no "unknown". So each
//! criterion is weakened until it fits: whatever holds under the criteria is shown, and something
//! may be shown that the criteria would not ask for. What a question of this form does not answer
//! hides nothing.

use super::item::{choice, no, number_answer, yes};
use care::criteria::{self, Check, Literal, Number, Operator, Tree};
use care::fact::{Catalogue, Fact, Kind};
use serde_json::{Value, json};
use std::collections::BTreeSet;

/// Which facts a form asks.
pub(super) struct Scope<'s> {
    pub(super) catalogue: &'s Catalogue,
    pub(super) asked: &'s BTreeSet<&'s str>,
}

/// When a question is shown.
#[derive(Clone, Debug)]
pub(super) enum Shown {
    Always,
    All(Vec<Value>),
    Any(Vec<Value>),
}

impl Shown {
    /// The comparisons and how they are joined; none of what is always shown.
    pub(super) fn parts(self) -> Option<(Vec<Value>, &'static str)> {
        match self {
            Self::Always => None,
            Self::All(parts) => Some((parts, "all")),
            Self::Any(parts) => Some((parts, "any")),
        }
    }
}

impl Scope<'_> {
    /// When a form shows a fact's question.
    pub(super) fn of(&self, fact: &Fact) -> Shown {
        match (&fact.needed_when, &fact.detail_of) {
            (Some(text), _) => self.criteria(text),
            (None, Some(parent)) => self.detail_of(parent),
            (None, None) => Shown::Always,
        }
    }

    fn criteria(&self, text: &str) -> Shown {
        criteria::parse(text).map_or(Shown::Always, |tree| self.weakened(&tree))
    }

    /// A detail is asked where what it is a detail of was found.
    fn detail_of(&self, parent: &str) -> Shown {
        let Some(fact) = self.plain(parent) else {
            return Shown::Always;
        };
        match (&fact.positive, fact.kind) {
            (Some(text), _) => self.criteria(text),
            (None, Kind::Boolean) => one(parent, "=", yes()),
            (None, _) => one(parent, "exists", ("answerBoolean", json!(true))),
        }
    }

    /// A fact that the form asks by one question.
    fn plain(&self, id: &str) -> Option<&Fact> {
        let fact = self.catalogue.get(id)?;
        (self.asked.contains(id) && fact.index.is_empty()).then_some(fact)
    }

    fn weakened(&self, tree: &Tree) -> Shown {
        match tree {
            Tree::Atom(atom) => match self.plain(&atom.fact) {
                Some(fact) => compared(fact, &atom.check),
                None => Shown::Always,
            },
            Tree::Any(parts) | Tree::AtLeast(1.., parts) => self.any(parts),
            Tree::All(parts) => self.all(parts),
            Tree::Not(inner) => self.negated(inner),
            Tree::NotShown(_) | Tree::Each { .. } | Tree::AtLeast(0, _) => Shown::Always,
        }
    }

    /// Of each alternative one comparison is enough, and none may be left out.
    fn any(&self, parts: &[Tree]) -> Shown {
        let mut all = Vec::new();
        for part in parts {
            match self.weakened(part) {
                Shown::Always => return Shown::Always,
                Shown::All(one) => all.extend(one.into_iter().take(1)),
                Shown::Any(some) => all.extend(some),
            }
        }
        Shown::Any(all)
    }

    /// What cannot be said is left out; alternatives stay only where nothing else is left.
    fn all(&self, parts: &[Tree]) -> Shown {
        let (mut all, mut some) = (Vec::new(), Shown::Always);
        for part in parts {
            match (self.weakened(part), &some) {
                (Shown::All(one), _) => all.extend(one),
                (alternatives @ Shown::Any(_), Shown::Always) => some = alternatives,
                _ => {}
            }
        }
        if all.is_empty() {
            some
        } else {
            Shown::All(all)
        }
    }

    fn negated(&self, inner: &Tree) -> Shown {
        let Tree::Atom(atom) = inner else {
            return Shown::Always;
        };
        match (self.plain(&atom.fact), &atom.check) {
            (Some(fact), Check::Holds) if fact.kind == Kind::Boolean => one(&fact.id, "=", no()),
            (Some(fact), Check::Is(Literal::Word(word))) if fact.kind == Kind::Choice => {
                one(&fact.id, "!=", ("answerCoding", choice(fact, word)))
            }
            _ => Shown::Always,
        }
    }
}

fn one(question: &str, operator: &str, (member, answer): (&str, Value)) -> Shown {
    Shown::All(vec![
        json!({ "question": question, "operator": operator, member: answer }),
    ])
}

fn compared(fact: &Fact, check: &Check) -> Shown {
    match (check, fact.kind) {
        (Check::Holds, Kind::Boolean) => one(&fact.id, "=", yes()),
        (Check::Is(Literal::Word(word)), Kind::Boolean | Kind::Choice) => word_is(fact, word),
        (Check::In(literals), Kind::Choice) => {
            let mut all = Vec::new();
            for literal in literals {
                match literal {
                    Literal::Word(word) => {
                        if let Shown::All(part) = word_is(fact, word) {
                            all.extend(part);
                        }
                    }
                    Literal::Number(_) => return Shown::Always,
                }
            }
            Shown::Any(all)
        }
        (Check::Compare(operator, number), Kind::Number) => measured(fact, *operator, number),
        // When a date lies is not compared: that there is one is.
        _ => one(&fact.id, "exists", ("answerBoolean", json!(true))),
    }
}

fn word_is(fact: &Fact, word: &str) -> Shown {
    let answer = match (fact.kind, word) {
        (Kind::Boolean, "yes" | "true") => yes(),
        (Kind::Boolean, _) => no(),
        _ => ("answerCoding", choice(fact, word)),
    };
    one(&fact.id, "=", answer)
}

fn measured(fact: &Fact, operator: Operator, number: &Number) -> Shown {
    let own = fact.unit.as_deref().unwrap_or("1");
    let given = number.unit.as_deref().unwrap_or("1");
    match care::fact::convert(number.value, given, own) {
        Some(value) => one(&fact.id, operator.as_str(), number_answer(fact, value)),
        None => one(&fact.id, "exists", ("answerBoolean", json!(true))),
    }
}
