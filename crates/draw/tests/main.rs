//! Pictures: structure, escaping, no number that is none, the same text twice.

mod bands;
mod charts;
mod feeling;
mod hostile;
mod lanes;
mod picture;
mod spines;
