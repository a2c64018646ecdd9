//! What holds the end that is not pulled.
//!
//! **Phenomenon.** In a lumbar pull a thoracic harness (T7–T11) and posts under
//! the armpits (T2–T4) keep the trunk; in a cervical pull its own friction on
//! the couch does, with the shoulder girdle beside it (T1–T3). Each is a linear
//! spring to the couch, shared evenly by the bodies that it holds:
//!
//! ```text
//! force = −k u along the couch, −λ k u across, nothing away from it
//! ```
//!
//! k: [`Anchor::stiffness`], N/m, of `tables::couch`, all ours; λ = 0.3, ours
//! (0.1–1): straps run along. Friction of the trunk is the couch's business.
//!
//! Departure: straps pull one way only; the springs also hold the trunk from
//! moving on, which a pull never asks of them. Valid for shifts of some
//! centimetres. Shown by the test below.

use crate::tables::couch;
use si::Region;

/// Stiffness across over stiffness along, λ.
const ACROSS: f64 = 0.3;

/// First and last body of each anchor.
const HARNESS: (usize, usize) = (14, 18);
const POSTS: (usize, usize) = (9, 11);
const SHOULDERS: (usize, usize) = (8, 10);

/// Springs between one body and the couch.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Anchor {
    /// Along x, y, z, N/m.
    pub stiffness: [f64; 3],
}

impl Anchor {
    /// What holds body `b` while `region` is pulled.
    pub fn of(region: Region, b: usize) -> Self {
        let along = match region {
            Region::Lumbar => {
                part(b, HARNESS, couch::THORACIC_HARNESS.value)
                    + part(b, POSTS, couch::AXILLARY_POSTS.value)
            }
            Region::Cervical => part(b, SHOULDERS, couch::SHOULDERS.value),
        };
        Self {
            stiffness: [0.0, ACROSS * along, along],
        }
    }
}

fn part(b: usize, (first, last): (usize, usize), whole: f64) -> f64 {
    if (first..=last).contains(&b) {
        whole / (last - first + 1) as f64
    } else {
        0.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::anatomy::BODIES;

    #[test]
    fn the_parts_of_every_anchor_sum_to_the_whole_and_hold_only_the_trunk() {
        for (region, whole) in [
            (
                Region::Lumbar,
                couch::THORACIC_HARNESS.value + couch::AXILLARY_POSTS.value,
            ),
            (Region::Cervical, couch::SHOULDERS.value),
        ] {
            let along = |b| Anchor::of(region, b).stiffness[2];
            let sum: f64 = (0..BODIES).map(along).sum();
            assert!((sum - whole).abs() < 1e-9);
            assert!((0..BODIES).all(|b| (8..=19).contains(&b) || along(b) <= 0.0));
        }
    }
}
