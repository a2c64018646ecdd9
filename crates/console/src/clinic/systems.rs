//! Record systems that may open Annulus for one of their patients (SMART App Launch), and from
//! which that patient's record is then read. What is not registered here is never asked anything.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::Arc;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use si::Problem;
use uuid::Uuid;

use super::Clinic;
use super::follow::Told;
use crate::smart::{Base, asked};
use crate::{random, secret};

/// The event of one entry.
pub(super) const KIND: &str = "system-entered";
/// Characters of a name or a client id *(ours: longer than any that is in use)*.
const LONGEST: usize = 200;
/// The folder with the secrets of confidential clients, inside the store's.
const SECRETS: &str = "systems";

/// A record system that may open Annulus.
#[derive(Clone, Debug)]
pub struct System {
    /// Its id here.
    pub id: Uuid,
    /// The name that the administrator gave it.
    pub name: String,
    /// Where its FHIR is.
    pub base: Base,
    /// What it calls us.
    pub client_id: String,
    /// What it is asked for.
    pub scopes: Vec<String>,
    /// When it was registered.
    pub since: Timestamp,
    /// When it was withdrawn.
    pub withdrawn: Option<Timestamp>,
}

/// What the clinic's stream keeps.
#[derive(Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", tag = "what")]
pub(super) enum Entry {
    Registered {
        system: Uuid,
        name: String,
        base: String,
        client_id: String,
        scopes: Vec<String>,
    },
    Withdrawn {
        system: Uuid,
    },
}

/// All of them, as the stream tells of them.
#[derive(Clone, Debug, Default)]
pub(super) struct Systems(BTreeMap<Uuid, Arc<System>>);

impl Told for Systems {
    const KIND: &'static str = KIND;
    type Entry = Entry;

    fn told(&mut self, at: Timestamp, entry: &Entry) {
        match entry {
            Entry::Registered {
                system,
                name,
                base,
                client_id,
                scopes,
            } => {
                // What this program no longer takes for an address opens nothing.
                let Ok(base) = base.parse() else { return };
                let made = System {
                    id: *system,
                    name: name.clone(),
                    base,
                    client_id: client_id.clone(),
                    scopes: scopes.clone(),
                    since: at,
                    withdrawn: None,
                };
                self.0.insert(*system, Arc::new(made));
            }
            Entry::Withdrawn { system } => {
                if let Some(system) = self.0.get_mut(system) {
                    Arc::make_mut(system).withdrawn.get_or_insert(at);
                }
            }
        }
    }
}

impl Clinic {
    /// Every record system there ever was, the oldest first.
    ///
    /// # Errors
    /// The journal cannot be read.
    pub async fn systems(&self) -> Result<Vec<Arc<System>>, Problem> {
        let (systems, _) = self.follow(&self.systems).await?;
        let mut all: Vec<_> = systems.0.values().map(Arc::clone).collect();
        all.sort_by_key(|system| (system.since, system.id));
        Ok(all)
    }

    /// The record system with this id.
    ///
    /// # Errors
    /// The journal cannot be read.
    pub async fn system(&self, id: Uuid) -> Result<Option<Arc<System>>, Problem> {
        let (systems, _) = self.follow(&self.systems).await?;
        Ok(systems.0.get(&id).map(Arc::clone))
    }

    /// The one that is open and has its FHIR at this address.
    ///
    /// # Errors
    /// The journal cannot be read.
    pub async fn system_at(&self, base: &Base) -> Result<Option<Arc<System>>, Problem> {
        let all = self.systems().await?;
        let open = |system: &Arc<System>| system.withdrawn.is_none() && system.base == *base;
        Ok(all.into_iter().find(open))
    }

    /// Registers a record system.
    ///
    /// # Errors
    /// A name, an address, a client id or scopes that cannot be; one that is here already.
    pub async fn register_system(
        &self,
        by: Uuid,
        (name, base): (&str, &str),
        (client_id, scopes): (&str, &str),
    ) -> Result<Arc<System>, Problem> {
        let name = named("name", name)?;
        let base: Base = base.trim().parse()?;
        let client_id = named("client_id", client_id)?;
        let scopes = asked(scopes)?;
        if let Some(known) = self.system_at(&base).await? {
            return Err(Problem::new(
                "system-known",
                "base",
                base.to_string(),
                format!("is the address of {} already", known.name),
                "withdraw that one first",
            ));
        }
        let entry = Entry::Registered {
            system: random::id(),
            name,
            base: base.to_string(),
            client_id,
            scopes,
        };
        self.append_own(by, KIND, &entry).await?;
        self.system_at(&base).await?.ok_or_else(unknown)
    }

    /// Withdraws one: from now on it opens nothing here.
    ///
    /// # Errors
    /// There is none such.
    pub async fn withdraw_system(&self, by: Uuid, id: Uuid) -> Result<(), Problem> {
        let system = self.system(id).await?.ok_or_else(unknown)?;
        if system.withdrawn.is_some() {
            return Ok(());
        }
        let entry = Entry::Withdrawn { system: id };
        self.append_own(by, KIND, &entry).await
    }

    /// Where the secret of a confidential client stands.
    #[must_use]
    pub fn secret_file(&self, system: Uuid) -> PathBuf {
        let folder = self.folder().join(SECRETS);
        folder.join(format!("{system}.secret"))
    }

    /// The secret that a record system gave us; none where it knows us as a public client.
    ///
    /// # Errors
    /// A file that others may read, or that holds no text.
    pub fn system_secret(&self, system: Uuid) -> Result<Option<String>, Problem> {
        let path = self.secret_file(system);
        if !path.exists() {
            return Ok(None);
        }
        let bytes = secret::read(&path)?;
        let text = String::from_utf8(bytes).ok();
        let text = text.map(|text| text.trim().to_owned());
        match text.filter(|text| !text.is_empty()) {
            Some(text) => Ok(Some(text)),
            None => Err(Problem::new(
                "secret-empty",
                path.display().to_string(),
                "",
                "holds no secret",
                "write the client's secret into it, or delete it",
            )),
        }
    }
}

/// A name or a client id as it was typed.
fn named(field: &str, text: &str) -> Result<String, Problem> {
    let text = text.trim();
    let fits = !text.is_empty() && text.chars().count() <= LONGEST;
    if fits && !text.chars().any(char::is_control) {
        return Ok(text.to_owned());
    }
    Err(Problem::new(
        "system-name",
        field,
        text.chars().take(60).collect::<String>(),
        "cannot be kept",
        format!("write 1 to {LONGEST} characters"),
    ))
}

fn unknown() -> Problem {
    Problem::new(
        "system-unknown",
        "system",
        "",
        "there is no such record system",
        "choose one of the list",
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    const GOLDEN: &str = include_str!("../../tests/golden/system-entered.v1.json");

    /// Stores hold events of this form for ever.
    #[test]
    fn an_entry_of_version_1_is_read_and_written_as_ever() {
        let entries: Vec<Entry> = serde_json::from_str(GOLDEN).unwrap();
        let mut systems = Systems::default();
        for entry in &entries {
            systems.told(Timestamp::UNIX_EPOCH, entry);
        }
        let system = systems.0.values().next().unwrap();
        assert_eq!(system.base.to_string(), "https://ehr.example/fhir/R4");
        assert_eq!(system.scopes, ["launch", "patient/Patient.r"]);
        assert!(system.withdrawn.is_some());
        let again = serde_json::to_string_pretty(&entries).unwrap();
        assert_eq!(again, GOLDEN.trim_end());
    }
}
