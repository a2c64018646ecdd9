//! On a bedside: as its client, with a heartbeat while the session runs.

use super::{Finished, Permitted, Run, local};
use crate::commands::key;
use crate::failure::Failure;
use ed25519_dalek::SigningKey;
use indicatif::{ProgressBar, ProgressStyle};
use jiff::Timestamp;
use si::Problem;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
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
pub(super) fn here(permitted: &Permitted, run: &Run, speed: u32) -> Result<Finished, Failure> {
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
        speed,
        table: local::options(permitted, run.seed),
    })?;
    let finished = session(&socket, permitted, &clinic, run);
    bedside.stop()?;
    finished
}

/// On a bedside that runs already, with the clinic's key.
pub(super) fn on(
    socket: &Path,
    permitted: &Permitted,
    run: &Run,
    key: Option<&Path>,
) -> Result<Finished, Failure> {
    let key = key::load(key.unwrap_or_else(|| Path::new("var/clinic.key")))?;
    session(socket, permitted, &key, run)
}

fn session(
    socket: &Path,
    permitted: &Permitted,
    key: &SigningKey,
    run: &Run,
) -> Result<Finished, Failure> {
    let mut grant = permitted.grant;
    // The bedside's own clock opens the window; the facts' instant decided, and is in the plan.
    grant.not_before_ms = Timestamp::now().as_millisecond() - 1_000;
    grant.expires_ms = grant.not_before_ms + 3_600_000;
    let client =
        Client::connect(socket, "annulus treat").map_err(|error| unreachable(socket, &error))?;
    grant.table = client.welcome().table;
    let signed = SignedGrant::sign(&grant, key);
    let id = hex::encode(grant.session);
    let ended = interrupted()?;
    begin(&client, &signed).map_err(lost)?;
    follow(&client, &id, run, &ended).map_err(lost)?;
    let bytes = client.fetch_recording(&id).map_err(lost)?;
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

/// Set by SIGINT or SIGTERM: whoever ends this program stops the table first.
fn interrupted() -> Result<Arc<AtomicBool>, Failure> {
    let ended = Arc::new(AtomicBool::new(false));
    for signal in [signal_hook::consts::SIGINT, signal_hook::consts::SIGTERM] {
        signal_hook::flag::register(signal, Arc::clone(&ended))
            .map_err(|error| Failure::new("listening for signals", error))?;
    }
    Ok(ended)
}

/// Follows the session to its end, acting for the simulated patient.
fn follow(client: &Client, id: &str, run: &Run, ended: &AtomicBool) -> Result<(), ClientError> {
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
        if ended.swap(false, Ordering::Relaxed) {
            client.stop()?;
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

fn lost(error: ClientError) -> Failure {
    match error {
        ClientError::Refused(refusal) => Failure::Refused(refusal),
        other => Failure::new("talking to the bedside", other),
    }
}

fn unreachable(socket: &Path, error: &ClientError) -> Failure {
    Problem::new(
        "bedside-unreachable",
        "--bedside",
        socket.display().to_string(),
        error.to_string(),
        "start `annulus bedside --simulated` and name its socket",
    )
    .into()
}
