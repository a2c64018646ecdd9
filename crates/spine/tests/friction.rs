//! What of a pull arrives.

use crate::common::patient;
use proptest::prelude::*;
use si::{Kilograms, Metres, Newtons, Radians, Region, Seconds};
use spine::lumped::{
    Load, Lumped, Parameters, Patient, Position, Scratch, Sex, State, Support, step,
};

/// Tension at the level nearest the pull, N.
fn delivered(region: Region, support: &Support, force: f64, degrees: f64) -> f64 {
    let column = Lumped::new(&patient(46.0), region, support).unwrap();
    let mut state = State::rest(&column);
    let load = Load {
        tension: Newtons::of(force),
        angle: Radians::from_degrees(degrees).unwrap(),
    };
    step(
        &column,
        &mut state,
        &mut Scratch::new(),
        load,
        Seconds::of(0.01),
    )
    .unwrap();
    state.levels()[column.segments().len() - 1].tension().get()
}

const UNSPLIT: Support = Support::level(false);
const SPLIT: Support = Support::level(true);

#[test]
fn an_unsplit_table_loses_a_quarter_of_body_weight() {
    let weight = patient(46.0).mass.weight().get();
    let lost = (400.0 - delivered(Region::Lumbar, &UNSPLIT, 400.0, 0.0)) / weight;
    assert!((0.25..=0.26).contains(&lost), "{lost}");
}

#[test]
fn a_pull_below_the_friction_of_an_unsplit_table_does_not_arrive() {
    let weight = patient(46.0).mass.weight().get();
    assert!(delivered(Region::Lumbar, &UNSPLIT, 0.25 * weight, 0.0) <= 0.0);
    assert!(delivered(Region::Lumbar, &UNSPLIT, 0.26 * weight, 0.0) > 0.0);
}

#[test]
fn a_split_table_passes_nearly_all_of_it() {
    let passed = delivered(Region::Lumbar, &SPLIT, 200.0, 0.0);
    assert!((190.0..200.0).contains(&passed), "{passed}");
}

#[test]
fn the_best_angle_on_a_bed_is_the_arctangent_of_friction() {
    // μ = 0.62: 31.8°, reported as 35° (A089, A090).
    let best = (0..=60)
        .map(f64::from)
        .map(|angle| (angle, delivered(Region::Cervical, &UNSPLIT, 60.0, angle)))
        .max_by(|one, other| one.1.total_cmp(&other.1))
        .unwrap();
    assert!((31.0..=35.0).contains(&best.0), "{best:?}");
}

#[test]
fn a_lifted_head_is_held_by_pull_and_weight_together() {
    // At 60° and 120 N the head hangs free: the resultant of pull and weight.
    let head = patient(46.0).head_weight().get();
    let (up, along) = (120.0 * libm::sin(60_f64.to_radians()), 60.0);
    let expected = libm::sqrt((up - head) * (up - head) + along * along);
    let arrived = delivered(Region::Cervical, &UNSPLIT, 120.0, 60.0);
    assert!((arrived - expected).abs() < 1e-6, "{arrived} {expected}");
}

#[test]
fn lying_on_the_belly_turns_the_vertical_part_of_the_pull_over() {
    let prone = Support {
        position: Position::Prone,
        ..UNSPLIT
    };
    let up = delivered(Region::Lumbar, &UNSPLIT, 400.0, 20.0);
    assert!(delivered(Region::Lumbar, &prone, 400.0, 20.0) < up);
    assert!((delivered(Region::Lumbar, &prone, 400.0, -20.0) - up).abs() < 1e-9);
}

#[test]
fn a_couch_with_its_foot_lower_adds_body_weight_to_the_pull() {
    let sloping = Support {
        incline: Radians::from_degrees(10.0).unwrap(),
        ..SPLIT
    };
    let more = delivered(Region::Lumbar, &sloping, 200.0, 0.0);
    assert!(more > delivered(Region::Lumbar, &SPLIT, 200.0, 0.0) + 40.0);
}

#[test]
fn upper_lumbar_levels_never_get_more_than_lower_ones() {
    let column = Lumped::new(&patient(46.0), Region::Lumbar, &UNSPLIT).unwrap();
    let mut state = State::rest(&column);
    let load = Load::along(Newtons::of(350.0));
    step(
        &column,
        &mut state,
        &mut Scratch::new(),
        load,
        Seconds::of(0.01),
    )
    .unwrap();
    for pair in state.levels().windows(2) {
        assert!(pair[0].tension() < pair[1].tension());
    }
}

proptest! {
    #[test]
    fn more_pull_never_delivers_less(
        force in 0.0..800.0_f64,
        more in 0.0..200.0_f64,
        degrees in -45.0..60.0_f64,
        slope in -20.0..20.0_f64,
        table_split: bool,
        prone: bool,
        cervical: bool,
    ) {
        let support = Support {
            table_split,
            incline: Radians::from_degrees(slope).unwrap(),
            position: if prone { Position::Prone } else { Position::Supine },
            ..SPLIT
        };
        let region = if cervical { Region::Cervical } else { Region::Lumbar };
        let less = delivered(region, &support, force, degrees);
        let grown = delivered(region, &support, force + more, degrees);
        prop_assert!(grown >= less - 1e-9, "{less} {grown}");
    }
}

#[test]
fn the_level_next_to_the_pull_gets_all_of_it_and_the_next_one_a_slice_less() {
    let mut parameters = Parameters::nominal(Region::Lumbar);
    parameters.weight = 0.0;
    parameters.slices = 1.0;
    let column = Lumped::with(&patient(46.0), Region::Lumbar, &SPLIT, &parameters).unwrap();
    let mut state = State::rest(&column);
    let load = Load::along(Newtons::of(300.0));
    step(
        &column,
        &mut state,
        &mut Scratch::new(),
        load,
        Seconds::of(0.01),
    )
    .unwrap();
    let tension = |level: usize| state.levels()[level].tension().get();
    let slice = 0.026 * 0.5 * patient(46.0).mass.weight().get();
    assert!((tension(4) - 300.0).abs() < 1e-9);
    assert!((tension(3) - (300.0 - slice)).abs() < 1e-9);
}

#[test]
fn a_mans_head_weighs_what_the_regression_says() {
    // 1.296 + 0.0171 · 70 + 0.0143 · 175 = 4.9955 kg (B105).
    let man = Patient {
        sex: Some(Sex::Male),
        age_years: 40.0,
        height: Some(Metres::of(1.75)),
        mass: Kilograms::of(70.0),
    };
    assert!((man.head_weight().get() - 4.9955 * si::STANDARD_GRAVITY).abs() < 1e-9);
    let unknown = Patient {
        height: None,
        ..man
    };
    assert!((unknown.head_weight().get() / man.head_weight().get() - 1.0).abs() < 0.05);
}
