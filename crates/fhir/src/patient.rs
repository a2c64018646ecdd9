//! Who the record is about.

use crate::import::Unmapped;
use crate::map::Mapper;
use crate::view::{Concept, View};
use crate::when::When;
use care::fact::Value;
use serde::Serialize;
use si::Problem;
use std::collections::BTreeSet;
use std::fmt;

/// What a record says about who the patient is. Debug prints none of it.
#[derive(Clone, Default, PartialEq, Eq, Serialize)]
pub struct Demographics {
    /// The name people use, as one line; empty where the record has none.
    pub name: String,
    /// Date of birth, as exact as the record has it: `1950`, `1950-06` or `1950-06-18`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub birth_date: Option<String>,
    /// Administrative gender, in FHIR's word: `male`, `female`, `other`, `unknown`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub gender: Option<String>,
    /// Whether the record says that the patient died.
    pub deceased: bool,
    /// When, if the record says so.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub deceased_date: Option<String>,
    /// Record numbers.
    pub identifiers: Vec<Identifier>,
    /// Telephone, e-mail and the like.
    pub telecom: Vec<Contact>,
}

impl fmt::Debug for Demographics {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Demographics")
            .field("deceased", &self.deceased)
            .finish_non_exhaustive()
    }
}

/// A record number.
#[derive(Clone, PartialEq, Eq, Serialize)]
pub struct Identifier {
    /// Who gave it, as a URI; may be empty.
    pub system: String,
    /// The number.
    pub value: String,
}

/// A way to reach the patient.
#[derive(Clone, PartialEq, Eq, Serialize)]
pub struct Contact {
    /// `phone`, `email`, `sms` and so on; may be empty.
    pub system: String,
    /// The number or address.
    pub value: String,
}

const GENDERS: [&str; 4] = ["male", "female", "other", "unknown"];

impl Demographics {
    /// Reads a Patient resource.
    ///
    /// # Errors
    /// A member of the wrong shape, a date or gender that is none.
    pub(crate) fn read(patient: &View<'_>) -> Result<Self, Problem> {
        let deceased_date = patient.when("deceasedDateTime")?;
        Ok(Self {
            name: name(patient)?,
            birth_date: birth_date(patient)?.map(|when| when.date().to_owned()),
            gender: gender(patient)?,
            deceased: patient.flag("deceasedBoolean")? == Some(true) || deceased_date.is_some(),
            deceased_date: deceased_date.map(|when| when.text.to_owned()),
            identifiers: identifiers(patient)?,
            telecom: telecom(patient)?,
        })
    }
}

/// The date of birth: a date, never a time of day.
pub(crate) fn birth_date<'a>(patient: &View<'a>) -> Result<Option<When<'a>>, Problem> {
    let when = patient.when("birthDate")?;
    match when {
        Some(when) if when.text.len() > 10 => Err(Problem::new(
            "not-a-date",
            patient.at("birthDate"),
            when.text,
            "is not a FHIR date",
            "write 1950, 1950-06 or 1950-06-18",
        )),
        when => Ok(when),
    }
}

fn gender(patient: &View<'_>) -> Result<Option<String>, Problem> {
    match patient.text("gender")? {
        Some(word) if !GENDERS.contains(&word) => Err(Problem::new(
            "unknown-code",
            patient.at("gender"),
            word,
            "is not an administrative gender",
            format!("write one of {}", GENDERS.join(", ")),
        )),
        word => Ok(word.map(str::to_owned)),
    }
}

/// The official name, else the usual one, else the first that is not old.
fn name(patient: &View<'_>) -> Result<String, Problem> {
    let names = patient.objects("name")?;
    let used = |use_: &str| {
        names
            .iter()
            .find(|name| name.body.get("use").and_then(|u| u.as_str()) == Some(use_))
    };
    let current = || {
        names.iter().find(|name| {
            let word = name.body.get("use").and_then(|u| u.as_str());
            !matches!(word, Some("old" | "maiden"))
        })
    };
    match used("official").or_else(|| used("usual")).or_else(current) {
        Some(name) => one_line(name),
        None => Ok(String::new()),
    }
}

fn one_line(name: &View<'_>) -> Result<String, Problem> {
    if let Some(text) = name.text("text")?.filter(|text| !text.is_empty()) {
        return Ok(text.to_owned());
    }
    let given = name
        .body
        .get("given")
        .and_then(|given| given.as_array())
        .into_iter()
        .flatten()
        .filter_map(|part| part.as_str());
    let parts: Vec<&str> = given.chain(name.text("family")?).collect();
    Ok(parts.join(" "))
}

fn identifiers(patient: &View<'_>) -> Result<Vec<Identifier>, Problem> {
    let mut found = Vec::new();
    for identifier in patient.objects("identifier")? {
        if let Some(value) = identifier.text("value")? {
            found.push(Identifier {
                system: identifier.text("system")?.unwrap_or_default().to_owned(),
                value: value.to_owned(),
            });
        }
    }
    Ok(found)
}

fn telecom(patient: &View<'_>) -> Result<Vec<Contact>, Problem> {
    let mut found = Vec::new();
    for contact in patient.objects("telecom")? {
        if let Some(value) = contact.text("value")? {
            found.push(Contact {
                system: contact.text("system")?.unwrap_or_default().to_owned(),
                value: value.to_owned(),
            });
        }
    }
    Ok(found)
}

/// The facts a Patient resource holds: sex, and the age at the record's instant.
///
/// They are who the patient is, checked with two identifiers wherever anything
/// is done, not a finding that a code stands for: they need no confirming.
///
/// Those in `told` are taken from Observations that say the same.
///
/// # Errors
/// A date or gender that is none.
pub(crate) fn facts(
    patient: &View<'_>,
    told: &BTreeSet<String>,
    mapper: &mut Mapper<'_, '_>,
) -> Result<(), Problem> {
    if let Some(word @ ("female" | "male" | "other")) = gender(patient)?.as_deref()
        && !told.contains("sex")
    {
        mapper.set_known("sex", Value::Choice(word.to_owned()), patient);
    }
    if let Some(birth) = birth_date(patient)?
        && !told.contains("age")
    {
        match birth.years_until(mapper.own) {
            Some(years) => mapper.set_known("age", Value::Number(years.into()), patient),
            None => {
                let reason = "its date of birth is not exact enough to tell the age in years";
                mapper.unmapped(Unmapped::of(patient, &Concept::default(), reason));
            }
        }
    }
    Ok(())
}
