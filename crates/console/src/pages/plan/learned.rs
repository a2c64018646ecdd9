//! What sessions taught of this patient's spine, said in a few lines.

use care::episode::Episode;
use care::lesson::{Believed, Tied};
use jiff::Timestamp;
use si::Region;
use spine::unknown::Unknown;
use uuid::Uuid;

use crate::frame::Frame;

/// Doubts told: the most settled first.
const TOLD: usize = 3;

/// The lines.
#[derive(Debug, Default)]
pub(super) struct Learned {
    /// From how many sessions, and until when.
    pub(super) from: String,
    /// How much of which doubt is gone.
    pub(super) doubts: Vec<String>,
    /// What cannot be parted, and on which kind of table.
    pub(super) notes: Vec<String>,
    /// What to read it with.
    pub(super) cares: Vec<String>,
}

impl Learned {
    /// What the lessons of a region say beside a plan that was forecast at `planned`;
    /// nothing where no session was to be learned from.
    pub(super) fn of(
        f: &Frame,
        episode: &Episode,
        (region, planned): (Region, Option<Timestamp>),
    ) -> Option<Self> {
        let mut told = Self::default();
        let expected = episode.expected(region);
        if let Some(believed) = episode
            .believed(region)
            .filter(|_| expected.unread.is_none())
        {
            told.believed(f, believed, ended(episode, believed.session));
            told.notes.extend(planned.map(|at| {
                if at < believed.at {
                    f.t.learned_since()
                } else {
                    f.t.learned_known()
                }
            }));
        }
        if expected.unread.is_some() {
            told.cares.push(f.t.learned_unread());
        }
        let here = |id| episode.visit_of(id).and_then(|visit| visit.region) == Some(region);
        if episode.unlearned().any(|session| here(session.id)) {
            told.notes.push(f.t.learned_pending());
        }
        let mut lessons = episode.lessons.iter();
        let last = lessons.rfind(|lesson| lesson.region == region);
        if let Some((lesson, because)) = last.and_then(|last| Some((last, last.because()?))) {
            let day = f.day(&ended(episode, lesson.session).unwrap_or(lesson.at));
            let why = f.t.learned_why(because);
            told.cares.push(f.t.learned_nothing(day, why));
        }
        let silent = told.from.is_empty() && told.notes.is_empty() && told.cares.is_empty();
        (!silent).then_some(told)
    }

    fn believed(&mut self, f: &Frame, believed: &Believed, ended: Option<Timestamp>) {
        let day = f.day(&ended.unwrap_or(believed.at));
        self.from = f.t.learned_from(believed.sessions, day);
        let posterior = &believed.posterior;
        let known = posterior.doubts.iter().filter_map(|doubt| {
            let what = words(f, &doubt.unknown)?;
            Some(f.t.learned_doubt(what, format!("{:.0}", 100.0 * doubt.known)))
        });
        self.doubts = known.take(TOLD).collect();
        if self.doubts.is_empty() {
            self.notes.push(f.t.learned_little());
        }
        let mut ties = posterior.ties.iter();
        self.notes.extend(ties.find_map(|tie| tied(f, tie)));
        if believed.simulated {
            self.notes.push(f.t.learned_simulated());
        }
    }
}

fn ended(episode: &Episode, session: Uuid) -> Option<Timestamp> {
    episode.session(session)?.ended
}

fn tied(f: &Frame, tie: &Tied) -> Option<String> {
    let (one, other) = (words(f, &tie.one)?, words(f, &tie.other)?);
    Some(if tie.correlation > 0.0 {
        f.t.learned_tie_same(one, other)
    } else {
        f.t.learned_tie_against(one, other)
    })
}

/// What is not an unknown of this version is not told.
fn words(f: &Frame, name: &str) -> Option<String> {
    let mut all = Unknown::ALL.into_iter();
    let unknown = all.find(|unknown| unknown.as_str() == name)?;
    Some(f.t.unknown_of(unknown))
}
