//! The definitions of FHIR R4, out of `definitions/r4.txt`, read once.
//!
//! How the table was made, and what each line means, stands at the head of
//! `definitions/make.mjs`.

use super::path::{self, Expr};
use super::primitive::Primitive;
use std::collections::BTreeMap;
use std::sync::OnceLock;

const TEXT: &str = include_str!("../../definitions/r4.txt");

/// Where a type stands in the table.
pub(super) type TypeId = usize;

/// What a value must look like.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Shape {
    /// One JSON value, and its `_` sibling.
    Primitive(Primitive),
    /// An object of that type.
    Object(TypeId),
    /// Any resource.
    Resource,
}

/// One type that an element may be of.
#[derive(Clone, Debug)]
pub(super) struct Typed {
    /// Its name: `Quantity`, `Patient.contact`.
    pub(super) name: &'static str,
    pub(super) shape: Shape,
    /// The types of resource that a reference may name; empty where any.
    pub(super) targets: Vec<&'static str>,
}

/// An element of a type.
#[derive(Clone, Debug)]
pub(super) struct Element {
    /// Its name without `[x]`.
    pub(super) name: &'static str,
    pub(super) choice: bool,
    pub(super) least: usize,
    /// The most there may be; nothing for no limit.
    pub(super) most: Option<usize>,
    pub(super) types: Vec<Typed>,
    /// The value set its code must be from, where that can be listed.
    pub(super) set: Option<usize>,
}

/// A rule of a type, as FHIR names, writes and words it.
#[derive(Clone, Debug)]
pub(super) struct Invariant {
    pub(super) key: &'static str,
    pub(super) expr: Expr,
    pub(super) asks: &'static str,
}

/// A type: of resource, of data, or of an element inside a resource.
#[derive(Clone, Debug)]
pub(super) struct Type {
    pub(super) name: &'static str,
    pub(super) is_resource: bool,
    pub(super) base: Option<TypeId>,
    /// Its elements and those of what it is based on.
    pub(super) elements: Vec<Element>,
    /// JSON names in order, with the element and the type each stands for.
    names: Vec<(Box<str>, usize, usize)>,
    /// The elements that must be there, by their places among `elements`.
    pub(super) needed: Vec<usize>,
    pub(super) invariants: Vec<Invariant>,
    /// The rule of it that is held in Rust.
    pub(super) held: Option<Held>,
}

/// The types that have a rule held in Rust.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Held {
    Attachment,
    CareTeamParticipant,
    Coding,
    Extension,
    Money,
    Period,
    Quantity,
    Questionnaire,
    QuestionnaireItem,
    Range,
    Reference,
}

const HELD: [(&str, Held); 12] = [
    ("Attachment", Held::Attachment),
    ("Binary", Held::Attachment),
    ("CareTeam.participant", Held::CareTeamParticipant),
    ("Coding", Held::Coding),
    ("Extension", Held::Extension),
    ("Money", Held::Money),
    ("Period", Held::Period),
    ("Quantity", Held::Quantity),
    ("Questionnaire", Held::Questionnaire),
    ("Questionnaire.item", Held::QuestionnaireItem),
    ("Range", Held::Range),
    ("Reference", Held::Reference),
];

impl Type {
    /// The element and the type that a JSON name stands for.
    pub(super) fn member(&self, name: &str) -> Option<(usize, &Element, &Typed)> {
        let found = self
            .names
            .binary_search_by(|(known, ..)| (**known).cmp(name))
            .ok()?;
        let (_, element, typed) = &self.names[found];
        let definition = &self.elements[*element];
        Some((*element, definition, &definition.types[*typed]))
    }

    /// The known JSON name that is nearest to one that is not, for the remedy.
    pub(super) fn nearest(&self, name: &str) -> Option<&str> {
        let name = name.to_ascii_lowercase();
        let alike = |known: &str| {
            let known = known.to_ascii_lowercase();
            known.starts_with(&name) || name.starts_with(&known) || one_apart(&known, &name)
        };
        let found = self.names.iter().find(|(known, ..)| alike(known));
        found.map(|(known, ..)| &**known)
    }
}

/// Whether two words differ in one letter, or two that changed places.
fn one_apart(a: &str, b: &str) -> bool {
    let (a, b) = (a.as_bytes(), b.as_bytes());
    if a.len().abs_diff(b.len()) > 1 {
        return false;
    }
    let front = a.iter().zip(b).take_while(|(a, b)| a == b).count();
    let back = a
        .iter()
        .rev()
        .zip(b.iter().rev())
        .take_while(|(a, b)| a == b)
        .count();
    let longer = a.len().max(b.len());
    front + back + 1 >= longer || (a.len() == b.len() && front + back + 2 >= longer)
}

/// A value set that can be listed.
#[derive(Clone, Debug)]
pub(super) struct Set {
    pub(super) url: &'static str,
    /// Each code system with its codes in order.
    systems: Vec<(&'static str, Vec<&'static str>)>,
}

impl Set {
    /// Whether a code is in it, whatever its system.
    pub(super) fn has(&self, code: &str) -> bool {
        let within = |codes: &[&str]| codes.binary_search(&code).is_ok();
        self.systems.iter().any(|(_, codes)| within(codes))
    }

    /// Whether a code of a system is in it.
    pub(super) fn has_of(&self, system: &str, code: &str) -> bool {
        let within = |codes: &[&str]| codes.binary_search(&code).is_ok();
        self.systems
            .iter()
            .any(|(known, codes)| *known == system && within(codes))
    }

    /// Its systems, and the first codes of it, for the remedy.
    pub(super) fn some(&self) -> String {
        const SHOWN: usize = 12;
        let codes = self.systems.iter().flat_map(|(_, codes)| codes);
        let all = codes.clone().count();
        let shown: Vec<&str> = codes.take(SHOWN).copied().collect();
        let more = if all > SHOWN { ", …" } else { "" };
        format!("{}{more}", shown.join(", "))
    }

    /// The systems its codes are from.
    pub(super) fn systems(&self) -> impl Iterator<Item = &'static str> {
        self.systems.iter().map(|(system, _)| *system)
    }
}

/// An extension that R4 defines.
#[derive(Clone, Debug)]
pub(super) struct Extension {
    /// Where it may stand; `*` is anywhere.
    pub(super) contexts: Vec<&'static str>,
    /// What its value may be of; empty where it has parts instead.
    pub(super) types: Vec<&'static str>,
    /// The addresses of its parts.
    pub(super) parts: Vec<&'static str>,
    /// Whether it changes the meaning of what it stands in.
    pub(super) modifies: bool,
}

/// Every definition.
#[derive(Debug, Default)]
pub(super) struct Table {
    /// The first line: version, licence, package.
    pub(super) made_from: Vec<&'static str>,
    pub(super) types: Vec<Type>,
    index: BTreeMap<&'static str, TypeId>,
    pub(super) sets: Vec<Set>,
    extensions: BTreeMap<&'static str, Extension>,
    /// Code systems by address: their codes in order, each with its display.
    systems: BTreeMap<&'static str, Vec<(&'static str, &'static str)>>,
    /// Invariants whose expression is not understood, so that a test can name them.
    pub(super) unread: Vec<&'static str>,
}

impl Table {
    /// The type of that name.
    pub(super) fn named(&self, name: &str) -> Option<TypeId> {
        self.index.get(name).copied()
    }

    /// The resource type of that name, unless it is only a base of others.
    pub(super) fn resource(&self, name: &str) -> Option<TypeId> {
        let id = self.named(name)?;
        let real = self.types[id].is_resource && !["Resource", "DomainResource"].contains(&name);
        real.then_some(id)
    }

    /// The extension of that address.
    pub(super) fn extension(&self, url: &str) -> Option<&Extension> {
        self.extensions.get(url)
    }

    /// The codes of a code system that is here whole, in order.
    pub(super) fn system(&self, url: &str) -> Option<&[(&'static str, &'static str)]> {
        self.systems.get(url).map(Vec::as_slice)
    }

    /// Whether a type is another, or is based on it.
    pub(super) fn is_based_on(&self, id: TypeId, name: &str) -> bool {
        let mut next = Some(id);
        while let Some(id) = next {
            if self.types[id].name == name {
                return true;
            }
            next = self.types[id].base;
        }
        false
    }
}

/// The table, read the first time it is asked for.
pub(super) fn table() -> &'static Table {
    static TABLE: OnceLock<Table> = OnceLock::new();
    TABLE.get_or_init(|| read(TEXT))
}

/// Whether text is the name of a type as the name of a choice ends with it: `Quantity`, `DateTime`.
pub(super) fn is_type_ending(text: &str) -> bool {
    let Some(first) = text.chars().next().filter(char::is_ascii_uppercase) else {
        return false;
    };
    let lower = format!("{}{}", first.to_ascii_lowercase(), &text[1..]);
    Primitive::named(&lower).is_some() || table().named(text).is_some()
}

fn list(text: &'static str, by: char) -> Vec<&'static str> {
    text.split(by).filter(|part| !part.is_empty()).collect()
}

fn read(text: &'static str) -> Table {
    let mut table = Table::default();
    let mut bases = Vec::new();
    for line in text.lines() {
        let fields: Vec<&'static str> = line.split('\t').collect();
        match fields.as_slice() {
            ["T", name, kind, base] if *kind != "P" => {
                table.index.insert(name, table.types.len());
                table.types.push(Type {
                    name,
                    is_resource: *kind == "R",
                    base: None,
                    elements: Vec::new(),
                    names: Vec::new(),
                    needed: Vec::new(),
                    invariants: Vec::new(),
                    held: HELD
                        .iter()
                        .find(|(of, _)| of == name)
                        .map(|(_, held)| *held),
                });
                bases.push(*base);
            }
            ["S", _, url, systems @ ..] => table.sets.push(set(url, systems)),
            ["X", url, contexts, types, parts, modifies] => {
                let extension = Extension {
                    contexts: list(contexts, ','),
                    types: list(types, '|'),
                    parts: list(parts, ','),
                    modifies: *modifies == "M",
                };
                table.extensions.insert(url, extension);
            }
            ["C", url, pairs @ ..] => {
                let pairs = pairs.chunks_exact(2).map(|pair| (pair[0], pair[1]));
                let mut codes: Vec<_> = pairs.collect();
                codes.sort_unstable();
                table.systems.insert(url, codes);
            }
            ["V", made_from @ ..] => table.made_from = made_from.to_vec(),
            _ => {}
        }
    }
    elements(text, &mut table);
    let base_of = |base: &str| table.index.get(base).copied();
    let bases: Vec<Option<TypeId>> = bases.into_iter().map(base_of).collect();
    for (kind, base) in table.types.iter_mut().zip(bases) {
        kind.base = base;
    }
    inherit(&mut table);
    table
}

fn set(url: &'static str, systems: &[&'static str]) -> Set {
    let pairs = systems.chunks_exact(2).map(|pair| {
        let mut codes = list(pair[1], ' ');
        codes.sort_unstable();
        (pair[0], codes)
    });
    Set {
        url,
        systems: pairs.collect(),
    }
}

/// The lines that belong to the type above them.
fn elements(text: &'static str, table: &mut Table) {
    let mut current = None;
    for line in text.lines() {
        let fields: Vec<&'static str> = line.split('\t').collect();
        match (fields.as_slice(), current) {
            (["T", name, ..], _) => current = table.named(name),
            (["E", name, least, most, types, set], Some(id)) => {
                let element = Element {
                    name: name.trim_end_matches("[x]"),
                    choice: name.ends_with("[x]"),
                    least: least.parse().unwrap_or(0),
                    most: most.parse().ok(),
                    types: list(types, '|')
                        .into_iter()
                        .map(|text| typed(text, table))
                        .collect(),
                    set: set.parse().ok(),
                };
                table.types[id].elements.push(element);
            }
            (["I", key, expression, asks], Some(id)) => match path::parse(expression) {
                Some(expr) => table.types[id]
                    .invariants
                    .push(Invariant { key, expr, asks }),
                None => table.unread.push(key),
            },
            _ => {}
        }
    }
}

fn typed(text: &'static str, table: &Table) -> Typed {
    let (name, targets) = text.split_once('>').unwrap_or((text, ""));
    let mut targets = list(targets, ',');
    if targets.contains(&"Resource") {
        targets.clear();
    }
    let name = name.trim_start_matches('.');
    let shape = match (Primitive::named(name), table.named(name)) {
        (Some(primitive), _) => Shape::Primitive(primitive),
        (None, Some(id)) if name != "Resource" => Shape::Object(id),
        _ => Shape::Resource,
    };
    Typed {
        name,
        shape,
        targets,
    }
}

/// Gives each type the elements of what it is based on, and its JSON names.
fn inherit(table: &mut Table) {
    let own: Vec<Vec<Element>> = table.types.iter().map(|t| t.elements.clone()).collect();
    for id in 0..table.types.len() {
        let mut next = table.types[id].base;
        while let Some(base) = next {
            for element in &own[base] {
                let elements = &mut table.types[id].elements;
                if elements.iter().all(|known| known.name != element.name) {
                    elements.push(element.clone());
                }
            }
            next = table.types[base].base;
        }
        let kind = &mut table.types[id];
        kind.names = names(&kind.elements);
        let needed = |number: &usize| kind.elements[*number].least > 0;
        kind.needed = (0..kind.elements.len()).filter(needed).collect();
    }
}

fn names(elements: &[Element]) -> Vec<(Box<str>, usize, usize)> {
    let mut names = Vec::new();
    for (number, element) in elements.iter().enumerate() {
        for (of, typed) in element.types.iter().enumerate() {
            let name = match element.choice {
                true => choice_name(element.name, typed.name),
                false => element.name.to_owned(),
            };
            names.push((name.into_boxed_str(), number, of));
        }
    }
    names.sort();
    names.dedup_by(|a, b| a.0 == b.0);
    names
}

/// The JSON name of a choice: `value` of `dateTime` is `valueDateTime`.
pub(super) fn choice_name(element: &str, kind: &str) -> String {
    let mut letters = kind.chars();
    let first = letters.next().map(|c| c.to_ascii_uppercase());
    let profile = match kind {
        "SimpleQuantity" | "MoneyQuantity" => return format!("{element}Quantity"),
        _ => letters.as_str(),
    };
    format!("{element}{}{profile}", first.unwrap_or_default())
}
