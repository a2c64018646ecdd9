//! The bedside from outside: its wire, its leases, its sessions, its recordings.

mod runs;
mod support;
