//! Faults of shape: unknown, missing, too many, empty, null.

use super::issue::{Fault, IssueType};
use super::place::Place;
use super::table::{Element, Type};
use super::walk::Checker;
use serde_json::Value;

impl Checker<'_> {
    /// A member that the type does not have.
    pub(super) fn unknown(&mut self, kind: &Type, key: &str, place: &Place<'_>) {
        let remedy = match kind.nearest(key.trim_start_matches('_')) {
            Some(near) => format!("write {near}, or put it in an extension"),
            None => "take it out, or put it in an extension".to_owned(),
        };
        let fault = Fault::new(
            IssueType::Structure,
            "unknown-element",
            format!("is no element of {}", kind.name),
            remedy,
        );
        self.report(fault.of(key), place);
    }

    /// A second value of a choice.
    pub(super) fn twice(&mut self, element: &Element, key: &str, place: &Place<'_>) {
        let fault = Fault::new(
            IssueType::Structure,
            "choice",
            format!("is one of several values of {}[x]", element.name),
            "keep the one that holds",
        );
        self.report(fault.of(key), &place.member(element.name));
    }

    /// An element that must be there.
    pub(super) fn missing(&mut self, element: &Element, place: &Place<'_>) {
        let choice = if element.choice { "[x]" } else { "" };
        let name = format!("{}{choice}", element.name);
        let fault = Fault::new(
            IssueType::Required,
            "cardinality",
            format!("has no {name}, which must be there"),
            format!("add {name}"),
        );
        self.report(fault, place);
    }

    /// How many there are, and whether each has its sibling.
    pub(super) fn count(
        &mut self,
        element: &Element,
        values: Option<&[Value]>,
        siblings: Option<&[Value]>,
        place: &Place<'_>,
    ) {
        let length = values.or(siblings).unwrap_or_default().len();
        if let (Some(values), Some(siblings)) = (values, siblings)
            && values.len() != siblings.len()
        {
            let fault = Fault::new(
                IssueType::Structure,
                "sibling-length",
                format!(
                    "has {} values and {} siblings",
                    values.len(),
                    siblings.len()
                ),
                "pair each with its sibling; write null where there is none",
            );
            self.report(fault, place);
        }
        if length == 0 {
            let fault = Fault::new(
                IssueType::Structure,
                "empty",
                "is an empty list",
                "leave the element out",
            );
            self.report(fault, place);
        } else if length < element.least || element.most.is_some_and(|most| length > most) {
            let most = element
                .most
                .map_or("any".to_owned(), |most| most.to_string());
            let fault = Fault::new(
                IssueType::Structure,
                "cardinality",
                format!("stands {length} times"),
                format!("write {} at least and {most} at most", element.least),
            );
            self.report(fault, place);
        }
    }

    /// A null that nothing stands beside.
    pub(super) fn null(&mut self, place: &Place<'_>) {
        let fault = Fault::new(
            IssueType::Structure,
            "null",
            "is null, with no extension beside it",
            "leave the element out, or give it a value",
        );
        self.report(fault, place);
    }

    /// An id that another element of the resource has.
    pub(super) fn same_id(&mut self, id: &str, place: &Place<'_>) {
        let fault = Fault::new(
            IssueType::BusinessRule,
            "element-id",
            "is the id of two elements of the resource",
            "give each its own, or leave it out",
        );
        self.report(fault.of(id), &place.member("id"));
    }
}
