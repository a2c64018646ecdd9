//! A Merkle tree over the heads of all streams, updated where they changed.
//!
//! ```text
//! leaf = SHA-256(0x00 ‖ stream id ‖ kind ‖ sequence ‖ link)     leaves in order of first appearance
//! node = SHA-256(0x01 ‖ left ‖ right)                           a node without a right sibling moves up as it is
//! ```
//!
//! Moving one leaf costs the logarithm of their number, so a checkpoint costs
//! what changed since the last one, not what there is.

use sha2::{Digest, Sha256};

use crate::event::{Hash, Stream};

/// The tree, all levels kept: two hashes per stream.
#[derive(Debug, Default)]
pub(crate) struct Tree {
    levels: Vec<Vec<Hash>>,
}

/// What the tree says of one stream.
pub(crate) fn leaf(stream: Stream, sequence: u64, link: &Hash) -> Hash {
    let mut hash = Sha256::new_with_prefix([0]);
    hash.update(stream.id.as_bytes());
    hash.update([stream.kind.code()]);
    hash.update(sequence.to_be_bytes());
    hash.update(link);
    hash.finalize().into()
}

fn node(left: &Hash, right: &Hash) -> Hash {
    let mut hash = Sha256::new_with_prefix([1]);
    hash.update(left);
    hash.update(right);
    hash.finalize().into()
}

impl Tree {
    /// Number of leaves.
    pub(crate) fn len(&self) -> usize {
        self.levels.first().map_or(0, Vec::len)
    }

    /// Sets a leaf, or adds it when `index` is one past the last.
    /// Returns whether it could: an index further out names a stream nobody has seen begin.
    pub(crate) fn set(&mut self, index: usize, leaf: Hash) -> bool {
        if index > self.len() {
            return false;
        }
        let (mut index, mut value) = (index, leaf);
        for level in 0.. {
            if self.levels.len() == level {
                self.levels.push(Vec::new());
            }
            let here = &mut self.levels[level];
            match here.get_mut(index) {
                Some(old) => *old = value,
                None => here.push(value),
            }
            if here.len() == 1 {
                break;
            }
            let pair = index & !1;
            value = match here.get(pair + 1) {
                Some(right) => node(&here[pair], right),
                None => here[pair],
            };
            index /= 2;
        }
        true
    }

    /// The root; of no leaves, the hash of nothing.
    pub(crate) fn root(&self) -> Hash {
        match self.levels.last().and_then(|top| top.first()) {
            Some(root) => *root,
            None => Sha256::digest([]).into(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn plain(leaves: &[Hash]) -> Hash {
        match leaves {
            [] => Sha256::digest([]).into(),
            [one] => *one,
            many => {
                let half = many.len().next_power_of_two() / 2;
                node(&plain(&many[..half]), &plain(&many[half..]))
            }
        }
    }

    #[test]
    fn a_tree_that_grew_and_changed_equals_one_built_at_once() {
        let mut tree = Tree::default();
        let mut leaves: Vec<Hash> = Vec::new();
        assert_eq!(tree.root(), plain(&leaves));
        for n in 0..70_u8 {
            leaves.push([n; 32]);
            assert!(tree.set(usize::from(n), [n; 32]));
            assert_eq!(tree.root(), plain(&leaves), "{n} leaves");
            let old = usize::from(n) / 3;
            leaves[old] = [n ^ 0x55; 32];
            assert!(tree.set(old, leaves[old]));
            assert_eq!(tree.root(), plain(&leaves), "{n} leaves, {old} changed");
        }
        assert!(!tree.set(71, [0; 32]), "a leaf far out is refused");
    }
}
