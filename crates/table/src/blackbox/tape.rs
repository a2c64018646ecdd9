//! A recording on its way to a disk: what is encoded, written, and durable.
//!
//! No thread and no clock of its own: the writer gives the time, and a test gives a
//! time that it made up, so that the loss on a power cut is bounded by this code and
//! not by how busy a machine is. A frame waits for its chunk (at most 90 ms), the chunk
//! for the writer's turn and for a sync that is at least [`SYNC_EVERY`] after the last:
//! less than 250 ms (devices.md §4b.12) for a writer held up by 100 ms, shown by `table/tests/power.rs` on a disk that forgets
//! everything that was not synced.

use super::format::{Encoder, End, Header};
use std::fs::File;
use std::os::unix::fs::FileExt as _;
use std::time::Duration;

/// Longest wait between two syncs while frames come (ENGINEERING §5: fsync ≤ 100 ms).
pub const SYNC_EVERY: Duration = Duration::from_millis(50);

/// Where a recording's bytes go; a file, or in tests a disk that fails.
pub trait Disk: Send {
    /// Writes all of `bytes` at `offset`.
    ///
    /// # Errors
    /// The disk's.
    fn write_at(&mut self, bytes: &[u8], offset: u64) -> std::io::Result<()>;
    /// Makes what was written durable.
    ///
    /// # Errors
    /// The disk's.
    fn sync(&mut self) -> std::io::Result<()>;
}

impl Disk for File {
    fn write_at(&mut self, bytes: &[u8], offset: u64) -> std::io::Result<()> {
        self.write_all_at(bytes, offset)
    }

    fn sync(&mut self) -> std::io::Result<()> {
        self.sync_data()
    }
}

/// A recording being written.
pub struct Tape {
    disk: Box<dyn Disk>,
    encoder: Encoder,
    unwritten: Vec<u8>,
    offset: u64,
    dirty: bool,
    synced: Duration,
}

impl Tape {
    /// Writes the header to `disk`; it is durable when this returns.
    ///
    /// # Errors
    /// The disk's.
    pub fn start(mut disk: Box<dyn Disk>, header: &Header) -> std::io::Result<Self> {
        let mut bytes = Vec::new();
        let encoder = Encoder::start(header, &mut bytes);
        disk.write_at(&bytes, 0)?;
        disk.sync()?;
        Ok(Self {
            disk,
            encoder,
            unwritten: Vec::new(),
            offset: bytes.len() as u64,
            dirty: false,
            synced: Duration::ZERO,
        })
    }

    /// Takes one frame.
    pub fn take(&mut self, frame: &[u8]) {
        self.encoder.push(frame, &mut self.unwritten);
    }

    /// Takes the end; nothing may be taken after it.
    pub fn close(&mut self, end: &End) {
        self.encoder.clone().finish(end, &mut self.unwritten);
    }

    /// Writes what is encoded, and syncs where the last sync is [`SYNC_EVERY`] ago.
    /// After an error it is to be called again: nothing is lost by it.
    ///
    /// # Errors
    /// The disk's.
    pub fn keep(&mut self, now: Duration) -> std::io::Result<()> {
        self.write()?;
        if now.saturating_sub(self.synced) >= SYNC_EVERY {
            self.sync(now)?;
        }
        Ok(())
    }

    /// Writes what is encoded, and syncs.
    ///
    /// # Errors
    /// The disk's.
    pub fn keep_all(&mut self, now: Duration) -> std::io::Result<()> {
        self.write()?;
        self.sync(now)
    }

    /// Frames that survive a power cut; nothing is told while some are on their way.
    #[must_use]
    pub fn durable(&self) -> Option<u64> {
        (!self.dirty && self.unwritten.is_empty()).then(|| self.encoder.chunked())
    }

    fn write(&mut self) -> std::io::Result<()> {
        if !self.unwritten.is_empty() {
            self.disk.write_at(&self.unwritten, self.offset)?;
            self.offset += self.unwritten.len() as u64;
            self.unwritten.clear();
            self.dirty = true;
        }
        Ok(())
    }

    fn sync(&mut self, now: Duration) -> std::io::Result<()> {
        if self.dirty {
            self.disk.sync()?;
            self.dirty = false;
            self.synced = now;
        }
        Ok(())
    }
}
