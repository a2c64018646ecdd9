//! The bedside from outside: its wire, its leases, its sessions, its recordings.

mod process;
mod rules;
mod runs;
mod support;
mod wire;
