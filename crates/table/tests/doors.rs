//! The bedside's door: who comes in, and what nobody can do from there.

use crate::process::code;
use crate::support::*;
use std::os::unix::fs::PermissionsExt as _;
use std::os::unix::net::UnixStream;
use std::time::Duration;
use table::bedside::Bedside;
use table::rng::Rng;
use table::wire::{Purpose, Request};

#[test]
fn statuses_are_pushed_to_subscribers() {
    let rig = Rig::new(60);
    let client = rig.connect("tablet");
    assert_eq!(code(client.subscribe(0)), "subscribe-range");
    assert_eq!(code(client.subscribe(21)), "subscribe-range");
    client.subscribe(20).expect("in range");
    for _ in 0..5 {
        let pushed = client.next_status(Duration::from_secs(30)).expect("open");
        assert_eq!(pushed.expect("in time").stage, "idle");
    }
    let figures = client.status().expect("a status").loop_figures;
    assert!(
        figures.wakes > 0 && figures.p99_us <= figures.max_us,
        "{figures:?}"
    );
}

#[test]
fn the_socket_is_private_and_its_own() {
    let rig = Rig::new(60);
    let mode = std::fs::metadata(rig.socket())
        .expect("a socket")
        .permissions()
        .mode();
    assert_eq!(mode & 0o777, 0o600);
    let dir = std::fs::metadata(rig.dir.path().join("state")).expect("a directory");
    assert_eq!(dir.permissions().mode() & 0o777, 0o700);
    let same_state = Bedside::start(options(rig.dir.path(), 1)).map(drop);
    assert_eq!(same_state.expect_err("taken").code, "state-taken");
    let file = rig.dir.path().join("file");
    std::fs::write(&file, b"somebody's").expect("written");
    let mut on_a_file = options(rig.dir.path(), 1);
    (on_a_file.state_dir, on_a_file.socket) = (rig.dir.path().join("third"), file.clone());
    let refused = Bedside::start(on_a_file)
        .map(drop)
        .expect_err("not a socket");
    assert_eq!(refused.code, "socket-unusable");
    assert_eq!(std::fs::read(file).expect("untouched"), b"somebody's");
    let mut same_socket = options(rig.dir.path(), 1);
    same_socket.state_dir = rig.dir.path().join("other");
    assert_eq!(
        Bedside::start(same_socket)
            .map(drop)
            .expect_err("taken")
            .code,
        "socket-taken"
    );
}

#[test]
fn a_connection_that_skips_hello_or_talks_nonsense_gets_nothing_and_harms_nobody() {
    use table::wire::{Addressed, Reader, Reply, Request, Writer};
    let rig = Rig::new(60);
    let stream = UnixStream::connect(rig.socket()).expect("a connection");
    let mut writer = Writer::new(stream.try_clone().expect("a handle"));
    let mut reader = Reader::new(stream);
    let mut ask = |message: &serde_json::Value| {
        writer.write(message, Vec::new()).expect("sent");
        let frame = reader.read().expect("an answer").expect("an answer");
        match frame.message::<Addressed>().expect("a reply").reply {
            Reply::Refused(refusal) => refusal.code,
            reply => format!("{reply:?}"),
        }
    };
    let request = |request: &Request| serde_json::to_value(request).expect("JSON");
    assert_eq!(ask(&request(&Request::Stop)), "hello-first");
    assert_eq!(
        ask(&serde_json::json!({"kind": "raise"})),
        "message-unreadable"
    );
    let hello = Request::Hello {
        console: String::new(),
    };
    assert_eq!(ask(&request(&hello)), "console-name");
    use std::io::Write as _;
    let mut rude = UnixStream::connect(rig.socket()).expect("a connection");
    rude.write_all(&[0xFF; 64]).expect("sent");
    assert!(rig.connect("desk").status().is_ok());
}

#[test]
fn only_a_real_speed_is_taken() {
    let dir = tempfile::tempdir().expect("a directory");
    let refused = Bedside::start(options(dir.path(), 7))
        .map(drop)
        .expect_err("no such speed");
    assert_eq!((refused.code, refused.value.as_str()), ("speed", "7"));
}

/// Any request but STOP and hello, with made-up contents.
fn some_request(rng: &mut Rng) -> Request {
    let token = hex::encode([u8::try_from(rng.next_u64() % 256).expect("a byte"); 16]);
    let grant = signed(&fresh_grant(static_profile(200.0, 60.0), 9));
    let requests = [
        Request::LeaseTake,
        Request::LeaseHandOver {
            to: "tablet".into(),
        },
        Request::LeaseRelease,
        Request::Arm {
            grant: hex::encode(grant.bytes),
            signature: hex::encode(grant.signature),
        },
        Request::Token {
            purpose: Purpose::Start,
        },
        Request::Start {
            token: token.clone(),
        },
        Request::Resume {
            token: token.clone(),
        },
        Request::Continue {
            token: token.clone(),
        },
        Request::AllowIncrease {
            token: token.clone(),
        },
        Request::Change {
            token,
            mode: "static".into(),
            force_n: 210.0,
        },
        Request::Pause,
        Request::Lower,
        Request::NoIncrease,
        Request::Comfort { score: 0 },
        Request::Comfort { score: 10 },
        Request::Symptom {
            symptom: "numbness".into(),
        },
        Request::Explain {
            stop: "comfort".into(),
            token: "00".repeat(16),
        },
        Request::Ack,
        Request::End,
        Request::Close,
        Request::Heartbeat,
        Request::Status,
        Request::SessionsSince { after: 0 },
    ];
    let index = rng.next_u64() % requests.len() as u64;
    requests[usize::try_from(index).expect("small")].clone()
}

/// Whether a request may only take force away, or tells what the patient feels.
fn lowers(request: &Request) -> bool {
    matches!(
        request,
        Request::Pause
            | Request::Lower
            | Request::NoIncrease
            | Request::Comfort { .. }
            | Request::Symptom { .. }
    )
}

#[test]
fn whatever_a_viewer_sends_but_what_lowers_changes_nothing() {
    let rig = Rig::new(60);
    let console = rig.control("desk");
    let grant = fresh_grant(static_profile(200.0, 60.0), 1);
    console.client.arm(&signed(&grant)).expect("a good grant");
    console.try_switch();
    let token = console.client.token(Purpose::Start).expect("a token");
    let viewer = rig.connect("tablet");
    let mut rng = Rng::new(1);
    for _ in 0..500 {
        let request = some_request(&mut rng);
        if !lowers(&request) {
            let _ = viewer.call(&request);
        }
    }
    let status = viewer.status().expect("a status");
    assert_eq!(
        (status.stage.as_str(), status.lease.as_deref()),
        ("armed", Some("desk"))
    );
    console
        .client
        .start(&token)
        .expect("not even the token was withdrawn");
}

#[test]
fn nothing_a_viewer_sends_raises_force() {
    for seed in 1..=4 {
        let rig = Rig::new(60);
        let console = rig.control("desk");
        console.start(&fresh_grant(static_profile(200.0, 1_200.0), 1));
        let viewer = rig.connect("tablet");
        let mut last = wait(&viewer, "hold", |status| {
            status.phase == "hold" && status.force_n > 150.0
        });
        let mut rng = Rng::new(seed);
        for _ in 0..120 {
            let request = some_request(&mut rng);
            let _ = viewer.call(&request);
            let status = viewer.status().expect("a status");
            let risen = status.force_n > last.force_n.max(1.0) + 10.0;
            assert!(
                status.set_point_n <= last.set_point_n + 0.01 && !risen,
                "{request:?}: {status:#?} after {last:#?}"
            );
            assert_eq!(status.lease.as_deref(), Some("desk"), "{request:?}");
            last = status;
        }
        wait(&viewer, "less force", |status| status.force_n < 150.0);
    }
}

#[test]
fn whatever_the_console_in_control_sends_without_a_token_pulls_nothing() {
    let rig = Rig::new(60);
    let console = rig.control("desk");
    let client = &console.client;
    client
        .arm(&signed(&fresh_grant(static_profile(200.0, 60.0), 1)))
        .expect("a good grant");
    console.try_switch();
    let mut rng = Rng::new(2);
    for _ in 0..500 {
        let request = some_request(&mut rng);
        let gives_up = matches!(
            request,
            Request::LeaseRelease | Request::LeaseHandOver { .. }
        );
        if !gives_up {
            let _ = client.call(&request);
        }
        let status = client.status().expect("a status");
        let still = ["armed", "complete", "idle", "unloaded"].contains(&status.stage.as_str());
        assert!(still && status.force_n < 20.0, "{request:?}: {status:#?}");
    }
}
