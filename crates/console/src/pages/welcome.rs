//! Where an invited patient chooses how they log in. The link is all they have: it answers
//! once, and names nobody.

use askama::Template;
use axum::http::StatusCode;
use care::episode::Role;
use si::Problem;

use super::checkin::{gone, patient};
use crate::clinic::{Invited, NewUser};
use crate::door::route::Verb;
use crate::door::{Fault, Reply, Visit, html, link_token, see};
use crate::frame::{Frame, Place};

/// As the audit log names it.
pub(super) const ROUTE: &str = "/w/{token}";

#[derive(Template)]
#[template(path = "welcome.html")]
struct Page {
    f: Frame,
    token: String,
    csrf: String,
    clinic: String,
    /// They have an account, and choose a new password.
    again: bool,
    /// The name they log in with, as far as it is known.
    login: String,
    /// Why nothing was saved, and what to do.
    problem: Option<String>,
}

/// GET `/w/{token}`.
pub async fn show(visit: Visit) -> Reply {
    let Some(invited) = invited(&visit, Verb::Get).await? else {
        return gone(&visit);
    };
    page(&visit, &invited, String::new(), None)
}

fn page(visit: &Visit, invited: &Invited, login: String, problem: Option<Problem>) -> Reply {
    let token = visit.part("token")?.to_owned();
    let account = invited.account.as_ref();
    let f = Frame::new(visit, Place::Elsewhere);
    html(&Page {
        csrf: link_token(&token),
        token,
        clinic: visit.app.clinic.settings().name.clone(),
        again: account.is_some(),
        login: account.map_or(login, |account| account.login.clone()),
        problem: problem.map(|problem| f.t.refused(problem.code)),
        f,
    })
}

/// POST `/w/{token}`: the account is made, or its password set.
pub async fn choose(visit: Visit) -> Reply {
    let Some(invited) = invited(&visit, Verb::Post).await? else {
        return gone(&visit);
    };
    let login = visit.form.get("login").unwrap_or_default().to_owned();
    match save(&visit, &invited, login.clone()).await {
        Ok(()) => Ok(see("/login?said=welcome")),
        // What was typed stands there, but for the password.
        Err(problem) => {
            let mut refused = page(&visit, &invited, login, Some(problem))?;
            *refused.status_mut() = StatusCode::UNPROCESSABLE_ENTITY;
            Ok(refused)
        }
    }
}

async fn save(visit: &Visit, invited: &Invited, login: String) -> Result<(), Problem> {
    let clinic = &visit.app.clinic;
    let password = visit.form.need("password")?.to_owned();
    if let Some(account) = &invited.account {
        let set = clinic.set_password(account.id, account, password, false);
        set.await?;
        visit.app.logins.close_all(account.id).await?;
        return Ok(());
    }
    let chart = clinic.chart(invited.patient).await?;
    let new = NewUser {
        login,
        name: chart.episode.demographics.0.name.clone(),
        role: Role::Patient,
        licence: None,
        patient: Some(invited.patient),
        password,
        temporary: false,
    };
    clinic.add_user(patient(&chart).id, new).await.map(|_| ())
}

/// Who the link invites; guessing is slowed down, and who came is noted.
async fn invited(visit: &Visit, verb: Verb) -> Result<Option<Invited>, Fault> {
    let clinic = &visit.app.clinic;
    let invited = clinic.invited(visit.part("token")?).await?;
    match &invited {
        Some(invited) => clinic.note(visit, invited.patient, ROUTE, verb).await?,
        None => visit.wrong_link().await?,
    }
    Ok(invited)
}
