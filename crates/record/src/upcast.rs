//! Reading old events with new eyes: pure functions from version v to v + 1.
//!
//! Stored bytes are never rewritten; whoever reads gets the newest shape.

use std::collections::BTreeMap;
use std::fmt;

use crate::event::Stored;
use crate::{Error, Result};

/// From the bytes of one version to those of the next.
pub type Upcast = fn(&[u8]) -> std::result::Result<Vec<u8>, String>;

/// Every step that the program knows, by kind and the version it starts from.
#[derive(Clone, Default)]
pub(crate) struct Upcasters(BTreeMap<(String, u16), Upcast>);

impl fmt::Debug for Upcasters {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_set().entries(self.0.keys()).finish()
    }
}

impl Upcasters {
    pub(crate) fn add(&mut self, kind: String, from: u16, up: Upcast) {
        self.0.insert((kind, from), up);
    }

    /// The event in its newest version. An erased payload stays as it was.
    pub(crate) fn apply(&self, mut event: Stored) -> Result<Stored> {
        if self.0.is_empty() {
            return Ok(event);
        }
        while let Some(payload) = &event.payload {
            let Some(up) = self.0.get(&(event.kind.clone(), event.v)) else {
                break;
            };
            let raised = up(payload).map_err(|what| Error::Projection {
                place: format!(
                    "stream {} at sequence {}: {} version {}",
                    event.stream.id, event.sequence, event.kind, event.v
                ),
                what,
            })?;
            event.payload = Some(raised);
            event.v += 1;
        }
        Ok(event)
    }
}
