//! Accounts, for the administrator.

use askama::Template;
use care::episode::{Licence, Role};
use jiff::civil::Date;
use si::Problem;
use uuid::Uuid;

use super::restricted;
use crate::clinic::{ColleagueSet, Deed, NewUser, User};
use crate::door::{Fault, Reply, Visit, html, see};
use crate::frame::{Frame, Place};

#[derive(Template)]
#[template(path = "users.html")]
struct Page {
    f: Frame,
    users: Vec<User>,
    roles: Vec<Role>,
    /// What waits for a review, and whether one is overdue.
    openings: Option<(String, bool)>,
}

/// GET `/users`.
pub async fn show(visit: Visit) -> Reply {
    let users = visit.app.clinic.users().await?;
    let roles = Role::ALL
        .into_iter()
        .filter(|role| !matches!(role, Role::Program | Role::Patient))
        .collect();
    let f = Frame::new(&visit, Place::Clinic);
    html(&Page {
        openings: restricted::waiting(&f, &visit.app.clinic).await?,
        f,
        users,
        roles,
    })
}

/// POST `/users`.
pub async fn add(visit: Visit) -> Reply {
    let form = &visit.form;
    let role = role(form.need("role")?)?;
    let new = NewUser {
        login: form.need("login")?.to_owned(),
        name: form.need("name")?.to_owned(),
        role,
        licence: licence(&visit)?,
        patient: None,
        password: form.need("password")?.to_owned(),
        temporary: true,
    };
    note(&visit, "/users", None).await?;
    visit.app.clinic.add_user(visit.who()?.user, new).await?;
    Ok(see("/users?said=saved"))
}

/// POST `/users/{user}/password`.
pub async fn password(visit: Visit) -> Reply {
    let user = user(&visit).await?;
    note(&visit, "/users/{user}/password", Some(user.id)).await?;
    let new = visit.form.need("password")?.to_owned();
    visit
        .app
        .clinic
        .set_password(visit.who()?.user, &user, new, true)
        .await?;
    visit.app.logins.close_all(user.id).await?;
    Ok(see("/users?said=password"))
}

/// POST `/users/{user}`: another name, role or licence. Who is logged in logs in again, so that
/// nothing goes by what they were.
pub async fn change(visit: Visit) -> Reply {
    let user = user(&visit).await?;
    note(&visit, "/users/{user}", Some(user.id)).await?;
    let set = ColleagueSet {
        name: visit.form.need("name")?.to_owned(),
        role: role(visit.form.need("role")?)?,
        licence: licence(&visit)?,
    };
    let by = visit.who()?.user;
    let after = visit.app.clinic.change_colleague(by, &user, set).await?;
    if after.role != user.role || after.name != user.name {
        visit.app.logins.close_all(user.id).await?;
    }
    Ok(see("/users?said=saved"))
}

/// POST `/users/{user}/second-factor`: their device is lost, and the codes on paper too.
pub async fn forget_second(visit: Visit) -> Reply {
    let user = user(&visit).await?;
    note(&visit, "/users/{user}/second-factor", Some(user.id)).await?;
    let by = visit.who()?.user;
    visit.app.clinic.remove_second(by, &user).await?;
    visit.app.logins.close_all(user.id).await?;
    Ok(see("/users?said=saved"))
}

/// POST `/users/{user}/close`.
pub async fn close(visit: Visit) -> Reply {
    let user = user(&visit).await?;
    note(&visit, "/users/{user}/close", Some(user.id)).await?;
    visit
        .app
        .clinic
        .close_user(visit.who()?.user, &user)
        .await?;
    visit.app.logins.close_all(user.id).await?;
    Ok(see("/users?said=saved"))
}

/// What an administrator does to an account is in the audit log before it is done.
async fn note(visit: &Visit, route: &str, user: Option<Uuid>) -> Result<(), Fault> {
    let clinic = &visit.app.clinic;
    clinic.note_door(visit, Deed::Account, route, user).await
}

async fn user(visit: &Visit) -> Result<User, Fault> {
    visit
        .app
        .clinic
        .user(visit.id("user")?)
        .await?
        .ok_or(Fault::NotFound)
}

fn role(word: &str) -> Result<Role, Problem> {
    Role::ALL
        .into_iter()
        .find(|role| role.as_str() == word && !matches!(role, Role::Program | Role::Patient))
        .ok_or_else(|| {
            Problem::new(
                "role-unknown",
                "role",
                word,
                "is not a role",
                "choose one of the list",
            )
        })
}

fn licence(visit: &Visit) -> Result<Option<Licence>, Problem> {
    let Some(number) = visit.form.get("licence") else {
        return Ok(None);
    };
    let until: Date = visit.form.need_read("licence_until")?;
    let zone = visit.app.clinic.zone().clone();
    let expires = until.to_zoned_datetime(zone).map_err(|_| {
        Problem::new(
            "date",
            "licence_until",
            until.to_string(),
            "is not a day here",
            "choose another day",
        )
    })?;
    Ok(Some(Licence {
        number: number.to_owned(),
        expires: expires.timestamp(),
    }))
}
