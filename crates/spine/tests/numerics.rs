//! Closed forms, step length, same bits.

use crate::common::{Bench, Intermittent, close, column, hanging};
use si::{Region, Seconds};
use spine::lumped::{Parameters, Pull};

/// One Kelvin term alone: 356 N/mm, all creep fast, ratio 1.4 at 20 min, no toe.
fn kelvin(parameters: &mut Parameters) {
    parameters.toe = 0.0;
    parameters.fast_share = 1.0;
    parameters.fast_time = 300.0;
    parameters.creep = 0.4;
    parameters.recovery = 3.0;
}

#[test]
fn a_steady_pull_creeps_as_a_kelvin_body_does() {
    for dt in [0.01, 1.0, 30.0] {
        let mut bench = Bench::new(hanging(45.0, Region::Cervical, kelvin));
        bench.pull(50.0, 1e-6);
        let spring = 50.0 / 356.0;
        for _ in 0..libm::round(600.0 / dt) as usize {
            bench.pull(50.0, dt);
        }
        let crept = 0.4 * spring * libm::expm1(-600.0 / 300.0) / libm::expm1(-1200.0 / 300.0);
        assert!(close(bench.opening(3), spring + crept, 1e-6), "dt {dt}");
    }
}

#[test]
fn recovery_takes_as_many_times_longer_as_it_is_told() {
    let mut bench = Bench::new(hanging(45.0, Region::Cervical, kelvin));
    bench.pull(50.0, 1e-6);
    bench.pull(50.0, 600.0);
    bench.pull(0.0, 1e-6);
    let left = bench.opening(3);
    bench.pull(0.0, 900.0);
    assert!(close(bench.opening(3), left * libm::exp(-1.0), 1e-6));
}

/// Openings of a level-bed session at steps of `dt`, read every 20 s.
fn session(dt: f64) -> Vec<f64> {
    let pull = Intermittent::session(250.0);
    let mut bench = Bench::new(column(46.0, Region::Lumbar));
    bench.pull(pull.tension(Seconds::ZERO).get(), 1e-6);
    let steps = libm::round(1200.0 / dt) as usize;
    let mut read = Vec::new();
    for step in 1..=steps {
        // The grid's last instant lies just inside the session.
        let t = (step as f64 * dt).min(1199.999);
        bench.pull(pull.tension(Seconds::of(t)).get(), dt);
        if step % libm::round(20.0 / dt) as usize == 0 {
            read.extend(bench.openings());
        }
    }
    read
}

#[test]
fn a_session_does_not_depend_on_the_step_from_a_millisecond_to_a_second() {
    let fine = session(0.001);
    for dt in [0.01, 0.1, 1.0] {
        let coarse = session(dt);
        assert_eq!(coarse.len(), fine.len());
        for (one, other) in coarse.iter().zip(&fine) {
            assert!(close(*one, *other, 1e-3), "dt {dt}: {one} {other}");
        }
    }
}

#[test]
fn halving_the_step_divides_the_error_by_four_while_creep_keeps_its_direction() {
    let crept = |dt: f64| {
        let mut bench = Bench::new(hanging(45.0, Region::Cervical, kelvin));
        for step in 1..=libm::round(480.0 / dt) as usize {
            let turn = core::f64::consts::PI * step as f64 * dt / 480.0;
            bench.pull(100.0 * (1.0 - libm::cos(turn)), dt);
        }
        bench.state.levels()[3].crept().mm()
    };
    let error = |dt: f64| (crept(dt) - crept(0.02)).abs();
    for dt in [24.0, 12.0, 6.0] {
        let order = libm::log2(error(dt) / error(0.5 * dt));
        assert!(
            (1.9..2.1).contains(&order),
            "observed order {order} at {dt} s"
        );
    }
}

#[test]
fn a_fresh_scratch_gives_the_same_bits_as_a_kept_one() {
    let (mut kept, mut fresh) = (
        Bench::new(column(46.0, Region::Lumbar)),
        Bench::new(column(46.0, Region::Lumbar)),
    );
    for step in 0..500 {
        let (force, dt) = (f64::from(step % 90), if step % 7 == 0 { 0.5 } else { 0.01 });
        fresh.scratch = spine::lumped::Scratch::new();
        kept.pull(force, dt);
        fresh.pull(force, dt);
        assert_eq!(kept.state, fresh.state);
    }
}

#[test]
fn a_scratch_that_served_another_column_is_not_believed() {
    let mut neck = Bench::new(column(46.0, Region::Cervical));
    neck.pull(40.0, 0.5);
    let drawn = column(46.0, Region::Lumbar)
        .with_parameters(&Parameters::drawn(Region::Lumbar, 7))
        .unwrap();
    let (mut borrowed, mut fresh) = (Bench::new(drawn.clone()), Bench::new(drawn));
    borrowed.scratch = neck.scratch;
    for _ in 0..10 {
        borrowed.pull(150.0, 0.5);
        fresh.pull(150.0, 0.5);
    }
    assert_eq!(borrowed.state, fresh.state);
}

#[test]
fn a_day_in_short_steps_does_not_drift_from_a_day_in_hours() {
    let mut bench = Bench::new(column(46.0, Region::Lumbar));
    bench.pull(200.0, 1e-6);
    for _ in 0..8_640_000 / 20 {
        bench.pull(200.0, 0.2);
    }
    let stepped = bench.openings();
    let mut once = Bench::new(column(46.0, Region::Lumbar));
    once.pull(200.0, 1e-6);
    for _ in 0..24 {
        once.pull(200.0, 3600.0);
    }
    for (one, other) in stepped.iter().zip(once.openings()) {
        assert!(close(*one, other, 1e-9), "{one} {other}");
    }
}
