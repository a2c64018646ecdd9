//! The engine: knowledge, criteria, facts, decisions, bad input.
mod input;
mod screening;
mod vignettes;
