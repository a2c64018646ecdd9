//! Published rows that one segment by itself can answer. Run with --nocapture for the table.
#![expect(
    clippy::print_stdout,
    reason = "what was measured is read by people, under --nocapture"
)]

use crate::joints::{C4C5, L4L5, cervical, lumbar, man, middle, middle_of_neck, segment};
use si::Region;
use spine::tissue::bench::SegmentTest;
use spine::tissue::segment::Segment;
use spine::unknown::Unknown;

/// Moment, then degrees, MPa and lengths of the bars of four directions.
type Heuer = (f64, [f64; 4], [f64; 4], [[f64; 2]; 4]);

const HOUR: f64 = 3600.0;

fn along(newtons: f64) -> [f64; 6] {
    [0.0, 0.0, newtons, 0.0, 0.0, 0.0]
}

fn inside(row: &str, ours: f64, low: f64, high: f64) {
    println!("{row}: {ours:.4} in {low:.4} … {high:.4}");
    assert!(
        low <= ours && ours <= high,
        "{row}: {ours} outside {low}–{high}"
    );
}

#[test]
fn hanging_stretches_the_young_most_as_kurutz_saw() {
    let mut draw = middle();
    draw.0[Unknown::Relief as usize] = 0.0;
    let mut last = [f64::INFINITY; 2];
    for (age, initial, end, rows) in [
        (30.0, 0.8, 1.5, "A017 A018"),
        (50.0, 0.5, 1.2, "A019 A020"),
        (70.0, 0.2, 0.6, "A021 A022"),
    ] {
        for axial in [true, false] {
            let mut test = SegmentTest::new(segment(age, &draw));
            if axial {
                test = test.axial();
            }
            test.hold(along(51.0), 1.0, 100).expect("settles");
            let at_once = test.deformation()[2] * 1e3;
            test.hold(along(51.0), 1199.0, 1199).expect("settles");
            let crept = test.deformation()[2] * 1e3;
            println!(
                "{age} y axial {axial}: bend {:.3}",
                test.deformation()[4].to_degrees()
            );
            inside(rows, at_once, 0.6 * initial, 1.4 * initial);
            inside(rows, crept, 0.6 * end, 1.4 * end);
            if axial {
                assert!(at_once < last[0] && crept < last[1]);
                last = [at_once, crept];
            }
        }
    }
}

#[test]
fn a_cervical_segment_resists_tension_as_measured() {
    let segment = Segment::build(
        &cervical(),
        C4C5,
        Region::Cervical,
        &man(50.0),
        &middle_of_neck(),
    );
    for held in [true, false] {
        let at = |newtons: f64| {
            let mut test = SegmentTest::new(segment);
            if held {
                test = test.axial();
            }
            test.apply(along(newtons), 1.0).expect("settles");
            test.deformation()[2]
        };
        let stiffness = 100.0 / (at(200.0) - at(100.0)) * 1e-3;
        inside("B061, N/mm", stiffness, 0.75 * 356.0, 1.25 * 356.0);
    }
}

#[test]
fn moments_turn_the_disc_as_heuer_measured_and_raise_its_pressure() {
    // Flexion, extension, lateral, axial; degrees and MPa with the lengths of the bars.
    let rows: [Heuer; 4] = [
        (
            1.0,
            [4.95, 1.23, 2.27, 1.32],
            [0.06, 0.02, 0.03, 0.04],
            [[0.03, 0.06], [0.02, 0.07], [0.03, 0.07], [0.03, 0.06]],
        ),
        (
            2.5,
            [6.64, 5.15, 3.60, 2.70],
            [0.14, 0.09, 0.07, 0.08],
            [[0.06, 0.04], [0.08, 0.04], [0.06, 0.08], [0.04, 0.04]],
        ),
        (
            5.0,
            [8.38, 7.92, 5.08, 4.36],
            [0.25, 0.19, 0.11, 0.13],
            [[0.10, 0.04], [0.20, 0.04], [0.12, 0.11], [0.06, 0.02]],
        ),
        (
            7.5,
            [10.11, 10.28, 6.43, 5.73],
            [0.38, 0.30, 0.15, 0.19],
            [[0.16, 0.03], [0.33, 0.07], [0.17, 0.16], [0.09, 0.03]],
        ),
    ];
    let reference = lumbar(1.65e-3);
    let segment = Segment::build(&reference, L4L5, Region::Lumbar, &man(50.0), &middle());
    let (bending, nucleus) = (segment.bending, segment.nucleus);
    let directions = [(1, 1.0), (1, -1.0), (0, 1.0), (2, 1.0)];
    for (moment, turns, pressures, bars) in rows {
        for (which, (axis, sign)) in directions.into_iter().enumerate() {
            let turn = bending.turn(axis, sign * moment);
            let mut d = [0.0; 6];
            d[3 + axis] = turn;
            let moments = bending.moments::<spine::chain::Space>(&d);
            let rise = nucleus.pressure(0.0, 0.0, &moments)
                - nucleus.pressure(0.0, 0.0, &bending.moments::<spine::chain::Space>(&[0.0; 6]));
            let (turn, rise) = (turn.abs().to_degrees(), rise * 1e-6);
            let around = (0.25 * turns[which]).max(1.0);
            inside(
                "E001–E004, degrees",
                turn,
                turns[which] - around,
                turns[which] + around,
            );
            let [down, up] = bars[which];
            inside(
                "E005–E008, MPa",
                rise,
                pressures[which] - down,
                pressures[which] + up,
            );
        }
    }
}

#[test]
fn a_disc_creeps_and_recovers_as_oconnell_measured() {
    let joint = lumbar(1.65e-3);
    let disc = Segment::disc_alone(&joint, L4L5, Region::Lumbar, &man(45.0), &middle());
    let mut test = SegmentTest::new(disc).axial();
    test.hold(along(-1000.0), 10.0, 20).expect("settles");
    let at_once = test.deformation()[2];
    let load = |test: &mut SegmentTest, hours: f64| {
        test.hold(along(-1000.0), hours * HOUR, (hours * 360.0) as usize)
            .expect("settles");
        test.deformation()[2]
    };
    let one = load(&mut test, 1.0);
    let four = load(&mut test, 3.0);
    let memory = *test.memory();
    let mut forever = test;
    let equilibrium = load(&mut forever, 20.0);
    println!(
        "1000 N: {at_once} at once, {one} at 1 h, {four} at 4 h, {equilibrium} at 24 h; {:?}",
        forever.memory().fluid.height
    );
    let [fast, nucleus, annulus] = forever.memory().fluid.height;
    println!("fastest {}", fast / equilibrium);
    inside(
        "C039 fast share, %",
        100.0 * (nucleus + fast) / equilibrium,
        10.0,
        15.0,
    );
    inside(
        "C039 slow share, %",
        100.0 * annulus / equilibrium,
        40.0,
        70.0,
    );
    inside(
        "C040 share reached in 4 h, %",
        100.0 * four / equilibrium,
        80.0,
        100.0,
    );
    inside("B026 at once, mm", -1e3 * at_once, 0.9 - 0.24, 0.9 + 0.24);
    let mut previous = memory.d[2];
    for hour in 1..=24_u32 {
        test.hold([0.0; 6], HOUR, 360).expect("settles");
        previous = test.deformation()[2];
        if hour % 4 == 0 {
            println!("{hour} h of recovery: {:.3} mm", previous * 1e3);
        }
        let lacking = 100.0 * previous / four;
        if hour == 8 {
            inside(
                "C037 lacking after 8 h, % of the displacement",
                lacking,
                5.0,
                50.0,
            );
        }
    }
    let lacking = 100.0 * previous / four;
    inside(
        "C037 lacking after 24 h, % of the displacement",
        lacking,
        0.0,
        5.0,
    );
}

#[test]
fn a_day_upright_costs_the_published_height() {
    let mut test = SegmentTest::new(segment(45.0, &middle())).axial();
    // Standing 500 N (B003 by area) for 16 h, lying 50 N for 8 h, until days are alike.
    let mut evening = 0.0;
    for _ in 0..4 {
        test.hold(along(-450.0), 16.0 * HOUR, 960).expect("settles");
        let mut down = test;
        down.hold([0.0; 6], 0.25 * HOUR, 60).expect("settles");
        evening = down.deformation()[2];
        test.hold([0.0; 6], 8.0 * HOUR, 480).expect("settles");
    }
    let lost = test.deformation()[2] - evening;
    inside(
        "diurnal loss of height (B092), mm",
        1e3 * lost,
        0.675,
        1.125,
    );
}

#[test]
fn prone_pressure_and_the_pull_that_nulls_it_are_those_of_wilkes_subject() {
    let subject = Segment::build(&lumbar(1.8e-3), L4L5, Region::Lumbar, &man(45.0), &middle());
    let mut test = SegmentTest::new(subject).axial();
    inside("B001, MPa", test.pressure() * 1e-6, 0.08, 0.12);
    let mut null = 0.0;
    while test.pressure() > 0.0 && null < 400.0 {
        null += 1.0;
        test.apply(along(null), 0.1).expect("settles");
    }
    println!(
        "pull that nulls: {null} N, disc change {}",
        test.report().disc_change
    );
    inside(
        "A012, N net change of the disc",
        test.report().disc_change,
        96.0,
        173.0,
    );
    test.apply(along(500.0), 0.1).expect("settles");
    assert!(test.pressure() < 0.0 && test.pressure() > -100e3);
    let mut standing = SegmentTest::new(subject).axial();
    standing.hold(along(-500.0), 10.0, 10).expect("settles");
    inside("B003 standing, MPa", standing.pressure() * 1e-6, 0.4, 0.6);
}

#[test]
fn preload_stiffens_the_disc() {
    let segment = segment(60.0, &middle());
    let stiffness = |preload: f64| {
        // Load beyond that at rest.
        let n = -(preload - 50.0);
        let h = 0.35e-3;
        let z = segment.disc.stretch(n);
        let at = |z: f64| segment.disc.stepped(&[0.0; 3]).solve(z).force;
        (at(z + h) - at(z - h)) / (2.0 * h) * 1e-3
    };
    let (none, half, full) = (stiffness(0.0), stiffness(250.0), stiffness(500.0));
    println!(
        "B057/B059: {none:.0} {half:.0} {full:.0} N/mm; ratios {:.2} {:.2}, 500/250 {:.2}",
        half / none,
        full / none,
        full / half
    );
    assert!(full > half && half > 1.71 * none);
}
