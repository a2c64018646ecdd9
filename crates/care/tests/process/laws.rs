//! What holds for every stream, in any order.

use care::episode::{Command, Event, NextStep, Role, Severity, What, fold, replay};
use care::fact::By;
use care::plan::Dose;
use proptest::prelude::*;
use si::Region;

use super::golden::one_of_each;
use super::setting::{
    Story, all_well, consent, days, grant, hours, id, knowledge, leaving, planned, pre_start,
    register, routine, went_well, yes,
};

/// Something that may be asked at any time, by whoever may.
#[derive(Clone, Debug)]
enum Ask {
    Wait(i64),
    Record,
    Evaluate,
    Propose,
    Sign,
    Consent,
    Withdraw,
    Arrive,
    Check,
    Grant,
    Start,
    End,
    Leave,
    CheckIn(bool),
    Tick,
    Suspend,
    Lift,
    Adverse,
    Review,
    Acknowledge,
    RedFlag,
    Examine,
    Refer,
}

fn ask() -> impl Strategy<Value = Ask> {
    prop_oneof![
        (0_i64..60).prop_map(Ask::Wait),
        Just(Ask::Record),
        Just(Ask::Evaluate),
        Just(Ask::Propose),
        Just(Ask::Sign),
        Just(Ask::Consent),
        Just(Ask::Withdraw),
        Just(Ask::Arrive),
        Just(Ask::Check),
        Just(Ask::Grant),
        Just(Ask::Start),
        Just(Ask::End),
        Just(Ask::Leave),
        any::<bool>().prop_map(Ask::CheckIn),
        Just(Ask::Tick),
        Just(Ask::Suspend),
        Just(Ask::Lift),
        Just(Ask::Adverse),
        Just(Ask::Review),
        Just(Ask::Acknowledge),
        Just(Ask::RedFlag),
        Just(Ask::Examine),
        Just(Ask::Refer),
    ]
}

fn last_session(story: &Story) -> u128 {
    story
        .episode
        .sessions()
        .next_back()
        .map_or(70, |session| session.id.as_u128())
}

fn command(ask: &Ask, story: &mut Story) -> Option<(Role, Command)> {
    let (practitioner, at) = (Role::Practitioner, story.at);
    let record = |readings| Command::RecordFacts {
        readings,
        denied: vec![],
    };
    Some(match ask {
        Ask::Wait(count) => {
            story.later(hours(*count));
            return None;
        }
        Ask::Record => (practitioner, record(routine(Region::Lumbar, at))),
        Ask::Evaluate => (practitioner, Command::Evaluate),
        Ask::Propose => (
            practitioner,
            Command::ProposePlan {
                table_ceiling_n: None,
                choice: None,
            },
        ),
        Ask::Sign => {
            let plan_sha256 = story.episode.proposal.as_ref()?.plan_sha256.clone();
            let candidate = "gentle".to_owned();
            (
                practitioner,
                Command::SignPlan {
                    plan_sha256,
                    candidate,
                    document: None,
                },
            )
        }
        Ask::Consent => (practitioner, consent(Region::Lumbar)),
        Ask::Withdraw => (
            Role::Patient,
            Command::WithdrawConsent {
                reason: String::new(),
            },
        ),
        _ => return visit(ask, story),
    })
}

fn visit(ask: &Ask, story: &Story) -> Option<(Role, Command)> {
    let (practitioner, at, last) = (Role::Practitioner, story.at, last_session(story));
    Some(match ask {
        Ask::Arrive => (
            practitioner,
            Command::RecordArrival {
                readings: super::setting::arrival(at),
            },
        ),
        Ask::Check => (
            practitioner,
            Command::CheckStart {
                readings: pre_start(at),
            },
        ),
        Ask::Grant => (practitioner, grant(last + 1, story)),
        Ask::Start => (Role::Program, Command::StartSession { session: id(last) }),
        Ask::End => (
            Role::Program,
            Command::EndSession {
                session: id(last),
                summary: went_well(),
            },
        ),
        Ask::Leave => (practitioner, leaving(last, at)),
        Ask::CheckIn(bad) => {
            let mut readings = all_well(Region::Lumbar, at);
            if *bad {
                readings.retain(|reading| reading.fact.as_str() != "since_fall");
                readings.push(yes("since_fall", By::Patient, at));
            }
            (
                Role::Patient,
                Command::AnswerCheckIn {
                    session: id(last),
                    number: None,
                    form: None,
                    readings,
                },
            )
        }
        Ask::Tick => (
            Role::Program,
            Command::KeepTime {
                on_call: vec!["one".to_owned()],
            },
        ),
        _ => return safety(ask, story),
    })
}

fn safety(ask: &Ask, story: &Story) -> Option<(Role, Command)> {
    let (practitioner, at) = (Role::Practitioner, story.at);
    let record = |readings| Command::RecordFacts {
        readings,
        denied: vec![],
    };
    Some(match ask {
        Ask::Suspend => (
            Role::Assistant,
            Command::Suspend {
                reason: "asked".to_owned(),
            },
        ),
        Ask::Lift => {
            let suspension = story.episode.suspended().next()?.number;
            let reason = "examined".to_owned();
            (
                practitioner,
                Command::LiftSuspension {
                    suspension,
                    examined: at,
                    reason,
                },
            )
        }
        Ask::Adverse => (
            Role::Assistant,
            Command::OpenAdverseEvent {
                description: "fell".to_owned().into(),
                onset: at,
                severity: Severity::Major,
                serious: Some(true),
                session: None,
            },
        ),
        Ask::Review => (practitioner, Command::Review),
        Ask::Acknowledge => {
            let alert = story.episode.open_alerts().next()?.number;
            (
                practitioner,
                Command::Acknowledge {
                    alert,
                    note: String::new(),
                },
            )
        }
        Ask::RedFlag => (
            Role::Patient,
            record(vec![yes("cauda_equina_signs", By::Patient, at)]),
        ),
        Ask::Examine => (
            practitioner,
            record(vec![yes("neuro_exam_done", By::Practitioner, at)]),
        ),
        Ask::Refer => (practitioner, super::referral::emergency()),
        _ => return None,
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    #[test]
    fn whatever_is_asked_a_suspended_or_unconsented_patient_never_gets_a_grant(
        asks in proptest::collection::vec(ask(), 1..60),
        halfway: bool,
    ) {
        let mut story = if halfway {
            planned(Region::Lumbar, "gentle")
        } else {
            let mut story = Story::new();
            story.does(Role::FrontDesk, register(Region::Lumbar));
            story
        };
        for one in &asks {
            let before = story.episode.clone();
            let Some((role, command)) = command(one, &mut story) else { continue };
            let Ok(events) = story.ask(role, command) else {
                prop_assert_eq!(&story.episode, &before, "a refusal changes nothing");
                continue;
            };
            if events.iter().any(|event| matches!(event.what, What::GrantIssued { .. })) {
                prop_assert_eq!(before.suspended().count(), 0);
                prop_assert!(before.consent.is_some() && before.plan.is_some());
                prop_assert!(before.running().is_none());
            }
            numbers_are_given_once(&story)?;
        }
        prop_assert_eq!(replay(&story.events), story.episode);
    }

    #[test]
    fn fold_takes_any_events_in_any_order_without_panicking(
        order in proptest::collection::vec(0_usize..64, 0..120),
        wait in 0_i64..400,
    ) {
        let all = one_of_each();
        let events: Vec<Event> = order.iter().map(|place| all[place % all.len()].clone()).collect();
        let episode = replay(&events);
        prop_assert_eq!(episode.events, events.len() as u64);
        prop_assert_eq!(episode.timeline.len(), events.len());
        let dose = Dose::of_knowledge(knowledge()).expect("numbers of dose");
        let at = super::setting::start().checked_add(hours(wait)).expect("an instant");
        let _: NextStep = episode.next_step(&dose, at);
        let _ = care::triage::due(&episode, at);
        let _ = care::review::derived(&episode, knowledge().instruments(), at);
        let _ = care::session::history(&episode, at);
    }

    #[test]
    fn the_clock_has_something_to_do_from_the_instant_on_that_the_episode_names(
        order in proptest::collection::vec(0_usize..64, 0..120),
        apart in proptest::collection::vec(0_i64..40, 120),
        wait in -3_000_i64..6_000,
    ) {
        let all = one_of_each();
        let mut story = Story::new();
        for (place, minutes) in order.iter().zip(apart) {
            story.later(super::setting::minutes(minutes));
            let event = all[place % all.len()].clone();
            story.take(Event { at: story.at, ..event });
        }
        story.later(super::setting::minutes(wait));
        let wakes = care::episode::wakes_at(&story.episode);
        let on_call = vec!["one".to_owned()];
        let Ok(events) = story.ask(Role::Program, Command::KeepTime { on_call }) else {
            prop_assert_eq!(story.episode.number, 0, "the clock is never refused");
            return Ok(());
        };
        let due = wakes.is_some_and(|wakes| wakes <= story.at);
        prop_assert_eq!(!events.is_empty(), due, "wakes at {:?}, asked at {}", wakes, story.at);
    }

    #[test]
    fn a_decided_stream_shuffled_is_still_folded(
        seed in any::<u64>(),
    ) {
        let mut story = planned(Region::Lumbar, "gentle");
        super::setting::session(&mut story, 71, went_well());
        let mut events = story.events.clone();
        let mut state = seed | 1;
        for place in (1..events.len()).rev() {
            state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            events.swap(place, (state >> 33) as usize % (place + 1));
        }
        let folded = events.iter().fold(care::episode::Episode::default(), fold);
        prop_assert_eq!(folded.events, events.len() as u64);
    }
}

fn numbers_are_given_once(story: &Story) -> Result<(), TestCaseError> {
    let once = |mut numbers: Vec<u32>| {
        let all = numbers.len();
        numbers.sort_unstable();
        numbers.dedup();
        numbers.len() == all
    };
    let episode = &story.episode;
    prop_assert!(once(episode.suspensions.iter().map(|s| s.number).collect()));
    prop_assert!(once(
        episode.adverse_events.iter().map(|e| e.number).collect()
    ));
    prop_assert!(once(episode.alerts.iter().map(|a| a.number).collect()));
    prop_assert!(once(episode.referrals.iter().map(|r| r.number).collect()));
    prop_assert!(once(episode.visits.iter().map(|v| v.number).collect()));
    Ok(())
}

#[test]
fn the_laws_reach_a_session_and_are_not_vacuous() {
    let mut story = planned(Region::Lumbar, "gentle");
    super::setting::session(&mut story, 72, went_well());
    assert_eq!(story.episode.treated().count(), 1);
    story.later(days(1));
}
