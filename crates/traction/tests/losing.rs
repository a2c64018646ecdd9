//! Force that is lost slowly, and force that a patient takes back.

use crate::faults::at_hold;
use crate::plant::{Bench, Plant, grant_of, limits, lumbar, spec};
use si::{Newtons, Region};
use traction::cause::Cause;
use traction::supervisor::Stage;
use traction::{LimitsSpec, Mode};

/// hazard: H8
#[test]
fn a_harness_that_slips_faster_than_it_is_pulled_after_is_never_pulled_tight_again() {
    for slip in [0.02, 0.03, 0.05] {
        let mut bench = at_hold(lumbar());
        for _ in 0..200 {
            bench.plant.slack += slip / 200.0;
            bench.tick(|_| {});
        }
        bench.run(5.0);
        let output = bench.last.expect("ran");
        let latch = output.state.latch.map(|latch| latch.cause);
        assert_eq!(latch, Some(Cause::ForceLost), "{slip} m: {output:?}");
        assert!(bench.plant.force() < 20.0, "{slip} m");
    }
}

/// hazard: H7
#[test]
fn a_strong_cough_that_was_yielded_to_is_no_loss_of_force() {
    let wide = LimitsSpec {
        ceiling: Newtons::of(450.0),
        ..limits(Region::Lumbar, 3)
    };
    let grant = grant_of(spec(Region::Lumbar, Mode::Intermittent), wide);
    let mut bench = at_hold(Bench::new(&grant, Plant::new(12_000.0, 1)));
    bench.run(20.0);
    // He tightens in half a second, holds for one, and lets go as slowly.
    for tick in 0..200_u32 {
        let share = tick.min(200 - tick).min(50);
        bench.plant.muscle = 3.6 * f64::from(share);
        bench.tick(|_| {});
    }
    let output = bench.run(6.0);
    assert_eq!(output.state.latch, None, "{output:?}");
    assert_eq!(output.state.stage, Stage::Running);
}
