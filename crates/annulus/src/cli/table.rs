//! `table …`: the arguments.

use clap::{Args, Subcommand};
use si::Region;

const SERVE_HELP: &str = "Examples:
  annulus table serve --modbus tcp://127.0.0.1:1502
  annulus table serve --modbus rtu:///dev/ttyUSB0 --region cervical
  annulus table serve --modbus tcp://127.0.0.1:1502 --fault cell-a-stuck
  mbpoll -m tcp -p 1502 -a 1 -0 -r 0 -c 21 -t 4:hex 127.0.0.1

The registers are those of docs/modbus.md.";

/// `table …`.
#[derive(Debug, Subcommand)]
pub(crate) enum TableCommand {
    /// Serve the simulated table over Modbus, on this machine only
    #[command(after_help = SERVE_HELP)]
    Serve(TableServe),
}

/// `table serve`.
#[derive(Debug, Args)]
pub(crate) struct TableServe {
    /// tcp://127.0.0.1:PORT, or rtu:///PATH of a terminal.
    #[arg(long, value_name = "URL")]
    pub(crate) modbus: String,
    /// What the fitted harness is for: lumbar or cervical.
    #[arg(long, default_value_t = Region::Lumbar)]
    pub(crate) region: Region,
    /// Seed of the simulated table.
    #[arg(long, default_value_t = 1)]
    pub(crate) seed: u64,
    /// A fault that the table has from the start, such as cell-a-stuck; may be given again.
    #[arg(long, value_name = "NAME")]
    pub(crate) fault: Vec<String>,
}
