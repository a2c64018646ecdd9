//! How many mutants of the session core its own tests catch (`scripts/mutants`).

use crate::measure::{Figure, root};

/// What the name of its row starts with.
pub(crate) const NAME: &str = "mutants of `traction`";

/// The share that is caught, or nothing where it never ran here.
pub(crate) fn share() -> Option<Vec<Figure>> {
    let text = std::fs::read_to_string(root().join("target/mutants.json")).ok()?;
    let told: serde_json::Value = serde_json::from_str(&text).ok()?;
    let number = |name: &str| told[name].as_f64();
    let caught = number("caught")? + number("timeout")?;
    let judged = caught + number("missed")?;
    let files = told["files"].as_object()?.len();
    let name = format!("{NAME} caught, {judged:.0} in {files} files");
    let share = 100.0 * caught / judged.max(1.0);
    Some(vec![Figure::share_of(&name, 95.0, share, "cargo-mutants")])
}
