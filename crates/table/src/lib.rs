//! The bedside: what stands between a signed session and a traction table.
//!
//! One trait for a table, a simulated table, the fixed-rate loop in a process
//! of its own, its wire and its black box. The loop composes the pure
//! controller and guard of `traction`; nothing here decides a force.
//!
//! Entry points: [`bedside::serve`] runs the process, [`client::Client`] talks
//! to it, [`runner::run`] runs a whole session in process as fast as it can,
//! [`replay::replay`] steps a recording again, [`measured::Measured`] tells what it measured.
//!
//! Must never know: HTTP, SQL, patients. It takes a signed Grant that carries
//! a pseudonym, and verifies it without a network.
#![forbid(unsafe_code)]

pub mod alarm;
pub mod bedside;
pub mod blackbox;
pub mod campaign;
pub mod client;
mod cycle;
pub mod grant;
pub mod lease;
mod life;
pub mod links;
pub mod measured;
pub mod modbus;
pub mod nonce;
pub mod replay;
pub mod rng;
pub mod runner;
pub mod simulated;
pub mod sounder;
pub mod summary;
mod table;
pub mod token;
pub mod wire;

pub use grant::SignedGrant;
pub use table::{Couch, Opening, Openings, Sensors, Table, TableInfo, TorqueLine, Truth};
