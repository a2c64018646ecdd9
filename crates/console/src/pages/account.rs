//! A person's own account.

use askama::Template;

use super::feed;
use crate::clinic::User;
use crate::door::proof::{self, Tries};
use crate::door::{Fault, Reply, Visit, html, see};
use crate::frame::{Frame, Place};

#[derive(Template)]
#[template(path = "account.html")]
struct Page {
    f: Frame,
    /// The address of the person's calendar, where they have one.
    feed: Option<String>,
    /// Since when a second factor is asked for.
    second: Option<String>,
}

/// GET `/account`.
pub async fn show(visit: Visit) -> Reply {
    let clinic = &visit.app.clinic;
    let user = clinic.user(visit.who()?.user).await?;
    let f = Frame::new(&visit, Place::Elsewhere);
    let second = user.as_ref().and_then(|user| user.second.as_ref());
    let second = second.map(|second| f.date(&second.since));
    let user = user.filter(|user| feed::has_one(user.role));
    let address = |user| format!("{}/feed/{}", visit.origin(), clinic.feed_token(&user));
    html(&Page {
        feed: user.map(address),
        second,
        f,
    })
}

/// POST `/account/password`.
pub async fn change(visit: Visit) -> Reply {
    let clinic = &visit.app.clinic;
    let user = clinic
        .user(visit.who()?.user)
        .await?
        .ok_or(Fault::NotFound)?;
    let (old, new) = (
        visit.form.need("old")?.to_owned(),
        visit.form.need("new")?.to_owned(),
    );
    same_person(&visit, &user, old).await?;
    clinic.set_password(user.id, &user, new, false).await?;
    visit.app.logins.close_all(user.id).await?;
    Ok(see("/login"))
}

/// Whoever changes how somebody logs in shows the present password, and is slowed down like a login.
pub(super) async fn same_person(visit: &Visit, user: &User, sent: String) -> Result<(), Fault> {
    if proof::password(visit, &Tries::again(user), (Some(user), sent)).await? {
        return Ok(());
    }
    let t = Frame::new(visit, Place::Elsewhere).t;
    let (what, remedy) = (t.account_wrong(), t.login_wrong_remedy());
    Err(si::Problem::new("password-wrong", "old", "", what, remedy).into())
}
