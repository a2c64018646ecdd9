//! The demonstration clinic: made once in an empty store from `demo/`, with
//! fresh passwords at every start. Everything in it goes through the same
//! commands as at the door; past sessions really ran on the simulated table.

mod booked;
mod script;
mod session;

use std::collections::BTreeMap;

use care::episode::{Actor, Licence, Role};
use jiff::{SignedDuration, Timestamp};
use si::Problem;
use uuid::Uuid;

use crate::clinic::{Clinic, NewUser, Settings, User};
use crate::door::password;
use script::Script;

/// Name and text of every file of the demonstration.
const FILES: &[(&str, &str)] = include!(concat!(env!("OUT_DIR"), "/demo.rs"));
/// Licences of a demonstration last so long.
const LICENCE: SignedDuration = SignedDuration::from_hours(24 * 400);

/// A login of the demonstration, with the password of this start.
#[derive(Clone)]
pub struct DemoLogin {
    /// The name typed at the login.
    pub login: String,
    /// The password.
    pub password: String,
    /// Who it is.
    pub name: String,
    /// What they may do.
    pub role: Role,
}

impl std::fmt::Debug for DemoLogin {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("DemoLogin")
            .field("login", &self.login)
            .field("role", &self.role)
            .finish_non_exhaustive()
    }
}

/// Makes the demonstration in an empty store, and fresh passwords in any.
///
/// # Errors
/// The store is not a demonstration, or a file of it says what cannot be done.
pub async fn seed(clinic: &Clinic) -> Result<Vec<DemoLogin>, Problem> {
    let script = Script::read(file("demo.toml")?)?;
    let empty = clinic.is_empty().await?;
    let (logins, users) = accounts(clinic, &script).await?;
    if empty {
        let actors: BTreeMap<String, Actor> = users
            .into_iter()
            .map(|user| (user.login.clone(), user.actor()))
            .collect();
        script::play(clinic, &script, &actors).await?;
    }
    Ok(logins)
}

/// The settings of a demonstration: its own wherever the caller left the defaults.
pub(crate) fn settings(given: Settings) -> Result<Settings, Problem> {
    Script::read(file("demo.toml")?)?.settings(given)
}

async fn accounts(
    clinic: &Clinic,
    script: &Script,
) -> Result<(Vec<DemoLogin>, Vec<User>), Problem> {
    let (mut logins, mut users) = (Vec::new(), Vec::new());
    for person in &script.user {
        let password = password::generate();
        let user = match clinic.user_by_login(&person.login).await? {
            Some(user) => {
                clinic
                    .set_password(Uuid::nil(), &user, password.clone(), false)
                    .await?
            }
            None => {
                clinic
                    .add_user(Uuid::nil(), new(person, password.clone()))
                    .await?
            }
        };
        logins.push(DemoLogin {
            login: user.login.clone(),
            password,
            name: user.name.clone(),
            role: user.role,
        });
        users.push(user);
    }
    Ok((logins, users))
}

fn new(person: &script::Person, password: String) -> NewUser {
    let expires = Timestamp::now()
        .saturating_add(LICENCE)
        .unwrap_or(Timestamp::MAX);
    NewUser {
        login: person.login.clone(),
        name: person.name.clone(),
        role: person.role,
        patient: None,
        licence: person
            .licence
            .clone()
            .map(|number| Licence { number, expires }),
        password,
        temporary: false,
    }
}

/// A file of the demonstration.
fn file(name: &str) -> Result<&'static str, Problem> {
    FILES
        .iter()
        .find(|(file, _)| *file == name)
        .map(|(_, text)| *text)
        .ok_or_else(|| {
            Problem::new(
                "demo-file",
                name,
                "",
                "is missing",
                "build from a complete checkout",
            )
        })
}
