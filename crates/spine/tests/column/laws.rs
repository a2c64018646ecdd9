//! Laws that hold whatever the numbers are: balance, energy, symmetry, order.

use super::{Bench, Hold, Told, degrees, every, lying, setting, subject};
use si::{Metres, Region, Seconds, Segment, Side};
use spine::anatomy::{Coronal, Measured};
use spine::column::{Output, Overall, impose, levels};
use spine::unknown::{Belief, Draw, Unknown};
use spine::world::Carriage;

/// A pull that both regions bear, N.
fn moderate(region: Region) -> f64 {
    match region {
        Region::Lumbar => 300.0,
        Region::Cervical => 100.0,
    }
}

/// The drag of damping (237 N s/m, B029) is all that is missing while a level still creeps.
#[test]
fn what_disc_ligaments_facets_and_muscle_carry_sums_to_what_arrives() {
    for region in [Region::Lumbar, Region::Cervical] {
        let force = moderate(region);
        let pull = Hold::of(force);
        let ensemble = every(&subject(), &setting(region, true), &pull, (600.0, 10.0)).unwrap();
        let told = Told::of(&ensemble, region, 9);
        for member in 0..told.members {
            for level in levels(region) {
                let get = |output| told.level(output, *level, told.last(), member);
                let sum = get(Output::DiscForce)
                    + get(Output::LigamentForce)
                    + get(Output::FacetForce)
                    + get(Output::MuscleForce);
                let arrives = get(Output::ForceShare) * force;
                assert!(
                    (sum - arrives).abs() < 0.05,
                    "{level}: {sum} of {arrives} N"
                );
            }
        }
    }
}

#[test]
fn no_more_arrives_than_is_pulled_and_each_slice_takes_its_friction() {
    for region in [Region::Lumbar, Region::Cervical] {
        let pull = Hold::of(moderate(region));
        let ensemble = every(&subject(), &setting(region, true), &pull, (60.0, 5.0)).unwrap();
        let told = Told::of(&ensemble, region, 9);
        for member in 0..told.members {
            for level in levels(region) {
                let share = told.level(Output::ForceShare, *level, told.last(), member);
                assert!(share > 0.8 && share < 1.02, "{level}: {share}");
            }
            let share = |level| told.level(Output::ForceShare, level, told.last(), member);
            match region {
                Region::Lumbar => assert!(share(Segment::T12L1) < share(Segment::L4L5)),
                Region::Cervical => assert!(share(Segment::C7T1) < share(Segment::C2C3)),
            }
        }
    }
}

fn opens(region: Region, split: bool, slack: f64, draw: impl Fn(usize) -> Draw<f64>) {
    let runs: Vec<Told> = (1..=10)
        .map(|tenth| {
            let pull = Hold::of(f64::from(tenth) * moderate(region) / 4.0);
            let ensemble = every(&subject(), &setting(region, split), &pull, (60.0, 5.0)).unwrap();
            Told::drawn(&ensemble, region, 4, &draw).unwrap()
        })
        .collect();
    for member in 0..4 {
        for level in levels(region) {
            let at = |told: &Told| told.level(Output::Separation, *level, told.last(), member);
            let opened: Vec<f64> = runs.iter().map(at).collect();
            let rises = opened.windows(2).all(|pair| pair[1] > pair[0] - slack);
            assert!(
                rises,
                "{level}, member {member}, split {split}: {opened:?} m"
            );
        }
    }
}

#[test]
fn more_pull_never_opens_a_level_less_on_a_split_couch() {
    for region in [Region::Lumbar, Region::Cervical] {
        let belief = Belief::prior(region);
        opens(region, true, 1e-6, |member| belief.member(member as u32));
    }
}

/// A reflex may close a disc a little under a pull that friction keeps from it: it answers
/// the rate of the pull, not of what arrives. Without the reflex no level closes by more
/// than 0.3 mm, which the pelvis does as it tilts.
#[test]
fn more_pull_never_opens_a_level_less_on_an_unsplit_couch_without_reflex() {
    for region in [Region::Lumbar, Region::Cervical] {
        let belief = Belief::prior(region);
        opens(region, false, 3e-4, |member| {
            let mut draw = belief.member(member as u32);
            draw.0[Unknown::Guarding as usize] = 0.0;
            draw
        });
    }
}

fn curved(side: Side) -> Told {
    let measured = Measured {
        coronal: Some(Coronal {
            cobb: degrees(30.0),
            apex: Segment::T12L1,
            side,
        }),
        ..Measured::default()
    };
    let (subject, setting) = (lying(&measured), setting(Region::Lumbar, true));
    let ensemble = every(&subject, &setting, &Hold::of(300.0), (120.0, 5.0)).unwrap();
    Told::of(&ensemble, Region::Lumbar, 5)
}

/// Every output is of the sagittal plane or has no side, so all must be the same.
#[test]
fn a_curve_to_the_left_opens_as_its_mirror_image_does() {
    let (left, right) = (curved(Side::Left), curved(Side::Right));
    for told in 0..=left.last() {
        for member in 0..left.members {
            for (a, b) in left.row(told, member).iter().zip(right.row(told, member)) {
                assert!((a - b).abs() <= 1e-9 * (1e-3 + a.abs()), "{a} and {b}");
            }
        }
    }
}

#[test]
fn a_pull_that_comes_and_goes_never_gets_work_back() {
    for region in [Region::Lumbar, Region::Cervical] {
        for (member, split) in (0..6).zip([true, false].into_iter().cycle()) {
            let draw = Belief::prior(region).member(member);
            let mut bench = Bench::drawn(&subject(), &setting(region, split), &draw);
            let (mut work, mut most) = (0.0, 0.0_f64);
            for tick in 1..=300 {
                let (force, travel) = (bench.state.applied(), bench.state.travel());
                let t = f64::from(tick) * 0.1;
                let share = (t / 10.0).min(1.0).min((30.0 - t) / 10.0).max(0.0);
                bench.pull(1.5 * moderate(region) * share, 0.1).unwrap();
                let moved = bench.state.travel() - travel;
                work += 0.5 * (force + bench.state.applied()) * moved;
                most = most.max(work);
            }
            assert!(
                work > 0.0 && work < most,
                "{region:?} {member}: {work} of {most} J"
            );
        }
    }
}

#[test]
fn a_carriage_that_goes_to_and_fro_pays_for_every_cycle() {
    for member in 0..6 {
        let draw = Belief::prior(Region::Lumbar).member(member);
        let mut bench = Bench::drawn(&subject(), &setting(Region::Lumbar, true), &draw);
        let (mut work, mut paid) = (0.0, 0.0);
        for tick in 1..=1000 {
            let (force, travel) = (bench.state.applied(), bench.state.travel());
            let way = (core::f64::consts::PI * f64::from(tick) / 100.0).cos();
            let to = 0.02 + 0.02 * (1.0 - way);
            let carriage = Carriage {
                travel: Metres::of(to),
                angle: degrees(0.0),
            };
            let (column, scratch) = (&bench.column, &mut bench.scratch);
            let dt = Seconds::of(0.1);
            impose(column, &mut bench.state, scratch, carriage, dt).unwrap();
            // The state's travel is where the force is; it lies within a micrometre of the carriage.
            assert!((bench.state.travel() - to).abs() < 5e-6);
            if tick > 1 {
                work += 0.5 * (force + bench.state.applied()) * (bench.state.travel() - travel);
            }
            if tick % 200 == 0 {
                assert!(work > paid, "member {member}: {work} after {paid} J");
                paid = work;
            }
        }
    }
}

#[test]
fn what_enters_the_spine_is_told_as_delivered() {
    for (region, level) in [
        (Region::Lumbar, Segment::L5S1),
        (Region::Cervical, Segment::C0C1),
    ] {
        let force = moderate(region);
        let pull = Hold::of(force);
        let ensemble = every(&subject(), &setting(region, true), &pull, (60.0, 5.0)).unwrap();
        let told = Told::of(&ensemble, region, 3);
        for member in 0..3 {
            let delivered = told.overall(Overall::Delivered, told.last(), member);
            let share = told.level(Output::ForceShare, level, told.last(), member);
            assert!((delivered - share * force).abs() < 1e-9 * force);
        }
    }
}
