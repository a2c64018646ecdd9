//! The audit log, for the administrator: who opened which record, who came in, who was kept out.

use std::collections::BTreeMap;

use askama::Template;
use si::Problem;
use uuid::Uuid;

use crate::clinic::{AuditLine, AuditPlace, Clinic, Deed, Wanted};
use crate::door::{Fault, Reply, Visit, html};
use crate::frame::{Frame, Place};

/// Lines that a page shows.
const SHOWN: usize = 100;
/// Patients that a name may fit before it has to be said better.
const CHOICE: usize = 8;

#[derive(Template)]
#[template(path = "audit.html")]
struct Page {
    f: Frame,
    asked: Asked,
    people: Vec<(Uuid, String)>,
    deeds: Vec<(&'static str, String)>,
    lines: Vec<Shown>,
    /// Records that the words fit, where they fit more than one.
    choice: Vec<(Uuid, String)>,
    /// The record that is meant, while there is such a patient.
    kept: Option<Uuid>,
    /// Where older lines are.
    older: Option<String>,
}

/// What the form says.
#[derive(Default)]
struct Asked {
    record: String,
    person: Option<Uuid>,
    act: String,
    from: String,
    until: String,
}

/// A line as it is read.
struct Shown {
    when: String,
    who: String,
    act: String,
    record: Option<(Uuid, String)>,
    subject: Option<String>,
    route: String,
    address: Option<String>,
}

/// GET `/audit`.
pub async fn show(visit: Visit) -> Reply {
    let f = Frame::new(&visit, Place::Clinic);
    let clinic = &visit.app.clinic;
    let asked = asked(&visit)?;
    let (patient, choice) = record(clinic, &asked.record).await?;
    let nobody = !asked.record.is_empty() && patient.is_none();
    let wanted = Wanted {
        patient,
        user: asked.person,
        act: Deed::ALL.into_iter().find(|act| act.as_str() == asked.act),
        from: visit.query.read("from")?,
        until: visit.query.read("until")?,
        before: visit.query.read("before")?,
    };
    let found = match nobody {
        true => Default::default(),
        false => clinic.accesses(&wanted, SHOWN).await?,
    };
    let people = people(clinic).await?;
    let mut names = Names::of(clinic, people.iter().cloned().collect());
    let mut lines = Vec::new();
    for line in &found.lines {
        lines.push(shown(&f, &mut names, line).await?);
    }
    let kept = match patient {
        Some(patient) if clinic.knows(patient).await? => Some(patient),
        _ => None,
    };
    html(&Page {
        kept,
        older: found.older.map(|before| asked.link(before)),
        deeds: Deed::ALL
            .into_iter()
            .map(|act| (act.as_str(), f.t.deed(act)))
            .collect(),
        f,
        asked,
        people,
        lines,
        choice,
    })
}

fn asked(visit: &Visit) -> Result<Asked, Problem> {
    let text = |name: &str| visit.query.get(name).unwrap_or_default().trim().to_owned();
    Ok(Asked {
        record: text("record"),
        person: visit.query.read("person")?,
        act: text("act"),
        from: text("from"),
        until: text("until"),
    })
}

impl Asked {
    /// The same look, at older lines.
    fn link(&self, before: AuditPlace) -> String {
        let person = self.person.map(|id| id.to_string()).unwrap_or_default();
        let query = form_urlencoded::Serializer::new(String::new())
            .append_pair("record", &self.record)
            .append_pair("person", &person)
            .append_pair("act", &self.act)
            .append_pair("from", &self.from)
            .append_pair("until", &self.until)
            .append_pair("before", &before.to_string())
            .finish();
        format!("/audit?{query}")
    }
}

/// Records by their name, and which of them is meant.
type Meant = (Option<Uuid>, Vec<(Uuid, String)>);

/// The record that words name: its id, or a name that fits one alone.
async fn record(clinic: &Clinic, words: &str) -> Result<Meant, Problem> {
    if words.is_empty() {
        return Ok((None, Vec::new()));
    }
    if let Ok(id) = words.parse() {
        // Of a record that was erased, too.
        return Ok((Some(id), Vec::new()));
    }
    let found = clinic.find(words, CHOICE).await?.listed;
    let found: Vec<_> = found.into_iter().map(|one| (one.id, one.name)).collect();
    match found.as_slice() {
        [(id, _)] => Ok((Some(*id), Vec::new())),
        _ => Ok((None, found)),
    }
}

async fn people(clinic: &Clinic) -> Result<Vec<(Uuid, String)>, Problem> {
    let users = clinic.users().await?.into_iter();
    let clients = clinic.clients().await?.into_iter();
    let clients = clients.map(|client| (client.id, client.name.clone()));
    Ok(users
        .map(|user| (user.id, user.name))
        .chain(clients)
        .collect())
}

/// Names of those whom lines name; each is looked up once.
struct Names<'a> {
    clinic: &'a Clinic,
    people: BTreeMap<Uuid, String>,
    records: BTreeMap<Uuid, String>,
}

impl<'a> Names<'a> {
    const fn of(clinic: &'a Clinic, people: BTreeMap<Uuid, String>) -> Self {
        Self {
            clinic,
            people,
            records: BTreeMap::new(),
        }
    }

    /// A colleague, or a patient with an account.
    async fn person(&mut self, id: Uuid) -> Result<Option<String>, Problem> {
        if let Some(name) = self.people.get(&id) {
            return Ok(Some(name.clone()));
        }
        let name = self.clinic.user(id).await?.map(|user| user.name);
        if let Some(name) = &name {
            self.people.insert(id, name.clone());
        }
        Ok(name)
    }

    /// Whose account, or which program, something was done to.
    async fn subject(&mut self, id: Uuid) -> Result<Option<String>, Problem> {
        match self.clinic.client(id).await? {
            Some(client) => Ok(Some(client.name.clone())),
            None => self.person(id).await,
        }
    }

    /// A patient; an erased record has no name.
    async fn record(&mut self, id: Uuid) -> Result<String, Problem> {
        if let Some(name) = self.records.get(&id) {
            return Ok(name.clone());
        }
        let name = self.clinic.name_of(id).await?;
        let name = name.unwrap_or_else(|| id.to_string());
        self.records.insert(id, name.clone());
        Ok(name)
    }
}

async fn shown(f: &Frame, names: &mut Names<'_>, line: &AuditLine) -> Result<Shown, Fault> {
    let access = &line.access;
    let who = match (access.user, &access.client) {
        (Some(id), Some(name)) => Some(f.t.audit_client(name, id)),
        (Some(user), None) => names.person(user).await?,
        (None, _) => None,
    };
    let subject = match access.subject {
        Some(user) => names.subject(user).await?,
        None => None,
    };
    let record = match access.patient {
        Some(patient) => Some((patient, names.record(patient).await?)),
        None => None,
    };
    Ok(Shown {
        when: f.when(&line.at),
        who: who.unwrap_or_else(|| f.t.audit_who(&access.role)),
        act: f.t.deed(access.act),
        record,
        subject,
        route: access.route.clone(),
        address: access.address.map(|address| address.to_string()),
    })
}
