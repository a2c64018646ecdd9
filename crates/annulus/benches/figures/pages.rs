//! What `scripts/bench-pages` measured last: pages as a browser gets them, and a session that
//! many look at.

use crate::measure::{Figure, root};
use serde_json::Value;

/// What the names of these figures start with.
pub(crate) const NAME: &str = "in a browser:";
/// Most seconds to the first paint, and kilobytes over the wire with an empty cache (issue of
/// the console); the plan and the session may weigh more.
const PAINT: f64 = 0.300;
const KILOBYTES: f64 = 100.0;
const LARGE: f64 = 250.0;
/// Most seconds from a movement of a slider of the plan to its curve, and to the doubt around it.
const CURVE: f64 = 0.050;
const DOUBT: f64 = 0.200;
/// Most of one core while 200 look on, and how often each must get the news for that to count.
const PERCENT: f64 = 25.0;
const PER_SECOND: f64 = 19.0;

/// The figures, or nothing where no browser was ever asked.
pub(crate) fn all() -> Option<Vec<Figure>> {
    let text = std::fs::read_to_string(root().join("target/pages.json")).ok()?;
    let told: Value = serde_json::from_str(&text).ok()?;
    let (small, large) = (told["small"].as_array()?, told["large"].as_array()?);
    let (name, ms) = slowest(small.iter().chain(large))?;
    let paint = format!(
        "{NAME} first paint, the slowest page of {} ({name})",
        small.len() + large.len()
    );
    let weight = |pages: &[Value], what: &str, most| {
        let (name, bytes) = heaviest(pages)?;
        let name =
            format!("{NAME} {what}, all it loads into an empty cache, the heaviest ({name})");
        Some(Figure::whole(&name, most, "kB", bytes / 1000.0))
    };
    let moved = |part: &str, what: &str, most| {
        let name = format!("{NAME} a slider of the plan moved, {what}");
        Some(Figure::runs(&name, most, seconds(&told["sliders"][part])?))
    };
    let live = &told["live"];
    let rate = live["per_second"].as_f64()?;
    let viewers = format!(
        "{NAME} {} live viewers of one session, share of one core",
        live["viewers"]
    );
    let percent = 100.0 * live["core"].as_f64()?;
    let live = Figure::share_at_most(&viewers, PERCENT, percent, "CPU seconds");
    Some(vec![
        Figure::runs(&paint, PAINT, ms.iter().map(|ms| ms / 1e3).collect()),
        moved("curve_ms", "until its curve is drawn", CURVE)?,
        moved("doubt_ms", "until the doubt around it is, too", DOUBT)?,
        weight(small, "a page", KILOBYTES)?,
        weight(large, "plan and session", LARGE)?,
        live.only_if(
            rate >= PER_SECOND,
            &format!(" ({rate:.1} times a second each)"),
        ),
    ])
}

/// Milliseconds as seconds.
fn seconds(ms: &Value) -> Option<Vec<f64>> {
    let ms = ms.as_array()?.iter();
    Some(ms.filter_map(Value::as_f64).map(|ms| ms / 1e3).collect())
}

/// The page whose median first paint is latest: its name, and its paints in ms.
fn slowest<'a>(pages: impl Iterator<Item = &'a Value>) -> Option<(String, Vec<f64>)> {
    let told = pages.filter_map(|page| {
        let paints = page["paint_ms"].as_array()?.iter();
        let mut paints: Vec<f64> = paints.filter_map(Value::as_f64).collect();
        paints.sort_by(f64::total_cmp);
        Some((page["name"].as_str()?.to_owned(), paints))
    });
    told.max_by(|a, b| a.1[a.1.len() / 2].total_cmp(&b.1[b.1.len() / 2]))
}

fn heaviest(pages: &[Value]) -> Option<(&str, f64)> {
    let told = pages
        .iter()
        .filter_map(|page| Some((page["name"].as_str()?, page["bytes"].as_f64()?)));
    told.max_by(|a, b| a.1.total_cmp(&b.1))
}
