//! Where and which way a pull takes hold of the body that it moves.
//!
//! ```text
//! d = (sin θ, 0, ∓cos θ)   caudal for the pelvis, cranial for the head
//! m = r × d                moment of a unit pull about the body's origin
//! along = d · u + m · φ    displacement of the point of application along the pull
//! lift  = ± F sin θ        away from the couch: + on the back, − on the belly
//! ```
//!
//! θ: angle of the pull, positive towards flexion (+x) in every position; on the
//! belly +x points into the couch. r: [`Grip::offset`], m. Force F d, moment F m
//! and the rank-one stiffness dF/d(reach) · g gᵀ, g = (d, m), are conjugate to
//! `along`, so work is conserved; r does not turn with the body, which costs
//! under 4 % of the moment below 15° of turning.
//!
//! Points of application are `tables::couch`, ours: the straps of a pelvic
//! belt behind and below S1; a halter between occiput and jaw by their shares. Shown by the tests
//! in `tests/world`.

use crate::real::Real;
use crate::tables::couch;
use si::Region;

/// Point and direction of a pull.
#[derive(Clone, Copy, Debug)]
pub struct Grip<T> {
    /// d, unit vector in world axes.
    pub direction: [T; 3],
    /// r: point of application from the body's origin, m.
    pub offset: [T; 3],
    /// m = r × d, m.
    pub moment: [T; 3],
    /// Newtons away from the couch for one newton of pull.
    pub lift: T,
}

/// A pull as its body feels it.
#[derive(Clone, Copy, Debug)]
pub struct Pulled<T> {
    /// Force, N.
    pub force: [T; 3],
    /// Moment about the body's origin, N m.
    pub moment: [T; 3],
    /// Its part away from the couch, N.
    pub lift: T,
}

impl<T: Real> Grip<T> {
    /// A pull at `angle` (rad) on `region`, taking hold at `offset` (m); `up` is
    /// +1 where x points away from the couch.
    pub fn new(one: T, region: Region, angle: f64, offset: [f64; 3], up: f64) -> Self {
        let along = match region {
            Region::Lumbar => -libm::cos(angle),
            Region::Cervical => libm::cos(angle),
        };
        let d = [libm::sin(angle), 0.0, along];
        let r = offset;
        let moment = [
            r[1] * d[2] - r[2] * d[1],
            r[2] * d[0] - r[0] * d[2],
            r[0] * d[1] - r[1] * d[0],
        ];
        Self {
            direction: d.map(|x| one.of(x)),
            offset: r.map(|x| one.of(x)),
            moment: moment.map(|x| one.of(x)),
            lift: one.of(up * d[0]),
        }
    }

    /// How far the point of application went along the pull, m, for displacement
    /// `u` (m) and rotation vector `turn` (rad) of the body.
    #[inline(always)]
    pub fn along(&self, u: [T; 3], turn: [T; 3]) -> T {
        dot(self.direction, u) + dot(self.moment, turn)
    }

    /// A pull of `force` N as the body feels it.
    #[inline(always)]
    pub fn pull(&self, force: T) -> Pulled<T> {
        Pulled {
            force: self.direction.map(|d| d * force),
            moment: self.moment.map(|m| m * force),
            lift: self.lift * force,
        }
    }
}

#[inline(always)]
fn dot<T: Real>(a: [T; 3], b: [T; 3]) -> T {
    a[0] * b[0] + a[1] * b[1] + a[2] * b[2]
}

/// Where the region's harness takes hold, from the body's origin, m.
pub(super) fn point_of_application(region: Region) -> [f64; 3] {
    match region {
        Region::Lumbar => [-couch::PELVIC_BEHIND.value, 0.0, -couch::PELVIC_BELOW.value],
        Region::Cervical => {
            let (back, [ox, oz], [mx, mz]) =
                (couch::OCCIPUT_SHARE.value, couch::OCCIPUT, couch::MANDIBLE);
            [mx + back * (ox - mx), 0.0, mz + back * (oz - mz)]
        }
    }
}
