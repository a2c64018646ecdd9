//! The body on which pain is marked: asked of the patient, shown to whoever reads the answers.

use care::episode::Episode;
use care::fact::{Catalogue, FactKey, Reading, Value};
use draw::{BodyView, Caption, Facing, Part};
use jiff::Timestamp;
use si::{Problem, Region};

use super::inputs::{self, Entry, Input, Voice};
use crate::frame::Frame;

/// The fact: one yes for each area that hurts.
const FACT: &str = "pain_area";
/// One yes for each word that fits.
const FEEL: &str = "pain_feel";

/// Both views.
#[derive(Debug)]
pub struct Views {
    /// From behind.
    pub back: String,
    /// From the front.
    pub front: String,
}

impl Views {
    /// Both beside each other as one picture, for paper; what stays free on both sides of it, in
    /// widths of one, says how small it is.
    #[must_use]
    pub fn beside(&self, free: f64) -> String {
        let size = |svg: &str, name: &str| -> f64 {
            let value = svg.split(&format!(" {name}=\"")).nth(1);
            let value = value.and_then(|rest| rest.split('"').next());
            value.and_then(|value| value.parse().ok()).unwrap_or(0.0)
        };
        let (left, height) = (size(&self.back, "width"), size(&self.back, "height"));
        let (first, gap) = (left * free, left / 2.0);
        let second = first + left + gap;
        let width = second + size(&self.front, "width") + first;
        let height = height.max(size(&self.front, "height"));
        let at = |svg: &str, x: f64| svg.replacen("<svg ", &format!("<svg x=\"{x}\" "), 1);
        format!(
            "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {width} {height}\" \
             width=\"{width}\" height=\"{height}\">{}{}</svg>",
            at(&self.back, first),
            at(&self.front, second)
        )
    }
}

/// The question, with a picture to tap and the same places as a list.
#[derive(Debug)]
pub struct Asked {
    /// What is asked.
    pub question: String,
    /// The picture.
    pub views: Views,
    /// The places.
    pub areas: Vec<Area>,
    /// Whether both views fit beside each other on a phone.
    pub narrow: bool,
}

/// One place.
#[derive(Debug)]
pub struct Area {
    /// Its field.
    pub input: Input,
    /// Its name in the picture.
    pub area: String,
    /// In words.
    pub words: String,
    /// How far down a pain there reaches, as `distal_extent` says it.
    pub reach: &'static str,
}

/// What the pain feels like: words to tick.
#[derive(Debug)]
pub struct Feels {
    /// What is asked.
    pub question: String,
    /// Each field with its word.
    pub words: Vec<(Input, String)>,
}

/// The words of a region; none where the catalogue lacks them.
#[must_use]
pub fn feels(f: &Frame, catalogue: &Catalogue, region: Region) -> Option<Feels> {
    let fact = catalogue.get(FEEL)?;
    let inputs = Input::all(f.t, fact, region, Voice::Patient);
    let words = inputs.into_iter().filter_map(|input| {
        let key = FactKey::parse(input.name.strip_prefix("f:")?)?;
        let word = f.t.body_feel(key.index.first()?);
        Some((input, word))
    });
    Some(Feels {
        question: fact.patient.clone(),
        words: words.collect(),
    })
}

/// The words that were ticked; empty where none was.
#[must_use]
pub fn felt(f: &Frame, readings: &[Reading]) -> String {
    let words: Vec<String> = ticked(readings, FEEL)
        .map(|word| f.t.body_feel(word))
        .collect();
    words.join(", ")
}

/// The indices of a fact that are marked with a yes.
fn ticked<'a>(readings: &'a [Reading], fact: &'a str) -> impl Iterator<Item = &'a String> {
    let yes = readings.iter().filter(move |reading| {
        reading.fact.as_str() == fact && reading.as_value() == Some(&Value::Bool(true))
    });
    yes.filter_map(|reading| reading.index.first())
}

/// What was marked, for those who read.
#[derive(Debug)]
pub struct Marked {
    /// The picture.
    pub views: Views,
    /// The places in words.
    pub words: String,
}

/// The question of a region; none where the catalogue lacks it.
#[must_use]
pub fn asked(f: &Frame, catalogue: &Catalogue, region: Region) -> Option<Asked> {
    let fact = catalogue.get(FACT)?;
    let inputs = Input::all(f.t, fact, region, Voice::Patient);
    let areas = inputs.into_iter().filter_map(|input| {
        let key = FactKey::parse(input.name.strip_prefix("f:")?)?;
        let area = key.index.first()?.clone();
        Some(Area {
            words: words(f, &area),
            reach: reach(&area),
            area,
            input,
        })
    });
    Some(Asked {
        question: fact.patient.clone(),
        views: views(f, region, &[], "asked"),
        areas: areas.collect(),
        narrow: part(region) == Part::Lower,
    })
}

/// What these readings mark; none where nothing is. `id` is its own on the page.
#[must_use]
pub fn marked(f: &Frame, readings: &[Reading], region: Region, id: &str) -> Option<Marked> {
    let names: Vec<&str> = ticked(readings, FACT).map(String::as_str).collect();
    if names.is_empty() {
        return None;
    }
    let all: Vec<String> = names.iter().map(|area| words(f, area)).collect();
    Some(Marked {
        views: views(f, region, &names, id),
        words: all.join("; "),
    })
}

/// The latest marking of this episode, in the examination or a check-in, and when it was
/// made: a later one takes the place of an earlier one whole.
#[must_use]
pub fn latest(episode: &Episode, region: Region) -> Option<(Timestamp, Vec<Reading>)> {
    let areas = part(region).areas();
    let since = episode.opened.unwrap_or(Timestamp::MIN);
    let marks: Vec<&Reading> = episode
        .readings
        .iter()
        .filter(|reading| reading.fact.as_str() == FACT && reading.at >= since)
        .filter(|reading| reading.index.iter().all(|area| areas.contains(area)))
        .collect();
    let at = marks.iter().map(|reading| reading.at).max()?;
    let last = marks.into_iter().filter(|reading| reading.at == at);
    Some((at, last.cloned().collect()))
}

/// Whether a reading belongs to the picture of the pain.
#[must_use]
pub fn is_picture(reading: &Reading) -> bool {
    [FACT, FEEL].contains(&reading.fact.as_str())
}

/// The picture of the pain in words: where it hurts, and how it feels.
#[must_use]
pub fn told(f: &Frame, readings: &[Reading]) -> Vec<String> {
    let places: Vec<String> = ticked(readings, FACT).map(|area| words(f, area)).collect();
    let feels = felt(f, readings);
    let places = (!places.is_empty()).then(|| f.t.examined_where(places.join("; ")));
    let feels = (!feels.is_empty()).then(|| f.t.feel_line(feels));
    places.into_iter().chain(feels).collect()
}

/// The field that says a picture was sent whole: what is not marked on it does not hurt.
pub const WHOLE: &str = "picture";

/// A no for every area that a whole picture leaves unmarked.
pub fn unmarked(
    catalogue: &Catalogue,
    region: Region,
    told: &[Reading],
    entry: &Entry,
) -> Result<Vec<Reading>, Problem> {
    let Some(fact) = catalogue.get(FACT) else {
        return Ok(Vec::new());
    };
    let keys = fact.indices(region).into_iter().map(|index| FactKey {
        fact: FACT.into(),
        index,
    });
    keys.filter(|key| told.iter().all(|reading| reading.key() != *key))
        .map(|key| inputs::reading(&key.to_string(), "no", catalogue, entry))
        .collect()
}

/// How much of the body belongs to a region.
#[must_use]
pub const fn part(region: Region) -> Part {
    match region {
        Region::Lumbar => Part::Lower,
        Region::Cervical => Part::Upper,
    }
}

fn views(f: &Frame, region: Region, marked: &[&str], id: &str) -> Views {
    let (left, right) = (f.t.body_left(), f.t.body_right());
    let view = |facing, words: String| {
        let id = format!("body-{id}-{facing:?}");
        draw::body(&BodyView {
            caption: Caption {
                id: &id,
                title: &words,
                desc: &words,
            },
            facing,
            part: part(region),
            marked,
            sides: [&left, &right],
        })
    };
    Views {
        back: view(Facing::Back, f.t.body_back()),
        front: view(Facing::Front, f.t.body_front()),
    }
}

/// `thigh-back-left` as people say it.
fn words(f: &Frame, area: &str) -> String {
    let (place, side) = area.rsplit_once('-').unwrap_or((area, ""));
    let side = match side {
        "left" => f.t.body_left(),
        _ => f.t.body_right(),
    };
    format!("{}, {side}", f.t.body_place(place))
}

/// How far from the spine a place lies (CLINICAL.md §6 compares this with arrival).
fn reach(area: &str) -> &'static str {
    match area.rsplit_once('-').map_or(area, |(place, _)| place) {
        "buttock" | "groin" | "shoulder" => "buttock-or-shoulder",
        "thigh-back" | "thigh-front" | "upper-arm" => "thigh-or-upper-arm",
        "calf" | "shin" | "forearm" => "below-knee-or-elbow",
        "foot" | "hand" => "foot-or-hand",
        _ => "spine",
    }
}

#[cfg(test)]
mod tests {
    use care::knowledge::Knowledge;

    use super::*;

    #[test]
    fn what_is_drawn_is_what_the_catalogue_asks_and_reaches_as_far_as_it_says() {
        let catalogue = Knowledge::embedded().expect("sound").catalogue();
        let fact = catalogue.get(FACT).expect("the fact");
        let far = &catalogue.get("distal_extent").expect("the fact").values;
        for region in Region::ALL {
            let drawn = part(region).areas();
            let asked: Vec<String> = fact.indices(region).concat();
            assert_eq!(drawn, asked);
            assert!(
                drawn
                    .iter()
                    .all(|area| far.iter().any(|word| word == reach(area)))
            );
        }
    }
}
