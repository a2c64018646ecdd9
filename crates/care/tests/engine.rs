//! The engine: knowledge, criteria, facts, decisions, bad input.
mod broken;
mod input;
mod language;
mod logic;
mod properties;
mod screening;
mod vignettes;
