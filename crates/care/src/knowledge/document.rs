//! The knowledge as a page for people, in Markdown: `docs/knowledge.md`.
//!
//! A clinician reads it from the top: how a decision is made, how much there is and
//! on what it rests, every rule, the numbers of dose, the evidence, what is contested, the facts,
//! the sources. It is generated and holds nothing of its own but the first lines;
//! the order is that of the files, so that a changed rule is a changed section.
mod condition;
mod dose;
mod evidence;
mod fact;
mod policy;
mod rule;

pub use policy::policy;

use super::{Knowledge, Rule, SourceKind};
use crate::decide::{Evidence, RuleSet};
use std::fmt::Write as _;

const HEAD: &str = "\
# What Annulus knows

Generated from the files under `crates/care/knowledge` by `annulus knowledge docs`; change them, not this page.
Annulus is decision support and research software: it never diagnoses, and it is not a cleared medical device.
Nothing here is approved by a clinician: a clinic approves rules and numbers of dose in its own journal.

- [How a decision is made](#how-a-decision-is-made)
- [In numbers](#in-numbers)
- [Rules](#rules)
- [Numbers of dose](#numbers-of-dose)
- [What the evidence says](#what-the-evidence-says)
- [Instruments](#instruments)
- [What is contested](#what-is-contested)
- [Facts](#facts)
- [Sources](#sources)

## How a decision is made
1. A **fact** is what somebody said, measured or found, with who, when and from where; a fact that nobody recorded, or that is no longer fresh, is unknown.
2. A **rule** asks its criteria of the facts and fires, does not fire, or stays undecided because a fact is unknown.
3. The result is the worst that any rule says, for verdict and urgency apart; a rule that fires never makes better what another said.
4. Doubt never clears: an undecided rule that would forbid leads to `evaluate-first`, and what would decide it is asked next.
5. A person decides: who may go on despite a rule stands with the rule, and an urgent rule is never set aside.
";

/// The whole page.
///
/// # Errors
/// The numbers of dose cannot be read.
pub fn document(knowledge: &Knowledge) -> Result<String, si::Problem> {
    let mut text = String::from(HEAD);
    numbers(&mut text, knowledge);
    text.push_str("\n## Rules\n");
    index(&mut text, knowledge);
    for set in RuleSet::ALL {
        let mut file = "";
        for rule in knowledge.rules(*set) {
            if rule.file != file {
                file = &rule.file;
                let _ = writeln!(text, "\n### {}", heading(file));
            }
            rule::write(&mut text, rule, knowledge);
        }
    }
    dose::write(&mut text, knowledge)?;
    evidence::write(&mut text, knowledge);
    evidence::instruments(&mut text, knowledge);
    text.push_str("\n## What is contested\n");
    text.push_str(&policy(knowledge.policy()));
    fact::write(&mut text, knowledge);
    sources(&mut text, knowledge);
    Ok(text)
}

/// `rules/screening/cauda-equina.toml` as `Screening: cauda equina`.
fn heading(path: &str) -> String {
    let bare = path.trim_start_matches("rules/").trim_end_matches(".toml");
    let words = bare.replacen('/', ": ", 1).replace('-', " ");
    let mut letters = words.chars();
    let first = letters.next().map(|c| c.to_ascii_uppercase());
    first.into_iter().chain(letters).collect()
}

/// A line a file of rules, with a link to its section.
fn index(text: &mut String, knowledge: &Knowledge) {
    let mut files: Vec<(&str, usize)> = Vec::new();
    for set in RuleSet::ALL {
        for rule in knowledge.rules(*set) {
            match files.last_mut() {
                Some((file, count)) if *file == rule.file => *count += 1,
                _ => files.push((&rule.file, 1)),
            }
        }
    }
    for (file, count) in files {
        let name = heading(file);
        let anchor = name.to_lowercase().replace(": ", "-").replace(' ', "-");
        let _ = writeln!(text, "- [{name}](#{anchor}): {count}");
    }
}

/// A text in the cell of a table.
fn cell(text: &str) -> String {
    let flat: Vec<&str> = text.split_whitespace().collect();
    flat.join(" ").replace('|', "\\|")
}

/// Source ids as links into the list at the end.
fn links(ids: &[String]) -> String {
    let link = |id: &String| format!("[{id}](#{})", id.to_lowercase());
    let all: Vec<String> = ids.iter().map(link).collect();
    all.join(", ")
}

fn numbers(text: &mut String, knowledge: &Knowledge) {
    let rules = knowledge.all_rules();
    let cases: usize = rules.iter().map(|rule| rule.vignettes.len()).sum();
    let _ = writeln!(
        text,
        "\n## In numbers\n{} facts, {} rules with {cases} cases, {} sources.\n",
        knowledge.catalogue().facts().len(),
        rules.len(),
        knowledge.sources().len(),
    );
    text.push_str("| set | rules | results, worst first |\n|---|---|---|\n");
    for set in RuleSet::ALL {
        let of = |verdict| move |rule: &&Rule| rule.verdict == verdict;
        let counts = set.verdicts().iter().filter_map(|verdict| {
            let count = knowledge.rules(*set).filter(of(*verdict)).count();
            (count > 0).then(|| format!("{verdict} {count}"))
        });
        let counts: Vec<String> = counts.collect();
        let count = knowledge.rules(*set).count();
        let _ = writeln!(text, "| {set} | {count} | {} |", counts.join(", "));
    }
    text.push_str(
        "\nHow well the rules are founded, and the best kind of source that each cites. A rule of the class `list`\n\
         may cite a paper beside its list; the class says what the rule itself rests on.\n\n",
    );
    best(text, knowledge);
}

/// Rules by class of evidence and by the best kind of source.
fn best(text: &mut String, knowledge: &Knowledge) {
    let kind = |rule: &Rule| -> Option<SourceKind> {
        let cited = rule.sources.iter().filter_map(|id| knowledge.source(id));
        cited.map(|source| source.kind).min()
    };
    let rules = knowledge.all_rules();
    let mut kinds: Vec<SourceKind> = rules.iter().filter_map(kind).collect();
    kinds.sort();
    kinds.dedup();
    let names: Vec<&str> = kinds.iter().map(|kind| kind.as_str()).collect();
    let _ = writeln!(text, "| evidence | rules | {} |", names.join(" | "));
    let _ = writeln!(text, "|---|---|{}", "---|".repeat(kinds.len()));
    for class in Evidence::ALL {
        let of: Vec<&Rule> = rules.iter().filter(|r| r.evidence == class).collect();
        let count = |wanted: &SourceKind| {
            let number = of.iter().filter(|rule| kind(rule) == Some(*wanted)).count();
            match number {
                0 => String::new(),
                _ => number.to_string(),
            }
        };
        let row: Vec<String> = kinds.iter().map(count).collect();
        let _ = writeln!(
            text,
            "| {} | {} | {} |",
            class.as_str(),
            of.len(),
            row.join(" | ")
        );
    }
}

fn sources(text: &mut String, knowledge: &Knowledge) {
    text.push_str(
        "\n## Sources\nTitle and year stand only where our notes or the address show them; “read” says what of a source was seen.\n\n",
    );
    for source in knowledge.sources() {
        let (id, cited) = (&source.id, source.cite());
        let _ = write!(
            text,
            "- <a id=\"{}\"></a>**{id}** {cited}",
            id.to_lowercase()
        );
        let _ = match source.at.is_empty() {
            true => writeln!(text),
            false => writeln!(text, "  \n  {}", source.at),
        };
    }
}
