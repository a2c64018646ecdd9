//! Modbus, TCP and RTU: a table served to anyone.
//!
//! ```text
//! Table ─ served (leases, ceiling) ─ server ── line ── any master
//! ```
//! [`map`] is the published register map, `docs/modbus.md` its page; [`codec`]
//! the frames. A table that is served enforces by itself what the master may have
//! lost: leases, the ceiling, the age of a command.
//!
//! Must never know: sessions, grants, controller, guard.

mod address;
pub mod codec;
mod document;
pub mod map;
mod registers;
mod serial;
mod served;
mod server;

pub use address::{Address, BAUD, UNIT};
pub use document::document;
pub use served::{Master, Served};
pub use server::{Server, serve};
