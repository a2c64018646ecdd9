//! `annulus bedside`: the process beside the table.

mod measure;

use crate::cli::{BedsideArgs, Format};
use crate::failure::Failure;
use crate::files;
use crate::settings::Settings;
use si::Problem;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};
use table::Table;
use table::bedside::{self, Memory, Options, Parts};
use table::modbus::{Address, ModbusTable};
use table::simulated::{self, SimulatedTable};
use table::sounder;

/// The simulated table of every demonstration.
pub(crate) const SIMULATED_TABLE: [u8; 16] = *b"annulus-simtable";
/// How long the first start waits for the server to make the clinic's key.
const KEY_PATIENCE: Duration = Duration::from_secs(60);
const KEY_PAUSE: Duration = Duration::from_millis(50);

/// Runs until a signal ends it, after unloading.
pub(crate) fn run(args: BedsideArgs, settings: &Settings, format: Format) -> Result<(), Failure> {
    if !args.simulated && args.modbus.is_none() {
        return Err(Problem::new(
            "no-table",
            "--simulated",
            "",
            "no table is named",
            "start with --simulated, or with --modbus and the address of a table",
        )
        .into());
    }
    if let Some(seconds) = args.measure {
        return measure::run(seconds, args.load, format);
    }
    let address = args.modbus.as_deref().map(str::parse::<Address>);
    let address = address.transpose()?;
    let socket = args.socket.or_else(|| settings.bedside.clone());
    let socket = socket.unwrap_or_else(|| PathBuf::from("var/bedside.sock"));
    let state_dir = args.state.unwrap_or_else(|| PathBuf::from("var/bedside"));
    let key = args
        .clinic_key
        .unwrap_or_else(|| PathBuf::from("var/clinic.pub"));
    let options = Options {
        socket,
        state_dir,
        clinic_key: wait_for_key(&key)?,
        speed: args.speed,
        table: simulated::Options::new(SIMULATED_TABLE, args.seed),
    };
    crate::logging::start();
    // Before any thread starts.
    let memory = bedside::lock_memory();
    let shown = options.socket.display().to_string();
    let table: Box<dyn Table> = match address {
        Some(address) => Box::new(ModbusTable::connect(&address)?),
        None => Box::new(SimulatedTable::new(options.table.clone())?),
    };
    let mut parts = Parts::of(table);
    parts.memory = memory;
    if memory != Memory::Locked {
        tracing::warn!(
            memory = memory.as_str(),
            "the memory of the bedside is not locked: a real table would be refused"
        );
    }
    if let Some(command) = args.sounder {
        parts.sounder = Box::new(sounder::Command::new(command));
    }
    if parts.sounder.name() == "none" {
        tracing::warn!("no alarm is heard at the table: start with --sounder, or in a terminal");
    }
    bedside::serve_on(parts, options, || {
        tracing::info!(socket = shown, "the bedside answers")
    })?;
    Ok(())
}

fn wait_for_key(path: &Path) -> Result<[u8; 32], Failure> {
    let start = Instant::now();
    while !path.exists() && start.elapsed() < KEY_PATIENCE {
        std::thread::sleep(KEY_PAUSE);
    }
    read_public(path)
}

/// Reads a public key: 64 hexadecimal digits.
pub(crate) fn read_public(path: &Path) -> Result<[u8; 32], Failure> {
    let mut key = [0_u8; 32];
    hex::decode_to_slice(files::read(path)?.trim_ascii(), &mut key).map_err(|_| {
        Problem::new(
            "key",
            path.display().to_string(),
            "",
            "is not a public key",
            "name the clinic.pub that `annulus serve` makes in its data folder",
        )
    })?;
    Ok(key)
}
