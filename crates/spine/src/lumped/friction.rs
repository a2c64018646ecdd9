//! What friction leaves of a pull.
//!
//! A body of weight W lies on a couch of slope β and is pulled by F at an angle
//! θ above the couch; the spine holds it back with T. Coulomb friction μ works
//! against the pull:
//!
//! ```text
//! N = W cos β − F sin θ                 normal force
//! T = F cos θ + W sin β − μ N  (≥ 0)    while it lies (N ≥ 0)
//! T = |(F cos θ + W sin β, N)|          once it is lifted (N < 0): the pull turns the spine's axis
//! ```
//!
//! T never falls as F grows while tan θ > −1/μ. At N ≥ 0 the most arrives at
//! tan θ = μ, the closed form behind A089 and A090.
//!
//! Departure: friction only withholds. While a pull lets go, real friction
//! would hold some of it in the spine until the patient stirs; that is left out.
//!
//! Shown by `tests/friction.rs`.

/// The part of the body that the pull moves.
#[derive(Clone, Copy, Debug)]
pub(super) struct Moving {
    /// Weight W, N.
    pub(super) weight: f64,
    /// Friction coefficient μ.
    pub(super) friction: f64,
    /// Slope of the couch β: sine and cosine.
    pub(super) slope: (f64, f64),
    /// Whether a pull towards flexion points into the couch (prone).
    pub(super) face_down: bool,
}

/// Direction of a pull: cosine and sine of its angle above the couch.
#[derive(Clone, Copy, Debug)]
pub(super) struct Direction {
    pub(super) cos: f64,
    pub(super) sin: f64,
}

impl Moving {
    /// The direction of a pull at `angle` towards flexion.
    pub(super) fn direction(&self, angle: f64) -> Direction {
        let sin = libm::sin(angle);
        Direction {
            cos: libm::cos(angle),
            sin: if self.face_down { -sin } else { sin },
        }
    }

    /// Tension T that reaches the spine from a pull `force`, and dT/dF.
    pub(super) fn delivered(&self, force: f64, towards: Direction) -> (f64, f64) {
        let along = force * towards.cos + self.weight * self.slope.0;
        let normal = self.weight * self.slope.1 - force * towards.sin;
        if normal < 0.0 {
            let tension = libm::sqrt(along * along + normal * normal);
            let slope = (along * towards.cos - normal * towards.sin) / tension;
            return (tension, slope.max(0.0));
        }
        let tension = along - self.friction * normal;
        if tension <= 0.0 {
            return (0.0, 0.0);
        }
        (tension, towards.cos + self.friction * towards.sin)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn body(friction: f64) -> Moving {
        Moving {
            weight: 350.0,
            friction,
            slope: (0.0, 1.0),
            face_down: false,
        }
    }

    #[test]
    fn below_the_threshold_nothing_arrives_and_the_tangent_is_flat() {
        let along = body(0.5).direction(0.0);
        assert_eq!(body(0.5).delivered(174.0, along), (0.0, 0.0));
    }

    #[test]
    fn the_tangent_is_the_slope_of_what_arrives() {
        for angle in [-0.6, 0.0, 0.4, 1.0] {
            for force in [50.0, 200.0, 330.0, 500.0, 900.0] {
                let (body, h) = (body(0.5), 1e-4);
                let towards = body.direction(angle);
                let at = |force| body.delivered(force, towards);
                let measured = (at(force + h).0 - at(force - h).0) / (2.0 * h);
                let told = at(force).1;
                assert!(
                    (told - measured).abs() < 1e-6,
                    "{angle} {force}: {told} {measured}"
                );
            }
        }
    }
}
