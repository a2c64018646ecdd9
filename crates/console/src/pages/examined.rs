//! What is known of this body: where it hurts, and what the examination found root by root.

use care::episode::Episode;
use care::fact::{Baseline, Catalogue, FactKey, Moment, Reading, Value, View};
use draw::{Caption, Facing, Feeling, FeelingView, RootFeeling};
use jiff::Timestamp;
use si::{Region, Root};

use super::body::{self, Asked, Marked};
use super::inputs;
use crate::clinic::Clinic;
use crate::frame::Frame;

const SIDES: [&str; 2] = ["left", "right"];
/// Asked of everyone before any root is tested.
const SCREENS: [&str; 3] = ["sensation", "motor_strength", "upper_motor_signs"];

/// The grade of a muscle that is as it should be (MRC).
const FULL: f64 = 5.0;

/// Beside the question.
#[derive(Debug)]
pub struct Examined {
    /// Where it hurts, and when that was marked.
    pub marked: Option<(Marked, String)>,
    /// The picture to mark it on.
    pub chart: Option<Asked>,
    /// Feeling, in each view in which a root of the region is tested.
    pub views: Vec<Seen>,
    /// Roots of which something is known.
    pub rows: Vec<Row>,
    /// The screens and what they found.
    pub screens: Vec<(String, String)>,
}

/// One picture.
#[derive(Debug)]
pub struct Seen {
    /// The picture.
    pub picture: String,
    /// From where.
    pub words: String,
}

/// What is known of one root, left and right.
#[derive(Debug)]
pub struct Row {
    /// `L5`.
    pub root: &'static str,
    /// Feeling, and strength from 0 to 5, each left and right.
    pub cells: [Cell; 4],
}

/// One finding.
#[derive(Debug)]
pub struct Cell {
    /// In words.
    pub words: String,
    /// Whether it is not as it should be.
    pub off: bool,
}

impl Row {
    /// Whether any of it is not as it should be.
    #[must_use]
    pub fn off(&self) -> bool {
        self.cells.iter().any(|cell| cell.off)
    }
}

impl Examined {
    /// What is in force at `at`; what went stale counts as not tested.
    #[must_use]
    pub fn of(
        f: &Frame,
        clinic: &Clinic,
        episode: &Episode,
        region: Region,
        at: Timestamp,
    ) -> Self {
        let facts = episode.facts();
        let zone = clinic.zone();
        let knowledge = clinic.knowledge();
        let view = knowledge.view(&facts, Moment { at, zone }, Baseline::First);
        let marked = body::latest(episode).and_then(|(at, readings)| {
            let marked = body::marked(f, &readings, region, "known")?;
            Some((marked, f.when(&at)))
        });
        Self {
            marked,
            chart: body::asked(f, knowledge.catalogue(), region),
            views: views(f, &view, region),
            rows: rows(f, &view, region),
            screens: screens(&view, knowledge.catalogue()),
        }
    }
}

/// What is in force of a root's fact on one side, the worst where sources disagree.
fn known<'a>(view: &View<'a>, fact: &str, root: Root, side: &str) -> Vec<&'a Reading> {
    let key = FactKey {
        fact: fact.into(),
        index: vec![root.as_str().to_owned(), side.to_owned()],
    };
    view.get(&key)
        .map(|resolved| resolved.alternatives.clone())
        .unwrap_or_default()
}

fn felt(view: &View<'_>, root: Root, side: &str) -> Feeling {
    let one = |reading: &&Reading| match inputs::raw(reading).as_str() {
        "absent" => Feeling::Absent,
        "altered" => Feeling::Altered,
        "normal" => Feeling::Normal,
        _ => Feeling::Untested,
    };
    let found = known(view, "dermatome", root, side);
    let worst = found.iter().map(one).max();
    worst.unwrap_or(Feeling::Untested)
}

/// The MRC grade, the lowest where sources disagree.
fn strength(view: &View<'_>, root: Root, side: &str) -> Option<f64> {
    let found = known(view, "myotome", root, side);
    let grades = found.iter().filter_map(|reading| match reading.as_value() {
        Some(Value::Number(grade)) => Some(*grade),
        _ => None,
    });
    grades.min_by(f64::total_cmp)
}

fn views(f: &Frame, view: &View<'_>, region: Region) -> Vec<Seen> {
    let roots: Vec<RootFeeling<'_>> = Root::examined_in(region)
        .iter()
        .map(|root| {
            let [left, right] = SIDES.map(|side| felt(view, *root, side));
            RootFeeling {
                root: root.as_str(),
                left,
                right,
            }
        })
        .collect();
    let part = body::part(region);
    let (left, right) = (f.t.body_left(), f.t.body_right());
    [
        (Facing::Front, f.t.body_front()),
        (Facing::Back, f.t.body_back()),
    ]
    .into_iter()
    .filter(|(facing, _)| draw::roots_shown(part, *facing).next().is_some())
    .map(|(facing, words)| Seen {
        picture: draw::feeling(&FeelingView {
            caption: Caption {
                id: &format!("feeling-{facing:?}"),
                title: &f.t.examined_feeling(),
                desc: &words,
            },
            facing,
            part,
            roots: &roots,
            sides: [&left, &right],
        }),
        words,
    })
    .collect()
}

fn rows(f: &Frame, view: &View<'_>, region: Region) -> Vec<Row> {
    let row = |root: &Root| {
        let [felt_left, felt_right] = SIDES.map(|side| felt(view, *root, side));
        let [left, right] = SIDES.map(|side| strength(view, *root, side));
        let none = felt_left.max(felt_right) == Feeling::Untested && left.or(right).is_none();
        (!none).then(|| Row {
            root: root.as_str(),
            cells: [
                feeling(f, felt_left),
                feeling(f, felt_right),
                grade(f, left),
                grade(f, right),
            ],
        })
    };
    Root::examined_in(region).iter().filter_map(row).collect()
}

fn feeling(f: &Frame, felt: Feeling) -> Cell {
    Cell {
        words: f.t.feeling(felt),
        off: felt > Feeling::Normal,
    }
}

fn grade(f: &Frame, grade: Option<f64>) -> Cell {
    Cell {
        words: grade.map_or_else(|| f.t.examined_untested(), |grade| grade.to_string()),
        off: grade.is_some_and(|grade| grade < FULL),
    }
}

fn screens(view: &View<'_>, catalogue: &Catalogue) -> Vec<(String, String)> {
    let one = |id: &str| {
        let fact = catalogue.get(id)?;
        let value = view.value(id)?;
        let words = inputs::raw_value(value).replace(['-', '_'], " ");
        Some((fact.label.clone(), words))
    };
    SCREENS.into_iter().filter_map(one).collect()
}
