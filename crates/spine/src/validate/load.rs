//! Stiffness of segments: compression, tension, shear, rotation, preload; strain.

use super::Results;
use super::bench::{Alone, L4L5, adult, axial, lying, names, over, wilke};
use crate::anatomy::{Anatomy, JOINTS, Measured as Readings};
use crate::chain::Space;
use crate::lumped::Patient;
use crate::stance::{Stance, Statics, added};
use crate::tissue::bench::SegmentTest;
use crate::tissue::segment::Segment;
use crate::unknown::Unknown;
use si::Region;

/// Reading of a quick test, s.
const QUICK: f64 = 1.0;

/// Secant stiffness between two axial forces (change from rest), N/mm.
fn secant(test: &SegmentTest, from: f64, to: f64) -> Option<f64> {
    let mut test = test.axial();
    test.apply(axial(from), QUICK).ok()?;
    let first = test.deformation()[2];
    test.apply(axial(to), QUICK).ok()?;
    Some(1e-3 * (to - from) / (test.deformation()[2] - first))
}

/// B025–B060: along the axis.
pub(super) fn stiffness() -> Results {
    let mut cases = names(&["compression", "step", "thoracic"]);
    cases.extend(si::Segment::ALL.iter().map(|at| format!("chain {at}")));
    let donor = wilke();
    over(Region::Lumbar, &cases, |spine| {
        let anatomy = lying(&donor, &Readings::default())?;
        // Bone, disc, bone.
        let mut disc = Alone::new(spine.segment(&anatomy, L4L5, &donor)?);
        let mut at = |force: f64| {
            disc.go(force, QUICK);
            1e3 * disc.opening()
        };
        // Linear region: 500 to 1000 N.
        let mut all = vec![500.0 / (at(-500.0) - at(-1000.0))];
        // 0.48 MPa on the disc's own area.
        let area = anatomy.joints[L4L5].area * spine[Unknown::Area];
        all.push(at(0.0) - at(-0.48e6 * area));
        let thoracic = spine.specimen(&anatomy, 13, &donor)?;
        all.push(secant(&thoracic, 50.0, 150.0)? / secant(&thoracic, -150.0, -450.0)?);
        for at in 0..JOINTS {
            let load = added(&anatomy, Stance::Standing, at, &Statics::nominal()).get();
            let test = spine.specimen(&anatomy, at, &donor)?;
            all.push(secant(&test, -0.8 * load, -1.2 * load)?);
        }
        Some(all)
    })
}

/// B055, B056: secant at the full load, rotations held in shear; mean over directions.
pub(super) fn miller() -> Results {
    let donor = adult(29.0);
    over(Region::Lumbar, &names(&["shear", "rotation"]), |spine| {
        let anatomy = lying(&donor, &Readings::default())?;
        let test = spine.specimen(&anatomy, L4L5, &donor)?;
        let full = |axis: usize, load: f64| {
            let mut test = if axis < 3 {
                test.holding([false, false, false, true, true, true])
            } else {
                test
            };
            let mut wrench = [0.0; 6];
            for share in 1..=20 {
                wrench[axis] = load * f64::from(share) * 0.05;
                test.apply(wrench, QUICK).ok()?;
            }
            Some(load / test.deformation()[axis])
        };
        let mean = |loads: &[(usize, f64)]| {
            let all: Option<Vec<f64>> = loads
                .iter()
                .map(|(axis, load)| full(*axis, *load))
                .collect();
            all.map(|all| all.iter().sum::<f64>() / all.len() as f64)
        };
        let shear = mean(&[(0, 1029.0), (0, -1029.0), (1, 1029.0)])?;
        let rotation = mean(&[(3, 95.0), (4, 95.0), (4, -95.0), (5, 95.0)])?;
        Some(vec![shear * 1e-3, rotation.to_radians()])
    })
}

/// Half the window of each direction (B058), m and rad: bending 1.5°, 1.0° sideways and torsion.
const WINDOW: [f64; 6] = [0.5e-3, 0.5e-3, 0.35e-3, 0.0175, 0.0262, 0.0175];

/// The six diagonal stiffnesses around a preload of the whole segment, N/m and N m/rad.
fn diagonal(segment: &Segment<f64>, preload: f64) -> Option<[f64; 6]> {
    let mut test = SegmentTest::new(*segment).axial();
    // Let it settle for ten minutes; no preload is no force in the disc.
    test.hold(axial(segment.disc.tone - preload), 600.0, 60)
        .ok()?;
    let memory = *test.memory();
    let ahead = segment.ahead(&memory, &segment.prepare(10.0), 0.0);
    Some(core::array::from_fn(|axis| {
        let at = |sign: f64| {
            let mut d = memory.d;
            d[axis] += sign * WINDOW[axis];
            segment.wrench::<Space>(&d, &memory, &ahead).wrench[axis]
        };
        (at(1.0) - at(-1.0)) / (2.0 * WINDOW[axis])
    }))
}

/// B057, B059: mean of the six ratios over two levels; axial stiffness, N/mm.
pub(super) fn preload() -> Results {
    let donor = adult(50.0);
    let cases = names(&["250", "500", "axial 0", "axial 250", "axial 500"]);
    over(Region::Lumbar, &cases, |spine| {
        let anatomy = lying(&donor, &Readings::default())?;
        let mut ratios = [0.0; 2];
        let mut along = [0.0; 3];
        for at in [21, L4L5] {
            let segment = spine.segment(&anatomy, at, &donor)?;
            let none = diagonal(&segment, 0.0)?;
            along[0] += none[2] * 0.5e-3;
            for (which, newtons) in [250.0, 500.0].into_iter().enumerate() {
                let loaded = diagonal(&segment, newtons)?;
                let mean: f64 = (0..6).map(|axis| loaded[axis] / none[axis] / 6.0).sum();
                ratios[which] += 0.5 * mean;
                along[which + 1] += loaded[2] * 0.5e-3;
            }
        }
        Some([&ratios[..], &along[..]].concat())
    })
}

/// A person whose L4–L5 has a grade.
fn graded(person: &Patient, grade: u8) -> Option<Anatomy> {
    let mut readings = Readings::default();
    readings.grades[L4L5] = Some(grade);
    lying(person, &readings)
}

/// Full flexion of L4–L5 from lying straight, rad (12°, ours).
const FULL: f64 = 0.209;

/// B133, B134.
pub(super) fn strain() -> Results {
    let donor = adult(50.0);
    over(
        Region::Lumbar,
        &names(&["flexion", "degenerate"]),
        |spine| {
            let healthy = graded(&donor, 2)?;
            let mut bent = spine.specimen(&healthy, L4L5, &donor)?;
            // Bent under the load of standing until full flexion.
            let load = added(&healthy, Stance::Standing, L4L5, &Statics::nominal()).get();
            let mut moment = 0.0;
            while bent.deformation()[4] < FULL && moment < 60.0 {
                moment += 1.0;
                bent.apply([0.0, 0.0, -load, 0.0, moment, 0.0], QUICK)
                    .ok()?;
            }
            let joint = &healthy.joints[L4L5];
            let shape = bent.report().shape;
            let back = shape.posterior / (joint.height - 0.5 * joint.wedge);
            let front = shape.anterior / (joint.height + 0.5 * joint.wedge);
            let compressed = |grade: u8| {
                let anatomy = graded(&donor, grade)?;
                let mut test = spine.specimen(&anatomy, L4L5, &donor)?.axial();
                test.hold(axial(-1000.0), 1200.0, 60).ok()?;
                Some(test.deformation()[2] / anatomy.joints[L4L5].height)
            };
            Some(vec![(back / front).abs(), compressed(5)? / compressed(2)?])
        },
    )
}
