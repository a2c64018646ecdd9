//! Laws of the statics of standing, bending and lifting.

use si::{Kilograms, Metres};
use spine::anatomy::{Anatomy, JOINTS, Measured, Person, Position, Posture, Sex};
use spine::stance::{Stance, Statics, added};

const L4L5: usize = 23;

fn man(mass: f64) -> Anatomy {
    let person = Person {
        sex: Some(Sex::Male),
        age_years: 45.0,
        height: Some(Metres::of(1.74)),
        mass: Kilograms::of(mass),
    };
    Anatomy::of(
        &person,
        &Posture::neutral(Position::Supine),
        &Measured::default(),
    )
    .expect("a usual man")
}

fn load(anatomy: &Anatomy, stance: Stance, joint: usize) -> f64 {
    added(anatomy, stance, joint, &Statics::nominal()).get()
}

#[test]
fn lying_adds_nothing_at_any_level() {
    let man = man(70.0);
    for joint in 0..=JOINTS {
        assert!(load(&man, Stance::Lying, joint).abs() <= 0.0);
    }
}

#[test]
fn standing_carries_more_than_the_weight_above_and_more_at_each_lower_level() {
    let man = man(70.0);
    for joint in 0..JOINTS {
        let above = man.weight_above(joint).get();
        assert!(load(&man, Stance::Standing, joint) > above);
        let higher = joint
            .checked_sub(1)
            .map(|up| load(&man, Stance::Standing, up));
        assert!(higher.is_none_or(|higher| higher < load(&man, Stance::Standing, joint)));
    }
}

#[test]
fn load_goes_with_the_body_unless_something_is_lifted() {
    let (light, heavy) = (man(60.0), man(120.0));
    let above = |one: &Anatomy| one.weight_above(L4L5).get();
    for stance in [Stance::Standing, Stance::Flexed, Stance::Nonchalant] {
        let per = |one: &Anatomy| load(one, stance, L4L5) / above(one);
        assert!(
            (per(&light) / per(&heavy) - 1.0).abs() < 0.1,
            "{stance:?}: {} {}",
            per(&light),
            per(&heavy)
        );
    }
    let per = |one: &Anatomy| load(one, Stance::Holding, L4L5) / above(one);
    assert!(per(&light) > 1.2 * per(&heavy));
}

#[test]
fn a_longer_lever_of_the_muscles_spares_the_disc() {
    let man = man(70.0);
    let short = Statics::nominal();
    let long = Statics {
        lever: 1.2 * short.lever,
        ..short
    };
    for stance in [Stance::Standing, Stance::Flexed, Stance::LiftingRound] {
        assert!(added(&man, stance, L4L5, &long) < added(&man, stance, L4L5, &short));
    }
}

#[test]
fn bending_and_reaching_load_more_than_standing_and_a_back_rest_less() {
    let man = man(70.0);
    let of = |stance| load(&man, stance, L4L5);
    let order = [
        Stance::Nonchalant,
        Stance::Standing,
        Stance::Walking,
        Stance::SittingFlexed,
        Stance::Flexed,
        Stance::LiftingKnees,
        Stance::LiftingRound,
    ];
    for pair in order.windows(2) {
        assert!(of(pair[0]) < of(pair[1]), "{pair:?}");
    }
}
