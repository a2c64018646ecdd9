//! Requests at a rate over many connections, whatever the server does (open loop): the time of a
//! request counts from when it was due, so that a server that stalls does not hide it by being
//! asked less.

use crate::wire::{Answer, Wire};
use std::sync::Mutex;
use std::sync::mpsc::{Receiver, channel};
use std::thread;
use std::time::{Duration, Instant};

/// What is asked, and how.
pub(crate) struct Load<'a> {
    /// Host and port.
    pub(crate) address: &'a str,
    /// Header lines of every request, each with its end.
    pub(crate) headers: &'a str,
    pub(crate) connections: usize,
    /// Requests a second.
    pub(crate) rate: f64,
    pub(crate) requests: usize,
}

/// So long after the last request was due connections take another: who is behind by more than
/// that does not answer the rate, however long it may take.
const PATIENCE: Duration = Duration::from_secs(30);

/// One thing to ask for.
pub(crate) struct Ask {
    /// Its kind, a place in a list of the caller's.
    pub(crate) kind: usize,
    pub(crate) path: String,
}

/// What became of one request.
#[derive(Clone, Copy)]
pub(crate) struct Took {
    pub(crate) kind: usize,
    /// From when it was due, or sent, to the end of its answer.
    pub(crate) whole: Duration,
    /// What the server says it took without the audit log.
    pub(crate) handled: Option<Duration>,
    pub(crate) status: u16,
}

impl Load<'_> {
    /// Asks for each in turn, as often as requests are wanted; those that were answered.
    pub(crate) fn run(&self, asks: &[Ask]) -> Vec<Took> {
        let (due, waiting) = channel::<(Instant, &Ask)>();
        let waiting = Mutex::new(waiting);
        let start = Instant::now();
        let end = start + Duration::from_secs_f64(self.requests as f64 / self.rate) + PATIENCE;
        thread::scope(|scope| {
            let connections: Vec<_> = (0..self.connections)
                .map(|_| scope.spawn(|| self.connection(&waiting, end)))
                .collect();
            for (number, ask) in asks.iter().cycle().take(self.requests).enumerate() {
                let at = start + Duration::from_secs_f64(number as f64 / self.rate);
                thread::sleep(at.saturating_duration_since(Instant::now()));
                due.send((at, ask)).expect("connections wait");
            }
            drop(due);
            let took = connections.into_iter().map(|one| one.join());
            took.flat_map(|took| took.expect("it answers")).collect()
        })
    }

    /// One connection takes what is due next whenever it is free.
    fn connection(&self, waiting: &Mutex<Receiver<(Instant, &Ask)>>, end: Instant) -> Vec<Took> {
        let mut wire = Wire::open(self.address).expect("the server listens");
        let mut all = Vec::new();
        loop {
            let next = waiting.lock().expect("nobody panicked").recv();
            let Ok((due, ask)) = next else { return all };
            if Instant::now() < end {
                all.push(self.ask(&mut wire, ask, due));
            }
        }
    }

    /// Asks for each in turn, the next when the last was answered.
    pub(crate) fn one_by_one<'a>(&self, asks: impl Iterator<Item = &'a Ask>) -> Vec<Took> {
        let mut wire = Wire::open(self.address).expect("the server listens");
        asks.map(|ask| self.ask(&mut wire, ask, Instant::now()))
            .collect()
    }

    fn ask(&self, wire: &mut Wire, ask: &Ask, due: Instant) -> Took {
        let request = self.request(&ask.path);
        let answer = wire.send(request.as_bytes()).expect("an answer");
        Took {
            kind: ask.kind,
            whole: due.elapsed(),
            handled: handled(&answer),
            status: answer.status,
        }
    }

    /// A request for a path.
    pub(crate) fn request(&self, path: &str) -> String {
        let (host, headers) = (self.address, self.headers);
        format!("GET {path} HTTP/1.1\r\nHost: {host}\r\n{headers}\r\n")
    }
}

/// What `Server-Timing` says of everything, less what it says of the audit log.
fn handled(answer: &Answer) -> Option<Duration> {
    let told = answer.header("server-timing").next()?;
    let part = |name: &str| {
        let mut parts = told.split(", ");
        let ms = parts.find_map(|part| part.strip_prefix(name)?.strip_prefix(";dur="))?;
        ms.parse::<f64>().ok()
    };
    let ms = part("all")? - part("audit")?;
    Some(Duration::from_secs_f64(ms.max(0.0) / 1e3))
}

/// The time that a share of all took at most, in seconds.
pub(crate) fn quantile(times: impl Iterator<Item = Duration>, share: f64) -> f64 {
    let mut times: Vec<Duration> = times.collect();
    times.sort_unstable();
    let place = (times.len() as f64 * share).ceil() as usize;
    let one = times.get(place.saturating_sub(1));
    one.map_or(f64::NAN, Duration::as_secs_f64)
}
