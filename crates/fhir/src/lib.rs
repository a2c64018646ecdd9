//! FHIR R4 records become facts by their codes; what was not mapped is listed.
//!
//! Must never know: HTTP servers, SQL, files, clocks; which rule a fact will fire.
#![forbid(unsafe_code)]
#![allow(dead_code)]

mod bundle;
mod json;
mod patient;
mod standing;
mod version;
mod view;
mod when;

pub use json::{MAX_BYTES, MAX_DEPTH};
pub use patient::{Contact, Demographics, Identifier};
