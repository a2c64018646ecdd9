//! A session's frames through Parquet and back.

use proptest::prelude::*;
use record::recording::{read_parquet, write_parquet};
use record::sha256;
use si::Newtons;
use traction::cause::{Action, Cause};
use traction::drive::{Drive, MetresPerSecond};
use traction::input::{Command, Input, Pole, Sample, StopKind, Switch};
use traction::output::{Output, Refusal};
use traction::profile::Phase;
use traction::supervisor::{Latch, SessionState, Stage};
use traction::{Frame, Limit, Mode, Ticks};

use crate::support::Place;

/// A frame in which everything optional is present and every field differs.
pub(crate) fn full() -> Frame {
    let sample = |value, age_ms| Some(Sample { value, age_ms });
    let input = Input {
        force_a: sample(101.5, 1),
        force_b: sample(102.5, 2),
        travel: sample(0.125, 3),
        motor_force: sample(99.0, 4),
        switch: Switch {
            a: Pole::Open,
            b: Pole::Missing,
        },
        comfort: Some(7),
        command: Some(Command::Change {
            mode: Mode::Cyclic,
            force: Newtons::raw(180.5),
        }),
        heartbeat_age_ms: Some(70_000),
        late_ms: 300,
        drive_fault: true,
    };
    let state = SessionState {
        stage: Stage::Unloading,
        latch: Some(Latch {
            cause: Cause::SymptomReported,
            kind: StopKind::Symptom,
        }),
        held: Some(Cause::Departed),
        pause: Some(Cause::Paused),
        ..SessionState::ARMED
    };
    let output = Output {
        tick: Ticks::new(123_456),
        state,
        phase: Phase::Hold,
        cycle: 515,
        set_point: Newtons::raw(200.25),
        target: Newtons::raw(199.25),
        force: Newtons::raw(198.25),
        ceiling: Newtons::raw(197.25),
        drive: Drive {
            velocity: MetresPerSecond::raw(1.25),
            torque: true,
        },
        action: Action::Unload,
        cause: Some(Cause::ConsoleStop),
        refused: Some(Refusal::ForceOn),
        elapsed: Ticks::new(11),
        remaining: Ticks::new(12),
        peak: Newtons::raw(250.5),
        impulse_n_s: 12_345.75,
        limit: Limit::Freshness,
    };
    Frame { input, output }
}

/// A frame with these bits in its numbers and these of its optional values absent.
fn varied(bits: [u64; 4], absent: u16, small: u8) -> Frame {
    let mut frame = full();
    let number = |n: usize| f64::from_bits(bits[n % 4].rotate_left(n as u32));
    let (input, output) = (&mut frame.input, &mut frame.output);
    let samples = [
        &mut input.force_a,
        &mut input.force_b,
        &mut input.travel,
        &mut input.motor_force,
    ];
    for (n, sample) in samples.into_iter().enumerate() {
        *sample = sample.map(|s| Sample {
            value: number(n),
            age_ms: s.age_ms.wrapping_mul(small.into()),
        });
        if absent >> n & 1 == 1 {
            *sample = None;
        }
    }
    let gone = |n: u32| absent >> n & 1 == 1;
    input.comfort = Some(small).filter(|_| !gone(4));
    input.command = input.command.filter(|_| !gone(5));
    input.heartbeat_age_ms = Some(u32::MAX - u32::from(small)).filter(|_| !gone(6));
    input.late_ms = u16::MAX - u16::from(small);
    input.drive_fault = gone(7);
    output.tick = Ticks::new(u32::MAX - u32::from(small));
    output.state.latch = output.state.latch.filter(|_| !gone(8));
    output.state.held = output.state.held.filter(|_| !gone(9));
    output.state.pause = output.state.pause.filter(|_| !gone(10));
    output.cause = output.cause.filter(|_| !gone(11));
    output.refused = output.refused.filter(|_| !gone(12));
    output.cycle = u16::from(small) * 257;
    output.set_point = Newtons::raw(number(4));
    output.target = Newtons::raw(number(5));
    output.force = Newtons::raw(number(6));
    output.ceiling = Newtons::raw(number(7));
    output.peak = Newtons::raw(number(8));
    output.impulse_n_s = number(9);
    output.drive.velocity = MetresPerSecond::raw(number(10));
    output.drive.torque = gone(13);
    frame
}

pub(crate) fn through(place: &Place, frames: &[Frame]) -> Vec<[u8; Frame::BYTES]> {
    let path = place.dir.path().join("session.parquet");
    let notes = [("session", "7".to_owned())];
    let bytes = encoded(frames).concat();
    let written = write_parquet(&path, &notes, Frame::BYTES, &bytes).expect("written");
    assert_eq!(written.frames, frames.len() as u64);
    assert_eq!(written.sha256, sha256(&std::fs::read(&path).expect("read")));
    let read = read_parquet(&path).expect("opens");
    assert_eq!(read.note("session"), Some("7"));
    assert_eq!(read.frames, bytes);
    let frames = read.decoded();
    frames
        .map(|frame| frame.expect("a frame").encode())
        .collect()
}

fn encoded(frames: &[Frame]) -> Vec<[u8; Frame::BYTES]> {
    frames.iter().map(Frame::encode).collect()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(32))]
    #[test]
    fn frames_come_back_from_parquet_bit_for_bit(
        parts in prop::collection::vec((any::<[u64; 4]>(), any::<u16>(), any::<u8>()), 0..40),
    ) {
        let frames: Vec<_> = parts.into_iter().map(|(b, a, s)| varied(b, a, s)).collect();
        prop_assert_eq!(through(&Place::new(), &frames), encoded(&frames));
    }
}

#[test]
fn numbers_that_are_none_keep_their_bits() {
    let odd = [
        f64::NAN,
        f64::from_bits(0x7ff0_0000_0000_0001),
        f64::from_bits(0xfff8_dead_beef_0001),
        f64::INFINITY,
        -0.0,
        f64::from_bits(1),
    ];
    let frames: Vec<_> = odd
        .into_iter()
        .map(|value| {
            let mut frame = full();
            frame.output.force = Newtons::raw(value);
            frame.input.force_a = Some(Sample::fresh(value));
            frame
        })
        .collect();
    assert_eq!(through(&Place::new(), &frames), encoded(&frames));
}

#[test]
fn a_whole_session_spans_row_groups_and_shrinks() {
    let place = Place::new();
    let frames: Vec<_> = (0..20_000_u32)
        .map(|n| {
            let mut frame = full();
            frame.output.tick = Ticks::new(n);
            frame.output.force = Newtons::raw(f64::from(n / 100));
            frame.input.command = None;
            frame
        })
        .collect();
    assert!(through(&place, &frames) == encoded(&frames));
    let path = place.dir.path().join("session.parquet");
    let size = std::fs::metadata(path).expect("there").len();
    assert!(size * 5 < 20_000 * Frame::BYTES as u64, "{size} bytes");
    assert!(!place.dir.path().join("session.parquet.part").exists());
}

#[test]
fn every_column_carries_the_field_of_its_name() {
    use parquet::file::reader::{FileReader as _, SerializedFileReader};
    let place = Place::new();
    through(&place, &[full()]);
    let file = std::fs::File::open(place.dir.path().join("session.parquet")).expect("opens");
    let reader = SerializedFileReader::new(file).expect("parquet");
    let row = reader
        .get_row_iter(None)
        .expect("rows")
        .next()
        .expect("one")
        .expect("a row");
    let cells: Vec<_> = row
        .get_column_iter()
        .map(|(name, value)| format!("{name}={value}"))
        .collect();
    let (i, o) = (full().input, full().output);
    let cause = |c: Option<Cause>| c.map_or(0, |c| c.code());
    let latch = o.state.latch.expect("latched");
    let sample = |name: &str, unit: &str, s: Option<Sample>| {
        let s = s.expect("present");
        format!("{name}_{unit}={:?} {name}_age_ms={}", s.value, s.age_ms)
    };
    let wanted = [
        sample("force_a", "n", i.force_a),
        sample("force_b", "n", i.force_b),
        sample("travel", "m", i.travel),
        sample("motor_force", "n", i.motor_force),
        format!(
            "switch_a={} switch_b={}",
            i.switch.a.code(),
            i.switch.b.code()
        ),
        "comfort=7 command=13 command_detail=3 command_force_n=180.5".to_owned(),
        "heartbeat_age_ms=70000 late_ms=300 drive_fault=1 tick=123456".to_owned(),
        format!("stage={}", o.state.stage.code()),
        format!(
            "latch_cause={} latch_kind={}",
            latch.cause.code(),
            latch.kind.code()
        ),
        format!("resume={}", o.state.resume.code()),
        format!("held_cause={}", cause(o.state.held)),
        format!("pause_cause={}", cause(o.state.pause)),
        format!("phase={} cycle=515", o.phase.code()),
        "set_point_n=200.25 target_n=199.25 force_n=198.25 ceiling_n=197.25".to_owned(),
        "drive_velocity_m_per_s=1.25 drive_torque=1".to_owned(),
        format!("action={} cause={}", o.action.code(), cause(o.cause)),
        format!("refused={}", o.refused.map_or(0, |r| r.code())),
        "elapsed_ticks=11 remaining_ticks=12 peak_n=250.5 impulse_n_s=12345.75 limit=5".to_owned(),
    ];
    assert_eq!(cells.join(" "), wanted.join(" "));
}

/// The two files were written by the program that kept frames of version 1.
#[test]
fn a_file_of_the_first_version_is_still_read() {
    let place = Place::new();
    let path = place.dir.path().join("old.parquet");
    std::fs::write(&path, include_bytes!("golden/frames-1.parquet")).expect("written");
    let raw = include_bytes!("golden/frames-1.bin");
    let kept: Vec<_> = raw.chunks_exact(Frame::FIRST_BYTES).collect();
    let read = read_parquet(&path).expect("opens");
    assert_eq!(
        (read.length, &read.frames[..]),
        (Frame::FIRST_BYTES, &raw[..])
    );
    let frames: Vec<_> = read
        .decoded()
        .map(|frame| frame.expect("a frame"))
        .collect();
    assert_eq!((frames.len(), kept.len()), (3, 3));
    for (frame, kept) in frames.iter().zip(kept) {
        assert_eq!(frame.output.limit, Limit::Unknown);
        assert!(frame.is_kept_as(kept), "{frame:?}");
    }
}

#[test]
fn a_damaged_or_foreign_file_is_an_error_and_no_panic() {
    let place = Place::new();
    let frames: Vec<_> = (0..50)
        .map(|n| varied([n, n << 9, !n, n << 40], n as u16, 3))
        .collect();
    through(&place, &frames);
    let path = place.dir.path().join("session.parquet");
    let whole = std::fs::read(&path).expect("read");
    let broken = place.dir.path().join("broken.parquet");
    for cut in [0, 4, whole.len() / 2, whole.len() - 1] {
        std::fs::write(&broken, &whole[..cut]).expect("written");
        assert!(read_parquet(&broken).is_err(), "cut at {cut}");
    }
    std::fs::write(&broken, b"PAR1 this is nothing of ours PAR1").expect("written");
    assert!(read_parquet(&broken).is_err());
    // A byte changed anywhere in the values is an error, and never a panic anywhere.
    for at in (0..whole.len()).step_by(7) {
        let mut bytes = whole.clone();
        bytes[at] ^= 0x55;
        std::fs::write(&broken, &bytes).expect("written");
        if let Ok(read) = read_parquet(&broken) {
            assert_eq!(read.frames, encoded(&frames).concat(), "byte {at}");
        }
    }
}

#[test]
fn frames_of_the_first_version_are_written_as_what_they_are() {
    let place = Place::new();
    let path = place.dir.path().join("old.parquet");
    let raw = include_bytes!("golden/frames-1.bin");
    let written = write_parquet(&path, &[], Frame::FIRST_BYTES, raw).expect("written");
    assert_eq!(written.frames, 3);
    assert_eq!(read_parquet(&path).expect("opens").frames, raw);
    // A mix of versions, half a frame, and a length that no frame has are refused.
    for (length, bytes) in [
        (Frame::BYTES, &raw[..Frame::BYTES]),
        (Frame::FIRST_BYTES, &raw[1..]),
        (7, &raw[..7]),
    ] {
        assert!(
            write_parquet(&path, &[], length, bytes).is_err(),
            "{length}"
        );
    }
    assert_eq!(read_parquet(&path).expect("as it was").frames, raw);
}
