//! Research: who agreed, and the data set for who does research.

use std::collections::BTreeSet;

use askama::Template;
use sha2::{Digest as _, Sha256};
use uuid::Uuid;

use super::keeping::taken;
use crate::clinic::{Agreed, LEAST, RESEARCHED, Researched};
use crate::door::route::Verb;
use crate::door::{Fault, Reply, Visit, html, see};
use crate::frame::{Frame, Place};
use crate::research::{Subject, TABLES, csv};

#[derive(Template)]
#[template(path = "research.html")]
struct Page {
    f: Frame,
    head: String,
    enough: bool,
    /// Name, file, columns.
    tables: Vec<(&'static str, String, String)>,
}

/// A patient's answer, for the pages of consent and of their own record.
pub(super) struct Answer {
    /// Whether it is yes, since when and with whom.
    pub(super) standing: String,
    /// Whether it is yes.
    pub(super) agreed: bool,
    /// The words that are explained.
    pub(super) words: Vec<String>,
    /// When the record was part of a data set last.
    pub(super) used: Option<String>,
}

/// GET `/research`.
pub async fn show(visit: Visit) -> Reply {
    let f = Frame::new(&visit, Place::Research);
    let count = visit.app.clinic.researched().await?.len();
    let enough = count >= LEAST;
    let head = match enough {
        true => f.t.research_head(count),
        false => f.t.research_head_few(LEAST),
    };
    let tables = TABLES.iter();
    let tables = tables.map(|table| (table.name, file(table.name), table.columns.join(", ")));
    html(&Page {
        f,
        head,
        enough,
        tables: tables.collect(),
    })
}

/// GET `/research/{table}`: a table as a file. Whose rows are in it is in the audit log.
pub async fn table(visit: Visit) -> Reply {
    let named = visit.part("table")?;
    let table = TABLES.iter().find(|table| table.name == named);
    let table = table.ok_or(Fault::NotFound)?;
    let clinic = &visit.app.clinic;
    let charts = clinic.research_set().await?;
    let patients: BTreeSet<Uuid> = charts.iter().map(|chart| chart.id).collect();
    let note = clinic.note_records(&visit, RESEARCHED, (Verb::Get, &patients));
    note.await?;
    let ids: Vec<String> = charts
        .iter()
        .map(|chart| clinic.study_id(chart.id))
        .collect();
    let subjects = charts.iter().zip(&ids).map(|(chart, id)| Subject {
        id,
        episode: &chart.episode,
        knowledge: clinic.knowledge(),
        zone: clinic.zone(),
    });
    let text = csv(table, &subjects.collect::<Vec<_>>());
    let kind = "text/csv; charset=utf-8";
    Ok(taken(kind, &file(table.name), text.into_bytes()))
}

fn file(table: &str) -> String {
    format!("{table}.csv")
}

/// The words that a patient agrees to.
fn words(f: &Frame) -> Vec<String> {
    vec![
        f.t.research_words_what(),
        f.t.research_words_not(),
        f.t.research_words_who(),
        f.t.research_words_free(),
        f.t.research_words_back(),
    ]
}

/// What a patient said of research.
pub(super) async fn answer(visit: &Visit, f: &Frame, patient: Uuid) -> Result<Answer, Fault> {
    let clinic = &visit.app.clinic;
    let consent = clinic.research_consent(patient).await?;
    let used = clinic.research_used(patient).await?;
    Ok(Answer {
        standing: standing(f, consent.as_ref()),
        agreed: consent.is_some(),
        words: words(f),
        used: used.map(|at| f.t.research_used(f.when(&at))),
    })
}

fn standing(f: &Frame, consent: Option<&Researched>) -> String {
    match consent {
        Some(one) => {
            f.t.research_agreed(f.when(&one.at), &one.given.explained_by)
        }
        None => f.t.research_off(),
    }
}

/// POST `/patients/{patient}/consent/research`.
pub async fn agree(visit: Visit) -> Reply {
    let (by, patient) = (visit.who()?.user, visit.patient()?);
    let f = Frame::new(&visit, Place::Patients);
    let words = words(&f).join("\n");
    let given = Agreed {
        text_version: hex::encode(Sha256::digest(words.as_bytes())),
        words,
        language: f.t.tag().to_string(),
        explained_by: visit.form.need("explained_by")?.to_owned(),
    };
    visit
        .app
        .clinic
        .agree_to_research(by, patient, given)
        .await?;
    Ok(see(&format!("/patients/{patient}/consent?said=saved")))
}

/// POST `/patients/{patient}/consent/research/withdraw`, by who works here.
pub async fn withdraw(visit: Visit) -> Reply {
    let patient = withdrawn(&visit).await?;
    Ok(see(&format!("/patients/{patient}/consent?said=saved")))
}

/// POST `/patients/{patient}/mine/research/withdraw`, by the patient.
pub async fn withdraw_own(visit: Visit) -> Reply {
    let patient = withdrawn(&visit).await?;
    Ok(see(&format!("/patients/{patient}/mine?said=saved")))
}

async fn withdrawn(visit: &Visit) -> Result<Uuid, Fault> {
    let (by, patient) = (visit.who()?.user, visit.patient()?);
    visit.app.clinic.withdraw_research(by, patient).await?;
    Ok(patient)
}
