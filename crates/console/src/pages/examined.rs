//! What is known of this body: where it hurts, and what the examination found root by root.

use care::episode::Episode;
use care::fact::{Baseline, Catalogue, FactKey, Moment, Reading, SESSION_HOURS, View};
use draw::{Caption, Facing, Feeling, FeelingView, RootFeeling};
use jiff::{SignedDuration, Timestamp};
use si::{Region, Root};

use super::body::{self, Asked, Marked};
use super::inputs;
use crate::clinic::Clinic;
use crate::frame::Frame;

const SIDES: [&str; 2] = ["left", "right"];
/// The facts of one root on one side.
const FEELING: &str = "dermatome";
const STRENGTH: &str = "myotome";
/// Asked of everyone before any root is tested.
const SCREENS: [&str; 3] = ["sensation", "motor_strength", "upper_motor_signs"];
/// The grade of a muscle that is as it should be (MRC).
const FULL: f64 = 5.0;

/// Beside the question.
#[derive(Debug)]
pub struct Examined {
    /// The last picture of the pain, nothing marked on it included, and when it was made.
    pub marked: Option<(Option<Marked>, String)>,
    /// Whether that was on another day than a session's.
    pub past: bool,
    /// The picture to mark it on.
    pub chart: Option<Asked>,
    /// Feeling, in each view in which a root of the region is tested.
    pub views: Vec<Seen>,
    /// Roots of which something is known.
    pub rows: Vec<Row>,
    /// On which days those were examined.
    pub days: String,
    /// What is said where no root is known.
    pub none: String,
    /// The screens and what they found.
    pub screens: Vec<(String, Cell)>,
}

/// One picture.
#[derive(Debug)]
pub struct Seen {
    /// The picture.
    pub picture: String,
    /// From where.
    pub words: String,
}

/// What is known of one root.
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
    /// In words; each of them where sources disagree.
    pub words: String,
    /// Whether it is not as it should be.
    pub off: bool,
    /// When it was found.
    pub at: Option<Timestamp>,
}

impl Cell {
    /// The day on which it was found.
    #[must_use]
    pub fn day(&self, f: &Frame) -> String {
        self.at.map(|at| f.day(&at)).unwrap_or_default()
    }
}

impl Row {
    /// Whether any of it is not as it should be.
    #[must_use]
    pub fn off(&self) -> bool {
        self.cells.iter().any(|cell| cell.off)
    }
}

/// What is in force, and whose words it is put in.
struct Found<'a> {
    f: &'a Frame,
    view: View<'a>,
    region: Region,
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
        let (facts, zone, knowledge) = (episode.facts(), clinic.zone(), clinic.knowledge());
        let found = Found {
            f,
            view: knowledge.view(&facts, Moment { at, zone }, Baseline::First),
            region,
        };
        let picture = body::latest(episode, region);
        let today = SignedDuration::from_hours(SESSION_HOURS);
        let rows = found.rows();
        Self {
            past: picture
                .as_ref()
                .is_some_and(|(made, _)| at.duration_since(*made) > today),
            marked: picture.map(|(made, readings)| {
                (body::marked(f, &readings, region, "known"), f.when(&made))
            }),
            chart: body::asked(f, knowledge.catalogue(), region),
            views: found.views(),
            days: days(f, &rows),
            rows,
            none: none(f, episode),
            screens: found.screens(knowledge.catalogue()),
        }
    }
}

/// No root is known: never examined, too long ago, or denied together.
fn none(f: &Frame, episode: &Episode) -> String {
    let of_a_root = |reading: &&Reading| [FEELING, STRENGTH].contains(&reading.fact.as_str());
    let all = || episode.readings.iter().filter(of_a_root);
    let last = |denied| {
        all()
            .filter(|one| is_denied(one) == denied)
            .map(|one| one.at)
            .max()
    };
    match (last(false), last(true)) {
        (Some(at), None) => f.t.examined_old(f.day(&at)),
        (Some(at), Some(denied)) if at > denied => f.t.examined_old(f.day(&at)),
        (_, Some(denied)) => f.t.examined_denied_all(f.day(&denied)),
        (None, None) => f.t.examined_none(),
    }
}

/// On which days the roots were examined: the first and the last.
fn days(f: &Frame, rows: &[Row]) -> String {
    let all = || {
        rows.iter()
            .flat_map(|row| &row.cells)
            .filter_map(|cell| cell.at)
    };
    let day = |at: Option<Timestamp>| at.map(|at| f.day(&at)).unwrap_or_default();
    let (first, last) = (day(all().min()), day(all().max()));
    match first == last {
        true => first,
        false => format!("{first} – {last}"),
    }
}

/// A whole section was denied in one act: nobody tested this root.
fn is_denied(reading: &Reading) -> bool {
    let source = reading.source.as_deref();
    source.is_some_and(|source| source.starts_with("denied:"))
}

impl Found<'_> {
    /// The readings in force; more than one value where sources disagree.
    fn readings(&self, key: &FactKey) -> Vec<&Reading> {
        let known = self.view.get(key);
        known
            .map(|known| known.alternatives.clone())
            .unwrap_or_default()
    }

    fn of_root(&self, fact: &str, root: Root, side: &str) -> Vec<&Reading> {
        self.readings(&FactKey {
            fact: fact.into(),
            index: vec![root.as_str().to_owned(), side.to_owned()],
        })
    }

    /// The worst of what was felt; a denial of the whole section is no test.
    fn felt(&self, root: Root, side: &str) -> Feeling {
        let one = |reading: &&Reading| match inputs::raw(reading).as_str() {
            _ if is_denied(reading) => Feeling::Untested,
            "absent" => Feeling::Absent,
            "altered" => Feeling::Altered,
            "normal" => Feeling::Normal,
            _ => Feeling::Untested,
        };
        let found = self.of_root(FEELING, root, side);
        found.iter().map(one).max().unwrap_or(Feeling::Untested)
    }

    /// Every value in force in words, once each.
    fn cell(&self, readings: &[&Reading], off: impl Fn(&Reading) -> bool) -> Cell {
        let mut words: Vec<String> = Vec::new();
        for reading in readings {
            let one = match is_denied(reading) {
                true => self.f.t.examined_denied(),
                false => inputs::raw(reading).replace(['-', '_'], " "),
            };
            if !one.is_empty() && !words.contains(&one) {
                words.push(one);
            }
        }
        Cell {
            off: readings.iter().any(|reading| off(reading)),
            at: readings.iter().map(|reading| reading.at).max(),
            words: match words.is_empty() {
                true => self.f.t.examined_untested(),
                false => words.join(" / "),
            },
        }
    }

    fn rows(&self) -> Vec<Row> {
        let felt_less = |reading: &Reading| inputs::raw(reading) != "normal";
        let weak = |reading: &Reading| {
            let grade = inputs::raw(reading).parse::<f64>();
            grade.is_ok_and(|grade| grade < FULL)
        };
        let row = |root: &Root| {
            let feeling = SIDES.map(|side| self.of_root(FEELING, *root, side));
            let strength = SIDES.map(|side| self.of_root(STRENGTH, *root, side));
            let mut all = feeling.iter().chain(&strength).flatten();
            let tested = all.any(|reading| !is_denied(reading));
            let [felt_left, felt_right] = feeling.map(|found| self.cell(&found, felt_less));
            let [left, right] = strength.map(|found| self.cell(&found, weak));
            tested.then_some(Row {
                root: root.as_str(),
                cells: [felt_left, felt_right, left, right],
            })
        };
        Root::examined_in(self.region)
            .iter()
            .filter_map(row)
            .collect()
    }

    fn views(&self) -> Vec<Seen> {
        let f = self.f;
        let root = |root: &Root| {
            let [left, right] = SIDES.map(|side| self.felt(*root, side));
            RootFeeling {
                root: root.as_str(),
                left,
                right,
            }
        };
        let roots: Vec<_> = Root::examined_in(self.region).iter().map(root).collect();
        let part = body::part(self.region);
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

    fn screens(&self, catalogue: &Catalogue) -> Vec<(String, Cell)> {
        let one = |id: &str| {
            let fact = catalogue.get(id)?;
            let found = self.readings(&FactKey::plain(id));
            let cell = self.cell(&found, |reading| self.view.is_positive(reading));
            (!found.is_empty()).then(|| (fact.label.clone(), cell))
        };
        SCREENS.into_iter().filter_map(one).collect()
    }
}
