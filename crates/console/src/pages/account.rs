//! A person's own account.

use askama::Template;

use crate::door::{Fault, Reply, Visit, html, see};
use crate::frame::{Frame, Place};

#[derive(Template)]
#[template(path = "account.html")]
struct Page {
    f: Frame,
}

/// GET `/account`.
pub async fn show(visit: Visit) -> Reply {
    html(&Page {
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
