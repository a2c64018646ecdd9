//! What a signed limit and the sessions of a day do to the next Grant.

use care::episode::{Command, EndCause, Event, Role, SessionSummary, What};
use care::fact::By;
use care::plan::{Choice, PullMode};
use si::Region;
use traction::grant::Grant;

use super::choice::of;
use super::setting::{
    Story, broken_off, days, grant, hours, minutes, planned, ready, session, sign_chosen, went_well,
};

fn granted(events: &[Event]) -> Grant {
    let bytes = events.iter().find_map(|event| match &event.what {
        What::GrantIssued { grant, .. } => hex::decode(grant).ok(),
        _ => None,
    });
    Grant::decode(&bytes.expect("a grant")).expect("a grant")
}

fn asks(story: &mut Story, number: u128) -> Result<Grant, (String, String)> {
    ready(story);
    let command = grant(number, story);
    let events = story.ask(Role::Practitioner, command);
    events
        .map(|events| granted(&events))
        .map_err(|problem| (problem.code.to_owned(), problem.place))
}

/// hazard: H22
#[test]
fn a_day_takes_no_more_than_was_signed_for_it() {
    let given = |duration_s: f64, force: f64| SessionSummary {
        duration_s,
        peak_force_n: force,
        tolerated_n: 117.0,
        ..broken_off(EndCause::Comfort)
    };
    // The gentle first session: 117 N for 300 s, so half of 35,100 N·s may come before it.
    let rows = [
        (vec![given(60.0, 117.0)], None),
        (vec![given(140.0, 117.0)], None),
        (vec![given(160.0, 117.0)], Some("day.impulse_n_s")),
        (vec![given(60.0, 400.0)], Some("day.impulse_n_s")),
        (vec![given(1600.0, 5.0)], Some("day.time_s")),
        (
            vec![given(20.0, 20.0), given(20.0, 20.0)],
            Some("day.sessions"),
        ),
        (vec![went_well()], Some("day.impulse_n_s")),
    ];
    for (before, place) in rows {
        let mut story = planned(Region::Lumbar, "gentle");
        for (number, summary) in (70..).zip(before.clone()) {
            session(&mut story, number, summary);
        }
        story.later(hours(1));
        let found = asks(&mut story, 90);
        match place {
            None => assert!(found.is_ok(), "{before:?}: {found:?}"),
            Some(place) => {
                let expected = ("day-full".to_owned(), place.to_owned());
                assert_eq!(found.expect_err("a full day"), expected, "{before:?}");
            }
        }
        // Another day is another day.
        story.later(days(1));
        asks(&mut story, 91).unwrap_or_else(|found| panic!("the day after {before:?}: {found:?}"));
    }
}

/// The day is the clinic's, and a session that ends after midnight counts for both.
#[test]
fn a_session_over_midnight_counts_for_both_days() {
    let mut story = planned(Region::Lumbar, "gentle");
    let day = |story: &Story, after: jiff::SignedDuration| {
        let at = story.at.checked_add(after).expect("an instant");
        at.to_zoned_datetime(story.zone.clone()).date()
    };
    // A session of the story lasts a quarter of an hour.
    while day(&story, minutes(0)) == day(&story, minutes(10)) {
        story.later(minutes(5));
    }
    session(&mut story, 70, went_well());
    story.later(hours(12));
    let found = asks(&mut story, 90).expect_err("a full day");
    assert_eq!(found.0, "day-full");
}

/// hazard: H1, H14
#[test]
fn the_grant_of_a_chosen_pull_has_its_mode_and_the_ceiling_that_was_signed() {
    for region in Region::ALL {
        for mode in PullMode::ALL {
            let mut story = planned(region, "gentle");
            let force = if region == Region::Lumbar {
                100.0
            } else {
                22.0
            };
            let choice = Choice {
                force_n: Some(force),
                ceiling_n: Some(force + 2.0),
                ..of("gentle", mode)
            };
            sign_chosen(&mut story, choice);
            let grant = asks(&mut story, 90).unwrap_or_else(|found| panic!("{mode:?}: {found:?}"));
            let spec = grant.profile.spec();
            assert_eq!((spec.mode, spec.force.get()), (mode.traction(), force));
            assert_eq!(grant.limits.spec().ceiling.get(), force + 2.0, "{mode:?}");
            grant.check().expect("its parts agree");
        }
    }
}

/// hazard: H1, H14
#[test]
fn a_signed_limit_is_cut_to_the_caps_of_the_weight_of_today() {
    let rows = [(80.0, 180.0), (60.0, 147.0), (41.0, 100.0)];
    for (number, (kg, ceiling)) in (90..).zip(rows) {
        let mut today = planned(Region::Lumbar, "gentle");
        let choice = Choice {
            force_n: Some(100.0),
            ceiling_n: Some(180.0),
            ..of("firm", PullMode::Static)
        };
        sign_chosen(&mut today, choice);
        ready(&mut today);
        let weight = super::setting::number("body_weight", kg, By::Assistant, today.at);
        let readings = vec![weight.with_unit("kg")];
        let denied = Vec::new();
        today.does(Role::Assistant, Command::RecordFacts { readings, denied });
        let command = grant(number, &today);
        let grant = granted(&today.does(Role::Practitioner, command));
        // A quarter of 60 kg is 147.1 N, of 41 kg 100.5 N.
        assert_eq!(grant.limits.spec().ceiling.get(), ceiling, "{kg} kg");
        assert_eq!(grant.profile.spec().force.get(), 100.0);
    }
}

/// Who signs no limit has the ceiling that there was.
#[test]
fn without_a_limit_the_force_is_the_ceiling() {
    let mut story = planned(Region::Lumbar, "gentle");
    let grant = asks(&mut story, 90).expect("a grant");
    assert_eq!(grant.limits.spec().ceiling, grant.profile.spec().force);
}

/// A choice goes through the same roles and gates as any proposal.
#[test]
fn only_who_may_plan_may_choose() {
    let mut story = planned(Region::Lumbar, "gentle");
    let choice = || Command::ProposePlan {
        table_ceiling_n: None,
        choice: Some(Box::new(of("gentle", PullMode::Oscillating))),
    };
    assert_eq!(story.refused(Role::Assistant, choice()), "role-may-not");
    story.does(Role::Practitioner, choice());
    let proposal = story.episode.proposal.as_ref().expect("a proposal");
    assert!(proposal.plan.contains("\"oscillating\""));
}
