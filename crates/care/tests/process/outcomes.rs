//! Courses in figures, and figures of many.

use care::decide::Verdict;
use care::episode::{Command, EndCause, Role, SessionSummary, Severity};
use care::fact::By;
use care::outcomes::{Scored, Seen, Share, Shared, Tally, Turned, figures};
use si::Region;

use super::setting::{
    SESSION, Story, all_well, days, hours, id, knowledge, number, planned, register, session,
    went_well, yes,
};

fn score(story: &mut Story, fact: &str, value: f64) {
    let readings = vec![number(fact, value, By::Patient, story.at)];
    let denied = Vec::new();
    story.does(
        Role::Practitioner,
        Command::RecordFacts { readings, denied },
    );
}

fn answer(story: &mut Story, with: Option<&str>) {
    let mut readings = all_well(Region::Lumbar, story.at);
    if let Some(sign) = with {
        readings.retain(|reading| reading.fact.as_str() != sign);
        readings.push(yes(sign, By::Patient, story.at));
    }
    let (session, number, form) = (id(SESSION), None, None);
    story.does(
        Role::Patient,
        Command::AnswerCheckIn {
            session,
            number,
            form,
            readings,
        },
    );
}

/// A course of one session, scored before and after it, and over.
fn course() -> Story {
    let stopped = SessionSummary {
        cause: EndCause::Operator,
        ..went_well()
    };
    let mut story = planned(Region::Lumbar, "gentle");
    session(&mut story, SESSION, stopped);
    score(&mut story, "score_nprs", 6.0);
    story.later(hours(5));
    answer(&mut story, None);
    answer(&mut story, Some("since_saddle_numbness"));
    story.later(days(20));
    score(&mut story, "score_nprs", 3.0);
    story
}

#[test]
fn an_episode_is_counted_with_the_worst_that_was_said_after_each_session() {
    let story = course();
    let tally = Tally::of(&story.episode);
    assert_eq!(tally.region, "lumbar");
    assert!(tally.mode.is_some(), "a plan was signed");
    assert_eq!((tally.received, tally.stopped), (1, 1));
    assert!(tally.planned >= 1);
    assert_eq!(tally.after.get(&Verdict::Emergency), Some(&1));
    assert_eq!(
        tally.after.values().sum::<u32>(),
        1,
        "one session is counted once"
    );
    let adverse: u32 = tally.adverse.values().sum();
    assert_eq!(adverse, 1, "an emergency opens an adverse event");
    assert_eq!(tally.adverse.get(&Severity::Major), Some(&1));
    let [first, last] = &tally.scores["score_nprs"];
    assert_eq!((first.value, last.value), (6.0, 3.0));
    let json = serde_json::to_string(&tally).unwrap();
    assert_eq!(
        serde_json::from_str::<Tally>(&json).unwrap(),
        tally,
        "{json}"
    );
}

/// A plan that ended with its course still says what was done under it.
#[test]
fn a_former_episode_keeps_its_figures_and_the_present_one_begins_anew() {
    let mut story = course();
    let before = Tally::of(&story.episode);
    let (reason, outcome) = ("moved away".to_owned(), "better".to_owned());
    story.does(Role::Practitioner, Command::Discharge { reason, outcome });
    let over = Tally::of(&story.episode);
    let ended = Tally {
        discharged: true,
        ..before
    };
    assert_eq!(over, ended);
    story.later(days(60));
    let region = Region::Lumbar;
    story.does(Role::Practitioner, Command::Reopen { region });
    assert_eq!(story.episode.former, [over]);
    let present = Tally::of(&story.episode);
    assert_eq!(
        (present.number, present.received, present.planned),
        (2, 0, 0)
    );
    assert!(present.scores.is_empty() && present.mode.is_none() && present.adverse.is_empty());
}

fn tally(mode: Option<&str>, verdict: Verdict, nprs: Option<(f64, f64)>) -> Tally {
    let scored = |value| Scored { value, unit: None };
    let scores = nprs.map(|(first, last)| ("score_nprs".to_owned(), [scored(first), scored(last)]));
    Tally {
        region: "lumbar".to_owned(),
        verdict: Some(verdict),
        because: vec!["some.rule".to_owned()],
        mode: mode.map(str::to_owned),
        protocol: mode.map(|_| "gentle".to_owned()),
        planned: 10,
        received: if mode.is_some() { 8 } else { 0 },
        after: [
            (Verdict::ExpectedSoreness, 2),
            (Verdict::Well, 5),
            (Verdict::ContactPatient, 1),
        ]
        .into(),
        scores: scores.into_iter().collect(),
        ..Tally::default()
    }
}

#[test]
fn courses_are_counted_by_what_was_done_and_the_rest_by_what_stood_against_it() {
    let mut all: Vec<Tally> = [
        (6.0, 1.0),
        (7.0, 4.0),
        (5.0, 5.0),
        (4.0, 7.0),
        (8.0, 6.0),
        (6.0, 5.0),
    ]
    .map(|scores| tally(Some("intermittent"), Verdict::Cleared, Some(scores)))
    .into();
    all.push(tally(Some("static"), Verdict::Caution, None));
    all.push(tally(None, Verdict::Refuse, None));
    let shown = figures(&all, knowledge().instruments());
    assert_eq!((shown.episodes, shown.all.courses), (8, 7));
    let reasons: Vec<_> = shown.because.iter().collect();
    assert_eq!(reasons, [(&(Verdict::Refuse, "some.rule".to_owned()), &1)]);
    let [first, second] = &shown.groups[..] else {
        panic!("{:?}", shown.groups)
    };
    assert_eq!((&*first.mode, first.course.courses), ("intermittent", 6));
    assert_eq!((first.course.received, first.course.planned), (48, 60));
    assert!(second.outcomes.is_empty(), "nobody was scored");
    let pain = &first.outcomes[0];
    // Gains of 5, 3, 0, -3, 2, 1: two points are noticed.
    assert_eq!(
        (pain.count, pain.median, pain.interval),
        (6, 1.5, Some((-3.0, 5.0)))
    );
    assert_eq!(
        (pain.points, pain.better.count, pain.worse.count),
        (2.0, 3, 1)
    );
    let sore = shown.all.often(Seen::Sore);
    assert_eq!((sore.sessions, sore.courses), (14, 7));
    assert_eq!(shown.all.share(Seen::Sore), Share::of(7, 7));
    assert_eq!(shown.all.share(Seen::Warned), Share::of(0, 7));
    let none = figures([], knowledge().instruments());
    assert_eq!(none.all.share(Seen::Silent), None);
}

#[test]
fn who_was_treated_is_not_counted_among_those_who_were_not_and_doubt_is_a_reason() {
    let treated = tally(Some("static"), Verdict::Refuse, None);
    let undecided = Tally {
        because: Vec::new(),
        received: 0,
        ..tally(None, Verdict::EvaluateFirst, None)
    };
    let shown = figures([&treated, &undecided], knowledge().instruments());
    assert_eq!(shown.untreated, [(Verdict::EvaluateFirst, 1)].into());
    let reason = (Verdict::EvaluateFirst, String::new());
    assert_eq!(shown.because, [(reason, 1)].into());
}

/// A score in a unit that measures something else is none.
#[test]
fn a_score_in_a_unit_of_something_else_is_left_away() {
    let one = |unit: &str| {
        let mut tally = tally(Some("static"), Verdict::Cleared, Some((6.0, 1.0)));
        for scored in tally.scores.values_mut().flatten() {
            scored.unit = Some(unit.to_owned());
        }
        figures([&tally], knowledge().instruments()).groups[0]
            .outcomes
            .len()
    };
    assert_eq!(one("1"), 1);
    assert_eq!(one("kg"), 0);
}

#[test]
fn an_episode_that_was_never_screened_or_planned_counts_as_an_episode_only() {
    let mut story = Story::new();
    story.does(Role::FrontDesk, register(Region::Cervical));
    let tally = Tally::of(&story.episode);
    let shown = figures([&tally], knowledge().instruments());
    assert_eq!((shown.episodes, shown.all.courses), (1, 0));
    assert!(shown.untreated.is_empty() && shown.groups.is_empty());
    let signed = Tally::of(&planned(Region::Lumbar, "gentle").episode);
    assert!(signed.planned > 0 && signed.received == 0);
}

/// Whoever was refused and treated later is no longer refused, and was refused all the same.
#[test]
fn every_screening_that_cleared_nobody_is_counted_whatever_came_after_it() {
    let mut story = Story::new();
    story.does(Role::FrontDesk, register(Region::Lumbar));
    story.does(Role::Practitioner, Command::Evaluate);
    story.later(days(1));
    story.does(Role::ClinicalLead, Command::Evaluate);
    let tally = Tally::of(&story.episode);
    let asked = &tally.turned[&Verdict::EvaluateFirst];
    assert_eq!(asked.screenings, 2);
    assert_eq!(
        asked.by,
        [(Role::Practitioner, 1), (Role::ClinicalLead, 1)].into()
    );
    let json = serde_json::to_string(&tally).unwrap();
    assert_eq!(serde_json::from_str::<Tally>(&json).unwrap(), tally);
    // Cleared, planned and treated since: the two are still on record.
    let cleared = Tally {
        verdict: Some(Verdict::Cleared),
        received: 3,
        ..tally.clone()
    };
    let refused = Turned {
        screenings: 3,
        rules: [("some.rule".to_owned(), 3), ("other.rule".to_owned(), 1)].into(),
        by: [(Role::Practitioner, 3)].into(),
    };
    let other = Tally {
        turned: [(Verdict::Refuse, refused)].into(),
        ..cleared.clone()
    };
    let shown = figures([&cleared, &other, &other], knowledge().instruments());
    assert!(shown.untreated.is_empty());
    let asked = &shown.turned[&Verdict::EvaluateFirst];
    assert_eq!((asked.screenings, asked.episodes), (2, 1));
    let refused = &shown.turned[&Verdict::Refuse];
    assert_eq!((refused.screenings, refused.episodes), (6, 2));
    assert_eq!(refused.rules["some.rule"], (6, 2));
    assert_eq!(refused.rules["other.rule"], (2, 2));
    assert_eq!(refused.by[&Role::Practitioner], 6);
}

#[test]
fn a_new_episode_begins_without_the_screenings_of_the_former_one() {
    let mut story = Story::new();
    story.does(Role::FrontDesk, register(Region::Lumbar));
    story.does(Role::Practitioner, Command::Evaluate);
    let (reason, outcome) = ("moved away".to_owned(), "as before".to_owned());
    story.does(Role::Practitioner, Command::Discharge { reason, outcome });
    let region = Region::Lumbar;
    story.does(Role::Practitioner, Command::Reopen { region });
    assert!(Tally::of(&story.episode).turned.is_empty());
    assert_eq!(story.episode.former[0].turned.len(), 1);
}

#[test]
fn soreness_and_harm_are_counted_by_condition_and_by_mode_alone_too() {
    let one = |condition: &str, mode: &str, harmed: bool| {
        let adverse = harmed.then_some((Severity::Mild, 1));
        Tally {
            condition: Some(condition.to_owned()),
            adverse: adverse.into_iter().collect(),
            ..tally(Some(mode), Verdict::Cleared, None)
        }
    };
    let all = [
        one("lumbar-sciatica", "static", true),
        one("lumbar-sciatica", "intermittent", false),
        one("lumbar-facet", "static", false),
    ];
    let shown = figures(&all, knowledge().instruments());
    let part = |shared: &Shared| {
        let mut parts = shown.parts.iter();
        let part = parts.find(|part| part.shared == *shared);
        let course = &part.unwrap_or_else(|| panic!("{shared:?}")).course;
        (
            course.share(Seen::Sore),
            Share::of(course.harmed, course.courses),
        )
    };
    let condition = |name: &str| Shared::Condition("lumbar".to_owned(), Some(name.to_owned()));
    assert_eq!(
        part(&condition("lumbar-sciatica")),
        (Share::of(2, 2), Share::of(1, 2))
    );
    assert_eq!(
        part(&condition("lumbar-facet")),
        (Share::of(1, 1), Share::of(0, 1))
    );
    assert_eq!(
        part(&Shared::Mode("static".to_owned())),
        (Share::of(2, 2), Share::of(1, 2))
    );
    assert_eq!(
        part(&Shared::Protocol("gentle".to_owned())),
        (Share::of(3, 3), Share::of(1, 3))
    );
    assert_eq!(shown.parts.len(), 5);
}
