//! How long an answer of CDS Hooks takes, without HTTP (goal, with it: p99 at most 25 ms).
//!
//! A hundred entries of the demonstration's record are prefetched, and one order of traction is
//! about to be signed.
#![allow(missing_docs, reason = "criterion's macros make undocumented items")]
#![allow(
    clippy::print_stdout,
    reason = "a figure that criterion has no place for"
)]

use care::knowledge::Knowledge;
use criterion::{Criterion, criterion_group, criterion_main};
use fhir::cds::{Context, Service, answer};
use fhir::relative::resolve;
use jiff::Timestamp;
use jiff::tz::TimeZone;
use serde_json::{Value, json};
use std::hint::black_box;
use std::time::Instant;

const AT: &str = "2026-11-22T09:00:00Z";
const ENTRIES: usize = 100;

fn request(at: Timestamp) -> Vec<u8> {
    let text = include_str!("../../console/demo/elin-marsh.fhir.json");
    let text = resolve(text, at, &TimeZone::UTC).expect("the demonstration's dates");
    let record: Value = serde_json::from_str(&text).expect("JSON");
    let entries = record["entry"].as_array().expect("entries");
    let patient = &entries[0]["resource"];
    let clinical = entries[1..].iter().cycle().take(ENTRIES);
    let many: Vec<Value> = (0..)
        .zip(clinical)
        .map(|(number, entry)| {
            let mut resource = entry["resource"].clone();
            resource["id"] = json!(format!("r{number}"));
            json!({ "resource": resource })
        })
        .collect();
    json!({
        "hook": "order-sign",
        "hookInstance": "d1577c69-dfbe-44ad-ba6d-3e05e953b2ea",
        "context": {
            "userId": "Practitioner/example",
            "patientId": patient["id"],
            "draftOrders": { "resourceType": "Bundle", "entry": [{ "resource": {
                "resourceType": "ServiceRequest", "id": "t", "status": "draft",
                "code": { "coding": [{ "system": "http://www.ama-assn.org/go/cpt", "code": "97012" }] },
            }}]},
        },
        "prefetch": {
            "patient": patient,
            "conditions": { "resourceType": "Bundle", "type": "searchset", "entry": many },
            "observations": null, "procedures": null, "medications": null, "devices": null,
        },
    })
    .to_string()
    .into_bytes()
}

/// Calls that are timed one by one.
const CALLS: usize = 2_000;

/// The middle, the 99th of a hundred and the longest of many calls, in milliseconds.
fn percentiles(mut call: impl FnMut()) -> [f64; 3] {
    let mut all: Vec<f64> = (0..CALLS)
        .map(|_| {
            let begun = Instant::now();
            call();
            begun.elapsed().as_secs_f64() * 1e3
        })
        .collect();
    all.sort_by(f64::total_cmp);
    [CALLS / 2, CALLS * 99 / 100, CALLS - 1].map(|place| all[place])
}

fn bench(criterion: &mut Criterion) {
    let at: Timestamp = AT.parse().expect("an instant");
    let context = Context {
        knowledge: Knowledge::embedded().expect("the embedded knowledge loads"),
        zone: &TimeZone::UTC,
        at,
    };
    let bytes = request(at);
    let cards = answer(Service::OrderSign, &bytes, &context)
        .expect("answered")
        .body;
    let told = cards.to_string();
    assert!(!told.contains("cannot be read") && told.contains("Not screened"));
    criterion.bench_function("cds: an order to sign", |bench| {
        bench.iter(|| answer(Service::OrderSign, black_box(&bytes), &context).expect("answered"));
    });
    let [middle, most, longest] = percentiles(|| {
        let answered = answer(Service::OrderSign, black_box(&bytes), &context);
        black_box(answered).expect("answered");
    });
    println!("cds: p50 {middle:.2} ms, p99 {most:.2} ms, longest {longest:.2} ms of {CALLS} calls");
}

criterion_group!(benches, bench);
criterion_main!(benches);
