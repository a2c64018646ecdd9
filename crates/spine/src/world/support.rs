//! What the person lies on, and how.
//!
//! The slope β of the couch and the slack of the harness are the caller's; their
//! ranges are those of treatment couches. Refusals are shown by
//! `tests/bad_input.rs` and `tests/world`.

use crate::ColumnError;
use si::{Metres, Radians};

/// How the patient lies.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Position {
    /// On the back.
    Supine,
    /// On the back, hips and knees bent on a stool.
    SupineLegsRaised,
    /// On the belly: a pull towards flexion then points into the couch.
    Prone,
}

/// The couch under the patient and the slack in the harness.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Support {
    /// Whether the moving part (lower body, or head) rides on a sliding section.
    pub table_split: bool,
    /// Slope of the couch, positive with the pulled end lower (± 20°).
    pub incline: Radians,
    /// How the patient lies.
    pub position: Position,
    /// Carriage travel before the harness touches (0–100 mm).
    pub slack: Metres,
}

impl Support {
    /// A level couch, supine, with 10 mm of slack.
    #[must_use]
    pub const fn level(table_split: bool) -> Self {
        Self {
            table_split,
            incline: Radians::ZERO,
            position: Position::Supine,
            slack: Metres::of(0.010),
        }
    }

    pub(crate) fn check(&self) -> Result<(), ColumnError> {
        let slope = self.incline.degrees();
        ColumnError::check("support.incline", slope, (-20.0, 20.0), "deg")?;
        ColumnError::check("support.slack", self.slack.mm(), (0.0, 100.0), "mm")?;
        Ok(())
    }
}
