//! A person's own account.

use askama::Template;

use super::feed;
use crate::door::{Fault, Reply, Visit, html, see};
use crate::frame::{Frame, Place};

#[derive(Template)]
#[template(path = "account.html")]
struct Page {
    f: Frame,
    /// The address of the person's calendar, where they have one.
    feed: Option<String>,
}

/// GET `/account`.
pub async fn show(visit: Visit) -> Reply {
    let clinic = &visit.app.clinic;
    let user = clinic.user(visit.who()?.user).await?;
    let user = user.filter(|user| feed::has_one(user.role));
    let address = |user| format!("{}/feed/{}", visit.origin(), clinic.feed_token(&user));
    html(&Page {
        feed: user.map(address),
        f: Frame::new(&visit, Place::Elsewhere),
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
    if !clinic.check_password(Some(&user), old).await {
        let t = Frame::new(&visit, Place::Elsewhere).t;
        return Err(si::Problem::new(
            "password-wrong",
            "old",
            "",
            t.account_wrong(),
            t.login_wrong_remedy(),
        )
        .into());
    }
    clinic.set_password(user.id, &user, new).await?;
    visit.app.logins.close_all(user.id);
    Ok(see("/login"))
}
