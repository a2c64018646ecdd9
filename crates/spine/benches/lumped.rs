//! What the axial model costs: one tick of a campaign's patient, held by a carriage.

use criterion::{Criterion, criterion_group, criterion_main};
use si::{Kilograms, Metres, Radians, Region, Seconds};
use spine::lumped::{Carriage, Lumped, Patient, Scratch, State, Support, impose};
use std::hint::black_box;

/// Ticks of one iteration: ten seconds of a session.
const TICKS: usize = 1_000;
/// The session's tick.
const TICK: Seconds = Seconds::of(0.01);

/// The carriage's travel, tick by tick: slack, 5 s of pull, then a hold in which a controller still moves it.
fn course() -> Vec<Carriage> {
    let carriage = |tick: usize| {
        let (pulled, breathing) = ((tick as f64 / 500.0).min(1.0), (tick % 40) as f64 / 40.0);
        Carriage {
            travel: Metres::of(0.015 + 0.035 * pulled + 0.0002 * breathing),
            angle: Radians::ZERO,
        }
    };
    (0..TICKS).map(carriage).collect()
}

fn tick(criterion: &mut Criterion) {
    let patient = Patient {
        sex: None,
        age_years: 46.0,
        height: None,
        mass: Kilograms::of(71.0),
    };
    let course = course();
    for region in [Region::Lumbar, Region::Cervical] {
        let column =
            Lumped::new(&patient, region, &Support::level(true)).expect("a common patient");
        let name = format!("lumped/{}_1000_ticks", region.as_str());
        criterion.bench_function(&name, |bencher| {
            bencher.iter(|| {
                let (mut state, mut scratch) = (State::rest(&column), Scratch::new());
                for carriage in &course {
                    let force = impose(&column, &mut state, &mut scratch, *carriage, TICK);
                    black_box(force.expect("a common pull"));
                }
                state.applied()
            });
        });
    }
}

criterion_group! {
    name = lumped;
    config = Criterion::default().sample_size(20);
    targets = tick
}
criterion_main!(lumped);
