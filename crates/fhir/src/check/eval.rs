//! Whether an invariant holds: its FHIRPath, worked out on JSON.
//!
//! An invariant holds where its expression is true. Where it is neither, two
//! dates of different exactness say, it does not: so FHIR reads constraints.

use super::moment::Moment;
use super::path::{Expr, Function, Operator};
use super::table;
use serde_json::Value;
use std::borrow::Cow;
use std::cell::Cell;
use std::cmp::Ordering;

/// How deep `descendants()` looks.
const MAX_DEPTH: usize = crate::json::MAX_DEPTH;

/// One value on the way.
#[derive(Clone, Debug)]
enum Item<'a> {
    Node(&'a Value),
    Text(Cow<'a, str>),
    Number(f64),
    Flag(bool),
}

type Items<'a> = Vec<Item<'a>>;

/// Whether `expr` is true of `element`, which stands in `resource`; nothing where `steps` ran out.
pub(super) fn holds<'a>(
    expr: &'a Expr,
    element: &'a Value,
    resource: &'a Value,
    steps: &Cell<usize>,
) -> Option<bool> {
    let env = Env { resource, steps };
    let truth = env.truth(expr, &[Item::Node(element)]);
    (steps.get() > 0).then_some(truth == Some(true))
}

struct Env<'a, 's> {
    resource: &'a Value,
    /// How many more values may be looked at: some expressions look at all for each.
    steps: &'s Cell<usize>,
}

impl<'a> Env<'a, '_> {
    fn spend(&self, steps: usize) {
        self.steps.set(self.steps.get().saturating_sub(steps));
    }

    fn truth(&self, expr: &'a Expr, focus: &[Item<'a>]) -> Option<bool> {
        match self.eval(expr, focus).as_slice() {
            [Item::Flag(flag) | Item::Node(Value::Bool(flag))] => Some(*flag),
            [_] => Some(true),
            _ => None,
        }
    }

    fn eval(&self, expr: &'a Expr, focus: &[Item<'a>]) -> Items<'a> {
        if self.steps.get() == 0 {
            return Vec::new();
        }
        let found = self.found(expr, focus);
        self.spend(1 + found.len());
        found
    }

    fn found(&self, expr: &'a Expr, focus: &[Item<'a>]) -> Items<'a> {
        match expr {
            Expr::Empty => Vec::new(),
            Expr::Text(text) => vec![Item::Text(Cow::Borrowed(text))],
            Expr::Number(number) => vec![Item::Number(*number)],
            Expr::Flag(flag) => vec![Item::Flag(*flag)],
            Expr::This => focus.to_vec(),
            Expr::Resource => vec![Item::Node(self.resource)],
            Expr::Member(None, name) => members(focus, name),
            Expr::Member(Some(of), name) => members(&self.eval(of, focus), name),
            Expr::Call(None, function, arguments) => self.call(*function, arguments, focus, focus),
            Expr::Call(Some(of), function, arguments) => {
                self.call(*function, arguments, &self.eval(of, focus), focus)
            }
            Expr::Binary(operator, left, right) => self.binary(*operator, left, right, focus),
            Expr::Is(of, kind) => match self.eval(of, focus).as_slice() {
                [item] => vec![Item::Flag(is(item, kind))],
                _ => Vec::new(),
            },
        }
    }

    fn call(
        &self,
        function: Function,
        arguments: &'a [Expr],
        items: &[Item<'a>],
        focus: &[Item<'a>],
    ) -> Items<'a> {
        let flag = |flag| vec![Item::Flag(flag)];
        let argument = || arguments.first().map(|expr| self.eval(expr, focus));
        let each = |item: &Item<'a>| {
            let expr = arguments.first()?;
            self.truth(expr, std::slice::from_ref(item))
        };
        match function {
            Function::Exists => flag(!items.is_empty()),
            Function::Empty => flag(items.is_empty()),
            Function::Count => vec![Item::Number(count(items.len()))],
            Function::Not => match truth_of(items) {
                Some(known) => flag(!known),
                None => Vec::new(),
            },
            Function::All => flag(items.iter().all(|item| each(item) == Some(true))),
            Function::AllFalse => flag(items.iter().all(|item| !is_true(item))),
            Function::Where => {
                let kept = items.iter().filter(|item| each(item) == Some(true));
                kept.cloned().collect()
            }
            Function::Select => {
                let expr = arguments.first();
                let mapped = expr.map(|expr| {
                    let one = |item| self.eval(expr, std::slice::from_ref(item));
                    items.iter().flat_map(one).collect()
                });
                mapped.unwrap_or_default()
            }
            Function::Combine => {
                let more = argument().unwrap_or_default();
                items.iter().cloned().chain(more).collect()
            }
            Function::Intersect => {
                let others = argument().unwrap_or_default();
                self.spend(items.len().saturating_mul(others.len()));
                let shared = items.iter().filter(|item| contains(&others, item));
                shared.cloned().collect()
            }
            Function::Contains | Function::StartsWith => {
                let part = argument().unwrap_or_default();
                match (items, part.as_slice()) {
                    ([item], [part]) => match (text(item), text(part)) {
                        (Some(text), Some(part)) if function == Function::Contains => {
                            flag(text.contains(part.as_ref()))
                        }
                        (Some(text), Some(part)) => flag(text.starts_with(part.as_ref())),
                        _ => Vec::new(),
                    },
                    _ => Vec::new(),
                }
            }
            _ => alone(function, items),
        }
    }

    fn binary(
        &self,
        operator: Operator,
        left: &'a Expr,
        right: &'a Expr,
        focus: &[Item<'a>],
    ) -> Items<'a> {
        let answer = |known: Option<bool>| known.map(Item::Flag).into_iter().collect();
        match operator {
            Operator::And | Operator::Or | Operator::Xor | Operator::Implies => {
                let left = self.truth(left, focus);
                let right = || self.truth(right, focus);
                answer(logic(operator, left, right))
            }
            Operator::Union => {
                let mut all: Items<'a> = Vec::new();
                let right = self.eval(right, focus);
                for item in self.eval(left, focus).into_iter().chain(right) {
                    if !contains(&all, &item) {
                        all.push(item);
                    }
                }
                all
            }
            _ => {
                let (left, right) = (self.eval(left, focus), self.eval(right, focus));
                combined(operator, &left, &right)
            }
        }
    }
}

/// Functions of nothing but what they are called on.
fn alone<'a>(function: Function, items: &[Item<'a>]) -> Items<'a> {
    match function {
        Function::First => items.iter().take(1).cloned().collect(),
        Function::Tail => items.iter().skip(1).cloned().collect(),
        Function::Children => items.iter().flat_map(children).collect(),
        Function::Descendants => {
            let mut all = Vec::new();
            for item in items {
                descend(item, 0, &mut all);
            }
            all
        }
        Function::HasValue => vec![Item::Flag(
            matches!(items, [item] if text(item).is_some() || number(item).is_some() || !matches!(item, Item::Node(Value::Object(_)))),
        )],
        Function::IsDistinct => {
            let mut keys: Vec<String> = items.iter().map(key).collect();
            keys.sort_unstable();
            vec![Item::Flag(keys.windows(2).all(|pair| pair[0] != pair[1]))]
        }
        Function::ToInteger => match items {
            [item] => {
                let parsed = text(item).and_then(|text| text.parse().ok());
                let found = number(item).or(parsed);
                found.map(Item::Number).into_iter().collect()
            }
            _ => Vec::new(),
        },
        Function::ToText => match items {
            [item] => vec![Item::Text(Cow::Owned(key(item)))],
            _ => Vec::new(),
        },
        // `trace` shows what it is called on, and `as` narrows a choice that JSON named already.
        _ => items.to_vec(),
    }
}

fn combined<'a>(operator: Operator, left: &[Item<'a>], right: &[Item<'a>]) -> Items<'a> {
    let answer = match operator {
        Operator::Join => {
            let join = |items: &[Item<'a>]| items.first().map(key).unwrap_or_default();
            return vec![Item::Text(Cow::Owned(join(left) + &join(right)))];
        }
        Operator::Plus => {
            let sum = match (left, right) {
                ([a], [b]) => number(a).zip(number(b)).map(|(a, b)| a + b),
                _ => None,
            };
            return sum.map(Item::Number).into_iter().collect();
        }
        Operator::In => left.first().map(|item| contains(right, item)),
        Operator::Contains => right.first().map(|item| contains(left, item)),
        _ if left.is_empty() || right.is_empty() => None,
        Operator::Equal => Some(same(left, right)),
        Operator::NotEqual => Some(!same(left, right)),
        _ => order(left, right).map(|order| match operator {
            Operator::Less => order == Ordering::Less,
            Operator::AtMost => order != Ordering::Greater,
            Operator::Greater => order == Ordering::Greater,
            _ => order != Ordering::Less,
        }),
    };
    answer.map(Item::Flag).into_iter().collect()
}

/// Logic of three values: true, false, and neither.
fn logic(operator: Operator, left: Option<bool>, right: impl Fn() -> Option<bool>) -> Option<bool> {
    match (operator, left) {
        (Operator::And, Some(false)) => Some(false),
        (Operator::Or, Some(true)) | (Operator::Implies, Some(false)) => Some(true),
        (Operator::And | Operator::Implies, Some(true)) | (Operator::Or, Some(false)) => right(),
        (Operator::Xor, Some(left)) => right().map(|right| left != right),
        (Operator::And, None) => right().filter(|right| !right),
        (Operator::Or | Operator::Implies, None) => right().filter(|right| *right),
        _ => None,
    }
}

fn truth_of(items: &[Item<'_>]) -> Option<bool> {
    match items {
        [] => None,
        [item] => Some(is_true(item)),
        _ => None,
    }
}

fn is_true(item: &Item<'_>) -> bool {
    !matches!(item, Item::Flag(false) | Item::Node(Value::Bool(false)))
}

/// The members of that name; a choice by its name without its type.
fn members<'a>(items: &[Item<'a>], name: &str) -> Items<'a> {
    let mut found = Vec::new();
    for item in items {
        let Item::Node(value @ Value::Object(body)) = item else {
            continue;
        };
        if let Some(value) = body.get(name) {
            push(value, &mut found);
        } else if body.get("resourceType").and_then(Value::as_str) == Some(name) {
            found.push(Item::Node(value));
        } else {
            let choice = |key: &str| key.strip_prefix(name).is_some_and(table::is_type_ending);
            let extended = |key: &str| {
                let key = key.strip_prefix('_');
                key.is_some_and(|key| key == name || choice(key))
            };
            let found_key = body.iter().find(|(key, _)| choice(key));
            let found_key = found_key.or_else(|| body.iter().find(|(key, _)| extended(key)));
            if let Some((_, value)) = found_key {
                push(value, &mut found);
            }
        }
    }
    found
}

fn push<'a>(value: &'a Value, into: &mut Items<'a>) {
    match value {
        Value::Null => {}
        Value::Array(items) => {
            let present = items.iter().filter(|item| !item.is_null());
            into.extend(present.map(Item::Node));
        }
        value => into.push(Item::Node(value)),
    }
}

fn children<'a>(item: &Item<'a>) -> Items<'a> {
    let mut found = Vec::new();
    if let Item::Node(Value::Object(body)) = item {
        body.values().for_each(|value| push(value, &mut found));
    }
    found
}

fn descend<'a>(item: &Item<'a>, depth: usize, into: &mut Items<'a>) {
    if depth > MAX_DEPTH {
        return;
    }
    for child in children(item) {
        into.push(child.clone());
        descend(&child, depth + 1, into);
    }
}

fn text<'a>(item: &'a Item<'_>) -> Option<Cow<'a, str>> {
    match item {
        Item::Text(text) => Some(Cow::Borrowed(text)),
        Item::Node(Value::String(text)) => Some(Cow::Borrowed(text)),
        _ => None,
    }
}

fn number(item: &Item<'_>) -> Option<f64> {
    match item {
        Item::Number(number) => Some(*number),
        Item::Node(Value::Number(number)) => number.as_f64(),
        _ => None,
    }
}

fn is(item: &Item<'_>, kind: &str) -> bool {
    match item {
        Item::Flag(_) | Item::Node(Value::Bool(_)) => kind.eq_ignore_ascii_case("boolean"),
        Item::Number(_) | Item::Node(Value::Number(_)) => {
            ["decimal", "integer"].contains(&kind.to_ascii_lowercase().as_str())
        }
        Item::Text(_) | Item::Node(Value::String(_)) => kind.eq_ignore_ascii_case("string"),
        Item::Node(value) => value.get("resourceType").and_then(Value::as_str) == Some(kind),
    }
}

/// What an item is told apart by.
fn key(item: &Item<'_>) -> String {
    match item {
        Item::Text(text) => text.clone().into_owned(),
        Item::Node(Value::String(text)) => text.clone(),
        Item::Node(value) => value.to_string(),
        Item::Number(number) => number.to_string(),
        Item::Flag(flag) => flag.to_string(),
    }
}

fn equal(a: &Item<'_>, b: &Item<'_>) -> bool {
    if let (Some(a), Some(b)) = (text(a), text(b)) {
        return a == b;
    }
    if let (Some(a), Some(b)) = (number(a), number(b)) {
        return a.total_cmp(&b) == Ordering::Equal;
    }
    match (a, b) {
        (Item::Node(a), Item::Node(b)) => a == b,
        (Item::Flag(a), Item::Flag(b)) => a == b,
        (Item::Node(Value::Bool(a)), Item::Flag(b))
        | (Item::Flag(a), Item::Node(Value::Bool(b))) => a == b,
        _ => false,
    }
}

fn same(left: &[Item<'_>], right: &[Item<'_>]) -> bool {
    left.len() == right.len() && left.iter().zip(right).all(|(a, b)| equal(a, b))
}

fn contains(items: &[Item<'_>], wanted: &Item<'_>) -> bool {
    items.iter().any(|item| equal(item, wanted))
}

fn order(left: &[Item<'_>], right: &[Item<'_>]) -> Option<Ordering> {
    let ([a], [b]) = (left, right) else {
        return None;
    };
    if let (Some(a), Some(b)) = (number(a), number(b)) {
        return a.partial_cmp(&b);
    }
    let (a, b) = (text(a)?, text(b)?);
    match (Moment::read(&a), Moment::read(&b)) {
        (Ok(a), Ok(b)) => a.compare(b),
        _ => Some(a.cmp(&b)),
    }
}

fn count(length: usize) -> f64 {
    u32::try_from(length).map_or(f64::INFINITY, f64::from)
}
