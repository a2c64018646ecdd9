//! `annulus schema FOLDER`: the JSON Schemas of the contract, generated from the types, and the
//! OpenAPI document of the doors for programs.

use crate::commands::simulate::Simulation;
use crate::failure::Failure;
use care::decide::Decision;
use care::plan::{Proposal, SignedPlan};
use care::subject::{BeliefDocument, SpineDocument};
use serde_json::Value;
use std::path::Path;

/// Every schema by file name.
pub(crate) fn all() -> Result<Vec<(&'static str, Value)>, Failure> {
    Ok(vec![
        ("facts.json", care::input::schema_of_facts()),
        ("decision.json", Decision::json_schema()),
        ("plan.json", of::<Proposal>()?),
        ("signed-plan.json", of::<SignedPlan>()?),
        ("spine.json", of::<SpineDocument>()?),
        ("simulation.json", of::<Simulation>()?),
        ("belief.json", of::<BeliefDocument>()?),
        ("openapi.json", console::api::document()),
    ])
}

fn of<T: schemars::JsonSchema>() -> Result<Value, Failure> {
    serde_json::to_value(schemars::schema_for!(T))
        .map_err(|error| Failure::new("writing a schema", error))
}

/// Writes them.
pub(crate) fn run(folder: &Path) -> Result<(), Failure> {
    std::fs::create_dir_all(folder).map_err(|error| Failure::new("making the folder", error))?;
    for (name, schema) in all()? {
        let text = serde_json::to_string_pretty(&schema)
            .map_err(|error| Failure::new("writing JSON", error))?
            + "\n";
        crate::files::write(Some(&folder.join(name)), text.as_bytes())?;
    }
    Ok(())
}
