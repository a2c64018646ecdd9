//! FHIR R4 records become facts by their codes; what was not mapped is listed.
//!
//! Must never know: HTTP servers, SQL, files, clocks; which rule a fact will fire.
#![forbid(unsafe_code)]

mod bundle;
mod coded;
mod import;
mod instant;
mod json;
mod map;
mod observation;
mod patient;
pub mod relative;
mod standing;
mod unit;
mod version;
mod view;
mod when;

pub use import::{Ask, Import, Unmapped, import};
pub use json::{MAX_BYTES, MAX_DEPTH};
pub use patient::{Contact, Demographics, Identifier};
