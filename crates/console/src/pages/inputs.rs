//! Form fields from the fact catalogue, and readings from the fields sent back.
//!
//! A field is named `f:` and the fact's key (`f:myotome[L5,left]`). What was
//! not answered is not sent on: silence never becomes a "no".

use std::fmt::Write as _;

use care::decide::Ask;
use care::episode::Role;
use care::fact::{Answer, By, Catalogue, Fact, FactKey, Kind, PartialDate, Reading, Value};
use care::instrument::{Instrument, Instruments};
use jiff::Timestamp;
use si::{Problem, Region};

use crate::door::form::Form;
use crate::messages::Say;

/// One field.
#[derive(Debug)]
pub struct Input {
    /// Says messages.
    pub t: Say,
    /// Name in the form.
    pub name: String,
    /// Id in the page.
    pub id: String,
    /// What is asked.
    pub question: String,
    /// A second line.
    pub hint: String,
    /// `boolean`, `scale`, `choice`, `number` or `date`.
    pub kind: &'static str,
    /// Values and their words.
    pub choices: Vec<(String, String)>,
    /// Unit for people.
    pub unit: String,
    /// Smallest number.
    pub min: String,
    /// Greatest number.
    pub max: String,
    /// Step of a number.
    pub step: &'static str,
    /// What stands in it.
    pub value: String,
    /// What is on record, shown beside it.
    pub known: String,
    /// Whether "asked, not known" is offered.
    pub doubt: bool,
    /// Answers that show the emergency page at once.
    pub emergency: Vec<&'static str>,
    /// Which line of that page says why, from 1.
    pub sign: usize,
    /// What the ends of a scale mean.
    pub anchors: Vec<String>,
}

/// In whose words a question is put.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Voice {
    /// The patient's.
    Patient,
    /// A practitioner's.
    Practitioner,
}

impl Input {
    /// The field of a fact.
    #[must_use]
    pub fn of(t: Say, fact: &Fact, key: &FactKey, voice: Voice) -> Self {
        let (question, hint) = asked(fact, voice);
        let index = key.index.join(", ").replace('-', " ");
        let question = if index.is_empty() {
            question
        } else {
            format!("{question} ({index})")
        };
        let (min, max) = fact.range.map_or_else(Default::default, |[low, high]| {
            (low.to_string(), high.to_string())
        });
        Self {
            t,
            name: format!("f:{key}"),
            id: slug(&key.to_string()),
            question,
            hint,
            kind: kind(fact),
            choices: choices(fact),
            unit: fact
                .unit
                .as_deref()
                .filter(|unit| *unit != "1")
                .map(pretty_unit)
                .unwrap_or_default(),
            min,
            max,
            step: if fact.whole { "1" } else { "any" },
            value: String::new(),
            known: String::new(),
            doubt: true,
            emergency: Vec::new(),
            sign: 0,
            anchors: Vec::new(),
        }
    }

    /// Whether this answer shows the emergency page at once.
    #[must_use]
    pub fn alarms(&self, answer: &str) -> bool {
        self.emergency.contains(&answer)
    }

    /// The field of a fact for a region: a site is named as people name it.
    fn at(t: Say, (fact, key): (&Fact, &FactKey), region: Region, voice: Voice) -> Self {
        let mut input = Self::of(t, fact, key, voice);
        let sited = fact.index.first().is_some_and(|axis| axis.name() == "site");
        if let [site] = &*key.index
            && sited
        {
            let site = t.site(site, region);
            input.question = format!("{site}: {}", asked(fact, voice).0);
        }
        input
    }

    /// Every field of a fact for a region: one for each index.
    pub fn all(t: Say, fact: &Fact, region: Region, voice: Voice) -> Vec<Self> {
        let key = |index| FactKey {
            fact: fact.id.as_str().into(),
            index,
        };
        fact.indices(region)
            .into_iter()
            .map(|index| Self::at(t, (fact, &key(index)), region, voice))
            .collect()
    }

    /// The same fields, a scale of an instrument with what its ends mean.
    #[must_use]
    pub fn anchored(mut inputs: Vec<Self>, instruments: &Instruments) -> Vec<Self> {
        for input in &mut inputs {
            let key = input.name.strip_prefix("f:").and_then(FactKey::parse);
            let of = |one: &&Instrument| {
                key.as_ref()
                    .is_some_and(|key| one.readings.iter().any(|id| id == key.fact.as_str()))
            };
            if let Some(one) = instruments.all.iter().find(of) {
                let ends = one.lowest.iter().chain(&one.highest);
                input.anchors = ends.cloned().collect();
            }
        }
        inputs
    }

    /// The fields of a list of facts, by id; an id the catalogue lacks has none.
    pub fn listed<'a>(
        t: Say,
        catalogue: &Catalogue,
        ids: impl IntoIterator<Item = &'a str>,
        region: Region,
        voice: Voice,
    ) -> Vec<Self> {
        ids.into_iter()
            .filter_map(FactKey::parse)
            .filter_map(|key| catalogue.get(key.fact.as_str()).map(|fact| (fact, key)))
            .flat_map(
                |(fact, key)| match key.index.is_empty() && !fact.index.is_empty() {
                    true => Self::all(t, fact, region, voice),
                    false => vec![Self::of(t, fact, &key, voice)],
                },
            )
            .collect()
    }
}

/// What is asked, and what is said beside it.
fn asked(fact: &Fact, voice: Voice) -> (String, String) {
    match voice {
        Voice::Patient => (fact.patient.clone(), String::new()),
        Voice::Practitioner => (fact.practitioner.clone(), fact.label.clone()),
    }
}

/// A numeric rating, 0 to 10, higher is worse: one tap instead of typing.
fn is_scale(fact: &Fact) -> bool {
    fact.range == Some([0.0, 10.0]) && fact.worse == Some(care::fact::Direction::Higher)
}

fn kind(fact: &Fact) -> &'static str {
    match fact.kind {
        Kind::Boolean => "boolean",
        Kind::Choice => "choice",
        Kind::Date => "date",
        Kind::Number if is_scale(fact) => "scale",
        Kind::Number => "number",
    }
}

fn choices(fact: &Fact) -> Vec<(String, String)> {
    match fact.kind {
        Kind::Number => (0..=10).map(|n| (n.to_string(), n.to_string())).collect(),
        _ => fact
            .values
            .iter()
            .map(|v| (v.clone(), v.replace(['-', '_'], " ")))
            .collect(),
    }
}

/// A unit as people write it.
#[must_use]
pub fn pretty_unit(ucum: &str) -> String {
    match ucum {
        "mm[Hg]" => "mmHg".into(),
        "Cel" => "°C".into(),
        "deg" => "°".into(),
        "a" => "years".into(),
        "mo" => "months".into(),
        "wk" => "weeks".into(),
        "d" => "days".into(),
        "h" => "hours".into(),
        "{score}" => String::new(),
        other => other.trim_matches(['{', '}']).to_owned(),
    }
}

fn slug(text: &str) -> String {
    let mut out = String::from("f");
    for letter in text.chars() {
        match letter.is_ascii_alphanumeric() {
            true => out.push(letter.to_ascii_lowercase()),
            false if !out.ends_with('-') => out.push('-'),
            false => {}
        }
    }
    out.trim_end_matches('-').to_owned()
}

/// Who enters answers, and when.
#[derive(Clone, Debug)]
pub struct Entry {
    /// In which role.
    pub role: Role,
    /// The person's name.
    pub who: Option<String>,
    /// When.
    pub at: Timestamp,
}

/// The readings of a form.
pub fn readings(
    form: &Form,
    catalogue: &Catalogue,
    entry: &Entry,
) -> Result<Vec<Reading>, Problem> {
    each(form, catalogue, entry).map(|(_, read)| read).collect()
}

/// Each answer of a form by the key of its fact: what it says, or why it cannot be read.
pub fn each<'a>(
    form: &'a Form,
    catalogue: &'a Catalogue,
    entry: &'a Entry,
) -> impl Iterator<Item = (&'a str, Result<Reading, Problem>)> {
    form.iter()
        .filter_map(|(name, value)| name.strip_prefix("f:").map(|key| (key, value)))
        .map(|(key, value)| (key, reading(key, value, catalogue, entry)))
}

/// One reading from its key and the words sent.
pub fn reading(
    key: &str,
    value: &str,
    catalogue: &Catalogue,
    entry: &Entry,
) -> Result<Reading, Problem> {
    let parsed = FactKey::parse(key).filter(|key| catalogue.has(key));
    let Some((key, fact)) =
        parsed.and_then(|key| catalogue.get(key.fact.as_str()).map(|fact| (key, fact)))
    else {
        return Err(Problem::new(
            "fact-unknown",
            key,
            "",
            "is not in the catalogue",
            "load the page again",
        ));
    };
    let place = key.to_string();
    let reading = match value {
        "?" => Reading::answer(key, Answer::AskedUnknown, entry.at, by(fact, entry.role)),
        "declined" => Reading::answer(key, Answer::Declined, entry.at, by(fact, entry.role)),
        "n/a" => Reading::answer(key, Answer::NotApplicable, entry.at, by(fact, entry.role)),
        _ => {
            let read = parse(fact, value).map_err(|problem| problem.within(&place))?;
            Reading::value(key, read, entry.at, by(fact, entry.role))
        }
    };
    let unit = fact
        .unit
        .clone()
        .filter(|unit| unit != "1" && matches!(reading.as_value(), Some(Value::Number(_))));
    let reading = unit.into_iter().fold(reading, Reading::with_unit);
    Ok(entry.who.iter().cloned().fold(reading, Reading::with_who))
}

fn parse(fact: &Fact, text: &str) -> Result<Value, Problem> {
    let wrong = |problem: &str, remedy: String| {
        let shown: String = text.chars().take(40).collect();
        Problem::new("answer-unreadable", "", shown, problem, remedy)
    };
    match fact.kind {
        Kind::Boolean => match text {
            "yes" => Ok(Value::Bool(true)),
            "no" => Ok(Value::Bool(false)),
            _ => Err(wrong("is neither yes nor no", "answer yes or no".into())),
        },
        Kind::Number => text
            .replace(',', ".")
            .parse()
            .ok()
            .filter(|number: &f64| number.is_finite() && in_range(fact, *number))
            .map(Value::Number)
            .ok_or_else(|| wrong("is not a number in its range", expected(fact))),
        Kind::Choice => match fact.choice(text) {
            Some(_) => Ok(Value::Choice(text.to_owned())),
            None => Err(wrong("is not one of the choices", fact.values.join(", "))),
        },
        Kind::Date => text
            .parse::<PartialDate>()
            .map(Value::Date)
            .map_err(|_| wrong("is not a date", "write 2026, 2026-11 or 2026-11-24".into())),
    }
}

fn in_range(fact: &Fact, number: f64) -> bool {
    fact.range
        .is_none_or(|[low, high]| (low..=high).contains(&number))
        && (!fact.whole || number.fract() == 0.0)
}

fn expected(fact: &Fact) -> String {
    let mut text = String::from("give a number");
    if let Some([low, high]) = fact.range {
        let _ = write!(text, " from {low} to {high}");
    }
    if let Some(unit) = fact.unit.as_deref().filter(|unit| *unit != "1") {
        let _ = write!(text, " in {}", pretty_unit(unit));
    }
    text
}

/// What the patient is asked, the patient said, whoever typed it.
const fn by(fact: &Fact, role: Role) -> By {
    match (fact.ask, role) {
        (_, Role::Patient) | (Ask::Patient, _) => By::Patient,
        (_, Role::Practitioner | Role::ClinicalLead) => By::Practitioner,
        _ => By::Assistant,
    }
}

/// A reading's value in words.
#[must_use]
pub fn words(reading: &Reading) -> String {
    let value = match &reading.content {
        care::fact::Content::Value(value) => value.to_string(),
        care::fact::Content::Answer(answer) => answer.as_str().to_owned(),
    };
    let unit = reading
        .unit
        .as_deref()
        .filter(|unit| *unit != "1")
        .map(pretty_unit)
        .unwrap_or_default();
    format!("{value} {unit}").trim().to_owned()
}

/// Where a reading comes from, in words.
#[must_use]
pub fn provenance(reading: &Reading) -> String {
    let who = reading.who.as_deref().unwrap_or_default();
    let source = reading.source.as_deref().unwrap_or_default();
    [reading.by.as_str(), who, source]
        .into_iter()
        .filter(|part| !part.is_empty())
        .collect::<Vec<_>>()
        .join(", ")
}

/// A value as a form sends it.
#[must_use]
pub fn raw_value(value: &Value) -> String {
    match value {
        Value::Bool(true) => "yes".into(),
        Value::Bool(false) => "no".into(),
        other => other.to_string(),
    }
}

/// A reading as a form would send it; nothing for an answer in place of a value.
#[must_use]
pub fn raw(reading: &Reading) -> String {
    reading.as_value().map(raw_value).unwrap_or_default()
}
