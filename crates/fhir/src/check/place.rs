//! Where the checker stands: a chain of members that is written out for an issue alone.

use std::fmt;

/// A place in a resource, linked to what holds it.
#[derive(Clone, Copy, Debug)]
pub(super) enum Place<'a> {
    /// The resource that is checked.
    Root(&'a str),
    /// A member by its name.
    Member(&'a Place<'a>, &'a str),
    /// A member that may be of several types: its name, and the type it is of.
    Choice(&'a Place<'a>, &'a str, &'a str),
    /// An item of a list.
    Item(&'a Place<'a>, usize),
}

impl<'a> Place<'a> {
    /// A member of what stands here.
    pub(super) fn member(&'a self, name: &'a str) -> Place<'a> {
        Place::Member(self, name)
    }

    /// An item of the list that stands here.
    pub(super) fn item(&'a self, index: usize) -> Place<'a> {
        Place::Item(self, index)
    }

    /// The path of members from the innermost resource, no indices: `Patient.contact.name`.
    pub(super) fn plain(&self, resource: &str) -> String {
        match self {
            Place::Root(_) => resource.to_owned(),
            Place::Item(inner, _) => inner.plain(resource),
            Place::Member(_, "resource" | "contained") => resource.to_owned(),
            Place::Member(inner, name) | Place::Choice(inner, name, _) => {
                format!("{}.{name}", inner.plain(resource))
            }
        }
    }
}

impl fmt::Display for Place<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Place::Root(name) => f.write_str(name),
            Place::Member(inner, name) => write!(f, "{inner}.{name}"),
            Place::Choice(inner, name, kind) => write!(f, "{inner}.{name}.ofType({kind})"),
            Place::Item(inner, index) => write!(f, "{inner}[{index}]"),
        }
    }
}
