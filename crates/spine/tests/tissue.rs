//! Laws of a motion segment: tangents, order, passivity, direction.
#![expect(
    clippy::print_stdout,
    reason = "what was measured is read by people, under --nocapture"
)]

use crate::joints::{C4C5, cervical, man, middle, middle_of_neck, segment};
use proptest::prelude::*;
use si::Region;
use spine::chain::Space;
use spine::tissue::bench::SegmentTest;
use spine::tissue::segment::{Memory, Segment};
use spine::tissue::{PACKED, packed};

/// A segment that has been pulled and pressed before.
fn used(segment: &Segment<f64>, newtons: f64) -> Memory<f64> {
    let mut test = SegmentTest::new(*segment);
    test.hold([0.0, 0.0, newtons, 0.2, 0.4, -0.3], 400.0, 20)
        .expect("settles");
    *test.memory()
}

fn derivative_holds(segment: &Segment<f64>, memory: &Memory<f64>, d: [f64; 6], dt: f64) {
    let ahead = segment.ahead(memory, &segment.prepare(dt), 7.0);
    let loads = segment.wrench::<Space>(&d, memory, &ahead);
    let k: [f64; PACKED] = segment.tangent::<Space>(&d, &loads.kept, &ahead);
    for j in 0..6 {
        let h = if j < 3 { 1e-8 } else { 1e-7 };
        let at = |shift: f64| {
            let mut there = d;
            there[j] += shift;
            segment.wrench::<Space>(&there, memory, &ahead).wrench
        };
        let (less, more) = (at(-h), at(h));
        for i in 0..6 {
            let slope = (more[i] - less[i]) / (2.0 * h);
            let now = k[packed(i.max(j), i.min(j))];
            // Size of the row and column in their own units.
            let scale = libm::sqrt(k[packed(i, i)] * k[packed(j, j)]);
            assert!(
                (now - slope).abs() < 2e-5 * scale,
                "K[{i}][{j}] {now} against {slope} at {d:?}, {dt} s"
            );
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn the_tangent_of_a_segment_is_the_derivative_of_its_wrench(
        z in -2.0e-3_f64..3.0e-3,
        (x, y) in (-1e-3_f64..1e-3, -1e-3_f64..1e-3),
        (side, bend, twist) in (-0.1_f64..0.1, -0.1_f64..0.15, -0.08_f64..0.08),
        (before, step) in (-800.0_f64..400.0, -3.0_f64..3.0),
    ) {
        let dt = libm::pow(10.0, step);
        let draw = middle();
        let lumbar = segment(45.0, &draw);
        derivative_holds(&lumbar, &used(&lumbar, before), [x, y, z, side, bend, twist], dt);
        let neck = Segment::build(&cervical(), C4C5, Region::Cervical, &man(45.0), &middle_of_neck());
        derivative_holds(&neck, &used(&neck, before * 0.1), [x, y, 0.3 * z, side, bend, twist], dt);
    }

    #[test]
    fn more_opening_never_pulls_back_less(
        low in -3.0e-3_f64..3.0e-3,
        more in 1e-9_f64..1e-3,
        (before, step) in (-800.0_f64..400.0, -3.0_f64..4.0),
    ) {
        let segment = segment(45.0, &middle());
        let memory = used(&segment, before);
        let ahead = segment.ahead(&memory, &segment.prepare(libm::pow(10.0, step)), 0.0);
        let at = |z: f64| segment.wrench::<Space>(&[0.0, 0.0, z, 0.0, 0.0, 0.0], &memory, &ahead).wrench[2];
        prop_assert!(at(low + more) > at(low));
    }
}

#[test]
fn at_rest_nothing_pulls_and_nothing_moves() {
    let segment = segment(45.0, &middle());
    let rest = segment.rest();
    let ahead = segment.ahead(&rest, &segment.prepare(1.0), 0.0);
    let loads = segment.wrench::<Space>(&[0.0; 6], &rest, &ahead);
    assert!(loads.wrench.iter().all(|w| w.abs() < 1e-12));
    let mut test = SegmentTest::new(segment);
    test.hold([0.0; 6], 86_400.0, 24).expect("settles");
    assert!(test.deformation().iter().all(|x| x.abs() < 1e-12));
}

/// Opening after a smooth pull of `seconds`, which starts and ends gently.
fn pulled(segment: &Segment<f64>, peak: f64, seconds: f64, steps: usize) -> f64 {
    let mut test = SegmentTest::new(*segment).axial();
    let dt = seconds / steps as f64;
    for step in 1..=steps {
        let way = step as f64 / steps as f64;
        let force = peak * way * way * (3.0 - 2.0 * way);
        test.apply([0.0, 0.0, force, 0.0, 0.0, 0.0], dt)
            .expect("settles");
    }
    test.deformation()[2]
}

#[test]
fn a_step_half_as_long_is_four_times_as_exact() {
    let segment = segment(45.0, &middle());
    for (peak, seconds) in [(300.0, 600.0), (-900.0, 3600.0)] {
        let exact = pulled(&segment, peak, seconds, 4096);
        let miss = |steps| (pulled(&segment, peak, seconds, steps) - exact).abs();
        let (coarse, fine, finer) = (miss(32), miss(64), miss(128));
        let order = [libm::log2(coarse / fine), libm::log2(fine / finer)];
        println!("{peak} N: misses {coarse:e} {fine:e} {finer:e} m, order {order:?}");
        assert!(order.iter().all(|order| *order > 1.7), "{order:?}");
        assert!(finer < 1e-3 * exact.abs());
    }
}

#[test]
fn a_closed_cycle_costs_work() {
    let segment = segment(45.0, &middle());
    for (mean, swing, period) in [
        (100.0, 90.0, 80.0),
        (-500.0, 400.0, 3600.0),
        (0.0, 60.0, 10.0),
    ] {
        let mut test = SegmentTest::new(segment);
        let (steps, mut work, mut before) = (400, 0.0, [0.0; 6]);
        let mut last = [0.0; 6];
        for cycle in 0..6 {
            work = 0.0;
            for step in 1..=steps {
                let turn = 2.0 * core::f64::consts::PI * f64::from(step) / f64::from(steps);
                let wave = libm::sin(turn);
                let wrench = [
                    0.0,
                    5.0 * wave,
                    mean + swing * wave,
                    wave,
                    2.0 * wave,
                    -wave,
                ];
                test.apply(wrench, period / f64::from(steps))
                    .expect("settles");
                let d = test.deformation();
                for i in 0..6 {
                    work += 0.5 * (wrench[i] + last[i]) * (d[i] - before[i]);
                }
                (before, last) = (d, wrench);
            }
            assert!(
                cycle < 1 || work > 0.0,
                "{mean} {swing}: {work} J in cycle {cycle}"
            );
        }
        println!("{mean} ± {swing} N at {period} s: {work:e} J a cycle");
    }
}

#[test]
fn recovery_takes_longer_than_loading() {
    let segment = segment(45.0, &middle());
    let mut test = SegmentTest::new(segment).axial();
    let pull = [0.0, 0.0, 51.0, 0.0, 0.0, 0.0];
    test.hold(pull, 1200.0, 1200).expect("settles");
    let crept = test.report().fluid;
    test.hold([0.0; 6], 1200.0, 1200).expect("settles");
    let left = test.report().fluid / crept;
    println!("of the creep of 20 min, {left} is left after 20 min");
    assert!(left > 0.3 && left < 0.8);
}
