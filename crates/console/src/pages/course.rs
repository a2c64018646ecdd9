//! Pain, function and force through an episode, as pictures and one sentence.

use care::episode::Episode;
use care::fact::{Reading, Value};
use draw::{Caption, Course, Score, course};
use jiff::Timestamp;

use crate::frame::Frame;

/// The least change in NPRS that people notice (ours to draw; the review rules in `care` cite their sources).
const NOTICED_NPRS: f64 = 2.0;

/// Worst pain over the sites, by instant of its record.
fn pain(episode: &Episode) -> Vec<(Timestamp, f64)> {
    let arrivals = episode.visits.iter().flat_map(|visit| &visit.arrival);
    let leavings = episode
        .visits
        .iter()
        .filter_map(|visit| visit.leaving.as_ref());
    let leavings = leavings.flat_map(|left| &left.check.readings);
    let check_ins = episode
        .treated()
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

fn number(reading: &Reading, fact: &str) -> Option<f64> {
    match reading.as_value() {
        Some(Value::Number(number)) if reading.fact.as_str() == fact => Some(*number),
        _ => None,
    }
}

/// Title, picture and a note for each course there are data for.
#[must_use]
pub fn charts(f: &Frame, episode: &Episode) -> Vec<(String, String, String)> {
    let mut charts = Vec::new();
    let pain = pain(episode);
    if !pain.is_empty() {
        charts.push(chart(
            f,
            episode,
            &Kind {
                id: "pain",
                title: f.t.course_pain(),
                highest: 10.0,
                meaningful: NOTICED_NPRS,
                band: f.t.course_band(),
            },
            &pain,
        ));
    }
    // ODI and NDI in percent; ten points is the change the review rules count (CLINICAL.md §6).
    let function = scores(episode, &["score_odi", "score_ndi"]);
    if !function.is_empty() {
        charts.push(chart(
            f,
            episode,
            &Kind {
                id: "function",
                title: f.t.course_function(),
                highest: 100.0,
                meaningful: 10.0,
                band: f.t.course_band_function(),
            },
            &function,
        ));
    }
    let force: Vec<(Timestamp, f64)> = episode
        .treated()
        .filter_map(|session| Some((session.ended?, session.summary.as_ref()?.peak_force_n)))
        .collect();
    if !force.is_empty() {
        let highest = force.iter().map(|(_, n)| *n).fold(50.0, f64::max) * 1.2;
        charts.push(chart(
            f,
            episode,
            &Kind {
                id: "force",
                title: f.t.course_force(),
                highest,
                meaningful: f64::INFINITY,
                band: String::new(),
            },
            &force,
        ));
    }
    charts
}

struct Kind {
    id: &'static str,
    title: String,
    highest: f64,
    meaningful: f64,
    band: String,
}

fn chart(
    f: &Frame,
    episode: &Episode,
    kind: &Kind,
    values: &[(Timestamp, f64)],
) -> (String, String, String) {
    let begin = episode
        .opened
        .unwrap_or_else(|| values[0].0)
        .min(values[0].0);
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
    let (band, unit, marks) = (kind.band.clone(), f.t.course_days(), f.t.sessions_word());
    let meaningful = kind.meaningful.is_finite();
    let svg = course(&Course {
        caption: Caption {
            id: kind.id,
            title: &kind.title,
            desc: &desc,
        },
        size: (520.0, 220.0),
        scores: &points,
        highest: kind.highest,
        baseline: meaningful.then_some(first),
        meaningful: if meaningful { kind.meaningful } else { 0.0 },
        band_label: &band,
        sessions: &sessions,
        day_unit: &unit,
        session_label: &marks,
    });
    (kind.title.clone(), svg, String::new())
}

fn scores(episode: &Episode, ids: &[&str]) -> Vec<(Timestamp, f64)> {
    let all = episode.readings.iter().filter_map(|reading| {
        ids.iter()
            .find_map(|id| number(reading, id))
            .map(|score| (reading.at, score))
    });
    let mut all: Vec<_> = all.collect();
    all.sort_by_key(|(at, _)| *at);
    all
}

/// Better, worse or the same, in one sentence; nothing before two scores.
#[must_use]
pub fn sentence(f: &Frame, episode: &Episode) -> Option<String> {
    let pain = pain(episode);
    let (first, last) = (pain.first()?, pain.last()?);
    if pain.len() < 2 || episode.treated().next().is_none() {
        return None;
    }
    let change = first.1 - last.1;
    Some(if change >= 1.0 {
        f.t.course_better(change, last.1)
    } else if change <= -1.0 {
        f.t.course_worse(-change, last.1)
    } else {
        f.t.course_same(last.1)
    })
}
