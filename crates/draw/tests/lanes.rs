//! Lanes of an episode: everything once, in its place, and nothing that is no number.

use draw::{Content, Lane, LaneBar, LaneMark, Lanes, Score, Sign, lanes};

use crate::picture::{CAPTION, count, read};

const fn score(day: f64, value: f64) -> Score {
    Score {
        day,
        value: Some(value),
    }
}

const fn mark(day: f64, sign: Sign, words: &str) -> LaneMark<'_> {
    LaneMark { day, sign, words }
}

const fn bar(day: f64, value: f64) -> LaneBar<'static> {
    LaneBar {
        day,
        value,
        under: "2/10",
    }
}

const fn lane<'a>(title: &'a str, content: Content<'a>) -> Lane<'a> {
    Lane {
        title,
        note: "note",
        says: ["what it comes to", ""],
        content,
    }
}

fn drawn(today: f64, all: &[Lane<'_>]) -> Vec<String> {
    read(&lanes(&Lanes {
        caption: CAPTION,
        width: 1180.0,
        today,
        today_label: "Today",
        ticks: &[(0.0, "2 Nov"), (7.0, "9 Nov"), (14.0, "16 Nov")],
        lanes: all,
    }))
}

/// One lane alone.
fn svg(today: f64, content: Content<'_>) -> String {
    lanes(&Lanes {
        caption: CAPTION,
        width: 1180.0,
        today,
        today_label: "Today",
        ticks: &[],
        lanes: &[lane("A lane", content)],
    })
}

#[test]
fn every_event_score_and_session_is_drawn_once() {
    let marks = [
        mark(0.0, Sign::Care, "Caution"),
        mark(1.0, Sign::Good, "Plan 1"),
        mark(9.0, Sign::Stop, "Emergency"),
        mark(12.0, Sign::Unknown, "Not known"),
        mark(13.0, Sign::Plain, "exercise"),
    ];
    let scores = [score(1.0, 7.0), score(4.0, 6.0), score(12.0, 4.0)];
    let bars = [bar(2.0, 160.0), bar(9.0, 170.0)];
    let tags = drawn(
        15.0,
        &[
            lane("Decisions", Content::Marks(&marks)),
            lane(
                "Pain",
                Content::Scores {
                    scores: &scores,
                    highest: 10.0,
                    higher_is_better: false,
                    noticed: Some((5.0, "a change people notice")),
                },
            ),
            lane("Force", Content::Bars(&bars)),
        ],
    );
    assert_eq!(count(&tags, "lane-amount"), 2);
    assert_eq!(count(&tags, "lane-stop"), 1);
    assert_eq!(count(&tags, "lane-plain"), 1);
    assert_eq!(count(&tags, "felt-altered"), 1);
    assert_eq!(count(&tags, "gap"), 1);
    assert_eq!(count(&tags, "band"), 1);
    // A tick for what is good, and a dot each for the sign and for every score.
    assert_eq!(count(&tags, "lane-tick"), 1);
    assert_eq!(count(&tags, "dot"), 1 + scores.len());
    assert_eq!(count(&tags, "now"), 1);
}

#[test]
fn words_that_would_lie_over_the_next_sign_are_left_out() {
    let far = [
        mark(0.0, Sign::Good, "Cleared"),
        mark(9.0, Sign::Good, "Plan 1"),
    ];
    let close = [
        mark(9.0, Sign::Good, "Cleared for traction"),
        mark(9.1, Sign::Good, "Plan 1"),
    ];
    let words =
        |marks: &[LaneMark<'_>], word: &str| svg(15.0, Content::Marks(marks)).contains(word);
    assert!(words(&far, "Cleared") && words(&far, "Plan 1"));
    assert!(words(&close, "Plan 1"));
    // To the left of its sign there is room.
    assert!(words(&close, "Cleared for traction"));
    let crowd: Vec<_> = (0..40)
        .map(|n| mark(0.2 * f64::from(n), Sign::Care, "Emergency"))
        .collect();
    let svg = svg(15.0, Content::Marks(&crowd));
    assert!(svg.matches("Emergency</text>").count() < crowd.len() / 4);
    assert_eq!(svg.matches("felt-altered").count(), crowd.len());
}

#[test]
fn an_empty_first_day_and_numbers_that_are_none_are_drawn_all_the_same() {
    for today in [0.0, f64::NAN, -3.0, f64::INFINITY, 4000.0] {
        let marks = [mark(f64::NAN, Sign::Good, "x"), mark(0.0, Sign::Good, "y")];
        let scores = [score(f64::NAN, 3.0), score(0.0, f64::NAN)];
        let bars = [bar(f64::NAN, 1.0), bar(0.0, f64::INFINITY)];
        let all = [
            lane("a", Content::Marks(&marks)),
            lane("b", Content::Marks(&[])),
            lane(
                "c",
                Content::Scores {
                    scores: &scores,
                    highest: 0.0,
                    higher_is_better: false,
                    noticed: Some((f64::NAN, "")),
                },
            ),
            lane("d", Content::Bars(&bars)),
            lane("e", Content::Bars(&[])),
        ];
        let tags = drawn(today, &all);
        assert!(
            tags.iter()
                .all(|tag| !tag.contains("NaN") && !tag.contains("inf")),
            "{today}"
        );
    }
}

#[test]
fn an_episode_of_one_day_stands_clear_of_what_it_comes_to() {
    let bars = [bar(0.0, 160.0)];
    let svg = svg(0.01, Content::Bars(&bars));
    let after = |mark: &str| -> f64 {
        let rest = svg.split(mark).nth(1).expect("is drawn");
        let x = rest.split("d=\"M").nth(1).and_then(|d| d.split(' ').next());
        x.and_then(|x| x.parse().ok()).expect("a number")
    };
    // The left edge of the bar, 30 wide, and of today.
    assert!(after("class=\"lane-amount\"") + 30.0 < after("class=\"now\""));
}

#[test]
fn on_a_phone_names_stand_above_their_lanes_with_what_they_come_to() {
    let picture = |width| {
        lanes(&Lanes {
            caption: CAPTION,
            width,
            today: 10.0,
            today_label: "Today",
            ticks: &[(0.0, "2 Nov"), (7.0, "9 Nov")],
            lanes: &[lane("A lane", Content::Bars(&[bar(2.0, 160.0)]))],
        })
    };
    let at = |svg: &str, words: &str| {
        let (before, _) = svg.split_once(&format!(">{words}<")).unwrap();
        let (_, text) = before.rsplit_once("<text ").unwrap();
        let number = |name: &str| -> f64 {
            let (_, rest) = text.split_once(name).unwrap();
            rest.split('"').next().unwrap().parse().unwrap()
        };
        (number(" x=\""), number(" y=\""))
    };
    let narrow = picture(358.0);
    assert!(narrow.contains("viewBox=\"0 0 358 "));
    let (title, says) = (at(&narrow, "A lane"), at(&narrow, "what it comes to"));
    assert_eq!((title.0, says.0), (0.0, 0.0));
    assert!(says.1 > title.1 && at(&narrow, "160").1 > says.1);
    assert!(at(&narrow, "Today").0 < 358.0);
    assert!(at(&picture(1180.0), "what it comes to").0 > 216.0);
}
