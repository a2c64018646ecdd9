//! The spine from the side.

use crate::picture::{CAPTION, count, read};
use draw::{BONES, Bone, DiscView, Pose, SpineView, Window, spine, typical_bones};
use si::{Metres, Radians, Region, Segment};

fn disc(segment: Segment, front: f64, back: f64) -> DiscView<'static> {
    DiscView {
        segment,
        opening_front: Metres::from_mm(front).unwrap(),
        opening_back: Metres::from_mm(back).unwrap(),
        shade: Some(0.5 * (front + back)),
        label: "",
        target: segment == Segment::L5S1,
    }
}

fn view<'a>(
    window: Window,
    pose: Pose,
    bones: &'a [Bone; BONES],
    discs: &'a [DiscView<'a>],
) -> SpineView<'a> {
    SpineView {
        caption: CAPTION,
        bones,
        discs,
        window,
        pose,
        width: 320.0,
        exaggeration: 4.0,
        note: "Opening in mm, each ± 0.5",
    }
}

fn lumbar(discs: &[DiscView<'_>]) -> String {
    spine(&view(
        Window::Lumbar,
        Pose::Upright,
        &typical_bones(),
        discs,
    ))
}

/// The `d` of every mark of a class, in order.
fn paths(svg: &str, class: &str) -> Vec<String> {
    let wanted = format!("class=\"{class}\"");
    let tags = read(svg).into_iter().filter(|tag| tag.contains(&wanted));
    let d = |tag: String| tag.split(" d=\"").nth(1).unwrap_or_default().to_owned();
    tags.map(d).collect()
}

/// The points of a path that its curve passes through.
fn through(d: &str) -> Vec<(f64, f64)> {
    d.split(['M', 'C', 'Z', '"'])
        .filter_map(|piece| {
            let mut numbers = piece.split(' ').map(str::parse::<f64>);
            let all: Vec<f64> = numbers.by_ref().map_while(Result::ok).collect();
            let [.., x, y] = all[..] else { return None };
            Some((x, y))
        })
        .collect()
}

#[test]
fn every_window_and_pose_draws_its_bones_discs_canal_and_roots() {
    let bones = typical_bones();
    for (window, discs) in [
        (Window::Lumbar, 6),
        (Window::Cervical, 6),
        (Window::Whole, 23),
    ] {
        for pose in [Pose::Upright, Pose::Lying] {
            let tags = read(&spine(&view(window, pose, &bones, &[])));
            for (class, wanted) in [("ds", discs), ("d0", discs), ("nv", discs), ("cd", 1)] {
                assert_eq!(count(&tags, class), wanted, "{class} in {window:?}");
            }
            assert!(count(&tags, "bd") >= 2 * discs, "bodies and arches");
            assert!(count(&tags, "cn") >= 1, "the canal");
        }
    }
}

#[test]
fn the_sacrum_ends_in_a_coccyx_and_shows_its_canal() {
    let tags = read(&lumbar(&[]));
    // T12–L5 with arch, body and transverse process; sacrum; four bones of the coccyx.
    assert_eq!(count(&tags, "bd"), 6 * 3 + 1 + 4);
    assert_eq!(count(&tags, "cn"), 2);
    assert_eq!(count(&tags, "bl"), 4, "seams of the sacrum");
    assert_eq!(count(&tags, "st"), 3, "strands of the cauda equina");
}

#[test]
fn a_region_has_its_window() {
    assert_eq!(Window::from(Region::Lumbar), Window::Lumbar);
    assert_eq!(Window::from(Region::Cervical), Window::Cervical);
}

#[test]
fn every_level_with_a_value_is_named_and_coloured_by_it() {
    let levels: Vec<DiscView<'_>> = Segment::of(Region::Lumbar)
        .iter()
        .zip([
            (0.05, "0.1"),
            (0.2, "0.2"),
            (0.5, "0.5"),
            (0.7, "0.7"),
            (1.2, "1.2"),
        ])
        .map(|(segment, (mm, label))| DiscView {
            label,
            ..disc(*segment, mm, mm)
        })
        .collect();
    let svg = lumbar(&levels);
    let tags = read(&svg);
    for class in ["d1", "d2", "d3", "d4"] {
        assert_eq!(count(&tags, class), 1, "{class}");
    }
    assert_eq!(count(&tags, "d0"), 2, "one small, T12–L1 without a value");
    for words in [">L1–L2<", ">L5–S1<", ">1.2<", ">0.5<", ">L4<"] {
        assert!(svg.contains(words), "{words}");
    }
}

#[test]
fn an_unknown_value_has_a_dashed_edge_and_is_not_a_zero() {
    let unknown = DiscView {
        shade: None,
        label: "–",
        ..disc(Segment::L4L5, 0.0, 0.0)
    };
    let dashed = |discs: &[DiscView<'_>]| lumbar(discs).matches("stroke-dasharray").count();
    assert_eq!(dashed(&[unknown]), 1);
    assert_eq!(dashed(&[disc(Segment::L4L5, 0.0, 0.0)]), 0);
    assert!(lumbar(&[unknown]).contains(">–<"));
}

#[test]
fn an_opening_lifts_the_bones_above_it_and_leaves_those_below() {
    let bones = |mm| paths(&lumbar(&[disc(Segment::L3L4, mm, mm)]), "bd");
    let (shut, open) = (bones(0.0), bones(1.0));
    let moved: Vec<bool> = shut.iter().zip(&open).map(|(a, b)| a != b).collect();
    // Drawn from T12 downwards, three marks a vertebra: T12–L3 move, L4 to the coccyx stay.
    let (above, below) = moved.split_at(4 * 3);
    assert!(above.iter().all(|moved| *moved) && below.iter().all(|moved| !*moved));
}

#[test]
fn a_gap_that_opens_more_behind_changes_the_wedge() {
    // The corners of the L4–L5 disc, in the order of its outline: front below, front above,
    // back above, back below.
    let wedge = |front, back| {
        let svg = lumbar(&[disc(Segment::L4L5, front, back)]);
        let discs: Vec<String> = read(&svg)
            .into_iter()
            .filter(|tag| tag.contains("class=\"ds"))
            .collect();
        let at = through(discs[4].split(" d=\"").nth(1).unwrap());
        let height = |one: usize, other: usize| {
            let (x, y) = (at[one].0 - at[other].0, at[one].1 - at[other].1);
            (x * x + y * y).sqrt()
        };
        height(0, 2) - height(7, 5)
    };
    let (even, behind, before) = (wedge(0.5, 0.5), wedge(0.0, 1.0), wedge(1.0, 0.0));
    assert!(
        behind < even - 2.0 && before > even + 2.0,
        "{behind} {even} {before}"
    );
}

#[test]
fn the_picture_is_of_these_bones() {
    let bones = typical_bones();
    let mut taller = bones;
    for bone in &mut taller {
        bone.depth = bone.depth * 1.3;
    }
    let draw = |bones| {
        paths(
            &spine(&view(Window::Lumbar, Pose::Upright, bones, &[])),
            "bd",
        )
    };
    assert_ne!(draw(&bones), draw(&taller));
}

#[test]
fn the_picture_keeps_its_size_while_discs_open() {
    let bones = typical_bones();
    let head = |mm| {
        let discs = [disc(Segment::L5S1, mm, mm)];
        let svg = spine(&view(Window::Lumbar, Pose::Lying, &bones, &discs));
        svg[..svg.find("role").unwrap()].to_owned()
    };
    assert_eq!(head(0.0), head(2.0));
}

#[test]
fn what_is_drawn_larger_moves_that_much_further() {
    let bones = typical_bones();
    let top = |exaggeration| -> f64 {
        let discs = [disc(Segment::L3L4, 1.0, 1.0)];
        let svg = spine(&SpineView {
            exaggeration,
            ..view(Window::Lumbar, Pose::Upright, &bones, &discs)
        });
        through(&paths(&svg, "bd")[0])[0].1
    };
    let (none, twice, four) = (top(0.0), top(2.0), top(4.0));
    assert!(((none - four) / (none - twice) - 2.0).abs() < 0.05);
}

#[test]
fn labels_stand_apart_and_inside_the_picture() {
    let bones = typical_bones();
    let discs: Vec<DiscView<'_>> = Segment::ALL
        .iter()
        .map(|segment| DiscView {
            label: "0.3",
            ..disc(*segment, 0.3, 0.3)
        })
        .collect();
    let svg = spine(&SpineView {
        width: 1200.0,
        ..view(Window::Whole, Pose::Lying, &bones, &discs)
    });
    let places: Vec<f64> = svg
        .split("<text ")
        .filter(|text| text.contains(">0.3<"))
        .map(|text| {
            let x = text.split(" x=\"").nth(1).unwrap();
            x.split('"').next().unwrap().parse().unwrap()
        })
        .collect();
    assert_eq!(places.len(), 25);
    assert!(
        places.windows(2).all(|pair| pair[1] - pair[0] > 40.0),
        "{places:?}"
    );
    assert!(places[0] > 0.0 && places[24] < 1200.0);
}

#[test]
fn a_bone_that_is_nowhere_leaves_a_hole_and_no_broken_number() {
    let mut bones = typical_bones();
    bones[22].x = Metres::raw(f64::NAN);
    bones[23].tilt = Radians::raw(f64::INFINITY);
    for pose in [Pose::Upright, Pose::Lying] {
        for window in [Window::Lumbar, Window::Whole] {
            read(&spine(&view(
                window,
                pose,
                &bones,
                &[disc(Segment::L4L5, 1.0, 0.0)],
            )));
        }
    }
}
