//! A person's second factor: a device with codes by time, and codes on paper.

use askama::Template;

use super::account::same_person;
use super::on_table::qr;
use crate::clinic::{Offer, User};
use crate::door::proof;
use crate::door::{Fault, Reply, Visit, html, see};
use crate::frame::{Frame, Place};

#[derive(Template)]
#[template(path = "second.html")]
struct Page {
    f: Frame,
    /// Since when one is asked for.
    since: Option<String>,
    /// Codes on paper that were not used yet.
    paper: usize,
    /// Whether this clinic asks everybody who works here for one.
    required: bool,
    offer: Option<Offered>,
}

/// What the device is given.
struct Offered {
    offer: Offer,
    picture: String,
}

#[derive(Template)]
#[template(path = "second_paper.html")]
struct Paper {
    f: Frame,
    codes: Vec<String>,
}

/// GET `/account/second-factor`.
pub async fn show(visit: Visit) -> Reply {
    let user = user(&visit).await?;
    let f = Frame::new(&visit, Place::Elsewhere);
    let (second, clinic) = (user.second.as_ref(), &visit.app.clinic);
    let offer = match second {
        Some(_) => None,
        None => Some(offered(clinic.offer_second(&user, None))?),
    };
    html(&Page {
        since: second.map(|second| f.date(&second.since)),
        paper: second.map_or(0, |second| second.paper.len()),
        required: visit.app.second_factor && user.patient.is_none(),
        offer,
        f,
    })
}

/// POST `/account/second-factor`: the device showed its first code. Everybody who is logged in
/// with this account logs in again.
pub async fn set(visit: Visit) -> Reply {
    let user = user(&visit).await?;
    let form = &visit.form;
    same_person(&visit, &user, form.need("password")?.to_owned()).await?;
    let (nonce, code) = (form.need("nonce")?, form.need("code")?);
    let codes = visit.app.clinic.set_second(&user, nonce, code).await?;
    visit.app.logins.close_all(user.id).await?;
    let f = Frame::bare(&visit.app, (None, visit.locale), Place::Elsewhere);
    html(&Paper { f, codes })
}

/// POST `/account/second-factor/remove`.
pub async fn remove(visit: Visit) -> Reply {
    let user = user(&visit).await?;
    let form = &visit.form;
    same_person(&visit, &user, form.need("password")?.to_owned()).await?;
    let sent = (form.need("code")?, "/account/second-factor/remove");
    let user = proof::code(&visit, &user, sent).await?;
    visit.app.clinic.remove_second(user.id, &user).await?;
    visit.app.logins.close_all(user.id).await?;
    Ok(see("/login?said=saved"))
}

fn offered(offer: Offer) -> Result<Offered, Fault> {
    Ok(Offered {
        picture: qr(&offer.address)?,
        offer,
    })
}

async fn user(visit: &Visit) -> Result<User, Fault> {
    let user = visit.app.clinic.user(visit.who()?.user).await?;
    user.ok_or(Fault::NotFound)
}
