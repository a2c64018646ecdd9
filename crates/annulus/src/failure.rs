//! How a command ends: 0, 1 for a failure, 2 for bad input.

use crate::cli::Format;
use serde::Serialize;
use si::Problem;
use std::process::ExitCode;
use table::wire::Refusal;

/// Why a command did not do what it was asked.
#[derive(Debug)]
pub(crate) enum Failure {
    /// The caller sent something that cannot be taken: exit 2.
    Input(Problem),
    /// A bedside refused what it was asked: exit 2.
    Refused(Refusal),
    /// Knowledge is broken, in every place that is named: exit 2.
    Knowledge(Vec<Problem>),
    /// Something else failed: exit 1.
    Failed {
        /// What was being done.
        doing: String,
        /// What went wrong, and what may help.
        cause: String,
    },
}

impl From<Problem> for Failure {
    fn from(problem: Problem) -> Self {
        Self::Input(problem)
    }
}

impl Failure {
    /// A failure while `doing` something.
    pub(crate) fn new(doing: impl Into<String>, cause: impl std::fmt::Display) -> Self {
        Self::Failed {
            doing: doing.into(),
            cause: cause.to_string(),
        }
    }

    /// Prints it on standard error and gives the exit status.
    pub(crate) fn report(&self, format: Format) -> ExitCode {
        let line = match format {
            Format::Text => self.text(),
            Format::Json => self.json(),
        };
        eprint_line(&line);
        match self {
            Self::Input(_) | Self::Refused(_) | Self::Knowledge(_) => ExitCode::from(2),
            Self::Failed { .. } => ExitCode::from(1),
        }
    }

    fn text(&self) -> String {
        match self {
            Self::Input(problem) => format!("error: {problem}"),
            Self::Refused(refusal) => format!("error: {refusal}"),
            Self::Knowledge(problems) => {
                let lines: Vec<_> = problems.iter().map(ToString::to_string).collect();
                let noun = if lines.len() == 1 {
                    "problem"
                } else {
                    "problems"
                };
                let count = lines.len();
                format!(
                    "error: {count} {noun} in the knowledge\n{}",
                    lines.join("\n")
                )
            }
            Self::Failed { doing, cause } => format!("error: {doing}: {cause}"),
        }
    }

    fn json(&self) -> String {
        let shown = match self {
            Self::Input(problem) => shown(problem),
            Self::Knowledge(problems) => {
                let problems: Vec<_> = problems.iter().map(shown).collect();
                return serde_json::json!({ "code": "knowledge", "problems": problems })
                    .to_string();
            }
            Self::Refused(refusal) => Shown {
                code: &refusal.code,
                place: &refusal.place,
                value: &refusal.value,
                problem: &refusal.problem,
                remedy: &refusal.remedy,
            },
            Self::Failed { doing, cause } => Shown {
                code: "failed",
                place: doing,
                value: "",
                problem: cause,
                remedy: "mend what the problem names, then try again",
            },
        };
        serde_json::to_string(&shown).unwrap_or_else(|error| format!("{{\"problem\":\"{error}\"}}"))
    }
}

fn shown(problem: &Problem) -> Shown<'_> {
    Shown {
        code: problem.code,
        place: &problem.place,
        value: &problem.value,
        problem: &problem.problem,
        remedy: &problem.remedy,
    }
}

#[derive(Serialize)]
struct Shown<'a> {
    code: &'a str,
    place: &'a str,
    value: &'a str,
    problem: &'a str,
    remedy: &'a str,
}

#[expect(
    clippy::print_stderr,
    reason = "the one place where errors reach the caller"
)]
fn eprint_line(line: &str) {
    eprintln!("{line}");
}
