//! The answer for people at a terminal.

use super::ask::Question;
use super::has;
use spine::column::{Band, Output, Overall, Prediction};
use std::fmt::Write as _;

/// Rows of the course through the session.
const ROWS: usize = 9;

/// An output in the unit that people read: factor, unit, decimals.
pub(super) const fn people(output: Output) -> (f64, &'static str, usize) {
    match output {
        Output::Separation | Output::SeparationAnterior | Output::SeparationPosterior => {
            (1e3, "mm", 1)
        }
        Output::ForamenHeight => (1e3, "mm", 1),
        Output::Rotation => (180.0 / core::f64::consts::PI, "°", 1),
        Output::DiscForce | Output::LigamentForce | Output::FacetForce | Output::MuscleForce => {
            (1.0, "N", 0)
        }
        Output::Pressure | Output::PressureChange => (1e-3, "kPa", 0),
        Output::ForamenArea => (1e6, "mm²", 0),
        Output::Bulge | Output::Canal => (100.0, "%", 1),
        Output::LigamentStrain | Output::AnnulusStrain | Output::ForceShare => (100.0, "%", 0),
    }
}

/// A number with a true minus sign, and no minus before zero.
pub(super) fn number(value: f64, decimals: usize) -> String {
    let text = format!("{value:.decimals$}");
    let zero = text
        .trim_start_matches('-')
        .chars()
        .all(|c| matches!(c, '0' | '.'));
    match (text.strip_prefix('-'), zero) {
        (Some(size), true) => size.to_owned(),
        (Some(size), false) => format!("−{size}"),
        (None, _) => text,
    }
}

/// A value with its interval.
pub(super) fn doubt(band: Option<Band>, factor: f64, decimals: usize) -> String {
    let Some(band) = band else {
        return "–".to_owned();
    };
    let show = |value: f64| number(value * factor, decimals);
    format!(
        "{} ({} to {})",
        show(band.mid),
        show(band.low),
        show(band.high)
    )
}

/// The whole answer.
pub(super) fn text(question: &Question, told: &Prediction) -> String {
    let mut text = head(question, told);
    levels(&mut text, question, told);
    course(&mut text, told);
    for warning in &told.warnings {
        let _ = writeln!(text, "\nWarning: {}.", warning.as_str());
    }
    text.push_str(
        "\nA forecast, not a measurement: the middle simulated spine, in brackets 9 of 10.\n\
         An opening is never told more finely than ± 0.5 mm; canal and bulge as directions only.\n",
    );
    text
}

fn head(question: &Question, told: &Prediction) -> String {
    let pull = &question.prescription;
    let (held, applied) = told.instants[told.held];
    let table = if pull.table_split { "split" } else { "unsplit" };
    let known = if question.learned {
        "with what was learned of this person"
    } else {
        "from what is known of people"
    };
    format!(
        "{} pull of {:.0} N at {:.0}° for {}, {} min, {}, {table} table; {} spines, {known}.\n\
         At {held:.0} s, the end of the last hold: {applied:.0} N at the cells, {} N reach the spine.\n",
        match pull.region {
            si::Region::Lumbar => "Lumbar",
            si::Region::Cervical => "Cervical",
        },
        pull.force_n,
        pull.angle_deg,
        pull.target,
        number(question.pull.duration().get() / 60.0, 1),
        pull.position.as_str(),
        told.members,
        doubt(told.overall(Overall::Delivered, told.held), 1.0, 0),
    )
}

const COLUMNS: [(Output, &str); 5] = [
    (Output::Separation, "opens, mm"),
    (Output::SeparationAnterior, "front, mm"),
    (Output::SeparationPosterior, "back, mm"),
    (Output::PressureChange, "pressure, kPa"),
    (Output::ForceShare, "of the pull, %"),
];

fn levels(text: &mut String, question: &Question, told: &Prediction) {
    let mut rows = vec![vec!["level".to_owned()]];
    rows[0].extend(COLUMNS.iter().map(|(_, name)| (*name).to_owned()));
    rows[0].extend(["canal", "annulus, % of failure"].map(str::to_owned));
    for segment in told.levels() {
        let mark = if *segment == question.prescription.target {
            " *"
        } else {
            ""
        };
        let mut row = vec![format!("{segment}{mark}")];
        row.extend(COLUMNS.iter().map(|(output, _)| {
            let (factor, _, decimals) = people(*output);
            let there = has(*segment, *output);
            let band = told.shown(*output, *segment, told.held).filter(|_| there);
            doubt(band, factor, decimals)
        }));
        row.push(trend(told.at(Output::Canal, *segment, told.held)).to_owned());
        let there = has(*segment, Output::AnnulusStrain);
        let strain = told.at(Output::AnnulusStrain, *segment, told.held);
        let strain = strain.filter(|_| there);
        row.push(doubt(strain, 100.0, 0));
        rows.push(row);
    }
    text.push('\n');
    table(text, &rows);
}

/// A quantity of which only the direction is told.
fn trend(band: Option<Band>) -> &'static str {
    match band {
        Some(band) if band.low > 0.0 => "wider",
        Some(band) if band.high < 0.0 => "narrower",
        Some(_) => "open",
        None => "–",
    }
}

fn course(text: &mut String, told: &Prediction) {
    let head = [
        "t, s",
        "pull, N",
        "reaches the spine, N",
        "all levels, mm",
        "stature, mm",
    ];
    let mut rows = vec![head.map(str::to_owned).to_vec()];
    for at in instants_of_course(told) {
        let (t, applied) = told.instants[at];
        let whole =
            |quantity, factor, decimals| doubt(told.overall(quantity, at), factor, decimals);
        rows.push(vec![
            number(t, 0),
            number(applied, 0),
            whole(Overall::Delivered, 1.0, 0),
            whole(Overall::Elongation, 1e3, 1),
            whole(Overall::Stature, 1e3, 1),
        ]);
    }
    text.push('\n');
    table(text, &rows);
}

/// Start, the ends of the holds, end; evenly where there are fewer than two holds.
fn instants_of_course(told: &Prediction) -> Vec<usize> {
    let last = told.instants.len() - 1;
    let highest = told
        .instants
        .iter()
        .fold(0.0_f64, |most, told| most.max(told.1));
    let holds = |at: usize| told.instants[at].1 >= 0.98 * highest;
    let ends: Vec<usize> = (0..last)
        .filter(|at| holds(*at) && !holds(at + 1))
        .collect();
    let thinned = |list: &[usize], wanted: usize| -> Vec<usize> {
        let wanted = wanted.min(list.len());
        let place = |row: usize| row * (list.len() - 1) / (wanted - 1).max(1);
        (0..wanted).map(|row| list[place(row)]).collect()
    };
    if ends.len() < 2 {
        let all: Vec<usize> = (0..=last).collect();
        return thinned(&all, ROWS);
    }
    let mut rows = vec![0];
    rows.extend(thinned(&ends, ROWS - 2));
    rows.push(last);
    rows
}

/// Columns padded to their widest cell.
fn table(text: &mut String, rows: &[Vec<String>]) {
    let width = |column: usize| {
        let cells = rows.iter().filter_map(|row| row.get(column));
        cells.map(|cell| cell.chars().count()).max().unwrap_or(0)
    };
    for row in rows {
        let mut line = String::new();
        for (column, cell) in row.iter().enumerate() {
            let pad = width(column).saturating_sub(cell.chars().count());
            let _ = write!(line, "{cell}{}  ", " ".repeat(pad));
        }
        let _ = writeln!(text, "{}", line.trim_end());
    }
}
