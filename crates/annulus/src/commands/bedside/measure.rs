//! `annulus bedside --simulated --measure SECONDS`: how punctual the loop is under load.

use crate::cli::Format;
use crate::failure::Failure;
use crate::files;
use std::fmt::Write as _;
use std::num::NonZero;
use table::bedside::{self, Measured};
use table::wire::LoopFigures;

/// Measures, and prints what came out; a session that the machine ended is told as such.
pub(super) fn run(seconds: u32, load: Option<usize>, format: Format) -> Result<(), Failure> {
    let memory = bedside::lock_memory();
    let cores = || std::thread::available_parallelism().map_or(1, NonZero::get);
    let folder = tempfile::tempdir()
        .map_err(|error| Failure::new("making a folder for the measurement", error))?;
    let load = load.unwrap_or_else(cores);
    let measured = bedside::measure(seconds, load, memory, folder.path())?;
    let text = match format {
        Format::Text => text(&measured),
        Format::Json => {
            let json = serde_json::to_string_pretty(&measured);
            json.map_err(|error| Failure::new("writing the figures", error))? + "\n"
        }
    };
    files::print(text.as_bytes())
}

fn text(measured: &Measured) -> String {
    let mut text = format!(
        "{} s in real time, {} threads that never rest, memory {}, scheduling {}\n",
        measured.seconds, measured.load, measured.memory, measured.scheduling
    );
    for (name, of) in [
        ("guard", &measured.guard),
        ("controller", &measured.controller),
    ] {
        let _ = writeln!(text, "{}", line(name, of));
    }
    let _ = writeln!(
        text,
        "ticks without the controller {}, lowered {}; frames lost {}",
        measured.alone.alone, measured.alone.lowered, measured.lost_frames
    );
    if let Some(latch) = &measured.latch {
        let _ = writeln!(text, "the session was let go: {latch}");
    }
    text
}

fn line(name: &str, of: &LoopFigures) -> String {
    format!(
        "{name:<10} late by p50 {} µs, p99 {} µs, p99.9 {} µs, at most {} µs; {} of {} wake-ups missed",
        of.p50_us, of.p99_us, of.p999_us, of.max_us, of.missed, of.wakes
    )
}
