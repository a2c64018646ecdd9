//! Criteria over one reading alone: whether it is positive or doubtful.
use super::{Atom, Kleene, SyntaxError, Tree, compile};
use crate::fact::{Fact, Moment, Reading};

/// Criteria over one reading alone: whether it is positive or doubtful.
#[derive(Clone, Debug)]
pub struct Positive(Tree);

impl Positive {
    /// Checks criteria that may ask only this fact.
    ///
    /// # Errors
    /// The place where they ask another fact, or ask it wrongly.
    pub(crate) fn new(tree: Tree, fact: &Fact) -> Result<Self, SyntaxError> {
        let mut fault = None;
        tree.for_each_atom(&mut |atom: &Atom| {
            if atom.fact != fact.id {
                let remedy = "ask the fact itself alone";
                fault = Some(SyntaxError::new(
                    atom.place,
                    "another fact is asked",
                    remedy,
                ));
            } else if let Err(error) = compile::test(atom, fact) {
                fault = Some(error);
            }
        });
        fault.map_or(Ok(Self(tree)), Err)
    }

    /// Whether the reading is positive or doubtful.
    pub(crate) fn holds(&self, reading: &Reading, fact: &Fact, moment: Moment<'_>) -> bool {
        fn walk(tree: &Tree, leaf: &impl Fn(&Atom) -> bool) -> bool {
            match tree {
                Tree::All(parts) => parts.iter().all(|part| walk(part, leaf)),
                Tree::Any(parts) => parts.iter().any(|part| walk(part, leaf)),
                Tree::AtLeast(count, parts) => {
                    parts.iter().filter(|part| walk(part, leaf)).count() >= *count as usize
                }
                Tree::Not(inner) | Tree::NotShown(inner) => !walk(inner, leaf),
                Tree::Each { body, .. } => walk(body, leaf),
                Tree::Atom(atom) => leaf(atom),
            }
        }
        walk(&self.0, &|atom| {
            let test = compile::test(atom, fact).ok();
            test.and_then(|test| test.holds(reading, None, fact, moment)) == Some(Kleene::True)
        })
    }
}
