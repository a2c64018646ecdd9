//! Laws that hold whatever the numbers: order, rest, passivity.

use crate::common::{Bench, column, hanging};
use proptest::prelude::*;
use si::{Region, Seconds};
use spine::lumped::{Lumped, Parameters, Steady, predict};

fn regions() -> impl Strategy<Value = Region> {
    prop_oneof![Just(Region::Lumbar), Just(Region::Cervical)]
}

/// Pairs of a pull, something more, and how long: a history and one above it.
fn histories() -> impl Strategy<Value = Vec<(f64, f64, f64)>> {
    let instant = (0.0..200.0_f64, 0.0..50.0_f64, 1e-3..120.0_f64);
    proptest::collection::vec(instant, 1..25)
}

#[test]
fn no_pull_opens_nothing() {
    for region in Region::ALL {
        let mut bench = Bench::new(column(46.0, region));
        for _ in 0..100 {
            bench.pull(0.0, 10.0);
        }
        assert!(bench.openings().iter().all(|opening| *opening == 0.0));
        let pull = Steady {
            tension: si::Newtons::ZERO,
            angle: si::Radians::ZERO,
        };
        let told = predict(&bench.column, &pull, Seconds::of(600.0)).unwrap();
        for level in &told.levels {
            assert_eq!(level.opening_raw.high().get(), 0.0);
            assert_eq!(level.share_of_force, 0.0);
        }
    }
}

#[test]
fn a_spine_let_go_comes_back_and_stays() {
    let mut bench = Bench::new(column(46.0, Region::Lumbar));
    bench.pull(300.0, 1.0);
    bench.pull(300.0, 1200.0);
    let pulled = bench.openings();
    bench.pull(0.0, 1.0);
    let let_go = bench.openings();
    bench.pull(0.0, 3600.0);
    let hour = bench.openings();
    for level in 0..pulled.len() {
        assert!(pulled[level] > let_go[level] && let_go[level] > hour[level]);
        assert!(
            hour[level] < 0.25 * pulled[level],
            "an hour later little is left"
        );
    }
    for _ in 0..24 {
        bench.pull(0.0, 3600.0);
    }
    assert!(
        bench
            .openings()
            .iter()
            .all(|opening| (0.0..1e-6).contains(opening))
    );
}

#[test]
fn a_cycle_of_pull_gives_no_energy_back() {
    let mut bench = Bench::new(hanging(40.0, Region::Lumbar, |_| {}));
    let (mut work, mut before) = (0.0, (0.0, 0.0));
    for tick in 0..24_000 {
        let force = 150.0 * (1.0 - libm::cos(f64::from(tick) * 0.005));
        bench.pull(force, 0.1);
        let now = (force, bench.state.elongation().get());
        work += 0.5 * (before.0 + now.0) * (now.1 - before.1);
        before = now;
    }
    assert!(work > 0.0, "{work} J");
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn more_pull_at_every_instant_never_opens_less(
        history in histories(),
        region in regions(),
        seed: u64,
    ) {
        let drawn = column(46.0, region)
            .with_parameters(&Parameters::drawn(region, seed))
            .unwrap();
        let (mut less, mut more) = (Bench::new(drawn.clone()), Bench::new(drawn));
        for (force, extra, dt) in history {
            less.pull(force, dt);
            more.pull(force + extra, dt);
            for (small, large) in less.openings().iter().zip(more.openings()) {
                prop_assert!(large >= small - 1e-12, "{small} {large}");
                prop_assert!(*small >= 0.0);
            }
        }
    }

    #[test]
    fn any_person_that_can_be_drawn_makes_a_column(seed: u64, age in 10.0..110.0_f64) {
        for region in Region::ALL {
            let parameters = Parameters::drawn(region, seed);
            let built = Lumped::with(
                &crate::common::patient(age),
                region,
                &crate::common::split(),
                &parameters,
            );
            let mut bench = Bench::new(built.unwrap());
            bench.pull(100.0, 60.0);
            prop_assert!(bench.openings().iter().all(|opening| *opening > 0.0));
        }
    }
}
