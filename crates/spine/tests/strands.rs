//! Laws of ligaments, facets and muscle across one joint.

use proptest::prelude::*;
use spine::anatomy::{JOINTS, Joint};
use spine::chain::Space;
use spine::tables::{self, ligaments::LIGAMENTS};
use spine::tissue::facet::Facets;
use spine::tissue::ligament::Ligaments;
use spine::tissue::muscle::Muscles;
use spine::tissue::toe::Toe;
use spine::tissue::{PACKED, packed};
use spine::unknown::{COUNT, Draw, Unknown};

const L4_L5: usize = 23;
const T6_T7: usize = 13;
const C5_C6: usize = 5;

/// Everything as published, 100 N of tone.
fn draw() -> Draw<f64> {
    let mut draw = Draw([1.0; COUNT]);
    draw.0[Unknown::Tone as usize] = 100.0;
    draw
}

/// A joint of ordinary size.
fn joint(index: usize) -> Joint {
    let size = match index {
        0..=7 => 0.45,
        8..=19 => 0.8,
        _ => 1.0,
    };
    Joint {
        centre: [0.0; 3],
        frame: [[1.0, 0.0, 0.0], [0.0, 1.0, 0.0], [0.0, 0.0, 1.0]],
        height: 0.011 * size,
        wedge: 0.005 * size,
        depth: 0.035 * size,
        width: 0.050 * size,
        area: 1.5e-3 * size * size,
        grade: 2,
        foramen_height: 0.019 * size,
        foramen_area: 1.2e-4 * size * size,
        facet_back: 0.034 * size,
        facet_aside: 0.0174 * size,
        spinous_back: 0.070 * size,
    }
}

/// A law as wrench and tangent of the deformation.
type Law = Box<dyn Fn(&[f64; 6]) -> ([f64; 6], [f64; PACKED])>;

fn laws(index: usize) -> [(&'static str, Law); 3] {
    let (joint, draw) = (joint(index), draw());
    let ligaments = Ligaments::build(&joint, index, &draw);
    let facets = Facets::build(&joint, index, &draw);
    let muscles = Muscles::build(&joint, index, &draw);
    [
        (
            "ligaments",
            Box::new(move |d| {
                let (mut w, mut k) = ([0.0; 6], [0.0; PACKED]);
                ligaments.add::<Space>(d, &mut w);
                ligaments.add_tangent::<Space>(d, &mut k);
                (w, k)
            }),
        ),
        (
            "facets",
            Box::new(move |d| {
                let (mut w, mut k) = ([0.0; 6], [0.0; PACKED]);
                facets.add::<Space>(d, &mut w);
                facets.add_tangent::<Space>(d, &mut k);
                (w, k)
            }),
        ),
        (
            "muscles",
            Box::new(move |d| {
                let (mut w, mut k) = ([0.0; 6], [0.0; PACKED]);
                muscles.add::<Space>(d, 0.0, &mut w);
                muscles.add_tangent::<Space>(d, &mut k);
                (w, k)
            }),
        ),
    ]
}

fn moved(on: usize, by: f64) -> [f64; 6] {
    let mut d = [0.0; 6];
    d[on] = by;
    d
}

fn deformation() -> impl Strategy<Value = [f64; 6]> {
    let length = -4.0e-3..4.0e-3;
    let angle = -0.15..0.15;
    (
        length.clone(),
        length.clone(),
        length,
        angle.clone(),
        angle.clone(),
        angle,
    )
        .prop_map(|(x, y, z, a, b, c)| [x, y, z, a, b, c])
}

proptest! {
    #[test]
    fn the_slope_of_a_toe_is_the_derivative_of_its_force(
        stretch in -2.0e-3..4.0e-3, offset in -1.0e-3..1.0e-3, knee in 1.0e-5..3.0e-3,
    ) {
        let law = Toe::build(2.0e5, offset, knee);
        let h = 1.0e-9;
        let differed = (law.at(stretch + h).0 - law.at(stretch - h).0) / (2.0 * h);
        let slope = law.at(stretch).1;
        prop_assert!((differed - slope).abs() <= 1.0e-4 * 2.0e5, "{differed} {slope}");
        prop_assert!((0.0..=2.0e5 * (1.0 + 1.0e-12)).contains(&slope));
    }

    #[test]
    fn each_tangent_is_the_derivative_of_its_wrench(d in deformation(), index in 0..JOINTS) {
        for (name, law) in laws(index) {
            let (_, k) = law(&d);
            let scale = [1.0, 1.0, 1.0, 0.03, 0.03, 0.03];
            for i in 0..6 {
                for j in 0..6 {
                    let h = 1.0e-8 / scale[j];
                    let (mut up, mut down) = (d, d);
                    up[j] += h;
                    down[j] -= h;
                    let differed = (law(&up).0[i] - law(&down).0[i]) / (2.0 * h);
                    let exact = k[packed(i.max(j), i.min(j))];
                    let allowed = 50.0 * scale[i] * scale[j];
                    prop_assert!(
                        (differed - exact).abs() <= allowed,
                        "{name} of joint {index}, {i} {j}: {differed} {exact}"
                    );
                }
            }
        }
    }

    #[test]
    fn a_mirrored_deformation_has_the_mirrored_wrench(d in deformation(), index in 0..JOINTS) {
        let mirror = [1.0, -1.0, 1.0, -1.0, 1.0, -1.0];
        let image: [f64; 6] = core::array::from_fn(|on| mirror[on] * d[on]);
        for (name, law) in laws(index) {
            let (w, v) = (law(&d).0, law(&image).0);
            for on in 0..6 {
                let off = (w[on] - mirror[on] * v[on]).abs();
                prop_assert!(off <= 1.0e-9 * (1.0 + w[on].abs()), "{name} {on}");
            }
        }
    }

    #[test]
    fn no_law_gives_energy_away(d in deformation(), index in 0..JOINTS) {
        for (name, law) in laws(index) {
            let steps = 2000;
            let mut work = 0.0;
            for step in 0..steps {
                let at = (f64::from(step) + 0.5) / f64::from(steps);
                let w = law(&d.map(|x| x * at)).0;
                work += (0..6).map(|on| w[on] * d[on]).sum::<f64>() / f64::from(steps);
            }
            prop_assert!(work >= -1.0e-6, "{name} of joint {index}: {work} J");
        }
    }

    #[test]
    fn the_axial_force_is_the_axial_part_of_the_wrench(d in deformation(), index in 0..JOINTS) {
        let (joint, draw) = (joint(index), draw());
        let axial = [
            Ligaments::build(&joint, index, &draw).axial::<Space>(&d),
            Facets::build(&joint, index, &draw).axial::<Space>(&d),
            Muscles::build(&joint, index, &draw).axial::<Space>(&d, 0.0),
        ];
        for ((name, law), axial) in laws(index).iter().zip(axial) {
            let w = law(&d).0[2];
            prop_assert!((w - axial).abs() <= 1.0e-9 * (1.0 + w.abs()), "{name}");
        }
    }
}

#[test]
fn at_rest_nothing_acts() {
    for index in 0..JOINTS {
        for (name, law) in laws(index) {
            for one in law(&[0.0; 6]).0 {
                assert!(one.abs() < 1.0e-12, "{name} of joint {index}: {one} N");
            }
        }
    }
}

#[test]
fn a_ligament_is_slack_then_curved_then_straight() {
    let (length, zero_force, transition, k) = (0.010, 0.12, 0.23, 290.0);
    let taut = length * (1.0 + zero_force);
    let law = Toe::build(k / taut, -zero_force * length, transition * taut);
    let published = |stretch: f64| {
        let strain = (length + stretch - taut) / taut;
        if strain <= 0.0 {
            0.0
        } else if strain < transition {
            0.25 * k * strain * strain / (transition / 2.0)
        } else {
            k * (strain - transition / 2.0)
        }
    };
    for step in -10..60 {
        let stretch = f64::from(step) * 1.0e-4;
        let off = (law.at(stretch).0 - published(stretch)).abs();
        assert!(off < 1.0e-9, "{stretch}: {off}");
    }
    assert_eq!(law.rest(), 0.0);
}

#[test]
fn a_loaded_toe_carries_its_load_at_rest() {
    for force in [0.0, 1.0, 5.0, 74.0, 76.0, 400.0] {
        let law = Toe::loaded(150.0e3, force, 1.0e-3);
        assert!((law.rest() - force).abs() < 1.0e-9, "{force}");
    }
}

#[test]
fn lumbar_ligaments_beyond_their_toes_are_as_stiff_as_isolated_ones() {
    let ligaments = Ligaments::build(&joint(L4_L5), L4_L5, &draw());
    let stiffness = |stretch: f64| {
        let mut k = [0.0; PACKED];
        ligaments.add_tangent::<Space>(&moved(2, stretch), &mut k);
        k[packed(2, 2)] / 1.0e3
    };
    let isolated = 40.5 + 25.8 + 2.0 * 33.9 + 27.2 + 11.5 + 23.7;
    let ours = stiffness(0.012);
    assert!((0.7..1.1).contains(&(ours / isolated)), "{ours} N/mm");
    let rest = stiffness(0.0);
    assert!((10.0..40.0).contains(&rest), "{rest} N/mm at rest");
}

#[test]
fn cervical_ligaments_leave_most_of_the_segment_to_the_disc() {
    let ligaments = Ligaments::build(&joint(C5_C6), C5_C6, &draw());
    let mut k = [0.0; PACKED];
    ligaments.add_tangent::<Space>(&moved(2, 0.15e-3), &mut k);
    let share = k[packed(2, 2)] / tables::cervical::STIFFNESS.value;
    assert!((0.02..0.5).contains(&share), "{share}");
}

#[test]
fn flexion_stretches_what_lies_behind_and_slackens_what_lies_in_front() {
    let ligaments = Ligaments::build(&joint(L4_L5), L4_L5, &draw());
    let (rest, bent) = (
        ligaments.strains(&[0.0; 6]),
        ligaments.strains(&moved(4, 0.1)),
    );
    assert!(bent[0] < rest[0], "{}", LIGAMENTS[0].name);
    for which in 1..LIGAMENTS.len() {
        assert!(bent[which] > rest[which], "{}", LIGAMENTS[which].name);
    }
}

#[test]
fn the_worst_ligament_comes_nearer_to_failure_as_the_joint_opens() {
    let ligaments = Ligaments::build(&joint(L4_L5), L4_L5, &draw());
    let mut last = ligaments.worst(&[0.0; 6]);
    assert!((0.0..0.3).contains(&last), "{last} at rest");
    for step in 1..20 {
        let worst = ligaments.worst(&moved(2, f64::from(step) * 0.5e-3));
        assert!(worst > last);
        last = worst;
    }
    assert!(last > 1.0, "9.5 mm of opening tears something: {last}");
}

/// Share of the strain at failure, ligament by ligament, turned about the disc's centre.
fn flexed(degrees: f64) -> [f64; LIGAMENTS.len()] {
    let ligaments = Ligaments::build(&joint(L4_L5), L4_L5, &draw());
    let strains = ligaments.strains(&moved(4, degrees.to_radians()));
    core::array::from_fn(|which| strains[which] / LIGAMENTS[which].failure.value)
}

#[test]
fn ordinary_flexion_tears_no_lumbar_ligament() {
    for (one, share) in LIGAMENTS.iter().zip(flexed(6.0)) {
        assert!(share < 1.0, "{}: {share}", one.name);
    }
}

/// Wrong, and known: ten degrees is far (K011), but it tears nothing (K009, K010).
#[test]
fn far_flexion_passes_limits_that_people_pass_unharmed() {
    for (one, share) in LIGAMENTS.iter().zip(flexed(10.0)) {
        let passes = ["flavum", "interspinous", "supraspinous"].contains(&one.name);
        let expected = if passes { 1.0..1.6 } else { -1.0..1.0 };
        assert!(expected.contains(&share), "{}: {share}", one.name);
    }
}

#[test]
fn the_ligaments_are_copied_without_a_slip() {
    let rows = include_str!("../validation/rows.csv");
    let find = |id: &str| {
        let start = format!("{id},");
        rows.lines().find(|row| row.starts_with(&start)).expect(id)
    };
    for one in LIGAMENTS {
        let [at, t] = [one.zero_force, one.transition].map(|x| format!("{x:.2}"));
        let value = format!(
            ",{} / {at} / {t} / {},",
            one.stiffness[3],
            (one.area * 1.0e7).round() / 10.0
        );
        assert!(find(one.rows[0]).contains(&value), "{} {value}", one.name);
        if let Some(id) = one.rows.get(1) {
            let levels = one.stiffness.map(|k| k.to_string()).join(" / ");
            assert!(find(id).contains(&levels), "{} {levels}", one.name);
        }
    }
}

#[test]
fn no_ligament_fails_before_the_end_of_its_toe() {
    for one in LIGAMENTS {
        assert!(one.failure.low > one.transition, "{}", one.name);
    }
}

/// Where [`LIGAMENTS`] has the ligaments of K001 to K006.
const WITH_A_ROW: [usize; 6] = [0, 1, 2, 3, 4, 6];

/// Small modulus (MPa), transition strain (%), large modulus (MPa), area (mm²), length (mm), load (N).
fn material(id: &str) -> [f64; 6] {
    let start = format!("{id},");
    let mut rows = include_str!("../validation/rows.csv").lines();
    let row = rows.find(|row| row.starts_with(&start));
    let mut fields = row.expect(id).split(',');
    let six = fields.find_map(|field| {
        let figures = field.split(" / ").map(str::parse);
        let figures: Vec<f64> = figures.collect::<Result<_, _>>().ok()?;
        figures.try_into().ok()
    });
    six.expect("six figures")
}

#[test]
fn the_strain_at_failure_is_arithmetic_on_its_published_row() {
    for which in WITH_A_ROW {
        let limit = LIGAMENTS[which].failure;
        let [small, percent, large, area, _, load] = material(limit.rows[0]);
        let transition = percent / 100.0;
        let failure = transition + (load / area - small * transition) / large;
        let off = (limit.value - failure).abs();
        assert!(off <= 5.0e-4, "{}: {failure}", limit.name);
    }
}

#[test]
fn at_its_limit_a_strand_carries_another_load_than_the_published_one() {
    let expected = [0.49, 0.34, 0.22, 0.07, 0.08, 3.25];
    for (which, expected) in WITH_A_ROW.into_iter().zip(expected) {
        let one = LIGAMENTS[which];
        let [.., load] = material(one.failure.rows[0]);
        let beyond = one.failure.value - 0.5 * one.transition;
        let share = one.springs.value * one.stiffness[3] * beyond / load;
        assert!((share - expected).abs() < 0.01, "{}: {share}", one.name);
    }
}

#[test]
fn torsion_presses_one_lumbar_facet_and_frees_the_other() {
    let facets = Facets::build(&joint(L4_L5), L4_L5, &draw());
    let [left, right] = facets.force::<Space>(&moved(5, 0.04));
    assert!(left == 0.0 && right > 50.0, "{left} {right}");
    let per_degree = |index: usize| {
        let mut w = [0.0; 6];
        Facets::build(&joint(index), index, &draw()).add::<Space>(&moved(5, 0.05), &mut w);
        w[5] / 0.05 * 0.01745
    };
    let ours = per_degree(L4_L5);
    assert!(
        (0.5..11.0).contains(&ours),
        "{ours} N m/deg (B056: 6–11 with disc)"
    );
}

#[test]
fn lumbar_facets_resist_forward_shear_more_than_backward_shear() {
    let facets = Facets::build(&joint(L4_L5), L4_L5, &draw());
    let shear = |by: f64| {
        let mut w = [0.0; 6];
        facets.add::<Space>(&moved(0, by), &mut w);
        w[0]
    };
    let ours = shear(3.0e-3) / 3.0;
    assert!(
        ours > 20.0 && ours < 140.0,
        "{ours} N/mm (B055: 53–140 with disc)"
    );
    assert!(shear(3.0e-3) > 10.0 * -shear(-3.0e-3));
}

#[test]
fn a_pull_unloads_the_facets_and_apart_they_do_nothing() {
    for index in [C5_C6, T6_T7, L4_L5] {
        let facets = Facets::build(&joint(index), index, &draw());
        let rest = facets.force::<Space>(&[0.0; 6]);
        assert!(rest[0] > 1.0 && rest[0] == rest[1]);
        let pulled = facets.force::<Space>(&moved(2, 0.5e-3));
        assert!(pulled[0] < rest[0]);
        let apart = moved(2, 5.0e-3);
        assert_eq!(facets.force::<Space>(&apart), [0.0; 2]);
        let mut k = [0.0; PACKED];
        facets.add_tangent::<Space>(&apart, &mut k);
        assert_eq!(k, [0.0; PACKED]);
    }
}

#[test]
fn facets_of_the_neck_carry_more_of_a_compression_than_those_of_the_loin() {
    let axial = |index: usize| {
        -Facets::build(&joint(index), index, &draw()).axial::<Space>(&moved(2, -1e-3))
    };
    assert!(axial(C5_C6) > 2.0 * axial(L4_L5));
}

#[test]
fn guarding_takes_its_force_off_the_disc() {
    let muscles = Muscles::build(&joint(L4_L5), L4_L5, &draw());
    let (mut calm, mut tense) = ([0.0; 6], [0.0; 6]);
    let d = moved(2, 0.5e-3);
    muscles.add::<Space>(&d, 0.0, &mut calm);
    muscles.add::<Space>(&d, 120.0, &mut tense);
    assert!((tense[2] - calm[2] - 120.0).abs() < 1.0e-9);
    assert!(
        tense[4] > calm[4],
        "it acts behind the disc and resists flexion"
    );
    assert!((muscles.axial::<Space>(&d, 120.0) - tense[2]).abs() < 1.0e-9);
}

#[test]
fn passive_muscle_is_small_beside_a_segment() {
    for index in 0..JOINTS {
        let muscles = Muscles::build(&joint(index), index, &draw());
        let force = muscles.axial::<Space>(&moved(2, 1.0e-3), 0.0);
        assert!(force > 0.0 && force < 10.0, "{index}: {force} N at 1 mm");
    }
}

#[test]
fn stiffer_ligaments_and_facets_of_a_person_are_stiffer() {
    let (joint, soft) = (joint(L4_L5), draw());
    let mut hard = soft;
    hard.0[Unknown::Ligaments as usize] = 1.5;
    hard.0[Unknown::Muscle as usize] = 1.5;
    let d = moved(2, 1.0e-3);
    let ratio = Ligaments::build(&joint, L4_L5, &hard).axial::<Space>(&d)
        / Ligaments::build(&joint, L4_L5, &soft).axial::<Space>(&d);
    assert!((ratio - 1.5).abs() < 1.0e-9);
    let ratio = Muscles::build(&joint, L4_L5, &hard).axial::<Space>(&d, 0.0)
        / Muscles::build(&joint, L4_L5, &soft).axial::<Space>(&d, 0.0);
    assert!((ratio - 1.5).abs() < 1.0e-9);
}
