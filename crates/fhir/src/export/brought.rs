//! Examinations by imaging that a record brought: what it says of each in members that R4 allows.
//!
//! Codes of procedures and sites of the body are left in the original, as their words: what they
//! mean are facts already, and a reader of the export would find those twice.

use super::imaging::{Study, kind};
use super::words::{FACT, plain, prune};
use super::writer::Writer;
use crate::bundle::{Owner, Record};
use crate::map::place;
use crate::own;
use crate::view::View;
use care::fact::Reading;
use serde_json::{Map, Value, json};
use std::collections::{BTreeMap, BTreeSet};

/// The statuses of a study.
const STATUSES: [&str; 5] = [
    "registered",
    "available",
    "cancelled",
    "entered-in-error",
    "unknown",
];

/// The studies of a record by their places, and where its readings stand.
struct Brought<'r, 'a> {
    record: &'r Record<'a>,
    /// The id of each study by its place.
    studies: BTreeMap<String, String>,
    /// The Observations of our own that name a document, by it and their fact.
    named: BTreeMap<(&'a str, String), &'r View<'a>>,
}

impl Writer<'_> {
    /// Writes the studies of a record; of each reading the one that it comes from.
    pub(crate) fn brought(
        &mut self,
        original: &Value,
        readings: &[Reading],
    ) -> Vec<Option<String>> {
        let Ok(record) = Record::open(original) else {
            return Vec::new();
        };
        let mut studies = BTreeMap::new();
        let own = record
            .resources
            .iter()
            .filter(|view| view.kind == "ImagingStudy" && record.owner(view) == Ok(Owner::Patient));
        for view in own {
            let id = self.bring(view);
            studies.insert(place(view).to_owned(), id);
        }
        if studies.is_empty() {
            return Vec::new();
        }
        let brought = Brought {
            record: &record,
            studies,
            named: named(&record),
        };
        readings.iter().map(|one| brought.of(one)).collect()
    }

    /// One study: anew, or as a later record has it.
    fn bring(&mut self, view: &View<'_>) -> String {
        let mut body = study(view, &self.subject());
        prune(&mut body);
        let known = self.threads.studies.iter();
        let mut known = known.filter(|study| {
            let there = self.book.get("ImagingStudy", &study.id);
            there.is_some_and(|there| is_same(there, &body))
        });
        if let Some(known) = known.next() {
            let id = known.id.clone();
            if known.brought {
                self.book.put("ImagingStudy", &id, body);
            }
            return id;
        }
        let modalities = body["modality"].as_array().map_or(&[][..], Vec::as_slice);
        let modalities = modalities.iter().filter_map(kind);
        let kinds: BTreeSet<String> = modalities.collect();
        let date = body["started"].as_str().map(str::to_owned);
        // What was not made is not what people tell of.
        let void = [json!("entered-in-error"), json!("cancelled")];
        let one = kinds.len() == 1 && !void.contains(&body["status"]);
        let id = self.book.add("ImagingStudy", body);
        self.threads.studies.push(Study {
            id: id.clone(),
            brought: true,
            kind: kinds.first().filter(|_| one).cloned(),
            date,
            ..Study::default()
        });
        id
    }
}

impl<'a> Brought<'_, 'a> {
    /// The study that a reading comes from: its own entry, or what that entry names.
    fn of(&self, reading: &Reading) -> Option<String> {
        let source = reading.source.as_deref()?;
        let named = self.named.get(&(source, reading.key().to_string()));
        let view = match named {
            Some(view) => *view,
            None => {
                let (_, at) = source.rsplit_once('#')?;
                self.record
                    .resources
                    .iter()
                    .find(|view| place(view) == at)?
            }
        };
        let from = match view.kind {
            "ImagingStudy" => return self.studies.get(place(view)).cloned(),
            "DiagnosticReport" => "imagingStudy",
            "Observation" => "derivedFrom",
            _ => return None,
        };
        view.objects(from).ok()?.iter().find_map(|one| {
            let target = one.text("reference").ok().flatten()?;
            let study = self.record.resolve(view, target)?;
            self.studies.get(place(&study)).cloned()
        })
    }
}

/// The Observations of our own that name a document.
fn named<'r, 'a>(record: &'r Record<'a>) -> BTreeMap<(&'a str, String), &'r View<'a>> {
    let all = record.resources.iter();
    let all = all.filter(|view| view.kind == "Observation");
    all.filter_map(|view| {
        let document = own::extension(view, "document", "valueString").ok()??;
        let index = own::extension(view, "index", "valueString").ok()?;
        let concept = view.concept("code").ok()??;
        let code = concept.codings.iter().find(|one| one.system == FACT)?.code;
        let key = match index {
            Some(index) => format!("{code}[{index}]"),
            None => code.to_owned(),
        };
        Some(((document, key), view))
    })
    .collect()
}

/// A study as its record tells it: every member that R4 allows as it stands.
fn study(view: &View<'_>, subject: &Value) -> Value {
    let status = view.body.get("status").and_then(Value::as_str);
    let status = status.filter(|status| STATUSES.contains(status));
    let mut body = json!({
        "status": status.unwrap_or("unknown"),
        "subject": subject,
    });
    let told = |name: &str| view.body.get(name).cloned().unwrap_or_default();
    let series = items(view.body.get("series"), serie);
    let modality = match items(view.body.get("modality"), code) {
        Value::Array(all) if all.is_empty() => modalities(&series),
        all => all,
    };
    let members = [
        ("identifier", items(view.body.get("identifier"), identifier)),
        ("modality", modality),
        ("started", told("started")),
        ("numberOfSeries", told("numberOfSeries")),
        ("numberOfInstances", told("numberOfInstances")),
        ("procedureCode", words(view, "procedureCode")),
        ("reasonCode", words(view, "reasonCode")),
        ("description", told("description")),
        ("series", series),
    ];
    for (name, mut value) in members {
        prune(&mut value);
        let mut with = body.clone();
        with["resourceType"] = json!("ImagingStudy");
        with[name] = value.clone();
        if crate::check::resource(&with)
            .iter()
            .all(|issue| !issue.is_error())
        {
            body[name] = value;
        }
    }
    body
}

/// The items of a list, each by its part.
fn items(list: Option<&Value>, part: impl Fn(&Value) -> Value) -> Value {
    let all = list.and_then(Value::as_array).into_iter().flatten();
    all.map(part).collect()
}

/// Of an object what it has of these members.
fn only(of: &Value, names: &[&str]) -> Value {
    let has = |name: &&str| Some(((*name).to_owned(), of.get(*name)?.clone()));
    Value::Object(names.iter().filter_map(has).collect::<Map<_, _>>())
}

fn code(of: &Value) -> Value {
    only(of, &["system", "code", "display"])
}

fn identifier(of: &Value) -> Value {
    let mut body = only(of, &["use", "system", "value"]);
    body["type"] =
        json!({ "coding": items(of["type"].get("coding"), code), "text": of["type"]["text"] });
    body
}

/// One series, without its images.
fn serie(of: &Value) -> Value {
    let mut body = only(
        of,
        &[
            "uid",
            "number",
            "description",
            "numberOfInstances",
            "started",
        ],
    );
    body["modality"] = code(&of["modality"]);
    body
}

/// The modalities of the series, each once.
fn modalities(series: &Value) -> Value {
    let mut all: Vec<Value> = Vec::new();
    for one in series.as_array().into_iter().flatten() {
        if !all.contains(&one["modality"]) {
            all.push(one["modality"].clone());
        }
    }
    Value::Array(all)
}

/// Concepts in their words alone.
fn words(view: &View<'_>, name: &str) -> Value {
    let all = view.concepts(name).unwrap_or_default();
    all.iter().map(|concept| plain(concept.words())).collect()
}

/// Whether a study is told again: by all its identifiers and its start (studies of one order can
/// share an accession number), else by everything that is said of it.
fn is_same(there: &Value, told: &Value) -> bool {
    if there.get("identifier").is_some() || told.get("identifier").is_some() {
        let both = ["identifier", "started"];
        return both.iter().all(|name| there.get(name) == told.get(name));
    }
    let bare = |of: &Value| {
        let mut bare = of.clone();
        if let Some(members) = bare.as_object_mut() {
            members.retain(|name, _| !["id", "meta", "resourceType"].contains(&name.as_str()));
        }
        bare
    };
    bare(there) == bare(told)
}
