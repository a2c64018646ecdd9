//! `annulus validate`: the column held against what was published, as text, JSON or a page.

use crate::cli::{Format, ValidateArgs};
use crate::failure::Failure;
use crate::files;
use draw::{Axis, Band, Caption, Curve, Line, LineKind};
use serde_json::{Value, json};
use spine::validate::picture::{Course, Picture};
use spine::validate::{self, Measured, RowResult, Tier, number};
use std::fmt::Write as _;
use std::path::Path;

const TIERS: [Tier; 4] = [Tier::Closed, Tier::Firm, Tier::Soft, Tier::Report];

/// Runs every experiment and tells what came out.
pub(crate) fn run(args: &ValidateArgs, format: Format) -> Result<(), Failure> {
    let rows = validate::rows();
    if let Some(folder) = &args.docs {
        pages(folder, &rows)?;
    }
    match format {
        Format::Json => json_out(&rows)?,
        _ if args.docs.is_some() => {}
        _ if args.markdown => files::print(page(&rows, &validate::pictures()).as_bytes())?,
        _ => files::print(text(&rows).as_bytes())?,
    }
    let missed = rows
        .iter()
        .filter(|row| row.target.tier == Tier::Closed && !row.inside())
        .map(|row| row.target.id.as_str());
    let missed: Vec<&str> = missed.collect();
    if args.strict && !missed.is_empty() {
        let cause = format!("closed forms are missed: {}", missed.join(", "));
        return Err(Failure::new("validating the column", cause));
    }
    Ok(())
}

/// Writes `validation.md` and its pictures.
fn pages(folder: &Path, rows: &[RowResult]) -> Result<(), Failure> {
    let beside = folder.join("validation");
    std::fs::create_dir_all(&beside)
        .map_err(|error| Failure::new(format!("making {}", beside.display()), error))?;
    let pictures = validate::pictures();
    for picture in &pictures {
        let path = beside.join(format!("{}.svg", picture.name));
        files::write(Some(&path), drawn(picture).as_bytes())?;
    }
    let page = page(rows, &pictures);
    files::write(Some(&folder.join("validation.md")), page.as_bytes())
}

fn page(rows: &[RowResult], pictures: &[Picture]) -> String {
    let named: Vec<(String, String)> = pictures
        .iter()
        .map(|picture| (format!("{}.svg", picture.name), picture.title.to_owned()))
        .collect();
    validate::report(rows, &named)
}

fn json_out(rows: &[RowResult]) -> Result<(), Failure> {
    let tiers = TIERS.map(|tier| {
        let (inside, of) = validate::count(rows, tier);
        json!({ "tier": tier.as_str(), "inside": inside, "of": of })
    });
    let whole = json!({
        "schema": "annulus.validation/1",
        "rows": rows.iter().map(told).collect::<Vec<_>>(),
        "tiers": tiers,
    });
    let text = serde_json::to_string_pretty(&whole)
        .map_err(|error| Failure::new("writing JSON", error))?;
    files::print(text.as_bytes())
}

fn told(row: &RowResult) -> Value {
    let target = &row.target;
    let published = target
        .published
        .parse::<f64>()
        .map_or(Value::Null, |value| json!(value));
    json!({
        "id": target.id,
        "row": target.row,
        "tier": target.tier.as_str(),
        "quantity": target.quantity,
        "unit": target.unit,
        "published": published,
        "spread": target.spread,
        "tolerance": [finite(target.low), finite(target.high)],
        "ours": row.ours.map(|ours| ours.value),
        "interval": row.ours.map(|ours| [ours.low, ours.high]),
        "inside": row.inside(),
        "used_for": target.used_for.as_str(),
        "experiment": target.experiment,
        "note": target.note,
        "why": validate::plan::discussion(&target.id),
    })
}

fn finite(bound: f64) -> Option<f64> {
    bound.is_finite().then_some(bound)
}

fn text(rows: &[RowResult]) -> String {
    let mut text = String::new();
    for row in rows {
        let target = &row.target;
        let ours = row.ours.map_or_else(
            || "not computed".to_owned(),
            |ours| {
                let [value, low, high] = [ours.value, ours.low, ours.high].map(number);
                format!("{value} [{low}, {high}]")
            },
        );
        let _ = writeln!(
            text,
            "{:<18} {:<6} {:<8} {:<10} {:<9} {:<26} {} ({})",
            target.id,
            target.tier.as_str(),
            if row.inside() { "inside" } else { "OUTSIDE" },
            target.used_for.as_str(),
            target.published,
            ours,
            target.quantity,
            target.unit
        );
    }
    for tier in TIERS {
        let (inside, of) = validate::count(rows, tier);
        let _ = writeln!(text, "tier {}: {inside} of {of} inside", tier.as_str());
    }
    text
}

/// The picture as SVG.
fn drawn(picture: &Picture) -> String {
    let [x, y] = picture.bounds();
    let room = 0.06 * (y.1 - y.0).max(1e-12);
    let low = if y.0 < 0.0 { y.0 - room } else { 0.0 };
    let edges: Vec<[Vec<(f64, f64)>; 6]> = picture.courses.iter().map(edges).collect();
    let mut bands = Vec::new();
    let mut lines = Vec::new();
    for (course, [plow, phigh, olow, ohigh, published, ours]) in picture.courses.iter().zip(&edges)
    {
        // Where many curves cross, their own intervals would hide the published ones.
        let own = (picture.courses.len() <= 2).then_some((olow, ohigh));
        for (low, high) in core::iter::once((plow, phigh)).chain(own) {
            bands.push(Band {
                low,
                high,
                label: "",
            });
        }
        lines.push(Line {
            kind: LineKind::SetPoint,
            label: "",
            points: published,
        });
        lines.push(Line {
            kind: LineKind::Estimate,
            label: &course.label,
            points: ours,
        });
    }
    draw::curve(&Curve {
        caption: Caption {
            id: picture.name,
            title: picture.title,
            desc: picture.what,
        },
        size: (760.0, 380.0),
        x: Axis::new(x.0, x.1, picture.x_unit),
        y: Axis::new(low, y.1 + room, picture.y_unit),
        bands: &bands,
        lines: &lines,
        fences: &[],
        now: None,
    })
}

/// Published low, high; ours low, high; published middle; ours middle.
fn edges(course: &Course) -> [Vec<(f64, f64)>; 6] {
    let of = |points: &[(f64, Measured)], which: fn(&Measured) -> f64| {
        points.iter().map(|(x, at)| (*x, which(at))).collect()
    };
    [
        of(&course.published, |at| at.low),
        of(&course.published, |at| at.high),
        of(&course.ours, |at| at.low),
        of(&course.ours, |at| at.high),
        of(&course.published, |at| at.value),
        of(&course.ours, |at| at.value),
    ]
}
