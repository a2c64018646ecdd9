//! Curves, rows, courses and small lines.

use crate::picture::{CAPTION, count, read};
use draw::{
    Axis, Band, BodyView, Course, Curve, Facing, Fence, IntervalRow, IntervalRows, Line, LineKind,
    Mark, Now, Part, Recorded, Score, Sparkline, Stretch, body, course, curve, interval_rows,
    recorded, sparkline,
};

const SET: [(f64, f64); 4] = [(0.0, 0.0), (60.0, 190.0), (540.0, 190.0), (600.0, 0.0)];

fn session<'a>(lines: &'a [Line<'a>]) -> Curve<'a> {
    Curve {
        caption: CAPTION,
        size: (700.0, 240.0),
        x: Axis::minutes(600.0, "min"),
        y: Axis::new(0.0, 240.0, "N"),
        bands: &[],
        lines,
        fences: &[],
        now: None,
    }
}

fn line<'a>(kind: LineKind, points: &'a [(f64, f64)], label: &'a str) -> Line<'a> {
    Line {
        kind,
        label,
        points,
    }
}

#[test]
fn a_session_shows_set_point_measured_force_fence_and_now() {
    let measured = [(0.0, 0.0), (60.0, 185.0), (200.0, 188.0)];
    let lines = [
        line(LineKind::SetPoint, &SET, "set-point"),
        line(LineKind::Measured, &measured, "measured"),
    ];
    let svg = curve(&Curve {
        fences: &[Fence {
            at: 209.0,
            label: "209 N fence",
        }],
        now: Some(Now {
            at: 200.0,
            label: "now",
        }),
        ..session(&lines)
    });
    let tags = read(&svg);
    for class in ["setp", "meas", "area", "lim", "now", "dot"] {
        assert_eq!(count(&tags, class), 1, "{class}");
    }
    for words in [
        ">set-point<",
        ">measured<",
        ">209 N fence<",
        ">now<",
        ">10 min<",
        ">N<",
    ] {
        assert!(svg.contains(words), "{words}");
    }
}

#[test]
fn a_fence_outside_the_axis_is_not_drawn_somewhere_else() {
    let lines = [line(LineKind::SetPoint, &SET, "")];
    let svg = curve(&Curve {
        fences: &[Fence {
            at: 900.0,
            label: "far",
        }],
        ..session(&lines)
    });
    assert!(!svg.contains("far"));
    assert_eq!(count(&read(&svg), "lim"), 0);
}

#[test]
fn a_broken_sample_leaves_a_gap_and_not_a_zero() {
    let measured = [
        (0.0, 100.0),
        (60.0, 100.0),
        (70.0, f64::NAN),
        (80.0, 100.0),
        (90.0, 90.0),
    ];
    let lines = [line(LineKind::Measured, &measured, "")];
    let tags = read(&curve(&session(&lines)));
    let path = tags
        .iter()
        .find(|tag| tag.contains("class=\"meas\""))
        .unwrap();
    let d = path.split(" d=\"").nth(1).unwrap();
    assert_eq!(d.matches('M').count(), 2, "{d}");
    assert_eq!(d.matches('L').count(), 2, "{d}");
}

#[test]
fn a_long_recording_stays_a_small_picture() {
    let measured: Vec<(f64, f64)> = (0..120_000)
        .map(|tick| (f64::from(tick) * 0.005, 150.0 + f64::from(tick % 7) * 0.05))
        .collect();
    let lines = [line(LineKind::Measured, &measured, "")];
    let svg = curve(&session(&lines));
    assert!(svg.len() < 60_000, "{} bytes", svg.len());
}

#[test]
fn labels_at_the_ends_of_lines_do_not_cover_each_other() {
    let near = [(0.0, 0.0), (600.0, 100.0)];
    let nearer = [(0.0, 0.0), (600.0, 101.0)];
    let lines = [
        line(LineKind::Estimate, &near, "one"),
        line(LineKind::Estimate, &nearer, "two"),
    ];
    let svg = curve(&session(&lines));
    let y = |words: &str| -> f64 {
        let before = svg.split(&format!(">{words}<")).next().unwrap();
        let value = before.rsplit(" y=\"").next().unwrap();
        value.trim_end_matches('"').parse().unwrap()
    };
    assert!(y("one") - y("two") >= 14.9, "{} {}", y("one"), y("two"));
}

#[test]
fn a_band_is_shaded_and_kept_inside_the_frame() {
    let (low, high) = (
        [(0.0, -900.0), (600.0, 20.0)],
        [(0.0, 10.0), (600.0, 900.0)],
    );
    let svg = curve(&Curve {
        bands: &[Band {
            low: &low,
            high: &high,
            label: "how sure",
        }],
        ..session(&[])
    });
    let tags = read(&svg);
    assert_eq!(count(&tags, "band"), 1);
    let band = tags.iter().find(|tag| tag.contains("band")).unwrap();
    let d = band.split(" d=\"").nth(1).unwrap().trim_end_matches("\"/");
    for number in d
        .split(['M', 'L', 'Z', ' '])
        .filter(|part| !part.is_empty())
    {
        assert!(
            (0.0..=700.0).contains(&number.parse::<f64>().unwrap()),
            "{d}"
        );
    }
}

#[test]
fn an_interval_across_zero_is_drawn_across_the_line_at_zero() {
    let row = |label, low, mid, high| IntervalRow {
        label,
        low,
        mid,
        high,
        strong: false,
    };
    let rows = [row("L4–L5", -0.2, 0.3, 0.8), row("L5–S1", 0.1, 0.6, 1.1)];
    let svg = interval_rows(&IntervalRows {
        caption: CAPTION,
        width: 360.0,
        heading: "Opens",
        unit: "mm",
        rows: &rows,
        bare: false,
        decimals: 1,
    });
    let tags = read(&svg);
    let ends = |class: &str| -> Vec<(f64, f64)> {
        let lines = tags
            .iter()
            .filter(|tag| tag.contains(&format!("class=\"{class}\"")));
        lines
            .map(|tag| {
                let d = tag.split(" d=\"M").nth(1).unwrap();
                let number = |text: &str| text.split(' ').next().unwrap().parse().unwrap();
                (number(d), number(d.split('L').nth(1).unwrap()))
            })
            .collect()
    };
    let zero = ends("ax2")[0].0;
    let whiskers = ends("whisk d");
    assert!(whiskers[0].0 < zero && zero < whiskers[0].1);
    assert!(whiskers[1].0 > zero);
    assert!(svg.contains(">−0.2 to 0.8<"));
}

#[test]
fn a_missed_check_in_is_a_ring_and_breaks_the_line() {
    let score = |day, value| Score { day, value };
    let scores = [
        score(0.0, Some(7.0)),
        score(2.0, Some(6.0)),
        score(3.0, None),
        score(7.0, Some(5.0)),
        score(9.0, Some(4.0)),
    ];
    let svg = course(&Course {
        caption: CAPTION,
        size: (520.0, 240.0),
        scores: &scores,
        highest: 10.0,
        higher_is_better: false,
        baseline: Some(7.0),
        meaningful: 2.0,
        band_label: "a change people notice",
        until: 0.0,
        sessions: &[0.0, 3.0, 7.0],
        day_unit: "days",
        session_label: "sessions",
    });
    let tags = read(&svg);
    assert_eq!(count(&tags, "dot"), 4);
    assert_eq!(count(&tags, "gap"), 1);
    assert_eq!(count(&tags, "band"), 1);
    assert_eq!(count(&tags, "setp"), 3, "one mark a session");
    let line = tags
        .iter()
        .find(|tag| tag.contains("class=\"meas\""))
        .unwrap();
    assert_eq!(line.split(" d=\"").nth(1).unwrap().matches('M').count(), 2);
}

#[test]
fn a_course_without_a_baseline_claims_no_change() {
    let svg = course(&Course {
        caption: CAPTION,
        size: (520.0, 240.0),
        scores: &[],
        highest: 10.0,
        higher_is_better: false,
        baseline: None,
        meaningful: 2.0,
        band_label: "a change people notice",
        until: 0.0,
        sessions: &[],
        day_unit: "days",
        session_label: "sessions",
    });
    assert_eq!(count(&read(&svg), "band"), 0);
    assert!(!svg.contains("people notice"));
}

#[test]
fn a_small_line_is_filled_down_to_zero_under_its_limit() {
    let svg = sparkline(&Sparkline {
        caption: CAPTION,
        size: (150.0, 60.0),
        points: &SET,
        limit: Some(209.0),
        filled: true,
    });
    let tags = read(&svg);
    for class in ["area", "lim", "meas", "ax2"] {
        assert_eq!(count(&tags, class), 1, "{class}");
    }
}

/// The attribute of the text element that holds `words`.
fn of_text(svg: &str, words: &str, attribute: &str) -> f64 {
    let before = svg.split(&format!(">{words}<")).next().unwrap();
    let element = before.rsplit("<text").next().unwrap();
    let value = element.split(&format!(" {attribute}=\"")).nth(1).unwrap();
    value.split('"').next().unwrap().parse().unwrap()
}

#[test]
fn ticks_stand_where_their_values_are() {
    let svg = curve(&session(&[]));
    // 44 px on the left, 16 on the right of 700: 640 px for 10 min.
    assert!((of_text(&svg, "10 min", "x") - 684.0).abs() < 0.01);
    assert!((of_text(&svg, "5", "x") - 364.0).abs() < 0.01 || svg.contains(">6<"));
    assert!(
        (of_text(&svg, "0", "x") - 36.0).abs() < 0.01,
        "first zero: the vertical axis"
    );
}

#[test]
fn labels_at_the_top_stay_inside_the_picture() {
    let high = [(0.0, 0.0), (600.0, 239.0)];
    let lines = [
        line(LineKind::Estimate, &high, "one"),
        line(LineKind::Estimate, &high, "two"),
    ];
    let svg = curve(&session(&lines));
    for words in ["one", "two"] {
        assert!(of_text(&svg, words, "y") >= 26.0, "{words}");
    }
}

/// A course of 200 px from 10 to 0 below a margin of 18, with its band from 5 down.
fn banded(scores: &[Score]) -> String {
    course(&Course {
        caption: CAPTION,
        size: (520.0, 266.0),
        scores,
        highest: 10.0,
        higher_is_better: false,
        baseline: Some(7.0),
        meaningful: 2.0,
        band_label: "band",
        until: 0.0,
        sessions: &[],
        day_unit: "days",
        session_label: "",
    })
}

#[test]
fn a_change_people_notice_begins_below_the_baseline() {
    let svg = banded(&[]);
    // A score of 5 lies at 118.
    let tags = read(&svg);
    let band = tags
        .iter()
        .find(|tag| tag.contains("class=\"band\""))
        .unwrap();
    assert!(band.contains("d=\"M36 118L"), "{band}");
}

#[test]
fn rows_use_the_width_and_a_small_minus_is_zero() {
    let rows = [IntervalRow {
        label: "L1–L2",
        low: -0.6,
        mid: -0.01,
        high: 1.4,
        strong: true,
    }];
    let svg = interval_rows(&IntervalRows {
        caption: CAPTION,
        width: 348.0,
        heading: "",
        unit: "",
        rows: &rows,
        bare: false,
        decimals: 1,
    });
    // The axis runs from 64 over 200 px; the whisker reaches to within a tenth of its ends.
    let tags = read(&svg);
    let whisker = tags.iter().find(|tag| tag.contains("whisk")).unwrap();
    let d = whisker.split(" d=\"M").nth(1).unwrap();
    let ends: Vec<f64> = d
        .split('L')
        .map(|end| end.split(' ').next().unwrap().parse().unwrap())
        .collect();
    assert!(
        (64.0..84.0).contains(&ends[0]) && (244.0..264.0).contains(&ends[1]),
        "{d}"
    );
    assert!(svg.contains(">0.0<"), "the value, not a negative zero");
    assert!(!svg.contains("−0.0"));
}

#[test]
fn a_recorded_session_shows_its_lines_its_phases_and_where_it_stopped() {
    let phases = [
        Stretch {
            from: 0.0,
            to: 60.0,
            label: "ramp",
            pulls: false,
        },
        Stretch {
            from: 60.0,
            to: 540.0,
            label: "hold",
            pulls: true,
        },
        Stretch {
            from: 540.0,
            to: 541.0,
            label: "unloading",
            pulls: false,
        },
    ];
    let stops = [
        Mark {
            at: 540.0,
            label: "patient-switch",
        },
        Mark {
            at: 9_000.0,
            label: "never",
        },
    ];
    let svg = recorded(&Recorded {
        caption: CAPTION,
        size: (900.0, 360.0),
        seconds: 600.0,
        force: (&SET, "force"),
        set_point: (&SET, "set point"),
        ceiling: (&[(0.0, 210.0), (600.0, 210.0)], "ceiling"),
        phases: &phases,
        stops: &stops,
    });
    let tags = read(&svg);
    assert_eq!(count(&tags, "band"), 3, "a strip for each phase");
    assert_eq!(
        count(&tags, "now"),
        1,
        "a stop outside the time is not drawn"
    );
    for words in [
        "force",
        "set point",
        "ceiling",
        "ramp",
        "hold",
        "patient-switch",
    ] {
        assert!(svg.contains(&format!(">{words}</text>")), "{words}");
    }
    assert!(!svg.contains(">unloading<"), "no room for the word");
}

#[test]
fn the_words_of_a_band_stand_where_no_score_is() {
    let score = |value| Score {
        day: 3.0,
        value: Some(value),
    };
    let label_of = |scores: &[Score]| of_text(&banded(scores), "band", "y");
    assert!(
        (label_of(&[score(7.0), score(2.0)]) - 134.0).abs() < 0.5,
        "at its top"
    );
    assert!(
        (label_of(&[score(7.0), score(4.0)]) - 210.0).abs() < 0.5,
        "at its foot"
    );
}

/// A body with these areas marked.
fn of_body(facing: Facing, part: Part, marked: &[&str]) -> Vec<String> {
    read(&body(&BodyView {
        caption: CAPTION,
        facing,
        part,
        marked,
        sides: ["left", "right"],
    }))
}

#[test]
fn every_area_of_the_body_can_be_tapped_and_a_marked_one_is_marked_where_it_is_seen() {
    for part in [Part::Upper, Part::Lower] {
        for area in part.areas() {
            let views = [Facing::Back, Facing::Front].map(|facing| of_body(facing, part, &[&area]));
            let named = format!("data-area=\"{area}\"");
            let count = |class: &str| {
                let class = format!("class=\"{class}\"");
                let tags = views.iter().flatten();
                tags.filter(|tag| tag.contains(&class) && tag.contains(&named))
                    .count()
            };
            assert!(count("tap") > 0, "{area}");
            assert_eq!(count("tap"), count("zone on"), "{area}");
            assert_eq!(count("zone"), 0, "{area}");
        }
    }
}

#[test]
fn from_behind_the_left_is_on_the_left_and_from_the_front_on_the_right() {
    for (facing, on_the_left) in [(Facing::Back, true), (Facing::Front, false)] {
        let marked = ["foot-left"];
        let tags = of_body(facing, Part::Lower, &marked);
        let zone = tags
            .iter()
            .find(|tag| tag.contains("zone on"))
            .expect("a zone");
        let start = zone.split(" d=\"M").nth(1).expect("a path");
        // A band begins at the middle and goes outwards.
        let across: Vec<f64> = start
            .split(['L', ' '])
            .step_by(2)
            .take(2)
            .map(|x| x.parse().expect("a number"))
            .collect();
        assert_eq!(across[1] < across[0], on_the_left, "{zone}");
    }
}
