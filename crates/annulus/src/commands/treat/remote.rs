//! On a bedside: as its client, with a heartbeat while the session runs.

use super::{Finished, Permitted, Run, local};
use crate::cli::TreatArgs;
use crate::commands::key;
use crate::failure::Failure;
use ed25519_dalek::SigningKey;
use indicatif::{ProgressBar, ProgressStyle};
use jiff::Timestamp;
use std::path::Path;
use std::time::{Duration, Instant};
use table::bedside::{Bedside, Options};
use table::blackbox::Contents;
use table::client::{Client, ClientError};
use table::grant::SignedGrant;
use table::summary::Summary;
use table::wire::{Purpose, Simulated, Status};

/// How often the console proves that it lives (devices.md §4b, 7).
const HEARTBEAT: Duration = Duration::from_millis(200);
/// A tried switch, and the loop's time to see it.
const SWITCH_PAUSE: Duration = Duration::from_millis(400);

/// In this process, but by the clock: a bedside of its own at the speed that was asked.
pub(super) fn here(permitted: &Permitted, args: &TreatArgs) -> Result<Finished, Failure> {
    let folder = tempfile::tempdir()
        .map_err(|error| Failure::new("making a folder for the bedside", error))?;
    let mut seed = [0_u8; 32];
    getrandom::fill(&mut seed).map_err(|error| Failure::new("asking for randomness", error))?;
    let clinic = SigningKey::from_bytes(&seed);
    let socket = folder.path().join("bedside.sock");
    let bedside = Bedside::start(Options {
        socket: socket.clone(),
        state_dir: folder.path().join("state"),
        clinic_key: clinic.verifying_key().to_bytes(),
        speed: args.speed,
        table: local::options(permitted, args.seed),
    })?;
    let finished = session(&socket, permitted, &clinic, args);
    bedside.stop()?;
    finished
}

/// On a bedside that runs already, with the clinic's key.
pub(super) fn on(
    socket: &Path,
    permitted: &Permitted,
    args: &TreatArgs,
) -> Result<Finished, Failure> {
    let key = key::load(
        args.key
            .as_deref()
            .unwrap_or_else(|| Path::new("var/clinic.key")),
    )?;
    session(socket, permitted, &key, args)
}

fn session(
    socket: &Path,
    permitted: &Permitted,
    key: &SigningKey,
    args: &TreatArgs,
) -> Result<Finished, Failure> {
    let mut grant = permitted.grant;
    // The bedside's own clock opens the window; the facts' instant decided, and is in the plan.
    grant.not_before_ms = Timestamp::now().as_millisecond() - 1_000;
    grant.expires_ms = grant.not_before_ms + 3_600_000;
    let client = Client::connect(socket, "annulus treat").map_err(|error| lost(&error))?;
    grant.table = client.welcome().table;
    let signed = SignedGrant::sign(&grant, key);
    let id = hex::encode(grant.session);
    begin(&client, &signed).map_err(|error| lost(&error))?;
    let run = Run::of(args)?;
    follow(&client, &id, &run).map_err(|error| lost(&error))?;
    let bytes = client.fetch_recording(&id).map_err(|error| lost(&error))?;
    let contents = Contents::read(&bytes)?;
    let frames = table::replay::frames(&contents)?;
    Ok(Finished {
        summary: Summary::of(frames),
        bytes,
        table: grant.table,
    })
}

fn begin(client: &Client, signed: &SignedGrant) -> Result<(), ClientError> {
    client.take_lease()?;
    client.arm(signed)?;
    for pressed in [true, false] {
        client.simulate(Simulated::Switch { pressed })?;
        std::thread::sleep(SWITCH_PAUSE);
        client.heartbeat()?;
    }
    let token = client.token(Purpose::Start)?;
    client.start(&token)
}

/// Follows the session to its end, acting for the simulated patient.
fn follow(client: &Client, id: &str, run: &Run) -> Result<(), ClientError> {
    let bar = ProgressBar::new(0).with_style(style());
    client.subscribe(10)?;
    let mut comfort = run.comfort.clone();
    let mut press = run.press_switch_at;
    let mut beat = Instant::now();
    loop {
        if beat.elapsed() >= HEARTBEAT {
            client.heartbeat()?;
            beat = Instant::now();
        }
        let Some(status) = client.next_status(HEARTBEAT)? else {
            continue;
        };
        show(&bar, &status);
        act(client, &status, &mut comfort, &mut press)?;
        match status.stage.as_str() {
            "unloaded" => client.close()?,
            "complete" | "idle" if is_over(&status, id) => break,
            _ => {}
        }
    }
    bar.finish_and_clear();
    Ok(())
}

fn is_over(status: &Status, id: &str) -> bool {
    status.last_session.as_deref() == Some(id)
}

fn act(
    client: &Client,
    status: &Status,
    comfort: &mut Vec<(f64, u8)>,
    press: &mut Option<f64>,
) -> Result<(), ClientError> {
    let due = |at: f64| status.elapsed_s >= at;
    while let Some(place) = comfort.iter().position(|(at, _)| due(*at)) {
        let (_, score) = comfort.remove(place);
        client.comfort(score)?;
    }
    if press.is_some_and(due) {
        *press = None;
        client.simulate(Simulated::Switch { pressed: true })?;
    }
    Ok(())
}

fn style() -> ProgressStyle {
    ProgressStyle::with_template("{bar:32} {pos:>4}/{len} s  {msg}")
        .unwrap_or_else(|_| ProgressStyle::default_bar())
}

#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "whole seconds for a bar"
)]
fn show(bar: &ProgressBar, status: &Status) {
    bar.set_length((status.elapsed_s + status.remaining_s) as u64);
    bar.set_position(status.elapsed_s as u64);
    bar.set_message(format!("{:>5.1} N  {}", status.force_n, status.phase));
}

fn lost(error: &ClientError) -> Failure {
    match error.refusal() {
        Some(refusal) => Failure::new("asking the bedside", refusal),
        None => Failure::new("talking to the bedside", error),
    }
}
