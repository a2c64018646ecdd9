//! How many patients a core can screen in a second, and how long the knowledge
//! takes to load (goals: at least 20,000 decisions a second, at most 50 ms; the
//! next questions at most 1 ms).
//!
//! The cohort is what a clinic sees in a day: most patients routine in either
//! region, some with one finding, one chart half filled, one empty.
#![allow(missing_docs, reason = "criterion's macros make undocumented items")]

use care::decide::{Decision, Gate, evaluate};
use care::fact::FactSet;
use care::input::{Context, parse_facts};
use care::knowledge::{AT, Knowledge};
use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use jiff::Timestamp;
use jiff::tz::TimeZone;
use serde_json::{Map, Value, json};
use si::Region;
use std::hint::black_box;

struct Patient {
    region: Region,
    facts: FactSet,
}

fn knowledge() -> &'static Knowledge {
    Knowledge::embedded().expect("the embedded knowledge loads")
}

/// The routine patient of a region with some answers changed.
fn patient(region: Region, changes: Value) -> Patient {
    let set = knowledge().minimum(region).expect("a minimum data set");
    let mut facts: Map<String, Value> =
        serde_json::from_value(json!(set.routine)).expect("TOML values are JSON values");
    facts.extend(changes.as_object().expect("an object").clone());
    facts.retain(|_, value| !value.is_null());
    let document = json!({"region": region.as_str(), "at": AT, "facts": facts});
    let context = Context {
        knowledge: knowledge(),
        at: None,
        region: None,
        zone: &TimeZone::UTC,
    };
    let read = parse_facts(document.to_string().as_bytes(), &context).expect("facts");
    Patient {
        region,
        facts: read.fact_set(),
    }
}

fn cohort() -> Vec<Patient> {
    let half = json!({
        "cord_signs": null, "vascular_signs": null, "bone_weakness": null, "joint_disease": null,
        "motor_strength": null, "sensation": null, "imaging_on_file": null, "alignment": null,
    });
    let mut cohort = Vec::new();
    for region in Region::ALL {
        cohort.extend((0..7).map(|_| patient(region, json!({}))));
        cohort.push(patient(region, json!({"cauda_equina_signs": true})));
        cohort.push(patient(
            region,
            json!({"bone_weakness": true, "osteoporosis": true}),
        ));
        cohort.push(patient(region, half.clone()));
    }
    cohort
}

fn screen(patient: &Patient, at: Timestamp) -> Decision {
    let Patient { region, facts } = patient;
    evaluate(
        facts,
        *region,
        Gate::EVALUATE,
        knowledge(),
        at,
        &TimeZone::UTC,
    )
}

fn bench(criterion: &mut Criterion) {
    let at: Timestamp = AT.parse().expect("an instant");
    criterion.bench_function("knowledge/load and check", |bench| {
        bench.iter(|| Knowledge::load(black_box(Knowledge::embedded_files())).expect("sound"));
    });
    let cohort = cohort();
    let mut group = criterion.benchmark_group("screening");
    group.throughput(Throughput::Elements(1));
    let routine = patient(Region::Lumbar, json!({}));
    group.bench_function("routine", |bench| {
        bench.iter(|| screen(black_box(&routine), at))
    });
    let empty = Patient {
        region: Region::Lumbar,
        facts: FactSet::new(),
    };
    // An empty chart asks the most: this bounds the time of the next questions.
    group.bench_function("empty", |bench| {
        bench.iter(|| screen(black_box(&empty), at))
    });
    let mut day = cohort.iter().cycle();
    group.bench_function("cohort", |bench| {
        bench.iter(|| day.next().map(|patient| screen(black_box(patient), at)));
    });
    group.finish();
}

criterion_group!(benches, bench);
criterion_main!(benches);
