//! What the column costs: a predicted session, of one spine and of an ensemble on one
//! core, and a tick of the patient on a simulated table.
//!
//! The session is fifteen cycles of a minute's pull and 20 s of rest in 20 minutes,
//! each change a ramp of 10 s inside them, told at 120 instants after the start. A
//! prediction includes the refinement of its grid. That it lies within 1 % of a run
//! at 1 ms is measured by `examples/ensemble.rs`.
//!
//! Times are of the processor, not of the wall, so that other work on the machine
//! does not count.

use criterion::{Criterion, criterion_group, criterion_main};
use session::{SETTING, Session, subject};
use si::{Metres, Radians, Region, Seconds};
use spine::column::{Column, Instants, Scratch, State, impose, predict};
use spine::unknown::Belief;
use spine::world::{Carriage, Pull};
use std::hint::black_box;
use std::time::{Duration, Instant};

#[path = "../examples/session/mod.rs"]
mod session;

/// Ticks of one iteration: ten seconds of a session.
const TICKS: usize = 1_000;
/// The session's tick.
const TICK: Seconds = Seconds::of(0.01);

/// Processor time of `iterations` calls; wall time where the system tells none.
fn spent(iterations: u64, mut work: impl FnMut()) -> Duration {
    let told = || std::fs::read_to_string("/proc/thread-self/schedstat").ok();
    let nanoseconds = || -> Option<u64> { told()?.split(' ').next()?.parse().ok() };
    let (before, start) = (nanoseconds(), Instant::now());
    for _ in 0..iterations {
        work();
    }
    match (before, nanoseconds()) {
        (Some(before), Some(after)) => Duration::from_nanos(after - before),
        _ => start.elapsed(),
    }
}

fn predicted(criterion: &mut Criterion) {
    let (subject, belief) = (subject(), Belief::prior(Region::Lumbar));
    let pull: (&dyn Pull, Seconds) = (&Session, Seconds::of(1200.0));
    let told = Instants::At((1..=120).map(|index| 10.0 * f64::from(index)).collect());
    for (name, members) in [("one_spine", 1), ("200_members", 200)] {
        criterion.bench_function(&format!("column/{name}"), |bencher| {
            bencher.iter_custom(|iterations| {
                spent(iterations, || {
                    let told = predict(&subject, &SETTING, pull, &told, (&belief, members));
                    black_box(told.expect("a common pull").held);
                })
            });
        });
    }
}

fn tick(criterion: &mut Criterion) {
    let (subject, belief) = (subject(), Belief::prior(Region::Lumbar));
    let column = Column::new(&subject, &SETTING, &belief.member(0)).expect("the median spine");
    let carriage = |tick: usize| {
        let (pulled, breathing) = ((tick as f64 / 500.0).min(1.0), (tick % 40) as f64 / 40.0);
        Carriage {
            travel: Metres::of(0.015 + 0.035 * pulled + 0.0002 * breathing),
            angle: Radians::ZERO,
        }
    };
    let course: Vec<Carriage> = (0..TICKS).map(carriage).collect();
    criterion.bench_function("column/patient_1000_ticks", |bencher| {
        bencher.iter_custom(|iterations| {
            spent(iterations, || {
                let (mut state, mut scratch) = (State::rest(&column), Scratch::new(&column));
                for carriage in &course {
                    let force = impose(&column, &mut state, &mut scratch, *carriage, TICK);
                    black_box(force.expect("a common pull"));
                }
            })
        });
    });
}

criterion_group! {
    name = column;
    config = Criterion::default().sample_size(10);
    targets = tick, predicted
}
criterion_main!(column);
