//! A query as it was asked, read into tests of named values; what is not understood is refused
//! by its name (R4, §3.1.1.4: a server may pass over what it does not know; this one never does).

use si::Problem;

use super::Kind;
use super::asks::{present, test, tests};
use super::param::Param;
use super::table::{Searched, searched};
use super::value::ORDER;
use super::written::split;

/// The most entries of a page *(ours: an answer stays below a megabyte)*.
pub const MAX_COUNT: u32 = 200;
/// Entries of a page where nobody says *(ours)*.
const COUNT: u32 = 50;
/// Values of one parameter, with commas between them *(ours)*.
const MOST: usize = 50;
/// Parameters of one query *(ours: a database bounds how deep a statement may be)*.
const PARAMETERS: usize = 50;
/// What says how an answer is given; said twice, one of them would be passed over.
const ONCE: [&str; 4] = ["_count", "_page", "_sort", "_total"];

/// The one format.
const FHIR_JSON: &str = "application/fhir+json";

/// Which end of a value is compared.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum End {
    /// The value, or where it begins.
    Value,
    /// Where it ends.
    Until,
}

/// How it is compared.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Op {
    /// The same.
    Is,
    /// The same or greater.
    Least,
    /// Greater.
    Above,
    /// The same or less.
    Most,
    /// Less.
    Below,
}

/// One value of this name for which all of these hold.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Test {
    /// Type and parameter.
    pub name: String,
    /// What holds of the value.
    pub bounds: Vec<(End, Op, String)>,
}

/// One of these tests holds, or none of them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Criterion {
    /// The tests.
    pub any: Vec<Test>,
    /// Whether none may hold.
    pub negated: bool,
}

/// What was asked for.
#[derive(Clone, Debug)]
pub struct Query {
    /// The type and its parameters.
    pub searched: &'static Searched,
    /// All of these hold.
    pub all: Vec<Criterion>,
    /// The name of the values by which entries are sorted.
    pub order: String,
    /// Whether the program said so.
    pub(super) sorted: bool,
    /// Greatest first.
    pub descending: bool,
    /// Entries of a page; 0 for the total alone.
    pub count: u32,
    /// Whether the total is asked for.
    pub total: bool,
    /// Which references come along.
    pub includes: Vec<&'static Param>,
    /// Where the page begins, as the page before it said.
    pub page: Option<String>,
}

impl Query {
    /// Reads a query; `base` is the address of the interface, which references may begin with.
    ///
    /// # Errors
    /// The first thing that is not understood: type, parameter, modifier, prefix, value, sort; more
    /// parameters than are looked for; a word on the answer that is said twice.
    pub fn read(kind: &str, asked: &[(String, String)], base: &str) -> Result<Self, Problem> {
        let searched = searched(kind).ok_or_else(|| {
            let remedy = "/fhir/metadata lists the types that are";
            refused("search-type", kind, "cannot be searched", remedy)
        })?;
        bounded(asked)?;
        let mut query = Self {
            searched,
            all: Vec::new(),
            order: format!("{kind}._lastUpdated{ORDER}"),
            sorted: false,
            descending: false,
            count: COUNT,
            total: false,
            includes: Vec::new(),
            page: None,
        };
        for (name, value) in asked {
            query.take(name, value.trim(), base)?;
        }
        Ok(query)
    }

    /// Whether a resource of the type is what is asked for: where there is no index.
    #[must_use]
    pub fn fits(&self, resource: &serde_json::Value) -> bool {
        let rows = super::rows(resource);
        let one = |test: &Test| rows.iter().any(|row| test.holds(row));
        let mut all = self.all.iter();
        all.all(|criterion| criterion.any.iter().any(one) != criterion.negated)
    }

    fn take(&mut self, name: &str, value: &str, base: &str) -> Result<(), Problem> {
        if value.is_empty() {
            let remedy = "give it a value, or leave it away";
            return Err(refused("search-value", name, "has no value", remedy));
        }
        match name {
            "_count" => {
                let count: u32 = value.parse().map_err(|_| unreadable(name, value))?;
                self.count = count.min(MAX_COUNT);
            }
            "_sort" => self.sort(value)?,
            "_total" => {
                self.total = match value {
                    "accurate" => true,
                    "none" => false,
                    _ => return Err(unreadable(name, value)),
                };
            }
            "_include" => self.include(value)?,
            "_page" => self.page = Some(value.to_owned()),
            // A plus sign in a form stands for a space.
            "_format" if names_json(&value.replace(' ', "+")) => {}
            "_format" => {
                let remedy = format!("ask for {FHIR_JSON}");
                return Err(refused("format", value, "is not written here", &remedy));
            }
            _ => {
                let criterion = self.criterion(name, value, base)?;
                self.all.push(criterion);
            }
        }
        Ok(())
    }

    fn sort(&mut self, value: &str) -> Result<(), Problem> {
        let (descending, name) = match value.strip_prefix('-') {
            Some(name) => (true, name),
            None => (false, value),
        };
        let sorts = self.searched.sorts();
        if !sorts.contains(&name) {
            let remedy = format!(
                "sort by one of {}, with - before it for the last first",
                sorts.join(", ")
            );
            return Err(refused(
                "search-sort",
                value,
                "is nothing to sort by",
                &remedy,
            ));
        }
        self.order = format!("{}.{name}{ORDER}", self.searched.kind);
        self.descending = descending;
        self.sorted = true;
        Ok(())
    }

    fn include(&mut self, value: &str) -> Result<(), Problem> {
        let known = value
            .split_once(':')
            .filter(|(kind, _)| *kind == self.searched.kind);
        let known = known.filter(|(_, name)| self.searched.includes.contains(name));
        let param = known.and_then(|(_, name)| self.searched.param(name));
        let param = param.ok_or_else(|| {
            let named = self.searched.includes.iter();
            let named: Vec<String> = named
                .map(|one| format!("{}:{one}", self.searched.kind))
                .collect();
            let remedy = format!("include one of {}", named.join(", "));
            refused(
                "search-include",
                value,
                "is nothing that can be included",
                &remedy,
            )
        })?;
        self.includes.push(param);
        Ok(())
    }

    fn criterion(&self, name: &str, value: &str, base: &str) -> Result<Criterion, Problem> {
        let (bare, modifier) = match name.split_once(':') {
            Some((bare, modifier)) => (bare, Some(modifier)),
            None => (name, None),
        };
        let param = self.searched.param(bare).ok_or_else(|| {
            let all: Vec<&str> = self.searched.all().map(|param| param.name).collect();
            let remedy = format!("use one of {}", all.join(", "));
            refused(
                "search-parameter",
                name,
                "is no parameter of this type",
                &remedy,
            )
        })?;
        let full = format!("{}.{bare}", self.searched.kind);
        let negated = match modifier {
            None => false,
            Some("not") if param.kind == Kind::Token => true,
            Some("missing") => return missing(param, &full, (name, value)),
            Some(_) => {
                let remedy = "use :missing, or :not of a token";
                return Err(refused(
                    "search-modifier",
                    name,
                    "has a modifier that is not understood",
                    remedy,
                ));
            }
        };
        let parts = split(value, ',');
        if parts.len() > MOST {
            let remedy = format!("ask for at most {MOST} at once");
            return Err(refused(
                "search-value",
                name,
                "has too many values",
                &remedy,
            ));
        }
        let mut any = Vec::new();
        for part in parts {
            any.extend(tests(param, &full, &part, base).ok_or_else(|| unreadable(name, &part))?);
        }
        Ok(Criterion { any, negated })
    }
}

/// That there are not too many parameters, and none twice that is said once.
fn bounded(asked: &[(String, String)]) -> Result<(), Problem> {
    if asked.len() > PARAMETERS {
        let remedy = format!("ask with at most {PARAMETERS}");
        let count = asked.len().to_string();
        return Err(refused(
            "search-parameters",
            &count,
            "are too many parameters",
            &remedy,
        ));
    }
    for once in ONCE {
        if asked.iter().filter(|(name, _)| name == once).count() > 1 {
            let remedy = "say it once";
            return Err(refused("search-repeated", once, "is said twice", remedy));
        }
    }
    Ok(())
}

/// Whether a list of types, as `Accept` has it, names JSON: nothing else is written (R4,
/// §3.1.0.1.11).
#[must_use]
pub fn names_json(asked: &str) -> bool {
    let json = |kind: &str| {
        let kind = kind.split(';').next().unwrap_or_default().trim();
        let any = matches!(kind, "*/*" | "application/*");
        any || matches!(kind, "json" | "text/json" | "application/json" | FHIR_JSON)
    };
    asked.split(',').any(json)
}

/// Whether there is no value at all. A token has several rows and one of them without its system:
/// that it is there says enough, and is found among fewer.
fn missing(param: &Param, full: &str, (name, value): (&str, &str)) -> Result<Criterion, Problem> {
    let negated = match value {
        "true" => true,
        "false" => false,
        _ => return Err(unreadable(name, value)),
    };
    let any = match param.kind {
        Kind::Token => vec![present(full)],
        _ => vec![test(full, [])],
    };
    Ok(Criterion { any, negated })
}

fn refused(code: &'static str, value: &str, problem: &str, remedy: &str) -> Problem {
    let shown: String = value.chars().take(60).collect();
    Problem::new(code, "query", shown, problem, remedy)
}

fn unreadable(name: &str, value: &str) -> Problem {
    let shown = format!("{name}={value}");
    let remedy =
        "write it as R4 does, with a prefix of eq ne gt lt ge le sa eb for dates and numbers";
    refused("search-value", &shown, "cannot be read", remedy)
}

#[cfg(test)]
mod tests {
    use super::*;

    const BASE: &str = "https://a.example/fhir";

    fn read(kind: &str, asked: &[(&str, &str)]) -> Result<Query, Problem> {
        let asked: Vec<_> = asked
            .iter()
            .map(|(a, b)| ((*a).to_owned(), (*b).to_owned()))
            .collect();
        Query::read(kind, &asked, BASE)
    }

    fn first(kind: &str, name: &str, value: &str) -> Vec<Test> {
        let query = read(kind, &[(name, value)]).unwrap();
        query.all[0].any.clone()
    }

    #[test]
    fn whatever_is_not_understood_is_refused_by_its_name() {
        for (name, value, code) in [
            ("colour", "red", "search-parameter"),
            ("subject.name", "x", "search-parameter"),
            ("subject:Patient", "x", "search-modifier"),
            ("code:in", "x", "search-modifier"),
            ("date", "xx2026", "search-value"),
            ("date", "ap2026", "search-value"),
            ("date", "soon", "search-value"),
            ("date:missing", "perhaps", "search-value"),
            ("subject", "just-an-id", "search-value"),
            ("code", "a|b|c", "search-value"),
            ("code", "|", "search-value"),
            ("value-quantity", "many", "search-value"),
            ("status", "", "search-value"),
            ("_sort", "code", "search-sort"),
            ("_sort", "date,-_lastUpdated", "search-sort"),
            ("_count", "-1", "search-value"),
            ("_total", "estimate", "search-value"),
            ("_include", "Observation:device", "search-include"),
            ("_include", "Observation:*", "search-include"),
            ("_revinclude", "Provenance:target", "search-parameter"),
            ("_summary", "true", "search-parameter"),
            ("_elements", "id", "search-parameter"),
            ("_has:Observation:patient:code", "x", "search-parameter"),
            ("_filter", "x", "search-parameter"),
        ] {
            let problem = read("Observation", &[(name, value)]).unwrap_err();
            assert_eq!(problem.code, code, "{name}={value}");
            let named = problem.value.contains(name) || problem.value.contains(value);
            assert!(named, "{name}={value}: {}", problem.value);
        }
        assert_eq!(read("Spaceship", &[]).unwrap_err().code, "search-type");
    }

    #[test]
    fn what_is_said_of_an_answer_is_said_once() {
        for (name, one, other) in [
            ("_count", "5", "10"),
            ("_page", "a", "b"),
            ("_sort", "date", "-date"),
            ("_total", "none", "none"),
        ] {
            let problem = read("Observation", &[(name, one), ("code", "x"), (name, other)]);
            let problem = problem.unwrap_err();
            assert_eq!((problem.code, &*problem.value), ("search-repeated", name));
        }
        let both = [("date", "ge2026"), ("date", "lt2027"), ("code", "a")];
        assert_eq!(read("Observation", &both).unwrap().all.len(), 3);
    }

    #[test]
    fn a_form_asks_for_the_formats_that_an_address_may() {
        for json in [
            "json",
            "text/json",
            "application/json",
            "application/fhir+json",
            "application/fhir json",
            "application/fhir+json;fhirVersion=4.0",
            "application/fhir+xml,application/fhir+json",
            "*/*",
        ] {
            assert!(read("Patient", &[("_format", json)]).is_ok(), "{json}");
        }
        for other in ["xml", "application/fhir+xml", "ttl", "html/xml", "jsonp"] {
            let problem = read("Patient", &[("_format", other)]).unwrap_err();
            assert_eq!((problem.code, &*problem.value), ("format", other));
        }
    }

    #[test]
    fn a_query_has_a_bound() {
        let asked = |count| vec![("code", "x"); count];
        assert!(read("Observation", &asked(PARAMETERS)).is_ok());
        let problem = read("Observation", &asked(1100)).unwrap_err();
        assert_eq!(
            (problem.code, &*problem.value),
            ("search-parameters", "1100")
        );
        let values = |count| vec!["x"; count].join(",");
        assert!(read("Observation", &[("code", &values(MOST))]).is_ok());
        assert!(read("Observation", &[("code", &values(MOST + 1))]).is_err());
    }

    #[test]
    fn tokens_and_references_are_asked_for_as_they_are_kept() {
        let value = |name, text| first("Observation", name, text)[0].bounds[0].2.clone();
        assert_eq!(value("code", "72514-3"), "=72514-3");
        assert_eq!(
            value("code", "http://loinc.org|72514-3"),
            "http://loinc.org|72514-3"
        );
        assert_eq!(value("code", "|72514-3"), "|72514-3");
        assert_eq!(value("code", "http://loinc.org|"), "http://loinc.org|");
        assert_eq!(value("code", "a\\,b"), "=a,b");
        assert_eq!(value("patient", "1"), "Patient/1");
        assert_eq!(value("subject", "Patient/1"), "Patient/1");
        assert_eq!(
            value("subject", "https://a.example/fhir/Patient/1"),
            "Patient/1"
        );
        assert_eq!(first("Observation", "status", "final,amended").len(), 2);
    }

    #[test]
    fn a_page_has_bounds_an_order_and_what_comes_along() {
        let asked = [
            ("_count", "9999"),
            ("_sort", "-date"),
            ("_include", "Observation:subject"),
        ];
        let query = read("Observation", &asked).unwrap();
        assert_eq!((query.count, query.descending), (MAX_COUNT, true));
        assert_eq!(query.order, "Observation.date~");
        assert_eq!(query.includes[0].name, "subject");
    }
}
