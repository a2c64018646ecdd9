//! Logs: lines for people on a terminal, JSON elsewhere; never patient data.

use std::io::IsTerminal;
use tracing_subscriber::EnvFilter;

/// Starts logging to standard error at `ANNULUS_LOG` (default `info`).
pub(crate) fn start() {
    let filter = EnvFilter::try_from_env("ANNULUS_LOG").unwrap_or_else(|_| EnvFilter::new("info"));
    let logs = tracing_subscriber::fmt()
        .with_env_filter(filter)
        .with_writer(std::io::stderr);
    if std::io::stderr().is_terminal() {
        logs.with_target(false).init();
    } else {
        logs.json().init();
    }
}
