//! Who the patient is, who acted, where, and with which program.

use super::book::Book;
use super::source::{Clinic, Person, Source};
use super::words::{extension, narrative, term};
use care::episode::{Actor, Demographics, Role};
use serde_json::{Value, json};
use std::collections::BTreeMap;
use uuid::Uuid;

/// The id of the Device that stands for the program itself.
pub(crate) const PROGRAM: &str = "annulus";

/// A member of the staff as far as an export needs one.
#[derive(Clone, Debug)]
struct Member {
    name: String,
    role: Role,
    licence: Option<String>,
}

/// Everybody of the clinic whom the export names.
pub(crate) struct Staff {
    clinic: Uuid,
    clinic_name: String,
    accounts: BTreeMap<Uuid, Member>,
    named: BTreeMap<Uuid, Member>,
    tables: BTreeMap<Uuid, bool>,
}

impl Staff {
    /// Everybody, whether an event named them or not.
    pub(crate) fn all(clinic: &Clinic<'_>, people: &[Person<'_>]) -> Self {
        let staff = Self::of(clinic, people);
        Self {
            named: staff.accounts.clone(),
            ..staff
        }
    }

    pub(crate) fn new(source: &Source<'_>) -> Self {
        Self::of(&source.clinic, source.people)
    }

    fn of(clinic: &Clinic<'_>, people: &[Person<'_>]) -> Self {
        let member = |person: &Person<'_>| Member {
            name: person.name.to_owned(),
            role: person.role,
            licence: person.licence.map(str::to_owned),
        };
        Self {
            clinic: clinic.id,
            clinic_name: clinic.name.to_owned(),
            accounts: people
                .iter()
                .map(|person| (person.id, member(person)))
                .collect(),
            named: BTreeMap::new(),
            tables: BTreeMap::new(),
        }
    }

    /// A reference to whoever acted; they are described from here on.
    pub(crate) fn who(&mut self, actor: &Actor, patient: Uuid) -> Value {
        match actor.role {
            Role::Patient => json!({ "reference": format!("Patient/{patient}") }),
            Role::Program => json!({ "reference": format!("Device/{PROGRAM}") }),
            role => {
                let told = Member {
                    name: actor.name.clone(),
                    role,
                    licence: actor.licence.as_ref().map(|one| one.number.clone()),
                };
                self.named.insert(actor.id, told);
                self.account(actor.id, &actor.name)
            }
        }
    }

    /// A reference to somebody with an account, or whom an event has named.
    pub(crate) fn account(&mut self, id: Uuid, name: &str) -> Value {
        let known = self.accounts.get(&id).or_else(|| self.named.get(&id));
        let Some(member) = known.cloned() else {
            return json!({ "identifier": account(id), "display": name });
        };
        let display = if name.is_empty() {
            member.name.clone()
        } else {
            name.to_owned()
        };
        self.named.insert(id, member);
        json!({ "reference": format!("Practitioner/{id}"), "display": display })
    }

    /// A table that a session tells of: the clinic's, as its people are.
    pub(crate) fn table(&mut self, table: Uuid, simulated: bool) -> Value {
        self.tables.insert(table, simulated);
        json!({ "reference": format!("Device/{table}") })
    }

    /// The clinic, the program and everybody who was named: they belong to the clinic and not to
    /// the patient's stream, so that they carry no version of it.
    pub(crate) fn resources(&self, source: &str) -> Vec<(&'static str, String, Value)> {
        let meta = json!({ "source": source });
        let mut all = vec![
            ("Organization", self.clinic.to_string(), self.organization()),
            ("Device", PROGRAM.to_owned(), program()),
        ];
        for (id, named) in &self.named {
            let member = self.accounts.get(id).unwrap_or(named);
            all.push(("Practitioner", id.to_string(), practitioner(*id, member)));
            all.push(("PractitionerRole", id.to_string(), self.role(*id, member)));
        }
        for (id, simulated) in &self.tables {
            all.push(("Device", id.to_string(), table(*id, *simulated)));
        }
        for (kind, id, body) in &mut all {
            super::words::prune(body);
            body["resourceType"] = json!(kind);
            body["id"] = json!(id);
            body["meta"] = meta.clone();
        }
        all
    }

    fn organization(&self) -> Value {
        let name = if self.clinic_name.trim().is_empty() {
            "A clinic without a name"
        } else {
            &self.clinic_name
        };
        json!({ "active": true, "type": [term("organization.clinic")], "name": name })
    }

    fn role(&self, id: Uuid, member: &Member) -> Value {
        json!({
            "active": true,
            "practitioner": { "reference": format!("Practitioner/{id}"), "display": member.name },
            "organization": { "reference": format!("Organization/{}", self.clinic) },
            "code": [term(&format!("role.{}", member.role.as_str()))],
        })
    }
}

fn account(id: Uuid) -> Value {
    json!({ "system": "urn:annulus:account", "value": id.to_string() })
}

fn practitioner(id: Uuid, member: &Member) -> Value {
    let licence = member.licence.as_ref().map(|number| {
        json!([{
            "identifier": [{ "system": "urn:annulus:licence", "value": number }],
            "code": { "text": "Licence to practise" },
        }])
    });
    let name = (!member.name.trim().is_empty()).then(|| json!([{ "text": member.name }]));
    json!({
        "identifier": [account(id)],
        "active": true,
        "name": name,
        "qualification": licence,
    })
}

fn program() -> Value {
    json!({
        "status": "active",
        "deviceName": [{ "name": "Annulus", "type": "model-name" }],
        "type": term("device.program"),
        "note": [{ "text": "Decision support and research software; it is no cleared medical device." }],
    })
}

/// Writes the patient as they now are.
pub(crate) fn patient(
    book: &mut Book,
    (patient, clinic): (Uuid, &Clinic<'_>),
    who: &Demographics,
    (language, deceased): (&str, bool),
) {
    let contact = |system: &str, value: &Option<String>| {
        value
            .as_ref()
            .map(|value| json!({ "system": system, "value": value }))
    };
    let numbers = who.identifiers.iter().map(|number| other(number));
    let ours =
        json!({ "use": "official", "system": "urn:annulus:patient", "value": patient.to_string() });
    let born = who.birth_date.map(|date| date.to_string());
    let lines = [
        who.name.clone(),
        born.as_ref()
            .map(|date| format!("Born {date}"))
            .unwrap_or_default(),
        if deceased { "Deceased" } else { "" }.to_owned(),
    ];
    let id = patient.to_string();
    let body = json!({
        "text": narrative(&lines),
        "identifier": std::iter::once(ours).chain(numbers).collect::<Vec<_>>(),
        "active": true,
        "name": [{ "text": who.name }],
        "telecom": [contact("phone", &who.phone), contact("email", &who.email)],
        "gender": gender(who.sex.as_deref()),
        "birthDate": born,
        "deceasedBoolean": deceased.then_some(true),
        "communication": (!language.is_empty()).then(|| json!([{
            "language": { "coding": [{ "system": "urn:ietf:bcp:47", "code": language }] },
            "preferred": true,
        }])),
        "managingOrganization": { "reference": format!("Organization/{}", clinic.id) },
    });
    book.put("Patient", &id, body);
}

/// A number of another system; with that system, where it was kept as `system|number`.
fn other(number: &str) -> Value {
    let text = json!({ "text": "As another system writes it" });
    match number
        .split_once('|')
        .filter(|(system, _)| system.contains(':'))
    {
        Some((system, number)) => json!({ "type": text, "system": system, "value": number }),
        None => json!({ "type": text, "value": number }),
    }
}

/// FHIR's word; what was recorded and is none of them is `other`.
fn gender(sex: Option<&str>) -> Option<&str> {
    sex.map(|word| match word {
        "female" | "male" | "unknown" => word,
        _ => "other",
    })
}

/// A table, as far as a session tells of it.
fn table(table: Uuid, simulated: bool) -> Value {
    let kind = if simulated {
        "device.simulated-table"
    } else {
        "device.table"
    };
    json!({
        "extension": [extension("simulated", "valueBoolean", simulated)],
        "identifier": [{ "system": "urn:annulus:table", "value": table.to_string() }],
        "status": "active",
        "type": term(kind),
    })
}
