//! The body on which pain is marked: asked of the patient, shown to whoever reads the answers.

use care::episode::Episode;
use care::fact::{Catalogue, FactKey, Reading, Value};
use draw::{BodyView, Caption, Facing, Part};
use jiff::Timestamp;
use si::Region;

use super::inputs::{Input, Voice};
use crate::frame::Frame;

/// The fact: one yes for each area that hurts.
const FACT: &str = "pain_area";

/// Both views.
#[derive(Debug)]
pub struct Views {
    /// From behind.
    pub back: String,
    /// From the front.
    pub front: String,
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
    let of = |reading: &Reading| {
        let on = reading.fact.as_str() == FACT && reading.as_value() == Some(&Value::Bool(true));
        reading.index.first().filter(|_| on).cloned()
    };
    let areas: Vec<String> = readings.iter().filter_map(of).collect();
    if areas.is_empty() {
        return None;
    }
    let names: Vec<&str> = areas.iter().map(String::as_str).collect();
    let all: Vec<String> = areas.iter().map(|area| words(f, area)).collect();
    Some(Marked {
        views: views(f, region, &names, id),
        words: all.join("; "),
    })
}

/// The latest marking on record, in the examination or a check-in, and when it was made: a
/// later one takes the place of an earlier one whole.
#[must_use]
pub fn latest(episode: &Episode) -> Option<(Timestamp, Vec<Reading>)> {
    let check_ins = episode.sessions().flat_map(|one| &one.check_ins);
    let told = check_ins.flat_map(|one| &one.readings);
    let marks: Vec<&Reading> = (episode.readings.iter().chain(told))
        .filter(|reading| reading.fact.as_str() == FACT)
        .collect();
    let at = marks.iter().map(|reading| reading.at).max()?;
    let last = marks.into_iter().filter(|reading| reading.at == at);
    Some((at, last.cloned().collect()))
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
