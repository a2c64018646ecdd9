//! The spine from the side.

use crate::picture::{CAPTION, count, read};
use draw::{LevelView, Pose, SpineView, spine};
use si::{Interval, Metres, Region, Segment};

fn level(segment: Segment, mm: f64) -> LevelView {
    let at = |mm| Metres::from_mm(mm).unwrap();
    LevelView {
        segment,
        opening: Interval::new(at(mm - 0.5), at(mm), at(mm + 0.5)),
        target: segment == Segment::L5S1,
    }
}

fn view<'a>(region: Region, pose: Pose, levels: &'a [LevelView]) -> SpineView<'a> {
    SpineView {
        caption: CAPTION,
        region,
        pose,
        width: 320.0,
        levels,
        full_scale: Metres::of(1e-3),
        exaggeration: 4.0,
        note: "Opening in mm, each ± 0.5",
    }
}

#[test]
fn every_region_and_pose_draws_its_bones_discs_and_nerves() {
    for region in Region::ALL {
        for pose in [Pose::Upright, Pose::Lying] {
            let tags = read(&spine(&view(region, pose, &[])));
            assert_eq!(count(&tags, "ds"), 6);
            assert_eq!(count(&tags, "d0"), 6, "unknown discs stay palest");
            assert_eq!(count(&tags, "nv"), 6);
            assert!(count(&tags, "bd") >= 13);
        }
    }
}

#[test]
fn every_level_with_a_value_is_named_and_coloured_by_it() {
    let levels: Vec<LevelView> = Segment::of(Region::Lumbar)
        .iter()
        .zip([0.05, 0.2, 0.5, 0.7, 1.2])
        .map(|(segment, mm)| level(*segment, mm))
        .collect();
    let svg = spine(&view(Region::Lumbar, Pose::Upright, &levels));
    let tags = read(&svg);
    for class in ["d1", "d2", "d3", "d4"] {
        assert_eq!(count(&tags, class), 1, "{class}");
    }
    assert_eq!(count(&tags, "d0"), 2, "one small, T12–L1 unknown");
    for words in [">L1–L2<", ">L5–S1<", ">1.2<", ">0.5<"] {
        assert!(svg.contains(words), "{words}");
    }
}

#[test]
fn an_unknown_opening_is_a_dash_and_not_a_zero() {
    let unknown = [LevelView {
        segment: Segment::L4L5,
        opening: None,
        target: false,
    }];
    let svg = spine(&view(Region::Lumbar, Pose::Lying, &unknown));
    assert!(svg.contains(">–<") && !svg.contains(">0.0<"));
}

#[test]
fn an_opening_lifts_the_bones_above_it_and_leaves_those_below() {
    let bodies = |levels: &[LevelView]| -> Vec<String> {
        let tags = read(&spine(&view(Region::Lumbar, Pose::Upright, levels)));
        tags.into_iter()
            .filter(|tag| tag.contains("class=\"bd\""))
            .collect()
    };
    let (shut, open) = (bodies(&[]), bodies(&[level(Segment::L3L4, 1.0)]));
    let same = shut.iter().zip(&open).filter(|(one, other)| one == other);
    // Sacrum, and arch and body of L5 and L4, stay; L3 to T12 move.
    assert_eq!(same.count(), 5);
    assert_eq!(shut.len(), open.len());
}

#[test]
fn the_picture_keeps_its_size_while_discs_open() {
    let head = |levels: &[LevelView]| {
        let svg = spine(&view(Region::Lumbar, Pose::Lying, levels));
        svg[..svg.find("role").unwrap()].to_owned()
    };
    assert_eq!(head(&[]), head(&[level(Segment::L5S1, 2.0)]));
}

#[test]
fn the_widest_opening_is_the_darkest_disc() {
    let levels = [level(Segment::L5S1, 1.2), level(Segment::L4L5, 0.15)];
    let tags = read(&spine(&view(Region::Lumbar, Pose::Upright, &levels)));
    let discs: Vec<&String> = tags
        .iter()
        .filter(|tag| tag.contains("class=\"ds "))
        .collect();
    assert!(
        discs[0].contains("ds d4"),
        "L5–S1 is the lowest: {}",
        discs[0]
    );
    assert!(discs[1].contains("ds d1"), "{}", discs[1]);
}

#[test]
fn what_is_drawn_larger_moves_that_much_further() {
    let top = |exaggeration| -> f64 {
        let levels = [level(Segment::L3L4, 1.0)];
        let tags = read(&spine(&SpineView {
            exaggeration,
            ..view(Region::Lumbar, Pose::Upright, &levels)
        }));
        let body = tags
            .iter()
            .rfind(|tag| tag.contains("class=\"bd\""))
            .unwrap();
        let start = body.split(" d=\"M").nth(1).unwrap();
        start.split([' ', 'Q']).nth(1).unwrap().parse().unwrap()
    };
    let (none, twice, four) = (top(0.0), top(2.0), top(4.0));
    assert!(((none - four) / (none - twice) - 2.0).abs() < 0.05);
}
