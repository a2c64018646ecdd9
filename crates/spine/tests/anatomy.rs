//! The person's spine against the published sizes, its own geometry and what it refuses.

use proptest::prelude::*;
use si::{Kilograms, Metres, Radians, Segment, Side};
use spine::anatomy::{
    Anatomy, BODIES, Coronal, JOINTS, Joint, Measured, Person, Position, Posture, Reading, Sex,
};
use spine::tables::{self, discs, geometry, masses};

pub(crate) const SUPINE: Posture = Posture::neutral(Position::Supine);

pub(crate) fn person(sex: Option<Sex>, age_years: f64, height: f64, mass: f64) -> Person {
    Person {
        sex,
        age_years,
        height: Some(Metres::of(height)),
        mass: Kilograms::of(mass),
    }
}

pub(crate) fn man() -> Person {
    person(Some(Sex::Male), 45.0, 1.75, 70.0)
}

fn build(measured: &Measured) -> Anatomy {
    Anatomy::of(&man(), &SUPINE, measured).expect("a person")
}

pub(crate) fn degrees(angle: f64) -> Radians {
    Radians::from_degrees(angle).expect("finite")
}

/// Angle between the endplates of a disc, lordotic positive, rad.
fn angle(joint: &Joint) -> f64 {
    2.0 * libm::atan(0.5 * joint.wedge / joint.depth)
}

/// The rows of the reference table that the tables cite.
const ROWS: &str = include_str!("../validation/rows.csv");

fn row(id: &str) -> &'static str {
    let start = format!("{id},");
    let found = ROWS.lines().find(|line| line.starts_with(&start));
    found.expect("a row that is cited")
}

#[test]
fn disc_heights_are_those_of_the_rows() {
    for (sex, first) in [(Sex::Male, 65), (Sex::Female, 71)] {
        let anatomy = Anatomy::of(
            &person(Some(sex), 45.0, 1.7, 70.0),
            &SUPINE,
            &Measured::default(),
        );
        let anatomy = anatomy.expect("a person");
        for level in 0..6 {
            let row = row(&format!("B{:03}", first + level));
            let cells = row.split(',').collect::<Vec<_>>();
            let unit = cells.iter().position(|cell| *cell == "mm");
            let published = cells[unit.expect("a length") - 1].parse::<f64>();
            let published = published.expect("a number");
            let height = anatomy.joints[19 + level].height;
            assert!((height * 1e3 - published).abs() < 0.005_001, "{row}");
            assert_eq!(height, discs::heights(45.0, Some(sex))[level]);
        }
    }
}

#[test]
fn an_unknown_sex_lies_midway() {
    let height = |sex| {
        let who = person(sex, 45.0, 1.7, 70.0);
        let anatomy = Anatomy::of(&who, &SUPINE, &Measured::default()).expect("a person");
        anatomy.joints[23].height
    };
    let mean = 0.5 * (height(Some(Sex::Male)) + height(Some(Sex::Female)));
    assert!((height(None) - mean).abs() < 1e-15);
}

#[test]
fn the_column_is_as_long_as_published_for_its_stature() {
    for (sex, age, height) in [
        (Some(Sex::Male), 46.0, 1.75),
        (Some(Sex::Female), 30.0, 1.55),
        (None, 70.0, 1.95),
    ] {
        let who = person(sex, age, height, 71.0);
        let anatomy = Anatomy::of(&who, &SUPINE, &Measured::default()).expect("a person");
        let published = (height * 100.0 - 47.258) / 2.069 / 100.0;
        let length = anatomy.column_length().get();
        assert!((length - published).abs() < 1e-12, "{length} {published}");
        let part = published * 0.7;
        for (bone, share) in anatomy.bones[20..25].iter().zip(geometry::BODY_SHARES) {
            assert!((bone.height - share * part).abs() < 1e-12);
        }
    }
}

#[test]
fn the_published_shares_and_lines_are_copied_without_a_slip() {
    let shares = geometry::BODY_SHARES.map(|share| format!("{:.2}", share * 100.0));
    assert!(row("B078").contains(&shares.join(" ")));
    assert!(row("B077").contains("(H-47.258)/2.069"));
    let [upper, lower] = geometry::endplate_widths(0.025);
    assert!(row("B079").contains("W=1.6836 hL-1.598 ; 1.7618 hL-0.7654"));
    assert!((upper * 1e3 - (1.6836 * 25.0 - 1.598)).abs() < 1e-12);
    assert!((lower * 1e3 - (1.7618 * 25.0 - 0.7654)).abs() < 1e-12);
    let [upper, lower] = geometry::endplate_depths(0.025);
    assert!(row("B080").contains("D=1.2326 hL+2.838 ; 1.1348 hL+5.3909"));
    assert!((upper * 1e3 - (1.2326 * 25.0 + 2.838)).abs() < 1e-12);
    assert!((lower * 1e3 - (1.1348 * 25.0 + 5.3909)).abs() < 1e-12);
    let wedges = [
        "10.23/7.85",
        "12.62/8.76",
        "14.33/9.00",
        "16.91/9.24",
        "17.63/7.95",
    ];
    for (level, (heights, wedge)) in wedges.iter().zip(geometry::WEDGES).enumerate() {
        assert!(row(&format!("B{:03}", 81 + level)).contains(heights));
        let (front, back) = heights.split_once('/').expect("two heights");
        let number = |text: &str| text.parse::<f64>().expect("a number");
        assert!((number(front) - number(back) - wedge).abs() < 1e-9);
    }
}

#[test]
fn the_disc_of_the_pressure_subject_has_nearly_his_area() {
    // B013: L4–L5 1,800 mm² in a man of 45 years and 70 kg; his stature is not in the row.
    let area = build(&Measured::default()).joints[23].area * 1e6;
    assert!((area / 1800.0 - 1.0).abs() < 0.1, "{area}");
    let spread = tables::person::AREA;
    let (low, high) = (spread.low, spread.high);
    assert!((area * low..area * high).contains(&1800.0));
}

#[test]
fn slices_sum_to_the_person_and_weights_to_the_slices() {
    for sex in [Some(Sex::Male), Some(Sex::Female), None] {
        let who = person(sex, 50.0, 1.7, 83.0);
        let anatomy = Anatomy::of(&who, &SUPINE, &Measured::default()).expect("a person");
        assert!((anatomy.mass().get() - 83.0).abs() < 1e-9);
        let whole = anatomy.weight_above(JOINTS - 1) + anatomy.lower_body_weight();
        assert!((whole.get() - who.mass.weight().get()).abs() < 1e-9);
        assert_eq!(anatomy.weight_above(0), anatomy.head_weight());
        assert_eq!(
            anatomy.weight_above(usize::MAX),
            anatomy.weight_above(JOINTS)
        );
        let lower = anatomy.lower_body_weight().get() / whole.get();
        assert!((0.47..0.54).contains(&lower), "{lower}");
        let moments = anatomy.bones.iter().flat_map(|bone| bone.inertia);
        assert!(moments.into_iter().all(|one| one > 0.0));
    }
}

#[test]
fn the_published_masses_are_copied_without_a_slip() {
    let slices = masses::SLICES.map(|share| format!("{:.1}", share * 100.0));
    let (chest, loins) = slices.split_at(12);
    assert!(row("B106").contains(&format!("{} | {}", chest.join(" "), loins.join(" "))));
    // Men / women, % of body mass.
    let pair = |id: &str| {
        let cell = row(id).split(',').find(|cell| {
            cell.split_once(" / ")
                .is_some_and(|(men, _)| men.parse::<f64>().is_ok())
        });
        let (men, women) = cell
            .and_then(|cell| cell.split_once(" / "))
            .expect("a pair");
        [men, women].map(|text| text.parse::<f64>().expect("a number") / 100.0)
    };
    let (pelvis, leg, arm) = (pair("B097"), pair("B099"), pair("B098"));
    for sex in 0..2 {
        assert!((masses::LOWER_BODY[sex] - pelvis[sex] - 2.0 * leg[sex]).abs() < 1e-12);
        assert!((masses::ARMS[sex] - 2.0 * arm[sex]).abs() < 1e-12);
    }
    for parts in [
        masses::ARMS_ON.iter().sum::<f64>(),
        geometry::NECK_BEND.iter().sum(),
    ] {
        assert!((parts - 1.0).abs() < 1e-12);
    }
}

#[test]
fn a_measured_slice_is_kept_and_the_others_share_the_rest() {
    let mut measured = Measured::default();
    measured.masses[24] = Some(Kilograms::of(4.0));
    let (usual, own) = (build(&Measured::default()), build(&measured));
    assert!((own.bones[24].mass - 4.0).abs() < 1e-15);
    assert!((own.mass().get() - 70.0).abs() < 1e-9);
    let ratio = own.bones[3].mass / usual.bones[3].mass;
    assert!((own.bones[25].mass / usual.bones[25].mass - ratio).abs() < 1e-12);
    assert_eq!(own.joints, usual.joints);
}

/// Everything of a joint but its place.
fn shape(joint: &Joint) -> Joint {
    Joint {
        centre: [0.0; 3],
        ..*joint
    }
}

#[test]
fn a_measured_disc_changes_itself_and_nothing_else() {
    let usual = build(&Measured::default());
    let mut measured = Measured::default();
    for reading in [
        Reading::DiscHeight(Metres::of(0.008)),
        Reading::Grade(4),
        Reading::DiscArea(2.1e-3),
    ] {
        measured.read("L4-L5", reading).expect("a disc");
    }
    let own = build(&measured);
    for j in (0..JOINTS).filter(|&j| j != 23) {
        assert_eq!(shape(&own.joints[j]), shape(&usual.joints[j]), "{j}");
    }
    let disc = own.joints[23];
    assert_eq!((disc.height, disc.grade, disc.area), (0.008, 4, 2.1e-3));
    assert_eq!(disc.wedge, usual.joints[23].wedge);
    for (mine, theirs) in own.bones.iter().zip(&usual.bones) {
        assert_eq!(
            (mine.tilt, mine.height, mine.mass),
            (theirs.tilt, theirs.height, theirs.mass)
        );
    }
    let lost = usual.column_length() - own.column_length();
    assert!((lost.get() - (usual.joints[23].height - 0.008)).abs() < 1e-12);
}

#[test]
fn a_worn_disc_is_lower_and_a_sound_grade_is_not() {
    let usual = build(&Measured::default()).joints[23].height;
    let height = |grade| {
        let mut measured = Measured::default();
        measured
            .read("L4-L5", Reading::Grade(grade))
            .expect("a grade");
        build(&measured).joints[23].height
    };
    assert_eq!([1, 2, 3].map(height), [usual; 3]);
    assert!(height(5) < height(4) && height(4) < usual);
}

/// Lordosis L1–S1 and kyphosis T1–T12, read off the wedges of the discs and the tilts of the bones.
fn curves(anatomy: &Anatomy) -> (f64, f64) {
    let face = |bone: usize, joint: usize, sign: f64| {
        // A disc's frame is half its angle away from either endplate.
        let [x, _, z] = anatomy.joints[joint].frame[2];
        let tilt = libm::atan2(x, z) + sign * 0.5 * angle(&anatomy.joints[joint]);
        assert!((tilt - anatomy.bones[bone].tilt).abs() < 0.3);
        tilt
    };
    let lordosis = anatomy.bones[25].tilt - face(20, 19, 1.0);
    let kyphosis = face(8, 7, 1.0) - face(19, 19, -1.0);
    (lordosis.to_degrees(), kyphosis.to_degrees())
}

#[test]
fn lordosis_and_kyphosis_are_what_was_asked() {
    let (lordosis, kyphosis) = curves(&build(&Measured::default()));
    assert!((lordosis - 52.0).abs() < 1e-9 && (kyphosis - 36.0).abs() < 1e-9);
    for asked in [5.0, 30.0, 60.0, 85.0] {
        for grade in [2, 5] {
            let measured = Measured {
                lordosis: Some(degrees(asked)),
                kyphosis: Some(degrees(asked)),
                grades: [Some(grade); JOINTS],
                ..Measured::default()
            };
            let (lordosis, kyphosis) = curves(&build(&measured));
            assert!((lordosis - asked).abs() < 1e-9, "{lordosis} {asked}");
            assert!((kyphosis - asked).abs() < 1e-9, "{kyphosis} {asked}");
        }
    }
}

#[test]
fn raised_legs_flatten_the_loins_and_leave_the_bones() {
    let flat = Posture::neutral(Position::SupineLegsRaised);
    let raised = Anatomy::of(&man(), &flat, &Measured::default()).expect("a person");
    let straight = build(&Measured::default());
    let loss = straight.joints[20..].iter().map(angle).sum::<f64>()
        - raised.joints[20..].iter().map(angle).sum::<f64>();
    let expected = geometry::LEGS_RAISED.value * geometry::LORDOSIS.value;
    assert!(
        (loss - expected).abs() < 1e-12,
        "discs alone follow posture"
    );
    assert!(raised.bones[25].tilt < straight.bones[25].tilt);
    assert!(raised.joints[24].foramen_height > straight.joints[24].foramen_height);
}

#[test]
fn a_bent_neck_opens_the_back_of_its_discs_and_turns_the_head_by_as_much() {
    let bent = Posture {
        neck_flexion: degrees(25.0),
        ..SUPINE
    };
    let bent = Anatomy::of(&man(), &bent, &Measured::default()).expect("a person");
    let neutral = build(&Measured::default());
    let turn = (bent.bones[0].tilt - neutral.bones[0].tilt).to_degrees();
    assert!((turn - 25.0).abs() < 1e-9, "{turn}");
    for j in 2..8 {
        assert!(bent.joints[j].wedge < neutral.joints[j].wedge);
    }
    assert_eq!(bent.bones[8..], neutral.bones[8..]);
}

#[test]
fn the_head_is_level_whatever_the_chest_does() {
    for kyphosis in [10.0, 36.0, 80.0] {
        let measured = Measured {
            kyphosis: Some(degrees(kyphosis)),
            sagittal_offset: Some(Metres::of(0.04)),
            ..Measured::default()
        };
        assert!(build(&measured).bones[0].tilt.abs() < 1e-12);
    }
}

#[test]
fn a_sagittal_offset_is_met_above_the_loins() {
    let usual = build(&Measured::default());
    for mm in [-80.0, 0.0, 35.0, 80.0] {
        let measured = Measured {
            sagittal_offset: Metres::from_mm(mm),
            ..Measured::default()
        };
        let own = build(&measured);
        let sacrum = own.bones[25];
        let [forward, _, up] = sacrum.axes();
        // A bone's depth is the mean of its endplates'.
        let s1_depth = 2.0 * sacrum.depth / (1.0 + geometry::SACRUM_TAPERS[1]);
        let corner = up[0] * 0.5 * sacrum.height - forward[0] * 0.5 * s1_depth;
        let off = (own.bones[7].origin[0] - corner) * 1e3;
        assert!((off - mm).abs() < 1e-6, "{off} {mm}");
        assert_eq!(own.joints[20..], usual.joints[20..]);
    }
}

fn scoliosis(cobb: f64, apex: Segment, side: Side) -> Anatomy {
    let coronal = Coronal {
        cobb: degrees(cobb),
        apex,
        side,
    };
    build(&Measured {
        coronal: Some(coronal),
        ..Measured::default()
    })
}

#[test]
fn left_and_right_curves_mirror_each_other() {
    for &apex in &Segment::ALL[4..=22] {
        let left = scoliosis(35.0, apex, Side::Left);
        let right = scoliosis(35.0, apex, Side::Right);
        for (l, r) in left.bones.iter().zip(&right.bones) {
            assert_eq!(l.origin, [r.origin[0], -r.origin[1], r.origin[2]]);
            assert_eq!((l.tilt, l.lean), (r.tilt, -r.lean));
        }
        for (l, r) in left.joints.iter().zip(&right.joints) {
            let flipped = |axis: [f64; 3]| [axis[0], -axis[1], axis[2]];
            assert_eq!(l.centre, flipped(r.centre));
            assert_eq!(l.frame[0], flipped(r.frame[0]));
            assert_eq!(l.frame[2], flipped(r.frame[2]));
        }
    }
}

#[test]
fn a_coronal_curve_has_its_angle_and_bulges_to_its_side() {
    let anatomy = scoliosis(35.0, Segment::T8T9, Side::Right);
    let leans = anatomy.bones.map(|bone| bone.lean.to_degrees());
    let most = leans.iter().fold(0.0_f64, |most, lean| most.max(*lean));
    let least = leans.iter().fold(0.0_f64, |least, lean| least.min(*lean));
    assert!((most - least - 35.0).abs() < 1e-9);
    let apex = anatomy.joints[Segment::T8T9.index()].centre[1];
    let bulge = anatomy.joints.iter().map(|joint| joint.centre[1].abs());
    assert!(apex < 0.0, "right is negative y");
    assert!(bulge.fold(0.0, f64::max) < 1.1 * apex.abs());
    assert!((anatomy.bones[25].lean, anatomy.bones[0].lean) == (0.0, 0.0));
}

fn dot(a: [f64; 3], b: [f64; 3]) -> f64 {
    a.iter().zip(b).map(|(x, y)| x * y).sum()
}

/// Joints lie midway between the endplates that face each other, in right-handed orthonormal frames.
fn stacked(anatomy: &Anatomy) -> Result<(), TestCaseError> {
    for (j, joint) in anatomy.joints.iter().enumerate() {
        let [x, y, z] = joint.frame;
        for (a, b, wanted) in [
            (x, x, 1.0),
            (y, y, 1.0),
            (z, z, 1.0),
            (x, y, 0.0),
            (y, z, 0.0),
            (z, x, 0.0),
        ] {
            prop_assert!((dot(a, b) - wanted).abs() < 1e-12);
        }
        let cross = [
            x[1] * y[2] - x[2] * y[1],
            x[2] * y[0] - x[0] * y[2],
            x[0] * y[1] - x[1] * y[0],
        ];
        prop_assert!((dot(cross, z) - 1.0).abs() < 1e-12);
        prop_assert!(joint.height > 0.5 * joint.wedge.abs());
        prop_assert!(joint.foramen_height > 0.0 && joint.facet_back >= 0.0);
        if j == 0 {
            continue;
        }
        let face = |bone: usize, sign: f64| -> [f64; 3] {
            let bone = &anatomy.bones[bone];
            let up = bone.axes()[2];
            core::array::from_fn(|k| bone.origin[k] + sign * 0.5 * bone.height * up[k])
        };
        let (below, above) = (face(j + 1, 1.0), face(j, -1.0));
        for k in 0..3 {
            prop_assert!((0.5 * (below[k] + above[k]) - joint.centre[k]).abs() < 1e-12);
            prop_assert!((above[k] - below[k] - joint.height * z[k]).abs() < 1e-12);
        }
    }
    prop_assert!(
        anatomy
            .bones
            .iter()
            .all(|bone| bone.height > 0.0 && bone.mass > 0.0)
    );
    prop_assert_eq!(anatomy.bones.len(), BODIES);
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(200))]

    #[test]
    fn joints_lie_midway_between_endplates_in_everybody(
        sex in 0..3_usize, age in 10.0..110.0_f64, height in 1.0..2.3_f64, mass in 20.0..350.0_f64,
        position in 0..3_usize, flexion in -30.0..45.0_f64, lordosis in 0.0..85.0_f64,
        kyphosis in 5.0..90.0_f64, cobb in 0.0..60.0_f64, apex in 4..=22_usize, grade in 1..=5_u8,
        offset in -0.08..0.08_f64,
    ) {
        let who = person([None, Some(Sex::Female), Some(Sex::Male)][sex], age, height, mass);
        let posture = Posture {
            position: [Position::Supine, Position::SupineLegsRaised, Position::Prone][position],
            neck_flexion: degrees(flexion),
        };
        let measured = Measured {
            lordosis: Some(degrees(lordosis)),
            kyphosis: Some(degrees(kyphosis)),
            coronal: Some(Coronal { cobb: degrees(cobb), apex: Segment::ALL[apex], side: Side::Left }),
            grades: [Some(grade); JOINTS],
            sagittal_offset: Metres::new(offset),
            ..Measured::default()
        };
        let anatomy = Anatomy::of(&who, &posture, &measured);
        prop_assert!(anatomy.is_ok());
        if let Ok(anatomy) = anatomy {
            stacked(&anatomy)?;
            prop_assert!((anatomy.mass().get() - mass).abs() < 1e-9 * mass);
        }
    }
}
