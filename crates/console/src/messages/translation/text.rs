//! The messages of Fluent files, and what a translation must keep of the English ones.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::LazyLock;

use fluent_syntax::ast::{
    Entry, Expression, InlineExpression, Message, Pattern, PatternElement, Resource,
};
use fluent_syntax::{parser, serializer};
use si::Problem;

/// One message.
#[derive(Debug)]
pub(super) struct Told {
    /// File and line.
    place: String,
    /// Its whole text in one spelling, without comments.
    pub(super) text: String,
    /// The arguments that stand in it.
    arguments: BTreeSet<String>,
}

/// What is said in English, by id.
pub(super) fn english() -> &'static BTreeMap<&'static str, Told> {
    static ENGLISH: LazyLock<BTreeMap<&str, Told>> = LazyLock::new(|| {
        let (mut told, mut wrong) = (BTreeMap::new(), Vec::new());
        for file in super::super::ENGLISH {
            // The build has read these files already.
            read(("en", *file), &mut told, &mut wrong);
        }
        told
    });
    &ENGLISH
}

/// Adds the messages of a file; false where some of it is not Fluent.
pub(super) fn read<'a>(
    (file, text): (&str, &'a str),
    told: &mut BTreeMap<&'a str, Told>,
    reasons: &mut Vec<Problem>,
) -> bool {
    let (whole, errors) = match parser::parse(text) {
        Ok(whole) => (whole, Vec::new()),
        Err((whole, errors)) => (whole, errors),
    };
    for error in &errors {
        let at = error.slice.as_ref().map_or(error.pos.start, |s| s.start);
        let told = text.get(at..).and_then(|rest| rest.lines().next());
        reasons.push(Problem::new(
            "translation-not-fluent",
            format!("{file}:{}", line(text, error.pos.start)),
            shortened(told.unwrap_or_default()),
            format!("is not Fluent: {error}"),
            "write it as the English file does: id, equals sign, words; more lines are indented",
        ));
    }
    for entry in whole.body {
        match entry {
            Entry::Message(message) => one((file, text), message, told, reasons),
            Entry::Term(term) => reasons.push(formless(
                format!("{file}:{}", found(text, &format!("-{}", term.id.name))),
                &format!("-{}", term.id.name),
                "is a term, and terms are not used here",
            )),
            _ => {}
        }
    }
    errors.is_empty()
}

fn one<'a>(
    (file, text): (&str, &'a str),
    message: Message<&'a str>,
    told: &mut BTreeMap<&'a str, Told>,
    reasons: &mut Vec<Problem>,
) {
    let id = message.id.name;
    let place = format!("{file}:{}", found(text, id));
    let mut arguments = BTreeSet::new();
    let plain = message.attributes.is_empty();
    let words = message.value.as_ref().filter(|_| plain);
    if !words.is_some_and(|words| pattern(words, &mut arguments)) {
        let problem = "holds something else than words and arguments";
        reasons.push(formless(place.clone(), id, problem));
    }
    let bare = Message {
        comment: None,
        ..message
    };
    let new = Told {
        place: place.clone(),
        text: serializer::serialize(&Resource {
            body: vec![Entry::Message(bare)],
        }),
        arguments,
    };
    if let Some(first) = told.insert(id, new) {
        reasons.push(Problem::new(
            "translation-twice",
            place,
            id,
            format!("is said at {} too", first.place),
            "keep one of them",
        ));
    }
}

/// Adds the reasons that lie in single messages: ids that nobody says, and other arguments.
pub(super) fn compare(told: &BTreeMap<&str, Told>, reasons: &mut Vec<Problem>) {
    for (id, one) in told {
        let Some(original) = english().get(id) else {
            reasons.push(Problem::new(
                "translation-unknown",
                one.place.clone(),
                *id,
                "is the id of no English message",
                "take it out, or spell the id as messages/en does",
            ));
            continue;
        };
        if one.arguments != original.arguments {
            reasons.push(Problem::new(
                "translation-arguments",
                one.place.clone(),
                format!("{id} with {}", listed(&one.arguments)),
                "has other arguments than the English message",
                format!("use exactly {}", listed(&original.arguments)),
            ));
        }
    }
}

fn listed(arguments: &BTreeSet<String>) -> String {
    let names: Vec<_> = arguments.iter().map(|name| format!("${name}")).collect();
    match names.is_empty() {
        true => "none".to_owned(),
        false => names.join(" "),
    }
}

fn formless(place: String, value: &str, problem: &str) -> Problem {
    let remedy = "write words, the arguments of the English message, and forms chosen by them";
    Problem::new("translation-form", place, value, problem, remedy)
}

/// Collects the arguments; false where something else is placed.
fn pattern(words: &Pattern<&str>, arguments: &mut BTreeSet<String>) -> bool {
    let mut elements = words.elements.iter();
    elements.all(|element| match element {
        PatternElement::TextElement { .. } => true,
        PatternElement::Placeable { expression } => match expression {
            Expression::Inline(inline) => argument(inline, arguments),
            Expression::Select { selector, variants } => {
                argument(selector, arguments)
                    && variants.iter().all(|one| pattern(&one.value, arguments))
            }
        },
    })
}

fn argument(inline: &InlineExpression<&str>, arguments: &mut BTreeSet<String>) -> bool {
    match inline {
        InlineExpression::VariableReference { id } => {
            arguments.insert(id.name.to_owned());
            true
        }
        _ => false,
    }
}

/// The line on which an id is said.
fn found(text: &str, id: &str) -> usize {
    let says = |line: &str| {
        let rest = line.strip_prefix(id);
        rest.is_some_and(|rest| rest.trim_start_matches(' ').starts_with('='))
    };
    1 + text.lines().position(says).unwrap_or_default()
}

fn line(text: &str, at: usize) -> usize {
    1 + text.bytes().take(at).filter(|byte| *byte == b'\n').count()
}

fn shortened(words: &str) -> String {
    const LONGEST: usize = 60;
    words.chars().take(LONGEST).collect()
}
