//! Writes what fuzzing begins with: valid recordings, frames, grants and messages.
//!
//! `seeds FOLDER` makes one folder a target below FOLDER; nothing of it is committed.

use fuzz::{grant, signed};
use si::Region;
use std::path::Path;
use table::blackbox::{Contents, Encoder};
use table::modbus::codec::{Exception, Framing, Reply, Request, Span, frame};
use table::runner::{Start, run};
use table::simulated::{Options, Script, SimulatedTable};
use table::wire::Frame;

/// Frames of a seed's recording: a long one only slows the fuzzer.
const FRAMES: usize = 25;

fn main() -> std::io::Result<()> {
    let folder = std::env::args().nth(1).unwrap_or_else(|| "corpus".into());
    let folder = Path::new(&folder);
    for (number, region) in [Region::Lumbar, Region::Cervical].into_iter().enumerate() {
        put(folder, "grant", number, &grant(region).encode())?;
        let whole = session(region);
        for (mode, from) in [(0, 0), (1, 0), (1, 700)].into_iter().enumerate() {
            let bytes = [&[from.0][..], &cut(&whole, from.1)].concat();
            put(folder, "recording", 10 * number + mode, &bytes)?;
        }
    }
    #[cfg(feature = "parquet")]
    parquet(folder)?;
    for (number, bytes) in modbus().into_iter().enumerate() {
        put(folder, "modbus", number, &bytes)?;
    }
    for (number, json) in messages().into_iter().enumerate() {
        let sent = Frame {
            sequence: 1,
            json: json.as_bytes().to_vec(),
            blob: vec![0; 8 * number],
        };
        let bytes = sent.encode().map_err(std::io::Error::other)?;
        put(folder, "wire", number, &bytes)?;
    }
    Ok(())
}

fn put(folder: &Path, target: &str, number: usize, bytes: &[u8]) -> std::io::Result<()> {
    let folder = folder.join(target);
    std::fs::create_dir_all(&folder)?;
    std::fs::write(folder.join(format!("seed-{number}")), bytes)
}

fn session(region: Region) -> Contents {
    let mut table = SimulatedTable::new(Options::lumped([7; 16], 1)).expect("the default patient");
    let start = Start { at_ms: 1, seed: 1 };
    let recording = run(&signed(region), &mut table, Script::routine(), start).expect("a session");
    Contents::read(&recording.bytes).expect("a recording")
}

/// The recording of some frames from `from` on.
fn cut(whole: &Contents, from: usize) -> Vec<u8> {
    let mut bytes = Vec::new();
    let mut encoder = Encoder::start(&whole.header, &mut bytes);
    for frame in whole.frames().skip(from).take(FRAMES) {
        encoder.push(frame, &mut bytes);
    }
    encoder.finish(whole.end.as_ref().expect("closed"), &mut bytes);
    bytes
}

/// A session's first frames as Parquet.
#[cfg(feature = "parquet")]
fn parquet(folder: &Path) -> std::io::Result<()> {
    let whole = session(Region::Lumbar);
    let length = whole.header.frame_bytes as usize;
    let path = folder.join("seed.parquet");
    for (number, frames) in [1, FRAMES].into_iter().enumerate() {
        let bytes = &whole.frames[..frames * length];
        record::recording::write_parquet(&path, &[], length, bytes)
            .map_err(std::io::Error::other)?;
        put(folder, "parquet", number, &std::fs::read(&path)?)?;
    }
    std::fs::remove_file(&path)
}

fn modbus() -> Vec<Vec<u8>> {
    let span = Span {
        first: 0,
        count: 24,
    };
    let asked = [
        Request::Read(span),
        Request::Write {
            first: 100,
            values: vec![1, 2, 0xFFFF],
        },
        Request::Exchange {
            read: span,
            first: 100,
            values: vec![7; 12],
        },
    ];
    let mut all = Vec::new();
    for request in &asked {
        let pdu = request.encode();
        let replies = match request {
            Request::Write { first, values } => {
                let count = u16::try_from(values.len()).expect("few");
                Reply::Written(Span {
                    first: *first,
                    count,
                })
            }
            _ => Reply::Registers(vec![3; 24]),
        };
        let function = request.function();
        for answer in [replies, Reply::Refused(Exception::Busy)] {
            let answer = answer.encode(function);
            for (mode, framing) in [(0, Framing::Tcp), (1, Framing::Rtu), (2, Framing::Rtu)] {
                let mut bytes = vec![mode, u8::try_from(pdu.len()).expect("short")];
                bytes.extend_from_slice(&pdu);
                bytes.extend_from_slice(&frame(framing, 9, 1, &pdu));
                all.push(bytes.clone());
                bytes.truncate(2 + pdu.len());
                bytes.extend_from_slice(&frame(framing, 9, 1, &answer));
                all.push(bytes);
            }
        }
    }
    all
}

fn messages() -> Vec<String> {
    let plain = [
        "hello",
        "lease-take",
        "status",
        "subscribe",
        "stop",
        "pause",
        "heartbeat",
    ];
    let mut all: Vec<String> = plain
        .iter()
        .map(|kind| format!("{{\"kind\":\"{kind}\"}}"))
        .collect();
    all.push("{\"kind\":\"hello\",\"console\":\"desk\",\"version\":1}".into());
    all.push("{\"kind\":\"comfort\",\"score\":4}".into());
    all.push("{\"kind\":\"token\",\"purpose\":\"resume\"}".into());
    all
}
