//! The same spine gives the same bits: on every kernel, beside any neighbour, every time.

use super::{Hold, Told, every, setting, subject};
use si::Region;
use spine::column::Kernel;
use spine::unknown::Belief;

const MEMBERS: usize = 11;

fn cycle(force: f64) -> Hold {
    Hold {
        until: 60.0,
        ..Hold::of(force)
    }
}

fn told(region: Region, kernel: Kernel, who: &[u32]) -> Told {
    let force = if region == Region::Lumbar {
        400.0
    } else {
        120.0
    };
    let ensemble = every(
        &subject(),
        &setting(region, false),
        &cycle(force),
        (80.0, 4.0),
    )
    .unwrap();
    let belief = Belief::prior(region);
    Told::drawn(&ensemble.on(kernel), region, who.len(), |at| {
        belief.member(who[at])
    })
    .unwrap()
}

#[test]
fn every_kernel_gives_the_same_bits_for_every_member() {
    let all: Vec<u32> = (0..MEMBERS as u32).collect();
    for region in [Region::Lumbar, Region::Cervical] {
        let plain = told(region, Kernel::Baseline, &all);
        assert!(plain.all_finite());
        for kernel in Kernel::ALL.into_iter().filter(|kernel| kernel.is_here()) {
            let other = told(region, kernel, &all);
            for member in 0..MEMBERS {
                assert!(
                    plain.bits(member) == other.bits(member),
                    "{kernel:?} {region:?} {member}"
                );
            }
        }
    }
}

#[test]
fn a_member_does_not_feel_its_neighbours() {
    let lanes = Kernel::best().lanes() as u32;
    let who: Vec<u32> = (0..2 * lanes).collect();
    let among = told(Region::Lumbar, Kernel::best(), &who);
    // Other neighbours, another lane.
    let turned: Vec<u32> = who
        .iter()
        .rev()
        .map(|m| if m % 3 == 0 { *m } else { m + 100 })
        .collect();
    let moved = told(Region::Lumbar, Kernel::best(), &turned);
    for (place, member) in turned.iter().enumerate() {
        if member % 3 == 0 && *member < 2 * lanes {
            let same = moved.bits(place) == among.bits(*member as usize);
            assert!(same, "member {member} at place {place}");
        }
    }
}

#[test]
fn a_member_alone_equals_itself_in_a_batch() {
    let all: Vec<u32> = (0..16).collect();
    let among = told(Region::Cervical, Kernel::best(), &all);
    for member in [0, 5, 15] {
        let alone = told(Region::Cervical, Kernel::best(), &[member]);
        assert!(alone.bits(0) == among.bits(member as usize), "{member}");
    }
}

#[test]
fn the_same_question_gives_the_same_bits_twice() {
    let all: Vec<u32> = (0..9).collect();
    let ask = || told(Region::Lumbar, Kernel::best(), &all);
    let (one, other) = (ask(), ask());
    assert!((0..9).all(|member| one.bits(member) == other.bits(member)));
}
