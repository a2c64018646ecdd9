//! Programs that may come in, for the administrator.

use std::sync::Arc;

use askama::Template;
use jiff::Timestamp;
use jiff::civil::Date;
use si::Problem;
use uuid::Uuid;

use crate::clinic::{Client, Deed};
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
    used: Option<String>,
    open: bool,
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
        used: used.map(|at| f.when(&at)),
        open,
    }
}

/// POST `/clients`: the token is on this answer, and nowhere afterwards.
pub async fn register(visit: Visit) -> Reply {
    let form = &visit.form;
    let (name, scopes) = (form.need("name")?, form.need("scopes")?);
    let until = end(&visit, form.need_read("until")?)?;
    note(&visit, "/clients", None).await?;
    let (clinic, by) = (&visit.app.clinic, visit.who()?.user);
    let (client, token) = clinic.register_client(by, (name, scopes), until).await?;
    html(&Made {
        f: Frame::new(&visit, Place::Clinic),
        name: client.name.clone(),
        token,
    })
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
