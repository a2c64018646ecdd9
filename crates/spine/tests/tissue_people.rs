//! Segments of many people at all levels: nothing breaks, and outputs go the known way.

use crate::joints::{L4L5, lumbar, man, middle, segment};
use si::Region;
use spine::anatomy::{Anatomy, Joint, Measured, Posture};
use spine::chain::Space;
use spine::lumped::Position;
use spine::tissue::bench::SegmentTest;
use spine::tissue::segment::Segment;
use spine::tissue::{PACKED, packed};
use spine::unknown::Belief;

/// L D Lᵀ without square roots: all of D positive.
fn positive_definite(k: &[f64; PACKED]) -> bool {
    let mut l = [[0.0; 6]; 6];
    let mut diagonal = [0.0; 6];
    for i in 0..6 {
        for j in 0..=i {
            let mut rest = k[packed(i, j)];
            for m in 0..j {
                rest -= l[i][m] * l[j][m] * diagonal[m];
            }
            if i == j {
                diagonal[i] = rest;
            } else {
                l[i][j] = rest / diagonal[j];
            }
        }
    }
    diagonal.iter().all(|d| *d > 0.0)
}

#[test]
fn every_level_of_every_person_holds_a_pull_and_a_press() {
    for (region, peak) in [(Region::Lumbar, 900.0), (Region::Cervical, 250.0)] {
        let belief = Belief::prior(region);
        for member in 0..48 {
            let draw = belief.member(member);
            let age = 20.0 + f64::from(member * 37 % 60);
            let person = man(age);
            let posture = Posture::neutral(Position::Supine);
            let anatomy = Anatomy::of(&person, &posture, &Measured::default()).expect("a spine");
            for (at, joint) in anatomy.joints.iter().enumerate() {
                let grade = 1 + (member as u8 + at as u8) % 5;
                let joint = Joint { grade, ..*joint };
                let segment = Segment::build(&joint, at, region, &person, &draw);
                for newtons in [peak, -peak, 0.3 * peak] {
                    let mut test = SegmentTest::new(segment);
                    for (share, dt) in [(0.2, 1e-3), (0.6, 0.5), (1.0, 30.0), (0.1, 600.0)] {
                        test.apply([1.0, -1.0, share * newtons, 0.1, 0.2, -0.1], dt)
                            .unwrap_or_else(|e| {
                                panic!("{region:?} member {member} joint {at} {newtons} N: {e:?}")
                            });
                        let (d, memory) = (test.deformation(), test.memory());
                        let ahead = segment.ahead(memory, &segment.prepare(1.0), 0.0);
                        let loads = segment.wrench::<Space>(&d, memory, &ahead);
                        let k = segment.tangent::<Space>(&d, &loads.kept, &ahead);
                        assert!(positive_definite(&k), "joint {at}: {k:?}");
                        let report = test.report();
                        assert!(report.pressure.is_finite() && report.pressure > -100e3);
                        assert!(report.shape.foramen_area.is_finite());
                        assert!(report.shape.separation.abs() < 0.012, "joint {at}: {d:?}");
                    }
                }
            }
        }
    }
}

#[test]
fn a_pull_opens_foramen_and_canal_and_draws_the_bulge_in() {
    let mut test = SegmentTest::new(segment(45.0, &middle()));
    test.hold([0.0, 0.0, 300.0, 0.0, 0.0, 0.0], 60.0, 60)
        .expect("settles");
    let report = test.report();
    let shape = report.shape;
    // A048–A050: signs.
    assert!(shape.separation > 0.0 && shape.bulge < 0.0 && shape.canal > 0.0);
    assert!(shape.foramen_height > 0.0 && shape.foramen_area > 0.0);
    assert!(report.pressure_change < 0.0 && report.facet_change >= 0.0);
    assert!(shape.annulus_strain > 0.0 && shape.annulus_strain < 1.0);
    let carried =
        report.disc_change + report.ligament_change + report.facet_change + report.muscle_change;
    // Nothing else carries the pull but what little creep drags.
    assert!((carried - 300.0).abs() < 1.0, "{carried}");
}

#[test]
fn flexion_opens_the_back_and_extension_the_front() {
    let at = |moment: f64| {
        let mut test = SegmentTest::new(segment(45.0, &middle()));
        test.apply([0.0, 0.0, 100.0, 0.0, moment, 0.0], 1.0)
            .expect("settles");
        test.report().shape
    };
    let (forwards, backwards) = (at(4.0), at(-4.0));
    assert!(forwards.posterior > forwards.anterior && forwards.rotation[1] > 0.0);
    assert!(backwards.posterior < backwards.anterior);
    assert!(forwards.foramen_area > backwards.foramen_area);
}

#[test]
fn pressure_falls_with_a_pull_when_relaxed_and_rises_when_the_patient_resists() {
    let pressure = |pull: f64, guard: f64| {
        let mut test = SegmentTest::new(segment(45.0, &middle()));
        test.guard(guard);
        test.apply([0.0, 0.0, pull, 0.0, 0.0, 0.0], 10.0)
            .expect("settles");
        test.report().pressure_change
    };
    assert!(pressure(200.0, 0.0) < 0.0);
    assert!(pressure(200.0, 500.0) > 0.0);
}

#[test]
fn worn_discs_stretch_less_exchange_less_and_press_less() {
    let of = |grade: u8| {
        let joint = Joint {
            grade,
            ..lumbar(1.65e-3)
        };
        let segment = Segment::build(&joint, L4L5, Region::Lumbar, &man(50.0), &middle());
        let mut test = SegmentTest::new(segment).axial();
        let resting = test.pressure();
        test.apply([0.0, 0.0, 150.0, 0.0, 0.0, 0.0], 1.0)
            .expect("settles");
        let opening = test.deformation()[2];
        test.hold([0.0, 0.0, -450.0, 0.0, 0.0, 0.0], 14_400.0, 240)
            .expect("settles");
        (resting, opening, -test.report().fluid)
    };
    for grade in 1..5 {
        let (healthy, worn) = (of(grade), of(grade + 1));
        assert!(healthy.0 > worn.0 && healthy.1 > worn.1 && healthy.2 > worn.2);
    }
}
