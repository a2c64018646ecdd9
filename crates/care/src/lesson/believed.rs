//! What is believed of a patient's spine, folded from the lessons on record.

use jiff::Timestamp;
use serde::Serialize;
use si::{Problem, Region};
use spine::learn::today;
use spine::unknown::Belief;
use uuid::Uuid;

use super::{Because, Lesson, Posterior, Silence, Taught};
use crate::episode::{Episode, Session};

/// A session that was learned from, or that taught nothing.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Learnt {
    /// When it was learned from.
    pub at: Timestamp,
    /// The session.
    pub session: Uuid,
    /// The region that was pulled.
    #[serde(with = "crate::words::region")]
    pub region: Region,
    /// SHA-256 (hex) of the recording.
    pub recording_sha256: String,
    /// By which program.
    pub software: String,
    /// Why it taught nothing, if so.
    pub silence: Option<Silence>,
}

/// What sessions on tables of one kind taught of one region.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Believed {
    /// The region.
    #[serde(with = "crate::words::region")]
    pub region: Region,
    /// Whether the tables were simulated.
    pub simulated: bool,
    /// When it was learned last.
    pub at: Timestamp,
    /// From which session last.
    pub session: Uuid,
    /// From how many sessions.
    pub sessions: u32,
    /// What is believed of the person.
    pub posterior: Posterior,
}

/// What is believed of the next session.
#[derive(Clone, Debug, PartialEq)]
pub struct Expected {
    /// The person with a new day's doubt; the prior where nothing was learned.
    pub belief: Belief,
    /// Sessions that it was learned from.
    pub sessions: u32,
    /// Set where lessons are on record that this version cannot read: the prior is taken.
    pub unread: Option<Problem>,
}

impl Episode {
    /// Sessions that ended with a recording and were not learned from yet, oldest first.
    pub fn unlearned(&self) -> impl Iterator<Item = &Session> {
        let due = self.visits.iter().filter_map(|visit| {
            visit.region?;
            let session = visit.session.as_ref()?;
            let ended = session.summary.as_ref().filter(|_| session.ended.is_some());
            ended?.recording_sha256.as_ref()?;
            Some(session)
        });
        due.filter(|session| self.lesson_of(session.id).is_none())
    }

    /// What came of learning from a session.
    #[must_use]
    pub fn lesson_of(&self, session: Uuid) -> Option<&Learnt> {
        self.lessons.iter().find(|lesson| lesson.session == session)
    }

    /// What tables of one kind taught of a region.
    #[must_use]
    pub fn believed_on(&self, region: Region, simulated: bool) -> Option<&Believed> {
        let mut beliefs = self.beliefs.iter();
        beliefs.find(|belief| (belief.region, belief.simulated) == (region, simulated))
    }

    /// What was taught of a region: by real tables, or by simulated ones as long as no
    /// real one taught anything.
    #[must_use]
    pub fn believed(&self, region: Region) -> Option<&Believed> {
        let real = self.believed_on(region, false);
        real.or_else(|| self.believed_on(region, true))
    }

    /// What is believed of the next session of a region.
    #[must_use]
    pub fn expected(&self, region: Region) -> Expected {
        let none = |unread| Expected {
            belief: Belief::prior(region),
            sessions: 0,
            unread,
        };
        let Some(believed) = self.believed(region) else {
            return none(None);
        };
        let next = believed.posterior.belief.belief(region).and_then(|person| {
            today(&person).map_err(|error| {
                let remedy = "start from the prior";
                Problem::new("belief-impossible", "belief", "", error.to_string(), remedy)
            })
        });
        match next {
            Ok(belief) => Expected {
                belief,
                sessions: believed.sessions,
                unread: None,
            },
            Err(problem) => none(Some(problem)),
        }
    }

    /// What the next lesson starts from, and whose lesson that is: the person as
    /// believed, or, where nothing readable was learned, what is known of people.
    #[must_use]
    pub fn begins(&self, region: Region, simulated: bool) -> (Option<Uuid>, Belief) {
        let read = self.believed_on(region, simulated).and_then(|believed| {
            let belief = believed.posterior.belief.belief(region).ok()?;
            Some((Some(believed.session), belief))
        });
        read.unwrap_or_else(|| (None, Belief::prior(region)))
    }

    /// Takes a lesson in; the first of a session counts.
    pub(crate) fn learns(&mut self, lesson: &Lesson, at: Timestamp) {
        if self.lesson_of(lesson.session).is_some() {
            return;
        }
        self.lessons.push(Learnt {
            at,
            session: lesson.session,
            region: lesson.region,
            recording_sha256: lesson.recording_sha256.clone(),
            software: lesson.software.clone(),
            silence: match &lesson.taught {
                Taught::Nothing(silence) => Some(silence.clone()),
                Taught::Learned(_) => None,
            },
        });
        let Taught::Learned(posterior) = &lesson.taught else {
            return;
        };
        let before = self.believed_on(lesson.region, lesson.simulated);
        // What was learned anew from the prior holds nothing of the sessions before.
        let before = before.filter(|before| Some(before.session) == lesson.after);
        let believed = Believed {
            region: lesson.region,
            simulated: lesson.simulated,
            at,
            session: lesson.session,
            sessions: before.map_or(0, |before| before.sessions).saturating_add(1),
            posterior: posterior.clone(),
        };
        self.beliefs
            .retain(|old| (old.region, old.simulated) != (lesson.region, lesson.simulated));
        self.beliefs.push(believed);
    }
}

impl Learnt {
    /// Why it taught nothing, in a word.
    #[must_use]
    pub fn because(&self) -> Option<Because> {
        self.silence.as_ref().map(|silence| silence.because)
    }
}
