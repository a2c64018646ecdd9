//! The one pass: each member against its definition, each object against its rules.

use super::contained::Container;
use super::issue::{Fault, Issue, IssueType, Severity};
use super::links::Links;
use super::place::Place;
use super::primitive::Primitive;
use super::table::{self, Element, Held, Shape, Table, Type, TypeId, Typed};
use super::{
    Extensions, MAX_ISSUES, bundle, codes, contained, eval, extension, narrative, reference, rules,
    vitals,
};
use crate::json::MAX_DEPTH;
use serde_json::{Map, Value};
use std::cell::Cell;
use std::collections::BTreeSet;

/// How many values the invariants of one resource may look at (ours: the densest
/// sample, a questionnaire of 262 kB, takes 31,000; the largest record that is
/// read, as dense, would take 4 million).
const MAX_STEPS: usize = 5_000_000;

/// What an object is: its type, and the element it is the value of.
#[derive(Clone, Copy, Debug)]
pub(super) struct Spot {
    /// The type: `HumanName`, `Patient.contact`, `date`.
    pub(super) kind: &'static str,
    /// The type that has the element; empty for a resource.
    pub(super) owner: &'static str,
    /// The element's name.
    pub(super) element: &'static str,
}

/// Where a resource stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Inside {
    /// By itself, or in an entry of a bundle.
    Own,
    /// In another's `contained`.
    Contained,
}

/// What is being checked, and what was found.
pub(super) struct Checker<'a> {
    pub(super) table: &'static Table,
    pub(super) extensions: Extensions,
    issues: Vec<Issue>,
    errors: usize,
    others: usize,
    depth: usize,
    /// How many more values the invariants may look at.
    steps: Cell<usize>,
    /// The resources around the place, outermost first.
    resources: Vec<&'a Value>,
    /// The ids of the elements of each.
    ids: Vec<BTreeSet<&'a str>>,
    /// Of these, those that `#` references are resolved in.
    pub(super) containers: Vec<Container<'a>>,
    /// The bundles around the place.
    pub(super) bundles: Vec<Links<'a>>,
}

impl<'a> Checker<'a> {
    pub(super) fn new(extensions: Extensions) -> Self {
        Self {
            table: table::table(),
            extensions,
            issues: Vec::new(),
            errors: 0,
            others: 0,
            depth: 0,
            steps: Cell::new(MAX_STEPS),
            resources: Vec::new(),
            ids: Vec::new(),
            containers: Vec::new(),
            bundles: Vec::new(),
        }
    }

    /// Checks a resource that stands by itself.
    pub(super) fn check(mut self, value: &'a Value) -> Vec<Issue> {
        let kind = value.get("resourceType").and_then(Value::as_str);
        let known = kind.and_then(|kind| self.table.resource(kind));
        let root = Place::Root(known.map_or("Resource", |id| self.table.types[id].name));
        self.resource(value, &root, Inside::Own);
        self.finish(&root)
    }

    /// Lists what was found, as long as there is room; warnings take no room from errors.
    pub(super) fn report(&mut self, fault: Fault, place: &Place<'_>) {
        let (listed, most) = match fault.severity >= Severity::Error {
            true => (&mut self.errors, MAX_ISSUES),
            false => (&mut self.others, MAX_ISSUES / 2),
        };
        *listed += 1;
        if *listed <= most {
            self.issues.push(fault.at(place));
        }
    }

    /// What was found, and how much more there is.
    fn finish(mut self, root: &Place<'_>) -> Vec<Issue> {
        let more = (
            self.errors.saturating_sub(MAX_ISSUES),
            self.others.saturating_sub(MAX_ISSUES / 2),
        );
        if self.steps.get() == 0 {
            let fault = Fault::new(
                IssueType::TooCostly,
                "too-many-steps",
                "is so large that not every invariant was worked out",
                "send it in parts",
            );
            self.issues.push(fault.at(root));
        }
        if more != (0, 0) {
            let fault = Fault::new(
                IssueType::TooCostly,
                "too-many-issues",
                format!("has {} errors and {} warnings more", more.0, more.1),
                "mend those that are listed and check again",
            );
            let fault = if more.0 == 0 { fault.warning() } else { fault };
            self.issues.push(fault.at(root));
        }
        self.issues
    }

    /// The type of the innermost resource around the place.
    pub(super) fn resource_type(&self) -> &'a str {
        let innermost = self.resources.last();
        let kind = innermost.and_then(|resource| resource.get("resourceType"));
        kind.and_then(Value::as_str).unwrap_or_default()
    }

    fn resource(&mut self, value: &'a Value, place: &Place<'_>, inside: Inside) {
        let Some(body) = value.as_object() else {
            let fault = Fault::new(
                IssueType::Structure,
                "json-type",
                "is no resource",
                "write an object with a resourceType",
            );
            return self.report(fault.of_value(value), place);
        };
        let named = body.get("resourceType");
        let Some(id) = named
            .and_then(Value::as_str)
            .and_then(|kind| self.table.resource(kind))
        else {
            let fault = Fault::new(
                IssueType::Structure,
                "resource-type",
                "is no resource type of FHIR R4",
                "name the type in resourceType, as \"Patient\"",
            );
            let fault = fault.of_value(named.unwrap_or(&Value::Null));
            return self.report(fault, &place.member("resourceType"));
        };
        let kind = &self.table.types[id];
        self.resources.push(value);
        self.ids.push(BTreeSet::new());
        if inside == Inside::Own {
            self.containers.push(contained::within(body));
        }
        let is_bundle = kind.name == "Bundle";
        if is_bundle {
            self.bundles.push(Links::of(body));
        }
        let spot = Spot {
            kind: kind.name,
            owner: "",
            element: "",
        };
        self.object(id, value, place, spot, spot);
        match inside {
            Inside::Own => contained::check(self, body, place),
            Inside::Contained => contained::inside(self, body, place),
        }
        if is_bundle {
            bundle::check(self, body, place);
            self.bundles.pop();
        }
        if kind.name == "Observation" {
            vitals::check(self, body, place);
        }
        if inside == Inside::Own {
            self.containers.pop();
        }
        self.ids.pop();
        self.resources.pop();
    }

    /// An object of a type; `holder` is what the object stands in.
    fn object(
        &mut self,
        id: TypeId,
        value: &'a Value,
        place: &Place<'_>,
        spot: Spot,
        holder: Spot,
    ) {
        let kind = &self.table.types[id];
        let Some(body) = value.as_object() else {
            let fault = Fault::new(
                IssueType::Structure,
                "json-type",
                format!("is not the JSON form of a {}", spot.kind),
                "write an object",
            );
            return self.report(fault.of_value(value), place);
        };
        if self.depth >= MAX_DEPTH {
            let fault = Fault::new(
                IssueType::TooCostly,
                "too-deep",
                format!("is nested deeper than {MAX_DEPTH} levels; what is inside is not checked"),
                "nest it less deep",
            );
            return self.report(fault, place);
        }
        self.depth += 1;
        if body.keys().all(|name| name == "resourceType") && !kind.is_resource {
            let fault = Fault::invariant(
                "ele-1",
                "is empty",
                "leave the element out, or give it a value",
            );
            self.report(fault, place);
        }
        let id_of = body.get("id").and_then(Value::as_str);
        // The elements of a StructureDefinition stand in its snapshot and its differential.
        if let Some(name) = id_of.filter(|_| !kind.is_resource && kind.name != "ElementDefinition")
            && let Some(ids) = self.ids.last_mut()
            && !ids.insert(name)
        {
            self.same_id(name, place);
        }
        self.members(kind, body, place, spot);
        self.rules(id, value, place, spot, holder);
        self.depth -= 1;
    }

    fn members(
        &mut self,
        kind: &'static Type,
        body: &'a Map<String, Value>,
        place: &Place<'_>,
        spot: Spot,
    ) {
        let mut seen = 0_u128;
        let siblings = body.keys().any(|key| key.starts_with('_'));
        for (key, value) in body {
            if kind.is_resource && key == "resourceType" {
                continue;
            }
            let name = key.strip_prefix('_').unwrap_or(key);
            let is_sibling = name.len() < key.len();
            if is_sibling && body.contains_key(name) {
                continue;
            }
            let member = kind
                .member(name)
                .filter(|(_, _, typed)| !is_sibling || matches!(typed.shape, Shape::Primitive(_)));
            let Some((number, element, typed)) = member else {
                self.unknown(kind, key, place);
                continue;
            };
            let bit = 1_u128 << number.min(127);
            if seen & bit != 0 {
                self.twice(element, key, place);
            }
            seen |= bit;
            let pair = match is_sibling {
                true => (None, Some(value)),
                false if siblings => (Some(value), body.get(&format!("_{name}"))),
                false => (Some(value), None),
            };
            let here = match element.choice {
                true => Place::Choice(place, element.name, typed.name),
                false => place.member(element.name),
            };
            self.member(element, typed, pair, &here, (kind.name, spot));
        }
        for number in &kind.needed {
            if seen & (1_u128 << (*number).min(127)) == 0 {
                self.missing(&kind.elements[*number], place);
            }
        }
    }

    /// The value or values of an element, with the siblings that carry extensions.
    fn member(
        &mut self,
        element: &'static Element,
        typed: &'static Typed,
        (value, sibling): (Option<&'a Value>, Option<&'a Value>),
        place: &Place<'_>,
        around: (&'static str, Spot),
    ) {
        if element.most == Some(0) {
            let fault = Fault::new(
                IssueType::Structure,
                "cardinality",
                "may not be there",
                "leave it out",
            );
            return self.report(fault, place);
        }
        if element.most == Some(1) {
            if let Some(list @ Value::Array(_)) = value.or(sibling) {
                let fault = Fault::new(
                    IssueType::Structure,
                    "json-type",
                    "is a list, where one value may be",
                    "write the value without [ ]",
                );
                return self.report(fault.of_value(list), place);
            }
            return self.item((element, typed), (value, sibling), place, around);
        }
        let lists = (value.map(Value::as_array), sibling.map(Value::as_array));
        let (Some(Some(_)) | None, Some(Some(_)) | None) = lists else {
            let fault = Fault::new(
                IssueType::Structure,
                "json-type",
                "is not a list, where several values may be",
                "write the value between [ and ], even if it is one",
            );
            return self.report(
                fault.of_value(value.or(sibling).unwrap_or(&Value::Null)),
                place,
            );
        };
        let values = lists.0.flatten().map(Vec::as_slice);
        let siblings = lists.1.flatten().map(Vec::as_slice);
        self.count(element, values, siblings, place);
        let length = values
            .unwrap_or_default()
            .len()
            .max(siblings.unwrap_or_default().len());
        for index in 0..length {
            let at = |list: Option<&'a [Value]>| {
                let item = list.and_then(|list| list.get(index));
                item.filter(|item| !item.is_null())
            };
            let pair = (at(values), at(siblings));
            self.item((element, typed), pair, &place.item(index), around);
        }
    }

    fn item(
        &mut self,
        (element, typed): (&'static Element, &'static Typed),
        (value, sibling): (Option<&'a Value>, Option<&'a Value>),
        place: &Place<'_>,
        (owner, holder): (&'static str, Spot),
    ) {
        let spot = Spot {
            kind: typed.name,
            owner,
            element: element.name,
        };
        let value = value.filter(|value| !value.is_null());
        match (typed.shape, value) {
            (Shape::Primitive(primitive), _) => {
                if let Some(sibling) = sibling {
                    self.sibling(sibling, place, spot);
                }
                match value {
                    Some(value) => self.primitive(primitive, value, element, typed, place),
                    None if sibling.is_none() => self.null(place),
                    None => {}
                }
            }
            (_, None) => self.null(place),
            (Shape::Resource, Some(value)) => {
                let inside = match element.name {
                    "contained" => Inside::Contained,
                    _ => Inside::Own,
                };
                self.resource(value, place, inside);
            }
            (Shape::Object(id), Some(value)) => {
                self.object(id, value, place, spot, holder);
                reference::target(self, typed, value, place);
                codes::concept(self, element, value, place);
            }
        }
    }

    /// The `_` sibling of a primitive value: an id and extensions.
    fn sibling(&mut self, sibling: &'a Value, place: &Place<'_>, spot: Spot) {
        if let Some(id) = self.table.named("Element") {
            self.object(id, sibling, place, spot, spot);
        }
    }

    fn primitive(
        &mut self,
        primitive: Primitive,
        value: &'a Value,
        element: &'static Element,
        typed: &Typed,
        place: &Place<'_>,
    ) {
        if let Some(fault) = primitive.fault(value) {
            return self.report(fault, place);
        }
        let Some(text) = value.as_str() else { return };
        match primitive {
            Primitive::Xhtml => narrative::check(self, text, place),
            Primitive::Canonical => reference::canonical(self, typed, text, place),
            _ => {}
        }
        codes::word(self, element, text, place);
    }

    /// The invariants of a type and of what it is based on, and the rules held in Rust.
    fn rules(&mut self, id: TypeId, value: &'a Value, place: &Place<'_>, spot: Spot, holder: Spot) {
        let Some(body) = value.as_object() else {
            return;
        };
        let resource = self.resources.last().copied().unwrap_or(value);
        let mut next = Some(id);
        while let Some(id) = next {
            let kind = &self.table.types[id];
            for invariant in &kind.invariants {
                let holds = eval::holds(&invariant.expr, value, resource, &self.steps);
                if holds == Some(false) {
                    let fault = Fault::invariant(
                        invariant.key,
                        format!("breaks {}: {}", invariant.key, invariant.asks),
                        format!("change the {} so that this holds", kind.name),
                    );
                    self.report(fault, place);
                }
            }
            match kind.held {
                None => {}
                Some(Held::Attachment) => rules::grammar(self, body, "contentType", place),
                Some(Held::CareTeamParticipant) => rules::on_behalf_of(self, body, place),
                Some(Held::Coding) => codes::coding(self, body, place),
                Some(Held::Extension) => extension::check(self, body, place, spot, holder),
                Some(Held::Money) => rules::grammar(self, body, "currency", place),
                Some(Held::Period) => rules::period(self, body, place),
                Some(Held::Quantity) => rules::unit(self, body, place),
                Some(Held::Questionnaire) => rules::questions(self, body, place),
                Some(Held::QuestionnaireItem) => rules::enable_behavior(self, body, place),
                Some(Held::Range) => rules::range(self, body, place),
                Some(Held::Reference) => reference::check(self, body, place),
            }
            next = kind.base;
        }
    }
}
