//! One reading of the JSON contract.
use super::bad;
use crate::fact::{
    Answer, By, Content, Fact, FactKey, Kind, PartialDate, Reading, Value, convert, is_known_unit,
};
use crate::knowledge::Knowledge;
use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp};
use serde::de::DeserializeOwned;
use serde_json::{Map, Value as Json};
use si::Problem;

const KEYS: [&str; 9] = [
    "value",
    "answer",
    "unit",
    "at",
    "by",
    "who",
    "source",
    "unconfirmed",
    "resolves",
];

/// How far a date may lie ahead of the instant of decision (ENGINEERING §2).
pub(super) const AHEAD: SignedDuration = SignedDuration::from_hours(24);

/// An event that is over: it never lies after the instant of decision.
const PAST: [&str; 1] = ["session_ended"];

/// What a reading takes where it says nothing.
#[derive(Clone, Copy, Debug)]
pub struct Defaults<'a> {
    /// When readings without a time were made.
    pub at: Timestamp,
    /// The instant of decision, which dates may not lie far ahead of.
    pub now: Timestamp,
    /// The clinic's time zone.
    pub zone: &'a TimeZone,
}

/// Reads one reading: an object, or a bare value.
///
/// # Errors
/// What is wrong with it, with `place` before the part.
pub fn read_reading(
    place: &str,
    key: &FactKey,
    raw: &Json,
    knowledge: &Knowledge,
    defaults: &Defaults<'_>,
) -> Result<Reading, Problem> {
    let Some(fact) = knowledge.catalogue().get(key.fact.as_str()) else {
        return Err(bad(
            "unknown-fact",
            place,
            key.fact.as_str(),
            "no such fact",
            "correct the id",
        ));
    };
    no_policy(place, fact, raw)?;
    let bare;
    let object = match raw {
        Json::Object(object) => object,
        other => {
            bare = Map::from_iter([("value".to_owned(), other.clone())]);
            &bare
        }
    };
    if let Some((key, value)) = object.iter().find(|(key, _)| !KEYS.contains(&key.as_str())) {
        let remedy = format!("a reading has {}", KEYS.join(", "));
        let place = format!("{place}.{key}");
        return Err(bad(
            "unknown-key",
            &place,
            &value.to_string(),
            "no such key",
            &remedy,
        ));
    }
    let reader = ReadingReader {
        place,
        fact,
        object,
        defaults,
    };
    let by = reader.word::<By>("by")?.unwrap_or(By::Patient);
    let mut reading = Reading::value(key.clone(), Value::Bool(false), reader.at()?, by);
    reading.content = reader.content()?;
    if fact.kind == Kind::Number && reading.as_value().is_some() {
        reading.unit = fact.unit.clone();
    }
    reading.who = reader.word("who")?;
    reading.source = reader.word("source")?;
    reading.unconfirmed = reader.word("unconfirmed")?.unwrap_or(false);
    reading.resolves = reader.word("resolves")?;
    if reading.resolves.is_some() && by != By::Practitioner {
        let problem = "only a practitioner settles a conflict";
        return Err(reader.bad(
            "not-a-practitioner",
            "resolves",
            problem,
            "set by to practitioner",
        ));
    }
    Ok(reading)
}

/// A policy is the clinic's choice: no chart loosens anything (CLINICAL §1.12).
fn no_policy(place: &str, fact: &Fact, raw: &Json) -> Result<(), Problem> {
    if !crate::knowledge::is_policy(fact) {
        return Ok(());
    }
    Err(bad(
        "policy-not-a-fact",
        place,
        &raw.to_string(),
        "this is the clinic's choice, no fact of a patient",
        "leave it out; a clinic sets it in its policy file (`policy_file` in annulus.toml)",
    ))
}

/// Reads an instant.
pub(super) fn timestamp(place: &str, raw: &Json) -> Result<Timestamp, Problem> {
    let remedy = "write it with its zone, as in \"2026-11-22T09:00:00Z\"";
    let text = raw.as_str().map(str::parse::<Timestamp>);
    match text {
        Some(Ok(at)) if !is_year_zero(at) => Ok(at),
        _ => Err(bad(
            "bad-instant",
            place,
            &raw.to_string(),
            "not an instant",
            remedy,
        )),
    }
}

/// There is no year 0: it stands for a date that nobody filled in.
fn is_year_zero(at: Timestamp) -> bool {
    at.to_zoned_datetime(TimeZone::UTC).year() < 1
}

struct ReadingReader<'r> {
    place: &'r str,
    fact: &'r Fact,
    object: &'r Map<String, Json>,
    defaults: &'r Defaults<'r>,
}

impl ReadingReader<'_> {
    fn bad(&self, code: &'static str, part: &str, problem: &str, remedy: &str) -> Problem {
        let value = self
            .object
            .get(part)
            .map(ToString::to_string)
            .unwrap_or_default();
        bad(
            code,
            &format!("{}.{part}", self.place),
            &value,
            problem,
            remedy,
        )
    }

    fn word<T: DeserializeOwned>(&self, part: &str) -> Result<Option<T>, Problem> {
        let Some(raw) = self.object.get(part).filter(|raw| !raw.is_null()) else {
            return Ok(None);
        };
        serde_json::from_value(raw.clone())
            .map(Some)
            .map_err(|error| {
                self.bad(
                    "wrong-type",
                    part,
                    &error.to_string(),
                    "see docs/schema for what it takes",
                )
            })
    }

    fn at(&self) -> Result<Timestamp, Problem> {
        let Some(raw) = self.object.get("at") else {
            return Ok(self.defaults.at);
        };
        let at = timestamp(&format!("{}.at", self.place), raw)?;
        self.not_ahead("at", at)?;
        Ok(at)
    }

    fn not_ahead(&self, part: &str, at: Timestamp) -> Result<(), Problem> {
        let limit = self
            .defaults
            .now
            .checked_add(AHEAD)
            .unwrap_or(Timestamp::MAX);
        if at <= limit {
            return Ok(());
        }
        let problem = format!(
            "lies more than 24 h after the instant of decision ({})",
            self.defaults.now
        );
        Err(self.bad(
            "date-in-the-future",
            part,
            &problem,
            "correct the date, or decide at a later instant",
        ))
    }

    fn content(&self) -> Result<Content, Problem> {
        match (self.object.get("value"), self.word::<Answer>("answer")?) {
            (Some(_), Some(_)) => Err(self.bad(
                "two-contents",
                "answer",
                "both a value and an answer",
                "give one",
            )),
            (None, None) => {
                let remedy = "give `value`, or `answer`: not-applicable, asked-unknown or declined";
                Err(self.bad(
                    "no-content",
                    "value",
                    "neither a value nor an answer",
                    remedy,
                ))
            }
            (None, Some(Answer::NotApplicable)) if self.fact.not_applicable_when.is_none() => {
                let problem = "this fact applies to everyone";
                Err(self.bad("always-applies", "answer", problem, "answer the question"))
            }
            (None, Some(answer)) => Ok(Content::Answer(answer)),
            (Some(raw), None) => self.value(raw).map(Content::Value),
        }
    }

    fn value(&self, raw: &Json) -> Result<Value, Problem> {
        if self.object.contains_key("unit") && self.fact.kind != Kind::Number {
            let problem = "this fact takes no unit";
            return Err(self.bad("wrong-unit", "unit", problem, "leave the unit out"));
        }
        match (self.fact.kind, raw) {
            (Kind::Boolean, Json::Bool(value)) => Ok(Value::Bool(*value)),
            (Kind::Number, Json::Number(number)) => self
                .number(number.as_f64().unwrap_or(f64::NAN))
                .map(Value::Number),
            (Kind::Choice, Json::String(word)) if self.fact.choice(word).is_some() => {
                Ok(Value::Choice(word.clone()))
            }
            (Kind::Choice, Json::String(_)) => {
                let remedy = format!("choose from {}", self.fact.values.join(", "));
                Err(self.bad(
                    "unknown-choice",
                    "value",
                    "not a choice of this fact",
                    &remedy,
                ))
            }
            (Kind::Date, Json::String(text)) => self.date(text),
            (kind, _) => Err(self.wrong_type(kind)),
        }
    }

    fn wrong_type(&self, kind: Kind) -> Problem {
        let (problem, remedy) = match kind {
            Kind::Boolean => ("not true or false", "write true or false".to_owned()),
            Kind::Number => ("not a number", "write a number without quotes".to_owned()),
            Kind::Choice => (
                "not text",
                format!("choose from {}", self.fact.values.join(", ")),
            ),
            Kind::Date => ("not a date", "write 2026, 2026-11 or 2026-11-22".to_owned()),
        };
        self.bad("wrong-type", "value", problem, &remedy)
    }

    fn date(&self, text: &str) -> Result<Value, Problem> {
        let date: PartialDate = text.parse().map_err(|_| self.wrong_type(Kind::Date))?;
        let first = date.interval(self.defaults.zone).0;
        if is_year_zero(date.interval(&TimeZone::UTC).0) {
            let problem = "there is no year 0";
            return Err(self.bad("bad-date", "value", problem, "write the year, as in 2026"));
        }
        if PAST.contains(&self.fact.id.as_str()) && first > self.defaults.now {
            let now = self.defaults.now;
            let problem = format!("lies after the instant of decision ({now})");
            let remedy = "correct the date, or decide at a later instant";
            return Err(self.bad("date-in-the-future", "value", &problem, remedy));
        }
        self.not_ahead("value", first)?;
        Ok(Value::Date(date))
    }

    /// The number in the catalogue's unit, inside its range.
    fn number(&self, number: f64) -> Result<f64, Problem> {
        let own = self.fact.unit.as_deref().unwrap_or("1");
        let unit: Option<String> = self.word("unit")?;
        let value = match unit.as_deref() {
            None if own == "1" => number,
            None => {
                let remedy = format!("add \"unit\": \"{own}\"");
                return Err(self.bad("missing-unit", "unit", "the number has no unit", &remedy));
            }
            Some(unit) => convert(number, unit, own).ok_or_else(|| {
                let problem = if is_known_unit(unit) {
                    "this unit measures something else"
                } else {
                    "not a UCUM unit known here"
                };
                self.bad("wrong-unit", "unit", problem, &format!("write it in {own}"))
            })?,
        };
        self.in_range(value, own)?;
        Ok(value)
    }

    fn in_range(&self, value: f64, unit: &str) -> Result<(), Problem> {
        let [low, high] = self
            .fact
            .range
            .unwrap_or([f64::NEG_INFINITY, f64::INFINITY]);
        if !(low..=high).contains(&value) {
            let unit = if unit == "1" {
                String::new()
            } else {
                format!(" {unit}")
            };
            let problem = format!("outside {low} to {high}{unit}");
            return Err(self.bad(
                "out-of-range",
                "value",
                &problem,
                "check the number and its unit",
            ));
        }
        if self.fact.whole && value.fract() != 0.0 {
            return Err(self.bad("out-of-range", "value", "not a whole number", "round it"));
        }
        Ok(())
    }
}

/// The JSON Schema of a facts document.
#[must_use]
pub fn schema_of_facts() -> Json {
    let text =
        |description: &str| serde_json::json!({"type": "string", "description": description});
    let reading = serde_json::json!({
        "type": "object",
        "additionalProperties": false,
        "properties": {
            "value": {"type": ["boolean", "number", "string"]},
            "answer": {"enum": ["not-applicable", "asked-unknown", "declined"]},
            "unit": text("UCUM; needed for every number whose fact has a unit"),
            "at": text("RFC 3339 instant; the document's own without one"),
            "by": {"enum": ["patient", "practitioner", "assistant", "device", "imaging", "record"]},
            "who": text("the person"),
            "source": text("the document or device; what follows a # is the place inside it"),
            "unconfirmed": {"type": "boolean"},
            "resolves": text("a practitioner's reason for settling a conflict")
        }
    });
    serde_json::json!({
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$id": super::SCHEMA,
        "title": "Facts",
        "type": "object",
        "additionalProperties": false,
        "required": ["facts"],
        "properties": {
            "schema": {"const": super::SCHEMA},
            "region": {"enum": ["lumbar", "cervical"]},
            "at": text("RFC 3339 instant of decision"),
            "facts": {
                "type": "object",
                "additionalProperties": {"anyOf": [
                    reading,
                    {"type": "array", "items": reading, "minItems": 1},
                    {"type": ["boolean", "number", "string"]}
                ]}
            },
            "denied": {"type": "array", "items": {"type": "string"}},
            "clearances": {"type": "array", "items": schemars::schema_for!(crate::fact::Clearance)},
            "overrides": {"type": "array", "items": schemars::schema_for!(crate::fact::Override)}
        }
    })
}
