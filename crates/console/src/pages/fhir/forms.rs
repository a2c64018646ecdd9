//! The questions of the catalogue, for programs: a Questionnaire each.

use care::knowledge::Knowledge;
use fhir::questionnaire::{Form, questionnaire};
use fhir::search::Query;
use serde_json::Value;

use super::search::{Page, place};
use crate::door::Fault;

/// One form by its id.
pub(super) fn read(knowledge: &Knowledge, id: &str) -> Option<Value> {
    let all = Form::ALL.into_iter();
    let mut all = all.map(|form| questionnaire(form, knowledge));
    all.find(|form| form["id"] == id)
}

/// Those that fit, in the order of the catalogue, a page of them.
pub(super) fn page(knowledge: &Knowledge, query: &Query) -> Result<Page, Fault> {
    let begin: u64 = place(query)?.unwrap_or_default();
    let all = Form::ALL.into_iter();
    let all = all.map(|form| questionnaire(form, knowledge));
    let all: Vec<Value> = all.filter(|form| query.fits(form)).collect();
    let (total, count) = (all.len(), u64::from(query.count));
    let end = begin.saturating_add(count);
    let places = (0_u64..).zip(all);
    let page = places.filter(|(place, _)| (begin..end).contains(place));
    Ok(Page {
        matches: page.map(|(_, form)| form).collect(),
        next: (count > 0 && end < total as u64).then(|| end.to_string()),
        total: (query.total || count == 0).then_some(total),
    })
}
