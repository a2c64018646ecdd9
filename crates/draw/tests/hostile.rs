//! Whatever text and numbers come in, a picture comes out.

use crate::picture::read;
use draw::{
    Axis, Band, Caption, Course, Curve, DiscView, Fence, IntervalRow, IntervalRows, Line, LineKind,
    Mark, Now, Pose, Recorded, Score, Sparkline, SpineView, Stretch, Window, course, curve,
    interval_rows, recorded, sparkline, spine, typical_bones,
};
use proptest::prelude::*;
use si::{Metres, Segment};

const ATTACK: &str = "</title><script>alert(\"1\")</script>&'\u{0}\u{1b}";

fn escaped(svg: &str) {
    read(svg);
    assert!(svg.contains("&lt;/title&gt;&lt;script&gt;alert(&quot;1&quot;)"));
}

#[test]
fn text_from_outside_stays_text_wherever_it_is_put() {
    let caption = Caption {
        id: "a\" onload=\"x",
        title: ATTACK,
        desc: ATTACK,
    };
    let points = [(0.0, 1.0), (60.0, 2.0)];
    escaped(&curve(&Curve {
        caption,
        size: (400.0, 200.0),
        x: Axis::minutes(60.0, ATTACK),
        y: Axis::new(0.0, 3.0, ATTACK),
        bands: &[Band {
            low: &points,
            high: &points,
            label: ATTACK,
        }],
        lines: &[Line {
            kind: LineKind::Measured,
            label: ATTACK,
            points: &points,
        }],
        fences: &[Fence {
            at: 1.0,
            label: ATTACK,
        }],
        now: Some(Now {
            at: 30.0,
            label: ATTACK,
        }),
    }));
    escaped(&interval_rows(&IntervalRows {
        caption,
        width: 300.0,
        heading: ATTACK,
        unit: ATTACK,
        rows: &[IntervalRow {
            label: ATTACK,
            low: 0.0,
            mid: 1.0,
            high: 2.0,
            strong: true,
        }],
        bare: false,
        decimals: 1,
    }));
}

/// Any number at all, the ones that are none among them.
fn number() -> impl Strategy<Value = f64> {
    prop_oneof![
        4 => -1e4..1e4_f64,
        1 => any::<f64>(),
        1 => Just(f64::NAN),
        1 => Just(f64::INFINITY),
        1 => Just(0.0),
    ]
}

fn points() -> impl Strategy<Value = Vec<(f64, f64)>> {
    proptest::collection::vec((number(), number()), 0..12)
}

fn caption(words: &str) -> Caption<'_> {
    Caption {
        id: words,
        title: words,
        desc: words,
    }
}

proptest! {
    #[test]
    fn no_numbers_break_a_curve_or_a_small_line(
        one in points(),
        other in points(),
        ends in (number(), number(), number(), number()),
        words in "[ -~é–<>&\"']{0,12}",
        filled: bool,
    ) {
        prop_assume!(!words.contains("on") && !words.contains("inf"));
        let of = Curve {
            caption: caption(&words),
            size: (400.0, 200.0),
            x: Axis { low: ends.0, high: ends.1, unit: &words, per_unit: ends.2 },
            y: Axis::new(ends.2, ends.3, &words),
            bands: &[Band { low: &one, high: &other, label: &words }],
            lines: &[
                Line { kind: LineKind::SetPoint, label: &words, points: &one },
                Line { kind: LineKind::Measured, label: &words, points: &other },
            ],
            fences: &[Fence { at: ends.0, label: &words }],
            now: Some(Now { at: ends.1, label: &words }),
        };
        let svg = curve(&of);
        read(&svg);
        prop_assert_eq!(svg, curve(&of));
        read(&sparkline(&Sparkline {
            caption: caption(&words),
            size: (100.0, 40.0),
            points: &one,
            limit: Some(ends.3),
            filled,
        }));
        read(&recorded(&Recorded {
            caption: caption(&words),
            size: (400.0, 200.0),
            seconds: ends.1,
            force: (&one, &words),
            set_point: (&other, &words),
            ceiling: (&one, &words),
            phases: &[Stretch { from: ends.0, to: ends.1, label: &words, pulls: filled }],
            stops: &[Mark { at: ends.2, label: &words }],
        }));
    }

    #[test]
    fn no_numbers_break_rows_or_a_course(
        rows in proptest::collection::vec((number(), number(), number()), 0..6),
        scores in proptest::collection::vec((number(), proptest::option::of(number())), 0..8),
        highest in number(),
        baseline in proptest::option::of(number()),
    ) {
        let rows: Vec<IntervalRow<'_>> = rows
            .iter()
            .map(|(low, mid, high)| IntervalRow {
                label: "L5–S1", low: *low, mid: *mid, high: *high, strong: false,
            })
            .collect();
        read(&interval_rows(&IntervalRows {
            caption: caption("p"), width: 320.0, heading: "Opens", unit: "mm",
            rows: &rows, bare: false, decimals: 1,
        }));
        let days: Vec<f64> = scores.iter().map(|score| score.0).collect();
        let scores: Vec<Score> =
            scores.iter().map(|(day, value)| Score { day: *day, value: *value }).collect();
        read(&course(&Course {
            caption: caption("p"), size: (400.0, 200.0), scores: &scores, highest,
            higher_is_better: scores.len() % 2 == 1, baseline, meaningful: 2.0, band_label: "a change", until: 0.0, sessions: &days,
            day_unit: "days", session_label: "sessions",
        }));
    }

    #[test]
    fn no_opening_breaks_the_spine(mm in number(), width in 0.0..900.0_f64, scale in number()) {
        let bones = typical_bones();
        let discs = Segment::ALL.iter().map(|segment| DiscView {
            segment: *segment,
            opening_front: Metres::raw(mm),
            opening_back: Metres::raw(-mm),
            shade: Some(scale),
            label: "<0>",
            target: false,
        });
        let discs: Vec<DiscView<'_>> = discs.collect();
        for window in [Window::Lumbar, Window::Cervical, Window::Whole] {
            for pose in [Pose::Upright, Pose::Lying] {
                read(&spine(&SpineView {
                    caption: caption("p"), bones: &bones, discs: &discs, window, pose, width,
                    exaggeration: scale, note: "n",
                }));
            }
        }
    }
}
