//! Raw recording to Parquet and back to the same bytes.
//!
//! The frames are columns that any tool reads; header and end stand in the metadata,
//! once as their bytes, from which the raw file is made again, and once in words for
//! people. Nothing is believed that does not give back the raw file's SHA-256.
//! Shown by `console/tests/parquet.rs`.

use std::path::Path;

use record::recording::{Tape, Written, read_parquet, write_parquet};
use record::sha256;
use si::Problem;
use table::blackbox::format::Tail;
use table::blackbox::{Contents, Encoder, End, Header};

/// Keys of the metadata that the raw file is made from again.
const HEADER: &str = "recording.header";
const SHA256: &str = "recording.sha256";
const COMPLETED: &str = "end.completed";
const LOST: &str = "end.lost";
const REASON: &str = "end.reason";

/// Writes a raw recording as Parquet and reads it back; the file is there only if it
/// gives back the same bytes.
///
/// # Errors
/// A recording that is not whole, or that would not come back; the disk.
pub fn to_parquet(path: &Path, raw: &[u8]) -> Result<Written, Problem> {
    let contents = Contents::read(raw)?;
    table::replay::check(&contents)?;
    let length = contents.header.frame_bytes as usize;
    let notes = notes(&contents, &hex::encode(sha256(raw)));
    let written = write_parquet(path, &notes, length, &contents.frames);
    let written = written.map_err(|error| error.problem())?;
    match from_parquet(path) {
        Ok(back) if back == raw => Ok(written),
        other => {
            // It is of no use to anyone; that it may stay does no harm either.
            let _ = std::fs::remove_file(path);
            let why = other.map_or_else(|problem| problem.problem, |_| "bytes differ".into());
            Err(Problem::new(
                "recording-not-parquet",
                path.display().to_string(),
                "",
                format!("the recording does not come back from Parquet: {why}"),
                "keep the raw recording: it holds something that frames do not",
            ))
        }
    }
}

/// The raw recording that a Parquet file was written from, byte for byte.
///
/// # Errors
/// `recording-altered` names column and rows, or the metadata, that was changed;
/// `recording-parquet` a file that never held all it takes.
pub fn from_parquet(path: &Path) -> Result<Vec<u8>, Problem> {
    let tape = read_parquet(path).map_err(|error| error.problem())?;
    let (header, end) = parts(path, &tape)?;
    let mut raw = Vec::with_capacity(tape.frames.len() + tape.frames.len() / 4 + 1024);
    let mut encoder = Encoder::start(&header, &mut raw);
    for frame in tape.frames.chunks_exact(tape.length) {
        encoder.push(frame, &mut raw);
    }
    encoder.finish(&end, &mut raw);
    let digest = hex::encode(sha256(&raw));
    let contents = Contents::read(&raw)?;
    for (key, value) in notes(&contents, &digest) {
        let found = tape.note(key);
        if key == SHA256 && found != Some(&value) {
            let what = "it does not give back the recording that it was written from";
            return Err(altered(path, "file", found.unwrap_or_default(), what));
        }
        if found != Some(&value) {
            let what = "it was changed after it was written";
            let place = format!("metadata {key}");
            return Err(altered(path, &place, found.unwrap_or_default(), what));
        }
    }
    Ok(raw)
}

/// The bytes of a raw recording, also where only its Parquet is left.
///
/// # Errors
/// The disk's; invalid data where the Parquet does not give the recording back.
pub fn stored(raw: &Path) -> std::io::Result<Vec<u8>> {
    match std::fs::read(raw) {
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => {
            let parquet = raw.with_extension("parquet");
            if !parquet.exists() {
                return Err(error);
            }
            let invalid = |problem: Problem| {
                std::io::Error::new(std::io::ErrorKind::InvalidData, problem.log().to_string())
            };
            from_parquet(&parquet).map_err(invalid)
        }
        read => read,
    }
}

/// Header and end, as the metadata has them.
fn parts(path: &Path, tape: &Tape) -> Result<(Header, End), Problem> {
    let Some(header) = tape.note(HEADER) else {
        return Err(Problem::new(
            "recording-parquet",
            format!("{}, metadata {HEADER}", path.display()),
            "",
            "the file does not hold what a replay needs: another tool dropped its metadata, \
             or an older version wrote it",
            "take the file that Annulus wrote, or the raw recording",
        ));
    };
    let wrong = |key: &str| {
        let value = tape.note(key).unwrap_or_default();
        let what = "it is not what Annulus writes there";
        altered(path, &format!("metadata {key}"), value, what)
    };
    let bytes = hex::decode(header).map_err(|_| wrong(HEADER))?;
    let head = Contents::read(&bytes).map_err(|_| wrong(HEADER))?;
    let whole = head.intact == bytes.len() && head.tail == Tail::Open && head.frames.is_empty();
    if !whole || head.header.bytes() != bytes || head.header.frame_bytes as usize != tape.length {
        return Err(wrong(HEADER));
    }
    let said = |key: &'static str| tape.note(key).ok_or_else(|| wrong(key));
    let end = End {
        completed: said(COMPLETED)?.parse().map_err(|_| wrong(COMPLETED))?,
        lost: said(LOST)?.parse().map_err(|_| wrong(LOST))?,
        reason: said(REASON)?.to_owned(),
    };
    Ok((head.header, end))
}

/// Everything that a recording says besides its frames.
fn notes(contents: &Contents, digest: &str) -> Vec<(&'static str, String)> {
    let header = &contents.header;
    let setup = &header.setup;
    let mut notes = vec![
        (HEADER, hex::encode(header.bytes())),
        (SHA256, digest.to_owned()),
        ("session", hex::encode(header.session)),
        ("table", hex::encode(header.table)),
        ("program", header.program.clone().unwrap_or_default()),
        ("simulated", header.simulated.to_string()),
        ("seed", header.seed.to_string()),
        ("armed_at_ms", header.armed_at_ms.to_string()),
        ("grant", hex::encode(&header.grant)),
        ("grant.signature", hex::encode(header.signature)),
        ("setup.harness", setup.harness.to_string()),
        (
            "setup.table_ceiling_n",
            setup.table_ceiling.get().to_string(),
        ),
        (
            "setup.pull_speed_m_per_s",
            setup.pull_speed.get().to_string(),
        ),
        ("setup.stiffest_n_per_m", setup.stiffest.get().to_string()),
        ("setup.reaction_s", setup.reaction.get().to_string()),
        ("setup.watchdog_ms", setup.watchdog_ms.to_string()),
        ("setup.console_required", setup.console_required.to_string()),
        ("setup.simulated", setup.simulated.to_string()),
    ];
    if let Some(end) = &contents.end {
        notes.push((COMPLETED, end.completed.to_string()));
        notes.push((LOST, end.lost.to_string()));
        notes.push((REASON, end.reason.clone()));
    }
    notes
}

fn altered(path: &Path, place: &str, value: &str, what: &str) -> Problem {
    let value: String = value.chars().take(80).collect();
    Problem::new(
        "recording-altered",
        format!("{}, {place}", path.display()),
        value,
        what,
        "take the file from the clinic's store again, or the raw recording from its bedside",
    )
}
