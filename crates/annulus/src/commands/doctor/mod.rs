//! `annulus doctor`: whether an installation is as it should be, a line each, and what to do.

mod machine;
mod store;

use crate::cli::{DoctorArgs, Format};
use crate::failure::Failure;
use crate::files;
use crate::settings::Settings;
use console::clinic::Home;
use jiff::Timestamp;
use serde::Serialize;
use si::Problem;
use std::fmt::Write as _;

/// How one thing stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "lowercase")]
enum State {
    /// As it should be.
    Good,
    /// It works; somebody should look at it.
    Attention,
    /// It does not work, or patients' data is not safe.
    Fault,
}

/// One thing that was looked at.
#[derive(Debug, Serialize)]
struct Check {
    what: &'static str,
    state: State,
    found: String,
    /// Nothing where nothing is to be done.
    todo: String,
}

impl Check {
    fn good(what: &'static str, found: impl Into<String>) -> Self {
        Self::new(what, State::Good, found, "")
    }

    fn new(
        what: &'static str,
        state: State,
        found: impl Into<String>,
        todo: impl Into<String>,
    ) -> Self {
        Self {
            what,
            state,
            found: found.into(),
            todo: todo.into(),
        }
    }

    /// Wrong in the words of the part that said so.
    fn fault(what: &'static str, problem: &Problem) -> Self {
        let value = if problem.value.is_empty() {
            String::new()
        } else {
            format!(" ({})", problem.value)
        };
        let found = format!("{}{value}: {}", problem.place, problem.problem);
        Self::new(what, State::Fault, found, problem.remedy.clone())
    }
}

/// What everything is checked against.
struct Patient<'a> {
    home: Home,
    settings: &'a Settings,
    args: &'a DoctorArgs,
    now: Timestamp,
}

/// Runs the command.
pub(crate) fn run(
    mut args: DoctorArgs,
    settings: &Settings,
    format: Format,
) -> Result<(), Failure> {
    // A database that cannot be named is what is looked for, and no reason to look no further.
    let database = settings.database(args.store.database.clone());
    let home = Home {
        folder: settings.data(args.store.data.take()),
        database: None,
    };
    let mut patient = Patient {
        home,
        settings,
        args: &args,
        now: Timestamp::now(),
    };
    let mut checks = machine::checks(&patient);
    match database {
        Ok(database) => {
            patient.home.database = database;
            let runtime = tokio::runtime::Runtime::new()
                .map_err(|error| Failure::new("starting the runtime", error))?;
            checks.extend(runtime.block_on(store::checks(&patient)));
        }
        Err(Failure::Input(problem)) => checks.push(Check::fault("journal", &problem)),
        Err(other) => return Err(other),
    }
    let worst = checks.iter().map(|check| check.state).max();
    let told = match format {
        Format::Text => text(&checks),
        Format::Json => {
            let told = Told {
                schema: "annulus.doctor/1",
                state: worst.unwrap_or(State::Good),
                checks: &checks,
            };
            serde_json::to_string(&told).map_err(|error| Failure::new("writing JSON", error))?
        }
    };
    files::print(told.as_bytes())?;
    match worst {
        Some(State::Fault) => {
            let faults = checks.iter().filter(|check| check.state == State::Fault);
            let what = format!("{} of {} are wrong", faults.count(), checks.len());
            Err(Failure::new("checking the installation", what))
        }
        _ => Ok(()),
    }
}

#[derive(Serialize)]
struct Told<'a> {
    schema: &'static str,
    state: State,
    checks: &'a [Check],
}

fn text(checks: &[Check]) -> String {
    let mut text = String::new();
    for check in checks {
        let mark = match check.state {
            State::Good => "good     ",
            State::Attention => "attention",
            State::Fault => "FAULT    ",
        };
        let _ = write!(text, "{mark}  {}: {}", check.what, check.found);
        if !check.todo.is_empty() {
            let _ = write!(text, ". To do: {}", check.todo);
        }
        text.push('\n');
    }
    text
}
