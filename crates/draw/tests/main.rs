//! Pictures: structure, escaping, no number that is none.
