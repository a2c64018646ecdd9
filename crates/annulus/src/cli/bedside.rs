//! Arguments of `annulus bedside`.

use clap::Args;
use std::path::PathBuf;

pub(crate) const HELP: &str = "Examples:
  annulus bedside --simulated --state var/bedside --socket var/bedside.sock --clinic-key var/clinic.pub
  annulus bedside --simulated --sounder 'aplay -q -'
  annulus bedside --simulated --measure 60 --format json";

/// Arguments of `annulus bedside`.
#[derive(Debug, Args)]
pub(crate) struct BedsideArgs {
    /// Drive a simulated table.
    #[arg(long, conflicts_with = "modbus")]
    pub(crate) simulated: bool,
    /// Drive the table at tcp://HOST:PORT or rtu:///PATH (docs/modbus.md).
    #[arg(long, value_name = "URL")]
    pub(crate) modbus: Option<String>,
    /// Unix socket to listen on [default: var/bedside.sock].
    #[arg(long, value_name = "SOCKET", env = "ANNULUS_BEDSIDE")]
    pub(crate) socket: Option<PathBuf>,
    /// Folder of the black boxes and spent nonces [default: var/bedside].
    #[arg(long, value_name = "FOLDER")]
    pub(crate) state: Option<PathBuf>,
    /// The clinic's public key; waited for at the first start [default: var/clinic.pub].
    #[arg(long, value_name = "FILE")]
    pub(crate) clinic_key: Option<PathBuf>,
    /// Simulated seconds a second: 1, 10 or 60.
    #[arg(long, default_value_t = 1)]
    pub(crate) speed: u32,
    /// Seed of the simulated table.
    #[arg(long, default_value_t = 1)]
    pub(crate) seed: u64,
    /// Shell command that plays an alarm; it receives a WAV, as in 'aplay -q -' [default: the terminal's bell].
    #[arg(long, value_name = "CMD")]
    pub(crate) sounder: Option<String>,
    /// Measure how punctual the loop is for so many seconds under load, on a simulated table of
    /// its own, and end.
    #[arg(long, value_name = "SECONDS", requires = "simulated")]
    pub(crate) measure: Option<u32>,
    /// Threads that never rest during a measurement; one a core where nothing is said.
    #[arg(long, value_name = "N", requires = "measure")]
    pub(crate) load: Option<usize>,
}
