//! Criteria checked against the catalogue, quantifiers spelt out.
use super::{Duration, Operator};
use std::collections::BTreeMap;

/// Checked criteria of one region: a tree whose nodes are numbered, so that what each
/// gave is read once in a decision.
#[derive(Clone, Debug, PartialEq)]
pub struct Expr {
    /// What it asks.
    pub(crate) node: Node,
    /// Its number among all nodes of the knowledge.
    number: usize,
    /// One bit for each place (by its number, modulo 64) that it or a need below it reads.
    reads: u64,
}

/// What criteria ask.
#[derive(Clone, Debug, PartialEq)]
pub enum Node {
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

impl From<Node> for Expr {
    fn from(node: Node) -> Self {
        Self {
            node,
            number: 0,
            reads: 0,
        }
    }
}

/// The bit of a place.
pub(super) const fn bit(slot: usize) -> u64 {
    1 << (slot % 64)
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
    /// Its number, under which its outcome is kept.
    pub(super) const fn number(&self) -> usize {
        self.number
    }

    /// Whether it may read one of the places whose bits are set.
    pub(super) const fn may_read(&self, places: u64) -> bool {
        self.reads & places != 0
    }

    fn parts(&self) -> &[Self] {
        match &self.node {
            Node::All(parts) | Node::Any(parts) | Node::AtLeast(_, parts) => parts,
            Node::Not(inner) | Node::NotShown(inner) => std::slice::from_ref(inner),
            Node::Leaf(_) => &[],
        }
    }

    fn parts_mut(&mut self) -> &mut [Self] {
        match &mut self.node {
            Node::All(parts) | Node::Any(parts) | Node::AtLeast(_, parts) => parts,
            Node::Not(inner) | Node::NotShown(inner) => std::slice::from_mut(inner),
            Node::Leaf(_) => &mut [],
        }
    }

    /// Calls `visit` on every leaf.
    pub(crate) fn for_each_leaf<'e>(&'e self, visit: &mut impl FnMut(&'e Leaf)) {
        match &self.node {
            Node::Leaf(leaf) => visit(leaf),
            _ => self
                .parts()
                .iter()
                .for_each(|part| part.for_each_leaf(visit)),
        }
    }

    /// Numbers the nodes from `next` on; `below` gives the places that a leaf's need reads.
    pub(crate) fn enumerate(&mut self, next: &mut usize, below: &impl Fn(usize) -> u64) {
        self.number = *next;
        *next += 1;
        if let Node::Leaf(leaf) = &self.node {
            self.reads = bit(leaf.slot) | below(leaf.slot);
        }
        let mut reads = self.reads;
        for part in self.parts_mut() {
            part.enumerate(next, below);
            reads |= part.reads;
        }
        self.reads = reads;
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
