//! `replay`: a recording stepped again through controller and guard, told and drawn.
//!
//! Every output must come out again bit by bit; the first that does not is told by
//! tick and field. Nothing is written unless the file can be read whole, or the
//! caller asked for its intact part.

mod plot;
mod signature;
mod told;

use crate::cli::{Format, ReplayArgs};
use crate::failure::Failure;
use crate::files;
use crate::settings::Settings;
use console::bedside::{from_parquet, to_parquet};
use console::messages::{Locale, Say};
use console::recorded::{ON_SCREEN, picture};
use si::Problem;
use signature::Signature;
use std::io::IsTerminal as _;
use std::path::Path;
use table::blackbox::{Contents, PROGRAM};
use table::replay::{Replayed, check, frames, replay_intact};
use told::Told;
use traction::frame::Frame;

/// What Parquet files begin with.
const PARQUET: &[u8] = b"PAR1";

/// A recording that was replayed.
pub(crate) struct Done {
    /// The file that was named.
    file: String,
    /// Whether it was the raw recording or its Parquet.
    form: &'static str,
    /// The recording.
    contents: Contents,
    /// Its frames.
    frames: Vec<Frame>,
    /// What came out.
    replayed: Replayed,
    /// Whether the clinic signed its Grant.
    signature: Signature,
}

/// Replays, tells, draws; fails where an output differs.
pub(crate) fn run(args: &ReplayArgs, settings: &Settings, format: Format) -> Result<(), Failure> {
    if let Some(svg) = &args.svg {
        files::writable(svg)?;
    }
    if let Some(parquet) = &args.parquet {
        files::writable(parquet)?;
    }
    let place = args.file.display().to_string();
    let (form, bytes) = read(&args.file)?;
    let contents = contents(&bytes, args.intact).map_err(|problem| at(&place, problem))?;
    let own = settings.data(None).join("clinic.pub");
    let signature = Signature::of(&contents, args.key.as_deref(), &own)?;
    let done = replayed((&place, form), contents, signature);
    let done = done.map_err(|problem| at(&place, problem))?;
    let told = Told::of(&done);
    if let Some(svg) = &args.svg {
        files::write(Some(svg), drawn(&done).as_bytes())?;
    }
    if let Some(parquet) = &args.parquet {
        to_parquet(parquet, &bytes).map_err(|problem| at(&place, problem))?;
    }
    match format {
        Format::Json => files::print(told.json()?.as_bytes())?,
        Format::Text => {
            let colour = std::io::stdout().is_terminal() && std::env::var_os("NO_COLOR").is_none();
            let text = told.text() + "\n" + &plot::draw(&done.frames, colour);
            files::print(text.as_bytes())?;
        }
    }
    match told.verdict() {
        None => Ok(()),
        Some(difference) => Err(Failure::new(format!("replaying {place}"), difference)),
    }
}

/// The raw recording, from its own file or from its Parquet, and which it was.
fn read(file: &Path) -> Result<(&'static str, Vec<u8>), Failure> {
    let bytes = files::read_recording(file)?;
    if !bytes.starts_with(PARQUET) {
        return Ok(("frames", bytes));
    }
    if file == Path::new("-") {
        let problem = "Parquet is read from its end, and standard input has none";
        return Err(Problem::new("arguments", "-", "", problem, "name the file").into());
    }
    Ok(("parquet", from_parquet(file)?))
}

/// The session as a picture.
fn drawn(done: &Done) -> String {
    let say = Say {
        locale: Locale::English,
    };
    picture(say, &done.frames, ON_SCREEN).0
}

fn contents(bytes: &[u8], intact: bool) -> Result<Contents, Problem> {
    let contents = Contents::read(bytes)?;
    if !intact {
        check(&contents)?;
    }
    Ok(contents)
}

fn replayed(
    (file, form): (&str, &'static str),
    contents: Contents,
    signature: Signature,
) -> Result<Done, Problem> {
    let frames = frames(&contents)?;
    let replayed = replay_intact(&contents)?;
    let by = contents.header.program.as_deref();
    if let Replayed::Differs(found) = &replayed
        && by != Some(PROGRAM)
    {
        return Err(Problem::new(
            "recording-program",
            "recording.header.program",
            by.unwrap_or("none: a header of version 1"),
            format!(
                "was recorded by another program than this, {PROGRAM}, and tick {} differs in {}: \
                 that proves nothing",
                found.tick, found.field
            ),
            "replay it with the program that recorded it",
        ));
    }
    Ok(Done {
        file: file.to_owned(),
        form,
        contents,
        frames,
        replayed,
        signature,
    })
}

/// The problem with the file's name for the recording's.
fn at(file: &str, problem: Problem) -> Problem {
    let place = match problem.place.strip_prefix("recording") {
        Some(rest) => format!("{file}{rest}"),
        None => problem.place.clone(),
    };
    Problem { place, ..problem }
}
