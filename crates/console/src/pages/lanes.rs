//! One episode as lanes over its days: decisions, pain, function, force, check-ins and what
//! went alongside.

use care::episode::Episode;
use care::instrument::Instruments;
use draw::{Caption, Content, Lane, LaneBar, LaneMark, Lanes, Score, Sign, lanes};
use jiff::{SignedDuration, Timestamp};

use super::course::{self, Scored};
use super::{Tone, tone};
use crate::frame::Frame;

/// Pixels across, on a desk and on a phone.
const WIDTH: [f64; 2] = [1180.0, 358.0];
/// About so many days are named along the top.
const NAMED: i64 = 7;

/// An event of a lane, before it is drawn.
struct Mark {
    at: Timestamp,
    sign: Sign,
    words: String,
}

/// What stands in the lanes.
struct Course {
    decided: Vec<Mark>,
    /// What the patient called the change since the start.
    changed: Vec<Mark>,
    told: Vec<Mark>,
    beside: Vec<Mark>,
    scored: Vec<Scored>,
    forces: Vec<(Timestamp, f64)>,
    first: Timestamp,
}

/// The picture, for a desk and for a phone; none before anything was decided, scored or pulled.
#[must_use]
pub fn picture(f: &Frame, instruments: &Instruments, episode: &Episode) -> Option<[String; 2]> {
    let mut course = Course {
        decided: decisions(f, episode),
        changed: changed(instruments, episode),
        told: check_ins(f, episode),
        beside: alongside(episode),
        scored: course::scored(f, instruments, episode),
        forces: course::forces(episode),
        first: episode.opened.unwrap_or(Timestamp::MAX),
    };
    if course.decided.is_empty() && course.scored.is_empty() && course.forces.is_empty() {
        return None;
    }
    let marks = [
        &course.decided,
        &course.changed,
        &course.told,
        &course.beside,
    ]
    .into_iter()
    .flatten();
    let scores = course
        .scored
        .iter()
        .flat_map(|one| &one.values)
        .chain(&course.forces);
    let all = marks.map(|mark| mark.at).chain(scores.map(|(at, _)| *at));
    course.first = all.fold(course.first, Timestamp::min);
    Some(course.draw(f, episode))
}

/// Verdicts that changed, plans that were signed, reviews.
fn decisions(f: &Frame, episode: &Episode) -> Vec<Mark> {
    let mut marks: Vec<Mark> = Vec::new();
    let mut plans = 0;
    let own = episode.timeline.iter();
    for entry in own.filter(|entry| episode.has_begun(entry.at)) {
        let words = match entry.kind {
            "plan-signed" => {
                plans += 1;
                f.t.lanes_plan(plans)
            }
            "decided" | "reviewed" => f.t.verdict(&entry.detail),
            _ => continue,
        };
        let sign = match entry.kind {
            "plan-signed" => Sign::Good,
            _ => sign(&entry.detail),
        };
        if marks.last().is_none_or(|last| last.words != words) {
            marks.push(Mark {
                at: entry.at,
                sign,
                words,
            });
        }
    }
    marks
}

/// Only what was not well has words: the rest says itself by its sign.
fn check_ins(f: &Frame, episode: &Episode) -> Vec<Mark> {
    let all = episode.treated().flat_map(|session| &session.check_ins);
    all.map(|told| {
        let result = told
            .triage
            .as_ref()
            .map_or("", |triage| triage.result.as_str());
        let sign = sign(result);
        Mark {
            at: told.given_at(),
            words: match sign {
                Sign::Good => String::new(),
                _ if told.missed => f.t.recover_missed(),
                _ => f.t.verdict(result),
            },
            sign,
        }
    })
    .collect()
}

fn changed(instruments: &Instruments, episode: &Episode) -> Vec<Mark> {
    let all = course::changes(instruments, episode).into_iter();
    let mark = |(at, value): (Timestamp, f64)| Mark {
        at,
        sign: Sign::Plain,
        words: format!("{value:+}"),
    };
    all.map(mark).collect()
}

fn alongside(episode: &Episode) -> Vec<Mark> {
    let own = episode.therapies.iter();
    let mut marks: Vec<Mark> = own
        .filter(|visit| episode.has_begun(visit.at))
        .map(|visit| Mark {
            at: visit.at,
            sign: Sign::Plain,
            words: visit.kind.replace(['-', '_'], " "),
        })
        .collect();
    marks.sort_by_key(|mark| mark.at);
    marks
}

/// The sign of a verdict or a result.
fn sign(word: &str) -> Sign {
    match tone(word) {
        Tone::Good | Tone::Expected => Sign::Good,
        Tone::Care => Sign::Care,
        Tone::Today | Tone::Stop => Sign::Stop,
        Tone::Unknown => Sign::Unknown,
    }
}

impl Course {
    fn day(&self, at: Timestamp) -> f64 {
        at.duration_since(self.first).as_secs_f64() / 86_400.0
    }

    fn draw(&self, f: &Frame, episode: &Episode) -> [String; 2] {
        let today = self.day(f.now.timestamp()).max(0.0);
        let ticks = self.ticks(f, today);
        let ticks: Vec<(f64, &str)> = ticks
            .iter()
            .map(|(day, name)| (*day, name.as_str()))
            .collect();
        let [decided, changed, told, beside] =
            [&self.decided, &self.changed, &self.told, &self.beside].map(|marks| self.marks(marks));
        let scores: Vec<Vec<Score>> = self.scored.iter().map(|one| self.scores(one)).collect();
        let comforts = comforts(episode);
        let bars = self.bars(&comforts);
        let words = Words::of(f, self, episode);
        let mut all = vec![lane(&words.decided, Content::Marks(&decided))];
        for ((one, scores), words) in self.scored.iter().zip(&scores).zip(&words.scored) {
            let content = Content::Scores {
                scores,
                highest: one.highest,
                higher_is_better: one.rises(),
                noticed: Some((one.edge(), one.band.as_str())),
            };
            all.push(lane(words, content));
        }
        if !changed.is_empty() {
            all.push(lane(&words.changed, Content::Marks(&changed)));
        }
        if !bars.is_empty() {
            all.push(lane(&words.force, Content::Bars(&bars)));
        }
        for (marks, words) in [(&told, &words.told), (&beside, &words.beside)] {
            if !marks.is_empty() {
                all.push(lane(words, Content::Marks(marks)));
            }
        }
        let picture = |id, width| {
            lanes(&Lanes {
                caption: Caption {
                    id,
                    title: &f.t.lanes_title(),
                    desc: &words.whole,
                },
                width,
                today,
                today_label: &f.t.lanes_today(),
                ticks: &ticks,
                lanes: &all,
            })
        };
        [
            picture("lanes", WIDTH[0]),
            picture("lanes-narrow", WIDTH[1]),
        ]
    }

    /// Every so many weeks, so that about [`NAMED`] days are named.
    fn ticks(&self, f: &Frame, today: f64) -> Vec<(f64, String)> {
        let weeks = (today / 7.0 / NAMED as f64).ceil().max(1.0) as i64;
        (0..)
            .map(|step| 7 * weeks * step)
            .take_while(|day| *day as f64 <= today.max(7.0))
            .filter_map(|day| {
                let at = self
                    .first
                    .checked_add(SignedDuration::from_hours(24 * day))
                    .ok()?;
                Some((day as f64, f.day(&at)))
            })
            .collect()
    }

    fn marks<'a>(&self, marks: &'a [Mark]) -> Vec<LaneMark<'a>> {
        let one = |mark: &'a Mark| LaneMark {
            day: self.day(mark.at),
            sign: mark.sign,
            words: &mark.words,
        };
        marks.iter().map(one).collect()
    }

    fn scores(&self, of: &Scored) -> Vec<Score> {
        let one = |(at, value): &(Timestamp, f64)| Score {
            day: self.day(*at),
            value: Some(*value),
        };
        of.values.iter().map(one).collect()
    }

    fn bars<'a>(&self, comforts: &'a [String]) -> Vec<LaneBar<'a>> {
        let one = |((at, value), under): (&(Timestamp, f64), &'a String)| LaneBar {
            day: self.day(*at),
            value: *value,
            under,
        };
        self.forces.iter().zip(comforts).map(one).collect()
    }
}

/// The highest discomfort of each session with a force, `4/10`.
fn comforts(episode: &Episode) -> Vec<String> {
    let ended = episode.treated().filter(|session| session.ended.is_some());
    let summaries = ended.filter_map(|session| session.summary.as_ref());
    let words = |told: Option<u8>| told.map(|told| format!("{told}/10")).unwrap_or_default();
    summaries
        .map(|summary| words(summary.peak_discomfort))
        .collect()
}

/// Name, note and what it comes to.
struct Told {
    title: String,
    note: String,
    says: [String; 2],
}

fn lane<'a>(told: &'a Told, content: Content<'a>) -> Lane<'a> {
    let [first, second] = &told.says;
    Lane {
        title: &told.title,
        note: &told.note,
        says: [first, second],
        content,
    }
}

/// The words of every lane, and of the whole for those who do not see it.
struct Words {
    decided: Told,
    scored: Vec<Told>,
    changed: Told,
    force: Told,
    told: Told,
    beside: Told,
    whole: String,
}

impl Words {
    fn of(f: &Frame, course: &Course, episode: &Episode) -> Self {
        let told = |title, note, says| Told { title, note, says };
        let scored: Vec<Told> = course.scored.iter().map(|one| score(f, one)).collect();
        let good = course
            .told
            .iter()
            .filter(|mark| mark.sign == Sign::Good)
            .count();
        let sessions = f.t.recover_head(episode.treated().count());
        let well = f.t.lanes_well(good, course.told.len());
        let parts = scored
            .iter()
            .map(|one| format!("{}: {}", one.title, one.says[0]));
        let whole: Vec<String> = parts.chain([sessions.clone(), well.clone()]).collect();
        Self {
            decided: told(
                f.t.lanes_decisions(),
                String::new(),
                [String::new(), String::new()],
            ),
            changed: told(
                f.t.lanes_changed(),
                f.t.lanes_changed_note(),
                [
                    course
                        .changed
                        .last()
                        .map(|mark| mark.words.clone())
                        .unwrap_or_default(),
                    String::new(),
                ],
            ),
            force: told(
                f.t.lanes_force(),
                f.t.lanes_force_note(),
                [sessions, String::new()],
            ),
            told: told(
                f.t.lanes_check_ins(),
                f.t.lanes_check_ins_note(),
                [well, String::new()],
            ),
            beside: told(
                f.t.lanes_beside(),
                String::new(),
                [String::new(), String::new()],
            ),
            whole: whole.join(". "),
            scored,
        }
    }
}

fn score(f: &Frame, one: &Scored) -> Told {
    let (first, last) = (one.values[0].1, one.values[one.values.len() - 1].1);
    let better = one.gain();
    let says = match one.values.len() {
        1 => f.t.lanes_once(last),
        _ => f.t.lanes_now(last, first),
    };
    let noticed = match (one.values.len(), better >= one.meaningful) {
        (1, _) => String::new(),
        (_, true) => f.t.lanes_noticed(),
        _ if better < 0.0 => f.t.lanes_worse(),
        (_, false) => f.t.lanes_not_noticed(one.meaningful),
    };
    Told {
        title: one.title.clone(),
        note: match one.rises() {
            true => f.t.lanes_higher(),
            false => f.t.lanes_lower(),
        },
        says: [says, noticed],
    }
}
