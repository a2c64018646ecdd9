//! The bedside with its socket: sessions by wire, two consoles, a console that dies.

use crate::support::*;
use ed25519_dalek::SigningKey;
use si::Newtons;
use table::SignedGrant;
use table::blackbox::{Contents, file_name};
use table::client::{Client, ClientError};
use table::replay::{Replayed, replay};
use table::wire::{Fault, FaultKind, FaultName, Purpose, Request, Simulated, Status};
use traction::Mode;
use traction::grant::Grant;
use traction::input::{StopKind, Symptom};

pub(crate) fn code<T: std::fmt::Debug>(outcome: Result<T, ClientError>) -> String {
    let error = outcome.expect_err("a refusal");
    error
        .refusal()
        .map_or_else(|| format!("{error:?}"), |refusal| refusal.code.clone())
}

pub(crate) fn in_hold(client: &Client) -> Status {
    wait(client, "hold", |status| {
        status.stage == "running" && status.phase == "hold" && status.force_n > 150.0
    })
}

pub(crate) fn unloaded(client: &Client) -> Status {
    wait(client, "unloaded", |status| status.stage == "unloaded")
}

fn assert_let_go(status: &Status) {
    let stop = status.stop.expect("a stop");
    assert!(stop.command_ms.is_some_and(|ms| ms <= 20), "{stop:?}");
    assert!(stop.falling_ms.is_some_and(|ms| ms <= 50), "{stop:?}");
    assert!(stop.unloaded_ms.is_some_and(|ms| ms < 5_000), "{stop:?}");
}

/// Long enough that nothing ends it by itself.
pub(crate) fn long() -> Grant {
    fresh_grant(static_profile(200.0, 1_200.0), 1)
}

#[test]
fn a_session_at_sixty_times_real_time_completes_and_its_recording_is_fetched_whole() {
    let rig = Rig::new(60);
    let console = rig.control("desk");
    let grant = fresh_grant(static_profile(200.0, 60.0), 1);
    console.start(&grant);
    let client = &console.client;
    wait(client, "the end", |status| {
        status.last_reason.as_deref() == Some("completed")
    });
    until("the list", || {
        client.sessions_since(0).is_ok_and(|lines| lines.len() == 1)
    });
    let line = client.sessions_since(0).expect("a list").remove(0);
    assert!(line.completed && line.lost_frames == 0, "{line:?}");
    assert_eq!(client.sessions_since(1).expect("a list"), []);
    let fetched = client.fetch_recording(&line.session).expect("a recording");
    let path = rig.dir.path().join("state").join(file_name(&grant.session));
    assert_eq!(fetched, std::fs::read(path).expect("a file"));
    let contents = Contents::read(&fetched).expect("a recording");
    assert_eq!(contents.header.grant, grant.encode());
    let ticks = line.frames;
    assert_eq!(replay(&contents), Ok(Replayed::Equal { ticks }));
}

#[test]
fn stop_from_a_console_without_the_lease_unloads_mid_hold() {
    let rig = Rig::new(60);
    let console = rig.control("desk");
    let other = rig.connect("tablet");
    console.start(&long());
    in_hold(&other);
    other.stop().expect("STOP needs no lease");
    let status = unloaded(&other);
    assert_eq!(status.latch.as_deref(), Some("console-stop"));
    assert!(status.closes_day && !status.may_resume && status.alarm);
    assert_let_go(&status);
}

#[test]
fn the_patients_switch_unloads_mid_hold() {
    let rig = Rig::new(60);
    let console = rig.control("desk");
    console.start(&long());
    in_hold(&console.client);
    let act = Simulated::Switch { pressed: true };
    console.client.simulate(act).expect("a simulated table");
    let status = unloaded(&console.client);
    assert_eq!(status.latch.as_deref(), Some("patient-switch"));
    assert!(status.switch_pressed);
    assert_let_go(&status);
}

/// hazard: H15
#[test]
fn a_console_that_dies_is_followed_by_no_increase_and_an_unload_that_latches() {
    let rig = Rig::new(10);
    let looking = rig.connect("tablet");
    let console = rig.control("desk");
    console.start(&long());
    in_hold(&looking);
    drop(console);
    let late = wait(&looking, "no increase", |status| {
        status.action == "no-increase"
    });
    assert_eq!(late.limiter.as_deref(), Some("link-late"));
    assert!(late.link_age_ms.is_some_and(|age| age >= 1_000), "{late:?}");
    let status = unloaded(&looking);
    assert_eq!(status.latch.as_deref(), Some("link-lost"));
    assert_eq!(status.lease, None);
    assert_let_go(&status);
    let heir = rig.control("desk again");
    assert_eq!(
        unloaded(&heir.client).latch.as_deref(),
        Some("link-lost"),
        "it stays latched"
    );
    heir.client.close().expect("unloaded");
}

#[test]
fn a_viewer_can_look_lower_and_stop_and_nothing_else() {
    let rig = Rig::new(60);
    let console = rig.control("desk");
    let viewer = rig.connect("tablet");
    let client = &viewer;
    assert_eq!(code(client.take_lease()), "lease-held");
    console.start(&long());
    in_hold(client);
    let refused = [
        code(client.token(Purpose::Start)),
        code(client.start("00000000000000000000000000000000")),
        code(client.continue_session()),
        code(client.allow_increase()),
        code(client.explain(StopKind::Comfort)),
        code(client.end()),
        code(client.close()),
        code(client.release_lease()),
        code(client.arm(&signed(&long()))),
    ];
    assert!(
        refused.iter().all(|code| code == "lease-held"),
        "{refused:?}"
    );
    client.heartbeat().expect("counted for nothing");
    client.stop().expect("open to all");
    unloaded(client);
}

/// hazard: H28
#[test]
fn a_symptom_told_by_a_viewer_lets_go_and_a_better_score_is_not_the_viewers_to_tell() {
    let rig = Rig::new(60);
    let console = rig.control("desk");
    let viewer = rig.connect("tablet");
    console.start(&long());
    in_hold(&viewer);
    viewer.no_increase().expect("it only holds");
    let held = wait(&viewer, "held", |status| status.held.is_some());
    assert_eq!(held.held.as_deref(), Some("staff-no-increase"));
    viewer.comfort(1).expect("worse than nothing");
    wait(&viewer, "the score", |status| status.comfort == Some(1));
    assert_eq!(code(viewer.comfort(0)), "lease-held");
    viewer.symptom(Symptom::Crack).expect("open to all");
    let status = unloaded(&viewer);
    assert_eq!(status.latch.as_deref(), Some("symptom"));
    assert_let_go(&status);
}

/// hazard: H14
#[test]
fn control_passes_by_hand_over_and_back_in_mid_session() {
    let rig = Rig::new(10);
    let desk = rig.control("desk");
    desk.start(&long());
    in_hold(&desk.client);
    let tablet = rig.connect("tablet");
    assert_eq!(code(desk.client.hand_over("nobody")), "console-absent");
    desk.client.hand_over("tablet").expect("connected");
    assert_eq!(code(desk.client.end()), "lease-held");
    let status = tablet.status().expect("a status");
    assert_eq!(
        (status.lease.as_deref(), status.latch),
        (Some("tablet"), None)
    );
    tablet.pause().expect("in control");
    wait(&tablet, "paused", |status| status.stage == "paused");
    tablet.heartbeat().expect("alive");
    tablet.continue_session().expect("with a token of its own");
    wait(&tablet, "running", |status| status.stage == "running");
}

/// hazard: H13
#[test]
fn a_token_starts_once_and_only_the_last_one_counts() {
    let rig = Rig::new(60);
    let console = rig.control("desk");
    let client = &console.client;
    assert_eq!(code(client.token(Purpose::Start)), "no-session");
    client.arm(&signed(&long())).expect("a good grant");
    console.try_switch();
    let old = client.token(Purpose::Start).expect("a token");
    let new = client.token(Purpose::Start).expect("a token");
    assert_eq!(code(client.start(&old)), "token-refused");
    assert_eq!(
        code(client.start(&new)),
        "token-refused",
        "withdrawn by the wrong one"
    );
    let resume = client.token(Purpose::Continue).expect("a token");
    assert_eq!(code(client.start(&resume)), "token-refused");
    let good = client.token(Purpose::Start).expect("a token");
    client.start(&good).expect("ready");
    assert_eq!(code(client.start(&good)), "token-refused");
    assert_eq!(code(client.start("zz")), "token-refused");
}

/// hazard: H31
#[test]
fn a_change_of_force_in_mid_hold_needs_its_token_and_the_signed_limits() {
    let rig = Rig::new(60);
    let console = rig.control("desk");
    console.start(&long());
    let client = &console.client;
    let before = in_hold(client);
    let ask = |token: String, force_n| {
        client.call(&Request::Change {
            token,
            mode: "static".into(),
            force_n,
        })
    };
    assert_eq!(code(ask("00".repeat(16), 150.0)), "token-refused");
    let other = client.token(Purpose::Continue).expect("a token");
    assert_eq!(
        code(ask(other, 150.0)),
        "token-refused",
        "of another purpose"
    );
    let above = Newtons::of(before.ceiling_n + 0.1);
    assert_eq!(code(client.change(Mode::Static, above)), "command-refused");
    let steps = client.change(Mode::Progressive, Newtons::of(150.0));
    assert_eq!(code(steps), "command-refused");
    assert!((client.status().expect("a status").set_point_n - 200.0).abs() < 1e-9);
    client
        .change(Mode::Static, Newtons::of(150.0))
        .expect("less than was signed");
    let after = wait(client, "150 N", |status| status.force_n < 155.0);
    assert_eq!(
        (after.stage.as_str(), after.phase.as_str()),
        ("running", "hold")
    );
    assert!((after.set_point_n - 150.0).abs() < 1e-9, "{after:?}");
    let viewer = rig.connect("tablet");
    let not_mine = viewer.change(Mode::Static, Newtons::of(120.0));
    assert_eq!(code(not_mine), "lease-held");
}

#[test]
fn a_technical_stop_resumes_once_by_two_acts_at_a_lower_ceiling() {
    let rig = Rig::new(60);
    let console = rig.control("desk");
    let client = &console.client;
    console.start(&long());
    in_hold(client);
    client.stop().expect("open to all");
    assert!(!unloaded(client).may_resume);
    assert_eq!(code(client.token(Purpose::Resume)), "command-refused");
    client
        .explain(StopKind::Comfort)
        .expect("a practitioner's act");
    assert_eq!(
        code(client.token(Purpose::Resume)),
        "command-refused",
        "switch untested"
    );
    console.try_switch();
    let token = client.token(Purpose::Resume).expect("the first act");
    client.resume(&token).expect("the second act");
    let status = wait(client, "hold again", |status| {
        status.stage == "running" && status.force_n > 100.0
    });
    assert!(status.ceiling_n <= 0.75 * 205.0, "{status:?}");
    client.stop().expect("open to all");
    unloaded(client);
    client
        .explain(StopKind::Comfort)
        .expect("a practitioner's act");
    console.try_switch();
    assert_eq!(
        code(client.token(Purpose::Resume)),
        "command-refused",
        "used up"
    );
}

/// hazard: H25
#[test]
fn forged_expired_early_and_foreign_grants_are_refused_and_nothing_opens() {
    let rig = Rig::new(60);
    let console = rig.control("desk");
    let good = long();
    let forged = SignedGrant::sign(&good, &SigningKey::from_bytes(&[1; 32]));
    assert_eq!(code(console.client.arm(&forged)), "grant-forged");
    let hour = 3_600_000;
    let cases = [
        (
            Grant {
                not_before_ms: good.not_before_ms - 2 * hour,
                expires_ms: good.not_before_ms,
                ..good
            },
            "grant-expired",
        ),
        (
            Grant {
                not_before_ms: good.not_before_ms + hour,
                expires_ms: good.expires_ms + hour,
                ..good
            },
            "grant-early",
        ),
        (
            Grant {
                table: [9; 16],
                ..good
            },
            "grant-table",
        ),
    ];
    for (grant, expected) in cases {
        assert_eq!(code(console.client.arm(&signed(&grant))), expected);
    }
    let status = console.client.status().expect("a status");
    assert_eq!((status.session, status.stage.as_str()), (None, "idle"));
    console
        .client
        .arm(&signed(&good))
        .expect("its nonce is not spent");
}

/// hazard: H25
#[test]
fn a_grant_opens_one_session_even_across_a_restart() {
    let mut rig = Rig::new(60);
    let grant = long();
    let console = rig.control("desk");
    console.client.arm(&signed(&grant)).expect("fresh");
    drop(console);
    rig.restart(60);
    let console = rig.control("desk");
    assert_eq!(code(console.client.arm(&signed(&grant))), "nonce-spent");
    let line = console.client.sessions_since(0).expect("a list").remove(0);
    assert_eq!(
        (line.reason.as_str(), line.completed),
        ("bedside-stopped", false)
    );
}

#[test]
fn a_running_session_is_not_replaced_and_an_unloaded_one_is_closed_by_the_next() {
    let rig = Rig::new(60);
    let console = rig.control("desk");
    console.start(&long());
    in_hold(&console.client);
    let next = fresh_grant(static_profile(100.0, 30.0), 2);
    assert_eq!(code(console.client.arm(&signed(&next))), "still-loaded");
    assert_eq!(code(console.client.close()), "still-loaded");
    console.client.stop().expect("open to all");
    unloaded(&console.client);
    console
        .client
        .arm(&signed(&next))
        .expect("unloaded; its nonce was not spent before");
    let first = hex::encode([1; 16]);
    until("the list", || {
        console.client.sessions_since(0).is_ok_and(|lines| {
            lines
                .iter()
                .any(|line| line.session == first && line.reason == "console-stop")
        })
    });
}

#[test]
fn stopping_the_bedside_unloads_first_and_lists_the_session() {
    let mut rig = Rig::new(10);
    let console = rig.control("desk");
    console.start(&long());
    in_hold(&console.client);
    rig.stop();
    let path = rig.dir.path().join("state").join(file_name(&[1; 16]));
    let contents = Contents::read(&std::fs::read(path).expect("a file")).expect("a recording");
    assert_eq!(
        contents.end.as_ref().map(|end| end.reason.as_str()),
        Some("bedside-stopped")
    );
    let last = table::replay::frames(&contents)
        .expect("frames")
        .pop()
        .expect("a frame");
    assert!(last.output.force.get() < 20.0 && !last.output.drive.torque);
    assert!(!rig.socket().exists());
}

#[test]
fn a_session_that_was_stopped_keeps_its_cause_when_the_bedside_ends() {
    let mut rig = Rig::new(60);
    let console = rig.control("desk");
    console.start(&long());
    in_hold(&console.client);
    console.client.comfort(8).expect("a score");
    assert_eq!(
        unloaded(&console.client).latch.as_deref(),
        Some("comfort-stop")
    );
    rig.restart(60);
    let line = rig
        .connect("desk")
        .sessions_since(0)
        .expect("a list")
        .remove(0);
    assert_eq!(line.reason, "comfort-stop");
}

#[test]
fn a_recording_asked_for_in_the_moment_of_its_end_comes_closed() {
    let rig = Rig::new(60);
    let console = rig.control("desk");
    console.start(&fresh_grant(static_profile(50.0, 10.0), 1));
    let client = &console.client;
    let open = client
        .fetch_recording(&hex::encode([1; 16]))
        .expect("as far as it is");
    assert!(Contents::read(&open).expect("a recording").end.is_none());
    let over = |status: &Status| status.session.is_none() && status.last_session.is_some();
    let status = wait(client, "the end", over);
    let session = status.last_session.expect("an id");
    let bytes = client.fetch_recording(&session).expect("a recording");
    let end = Contents::read(&bytes)
        .expect("a recording")
        .end
        .expect("closed");
    assert_eq!((end.reason.as_str(), end.completed), ("completed", true));
}

#[test]
fn faults_can_be_injected_by_wire() {
    let rig = Rig::new(60);
    let console = rig.control("desk");
    console.start(&long());
    in_hold(&console.client);
    let fault = FaultName::CellALost;
    console
        .client
        .simulate(Simulated::Fault { fault, on: true })
        .expect("simulated");
    let impossible = Fault::of(FaultKind::PatientPulls, 5_000.0);
    let refused = console
        .client
        .simulate(Simulated::Inject { fault: impossible });
    let problem = format!("{:?}", refused.expect_err("no patient is that strong"));
    assert!(problem.contains("0 to 300 N"), "{problem}");
    let status = unloaded(&console.client);
    assert_eq!(status.latch.as_deref(), Some("sample-lost"));
    assert_eq!(status.force_a_n, None);
}
