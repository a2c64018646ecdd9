//! The engine: knowledge, criteria, facts, decisions, bad input.
mod boundaries;
mod broken;
mod circulation;
mod difference;
mod document;
pub(crate) mod evidence;
mod findings;
mod input;
mod instruments;
mod language;
mod logic;
mod permission;
mod policy;
mod properties;
mod screening;
mod sources;
mod standing;
mod vignettes;
