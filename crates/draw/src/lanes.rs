//! An episode as lanes over the same days: what was decided, how it was, what was pulled,
//! what was told. One line is today; beside it stands what each lane comes to.

mod kinds;
mod sign;

pub use sign::Sign;

use crate::Score;
use crate::axis::Axis;
use crate::sparkline::stroke;
use crate::svg::{Anchor, Caption, Point, Svg, Type, closed, ink};

/// What is drawn.
#[derive(Clone, Copy, Debug)]
pub struct Lanes<'a> {
    /// Title and description.
    pub caption: Caption<'a>,
    /// Width in pixels; the height follows the lanes. Where names do not fit beside the lanes they
    /// stand above them, with what each comes to.
    pub width: f64,
    /// Days from the first to today.
    pub today: f64,
    /// The word for today.
    pub today_label: &'a str,
    /// Days with their names, along the top.
    pub ticks: &'a [(f64, &'a str)],
    /// From the top.
    pub lanes: &'a [Lane<'a>],
}

/// One lane.
#[derive(Clone, Copy, Debug)]
pub struct Lane<'a> {
    /// Its name.
    pub title: &'a str,
    /// Under the name: unit, or who told it.
    pub note: &'a str,
    /// Beside today: what it comes to, the first line in bold.
    pub says: [&'a str; 2],
    /// What happened in it.
    pub content: Content<'a>,
}

/// What a lane holds.
#[derive(Clone, Copy, Debug)]
pub enum Content<'a> {
    /// Signs on a line, with words where there is room for them.
    Marks(&'a [LaneMark<'a>]),
    /// A score.
    Scores {
        /// In order of day.
        scores: &'a [Score],
        /// Highest possible.
        highest: f64,
        /// Whether a higher one is better.
        higher_is_better: bool,
        /// Scores from here to the better side are a change that people notice, with the words
        /// for it.
        noticed: Option<(f64, &'a str)>,
    },
    /// Amounts, one a session.
    Bars(&'a [LaneBar<'a>]),
}

/// One event.
#[derive(Clone, Copy, Debug)]
pub struct LaneMark<'a> {
    /// Its day.
    pub day: f64,
    /// Its sign.
    pub sign: Sign,
    /// Its words.
    pub words: &'a str,
}

/// One session.
#[derive(Clone, Copy, Debug)]
pub struct LaneBar<'a> {
    /// Its day.
    pub day: f64,
    /// How much.
    pub value: f64,
    /// Under it.
    pub under: &'a str,
}

/// Room for the names of the lanes, and beside today.
const LEFT: f64 = 216.0;
const BESIDE: f64 = 230.0;
/// The same where names stand above the lanes: for numbers alone.
const NARROW: (f64, f64) = (34.0, 30.0);
const TOP: f64 = 34.0;
/// The first day begins so far inside, and today's line stands twice that beyond today.
const INSET: f64 = 16.0;
/// Room for an episode of one day.
const FIRST_DAY: f64 = 150.0;
/// An episode is drawn over this many days at least.
const LEAST_DAYS: f64 = 7.0;

/// Where a lane lies.
#[derive(Clone, Copy)]
struct Place<'a> {
    days: Axis<'a>,
    /// Left of the first day, and beside today.
    room: (f64, f64),
    plot: f64,
    today: f64,
    top: f64,
    height: f64,
}

impl Place<'_> {
    fn x(&self, day: f64) -> f64 {
        self.room.0 + INSET + self.days.share(day).clamp(0.0, 1.0) * self.plot
    }

    /// Clear of what happened today, also where that was all.
    fn now(&self) -> f64 {
        (self.x(self.today) + 2.0 * INSET).max(self.room.0 + FIRST_DAY)
    }

    fn bottom(&self) -> f64 {
        self.top + self.height
    }
}

impl Lane<'_> {
    /// Pixels down, without the space below it.
    const fn height(&self) -> f64 {
        match self.content {
            Content::Marks(_) => 24.0,
            Content::Scores { .. } => 104.0,
            Content::Bars(_) => 92.0,
        }
    }

    /// Pixels above it, where its name stands there.
    const fn above(&self, narrow: bool) -> f64 {
        match (narrow, self.says[0].is_empty()) {
            (false, _) => 0.0,
            (true, true) => 20.0,
            (true, false) => 42.0,
        }
    }

    /// Space below it.
    const fn below(&self) -> f64 {
        match self.content {
            Content::Marks(_) => 22.0,
            Content::Scores { .. } => 26.0,
            Content::Bars(_) => 40.0,
        }
    }
}

/// The episode.
#[must_use]
pub fn lanes(of: &Lanes<'_>) -> String {
    let narrow = of.width < LEFT + BESIDE + 200.0;
    let room = if narrow { NARROW } else { (LEFT, BESIDE) };
    let tall: f64 = of
        .lanes
        .iter()
        .map(|lane| lane.above(narrow) + lane.height() + lane.below())
        .sum();
    let width = of.width.max(room.0 + room.1 + 200.0);
    let height = TOP + 14.0 + tall;
    let mut svg = Svg::new(&of.caption, width, height);
    let today = if of.today.is_finite() {
        of.today.max(0.0)
    } else {
        0.0
    };
    let mut place = Place {
        days: Axis::new(0.0, today.max(LEAST_DAYS), ""),
        room,
        plot: width - room.0 - room.1 - 3.0 * INSET,
        today,
        top: TOP + 14.0,
        height: 0.0,
    };
    ground(&mut svg, of, &place, (width, height));
    for lane in of.lanes {
        place.height = lane.height();
        if narrow {
            over(&mut svg, lane, &place, width);
        } else {
            title(&mut svg, lane, &place, width);
        }
        place.top += lane.above(narrow);
        match lane.content {
            Content::Marks(marks) => kinds::marks(&mut svg, marks, &place, lane.says[0].is_empty()),
            Content::Scores {
                scores,
                highest,
                higher_is_better,
                noticed,
            } => {
                let scale = (highest, higher_is_better);
                kinds::scores(&mut svg, scores, scale, noticed, &place);
            }
            Content::Bars(bars) => kinds::bars(&mut svg, bars, &place),
        }
        place.top += lane.height() + lane.below();
    }
    svg.done()
}

/// Days along the top, and the ground beyond today.
fn ground(svg: &mut Svg, of: &Lanes<'_>, place: &Place<'_>, (width, height): (f64, f64)) {
    let (now, foot) = (place.now(), height - 6.0);
    let corners = [(now, TOP), (width, TOP), (width, foot), (now, foot)];
    let shade = format!("fill=\"{}\"", ink::WASH);
    svg.path(
        "after",
        &shade,
        &closed(&corners.map(|(x, y)| Point::new(x, y))),
    );
    // The word for today has its place first.
    let room = 46.0;
    let mut named = f64::NEG_INFINITY;
    for (day, name) in of.ticks {
        let x = place.x(*day);
        let (from, to) = (Point::new(x, TOP), Point::new(x, foot));
        svg.line("ax", &stroke(ink::LINE, 1.0), from, to);
        if (x - now).abs() > room && x - named > 1.2 * room {
            named = x;
            svg.text(Type::soft(Anchor::Middle), Point::new(x, TOP - 12.0), name);
        }
    }
    let (from, to) = (Point::new(now, TOP - 6.0), Point::new(now, foot));
    svg.line("now", &stroke(ink::INK, 2.0), from, to);
    let bold = Type {
        bold: true,
        ..Type::plain(Anchor::Middle)
    };
    svg.text(bold, Point::new(now, TOP - 12.0), of.today_label);
}

/// Name and note above a lane, and under them what it comes to.
fn over(svg: &mut Svg, lane: &Lane<'_>, place: &Place<'_>, width: f64) {
    let bold = Type {
        bold: true,
        size: 13,
        ..Type::plain(Anchor::Start)
    };
    let line = place.top + 8.0;
    svg.text(bold, Point::new(0.0, line), lane.title);
    svg.text(Type::soft(Anchor::End), Point::new(width, line), lane.note);
    let [first, second] = lane.says;
    svg.text(bold, Point::new(0.0, line + 19.0), first);
    let beside = kinds::LETTER * 1.15 * first.chars().count() as f64 + 8.0;
    svg.text(
        Type::soft(Anchor::Start),
        Point::new(beside, line + 19.0),
        second,
    );
}

fn title(svg: &mut Svg, lane: &Lane<'_>, place: &Place<'_>, width: f64) {
    let bold = Type {
        bold: true,
        size: 13,
        ..Type::plain(Anchor::Start)
    };
    let line = place.top + 16.0;
    svg.text(bold, Point::new(0.0, line), lane.title);
    svg.text(
        Type::soft(Anchor::Start),
        Point::new(0.0, line + 17.0),
        lane.note,
    );
    let [first, second] = lane.says;
    // Beyond today, or at the edge where that leaves no room.
    let x = (place.now() + 12.0).min(width - BESIDE + 12.0);
    let down = match lane.content {
        Content::Marks(_) => line,
        _ => place.top + place.height / 2.0,
    };
    svg.text(bold, Point::new(x, down), first);
    svg.text(
        Type::soft(Anchor::Start),
        Point::new(x, down + 17.0),
        second,
    );
}
