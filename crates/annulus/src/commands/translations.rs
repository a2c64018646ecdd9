//! `annulus translations FOLDER`: what a server would show of it, and why not the rest.

use crate::cli::{Format, TranslationsArgs};
use crate::failure::Failure;
use crate::files;
use console::messages::translation::{self, Verdict};
use serde_json::{Value, json};
use si::Problem;
use std::fmt::Write as _;

/// Prints the verdict of each translation; a failure where one may not be shown.
pub(crate) fn run(args: &TranslationsArgs, format: Format) -> Result<(), Failure> {
    let drafts = translation::read(&args.folder)?;
    let today = translation::latest_day(jiff::Timestamp::now());
    let judged = drafts.iter().map(|one| translation::judge(one, today));
    let verdicts: Vec<Verdict> = judged.collect();
    let text = match format {
        Format::Text => page(&verdicts),
        Format::Json => document(&verdicts)?,
    };
    files::print(text.as_bytes())?;
    let refused = verdicts.iter().filter(|one| one.outcome.is_err());
    let refused: Vec<&str> = refused.map(|one| one.tag.as_str()).collect();
    if refused.is_empty() {
        return Ok(());
    }
    let cause = format!("may not be shown: {}", refused.join(", "));
    Err(Failure::new("checking translations", cause))
}

fn page(verdicts: &[Verdict]) -> String {
    let mut text = String::new();
    for verdict in verdicts {
        match (&verdict.outcome, &verdict.review) {
            (Ok(_), Some(review)) => {
                let _ = writeln!(
                    text,
                    "{}: shown, reviewed by {} ({}) on {}",
                    verdict.tag, review.reviewer, review.profession, review.date
                );
            }
            (Ok(_), None) => {
                let _ = writeln!(text, "{}: shown", verdict.tag);
            }
            (Err(reasons), _) => {
                let _ = writeln!(text, "{}: not shown", verdict.tag);
                for reason in reasons {
                    let _ = writeln!(text, "  {reason}");
                }
            }
        }
        if let Some(digest) = &verdict.digest {
            let _ = writeln!(text, "  digest {digest}");
        }
    }
    if verdicts.is_empty() {
        text.push_str("No translation: no folder stands in this one.\n");
    }
    text
}

fn document(verdicts: &[Verdict]) -> Result<String, Failure> {
    let all: Vec<Value> = verdicts.iter().map(told).collect();
    let whole = json!({ "schema": "annulus.translations/1", "translations": all });
    serde_json::to_string_pretty(&whole).map_err(|error| Failure::new("writing JSON", error))
}

fn told(verdict: &Verdict) -> Value {
    let refused = verdict.outcome.as_ref().err().into_iter().flatten();
    let review = verdict.review.as_ref().map(|review| {
        json!({
            "reviewer": review.reviewer,
            "profession": review.profession,
            "date": review.date,
        })
    });
    json!({
        "tag": verdict.tag,
        "shown": verdict.outcome.is_ok(),
        "reasons": refused.map(reason).collect::<Vec<_>>(),
        "missing": verdict.missing,
        "digest": verdict.digest,
        "review": review,
    })
}

fn reason(problem: &Problem) -> Value {
    json!({
        "code": problem.code,
        "place": problem.place,
        "value": problem.value,
        "problem": problem.problem,
        "remedy": problem.remedy,
    })
}
