//! The black box: its file, its ring, a disk that fails.

use crate::support::*;
use proptest::prelude::*;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;
use table::blackbox::format::{CHUNK_FRAMES, MAGIC, Tail};
use table::blackbox::{
    Contents, Disk, Encoder, End, FRAME_BYTES, Header, RING_FRAMES, Recorder, Sessions, recover,
};
use traction::Setup;

fn header(frame_bytes: u32) -> Header {
    let grant = grant(static_profile(200.0, 30.0));
    Header {
        frame_bytes,
        simulated: true,
        seed: 5,
        armed_at_ms: NOW_MS,
        table: TABLE,
        session: [2; 16],
        setup: Setup::simulated(si::Region::Lumbar),
        grant: grant.encode().to_vec(),
        signature: signed(&grant).signature,
        program: Some("annulus 0.1.0".into()),
    }
}

fn end() -> End {
    End {
        completed: true,
        lost: 3,
        reason: "completed".into(),
    }
}

/// A recording of `count` frames of 4 bytes.
fn small(count: u32) -> Vec<u8> {
    let mut bytes = Vec::new();
    let mut encoder = Encoder::start(&header(4), &mut bytes);
    for index in 0..count {
        encoder.push(&index.to_le_bytes(), &mut bytes);
    }
    encoder.finish(&end(), &mut bytes);
    bytes
}

fn header_length() -> usize {
    let mut bytes = Vec::new();
    let _ = Encoder::start(&header(4), &mut bytes);
    bytes.len()
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, cases: 64, ..ProptestConfig::default() })]

    #[test]
    fn any_bytes_read_as_a_recording_or_are_refused(bytes in prop::collection::vec(any::<u8>(), 0..400)) {
        let _ = Contents::read(&bytes);
        let _ = Contents::read(&[&MAGIC[..], &bytes].concat());
    }

    #[test]
    fn a_recording_comes_back_frame_by_frame(count in 0_u32..95) {
        let contents = Contents::read(&small(count)).expect("whole");
        prop_assert_eq!(&contents.header, &header(4));
        prop_assert_eq!(contents.end.as_ref(), Some(&end()));
        prop_assert_eq!(contents.tail, Tail::Closed);
        let frames: Vec<u32> = contents
            .frames()
            .map(|frame| u32::from_le_bytes(frame.try_into().expect("4 bytes")))
            .collect();
        prop_assert_eq!(frames, (0..count).collect::<Vec<_>>());
    }

    #[test]
    fn a_recording_cut_anywhere_reads_up_to_its_last_whole_chunk(cut in any::<prop::sample::Index>()) {
        let whole = small(95);
        let keep = header_length() + cut.index(whole.len() - header_length());
        let contents = Contents::read(&whole[..keep]).expect("the header is whole");
        prop_assert!(contents.end.is_none() && contents.intact <= keep);
        let chunk = 4 + CHUNK_FRAMES * 4 + 32;
        let chunks = ((keep - header_length()) / chunk).min(9) * CHUNK_FRAMES;
        prop_assert!(contents.frame_count() == chunks || contents.frame_count() == 95);
        // And it is closed where it broke, by the same chain.
        let mut mended = whole[..contents.intact].to_vec();
        contents.resume().finish(&end(), &mut mended);
        prop_assert_eq!(Contents::read(&mended).expect("mended").tail, Tail::Closed);
    }

    #[test]
    fn a_flipped_bit_anywhere_shows(at in any::<prop::sample::Index>(), bit in 0_u8..8) {
        let mut bytes = small(40);
        let at = at.index(bytes.len());
        bytes[at] ^= 1 << bit;
        if let Ok(contents) = Contents::read(&bytes) {
            prop_assert!(contents.tail != Tail::Closed && contents.frame_count() < 41);
            prop_assert!(contents.intact <= at);
        }
    }
}

fn unhex(text: &str) -> Vec<u8> {
    hex::decode(text.split_whitespace().collect::<String>()).expect("hex")
}

#[test]
fn a_recording_has_the_bytes_it_had_when_it_was_first_kept() {
    let bytes = small(12);
    let lines: Vec<String> = bytes.chunks(32).map(hex::encode).collect();
    let kept = include_str!("golden/recording_v2.hex");
    assert_eq!(lines.join("\n") + "\n", kept);
    assert_eq!(header(4).bytes(), bytes[..header_length()]);
}

/// The file was written by the program that named no program.
#[test]
fn a_recording_of_the_first_version_is_still_read_and_written() {
    let bytes = unhex(include_str!("golden/recording_v1.hex"));
    let contents = Contents::read(&bytes).expect("version 1");
    let unnamed = Header {
        program: None,
        ..header(4)
    };
    assert_eq!(contents.header, unnamed);
    assert_eq!((contents.frame_count(), contents.tail), (12, Tail::Closed));
    assert_eq!(unnamed.bytes(), bytes[..unnamed.bytes().len()]);
}

#[test]
fn a_recording_of_a_later_version_is_refused_by_its_number() {
    let mut bytes = small(12);
    bytes[6] = b'3';
    let refused = Contents::read(&bytes).expect_err("version 3");
    assert_eq!(
        (refused.code, refused.value.as_str()),
        ("recording-version", "3")
    );
    bytes[6] = b'1';
    let refused = Contents::read(&bytes).expect_err("the hash is of version 2");
    assert_eq!(refused.code, "recording-header");
}

#[test]
fn bytes_behind_the_end_show() {
    let mut bytes = small(10);
    bytes.push(0);
    assert_eq!(
        Contents::read(&bytes).expect("a recording").tail,
        Tail::Altered
    );
}

/// A disk that can be told to fail, or not to come back.
#[derive(Clone, Default)]
struct Flaky {
    bytes: Arc<Mutex<Vec<u8>>>,
    failing: Arc<AtomicBool>,
    hanging: Arc<AtomicBool>,
}

impl Disk for Flaky {
    fn write_at(&mut self, bytes: &[u8], offset: u64) -> std::io::Result<()> {
        while self.hanging.load(Ordering::Relaxed) {
            std::thread::sleep(Duration::from_millis(1));
        }
        if self.failing.load(Ordering::Relaxed) {
            return Err(std::io::ErrorKind::StorageFull.into());
        }
        let mut kept = self.bytes.lock().expect("unpoisoned");
        let offset = usize::try_from(offset).expect("a short file");
        kept.resize(offset, 0);
        kept.extend_from_slice(bytes);
        Ok(())
    }

    fn sync(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

fn recorder(dir: &std::path::Path) -> Recorder {
    let sessions = Sessions::open(dir).expect("empty");
    Recorder::start(Arc::new(Mutex::new(sessions))).expect("a thread")
}

fn frame(index: usize) -> [u8; FRAME_BYTES] {
    let mut frame = [0; FRAME_BYTES];
    frame[..8].copy_from_slice(&(index as u64).to_le_bytes());
    frame
}

fn full_header() -> Header {
    header(u32::try_from(FRAME_BYTES).expect("short"))
}

/// hazard: H24
#[test]
fn a_full_disk_costs_nothing_once_it_has_room_again() {
    let dir = tempfile::tempdir().expect("a directory");
    let recorder = recorder(dir.path());
    let disk = Flaky::default();
    recorder
        .open_on(Box::new(disk.clone()), &full_header())
        .expect("room for the header");
    let mut ring = recorder.ring();
    disk.failing.store(true, Ordering::Relaxed);
    for index in 0..1_000 {
        ring.push(frame(index));
    }
    until("trouble", || recorder.figures().failing);
    disk.failing.store(false, Ordering::Relaxed);
    ring.end(true, "completed");
    until("the end", || {
        let bytes = disk.bytes.lock().expect("unpoisoned").clone();
        Contents::read(&bytes).is_ok_and(|contents| contents.tail == Tail::Closed)
    });
    let bytes = disk.bytes.lock().expect("unpoisoned").clone();
    let contents = Contents::read(&bytes).expect("a recording");
    assert_eq!(contents.frame_count(), 1_000);
    assert_eq!(contents.end.expect("an end").lost, 0);
}

#[test]
fn a_hanging_disk_fills_the_ring_and_then_costs_frames_but_never_the_loop() {
    let dir = tempfile::tempdir().expect("a directory");
    let recorder = recorder(dir.path());
    let disk = Flaky::default();
    recorder
        .open_on(Box::new(disk.clone()), &full_header())
        .expect("room for the header");
    disk.hanging.store(true, Ordering::Relaxed);
    let mut ring = recorder.ring();
    let pushed = RING_FRAMES * 2;
    for index in 0..pushed {
        ring.push(frame(index));
    }
    ring.end(false, "patient-switch");
    assert!(!ring.poll(), "the ring is full, its end waits outside");
    let lost = recorder.figures().lost;
    assert!(lost >= (RING_FRAMES / 2) as u64, "{lost} frames lost");
    disk.hanging.store(false, Ordering::Relaxed);
    until("room", || ring.poll());
    recorder.finish(Duration::from_secs(30));
    let bytes = disk.bytes.lock().expect("unpoisoned").clone();
    let contents = Contents::read(&bytes).expect("a recording");
    assert_eq!(contents.frame_count() as u64 + lost, pushed as u64);
    assert_eq!(contents.end.expect("an end").lost, lost);
}

#[test]
fn a_recording_that_cannot_be_opened_refuses_the_session() {
    let dir = tempfile::tempdir().expect("a directory");
    let recorder = recorder(dir.path());
    let disk = Flaky::default();
    disk.failing.store(true, Ordering::Relaxed);
    let refused = recorder
        .open_on(Box::new(disk), &full_header())
        .expect_err("no room");
    assert_eq!(refused.code, "recording-unwritable");
    recorder
        .open(dir.path(), &full_header())
        .expect("a fresh file");
    let twice = recorder
        .open(dir.path(), &full_header())
        .expect_err("never written over");
    assert_eq!(twice.code, "recording-unwritable");
}

#[test]
fn a_restart_closes_what_was_cut_short_keeps_the_torn_part_and_lists_each_once() {
    let dir = tempfile::tempdir().expect("a directory");
    let whole = small(95);
    let path = dir.path().join(table::blackbox::file_name(&[2; 16]));
    std::fs::write(&path, &whole[..whole.len() - 100]).expect("written");
    std::fs::write(dir.path().join("session-nonsense.frames"), b"x").expect("written");
    let broken = dir.path().join(table::blackbox::file_name(&[3; 16]));
    std::fs::write(&broken, b"not a recording").expect("written");
    let mut sessions = Sessions::open(dir.path()).expect("empty");
    assert_eq!(recover(&mut sessions), Ok(2));
    let reasons: Vec<_> = sessions
        .since(0)
        .iter()
        .map(|line| line.reason.as_str())
        .collect();
    assert_eq!(reasons, ["bedside-restarted", "recording-unreadable"]);
    assert_eq!(sessions.since(0)[0].frames, 90);
    assert!(path.with_extension("torn").exists());
    assert_eq!(
        std::fs::read(&broken).expect("untouched"),
        b"not a recording"
    );
    let mut again = Sessions::open(dir.path()).expect("a list");
    assert_eq!(recover(&mut again), Ok(0));
    assert_eq!(again.since(0), sessions.since(0));
    assert_eq!(again.since(1).len(), 1);
}

#[test]
fn a_list_cut_by_a_power_loss_loses_no_session() {
    let dir = tempfile::tempdir().expect("a directory");
    std::fs::write(
        dir.path().join(table::blackbox::file_name(&[2; 16])),
        small(20),
    )
    .expect("written");
    let mut sessions = Sessions::open(dir.path()).expect("empty");
    assert_eq!(recover(&mut sessions), Ok(1));
    let path = dir.path().join("sessions.jsonl");
    let text = std::fs::read_to_string(&path).expect("a list");
    std::fs::write(&path, &text[..text.len() / 2]).expect("cut");
    let mut again = Sessions::open(dir.path()).expect("a torn tail is no damage");
    assert_eq!(again.since(0), []);
    assert_eq!(recover(&mut again), Ok(1));
    assert_eq!(again.since(0), sessions.since(0));
}
