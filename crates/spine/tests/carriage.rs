//! The simulated patient: the carriage moves, the load cells see a force.

use crate::common::{Bench, column, patient};
use proptest::prelude::*;
use si::{Metres, Radians, Region, Seconds};
use spine::lumped::{Carriage, Lumped, Parameters, Support, impose};

impl Bench {
    /// Moves the carriage to `mm` in `dt` and reads the load cells, N.
    fn carriage(&mut self, mm: f64, dt: f64) -> f64 {
        let carriage = Carriage {
            travel: Metres::from_mm(mm).unwrap(),
            angle: Radians::ZERO,
        };
        let dt = Seconds::of(dt);
        impose(
            &self.column,
            &mut self.state,
            &mut self.scratch,
            carriage,
            dt,
        )
        .unwrap()
        .get()
    }
}

#[test]
fn slack_pulls_nothing_and_then_the_harness_catches() {
    let mut bench = Bench::new(column(46.0, Region::Lumbar));
    assert_eq!(bench.carriage(0.0, 0.01), 0.0);
    assert_eq!(bench.carriage(10.0, 0.01), 0.0);
    assert!(bench.carriage(11.0, 0.01) > 0.0);
}

#[test]
fn centimetres_of_travel_make_a_treatments_force() {
    let mut bench = Bench::new(column(46.0, Region::Lumbar));
    let at_40 = bench.carriage(40.0, 1.0);
    let at_60 = bench.carriage(60.0, 1.0);
    assert!((80.0..300.0).contains(&at_40), "{at_40}");
    assert!((200.0..800.0).contains(&at_60), "{at_60}");
}

#[test]
fn a_carriage_that_stands_still_sees_the_force_sag() {
    let mut bench = Bench::new(column(46.0, Region::Lumbar));
    let mut before = bench.carriage(45.0, 0.01);
    let first = before;
    for _ in 0..600 {
        let force = bench.carriage(45.0, 1.0);
        assert!(force <= before + 1e-6);
        before = force;
    }
    assert!(
        (0.5..0.95).contains(&(before / first)),
        "{}",
        before / first
    );
}

#[test]
fn the_travel_that_holds_a_force_gives_that_force_back() {
    let mut pulled = Bench::new(column(46.0, Region::Lumbar));
    let mut driven = Bench::new(column(46.0, Region::Lumbar));
    for tick in 0..3000 {
        let force = f64::from(tick.min(1500)) * 0.15;
        pulled.pull(force, 0.01);
        let travel = pulled.state.travel(&pulled.column).mm();
        let seen = driven.carriage(travel, 0.01);
        assert!((seen - force).abs() < 1e-5, "tick {tick}: {seen} {force}");
    }
}

#[test]
fn letting_the_carriage_back_leaves_a_slack_harness() {
    let mut bench = Bench::new(column(46.0, Region::Cervical));
    bench.carriage(25.0, 1.0);
    assert!(bench.carriage(25.0, 600.0) > 10.0);
    assert_eq!(bench.carriage(9.0, 0.01), 0.0);
    assert!(
        bench.state.elongation().get() > 0.0,
        "creep is still going back"
    );
}

#[test]
fn a_friction_threshold_on_an_unsplit_table_does_not_upset_the_force() {
    let column = Lumped::new(&patient(46.0), Region::Lumbar, &Support::level(false)).unwrap();
    let mut bench = Bench::new(column);
    let mut before = 0.0;
    for tick in 0..6000 {
        let force = bench.carriage(f64::from(tick) * 0.01, 0.01);
        assert!(
            force >= before - 1e-6 && force - before < 1.5,
            "tick {tick}"
        );
        before = force;
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn further_travel_never_gives_less_force(
        path in proptest::collection::vec((0.0..70.0_f64, 1e-3..5.0_f64), 1..20),
        extra in 0.0..10.0_f64,
        seed: u64,
    ) {
        let drawn = column(46.0, Region::Lumbar)
            .with_parameters(&Parameters::drawn(Region::Lumbar, seed))
            .unwrap();
        let mut bench = Bench::new(drawn);
        for (mm, dt) in path {
            let mut other = Bench {
                column: bench.column.clone(),
                state: bench.state,
                scratch: bench.scratch,
            };
            let further = other.carriage(mm + extra, dt);
            let force = bench.carriage(mm, dt);
            prop_assert!(force >= 0.0 && further >= force - 1e-6, "{force} {further}");
            let met = bench.state.travel(&bench.column).mm();
            prop_assert!(force <= 0.0 || (met - mm).abs() < 1e-6, "{met} {mm}");
        }
    }
}
