//! `annulus table serve`: the simulated table for any Modbus master.

use super::bedside::SIMULATED_TABLE;
use crate::cli::{TableCommand, TableServe};
use crate::failure::Failure;
use table::modbus::{Address, Served, serve};
use table::simulated::{Options, SimulatedTable};

/// Runs until a signal ends it.
pub(crate) fn run(command: &TableCommand) -> Result<(), Failure> {
    let TableCommand::Serve(args) = command;
    let TableServe {
        modbus,
        region,
        seed,
    } = args;
    let address: Address = modbus.parse()?;
    let table = SimulatedTable::new(Options::new(SIMULATED_TABLE, *seed))?;
    let served = Served::new(Box::new(table), *region)?;
    crate::logging::start();
    serve(&address, served, |at| {
        tracing::info!(address = %at, region = %region, "the simulated table answers");
    })?;
    Ok(())
}
