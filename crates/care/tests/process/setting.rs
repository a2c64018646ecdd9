//! Shared setting: knowledge, people, a clock, readings, an episode after a session.

use care::decide::{Gate, evaluate};
use care::episode::{
    Actor, Command, Context, Demographics, EndCause, Episode, Event, Kept, Licence, Private, Role,
    SessionSummary, What, decide, fold,
};
use care::fact::{By, FactKey, FactSet, Reading, Value};
use care::knowledge::{Approvals, Knowledge};
use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp};
use si::{Problem, Region};
use uuid::Uuid;

/// The embedded knowledge; its faults are the test's message.
pub(crate) fn knowledge() -> &'static Knowledge {
    match Knowledge::embedded() {
        Ok(knowledge) => knowledge,
        Err(problems) => {
            let all: Vec<String> = problems.iter().map(ToString::to_string).collect();
            panic!("knowledge is broken:\n{}", all.join("\n"))
        }
    }
}

#[test]
fn the_knowledge_loads() {
    let _ = knowledge();
}

/// The first instant of every story.
pub(crate) fn start() -> Timestamp {
    "2026-11-02T08:00:00Z".parse().expect("an instant")
}

pub(crate) fn hours(count: i64) -> SignedDuration {
    SignedDuration::from_hours(count)
}

pub(crate) fn minutes(count: i64) -> SignedDuration {
    SignedDuration::from_mins(count)
}

pub(crate) fn days(count: i64) -> SignedDuration {
    SignedDuration::from_hours(24 * count)
}

pub(crate) fn id(number: u128) -> Uuid {
    Uuid::from_u128(number)
}

/// Somebody in a role; practitioners with a licence that lasts.
pub(crate) fn someone(role: Role) -> Actor {
    let licensed = matches!(role, Role::Practitioner | Role::ClinicalLead);
    Actor {
        id: id(100 + role as u128),
        role,
        name: format!("A {}", role.as_str()),
        licence: licensed.then(|| Licence {
            number: "PT 1".to_owned(),
            expires: "2030-01-01T00:00:00Z".parse().expect("an instant"),
        }),
    }
}

/// A plain reading.
pub(crate) fn told(fact: &str, value: Value, by: By, at: Timestamp) -> Reading {
    let key = FactKey::parse(fact).expect("a fact id");
    Reading::value(key, value, at, by)
}

pub(crate) fn yes(fact: &str, by: By, at: Timestamp) -> Reading {
    told(fact, Value::Bool(true), by, at)
}

pub(crate) fn number(fact: &str, value: f64, by: By, at: Timestamp) -> Reading {
    told(fact, Value::Number(value), by, at)
}

pub(crate) fn choice(fact: &str, word: &str, by: By, at: Timestamp) -> Reading {
    told(fact, Value::Choice(word.to_owned()), by, at)
}

/// NPRS now at the three sites.
pub(crate) fn pain_now(scores: [f64; 3], by: By, at: Timestamp) -> Vec<Reading> {
    scored("pain_now", scores, by, at)
}

pub(crate) fn scored(fact: &str, scores: [f64; 3], by: By, at: Timestamp) -> Vec<Reading> {
    let sites = care::triage::SITES.iter().zip(scores);
    sites
        .map(|(site, score)| number(&format!("{fact}[{site}]"), score, by, at))
        .collect()
}

/// A complete arrival record: 3 in the back, 4 in the left leg, down to the thigh.
pub(crate) fn arrival(at: Timestamp) -> Vec<Reading> {
    let mut readings = pain_now([3.0, 4.0, 0.0], By::Patient, at);
    readings.push(choice(
        "distal_extent",
        "thigh-or-upper-arm",
        By::Patient,
        at,
    ));
    readings.push(yes("neuro_unchanged", By::Practitioner, at));
    readings
}

/// A stream under test: events and what they fold to.
#[derive(Clone)]
pub(crate) struct Story {
    pub(crate) episode: Episode,
    pub(crate) events: Vec<Event>,
    pub(crate) at: Timestamp,
    pub(crate) zone: TimeZone,
    pub(crate) approvals: Approvals,
}

impl Story {
    pub(crate) fn new() -> Self {
        Self {
            episode: Episode::default(),
            events: Vec::new(),
            at: start(),
            zone: TimeZone::UTC,
            approvals: Approvals::default(),
        }
    }

    /// Later by a span.
    pub(crate) fn later(&mut self, span: SignedDuration) -> &mut Self {
        self.at = self.at.checked_add(span).expect("an instant");
        self
    }

    /// What `decide` answers, taken in if it is no problem.
    pub(crate) fn ask(&mut self, role: Role, command: Command) -> Result<Vec<Event>, Problem> {
        let actor = if role == Role::Program {
            Actor::program()
        } else {
            someone(role)
        };
        let context = Context {
            knowledge: knowledge(),
            approvals: &self.approvals,
            at: self.at,
            zone: &self.zone,
            actor: &actor,
        };
        let events = decide(&self.episode, command, &context)?;
        for event in &events {
            self.take(event.clone());
        }
        Ok(events)
    }

    /// The same, where no problem is expected.
    pub(crate) fn does(&mut self, role: Role, command: Command) -> Vec<Event> {
        let words = format!("{command:?}");
        self.ask(role, command)
            .unwrap_or_else(|problem| panic!("{words}: {problem}"))
    }

    /// The code of the problem that a command meets.
    pub(crate) fn refused(&mut self, role: Role, command: Command) -> &'static str {
        let words = format!("{command:?}");
        match self.ask(role, command) {
            Ok(events) => panic!("{words} was not refused: {events:?}"),
            Err(problem) => {
                assert!(!problem.remedy.is_empty(), "{problem:?} names no remedy");
                assert!(!problem.place.is_empty(), "{problem:?} names no place");
                problem.code
            }
        }
    }

    pub(crate) fn take(&mut self, event: Event) {
        self.episode = fold(std::mem::take(&mut self.episode), &event);
        self.events.push(event);
    }

    /// Events that nobody decided, for a setting.
    pub(crate) fn given(&mut self, what: What) {
        let event = Event::new(self.at, Actor::program(), what);
        self.take(event);
    }
}

/// How a session ended that went well.
pub(crate) fn went_well() -> SessionSummary {
    SessionSummary {
        cause: EndCause::Completed,
        detail: String::new(),
        peak_force_n: 150.0,
        tolerated_n: 150.0,
        duration_s: 600.0,
        peak_discomfort: Some(4),
        resumed: false,
        recording_sha256: None,
        simulated: true,
    }
}

/// How a session ended that was broken off in its first minute.
pub(crate) fn broken_off(cause: EndCause) -> SessionSummary {
    SessionSummary {
        cause,
        duration_s: 60.0,
        ..went_well()
    }
}

pub(crate) fn register(region: Region) -> Command {
    Command::Register {
        pseudonym: id(1),
        demographics: Private(Demographics {
            name: "Ada Sample".to_owned(),
            ..Demographics::default()
        }),
        region,
        language: "en".to_owned(),
    }
}

/// The session of [`after_session`].
pub(crate) const SESSION: u128 = 7;

/// A patient whose session has just ended, without the road to it.
pub(crate) fn after_session(region: Region, summary: SessionSummary) -> Story {
    let mut story = Story::new();
    story.does(Role::FrontDesk, register(region));
    treat(&mut story, SESSION, summary);
    story
}

/// One more session that nobody decided about.
pub(crate) fn treat(story: &mut Story, session: u128, summary: SessionSummary) {
    let visit = story.episode.visits.len() as u32 + 1;
    story.given(What::ArrivalRecorded {
        visit,
        readings: arrival(story.at),
    });
    let region = story.episode.region.expect("a region");
    let decision = evaluate(
        &FactSet::new(),
        region,
        Gate::TREAT,
        knowledge(),
        story.at,
        &story.zone,
    );
    let expires = story.at;
    story.given(What::GrantIssued {
        visit,
        session: id(session),
        table: id(2),
        plan_sha256: story
            .episode
            .plan
            .as_ref()
            .map(|p| p.plan_sha256.clone())
            .unwrap_or_default(),
        candidate: "gentle".to_owned(),
        attendant: "An assistant".to_owned(),
        force_n: 150.0,
        expires,
        grant: String::new(),
        simulated: true,
        decision: Kept::new(decision),
    });
    story.later(minutes(5));
    story.given(What::SessionStarted {
        session: id(session),
    });
    story.later(minutes(15));
    story.given(What::SessionEnded {
        session: id(session),
        summary,
    });
}

/// What the check-in asks, all well.
pub(crate) fn all_well(region: Region, at: Timestamp) -> Vec<Reading> {
    let mut readings = pain_now([3.0, 4.0, 0.0], By::Patient, at);
    readings.extend(scored("pain_worst_since", [3.0, 4.0, 0.0], By::Patient, at));
    readings.push(choice(
        "distal_extent",
        "thigh-or-upper-arm",
        By::Patient,
        at,
    ));
    for sign in signs(region) {
        readings.push(told(&sign, Value::Bool(false), By::Patient, at));
    }
    readings
}

/// Every sign that a check-in asks for.
pub(crate) fn signs(region: Region) -> Vec<String> {
    let facts = knowledge().catalogue().facts().iter();
    let asked = facts.filter(|fact| fact.id.starts_with("since_") && fact.is_for(region));
    asked.map(|fact| fact.id.clone()).collect()
}

/// The routine answers of a region's minimum data set, recorded now.
pub(crate) fn routine(region: Region, at: Timestamp) -> Vec<Reading> {
    let facts = crate::support::routine(region);
    let document =
        serde_json::json!({ "region": region.as_str(), "at": at.to_string(), "facts": facts });
    let context = care::input::Context {
        knowledge: knowledge(),
        at: None,
        region: None,
        zone: &TimeZone::UTC,
    };
    let read = care::input::parse_facts(document.to_string().as_bytes(), &context);
    let mut readings = read.unwrap_or_else(|problem| panic!("{problem}")).readings;
    let weight = number("body_weight", 80.0, By::Assistant, at).with_unit("kg");
    readings.extend([
        weight,
        number("body_height", 1.8, By::Assistant, at).with_unit("m"),
    ]);
    readings
}

/// The whole pre-start list, all done.
pub(crate) fn pre_start(at: Timestamp) -> Vec<Reading> {
    let items = care::session::START
        .iter()
        .chain(["within_table_limits"].iter());
    items.map(|item| yes(item, By::Assistant, at)).collect()
}

/// A complete leaving check.
pub(crate) fn leaving(session: u128, at: Timestamp) -> Command {
    let mut readings = pain_now([3.0, 4.0, 0.0], By::Patient, at);
    readings.push(choice(
        "distal_extent",
        "thigh-or-upper-arm",
        By::Patient,
        at,
    ));
    for item in [
        "leaving_skin_intact",
        "leaving_rose_slowly",
        "leaving_walks_steady",
    ] {
        readings.push(yes(item, By::Assistant, at));
    }
    Command::CheckLeaving(care::episode::Leaving {
        session: id(session),
        readings,
        warning_card: true,
    })
}

pub(crate) fn consent(region: Region) -> Command {
    let text = care::consent::text(knowledge(), region, None).expect("the text of consent");
    Command::GiveConsent(care::episode::ConsentGiven {
        text_version: text.version,
        language: "en".to_owned(),
        explained_by: "A practitioner".to_owned(),
        interpreter: None,
        questions: Private(String::new()),
        signed_by: Private("Ada Sample".to_owned()),
        ..care::episode::ConsentGiven::default()
    })
}

pub(crate) fn grant(session: u128, story: &Story) -> Command {
    Command::IssueGrant {
        session: id(session),
        table: id(2),
        nonce: id(1000 + session),
        attendant: "An assistant".to_owned(),
        expires: story.at.checked_add(hours(8)).expect("an instant"),
        simulated: true,
    }
}

/// Registered, examined, cleared, planned, signed, consented.
pub(crate) fn planned(region: Region, candidate: &str) -> Story {
    let mut story = Story::new();
    story.does(Role::FrontDesk, register(region));
    let readings = routine(region, story.at);
    story.does(
        Role::Practitioner,
        Command::RecordFacts {
            readings,
            denied: vec![],
        },
    );
    story.does(Role::Practitioner, Command::Evaluate);
    sign(&mut story, candidate);
    story.does(Role::Practitioner, consent(region));
    story
}

/// Proposes from the facts of now and signs one candidate.
pub(crate) fn sign(story: &mut Story, candidate: &str) {
    sign_one(story, candidate, None);
}

/// Proposes what the practitioner chose, and signs that.
pub(crate) fn sign_chosen(story: &mut Story, choice: care::plan::Choice) {
    sign_one(story, care::plan::Choice::NAME, Some(Box::new(choice)));
}

fn sign_one(story: &mut Story, candidate: &str, choice: Option<Box<care::plan::Choice>>) {
    let propose = Command::ProposePlan {
        table_ceiling_n: None,
        choice,
    };
    story.does(Role::Practitioner, propose);
    let proposal = story.episode.proposal.as_ref().expect("a proposal");
    let sign = Command::SignPlan {
        plan_sha256: proposal.plan_sha256.clone(),
        candidate: candidate.to_owned(),
        document: None,
    };
    story.does(Role::Practitioner, sign);
}

/// Screened again, arrived and checked: ready for a Grant.
pub(crate) fn ready(story: &mut Story) {
    let region = story.episode.region.expect("a region");
    let readings = routine(region, story.at);
    story.does(
        Role::Practitioner,
        Command::RecordFacts {
            readings,
            denied: vec![],
        },
    );
    let readings = arrival(story.at);
    story.does(Role::Practitioner, Command::RecordArrival { readings });
    let readings = pre_start(story.at);
    story.does(Role::Assistant, Command::CheckStart { readings });
}

/// A session by the book, from arrival to leaving.
pub(crate) fn session(story: &mut Story, number: u128, summary: SessionSummary) {
    ready(story);
    let command = grant(number, story);
    story.does(Role::Practitioner, command);
    story.does(
        Role::Program,
        Command::StartSession {
            session: id(number),
        },
    );
    story.later(minutes(15));
    story.does(
        Role::Program,
        Command::EndSession {
            session: id(number),
            summary,
        },
    );
    let command = leaving(number, story.at);
    story.does(Role::Assistant, command);
}
