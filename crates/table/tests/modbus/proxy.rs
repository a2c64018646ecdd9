//! A line that lies: it delays, drops, repeats and bends what passes, by a seed.

use std::fs::{File, OpenOptions};
use std::io::{Read, Write};
use std::net::{Shutdown, SocketAddr, TcpListener, TcpStream};
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::thread::JoinHandle;
use std::time::Duration;
use table::rng::Rng;

/// What happens to a chunk that passes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Fate {
    Pass,
    Delay(u64),
    Drop,
    Repeat,
    Bend,
}

/// What a proxy may do, and what it did.
pub(crate) struct Lies {
    /// Share of chunks that are harmed.
    share: f64,
    /// What every chunk waits.
    slow: Duration,
    seed: u64,
    told: AtomicU64,
    ended: AtomicBool,
}

impl Lies {
    pub(crate) fn new(seed: u64, share: f64) -> Arc<Self> {
        Self::with(seed, share, Duration::ZERO)
    }

    /// An honest line on which every chunk waits.
    pub(crate) fn slow(by: Duration) -> Arc<Self> {
        Self::with(0, 0.0, by)
    }

    fn with(seed: u64, share: f64, slow: Duration) -> Arc<Self> {
        Arc::new(Self {
            share,
            slow,
            seed,
            told: AtomicU64::new(0),
            ended: AtomicBool::new(false),
        })
    }

    /// How many chunks were harmed.
    pub(crate) fn told(&self) -> u64 {
        self.told.load(Ordering::Relaxed)
    }

    fn fate(&self, rng: &mut Rng) -> Fate {
        if rng.unit() >= self.share {
            return Fate::Pass;
        }
        self.told.fetch_add(1, Ordering::Relaxed);
        match (rng.unit() * 4.0) as u32 {
            0 => Fate::Delay((rng.unit() * 300.0) as u64),
            1 => Fate::Drop,
            2 => Fate::Repeat,
            _ => Fate::Bend,
        }
    }

    /// Carries chunks from one end to the other until either is gone.
    fn carry(&self, mut from: impl Read, mut to: impl Write, stream: u64) {
        let mut rng = Rng::new(self.seed ^ stream.wrapping_mul(0x9E37_79B9));
        let mut some = [0; 600];
        while !self.ended.load(Ordering::Relaxed) {
            let chunk = match from.read(&mut some) {
                Ok(0) => return,
                Ok(count) => &mut some[..count],
                Err(error) if error.kind() == std::io::ErrorKind::WouldBlock => {
                    std::thread::sleep(Duration::from_millis(1));
                    continue;
                }
                Err(_) => return,
            };
            std::thread::sleep(self.slow);
            let fate = self.fate(&mut rng);
            match fate {
                Fate::Drop => continue,
                Fate::Delay(ms) => std::thread::sleep(Duration::from_millis(ms)),
                Fate::Bend => {
                    let at = (rng.unit() * chunk.len() as f64) as usize;
                    chunk[at] ^= 1 << (rng.unit() * 8.0) as u32;
                }
                Fate::Pass | Fate::Repeat => {}
            }
            let times = if fate == Fate::Repeat { 2 } else { 1 };
            for _ in 0..times {
                if to.write_all(chunk).is_err() {
                    return;
                }
            }
        }
    }
}

/// A proxy; dropping it ends its threads.
pub(crate) struct Proxy {
    pub(crate) lies: Arc<Lies>,
    threads: Vec<JoinHandle<()>>,
}

impl Proxy {
    /// Between TCP masters and the table at `to`; answers its own address.
    pub(crate) fn tcp(to: SocketAddr, lies: Arc<Lies>) -> (Self, SocketAddr) {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a free port");
        listener.set_nonblocking(true).expect("it need not wait");
        let at = listener.local_addr().expect("it has an address");
        let lie = Arc::clone(&lies);
        let thread = std::thread::spawn(move || accept(&listener, to, &lie));
        let threads = vec![thread];
        (Self { lies, threads }, at)
    }

    /// Between two terminals.
    pub(crate) fn rtu(ends: [&Path; 2], lies: Arc<Lies>) -> Self {
        let threads = [(0, 1), (1, 0)].map(|(from, to)| {
            let stream = from as u64;
            let (from, to) = (terminal(ends[from]), terminal(ends[to]));
            let lies = Arc::clone(&lies);
            std::thread::spawn(move || lies.carry(from, to, stream))
        });
        let threads = threads.into();
        Self { lies, threads }
    }
}

fn terminal(path: &Path) -> File {
    use std::os::unix::fs::OpenOptionsExt as _;
    let flags = rustix::fs::OFlags::NONBLOCK | rustix::fs::OFlags::NOCTTY;
    OpenOptions::new()
        .read(true)
        .write(true)
        .custom_flags(flags.bits().cast_signed())
        .open(path)
        .expect("a terminal of socat")
}

fn accept(listener: &TcpListener, to: SocketAddr, lies: &Arc<Lies>) {
    let mut open: Vec<JoinHandle<()>> = Vec::new();
    let mut count = 0;
    while !lies.ended.load(Ordering::Relaxed) {
        let Ok((master, _)) = listener.accept() else {
            std::thread::sleep(Duration::from_millis(1));
            continue;
        };
        let Ok(table) = TcpStream::connect(to) else {
            continue;
        };
        for (from, to) in [(&master, &table), (&table, &master)] {
            let (from, to) = (clone(from), clone(to));
            count += 1;
            let (stream, lies) = (count, Arc::clone(lies));
            open.push(std::thread::spawn(move || {
                lies.carry(&from, &to, stream);
                let _ = (from.shutdown(Shutdown::Both), to.shutdown(Shutdown::Both));
            }));
        }
    }
    for thread in open {
        let _ = thread.join();
    }
}

fn clone(stream: &TcpStream) -> TcpStream {
    let stream = stream.try_clone().expect("a handle");
    stream.set_nonblocking(false).expect("it waits");
    stream
        .set_read_timeout(Some(Duration::from_millis(20)))
        .expect("it waits a little");
    stream.set_nodelay(true).expect("it does not gather");
    stream
}

impl Drop for Proxy {
    fn drop(&mut self) {
        self.lies.ended.store(true, Ordering::Relaxed);
        for thread in self.threads.drain(..) {
            let _ = thread.join();
        }
    }
}
