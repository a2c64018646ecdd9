//! A segment in a lane has the bits of the same segment by itself.

use crate::joints::{L4L5, lumbar, man};
use pulp::{Arch, Simd, WithSimd};
use si::Region;
use spine::chain::Space;
use spine::real::{LANES, Lane, Real};
use spine::tissue::segment::Segment;
use spine::unknown::{Belief, Draw};

/// Deformations of a session of six steps, the length of the step and active muscle.
const STEPS: [([f64; 6], f64, f64); 6] = [
    ([0.0, 0.0, 2e-4, 0.0, 0.0, 0.0], 1e-3, 0.0),
    ([1e-4, -1e-4, 8e-4, 0.01, 0.02, -0.01], 1.0, 5.0),
    ([1e-4, 0.0, 1.5e-3, 0.0, -0.02, 0.01], 60.0, 0.0),
    ([0.0, 0.0, -4e-4, 0.0, 0.0, 0.0], 10.0, 20.0),
    ([0.0, 2e-4, -1.5e-3, -0.03, 0.05, 0.0], 600.0, 0.0),
    ([0.0, 0.0, 0.0, 0.0, 0.0, 0.0], 0.1, 0.0),
];

/// Wrench, tangent and pressure of every step, one after another.
#[inline(always)]
fn told<T: Real>(draw: &Draw<T>) -> Vec<T> {
    let segment = Segment::build(&lumbar(1.6e-3), L4L5, Region::Lumbar, &man(50.0), draw);
    let mut memory = segment.rest();
    let like = draw.0[0];
    let mut all = Vec::new();
    for (d, dt, guard) in STEPS {
        let gains = segment.prepare(dt);
        let mut here = [like; 6];
        for (to, x) in here.iter_mut().zip(d) {
            *to = like.of(x);
        }
        let ahead = segment.ahead(&memory, &gains, like.of(guard));
        let loads = segment.wrench::<Space>(&here, &memory, &ahead);
        all.extend(loads.wrench);
        all.extend(segment.tangent::<Space>(&here, &loads.kept, &ahead));
        segment.commit::<Space>(&here, (&here, &loads.kept), &ahead, &mut memory);
        all.push(segment.report::<Space>(&here, &memory).pressure);
    }
    all
}

struct Side(Vec<Draw<f64>>);

impl WithSimd for Side {
    type Output = Vec<[f64; LANES]>;

    #[inline(always)]
    fn with_simd<S: Simd>(self, simd: S) -> Self::Output {
        let members = &self.0[..S::F64_LANES];
        let draw = Draw(core::array::from_fn(|unknown| {
            let all: Vec<f64> = members.iter().map(|draw| draw.0[unknown]).collect();
            Lane::gather(simd, &all)
        }));
        told(&draw)
            .into_iter()
            .map(|lane| {
                let mut into = [0.0; LANES];
                lane.spread(&mut into);
                into
            })
            .collect()
    }
}

#[test]
fn a_segment_has_the_same_bits_in_a_lane_as_alone() {
    let belief = Belief::prior(Region::Lumbar);
    let draws: Vec<_> = (0..LANES as u32)
        .map(|index| belief.member(index))
        .collect();
    let lanes = Arch::new().dispatch(Side(draws.clone()));
    let width = Arch::new().dispatch(Width);
    for (member, draw) in draws[..width].iter().enumerate() {
        for (place, (alone, lane)) in told(draw).iter().zip(&lanes).enumerate() {
            let beside = lane[member];
            assert!(
                alone.to_bits() == beside.to_bits() || *alone == beside,
                "member {member}, number {place}: {alone} alone, {beside} in a lane"
            );
        }
    }
}

struct Width;

impl WithSimd for Width {
    type Output = usize;

    fn with_simd<S: Simd>(self, _: S) -> usize {
        S::F64_LANES
    }
}
