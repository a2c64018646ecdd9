//! `annulus-print [--fonts DIR]...`: a document as JSON on standard input, its PDF on
//! standard output; what is wrong with it as JSON on standard error, with exit code 2.
//!
//! Runs as a process of its own beside the server: it has 20 s of processor time and 2 GB of
//! memory (ours), opens nothing but the fonts that it was given, and knows no network.

use std::io::{self, Read, Write};
use std::path::PathBuf;
use std::process::ExitCode;

use clap::Parser;
use print::Fonts;
use rustix::process::{Resource, Rlimit, setrlimit};
use si::Problem;

const SECONDS: u64 = 20;
const MEMORY: u64 = 2 << 30;

/// Sets a document: JSON on standard input, PDF on standard output.
#[derive(Parser)]
#[command(name = "annulus-print", version)]
struct Arguments {
    /// A folder of fonts (TTF, OTF, TTC) for letters that the program's own have not.
    #[arg(long, value_name = "DIR")]
    fonts: Vec<PathBuf>,
}

fn main() -> ExitCode {
    let Arguments { fonts } = Arguments::parse();
    match bound().and_then(|()| print(&fonts)) {
        Ok(()) => ExitCode::SUCCESS,
        Err(problem) => {
            let told = serde_json::json!({
                "code": problem.code,
                "place": problem.place,
                "value": problem.value,
                "problem": problem.problem,
                "remedy": problem.remedy,
            });
            // Nobody is left to tell where standard error is closed.
            drop(writeln!(io::stderr(), "{told}"));
            ExitCode::from(2)
        }
    }
}

/// From here on no more than this.
fn bound() -> Result<(), Problem> {
    for (resource, most) in [(Resource::Cpu, SECONDS), (Resource::As, MEMORY)] {
        let limit = Rlimit {
            current: Some(most),
            maximum: Some(most),
        };
        setrlimit(resource, limit)
            .map_err(|error| failed("no bound on memory and time", &error.into()))?;
    }
    Ok(())
}

fn print(folders: &[PathBuf]) -> Result<(), Problem> {
    let mut json = Vec::new();
    // One byte more than is read tells that there is more.
    let most = print::document::MOST_BYTES as u64 + 1;
    let input = io::stdin().lock().take(most).read_to_end(&mut json);
    input.map_err(|error| failed("standard input", &error))?;
    let document = print::read(&json)?;
    let pdf = print::pdf(&document, &Fonts::with(fonts(folders)?))?;
    let mut out = io::stdout().lock();
    let written = out.write_all(&pdf).and_then(|()| out.flush());
    written.map_err(|error| failed("standard output", &error))
}

/// The files of these folders, by name.
fn fonts(folders: &[PathBuf]) -> Result<Vec<Vec<u8>>, Problem> {
    let mut files = Vec::new();
    for folder in folders {
        let place = folder.display().to_string();
        let entries = std::fs::read_dir(folder).map_err(|error| failed(&place, &error))?;
        let mut paths: Vec<PathBuf> = entries.flatten().map(|entry| entry.path()).collect();
        paths.sort();
        let is_font = |path: &PathBuf| {
            let end = path.extension().map(|end| end.to_ascii_lowercase());
            end.is_some_and(|end| ["ttf", "otf", "ttc"].iter().any(|font| end == *font))
        };
        for path in paths.into_iter().filter(is_font) {
            files.push(std::fs::read(&path).map_err(|error| failed(&place, &error))?);
        }
    }
    Ok(files)
}

fn failed(place: &str, error: &io::Error) -> Problem {
    let remedy = "see that it is there and can be read";
    Problem::new("not-read", place, "", error.to_string(), remedy)
}
