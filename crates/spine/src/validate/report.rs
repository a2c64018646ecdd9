//! The page about all rows, as markdown.

use super::csv::fields;
use super::plan::{self, Tier, UsedFor};
use super::{EXPERIMENTS, Measured, RowResult, count};
use core::fmt::Write as _;

const HEAD: &str = "# What the column gives for what was published

This page is written by `annulus validate --docs docs`; a test holds it against the code.
Published rows are those of `crates/spine/validation/rows.csv`, word for word; what is asked of each, with its
tolerance, is `plan.csv` beside it.

- **Tier 1** closed forms; **tier 2** firm measurements; **tier 3** sign or order only; **report** shown, no gate.
- **ours** has every unknown at its middle; its interval is the central 90 % of spines drawn from the belief.
- **inside** compares ours with the bounds of the plan, not the interval. A row outside is shown, never dropped
  and never tuned alone.
- **fit** rows were in sight when parameters were chosen; **prediction** rows were not. No parameter stands on
  one row alone.
";

/// The page.
#[must_use]
pub fn report(rows: &[RowResult], pictures: &[(String, String)]) -> String {
    let mut text = HEAD.to_owned();
    counts(&mut text, rows);
    outside(&mut text, rows);
    if !pictures.is_empty() {
        text.push_str("\n## Pictures\n\nDashed lines join published points, their spread or tolerance shaded. Solid: ours, with its interval where no more than two curves share a picture.\n");
        for (file, title) in pictures {
            let _ = writeln!(text, "\n![{title}](validation/{file})");
        }
    }
    text.push_str("\n## Every target\n");
    for (topic, members) in by_topic(rows) {
        let _ = writeln!(text, "\n### {topic}\n");
        table(&mut text, &members);
    }
    sets(&mut text, rows);
    experiments(&mut text);
    others(&mut text);
    text
}

fn counts(text: &mut String, rows: &[RowResult]) {
    text.push_str("\n| tier | inside | of | share | of them fitted | fitted, inside | predicted | predicted, inside |\n|---|---|---|---|---|---|---|---|\n");
    for tier in [Tier::Closed, Tier::Firm, Tier::Soft, Tier::Report] {
        let (inside, all) = count(rows, tier);
        let of = |used: UsedFor| {
            let chosen = || {
                rows.iter()
                    .filter(move |row| row.target.tier == tier && row.target.used_for == used)
            };
            (
                chosen().count(),
                chosen().filter(|row| row.inside()).count(),
            )
        };
        let (fit, predicted) = (of(UsedFor::Fit), of(UsedFor::Prediction));
        let share = 100.0 * inside as f64 / all.max(1) as f64;
        let _ = writeln!(
            text,
            "| {} | {inside} | {all} | {share:.0} % | {} | {} | {} | {} |",
            tier.as_str(),
            fit.0,
            fit.1,
            predicted.0,
            predicted.1
        );
    }
}

fn outside(text: &mut String, rows: &[RowResult]) {
    text.push_str("\n## Outside, and why\n\n| target | tier | what | published | ours | why |\n|---|---|---|---|---|---|\n");
    let missed = rows
        .iter()
        .filter(|row| row.target.tier != Tier::Report && !row.inside());
    for row in missed {
        let why = plan::discussion(&row.target.id).unwrap_or_default();
        let _ = writeln!(
            text,
            "| {} | {} | {} | {} | {} | {why} |",
            row.target.id,
            row.target.tier.as_str(),
            row.target.quantity,
            published(row),
            ours(row)
        );
    }
}

fn published(row: &RowResult) -> String {
    let target = &row.target;
    let mut text = match (target.published.as_str(), target.unit.as_str()) {
        ("-", _) => "sign only".to_owned(),
        (value, "-") => value.to_owned(),
        (value, unit) => format!("{value} {unit}"),
    };
    if !target.spread.is_empty() {
        let _ = write!(text, " ({})", target.spread);
    }
    text.replace('|', "/")
}

fn ours(row: &RowResult) -> String {
    row.ours.map_or_else(|| "not computed".to_owned(), interval)
}

fn interval(ours: Measured) -> String {
    if ours.low == ours.high {
        return number(ours.value);
    }
    let [value, low, high] = [ours.value, ours.low, ours.high].map(number);
    format!("{value} [{low}, {high}]")
}

/// Three significant digits, no exponent.
#[must_use]
pub fn number(value: f64) -> String {
    if !value.is_finite() {
        return if value > 0.0 { "∞" } else { "−∞" }.to_owned();
    }
    let size = value.abs();
    let places = match size {
        _ if size >= 99.95 => 0,
        _ if size >= 9.995 => 1,
        _ if size >= 0.9995 => 2,
        _ if size >= 0.0995 => 3,
        _ => 4,
    };
    let text = format!("{value:.places$}");
    let trimmed = if text.contains('.') {
        text.trim_end_matches('0').trim_end_matches('.')
    } else {
        &text
    };
    match trimmed.strip_prefix('-') {
        Some("0") => "0".to_owned(),
        Some(size) => format!("−{size}"),
        None => trimmed.to_owned(),
    }
}

/// The targets, grouped by the topic of their rows, in the order of the plan.
fn by_topic(rows: &[RowResult]) -> Vec<(String, Vec<&RowResult>)> {
    let topics: Vec<(String, String)> = plan::ROWS
        .lines()
        .skip(1)
        .filter_map(|line| match fields(line).as_slice() {
            [id, topic, ..] => Some((id.to_string(), topic.to_string())),
            _ => None,
        })
        .collect();
    let mut groups: Vec<(String, Vec<&RowResult>)> = Vec::new();
    for row in rows {
        let found = topics.iter().find(|(id, _)| *id == row.target.row);
        let closed = row.target.tier == Tier::Closed;
        let topic = match found {
            Some((_, topic)) if !closed => topic.as_str(),
            _ => "Closed forms",
        };
        match groups.iter_mut().find(|(name, _)| name == topic) {
            Some((_, members)) => members.push(row),
            None => groups.push((topic.to_owned(), vec![row])),
        }
    }
    groups
}

fn table(text: &mut String, rows: &[&RowResult]) {
    text.push_str("| target | tier | what | published (spread) | counts as inside | ours [90 %] | inside | used for | note |\n|---|---|---|---|---|---|---|---|---|\n");
    for row in rows {
        let target = &row.target;
        let inside = if row.inside() { "yes" } else { "**no**" };
        let bounds = format!("{} to {}", number(target.low), number(target.high));
        let _ = writeln!(
            text,
            "| {} | {} | {} | {} | {bounds} | {} | {inside} | {} | {} |",
            target.id,
            target.tier.as_str(),
            target.quantity,
            published(row),
            ours(row),
            target.used_for.as_str(),
            target.note
        );
    }
}

fn sets(text: &mut String, rows: &[RowResult]) {
    text.push_str("\n## Fitted on, and only predicted\n");
    for used in [UsedFor::Fit, UsedFor::Prediction] {
        let mut ids: Vec<&str> = rows
            .iter()
            .filter(|row| row.target.used_for == used && row.target.row != "-")
            .map(|row| row.target.row.as_str())
            .collect();
        ids.dedup();
        let _ = writeln!(
            text,
            "\n**{}** ({} rows): {}",
            used.as_str(),
            ids.len(),
            ids.join(", ")
        );
    }
}

fn experiments(text: &mut String) {
    text.push_str("\n## The experiments\n\n| name | what is done in the model |\n|---|---|\n");
    for one in EXPERIMENTS {
        let _ = writeln!(text, "| {} | {} |", one.name, one.what);
    }
}

fn others(text: &mut String) {
    text.push_str("\n## Rows that are no target\n\n*parameter*: a number or a reason that the model is built from. *condition*: describes another row's experiment. *disc*: not computed by the column; joins with the disc. *no*: not computed, for the reason given.\n\n| rows | use | why |\n|---|---|---|\n");
    let mut groups: Vec<(plan::Other, Vec<String>)> = Vec::new();
    for other in plan::others() {
        let same = |(one, _): &&mut (plan::Other, Vec<String>)| {
            one.why == other.why && one.kind == other.kind
        };
        match groups.iter_mut().find(same) {
            Some((_, ids)) => ids.push(other.id),
            None => groups.push((other.clone(), vec![other.id])),
        }
    }
    for (one, ids) in groups {
        let _ = writeln!(text, "| {} | {} | {} |", runs(&ids), one.kind, one.why);
    }
}

/// `A001–A003, A007`: runs of consecutive ids shortened.
fn runs(ids: &[String]) -> String {
    let number = |id: &str| id.get(1..).and_then(|digits| digits.parse::<u32>().ok());
    let mut text = String::new();
    let mut index = 0;
    while let Some(first) = ids.get(index) {
        let mut last = index;
        while ids.get(last + 1).is_some_and(|next| {
            number(next).is_some() && number(next) == number(&ids[last]).map(|n| n + 1)
        }) {
            last += 1;
        }
        if !text.is_empty() {
            text.push_str(", ");
        }
        text.push_str(first);
        if last > index {
            text.push('–');
            text.push_str(&ids[last]);
        }
        index = last + 1;
    }
    text
}

#[cfg(test)]
mod tests {
    use super::number;

    #[test]
    fn numbers_keep_three_digits_and_a_true_minus() {
        let cases = [
            (-0.9, "−0.9"),
            (1734.4, "1734"),
            (0.0123, "0.0123"),
            (19.34, "19.3"),
        ];
        for (value, text) in cases {
            assert_eq!(number(value), text);
        }
        assert_eq!(
            (number(0.0), number(-1e-9)),
            ("0".to_owned(), "0".to_owned())
        );
    }
}
