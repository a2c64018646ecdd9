//! Programs at the doors: how many records come in a second, and how long reads and searches take
//! of 100,000 resources, beside Helios where that is installed.
//!
//! The load generator runs on the same machine and takes its share of the cores.

mod annulus;
mod asks;
mod people;
mod rate;
mod server;

use crate::measure::{Figure, root};
use asks::KINDS;
use rate::{Took, quantile};
pub(crate) use server::Server;
use server::cpu;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;
use std::time::{Duration, Instant};

/// What the names of these figures start with.
pub(crate) const NAME: &str = "programs:";
/// Resources in the store (issue of the doors, as are all limits here).
const RESOURCES: u64 = 100_000;
const RATE: f64 = 500.0;
const CONNECTIONS: usize = 64;
const READ: f64 = 0.025;
const SEARCH: f64 = 0.050;
const LONGEST: f64 = 0.250;
const HANDLER: f64 = 0.005;
const IMPORTED: f64 = 2000.0;
/// Requests of a run: a minute; each kind of search has a tenth of them.
const REQUESTS: usize = 30_000;
/// Connections that write at once.
const WRITERS: usize = 4;
/// Requests that are sent one after the other, a tenth of each kind.
const ALONE: usize = 1000;
/// Times that each published record is imported.
const TIMES: usize = 10;

/// What was measured of one server.
struct Measured {
    imported: f64,
    /// Requests one after the other.
    alone: Vec<Took>,
    /// Requests at the rate that were answered, and in how many seconds.
    took: Vec<Took>,
    seconds: f64,
    /// Processor seconds of the server, and of who asked it.
    cpu: [f64; 2],
    resources: u64,
    /// Entries of an answer of each kind.
    found: Vec<f64>,
}

pub(crate) fn all() -> Vec<Figure> {
    let folder = || tempfile::tempdir_in(root().join("target")).expect("a folder");
    let home = folder();
    let server = Server::ours(home.path());
    let ours = measured(&server);
    assert_eq!(ours.took.len(), REQUESTS, "none is refused or given up");
    let walked = asks::every_parameter(&server);
    drop(server);
    let mut figures = figures(&ours, &walked);
    if let Some(program) = helios() {
        let home = folder();
        let server = Server::helios(&program, home.path());
        let theirs = measured(&server);
        drop(server);
        figures.extend(beside(&ours, &theirs));
    }
    figures
}

/// The peer, where `scripts/bench-load --install` installed it.
fn helios() -> Option<PathBuf> {
    let path = root().join("target/peers/helios/bin/hfs");
    path.exists().then_some(path)
}

/// Fills a store, and asks it.
fn measured(server: &Server) -> Measured {
    let imported = import(server);
    println!("imported {imported:.0} resources/s");
    fill(server);
    println!("filled");
    let asks = asks::of(server);
    // What is made at the first request is not measured.
    server.load(RATE, REQUESTS / 20).run(&asks);
    let alone = server.load(RATE, ALONE);
    let alone = alone.one_by_one(asks.iter().take(ALONE));
    let (before, start) = ([server.cpu(), cpu("self")], Instant::now());
    let mut took = server.load(RATE, REQUESTS).run(&asks);
    took.retain(|one| one.status == 200);
    let seconds = start.elapsed().as_secs_f64();
    let cpu = [server.cpu() - before[0], cpu("self") - before[1]];
    let measured = Measured {
        imported,
        alone,
        took,
        seconds,
        cpu,
        resources: asks::count(server),
        found: asks::found(server, &asks),
    };
    tell(&measured);
    measured
}

/// What no row of the page says.
fn tell(of: &Measured) {
    let [server, asking] = of.cpu.map(|cpu| 100.0 * cpu / of.seconds);
    println!(
        "{} resources, {:.0} imported a second; {} of {REQUESTS} answered in {:.0} s; server {server:.0} % of a core, load generator {asking:.0} %",
        of.resources,
        of.imported,
        of.took.len(),
        of.seconds
    );
    for (kind, what) in KINDS.iter().enumerate() {
        let p = |took: &[Took], share| 1e3 * quantile(times(took, |one| one == kind), share);
        let [median, p99, longest] = [0.5, 0.99, 1.0].map(|share| p(&of.took, share));
        println!(
            "{}: {:.1} entries, alone {:.1} ms, at the rate p50 {median:.1} ms, p99 {p99:.1} ms, longest {longest:.1} ms",
            what.name,
            of.found[kind],
            p(&of.alone, 0.5)
        );
    }
}

/// Resources of published records that come in a second.
fn import(server: &Server) -> f64 {
    let samples = std::env::var_os("ANNULUS_SAMPLES").map(PathBuf::from);
    let records =
        people::records(&samples.unwrap_or_else(|| Path::new("../shared/samples").into()));
    let records: Vec<_> = records
        .into_iter()
        .filter(|(body, _)| has_patient(body))
        .collect();
    let resources: usize = records.iter().map(|(_, count)| count * TIMES).sum();
    let took = write(server, records.len() * TIMES, |number| {
        records[number % records.len()].0.clone()
    });
    resources as f64 / took.as_secs_f64()
}

fn has_patient(body: &[u8]) -> bool {
    let mark = b"urn:annulus:extension:region";
    body.windows(mark.len()).any(|part| part == mark)
}

/// People until there are enough resources.
fn fill(server: &Server) {
    let (mut made, mut there) = (0, asks::count(server));
    while there < RESOURCES {
        let batch = 500;
        write(server, batch, |number| people::person(made + number));
        made += batch;
        there = asks::count(server);
    }
}

/// Writes so many transactions, several at once.
fn write(server: &Server, count: usize, body: impl Fn(usize) -> Vec<u8> + Sync) -> Duration {
    let next = AtomicUsize::new(0);
    let start = Instant::now();
    thread::scope(|scope| {
        for _ in 0..WRITERS {
            scope.spawn(|| {
                let mut wire = server.wire();
                loop {
                    let number = next.fetch_add(1, Ordering::Relaxed);
                    if number >= count {
                        return;
                    }
                    let answer = server.write(&mut wire, &body(number));
                    let said = String::from_utf8_lossy(&answer.body);
                    assert_eq!(answer.status, 200, "{said}");
                }
            });
        }
    });
    start.elapsed()
}

/// Times of the requests that are meant.
fn times<'a>(
    took: &'a [Took],
    meant: impl Fn(usize) -> bool + 'a,
) -> impl Iterator<Item = Duration> + 'a {
    let meant = took.iter().filter(move |took| meant(took.kind));
    meant.map(|took| took.whole)
}

/// The kind of search that takes longest at the 99th percentile.
fn slowest(took: &[Took]) -> (usize, f64) {
    let searches = (0..KINDS.len()).filter(|kind| KINDS[*kind].search);
    let p99 = searches.map(|kind| (kind, quantile(times(took, |one| one == kind), 0.99)));
    p99.max_by(|a, b| a.1.total_cmp(&b.1)).expect("searches")
}

fn is_read(kind: usize) -> bool {
    !KINDS[kind].search
}

fn figures(ours: &Measured, walked: &(String, Duration)) -> Vec<Figure> {
    let load = format!(
        "{NAME} {} resources, {RATE} requests/s over {CONNECTIONS} connections",
        ours.resources
    );
    let seconds = |name: &str, most, value| Figure::load(&format!("{load}: {name}"), most, value);
    let (kind, search) = slowest(&ours.took);
    let longest = quantile(times(&ours.took, |kind| !is_read(kind)), 1.0);
    let handled = ours.took.iter().filter_map(|took| took.handled);
    let (walked, longest_walked) = walked;
    vec![
        seconds(
            "a read, p99",
            READ,
            quantile(times(&ours.took, is_read), 0.99),
        ),
        seconds(
            &format!("the slowest search ({}), p99", KINDS[kind].name),
            SEARCH,
            search,
        ),
        seconds("the longest search", LONGEST, longest),
        seconds(
            "without the audit log, p99",
            HANDLER,
            quantile(handled, 0.99),
        ),
        Figure::load(
            &format!("{NAME} every parameter, sort and include in turn, the longest ({walked})"),
            LONGEST,
            longest_walked.as_secs_f64(),
        ),
        Figure::rate(
            &format!("{NAME} resources of Synthea's records imported by transactions"),
            IMPORTED,
            ours.imported,
        ),
    ]
}

/// Ours beside the peer's, the same requests in the same run: how many times as long theirs take,
/// one after the other, and how many times as many of them are answered at the rate. The peer
/// answers before a line of its audit log is on disk; so ours is told without that, too.
fn beside(ours: &Measured, theirs: &Measured) -> Vec<Figure> {
    let ratio = |name: &str, ours: f64, theirs: f64| {
        Figure::beside(&format!("{NAME} Helios beside ours, {name}"), theirs / ours)
    };
    let mut figures = Vec::new();
    for (what, read) in [("a read", true), ("a search", false)] {
        let whole = |of: &Measured| quantile(times(&of.alone, |kind| is_read(kind) == read), 0.5);
        let meant = ours.alone.iter().filter(|one| is_read(one.kind) == read);
        let handled = quantile(meant.filter_map(|one| one.handled), 0.5);
        let theirs = whole(theirs);
        figures.push(ratio(&format!("{what} alone, p50"), whole(ours), theirs));
        let name = format!("{what} alone without the audit log, p50");
        figures.push(ratio(&name, handled, theirs));
    }
    let answered = |of: &Measured| of.took.len() as f64;
    let each = |of: &Measured| of.cpu[0] / answered(of);
    let rate = |of: &Measured| answered(of) / of.seconds;
    figures.push(ratio("answered at that rate", rate(ours), rate(theirs)));
    figures.push(ratio(
        "processor time of an answer",
        each(ours),
        each(theirs),
    ));
    let imported = [ours, theirs].map(|of| 1.0 / of.imported);
    figures.push(ratio("a resource imported", imported[0], imported[1]));
    figures
}
