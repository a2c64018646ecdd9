//! The engine: knowledge, criteria, facts, decisions, bad input.
mod vignettes;
