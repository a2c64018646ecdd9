//! Serves a table over Modbus TCP or RTU: one thread ticks it each 10 ms, one
//! answers each line. A frame that is none is dropped without effect; on TCP its
//! connection ends with it.

use super::address::{Address, UNIT};
use super::codec::{Frame, Framing, Front, Reply, Request, frame, rtu_request, tcp_front};
use super::serial::Serial;
use super::served::{Master, Served};
use si::Problem;
use std::io::{self, Read as _, Write as _};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};
use traction::TICK_MS;

/// Most masters at once on TCP.
const MASTERS: u64 = 4;
/// How often a waiting thread looks whether it is to end.
const LOOK: Duration = Duration::from_millis(50);
/// How long a reply may take to leave.
const LEAVE: Duration = Duration::from_millis(200);

/// What all threads share.
struct Shared {
    served: Mutex<Served>,
    start: Instant,
    ended: AtomicBool,
    masters: AtomicU64,
}

impl Shared {
    fn served(&self) -> MutexGuard<'_, Served> {
        self.served.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn has_ended(&self) -> bool {
        self.ended.load(Ordering::Relaxed)
    }

    /// The reply to a frame, framed; nothing if it was not for this unit.
    fn answer(&self, framing: Framing, asked: &Frame, by: Master) -> Option<Vec<u8>> {
        if asked.unit != UNIT {
            return None;
        }
        let function = asked.pdu.first().copied().unwrap_or(0) & 0x7F;
        let reply = match Request::decode(&asked.pdu) {
            Ok(request) => self.served().answer(&request, by, self.start.elapsed()),
            Err(why) => Reply::Refused(why),
        };
        let pdu = reply.encode(function);
        Some(frame(framing, asked.transaction, UNIT, &pdu))
    }
}

/// A table that is served. Dropping it ends the service; the drive is off then.
pub struct Server {
    shared: Arc<Shared>,
    at: Option<SocketAddr>,
    threads: Vec<JoinHandle<()>>,
}

impl Server {
    /// Begins to serve.
    ///
    /// # Errors
    /// An address that is not this machine's own, is taken or cannot be opened.
    pub fn start(address: &Address, served: Served) -> Result<Self, Problem> {
        let shared = Arc::new(Shared {
            served: Mutex::new(served),
            start: Instant::now(),
            ended: AtomicBool::new(false),
            masters: AtomicU64::new(0),
        });
        let mut server = Self {
            shared: Arc::clone(&shared),
            at: None,
            threads: Vec::new(),
        };
        let at_line = Arc::clone(&shared);
        let line: Box<dyn FnOnce() + Send> = match address {
            Address::Tcp(socket) => {
                let listener = listen(address, *socket)?;
                server.at = listener.local_addr().ok();
                Box::new(move || accept(&listener, &at_line))
            }
            Address::Rtu { path, baud } => {
                let serial =
                    Serial::open(path, *baud).map_err(|error| unusable(address, &error))?;
                Box::new(move || while_open(serial, &at_line))
            }
        };
        server.spawn("modbus-tick", move || tick(&shared))?;
        server.spawn("modbus-line", line)?;
        Ok(server)
    }

    fn spawn(&mut self, name: &str, run: impl FnOnce() + Send + 'static) -> Result<(), Problem> {
        let thread = std::thread::Builder::new().name(name.to_owned()).spawn(run);
        self.threads.push(thread.map_err(|error| system(&error))?);
        Ok(())
    }

    /// The TCP address it has, with the port that was free if 0 was asked for.
    #[must_use]
    pub const fn at(&self) -> Option<SocketAddr> {
        self.at
    }

    /// Looks at, or acts on, the table behind the map.
    pub fn with<T>(&self, act: impl FnOnce(&mut Served) -> T) -> T {
        act(&mut self.shared.served())
    }

    /// Whether its threads still run: a terminal may have gone.
    #[must_use]
    pub fn is_alive(&self) -> bool {
        !self.threads.iter().any(JoinHandle::is_finished)
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.shared.ended.store(true, Ordering::Relaxed);
        for thread in self.threads.drain(..) {
            // A thread that died has nothing to say here; the drive's watchdog has let go.
            let _ = thread.join();
        }
    }
}

/// Serves until SIGTERM or SIGINT; `ready` is told where.
///
/// # Errors
/// What keeps it from serving.
pub fn serve(
    address: &Address,
    served: Served,
    ready: impl FnOnce(&Address),
) -> Result<(), Problem> {
    let ended = Arc::new(AtomicBool::new(false));
    for signal in [signal_hook::consts::SIGTERM, signal_hook::consts::SIGINT] {
        signal_hook::flag::register(signal, Arc::clone(&ended)).map_err(|error| system(&error))?;
    }
    let server = Server::start(address, served)?;
    ready(&server.at().map_or_else(|| address.clone(), Address::Tcp));
    while !ended.load(Ordering::Relaxed) {
        if !server.is_alive() {
            return Err(unusable(address, &io::ErrorKind::BrokenPipe.into()));
        }
        std::thread::sleep(LOOK);
    }
    Ok(())
}

fn listen(address: &Address, socket: SocketAddr) -> Result<TcpListener, Problem> {
    if !socket.ip().is_loopback() {
        return Err(Problem::new(
            "modbus-open",
            "--modbus",
            address.to_string(),
            "Modbus has no password, and this address can be reached from elsewhere",
            "serve on 127.0.0.1 or [::1]",
        ));
    }
    let listener = TcpListener::bind(socket).map_err(|error| unusable(address, &error))?;
    listener
        .set_nonblocking(true)
        .map_err(|error| unusable(address, &error))?;
    Ok(listener)
}

fn unusable(address: &Address, error: &io::Error) -> Problem {
    Problem::new(
        "modbus-unusable",
        "--modbus",
        address.to_string(),
        format!("cannot be used: {error}"),
        "name a free port, or a terminal that this user may open",
    )
}

fn system(error: &io::Error) -> Problem {
    Problem::new(
        "system",
        "modbus",
        "",
        error.to_string(),
        "mend the system and start again",
    )
}

/// The table's own clock: late ticks are not made up for.
fn tick(shared: &Shared) {
    let period = Duration::from_millis(u64::from(TICK_MS));
    let mut next = Instant::now();
    while !shared.has_ended() {
        shared.served().tick(shared.start.elapsed());
        next = (next + period).max(Instant::now());
        std::thread::sleep(next.saturating_duration_since(Instant::now()));
    }
}

fn accept(listener: &TcpListener, shared: &Arc<Shared>) {
    let mut by: Master = 0;
    let mut open: Vec<JoinHandle<()>> = Vec::new();
    while !shared.has_ended() {
        open.retain(|thread| !thread.is_finished());
        let Ok((stream, _)) = listener.accept() else {
            std::thread::sleep(Duration::from_millis(2));
            continue;
        };
        // One too many is closed at once: it may try again.
        if shared.masters.load(Ordering::Relaxed) >= MASTERS {
            continue;
        }
        by += 1;
        let (id, shared) = (by, Arc::clone(shared));
        shared.masters.fetch_add(1, Ordering::Relaxed);
        let run = move || {
            // An end of the line, whatever its kind, ends this master and nothing else.
            let _ = converse(stream, &shared, id);
            shared.masters.fetch_sub(1, Ordering::Relaxed);
        };
        open.push(std::thread::spawn(run));
    }
    for thread in open {
        let _ = thread.join();
    }
}

fn converse(mut stream: TcpStream, shared: &Shared, by: Master) -> io::Result<()> {
    stream.set_nonblocking(false)?;
    stream.set_nodelay(true)?;
    stream.set_read_timeout(Some(LOOK))?;
    stream.set_write_timeout(Some(LEAVE))?;
    let mut bytes = Vec::new();
    let mut some = [0; 512];
    while !shared.has_ended() {
        loop {
            match tcp_front(&bytes) {
                Front::More => break,
                Front::Broken => return Ok(()),
                Front::Frame(asked, length) => {
                    bytes.drain(..length);
                    if let Some(reply) = shared.answer(Framing::Tcp, &asked, by) {
                        stream.write_all(&reply)?;
                    }
                }
            }
        }
        match stream.read(&mut some) {
            Ok(0) => return Ok(()),
            Ok(count) => bytes.extend_from_slice(some.get(..count).unwrap_or_default()),
            Err(error) if is_pause(&error) => {}
            Err(error) => return Err(error),
        }
    }
    Ok(())
}

/// Whether a read only found nothing yet.
pub(super) fn is_pause(error: &io::Error) -> bool {
    use io::ErrorKind::{Interrupted, TimedOut, WouldBlock};
    matches!(error.kind(), Interrupted | TimedOut | WouldBlock)
}

/// RTU: what is no frame when the line falls silent is forgotten. All masters are one.
fn while_open(mut serial: Serial, shared: &Shared) {
    let mut bytes = Vec::new();
    let gap = serial.gap();
    while !shared.has_ended() {
        let pause = if bytes.is_empty() { LOOK } else { gap };
        match serial.read(&mut bytes, Instant::now() + pause) {
            Ok(false) => bytes.clear(),
            Ok(true) => {}
            Err(_) => return,
        }
        match rtu_request(&bytes) {
            Front::More => {}
            Front::Frame(asked, length) => {
                bytes.drain(..length);
                let reply = shared.answer(Framing::Rtu, &asked, 0);
                let until = Instant::now() + LEAVE;
                if reply.is_some_and(|reply| serial.write(&reply, until).is_err()) {
                    return;
                }
            }
            Front::Broken => {
                let until = Instant::now() + LEAVE;
                if serial.drain(gap, until).is_err() {
                    return;
                }
                bytes.clear();
            }
        }
    }
}
