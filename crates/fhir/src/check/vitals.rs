//! Vital signs: an observation of one has its LOINC code, its units, its parts.
//!
//! After `observation-vitalsigns.html` (FHIR 4.0.1): whoever records one of
//! these measurements uses the code of its profile beside any other code, the
//! category `vital-signs`, a subject, a time, and the units of UCUM named there.

use super::issue::{Fault, IssueType};
use super::place::Place;
use super::rules::{UCUM, has_code};
use super::walk::Checker;
use serde_json::{Map, Value};

const LOINC: &str = "http://loinc.org";
const SNOMED: &str = "http://snomed.info/sct";
const HL7: &str = "http://hl7.org/fhir/StructureDefinition/";
const CATEGORY: &str = "http://terminology.hl7.org/CodeSystem/observation-category";

/// A measurement with a profile of its own.
struct Vital {
    code: &'static str,
    name: &'static str,
    /// The last part of its profile's address.
    profile: &'static str,
    /// The units its value may be in; none where it has parts instead.
    units: &'static [&'static str],
    /// SNOMED CT's codes for the same measurement.
    same: &'static [&'static str],
}

const fn vital(
    code: &'static str,
    (name, profile): (&'static str, &'static str),
    units: &'static [&'static str],
    same: &'static [&'static str],
) -> Vital {
    Vital {
        code,
        name,
        profile,
        units,
        same,
    }
}

const BLOOD_PRESSURE: &str = "85354-9";

const VITALS: [Vital; 10] = [
    vital(
        "9279-1",
        ("respiratory rate", "resprate"),
        &["/min"],
        &["86290005"],
    ),
    vital(
        "8867-4",
        ("heart rate", "heartrate"),
        &["/min"],
        &["364075005"],
    ),
    vital(
        "2708-6",
        ("oxygen saturation", "oxygensat"),
        &["%"],
        &["103228002"],
    ),
    vital(
        "8310-5",
        ("body temperature", "bodytemp"),
        &["Cel", "[degF]"],
        &["386725007", "276885007"],
    ),
    vital(
        "8302-2",
        ("body height", "bodyheight"),
        &["cm", "[in_i]"],
        &["50373000"],
    ),
    vital(
        "9843-4",
        ("head circumference", "headcircum"),
        &["cm", "[in_i]"],
        &["363812007"],
    ),
    vital(
        "29463-7",
        ("body weight", "bodyweight"),
        &["g", "kg", "[lb_av]"],
        &["27113001"],
    ),
    vital(
        "39156-5",
        ("body mass index", "bmi"),
        &["kg/m2"],
        &["60621009"],
    ),
    vital(BLOOD_PRESSURE, ("blood pressure", "bp"), &[], &["75367002"]),
    vital("85353-1", ("vital signs panel", "vitalspanel"), &[], &[]),
];

/// The parts of a blood pressure, both in `mm[Hg]`.
const PARTS: [(&str, &str); 2] = [("8480-6", "systolic"), ("8462-4", "diastolic")];

/// An `Observation`, where it is of a vital sign.
pub(super) fn check<'a>(
    checker: &mut Checker<'a>,
    body: &'a Map<String, Value>,
    place: &Place<'_>,
) {
    let Some(code) = body.get("code") else { return };
    let categories = body.get("category").and_then(Value::as_array);
    let is_vital = |category: &Value| has_code(category, CATEGORY, "vital-signs");
    let categorised = categories.is_some_and(|list| list.iter().any(is_vital));
    let coded = VITALS
        .iter()
        .find(|vital| has_code(code, LOINC, vital.code));
    let claimed = VITALS.iter().find(|vital| claims(body, vital));
    let Some(vital) = claimed.or(coded) else {
        let same = |vital: &&Vital| vital.same.iter().any(|same| has_code(code, SNOMED, same));
        if let Some(vital) = VITALS.iter().filter(|_| categorised).find(same) {
            other_code(checker, vital, place);
        }
        return;
    };
    if !has_code(code, LOINC, vital.code) {
        other_code(checker, vital, place);
    }
    let mut need = |there: bool, element: &str| {
        if !there {
            let fault = fault(vital, format!("has no {element}"), format!("add {element}"));
            checker.report(fault, place);
        }
    };
    need(categorised, "category vital-signs");
    need(body.contains_key("subject"), "subject");
    let timed = ["effectiveDateTime", "effectivePeriod"];
    let timed = timed.iter().any(|name| body.contains_key(*name));
    need(
        timed || body.contains_key("_effectiveDateTime"),
        "effectiveDateTime",
    );
    let said = |key: &String| key.trim_start_matches('_').starts_with("value");
    let rest = ["dataAbsentReason", "component", "hasMember"];
    let any = body.keys().any(said) || rest.iter().any(|name| body.contains_key(*name));
    need(any, "value, component, hasMember or dataAbsentReason");
    if vital.code == BLOOD_PRESSURE {
        blood_pressure(checker, vital, body, place);
    } else if !vital.units.is_empty() {
        amount(checker, vital, body, vital.units, place);
    }
}

fn fault(vital: &Vital, problem: String, remedy: String) -> Fault {
    let name = vital.name;
    Fault::new(
        IssueType::Structure,
        "vital-signs",
        format!("is a {name} ({}) and {problem}", vital.code),
        remedy,
    )
}

/// A vital sign by its profile or by SNOMED CT, and not by LOINC.
fn other_code(checker: &mut Checker<'_>, vital: &Vital, place: &Place<'_>) {
    let fault = Fault::new(
        IssueType::Structure,
        "vital-signs",
        format!("is a {} without the code of its profile", vital.name),
        format!("add LOINC {} beside the other code", vital.code),
    );
    checker.report(fault, &place.member("code"));
}

/// Whether `meta.profile` names the profile of a vital sign.
fn claims(body: &Map<String, Value>, vital: &Vital) -> bool {
    let profiles = body.get("meta").and_then(|meta| meta.get("profile"));
    let profiles = profiles.and_then(Value::as_array);
    let is = |profile: &Value| {
        let name = profile.as_str().and_then(|url| url.strip_prefix(HL7));
        name.and_then(|name| name.split('|').next()) == Some(vital.profile)
    };
    profiles.is_some_and(|profiles| profiles.iter().any(is))
}

/// The value of a measurement: a number in one of its units.
fn amount(
    checker: &mut Checker<'_>,
    vital: &Vital,
    body: &Map<String, Value>,
    units: &[&str],
    place: &Place<'_>,
) {
    let Some(quantity) = body.get("valueQuantity") else {
        return;
    };
    let part = |name| quantity.get(name).and_then(Value::as_str);
    let fine = quantity.get("value").is_some()
        && part("system") == Some(UCUM)
        && part("code").is_some_and(|code| units.contains(&code));
    if !fine {
        let fault = fault(
            vital,
            "is not measured in its unit".to_owned(),
            format!("write value, system {UCUM} and code {}", units.join(" or ")),
        );
        let shown = part("code").or(part("unit")).unwrap_or_default();
        checker.report(fault.of(shown), &Place::Choice(place, "value", "Quantity"));
    }
}

fn blood_pressure<'a>(
    checker: &mut Checker<'a>,
    vital: &Vital,
    body: &'a Map<String, Value>,
    place: &Place<'_>,
) {
    let components = body.get("component").and_then(Value::as_array);
    let components = components.map_or(&[][..], Vec::as_slice);
    let list = place.member("component");
    for (code, name) in PARTS {
        let is = |part: &&Value| part.get("code").is_some_and(|c| has_code(c, LOINC, code));
        let found = components.iter().enumerate().find(|(_, part)| is(part));
        match found.and_then(|(index, part)| Some((index, part.as_object()?))) {
            Some((index, part)) => {
                amount(checker, vital, part, &["mm[Hg]"], &list.item(index));
            }
            None => {
                let fault = fault(
                    vital,
                    format!("has no {name} component"),
                    format!("add a component with LOINC {code}"),
                );
                checker.report(fault, place);
            }
        }
    }
}
