//! The lumped patient of campaigns, fitted to this person's column.

use super::{Lying, known};
use crate::cli::{CalibrateArgs, Format};
use crate::failure::Failure;
use crate::files;
use care::subject::refused;
use serde::Serialize;
use si::{Metres, Radians, Region, Seconds};
use spine::column::ColumnError;
use spine::fit::{Fitted, Misfit, fit};
use spine::lumped::{Carriage, Lumped, Parameters, Scratch, State, impose};
use spine::unknown::Belief;
use std::fmt::Write as _;
use std::time::Instant;

/// The lumped patient as a document.
#[derive(Debug, Serialize)]
struct Document {
    schema: &'static str,
    region: &'static str,
    parameters: Told,
    error: ErrorTold,
    error_before: ErrorTold,
    linearisations: usize,
    tick_us: f64,
}

/// Largest and root mean square difference over the reference session.
#[derive(Debug, Serialize)]
struct ErrorTold {
    travel_max_m: f64,
    travel_rms_m: f64,
    elongation_max_m: f64,
    elongation_rms_m: f64,
    force_max_n: f64,
    force_rms_n: f64,
}

/// `spine::lumped::Parameters` in its own order, SI.
#[derive(Debug, Serialize)]
struct Told {
    subject: f64,
    relief: f64,
    linear: f64,
    toe: f64,
    toe_force: f64,
    levels: Vec<f64>,
    creep: f64,
    linear_creep: f64,
    fast_time: f64,
    slow_time: f64,
    fast_share: f64,
    recovery: f64,
    friction: f64,
    rolling: f64,
    weight: f64,
    slices: f64,
    harness: f64,
    harness_toe: f64,
    harness_toe_force: f64,
    harness_creep: f64,
    harness_creep_time: f64,
}

/// Runs `calibrate --lumped`.
pub(super) fn run(args: &CalibrateArgs, format: Format) -> Result<(), Failure> {
    let lying = Lying::of(args)?;
    let own = lying.prescription.as_ref().map(|pull| pull.region);
    let region = args.region.or(own).unwrap_or(Region::Lumbar);
    let (subject, setting) = lying.on(region)?;
    let belief = match &args.posterior {
        None => Belief::prior(region),
        Some(file) => known(file, region, "the lumped patient is pulled at")?,
    };
    let fitted = fit(&subject, &setting, &belief.member(0)).map_err(failed)?;
    let lumped = Lumped::with(
        &subject.patient,
        region,
        &setting.support,
        &fitted.parameters,
    );
    let tick_us = cost(&lumped.map_err(failed)?).map_err(failed)?;
    let document = document(region, &fitted, tick_us);
    let json = serde_json::to_string_pretty(&document)
        .map_err(|error| Failure::new("writing JSON", error))?;
    files::write(Some(&args.out), json.as_bytes())?;
    match format {
        Format::Json => files::print(json.as_bytes()),
        Format::Text => files::print(text(region, &fitted, tick_us).as_bytes()),
    }
}

fn failed(error: ColumnError) -> Failure {
    match error {
        ColumnError::OutOfRange { .. } => refused(&error).into(),
        other => Failure::new("fitting the lumped patient", other),
    }
}

/// Microseconds of one tick of 10 ms, the carriage moving: the best of five rounds.
fn cost(lumped: &Lumped) -> Result<f64, ColumnError> {
    const TICKS: u32 = 1_000;
    let mut best = f64::INFINITY;
    for _ in 0..5 {
        let (mut state, mut scratch) = (State::rest(lumped), Scratch::new());
        let start = Instant::now();
        for tick in 0..TICKS {
            let carriage = Carriage {
                travel: Metres::of(0.015 + 0.035 * (f64::from(tick) / 500.0).min(1.0)),
                angle: Radians::ZERO,
            };
            let dt = Seconds::of(0.01);
            impose(lumped, &mut state, &mut scratch, carriage, dt)?;
        }
        best = start.elapsed().as_secs_f64().min(best);
    }
    Ok(best * 1e6 / f64::from(TICKS))
}

fn document(region: Region, fitted: &Fitted, tick_us: f64) -> Document {
    Document {
        schema: "annulus.lumped/1",
        region: region.as_str(),
        parameters: told(&fitted.parameters),
        error: error(&fitted.after),
        error_before: error(&fitted.before),
        linearisations: fitted.iterations,
        tick_us,
    }
}

const fn error(of: &Misfit) -> ErrorTold {
    ErrorTold {
        travel_max_m: of.travel.0,
        travel_rms_m: of.travel.1,
        elongation_max_m: of.elongation.0,
        elongation_rms_m: of.elongation.1,
        force_max_n: of.force.0,
        force_rms_n: of.force.1,
    }
}

fn told(of: &Parameters) -> Told {
    Told {
        subject: of.subject,
        relief: of.relief,
        linear: of.linear,
        toe: of.toe,
        toe_force: of.toe_force,
        levels: of.levels.to_vec(),
        creep: of.creep,
        linear_creep: of.linear_creep,
        fast_time: of.fast_time,
        slow_time: of.slow_time,
        fast_share: of.fast_share,
        recovery: of.recovery,
        friction: of.friction,
        rolling: of.rolling,
        weight: of.weight,
        slices: of.slices,
        harness: of.harness,
        harness_toe: of.harness_toe,
        harness_toe_force: of.harness_toe_force,
        harness_creep: of.harness_creep,
        harness_creep_time: of.harness_creep_time,
    }
}

fn text(region: Region, fitted: &Fitted, tick_us: f64) -> String {
    let mut text = format!(
        "The lumped patient of this person, {region}, fitted to the column in {} linearisations.\n\
         Over a session of 15 holds that was not fitted it lies off by:\n",
        fitted.iterations
    );
    let mut line = |name: &str, (most, rms): (f64, f64), factor: f64, unit: &str, was: f64| {
        let _ = writeln!(
            text,
            "  {name}: {:.2} {unit} at most, {:.2} {unit} rms (unfitted {:.2} {unit} at most)",
            most * factor,
            rms * factor,
            was * factor
        );
    };
    let (before, after) = (&fitted.before, &fitted.after);
    line(
        "travel under the same force",
        after.travel,
        1e3,
        "mm",
        before.travel.0,
    );
    line(
        "opening of its levels together",
        after.elongation,
        1e3,
        "mm",
        before.elongation.0,
    );
    line(
        "force under the same travel",
        after.force,
        1.0,
        "N",
        before.force.0,
    );
    let _ = writeln!(text, "One tick costs {tick_us:.2} µs here.");
    text
}
