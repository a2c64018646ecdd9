//! How long a simulated session takes: the twenty minutes of the figures, black box included.

use criterion::{Criterion, criterion_group, criterion_main};
use ed25519_dalek::SigningKey;
use si::{Metres, Newtons, NewtonsPerSecond, Region, Seconds};
use std::hint::black_box;
use table::SignedGrant;
use table::blackbox::Contents;
use table::replay::frames;
use table::runner::{Start, run};
use table::simulated::{Options, Script, SimulatedTable};
use traction::grant::Grant;
use traction::input::Input;
use traction::session::Session;
use traction::{ComfortLimits, Limits, LimitsSpec, Mode, Profile, ProfileSpec, Shape, Ticks};

/// Fourteen pulls of a minute, twenty minutes in all.
fn profile() -> Profile {
    Profile::new(ProfileSpec {
        mode: Mode::Intermittent,
        force: Newtons::of(300.0),
        base: Newtons::of(80.0),
        ramp: NewtonsPerSecond::of(20.0),
        release: NewtonsPerSecond::of(20.0),
        hold: Seconds::of(55.0),
        rest: Seconds::of(9.0),
        cycles: 14,
        shape: Shape::NONE,
    })
    .expect("a plain profile")
}

fn grant() -> Grant {
    let limits = Limits::new(LimitsSpec {
        region: Region::Lumbar,
        ceiling: Newtons::of(320.0),
        rate_up: NewtonsPerSecond::of(20.0),
        rate_down: NewtonsPerSecond::of(20.0),
        total_time: Ticks::from_secs(1_800),
        travel: Metres::of(0.1),
        resume_factor: 0.75,
        comfort: ComfortLimits::from_arrival(3).expect("3 is a score"),
        guarding_step: traction::limits::standard_guarding(Region::Lumbar),
    });
    Grant {
        plan_hash: [1; 32],
        session: [2; 16],
        table: [7; 16],
        pseudonym: [3; 16],
        not_before_ms: 0,
        expires_ms: 3_600_000,
        nonce: [4; 16],
        profile: profile(),
        limits: limits.expect("limits within the compiled ones"),
        simulated_only: true,
    }
}

fn twenty_minutes(criterion: &mut Criterion) {
    let signed = SignedGrant::sign(&grant(), &SigningKey::from_bytes(&[42; 32]));
    let start = Start { at_ms: 0, seed: 1 };
    let bodies = [
        ("session_20_min", Options::lumped([7; 16], 1)),
        ("session_20_min_whole", Options::new([7; 16], 1)),
    ];
    for (name, options) in bodies {
        let mut table = SimulatedTable::new(options).expect("the default patient");
        criterion.bench_function(name, |bencher| {
            bencher.iter(|| {
                let recording = run(&signed, &mut table, Script::routine(), start).expect("armed");
                assert!(recording.summary.completed && recording.summary.duration_s > 1_190.0);
                black_box(recording.bytes.len())
            });
        });
    }
}

/// Controller and guard alone: the inputs of that session stepped again.
fn ticks(criterion: &mut Criterion) {
    let signed = SignedGrant::sign(&grant(), &SigningKey::from_bytes(&[42; 32]));
    let start = Start { at_ms: 0, seed: 1 };
    let mut table = SimulatedTable::new(Options::lumped([7; 16], 1)).expect("the default patient");
    let recording = run(&signed, &mut table, Script::routine(), start).expect("armed");
    let contents = Contents::read(&recording.bytes).expect("its own recording");
    let inputs: Vec<Input> = frames(&contents)
        .expect("its own frames")
        .iter()
        .map(|frame| frame.input)
        .collect();
    assert!(inputs.len() > TICKS, "only {} ticks", inputs.len());
    let armed = Session::arm(&grant(), &contents.header.setup).expect("armed");
    criterion.bench_function("session_119000_ticks", |bencher| {
        bencher.iter(|| {
            let mut session = armed;
            for input in inputs.iter().take(TICKS) {
                black_box(session.step(black_box(input)));
            }
        });
    });
}

/// Ticks of those twenty minutes that are stepped.
const TICKS: usize = 119_000;

criterion_group! {
    name = session;
    config = Criterion::default().sample_size(10);
    targets = twenty_minutes, ticks
}
criterion_main!(session);
