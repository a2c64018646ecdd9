//! The services, and what each asks the client to send along.

use care::fact::Catalogue;
use serde_json::{Map, Value, json};
use std::collections::BTreeSet;

/// A service.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Service {
    /// A record is opened.
    PatientView,
    /// An order was chosen.
    OrderSelect,
    /// Orders are about to be signed.
    OrderSign,
}

/// The prefetch keys that every service asks for, each with its query; of Observations only what
/// a fact has a code for. `orders` is asked for where the hook brings none.
pub const PREFETCH: [(&str, &str); 6] = [
    ("patient", "Patient/{{context.patientId}}"),
    ("conditions", "Condition?patient={{context.patientId}}"),
    (
        "observations",
        "Observation?patient={{context.patientId}}&code=",
    ),
    ("procedures", "Procedure?patient={{context.patientId}}"),
    (
        "medications",
        "MedicationRequest?patient={{context.patientId}}",
    ),
    ("devices", "Device?patient={{context.patientId}}"),
];

/// Orders on record, for the hook that brings no drafts.
pub(super) const ORDERS: (&str, &str) = (
    "orders",
    "ServiceRequest?patient={{context.patientId}}&status=active",
);

impl Service {
    /// Every one.
    pub const ALL: [Self; 3] = [Self::PatientView, Self::OrderSelect, Self::OrderSign];

    /// The hook that it is called on.
    #[must_use]
    pub const fn hook(self) -> &'static str {
        match self {
            Self::PatientView => "patient-view",
            Self::OrderSelect => "order-select",
            Self::OrderSign => "order-sign",
        }
    }

    /// The last part of its address.
    #[must_use]
    pub const fn id(self) -> &'static str {
        match self {
            Self::PatientView => "traction-patient-view",
            Self::OrderSelect => "traction-order-select",
            Self::OrderSign => "traction-order-sign",
        }
    }

    /// The service with this id.
    #[must_use]
    pub fn named(id: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|service| service.id() == id)
    }

    const fn says(self) -> (&'static str, &'static str) {
        match self {
            Self::PatientView => (
                "Traction: what stands against an order on record",
                "Where an active order of mechanical traction is on record: contraindications, and what is not known.",
            ),
            Self::OrderSelect => (
                "Traction: what stands against the order chosen",
                "When an order of mechanical traction is chosen: contraindications, and what is not known.",
            ),
            Self::OrderSign => (
                "Traction: what stands against the orders to sign",
                "Before an order of mechanical traction is signed: contraindications, and what is not known.",
            ),
        }
    }

    /// The prefetch keys of this service with their templates.
    pub(super) fn prefetch(self, catalogue: &Catalogue) -> Vec<(&'static str, String)> {
        let mut all: Vec<(&str, String)> = PREFETCH
            .iter()
            .map(|(key, query)| (*key, (*query).to_owned()))
            .collect();
        let codes = observed(catalogue);
        for (_, query) in all.iter_mut().filter(|(key, _)| *key == "observations") {
            query.push_str(&codes);
        }
        if self == Self::PatientView {
            all.push((ORDERS.0, ORDERS.1.to_owned()));
        }
        all
    }
}

/// The LOINC codes that facts have.
fn observed(catalogue: &Catalogue) -> String {
    let all = catalogue.facts().iter().flat_map(|fact| &fact.codes);
    let loinc = all.filter(|code| code.system == "loinc" && !code.code.ends_with('*'));
    let codes: BTreeSet<String> = loinc
        .map(|code| format!("http://loinc.org|{}", code.code))
        .collect();
    codes.into_iter().collect::<Vec<_>>().join(",")
}

/// The answer of the discovery endpoint.
#[must_use]
pub fn discovery(catalogue: &Catalogue) -> Value {
    let services: Vec<Value> = Service::ALL
        .into_iter()
        .map(|service| {
            let (title, description) = service.says();
            let prefetch = service.prefetch(catalogue).into_iter();
            let prefetch: Map<String, Value> =
                prefetch.map(|(key, query)| (key.to_owned(), json!(query))).collect();
            json!({
                "hook": service.hook(),
                "title": title,
                "description": description,
                "id": service.id(),
                "prefetch": prefetch,
                "usageRequirements": "FHIR R4. Whatever is not prefetched counts as not known; nothing is fetched.",
            })
        })
        .collect();
    json!({ "services": services })
}
