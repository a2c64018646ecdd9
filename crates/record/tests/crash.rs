//! Killing the writing process: what was acknowledged is there, and nothing by half.

use std::collections::BTreeMap;
use std::hash::{BuildHasher as _, RandomState};
use std::io::{BufRead, BufReader, Write as _};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

use record::{Append, Journal};
use rustix::process::{Resource, Rlimit};

use crate::server::Server;
use crate::support::{Place, event, patient, verified};

const WRITERS: u128 = 4;
/// On SQLite in `make test`, a fifth of it on PostgreSQL; campaigns ask for more.
const ROUNDS: usize = 50;
/// Rounds on one store before a new one is begun: each is walked whole after every round.
const SAME: usize = 10;
/// How a campaign asks for another number of rounds.
const ASKED: &str = "ANNULUS_CRASH_ROUNDS";
/// How the moments of a run that failed are drawn again: by the seed that it printed.
const SEED: &str = "ANNULUS_CRASH_SEED";
/// Acknowledgements that a round waits for, at least and less than.
const ACKS: (u64, u64) = (10, 70);
/// Microseconds after them at which it kills, at most.
const PAUSE: u64 = 20_000;
/// Set only in the child, which is this same test binary: where it writes.
const CHILD: &str = "RECORD_CRASH_CHILD";
/// Number of its first writer.
const FIRST: &str = "RECORD_CRASH_FIRST";
/// Set only in the child whose disk is full.
const FULL: &str = "RECORD_FULL_CHILD";

/// The child: writers append pairs of events to own streams and print what was acknowledged.
#[test]
fn child_that_writes_until_it_is_killed() {
    let Ok(place) = std::env::var(CHILD) else {
        return;
    };
    let first = std::env::var(FIRST).expect("told");
    let first = first.parse().expect("a number");
    let runtime = tokio::runtime::Runtime::new().expect("a runtime");
    runtime.block_on(write_for_ever(&place, first));
}

async fn write_for_ever(place: &str, first: u128) {
    let server = place.starts_with("postgres:");
    let options = record::OpenOptions::new().create(crate::support::STORE);
    let journal = match server {
        true => Journal::connect(&crate::server::parsed(place), options).await,
        false => Journal::open(Path::new(place).join("journal.db"), options).await,
    };
    let journal = journal.expect("opens");
    let mut tasks = Vec::new();
    for w in first..first + WRITERS {
        let journal = journal.clone();
        tasks.push(tokio::spawn(async move {
            let mut sequence = standing(&journal, w).await;
            loop {
                match append_pair(&journal, w, sequence).await {
                    Ok(()) => sequence += 2,
                    Err(error) if !server => panic!("{error}"),
                    // The server was killed: whether the last append is there, it will say.
                    Err(_) => {
                        sequence = standing(&journal, w).await;
                        continue;
                    }
                }
                let mut out = std::io::stdout().lock();
                writeln!(out, "ack {w} {sequence}").expect("told");
                out.flush().expect("told");
            }
        }));
    }
    futures_util::future::join_all(tasks).await;
}

/// Where a writer's stream is, as soon as that can be read.
async fn standing(journal: &Journal, w: u128) -> u64 {
    for _ in 0..1000 {
        match journal.stream(patient(w).id).await {
            Ok(info) => return info.map_or(0, |i| i.sequence),
            Err(_) => tokio::time::sleep(Duration::from_millis(20)).await,
        }
    }
    panic!("the database does not come back");
}

/// A stream of its own and one that moves with it: both or neither.
async fn append_pair(journal: &Journal, w: u128, sequence: u64) -> record::Result<()> {
    let append = |n: u128, expected| Append {
        stream: patient(n),
        expected,
        events: vec![
            event("pair", &format!("{n}/{}", expected + 1)),
            event("pair", &format!("{n}/{}", expected + 2)),
        ],
        rows: vec![crate::support::row("last", "", &(expected + 2).to_string())].into(),
    };
    let both = vec![append(w, sequence), append(w + 100, sequence)];
    journal.append_all(both).await.map(|_| ())
}

/// A process that writes, and what it was acknowledged.
struct Writing {
    child: Child,
    last: Arc<Mutex<BTreeMap<u128, u64>>>,
    count: Arc<AtomicUsize>,
    reader: JoinHandle<()>,
}

impl Writing {
    fn start(place: &str, first: u128) -> Self {
        let mut child = Command::new(std::env::current_exe().expect("this binary"))
            .args([
                "--exact",
                "crash::child_that_writes_until_it_is_killed",
                "--nocapture",
            ])
            .env(CHILD, place)
            .env(FIRST, first.to_string())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .expect("starts");
        let out = child.stdout.take().expect("piped");
        let (last, count) = (Arc::default(), Arc::default());
        let reader = std::thread::spawn({
            let (last, count) = (Arc::clone(&last), Arc::clone(&count));
            move || listen(BufReader::new(out), &last, &count)
        });
        Self {
            child,
            last,
            count,
            reader,
        }
    }

    /// Waits until so many appends were acknowledged in all.
    fn wait_for(&mut self, acks: usize) {
        let begin = Instant::now();
        while self.count() < acks {
            let ended = self.child.try_wait().expect("asked");
            assert!(ended.is_none(), "it ended by itself");
            assert!(
                begin.elapsed() < Duration::from_secs(60),
                "nothing is written"
            );
            std::thread::sleep(Duration::from_micros(200));
        }
    }

    fn count(&self) -> usize {
        self.count.load(Ordering::Relaxed)
    }

    /// Kills it; returns the last acknowledgement of each writer.
    fn kill(mut self) -> BTreeMap<u128, u64> {
        self.child.kill().expect("killed");
        let status = self.child.wait().expect("waited");
        assert!(!status.success(), "it was killed, it did not end");
        self.reader.join().expect("heard to the end");
        let last = self.last.lock().expect("whole");
        last.clone()
    }
}

fn listen(out: impl BufRead, last: &Mutex<BTreeMap<u128, u64>>, count: &AtomicUsize) {
    for line in out.lines() {
        let Ok(line) = line else { break };
        // The harness prints the test's name without a line end before the first.
        let Some((_, ack)) = line.split_once("ack ") else {
            continue;
        };
        if let Some((w, sequence)) = ack.split_once(' ')
            && let (Ok(w), Ok(sequence)) = (w.parse(), sequence.parse())
        {
            last.lock().expect("whole").insert(w, sequence);
        }
        count.fetch_add(1, Ordering::Relaxed);
    }
}

fn killed_after(dir: &Path, acks: usize, pause: Duration) -> BTreeMap<u128, u64> {
    let mut writing = Writing::start(dir.to_str().expect("text"), 1);
    writing.wait_for(acks);
    std::thread::sleep(pause);
    writing.kill()
}

fn rounds() -> usize {
    let asked = std::env::var(ASKED).ok();
    asked.map_or(ROUNDS, |n| n.parse().expect("a number"))
}

/// The seed that is asked for, or a fresh one; a run that fails shows it.
#[expect(clippy::print_stdout, reason = "a run that failed is repeated by it")]
fn seed() -> u64 {
    let asked = std::env::var(SEED).ok();
    let fresh = || RandomState::new().hash_one(0);
    let seed = asked.map_or_else(fresh, |n| n.parse().expect("a number"));
    println!("{SEED}={seed}");
    seed
}

/// How many acknowledgements a round waits for, and how long after them it kills.
fn moment(seed: u64, round: usize) -> (usize, Duration) {
    let draw = |nth: u64, span: u64| mixed(seed, 2 * round as u64 + nth) % span;
    let acks = ACKS.0 + draw(0, ACKS.1 - ACKS.0);
    let pause = Duration::from_micros(draw(1, PAUSE + 1));
    (acks as usize, pause)
}

/// The numbers of a seed, by their place (SplitMix64).
fn mixed(seed: u64, place: u64) -> u64 {
    let z = seed.wrapping_add((place + 1).wrapping_mul(0x9e37_79b9_7f4a_7c15));
    let z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    let z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    z ^ (z >> 31)
}

#[test]
fn moments_are_drawn_again_by_their_seed_and_span_what_they_may() {
    // The first numbers of the generator's reference, of seed 0.
    let first = [0xe220_a839_7b1d_cdaf, 0x6e78_9e6a_a1b9_65f4];
    assert_eq!([mixed(0, 0), mixed(0, 1)], first);
    let drawn = |seed| (0..1000).map(move |round| moment(seed, round));
    assert!(drawn(7).eq(drawn(7)) && drawn(7).ne(drawn(8)));
    let (acks, pauses): (Vec<_>, Vec<_>) = drawn(7).unzip();
    assert!(acks.iter().all(|acks| (10..70).contains(acks)));
    let (longest, shortest) = (pauses.iter().max(), pauses.iter().min());
    assert!(longest > Some(&Duration::from_millis(19)), "{longest:?}");
    assert!(longest <= Some(&Duration::from_millis(20)), "{longest:?}");
    assert!(shortest < Some(&Duration::from_millis(1)), "{shortest:?}");
}

#[test]
fn a_killed_writer_loses_nothing_acknowledged_and_leaves_nothing_by_half() {
    let mut place = Place::new();
    let runtime = tokio::runtime::Runtime::new().expect("a runtime");
    let (mut floor, seed) = (BTreeMap::new(), seed());
    for round in 0..rounds() {
        if round % SAME == 0 {
            place = Place::new();
            floor.clear();
        }
        let (acks, pause) = moment(seed, round);
        floor.extend(killed_after(place.dir.path(), acks, pause));
        runtime.block_on(whole(&place, &floor));
    }
    assert_eq!(floor.len() as u128, WRITERS);
}

/// Two processes write to one database; now both are killed, now the server with them, now the
/// server alone, and they go on when it is back.
#[test]
fn killed_writers_and_a_killed_server_lose_nothing_acknowledged_and_leave_nothing_by_half() {
    let Some(server) = Server::start() else {
        return crate::server::skipped("crash");
    };
    let mut url = String::new();
    let runtime = tokio::runtime::Runtime::new().expect("a runtime");
    let (mut floor, seed) = (BTreeMap::new(), seed());
    for round in 0..rounds().div_ceil(5) {
        if round % SAME == 0 {
            url = server.database();
            floor.clear();
        }
        let (acks, pause) = moment(seed, round);
        let mut writing = [1, 1 + WRITERS].map(|first| Writing::start(&url, first));
        for one in &mut writing {
            one.wait_for(acks / 2);
        }
        std::thread::sleep(pause);
        if round % 3 > 0 {
            server.kill();
        }
        if round % 3 == 2 {
            let before = writing.each_ref().map(Writing::count);
            server.run();
            for (one, before) in writing.iter_mut().zip(before) {
                // One answer may have been under way.
                one.wait_for(before + 2 * WRITERS as usize);
            }
        }
        for one in writing {
            floor.extend(one.kill());
        }
        if round % 3 == 1 {
            server.run();
        }
        runtime.block_on(whole(&Place::of(url.clone()), &floor));
    }
    assert_eq!(floor.len() as u128, 2 * WRITERS);
}

async fn whole(place: &Place, floor: &BTreeMap<u128, u64>) {
    let journal = place.open().await;
    for (w, acknowledged) in floor {
        let own = journal.read(patient(*w).id).await.expect("read");
        let twin = journal.read(patient(w + 100).id).await.expect("read");
        assert!(
            own.len() as u64 >= *acknowledged,
            "{} < {acknowledged}",
            own.len()
        );
        assert_eq!(own.len(), twin.len(), "both or neither");
        assert_eq!(own.len() % 2, 0, "no half append");
        for (event, n) in own.iter().zip(1..) {
            assert_eq!(
                event.payload.as_deref(),
                Some(format!("{w}/{n}").as_bytes())
            );
        }
        let row = journal
            .row("notes", "last", patient(*w).id)
            .await
            .expect("read")
            .expect("row");
        assert_eq!(
            row.body,
            own.len().to_string().into_bytes(),
            "rows are of the same moment"
        );
    }
    let report = journal
        .verify(record::Verify::default())
        .await
        .expect("walks");
    assert!(report.is_sound(), "{:?}", report.faults);
    journal.close().await;
}

/// The child of the next test: its files may not grow beyond a limit that it then lifts.
#[test]
fn child_whose_disk_is_full_for_a_while() {
    let Some(dir) = std::env::var_os(FULL) else {
        return;
    };
    let runtime = tokio::runtime::Runtime::new().expect("a runtime");
    runtime.block_on(fill_and_go_on(Path::new(&dir)));
}

async fn fill_and_go_on(dir: &Path) {
    let options = record::OpenOptions::new().create(crate::support::STORE);
    let journal = record::Journal::open(dir.join("journal.db"), options)
        .await
        .expect("opens");
    let limit = rustix::process::getrlimit(Resource::Fsize);
    let tight = Rlimit {
        current: Some(300_000),
        ..limit
    };
    rustix::process::setrlimit(Resource::Fsize, tight).expect("limited");
    let (mut kept, mut refused) = (vec![0_u64; 8], 0);
    for round in 0..60 {
        if round == 50 {
            rustix::process::setrlimit(Resource::Fsize, limit).expect("lifted");
        }
        let tries = (0..8).map(|n| {
            let payload = format!("{n} {}", "x".repeat(4000));
            journal.append(
                patient(n as u128),
                kept[n],
                vec![event("a", &payload)],
                vec![],
            )
        });
        let answers = futures_util::future::join_all(tries).await;
        for (n, answer) in answers.iter().enumerate() {
            match answer {
                Ok(_) => kept[n] += 1,
                Err(record::Error::Commit(_)) => refused += 1,
                Err(error) => panic!("{error}"),
            }
        }
        assert!(
            round < 50 || answers.iter().all(Result::is_ok),
            "there is room again"
        );
    }
    assert!(refused > 0, "the disk was full");
    for (n, count) in kept.iter().enumerate() {
        let read = journal.read(patient(n as u128).id).await.expect("read");
        assert_eq!(
            read.len() as u64,
            *count,
            "refused is not there, accepted is"
        );
    }
    assert!(
        verified(&journal)
            .await
            .faults
            .iter()
            .all(|f| matches!(f.place, record::Place::Rows { .. }))
    );
    writeln!(std::io::stdout(), "went on after {refused} refusals").expect("told");
}

#[test]
fn a_full_disk_refuses_and_the_journal_goes_on_when_there_is_room() {
    let place = Place::new();
    // The shell has the signal ignored, so that a write beyond the limit fails instead of killing.
    let output = Command::new("sh")
        .args(["-c", "trap '' XFSZ; exec \"$0\" \"$@\""])
        .arg(std::env::current_exe().expect("this binary"))
        .args([
            "--exact",
            "crash::child_whose_disk_is_full_for_a_while",
            "--nocapture",
        ])
        .env(FULL, place.dir.path())
        .output()
        .expect("runs");
    let text = String::from_utf8_lossy(&output.stdout);
    assert!(
        output.status.success(),
        "{text}{}",
        String::from_utf8_lossy(&output.stderr)
    );
    assert!(text.contains("went on after"), "{text}");
}

#[test]
fn the_lock_of_a_killed_writer_is_free_at_once() {
    let place = Place::new();
    killed_after(place.dir.path(), 3, Duration::ZERO);
    let runtime = tokio::runtime::Runtime::new().expect("a runtime");
    // One who only reads can look at what the killed one left, log and all.
    let options = record::OpenOptions::new().read_only();
    let reader = runtime
        .block_on(record::Journal::open(place.path(), options))
        .expect("opens");
    let left = runtime
        .block_on(reader.verify(record::Verify::default()))
        .expect("walks");
    assert!(left.is_sound() && left.events > 0, "{:?}", left.faults);
    let journal = runtime.block_on(place.open());
    assert!(runtime.block_on(verified(&journal)).events > 0);
}
