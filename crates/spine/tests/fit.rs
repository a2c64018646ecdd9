//! The lumped patient stands for the column it was fitted to, within what is stated.

use si::{Kilograms, Metres, Region};
use spine::anatomy::{Measured, Posture};
use spine::column::{Comfort, Setting, Subject};
use spine::fit::{Fitted, fit};
use spine::lumped::{Lumped, Patient, Sex};
use spine::unknown::Belief;
use spine::world::{Position, Support};

/// Stated bounds over the reference session (ours): largest travel in m, largest force in N.
const BOUNDS: [(Region, f64, f64); 2] = [
    (Region::Lumbar, 3.0e-3, 25.0),
    (Region::Cervical, 3.0e-3, 15.0),
];

fn fitted(region: Region, member: u32) -> (Subject, Setting, Fitted) {
    let patient = Patient {
        sex: Some(Sex::Male),
        age_years: 46.0,
        height: Some(Metres::of(1.75)),
        mass: Kilograms::of(71.0),
    };
    let posture = Posture::neutral(Position::Supine);
    let subject = Subject::new(&patient, &posture, &Measured::default()).expect("a common person");
    let setting = Setting {
        region,
        support: Support::level(true),
        comfort: Comfort::default(),
    };
    let draw = Belief::prior(region).member(member);
    let fitted = fit(&subject, &setting, &draw).expect("a common spine");
    (subject, setting, fitted)
}

#[test]
fn the_lumped_patient_follows_the_column_within_the_stated_bounds() {
    let mut told = String::new();
    let mut sound = true;
    for (region, travel, force) in BOUNDS {
        for member in [0, 3] {
            let (subject, setting, fitted) = fitted(region, member);
            let (before, after) = (fitted.before, fitted.after);
            told += &format!("{region:?} {member}: {before:?} {after:?}\n");
            sound &= after.travel.0 < travel && after.elongation.0 < travel;
            sound &= after.force.0 < force && after.travel.1 < before.travel.1;
            let parameters = &fitted.parameters;
            Lumped::with(&subject.patient, region, &setting.support, parameters)
                .expect("what was fitted is a spine");
        }
    }
    assert!(sound, "{told}");
}

#[test]
fn the_same_person_is_fitted_with_the_same_bits() {
    let told = || fitted(Region::Lumbar, 5).2;
    assert_eq!(told(), told());
}
