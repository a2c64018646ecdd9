//! A recording stepped again: to the same bits, or to the tick and field that differ.

use crate::support::*;
use si::{Newtons, Region};
use table::blackbox::format::Tail;
use table::blackbox::{Contents, Encoder};
use table::replay::{Difference, Replayed, replay, replay_intact};
use table::runner::{Recording, Start, run};
use table::simulated::{Act, Script};
use table::wire::{FaultName, Simulated};
use traction::frame::Frame;
use traction::input::{Command, ResumeAct};
use traction::{Grant, Mode};

/// Ticks into the hold of a 300 N pull under the routine start.
const MID_HOLD: u32 = 6_000;

fn play_grant(grant: &Grant, script: Script) -> Recording {
    let start = Start {
        at_ms: NOW_MS,
        seed: 1,
    };
    run(&signed(grant), &mut table(1), script, start).expect("a session that can be armed")
}

fn play(script: Script) -> Recording {
    play_grant(&grant(static_profile(300.0, 60.0)), script)
}

fn fault(fault: FaultName) -> Act {
    Act::Table(Simulated::Fault { fault, on: true })
}

fn switch(pressed: bool) -> Act {
    Act::Table(Simulated::Switch { pressed })
}

fn staff(command: Command) -> Act {
    Act::Staff(command)
}

/// Replays whole and equal; the commands that must have been taken are named by `seen`.
fn assert_replays(recording: &Recording, seen: impl Fn(&Frame) -> bool) {
    let contents = Contents::read(&recording.bytes).expect("a recording");
    let ticks = contents.frame_count() as u64;
    assert_eq!(replay(&contents), Ok(Replayed::Equal { ticks }));
    let frames = frames_of(recording);
    let taken = frames
        .iter()
        .any(|frame| seen(frame) && frame.output.refused.is_none());
    assert!(taken, "nothing of what the test is about happened");
}

#[test]
fn a_stop_after_guarding_and_discomfort_steps_again_to_the_same_bits() {
    let script = Script::routine()
        .at(3_000, fault(FaultName::Guarding))
        .at(4_000, staff(Command::Comfort(4)))
        .at(MID_HOLD, staff(Command::Stop));
    let stopped = |frame: &Frame| frame.input.command == Some(Command::Stop);
    assert_replays(&play(script), stopped);
}

#[test]
fn a_change_of_mode_and_force_steps_again_to_the_same_bits() {
    let change = |mode, force| {
        let force = Newtons::of(force);
        staff(Command::Change { mode, force })
    };
    let script = Script::routine()
        .at(3_000, change(Mode::Static, 180.0))
        .at(MID_HOLD, change(Mode::Static, 250.0));
    let changed = |frame: &Frame| matches!(frame.input.command, Some(Command::Change { .. }));
    assert_replays(&play(script), changed);
    let script = Script::routine().at(9_000, change(Mode::Static, 200.0));
    assert_replays(&play_grant(&grant(intermittent_profile()), script), changed);
}

#[test]
fn a_pause_a_lowering_and_a_resume_step_again_to_the_same_bits() {
    let script = Script::routine()
        .at(5_000, staff(Command::Pause))
        .at(5_500, staff(Command::Continue))
        .at(5_900, staff(Command::NoIncrease))
        .at(5_950, staff(Command::AllowIncrease))
        .at(6_500, staff(Command::Comfort(7)))
        .at(7_300, staff(Command::Comfort(3)))
        .at(7_400, switch(true))
        .at(7_420, switch(false))
        .at(
            7_500,
            staff(Command::Resume {
                act: ResumeAct::Prepare,
            }),
        )
        .at(
            7_600,
            staff(Command::Resume {
                act: ResumeAct::Confirm,
            }),
        )
        .at(9_000, staff(Command::Lower));
    let recording = play(script);
    assert!(recording.summary.resumed, "{:#?}", recording.summary);
    assert_replays(&recording, |frame| {
        frame.input.command == Some(Command::Lower)
    });
}

#[test]
fn every_alarm_that_a_fault_raises_steps_again_to_the_same_bits_in_both_regions() {
    for region in [Region::Lumbar, Region::Cervical] {
        for name in FaultName::ALL {
            let force = if region == Region::Lumbar {
                300.0
            } else {
                80.0
            };
            let grant = grant_in(region, static_profile(force, 10.0));
            let recording = play_grant(&grant, Script::routine().at(1_500, fault(name)));
            let limited = |frame: &Frame| frame.output.cause.is_some();
            assert_replays(&recording, limited);
        }
    }
}

/// The recording with frame `index` changed and every hash made anew, as a forger would.
fn forged(recording: &Recording, index: usize, change: impl Fn(&mut Frame)) -> Contents {
    let contents = Contents::read(&recording.bytes).expect("a recording");
    let mut bytes = Vec::new();
    let mut encoder = Encoder::start(&contents.header, &mut bytes);
    for (at, kept) in contents.frames().enumerate() {
        let mut frame = Frame::decode(kept).expect("a frame");
        if at == index {
            change(&mut frame);
        }
        encoder.push(&frame.encode(), &mut bytes);
    }
    encoder.finish(&contents.end.expect("closed"), &mut bytes);
    let forged = Contents::read(&bytes).expect("a recording");
    assert_eq!(forged.tail, Tail::Closed);
    forged
}

#[test]
fn an_altered_input_no_longer_replays() {
    let recording = play(Script::routine());
    let forged = forged(&recording, 2_000, |frame| {
        frame.input.force_a.as_mut().expect("a sample").value += 1.0;
    });
    let Ok(Replayed::Differs(Difference { tick, .. })) = replay(&forged) else {
        panic!("{:?}", replay(&forged));
    };
    assert!((2_000..2_010).contains(&tick), "{tick}");
}

#[test]
fn an_altered_output_is_told_by_tick_and_field() {
    let recording = play(Script::routine());
    let tick = |frames: &Contents| replay(frames);
    let altered = forged(&recording, 2_500, |frame| {
        frame.output.ceiling = Newtons::of(10.0);
    });
    let expected = Difference {
        tick: 2_500,
        field: "ceiling_n",
        recorded: "10.0".into(),
        replayed: "320.0".into(),
    };
    assert_eq!(tick(&altered), Ok(Replayed::Differs(expected)));
    let altered = forged(&recording, 700, |frame| frame.output.drive.torque = false);
    let Ok(Replayed::Differs(found)) = tick(&altered) else {
        panic!("{:?}", tick(&altered));
    };
    assert_eq!((found.tick, found.field), (700, "drive_torque"));
    assert_eq!(
        (found.recorded.as_str(), found.replayed.as_str()),
        ("0", "1")
    );
}

#[test]
fn lost_frames_show_as_a_gap() {
    let recording = play(Script::routine());
    let mut contents = Contents::read(&recording.bytes).expect("a recording");
    let size = contents.header.frame_bytes as usize;
    contents.frames.drain(500 * size..600 * size);
    assert_eq!(replay(&contents), Ok(Replayed::Gap { tick: 600 }));
}

/// hazard: H24
#[test]
fn a_recording_cut_short_is_refused_with_its_place_and_replays_as_far_as_it_is_intact() {
    let recording = play(Script::routine());
    let cut = &recording.bytes[..recording.bytes.len() - 5_000];
    let contents = Contents::read(cut).expect("its header is whole");
    let refused = replay(&contents).expect_err("it has no end");
    assert_eq!(refused.code, "recording-cut");
    assert_eq!(
        refused.place,
        format!("recording, byte {}", contents.intact)
    );
    let ticks = contents.frame_count() as u64;
    assert!(ticks > 9_000, "{ticks}");
    assert_eq!(replay_intact(&contents), Ok(Replayed::Equal { ticks }));
}

/// hazard: H24
#[test]
fn a_recording_altered_anywhere_is_refused_with_its_place() {
    let whole = play(Script::routine()).bytes;
    let header = Contents::read(&whole)
        .expect("a recording")
        .header
        .bytes()
        .len();
    for at in [
        header + 2,
        header + 50,
        whole.len() / 2,
        whole.len() - 60,
        whole.len() - 1,
    ] {
        let mut bytes = whole.clone();
        bytes[at] ^= 0x10;
        let contents = Contents::read(&bytes).expect("its header is whole");
        let refused = replay(&contents).expect_err("altered");
        let altered = ["recording-altered", "recording-cut"].contains(&refused.code);
        assert!(altered && refused.place.contains("byte"), "{at}: {refused}");
        assert!(contents.intact <= at, "{at}: {}", contents.intact);
    }
    let mut bytes = whole.clone();
    bytes[40] ^= 1;
    assert_eq!(
        Contents::read(&bytes).expect_err("altered").code,
        "recording-header"
    );
}
