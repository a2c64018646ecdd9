//! Modbus, TCP and RTU: a table served to anyone, and a table reached by it.
//!
//! ```text
//! Table ─ served (leases, ceiling) ─ server ── line ── client: a Table again
//! ```
//! [`map`] is the published register map, `docs/modbus.md` its page; [`codec`]
//! the frames. A table that is served enforces by itself what the master may have
//! lost: leases, the ceiling, the age of a command.
//!
//! Must never know: sessions, grants, controller, guard.

mod address;
mod cadence;
mod client;
pub mod codec;
mod document;
mod line;
pub mod map;
mod refusals;
mod registers;
mod serial;
mod served;
mod server;
mod worker;

pub use address::{Address, BAUD, UNIT};
pub use cadence::{CYCLES, Cadence, FEWEST, SLOWEST};
pub use client::ModbusTable;
pub use document::document;
pub use served::{Master, Served};
pub use server::{Server, serve};
