//! The parsed text, as written: what the printer prints back.
use jiff::Span;
use std::fmt;

/// Line and column, from 1.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Place {
    /// Line.
    pub line: u32,
    /// Column, in characters.
    pub column: u32,
}

/// Criteria as written.
#[derive(Clone, Debug, PartialEq)]
pub enum Tree {
    /// Every one holds.
    All(Vec<Tree>),
    /// One holds.
    Any(Vec<Tree>),
    /// So many hold.
    AtLeast(u32, Vec<Tree>),
    /// It does not hold.
    Not(Box<Tree>),
    /// It is false or unknown.
    NotShown(Box<Tree>),
    /// For some, or for all, values of the variables.
    Each {
        /// The variables.
        binders: Vec<Binder>,
        /// What is asked for each.
        body: Box<Tree>,
    },
    /// A question to one fact.
    Atom(Atom),
}

/// `any level in lumbar`.
#[derive(Clone, Debug, PartialEq)]
pub struct Binder {
    /// `all` rather than `any`.
    pub all: bool,
    /// The variable.
    pub variable: String,
    /// The region its set is taken from; the decision's own without one.
    pub region: Option<String>,
    /// Where it stands.
    pub place: Place,
}

/// A question to one fact.
#[derive(Clone, Debug, PartialEq)]
pub struct Atom {
    /// The fact.
    pub fact: String,
    /// Its index: variables or values.
    pub index: Vec<String>,
    /// What is asked of it.
    pub check: Check,
    /// Where it stands.
    pub place: Place,
}

/// What is asked of a fact.
#[derive(Clone, Debug, PartialEq)]
pub enum Check {
    /// It is yes.
    Holds,
    /// It has this value.
    Is(Literal),
    /// It has one of these values.
    In(Vec<Literal>),
    /// It compares so with a number.
    Compare(Operator, Number),
    /// The date lies no further back than this.
    Within(Duration),
    /// The date lies further back than this.
    LongerThan(Duration),
    /// It is worse than the baseline, by at least so much where a number is given.
    WorseThanBaseline(Option<Number>),
}

/// A value in criteria.
#[derive(Clone, Debug, PartialEq)]
pub enum Literal {
    /// A choice, or `yes`, `no`, `true`, `false`.
    Word(String),
    /// A number.
    Number(Number),
}

/// A number and its unit; no unit for a number without one.
#[derive(Clone, Debug, PartialEq)]
pub struct Number {
    /// The number.
    pub value: f64,
    /// Its UCUM unit.
    pub unit: Option<String>,
}

/// A comparison.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Operator {
    /// `<`
    Less,
    /// `<=`
    AtMost,
    /// `>`
    Greater,
    /// `>=`
    AtLeast,
}

impl Operator {
    /// As written.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Less => "<",
            Self::AtMost => "<=",
            Self::Greater => ">",
            Self::AtLeast => ">=",
        }
    }

    /// Whether it holds.
    #[must_use]
    pub fn holds(self, left: f64, right: f64) -> bool {
        match self {
            Self::Less => left < right,
            Self::AtMost => left <= right,
            Self::Greater => left > right,
            Self::AtLeast => left >= right,
        }
    }
}

/// A calendar duration.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Duration {
    /// How many.
    pub count: u32,
    /// Of what.
    pub unit: TimeUnit,
}

impl Duration {
    /// As a span of the calendar.
    #[must_use]
    pub fn span(self) -> Span {
        let (span, count) = (Span::new(), i64::from(self.count));
        match self.unit {
            TimeUnit::Hours => span.hours(count),
            TimeUnit::Days => span.days(count),
            TimeUnit::Weeks => span.weeks(count),
            TimeUnit::Months => span.months(count),
            TimeUnit::Years => span.years(count),
        }
    }
}

/// A calendar unit.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TimeUnit {
    /// Hours.
    Hours,
    /// Days.
    Days,
    /// Weeks.
    Weeks,
    /// Months.
    Months,
    /// Years.
    Years,
}

impl TimeUnit {
    /// The plural word.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Hours => "hours",
            Self::Days => "days",
            Self::Weeks => "weeks",
            Self::Months => "months",
            Self::Years => "years",
        }
    }

    pub(super) fn parse(word: &str) -> Option<Self> {
        [
            Self::Hours,
            Self::Days,
            Self::Weeks,
            Self::Months,
            Self::Years,
        ]
        .into_iter()
        .find(|unit| word == unit.as_str() || word == &unit.as_str()[..unit.as_str().len() - 1])
    }
}

impl Tree {
    /// Calls `visit` on every atom.
    pub fn for_each_atom(&self, visit: &mut impl FnMut(&Atom)) {
        match self {
            Self::All(parts) | Self::Any(parts) | Self::AtLeast(_, parts) => {
                parts.iter().for_each(|part| part.for_each_atom(visit));
            }
            Self::Not(inner) | Self::NotShown(inner) | Self::Each { body: inner, .. } => {
                inner.for_each_atom(visit);
            }
            Self::Atom(atom) => visit(atom),
        }
    }

    /// Whether some atom asks this fact.
    #[must_use]
    pub fn mentions(&self, fact: &str) -> bool {
        let mut found = false;
        self.for_each_atom(&mut |atom| found |= atom.fact == fact);
        found
    }
}

fn list(f: &mut fmt::Formatter<'_>, head: &str, parts: &[impl fmt::Display]) -> fmt::Result {
    f.write_str(head)?;
    for (number, part) in parts.iter().enumerate() {
        write!(f, "{}{part}", if number > 0 { ", " } else { "" })?;
    }
    f.write_str(")")
}

impl fmt::Display for Tree {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::All(parts) => list(f, "all(", parts),
            Self::Any(parts) => list(f, "any(", parts),
            Self::AtLeast(count, parts) => list(f, &format!("at_least({count}, "), parts),
            Self::Not(inner) => write!(f, "not ({inner})"),
            Self::NotShown(inner) => write!(f, "not_shown({inner})"),
            Self::Each { binders, body } => {
                f.write_str("(")?;
                for (number, binder) in binders.iter().enumerate() {
                    write!(f, "{}{binder}", if number > 0 { ", " } else { "" })?;
                }
                write!(f, ": {body})")
            }
            Self::Atom(atom) => write!(f, "{atom}"),
        }
    }
}

impl fmt::Display for Binder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "{} {}",
            if self.all { "all" } else { "any" },
            self.variable
        )?;
        self.region
            .iter()
            .try_for_each(|region| write!(f, " in {region}"))
    }
}

impl fmt::Display for Atom {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let index = if self.index.is_empty() {
            String::new()
        } else {
            format!("[{}]", self.index.join(", "))
        };
        let term = format!("{}{index}", self.fact);
        match &self.check {
            Check::Holds => f.write_str(&term),
            Check::Is(literal) => write!(f, "{term} = {literal}"),
            Check::In(literals) => {
                let words: Vec<String> = literals.iter().map(ToString::to_string).collect();
                write!(f, "{term} in {{{}}}", words.join(", "))
            }
            Check::Compare(operator, number) => write!(f, "{term} {} {number}", operator.as_str()),
            Check::Within(duration) => write!(f, "within({term}, {duration})"),
            Check::LongerThan(duration) => write!(f, "longer_than({term}, {duration})"),
            Check::WorseThanBaseline(None) => write!(f, "worse_than_baseline({term})"),
            Check::WorseThanBaseline(Some(by)) => write!(f, "worse_than_baseline({term}, {by})"),
        }
    }
}

impl fmt::Display for Literal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Word(word) => f.write_str(word),
            Self::Number(number) => write!(f, "{number}"),
        }
    }
}

impl fmt::Display for Number {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.value)?;
        self.unit.iter().try_for_each(|unit| write!(f, " {unit}"))
    }
}

impl fmt::Display for Duration {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.count, self.unit.as_str())
    }
}
