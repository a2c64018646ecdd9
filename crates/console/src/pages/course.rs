//! Pain, function and force through an episode, as pictures and one sentence.

use care::episode::{Episode, Session};
use care::fact::{Reading, Value};
use care::instrument::{Better, Instrument, Instruments, Measures};
use draw::{Caption, Course, Score, course};
use jiff::Timestamp;
use si::Region;

use crate::frame::Frame;
use crate::messages::Say;

/// Pain at the moment it was asked, the worst of the sites, in the episode with this number, by instant of its record.
fn pain(episode: &Episode, of: u32) -> Vec<(Timestamp, f64)> {
    let arrivals = episode.visits_of(of).flat_map(|visit| &visit.arrival);
    let leavings = episode
        .visits_of(of)
        .filter_map(|visit| visit.leaving.as_ref());
    let leavings = leavings.flat_map(|left| &left.check.readings);
    let check_ins = treated(episode, of)
        .flat_map(|s| &s.check_ins)
        .flat_map(|c| &c.readings);
    let mut all: Vec<(Timestamp, f64)> = Vec::new();
    for reading in arrivals.chain(leavings).chain(check_ins) {
        let Some(score) = number(reading, "pain_now") else {
            continue;
        };
        match all.iter_mut().find(|(at, _)| *at == reading.at) {
            Some((_, worst)) => *worst = worst.max(score),
            None => all.push((reading.at, score)),
        }
    }
    all.sort_by_key(|(at, _)| *at);
    all
}

/// Its sessions that pulled.
fn treated(episode: &Episode, number: u32) -> impl Iterator<Item = &Session> {
    let sessions = episode
        .visits_of(number)
        .filter_map(|visit| visit.session.as_ref());
    sessions.filter(|session| session.started.is_some())
}

fn number(reading: &Reading, fact: &str) -> Option<f64> {
    match reading.as_value() {
        Some(Value::Number(number)) if reading.fact.as_str() == fact => Some(*number),
        _ => None,
    }
}

/// A score of an episode: its name, its range and the change that people notice.
#[derive(Debug)]
pub struct Scored {
    /// Unique on a page.
    pub id: String,
    /// Its name.
    pub title: String,
    /// Highest possible score.
    pub highest: f64,
    /// Which way is better.
    pub better: Better,
    /// The least change that people notice, from the first to the better side; infinite where
    /// none is told.
    pub meaningful: f64,
    /// The words for that change.
    pub band: String,
    /// In order, never empty.
    pub values: Vec<(Timestamp, f64)>,
}

impl Scored {
    /// The first day of its picture.
    fn begins(&self, episode: &Episode) -> Option<Timestamp> {
        let first = self.values.first()?.0;
        Some(episode.opened.unwrap_or(first).min(first))
    }

    /// Points to the better side of the first score; below 0 it is worse.
    #[must_use]
    pub fn gain(&self) -> f64 {
        let (first, last) = (self.values[0].1, self.values[self.values.len() - 1].1);
        match self.better {
            Better::Lower => first - last,
            Better::Higher => last - first,
        }
    }

    /// The first score that people would notice as better.
    #[must_use]
    pub fn edge(&self) -> f64 {
        match self.better {
            Better::Lower => self.values[0].1 - self.meaningful,
            Better::Higher => self.values[0].1 + self.meaningful,
        }
    }

    /// The last score against the first and the least change that people notice.
    #[must_use]
    pub fn words(&self, t: Say) -> String {
        let (first, last) = (self.values[0].1, self.values[self.values.len() - 1].1);
        let (title, least) = (&self.title, self.meaningful.to_string());
        if self.values.len() < 2 {
            return t.note_score_first(title, last, self.highest);
        }
        if self.gain() >= self.meaningful {
            t.note_score_better(title, last, first, least)
        } else if self.gain() <= -self.meaningful {
            t.note_score_worse(title, last, first, least)
        } else {
            t.note_score_within(title, last, first, least)
        }
    }

    /// Whether a higher score is better.
    #[must_use]
    pub fn rises(&self) -> bool {
        self.better == Better::Higher
    }
}

/// Every score there is one of: pain as it was told at each visit, then each instrument of pain
/// and of function.
#[must_use]
pub fn scored(f: &Frame, instruments: &Instruments, episode: &Episode) -> Vec<Scored> {
    let region = episode.region.unwrap_or(Region::Lumbar);
    let all = of_pain(f, instruments, episode).into_iter();
    let pain = instruments.measuring(Measures::Pain, region);
    let asked = pain.chain(instruments.measuring(Measures::Function, region));
    all.chain(asked.filter_map(|one| of_instrument(f, one, (episode, region))))
        .collect()
}

/// The scores that were recorded of an instrument, where there is one.
fn of_instrument(
    f: &Frame,
    one: &Instrument,
    (episode, region): (&Episode, Region),
) -> Option<Scored> {
    let (fact, [_, highest]) = (one.fact.as_ref()?, one.range?);
    let points = one.change(region)?.points;
    let values = scores(episode, fact);
    (!values.is_empty()).then(|| Scored {
        id: one.id.clone(),
        title: one.name.clone(),
        highest,
        better: one.better,
        meaningful: points,
        band: match one.better {
            Better::Lower => f.t.course_band(points),
            Better::Higher => f.t.course_band_above(points),
        },
        values,
    })
}

/// What the patient called the change since the start, which is a change already.
#[must_use]
pub fn changes(instruments: &Instruments, episode: &Episode) -> Vec<(Timestamp, f64)> {
    let region = episode.region.unwrap_or(Region::Lumbar);
    let asked = instruments.measuring(Measures::Change, region);
    let facts = asked.filter_map(|one| one.fact.as_ref());
    facts.flat_map(|fact| scores(episode, fact)).collect()
}

/// Peak force of each session that was received, by its end.
#[must_use]
pub fn forces(episode: &Episode) -> Vec<(Timestamp, f64)> {
    let force = |session: &Session| Some((session.ended?, session.summary.as_ref()?.peak_force_n));
    episode.treated().filter_map(force).collect()
}

/// Title, picture and its words for each course there are data for; which change
/// people notice is what the instrument says.
#[must_use]
pub fn charts(
    f: &Frame,
    instruments: &Instruments,
    episode: &Episode,
) -> Vec<(String, String, String)> {
    let mut all = scored(f, instruments, episode);
    let values = forces(episode);
    if !values.is_empty() {
        all.push(Scored {
            id: "force".to_owned(),
            title: f.t.course_force(),
            highest: values.iter().map(|(_, n)| *n).fold(50.0, f64::max) * 1.2,
            better: Better::Lower,
            meaningful: f64::INFINITY,
            band: String::new(),
            values,
        });
    }
    // All stand over the same days.
    let told = all.iter().flat_map(|one| &one.values);
    let last = told.map(|(at, _)| *at).max();
    let begin = all.iter().filter_map(|one| one.begins(episode)).min();
    let days = begin.zip(last);
    all.iter()
        .map(|one| chart(f, episode, one, (days, (340.0, 200.0))))
        .collect()
}

/// Pain alone, with its sentence, once there are two scores.
#[must_use]
pub fn pain_chart(
    f: &Frame,
    instruments: &Instruments,
    episode: &Episode,
) -> Option<(String, String)> {
    let words = sentence(f, episode)?;
    let pain = of_pain(f, instruments, episode)?;
    // Drawn small and shown as wide as a phone: large type.
    let (_, svg, _) = chart(f, episode, &pain, (None, (260.0, 200.0)));
    Some((svg, words))
}

fn of_pain(f: &Frame, instruments: &Instruments, episode: &Episode) -> Option<Scored> {
    let region = episode.region.unwrap_or(Region::Lumbar);
    let nprs = instruments.measuring(Measures::Pain, region).next()?;
    let points = nprs.change(region)?.points;
    let values = pain(episode, episode.number);
    (!values.is_empty()).then(|| Scored {
        id: "pain".to_owned(),
        title: f.t.course_pain(),
        highest: 10.0,
        better: Better::Lower,
        meaningful: points,
        band: f.t.course_band(points),
        values,
    })
}

/// From when to when, and how large.
type Drawn = (Option<(Timestamp, Timestamp)>, (f64, f64));

fn chart(
    f: &Frame,
    episode: &Episode,
    kind: &Scored,
    (days, size): Drawn,
) -> (String, String, String) {
    let values = &kind.values;
    let own = kind.begins(episode).unwrap_or_default();
    let begin = days.map_or(own, |(begin, _)| begin);
    let day = |at: Timestamp| at.duration_since(begin).as_secs_f64() / 86_400.0;
    let points: Vec<Score> = values
        .iter()
        .map(|(at, v)| Score {
            day: day(*at),
            value: Some(*v),
        })
        .collect();
    let sessions: Vec<f64> = episode
        .treated()
        .filter_map(|s| s.started)
        .map(day)
        .collect();
    let (first, last) = (values[0].1, values[values.len() - 1].1);
    let desc = f.t.course_desc(&kind.title, first, last);
    let desc = match kind.rises() {
        true => format!("{desc}; {}", f.t.lanes_higher()),
        false => desc,
    };
    let (band, unit, marks) = (kind.band.clone(), f.t.course_days(), f.t.sessions_word());
    let meaningful = kind.meaningful.is_finite();
    let svg = course(&Course {
        caption: Caption {
            id: &kind.id,
            title: &kind.title,
            desc: &desc,
        },
        size,
        until: days.map_or(0.0, |(_, last)| day(last)),
        scores: &points,
        highest: kind.highest,
        higher_is_better: kind.rises(),
        baseline: meaningful.then_some(first),
        meaningful: if meaningful { kind.meaningful } else { 0.0 },
        band_label: &band,
        sessions: &sessions,
        day_unit: &unit,
        session_label: &marks,
    });
    (kind.title.clone(), svg, desc)
}

fn scores(episode: &Episode, fact: &str) -> Vec<(Timestamp, f64)> {
    let own = episode.readings.iter();
    let own = own.filter(|reading| episode.has_begun(reading.at));
    let all = own.filter_map(|reading| Some((reading.at, number(reading, fact)?)));
    let mut all: Vec<_> = all.collect();
    all.sort_by_key(|(at, _)| *at);
    all
}

/// Better, worse or the same, in one sentence; nothing before two scores.
#[must_use]
pub fn sentence(f: &Frame, episode: &Episode) -> Option<String> {
    sentence_of(f, episode, episode.number, Timestamp::MAX)
}

/// The same of the episode with this number, as of an earlier instant.
#[must_use]
pub fn sentence_of(f: &Frame, episode: &Episode, number: u32, until: Timestamp) -> Option<String> {
    let mut pain = pain(episode, number);
    pain.retain(|(at, _)| *at < until);
    let (first, last) = (pain.first()?, pain.last()?);
    if pain.len() < 2 || treated(episode, number).next().is_none() {
        return None;
    }
    let change = first.1 - last.1;
    Some(if change >= 1.0 {
        f.t.course_better(f.t.course_points(change), last.1)
    } else if change <= -1.0 {
        f.t.course_worse(f.t.course_points(-change), last.1)
    } else {
        f.t.course_same(last.1)
    })
}
