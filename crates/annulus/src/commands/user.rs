//! `annulus user add`: the door to a new clinic's first account.

use crate::cli::{UserAdd, UserCommand};
use crate::failure::Failure;
use crate::settings::Settings;
use crate::{files, input};
use care::episode::{Licence, Role};
use console::clinic::{Clinic, ClinicOptions, NewUser};
use si::Problem;
use uuid::Uuid;

/// Runs the command. The server is stopped meanwhile: one process writes a store.
pub(crate) fn run(command: UserCommand, settings: &Settings) -> Result<(), Failure> {
    let UserCommand::Add(args) = command;
    let runtime = tokio::runtime::Runtime::new()
        .map_err(|error| Failure::new("starting the runtime", error))?;
    runtime.block_on(add(args, settings))
}

async fn add(args: UserAdd, settings: &Settings) -> Result<(), Failure> {
    let password = console::door::password::generate();
    let new = NewUser {
        login: args.login.clone(),
        name: args.name,
        role: role(&args.role)?,
        licence: args
            .licence
            .zip(args.licence_until)
            .map(|(number, expires)| Licence { number, expires }),
        patient: None,
        password: password.clone(),
        temporary: true,
    };
    let clinic = Clinic::open(ClinicOptions {
        home: settings.store(args.store)?,
        key: None,
        demo: false,
        settings: console::clinic::Settings::default(),
        knowledge: Some(input::knowledge(settings)?),
        serve: false,
        new_key: false,
    })
    .await?;
    clinic.add_user(Uuid::nil(), new).await?;
    clinic.close().await?;
    files::print(format!("{} {password}", args.login).as_bytes())
}

/// A role that a person may hold.
fn role(name: &str) -> Result<Role, Problem> {
    let held = |role: &Role| !matches!(role, Role::Patient | Role::Program);
    Role::ALL.into_iter().filter(held).find(|role| role.as_str() == name).ok_or_else(|| {
        Problem::new(
            "unknown-role",
            "--role",
            name,
            "is no role of a clinic's staff",
            "choose front-desk, assistant, practitioner, clinical-lead, administrator or researcher",
        )
    })
}
