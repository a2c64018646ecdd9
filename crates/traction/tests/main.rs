//! The session core from outside.

mod plant;
mod session;
mod stops;
