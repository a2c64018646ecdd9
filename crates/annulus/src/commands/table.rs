//! `annulus table serve`: the simulated table for any Modbus master.

use super::bedside::SIMULATED_TABLE;
use crate::cli::{TableCommand, TableServe};
use crate::failure::Failure;
use si::Problem;
use table::modbus::{Address, Served, serve};
use table::simulated::{Options, SimulatedTable};
use table::wire::{FaultName, Simulated};

/// The fault of that name, as the wire writes it.
fn named(name: &str) -> Result<FaultName, Problem> {
    let written = |fault: &FaultName| serde_json::json!(fault);
    let found = FaultName::ALL
        .into_iter()
        .find(|fault| written(fault) == name);
    found.ok_or_else(|| {
        let names = FaultName::ALL.map(|fault| written(&fault).as_str().unwrap_or("").to_owned());
        let shown: String = name.chars().take(40).collect();
        let remedy = format!("name one of: {}", names.join(", "));
        Problem::new(
            "unknown-name",
            "--fault",
            shown,
            "is no fault of the simulated table",
            remedy,
        )
    })
}

/// Runs until a signal ends it.
pub(crate) fn run(command: &TableCommand) -> Result<(), Failure> {
    let TableCommand::Serve(args) = command;
    let TableServe {
        modbus,
        region,
        seed,
        fault,
    } = args;
    let address: Address = modbus.parse()?;
    let faults = fault.iter().map(|name| named(name));
    let faults = faults.collect::<Result<Vec<_>, _>>()?;
    let table = SimulatedTable::new(Options::new(SIMULATED_TABLE, *seed))?;
    let mut served = Served::new(Box::new(table), *region)?;
    // Making a table ready mends it, so its faults come after.
    for fault in faults {
        served
            .table()
            .simulate(Simulated::Fault { fault, on: true });
    }
    crate::logging::start();
    serve(&address, served, |at| {
        tracing::info!(address = %at, region = %region, "the simulated table answers");
    })?;
    Ok(())
}
