//! What `scripts/bench-peers` measured last: the chain of bodies against its peers.

use crate::measure::{Figure, root};

/// What the names of these figures start with.
pub(crate) const NAME: &str = "P5";

/// The figures, or nothing where the peers were never run.
pub(crate) fn all() -> Option<Vec<Figure>> {
    let text = std::fs::read_to_string(root().join("target/peers/p5.json")).ok()?;
    let told: serde_json::Value = serde_json::from_str(&text).ok()?;
    let error = told["elongation_error"].as_f64()?;
    let holds = error <= told["elongation_error_asked"].as_f64()?;
    let name = format!(
        "{NAME}, 24 bodies on bushings at 1 ms, steps a core (elongation within {:.4} % of a converged run)",
        error * 100.0
    );
    let least = told["steps_asked"].as_f64()?;
    let ours = Figure::in_turn(
        &name,
        least,
        false,
        numbers(&told["steps_per_cpu_s"])?,
        holds,
    );
    let mut figures = vec![ours.stretch(told["steps_stretch"].as_f64()?)];
    for (peer, ratio) in told["ratios"].as_object()? {
        let name = format!("{NAME} against {peer}");
        let (least, runs) = (ratio["asked"].as_f64()?, numbers(&ratio["all"])?);
        figures.push(Figure::in_turn(&name, least, true, runs, holds));
    }
    Some(figures)
}

fn numbers(list: &serde_json::Value) -> Option<Vec<f64>> {
    list.as_array()?
        .iter()
        .map(serde_json::Value::as_f64)
        .collect()
}
