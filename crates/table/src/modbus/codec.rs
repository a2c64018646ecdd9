//! Frames of Modbus, TCP and RTU, both ways; the three functions that our map uses.
//!
//! ```text
//! TCP: transaction u16 │ protocol 0 u16 │ length u16 │ unit u8 │ PDU
//! RTU: unit u8 │ PDU │ CRC16 (low byte first)
//! ```
//! Source: Modbus application protocol 1.1b3 (functions 3, 16, 23, exceptions) and
//! Modbus over serial line 1.02 (CRC16, polynomial 0xA001, start 0xFFFF).
//!
//! Ours and not a library's: `rmodbus` 0.13 does not hold a reply's byte count,
//! its header length and the echo of a write against the request, `tokio-modbus`
//! 0.17 hands out a late reply after a timeout (its issues 59 and 324), and here
//! no late or bent reply may pass for a fresh one. Any bytes are read without a
//! panic (`tests/modbus/frames.rs`); mbpoll and pymodbus agree on
//! the frames (`tests/modbus/peers.rs`).

/// Most bytes of one frame on either line.
pub const FRAME_MOST: usize = 260;
/// Bytes before the PDU of a TCP frame.
pub const HEADER: usize = 7;
/// Most registers that one read may ask for (the protocol's own limit).
const READ_MOST: u16 = 125;
/// Most registers that one write may carry (functions 16 and 23; the lower of both).
const WRITE_MOST: u16 = 121;
/// Read holding registers.
const READ: u8 = 3;
/// Write multiple registers.
const WRITE: u8 = 16;
/// Write, then read, in one transaction.
const EXCHANGE: u8 = 23;
/// Set in the function of a refusal.
const REFUSED: u8 = 0x80;

/// The two framings.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Framing {
    /// Transaction id and length before the PDU.
    Tcp,
    /// Unit before it and a CRC behind it.
    Rtu,
}

/// Why a device refused, in Modbus' numbers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Exception {
    /// A function that the map does not use.
    IllegalFunction,
    /// Registers outside the map, or a block not written whole.
    IllegalAddress,
    /// A value that the register does not take.
    IllegalValue,
    /// The table has let go; it takes nothing but command 0.
    DeviceFailure,
    /// Another master holds the lease.
    Busy,
    /// Any other number.
    Other(u8),
}

impl Exception {
    /// Its number on the line.
    #[must_use]
    pub const fn code(self) -> u8 {
        match self {
            Self::IllegalFunction => 1,
            Self::IllegalAddress => 2,
            Self::IllegalValue => 3,
            Self::DeviceFailure => 4,
            Self::Busy => 6,
            Self::Other(code) => code,
        }
    }

    const fn from_code(code: u8) -> Self {
        match code {
            1 => Self::IllegalFunction,
            2 => Self::IllegalAddress,
            3 => Self::IllegalValue,
            4 => Self::DeviceFailure,
            6 => Self::Busy,
            other => Self::Other(other),
        }
    }
}

/// A run of registers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Span {
    /// The first.
    pub first: u16,
    /// How many.
    pub count: u16,
}

/// What a master asks.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Request {
    /// Function 3.
    Read(Span),
    /// Function 16.
    Write {
        /// The first register.
        first: u16,
        /// Their values.
        values: Vec<u16>,
    },
    /// Function 23: the write is done first, then the read.
    Exchange {
        /// What to read.
        read: Span,
        /// First register to write.
        first: u16,
        /// Their values.
        values: Vec<u16>,
    },
}

/// What a device answers.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Reply {
    /// The registers of a read or an exchange.
    Registers(Vec<u16>),
    /// What was written.
    Written(Span),
    /// Refused.
    Refused(Exception),
}

/// CRC16 of Modbus.
#[must_use]
pub fn crc16(bytes: &[u8]) -> u16 {
    bytes.iter().fold(0xFFFF, |crc, byte| {
        (0..8).fold(crc ^ u16::from(*byte), |crc, _| {
            let shifted = crc >> 1;
            if crc & 1 == 1 {
                shifted ^ 0xA001
            } else {
                shifted
            }
        })
    })
}

/// CRC16 of registers as they travel, high byte first.
#[must_use]
pub fn crc_of(registers: &[u16]) -> u16 {
    let bytes: Vec<u8> = registers.iter().flat_map(|one| one.to_be_bytes()).collect();
    crc16(&bytes)
}

fn put(out: &mut Vec<u8>, values: &[u16]) {
    for value in values {
        out.extend_from_slice(&value.to_be_bytes());
    }
}

/// Two bytes at `at`, high byte first.
fn word(bytes: &[u8], at: usize) -> Option<u16> {
    let pair = bytes.get(at..at.checked_add(2)?)?;
    Some(u16::from_be_bytes([*pair.first()?, *pair.get(1)?]))
}

fn words(bytes: &[u8]) -> Vec<u16> {
    bytes
        .chunks_exact(2)
        .filter_map(|pair| word(pair, 0))
        .collect()
}

fn span(bytes: &[u8], at: usize, most: u16) -> Result<Span, Exception> {
    let both = word(bytes, at).zip(word(bytes, at + 2));
    let (first, count) = both.ok_or(Exception::IllegalValue)?;
    if count == 0 || count > most {
        return Err(Exception::IllegalValue);
    }
    if first.checked_add(count - 1).is_none() {
        return Err(Exception::IllegalAddress);
    }
    Ok(Span { first, count })
}

/// The registers behind a byte count at `at`, which must fill the PDU exactly.
fn carried(bytes: &[u8], at: usize, count: u16) -> Result<Vec<u16>, Exception> {
    let told = bytes.get(at).ok_or(Exception::IllegalValue)?;
    let data = bytes.get(at + 1..).unwrap_or_default();
    if usize::from(*told) != data.len() || data.len() != 2 * usize::from(count) {
        return Err(Exception::IllegalValue);
    }
    Ok(words(data))
}

impl Request {
    /// Function code.
    #[must_use]
    pub const fn function(&self) -> u8 {
        match self {
            Self::Read(_) => READ,
            Self::Write { .. } => WRITE,
            Self::Exchange { .. } => EXCHANGE,
        }
    }

    /// Its PDU.
    #[must_use]
    pub fn encode(&self) -> Vec<u8> {
        let mut out = vec![self.function()];
        match self {
            Self::Read(span) => put(&mut out, &[span.first, span.count]),
            Self::Write { first, values } => {
                put(&mut out, &[*first, count_of(values)]);
                out.push(bytes_of(values));
                put(&mut out, values);
            }
            Self::Exchange {
                read,
                first,
                values,
            } => {
                put(
                    &mut out,
                    &[read.first, read.count, *first, count_of(values)],
                );
                out.push(bytes_of(values));
                put(&mut out, values);
            }
        }
        out
    }

    /// Reads a PDU.
    ///
    /// # Errors
    /// The refusal that Modbus wants for it.
    pub fn decode(pdu: &[u8]) -> Result<Self, Exception> {
        match pdu.first() {
            Some(&READ) if pdu.len() == 5 => Ok(Self::Read(span(pdu, 1, READ_MOST)?)),
            Some(&WRITE) => {
                let span = span(pdu, 1, WRITE_MOST)?;
                let values = carried(pdu, 5, span.count)?;
                let first = span.first;
                Ok(Self::Write { first, values })
            }
            Some(&EXCHANGE) => {
                let (read, write) = (span(pdu, 1, READ_MOST)?, span(pdu, 5, WRITE_MOST)?);
                let values = carried(pdu, 9, write.count)?;
                let first = write.first;
                Ok(Self::Exchange {
                    read,
                    first,
                    values,
                })
            }
            Some(&READ) => Err(Exception::IllegalValue),
            _ => Err(Exception::IllegalFunction),
        }
    }

    /// Bytes of the PDU of its good reply.
    #[must_use]
    pub const fn reply_len(&self) -> usize {
        match self {
            Self::Read(read) | Self::Exchange { read, .. } => 2 + 2 * read.count as usize,
            Self::Write { .. } => 5,
        }
    }
}

fn count_of(values: &[u16]) -> u16 {
    u16::try_from(values.len()).unwrap_or(u16::MAX)
}

fn bytes_of(values: &[u16]) -> u8 {
    u8::try_from(2 * values.len()).unwrap_or(u8::MAX)
}

impl Reply {
    /// Its PDU, as the answer to function `function`.
    #[must_use]
    pub fn encode(&self, function: u8) -> Vec<u8> {
        match self {
            Self::Registers(values) => {
                let mut out = vec![function, bytes_of(values)];
                put(&mut out, values);
                out
            }
            Self::Written(span) => {
                let mut out = vec![function];
                put(&mut out, &[span.first, span.count]);
                out
            }
            Self::Refused(exception) => vec![function | REFUSED, exception.code()],
        }
    }

    /// Reads a PDU as the answer to `request`: function, length and echo must be its own.
    #[must_use]
    pub fn decode(pdu: &[u8], request: &Request) -> Option<Self> {
        let (function, rest) = pdu.split_first()?;
        if *function == request.function() | REFUSED {
            let [code] = rest else { return None };
            return Some(Self::Refused(Exception::from_code(*code)));
        }
        if *function != request.function() || pdu.len() != request.reply_len() {
            return None;
        }
        match request {
            Request::Read(read) | Request::Exchange { read, .. } => {
                carried(rest, 0, read.count).ok().map(Self::Registers)
            }
            Request::Write { first, values } => {
                let span = span(rest, 0, WRITE_MOST).ok()?;
                let same = span.first == *first && span.count == count_of(values);
                same.then_some(Self::Written(span))
            }
        }
    }
}

/// Puts a PDU into its frame; the transaction is left out on RTU.
#[must_use]
pub fn frame(framing: Framing, transaction: u16, unit: u8, pdu: &[u8]) -> Vec<u8> {
    let mut out = Vec::with_capacity(pdu.len() + HEADER + 2);
    if framing == Framing::Tcp {
        let length = u16::try_from(pdu.len() + 1).unwrap_or(u16::MAX);
        put(&mut out, &[transaction, 0, length]);
    }
    out.push(unit);
    out.extend_from_slice(pdu);
    if framing == Framing::Rtu {
        out.extend_from_slice(&crc16(&out).to_le_bytes());
    }
    out
}

/// A frame taken from the front of a stream.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Frame {
    /// Transaction id; 0 on RTU.
    pub transaction: u16,
    /// Unit.
    pub unit: u8,
    /// Its PDU.
    pub pdu: Vec<u8>,
}

/// What stands at the front of the bytes that have come.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Front {
    /// A frame, and how many bytes it took.
    Frame(Frame, usize),
    /// Not all of it yet.
    More,
    /// No frame: the line must be dropped (TCP) or fall silent (RTU).
    Broken,
}

/// Reads the front of a TCP stream.
#[must_use]
pub fn tcp_front(bytes: &[u8]) -> Front {
    let head = (word(bytes, 0), word(bytes, 2), word(bytes, 4));
    let (Some(transaction), Some(protocol), Some(length)) = head else {
        return Front::More;
    };
    let length = usize::from(length);
    if protocol != 0 || length < 2 || length + 6 > FRAME_MOST {
        return Front::Broken;
    }
    match (bytes.get(6), bytes.get(HEADER..6 + length)) {
        (Some(unit), Some(pdu)) => {
            let (unit, pdu) = (*unit, pdu.to_vec());
            let frame = Frame {
                transaction,
                unit,
                pdu,
            };
            Front::Frame(frame, 6 + length)
        }
        _ => Front::More,
    }
}

/// Length of the RTU request that begins so; nothing while that cannot be known.
fn rtu_request_len(bytes: &[u8]) -> Result<Option<usize>, ()> {
    let counted = |at: usize| bytes.get(at).map(|told| at + 1 + usize::from(*told) + 2);
    match bytes.get(1) {
        None => Ok(None),
        Some(&READ) => Ok(Some(8)),
        Some(&WRITE) => Ok(counted(6)),
        Some(&EXCHANGE) => Ok(counted(10)),
        // The other functions of the standard that carry one address and one value.
        Some(1 | 2 | 4 | 5 | 6) => Ok(Some(8)),
        Some(15) => Ok(counted(6)),
        Some(_) => Err(()),
    }
}

/// Reads a request at the front of what has come since the line was silent.
#[must_use]
pub fn rtu_request(bytes: &[u8]) -> Front {
    match rtu_request_len(bytes) {
        Ok(Some(length)) if length <= FRAME_MOST => rtu_front(bytes, length),
        Ok(None) => Front::More,
        _ => Front::Broken,
    }
}

/// Reads the reply to `request` at the front of what has come since it was sent.
#[must_use]
pub fn rtu_reply(bytes: &[u8], request: &Request) -> Front {
    match bytes.get(1) {
        None => Front::More,
        Some(function) if function & REFUSED != 0 => rtu_front(bytes, 5),
        Some(_) => rtu_front(bytes, request.reply_len() + 3),
    }
}

fn rtu_front(bytes: &[u8], length: usize) -> Front {
    let Some(whole) = bytes.get(..length) else {
        return Front::More;
    };
    let (body, sum) = whole.split_at(length.saturating_sub(2));
    match body.split_first() {
        Some((unit, pdu)) if sum == crc16(body).to_le_bytes() => {
            let (unit, pdu) = (*unit, pdu.to_vec());
            let transaction = 0;
            let frame = Frame {
                transaction,
                unit,
                pdu,
            };
            Front::Frame(frame, length)
        }
        _ => Front::Broken,
    }
}
