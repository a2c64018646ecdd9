//! How fast records are checked against R4: the demonstration's, and Synthea's where they are.
#![allow(missing_docs, reason = "criterion's macros make undocumented items")]

use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use fhir::check;
use fhir::relative::resolve;
use jiff::tz::TimeZone;
use serde_json::Value;
use std::hint::black_box;
use std::io::Read;
use std::path::PathBuf;

const AT: &str = "2026-11-22T09:00:00Z";

fn demonstration() -> Vec<u8> {
    let text = include_str!("../../console/demo/elin-marsh.fhir.json");
    let at = AT.parse().expect("an instant");
    let text = resolve(text, at, &TimeZone::UTC).expect("the demonstration's dates");
    text.into_bytes()
}

/// A Synthea bundle of 1.2 MB, where the samples are.
fn synthea() -> Option<Vec<u8>> {
    let root = PathBuf::from(std::env::var_os("ANNULUS_SAMPLES")?);
    let path = root.join("fhir/synthea_r4/spinal_cord_lesion_paralysis.json.gz");
    let bytes = std::fs::read(path).ok()?;
    let mut text = Vec::new();
    let mut reader = flate2::read::GzDecoder::new(bytes.as_slice());
    reader.read_to_end(&mut text).ok()?;
    Some(text)
}

fn bench(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("check");
    let records = [
        ("demonstration", Some(demonstration())),
        ("synthea", synthea()),
    ];
    for (name, bytes) in records {
        let Some(bytes) = bytes else { continue };
        let value: Value = serde_json::from_slice(&bytes).expect("JSON");
        group.throughput(Throughput::Bytes(bytes.len() as u64));
        group.bench_function(name, |bench| {
            bench.iter(|| check::resource(black_box(&value)));
        });
        group.bench_function(format!("{name}, from bytes"), |bench| {
            bench.iter(|| check::bytes(black_box(&bytes), check::Extensions::Any));
        });
    }
    group.finish();
}

criterion_group!(benches, bench);
criterion_main!(benches);
