//! How long a record of one megabyte takes to import (goal: at most 50 ms).
//!
//! The record is the demonstration's, its entries repeated under other ids
//! until it is one megabyte long: a stranger's clone measures the same.
#![allow(missing_docs, reason = "criterion's macros make undocumented items")]

use care::knowledge::Knowledge;
use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use fhir::import;
use fhir::relative::resolve;
use jiff::Timestamp;
use jiff::tz::TimeZone;
use serde_json::{Value, json};
use si::Region;
use std::hint::black_box;

const AT: &str = "2026-11-22T09:00:00Z";
const MEGABYTE: usize = 1_000_000;

fn megabyte(at: Timestamp) -> Vec<u8> {
    let text = include_str!("../../console/demo/elin-marsh.fhir.json");
    let text = resolve(text, at, &TimeZone::UTC).expect("the demonstration's dates");
    let mut record: Value = serde_json::from_str(&text).expect("JSON");
    let clinical: Vec<Value> = record["entry"].as_array().expect("entries")[1..].to_vec();
    let length = |entry: &Value| entry["resource"].to_string().len();
    let round: usize = clinical.iter().map(length).sum();
    let rounds = MEGABYTE.div_ceil(round);
    let entries = record["entry"].as_array_mut().expect("entries");
    for round in 0..rounds {
        for (number, entry) in clinical.iter().enumerate() {
            let id = format!("{round}-{number}");
            entries.push(json!({"resource": with_id(&entry["resource"], &id)}));
        }
    }
    record.to_string().into_bytes()
}

fn with_id(resource: &Value, id: &str) -> Value {
    let mut resource = resource.clone();
    resource["id"] = json!(id);
    resource
}

fn bench(criterion: &mut Criterion) {
    let at: Timestamp = AT.parse().expect("an instant");
    let knowledge = Knowledge::embedded().expect("the embedded knowledge loads");
    let bytes = megabyte(at);
    let mut group = criterion.benchmark_group("import");
    group.throughput(Throughput::Bytes(bytes.len() as u64));
    group.bench_function("one megabyte", |bench| {
        bench
            .iter(|| import(black_box(&bytes), knowledge, Region::Lumbar, Some(at)).expect("read"));
    });
    group.finish();
}

criterion_group!(benches, bench);
criterion_main!(benches);
