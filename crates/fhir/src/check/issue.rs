//! What is wrong with a resource: where, what was there, why, what to do.

use super::place::Place;
use serde_json::Value;
use si::Problem;
use std::fmt;

/// How much an issue weighs, in `OperationOutcome`'s words.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Severity {
    /// Worth knowing.
    Information,
    /// May be meant, is probably not.
    Warning,
    /// The resource does not conform to FHIR R4.
    Error,
    /// There is no resource to look at.
    Fatal,
}

impl Severity {
    /// Its FHIR code.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Self::Information => "information",
            Self::Warning => "warning",
            Self::Error => "error",
            Self::Fatal => "fatal",
        }
    }
}

/// The kind of an issue, out of FHIR's `IssueType`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum IssueType {
    /// Not the form that FHIR gives it: unknown, of another shape, too many.
    Structure,
    /// An element that must be there is not.
    Required,
    /// A value that its type does not allow.
    Value,
    /// A rule of a type that does not hold.
    Invariant,
    /// A code out of no list that it must be from.
    CodeInvalid,
    /// An extension that is not known, or not here.
    Extension,
    /// What a reference or a link names is not there.
    NotFound,
    /// A rule of how resources work together.
    BusinessRule,
    /// Too much to look at.
    TooCostly,
}

impl IssueType {
    /// Its FHIR code.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Self::Structure => "structure",
            Self::Required => "required",
            Self::Value => "value",
            Self::Invariant => "invariant",
            Self::CodeInvalid => "code-invalid",
            Self::Extension => "extension",
            Self::NotFound => "not-found",
            Self::BusinessRule => "business-rule",
            Self::TooCostly => "too-costly",
        }
    }
}

/// One thing that is wrong.
///
/// The value goes back to the sender alone: logs print [`Issue::log`], which
/// leaves it out because it may be patient data.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Issue {
    /// How much it weighs.
    pub severity: Severity,
    /// Its kind.
    pub kind: IssueType,
    /// The rule: an invariant's key as FHIR names it (`per-1`), or a name of ours.
    pub rule: &'static str,
    /// Where, as FHIRPath: `Bundle.entry[3].resource.value.ofType(Quantity).code`.
    pub place: String,
    /// What was there, shortened; empty where nothing was.
    pub value: String,
    /// What is wrong with it.
    pub problem: String,
    /// What the sender can do about it.
    pub remedy: String,
}

impl Issue {
    /// Whether the resource must be refused for it.
    #[must_use]
    pub fn is_error(&self) -> bool {
        self.severity >= Severity::Error
    }

    /// What is wrong and what to do, in words.
    #[must_use]
    pub fn diagnostics(&self) -> String {
        let value = match self.value.as_str() {
            "" => String::new(),
            value => format!("{value} "),
        };
        format!("{value}{}; {}", self.problem, self.remedy)
    }

    /// The line a log may keep: rule and place, never the value.
    #[must_use]
    pub fn log(&self) -> String {
        format!("{} at {}", self.rule, self.place)
    }
}

impl fmt::Display for Issue {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.place, self.diagnostics())
    }
}

impl From<Issue> for Problem {
    fn from(issue: Issue) -> Self {
        Self::new(
            issue.rule,
            issue.place,
            issue.value,
            issue.problem,
            issue.remedy,
        )
    }
}

/// What a check found, before it is put in its place.
#[derive(Clone, Debug)]
pub(super) struct Fault {
    pub(super) severity: Severity,
    pub(super) kind: IssueType,
    pub(super) rule: &'static str,
    pub(super) value: String,
    pub(super) problem: String,
    pub(super) remedy: String,
}

impl Fault {
    /// An error with nothing to show.
    pub(super) fn new(
        kind: IssueType,
        rule: &'static str,
        problem: impl Into<String>,
        remedy: impl Into<String>,
    ) -> Self {
        Self {
            severity: Severity::Error,
            kind,
            rule,
            value: String::new(),
            problem: problem.into(),
            remedy: remedy.into(),
        }
    }

    /// A rule of a type that does not hold.
    pub(super) fn invariant(
        rule: &'static str,
        problem: impl Into<String>,
        remedy: impl Into<String>,
    ) -> Self {
        Self::new(IssueType::Invariant, rule, problem, remedy)
    }

    /// With the text that was there.
    pub(super) fn of(mut self, value: &str) -> Self {
        self.value = shortened(value);
        self
    }

    /// With the value that was there.
    pub(super) fn of_value(self, value: &Value) -> Self {
        match value {
            Value::String(text) => self.of(text),
            Value::Array(items) => self.of(&format!("a list of {}", items.len())),
            Value::Object(body) => self.of(&format!("an object of {}", body.len())),
            other => self.of(&other.to_string()),
        }
    }

    /// As a warning.
    pub(super) fn warning(mut self) -> Self {
        self.severity = Severity::Warning;
        self
    }

    /// As an issue at its place.
    pub(super) fn at(self, place: &Place<'_>) -> Issue {
        Issue {
            severity: self.severity,
            kind: self.kind,
            rule: self.rule,
            place: place.to_string(),
            value: self.value,
            problem: self.problem,
            remedy: self.remedy,
        }
    }
}

/// Text as an issue may show it: short, on one line, in quotes.
fn shortened(text: &str) -> String {
    const LONGEST: usize = 80;
    let line: String = text
        .chars()
        .take(LONGEST)
        .map(|c| if c.is_control() { ' ' } else { c })
        .collect();
    let more = if text.chars().nth(LONGEST).is_some() {
        "…"
    } else {
        ""
    };
    format!("'{line}{more}'")
}
