//! A bundle taken apart: its resources with their places, one patient, references that resolve.

use crate::version;
use crate::view::{View, shown};
use serde_json::Value;
use si::Problem;
use std::collections::BTreeMap;

/// The bundle types read. `history` holds superseded versions beside current
/// ones and deletions; what holds now cannot be told from it.
const TYPES: [&str; 8] = [
    "collection",
    "searchset",
    "transaction",
    "transaction-response",
    "batch",
    "batch-response",
    "document",
    "message",
];

/// The members by which a resource says whose it is.
const OWNERS: [&str; 4] = ["subject", "patient", "beneficiary", "for"];

/// A record taken apart.
pub(crate) struct Record<'a> {
    /// Every resource, in order.
    pub(crate) resources: Vec<View<'a>>,
    /// What an entry held instead of a resource, or a second copy: place and reason.
    pub(crate) left_out: Vec<(View<'a>, String)>,
    /// The bundle itself; none where the input is one resource.
    pub(crate) bundle: Option<View<'a>>,
    /// Which resource a reference names.
    index: BTreeMap<String, usize>,
    /// The one Patient resource.
    patient: Option<usize>,
}

/// Whose a resource is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Owner {
    /// The record's patient.
    Patient,
    /// Nobody is named, or not a patient, or it cannot be told: why.
    Unclear(&'static str),
}

impl<'a> Record<'a> {
    /// Takes `value` apart.
    ///
    /// # Errors
    /// Not FHIR, another version, two patients, references to another patient.
    pub(crate) fn open(value: &'a Value) -> Result<Self, Problem> {
        let root = resource(value, String::new())?;
        version::check(&root)?;
        let mut record = Self {
            resources: Vec::new(),
            left_out: Vec::new(),
            bundle: None,
            index: BTreeMap::new(),
            patient: None,
        };
        if root.kind == "Bundle" {
            record.take_bundle(root)?;
        } else {
            record.take(root, None)?;
        }
        record.one_patient()?;
        Ok(record)
    }

    /// The Patient resource, if there is one.
    pub(crate) fn patient(&self) -> Option<&View<'a>> {
        self.patient.map(|index| &self.resources[index])
    }

    /// The resource a reference names: in the bundle, or contained in `from`.
    pub(crate) fn resolve(&self, from: &View<'a>, reference: &str) -> Option<View<'a>> {
        if let Some(id) = reference.strip_prefix('#') {
            let contained = from.objects("contained").ok()?;
            return contained
                .into_iter()
                .find(|inner| inner.body.get("id").and_then(Value::as_str) == Some(id))
                .map(|inner| View {
                    kind: kind_of(inner.body).unwrap_or_default(),
                    ..inner
                });
        }
        let reference = reference.split("/_history/").next().unwrap_or(reference);
        let index = self.index.get(reference).or_else(|| {
            let mut tail = reference.rsplit('/');
            let (id, kind) = (tail.next()?, tail.next()?);
            self.index.get(&format!("{kind}/{id}"))
        })?;
        self.resources.get(*index).cloned()
    }

    /// Whose a resource is; a reference to another patient is a problem.
    ///
    /// # Errors
    /// It names another patient.
    pub(crate) fn owner(&self, of: &View<'a>) -> Result<Owner, Problem> {
        let named = OWNERS.iter().find(|name| of.body.contains_key(**name));
        let Some(name) = named else {
            return Ok(Owner::Unclear("names no patient"));
        };
        let Some(reference) = of.reference(name)? else {
            return Ok(Owner::Unclear("names its patient by no reference"));
        };
        self.is_patient(of, reference).map_err(|problem| Problem {
            place: of.at(&format!("{name}.reference")),
            ..problem
        })
    }

    fn is_patient(&self, from: &View<'a>, reference: &str) -> Result<Owner, Problem> {
        let patient = self.patient();
        if let Some(found) = self.resolve(from, reference) {
            return match (found.kind, patient) {
                ("Patient", Some(patient)) if found.place == patient.place => Ok(Owner::Patient),
                ("Patient", _) => Err(another(reference)),
                _ => Ok(Owner::Unclear("is not about a person")),
            };
        }
        if let Some((kind, query)) = reference.split_once('?') {
            let ours = patient.is_some_and(|patient| has_identifier(patient, query));
            return match (kind, ours) {
                ("Patient", true) => Ok(Owner::Patient),
                ("Patient", false) => Err(another(reference)),
                _ => Ok(Owner::Unclear("is not about a person")),
            };
        }
        match (names_patient(reference), patient) {
            (true, Some(_)) => Err(another(reference)),
            // Without a Patient resource `one_patient` has seen that all name the same.
            (true, None) => Ok(Owner::Patient),
            (false, _) => Ok(Owner::Unclear("names a patient who is not in the record")),
        }
    }

    fn take_bundle(&mut self, bundle: View<'a>) -> Result<(), Problem> {
        let kind = bundle.text("type")?.unwrap_or_default();
        if !TYPES.contains(&kind) {
            return Err(Problem::new(
                "bundle-type",
                bundle.at("type"),
                kind,
                "is not a kind of bundle that is read",
                format!("send one of {}", TYPES.join(", ")),
            ));
        }
        for entry in bundle.objects("entry")? {
            match entry.body.get("resource") {
                Some(value) => {
                    let inner = resource(value, entry.at("resource"))?;
                    version::check(&inner)?;
                    self.take(inner, entry.text("fullUrl")?)?;
                }
                None => self
                    .left_out
                    .push((entry, "the entry holds no resource".to_owned())),
            }
        }
        self.note_missing_pages(&bundle)?;
        self.bundle = Some(bundle);
        Ok(())
    }

    /// A page of a search is not the whole record; that is said, not guessed over.
    fn note_missing_pages(&mut self, bundle: &View<'a>) -> Result<(), Problem> {
        for link in bundle.objects("link")? {
            if link.text("relation")? == Some("next") {
                let reason = "this is one page of a search: the rest is not here";
                self.left_out.push((link, reason.to_owned()));
            }
        }
        Ok(())
    }

    fn take(&mut self, inner: View<'a>, full_url: Option<&str>) -> Result<(), Problem> {
        if inner.kind == "Bundle" {
            return Err(Problem::new(
                "nested-bundle",
                inner.place,
                "Bundle",
                "is a bundle inside a bundle",
                "send the inner bundle by itself",
            ));
        }
        let by_id = inner.text("id")?.map(|id| format!("{}/{id}", inner.kind));
        let names: Vec<String> = by_id
            .into_iter()
            .chain(full_url.map(str::to_owned))
            .collect();
        if let Some(first) = names.iter().find_map(|name| self.index.get(name)) {
            return self.take_again(*first, inner);
        }
        for name in names {
            self.index.insert(name, self.resources.len());
        }
        self.resources.push(inner);
        Ok(())
    }

    /// A second resource of the same identity: a copy is left out, anything else is a problem.
    fn take_again(&mut self, first: usize, second: View<'a>) -> Result<(), Problem> {
        let first = &self.resources[first];
        if first.body == second.body {
            let reason = format!("the same resource again, as at {}", first.place);
            self.left_out.push((second, reason));
            return Ok(());
        }
        let id = second.text("id")?.unwrap_or_default();
        Err(Problem::new(
            "same-id-twice",
            second.at("id"),
            format!("{}/{id}", second.kind),
            format!("stands at {} with another content", first.place),
            "send each resource once, in its current version",
        ))
    }

    /// One record is one person's: one Patient resource at most, and without
    /// it all references name the same patient.
    fn one_patient(&mut self) -> Result<(), Problem> {
        let mut patients = (0..)
            .zip(&self.resources)
            .filter(|(_, r)| r.kind == "Patient");
        let first = patients.next();
        if let Some((_, second)) = patients.next() {
            let first = first.map_or("", |(_, view)| &view.place);
            return Err(two_patients(second, &second.place, first));
        }
        self.patient = first.map(|(index, _)| index);
        if self.patient.is_none() {
            self.one_name()?;
        }
        Ok(())
    }

    fn one_name(&self) -> Result<(), Problem> {
        let mut seen: Option<(&str, String)> = None;
        for view in &self.resources {
            for name in OWNERS {
                let Some(reference) = view.reference(name)?.filter(|r| names_patient(r)) else {
                    continue;
                };
                let place = view.at(&format!("{name}.reference"));
                match &seen {
                    Some((first, at)) if *first != reference => {
                        return Err(two_patients(view, &place, at));
                    }
                    Some(_) => {}
                    None => seen = Some((reference, place)),
                }
            }
        }
        seen.map(|_| ()).ok_or_else(|| {
            Problem::new(
                "no-patient",
                "input",
                "",
                "is no patient's record: nothing in it names a patient",
                "send the patient's own Bundle",
            )
        })
    }
}

/// Whether a reference that resolves to nothing names a Patient.
fn names_patient(reference: &str) -> bool {
    reference.split('/').rev().nth(1) == Some("Patient")
}

/// Whether `query` (`identifier=system|value`) names this patient.
fn has_identifier(patient: &View<'_>, query: &str) -> bool {
    let Some((system, value)) = query
        .strip_prefix("identifier=")
        .and_then(|query| query.split_once('|'))
    else {
        return false;
    };
    let identifiers = patient.objects("identifier").unwrap_or_default();
    identifiers.iter().any(|identifier| {
        let text = |name| identifier.body.get(name).and_then(Value::as_str);
        text("system") == Some(system) && text("value") == Some(value)
    })
}

fn two_patients(second: &View<'_>, place: &str, first: &str) -> Problem {
    let id = second.body.get("id").map(shown).unwrap_or_default();
    Problem::new(
        "two-patients",
        place,
        format!("{}/{id}", second.kind),
        format!("is a second patient: the first stands at {first}"),
        "send one patient's record at a time",
    )
}

fn another(reference: &str) -> Problem {
    Problem::new(
        "another-patient",
        "",
        reference,
        "names another patient than the record's",
        "send one patient's record at a time",
    )
}

fn kind_of(body: &serde_json::Map<String, Value>) -> Option<&str> {
    body.get("resourceType").and_then(Value::as_str)
}

/// `value` as a resource.
fn resource(value: &Value, place: String) -> Result<View<'_>, Problem> {
    let body = value.as_object();
    match body.and_then(|body| Some((body, kind_of(body)?))) {
        Some((body, kind)) => Ok(View { kind, body, place }),
        None => Err(Problem::new(
            "not-fhir",
            if place.is_empty() {
                "input".to_owned()
            } else {
                place
            },
            shown(value),
            "is not a FHIR resource: it has no resourceType",
            "send a FHIR R4 Bundle, or one R4 resource",
        )),
    }
}
