//! A QuestionnaireResponse to one of our forms as readings: strictly, and whole or not at all.
//!
//! What the response does not answer stays unknown. "Asked but unknown" and "declined" are
//! answers; "not asked" is none. Each reading keeps when it was told, who told it, and the form
//! and item it was told on.

use super::content::content;
use super::{Form, is_group};
use crate::check::{self, Extensions, Severity};
use crate::view::View;
use crate::{json, version};
use care::fact::{By, FactKey, Reading};
use care::input::{Defaults, read_reading};
use care::knowledge::Knowledge;
use jiff::Timestamp;
use jiff::tz::TimeZone;
use serde_json::{Value, json};
use si::Problem;
use std::collections::BTreeSet;

/// Who reads a response, for whom, and when.
#[derive(Clone, Copy, Debug)]
pub struct Reader<'r> {
    /// What the facts are read with.
    pub knowledge: &'r Knowledge,
    /// The clinic's time zone.
    pub zone: &'r TimeZone,
    /// The instant of decision.
    pub at: Timestamp,
    /// Every id and identifier by which the patient is known here; a response that names another
    /// is refused.
    pub patient: &'r [&'r str],
    /// Who answered, as the person says who brings it in: needed where the response does not say
    /// it, and where it says that a practitioner did.
    pub answered_by: Option<By>,
}

/// What a response tells.
#[derive(Clone, Debug, PartialEq)]
pub struct Answers {
    /// The form that was answered.
    pub form: Form,
    /// The version of the form, where the response names one.
    pub version: Option<String>,
    /// When it was answered.
    pub authored: Timestamp,
    /// Its answers as readings, in its order.
    pub readings: Vec<Reading>,
    /// Answers to questions that an older form asked and this knowledge has not.
    pub left: Vec<Left>,
}

/// An answer that became no reading.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Left {
    /// The question.
    pub link: String,
    /// Where it stands.
    pub place: String,
}

/// Reads a response.
///
/// # Errors
/// What must not be read, and then nothing is taken: no R4 QuestionnaireResponse, one that is not
/// finished, of another patient, to a form or a version that is not known, a question that the
/// form does not ask, an answer that does not fit its question. The place is `FHIRPath`.
pub fn read(bytes: &[u8], reader: &Reader<'_>) -> Result<Answers, Problem> {
    let value = json::parse(bytes)?;
    let root = response(&value)?;
    let status = root.text("status")?.unwrap_or_default();
    if !matches!(status, "completed" | "amended") {
        return Err(refused(
            ("not-finished", root.at("status"), status),
            "is not a finished response",
            "send it once it is completed or amended",
        ));
    }
    of_patient(&root, reader)?;
    let (form, version) = form(&root)?;
    let older = is_older(&root, version, reader.knowledge)?;
    let authored = authored(&root, reader.at)?;
    let (by, who) = informant(&root, reader.answered_by)?;
    let canonical =
        version.map_or_else(|| form.url(), |version| format!("{}|{version}", form.url()));
    let keys = form.keys(reader.knowledge);
    let mut taker = Taker {
        reader,
        keys: &keys,
        older,
        told: Told {
            at: authored,
            by,
            who,
            canonical,
        },
        seen: BTreeSet::new(),
        readings: Vec::new(),
        left: Vec::new(),
    };
    taker.items(&root)?;
    Ok(Answers {
        form,
        version: version.map(str::to_owned),
        authored,
        readings: taker.readings,
        left: taker.left,
    })
}

pub(super) fn refused(
    (code, place, value): (&'static str, String, &str),
    problem: impl Into<String>,
    remedy: impl Into<String>,
) -> Problem {
    Problem::new(code, place, value, problem, remedy)
}

/// The response, once it is known to be one of R4.
fn response(value: &Value) -> Result<View<'_>, Problem> {
    let kind = value["resourceType"].as_str().unwrap_or_default();
    let (Some(body), "QuestionnaireResponse") = (value.as_object(), kind) else {
        return Err(refused(
            ("not-a-response", "resourceType".to_owned(), kind),
            "is no QuestionnaireResponse",
            "send a FHIR R4 QuestionnaireResponse",
        ));
    };
    let root = View {
        kind: "QuestionnaireResponse",
        body,
        place: "QuestionnaireResponse".to_owned(),
    };
    version::check(&root)?;
    let issues = check::resource_with(value, Extensions::Any);
    let fault = issues
        .into_iter()
        .find(|issue| matches!(issue.severity, Severity::Error | Severity::Fatal));
    match fault {
        Some(issue) => Err(Problem::new(
            issue.rule,
            issue.place,
            issue.value,
            issue.problem,
            issue.remedy,
        )),
        None => Ok(root),
    }
}

/// A response about somebody else belongs on another record.
fn of_patient(root: &View<'_>, reader: &Reader<'_>) -> Result<(), Problem> {
    let Some(subject) = root.object("subject")? else {
        return Ok(());
    };
    let reference = subject.text("reference")?.unwrap_or_default();
    let id = reference.split("/_history/").next().unwrap_or_default();
    let id = id.rsplit(['/', ':']).next().unwrap_or_default();
    let identifier = subject.object("identifier")?;
    let value = identifier
        .map_or(Ok(None), |one| one.text("value"))?
        .unwrap_or_default();
    let known = |name: &str| !name.is_empty() && reader.patient.contains(&name);
    if known(id) || known(value) {
        return Ok(());
    }
    let shown = if reference.is_empty() {
        value
    } else {
        reference
    };
    Err(refused(
        ("another-patient", root.at("subject"), shown),
        "is not this patient",
        "bring it in on the record of the patient whom it is about",
    ))
}

fn form<'a>(root: &View<'a>) -> Result<(Form, Option<&'a str>), Problem> {
    let canonical = root.text("questionnaire")?.unwrap_or_default();
    Form::named(canonical).ok_or_else(|| {
        let all: Vec<String> = Form::ALL.iter().map(|form| form.url()).collect();
        refused(
            ("unknown-questionnaire", root.at("questionnaire"), canonical),
            "is no form of ours",
            format!("answer one of {}", all.join(", ")),
        )
    })
}

/// Whether a version is older than the knowledge's own; a later one is refused.
fn is_older(
    root: &View<'_>,
    version: Option<&str>,
    knowledge: &Knowledge,
) -> Result<bool, Problem> {
    let own = knowledge.reference().version;
    let Some(given) = version else {
        return Ok(false);
    };
    let bad = |problem: &str| {
        refused(
            ("unknown-version", root.at("questionnaire"), given),
            format!("{problem} (it is {own} here)"),
            "answer the form as it is served here",
        )
    };
    match (numbers(given), numbers(&own)) {
        (Some(given), Some(own)) if given <= own => Ok(given < own),
        (Some(_), Some(_)) => Err(bad("is a later version of the form than is known")),
        _ => Err(bad("is no version of the form")),
    }
}

/// The numbers of a version such as `0.7.0`.
fn numbers(version: &str) -> Option<Vec<u32>> {
    version.split('.').map(|part| part.parse().ok()).collect()
}

fn authored(root: &View<'_>, at: Timestamp) -> Result<Timestamp, Problem> {
    let place = root.at("authored");
    let Some(when) = root.when("authored")? else {
        return Err(refused(
            ("no-date", place, ""),
            "when it was answered is not said",
            "give authored: answers go stale",
        ));
    };
    if when.is_after(at) {
        return Err(refused(
            ("date-in-the-future", place, when.text),
            format!("lies more than 24 h after {at}"),
            "correct the date",
        ));
    }
    Ok(when.earliest.min(at))
}

/// Who answered, and in words who that is: `source`, else `author`.
fn informant(root: &View<'_>, vouched: Option<By>) -> Result<(By, Option<String>), Problem> {
    for name in ["source", "author"] {
        let Some(who) = root.object(name)? else {
            continue;
        };
        let reference = who.text("reference")?.unwrap_or_default();
        let words = who
            .text("display")?
            .filter(|words| !words.trim().is_empty());
        let named = words.unwrap_or(reference);
        let named = (!named.is_empty()).then(|| named.to_owned());
        let kind = who.text("type")?.or_else(|| reference.rsplit('/').nth(1));
        return match (kind.unwrap_or_default(), vouched) {
            ("Patient" | "RelatedPerson", _) => Ok((By::Patient, named)),
            (_, Some(by)) => Ok((by, named)),
            (kind, None) => Err(refused(
                ("not-vouched", root.at(name), kind),
                "is not the patient",
                "a practitioner of this clinic who takes it over says so",
            )),
        };
    }
    let by = vouched.ok_or_else(|| {
        refused(
            ("no-informant", root.at("source"), ""),
            "who answered is not said",
            "give source, or author, or say who answered",
        )
    })?;
    Ok((by, None))
}

/// What every reading of a response has in common.
struct Told {
    at: Timestamp,
    by: By,
    who: Option<String>,
    canonical: String,
}

struct Taker<'t, 'r> {
    reader: &'t Reader<'r>,
    keys: &'t BTreeSet<String>,
    older: bool,
    told: Told,
    seen: BTreeSet<String>,
    readings: Vec<Reading>,
    left: Vec<Left>,
}

impl Taker<'_, '_> {
    fn items(&mut self, of: &View<'_>) -> Result<(), Problem> {
        for item in of.objects("item")? {
            self.item(&item)?;
        }
        Ok(())
    }

    fn item(&mut self, item: &View<'_>) -> Result<(), Problem> {
        let link = item.text("linkId")?.unwrap_or_default();
        let answers = item.objects("answer")?;
        if !self.seen.insert(link.to_owned()) {
            return Err(refused(
                ("answered-twice", item.at("linkId"), link),
                "stands twice",
                "answer each question once",
            ));
        }
        match answers.as_slice() {
            [] => {}
            [answer] => {
                self.answer(item, link, answer)?;
                self.items(answer)?;
            }
            [_, second, ..] => {
                return Err(refused(
                    ("answered-twice", second.place.clone(), link),
                    "is a second answer to one question",
                    "give one answer",
                ));
            }
        }
        self.items(item)
    }

    fn answer(&mut self, item: &View<'_>, link: &str, answer: &View<'_>) -> Result<(), Problem> {
        let key = FactKey::parse(link).filter(|key| self.keys.contains(&key.to_string()));
        let catalogue = self.reader.knowledge.catalogue();
        let known = key.and_then(|key| Some((catalogue.get(key.fact.as_str())?, key)));
        let Some((fact, key)) = known else {
            if self.older && !is_group(link) {
                self.left.push(Left {
                    link: link.to_owned(),
                    place: item.place.clone(),
                });
                return Ok(());
            }
            return Err(refused(
                ("unknown-question", item.at("linkId"), link),
                "is no question of this form",
                "answer the form as it is served here",
            ));
        };
        let Some(mut raw) = content(answer, fact)? else {
            return Ok(());
        };
        raw.insert("at".to_owned(), json!(self.told.at));
        raw.insert("by".to_owned(), json!(self.told.by));
        let defaults = Defaults {
            at: self.told.at,
            now: self.reader.at,
            zone: self.reader.zone,
        };
        let raw = Value::Object(raw);
        let knowledge = self.reader.knowledge;
        let mut reading = read_reading(&answer.place, &key, &raw, knowledge, &defaults)?;
        reading.who.clone_from(&self.told.who);
        reading.source = Some(format!("{}#{}", self.told.canonical, item.place));
        self.readings.push(reading);
        Ok(())
    }
}
