//! The request: its hook, its context, and what was prefetched, each state of that told apart.

use super::Service;
use super::service::ORDERS;
use crate::json;
use crate::view::View;
use serde_json::{Map, Value};
use si::Problem;
use std::fmt;
use uuid::Uuid;

/// What came for one prefetch key.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Prefetched<'a> {
    /// The key is not there: the client did not send it.
    Missing,
    /// `null`: the client looked, and there is nothing.
    Nothing,
    /// The client could not get it: an `OperationOutcome` stands in its place.
    Failed,
    /// A Bundle in which an error stands in the place of a part: the rest came.
    Partly(&'a Value),
    /// A resource, or a Bundle of them.
    Given(&'a Value),
}

impl<'a> Prefetched<'a> {
    /// What came, be it all or a part.
    #[must_use]
    pub const fn came(self) -> Option<&'a Value> {
        match self {
            Self::Partly(value) | Self::Given(value) => Some(value),
            Self::Missing | Self::Nothing | Self::Failed => None,
        }
    }
}

/// A request, checked. Debug prints the hook.
#[derive(Clone)]
pub struct Request<'a> {
    /// The service that is called.
    pub service: Service,
    /// Which call of a hook it is.
    pub instance: Uuid,
    /// The FHIR id of the patient.
    pub patient: &'a str,
    /// The orders in sight: drafts, or what is on record.
    pub(super) orders: Vec<View<'a>>,
    prefetch: Option<&'a Map<String, Value>>,
}

impl fmt::Debug for Request<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Request")
            .field("service", &self.service)
            .finish_non_exhaustive()
    }
}

impl<'a> Request<'a> {
    /// Reads a request to a service.
    ///
    /// # Errors
    /// What is missing or of the wrong shape, with its place; `fhirAuthorization` without
    /// `fhirServer` (cds-r-1); orders of another patient.
    pub fn read(service: Service, body: &'a Value) -> Result<Self, Problem> {
        let root = object(body, String::new())?;
        let hook = needed(&root, "hook")?;
        if hook != service.hook() {
            return Err(Problem::new(
                "other-hook",
                "hook",
                hook,
                format!("is not the hook of this service, {}", service.hook()),
                "call the service of the hook: GET /cds-services lists them",
            ));
        }
        let instance = needed(&root, "hookInstance")?;
        let instance = instance.strip_prefix("urn:uuid:").unwrap_or(instance);
        let instance: Uuid = instance
            .parse()
            .map_err(|_| wrong("not-a-uuid", "hookInstance", instance, "is not a UUID"))?;
        authorised(&root)?;
        let Some(context) = root.object("context")? else {
            return Err(missing("context"));
        };
        needed(&context, "userId")?;
        let patient = needed(&context, "patientId")?;
        let patient = patient.strip_prefix("Patient/").unwrap_or(patient);
        let prefetch = match root.body.get("prefetch") {
            None => None,
            Some(Value::Object(prefetch)) => Some(prefetch),
            Some(_) => return Err(wrong("wrong-shape", "prefetch", "", "is not an object")),
        };
        let mut request = Self {
            service,
            instance,
            patient,
            orders: Vec::new(),
            prefetch,
        };
        request.orders = match service {
            Service::PatientView => request.on_record()?,
            Service::OrderSign => drafts(&context)?,
            Service::OrderSelect => selected(&context, drafts(&context)?)?,
        };
        request.one_patient()?;
        Ok(request)
    }

    /// What came for a prefetch key.
    #[must_use]
    pub fn prefetched(&self, key: &str) -> Prefetched<'a> {
        match self.prefetch.and_then(|prefetch| prefetch.get(key)) {
            None => Prefetched::Missing,
            Some(Value::Null) => Prefetched::Nothing,
            Some(value) if is_outcome(value) => Prefetched::Failed,
            Some(value) if holds_fault(value) => {
                if entries(value).all(is_outcome) {
                    Prefetched::Failed
                } else {
                    Prefetched::Partly(value)
                }
            }
            Some(value) => Prefetched::Given(value),
        }
    }

    fn on_record(&self) -> Result<Vec<View<'a>>, Problem> {
        match self.prefetched(ORDERS.0).came() {
            Some(value) => resources(value, &format!("prefetch.{}", ORDERS.0)),
            None => Ok(Vec::new()),
        }
    }

    fn one_patient(&self) -> Result<(), Problem> {
        for order in &self.orders {
            for name in ["subject", "patient"] {
                let named = order.reference(name)?.unwrap_or_default();
                let id = named.split("/_history/").next().unwrap_or_default();
                let id = id.rsplit(['/', ':']).next().unwrap_or_default();
                if !id.is_empty() && id != self.patient {
                    return Err(Problem::new(
                        "another-patient",
                        order.at(&format!("{name}.reference")),
                        named,
                        "is not the patient of the context",
                        "send the orders of one patient",
                    ));
                }
            }
        }
        Ok(())
    }
}

/// The resources of a Bundle, or one by itself, each with its place.
pub(super) fn resources<'a>(value: &'a Value, place: &str) -> Result<Vec<View<'a>>, Problem> {
    let root = object(value, place.to_owned())?;
    if value["resourceType"] != "Bundle" {
        return Ok(vec![typed(root)]);
    }
    let mut found = Vec::new();
    for entry in root.objects("entry")? {
        if let Some(resource) = entry.object("resource")? {
            found.push(typed(resource));
        }
    }
    Ok(found)
}

fn typed<'a>(view: View<'a>) -> View<'a> {
    let kind = view.body.get("resourceType").and_then(Value::as_str);
    View {
        kind: kind.unwrap_or_default(),
        ..view
    }
}

fn object(value: &Value, place: String) -> Result<View<'_>, Problem> {
    match value.as_object() {
        Some(body) => Ok(View {
            kind: "",
            body,
            place,
        }),
        None => {
            let place = if place.is_empty() { "input" } else { &place };
            Err(wrong("wrong-shape", place, "", "is not an object"))
        }
    }
}

fn wrong(code: &'static str, place: &str, value: &str, problem: &str) -> Problem {
    Problem::new(
        code,
        place,
        value,
        problem,
        "write it as CDS Hooks 2.0 defines it",
    )
}

fn missing(place: &str) -> Problem {
    wrong("missing", place, "", "is required and is not there")
}

fn needed<'a>(view: &View<'a>, name: &str) -> Result<&'a str, Problem> {
    let text = view.text(name)?.filter(|text| !text.trim().is_empty());
    text.ok_or_else(|| missing(&view.at(name)))
}

/// A token is of no use without its server (cds-r-1). Neither is used.
fn authorised(root: &View<'_>) -> Result<(), Problem> {
    if root.object("fhirAuthorization")?.is_some() && root.text("fhirServer")?.is_none() {
        return Err(missing("fhirServer"));
    }
    Ok(())
}

fn drafts<'a>(context: &View<'a>) -> Result<Vec<View<'a>>, Problem> {
    match context.body.get("draftOrders") {
        None => Err(missing(&context.at("draftOrders"))),
        Some(value) if value["resourceType"] == "Bundle" => {
            resources(value, &context.at("draftOrders"))
        }
        Some(_) => Err(wrong(
            "wrong-shape",
            &context.at("draftOrders"),
            "",
            "is not a Bundle",
        )),
    }
}

/// The drafts that were just chosen: what lies beside them was shown when it was.
fn selected<'a>(context: &View<'a>, drafts: Vec<View<'a>>) -> Result<Vec<View<'a>>, Problem> {
    let place = context.at("selections");
    let list = context
        .body
        .get("selections")
        .ok_or_else(|| missing(&place))?;
    let names = list
        .as_array()
        .map(|all| all.iter().map(Value::as_str).collect::<Option<Vec<_>>>());
    let Some(Some(names)) = names else {
        return Err(wrong("wrong-shape", &place, "", "is not a list of ids"));
    };
    let chosen = |draft: &View<'_>| {
        let id = draft
            .body
            .get("id")
            .and_then(Value::as_str)
            .unwrap_or_default();
        names.iter().any(|name| {
            let (kind, name) = name.rsplit_once('/').unwrap_or((draft.kind, name));
            name == id && kind.ends_with(draft.kind)
        })
    };
    Ok(drafts.into_iter().filter(chosen).collect())
}

fn is_outcome(value: &Value) -> bool {
    value["resourceType"] == "OperationOutcome"
}

/// The resources in the entries of a Bundle, whatever their shape.
fn entries(value: &Value) -> impl Iterator<Item = &Value> {
    let all = value["entry"].as_array().into_iter().flatten();
    all.filter_map(|entry| entry.get("resource"))
}

/// Whether a search told of an error in the place of a part of its answer.
fn holds_fault(value: &Value) -> bool {
    entries(value)
        .filter(|resource| is_outcome(resource))
        .flat_map(|outcome| outcome["issue"].as_array().into_iter().flatten())
        .any(|issue| issue["severity"] == "error" || issue["severity"] == "fatal")
}

/// Bytes as JSON, as strictly as a record is read.
pub(super) fn parse(bytes: &[u8]) -> Result<Value, Problem> {
    json::parse(bytes)
}
