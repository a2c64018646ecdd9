//! One person's spine as a document: who lies there, what was measured, how they lie.
//!
//! [`SpineDocument`] is the one reader of this form, for commands and pages alike;
//! [`SpineDocument::subject`] makes of it what `spine::column` takes. What nobody
//! measured comes from published regressions there. [`BeliefDocument`] is what was
//! learned of a spine from its sessions; [`Lying`] is the person of a chart under a pull.

mod belief;
mod chart;
mod document;
mod lying;
mod read;

pub use belief::BeliefDocument;
pub use document::{
    CoronalDocument, CouchDocument, MeasuredDocument, PostureDocument, SexDocument, SpineDocument,
    refused,
};
pub use lying::Lying;
