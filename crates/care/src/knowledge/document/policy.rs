//! What sources contest: each choice with its fence, and what is settled.
use super::{cell, links};
use crate::knowledge::{Choice, Policy};
use std::fmt::Write as _;

/// The choices and the settled questions, in the order of the file's numbers.
#[must_use]
pub fn policy(policy: &Policy) -> String {
    let mut text = String::new();
    if policy.choices.is_empty() && policy.settled.is_empty() {
        text.push_str(
            "Every contested question is settled inside the rules, which name their dissent.\n",
        );
    }
    for number in policy.numbers() {
        let choices = policy.choices.iter();
        for choice in choices.filter(|choice| choice.contested == number) {
            heading(&mut text, (&choice.id, number, &choice.question));
            open(&mut text, choice);
        }
        let settled = policy.settled.iter();
        for question in settled.filter(|question| question.contested == number) {
            heading(&mut text, (&question.id, number, &question.question));
            let (answer, reason) = (cell(&question.answer), cell(&question.reason));
            let cited = links(&question.sources);
            let _ = writeln!(text, "\nSettled: {answer} {reason} {cited}");
        }
    }
    text
}

fn heading(text: &mut String, (id, number, question): (&str, u8, &str)) {
    let question = cell(question);
    let _ = writeln!(text, "\n### `{id}` (question {number})\n{question}");
}

fn open(text: &mut String, choice: &Choice) {
    let (default, fence) = (&choice.default, choice.fence_in_words());
    let sets = choice.fact.as_ref().or(choice.dose.as_ref());
    let sets = sets.map_or("", String::as_str);
    let _ = writeln!(
        text,
        "\nThe clinic chooses `{sets}` from {fence}, strictest first; `{default}` until it does.\n"
    );
    for stand in &choice.stands {
        let (value, why) = (&stand.value, cell(&stand.why));
        let _ = writeln!(text, "- `{value}`: {why} {}", links(&stand.sources));
    }
    for words in &choice.dissent {
        let _ = writeln!(text, "- Dissent: {}", cell(words));
    }
}
