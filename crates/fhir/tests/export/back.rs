//! What was recorded can be read back: from each Observation whole, and through the import.

use super::setting::knowledge;
use super::stories::{all, answers, of, round};
use care::episode::{Event, What};
use care::fact::{Answer, By, Content, Reading, Value as Worth};
use fhir::export::{EXTENSION, FACT, bundle};
use serde_json::Value;
use si::Region;

/// The readings that become Observations.
fn recorded(events: &[Event]) -> Vec<Reading> {
    let mut all = Vec::new();
    for event in events {
        match &event.what {
            What::RecordImported(record) => all.extend(record.readings.clone()),
            What::FactsRecorded { readings, .. }
            | What::ArrivalRecorded { readings, .. }
            | What::StartChecked { readings, .. }
            | What::SessionReported { readings, .. }
            | What::CheckInAnswered { readings, .. } => all.extend(readings.clone()),
            What::LeavingChecked(check) => all.extend(check.readings.clone()),
            What::ConflictResolved { reading, .. } => all.push(reading.clone()),
            _ => {}
        }
    }
    all
}

fn extension<'a>(resource: &'a Value, name: &str) -> Option<&'a Value> {
    let url = format!("{EXTENSION}{name}");
    let all = resource["extension"].as_array()?;
    let one = all.iter().find(|one| one["url"] == url.as_str())?;
    one.as_object()?
        .iter()
        .find(|(member, _)| member.starts_with("value"))
        .map(|(_, value)| value)
}

fn text(value: Option<&Value>) -> Option<String> {
    value.and_then(Value::as_str).map(str::to_owned)
}

/// A reading from its Observation; none of a measurement that is no fact.
fn read(resource: &Value) -> Option<Reading> {
    let codings = resource["code"]["coding"].as_array()?;
    let fact = codings.iter().find(|one| one["system"] == FACT)?;
    let by = match extension(resource, "by")?.as_str()? {
        "patient" => By::Patient,
        "practitioner" => By::Practitioner,
        "assistant" => By::Assistant,
        "device" => By::Device,
        "imaging" => By::Imaging,
        _ => By::Record,
    };
    let index = text(extension(resource, "index"));
    let (content, unit) = content(resource)?;
    let mut reading = Reading::answer(
        care::fact::FactKey {
            fact: fact["code"].as_str()?.into(),
            index: index
                .map(|index| index.split(',').map(str::to_owned).collect())
                .unwrap_or_default(),
        },
        Answer::Declined,
        resource["effectiveDateTime"].as_str()?.parse().ok()?,
        by,
    );
    reading.content = content;
    reading.unit = unit;
    reading.who = text(resource["performer"][0].get("display"));
    reading.source = text(extension(resource, "document"));
    reading.resolves = text(extension(resource, "settles"));
    reading.unconfirmed = resource["status"] == "preliminary";
    Some(reading)
}

fn content(resource: &Value) -> Option<(Content, Option<String>)> {
    let absent = &resource["dataAbsentReason"]["coding"][0]["code"];
    if let Some(code) = absent.as_str() {
        let answer = match code {
            "not-applicable" => Answer::NotApplicable,
            "asked-unknown" => Answer::AskedUnknown,
            _ => Answer::Declined,
        };
        return Some((Content::Answer(answer), None));
    }
    if let Some(flag) = resource["valueBoolean"].as_bool() {
        return Some((Content::Value(Worth::Bool(flag)), None));
    }
    if let Some(date) = resource["valueDateTime"].as_str() {
        return Some((Content::Value(Worth::Date(date.parse().ok()?)), None));
    }
    if let Some(code) = resource["valueCodeableConcept"]["coding"][0]["code"].as_str() {
        let word = code.split_once(':')?.1.to_owned();
        return Some((Content::Value(Worth::Choice(word)), None));
    }
    let quantity = &resource["valueQuantity"];
    let number = Content::Value(Worth::Number(quantity["value"].as_f64()?));
    Some((number, text(quantity.get("code"))))
}

/// A reading in its fact's own unit, without what an Observation need not say.
fn plain(mut reading: Reading) -> Reading {
    let catalogue = knowledge().catalogue();
    let own = catalogue
        .get(reading.fact.as_str())
        .and_then(|fact| fact.unit.clone())
        .unwrap_or_else(|| "1".to_owned());
    if let Content::Value(Worth::Number(number)) = reading.content {
        let unit = reading.unit.clone().unwrap_or_else(|| own.clone());
        let number = care::fact::convert(number, &unit, &own).unwrap_or(number);
        reading.content = Content::Value(Worth::Number((number * 1e9).round() / 1e9));
    }
    reading.unit = None;
    reading.who = reading.who.filter(|who| !who.trim().is_empty());
    reading
}

/// Whoever acted is named on the Observation of a practitioner who names nobody.
fn without_who(mut reading: Reading) -> Reading {
    reading.who = None;
    reading
}

#[test]
fn an_observation_says_all_that_its_reading_says() {
    for (name, events) in all() {
        let export = of(events);
        let back: Vec<Reading> = export
            .of("Observation")
            .filter_map(read)
            .map(plain)
            .collect();
        let recorded = recorded(events);
        assert_eq!(back.len(), recorded.len(), "{name}");
        for reading in recorded.into_iter().map(plain) {
            let same = |one: &&Reading| match &reading.who {
                Some(_) => **one == reading,
                None => without_who((*one).clone()) == reading,
            };
            assert!(back.iter().any(|one| same(&one)), "{name}: {reading:?}");
        }
    }
}

#[test]
fn our_import_reads_our_export_to_the_same_facts() {
    let bundle = bundle::collection(
        &of(answers()),
        bundle::Address::Base("https://a.example/fhir"),
    );
    let import = fhir::import(
        bundle.to_string().as_bytes(),
        knowledge(),
        Region::Lumbar,
        None,
    );
    let import = import.unwrap_or_else(|problem| panic!("{problem}"));
    let find = |fact: &str| {
        let found = import.readings.iter().find(|one| one.fact.as_str() == fact);
        let found = found
            .unwrap_or_else(|| panic!("no {fact}: {:?}", import.readings))
            .clone();
        (plain(found.clone()).content, found.at.to_string())
    };
    let at = "2026-11-02T08:00:00Z".to_owned();
    let number = |number| Content::Value(Worth::Number(number));
    assert_eq!(find("body_height"), (number(1.73), at.clone()));
    assert_eq!(find("body_weight"), (number(80.5), at.clone()));
    assert_eq!(find("dxa_t_score"), (number(-1.5), at.clone()));
    // A score that somebody told is, from outside, a score on record.
    assert_eq!(find("pain_on_record"), (number(6.0), at));
    assert_eq!(import.patient.name, "Ada Sample");
}

#[test]
fn both_ways_of_addressing_are_read_alike() {
    let export = of(round());
    let read = |address| {
        let bundle = bundle::collection(&export, address).to_string();
        let import = fhir::import(bundle.as_bytes(), knowledge(), Region::Lumbar, None);
        let import = import.unwrap_or_else(|problem| panic!("{problem}"));
        let mut told: Vec<String> = import
            .readings
            .iter()
            .map(|one| format!("{} {:?} {}", one.key(), one.content, one.at))
            .collect();
        told.sort();
        told
    };
    let base = read(bundle::Address::Base("https://a.example/fhir"));
    assert!(!base.is_empty());
    assert_eq!(base, read(bundle::Address::Urn));
}
