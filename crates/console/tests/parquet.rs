//! Recordings as Parquet: back to the same bytes, and what becomes of the raw ones.

use std::path::Path;

use console::bedside::{from_parquet, keep, stored, thin_out, to_parquet};
use proptest::prelude::*;
use record::recording::{Format, RAW_KEPT, Recording, Sealed};
use record::sha256;
use si::{Newtons, Region};
use table::blackbox::{Contents, Encoder, End, Header};
use table::replay::{Replayed, replay};
use traction::input::{Command, Input, Pole, Sample, Switch};
use traction::session::Session;
use traction::{Frame, Grant, Mode, Setup};
use uuid::Uuid;

use crate::browser::House;

const TABLE: Uuid = Uuid::from_bytes([7; 16]);

/// What varies between recordings.
#[derive(Clone, Debug)]
struct Case {
    session: [u8; 16],
    ticks: u16,
    first_version: bool,
    program: Option<String>,
    end: End,
    forces: Vec<(f64, u8)>,
}

fn grant(session: [u8; 16]) -> Grant {
    // The golden grant of version 2, for another session.
    let text = include_str!("../../traction/tests/golden/grant_v2.hex");
    let bytes = hex_of(text);
    let mut grant = Grant::decode(&bytes).expect("golden");
    grant.session = session;
    grant
}

fn hex_of(text: &str) -> Vec<u8> {
    let digits: Vec<u32> = text.chars().filter_map(|c| c.to_digit(16)).collect();
    let byte = |pair: &[u32]| u8::try_from(16 * pair[0] + pair[1]).expect("two digits");
    digits.chunks_exact(2).map(byte).collect()
}

/// A recording of a session that was stepped with these forces and commands.
fn recorded(case: &Case) -> Vec<u8> {
    let grant = grant(case.session);
    let setup = Setup::simulated(Region::Cervical);
    let mut session = Session::arm(&grant, &setup).expect("armable");
    let length = if case.first_version {
        Frame::FIRST_BYTES
    } else {
        Frame::BYTES
    };
    let header = Header {
        frame_bytes: u32::try_from(length).expect("short"),
        simulated: true,
        seed: u64::MAX - 3,
        armed_at_ms: -5,
        table: *TABLE.as_bytes(),
        session: case.session,
        setup,
        grant: grant.encode().to_vec(),
        signature: [9; 64],
        program: case.program.clone(),
    };
    let mut bytes = Vec::new();
    let mut encoder = Encoder::start(&header, &mut bytes);
    for tick in 0..usize::from(case.ticks) {
        let (force, what) = case.forces[tick % case.forces.len()];
        let input = input(force, what);
        let output = session.step(&input);
        let frame = Frame { input, output };
        if case.first_version {
            encoder.push(&first(&frame), &mut bytes);
        } else {
            encoder.push(&frame.encode(), &mut bytes);
        }
    }
    encoder.finish(&case.end, &mut bytes);
    bytes
}

fn input(force: f64, what: u8) -> Input {
    let sample = |bit: u8| (what & bit == 0).then(|| Sample::fresh(force));
    let pole = |bit: u8| {
        if what & bit == 0 {
            Pole::Closed
        } else {
            Pole::Open
        }
    };
    let command = match what % 11 {
        1 => Some(Command::Start),
        2 => Some(Command::Stop),
        3 => Some(Command::Comfort(what)),
        4 => Some(Command::Change {
            mode: Mode::Static,
            force: Newtons::raw(force),
        }),
        _ => None,
    };
    Input {
        force_a: sample(1),
        force_b: sample(2),
        travel: sample(4),
        motor_force: sample(8),
        switch: Switch {
            a: pole(16),
            b: pole(16),
        },
        command,
        ..Input::NOTHING
    }
}

/// A frame as version 1 kept it: without a command's force and the limit.
fn first(frame: &Frame) -> Vec<u8> {
    let mut without = *frame;
    if matches!(without.input.command, Some(Command::Change { .. })) {
        without.input.command = None;
    }
    let bytes = without.encode();
    let force = 4 * 11 + 2 + 2 + 3;
    let kept = [&bytes[1..1 + force], &bytes[1 + force + 8..bytes.len() - 1]].concat();
    let bytes = [&[traction::frame::FIRST_VERSION][..], &kept].concat();
    assert!(Frame::decode(&bytes).is_some(), "a frame of version 1");
    bytes
}

fn case() -> impl Strategy<Value = Case> {
    let number = prop_oneof![
        3 => 0.0..250.0_f64,
        1 => any::<f64>(),
        1 => Just(f64::NAN),
        1 => Just(-0.0),
    ];
    let forces = prop::collection::vec((number, any::<u8>()), 1..12);
    let end = (any::<bool>(), any::<u64>(), "[ -~é]{0,40}");
    let program = prop::option::of("[ -~é]{0,60}");
    (
        any::<[u8; 16]>(),
        0_u16..300,
        any::<bool>(),
        program,
        end,
        forces,
    )
        .prop_map(
            |(session, ticks, first_version, program, (completed, lost, reason), forces)| Case {
                session,
                ticks,
                first_version,
                program,
                end: End {
                    completed,
                    lost,
                    reason,
                },
                forces,
            },
        )
}

fn plain(session: [u8; 16]) -> Case {
    Case {
        session,
        ticks: 130,
        first_version: false,
        program: Some("annulus 0.1.0".into()),
        end: End {
            completed: false,
            lost: 0,
            reason: "console-stop".into(),
        },
        forces: vec![(1.5, 0), (2.0, 1), (3.0, 16)],
    }
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, cases: 48, ..ProptestConfig::default() })]

    #[test]
    fn a_recording_comes_back_from_parquet_byte_for_byte(case in case()) {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("session.parquet");
        let raw = recorded(&case);
        let written = to_parquet(&path, &raw).unwrap();
        prop_assert_eq!(written.frames, u64::from(case.ticks));
        prop_assert_eq!(written.sha256, sha256(&std::fs::read(&path).unwrap()));
        prop_assert!(from_parquet(&path).unwrap() == raw);
        let contents = Contents::read(&raw).unwrap();
        let ticks = u64::from(case.ticks);
        if !case.first_version {
            prop_assert_eq!(replay(&contents), Ok(Replayed::Equal { ticks }));
        }
    }
}

#[test]
fn what_is_not_whole_or_not_made_of_frames_is_not_written() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("session.parquet");
    let raw = recorded(&plain([2; 16]));
    let cut = to_parquet(&path, &raw[..raw.len() - 200]).expect_err("no end");
    assert_eq!(cut.code, "recording-cut");
    // A flag that is neither yes nor no would not come back: such a frame stays raw.
    let contents = Contents::read(&raw).unwrap();
    let mut odd = Vec::new();
    let mut encoder = Encoder::start(&contents.header, &mut odd);
    for frame in contents.frames() {
        let mut frame = frame.to_vec();
        frame[1] = 2;
        encoder.push(&frame, &mut odd);
    }
    encoder.finish(&contents.end.unwrap(), &mut odd);
    let refused = to_parquet(&path, &odd).expect_err("not the same bytes");
    assert_eq!(refused.code, "recording-not-parquet");
    assert!(!path.exists(), "nothing is left");
}

#[test]
fn a_file_whose_metadata_was_dropped_or_changed_is_refused_with_its_place() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("session.parquet");
    let raw = recorded(&plain([2; 16]));
    let frames = Contents::read(&raw).unwrap();
    let length = frames.header.frame_bytes as usize;
    record::recording::write_parquet(&path, &[], length, &frames.frames).unwrap();
    let bare = from_parquet(&path).expect_err("no header");
    assert_eq!(bare.code, "recording-parquet");
    assert!(bare.place.contains("metadata recording.header"), "{bare}");
    to_parquet(&path, &raw).unwrap();
    let bytes = std::fs::read(&path).unwrap();
    for (key, from, to) in [
        ("end.reason", "console-stop", "console-step"),
        ("setup.watchdog_ms", "200", "100"),
        ("program", "annulus 0.1.0", "annulus 9.1.0"),
    ] {
        let mut changed = bytes.clone();
        // The value stands behind its key, in the metadata at the end of the file.
        let key_at = last(&changed, key.as_bytes());
        let at = key_at + first_of(&changed[key_at..], from.as_bytes());
        changed[at..at + to.len()].copy_from_slice(to.as_bytes());
        std::fs::write(&path, &changed).unwrap();
        let refused = from_parquet(&path).expect_err(key);
        assert_eq!(refused.code, "recording-altered", "{key}: {refused}");
    }
}

fn first_of(bytes: &[u8], wanted: &[u8]) -> usize {
    let mut windows = bytes.windows(wanted.len());
    windows.position(|window| window == wanted).expect("there")
}

fn last(bytes: &[u8], wanted: &[u8]) -> usize {
    let mut windows = bytes.windows(wanted.len());
    windows.rposition(|window| window == wanted).expect("there")
}

/// A session's recording kept in the clinic's folder; its Parquet too where `sealed`.
async fn registered(house: &House, patient: Uuid, number: u8, sealed: bool) -> Vec<u8> {
    let clinic = &house.server.app().clinic;
    let session = Uuid::from_bytes([number; 16]);
    let raw = recorded(&plain([number; 16]));
    let name = session.simple().to_string();
    let file = keep(clinic.folder(), &name, &raw).unwrap();
    let recording = Recording::of_file(&file, session, TABLE, 130).unwrap();
    let parquet = file.with_extension("parquet");
    let beside = sealed.then(|| Sealed {
        file: parquet.file_name().unwrap().to_string_lossy().into_owned(),
        sha256: to_parquet(&parquet, &raw).unwrap().sha256,
    });
    clinic
        .register_recording(patient, &recording, beside.as_ref())
        .await
        .unwrap();
    raw
}

fn raw_file(folder: &Path, number: u8) -> std::path::PathBuf {
    let name = Uuid::from_bytes([number; 16]).simple().to_string();
    folder
        .join("recordings")
        .join(format!("session-{name}.frames"))
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn beyond_the_last_fifty_sessions_of_a_table_only_the_parquet_is_left() {
    let house = House::staffed().await;
    let clinic = &house.server.app().clinic;
    let folder = house.folder.path().to_owned();
    let patient = Uuid::from_u128(5);
    let mut raws = Vec::new();
    for number in 0..u8::try_from(RAW_KEPT).unwrap() + 3 {
        // The first was registered before there was a Parquet beside each.
        raws.push(registered(&house, patient, number, number != 0).await);
    }
    // One whose Parquet is no longer the one that was sealed.
    let spoilt = raw_file(&folder, 1).with_extension("parquet");
    std::fs::write(&spoilt, b"PAR1 nothing PAR1").unwrap();
    thin_out(clinic, TABLE).await.unwrap();
    let there = |number| raw_file(&folder, number).exists();
    assert_eq!(
        [there(0), there(1), there(2), there(3)],
        [false, true, false, true]
    );
    for (number, raw) in raws.iter().enumerate() {
        let file = raw_file(&folder, u8::try_from(number).unwrap());
        assert!(stored(&file).unwrap() == *raw, "session {number} is lost");
    }
    let session = Uuid::from_bytes([2; 16]);
    let (_, listed) = clinic.journal().recording(session).await.unwrap().unwrap();
    assert_eq!(listed.format, Format::Parquet);
    let bytes = std::fs::read(raw_file(&folder, 2).with_extension("parquet")).unwrap();
    assert_eq!(listed.sha256, sha256(&bytes));
    let report = clinic
        .journal()
        .verify(record::Verify::default())
        .await
        .unwrap();
    assert!(report.is_sound(), "{:?}", report.faults);
    // A second look changes nothing more.
    thin_out(clinic, TABLE).await.unwrap();
    assert!(there(1) && there(3));
}

#[tokio::test]
async fn a_session_is_read_back_raw_or_thinned_and_never_from_a_file_that_changed() {
    let house = House::staffed().await;
    let clinic = &house.server.app().clinic;
    let folder = house.folder.path().to_owned();
    let of = |number: u8| Uuid::from_bytes([number; 16]);
    for number in 0..u8::try_from(RAW_KEPT).unwrap() + 2 {
        registered(&house, Uuid::from_u128(5), number, true).await;
    }
    thin_out(clinic, TABLE).await.unwrap();
    assert!(!raw_file(&folder, 0).exists() && raw_file(&folder, 9).exists());
    for number in [0, 9] {
        let frames = clinic.frames(of(number)).await.unwrap().expect("kept");
        assert_eq!(frames.len(), 130, "session {number}");
    }
    assert!(clinic.frames(Uuid::from_u128(1)).await.unwrap().is_none());
    for file in [
        raw_file(&folder, 0).with_extension("parquet"),
        raw_file(&folder, 9),
    ] {
        let mut bytes = std::fs::read(&file).unwrap();
        let middle = bytes.len() / 2;
        bytes[middle] ^= 1;
        std::fs::write(&file, bytes).unwrap();
    }
    for number in [0, 9] {
        let lost = clinic.frames(of(number)).await.expect_err("another file");
        assert_eq!((lost.code, &*lost.place), ("recording-lost", "recordings"));
    }
}
