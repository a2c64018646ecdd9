//! Record systems that may open Annulus, for the administrator.

use askama::Template;
use uuid::Uuid;

use super::launch;
use crate::clinic::{Clinic, Deed, System};
use crate::door::{Fault, Reply, Visit, html, see};
use crate::frame::{Frame, Place};
use crate::smart::ASKED;

#[derive(Template)]
#[template(path = "systems.html")]
struct Page {
    f: Frame,
    systems: Vec<Shown>,
    open: usize,
    /// What is asked for, unless something else is written.
    asked: &'static str,
    /// What the record system has to know of us.
    launch: String,
    redirect: String,
}

/// A record system on the list.
struct Shown {
    id: Uuid,
    name: String,
    base: String,
    client_id: String,
    scopes: String,
    standing: String,
    open: bool,
    /// Whether there is a secret, in words, and where it stands.
    secret: String,
    file: String,
}

/// GET `/systems`.
pub async fn show(visit: Visit) -> Reply {
    let f = Frame::new(&visit, Place::Clinic);
    let clinic = &visit.app.clinic;
    let all = clinic.systems().await?;
    let systems: Vec<_> = all.iter().map(|system| shown(&f, clinic, system)).collect();
    html(&Page {
        open: systems.iter().filter(|system| system.open).count(),
        asked: ASKED,
        launch: format!("{}{}", visit.origin(), launch::ARRIVE),
        redirect: launch::redirect(&visit),
        f,
        systems,
    })
}

fn shown(f: &Frame, clinic: &Clinic, system: &System) -> Shown {
    let standing = match system.withdrawn {
        Some(at) => f.t.systems_withdrawn(f.when(&at)),
        None => f.t.systems_since(f.date(&system.since)),
    };
    let secret = match clinic.system_secret(system.id) {
        Ok(None) => f.t.systems_public(),
        Ok(Some(_)) => f.t.systems_secret(),
        Err(_) => f.t.systems_secret_broken(),
    };
    Shown {
        id: system.id,
        name: system.name.clone(),
        base: system.base.to_string(),
        client_id: system.client_id.clone(),
        scopes: system.scopes.join(" "),
        standing,
        open: system.withdrawn.is_none(),
        secret,
        file: clinic.secret_file(system.id).display().to_string(),
    }
}

/// POST `/systems`.
pub async fn register(visit: Visit) -> Reply {
    let form = &visit.form;
    let who = (form.need("name")?, form.need("base")?);
    let ours = (form.need("client_id")?, form.need("scopes")?);
    note(&visit, "/systems", None).await?;
    let (clinic, by) = (&visit.app.clinic, visit.who()?.user);
    clinic.register_system(by, who, ours).await?;
    Ok(see("/systems?said=saved"))
}

/// POST `/systems/{system}/withdraw`.
pub async fn withdraw(visit: Visit) -> Reply {
    let system = visit.app.clinic.system(visit.id("system")?).await?;
    let system = system.ok_or(Fault::NotFound)?;
    note(&visit, "/systems/{system}/withdraw", Some(system.id)).await?;
    let by = visit.who()?.user;
    visit.app.clinic.withdraw_system(by, system.id).await?;
    Ok(see("/systems?said=saved"))
}

/// What an administrator does to a record system is in the audit log before it is done.
async fn note(visit: &Visit, route: &str, system: Option<Uuid>) -> Result<(), Fault> {
    let clinic = &visit.app.clinic;
    clinic.note_door(visit, Deed::Account, route, system).await
}
