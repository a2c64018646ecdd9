//! The journal as JSON Lines: everything that is needed to check its chains
//! with another program, and everything that a person may ask for.
//!
//! ```text
//! {"type":"store","format":1,"identity":…}
//! {"type":"event","position":…,"stream":…,"stream_kind":…,"sequence":…,"kind":…,"v":…,"at":…,"at_ns":…,
//!  "actor":…,"commitment":…,"link":…,"salt":…,"payload_text":… or "payload_hex":… or neither once erased}
//! {"type":"checkpoint",…}
//! {"type":"blob","sha256":…,"text":… or "hex":…}
//! ```
//!
//! One snapshot, one line in memory at a time.

use std::io::Write;
use std::path::Path;

use serde::Serialize;

use crate::checkpoint::Checkpoint;
use crate::event::{Header, Stored, StreamKind, nanoseconds};
use crate::journal::Journal;
use crate::{Error, Result};

/// What an export wrote.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Exported {
    /// Events.
    pub events: u64,
    /// Checkpoints.
    pub checkpoints: u64,
    /// Blobs.
    pub blobs: u64,
}

#[derive(Serialize)]
#[serde(tag = "type", rename_all = "snake_case")]
enum Line<'a> {
    Store {
        format: u8,
        identity: String,
    },
    Event {
        position: u64,
        stream: String,
        stream_kind: StreamKind,
        sequence: u64,
        kind: &'a str,
        v: u16,
        at: String,
        at_ns: i64,
        actor: String,
        commitment: String,
        link: String,
        #[serde(skip_serializing_if = "Option::is_none")]
        salt: Option<String>,
        #[serde(skip_serializing_if = "Option::is_none")]
        payload_text: Option<&'a str>,
        #[serde(skip_serializing_if = "Option::is_none")]
        payload_hex: Option<String>,
    },
    Checkpoint {
        number: u64,
        at: String,
        at_ns: i64,
        position: u64,
        streams: u64,
        root: String,
        previous: String,
        key: String,
        signature: String,
    },
    Blob {
        sha256: String,
        #[serde(skip_serializing_if = "Option::is_none")]
        text: Option<&'a str>,
        #[serde(skip_serializing_if = "Option::is_none")]
        hex: Option<String>,
    },
}

/// Text where the bytes are text, hexadecimal digits otherwise.
fn readable(bytes: &[u8]) -> (Option<&str>, Option<String>) {
    match std::str::from_utf8(bytes) {
        Ok(text) => (Some(text), None),
        Err(_) => (None, Some(hex::encode(bytes))),
    }
}

fn write(out: &mut dyn Write, line: &Line<'_>) -> Result<()> {
    let failed = Error::io("writing the export to", Path::new("the output"));
    let mut text = serde_json::to_vec(line).map_err(|e| Error::corrupt("export", e.to_string()))?;
    text.push(b'\n');
    out.write_all(&text).map_err(failed)
}

fn write_event(out: &mut dyn Write, event: &Stored, salt: Option<&[u8]>) -> Result<()> {
    let header: Header<'_> = event.header()?;
    let payload = event.payload.as_deref().map(readable);
    let (payload_text, payload_hex) = payload.unwrap_or_default();
    let line = Line::Event {
        position: event.position,
        stream: event.stream.id.to_string(),
        stream_kind: event.stream.kind,
        sequence: header.sequence,
        kind: header.kind,
        v: header.v,
        at: event.at.to_string(),
        at_ns: header.at_ns,
        actor: header.actor.to_string(),
        commitment: hex::encode(header.commitment),
        link: hex::encode(event.link),
        salt: salt.map(hex::encode),
        payload_text,
        payload_hex,
    };
    write(out, &line)
}

fn write_checkpoint(out: &mut dyn Write, made: &Checkpoint) -> Result<()> {
    let line = Line::Checkpoint {
        number: made.number,
        at: made.at.to_string(),
        at_ns: nanoseconds(made.at)?,
        position: made.position,
        streams: made.streams,
        root: hex::encode(made.root),
        previous: hex::encode(made.previous),
        key: hex::encode(made.key),
        signature: hex::encode(made.signature),
    };
    write(out, &line)
}

fn write_blob(out: &mut dyn Write, sha: &[u8], bytes: &[u8]) -> Result<()> {
    let (text, hex) = readable(bytes);
    let line = Line::Blob {
        sha256: hex::encode(sha),
        text,
        hex,
    };
    write(out, &line)
}

impl Journal {
    /// Writes the whole journal as JSON Lines, events as they were stored, with
    /// their payloads: as confidential as the store itself.
    ///
    /// # Errors
    /// When the store cannot be read or `out` cannot be written.
    pub async fn export(&self, out: &mut (dyn Write + Send)) -> Result<Exported> {
        let mut done = Exported::default();
        let mut walk = self.inner.store.walk().await?;
        let identity = self.inner.store.id.to_string();
        write(
            out,
            &Line::Store {
                format: 1,
                identity,
            },
        )?;
        walk.each_event(|event, salt| {
            done.events += 1;
            write_event(out, &event, salt)
        })
        .await?;
        let mut after = 0;
        loop {
            let page = walk.checkpoints(after, 256).await?;
            if page.is_empty() {
                break;
            }
            for (number, checkpoint) in page {
                after = number;
                done.checkpoints += 1;
                write_checkpoint(out, &checkpoint?)?;
            }
        }
        walk.blobs(|sha, bytes| {
            done.blobs += 1;
            write_blob(out, sha, bytes)
        })
        .await?;
        let failed = Error::io("writing the export to", Path::new("the output"));
        out.flush().map_err(failed)?;
        Ok(done)
    }
}
