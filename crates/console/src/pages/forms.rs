//! The questions of the catalogue as FHIR forms for other programs, and answers that come back.

use care::episode::{Command, Imported, Private};
use care::fact::By;
use fhir::questionnaire::{Answers, Form, Reader, questionnaire, read};
use si::Problem;

use super::keeping::{FHIR, taken};
use super::who::Desk;
use crate::door::{Fault, Reply, Visit, see};

/// The forms of a region, by the last part of their address.
#[must_use]
pub fn of(region: Option<si::Region>) -> Vec<String> {
    let all = Form::ALL.into_iter();
    all.filter(|form| Some(form.region()) == region)
        .map(|form| form.to_string())
        .collect()
}

/// GET `/knowledge/forms/{form}`: a Questionnaire.
pub async fn show(visit: Visit) -> Reply {
    let name = visit.part("form")?;
    let form = Form::ALL.into_iter().find(|form| form.to_string() == name);
    let form = form.ok_or(Fault::NotFound)?;
    let body = questionnaire(form, visit.app.clinic.knowledge());
    let file = format!("{form}.questionnaire.json");
    Ok(taken(FHIR, &file, body.to_string().into_bytes()))
}

/// POST `/patients/{patient}/answers`: a QuestionnaireResponse, pasted or uploaded, whole or not
/// at all.
pub async fn take(visit: Visit) -> Reply {
    let desk = Desk::of(&visit).await?;
    let clinic = &visit.app.clinic;
    let given = visit.form.get("file").or_else(|| visit.form.get("answers"));
    let given = given.ok_or_else(nothing)?;
    let id = desk.chart.id.to_string();
    let identifiers = &desk.chart.episode.demographics.0.identifiers;
    let patient: Vec<&str> = std::iter::once(&id)
        .chain(identifiers)
        .map(String::as_str)
        .collect();
    let answers = read(
        given.as_bytes(),
        &Reader {
            knowledge: clinic.knowledge(),
            zone: clinic.zone(),
            at: clinic.now(),
            patient: &patient,
            answered_by: who(visit.form.get("who")),
        },
    )?;
    if answers.readings.is_empty() {
        return Err(empty().into());
    }
    let deceased = desk.chart.episode.deceased;
    let record = imported(answers, given.to_owned(), deceased);
    desk.act(&visit, Command::ImportRecord(record)).await?;
    Ok(see(&format!("/patients/{id}/facts?said=saved")))
}

/// Who answered, as whoever brings it in says.
fn who(word: Option<&str>) -> Option<By> {
    match word {
        Some("patient") => Some(By::Patient),
        Some("examined") => Some(By::Practitioner),
        _ => None,
    }
}

/// What is appended: the bytes as they came, and the facts they became. A form tells nothing of
/// whether the patient lives, so that this stays as it is.
fn imported(answers: Answers, original: String, deceased: bool) -> Imported {
    let left = answers.left.into_iter();
    let version = answers.version.unwrap_or_default();
    Imported {
        source: format!("FHIR R4 {} {version}", answers.form)
            .trim_end()
            .to_owned(),
        original: Private(original),
        readings: answers.readings,
        unmapped: left
            .map(|left| format!("{} · {} · an older form asked it", left.link, left.place))
            .collect(),
        asks: Vec::new(),
        deceased,
    }
}

fn nothing() -> Problem {
    Problem::new(
        "answers-missing",
        "answers",
        "",
        "nothing was pasted or chosen",
        "paste a FHIR QuestionnaireResponse or choose its file",
    )
}

fn empty() -> Problem {
    Problem::new(
        "answers-empty",
        "QuestionnaireResponse.item",
        "",
        "answers none of the questions",
        "answer at least one",
    )
}
