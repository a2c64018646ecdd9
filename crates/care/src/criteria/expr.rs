//! Criteria checked against the catalogue, quantifiers spelt out.
use super::{Duration, Operator};
use std::collections::BTreeMap;

/// Checked criteria of one region.
#[derive(Clone, Debug, PartialEq)]
pub enum Expr {
    /// Every one holds.
    All(Vec<Expr>),
    /// One holds.
    Any(Vec<Expr>),
    /// So many hold.
    AtLeast(usize, Vec<Expr>),
    /// It does not hold.
    Not(Box<Expr>),
    /// It is false or unknown.
    NotShown(Box<Expr>),
    /// A question to one fact.
    Leaf(Leaf),
}

/// A question to one fact at its place in the catalogue.
#[derive(Clone, Debug, PartialEq)]
pub struct Leaf {
    /// The place.
    pub(crate) slot: usize,
    /// What is asked.
    pub(crate) test: Test,
    /// Whether the whole gets worse for the patient when this holds; an
    /// unconfirmed record may only make it worse (CLINICAL §1.7).
    pub(crate) harms: bool,
}

/// What is asked of a value, in the catalogue's unit.
#[derive(Clone, Debug, PartialEq)]
pub enum Test {
    /// It is this yes or no.
    Bool(bool),
    /// It is one of these choices.
    Choice(Vec<String>),
    /// It is one of these numbers.
    Number(Vec<f64>),
    /// It compares so.
    Compare(Operator, f64),
    /// The date lies no further back.
    Within(Duration),
    /// The date lies further back.
    LongerThan(Duration),
    /// It is worse than the baseline by at least this, or at all.
    Worse(Option<f64>),
}

impl Expr {
    /// Calls `visit` on every leaf.
    pub(crate) fn for_each_leaf<'e>(&'e self, visit: &mut impl FnMut(&'e Leaf)) {
        match self {
            Self::All(parts) | Self::Any(parts) | Self::AtLeast(_, parts) => {
                parts.iter().for_each(|part| part.for_each_leaf(visit));
            }
            Self::Not(inner) | Self::NotShown(inner) => inner.for_each_leaf(visit),
            Self::Leaf(leaf) => visit(leaf),
        }
    }

    /// The places that more than one leaf asks: their alternatives are tried
    /// one at a time, so that one reading answers all its leaves alike.
    pub(crate) fn repeated_slots(&self) -> Vec<usize> {
        let mut counts: BTreeMap<usize, usize> = BTreeMap::new();
        self.for_each_leaf(&mut |leaf| *counts.entry(leaf.slot).or_default() += 1);
        counts
            .into_iter()
            .filter(|(_, count)| *count > 1)
            .map(|(slot, _)| slot)
            .collect()
    }
}
