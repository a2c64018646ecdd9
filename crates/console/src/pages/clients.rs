//! Programs that may come in, for the administrator.

use std::sync::Arc;

use askama::Template;
use jiff::Timestamp;
use jiff::civil::Date;
use si::Problem;
use uuid::Uuid;

use crate::clinic::signer::{Numbers, PublicKey, Signer, read_keys};
use crate::clinic::{Client, Deed, NewClient};
use crate::door::{Fault, Reply, Visit, html, see};
use crate::frame::{Frame, Place};

#[derive(Template)]
#[template(path = "clients.html")]
struct Page {
    f: Frame,
    clients: Vec<Shown>,
    open: usize,
}

/// A program on the list.
struct Shown {
    id: Uuid,
    name: String,
    scopes: String,
    standing: String,
    signs: Option<Signs>,
    used: Option<String>,
    open: bool,
}

/// As whom a program signs its own tokens.
struct Signs {
    issuer: String,
    address: String,
    keys: String,
}

#[derive(Template)]
#[template(path = "client_token.html")]
struct Made {
    f: Frame,
    name: String,
    token: String,
}

/// GET `/clients`.
pub async fn show(visit: Visit) -> Reply {
    let f = Frame::new(&visit, Place::Clinic);
    let mut clients = Vec::new();
    for client in visit.app.clinic.clients().await? {
        let used = visit.app.clinic.client_used(client.id).await?;
        clients.push(shown(&f, &client, used));
    }
    html(&Page {
        open: clients.iter().filter(|client| client.open).count(),
        f,
        clients,
    })
}

fn shown(f: &Frame, client: &Arc<Client>, used: Option<Timestamp>) -> Shown {
    let open = client.is_open(Timestamp::now());
    let standing = match client.withdrawn {
        Some(at) => f.t.clients_withdrawn(f.when(&at)),
        None if open => f.t.clients_until_shown(f.date(&client.until)),
        None => f.t.clients_over(f.date(&client.until)),
    };
    let scopes: Vec<String> = client.scopes.iter().map(ToString::to_string).collect();
    Shown {
        id: client.id,
        name: client.name.clone(),
        scopes: scopes.join(" "),
        standing,
        signs: client.signer.as_ref().map(signs),
        used: used.map(|at| f.when(&at)),
        open,
    }
}

fn signs(signer: &Signer) -> Signs {
    let kind = |key: &PublicKey| match &key.numbers {
        Numbers::Curve { crv, .. } => crv.clone(),
        Numbers::Rsa { .. } => "RSA".to_owned(),
    };
    let keys = signer.keys.iter();
    let keys: Vec<String> = keys
        .map(|key| format!("{} ({})", key.kid, kind(key)))
        .collect();
    Signs {
        issuer: signer.issuer.clone(),
        address: signer.address.clone(),
        keys: keys.join(", "),
    }
}

/// POST `/clients`: its token, if it gets one, is on this answer and nowhere afterwards.
pub async fn register(visit: Visit) -> Reply {
    let form = &visit.form;
    let (name, scopes) = (form.need("name")?, form.need("scopes")?);
    let until = end(&visit, form.need_read("until")?)?;
    let signer = signer(&visit)?;
    let new = NewClient {
        name,
        scopes,
        // One that signs its own needs none of ours, unless it is asked for.
        token: signer.is_none() || form.get("token").is_some(),
        signer,
    };
    note(&visit, "/clients", None).await?;
    let (clinic, by) = (&visit.app.clinic, visit.who()?.user);
    let (client, token) = clinic.let_in_client(by, new, until).await?;
    let Some(token) = token else {
        return Ok(see("/clients?said=saved"));
    };
    html(&Made {
        f: Frame::new(&visit, Place::Clinic),
        name: client.name.clone(),
        token,
    })
}

/// As whom it signs: all three of name, address and keys, or none.
fn signer(visit: &Visit) -> Result<Option<Signer>, Problem> {
    let form = &visit.form;
    let fields = ["issuer", "address", "keys"];
    if fields.iter().all(|name| form.get(name).is_none()) {
        return Ok(None);
    }
    let [issuer, address, keys] = fields.map(|name| form.need(name));
    Signer::read(issuer?, address?, keys?).map(Some)
}

/// POST `/clients/{client}/keys`: other keys in the place of those it signs with.
pub async fn keys(visit: Visit) -> Reply {
    let client = visit.app.clinic.client(visit.id("client")?).await?;
    let client = client.filter(|client| client.signer.is_some());
    let client = client.ok_or(Fault::NotFound)?;
    let keys = read_keys(visit.form.need("keys")?)?;
    note(&visit, "/clients/{client}/keys", Some(client.id)).await?;
    let by = visit.who()?.user;
    visit.app.clinic.replace_keys(by, client.id, keys).await?;
    Ok(see("/clients?said=saved"))
}

/// POST `/clients/{client}/withdraw`.
pub async fn withdraw(visit: Visit) -> Reply {
    let client = visit.app.clinic.client(visit.id("client")?).await?;
    let client = client.ok_or(Fault::NotFound)?;
    note(&visit, "/clients/{client}/withdraw", Some(client.id)).await?;
    let by = visit.who()?.user;
    visit.app.clinic.withdraw_client(by, client.id).await?;
    Ok(see("/clients?said=saved"))
}

/// What an administrator does to a program is in the audit log before it is done.
async fn note(visit: &Visit, route: &str, client: Option<Uuid>) -> Result<(), Fault> {
    let clinic = &visit.app.clinic;
    clinic.note_door(visit, Deed::Account, route, client).await
}

/// The beginning of a day of this clinic.
fn end(visit: &Visit, day: Date) -> Result<Timestamp, Problem> {
    visit.app.clinic.instant("until", day.into())
}
