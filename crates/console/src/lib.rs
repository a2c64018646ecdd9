//! The clinic's server: accounts, a page for every step of care, the live
//! session, and the patient's check-in behind a personal link.
//!
//! ```text
//! browser ─▶ front (TLS, bounds) ─▶ door (route table, role, token, audit) ─▶ page ─▶ Clinic ─▶ care decides ─▶ record appends
//!                                                       └────▶ Bedside ─ socket ─▶ the process at the table
//! ```
//!
//! Entry points: [`serve()`] is what `annulus serve` calls, [`clinic::Clinic`] is
//! the application layer, [`routes::TABLE`] the list of everything served.
//!
//! Must never know: how a force is computed or controlled, what a rule decides.
#![forbid(unsafe_code)]

pub mod api;
pub mod app;
pub mod aside;
pub mod assets;
pub mod backup;
pub mod bedside;
pub mod clinic;
pub mod demo;
pub mod door;
pub mod frame;
pub mod front;
mod heard;
pub mod lessons;
pub mod mail;
pub mod messages;
pub mod pages;
pub mod paper;
pub mod random;
pub mod recorded;
pub mod research;
pub mod role;
pub mod routes;
pub mod secret;
pub mod serve;
mod signatures;
pub mod smart;

pub use clinic::Clinic;
pub use demo::DemoLogin;
pub use serve::{Options, Server, serve};
