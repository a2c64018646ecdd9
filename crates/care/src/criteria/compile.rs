//! From a tree to checked criteria: types, units, ranges, indices, guards.
use super::expr::{Expr, Leaf, Node, Test};
use super::{Atom, Binder, Check, Literal, Number, Place, SyntaxError, Tree};
use crate::fact::{Catalogue, Fact, FactKey, Kind, convert};
use si::Region;

/// What it means when the criteria hold.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stance {
    /// The result gets worse: a contraindication, a need for a test.
    Forbids,
    /// The result gets better: `well`, "does not apply".
    Permits,
}

type Checked<T> = Result<T, SyntaxError>;

fn fail<T>(place: Place, problem: impl AsRef<str>, remedy: impl AsRef<str>) -> Checked<T> {
    Err(SyntaxError::new(place, problem.as_ref(), remedy.as_ref()))
}

/// Checks criteria against the catalogue and spells their quantifiers out for a region.
///
/// # Errors
/// The first place that the catalogue or the language's rules refuse.
pub fn compile(
    tree: &Tree,
    catalogue: &Catalogue,
    region: Region,
    stance: Stance,
) -> Result<Expr, SyntaxError> {
    guarded(tree, catalogue, &mut Vec::new())?;
    let mut compiler = Compiler {
        catalogue,
        region,
        bound: Vec::new(),
    };
    compiler.tree(tree, stance == Stance::Forbids)
}

/// Refuses a date or detail that no sibling condition guards with the fact it belongs to.
fn guarded(tree: &Tree, catalogue: &Catalogue, guards: &mut Vec<String>) -> Checked<()> {
    match tree {
        Tree::All(parts) => parts.iter().enumerate().try_for_each(|(number, part)| {
            let kept = guards.len();
            let others = parts
                .iter()
                .enumerate()
                .filter(|(other, _)| *other != number);
            others.for_each(|(_, other)| other.for_each_atom(&mut |a| guards.push(a.fact.clone())));
            let result = guarded(part, catalogue, guards);
            guards.truncate(kept);
            result
        }),
        Tree::Any(parts) | Tree::AtLeast(_, parts) => parts
            .iter()
            .try_for_each(|part| guarded(part, catalogue, guards)),
        Tree::Not(inner) | Tree::NotShown(inner) | Tree::Each { body: inner, .. } => {
            guarded(inner, catalogue, guards)
        }
        Tree::Atom(atom) => match catalogue.get(&atom.fact).and_then(|f| f.detail_of.as_ref()) {
            Some(parent) if !guards.contains(parent) => fail(
                atom.place,
                format!(
                    "`{}` is a detail of `{parent}` and stands without it",
                    atom.fact
                ),
                format!("write `{parent} and …`"),
            ),
            _ => Ok(()),
        },
    }
}

struct Compiler<'a> {
    catalogue: &'a Catalogue,
    region: Region,
    bound: Vec<(String, String)>,
}

impl Compiler<'_> {
    fn tree(&mut self, tree: &Tree, harms: bool) -> Checked<Expr> {
        Ok(Expr::from(match tree {
            Tree::All(parts) => Node::All(self.trees(parts, harms)?),
            Tree::Any(parts) => Node::Any(self.trees(parts, harms)?),
            Tree::AtLeast(count, parts) => {
                Node::AtLeast(*count as usize, self.trees(parts, harms)?)
            }
            Tree::Not(inner) => Node::Not(Box::new(self.tree(inner, !harms)?)),
            Tree::NotShown(inner) if harms => Node::NotShown(Box::new(self.tree(inner, !harms)?)),
            Tree::NotShown(inner) => {
                return fail(
                    first_place(inner),
                    "`not_shown` stands where it would make a result better",
                    "use `not`, so that an unknown stays unknown",
                );
            }
            Tree::Each { binders, body } => return self.each(binders, body, harms),
            Tree::Atom(atom) => Node::Leaf(self.atom(atom, harms)?),
        }))
    }

    fn trees(&mut self, parts: &[Tree], harms: bool) -> Checked<Vec<Expr>> {
        parts.iter().map(|part| self.tree(part, harms)).collect()
    }

    fn each(&mut self, binders: &[Binder], body: &Tree, harms: bool) -> Checked<Expr> {
        let Some((binder, rest)) = binders.split_first() else {
            return self.tree(body, harms);
        };
        if self.bound.iter().any(|(name, _)| *name == binder.variable) {
            let problem = format!("`{}` is bound twice", binder.variable);
            return fail(binder.place, problem, "use each variable once");
        }
        let values = self.domain(binder, body)?;
        let mut parts = Vec::with_capacity(values.len());
        for value in values {
            self.bound.push((binder.variable.clone(), value));
            let part = self.each(rest, body, harms);
            self.bound.pop();
            parts.push(part?);
        }
        Ok(Expr::from(if binder.all {
            Node::All(parts)
        } else {
            Node::Any(parts)
        }))
    }

    /// The set a variable ranges over: the one that every fact it indexes declares.
    fn domain(&self, binder: &Binder, body: &Tree) -> Checked<Vec<String>> {
        let region = match binder.region.as_deref() {
            None | Some("region") => self.region,
            Some(name) => name.parse().or_else(|_| {
                fail(
                    binder.place,
                    format!("no region `{name}`"),
                    "write lumbar, cervical or region",
                )
            })?,
        };
        let mut found: Option<Vec<String>> = None;
        let mut clash = None;
        body.for_each_atom(&mut |atom| {
            let Some(fact) = self.catalogue.get(&atom.fact) else {
                return;
            };
            for (axis, name) in atom.index.iter().enumerate() {
                if *name != binder.variable {
                    continue;
                }
                let fits = fact.index.get(axis).is_some_and(|own| own.takes(name));
                let values = fact.axis_values(axis, region);
                if !fits || found.as_ref().is_some_and(|other| *other != values) {
                    clash = Some(atom.place);
                }
                found = Some(values);
            }
        });
        if let Some(place) = clash {
            let problem = format!("`{}` does not range over this fact's set", binder.variable);
            return fail(place, problem, "quantify facts of different sets apart");
        }
        match found.filter(|values| !values.is_empty()) {
            Some(values) => Ok(values),
            None => {
                let problem = format!("nothing is indexed by `{}`", binder.variable);
                fail(
                    binder.place,
                    problem,
                    "use the variable in the body, as in myotome[level, side]",
                )
            }
        }
    }

    fn atom(&self, atom: &Atom, harms: bool) -> Checked<Leaf> {
        let fact = self.fact(atom)?;
        let index: Vec<String> = atom.index.iter().map(|name| self.bind(name)).collect();
        let key = FactKey {
            fact: fact.id.as_str().into(),
            index,
        };
        let Some(slot) = self.catalogue.slot(&key) else {
            let axes: Vec<&str> = fact
                .index
                .iter()
                .map(crate::fact::IndexAxis::name)
                .collect();
            let problem = format!("`{key}` is not an index of `{}`", fact.id);
            return fail(
                atom.place,
                problem,
                format!("index it over [{}]", axes.join(", ")),
            );
        };
        Ok(Leaf {
            slot,
            test: test(atom, fact)?,
            harms,
        })
    }

    fn bind(&self, name: &str) -> String {
        let bound = self.bound.iter().find(|(variable, _)| variable == name);
        bound.map_or_else(|| name.to_owned(), |(_, value)| value.clone())
    }

    fn fact(&self, atom: &Atom) -> Checked<&Fact> {
        if let Some(fact) = self.catalogue.get(&atom.fact) {
            return Ok(fact);
        }
        let remedy = match self.catalogue.nearest(&atom.fact) {
            Some(id) => format!("did you mean `{id}`?"),
            None => "add it to knowledge/facts".to_owned(),
        };
        fail(
            atom.place,
            format!("no fact `{}` in the catalogue", atom.fact),
            remedy,
        )
    }
}

fn first_place(tree: &Tree) -> Place {
    let mut place = None;
    tree.for_each_atom(&mut |atom| place = place.or(Some(atom.place)));
    place.unwrap_or(Place { line: 1, column: 1 })
}

/// The typed test of an atom.
pub(super) fn test(atom: &Atom, fact: &Fact) -> Checked<Test> {
    match (&atom.check, fact.kind) {
        (Check::Holds, Kind::Boolean) => Ok(Test::Bool(true)),
        (Check::Is(Literal::Word(word)), Kind::Boolean) => boolean(atom, word),
        (Check::Is(literal), Kind::Choice) => choices(atom, fact, std::slice::from_ref(literal)),
        (Check::In(literals), Kind::Choice) => choices(atom, fact, literals),
        (Check::Is(literal), Kind::Number) => numbers(atom, fact, std::slice::from_ref(literal)),
        (Check::In(literals), Kind::Number) => numbers(atom, fact, literals),
        (Check::Compare(operator, number), Kind::Number) => {
            Ok(Test::Compare(*operator, in_range(atom, fact, number)?))
        }
        (Check::Within(duration), Kind::Date) => Ok(Test::Within(*duration)),
        (Check::LongerThan(duration), Kind::Date) => Ok(Test::LongerThan(*duration)),
        (Check::WorseThanBaseline(by), _) => worse(atom, fact, by.as_ref()),
        _ => fail(
            atom.place,
            format!("`{}` is a {} fact", fact.id, kind_name(fact.kind)),
            match fact.kind {
                Kind::Boolean => "write the fact alone, or `fact = no`",
                Kind::Number => "compare it with a number and its unit",
                Kind::Choice => "write `fact = choice` or `fact in {choice, …}`",
                Kind::Date => "use within(fact, 14 days) or longer_than(fact, 6 months)",
            },
        ),
    }
}

const fn kind_name(kind: Kind) -> &'static str {
    match kind {
        Kind::Boolean => "yes-or-no",
        Kind::Number => "number",
        Kind::Choice => "choice",
        Kind::Date => "date",
    }
}

fn boolean(atom: &Atom, word: &str) -> Checked<Test> {
    match word {
        "yes" | "true" => Ok(Test::Bool(true)),
        "no" | "false" => Ok(Test::Bool(false)),
        _ => fail(
            atom.place,
            format!("`{word}` is neither yes nor no"),
            "write yes or no",
        ),
    }
}

fn choices(atom: &Atom, fact: &Fact, literals: &[Literal]) -> Checked<Test> {
    let word = |literal: &Literal| match literal {
        Literal::Word(word) if fact.choice(word).is_some() => Ok(word.clone()),
        other => fail(
            atom.place,
            format!("`{other}` is not a choice of `{}`", fact.id),
            format!("choose from {}", fact.values.join(", ")),
        ),
    };
    literals
        .iter()
        .map(word)
        .collect::<Checked<Vec<String>>>()
        .map(Test::Choice)
}

fn numbers(atom: &Atom, fact: &Fact, literals: &[Literal]) -> Checked<Test> {
    let number = |literal: &Literal| match literal {
        Literal::Number(number) => in_range(atom, fact, number),
        Literal::Word(word) => fail(atom.place, format!("`{word}` is not a number"), "write one"),
    };
    literals
        .iter()
        .map(number)
        .collect::<Checked<Vec<f64>>>()
        .map(Test::Number)
}

/// The number in the fact's unit.
fn in_unit(atom: &Atom, fact: &Fact, number: &Number) -> Checked<f64> {
    let own = fact.unit.as_deref().unwrap_or("1");
    match (&number.unit, own) {
        (None, "1") => Ok(number.value),
        (None, _) => fail(
            atom.place,
            format!("the number {} has no unit", number.value),
            format!("write {} {own}", number.value),
        ),
        (Some(unit), _) => match convert(number.value, unit, own) {
            Some(value) => Ok(value),
            None => fail(
                atom.place,
                format!("`{unit}` is not a unit of `{}`", fact.id),
                format!("write it in {own}"),
            ),
        },
    }
}

fn in_range(atom: &Atom, fact: &Fact, number: &Number) -> Checked<f64> {
    let value = in_unit(atom, fact, number)?;
    match fact.range {
        Some([low, high]) if value < low || value > high => fail(
            atom.place,
            format!("{number} lies outside the range of `{}`", fact.id),
            format!("stay within {low} to {high}"),
        ),
        _ => Ok(value),
    }
}

fn worse(atom: &Atom, fact: &Fact, by: Option<&Number>) -> Checked<Test> {
    if fact.worse.is_none() && fact.kind != Kind::Boolean {
        let problem = format!("`{}` does not say which way it gets worse", fact.id);
        return fail(
            atom.place,
            problem,
            "give it `worse = \"higher\"` or \"lower\"",
        );
    }
    match (by, fact.kind) {
        (None, _) => Ok(Test::Worse(None)),
        (Some(number), Kind::Number) => {
            let amount = in_unit(atom, fact, number)?;
            let widest = fact.range.map_or(f64::INFINITY, |[low, high]| high - low);
            if amount <= 0.0 || amount > widest {
                return fail(
                    atom.place,
                    "the step is outside the fact's range",
                    "make it smaller",
                );
            }
            Ok(Test::Worse(Some(amount)))
        }
        _ => fail(atom.place, "only a number has a step", "leave the step out"),
    }
}
