//! Clients: programs that an administrator lets in, each with a token of its own, or with keys by
//! which it signs its tokens itself.
//!
//! Of a token the clinic's stream keeps the SHA-256 only: 256 random bits cannot be guessed from
//! it, so that a slow hash as for passwords would add nothing.

use std::collections::BTreeMap;
use std::sync::Arc;

use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};
use si::Problem;
use uuid::Uuid;

use super::follow::Told;
use super::sign::sha256_hex;
use super::signer::{PublicKey, Signer};
use super::{Clinic, Wanted};
use crate::door::scope::{Act, Scope, scopes};
use crate::random;

/// The event of one entry.
pub(super) const KIND: &str = "client-entered";
/// A token lives no longer *(ours: somebody says once a year that a program is still in use)*.
pub const LONGEST: SignedDuration = SignedDuration::from_hours(366 * 24);
/// Characters of a client's name *(ours: it stands on lines of the audit log)*.
const NAME: usize = 100;

/// A program that may come in.
#[derive(Clone, Debug)]
pub struct Client {
    /// Its id, by which the audit log knows it.
    pub id: Uuid,
    /// The name that the administrator gave it.
    pub name: String,
    /// What it may do.
    pub scopes: Vec<Scope>,
    /// When it was registered.
    pub since: Timestamp,
    /// Until when its token opens anything.
    pub until: Timestamp,
    /// When it was withdrawn.
    pub withdrawn: Option<Timestamp>,
    /// As whom it signs tokens itself, if it does.
    pub signer: Option<Signer>,
}

/// A program that is about to be let in.
#[derive(Clone, Debug)]
pub struct NewClient<'a> {
    /// Its name.
    pub name: &'a str,
    /// Its scopes, as they are typed.
    pub scopes: &'a str,
    /// Whether it gets a token of ours.
    pub token: bool,
    /// As whom it signs its own.
    pub signer: Option<Signer>,
}

impl Client {
    /// Whether its token opens anything at this instant.
    #[must_use]
    pub fn is_open(&self, now: Timestamp) -> bool {
        self.withdrawn.is_none() && now < self.until
    }

    /// Whether it may do this to resources of a type.
    #[must_use]
    pub fn may(&self, kind: &str, act: Act) -> bool {
        self.scopes.iter().any(|scope| scope.permits(kind, act))
    }
}

/// What the clinic's stream keeps.
#[derive(Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", tag = "what")]
pub(super) enum Entry {
    Registered {
        client: Uuid,
        name: String,
        scopes: Vec<String>,
        until: Timestamp,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        token_sha256: Option<String>,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        signer: Option<Signer>,
    },
    /// Other keys in the place of those it had.
    Keys {
        client: Uuid,
        keys: Vec<PublicKey>,
    },
    Withdrawn {
        client: Uuid,
    },
}

/// All clients, as the stream tells of them.
#[derive(Clone, Debug, Default)]
pub(super) struct Clients {
    all: BTreeMap<Uuid, Arc<Client>>,
    by_token: BTreeMap<String, Uuid>,
    /// Who signs under a name; who was let in last, where there were several.
    by_issuer: BTreeMap<String, Uuid>,
}

impl Told for Clients {
    const KIND: &'static str = KIND;
    type Entry = Entry;

    fn told(&mut self, at: Timestamp, entry: &Entry) {
        match entry {
            Entry::Registered {
                client,
                name,
                scopes,
                until,
                token_sha256,
                signer,
            } => {
                let made = Client {
                    id: *client,
                    name: name.clone(),
                    // A scope that this program no longer knows opens nothing.
                    scopes: scopes.iter().filter_map(|one| one.parse().ok()).collect(),
                    since: at,
                    until: *until,
                    withdrawn: None,
                    signer: signer.clone(),
                };
                self.all.insert(*client, Arc::new(made));
                if let Some(hash) = token_sha256 {
                    self.by_token.insert(hash.clone(), *client);
                }
                if let Some(signer) = signer {
                    self.by_issuer.insert(signer.issuer.clone(), *client);
                }
            }
            Entry::Keys { client, keys } => {
                let client = self.all.get_mut(client).map(Arc::make_mut);
                if let Some(signer) = client.and_then(|client| client.signer.as_mut()) {
                    signer.keys.clone_from(keys);
                }
            }
            Entry::Withdrawn { client } => {
                if let Some(client) = self.all.get_mut(client) {
                    Arc::make_mut(client).withdrawn.get_or_insert(at);
                }
            }
        }
    }
}

impl Clinic {
    /// Every client there ever was, the oldest first.
    ///
    /// # Errors
    /// The journal cannot be read.
    pub async fn clients(&self) -> Result<Vec<Arc<Client>>, Problem> {
        let (clients, _) = self.follow(&self.clients).await?;
        let mut all: Vec<_> = clients.all.values().map(Arc::clone).collect();
        all.sort_by_key(|client| (client.since, client.id));
        Ok(all)
    }

    /// The client whose token this is, whether it is still open or not.
    ///
    /// # Errors
    /// The journal cannot be read.
    pub async fn client_of(&self, token: &str) -> Result<Option<Arc<Client>>, Problem> {
        let (clients, _) = self.follow(&self.clients).await?;
        let id = clients.by_token.get(&sha256_hex(token.as_bytes()));
        Ok(id.and_then(|id| clients.all.get(id)).map(Arc::clone))
    }

    /// The client that signs under this name, whether it is still open or not.
    ///
    /// # Errors
    /// The journal cannot be read.
    pub async fn client_of_issuer(&self, issuer: &str) -> Result<Option<Arc<Client>>, Problem> {
        let (clients, _) = self.follow(&self.clients).await?;
        let id = clients.by_issuer.get(issuer);
        Ok(id.and_then(|id| clients.all.get(id)).map(Arc::clone))
    }

    /// Registers a client and returns it with its token, which is kept nowhere.
    ///
    /// # Errors
    /// A name, a scope or an end that no client can have.
    pub async fn register_client(
        &self,
        by: Uuid,
        (name, scopes): (&str, &str),
        until: Timestamp,
    ) -> Result<(Arc<Client>, String), Problem> {
        let new = NewClient {
            name,
            scopes,
            token: true,
            signer: None,
        };
        let (client, token) = self.let_in_client(by, new, until).await?;
        Ok((client, token.ok_or_else(unknown)?))
    }

    /// The same for one that may sign its own tokens, and may need none of ours.
    ///
    /// # Errors
    /// A name, a scope, an end or a signer that no client can have.
    pub async fn let_in_client(
        &self,
        by: Uuid,
        new: NewClient<'_>,
        until: Timestamp,
    ) -> Result<(Arc<Client>, Option<String>), Problem> {
        let (name, scopes, now) = (new.name.trim(), scopes(new.scopes)?, Timestamp::now());
        if name.is_empty() || name.chars().count() > NAME {
            return Err(unnamed(name));
        }
        if until <= now || now.saturating_add(LONGEST).is_ok_and(|last| until > last) {
            return Err(endless(until));
        }
        if let Some(signer) = &new.signer {
            self.may_sign(signer, &scopes, now).await?;
        }
        let token = new.token.then(|| hex::encode(random::bytes::<32>()));
        let id = random::id();
        let entry = Entry::Registered {
            client: id,
            name: name.to_owned(),
            scopes: scopes.iter().map(ToString::to_string).collect(),
            until,
            token_sha256: token.as_ref().map(|token| sha256_hex(token.as_bytes())),
            signer: new.signer,
        };
        self.append_own_at(now, by, KIND, &entry).await?;
        let made = self.client(id).await?.ok_or_else(unknown)?;
        Ok((made, token))
    }

    /// Whether a new client may sign so: its tokens open decision support alone, and a name stands
    /// for one program that is open.
    async fn may_sign(
        &self,
        signer: &Signer,
        scopes: &[Scope],
        now: Timestamp,
    ) -> Result<(), Problem> {
        if !scopes.contains(&Scope::Cds) {
            return Err(Problem::new(
                "signer-scope",
                "scopes",
                scopes
                    .iter()
                    .map(ToString::to_string)
                    .collect::<Vec<_>>()
                    .join(" "),
                "has nothing that a token signed by a program opens",
                "add system/cds, or leave issuer, address and keys empty",
            ));
        }
        let other = self.client_of_issuer(&signer.issuer).await?;
        match other.filter(|other| other.is_open(now)) {
            None => Ok(()),
            Some(other) => Err(Problem::new(
                "signer-taken",
                "issuer",
                &*signer.issuer,
                format!("is the name under which the program {} signs", other.name),
                "replace the keys of that program, or withdraw it first",
            )),
        }
    }

    /// Puts other keys in the place of those that a client signs with.
    ///
    /// # Errors
    /// There is no such client, or it signs nothing.
    pub async fn replace_keys(
        &self,
        by: Uuid,
        id: Uuid,
        keys: Vec<PublicKey>,
    ) -> Result<(), Problem> {
        let client = self.client(id).await?;
        let client = client.filter(|client| client.signer.is_some());
        client.ok_or_else(unknown)?;
        let entry = Entry::Keys { client: id, keys };
        self.append_own_at(Timestamp::now(), by, KIND, &entry).await
    }

    /// Withdraws a client: its token opens nothing from now on.
    ///
    /// # Errors
    /// There is none such.
    pub async fn withdraw_client(&self, by: Uuid, id: Uuid) -> Result<(), Problem> {
        let client = self.client(id).await?.ok_or_else(unknown)?;
        if client.withdrawn.is_some() {
            return Ok(());
        }
        let entry = Entry::Withdrawn { client: id };
        self.append_own_at(Timestamp::now(), by, KIND, &entry).await
    }

    /// When a client was let in last, as the audit log has it.
    ///
    /// # Errors
    /// The journal cannot be read.
    pub async fn client_used(&self, id: Uuid) -> Result<Option<Timestamp>, Problem> {
        let wanted = Wanted {
            user: Some(id),
            ..Wanted::default()
        };
        // Its registration names it as well, and what it was refused is no use of it.
        let lines = self.accesses(&wanted, LOOKED).await?.lines;
        let used = lines.iter().find(|line| line.access.is_use_by(id));
        Ok(used.map(|line| line.at))
    }

    /// The client with this id.
    ///
    /// # Errors
    /// The journal cannot be read.
    pub async fn client(&self, id: Uuid) -> Result<Option<Arc<Client>>, Problem> {
        let (clients, _) = self.follow(&self.clients).await?;
        Ok(clients.all.get(&id).map(Arc::clone))
    }
}

/// Lines of the audit log in which its last use is looked for *(ours: refusals may stand before)*.
const LOOKED: usize = 100;

fn unknown() -> Problem {
    Problem::new(
        "client-unknown",
        "client",
        "",
        "there is no such client",
        "choose one of the list",
    )
}

fn unnamed(name: &str) -> Problem {
    let shown: String = name.chars().take(60).collect();
    Problem::new(
        "client-name",
        "name",
        shown,
        "is no name for a client",
        format!("give it a name of at most {NAME} characters"),
    )
}

fn endless(until: Timestamp) -> Problem {
    Problem::new(
        "client-until",
        "until",
        until.to_string(),
        "is over, or more than a year away",
        "choose a day within a year",
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Events of before programs could sign: each has a token of ours.
    const OLD: &str = r#"{"what":"registered","client":"6a09e667-f3bc-4908-b2fb-1366ea957d3e",
        "name":"Registry","scopes":["system/Patient.rs","system/cds"],
        "until":"2026-12-30T00:00:00Z","token_sha256":"9f86d081884c7d65"}"#;

    #[test]
    fn an_entry_of_before_programs_signed_is_still_read() {
        let mut clients = Clients::default();
        clients.told(Timestamp::UNIX_EPOCH, &serde_json::from_str(OLD).unwrap());
        let id = clients.by_token["9f86d081884c7d65"];
        assert_eq!(clients.all[&id].name, "Registry");
        assert!(clients.all[&id].signer.is_none() && clients.by_issuer.is_empty());
    }
}
