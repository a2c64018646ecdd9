//! Points of feeling: every root once a side, on the side of the patient, by its shape.

use draw::{Caption, Facing, Feeling, FeelingView, Part, RootFeeling, feeling, roots_shown};
use si::{Region, Root};

use crate::picture::read;

fn drawn(part: Part, facing: Facing, roots: &[RootFeeling<'_>]) -> Vec<String> {
    read(&feeling(&FeelingView {
        caption: Caption {
            id: "feeling",
            title: "Feeling",
            desc: "Points",
        },
        facing,
        part,
        roots,
        sides: ["left", "right"],
    }))
}

#[test]
fn every_root_that_is_examined_is_shown_once() {
    for (region, part) in [
        (Region::Lumbar, Part::Lower),
        (Region::Cervical, Part::Upper),
    ] {
        let mut shown: Vec<_> = roots_shown(part, Facing::Front)
            .chain(roots_shown(part, Facing::Back))
            .collect();
        shown.sort_unstable();
        let mut examined: Vec<_> = Root::examined_in(region)
            .iter()
            .map(|root| root.as_str())
            .collect();
        examined.sort_unstable();
        assert_eq!(shown, examined);
    }
}

#[test]
fn each_finding_has_a_shape_of_its_own_and_what_is_not_told_is_not_tested() {
    for (felt, class) in [
        (Feeling::Untested, "felt-unknown"),
        (Feeling::Normal, "dot"),
        (Feeling::Altered, "felt-altered"),
        (Feeling::Absent, "felt-absent"),
    ] {
        let roots = [RootFeeling {
            root: "L5",
            left: felt,
            right: Feeling::Normal,
        }];
        let tags = drawn(Part::Lower, Facing::Front, &roots);
        let of = |root: &str, side: &str| {
            let (root, side) = (
                format!("data-root=\"{root}\""),
                format!("data-side=\"{side}\""),
            );
            let mut tags = tags
                .iter()
                .filter(|tag| tag.contains(&root) && tag.contains(&side));
            let tag = tags.next().expect("a point").clone();
            assert!(tags.next().is_none(), "one point a side");
            tag
        };
        let class = format!("class=\"{class}\"");
        assert!(of("L5", "left").contains(&class), "{felt:?}");
        assert!(of("L5", "right").contains("class=\"dot\""));
        assert!(of("L4", "left").contains("class=\"felt-unknown\""));
    }
}

#[test]
fn the_patients_left_is_on_the_right_from_the_front_and_on_the_left_from_behind() {
    for (facing, root, left_is_right) in [(Facing::Front, "S1", true), (Facing::Back, "S2", false)]
    {
        let roots = [RootFeeling {
            root,
            left: Feeling::Normal,
            right: Feeling::Normal,
        }];
        let tags = drawn(Part::Lower, facing, &roots);
        let across = |side: &str| {
            let side = format!("data-side=\"{side}\"");
            let tag = tags
                .iter()
                .find(|tag| tag.contains(&side) && tag.contains("\"dot\""));
            let cx = tag
                .and_then(|tag| tag.split("cx=\"").nth(1))
                .expect("a disc");
            cx.split('"')
                .next()
                .and_then(|x| x.parse::<f64>().ok())
                .expect("a number")
        };
        assert_eq!(across("left") > across("right"), left_is_right);
    }
}
