//! `annulus knowledge policy`: what the sources contest, and what is in force here.

use crate::cli::Format;
use crate::failure::Failure;
use crate::files;
use care::knowledge::{Choice, Knowledge, Settled};
use serde_json::json;
use std::fmt::Write as _;

/// Prints every contested question with its fence, its default and what holds.
pub(crate) fn print(knowledge: &Knowledge, format: Format) -> Result<(), Failure> {
    let policy = knowledge.policy();
    if format == Format::Json {
        let choice = |choice: &Choice| {
            let mut told = json!(choice);
            told["in_force"] = json!(choice.in_force());
            told["loosened"] = json!(choice.is_loosened());
            told
        };
        let whole = json!({
            "schema": "annulus.policy/1",
            "knowledge": knowledge.reference(),
            "choices": policy.choices.iter().map(choice).collect::<Vec<_>>(),
            "settled": policy.settled,
        });
        let text = serde_json::to_string_pretty(&whole);
        return files::print(
            text.map_err(|error| Failure::new("writing JSON", error))?
                .as_bytes(),
        );
    }
    let mut text = String::new();
    for number in policy.numbers() {
        let choices = policy.choices.iter();
        for choice in choices.filter(|choice| choice.contested == number) {
            tell(&mut text, choice);
        }
        let settled = policy.settled.iter();
        for one in settled.filter(|one| one.contested == number) {
            told(&mut text, one);
        }
    }
    text.push_str(
        "A clinic answers a choice in its policy file; without an answer the default holds.\n",
    );
    files::print(text.as_bytes())
}

fn tell(text: &mut String, choice: &Choice) {
    let sets = choice.fact.as_ref().or(choice.dose.as_ref());
    let _ = writeln!(
        text,
        "{}. {} ({}, sets {})",
        choice.contested,
        choice.question,
        choice.id,
        sets.map_or("", String::as_str)
    );
    let _ = writeln!(
        text,
        "   Fence, strictest first: {}",
        choice.fence_in_words()
    );
    let loosened = if choice.is_loosened() {
        ", LOOSENED"
    } else {
        ""
    };
    let _ = writeln!(
        text,
        "   Default {}; in force {}{loosened}",
        choice.default,
        choice.in_force()
    );
    if let Some(chosen) = &choice.chosen {
        let _ = writeln!(
            text,
            "   Chosen by {} ({}) on {}: {}",
            chosen.approver, chosen.licence, chosen.date, chosen.reason
        );
    }
    for stand in &choice.stands {
        let sources = stand.sources.join(", ");
        let _ = writeln!(text, "   For {}: {} [{sources}]", stand.value, stand.why);
    }
    for words in &choice.dissent {
        let _ = writeln!(text, "   Dissent: {words}");
    }
    text.push('\n');
}

fn told(text: &mut String, one: &Settled) {
    let _ = writeln!(
        text,
        "{}. {} ({}, settled)\n   {}\n   {} [{}]\n",
        one.contested,
        one.question,
        one.id,
        one.answer,
        one.reason,
        one.sources.join(", ")
    );
}
