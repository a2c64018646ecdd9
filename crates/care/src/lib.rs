//! Care: evaluate, plan, recover, review, as pure functions from facts to
//! decisions that carry their reasons.
//!
//! Everything is decided from **facts** by **rules**; both are data under
//! `knowledge/`, cited, versioned and embedded. A fact that nobody recorded, or
//! that went stale, is unknown, and unknown never clears a patient.
//!
//! Must never know: files, clocks, networks, HTTP, SQL, FHIR. Every function is
//! told the instant and the time zone; the same input gives the same bytes.
#![deny(clippy::disallowed_methods, clippy::disallowed_types)]
#![forbid(unsafe_code)]

pub mod advice;
pub mod consent;
pub mod criteria;
pub mod decide;
pub mod diary;
pub mod episode;
pub mod evidence;
pub mod fact;
pub mod input;
pub mod instrument;
pub mod knowledge;
pub mod lesson;
pub mod outcomes;
pub mod plan;
pub mod review;
pub mod session;
pub mod subject;
pub mod triage;
mod words;
