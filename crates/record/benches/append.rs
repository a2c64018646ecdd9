//! How many durable appends a second: each acknowledged after its commit is on disk.
//!
//! One writer waits for a whole commit each time; with more, one commit serves
//! all that wait. `ANNULUS_BENCH_DIR` puts the store on the disk to be measured.

use std::time::{Duration, Instant};

use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use record::{Journal, NewEvent, OpenOptions, Row, Stream, StreamKind};
use tempfile::TempDir;
use tokio::runtime::Runtime;
use uuid::Uuid;

#[path = "../tests/server.rs"]
#[allow(dead_code, reason = "the tests use the rest")]
mod server;

fn event(n: u64) -> NewEvent {
    NewEvent {
        kind: "fact-recorded".to_owned(),
        v: 1,
        at: jiff::Timestamp::UNIX_EPOCH,
        actor: Uuid::from_u128(1),
        // The size of a recorded fact with its provenance.
        payload: format!("{{\"n\":{n},\"text\":\"{}\"}}", "x".repeat(400)).into_bytes(),
        salt: [n as u8; 32],
    }
}

async fn write(journal: Journal, stream: Stream, count: u64) {
    let info = journal.stream(stream.id).await.expect("read");
    let first = info.map_or(0, |i| i.sequence);
    for n in first..first + count {
        let rows = vec![Row::new("patients", "one", format!("{n:09}"), vec![7; 200])];
        let made = journal.append(stream, n, vec![event(n)], rows).await;
        made.expect("appended");
    }
}

async fn timed(journal: &Journal, writers: u64, appends: u64) -> Duration {
    let begin = Instant::now();
    let each = appends.div_ceil(writers);
    let tasks: Vec<_> = (0..writers)
        .map(|w| {
            let stream = Stream::new(StreamKind::Patient, Uuid::from_u128(w.into()));
            tokio::spawn(write(journal.clone(), stream, each))
        })
        .collect();
    for task in tasks {
        task.await.expect("written");
    }
    begin.elapsed()
}

fn measured(criterion: &mut Criterion, runtime: &Runtime, name: &str, journal: &Journal) {
    let mut group = criterion.benchmark_group(name);
    group.throughput(Throughput::Elements(1)).sample_size(10);
    for writers in [1, 8, 32] {
        group.bench_function(format!("{writers}_writers"), |bench| {
            bench.iter_custom(|appends| runtime.block_on(timed(journal, writers, appends)));
        });
    }
    group.finish();
}

fn append(criterion: &mut Criterion) {
    let runtime = Runtime::new().expect("a runtime");
    let options = || OpenOptions::new().create(Uuid::from_u128(7));
    let dir = match std::env::var_os("ANNULUS_BENCH_DIR") {
        Some(dir) => TempDir::new_in(dir),
        None => TempDir::new(),
    }
    .expect("a directory");
    let journal = runtime
        .block_on(Journal::open(dir.path().join("journal.db"), options()))
        .expect("opens");
    measured(criterion, &runtime, "append", &journal);
    runtime.block_on(journal.close());
    let Some(server) = server::shared() else {
        return server::skipped("bench append");
    };
    let url = server::parsed(&server.database());
    let journal = runtime
        .block_on(Journal::connect(&url, options()))
        .expect("opens");
    measured(criterion, &runtime, "append_postgres", &journal);
    runtime.block_on(journal.close());
}

criterion_group!(benches, append);
criterion_main!(benches);
