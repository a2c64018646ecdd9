//! The band of change that people notice lies on the better side.

use draw::{Course, Score, course};

use crate::picture::{CAPTION, read};

/// The corners of the band, upper and lower edge.
fn band(first: f64, higher_is_better: bool) -> Option<(f64, f64)> {
    let svg = course(&Course {
        caption: CAPTION,
        size: (520.0, 240.0),
        scores: &[Score {
            day: 0.0,
            value: Some(first),
        }],
        highest: 10.0,
        higher_is_better,
        baseline: Some(first),
        meaningful: 2.0,
        band_label: "a change people notice",
        until: 0.0,
        sessions: &[],
        day_unit: "days",
        session_label: "sessions",
    });
    let tags = read(&svg);
    let band = tags.iter().find(|tag| tag.contains("class=\"band\""))?;
    let path = band.split(" d=\"").nth(1)?.split('"').next()?;
    let numbers = path.split(|c: char| !c.is_ascii_digit() && c != '.');
    let numbers: Vec<f64> = numbers.filter_map(|number| number.parse().ok()).collect();
    let heights = numbers.chunks(2).map(|point| point[1]);
    let (top, foot) = (
        heights.clone().fold(f64::MAX, f64::min),
        heights.fold(0.0, f64::max),
    );
    Some((top, foot))
}

#[test]
fn where_higher_is_better_the_band_lies_above_the_first_score() {
    let (top, foot) = band(4.0, true).unwrap();
    let (lower_top, lower_foot) = band(4.0, false).unwrap();
    assert!(top < foot && foot < lower_top && lower_top < lower_foot);
    assert_eq!(band(9.0, true), None, "no score can be so much better");
    assert_eq!(band(1.0, false), None);
}

#[test]
fn two_courses_share_their_days_and_long_words_fold() {
    let score = |day, value| Score {
        day,
        value: Some(value),
    };
    let drawn = |day| {
        course(&Course {
            caption: CAPTION,
            size: (340.0, 200.0),
            scores: &[score(0.0, 7.0), score(day, 4.0)],
            highest: 10.0,
            higher_is_better: false,
            baseline: Some(7.0),
            meaningful: 2.0,
            band_label: "2 points or more below the first score: a change people notice",
            until: 11.0,
            sessions: &[],
            day_unit: "days",
            session_label: "",
        })
    };
    let days = |svg: &str| svg.contains(">10 days<");
    assert!(days(&drawn(8.0)) && days(&drawn(11.0)));
    assert!(!drawn(8.0).contains("first score: a change people notice"));
}
