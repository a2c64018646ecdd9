//! CLINICAL.md §4, sentence by sentence, each number at its boundary.
//!
//! Elsewhere: `caution` and its rules in `plan`, the worsening fact in `lapse`
//! and `whole`, re-evaluation in `course` and `whole`, the weights of several
//! sources in `weighed`, plans edited by hand in `sound`.

use care::episode::{Command, Role};
use care::fact::By;
use care::plan::{History, session_force};
use jiff::SignedDuration;
use si::{Newtons, Region};

use super::plan::{Asked, dose, firm};
use super::setting::{
    SESSION, Story, after_session, all_well, days, hours, number, start, went_well,
};

const POUND: f64 = 4.448_221_615_260_5;

fn ceiling(region: Region, kg: f64, table: Option<f64>) -> f64 {
    let mut asked = Asked::new(region, kg, Some("male"));
    asked.table = table;
    firm(&asked.plan()).course.ceiling_n
}

#[test]
fn lumbar_ceiling_is_the_least_of_half_of_body_weight_534_n_and_the_tables() {
    let rows = [
        (108.9, None, 533.0),
        (109.0, None, 534.0),
        (350.0, None, 534.0),
        (350.0, Some(533.0), 533.0),
        (350.0, Some(535.0), 534.0),
        (80.0, Some(392.0), 392.0),
        (80.0, Some(391.0), 391.0),
    ];
    for (kg, table, expected) in rows {
        assert_eq!(
            ceiling(Region::Lumbar, kg, table),
            expected,
            "{kg} {table:?}"
        );
    }
}

#[test]
fn cervical_ceiling_is_the_least_of_a_tenth_98_n_and_the_tables() {
    let rows = [
        (99.9, None, 97.0),
        (100.0, None, 98.0),
        (350.0, None, 98.0),
        (350.0, Some(97.0), 97.0),
        (350.0, Some(99.0), 98.0),
    ];
    for (kg, table, expected) in rows {
        assert_eq!(
            ceiling(Region::Cervical, kg, table),
            expected,
            "{kg} {table:?}"
        );
    }
}

#[test]
fn body_weight_is_mass_times_standard_gravity() {
    // 400 N is half the weight of 81.577 kg: not of 81.55 kg (9.81), nor of 81.63 kg (9.8).
    assert_eq!(ceiling(Region::Lumbar, 81.57, None), 399.0);
    assert_eq!(ceiling(Region::Lumbar, 81.59, None), 400.0);
}

#[test]
fn first_sessions_pull_at_most_a_quarter_or_40_and_50_lb_and_in_the_neck_7_percent_or_44_n() {
    let rows = [
        (Region::Lumbar, "male", 90.5, 221.0),
        (Region::Lumbar, "male", 90.6, 222.0),
        (Region::Lumbar, "male", 350.0, 222.0),
        (Region::Lumbar, "female", 72.1, 176.0),
        (Region::Lumbar, "female", 72.2, 177.0),
        (Region::Lumbar, "female", 350.0, 177.0),
        (Region::Cervical, "male", 64.0, 43.0),
        (Region::Cervical, "male", 64.2, 44.0),
        (Region::Cervical, "female", 350.0, 44.0),
    ];
    for (region, sex, kg, cap) in rows {
        let plan = Asked::new(region, kg, Some(sex)).plan();
        assert_eq!(firm(&plan).prescription.force_n, cap, "{region} {sex} {kg}");
    }
    let numbers = dose();
    let lumbar = &numbers.lumbar;
    assert!(lumbar.first_men.value <= 50.0 * POUND && lumbar.first_women.value <= 40.0 * POUND);
    assert!(numbers.cervical.first_men.value <= 10.0 * POUND);
}

#[test]
fn unknown_sex_takes_the_lower_cap() {
    let cap = |sex| {
        firm(&Asked::new(Region::Lumbar, 200.0, sex).plan())
            .course
            .first_ceiling_n
    };
    assert_eq!(cap(None), cap(Some("female")));
    assert!(cap(None) < cap(Some("male")));
}

#[test]
fn a_weight_counts_for_thirty_days_and_not_a_second_longer() {
    let mut asked = Asked::new(Region::Lumbar, 80.0, None);
    asked.at = start().checked_add(days(30)).expect("an instant");
    asked.plan();
    let second = SignedDuration::from_secs(1);
    asked.at = asked.at.checked_add(second).expect("an instant");
    assert_eq!(asked.propose().expect_err("stale").code, "weight-missing");
}

#[test]
fn first_session_caps_bind_sessions_one_and_two_for_all_three_candidates_and_not_the_third() {
    for region in Region::ALL {
        let plan = Asked::new(region, 80.0, Some("male")).plan();
        for (name, candidate) in plan.offered() {
            let course = &candidate.course;
            let force = |sessions: u32| {
                let history = History {
                    sessions,
                    last: (sessions > 0).then(start),
                    tolerated_n: (sessions > 0).then_some(course.first_ceiling_n),
                    peak_n: (sessions > 0).then_some(course.first_ceiling_n),
                    settled: true,
                    adjusted: false,
                };
                session_force(candidate, &history, sessions, &dose(), start())
                    .force
                    .get()
            };
            assert!(force(0) <= course.first_ceiling_n, "{region} {name}");
            assert!(force(1) <= course.first_ceiling_n, "{region} {name}");
            let third = (course.first_ceiling_n + course.step_n).min(course.ceiling_n);
            assert_eq!(force(2), third, "{region} {name}");
        }
    }
}

#[test]
fn a_step_is_at_most_five_pounds_in_the_low_back_and_two_in_the_neck() {
    let (lumbar, cervical) = (dose().lumbar.step.value, dose().cervical.step.value);
    assert!(lumbar <= 5.0 * POUND && lumbar > 4.9 * POUND, "{lumbar}");
    assert!(
        cervical <= 2.0 * POUND && cervical > 1.7 * POUND,
        "{cervical}"
    );
}

fn tolerated(newtons: f64) -> History {
    History {
        sessions: 5,
        last: Some(start()),
        tolerated_n: Some(newtons),
        peak_n: Some(newtons),
        settled: true,
        adjusted: false,
    }
}

#[test]
fn at_fourteen_days_without_a_session_force_restarts_and_a_second_before_it_does_not() {
    let plan = Asked::new(Region::Lumbar, 80.0, Some("male")).plan();
    let force = |at| {
        session_force(firm(&plan), &tolerated(180.0), 5, &dose(), at)
            .force
            .get()
    };
    let limit = start().checked_add(days(14)).expect("an instant");
    let before = limit
        .checked_sub(SignedDuration::from_secs(1))
        .expect("an instant");
    assert_eq!((force(before), force(limit)), (202.0, 180.0));
}

#[test]
fn a_new_plan_after_a_gap_starts_at_or_below_what_was_tolerated_and_static() {
    let mut asked = Asked::new(Region::Lumbar, 80.0, Some("male"));
    asked.history = tolerated(150.0);
    asked.at = start().checked_add(days(14)).expect("an instant");
    for (name, candidate) in asked.plan().offered() {
        let pull = &candidate.prescription;
        assert!(pull.force_n <= 150.0, "{name}: {}", pull.force_n);
        assert_eq!(pull.mode, care::plan::PullMode::Static, "{name}");
    }
}

#[test]
fn a_plan_after_an_adjust_proposes_a_quarter_less_than_was_tolerated_and_says_so() {
    let mut asked = Asked::new(Region::Lumbar, 80.0, Some("male"));
    let adjusted = History {
        settled: false,
        adjusted: true,
        ..tolerated(160.0)
    };
    asked.history = adjusted;
    let plan = asked.plan();
    let pull = &firm(&plan).prescription;
    assert_eq!(pull.force_n, 120.0);
    let why = &dose().common.after_adjust.why;
    assert!(
        pull.reasons
            .iter()
            .any(|r| r.setting == "force_n" && &r.why == why)
    );
    // The same under the plan that was in force; once a session was well, no less, and no step.
    let before = Asked::new(Region::Lumbar, 80.0, Some("male")).plan();
    let force = |history: &History| {
        session_force(firm(&before), history, 5, &dose(), start())
            .force
            .get()
    };
    assert_eq!(force(&adjusted), 120.0);
    let settled = History {
        settled: true,
        adjusted: true,
        ..tolerated(120.0)
    };
    assert_eq!(force(&settled), 120.0);
}

fn answered(rise: f64) -> Story {
    let mut story = after_session(Region::Lumbar, went_well());
    story.later(hours(24));
    let mut readings = all_well(Region::Lumbar, story.at);
    let worst = number(
        "pain_worst_since[limb-left]",
        4.0 + rise,
        By::Patient,
        story.at,
    );
    readings.retain(|reading| reading.key() != worst.key());
    readings.push(worst);
    if rise > 0.0 {
        let gone = number("soreness_gone_after", 2.0, By::Patient, story.at);
        readings.push(gone.with_unit("h"));
    }
    let session = super::setting::id(SESSION);
    let command = Command::AnswerCheckIn {
        session,
        number: None,
        form: None,
        readings,
    };
    story.does(Role::Patient, command);
    story
}

#[test]
fn a_step_needs_an_answer_that_is_no_more_than_expected_soreness() {
    let silent = after_session(Region::Lumbar, went_well());
    let of = |story: &Story| {
        let history = care::session::history(&story.episode, story.at);
        (history.settled, history.adjusted)
    };
    assert_eq!(of(&silent), (false, false), "nobody answered");
    assert_eq!(of(&answered(0.0)), (true, false), "well");
    assert_eq!(of(&answered(2.0)), (true, false), "expected soreness");
    assert_eq!(
        of(&answered(3.0)),
        (false, true),
        "a rise of three is adjusted"
    );
    assert_eq!(
        of(&answered(5.0)),
        (false, true),
        "a rise of five is seen today"
    );
}

#[test]
fn a_plan_names_its_decision_and_ends_after_fourteen_days_to_the_second() {
    let asked = Asked::new(Region::Lumbar, 80.0, None);
    let plan = asked.plan();
    assert_eq!(plan.decision_hash, hex::encode(asked.decision.hash()));
    let end = start().checked_add(days(14)).expect("an instant");
    assert_eq!(plan.expires, end);
    let before = end
        .checked_sub(SignedDuration::from_secs(1))
        .expect("an instant");
    plan.in_force(before).expect("still in force");
    assert_eq!(plan.in_force(end).expect_err("over").code, "plan-expired");
}

#[test]
fn first_sessions_last_five_to_ten_minutes_and_later_ones_up_to_thirty() {
    for region in Region::ALL {
        for sessions in [0, 1, 2] {
            let mut asked = Asked::new(region, 80.0, Some("male"));
            let cap = dose().of(region).first_men.value.min(40.0);
            asked.history = History {
                sessions,
                ..tolerated(cap)
            };
            for (name, candidate) in asked.plan().offered() {
                let pull = &candidate.prescription;
                let profile = pull.profile(Newtons::of(pull.force_n)).expect("a profile");
                let minutes = profile.total().seconds().get() / 60.0;
                let (low, high) = if sessions < 2 {
                    (4.9, 10.1)
                } else {
                    (10.0, 30.0)
                };
                let words = format!("{region} {name} session {}", sessions + 1);
                assert!((low..=high).contains(&minutes), "{words}: {minutes}");
            }
        }
    }
}
