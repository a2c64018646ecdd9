//! Every row of the table of CLINICAL.md §6, at its borders.

use care::episode::{Command, EndCause, Role, SessionSummary, SuspendedBy, What};
use care::fact::{By, Reading, Value};
use si::Region;

use super::setting::{
    SESSION, Story, after_session, all_well, choice, days, hours, id, knowledge, minutes, number,
    signs, told, treat, went_well,
};

/// Puts an answer in the place of the same fact's.
pub(super) fn with(mut answers: Vec<Reading>, reading: Reading) -> Vec<Reading> {
    answers.retain(|old| old.key() != reading.key());
    answers.push(reading);
    answers
}

fn without(mut answers: Vec<Reading>, fact: &str) -> Vec<Reading> {
    answers.retain(|old| old.key().to_string() != fact);
    answers
}

/// The result of these answers so many hours after the session.
fn result(
    region: Region,
    after: i64,
    change: impl Fn(Vec<Reading>, &Story) -> Vec<Reading>,
) -> String {
    let mut story = after_session(region, went_well());
    story.later(hours(after));
    let answers = change(all_well(region, story.at), &story);
    answer(&mut story, answers)
}

pub(super) fn answer(story: &mut Story, readings: Vec<Reading>) -> String {
    let events = story.does(
        Role::Patient,
        Command::AnswerCheckIn {
            session: id(SESSION),
            number: None,
            form: None,
            readings,
        },
    );
    let result = events.iter().find_map(|event| match &event.what {
        What::Triaged { result, .. } => Some(result.clone()),
        _ => None,
    });
    result.expect("a check-in is triaged")
}

pub(super) fn worst(story: &Story, site: &str, score: f64) -> Reading {
    number(
        &format!("pain_worst_since[{site}]"),
        score,
        By::Patient,
        story.at,
    )
}

pub(super) fn now(story: &Story, site: &str, score: f64) -> Reading {
    number(&format!("pain_now[{site}]"), score, By::Patient, story.at)
}

fn gone(story: &Story, after: f64) -> Reading {
    number("soreness_gone_after", after, By::Patient, story.at).with_unit("h")
}

#[test]
fn every_emergency_sign_is_an_emergency_in_both_regions() {
    let emergencies = [
        "since_saddle_numbness",
        "since_bladder_bowel",
        "since_both_sides",
        "since_foot_drop",
        "since_cord_signs",
        "since_stroke_signs",
        "since_worst_headache",
        "since_tearing_pain",
        "since_collapse",
    ];
    for region in Region::ALL {
        for sign in emergencies {
            let found = result(region, 4, |answers, story| {
                with(
                    answers,
                    told(sign, Value::Bool(true), By::Patient, story.at),
                )
            });
            assert_eq!(found, "emergency", "{sign}, {region}");
        }
    }
}

#[test]
fn every_sign_of_the_second_row_is_seen_today() {
    for region in Region::ALL {
        for sign in [
            "since_sharp_pain",
            "since_new_radiation",
            "since_numbness_weakness",
            "since_fever",
            "since_fall",
        ] {
            let found = result(region, 4, |answers, story| {
                with(
                    answers,
                    told(sign, Value::Bool(true), By::Patient, story.at),
                )
            });
            assert_eq!(found, "see-clinician-today", "{sign}, {region}");
        }
    }
}

#[test]
fn headache_after_a_neck_session_is_seen_today_and_not_asked_after_a_low_back_session() {
    let found = result(Region::Cervical, 4, |answers, story| {
        with(
            answers,
            told(
                "since_headache_dizziness",
                Value::Bool(true),
                By::Patient,
                story.at,
            ),
        )
    });
    assert_eq!(found, "see-clinician-today");
    assert!(
        !signs(Region::Lumbar)
            .iter()
            .any(|sign| sign == "since_headache_dizziness")
    );
}

#[test]
fn an_emergency_outweighs_every_milder_answer_and_a_missing_one() {
    let found = result(Region::Lumbar, 4, |answers, story| {
        let answers = with(
            answers,
            told(
                "since_saddle_numbness",
                Value::Bool(true),
                By::Patient,
                story.at,
            ),
        );
        without(without(answers, "pain_now[spine]"), "since_fever")
    });
    assert_eq!(found, "emergency");
}

#[test]
fn a_rise_of_two_is_soreness_three_is_adjusted_five_is_seen_today() {
    let rises = [
        (0.0, "well"),
        (1.0, "expected-soreness"),
        (2.0, "expected-soreness"),
        (3.0, "adjust"),
        (4.0, "adjust"),
        (5.0, "see-clinician-today"),
    ];
    for (rise, expected) in rises {
        let found = result(Region::Lumbar, 4, |answers, story| {
            let answers = with(answers, worst(story, "limb-left", 4.0 + rise));
            with(answers, gone(story, 2.0))
        });
        assert_eq!(found, expected, "rise {rise}");
    }
}

#[test]
fn duration_is_judged_at_forty_eight_and_seventy_two_hours() {
    for (after, expected) in [
        (24, "expected-soreness"),
        (48, "expected-soreness"),
        (49, "adjust"),
        (72, "adjust"),
        (73, "see-clinician-today"),
    ] {
        let found = result(Region::Lumbar, after, |answers, story| {
            let answers = with(answers, worst(story, "spine", 4.0));
            with(answers, now(story, "spine", 4.0))
        });
        assert_eq!(found, expected, "still one up after {after} h");
    }
}

#[test]
fn soreness_that_went_away_counts_until_it_went() {
    for (went, expected) in [
        (10.0, "expected-soreness"),
        (48.0, "expected-soreness"),
        (60.0, "adjust"),
    ] {
        let found = result(Region::Lumbar, 72, |answers, story| {
            let answers = with(answers, worst(story, "spine", 5.0));
            with(answers, gone(story, went))
        });
        assert_eq!(found, expected, "gone after {went} h");
    }
}

#[test]
fn soreness_of_unknown_duration_is_adjusted() {
    let found = result(Region::Lumbar, 72, |answers, story| {
        with(answers, worst(story, "spine", 5.0))
    });
    assert_eq!(found, "adjust");
}

#[test]
fn lost_function_is_adjusted() {
    let found = result(Region::Lumbar, 24, |answers, story| {
        with(
            answers,
            told(
                "since_function_lost",
                Value::Bool(true),
                By::Patient,
                story.at,
            ),
        )
    });
    assert_eq!(found, "adjust");
}

#[test]
fn pain_that_was_in_the_thigh_before_is_no_alarm_and_in_the_foot_it_is() {
    let to = |where_to: &'static str| {
        result(Region::Lumbar, 4, move |answers, story| {
            with(
                answers,
                choice("distal_extent", where_to, By::Patient, story.at),
            )
        })
    };
    assert_eq!(to("thigh-or-upper-arm"), "well");
    assert_eq!(to("spine"), "well", "centralised");
    assert_eq!(to("below-knee-or-elbow"), "see-clinician-today");
}

#[test]
fn every_answer_that_is_missing_makes_well_at_least_adjust() {
    for region in Region::ALL {
        let asked = after_session(region, went_well());
        let all: Vec<String> = all_well(region, asked.at)
            .iter()
            .map(|reading| reading.key().to_string())
            .collect();
        for fact in all
            .iter()
            .filter(|fact| !fact.starts_with("pain_worst_since"))
        {
            let found = result(region, 4, |answers, _| without(answers, fact));
            assert_eq!(found, "adjust", "without {fact}, {region}");
        }
    }
}

#[test]
fn without_a_baseline_nothing_is_well() {
    let mut story = after_session(Region::Lumbar, went_well());
    story.later(hours(4));
    story.episode.visits[0].arrival.clear();
    let answers = all_well(Region::Lumbar, story.at);
    assert_eq!(answer(&mut story, answers), "adjust");
}

#[test]
fn the_second_adjustment_is_seen_today() {
    let mut story = after_session(Region::Lumbar, went_well());
    story.later(hours(4));
    let sore = |story: &Story| {
        with(
            with(
                all_well(Region::Lumbar, story.at),
                worst(story, "spine", 6.0),
            ),
            gone(story, 3.0),
        )
    };
    let answers = sore(&story);
    assert_eq!(answer(&mut story, answers), "adjust");
    story.later(days(3));
    treat(&mut story, 8, went_well());
    story.later(hours(4));
    let readings = sore(&story);
    let events = story.does(
        Role::Patient,
        Command::AnswerCheckIn {
            session: id(8),
            number: None,
            form: None,
            readings,
        },
    );
    assert!(events.iter().any(|event| matches!(&event.what, What::Triaged { result, .. } if result == "see-clinician-today")));
}

#[test]
fn a_result_brings_suspension_adverse_event_and_notice_as_the_table_says() {
    let rows = [
        ("since_collapse", true, true, "emergency"),
        ("since_fever", true, true, "urgent"),
        ("since_function_lost", true, false, "routine"),
    ];
    for (sign, suspends, adverse, urgency) in rows {
        let mut story = after_session(Region::Lumbar, went_well());
        story.later(hours(4));
        let answers = with(
            all_well(Region::Lumbar, story.at),
            told(sign, Value::Bool(true), By::Patient, story.at),
        );
        answer(&mut story, answers);
        let suspended: Vec<&SuspendedBy> = story.episode.suspended().map(|s| &s.because).collect();
        assert_eq!(!suspended.is_empty(), suspends, "{sign}");
        assert_eq!(!story.episode.adverse_events.is_empty(), adverse, "{sign}");
        let alert = story.episode.alerts.first().expect("an alert");
        assert_eq!(alert.urgency, urgency, "{sign}");
        for event in &story.episode.adverse_events {
            let said = &event.description.0;
            let session = story.episode.sessions().last().expect("a session");
            let check_in = session.check_ins.last().expect("an answer");
            let triage = check_in.triage.as_ref().expect("a result");
            for fired in &triage.decision.fired {
                assert!(!said.contains(&fired.rule), "words, no rule id: {said}");
                assert!(said.contains(fired.practitioner.trim()), "{said}");
            }
            assert!(said.ends_with('.'), "{said}");
        }
    }
}

#[test]
fn well_and_expected_soreness_suspend_nothing() {
    let mut story = after_session(Region::Lumbar, went_well());
    story.later(hours(4));
    let answers = all_well(Region::Lumbar, story.at);
    assert_eq!(answer(&mut story, answers), "well");
    assert_eq!(
        story.episode.suspended().count() + story.episode.alerts.len(),
        0
    );
}

#[test]
fn silence_is_a_result_after_six_hours_and_after_a_stop_after_two() {
    let stopped = SessionSummary {
        cause: EndCause::Comfort,
        ..went_well()
    };
    let peaked = SessionSummary {
        peak_discomfort: Some(6),
        ..went_well()
    };
    for (summary, window) in [(went_well(), 6), (stopped, 2), (peaked, 2)] {
        let mut story = after_session(Region::Lumbar, summary);
        let tick =
            |story: &mut Story| story.does(Role::Program, Command::KeepTime { on_call: vec![] });
        story.later(hours(4 + window)).later(-minutes(1));
        assert!(tick(&mut story).is_empty(), "too early");
        story.later(minutes(1));
        let events = tick(&mut story);
        assert!(events.iter().any(|event| matches!(&event.what, What::Triaged { result, .. } if result == "contact-patient")));
        assert!(tick(&mut story).is_empty(), "said once");
    }
}

#[test]
fn check_ins_fall_due_at_four_hours_one_two_and_three_days() {
    let mut story = after_session(Region::Lumbar, went_well());
    let ended = story.at;
    story.later(days(4));
    let due = care::triage::due(&story.episode, story.at);
    let after: Vec<i64> = due
        .iter()
        .map(|due| due.from.duration_since(ended).as_hours())
        .collect();
    assert_eq!(after, [4, 24, 48, 72]);
}

#[test]
fn an_unacknowledged_emergency_goes_round_the_list_every_quarter_of_an_hour() {
    let mut story = after_session(Region::Lumbar, went_well());
    story.later(hours(4));
    let answers = with(
        all_well(Region::Lumbar, story.at),
        told("since_collapse", Value::Bool(true), By::Patient, story.at),
    );
    answer(&mut story, answers);
    let on_call = vec!["first".to_owned(), "second".to_owned()];
    let mut told_to = Vec::new();
    for _ in 0..46 {
        for event in story.does(
            Role::Program,
            Command::KeepTime {
                on_call: on_call.clone(),
            },
        ) {
            if let What::Notified { to, .. } = event.what {
                told_to.push(to);
            }
        }
        story.later(minutes(1));
    }
    assert_eq!(told_to, ["first", "second", "first", "second"]);
    story.does(
        Role::Practitioner,
        Command::Acknowledge {
            alert: 1,
            note: "calling".to_owned(),
        },
    );
    story.later(hours(1));
    assert!(
        story
            .does(Role::Program, Command::KeepTime { on_call })
            .is_empty()
    );
}

#[test]
fn triage_names_everything_received_in_the_last_three_days() {
    let mut story = after_session(Region::Lumbar, went_well());
    story.later(hours(1));
    let visit = |at, kind: &str| care::episode::TherapyVisit {
        kind: kind.to_owned(),
        region: "lumbar".to_owned(),
        at,
        detail: String::new(),
        response: String::new().into(),
        reaction: None,
    };
    let at = story.at;
    story.does(
        Role::Practitioner,
        Command::RecordTherapy(visit(at, "laser")),
    );
    let long_ago = at.checked_sub(days(10)).expect("an instant");
    story.does(
        Role::Practitioner,
        Command::RecordTherapy(visit(long_ago, "massage")),
    );
    story.later(hours(3));
    let readings = all_well(Region::Lumbar, story.at);
    let events = story.does(
        Role::Patient,
        Command::AnswerCheckIn {
            session: id(SESSION),
            number: Some(0),
            form: None,
            readings,
        },
    );
    let What::Triaged { received, .. } = &events[1].what else {
        panic!("{events:?}")
    };
    assert_eq!(received.len(), 2);
    assert!(received.iter().any(|line| line.contains("laser")));
    assert!(received.iter().any(|line| line.contains("traction")));
}

#[test]
fn every_rule_of_triage_cites_a_source_and_has_its_three_vignettes() {
    for rule in knowledge().rules(care::decide::RuleSet::Triage) {
        assert!(!rule.sources.is_empty(), "{}", rule.id);
        assert!(rule.vignettes.len() >= 3, "{}", rule.id);
    }
}

#[test]
fn an_adjust_out_of_doubt_is_as_urgent_as_one_out_of_a_rule() {
    let mut story = after_session(Region::Lumbar, went_well());
    story.later(hours(4));
    let answers = without(all_well(Region::Lumbar, story.at), "since_fever");
    assert_eq!(answer(&mut story, answers), "adjust");
    let session = story.episode.sessions().next().expect("a session");
    let triage = session.check_ins[0].triage.as_ref().expect("a triage");
    assert_eq!(triage.decision.urgency.as_str(), "routine");
    assert_eq!(story.episode.alerts[0].urgency, "routine");
}
