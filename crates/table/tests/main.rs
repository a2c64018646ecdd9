//! The bedside from outside: its wire, its leases, its sessions, its recordings.

mod alarms;
mod asking;
mod beyond;
mod broken;
mod campaign;
mod crash;
mod disks;
mod doors;
mod doses;
mod hazards;
mod mended;
mod modbus;
mod people;
mod power;
mod process;
mod recordings;
mod replays;
mod retention;
mod rules;
mod runs;
mod sounder;
mod support;
mod threads;
mod truth;
mod whole;
mod wire;
