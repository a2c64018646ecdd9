//! Search: which parameters there are, what a resource is found by, what a query asks for.
//!
//! ```text
//! resource ──▶ rows(resource): named values ──▶ (an index, elsewhere)
//! query    ──▶ Query: tests of named values ──▶
//! ```
//!
//! One table says what can be searched ([`SEARCHED`]); the extraction, the queries and the
//! CapabilityStatement follow from it. Whatever it does not have is refused by name.
//!
//! Must never know: what keeps the index; HTTP.

mod asks;
mod capability;
mod param;
mod path;
mod plan;
mod query;
mod table;
mod value;
mod written;

pub use capability::capabilities;
pub use param::Param;
pub use plan::Plan;
pub use query::{Criterion, End, MAX_COUNT, Op, Query, Test, names_json};
pub use table::{COMMON, SEARCHED, Searched, searched};
pub use value::Row;

use serde_json::Value;

/// How values are compared (R4, §3.1.1.4).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// A code or an identifier, with or without its system.
    Token,
    /// An instant or a span of time.
    Date,
    /// Another resource.
    Reference,
    /// The beginning of a word.
    Text,
    /// A number with a unit.
    Quantity,
    /// A name that is a URI, whole.
    Uri,
}

impl Kind {
    /// FHIR's word.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::Token => "token",
            Self::Date => "date",
            Self::Reference => "reference",
            Self::Text => "string",
            Self::Quantity => "quantity",
            Self::Uri => "uri",
        }
    }
}

/// What a parameter's expression gives for a resource.
#[must_use]
pub fn extract<'a>(param: &Param, resource: &'a Value) -> Vec<&'a Value> {
    path::evaluate(param.expression, resource)
}

/// Everything that a resource is found by; nothing for a type that cannot be searched.
#[must_use]
pub fn rows(resource: &Value) -> Vec<Row> {
    let kind = resource["resourceType"].as_str().unwrap_or_default();
    let Some(searched) = searched(kind) else {
        return Vec::new();
    };
    let mut rows = Vec::new();
    for param in searched.all() {
        let found = extract(param, resource);
        let name = format!("{kind}.{}", param.name);
        if searched.sorts().contains(&param.name) {
            rows.push(value::order(&name, &found));
        }
        for one in found {
            value::rows(param.kind, &name, one, &mut rows);
        }
    }
    rows.sort_unstable();
    rows.dedup();
    rows
}

/// What other resources a parameter of this one refers to, as `Type/id`.
#[must_use]
pub fn referred(resource: &Value, param: &Param) -> Vec<String> {
    let found = extract(param, resource).into_iter();
    let text = found.filter_map(|one| one["reference"].as_str());
    text.map(str::to_owned).collect()
}
