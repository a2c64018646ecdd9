//! Resources whose code says it all: conditions, procedures, medication, devices, imaging.

use crate::bundle::Record;
use crate::import::Unmapped;
use crate::map::{Entry, Mapper, no_mapping};
use crate::standing::{Standing, standing};
use crate::view::{Concept, View};
use crate::when::When;
use si::Problem;

/// Takes one resource of a coded type.
///
/// # Errors
/// A member of the wrong shape.
pub(crate) fn take<'a>(
    view: &View<'a>,
    record: &Record<'a>,
    mapper: &mut Mapper<'_, 'a>,
) -> Result<(), Problem> {
    let standing = standing(view)?;
    let concepts = concepts(view, record)?;
    let when = when(view)?;
    let asserted = asserted(view)?;
    if concepts.is_empty() {
        let none = Concept::default();
        mapper.unmapped(Unmapped::of(view, &none, no_mapping(&none)));
    }
    let conclusion = Standing::Doubtful("a report's conclusion is for a practitioner".to_owned());
    for (number, concept) in concepts.iter().enumerate() {
        let concludes =
            view.kind == "DiagnosticReport" && number > 0 && standing == Standing::Holds;
        mapper.take(&Entry {
            view,
            concept,
            standing: if concludes { &conclusion } else { &standing },
            when: when.as_ref(),
            asserted: asserted.as_ref(),
        });
    }
    Ok(())
}

/// The concepts by which a resource is read.
pub(crate) fn concepts<'a>(
    view: &View<'a>,
    record: &Record<'a>,
) -> Result<Vec<Concept<'a>>, Problem> {
    let one = |name: &str| Ok(view.concept(name)?.into_iter().collect());
    match view.kind {
        "MedicationRequest" | "MedicationStatement" | "MedicationAdministration" => {
            medication(view, record)
        }
        "ImagingStudy" => study(view),
        "Device" => one("type"),
        "DeviceUseStatement" => referenced(view, record, "device", "type"),
        "DiagnosticReport" => Ok(one("code")?
            .into_iter()
            .chain(view.concepts("conclusionCode")?)
            .collect()),
        "Immunization" => one("vaccineCode"),
        _ if view
            .body
            .get("code")
            .is_some_and(serde_json::Value::is_object) =>
        {
            one("code")
        }
        _ => Ok(Vec::new()),
    }
}

fn medication<'a>(view: &View<'a>, record: &Record<'a>) -> Result<Vec<Concept<'a>>, Problem> {
    match view.concept("medicationCodeableConcept")? {
        Some(concept) => Ok(vec![concept]),
        None => referenced(view, record, "medicationReference", "code"),
    }
}

/// The concept `code` of the resource that `name` refers to.
fn referenced<'a>(
    view: &View<'a>,
    record: &Record<'a>,
    name: &str,
    code: &str,
) -> Result<Vec<Concept<'a>>, Problem> {
    let target = view
        .reference(name)?
        .and_then(|reference| record.resolve(view, reference));
    match target {
        Some(target) => Ok(target.concept(code)?.into_iter().collect()),
        None => Ok(Vec::new()),
    }
}

/// A study's procedure codes, and the body sites of its series.
fn study<'a>(view: &View<'a>) -> Result<Vec<Concept<'a>>, Problem> {
    let mut found = view.concepts("procedureCode")?;
    for series in view.objects("series")? {
        if let Some(site) = series.object("bodySite")? {
            let concept = Concept {
                codings: vec![site.as_coding()?],
                text: "",
            };
            if !found.contains(&concept) {
                found.push(concept);
            }
        }
    }
    Ok(found)
}

/// A visit's reasons: what they name was in question then, so they only ask.
pub(crate) fn reasons<'a>(view: &View<'a>, mapper: &mut Mapper<'_, 'a>) -> Result<(), Problem> {
    if view.kind != "Encounter" {
        return Ok(());
    }
    for reason in view.concepts("reasonCode")? {
        for mapping in mapper.mappings(&reason) {
            mapper.ask(mapping, view, &reason, "the reason for a visit");
        }
    }
    Ok(())
}

/// When what the resource names began or was done.
fn when<'a>(view: &View<'a>) -> Result<Option<When<'a>>, Problem> {
    let names: &[&str] = match view.kind {
        "Condition" => &["onsetDateTime", "onsetPeriod"],
        "Procedure" => &["performedDateTime", "performedPeriod"],
        "MedicationRequest" => &["authoredOn"],
        "MedicationStatement" | "MedicationAdministration" | "DiagnosticReport" => &[
            "effectiveDateTime",
            "effectivePeriod",
            "dateAsserted",
            "issued",
        ],
        "ImagingStudy" => &["started"],
        "DeviceUseStatement" => &["timingDateTime", "timingPeriod", "recordedOn"],
        _ => &[],
    };
    first(view, names)
}

/// The date since when a statement is only as good as its fact stays fresh:
/// treatment and imaging, not a condition or an operation that lasts.
fn asserted<'a>(view: &View<'a>) -> Result<Option<When<'a>>, Problem> {
    match view.kind {
        "MedicationRequest" => match validity(view)? {
            Some(until) => Ok(Some(until)),
            None => first(view, &["authoredOn"]),
        },
        "MedicationStatement" => first(
            view,
            &["dateAsserted", "effectiveDateTime", "effectivePeriod"],
        ),
        "MedicationAdministration" => first(view, &["effectiveDateTime", "effectivePeriod"]),
        "ImagingStudy" | "DiagnosticReport" => when(view),
        _ => Ok(None),
    }
}

/// Until when a prescription may be dispensed.
fn validity<'a>(view: &View<'a>) -> Result<Option<When<'a>>, Problem> {
    let request = view.object("dispenseRequest")?;
    let period = match request {
        Some(request) => request.object("validityPeriod")?,
        None => None,
    };
    period.map_or(Ok(None), |period| period.when("end"))
}

/// The first of these members that is there: a date, or a period's start.
pub(crate) fn first<'a>(view: &View<'a>, names: &[&str]) -> Result<Option<When<'a>>, Problem> {
    for name in names {
        let found = if name.ends_with("Period") {
            match view.object(name)? {
                Some(period) => period.when("start")?,
                None => None,
            }
        } else {
            view.when(name)?
        };
        if found.is_some() {
            return Ok(found);
        }
    }
    Ok(None)
}
