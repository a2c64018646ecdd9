//! Our Questionnaires, and what comes back as answers to them.

mod forms;
mod opened;
mod returned;

use crate::support::{at, knowledge};
use care::fact::{Answer, By, Fact, FactKey, Kind, PartialDate, Reading, Value as Worth};
use fhir::questionnaire::Form;
use serde_json::{Value, json};

/// Every item of a Questionnaire or a response, outermost first.
fn each<'v>(of: &'v Value, visit: &mut impl FnMut(&'v Value)) {
    for item in of["item"].as_array().into_iter().flatten() {
        visit(item);
        each(item, visit);
    }
}

/// What may be answered to a question.
fn contents(fact: &Fact, key: &FactKey) -> Vec<Reading> {
    let value = |worth| Reading::value(key.clone(), worth, at(), By::Patient);
    let mut all: Vec<Reading> = match fact.kind {
        Kind::Boolean => [true, false].map(|flag| value(Worth::Bool(flag))).into(),
        Kind::Choice => fact
            .values
            .iter()
            .map(|word| value(Worth::Choice(word.clone())))
            .collect(),
        Kind::Date => ["2019", "2019-03", "2019-03-05", "2019-03-05T10:00:00Z"]
            .map(|text| value(Worth::Date(text.parse::<PartialDate>().expect("a date"))))
            .into(),
        Kind::Number => fact
            .range
            .expect("a range")
            .map(|end| {
                let mut one = value(Worth::Number(end));
                one.unit = fact.unit.clone();
                one
            })
            .into(),
    };
    let mut answers = vec![Answer::AskedUnknown, Answer::Declined];
    answers.extend(
        fact.not_applicable_when
            .as_ref()
            .map(|_| Answer::NotApplicable),
    );
    all.extend(
        answers
            .into_iter()
            .map(|one| Reading::answer(key.clone(), one, at(), By::Patient)),
    );
    all
}

/// A finished response of the patient.
fn response(form: Form, items: &[Value]) -> Value {
    let version = knowledge().reference().version;
    json!({
        "resourceType": "QuestionnaireResponse",
        "questionnaire": format!("{}|{version}", form.url()),
        "status": "completed",
        "subject": { "reference": "Patient/p" },
        "authored": at().to_string(),
        "source": { "reference": "Patient/p", "display": "Ada Sample" },
        "item": items,
    })
}
