//! Light typed views over JSON: each read names its place when the shape is wrong.

use crate::when::When;
use serde_json::{Map, Value};
use si::Problem;

type Body = Map<String, Value>;

/// A resource, or an element inside one, and where it stands.
#[derive(Clone, Debug)]
pub(crate) struct View<'a> {
    /// `resourceType`; empty for an element inside a resource.
    pub(crate) kind: &'a str,
    /// Its members.
    pub(crate) body: &'a Body,
    /// Where it stands: `entry[3].resource`, or empty for a lone resource.
    pub(crate) place: String,
}

/// One code out of a `Coding`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Coding<'a> {
    /// The code system as written, or empty.
    pub(crate) system: &'a str,
    /// The code.
    pub(crate) code: &'a str,
    /// The words for it, or empty.
    pub(crate) display: &'a str,
}

/// A `CodeableConcept`: its codes, and the words beside them.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Concept<'a> {
    /// Its codes, in order.
    pub(crate) codings: Vec<Coding<'a>>,
    /// Its own text, or empty.
    pub(crate) text: &'a str,
}

impl Concept<'_> {
    /// The first code, or empty.
    pub(crate) fn code(&self) -> &str {
        self.codings.first().map_or("", |coding| coding.code)
    }

    /// The words: the first display, else the text.
    pub(crate) fn words(&self) -> &str {
        self.codings
            .iter()
            .map(|coding| coding.display)
            .find(|display| !display.is_empty())
            .unwrap_or(self.text)
    }
}

/// A concept of the right shape: what nearly every one is, read without its place.
fn concept(body: &Body) -> Option<Concept<'_>> {
    let codings = match body.get("coding") {
        None => Vec::new(),
        Some(value) => value
            .as_array()?
            .iter()
            .map(coding)
            .collect::<Option<_>>()?,
    };
    Some(Concept {
        codings,
        text: string(body, "text")?,
    })
}

fn coding(value: &Value) -> Option<Coding<'_>> {
    let body = value.as_object()?;
    Some(Coding {
        system: string(body, "system")?,
        code: string(body, "code")?,
        display: string(body, "display")?,
    })
}

/// A string member, empty where there is none; nothing where it is no string.
fn string<'a>(body: &'a Body, name: &str) -> Option<&'a str> {
    body.get(name).map_or(Some(""), Value::as_str)
}

/// The problem of text that is no date.
pub(crate) fn not_a_date(place: String, text: &str) -> Problem {
    Problem::new(
        "not-a-date",
        place,
        text,
        "is not a FHIR date",
        "write 2024, 2024-03, 2024-03-09 or 2024-03-09T14:30:00Z",
    )
}

/// A value as a problem may show it: short, on one line.
pub(crate) fn shown(value: &Value) -> String {
    const LONGEST: usize = 60;
    let text = match value {
        Value::String(text) => text.clone(),
        other => other.to_string(),
    };
    match text.char_indices().nth(LONGEST) {
        Some((end, _)) => format!("{}…", &text[..end]),
        None => text,
    }
}

impl<'a> View<'a> {
    /// The place of a member.
    pub(crate) fn at(&self, name: &str) -> String {
        if self.place.is_empty() {
            name.to_owned()
        } else {
            format!("{}.{name}", self.place)
        }
    }

    fn wrong(&self, name: &str, value: &Value, expected: &str) -> Problem {
        Problem::new(
            "wrong-shape",
            self.at(name),
            shown(value),
            format!("is not {expected}"),
            "write it as FHIR R4 (4.0.1) defines it",
        )
    }

    /// A string member.
    pub(crate) fn text(&self, name: &str) -> Result<Option<&'a str>, Problem> {
        match self.body.get(name) {
            None => Ok(None),
            Some(Value::String(text)) => Ok(Some(text)),
            Some(other) => Err(self.wrong(name, other, "a string")),
        }
    }

    /// A boolean member.
    pub(crate) fn flag(&self, name: &str) -> Result<Option<bool>, Problem> {
        match self.body.get(name) {
            None => Ok(None),
            Some(Value::Bool(flag)) => Ok(Some(*flag)),
            Some(other) => Err(self.wrong(name, other, "true or false")),
        }
    }

    /// A number member.
    pub(crate) fn number(&self, name: &str) -> Result<Option<f64>, Problem> {
        match self.body.get(name) {
            None => Ok(None),
            Some(value) => match value.as_f64() {
                Some(number) => Ok(Some(number)),
                None => Err(self.wrong(name, value, "a number")),
            },
        }
    }

    /// A member that is an object.
    pub(crate) fn object(&self, name: &str) -> Result<Option<View<'a>>, Problem> {
        match self.body.get(name) {
            None => Ok(None),
            Some(Value::Object(body)) => Ok(Some(self.inner(body, self.at(name)))),
            Some(other) => Err(self.wrong(name, other, "an object")),
        }
    }

    /// A member that is a list of objects; absent is empty.
    pub(crate) fn objects(&self, name: &str) -> Result<Vec<View<'a>>, Problem> {
        let items = match self.body.get(name) {
            None => return Ok(Vec::new()),
            Some(Value::Array(items)) => items,
            Some(other) => return Err(self.wrong(name, other, "a list")),
        };
        let object = |(index, item): (usize, &'a Value)| match item {
            Value::Object(body) => Ok(self.inner(body, format!("{}[{index}]", self.at(name)))),
            other => Err(self.wrong(&format!("{name}[{index}]"), other, "an object")),
        };
        items.iter().enumerate().map(object).collect()
    }

    /// A date member.
    pub(crate) fn when(&self, name: &str) -> Result<Option<When<'a>>, Problem> {
        let Some(text) = self.text(name)? else {
            return Ok(None);
        };
        match When::read(text) {
            Some(when) => Ok(Some(when)),
            None => Err(not_a_date(self.at(name), text)),
        }
    }

    /// A concept member.
    pub(crate) fn concept(&self, name: &str) -> Result<Option<Concept<'a>>, Problem> {
        match self.body.get(name) {
            None => Ok(None),
            Some(value) => match value.as_object().and_then(concept) {
                Some(concept) => Ok(Some(concept)),
                // Only a wrong shape needs its place.
                None => self
                    .object(name)?
                    .map(|inner| inner.as_concept())
                    .transpose(),
            },
        }
    }

    /// A list of concepts; absent is empty.
    pub(crate) fn concepts(&self, name: &str) -> Result<Vec<Concept<'a>>, Problem> {
        self.objects(name)?.iter().map(View::as_concept).collect()
    }

    /// The first code of a concept member: what FHIR's status concepts are read by.
    pub(crate) fn status_code(&self, name: &str) -> Result<Option<&'a str>, Problem> {
        Ok(self
            .concept(name)?
            .and_then(|concept| concept.codings.first().map(|coding| coding.code)))
    }

    /// The reference text of a `Reference` member.
    pub(crate) fn reference(&self, name: &str) -> Result<Option<&'a str>, Problem> {
        let text = self.body.get(name).and_then(|value| value.get("reference"));
        match text.and_then(Value::as_str) {
            Some(text) => Ok(Some(text)),
            None => match self.object(name)? {
                Some(reference) => reference.text("reference"),
                None => Ok(None),
            },
        }
    }

    /// This element as a `Coding`.
    pub(crate) fn as_coding(&self) -> Result<Coding<'a>, Problem> {
        Ok(Coding {
            system: self.text("system")?.unwrap_or_default(),
            code: self.text("code")?.unwrap_or_default(),
            display: self.text("display")?.unwrap_or_default(),
        })
    }

    /// This element as a `CodeableConcept`.
    pub(crate) fn as_concept(&self) -> Result<Concept<'a>, Problem> {
        let codings = self.objects("coding")?;
        let codings: Result<Vec<_>, _> = codings.iter().map(View::as_coding).collect();
        Ok(Concept {
            codings: codings?,
            text: self.text("text")?.unwrap_or_default(),
        })
    }

    fn inner(&self, body: &'a Body, place: String) -> View<'a> {
        View {
            kind: "",
            body,
            place,
        }
    }
}
