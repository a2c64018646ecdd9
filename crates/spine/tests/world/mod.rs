//! What couch, anchors and harness do to a chain of bodies, against closed forms.

mod chain;

use proptest::prelude::*;
use pulp::Scalar;
use si::{Metres, Radians, Region, STANDARD_GRAVITY, Seconds};
use spine::ColumnError;
use spine::Parameter;
use spine::anatomy::{Anatomy, BODIES, Bone, JOINTS, Joint};
use spine::real::{Lane, Real};
use spine::tables::{friction, harness};
use spine::unknown::{COUNT, Draw, Unknown};
use spine::world::{Position, Support, World};

const MASS: f64 = 75.0;
const WEIGHT: f64 = MASS * STANDARD_GRAVITY;
const LOWER: f64 = friction::LOWER_BODY.value;
const HEAD: f64 = friction::HEAD_SHARE[0];
/// Trunk slices T1 … T12, shares of weight (B106, recalled; only the sum matters here).
const THORAX: f64 = 0.0154;

/// A chain whose masses sum to what the tables say.
fn anatomy() -> Anatomy {
    let share = |b: usize| match b {
        0 => HEAD,
        1..=7 => 0.0,
        8..=19 => THORAX,
        20..=24 => friction::LUMBAR_SLICES[b - 20],
        _ => LOWER,
    };
    let bone = |b: usize| Bone {
        origin: [0.0, 0.0, 0.03 * (25 - b) as f64],
        tilt: 0.0,
        lean: 0.0,
        height: 0.025,
        depth: 0.035,
        width: 0.045,
        mass: MASS * share(b),
        inertia: [0.01; 3],
    };
    let joint = |j: usize| Joint {
        centre: [0.0, 0.0, 0.03 * (24.5 - j as f64)],
        frame: [[1.0, 0.0, 0.0], [0.0, 1.0, 0.0], [0.0, 0.0, 1.0]],
        height: 0.01,
        wedge: 0.0,
        depth: 0.035,
        width: 0.045,
        area: 1.5e-3,
        grade: 1,
        foramen_height: 0.02,
        foramen_area: 1e-4,
        facet_back: 0.03,
        facet_aside: 0.02,
        spinous_back: 0.06,
    };
    Anatomy {
        bones: core::array::from_fn(bone),
        joints: core::array::from_fn(joint),
    }
}

fn draw(region: Region) -> Draw<f64> {
    let mut draw = Draw([1.0; COUNT]);
    let mut set = |unknown: Unknown, from: &Parameter| draw.0[unknown as usize] = from.value;
    match region {
        Region::Lumbar => {
            set(Unknown::Friction, &friction::BODY_ON_COUCH);
            set(Unknown::Harness, &harness::LUMBAR_STIFFNESS);
            set(Unknown::HarnessToe, &harness::LUMBAR_TOE);
        }
        Region::Cervical => {
            set(Unknown::Friction, &friction::HEAD_ON_BED);
            set(Unknown::Harness, &harness::CERVICAL_STIFFNESS);
            set(Unknown::HarnessToe, &harness::CERVICAL_TOE);
        }
    }
    set(Unknown::Rolling, &friction::ON_ROLLERS);
    set(Unknown::HarnessToeForce, &harness::TOE_FORCE);
    set(Unknown::HarnessCreep, &harness::CREEP);
    set(Unknown::HarnessCreepTime, &harness::CREEP_TIME);
    draw
}

fn world(region: Region, support: &Support) -> World<f64> {
    World::build(&anatomy(), region, support, &draw(region)).unwrap()
}

const UNSPLIT: Support = Support::level(false);
const SPLIT: Support = Support::level(true);

fn degrees(angle: f64) -> Radians {
    Radians::from_degrees(angle).unwrap()
}

/// What arrives at a soft spring along z from a pull on the head, N.
fn delivered(world: &World<f64>, force: f64, angle: f64) -> f64 {
    let spring = 2e3;
    let pulled = world.grip(degrees(angle)).unwrap().pull(force);
    let (state, mut z) = (world.rest(), 0.0);
    for _ in 0..100 {
        let reaction = world.body(0, [0.0, 0.0, z], &state, pulled.lift);
        let miss = pulled.force[2] + reaction.force[2] - spring * z;
        z += (miss / (reaction.stiffness[2] + spring)).clamp(-5e-3, 5e-3);
    }
    spring * z
}

#[test]
fn the_best_angle_on_a_bed_is_the_arctangent_of_friction() {
    // μ = 0.62: 31.8° (A089, A090).
    let world = world(Region::Cervical, &UNSPLIT);
    let best = (0..=600)
        .map(|angle| f64::from(angle) * 0.1)
        .max_by(|a, b| delivered(&world, 70.0, *a).total_cmp(&delivered(&world, 70.0, *b)))
        .unwrap();
    assert!((best - libm::atan(0.62).to_degrees()).abs() < 0.2, "{best}");
}

#[test]
fn what_arrives_is_the_closed_form_of_a_sliding_block() {
    let world = world(Region::Cervical, &UNSPLIT);
    let weight = HEAD * WEIGHT;
    for angle in [-20.0, 0.0, 15.0, 30.0] {
        let (sin, cos) = (
            libm::sin(f64::to_radians(angle)),
            libm::cos(f64::to_radians(angle)),
        );
        let closed = 80.0 * cos - 0.62 * (weight - 80.0 * sin);
        let found = delivered(&world, 80.0, angle);
        assert!(
            (found - closed).abs() < 0.02 * 80.0,
            "{angle}: {found} {closed}"
        );
    }
}

#[test]
fn on_the_belly_a_pull_towards_flexion_presses_into_the_couch() {
    let prone = Support {
        position: Position::Prone,
        ..UNSPLIT
    };
    for region in Region::ALL {
        let (back, belly) = (world(region, &UNSPLIT), world(region, &prone));
        let on = |world: &World<f64>| world.grip(degrees(30.0)).unwrap().pull(100.0);
        assert!((on(&back).lift - 50.0).abs() < 1e-9);
        assert!((on(&belly).lift + 50.0).abs() < 1e-9);
        assert!(
            (on(&belly).force[0] - 50.0).abs() < 1e-9,
            "flexion is forwards"
        );
        let lifted = |world: &World<f64>, x| world.body(25, [x, 0.0, 0.0], &world.rest(), 0.0);
        let (away, into) = (lifted(&back, 0.05).force[0], lifted(&belly, 0.05).force[0]);
        assert!(away < 0.0 && into < 1.5 * away, "{away} {into}");
    }
}

#[test]
fn a_slope_adds_the_weight_along_it_and_a_level_couch_adds_nothing() {
    for (region, sign) in [(Region::Lumbar, -1.0), (Region::Cervical, 1.0)] {
        let sloping = Support {
            incline: degrees(10.0),
            ..SPLIT
        };
        let (level, slope) = (world(region, &SPLIT), world(region, &sloping));
        for b in 0..BODIES {
            let at_rest = level.body(b, [0.0; 3], &level.rest(), 0.0).force;
            assert!(at_rest.iter().all(|force| force.abs() <= 0.0));
            let force = slope.body(b, [0.0; 3], &slope.rest(), 0.0).force[2];
            let share = anatomy().bones[b].mass * STANDARD_GRAVITY;
            let closed = sign * share * libm::sin(10_f64.to_radians());
            assert!((force - closed).abs() < 1e-9);
        }
    }
}

#[test]
fn the_moment_of_a_pull_is_conjugate_to_the_way_of_its_point() {
    for region in Region::ALL {
        let world = world(region, &UNSPLIT)
            .taking_hold_at(Metres::of(-0.03), Metres::of(0.05))
            .unwrap();
        let grip = world.grip(degrees(20.0)).unwrap();
        let (r, d) = (grip.offset, grip.direction);
        for (turn, moved) in [
            ([1.0, 0.0, 0.0], [0.0, -r[2], r[1]]),
            ([0.0, 1.0, 0.0], [r[2], 0.0, -r[0]]),
            ([0.0, 0.0, 1.0], [-r[1], r[0], 0.0]),
        ] {
            let work: f64 = d.iter().zip(moved).map(|(d, moved)| d * moved).sum();
            assert!((grip.along([0.0; 3], turn) - work).abs() < 1e-12);
        }
    }
}

#[test]
fn a_pelvis_pulled_behind_its_centre_tilts_backwards_and_a_head_at_the_occiput_nods() {
    let moment = |region| {
        let grip = world(region, &SPLIT).grip(Radians::ZERO).unwrap();
        grip.pull(100.0).moment[1]
    };
    assert!(moment(Region::Lumbar) < 0.0);
    assert!(moment(Region::Cervical) > 0.0);
}

#[test]
fn a_pelvis_pulled_from_behind_tilts_by_degrees_not_by_tens_of_them() {
    // The couch alone, before the spine helps: the moment of 300 N, 20 mm behind.
    let world = world(Region::Lumbar, &SPLIT);
    let moment = world.grip(Radians::ZERO).unwrap().pull(300.0).moment[1];
    let turned = world.turned(25, [0.0, 0.1, 0.0]);
    assert!((turned.moment[1] + 0.1 * turned.stiffness[1]).abs() < 1e-12);
    let tilt = (moment / turned.stiffness[1]).to_degrees();
    assert!((-15.0..-1.0).contains(&tilt), "{tilt}");
}

#[test]
fn a_carriage_within_the_slack_pulls_nothing_and_beyond_it_what_the_harness_gives() {
    let world = world(Region::Lumbar, &SPLIT);
    let (state, gains) = (world.rest(), world.gains(Seconds::of(0.01)).unwrap());
    assert!(world.tension(&state, &gains, 0.010, 0.0).force <= 0.0);
    let travel = world.travel(&state, &gains, 200.0, 3e-3);
    let found = world.tension(&state, &gains, travel, 3e-3).force;
    assert!((found - 200.0).abs() < 1e-8);
}

#[test]
fn a_head_drawn_up_by_a_carriage_and_let_down_needs_few_newton_steps() {
    // One body, a spring along z, the lift of the last iterate in the limit of friction.
    let world = world(Region::Cervical, &UNSPLIT);
    let grip = world.grip(degrees(25.0)).unwrap();
    let (spring, gains) = (15e3, world.gains(Seconds::of(1.0)).unwrap());
    let (mut state, mut u) = (world.rest(), [[0.0; 3]; BODIES]);
    let mut most = 0.0_f64;
    for step in 0..=80 {
        let travel = 0.035 * (1.0 - f64::from((step - 40_i32).abs()) / 40.0);
        let mut miss = [f64::MAX; 2];
        let mut tension = 0.0;
        for _ in 0..15 {
            let along = grip.along(u[0], [0.0; 3]);
            let held = world.tension(&state, &gains, travel, along);
            let pulled = grip.pull(held.force);
            let on = world.body(0, u[0], &state, pulled.lift);
            miss = [
                pulled.force[0] + on.force[0],
                pulled.force[2] + on.force[2] - spring * u[0][2],
            ];
            let (dx, dz, k) = (grip.direction[0], grip.direction[2], held.stiffness);
            let (a, b) = (on.stiffness[0] + k * dx * dx, k * dx * dz);
            let d = on.stiffness[2] + spring + k * dz * dz;
            let determinant = a * d - b * b;
            u[0][0] += (d * miss[0] - b * miss[1]) / determinant;
            u[0][2] += (a * miss[1] - b * miss[0]) / determinant;
            tension = held.force;
        }
        assert!(
            miss.iter().all(|miss| miss.abs() < 1e-4),
            "{step}: {miss:?}"
        );
        world.commit(&mut state, &gains, &u, tension, grip.pull(tension).lift);
        most = most.max(tension);
    }
    assert!((80.0..250.0).contains(&most), "{most}");
}

fn refused(result: Result<(), ColumnError>, place: &str, value: &str) {
    let error = result.expect_err("it is outside the range");
    let text = error.to_string();
    assert_eq!(error.place(), place);
    assert!(
        text.contains(value) && text.contains(error.remedy()),
        "{text}"
    );
}

#[test]
fn what_no_couch_or_harness_has_is_refused_with_place_value_and_remedy() {
    let build = |support: Support| {
        let region = Region::Lumbar;
        World::build(&anatomy(), region, &support, &draw(region)).map(drop)
    };
    let incline = degrees(45.0);
    refused(build(Support { incline, ..SPLIT }), "support.incline", "45");
    let slack = Metres::of(-1.0);
    refused(
        build(Support { slack, ..SPLIT }),
        "support.slack",
        "-1000 mm",
    );
    let world = world(Region::Lumbar, &SPLIT);
    refused(world.grip(degrees(90.0)).map(drop), "pull.angle", "90 deg");
    refused(world.gains(Seconds::of(0.0)).map(drop), "dt", "0 s");
    let far = world
        .taking_hold_at(Metres::ZERO, Metres::of(0.5))
        .map(drop);
    refused(far, "pull.height", "500 mm");
    let mut heavy = anatomy();
    heavy.bones[3].mass = f64::NAN;
    let built = World::build(&heavy, Region::Lumbar, &SPLIT, &draw(Region::Lumbar));
    refused(built.map(drop), "anatomy.mass", "NaN");
    let mut wrong = draw(Region::Lumbar);
    wrong.0[Unknown::Harness as usize] = -12e3;
    let built = World::build(&anatomy(), Region::Lumbar, &SPLIT, &wrong);
    refused(built.map(drop), "draw.harness", "-12000");
}

#[test]
fn a_lane_has_the_bits_of_a_single_spine() {
    let region = Region::Lumbar;
    let lane = |x: f64| Lane::splat(Scalar::new(), x);
    let lanes = Draw(draw(region).0.map(lane));
    let many = World::build(&anatomy(), region, &UNSPLIT, &lanes).unwrap();
    let one = world(region, &UNSPLIT);
    let bits = |x: Lane<Scalar>| {
        let mut all = [0.0; spine::real::LANES];
        x.spread(&mut all);
        all[0].to_bits()
    };
    for b in 0..BODIES {
        let u = [1.3e-3, -0.4e-3, -2.1e-3];
        let single = one.body(b, u, &one.rest(), 30.0);
        let side = many.body(b, u.map(lane), &many.rest(), lane(30.0));
        assert_eq!(single.force.map(f64::to_bits), side.force.map(bits));
        assert_eq!(single.stiffness.map(f64::to_bits), side.stiffness.map(bits));
    }
    let dt = Seconds::of(0.7);
    let (g1, gn) = (one.gains(dt).unwrap(), many.gains(dt).unwrap());
    let single = one.tension(&one.rest(), &g1, 0.06, 0.004).force;
    let side = many
        .tension(&many.rest(), &gn, lane(0.06), lane(0.004))
        .force;
    assert_eq!(single.to_bits(), bits(side));
}

proptest! {
    #[test]
    fn the_stiffness_of_every_body_is_the_slope_of_its_force_and_never_negative(
        b in 0..BODIES,
        u in prop::array::uniform3(-0.01..0.01_f64),
        slid in -5e-3..5e-3_f64,
        lift in -100.0..500.0_f64,
        cervical: bool,
        prone: bool,
    ) {
        let region = if cervical { Region::Cervical } else { Region::Lumbar };
        let position = if prone { Position::Prone } else { Position::Supine };
        let world = world(region, &Support { position, ..UNSPLIT });
        let mut state = world.rest();
        state.slid = [[slid, -slid]; BODIES];
        let told = world.body(b, u, &state, lift);
        let h = 1e-9;
        for axis in 0..3 {
            let at = |step: f64| {
                let mut moved = u;
                moved[axis] += step;
                world.body(b, moved, &state, lift).force[axis]
            };
            let (before, after) = ((at(-h) - at(0.0)) / h, (at(0.0) - at(h)) / h);
            let told = told.stiffness[axis];
            prop_assert!(told > 0.0);
            // At the very corner of the law it is the slope of one of the sides.
            let near = |slope: f64| (told - slope).abs() <= 1e-3 * told.abs() + 2.0;
            prop_assert!(near(before) || near(after), "{axis}: {told} {before} {after}");
        }
    }
}
