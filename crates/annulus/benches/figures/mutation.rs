//! How many mutants of the session core its own tests catch (`scripts/mutants`).

use crate::measure::{Figure, root};

/// What the name of its row starts with.
pub(crate) const NAME: &str = "mutants of `traction`";

/// The share that is caught, or nothing where it never ran here.
pub(crate) fn share() -> Option<Vec<Figure>> {
    let text = std::fs::read_to_string(root().join("target/mutants.json")).ok()?;
    let told: serde_json::Value = serde_json::from_str(&text).ok()?;
    let number = |name: &str| told[name].as_f64();
    let caught = number("caught")?;
    // What was not judged counts as missed.
    let all = number("all")? - number("unviable")?;
    let sources = told["sources"].as_str()?.get(..8)?;
    let name = format!("{NAME} caught, of {all:.0} (sources {sources})");
    let share = 100.0 * caught / all.max(1.0);
    Some(vec![Figure::share_of(&name, 95.0, share, "cargo-mutants")])
}
