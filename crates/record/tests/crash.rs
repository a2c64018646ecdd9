//! Killing the writing process: what was acknowledged is there, and nothing by half.

use std::collections::BTreeMap;
use std::io::{BufRead as _, BufReader, Write as _};
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::Duration;

use record::Append;
use rustix::process::{Resource, Rlimit};

use crate::support::{Place, event, patient, verified};

const WRITERS: u128 = 4;
/// In `make test`; campaigns ask for more.
const ROUNDS: usize = 10;
/// How a campaign asks for another number of rounds.
const ASKED: &str = "ANNULUS_CRASH_ROUNDS";
/// Set only in the child, which is this same test binary.
const CHILD: &str = "RECORD_CRASH_CHILD";
/// Set only in the child whose disk is full.
const FULL: &str = "RECORD_FULL_CHILD";

/// The child: writers append pairs of events to own streams and print what was acknowledged.
#[test]
fn child_that_writes_until_it_is_killed() {
    let Some(dir) = std::env::var_os(CHILD) else {
        return;
    };
    let runtime = tokio::runtime::Runtime::new().expect("a runtime");
    runtime.block_on(write_for_ever(Path::new(&dir)));
}

async fn write_for_ever(dir: &Path) {
    let path = dir.join("journal.db");
    let options = record::OpenOptions::new().create(crate::support::STORE);
    let journal = record::Journal::open(path, options).await.expect("opens");
    let mut tasks = Vec::new();
    for w in 1..=WRITERS {
        let journal = journal.clone();
        tasks.push(tokio::spawn(async move {
            let info = journal.stream(patient(w).id).await.expect("read");
            let mut sequence = info.map_or(0, |i| i.sequence);
            loop {
                let append = |n: u128, expected| Append {
                    stream: patient(n),
                    expected,
                    events: vec![
                        event("pair", &format!("{n}/{}", expected + 1)),
                        event("pair", &format!("{n}/{}", expected + 2)),
                    ],
                    rows: vec![crate::support::row("last", "", &(expected + 2).to_string())].into(),
                };
                // A stream of its own and one that moves with it: both or neither.
                let both = vec![append(w, sequence), append(w + 100, sequence)];
                journal.append_all(both).await.expect("appended");
                sequence += 2;
                let mut out = std::io::stdout().lock();
                writeln!(out, "ack {w} {sequence}").expect("told");
                out.flush().expect("told");
            }
        }));
    }
    futures_util::future::join_all(tasks).await;
}

/// Runs the child for a while and kills it; returns the last acknowledgement of each writer.
fn killed_after(dir: &Path, acks: usize, pause: Duration) -> BTreeMap<u128, u64> {
    let mut child = Command::new(std::env::current_exe().expect("this binary"))
        .args([
            "--exact",
            "crash::child_that_writes_until_it_is_killed",
            "--nocapture",
        ])
        .env(CHILD, dir)
        .stdout(Stdio::piped())
        .spawn()
        .expect("starts");
    let out = child.stdout.take().expect("piped");
    let mut last = BTreeMap::new();
    let mut seen = 0;
    for line in BufReader::new(out).lines() {
        let Ok(line) = line else { break };
        // The harness prints the test's name without a line end before the first.
        let Some((_, ack)) = line.split_once("ack ") else {
            continue;
        };
        if let Some((w, sequence)) = ack.split_once(' ')
            && let (Ok(w), Ok(sequence)) = (w.parse(), sequence.parse())
        {
            last.insert(w, sequence);
        }
        seen += 1;
        if seen == acks {
            std::thread::sleep(pause);
            child.kill().expect("killed");
        }
    }
    let status = child.wait().expect("waited");
    assert!(!status.success(), "it was killed, it did not end");
    last
}

#[test]
fn a_killed_writer_loses_nothing_acknowledged_and_leaves_nothing_by_half() {
    let place = Place::new();
    let runtime = tokio::runtime::Runtime::new().expect("a runtime");
    let mut floor = BTreeMap::new();
    let asked = std::env::var(ASKED).ok();
    let rounds = asked.map_or(ROUNDS, |n| n.parse().expect("a number"));
    for round in 0..rounds {
        let pause = Duration::from_micros(137 * (round % 40) as u64);
        floor.extend(killed_after(place.dir.path(), 20 + 7 * (round % 20), pause));
        runtime.block_on(whole(&place, &floor));
    }
    assert_eq!(floor.len() as u128, WRITERS);
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
