//! Reading the record of one patient: the Patient, then type by type what the importer reads,
//! page by page, into one Bundle. Resources are kept as they came.

use axum::http::StatusCode;
use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;
use si::Problem;
use url::Url;

use super::scopes::TYPES;
use super::token::Given;
use super::wire::{Answer, Call};
use super::{AGAIN, Base};

/// Resources that are asked for at once *(ours: servers give 10 to 1,000)*.
const PAGE: &str = "200";

/// The members of a resource that are looked at here.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Peek {
    resource_type: String,
    #[serde(default)]
    id: String,
}

/// A page of a search.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Page {
    resource_type: String,
    #[serde(default)]
    link: Vec<Link>,
    #[serde(default)]
    entry: Vec<Entry>,
}

#[derive(Deserialize)]
struct Link {
    relation: String,
    url: String,
}

#[derive(Deserialize, Serialize)]
#[serde(rename_all = "camelCase")]
struct Entry {
    #[serde(default, skip_serializing_if = "Option::is_none")]
    full_url: Option<String>,
    resource: Option<Box<RawValue>>,
}

/// What becomes of it.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Record<'a> {
    resource_type: &'a str,
    r#type: &'a str,
    meta: Meta<'a>,
    entry: Vec<Entry>,
}

/// Records of one system supersede each other by this.
#[derive(Serialize)]
struct Meta<'a> {
    source: &'a str,
}

/// The record of a patient, and the types that were not given.
pub(super) async fn record(
    call: &mut Call,
    base: &Base,
    (given, patient): (&Given, &str),
) -> Result<(String, Vec<String>), Problem> {
    if !given.permits("Patient", 'r') {
        return Err(Problem::new(
            "launch-scope",
            "patient/Patient.r",
            "",
            "was not granted: who the patient is cannot be read",
            "grant it there, and open Annulus again",
        ));
    }
    let mut entries = vec![person(call, base, (given, patient)).await?];
    let mut withheld = Vec::new();
    for kind in TYPES {
        let found = match given.permits(kind, 's') {
            true => search(call, base, (given, patient), kind).await?,
            false => None,
        };
        match found {
            Some(found) => entries.extend(found),
            None => withheld.push(kind.to_owned()),
        }
    }
    let source = base.to_string();
    let record = Record {
        resource_type: "Bundle",
        r#type: "collection",
        meta: Meta { source: &source },
        entry: entries,
    };
    let record = serde_json::to_string(&record).map_err(|_| unreadable("Bundle"))?;
    Ok((record, withheld))
}

/// The Patient.
async fn person(
    call: &mut Call,
    base: &Base,
    (given, patient): (&Given, &str),
) -> Result<Entry, Problem> {
    let url = base.join(&format!("Patient/{patient}"))?;
    let full_url = Some(url.to_string());
    let answer = call.fhir(url, given.secret()).await?;
    if answer.status != StatusCode::OK {
        return Err(refused("Patient", answer.status));
    }
    let resource: Box<RawValue> = read("Patient", &answer)?;
    let peek: Peek = serde_json::from_str(resource.get()).map_err(|_| unreadable("Patient"))?;
    if peek.resource_type != "Patient" || peek.id != patient {
        return Err(Problem::new(
            "launch-record",
            "Patient",
            "",
            "another than the one who was asked for came",
            AGAIN,
        ));
    }
    Ok(Entry {
        full_url,
        resource: Some(resource),
    })
}

/// Everything of a type; none where the record system does not give this type.
async fn search(
    call: &mut Call,
    base: &Base,
    (given, patient): (&Given, &str),
    kind: &str,
) -> Result<Option<Vec<Entry>>, Problem> {
    let mut url = base.join(kind)?;
    url.query_pairs_mut()
        .append_pair("patient", patient)
        .append_pair("_count", PAGE);
    let (mut found, mut next) = (Vec::new(), Some(url));
    while let Some(url) = next {
        let answer = call.fhir(url.clone(), given.secret()).await?;
        match answer.status {
            StatusCode::OK => {}
            // It does not know the type or the search, or this user may not see it.
            StatusCode::BAD_REQUEST
            | StatusCode::FORBIDDEN
            | StatusCode::NOT_FOUND
            | StatusCode::METHOD_NOT_ALLOWED
            | StatusCode::NOT_IMPLEMENTED => return Ok(None),
            status => return Err(refused(kind, status)),
        }
        let page: Page = read(kind, &answer)?;
        if page.resource_type != "Bundle" {
            return Err(unreadable(kind));
        }
        next = following(base, &url, &page.link)?;
        for entry in page.entry {
            if is_of(&entry, kind)? {
                found.push(entry);
            }
        }
    }
    Ok(Some(found))
}

/// Whether an entry is a resource of the type, or a medication that one names; what the server
/// says about the search is none.
fn is_of(entry: &Entry, kind: &str) -> Result<bool, Problem> {
    let Some(resource) = &entry.resource else {
        return Ok(false);
    };
    let peek: Peek = serde_json::from_str(resource.get()).map_err(|_| unreadable(kind))?;
    Ok(peek.resource_type == kind || peek.resource_type == "Medication")
}

/// The next page, which may be at the same server alone: the token goes with the request.
fn following(base: &Base, from: &Url, links: &[Link]) -> Result<Option<Url>, Problem> {
    let Some(next) = links.iter().find(|link| link.relation == "next") else {
        return Ok(None);
    };
    let url = from.join(&next.url).ok();
    let url = url.filter(|url| base.owns(url));
    url.map(Some).ok_or_else(|| {
        Problem::new(
            "launch-record",
            "link.next",
            next.url.chars().take(80).collect::<String>(),
            "leads away from the record system",
            "ask its administrator, or bring the record as a file",
        )
    })
}

fn read<T: serde::de::DeserializeOwned>(kind: &str, answer: &Answer) -> Result<T, Problem> {
    serde_json::from_slice(&answer.body).map_err(|_| unreadable(kind))
}

fn refused(kind: &str, status: StatusCode) -> Problem {
    Problem::new(
        "launch-record",
        kind,
        status.as_u16().to_string(),
        "was not given",
        AGAIN,
    )
}

fn unreadable(kind: &str) -> Problem {
    Problem::new(
        "launch-record",
        kind,
        "",
        "was not answered as FHIR R4 asks",
        "ask the administrator of the other record system",
    )
}
