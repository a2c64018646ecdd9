//! In this process, as fast as it can: the same loop and the same recording as a bedside's.

use super::{Finished, Permitted};
use crate::cli::TreatArgs;
use crate::commands::bedside::SIMULATED_TABLE;
use crate::failure::Failure;
use ed25519_dalek::SigningKey;
use si::{Kilograms, Problem};
use table::Table as _;
use table::grant::SignedGrant;
use table::runner::{self, Start};
use table::simulated::{Act, Options, Script, SimulatedTable};
use table::wire::Simulated;
use traction::PER_SECOND;

/// The staff start at this tick of a routine script.
const STARTED: u32 = 100;

/// What happens while the session runs.
#[derive(Clone, Debug, Default)]
pub(crate) struct Run {
    /// Seed of the table.
    pub(crate) seed: u64,
    /// The patient presses the switch so many seconds after the start.
    pub(crate) press_switch_at: Option<f64>,
    /// Discomfort told, as seconds after the start and score.
    pub(crate) comfort: Vec<(f64, u8)>,
}

impl Run {
    /// What the command line asks for.
    pub(crate) fn of(args: &TreatArgs) -> Result<Self, Failure> {
        let comfort = args
            .comfort
            .iter()
            .map(|text| told(text))
            .collect::<Result<_, _>>()?;
        check_switch(args.press_switch_at)?;
        Ok(Self {
            seed: args.seed,
            press_switch_at: args.press_switch_at,
            comfort,
        })
    }
}

fn check_switch(at: Option<f64>) -> Result<(), Problem> {
    if at.is_none_or(|at| (0.0..86_400.0).contains(&at)) {
        return Ok(());
    }
    let value = at.map(|at| at.to_string()).unwrap_or_default();
    let remedy = "give seconds after the start, such as 120";
    Err(Problem::new(
        "press-switch-at",
        "--press-switch-at",
        value,
        "is no time of a session",
        remedy,
    ))
}

fn told(text: &str) -> Result<(f64, u8), Problem> {
    let parsed = text.split_once('=').and_then(|(at, score)| {
        let at: f64 = at
            .parse()
            .ok()
            .filter(|at: &f64| (0.0..86_400.0).contains(at))?;
        let score: u8 = score.parse().ok().filter(|score| *score <= 10)?;
        Some((at, score))
    });
    parsed.ok_or_else(|| {
        Problem::new(
            "comfort",
            "--comfort",
            text,
            "is not SECONDS=SCORE",
            "write 120=4 for a score of 4 after 120 s",
        )
    })
}

/// Runs the session on a table of its own.
pub(crate) fn run(permitted: &Permitted, run: &Run) -> Result<Finished, Failure> {
    let mut table = SimulatedTable::new(options(permitted, run.seed))?;
    let key = SigningKey::from_bytes(&[0; 32]);
    let signed = SignedGrant::sign(&permitted.grant, &key);
    table::grant::admit(
        &permitted.grant,
        table.info(),
        permitted.at.as_millisecond(),
    )?;
    let start = Start {
        at_ms: permitted.at.as_millisecond(),
        seed: run.seed,
    };
    let recording = runner::run(&signed, &mut table, script(run), start)?;
    Ok(Finished {
        bytes: recording.bytes,
        summary: recording.summary,
        table: SIMULATED_TABLE,
    })
}

/// The simulated table with this patient on it.
pub(super) fn options(permitted: &Permitted, seed: u64) -> Options {
    let mut options = Options::new(SIMULATED_TABLE, seed);
    if let Some(mass) = Kilograms::new(permitted.body_weight_kg) {
        options.patient.mass = mass;
    }
    if let Some(age) = permitted.age_years {
        options.patient.age_years = age;
    }
    options
}

fn script(run: &Run) -> Script {
    let mut script = Script::routine();
    for (at, score) in &run.comfort {
        script = script.at(tick(*at), Act::Feels(*score));
    }
    match run.press_switch_at {
        Some(at) => script.at(tick(at), Act::Table(Simulated::Switch { pressed: true })),
        None => script,
    }
}

#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "the cast saturates"
)]
fn tick(after: f64) -> u32 {
    STARTED.saturating_add((after * f64::from(PER_SECOND)) as u32)
}
