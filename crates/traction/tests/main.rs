//! The session core from outside.
