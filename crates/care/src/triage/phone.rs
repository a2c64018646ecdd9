//! Triage as a phone without a network does it: the same rules as trees over the answers.
//!
//! What the form does not ask is settled here; what it asks, and what follows from the
//! answers ([`derived`](super::derived)), is left for the phone to read. By the same record
//! the phone is never milder than [`triage`](super::triage): where a tree cannot say what the
//! engine would say, there is no sheet. What is told after a sheet was made is not in it: it is
//! made anew whenever answers were taken, and an old one calls nobody well (`ui/src/phone.ts`).

use jiff::Timestamp;
use serde::Serialize;
use si::Region;

use super::Moment;
use super::derive::{self, SITES};
use crate::criteria::{Expr, Leaf, Node, Operator, Reader, Scenario, Test};
use crate::decide::{Ask as AskOf, RuleSet, Urgency, Verdict};
use crate::episode::{Episode, Session, Visit};
use crate::fact::{
    Baseline, By, Direction, Fact, FactKey, FactSet, Kind, Moment as Instant, Reading, Value,
    number_in,
};
use crate::knowledge::Rule;

/// Everything a phone needs to tell what answers after one session mean.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Sheet {
    /// `annulus/phone-triage/1`.
    pub schema: &'static str,
    /// When it was made.
    pub at: Timestamp,
    /// When the session ended; durations count from here.
    pub ended: Timestamp,
    /// Where pain is scored.
    pub sites: [&'static str; 3],
    /// The score at arrival, per site.
    pub arrival: [Option<f64>; 3],
    /// The worst score told since the session, per site.
    pub worst: [Option<f64>; 3],
    /// Every result, the worst first.
    pub verdicts: &'static [Verdict],
    /// The result when no rule holds and none is open.
    pub otherwise: Verdict,
    /// The rules of the region.
    pub rules: Vec<SheetRule>,
}

/// One rule.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct SheetRule {
    /// Its id.
    pub rule: String,
    /// The result when it holds.
    pub verdict: Verdict,
    /// What it does to the result while it is open.
    pub undecided: Verdict,
    /// What the patient is told when it holds.
    pub statement: String,
    /// What the patient says at the desk of an emergency department.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub say: Option<String>,
    /// When it holds.
    pub when: Ask,
}

/// Criteria over the answers of a form, in three values: a question without an answer is unknown.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Ask {
    /// Every one holds.
    All(Vec<Ask>),
    /// One holds.
    Any(Vec<Ask>),
    /// So many hold.
    AtLeast(usize, Vec<Ask>),
    /// It does not hold.
    Not(Box<Ask>),
    /// It is false or unknown.
    NotShown(Box<Ask>),
    /// It holds, does not, or cannot be known, whatever is answered.
    Known(Option<bool>),
    /// The answer to this question is one of these, as a form sends them.
    OneOf(String, Vec<String>),
    /// The number answered or computed under this name compares so.
    Compare(String, &'static str, f64),
}

/// The sheet of a session; none before it has ended, or where the engine knows more of an
/// asked fact than a tree can say.
#[must_use]
pub fn sheet(
    episode: &Episode,
    visit: &Visit,
    session: &Session,
    moment: &Moment<'_>,
) -> Option<Sheet> {
    let region = visit.region.or(episode.region).unwrap_or(Region::Lumbar);
    let set = RuleSet::Triage;
    let told = derive::Told::of(visit, session, &[]);
    let compiler = Compiler {
        visit,
        settled: settled(episode, session, moment),
        moment,
        region,
    };
    let rules = moment
        .knowledge
        .rules(set)
        .filter(|rule| rule.is_for(region));
    Some(Sheet {
        schema: "annulus/phone-triage/1",
        at: moment.at,
        ended: session.ended?,
        sites: SITES,
        arrival: told.arrival,
        worst: told.worst,
        verdicts: set.verdicts(),
        otherwise: set.default_verdict(),
        rules: rules
            .map(|rule| compiler.rule(rule))
            .collect::<Option<_>>()?,
    })
}

/// What the engine is told beside the answers.
fn settled(episode: &Episode, session: &Session, moment: &Moment<'_>) -> FactSet {
    let told = [
        super::was_silent(false, moment.at),
        derive::adjusted_before(episode, session, moment.at),
    ];
    told.into_iter().collect()
}

struct Compiler<'a> {
    visit: &'a Visit,
    settled: FactSet,
    moment: &'a Moment<'a>,
    region: Region,
}

impl Compiler<'_> {
    fn rule(&self, rule: &Rule) -> Option<SheetRule> {
        let compiled = rule.compiled[self.region as usize].as_ref()?;
        let verdict = match rule.urgency {
            Urgency::Emergency => Verdict::Emergency,
            _ => rule.verdict,
        };
        Some(SheetRule {
            rule: rule.id.clone(),
            verdict,
            undecided: RuleSet::Triage.undecided(rule.verdict),
            statement: rule.statement.clone(),
            say: rule.say.clone(),
            when: self.ask(&compiled.expr)?,
        })
    }

    fn ask(&self, expr: &Expr) -> Option<Ask> {
        let all = |parts: &[Expr]| -> Option<Vec<Ask>> {
            parts.iter().map(|part| self.ask(part)).collect()
        };
        Some(match &expr.node {
            Node::All(parts) => Ask::All(all(parts)?),
            Node::Any(parts) => Ask::Any(all(parts)?),
            Node::AtLeast(count, parts) => Ask::AtLeast(*count, all(parts)?),
            Node::Not(inner) => Ask::Not(Box::new(self.ask(inner)?)),
            Node::NotShown(inner) => Ask::NotShown(Box::new(self.ask(inner)?)),
            Node::Leaf(leaf) => self.leaf(leaf)?,
        })
    }

    /// An answer, a number that the phone computes, or what is settled already.
    fn leaf(&self, leaf: &Leaf) -> Option<Ask> {
        let catalogue = self.moment.knowledge.catalogue();
        let (fact, key) = catalogue.at(leaf.slot);
        if derive::COMPUTED.contains(&fact.id.as_str()) {
            return self.number(&leaf.test, fact, key);
        }
        if fact.ask != AskOf::Patient || fact.default.is_some() {
            return Some(self.known(leaf));
        }
        // A test that may be unneeded is no plain question.
        let number = catalogue.fact_number(leaf.slot);
        let applicability = self.moment.knowledge.applicability(self.region);
        if matches!(applicability.needed.get(number), Some(Some(_))) {
            return None;
        }
        match fact.kind {
            Kind::Boolean | Kind::Choice => Some(self.words(&leaf.test, fact, key)),
            Kind::Number => self.number(&leaf.test, fact, key),
            Kind::Date => None,
        }
    }

    fn known(&self, leaf: &Leaf) -> Ask {
        let knowledge = self.moment.knowledge;
        let view = knowledge.view(&self.settled, self.instant(), Baseline::First);
        let reader = Reader {
            view: &view,
            applicability: knowledge.applicability(self.region),
            kept: &[],
        };
        Ask::Known(leaf.evaluate(reader, Scenario::default()).certain().into())
    }

    /// The answers for which it holds, each tried.
    fn words(&self, test: &Test, fact: &Fact, key: &FactKey) -> Ask {
        let answers: Vec<(String, Value)> = match fact.kind {
            Kind::Boolean => vec![
                ("yes".to_owned(), Value::Bool(true)),
                ("no".to_owned(), Value::Bool(false)),
            ],
            _ => {
                let words = fact.values.iter();
                words
                    .map(|word| (word.clone(), Value::Choice(word.clone())))
                    .collect()
            }
        };
        let mut holds = Vec::new();
        for (word, value) in answers {
            let told = Reading::value(key.clone(), value, self.moment.at, By::Patient);
            let found = test.holds(&told, self.baseline(key).as_ref(), fact, self.instant());
            match found.and_then(Option::from) {
                Some(true) => holds.push(word),
                Some(false) => {}
                None => return Ask::Known(None),
            }
        }
        Ask::OneOf(key.to_string(), holds)
    }

    fn number(&self, test: &Test, fact: &Fact, key: &FactKey) -> Option<Ask> {
        let compare =
            |operator: Operator, limit| Ask::Compare(key.to_string(), operator.as_str(), limit);
        match test {
            Test::Compare(operator, limit) => Some(compare(*operator, *limit)),
            Test::Worse(step) => {
                let baseline = self.baseline(key);
                let Some(then) = baseline.and_then(|then| number_in(&then, fact)) else {
                    return Some(Ask::Known(None));
                };
                let higher = fact.worse.unwrap_or(Direction::Higher) == Direction::Higher;
                Some(match (higher, step) {
                    (true, None) => compare(Operator::Greater, then),
                    (true, Some(by)) => compare(Operator::AtLeast, then + by),
                    (false, None) => compare(Operator::Less, then),
                    (false, Some(by)) => compare(Operator::AtMost, then - by),
                })
            }
            _ => None,
        }
    }

    /// What was told of it at arrival.
    fn baseline(&self, key: &FactKey) -> Option<Reading> {
        let arrival: FactSet = self.visit.arrival.iter().cloned().collect();
        let mut told = arrival.of(key).iter().rev();
        let told = told.find(|r| r.as_value().is_some() && r.at <= self.visit.arrived);
        told.cloned()
    }

    const fn instant(&self) -> Instant<'_> {
        Instant {
            at: self.moment.at,
            zone: self.moment.zone,
        }
    }
}
