//! A session as text, 80 columns wide: force, set point, ceiling, phases, stops.
//!
//! A column is the span of time it covers: force from its least to its highest in it.
//! Every mark is a letter or line of its own, so that nothing is lost without colour.

use traction::frame::Frame;
use traction::profile::Phase;
use traction::supervisor::Stage;
use traction::{Output, PER_SECOND};

/// Columns of the whole plot, of its margin, and rows of its field.
const WIDTH: usize = 80;
const MARGIN: usize = 7;
const ROWS: usize = 16;
const COLUMNS: usize = WIDTH - MARGIN - 1;

/// What stands in a cell; the later in this list the stronger.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Cell {
    Empty,
    Stop,
    Ceiling,
    SetPoint,
    Force,
    Both,
}

impl Cell {
    const fn sign(self) -> char {
        match self {
            Self::Empty => ' ',
            Self::Stop => '┆',
            Self::Ceiling => '─',
            Self::SetPoint => '·',
            Self::Force => '█',
            Self::Both => '▓',
        }
    }

    /// Its colour's number in a terminal, where it has one.
    const fn colour(self) -> Option<u8> {
        match self {
            Self::Empty | Self::SetPoint => None,
            Self::Stop => Some(31),
            Self::Ceiling => Some(33),
            Self::Force | Self::Both => Some(36),
        }
    }
}

/// Phases by their letters, in the order of the legend.
const LETTERS: [(char, &str); 10] = [
    ('.', "no torque"),
    ('t', "slack taken up"),
    ('r', "ramp"),
    ('h', "hold"),
    ('f', "release"),
    ('b', "rest at base"),
    ('p', "paused"),
    ('e', "ending"),
    ('u', "unloading after a stop"),
    ('S', "stop"),
];

/// The letter of a tick.
fn letter(output: &Output) -> char {
    match (output.state.stage, output.phase) {
        (Stage::Armed | Stage::Unloaded | Stage::Complete, _) => '.',
        (Stage::TakeUp, _) => 't',
        (Stage::Paused, _) => 'p',
        (Stage::Ending, _) => 'e',
        (Stage::Unloading, _) => 'u',
        (Stage::Running, Phase::Ramp) => 'r',
        (Stage::Running, Phase::Hold) => 'h',
        (Stage::Running, Phase::Release | Phase::Complete) => 'f',
        (Stage::Running, Phase::Rest) => 'b',
    }
}

/// The plot; with the colours of a terminal, or without.
pub(super) fn draw(frames: &[Frame], colour: bool) -> String {
    if frames.is_empty() {
        return "no tick was recorded\n".to_owned();
    }
    let columns: Vec<&[Frame]> = (0..COLUMNS)
        .map(|at| {
            let from = at * frames.len() / COLUMNS;
            let to = ((at + 1) * frames.len() / COLUMNS).max(from + 1);
            frames.get(from..to.min(frames.len())).unwrap_or_default()
        })
        .collect();
    let top = top(frames);
    let mut field = vec![vec![Cell::Empty; COLUMNS]; ROWS];
    let mut strip = vec![' '; COLUMNS];
    let mut stopped = false;
    for (at, column) in columns.iter().enumerate() {
        let began = fill(&mut field, at, column, (top, &mut stopped));
        let last = column.last().map(|frame| letter(&frame.output));
        strip[at] = if began { 'S' } else { last.unwrap_or(' ') };
    }
    let mut out = String::from("     N\n");
    for (number, row) in field.iter().enumerate() {
        let level = top * (ROWS - number) as f64 / ROWS as f64;
        let label = if number % 4 == 0 {
            format!("{level:>5.0} ┤")
        } else {
            "      │".to_owned()
        };
        let line: String = row.iter().map(|cell| shown(*cell, colour)).collect();
        out += &format!("{label}{}\n", line.trim_end());
    }
    out += &format!("    0 └{}\n", "─".repeat(COLUMNS));
    out += &format!("       {}\n", strip.iter().collect::<String>().trim_end());
    out + &times(frames) + &legend(&strip, &field)
}

/// The highest number of the axis, N: above everything drawn, and round.
fn top(frames: &[Frame]) -> f64 {
    let highest = frames.iter().fold(10.0_f64, |most, frame| {
        let output = &frame.output;
        let numbers = [output.force, output.set_point, output.ceiling].map(si::Newtons::get);
        let finite = numbers.into_iter().filter(|number| number.is_finite());
        finite.fold(most, f64::max)
    });
    (highest / 20.0).floor() * 20.0 + 20.0
}

/// Fills a column; true where a stop began in it.
fn fill(
    field: &mut [Vec<Cell>],
    at: usize,
    column: &[Frame],
    (top, stopped): (f64, &mut bool),
) -> bool {
    let row = |force: f64| {
        let share = (force / top).clamp(0.0, 1.0);
        ((1.0 - share) * ROWS as f64).ceil() as usize
    };
    let mut put = |row: usize, cell: Cell| {
        // Row ROWS is the axis itself: nothing is drawn for no force.
        if let Some(place) = field.get_mut(row).and_then(|row| row.get_mut(at)) {
            *place = match (*place, cell) {
                (Cell::SetPoint | Cell::Both, Cell::Force) => Cell::Both,
                (there, cell) => there.max(cell),
            };
        }
    };
    let (mut least, mut most) = (f64::INFINITY, f64::NEG_INFINITY);
    let mut began = false;
    for frame in column {
        let output = &frame.output;
        let stops = matches!(output.state.stage, Stage::Unloading | Stage::Unloaded);
        began |= stops && !*stopped;
        *stopped = stops;
        if output.force.get().is_finite() {
            least = least.min(output.force.get());
            most = most.max(output.force.get());
        }
        put(row(output.ceiling.get()), Cell::Ceiling);
        put(row(output.set_point.get()), Cell::SetPoint);
    }
    if least <= most {
        for row in row(most)..=row(least) {
            put(row, Cell::Force);
        }
    }
    if began {
        for row in 0..ROWS {
            put(row, Cell::Stop);
        }
    }
    began
}

fn shown(cell: Cell, colour: bool) -> String {
    match cell.colour().filter(|_| colour) {
        Some(number) => format!("\u{1b}[{number}m{}\u{1b}[0m", cell.sign()),
        None => cell.sign().to_string(),
    }
}

/// The line of times: the beginning, the middle, the end.
fn times(frames: &[Frame]) -> String {
    let seconds = frames.len() as f64 / f64::from(PER_SECOND);
    let at = |share: f64| {
        let seconds = seconds * share;
        if seconds >= 60.0 {
            format!(
                "{:.0}:{:02.0} min",
                (seconds / 60.0).floor(),
                (seconds % 60.0).floor()
            )
        } else {
            format!("{seconds:.1} s")
        }
    };
    let half = COLUMNS / 2;
    let (middle, end) = (at(0.5), at(1.0));
    format!(
        "       {:<half$}{middle:<rest$}{end}\n",
        "0",
        rest = (COLUMNS - half).saturating_sub(end.chars().count())
    )
}

/// What the signs mean that were used, in lines of at most [`WIDTH`] columns.
fn legend(strip: &[char], field: &[Vec<Cell>]) -> String {
    let used = |cell: Cell| field.iter().flatten().any(|one| *one == cell);
    let signs = [
        (Cell::Force, "force"),
        (Cell::Both, "force at the set point"),
        (Cell::SetPoint, "set point"),
        (Cell::Ceiling, "ceiling"),
        (Cell::Stop, "stop"),
    ];
    let signs = signs
        .into_iter()
        .filter(|(cell, _)| used(*cell))
        .map(|(cell, name)| format!("{} {name}", cell.sign()));
    let letters = LETTERS
        .into_iter()
        .filter(|(letter, _)| strip.contains(letter))
        .map(|(letter, name)| format!("{letter} {name}"));
    let mut out = String::new();
    let mut width = WIDTH;
    for item in signs.chain(letters) {
        let length = item.chars().count() + 3;
        if width + length > WIDTH {
            out += if out.is_empty() {
                "       "
            } else {
                "\n       "
            };
            width = 7;
        } else {
            out += "   ";
        }
        out += &item;
        width += length;
    }
    out + "\n"
}
