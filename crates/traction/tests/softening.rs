//! A harness is three times softer in its toe than above it, and readings that come again
//! as fresh ones hide how the patient goes on (the campaign's seed 781,383). What is judged
//! is the true fall of force in a release, as a share of the region's fastest.

use crate::plant::{Bench, Plant, grant_of, limits, spec};
use si::Region;
use traction::input::{Command, Input};
use traction::numbers::Numbers;
use traction::{LimitsSpec, Mode};

/// A reading stands until the thirteenth tick, then the next one does.
#[derive(Default)]
struct Standing {
    tick: u32,
    last: Option<Input>,
}

impl Standing {
    /// What is read now, and what stood.
    fn of(&mut self, input: &Input) -> Input {
        let stands = self.last.filter(|_| !self.tick.is_multiple_of(13));
        let last = stands.unwrap_or(*input);
        self.tick += 1;
        self.last = Some(last);
        last
    }

    fn encoder(&mut self, input: &mut Input) {
        input.travel = self.of(input).travel;
    }

    fn everything(&mut self, input: &mut Input) {
        let stood = self.of(input);
        input.force_a = stood.force_a;
        input.force_b = stood.force_b;
        input.motor_force = stood.motor_force;
        input.travel = stood.travel;
    }
}

/// A patient who is pulled beyond the toe; from there on `bend` changes what is read.
fn pulled(region: Region, stiffness: f64, mut bend: impl FnMut(&mut Input)) -> Bench {
    let profile = spec(region, Mode::Static);
    let exact = LimitsSpec {
        ceiling: profile.force,
        ..limits(region, 3)
    };
    let mut bench = Bench::new(&grant_of(profile, exact), Plant::new(stiffness, 31));
    bench.start();
    bench.until(60.0, |o| o.target.get() > 38.0);
    for _ in 0..1_500 {
        bench.tick(&mut bend);
    }
    let output = bench.last.expect("ran");
    assert_eq!(output.cause, None, "{output:?}");
    assert!(bench.plant.force() > 70.0, "{output:?}");
    bench
}

/// Stops, while every reading stands; the fastest fall over 100 ms, as a share of the
/// region's fastest release.
fn fall(region: Region, mut bench: Bench) -> f64 {
    let most = Numbers::of(region).release_most.get();
    let mut standing = Standing::default();
    bench.command(Command::Stop);
    bench.fastest_fall(300, |i| standing.everything(i)) / most
}

/// hazard: H17
#[test]
fn an_encoder_that_stands_and_goes_on_teaches_how_stiff_the_patient_is() {
    for region in Region::ALL {
        for stiffness in [6_000.0, 9_000.0, 15_000.0, 22_000.0] {
            let mut standing = Standing::default();
            let bench = pulled(region, stiffness, |i| standing.encoder(i));
            let share = fall(region, bench);
            assert!(share < 1.0, "{region} {stiffness} N/m: {share}");
        }
    }
}

/// The encoder jitters by a tenth of a millimetre: nothing is learnt by it.
/// hazard: H9
#[test]
fn a_release_goes_by_no_stiffness_learnt_at_far_less_force() {
    for region in Region::ALL {
        for stiffness in [9_000.0, 15_000.0, 22_000.0] {
            let mut to = 0.1e-3;
            let bench = pulled(region, stiffness, |i| {
                to = -to;
                if let Some(travel) = &mut i.travel {
                    travel.value += to;
                }
            });
            let share = fall(region, bench);
            assert!(share < 1.25, "{region} {stiffness} N/m: {share}");
        }
    }
}
