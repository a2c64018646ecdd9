//! `simulate`: what a prescription does to a spine, through `spine::column`.
//!
//! For people and programs who plan, never for a table: no signature is asked for
//! and none is given.

mod ask;
mod picture;
mod table;
mod tell;
mod text;

pub(crate) use tell::Simulation;

use crate::cli::{FormatAsked, SimulateArgs};
use crate::failure::Failure;
use crate::files;
use ask::Question;
pub(crate) use ask::{in_file, prescription};
use care::subject::refused;
use console::aside::shared_out;
use si::{Problem, Segment};
use spine::column::{ColumnError, Instants, Output, Prediction, refined};

/// Whether a level has this output: between skull, atlas and axis there is no disc.
fn has(segment: Segment, output: Output) -> bool {
    let disc = matches!(
        output,
        Output::DiscForce
            | Output::Pressure
            | Output::PressureChange
            | Output::Bulge
            | Output::AnnulusStrain
    );
    !disc || segment > Segment::C1C2
}

/// Runs the command.
pub(crate) fn run(args: &SimulateArgs, format: FormatAsked) -> Result<(), Failure> {
    if let Some(file) = &args.out {
        files::writable(file)?;
    }
    let question = Question::ask(args)?;
    match format {
        FormatAsked::Svg => picture(args, &question),
        FormatAsked::Parquet => {
            let Some(file) = &args.out else {
                let remedy = "add --out levels.parquet";
                let problem = "a table is not written to standard output";
                return Err(Problem::new("arguments", "--out", "", problem, remedy).into());
            };
            let told = predict(&question, &Instants::Even(args.instants))?;
            files::write(Some(file), &table::bytes(&told)?)
        }
        FormatAsked::Json => {
            let told = predict(&question, &Instants::Even(args.instants))?;
            let simulation = Simulation::of(&question, &told);
            let text = serde_json::to_string_pretty(&simulation)
                .map_err(|error| Failure::new("writing JSON", error))?;
            files::write(args.out.as_deref(), text.as_bytes())
        }
        FormatAsked::Text => {
            let told = predict(&question, &Instants::Even(args.instants))?;
            let text = text::text(&question, &told);
            files::write(args.out.as_deref(), text.as_bytes())
        }
    }
}

fn picture(args: &SimulateArgs, question: &Question) -> Result<(), Failure> {
    let output = Output::named(&args.output).ok_or_else(|| {
        let names: Vec<&str> = Output::ALL.iter().map(|output| output.as_str()).collect();
        let remedy = format!("use {}", names.join(", "));
        Problem::new(
            "arguments",
            "--output",
            &args.output,
            "no such output",
            remedy,
        )
    })?;
    let whole = question.pull.duration().get();
    let even = |part: usize| whole * part as f64 / (STEPS_OF_PICTURE - 1) as f64;
    let mut at: Vec<f64> = (0..STEPS_OF_PICTURE).map(even).collect();
    at.extend(args.at_s);
    let told = predict(question, &Instants::At(at))?;
    let asked = args.at_s.unwrap_or(f64::NAN);
    let mut found = told.instants.iter();
    let instant = found.position(|told| (told.0 - asked).abs() < 1e-3);
    let instant = instant.unwrap_or(told.held);
    let drawing = picture::Drawing {
        output,
        instant,
        whole: args.whole,
        upright: args.upright,
    };
    let svg = picture::svg(question, &told, &drawing);
    files::write(args.out.as_deref(), svg.as_bytes())
}

/// The prediction, its members shared out over the processor's cores.
fn predict(question: &Question, instants: &Instants) -> Result<Prediction, Failure> {
    let pull = (
        &question.pull as &dyn spine::world::Pull,
        question.pull.duration(),
    );
    let (subject, setting, belief) = (&question.subject, &question.setting, &question.belief);
    let ensemble = refined(subject, setting, pull, instants, (belief, question.members));
    let ensemble = ensemble.map_err(failed)?;
    let parts = shared_out(&ensemble, belief, question.members)
        .ok_or_else(|| Failure::new("simulating", "a thread did not begin, or ended early"))?
        .map_err(failed)?;
    Ok(Prediction::joined(subject, setting, &ensemble, parts))
}

/// Instants on the way to the one that is drawn.
const STEPS_OF_PICTURE: usize = 41;
/// What the column refuses is the caller's input; what it cannot compute is a failure.
fn failed(error: ColumnError) -> Failure {
    match error {
        ColumnError::OutOfRange { place, .. } => {
            let problem = refused(&error);
            let flag = match place {
                "comfort.pain" => "--pain".to_owned(),
                "comfort.effort" => "--resisting".to_owned(),
                "instants" => "--at-s".to_owned(),
                _ => return problem.into(),
            };
            Problem {
                place: flag,
                ..problem
            }
            .into()
        }
        other => Failure::new("simulating", other),
    }
}
