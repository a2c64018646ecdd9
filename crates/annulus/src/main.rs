//! The binary: wiring, and nothing else.

mod cli;
mod commands;
mod failure;
mod files;
mod input;
mod logging;
mod settings;

use clap::{CommandFactory as _, Parser as _};
use cli::{Cli, Command, Format};
use failure::Failure;
use fhir::step::Step;
use std::process::ExitCode;

fn main() -> ExitCode {
    let cli = match Cli::try_parse() {
        Ok(cli) => cli,
        Err(error) => return unparsed(&error),
    };
    let format = cli.format;
    match run(cli) {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => failure.report(format.plain().unwrap_or(Format::Text)),
    }
}

/// Help and version go to standard output; wrong arguments are bad input like any other.
fn unparsed(error: &clap::Error) -> ExitCode {
    let args: Vec<_> = std::env::args().collect();
    let json = args.iter().any(|arg| arg == "--format=json")
        || args.windows(2).any(|pair| pair == ["--format", "json"]);
    if !error.use_stderr() || !json {
        error.exit();
    }
    let text = error.to_string();
    let told = text
        .lines()
        .next()
        .unwrap_or_default()
        .trim_start_matches("error: ");
    let value = error
        .get(clap::error::ContextKind::InvalidValue)
        .map(ToString::to_string);
    let place = error
        .get(clap::error::ContextKind::InvalidArg)
        .map(ToString::to_string);
    Failure::from(si::Problem::new(
        "arguments",
        place.unwrap_or_else(|| "arguments".into()),
        value.unwrap_or_default(),
        told,
        "see `annulus help` and the command's --help",
    ))
    .report(Format::Json)
}

fn run(cli: Cli) -> Result<(), Failure> {
    let asked = cli.format;
    if let Command::Simulate(args) = &cli.command {
        return commands::simulate::run(args, asked);
    }
    let format = plain(asked)?;
    let mut settings = settings::load(cli.config.as_deref())?;
    settings.policy_file = cli.policy.or(settings.policy_file);
    let settings = settings;
    match cli.command {
        Command::Evaluate(args) => commands::decide::run(Step::Evaluate, &args, &settings, format),
        Command::Plan(args) => commands::plan::plan(&args, &settings, format),
        Command::Sign(args) => commands::plan::sign(&args, &settings),
        Command::Treat(args) => commands::treat::run(&args, &settings, format),
        // Taken above, with the forms of output that it alone knows.
        Command::Simulate(_) => Ok(()),
        Command::Calibrate(args) => commands::calibrate::run(&args, format),
        Command::Triage(args) => commands::decide::run(Step::Triage, &args, &settings, format),
        Command::Review(args) => commands::decide::run(Step::Review, &args, &settings, format),
        Command::Facts(command) => commands::facts::run(&command, &settings, format),
        Command::Knowledge(command) => commands::knowledge::run(command, &settings, format),
        Command::Journal(command) => commands::journal::run(command, &settings, format),
        Command::Backup(args) => commands::backup::backup(args, &settings, format),
        Command::Restore(args) => commands::backup::restore(&args, format),
        Command::Doctor(args) => commands::doctor::run(args, &settings, format),
        Command::Demo => commands::demo::run(format),
        Command::Serve(args) => commands::serve::run(args, settings, format),
        Command::Bedside(args) => commands::bedside::run(args, &settings, format),
        Command::Table(command) => commands::table::run(&command),
        Command::Key(command) => commands::key::run(&command),
        Command::User(command) => commands::user::run(command, &settings),
        Command::Validate(args) => commands::validate::run(&args, format),
        Command::Campaign(args) => commands::campaign::run(&args, format),
        Command::Replay(args) => commands::replay::run(&args, &settings, format),
        Command::Translations(args) => commands::translations::run(&args, format),
        Command::Completions { shell } => completions(shell),
        Command::Schema { folder } => commands::schema::run(&folder),
    }
}

/// Text or JSON: only `simulate` draws pictures and writes tables.
fn plain(asked: cli::FormatAsked) -> Result<Format, Failure> {
    asked.plain().ok_or_else(|| {
        let value = if asked == cli::FormatAsked::Svg {
            "svg"
        } else {
            "parquet"
        };
        let problem = "is written by `simulate` only";
        si::Problem::new("arguments", "--format", value, problem, "use text or json").into()
    })
}

fn completions(shell: clap_complete::Shell) -> Result<(), Failure> {
    let mut text = Vec::new();
    clap_complete::generate(shell, &mut Cli::command(), "annulus", &mut text);
    files::print(&text)
}
