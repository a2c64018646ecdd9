//! What `scripts/bench-ensemble` measured last: members of an ensemble, and how exact a session is.

use crate::measure::{Figure, root};
use serde_json::Value;

/// What the names of these figures start with.
pub(crate) const NAME: &str = "ensemble of";

/// How far a predicted session may lie from a run at 1 ms.
const EXACT: f64 = 0.01;

fn told() -> Option<Value> {
    let text = std::fs::read_to_string(root().join("target/spine/ensemble.json")).ok()?;
    serde_json::from_str(&text).ok()
}

/// The figures, or nothing where it never ran.
pub(crate) fn all() -> Option<Vec<Figure>> {
    let told = told()?;
    let runs = told["runs"].as_array()?;
    let (small, large) = (runs.first()?, runs.last()?);
    let cost = |run: &Value| Some(run["cpu_s"].as_f64()? / run["members"].as_f64()?);
    let (count, few) = (large["members"].as_u64()?, small["members"].as_u64()?);
    let name = |what: &str| format!("{NAME} {count} against {few}: {what}");
    let memory = large["peak_mb"].as_f64()? / small["peak_mb"].as_f64()?;
    Some(vec![
        Figure::growth(
            &name("processor time a member"),
            1.2,
            cost(large)? / cost(small)?,
        ),
        Figure::growth(&name("largest memory"), 1.2, memory),
    ])
}

/// The session of one spine or of many, with how exact it is: `what` was compared.
pub(crate) fn exact(figure: Figure, what: &str) -> Figure {
    let told = told().map(|told| told["accuracy"][what].clone());
    let shares = told
        .as_ref()
        .and_then(|told| told["band_shares"].as_array());
    let worst = shares.and_then(|shares| {
        let mut each = shares.iter().map(Value::as_f64);
        each.try_fold(0.0_f64, |worst, share| Some(worst.max(share?)))
    });
    let Some((worst, told)) = worst.zip(told.as_ref()) else {
        return figure.only_if(false, " (not compared with 1 ms)");
    };
    let note = format!(
        " (at each of {} instants within {:.2} % of runs of {} at 1 ms)",
        told["instants"],
        worst * 100.0,
        told["members"],
    );
    figure.only_if(worst <= EXACT, &note)
}
