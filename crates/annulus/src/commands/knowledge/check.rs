//! `annulus knowledge check`: how the knowledge is written, and what it does.

use super::folder;
use crate::failure::Failure;
use crate::files;
use care::knowledge::{File, Knowledge, examine, missing};
use std::path::Path;

/// Runs the command.
pub(super) fn run(folder: Option<&Path>) -> Result<(), Failure> {
    match folder {
        None => report(Knowledge::embedded_files()),
        Some(folder) => {
            let texts = folder::read(folder)?;
            report(&folder::files(&texts))
        }
    }
}

fn report(files: &[File<'_>]) -> Result<(), Failure> {
    let knowledge = Knowledge::load(files).map_err(Failure::Knowledge)?;
    let mut problems = missing(files);
    problems.extend(examine(&knowledge, files));
    if !problems.is_empty() {
        return Err(Failure::Knowledge(problems));
    }
    let (facts, rules) = (knowledge.catalogue().facts().len(), knowledge.all_rules());
    let cases: usize = rules.iter().map(|rule| rule.vignettes.len()).sum();
    let rules = rules.len();
    files::print(format!("{facts} facts, {rules} rules, {cases} cases: nothing wrong").as_bytes())
}
