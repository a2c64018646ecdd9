//! FHIR R4 in and out: records become facts by their codes, what was not mapped is listed;
//! a patient's stream becomes resources ([`export`]).
//!
//! What a record says is taken no further than it goes (CLINICAL.md §1.7):
//! active and confirmed sets a fact, unconfirmed by any practitioner; what is
//! over sets its history; everything between, and a recorded "no", opens a
//! question; absence says nothing. Each entry sets a fact, opens a question, is
//! listed with its reason, or is counted as administration.
//!
//! Must never know: HTTP servers, SQL, files, clocks; which rule a fact will fire.
#![forbid(unsafe_code)]

mod bundle;
pub mod cds;
pub mod check;
mod coded;
pub mod export;
mod import;
mod instant;
mod json;
mod map;
mod observation;
mod outcome;
mod own;
mod patient;
pub mod questionnaire;
pub mod relative;
pub mod search;
mod standing;
pub mod step;
mod unit;
mod version;
mod view;
mod when;

pub use import::{Ask, Import, Unmapped, import};
pub use json::{MAX_BYTES, MAX_DEPTH};
pub use outcome::{outcome, refusal};
pub use patient::{Contact, Demographics, Identifier};
