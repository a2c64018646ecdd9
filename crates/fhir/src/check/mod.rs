//! Whether a resource is one of FHIR R4 (4.0.1): every fault with its place and remedy.
//!
//! Table-driven: elements, types, cardinalities, targets, required value sets,
//! extensions and invariants come out of `definitions/r4.txt`. What no table
//! says (bundles, narratives, references, units, vital signs) is checked here,
//! each rule with the page of FHIR it is from. Pure: nothing is fetched, so what
//! a profile or a terminology server would add is not checked.
//!
//! One pass, bounded: what is nested deeper than [`crate::MAX_DEPTH`] is not
//! looked at, no more than [`MAX_ISSUES`] errors are listed, and invariants that
//! would look at too many values are given up; an issue says so.

mod bundle;
mod codes;
mod contained;
mod eval;
mod extension;
mod issue;
mod links;
mod moment;
mod narrative;
mod path;
mod place;
mod primitive;
mod reference;
mod rules;
mod shape;
mod table;
mod ucum;
mod vitals;
mod walk;

pub use issue::{Issue, IssueType, Severity};

use crate::json;
use serde_json::Value;

/// The most errors that are listed for one resource; of warnings half as many.
pub const MAX_ISSUES: usize = 200;

/// What becomes of an extension whose definition is not known.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Extensions {
    /// Any may stand: FHIR lets a reader pass over what it does not know.
    #[default]
    Any,
    /// Only those that FHIR R4 itself defines: as HL7's validator does where no
    /// package of profiles is loaded.
    Known,
}

/// The definitions that are checked against: FHIR's version, licence, package.
#[must_use]
pub fn definitions() -> &'static [&'static str] {
    &table::table().made_from
}

/// The keys of R4's invariants that are written in more FHIRPath than is understood here.
#[must_use]
pub fn unread_invariants() -> &'static [&'static str] {
    &table::table().unread
}

/// What is wrong with a resource.
#[must_use]
pub fn resource(value: &Value) -> Vec<Issue> {
    resource_with(value, Extensions::Any)
}

/// What is wrong with a resource, where unknown extensions are treated as `extensions` says.
#[must_use]
pub fn resource_with(value: &Value, extensions: Extensions) -> Vec<Issue> {
    walk::Checker::new(extensions).check(value)
}

/// What is wrong with a resource that came as bytes.
#[must_use]
pub fn bytes(bytes: &[u8], extensions: Extensions) -> Vec<Issue> {
    match json::parse(bytes) {
        Ok(value) => resource_with(&value, extensions),
        Err(problem) => vec![Issue {
            severity: Severity::Fatal,
            kind: IssueType::Structure,
            rule: problem.code,
            place: problem.place,
            value: problem.value,
            problem: problem.problem,
            remedy: problem.remedy,
        }],
    }
}
