//! What a session teaches: from its recording to the next forecast, and what is refused.

use care::episode::{Command, Episode, Event, Role, SessionSummary, What, replay};
use care::lesson::{Because, Doubt, Heard, Lesson, Posterior, SOFTWARE, Silence, Taught, Tied};
use care::plan::{Forecast, Proposal};
use care::subject::{BeliefDocument, Lying};
use si::Region;
use spine::column::{Instants, Overall, Prediction, predict};
use spine::learn::{Samples, today};
use spine::unknown::{Belief, Unknown};

use super::setting::{
    Story, days, grant, id, minutes, planned, ready, routine, session, went_well,
};

const FIRST: u128 = 11;
const SECOND: u128 = 12;

fn recorded(digest: &str) -> SessionSummary {
    SessionSummary {
        recording_sha256: Some(digest.repeat(32)),
        ..went_well()
    }
}

/// A patient with one session whose recording is on record.
fn treated() -> Story {
    treated_at(Region::Lumbar)
}

fn treated_at(region: Region) -> Story {
    let mut story = planned(region, "gentle");
    session(&mut story, FIRST, recorded("a1"));
    story.later(days(2));
    story
}

/// The belief of a person of whom one thing is known twice as well.
fn belief(region: Region, known: Unknown) -> BeliefDocument {
    let prior = Belief::prior(region);
    let (mut mean, mut factor) = (*prior.mean(), *prior.to_parts().1);
    let place = known as usize;
    mean[place] = 0.6;
    factor[place * (place + 1) / 2 + place] = 0.5;
    BeliefDocument::of(&prior.with(mean, factor).expect("a belief"))
}

fn posterior(region: Region) -> Posterior {
    Posterior {
        belief: belief(region, Unknown::Subject),
        misfit: 0.4,
        doubts: vec![Doubt {
            unknown: "disc_compliance".to_owned(),
            removed: 0.75,
            known: 0.75,
        }],
        ties: vec![Tied {
            one: "harness_stiffness".to_owned(),
            other: "disc_compliance".to_owned(),
            correlation: 0.3,
        }],
    }
}

/// A lesson of the first session.
fn lesson() -> Lesson {
    Lesson {
        session: id(FIRST),
        region: Region::Lumbar,
        simulated: true,
        recording_sha256: "a1".repeat(32),
        software: SOFTWARE.to_owned(),
        after: None,
        taught: Taught::Learned(posterior(Region::Lumbar)),
    }
}

fn refused(story: &mut Story, change: impl Fn(&mut Lesson)) -> &'static str {
    let mut lesson = lesson();
    change(&mut lesson);
    let before = story.episode.clone();
    let code = story.refused(Role::Program, Command::LearnSpine(lesson));
    assert_eq!(story.episode, before);
    code
}

fn learned(lesson: &mut Lesson) -> &mut Posterior {
    match &mut lesson.taught {
        Taught::Learned(posterior) => posterior,
        Taught::Nothing(silence) => panic!("{silence:?}"),
    }
}

fn forecast(story: &Story) -> Forecast {
    let proposal = story.episode.proposal.as_ref().expect("a proposal");
    let plan = Proposal::read(&proposal.plan).expect("a plan");
    plan.candidates.gentle.prediction.expect("a forecast")
}

fn propose(story: &mut Story) -> Forecast {
    let command = Command::RecordFacts {
        readings: routine(Region::Lumbar, story.at),
        denied: vec![],
    };
    story.does(Role::Practitioner, command);
    let table_ceiling_n = None;
    story.does(
        Role::Practitioner,
        Command::ProposePlan {
            table_ceiling_n,
            choice: None,
        },
    );
    forecast(story)
}

#[test]
fn a_lesson_moves_the_belief_of_its_region_and_kind_of_table_alone() {
    let mut story = treated();
    let due: Vec<_> = story.episode.unlearned().map(|of| of.id).collect();
    assert_eq!(due, [id(FIRST)]);
    assert_eq!(
        story.episode.expected(Region::Lumbar).belief,
        Belief::prior(Region::Lumbar)
    );
    story.does(Role::Program, Command::LearnSpine(lesson()));
    let episode = &story.episode;
    assert_eq!(episode.unlearned().count(), 0);
    let believed = episode.believed(Region::Lumbar).expect("a belief");
    assert_eq!((believed.sessions, believed.session), (1, id(FIRST)));
    let person = believed.posterior.belief.belief(Region::Lumbar);
    let next = today(&person.expect("a belief")).expect("a belief");
    assert_eq!(episode.expected(Region::Lumbar).belief, next);
    assert!(episode.believed(Region::Cervical).is_none());
    assert_eq!(
        episode.expected(Region::Cervical).belief,
        Belief::prior(Region::Cervical)
    );
    assert!(episode.believed_on(Region::Lumbar, false).is_none());
    assert_eq!(episode.begins(Region::Lumbar, false).0, None);
    // From its bytes the record folds to the same.
    let stored: Vec<Event> = story
        .events
        .iter()
        .map(|event| {
            let bytes = event.bytes().expect("bytes");
            Event::read(event.kind(), event.v, &bytes).expect("an event")
        })
        .collect();
    assert_eq!(replay(&stored), story.episode);
}

#[test]
fn what_a_real_table_taught_counts_before_what_a_simulated_one_did() {
    let mut story = treated();
    story.does(Role::Program, Command::LearnSpine(lesson()));
    let real = Lesson {
        session: id(SECOND),
        simulated: false,
        recording_sha256: "b2".repeat(32),
        taught: Taught::Learned(Posterior {
            belief: belief(Region::Lumbar, Unknown::Tension),
            ..posterior(Region::Lumbar)
        }),
        ..lesson()
    };
    story.given(What::SpineLearned(real));
    let believed = story.episode.believed(Region::Lumbar).expect("a belief");
    assert!(!believed.simulated && believed.session == id(SECOND));
    let begins = |simulated| story.episode.begins(Region::Lumbar, simulated).0;
    assert_eq!(
        (begins(true), begins(false)),
        (Some(id(FIRST)), Some(id(SECOND)))
    );
}

#[test]
fn a_session_that_taught_nothing_leaves_the_belief_and_says_why() {
    for because in Because::ALL {
        let mut story = treated();
        let silent = Lesson {
            taught: Taught::Nothing(because.said("a reason")),
            ..lesson()
        };
        story.does(Role::Program, Command::LearnSpine(silent));
        let episode = &story.episode;
        assert_eq!(episode.unlearned().count(), 0, "it is not asked again");
        let learnt = episode.lesson_of(id(FIRST)).expect("a lesson");
        assert_eq!(learnt.because(), Some(because));
        assert_eq!(
            episode.expected(Region::Lumbar).belief,
            Belief::prior(Region::Lumbar)
        );
        let line = episode.timeline.last().expect("a line");
        assert_eq!(
            (line.kind, line.detail.as_str()),
            ("spine-learned", because.as_str())
        );
        let word = serde_json::to_value(because).expect("JSON");
        assert_eq!(word, because.as_str());
    }
}

#[test]
fn nothing_is_learned_twice_or_from_what_is_not_this_session() {
    let mut story = treated();
    assert_eq!(
        refused(&mut story, |l| l.session = id(99)),
        "session-unknown"
    );
    assert_eq!(
        refused(&mut story, |l| l.recording_sha256 = "ff".repeat(32)),
        "recording-foreign"
    );
    assert_eq!(
        refused(&mut story, |l| l.region = Region::Cervical),
        "regions-differ"
    );
    let other = |l: &mut Lesson| learned(l).belief = belief(Region::Cervical, Unknown::Subject);
    assert_eq!(refused(&mut story, other), "regions-differ");
    assert_eq!(
        refused(&mut story, |l| l.simulated = false),
        "tables-differ"
    );
    assert_eq!(
        refused(&mut story, |l| l.after = Some(id(5))),
        "lesson-overtaken"
    );
    assert_eq!(
        refused(&mut story, |l| learned(l).misfit = f64::NAN),
        "lesson-broken"
    );
    let cut = |l: &mut Lesson| learned(l).belief.mean.truncate(3);
    assert_eq!(refused(&mut story, cut), "belief-impossible");
    story.does(Role::Program, Command::LearnSpine(lesson()));
    assert_eq!(refused(&mut story, |_| ()), "lesson-known");

    session(&mut story, SECOND, recorded("a1"));
    let again = |l: &mut Lesson| (l.session, l.after) = (id(SECOND), Some(id(FIRST)));
    assert_eq!(refused(&mut story, again), "lesson-known");
}

#[test]
fn a_session_that_runs_is_not_learned_from_and_one_after_a_discharge_is() {
    let mut story = treated();
    ready(&mut story);
    let command = grant(SECOND, &story);
    story.does(Role::Practitioner, command);
    let running = |l: &mut Lesson| l.session = id(SECOND);
    assert_eq!(refused(&mut story, running), "session-running");
    story.given(What::Discharged {
        reason: "moved away".to_owned(),
        outcome: "better".to_owned(),
    });
    story.does(Role::Program, Command::LearnSpine(lesson()));
    story.given(What::Reopened {
        region: Region::Lumbar,
    });
    let spine = story.episode.believed(Region::Lumbar);
    assert!(spine.is_some(), "a new episode has the same spine");
}

#[test]
fn a_belief_of_another_version_is_not_taken_and_not_hidden() {
    let mut story = treated();
    let mut old = lesson();
    learned(&mut old).belief.mean.pop();
    story.given(What::SpineLearned(old));
    let expected = story.episode.expected(Region::Lumbar);
    assert_eq!(expected.belief, Belief::prior(Region::Lumbar));
    assert_eq!(expected.unread.expect("told").code, "belief-impossible");
    session(&mut story, SECOND, recorded("b2"));
    let fresh = Lesson {
        session: id(SECOND),
        recording_sha256: "b2".repeat(32),
        ..lesson()
    };
    story.does(Role::Program, Command::LearnSpine(fresh));
    let believed = story.episode.believed(Region::Lumbar).expect("a belief");
    assert_eq!(believed.sessions, 1, "the unread one does not count");
}

#[test]
fn the_next_plan_of_the_region_is_forecast_by_what_was_learned_and_asks_the_same() {
    let mut story = treated();
    let before = propose(&mut story);
    story.does(Role::Program, Command::LearnSpine(lesson()));
    let after = propose(&mut story);
    assert!(after.note.contains("earlier sessions"), "{}", after.note);
    assert_ne!(after.levels, before.levels);
}

/// The episode as it was when a session was permitted.
fn granted(story: &Story, session: u128) -> Episode {
    let events = &story.events;
    let permits = |event: &Event| matches!(&event.what, What::GrantIssued { session: of, .. } if *of == id(session));
    let place = events.iter().position(permits).expect("a Grant");
    replay(&events[..=place])
}

/// The pull of a session on a spine, or on all that is believed.
fn pulled(story: &Story, session: u128, belief: &Belief, members: usize) -> Prediction {
    let granted = granted(story, session);
    let lying = Lying::of(&granted, id(session), story.at).expect("a person");
    let pull = lying.pull.pull().expect("a pull");
    predict(
        &lying.subject,
        &lying.setting,
        (&pull, pull.duration()),
        &Instants::Even(1201),
        (belief, members),
    )
    .expect("a prediction")
}

/// Somebody whose discs give little in a harness that gives much.
fn hidden() -> Belief {
    hidden_at(Region::Lumbar)
}

fn hidden_at(region: Region) -> Belief {
    let prior = Belief::prior(region);
    let mut mean = *prior.mean();
    mean[Unknown::Harness as usize] = -1.0;
    mean[Unknown::Subject as usize] = -1.2;
    prior.with(mean, *prior.to_parts().1).expect("a belief")
}

/// What the table measured of somebody in a session: s, N, m.
fn measured(story: &Story, session: u128, of: &Belief) -> [Vec<f64>; 3] {
    let told = pulled(story, session, of, 1);
    let instants = 0..told.instants.len();
    let travel = instants.map(|at| told.overall(Overall::Travel, at).expect("told").mid);
    let (at, force) = told.instants.iter().copied().unzip();
    [at, force, travel.collect()]
}

fn heard(session: u128, [at, force, travel]: &[Vec<f64>; 3]) -> Heard<'_> {
    Heard {
        session: id(session),
        region: Region::Lumbar,
        simulated: true,
        samples: Samples { at, force, travel },
    }
}

/// The lesson of a session, told by what the table measured of somebody.
fn taught(story: &Story, session: u128, of: &Belief) -> Lesson {
    let samples = measured(story, session, of);
    let granted = granted(story, session);
    let heard = Heard {
        region: of.region(),
        ..heard(session, &samples)
    };
    let lesson = care::lesson::learn(&story.episode, &granted, id(session), Ok(heard));
    lesson.expect("an ended session")
}

fn silence(lesson: Lesson) -> Silence {
    match lesson.taught {
        Taught::Nothing(silence) => silence,
        Taught::Learned(_) => panic!("it was learned from"),
    }
}

/// Middle and width of the travel that is expected at the last hold, mm.
fn travel(story: &Story, belief: &Belief) -> (f64, f64) {
    let told = pulled(story, FIRST, belief, 64);
    let band = told.overall(Overall::Travel, told.held).expect("told");
    (1e3 * band.mid, 1e3 * (band.high - band.low))
}

#[test]
fn two_sessions_narrow_what_is_expected_towards_what_the_table_saw() {
    let mut story = treated();
    let truth = travel(&story, &hidden()).0;
    let prior = story.episode.expected(Region::Lumbar).belief;
    let first = taught(&story, FIRST, &hidden());
    assert_eq!(
        first,
        taught(&story, FIRST, &hidden()),
        "same record, same bits"
    );
    assert_eq!(first.after, None);
    story.does(Role::Program, Command::LearnSpine(first));
    let once = story.episode.expected(Region::Lumbar).belief;

    session(&mut story, SECOND, recorded("b2"));
    let second = taught(&story, SECOND, &hidden());
    assert_eq!(second.after, Some(id(FIRST)));
    story.does(Role::Program, Command::LearnSpine(second));
    let believed = story.episode.believed(Region::Lumbar).expect("a belief");
    assert_eq!(believed.sessions, 2);
    assert!(!believed.posterior.doubts.is_empty());
    let twice = story.episode.expected(Region::Lumbar).belief;

    let [before, after, last] = [&prior, &once, &twice].map(|belief| travel(&story, belief));
    let off = |of: (f64, f64)| (of.0 - truth).abs();
    assert!(after.1 < 0.8 * before.1, "{before:?} {after:?}");
    assert!(last.1 < after.1, "{after:?} {last:?}");
    assert!(
        off(after) < off(before) && off(last) < off(before),
        "{truth}: {before:?} {after:?} {last:?}"
    );
}

#[test]
fn a_neck_is_learned_from_its_own_session_and_the_back_stays_as_it_was() {
    let mut story = treated_at(Region::Cervical);
    let lesson = taught(&story, FIRST, &hidden_at(Region::Cervical));
    assert_eq!(lesson.region, Region::Cervical);
    story.does(Role::Program, Command::LearnSpine(lesson));
    let belief = story.episode.expected(Region::Cervical).belief;
    let before = travel(&story, &Belief::prior(Region::Cervical));
    let after = travel(&story, &belief);
    // A gentle pull of a neck shows less than one of a back.
    assert!(after.1 < 0.95 * before.1, "{before:?} {after:?}");
    story.given(What::Reopened {
        region: Region::Lumbar,
    });
    let lumbar = story.episode.expected(Region::Lumbar);
    assert_eq!(
        (lumbar.belief, lumbar.sessions),
        (Belief::prior(Region::Lumbar), 0)
    );
}

#[test]
fn a_recording_that_teaches_nothing_says_which_kind_of_nothing() {
    let story = treated();
    let granted = granted(&story, FIRST);
    let samples = measured(&story, FIRST, &hidden());
    let because = |granted: &Episode, heard: Result<Heard<'_>, Silence>| {
        let lesson = care::lesson::learn(&story.episode, granted, id(FIRST), heard);
        silence(lesson.expect("an ended session")).because
    };
    let of = |change: &dyn Fn(&mut Heard<'_>)| {
        let mut heard = heard(FIRST, &samples);
        change(&mut heard);
        because(&granted, Ok(heard))
    };
    assert_eq!(of(&|h| h.region = Region::Cervical), Because::RegionsDiffer);
    assert_eq!(of(&|h| h.session = id(3)), Because::RecordingForeign);
    assert_eq!(of(&|h| h.simulated = false), Because::RecordingForeign);
    let missing = Because::RecordingMissing.said("");
    assert_eq!(because(&granted, Err(missing)), Because::RecordingMissing);
    let nobody = Episode::default();
    assert_eq!(
        because(&nobody, Ok(heard(FIRST, &samples))),
        Because::PersonUnknown
    );

    let spoilt = |change: &dyn Fn(&mut [Vec<f64>; 3])| {
        let mut samples = samples.clone();
        change(&mut samples);
        because(&granted, Ok(heard(FIRST, &samples)))
    };
    let stopped = |s: &mut [Vec<f64>; 3]| s.iter_mut().for_each(|column| column.truncate(60));
    assert_eq!(spoilt(&stopped), Because::TooShort);
    assert_eq!(spoilt(&|s| s[2][40] = f64::NAN), Because::RecordingUnfit);
    // A carriage that went half a metre further under the same force is no spine.
    let slipped = |s: &mut [Vec<f64>; 3]| {
        let force = s[1].clone();
        let moved = s[2].iter_mut().zip(force);
        moved.for_each(|(travel, force)| *travel += 0.5 * force / 100.0);
    };
    assert_eq!(spoilt(&slipped), Because::Surprising);
}

#[test]
fn a_session_without_an_end_or_a_recording_is_not_asked() {
    let mut story = planned(Region::Lumbar, "gentle");
    ready(&mut story);
    let command = grant(FIRST, &story);
    story.does(Role::Practitioner, command);
    let open = care::lesson::learn(
        &story.episode,
        &story.episode,
        id(FIRST),
        Err(Because::TooShort.said("")),
    );
    assert_eq!(open.expect_err("open").code, "session-open");
    story.does(Role::Program, Command::StartSession { session: id(FIRST) });
    story.later(minutes(10));
    story.does(
        Role::Program,
        Command::EndSession {
            session: id(FIRST),
            summary: went_well(),
        },
    );
    assert_eq!(story.episode.unlearned().count(), 0, "nothing was recorded");
}
