//! Bytes that are signed or kept for years never change by accident.
//!
//! A change of layout needs a new magic (grant) or version (frame), a new golden
//! file beside the old one, and a reader that still takes the old bytes.

use crate::plant::{grant, lumbar};
use si::Region;
use traction::input::{Command, Pole, Switch, Symptom};
use traction::{Frame, Grant, GrantError, Limit, Mode};

fn hex(bytes: &[u8]) -> String {
    let lines: Vec<String> = bytes
        .chunks(32)
        .map(|line| line.iter().map(|b| format!("{b:02x}")).collect())
        .collect();
    lines.join("\n") + "\n"
}

fn unhex(text: &str) -> Vec<u8> {
    let digits: Vec<u32> = text.chars().filter_map(|c| c.to_digit(16)).collect();
    let byte = |pair: &[u32]| u8::try_from(pair[0] * 16 + pair[1]).expect("two digits");
    digits.chunks_exact(2).map(byte).collect()
}

#[test]
fn a_grant_has_the_bytes_it_had_when_it_was_first_signed() {
    let grant = grant(Region::Cervical, Mode::Intermittent);
    assert_eq!(Grant::BYTES, 268);
    assert_eq!(hex(&grant.encode()), include_str!("golden/grant_v2.hex"));
}

#[test]
fn a_grant_of_the_first_version_is_still_read_and_still_strictly() {
    let bytes = unhex(include_str!("golden/grant_v1.hex"));
    assert_eq!(bytes.len(), Grant::FIRST_BYTES);
    let read = Grant::decode(&bytes);
    assert_eq!(read, Ok(grant(Region::Cervical, Mode::Intermittent)));
    let flag = bytes.len() - 1;
    for (at, byte, expected) in [
        (0, b'b', GrantError::Magic),
        (15, b'2', GrantError::Magic),
        (flag, 2, GrantError::Malformed),
    ] {
        let mut other = bytes.clone();
        other[at] = byte;
        assert_eq!(Grant::decode(&other), Err(expected), "byte {at}");
    }
    let short = &bytes[..flag];
    let found = short.len();
    assert_eq!(Grant::decode(short), Err(GrantError::Length { found }));
}

/// A frame in which much is present, much missing and one number is none.
fn kept() -> Frame {
    let mut bench = lumbar();
    bench.plant.motor = (1.05, 3.0);
    let mut frame = bench.tick(|input| {
        input.switch = Switch {
            a: Pole::Closed,
            b: Pole::Missing,
        };
        input.command = Some(Command::Symptom(Symptom::Crack));
        input.comfort = Some(4);
        input.force_b = None;
        input.late_ms = 21;
    });
    // Noise of the test's plant is no part of the layout.
    if let Some(sample) = &mut frame.input.force_a {
        sample.value = -f64::NAN;
    }
    frame.output.force = si::Newtons::of(0.25);
    frame.output.impulse_n_s = 1234.5;
    frame
}

#[test]
fn a_frame_has_the_bytes_it_had_when_it_was_first_kept() {
    assert_eq!(Frame::BYTES, 155);
    let mut frame = kept();
    frame.input.command = Some(Command::Change {
        mode: Mode::Cyclic,
        force: si::Newtons::of(180.5),
    });
    frame.output.limit = Limit::Freshness;
    let bytes = frame.encode();
    assert_eq!(hex(&bytes), include_str!("golden/frame_v2.hex"));
    let read = Frame::decode(&bytes).expect("a frame");
    assert_eq!(read.encode(), bytes);
    assert!(read.is_kept_as(&bytes));
}

#[test]
fn a_frame_of_the_first_version_is_still_read_and_compared() {
    let bytes = unhex(include_str!("golden/frame_v1.hex"));
    assert_eq!(bytes.len(), Frame::FIRST_BYTES);
    let read = Frame::decode(&bytes).expect("a frame of version 1");
    let expected = Frame {
        output: traction::Output {
            limit: Limit::Unknown,
            ..kept().output
        },
        ..kept()
    };
    assert_eq!(read.encode(), expected.encode());
    assert!(kept().is_kept_as(&bytes), "the limit is not compared");
    let mut other = kept();
    other.output.impulse_n_s = 0.0;
    assert!(!other.is_kept_as(&bytes));
    assert_eq!(Frame::decode(&bytes[1..]), None);
    // A change came with version 2: no older frame can hold one.
    let command = 4 * 11 + 2 + 2 + 1;
    let mut change = bytes.clone();
    assert_eq!(change[command..command + 3], [1, 10, 6]);
    change[command + 1..command + 3].copy_from_slice(&[13, 3]);
    assert_eq!(Frame::decode(&change), None);
}
