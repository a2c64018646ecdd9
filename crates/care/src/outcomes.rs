//! Outcomes: what a clinic learns from the courses of its own patients.
//!
//! [`Tally`] is one episode in figures, [`figures`] counts many of them. Nobody was assigned
//! to a condition or a mode by chance, and nobody went untreated: what differs between two
//! groups may be who was in them, and what changed may have changed by itself.

mod interval;
mod tally;
mod turned;

use std::collections::BTreeMap;

use si::Region;

pub use interval::{Share, median, median_interval};
pub use tally::{Scored, Tally};
pub use turned::{Turned, TurnedAway};

use crate::decide::Verdict;
use crate::episode::Severity;
use crate::fact::convert;
use crate::instrument::{Instrument, Instruments};

/// What a clinic's episodes show.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Figures {
    /// Episodes.
    pub episodes: u32,
    /// Those that received nothing, by the verdict of their last screening.
    pub untreated: BTreeMap<Verdict, u32>,
    /// Of these, those that were not to be pulled, or not yet, by the rules that said so; by an
    /// empty name where no rule did and something was not asked or examined.
    pub because: BTreeMap<(Verdict, String), u32>,
    /// Every screening that was kept and cleared nobody, whatever came after it.
    pub turned: BTreeMap<Verdict, TurnedAway>,
    /// Those with a signed plan, by region, condition and mode.
    pub groups: Vec<Group>,
    /// The same by one of these alone.
    pub parts: Vec<Part>,
    /// All of those together.
    pub all: Course,
}

/// Episodes that were treated alike.
#[derive(Clone, Debug, PartialEq)]
pub struct Group {
    /// The region.
    pub region: String,
    /// The row of dose of the condition, where a plan named one.
    pub condition: Option<String>,
    /// How force was applied.
    pub mode: String,
    /// What happened.
    pub course: Course,
    /// How scores changed.
    pub outcomes: Vec<Outcome>,
}

/// Courses that share one thing.
#[derive(Clone, Debug, PartialEq)]
pub struct Part {
    /// What they share.
    pub shared: Shared,
    /// What happened.
    pub course: Course,
}

/// What courses share.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Shared {
    /// The region, and the condition where a plan named one.
    Condition(String, Option<String>),
    /// How force was applied.
    Mode(String),
    /// The strength that was signed: a candidate's name.
    Protocol(String),
}

/// What happened in courses.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Course {
    /// Courses with a signed plan.
    pub courses: u32,
    /// Those that are over.
    pub discharged: u32,
    /// Sessions that were planned.
    pub planned: u32,
    /// Sessions that pulled.
    pub received: u32,
    /// Courses with any.
    pub begun: u32,
    /// What was seen after sessions, or of them.
    pub seen: BTreeMap<Seen, Often>,
    /// Adverse events by Carnes class.
    pub adverse: BTreeMap<Severity, u32>,
    /// Courses with any.
    pub harmed: u32,
}

/// How one instrument's score changed from the first to the last.
#[derive(Clone, Debug, PartialEq)]
pub struct Outcome {
    /// The instrument, by id.
    pub instrument: String,
    /// Episodes scored twice.
    pub count: u32,
    /// Median gain in points; negative is worse.
    pub median: f64,
    /// Its 95 % interval; none for fewer than six.
    pub interval: Option<(f64, f64)>,
    /// The smallest change that people notice, points.
    pub points: f64,
    /// Better by as much.
    pub better: Share,
    /// Worse by as much.
    pub worse: Share,
}

/// Something that happens after sessions, or to them.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Seen {
    /// Soreness that passes.
    Sore,
    /// The dose is to be changed.
    Adjust,
    /// A warning sign: to be seen today, or an emergency.
    Warned,
    /// Nobody was heard of.
    Silent,
    /// The session ended before its time.
    Stopped,
}

impl Seen {
    /// All of it.
    pub const ALL: [Self; 5] = [
        Self::Sore,
        Self::Adjust,
        Self::Warned,
        Self::Silent,
        Self::Stopped,
    ];

    /// After how many sessions of a course.
    fn of(self, tally: &Tally) -> u32 {
        use Verdict as V;
        let verdicts: &[Verdict] = match self {
            Self::Sore => &[V::ExpectedSoreness],
            Self::Adjust => &[V::Adjust],
            Self::Warned => &[V::SeeClinicianToday, V::Emergency],
            Self::Silent => &[V::ContactPatient],
            Self::Stopped => return tally.stopped,
        };
        let counts = verdicts.iter().filter_map(|one| tally.after.get(one));
        counts.sum()
    }
}

/// How often something was seen. The sessions of one patient resemble each other, so that only
/// the courses have an interval.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Often {
    /// Sessions.
    pub sessions: u32,
    /// Courses with at least one of them.
    pub courses: u32,
}

impl Course {
    fn add(&mut self, tally: &Tally) {
        self.courses += 1;
        self.discharged += u32::from(tally.discharged);
        self.planned += tally.planned;
        self.received += tally.received;
        self.begun += u32::from(tally.received > 0);
        for seen in Seen::ALL {
            let sessions = seen.of(tally);
            let often = self.seen.entry(seen).or_default();
            often.sessions += sessions;
            often.courses += u32::from(sessions > 0);
        }
        for (severity, count) in &tally.adverse {
            *self.adverse.entry(*severity).or_default() += count;
        }
        self.harmed += u32::from(!tally.adverse.is_empty());
    }

    /// How often something was seen.
    #[must_use]
    pub fn often(&self, seen: Seen) -> Often {
        self.seen.get(&seen).copied().unwrap_or_default()
    }

    /// In how many of the courses in which anything was received it was seen.
    #[must_use]
    pub fn share(&self, seen: Seen) -> Option<Share> {
        Share::of(self.often(seen).courses, self.begun)
    }
}

/// Counts episodes.
#[must_use]
pub fn figures<'a>(
    tallies: impl IntoIterator<Item = &'a Tally>,
    instruments: &Instruments,
) -> Figures {
    let mut figures = Figures::default();
    let mut groups: BTreeMap<(&str, Option<&str>, &str), Vec<&Tally>> = BTreeMap::new();
    let mut parts: BTreeMap<Shared, Course> = BTreeMap::new();
    for tally in tallies {
        figures.episodes += 1;
        if let Some(verdict) = tally.verdict.filter(|_| tally.received == 0) {
            *figures.untreated.entry(verdict).or_default() += 1;
            for rule in because(tally, verdict) {
                *figures.because.entry((verdict, rule)).or_default() += 1;
            }
        }
        for (verdict, turned) in &tally.turned {
            figures.turned.entry(*verdict).or_default().add(turned);
        }
        if let Some(mode) = &tally.mode {
            figures.all.add(tally);
            let condition = Shared::Condition(tally.region.clone(), tally.condition.clone());
            let protocol = tally.protocol.clone().map(Shared::Protocol);
            let shared = [Some(condition), Some(Shared::Mode(mode.clone())), protocol];
            for one in shared.into_iter().flatten() {
                parts.entry(one).or_default().add(tally);
            }
            let key = (&*tally.region, tally.condition.as_deref(), &**mode);
            groups.entry(key).or_default().push(tally);
        }
    }
    let group =
        |((region, condition, mode), tallies): ((&str, Option<&str>, &str), Vec<&Tally>)| {
            let mut course = Course::default();
            tallies.iter().for_each(|tally| course.add(tally));
            Group {
                outcomes: outcomes(&tallies, region, instruments),
                region: region.to_owned(),
                condition: condition.map(str::to_owned),
                mode: mode.to_owned(),
                course,
            }
        };
    figures.groups = groups.into_iter().map(group).collect();
    figures
        .groups
        .sort_by_key(|group| core::cmp::Reverse(group.course.courses));
    let parts = parts.into_iter();
    figures.parts = parts
        .map(|(shared, course)| Part { shared, course })
        .collect();
    figures
}

/// The rules that stand against a pull; those that ask for care or clear somebody are no reason.
fn because(tally: &Tally, verdict: Verdict) -> Vec<String> {
    match verdict {
        Verdict::Refuse | Verdict::EvaluateFirst if tally.because.is_empty() => {
            vec![String::new()]
        }
        Verdict::Refuse | Verdict::EvaluateFirst => tally.because.clone(),
        _ => Vec::new(),
    }
}

fn outcomes(tallies: &[&Tally], region: &str, instruments: &Instruments) -> Vec<Outcome> {
    let Ok(region) = region.parse::<Region>() else {
        return Vec::new();
    };
    let all = instruments.all.iter().filter(|one| one.is_for(region));
    all.filter_map(|one| outcome(tallies, one, region))
        .collect()
}

fn outcome(tallies: &[&Tally], instrument: &Instrument, region: Region) -> Option<Outcome> {
    let (fact, unit) = (instrument.fact.as_deref()?, instrument.unit.as_deref()?);
    let points = instrument.change(region)?.points;
    let score =
        |scored: &Scored| convert(scored.value, scored.unit.as_deref().unwrap_or(unit), unit);
    let gain = |tally: &&Tally| {
        let [first, last] = tally.scores.get(fact)?;
        Some(instrument.gain(score(first)?, score(last)?))
    };
    let mut gains: Vec<f64> = tallies.iter().filter_map(gain).collect();
    let count = tally::count(gains.len());
    let better = gains.iter().filter(|gain| **gain >= points).count();
    let worse = gains.iter().filter(|gain| **gain <= -points).count();
    Some(Outcome {
        instrument: instrument.id.clone(),
        median: median(&mut gains)?,
        interval: median_interval(&gains),
        count,
        points,
        better: Share::of(tally::count(better), count)?,
        worse: Share::of(tally::count(worse), count)?,
    })
}
