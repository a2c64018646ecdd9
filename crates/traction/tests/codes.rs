//! The bytes of commands are a promise: a recording is read years later. Each stands here
//! as it is kept, and is read again as what it was.

use crate::plant::lumbar;
use si::Newtons;
use traction::input::{Command, Pole, ResumeAct, Sample, StopKind, Switch, Symptom};
use traction::{Frame, Mode};

/// Every command and its two bytes.
fn commands() -> Vec<(Command, [u8; 2])> {
    let resume = |act| Command::Resume { act };
    let change = |mode| Command::Change {
        mode,
        force: Newtons::of(123.5),
    };
    let mut all = vec![
        (Command::Start, [1, 0]),
        (Command::Pause, [2, 0]),
        (Command::Continue, [3, 0]),
        (Command::Lower, [4, 0]),
        (Command::NoIncrease, [5, 0]),
        (Command::AllowIncrease, [6, 0]),
        (Command::End, [7, 0]),
        (Command::Stop, [8, 0]),
        (Command::Comfort(0), [9, 0]),
        (Command::Comfort(10), [9, 10]),
        (resume(ResumeAct::Prepare), [11, 1]),
        (resume(ResumeAct::Confirm), [11, 2]),
        (change(Mode::Static), [13, 1]),
        (change(Mode::Intermittent), [13, 2]),
        (change(Mode::Cyclic), [13, 3]),
    ];
    let symptoms = Symptom::ALL.iter().zip(1..);
    all.extend(symptoms.map(|(symptom, code)| (Command::Symptom(*symptom), [10, code])));
    let kinds = StopKind::ALL.iter().zip(1..);
    all.extend(kinds.map(|(kind, code)| (Command::Explain(*kind), [12, code])));
    all
}

fn frame(command: Option<Command>) -> Frame {
    let mut bench = lumbar();
    let mut frame = bench.tick(|_| {});
    frame.input.command = command;
    frame
}

/// Where a command's two bytes stand in a frame.
fn place() -> usize {
    let bytes = |command| frame(Some(command)).encode();
    let (one, other) = (bytes(Command::Start), bytes(Command::Pause));
    let differs = |at: &usize| one[*at] != other[*at];
    let found: Vec<usize> = (0..one.len()).filter(differs).collect();
    assert_eq!(found.len(), 1, "{found:?}");
    found[0]
}

#[test]
fn every_command_is_kept_by_its_own_bytes_and_read_again() {
    let at = place();
    for (command, head) in commands() {
        let frame = frame(Some(command));
        let bytes = frame.encode();
        assert_eq!(bytes[at..at + 2], head, "{command:?}");
        assert_eq!(Frame::decode(&bytes), Some(frame), "{command:?}");
        assert!(frame.is_kept_as(&bytes), "{command:?}");
    }
    let none = frame(None);
    assert_eq!(Frame::decode(&none.encode()), Some(none));
}

#[test]
fn bytes_that_are_no_command_are_no_frame() {
    let at = place();
    let known: Vec<[u8; 2]> = commands().into_iter().map(|(_, head)| head).collect();
    for first in 0..=15 {
        for second in 0..=15 {
            let mut bytes = frame(Some(Command::Start)).encode();
            (bytes[at], bytes[at + 1]) = (first, second);
            let is = known.contains(&[first, second]) || first == 9;
            // The other modes of a change.
            let is = is || (first == 13 && (4..=Mode::ALL.len() as u8).contains(&second));
            assert_eq!(Frame::decode(&bytes).is_some(), is, "{first} {second}");
        }
    }
    // A force belongs to a change alone.
    let mut bytes = frame(Some(Command::Start)).encode();
    bytes[at + 2] = 1;
    assert_eq!(Frame::decode(&bytes), None);
}

/// Each part of an input beside the others, so that none is read in another's place.
#[test]
fn every_part_of_an_input_is_read_in_its_own_place() {
    let mut kept = frame(None);
    kept.input.force_a = Some(Sample {
        value: 1.5,
        age_ms: 11,
    });
    kept.input.force_b = Some(Sample {
        value: 2.5,
        age_ms: 12,
    });
    kept.input.travel = Some(Sample {
        value: 3.5,
        age_ms: 13,
    });
    kept.input.motor_force = Some(Sample {
        value: 4.5,
        age_ms: 14,
    });
    kept.input.switch = Switch {
        a: Pole::Open,
        b: Pole::Missing,
    };
    kept.input.comfort = Some(6);
    kept.input.heartbeat_age_ms = Some(70_000);
    kept.input.late_ms = 300;
    kept.input.drive_fault = true;
    assert_eq!(Frame::decode(&kept.encode()), Some(kept));
    let mut other = kept;
    other.input.drive_fault = false;
    assert!(!other.is_kept_as(&kept.encode()));
}
