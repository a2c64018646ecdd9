//! What the anatomy refuses, and how it says so.

use crate::anatomy::{SUPINE, degrees, man, person};
use si::{Kilograms, Metres, Radians, Segment, Side};
use spine::anatomy::{Anatomy, AnatomyError, Coronal, Measured, Person, Posture, Reading};

fn refused(measured: &Measured) -> AnatomyError {
    Anatomy::of(&man(), &SUPINE, measured).expect_err("nobody's")
}

#[test]
fn what_nobody_has_is_refused_with_place_value_and_remedy() {
    let usual = Measured::default();
    let mut low = usual;
    low.disc_heights[23] = Some(Metres::of(-0.003));
    assert_eq!(
        refused(&low).to_string(),
        "measured.disc_height[L4-L5]: -3 mm is outside 0.5 to 25 mm; give a value inside the range, or none"
    );
    let mut graded = usual;
    graded.grades[24] = Some(9);
    assert_eq!(
        refused(&graded).to_string(),
        "measured.grade[L5-S1]: 9 Pfirrmann is outside 1 to 5 Pfirrmann; give a value inside the range, or none"
    );
    let mut level = usual;
    let told = level
        .read("L6-S1", Reading::Grade(3))
        .expect_err("no level");
    assert_eq!(
        told.to_string(),
        "measured.level: no level \"L6-S1\"; name a segment from C0-C1 to L5-S1"
    );
    assert_eq!(level, usual, "a refused reading leaves nothing behind");
    let told = level.read("L4-L5", Reading::DiscArea(f64::NAN));
    assert_eq!(told.expect_err("no number").place(), "measured.disc_area");
}

#[test]
fn a_person_that_nobody_is_is_refused() {
    let of = |who: Person| {
        let built = Anatomy::of(&who, &SUPINE, &Measured::default());
        built.expect_err("nobody").to_string()
    };
    assert_eq!(
        of(person(None, 300.0, 1.75, 70.0)),
        "patient.age_years: 300 a is outside 10 to 110 a; give a value inside the range"
    );
    assert!(of(person(None, 40.0, -1.75, 70.0)).starts_with("patient.height: -1.75 m"));
    assert!(of(person(None, 40.0, 1.75, 0.0)).starts_with("patient.mass: 0 kg"));
}

#[test]
fn a_shape_that_nobody_has_is_refused_by_place() {
    let usual = Measured::default();
    let far = Some(degrees(140.0));
    let mut shapes = [usual; 5];
    shapes[0].lordosis = far;
    shapes[1].kyphosis = Some(degrees(0.0));
    shapes[2].cervical_lordosis = far;
    shapes[3].sacral_slope = Some(Radians::raw(f64::NAN));
    shapes[4].sagittal_offset = Some(Metres::of(0.4));
    let places = shapes.map(|shape| refused(&shape).place());
    let asked = [
        "lordosis",
        "kyphosis",
        "cervical_lordosis",
        "sacral_slope",
        "sagittal_offset",
    ];
    assert_eq!(places, asked.map(|name| format!("measured.{name}")));
    let stiff = Posture {
        neck_flexion: degrees(80.0),
        ..SUPINE
    };
    let told = Anatomy::of(&man(), &stiff, &usual).expect_err("no neck");
    assert_eq!(told.place(), "posture.neck_flexion");
}

#[test]
fn a_coronal_curve_that_is_none_is_refused() {
    let place = |cobb, apex| {
        let side = Side::Left;
        let cobb = degrees(cobb);
        let coronal = Some(Coronal { cobb, apex, side });
        let measured = Measured {
            coronal,
            ..Measured::default()
        };
        refused(&measured).place()
    };
    assert_eq!(place(90.0, Segment::L1L2), "measured.coronal.cobb");
    assert_eq!(place(20.0, Segment::L5S1), "measured.coronal.apex");
    assert_eq!(place(20.0, Segment::C1C2), "measured.coronal.apex");
}

#[test]
fn slices_heavier_than_the_person_are_refused() {
    let place = |bone: usize, kg: f64| {
        let mut measured = Measured::default();
        measured.masses[bone] = Some(Kilograms::raw(kg));
        refused(&measured).to_string()
    };
    assert!(place(3, -1.0).starts_with("measured.masses: -1 kg is outside"));
    assert_eq!(
        place(25, 66.0),
        "measured.masses: slices of 66 kg in a person of 70 kg; give slices that leave at least a tenth of the person"
    );
}
