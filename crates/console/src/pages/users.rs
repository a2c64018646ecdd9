//! Accounts and the audit log, for the administrator.

use askama::Template;
use care::episode::{Licence, Role};
use jiff::Timestamp;
use jiff::civil::Date;
use si::Problem;

use crate::clinic::{AuditLine, ColleagueSet, NewUser, User};
use crate::door::{Fault, Reply, Visit, html, see};
use crate::frame::{Frame, Place};

/// Accounts of the audit log shown at once.
const SHOWN: u32 = 200;

#[derive(Template)]
#[template(path = "users.html")]
struct Page {
    f: Frame,
    users: Vec<User>,
    roles: Vec<Role>,
}

#[derive(Template)]
#[template(path = "audit.html")]
struct Audit {
    f: Frame,
    lines: Vec<(Timestamp, AuditLine)>,
    names: std::collections::BTreeMap<uuid::Uuid, String>,
}

/// GET `/users`.
pub async fn show(visit: Visit) -> Reply {
    let users = visit.app.clinic.users().await?;
    let roles = Role::ALL
        .into_iter()
        .filter(|role| !matches!(role, Role::Program | Role::Patient))
        .collect();
    html(&Page {
        f: Frame::new(&visit, Place::Clinic),
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
    visit.app.clinic.add_user(visit.who()?.user, new).await?;
    Ok(see("/users?said=saved"))
}

/// POST `/users/{user}/password`.
pub async fn password(visit: Visit) -> Reply {
    let user = user(&visit).await?;
    let new = visit.form.need("password")?.to_owned();
    visit
        .app
        .clinic
        .set_password(visit.who()?.user, &user, new, true)
        .await?;
    visit.app.logins.close_all(user.id);
    Ok(see("/users?said=password"))
}

/// POST `/users/{user}`: another name, role or licence. Who is logged in logs in again, so that
/// nothing goes by what they were.
pub async fn change(visit: Visit) -> Reply {
    let user = user(&visit).await?;
    let set = ColleagueSet {
        name: visit.form.need("name")?.to_owned(),
        role: role(visit.form.need("role")?)?,
        licence: licence(&visit)?,
    };
    let by = visit.who()?.user;
    let after = visit.app.clinic.change_colleague(by, &user, set).await?;
    if after.role != user.role || after.name != user.name {
        visit.app.logins.close_all(user.id);
    }
    Ok(see("/users?said=saved"))
}

/// POST `/users/{user}/second-factor`: their device is lost, and the codes on paper too.
pub async fn forget_second(visit: Visit) -> Reply {
    let user = user(&visit).await?;
    let by = visit.who()?.user;
    visit.app.clinic.remove_second(by, &user).await?;
    visit.app.logins.close_all(user.id);
    Ok(see("/users?said=saved"))
}

/// POST `/users/{user}/close`.
pub async fn close(visit: Visit) -> Reply {
    let user = user(&visit).await?;
    visit
        .app
        .clinic
        .close_user(visit.who()?.user, &user)
        .await?;
    visit.app.logins.close_all(user.id);
    Ok(see("/users?said=saved"))
}

/// GET `/audit`.
pub async fn audit(visit: Visit) -> Reply {
    let lines = visit.app.clinic.accesses(SHOWN).await?;
    let users = visit.app.clinic.users().await?;
    let names = users.into_iter().map(|user| (user.id, user.name)).collect();
    html(&Audit {
        f: Frame::new(&visit, Place::Clinic),
        lines,
        names,
    })
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
