//! Bytes that are signed or kept for years never change by accident.
//!
//! A change of layout needs a new magic (grant) or version (frame), a new golden
//! file beside the old one, and a reader that still takes the old bytes.

use crate::plant::{grant, lumbar};
use si::Region;
use traction::input::{Command, Pole, Switch, Symptom};
use traction::{Frame, Grant, Mode};

fn hex(bytes: &[u8]) -> String {
    let lines: Vec<String> = bytes
        .chunks(32)
        .map(|line| line.iter().map(|b| format!("{b:02x}")).collect())
        .collect();
    lines.join("\n") + "\n"
}

#[test]
fn a_grant_has_the_bytes_it_had_when_it_was_first_signed() {
    let grant = grant(Region::Cervical, Mode::Intermittent);
    assert_eq!(Grant::BYTES, 228);
    assert_eq!(hex(&grant.encode()), include_str!("golden/grant_v1.hex"));
}

#[test]
fn a_frame_has_the_bytes_it_had_when_it_was_first_kept() {
    let mut bench = lumbar();
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
    assert_eq!(Frame::BYTES, 146);
    let bytes = frame.encode();
    assert_eq!(hex(&bytes), include_str!("golden/frame_v1.hex"));
    let read = Frame::decode(&bytes).expect("a frame");
    assert_eq!(read.encode(), bytes);
}
