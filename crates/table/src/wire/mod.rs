//! The wire between a console and the bedside.
//!
//! A frame is `length u32 | version u16 | sequence u32 | json length u32 | json | blob`,
//! little endian; `length` counts what follows it. A whole frame is at most
//! [`MAX_FRAME`] bytes; a longer one is refused before a byte of it is read
//! into memory. The sequence of each direction starts at 1 and rises by 1, so
//! a repeated, lost or reordered frame ends the connection instead of being
//! acted on twice (H13, H17). JSON carries the message; the blob carries raw
//! recording bytes.
//!
//! Must never know: what a message leads to.

mod alarm;
mod fault;
mod message;
mod question;
mod simulated;

pub use alarm::{AlarmNow, AlarmPriority, SounderNow};
pub use fault::{Facts, Fault, FaultKind, FaultName, Poles, Sensor, Wrong};
pub use message::{
    Addressed, GuardFigures, LevelNow, LoopFigures, Purpose, Refusal, Reply, Request, RingFigures,
    SessionLine, Status, StopFigures,
};
pub use question::Question;
pub use simulated::{Axis, Simulated, Way};

use serde::Serialize;
use serde::de::DeserializeOwned;
use std::io::{Read, Write};

/// Wire version spoken here; a peer that speaks another is refused.
pub const VERSION: u16 = 1;
/// The longest frame, its length prefix included.
pub const MAX_FRAME: usize = 64 * 1024;
/// The most recording bytes a frame carries, leaving room for its message.
pub const MAX_BLOB: usize = 48 * 1024;
/// Version, sequence and JSON length: what follows the length prefix in every frame.
const HEAD: usize = 2 + 4 + 4;

/// What is wrong with a frame or its stream.
#[derive(Debug, thiserror::Error)]
pub enum WireError {
    /// The stream failed or ended inside a frame.
    #[error("the connection failed")]
    Io(#[from] std::io::Error),
    /// A length outside `HEAD ..= MAX_FRAME`.
    #[error("frame length {0} is outside 10 to 65532 bytes")]
    Length(u32),
    /// Another wire version.
    #[error("wire version {0} is not the version spoken here ({VERSION})")]
    Version(u16),
    /// A sequence number that does not follow the last.
    #[error("frame {got} came where {expected} was due")]
    Sequence {
        /// The number that was due.
        expected: u32,
        /// The number that came.
        got: u32,
    },
    /// A JSON length that exceeds its frame.
    #[error("message length {0} exceeds its frame")]
    JsonLength(u32),
    /// JSON that is not a message.
    #[error("the message cannot be read")]
    Json(#[from] serde_json::Error),
}

/// One frame, apart from its length.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Frame {
    /// Position in its direction of the connection, from 1.
    pub sequence: u32,
    /// The message.
    pub json: Vec<u8>,
    /// Raw bytes that go with it.
    pub blob: Vec<u8>,
}

impl Frame {
    /// A frame that carries `message`.
    ///
    /// # Errors
    /// [`WireError::Json`] if it does not serialise, [`WireError::Length`] if it is too long.
    pub fn new<M: Serialize>(sequence: u32, message: &M, blob: Vec<u8>) -> Result<Self, WireError> {
        let frame = Self {
            sequence,
            json: serde_json::to_vec(message)?,
            blob,
        };
        frame.length()?;
        Ok(frame)
    }

    /// The message.
    ///
    /// # Errors
    /// [`WireError::Json`] if it is not one.
    pub fn message<M: DeserializeOwned>(&self) -> Result<M, WireError> {
        Ok(serde_json::from_slice(&self.json)?)
    }

    /// The bytes on the wire.
    ///
    /// # Errors
    /// [`WireError::Length`] if the frame is too long.
    pub fn encode(&self) -> Result<Vec<u8>, WireError> {
        let (length, json_length) = self.length()?;
        let mut bytes = Vec::with_capacity(4 + HEAD + self.json.len() + self.blob.len());
        bytes.extend_from_slice(&length.to_le_bytes());
        bytes.extend_from_slice(&VERSION.to_le_bytes());
        bytes.extend_from_slice(&self.sequence.to_le_bytes());
        bytes.extend_from_slice(&json_length.to_le_bytes());
        bytes.extend_from_slice(&self.json);
        bytes.extend_from_slice(&self.blob);
        Ok(bytes)
    }

    /// Decodes what follows a length prefix.
    ///
    /// # Errors
    /// [`WireError`] names the field that is wrong. Never panics, whatever the bytes.
    pub fn decode(body: &[u8]) -> Result<Self, WireError> {
        let short = || WireError::Length(u32::try_from(body.len()).unwrap_or(u32::MAX));
        let (version, rest) = body.split_first_chunk::<2>().ok_or_else(short)?;
        let (sequence, rest) = rest.split_first_chunk::<4>().ok_or_else(short)?;
        let (json_length, rest) = rest.split_first_chunk::<4>().ok_or_else(short)?;
        let version = u16::from_le_bytes(*version);
        if version != VERSION {
            return Err(WireError::Version(version));
        }
        let json_length = u32::from_le_bytes(*json_length);
        let cut = usize::try_from(json_length).unwrap_or(usize::MAX);
        let (json, blob) = rest
            .split_at_checked(cut)
            .ok_or(WireError::JsonLength(json_length))?;
        Ok(Self {
            sequence: u32::from_le_bytes(*sequence),
            json: json.to_vec(),
            blob: blob.to_vec(),
        })
    }

    fn length(&self) -> Result<(u32, u32), WireError> {
        let total = HEAD + self.json.len() + self.blob.len();
        let length = u32::try_from(total).unwrap_or(u32::MAX);
        if total + 4 > MAX_FRAME {
            return Err(WireError::Length(length));
        }
        let json = u32::try_from(self.json.len()).unwrap_or(u32::MAX);
        Ok((length, json))
    }
}

/// The reading half of a connection.
#[derive(Debug)]
pub struct Reader<R> {
    inner: R,
    last: u32,
}

impl<R: Read> Reader<R> {
    /// Reads frames from `inner`, the first of which must be number 1.
    pub const fn new(inner: R) -> Self {
        Self { inner, last: 0 }
    }

    /// The next frame, or nothing where the peer closed between frames.
    ///
    /// # Errors
    /// [`WireError`]; after any error the connection is of no further use.
    pub fn read(&mut self) -> Result<Option<Frame>, WireError> {
        let mut prefix = [0; 4];
        if !read_or_end(&mut self.inner, &mut prefix)? {
            return Ok(None);
        }
        let length = u32::from_le_bytes(prefix);
        let size = usize::try_from(length).unwrap_or(usize::MAX);
        if !(HEAD..=MAX_FRAME - 4).contains(&size) {
            return Err(WireError::Length(length));
        }
        let mut body = vec![0; size];
        self.inner.read_exact(&mut body)?;
        let frame = Frame::decode(&body)?;
        let expected = self.last.wrapping_add(1);
        if frame.sequence != expected {
            return Err(WireError::Sequence {
                expected,
                got: frame.sequence,
            });
        }
        self.last = expected;
        Ok(Some(frame))
    }
}

/// The writing half of a connection.
#[derive(Debug)]
pub struct Writer<W> {
    inner: W,
    last: u32,
}

impl<W: Write> Writer<W> {
    /// Writes frames to `inner`, numbered from 1.
    pub const fn new(inner: W) -> Self {
        Self { inner, last: 0 }
    }

    /// The sequence number of the next message.
    #[must_use]
    pub const fn next_sequence(&self) -> u32 {
        self.last.wrapping_add(1)
    }

    /// Sends one message and returns its sequence number.
    ///
    /// # Errors
    /// [`WireError`]; after [`WireError::Io`] the connection is of no further use.
    pub fn write<M: Serialize>(&mut self, message: &M, blob: Vec<u8>) -> Result<u32, WireError> {
        let sequence = self.next_sequence();
        let bytes = Frame::new(sequence, message, blob)?.encode()?;
        self.inner.write_all(&bytes)?;
        self.inner.flush()?;
        self.last = sequence;
        Ok(sequence)
    }
}

/// Fills `buffer`, or returns `false` where the stream ends before its first byte.
fn read_or_end<R: Read>(inner: &mut R, buffer: &mut [u8]) -> Result<bool, WireError> {
    let mut filled = 0;
    while filled < buffer.len() {
        match inner.read(&mut buffer[filled..]) {
            Ok(0) if filled == 0 => return Ok(false),
            Ok(0) => return Err(std::io::Error::from(std::io::ErrorKind::UnexpectedEof).into()),
            Ok(read) => filled += read,
            Err(error) if error.kind() == std::io::ErrorKind::Interrupted => {}
            Err(error) => return Err(error.into()),
        }
    }
    Ok(true)
}
