//! The file of one session.
//!
//! ```text
//! header  "ANNBOX2\n" | length u32 | frame bytes u32 | simulated u32 | seed u64
//!         | armed at, Unix ms i64 | table 16 | session 16 | setup 40
//!         | grant length u32 | grant | signature 64
//!         | program length u32 | program | SHA-256 of all this
//! chunk   count u32 (1..=10) | frames | SHA-256(previous hash ‖ count ‖ frames)
//! end     0xFFFFFFFF | completed u8 | lost u64 | reason length u32 | reason
//!         | SHA-256(previous hash ‖ all this)
//! ```
//! Version 2 of the header added the program that records; a header of version 1
//! ("ANNBOX1\n") ends at the signature and is still read. `tests/golden` holds both.
//! Little endian. `length` counts the bytes after it up to the header's hash.
//! A chunk is ten frames, a tenth of a second; only the last may be shorter.
//! The chain makes a removed, altered or reordered chunk visible; a file cut
//! anywhere reads up to its last whole chunk (H24).
//!
//! Must never know: what a frame means.

mod header;

pub use header::{FIRST_MAGIC, Header, MAGIC};

use sha2::{Digest as _, Sha256};
use si::Problem;

/// Frames in a chunk: 100 ms at a 10 ms tick, so that with a sync every 100 ms
/// less than 250 ms are ever missing (devices.md §4b.12).
pub const CHUNK_FRAMES: usize = 10;
/// In the place of a count, announces the end record.
const END: u32 = u32::MAX;
/// Longest Grant, reason and frame a reader accepts.
const MAX_PART: usize = 4096;
const HASH: usize = 32;

type Hash = [u8; HASH];

/// How a session ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct End {
    /// Whether the whole profile was delivered.
    pub completed: bool,
    /// Frames that could not be recorded.
    pub lost: u64,
    /// Why it ended.
    pub reason: String,
}

/// Turns frames into the bytes of a recording.
#[derive(Clone, Debug)]
pub struct Encoder {
    chain: Hash,
    pending: Vec<u8>,
    frame_bytes: usize,
    frames: u64,
}

impl Encoder {
    /// Writes the header to `out`.
    #[must_use]
    pub fn start(header: &Header, out: &mut Vec<u8>) -> Self {
        let chain = header.put(out);
        let frame_bytes = usize::try_from(header.frame_bytes).unwrap_or(0);
        Self {
            chain,
            pending: Vec::with_capacity(frame_bytes * CHUNK_FRAMES),
            frame_bytes,
            frames: 0,
        }
    }

    /// Takes one frame; every tenth writes a chunk to `out`.
    pub fn push(&mut self, frame: &[u8], out: &mut Vec<u8>) {
        debug_assert_eq!(frame.len(), self.frame_bytes, "one frame at a time");
        self.pending.extend_from_slice(frame);
        self.frames += 1;
        if self.pending.len() >= self.frame_bytes * CHUNK_FRAMES {
            self.flush(out);
        }
    }

    /// Frames taken so far.
    #[must_use]
    pub const fn frames(&self) -> u64 {
        self.frames
    }

    /// Frames of those that are in a chunk written to an `out`.
    #[must_use]
    pub fn chunked(&self) -> u64 {
        self.frames - (self.pending.len() / self.frame_bytes.max(1)) as u64
    }

    /// Writes what is pending and the end record.
    pub fn finish(mut self, end: &End, out: &mut Vec<u8>) {
        self.flush(out);
        let begin = out.len();
        let reason = &end.reason.as_bytes()[..end.reason.len().min(MAX_PART)];
        out.extend_from_slice(&END.to_le_bytes());
        out.push(u8::from(end.completed));
        out.extend_from_slice(&end.lost.to_le_bytes());
        let length = u32::try_from(reason.len()).unwrap_or(0);
        out.extend_from_slice(&length.to_le_bytes());
        out.extend_from_slice(reason);
        let hash = link(&self.chain, &out[begin..]);
        out.extend_from_slice(&hash);
    }

    fn flush(&mut self, out: &mut Vec<u8>) {
        if self.pending.is_empty() {
            return;
        }
        let begin = out.len();
        let count = self.pending.len() / self.frame_bytes.max(1);
        out.extend_from_slice(&u32::try_from(count).unwrap_or(0).to_le_bytes());
        out.extend_from_slice(&self.pending);
        self.chain = link(&self.chain, &out[begin..]);
        out.extend_from_slice(&self.chain);
        self.pending.clear();
    }
}

/// How a file ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Tail {
    /// With its end record.
    Closed,
    /// Between two chunks, without an end record.
    Open,
    /// Inside a chunk: cut by a power loss.
    Torn,
    /// With a chunk whose hash is wrong, or bytes after the end record.
    Altered,
}

/// A recording as read.
#[derive(Clone, Debug, PartialEq)]
pub struct Contents {
    /// Its header.
    pub header: Header,
    /// The frames of all whole chunks, end to end.
    pub frames: Vec<u8>,
    /// How the session ended, if the file says so.
    pub end: Option<End>,
    /// How the file ends.
    pub tail: Tail,
    /// Length of the intact prefix.
    pub intact: usize,
    chain: Hash,
}

impl Contents {
    /// Reads a recording, as far as it is intact.
    ///
    /// # Errors
    /// `recording-header` where not even the header is; nothing after it is an error.
    pub fn read(bytes: &[u8]) -> Result<Self, Problem> {
        let (header, chain, at) = header::read(bytes)?;
        let mut contents = Self {
            header,
            frames: Vec::with_capacity(bytes.len()),
            end: None,
            tail: Tail::Open,
            intact: at,
            chain,
        };
        while contents.read_record(bytes) {}
        Ok(contents)
    }

    /// The frames one by one.
    pub fn frames(&self) -> impl Iterator<Item = &[u8]> {
        self.frames.chunks_exact(self.frame_bytes())
    }

    /// How many frames there are.
    #[must_use]
    pub fn frame_count(&self) -> usize {
        self.frames.len() / self.frame_bytes()
    }

    /// An encoder that goes on where the intact prefix stops.
    #[must_use]
    pub fn resume(&self) -> Encoder {
        Encoder {
            chain: self.chain,
            pending: Vec::new(),
            frame_bytes: self.frame_bytes(),
            frames: self.frame_count() as u64,
        }
    }

    fn frame_bytes(&self) -> usize {
        usize::try_from(self.header.frame_bytes).unwrap_or(1).max(1)
    }

    /// Reads one record behind the intact prefix; false at the end of what can be read.
    fn read_record(&mut self, bytes: &[u8]) -> bool {
        let rest = bytes.get(self.intact..).unwrap_or_default();
        if rest.is_empty() {
            return false;
        }
        if self.end.is_some() {
            self.tail = Tail::Altered;
            return false;
        }
        let size = match self.record_size(rest) {
            Ok(size) => size,
            Err(tail) => {
                self.tail = tail;
                return false;
            }
        };
        let Some((record, after)) = rest.split_at_checked(size) else {
            self.tail = Tail::Torn;
            return false;
        };
        let Some(hash) = after.first_chunk::<HASH>() else {
            self.tail = Tail::Torn;
            return false;
        };
        if link(&self.chain, record) != *hash {
            self.tail = Tail::Altered;
            return false;
        }
        self.accept(record, *hash);
        true
    }

    fn record_size(&self, rest: &[u8]) -> Result<usize, Tail> {
        let mut cursor = Cursor(rest);
        let count = cursor.u32().ok_or(Tail::Torn)?;
        if count == END {
            cursor.take(9).ok_or(Tail::Torn)?;
            let reason = cursor.length().ok_or(Tail::Torn)?;
            return within(reason).map(|reason| 4 + 9 + 4 + reason);
        }
        let count = usize::try_from(count).unwrap_or(usize::MAX);
        if !(1..=CHUNK_FRAMES).contains(&count) {
            return Err(Tail::Altered);
        }
        Ok(4 + count * self.frame_bytes())
    }

    fn accept(&mut self, record: &[u8], hash: Hash) {
        let mut cursor = Cursor(record);
        if cursor.u32() == Some(END) {
            let completed = cursor.take(1).is_some_and(|byte| byte == [1]);
            let lost = cursor.array().map_or(0, u64::from_le_bytes);
            let reason = cursor.take(4).map_or(cursor.0, |_| cursor.0);
            self.end = Some(End {
                completed,
                lost,
                reason: String::from_utf8_lossy(reason).into_owned(),
            });
            self.tail = Tail::Closed;
        } else {
            self.frames.extend_from_slice(cursor.0);
        }
        self.chain = hash;
        self.intact += record.len() + HASH;
    }
}

fn link(previous: &Hash, record: &[u8]) -> Hash {
    let mut hash = Sha256::new();
    hash.update(previous);
    hash.update(record);
    hash.finalize().into()
}

fn within(length: usize) -> Result<usize, Tail> {
    if length <= MAX_PART {
        Ok(length)
    } else {
        Err(Tail::Altered)
    }
}

/// Takes bytes from the front, or nothing.
struct Cursor<'a>(&'a [u8]);

impl<'a> Cursor<'a> {
    fn take(&mut self, length: usize) -> Option<&'a [u8]> {
        let (taken, rest) = self.0.split_at_checked(length)?;
        self.0 = rest;
        Some(taken)
    }

    fn array<const N: usize>(&mut self) -> Option<[u8; N]> {
        self.take(N)?.try_into().ok()
    }

    fn u32(&mut self) -> Option<u32> {
        self.array().map(u32::from_le_bytes)
    }

    fn length(&mut self) -> Option<usize> {
        self.u32().and_then(|length| usize::try_from(length).ok())
    }
}
