//! The world around the spine: couch, anchors, harness and pull.
//!
//! **Phenomenon.** Every body of the chain rests with its slice of the person on
//! the couch ([`mod@couch`]); one end is held ([`mod@anchor`]); the other, pelvis
//! with legs or head, is pulled through a harness ([`mod@harness`]) at a point and
//! an angle ([`mod@grip`]).
//!
//! ```text
//! force on body b = bearing + friction + downhill weight + anchor      (World::body)
//! moment on it    = what its patch on the couch holds against turning  (World::turned)
//! pulled body     + F d, moment F (r × d)                              (World::grip)
//! F given, or F = harness(travel − slack − along)                      (World::tension)
//! ```
//!
//! All displacements u (m, world axes) are from the person lying at rest; a level
//! couch then gives zero. A slope's pull W sin β is a load that comes on with the
//! first step. Friction: `Unknown::Friction` under the pulled part of an unsplit
//! couch, `Unknown::Rolling` on a split one; under the trunk A085; lumbar and
//! neck slices touch by a share only (`friction::SLICES_MOBILISED`).
//!
//! Departures from [`mod@crate::lumped`]: friction sticks before it slides and
//! holds on while the pull lets go; the slope also draws on the slices and the
//! trunk. Range: slope ± 20°, angle −45° to 60°. Shown by `tests/world`.
//!
//! [`World`] never changes; [`WorldState`] is where things are; [`WorldGains`]
//! belong to a step length. The step has no branch on values and no allocation.

pub mod anchor;
pub mod couch;
pub mod grip;
pub mod harness;
mod pull;
mod support;
mod turning;

pub use grip::{Grip, Pulled};
pub use harness::{Harness, HarnessGains, HarnessState, Tension};
pub use pull::{Carriage, Load, Pull, Steady};
pub use support::{Position, Support};

use crate::ColumnError;
use crate::anatomy::{Anatomy, BODIES};
use crate::real::{LANES, Real};
use crate::tables::friction;
use crate::unknown::{Draw, Unknown};
use anchor::Anchor;
use couch::Rest;
use si::{Metres, Radians, Region, STANDARD_GRAVITY, Seconds};
use turning::Patch;

/// First and last body of the neck that hardly touches the couch, and of the loins.
const NECK: (usize, usize) = (1, 7);
const LOINS: (usize, usize) = (20, 24);
/// The body that a pull on the head, or on the pelvis, moves.
const HEAD: usize = 0;
const PELVIS: usize = BODIES - 1;

/// What surrounds the spine of one person, or of several side by side.
#[derive(Clone, Debug)]
pub struct World<T> {
    bodies: [Body<T>; BODIES],
    harness: Harness<T>,
    region: Region,
    /// +1 where x points away from the couch, −1 on the belly.
    up: f64,
    /// Where the harness takes hold of the pulled body, m.
    offset: [f64; 3],
}

/// What one body touches.
#[derive(Clone, Copy, Debug)]
struct Body<T> {
    rest: Rest<T>,
    anchor: Anchor,
    /// Weight along the couch, N along z.
    downhill: T,
    /// Against turning about x, y, z, N m/rad.
    turning: [T; 3],
}

/// Where the world is: what slid, crept and slipped.
#[derive(Clone, Copy, Debug)]
pub struct WorldState<T> {
    /// Where each body slid to across (y) and along (z) the couch, m.
    pub slid: [[T; 2]; BODIES],
    /// The harness.
    pub harness: HarnessState<T>,
}

/// What of the world depends on the step length.
#[derive(Clone, Copy, Debug)]
pub struct WorldGains<T> {
    /// Creep of the harness.
    pub harness: HarnessGains<T>,
}

/// What the world does to one body.
#[derive(Clone, Copy, Debug)]
pub struct Reaction<T> {
    /// Force on the body, N.
    pub force: [T; 3],
    /// −dF/du ≥ 0 along x, y, z, N/m.
    pub stiffness: [T; 3],
}

/// What the couch does to a body that turns.
#[derive(Clone, Copy, Debug)]
pub struct Turned<T> {
    /// Moment on the body, N m.
    pub moment: [T; 3],
    /// −dM/dφ > 0 about x, y, z, N m/rad.
    pub stiffness: [T; 3],
}

impl<T: Real> World<T> {
    /// What surrounds `anatomy` on `support` while `region` is pulled.
    ///
    /// # Errors
    /// A slope, slack, mass or drawn number outside the model's range.
    pub fn build(
        anatomy: &Anatomy,
        region: Region,
        support: &Support,
        draw: &Draw<T>,
    ) -> Result<Self, ColumnError> {
        support.check()?;
        for bone in &anatomy.bones {
            ColumnError::check("anatomy.mass", bone.mass, (0.0, 400.0), "kg")?;
        }
        check_draw(draw)?;
        Ok(Self {
            bodies: core::array::from_fn(|b| body(anatomy, region, support, draw, b)),
            harness: Harness::new(region, support.slack.get(), draw),
            region,
            up: match support.position {
                Position::Supine | Position::SupineLegsRaised => 1.0,
                Position::Prone => -1.0,
            },
            offset: grip::point_of_application(region),
        })
    }

    /// The same world with the harness taking hold elsewhere on the pulled body:
    /// `anterior` and `cranial` of its origin (± 200 mm).
    ///
    /// # Errors
    /// A point farther away.
    pub fn taking_hold_at(self, anterior: Metres, cranial: Metres) -> Result<Self, ColumnError> {
        let range = (-200.0, 200.0);
        ColumnError::check("pull.anterior", anterior.mm(), range, "mm")?;
        ColumnError::check("pull.height", cranial.mm(), range, "mm")?;
        Ok(Self {
            offset: [anterior.get(), 0.0, cranial.get()],
            ..self
        })
    }

    /// The body that is pulled: 25 (pelvis with legs) or 0 (head).
    #[must_use]
    pub const fn pulled(&self) -> usize {
        pulled(self.region)
    }

    /// What the pulled body's own weight adds to the pull on a slope, N; never negative.
    #[must_use]
    #[inline(always)]
    pub fn drawing(&self) -> T {
        let downhill = self.bodies[self.pulled()].downhill;
        let along = match self.region {
            Region::Lumbar => -downhill,
            Region::Cervical => downhill,
        };
        along.max(along.of(0.0))
    }

    /// The harness.
    #[must_use]
    pub const fn harness(&self) -> &Harness<T> {
        &self.harness
    }

    /// Nothing slid, crept or slipped.
    #[must_use]
    pub fn rest(&self) -> WorldState<T> {
        let harness = self.harness.fresh();
        WorldState {
            slid: [[harness.slipped; 2]; BODIES],
            harness,
        }
    }

    /// Gains of steps of `dt` (1 µs to 1 h).
    ///
    /// # Errors
    /// A step length outside that range.
    pub fn gains(&self, dt: Seconds) -> Result<WorldGains<T>, ColumnError> {
        let dt = ColumnError::check("dt", dt.get(), (1e-6, 3600.0), "s")?;
        Ok(WorldGains {
            harness: self.harness.gains(dt),
        })
    }

    /// Point and direction of a pull at `angle` towards flexion (−45° to 60°).
    ///
    /// # Errors
    /// An angle outside that range.
    pub fn grip(&self, angle: Radians) -> Result<Grip<T>, ColumnError> {
        Load::check_angle(angle)?;
        let one = self.harness.fresh().slipped;
        let up = self.up;
        Ok(Grip::new(one, self.region, angle.get(), self.offset, up))
    }

    /// What couch and anchors do to body `b` (< 26) at displacement `u` (m), with
    /// the memory of the start of the step; `lift` (N, [`Pulled::lift`]) counts for
    /// the pulled body only.
    #[inline(always)]
    pub fn body(&self, b: usize, u: [T; 3], state: &WorldState<T>, lift: T) -> Reaction<T> {
        let body = &self.bodies[b];
        let limit = self.limit(b, lift);
        let (push, bearing) = body.rest.bear(u[0] * self.up);
        let across = body.rest.slide(u[1], state.slid[b][0], limit);
        let along = body.rest.slide(u[2], state.slid[b][1], limit);
        let [kx, ky, kz] = body.anchor.stiffness;
        Reaction {
            force: [
                push * self.up - u[0] * kx,
                -across.force - u[1] * ky,
                body.downhill - along.force - u[2] * kz,
            ],
            stiffness: [bearing + kx, across.stiffness + ky, along.stiffness + kz],
        }
    }

    /// What the couch does to body `b` (< 26) turned by the rotation vector `turn`
    /// (rad): moment, N m, and its slopes, N m/rad.
    #[inline(always)]
    pub fn turned(&self, b: usize, turn: [T; 3]) -> Turned<T> {
        let [kx, ky, kz] = self.bodies[b].turning;
        Turned {
            moment: [-(turn[0] * kx), -(turn[1] * ky), -(turn[2] * kz)],
            stiffness: [kx, ky, kz],
        }
    }

    /// The tension for a carriage at `travel` while the pulled point stands
    /// `along` the pull ([`Grip::along`]), m.
    #[inline(always)]
    pub fn tension(
        &self,
        state: &WorldState<T>,
        gains: &WorldGains<T>,
        travel: T,
        along: T,
    ) -> Tension<T> {
        self.harness
            .tension(&state.harness, &gains.harness, travel, along)
    }

    /// Where the carriage stands that pulls with `force` (N), m.
    #[inline(always)]
    pub fn travel(&self, state: &WorldState<T>, gains: &WorldGains<T>, force: T, along: T) -> T {
        self.harness
            .travel(&state.harness, &gains.harness, force, along)
    }

    /// Ends a step with the bodies at `u` (m) and the harness pulling with
    /// `force` (N), of which `lift` away from the couch.
    #[inline(always)]
    pub fn commit(
        &self,
        state: &mut WorldState<T>,
        gains: &WorldGains<T>,
        u: &[[T; 3]; BODIES],
        force: T,
        lift: T,
    ) {
        for (b, u) in u.iter().enumerate() {
            let (rest, limit) = (&self.bodies[b].rest, self.limit(b, lift));
            let [across, along] = state.slid[b];
            state.slid[b] = [
                rest.slide(u[1], across, limit).slip,
                rest.slide(u[2], along, limit).slip,
            ];
        }
        self.harness
            .commit(&mut state.harness, &gains.harness, force);
    }

    /// Most friction that body `b` can feel, N.
    #[inline(always)]
    fn limit(&self, b: usize, lift: T) -> T {
        let lift = if b == self.pulled() {
            lift
        } else {
            lift.of(0.0)
        };
        self.bodies[b].rest.limit(lift)
    }
}

const fn pulled(region: Region) -> usize {
    match region {
        Region::Lumbar => PELVIS,
        Region::Cervical => HEAD,
    }
}

/// What body `b` touches.
fn body<T: Real>(
    anatomy: &Anatomy,
    region: Region,
    support: &Support,
    draw: &Draw<T>,
    b: usize,
) -> Body<T> {
    let one = draw[Unknown::Friction];
    let slope = support.incline.get();
    let weight = one.of(anatomy.bones[b].mass * STANDARD_GRAVITY);
    let moves = b == pulled(region);
    let weight = if moves {
        weight * draw[Unknown::Weight]
    } else {
        weight
    };
    let touching = if within(b, NECK) || within(b, LOINS) {
        friction::SLICES_MOBILISED.value
    } else {
        1.0
    };
    let downhill = match region {
        Region::Lumbar => -libm::sin(slope),
        Region::Cervical => libm::sin(slope),
    };
    let rest = Rest::new(
        weight * (touching * libm::cos(slope)),
        coefficient(region, support, draw, b),
    );
    let patch = match b {
        HEAD => Patch::Head,
        PELVIS => Patch::Pelvis,
        _ => Patch::Slice,
    };
    Body {
        turning: patch.stiffness(&rest),
        rest,
        anchor: Anchor::of(region, b),
        downhill: weight * downhill,
    }
}

/// Friction coefficient under body `b`. The unknown is that of the region's own
/// couch: of the body in a lumbar pull, of head and neck in a cervical one.
fn coefficient<T: Real>(region: Region, support: &Support, draw: &Draw<T>, b: usize) -> T {
    let (sticking, rolling) = (draw[Unknown::Friction], draw[Unknown::Rolling]);
    if b == pulled(region) && support.table_split {
        return rolling;
    }
    let under_head = region == Region::Cervical && b <= NECK.1;
    if region == Region::Lumbar || under_head {
        sticking
    } else {
        sticking.of(friction::BODY_ON_COUCH.value)
    }
}

fn within(b: usize, (first, last): (usize, usize)) -> bool {
    (first..=last).contains(&b)
}

/// Refuses drawn numbers that no couch or harness has, lane by lane.
fn check_draw<T: Real>(draw: &Draw<T>) -> Result<(), ColumnError> {
    const TINY: f64 = 1e-6;
    let most = f64::MAX;
    let ranges = [
        (Unknown::Friction, "draw.friction", (TINY, 0.99), "1"),
        (Unknown::Rolling, "draw.rolling", (TINY, 0.99), "1"),
        (Unknown::Weight, "draw.weight", (TINY, 10.0), "1"),
        (Unknown::Harness, "draw.harness", (TINY, most), "N/m"),
        (Unknown::HarnessToe, "draw.harness_toe", (0.0, most), "m"),
        (
            Unknown::HarnessToeForce,
            "draw.harness_toe_force",
            (TINY, most),
            "N",
        ),
        (
            Unknown::HarnessCreep,
            "draw.harness_creep",
            (0.0, most),
            "1",
        ),
        (
            Unknown::HarnessCreepTime,
            "draw.harness_creep_time",
            (TINY, most),
            "s",
        ),
    ];
    for (unknown, place, range, unit) in ranges {
        let mut lanes = [0.0; LANES];
        let count = draw[unknown].spread(&mut lanes);
        for value in &lanes[..count] {
            ColumnError::check(place, *value, range, unit)?;
        }
    }
    Ok(())
}
