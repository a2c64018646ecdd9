//! The master's end of a line: one request at a time, each with a deadline.
//!
//! TCP: a reply with another transaction id is an old one and is dropped; a
//! deadline that passes, or bytes that are no frame, end the connection, so that
//! what comes late has nowhere to come to. RTU has no id: after a failure the
//! line must have been silent for a whole deadline before anything is asked
//! again (devices.md §5), and what lies in the line is thrown away before each
//! request. Who asks must still hold the nonce of the reply against its own.

use super::address::{Address, UNIT};
use super::codec::{Framing, Front, Reply, Request, frame, rtu_reply, tcp_front};
use super::serial::Serial;
use super::server::is_pause;
use std::io::{self, Read as _, Write as _};
use std::net::{SocketAddr, TcpStream};
use std::time::{Duration, Instant};

/// Longest wait for a reply on TCP (ours: twice what a line may take that is armed on).
pub(super) const TCP_DEADLINE: Duration = Duration::from_millis(60);
/// The same on RTU, where a frame itself takes some 5 ms.
pub(super) const RTU_DEADLINE: Duration = Duration::from_millis(80);
/// Longest wait for a connection.
const CONNECT: Duration = Duration::from_millis(250);

enum Open {
    Tcp(TcpStream),
    Rtu(Serial),
}

/// A line to one table.
pub(super) struct Line {
    address: Address,
    open: Option<Open>,
    transaction: u16,
    /// Whether the last exchange failed on RTU: silence must come first.
    restless: bool,
}

impl Line {
    pub(super) const fn new(address: Address) -> Self {
        Self {
            address,
            open: None,
            transaction: 0,
            restless: false,
        }
    }

    /// How long an exchange may take.
    pub(super) const fn deadline(&self) -> Duration {
        match self.address {
            Address::Tcp(_) => TCP_DEADLINE,
            Address::Rtu { .. } => RTU_DEADLINE,
        }
    }

    /// Asks once; opens the line if it is not.
    ///
    /// # Errors
    /// No line, no reply in time, or none that belongs to the request.
    pub(super) fn ask(&mut self, request: &Request) -> io::Result<Reply> {
        let until = self.ready()?;
        let reply = self.exchange(request, until);
        if reply.is_err() {
            match self.open {
                Some(Open::Rtu(_)) => self.restless = true,
                _ => self.open = None,
            }
        }
        if reply.as_ref().is_err_and(|error| !is_pause(error)) {
            self.open = None;
        }
        reply
    }

    /// Opens the line if need be, waits for its silence, and says until when a reply may come.
    fn ready(&mut self) -> io::Result<Instant> {
        let deadline = self.deadline();
        let open = match self.open.take() {
            Some(open) => open,
            None => open(&self.address)?,
        };
        if let Open::Rtu(mut serial) = open {
            let silence = if self.restless {
                deadline
            } else {
                Duration::ZERO
            };
            let still = serial.drain(silence, Instant::now() + 4 * deadline);
            self.open = Some(Open::Rtu(serial));
            self.restless = !still?;
            if self.restless {
                return Err(io::ErrorKind::TimedOut.into());
            }
        } else {
            self.open = Some(open);
        }
        Ok(Instant::now() + deadline)
    }

    fn exchange(&mut self, request: &Request, until: Instant) -> io::Result<Reply> {
        self.transaction = self.transaction.wrapping_add(1);
        let id = self.transaction;
        match &mut self.open {
            Some(Open::Tcp(stream)) => over_tcp(stream, id, request, until),
            Some(Open::Rtu(serial)) => over_rtu(serial, request, until),
            None => Err(io::ErrorKind::NotConnected.into()),
        }
    }
}

fn open(address: &Address) -> io::Result<Open> {
    match address {
        Address::Tcp(socket) => connect(*socket).map(Open::Tcp),
        Address::Rtu { path, baud } => Serial::open(path, *baud).map(Open::Rtu),
    }
}

fn connect(socket: SocketAddr) -> io::Result<TcpStream> {
    let stream = TcpStream::connect_timeout(&socket, CONNECT)?;
    stream.set_nodelay(true)?;
    Ok(stream)
}

fn bent() -> io::Error {
    io::ErrorKind::InvalidData.into()
}

fn over_tcp(
    stream: &mut TcpStream,
    id: u16,
    request: &Request,
    until: Instant,
) -> io::Result<Reply> {
    stream.set_write_timeout(Some(TCP_DEADLINE))?;
    stream.write_all(&frame(Framing::Tcp, id, UNIT, &request.encode()))?;
    let mut bytes = Vec::new();
    let mut some = [0; 512];
    loop {
        match tcp_front(&bytes) {
            Front::Broken => return Err(bent()),
            Front::Frame(reply, _) if reply.transaction == id => {
                let read = Reply::decode(&reply.pdu, request);
                return read.filter(|_| reply.unit == UNIT).ok_or_else(bent);
            }
            // The reply to an earlier request, or a repeated one.
            Front::Frame(_, length) => {
                bytes.drain(..length);
                continue;
            }
            Front::More => {}
        }
        let left = until.saturating_duration_since(Instant::now());
        if left.is_zero() {
            return Err(io::ErrorKind::TimedOut.into());
        }
        stream.set_read_timeout(Some(left))?;
        match stream.read(&mut some) {
            Ok(0) => return Err(io::ErrorKind::UnexpectedEof.into()),
            Ok(count) => bytes.extend_from_slice(some.get(..count).unwrap_or_default()),
            Err(error) if is_pause(&error) => {}
            Err(error) => return Err(error),
        }
    }
}

fn over_rtu(serial: &mut Serial, request: &Request, until: Instant) -> io::Result<Reply> {
    serial.write(&frame(Framing::Rtu, 0, UNIT, &request.encode()), until)?;
    let mut bytes = Vec::new();
    loop {
        match rtu_reply(&bytes, request) {
            Front::Frame(reply, _) => {
                let read = Reply::decode(&reply.pdu, request);
                // A bent reply is answered by silence, like one that never came.
                let timed_out = || io::Error::from(io::ErrorKind::TimedOut);
                return read.filter(|_| reply.unit == UNIT).ok_or_else(timed_out);
            }
            Front::Broken => return Err(io::ErrorKind::TimedOut.into()),
            Front::More => {}
        }
        if !serial.read(&mut bytes, until)? && Instant::now() >= until {
            return Err(io::ErrorKind::TimedOut.into());
        }
    }
}
