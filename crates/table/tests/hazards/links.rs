//! Consoles, heartbeats and the clock of the loop, in whole sessions.

use crate::support::{NOW_MS, frames_of, grant, signed, static_profile, table};
use table::Truth;
use table::links::LinkAct;
use table::runner::{Recording, Start, run_watched};
use table::simulated::{Act, Script};
use table::wire::{Fault, FaultKind, Simulated};
use traction::input::Command;
use traction::supervisor::Stage;

/// Ticks into a hold at 300 N.
const MID_HOLD: u32 = 6_000;

/// A session with consoles, and the truth after every tick of wall time.
fn play(acts: &[(u32, Act)]) -> (Recording, Vec<Truth>) {
    let script = acts
        .iter()
        .fold(Script::routine().with_consoles(), |script, (tick, act)| {
            script.at(*tick, *act)
        });
    let start = Start {
        at_ms: NOW_MS,
        seed: 1,
    };
    let mut truths = Vec::new();
    let recording = run_watched(
        &signed(&grant(static_profile(300.0, 60.0))),
        &mut table(1),
        script,
        start,
        &mut |_, table| truths.extend(table.truth()),
    )
    .expect("armed");
    (recording, truths)
}

fn link(act: LinkAct) -> Act {
    Act::Link(act)
}

/// The causes of the stops of a session.
fn causes(recording: &Recording) -> Vec<&str> {
    let stops = recording.summary.stops.iter();
    stops.map(|stop| stop.cause.as_str()).collect()
}

#[test]
fn a_session_with_a_living_console_completes_and_its_heartbeat_ages_a_quarter_of_a_second() {
    let (recording, truths) = play(&[]);
    assert!(recording.summary.completed, "{:#?}", recording.summary);
    let frames = frames_of(&recording);
    assert_eq!(frames.len(), truths.len());
    let ages = frames
        .iter()
        .filter_map(|frame| frame.input.heartbeat_age_ms);
    assert_eq!(ages.max(), Some(240));
}

/// hazard: H15
#[test]
fn a_console_that_is_silent_or_hangs_for_four_seconds_holds_and_for_six_unloads() {
    for act in [
        |ms| LinkAct::DeskSilent { ms },
        |ms| LinkAct::DeskHangs { ms },
    ] {
        let (short, _) = play(&[(MID_HOLD, link(act(4_000)))]);
        assert!(short.summary.completed, "{:#?}", short.summary);
        assert!(short.summary.limited_s.contains_key("link-late"));
        let (long, truths) = play(&[(MID_HOLD, link(act(6_000)))]);
        assert_eq!(causes(&long), ["link-lost"]);
        let end = truths.last().expect("truths");
        assert!(!end.torque && end.force.get() < 20.0, "{end:?}");
    }
}

/// fault of: H15
#[test]
fn what_a_silent_console_says_is_lost_and_what_a_hanging_one_says_comes_later() {
    let lower = (MID_HOLD + 50, Act::Staff(Command::Lower));
    let lowered = |act: LinkAct| {
        let (recording, _) = play(&[(MID_HOLD, link(act)), lower]);
        let frames = frames_of(&recording);
        let at = |frame: &traction::frame::Frame| frame.input.command == Some(Command::Lower);
        frames.iter().position(at)
    };
    assert_eq!(lowered(LinkAct::DeskSilent { ms: 2_000 }), None);
    assert_eq!(lowered(LinkAct::DeskHangs { ms: 2_000 }), Some(6_200));
}

/// hazard: H16
#[test]
fn a_loop_that_stalls_tells_how_late_it_is_and_the_drive_lets_go_without_it() {
    let (short, truths) = play(&[(MID_HOLD, link(LinkAct::LoopStalls { ms: 50 }))]);
    assert_eq!(frames_of(&short)[MID_HOLD as usize].input.late_ms, 50);
    assert!(short.summary.completed, "{:#?}", short.summary);
    assert_eq!(truths.len(), frames_of(&short).len() + 5);
    assert!(
        truths[MID_HOLD as usize..][..5]
            .iter()
            .all(|truth| truth.torque)
    );

    let (long, truths) = play(&[(MID_HOLD, link(LinkAct::LoopStalls { ms: 8_000 }))]);
    assert_eq!(causes(&long), ["loop-late"]);
    let asleep = &truths[MID_HOLD as usize..][..800];
    assert!(asleep[18].torque && !asleep[19].torque);
    assert!(asleep[519].force.get() < 20.0, "{:?}", asleep[519]);
    assert!(
        truths[MID_HOLD as usize + 800..]
            .iter()
            .all(|truth| !truth.torque)
    );
}

/// hazard: H13
#[test]
fn a_start_that_comes_again_after_a_stop_starts_nothing() {
    let again = Act::Link(LinkAct::DeskRepeats);
    let press = Act::Table(Simulated::Switch { pressed: true });
    let (recording, truths) = play(&[(MID_HOLD, press), (7_000, again)]);
    let frames = frames_of(&recording);
    assert_eq!(frames[7_000].input.command, Some(Command::Start));
    assert!(frames[7_000].output.refused.is_some());
    assert!(truths[7_000..].iter().all(|truth| !truth.torque));
}

/// hazard: H14
#[test]
fn a_second_console_may_lower_and_stop_and_nothing_else_until_control_is_handed_over() {
    let ward = |command| Act::Link(LinkAct::Ward(command));
    let told = |acts: &[(u32, Act)]| {
        let (recording, _) = play(acts);
        let frames = frames_of(&recording);
        let commands = frames.iter().skip(200);
        let commands = commands.filter_map(|frame| frame.input.command);
        commands.collect::<Vec<_>>()
    };
    let take = Act::Link(LinkAct::WardTakes);
    let end = ward(Command::End);
    assert_eq!(told(&[(MID_HOLD, end)]), []);
    assert_eq!(told(&[(MID_HOLD, take), (6_100, end)]), []);
    let hand = Act::Link(LinkAct::DeskHandsOver);
    assert_eq!(told(&[(MID_HOLD, hand), (6_100, end)]), [Command::End]);
    let desk = Act::Staff(Command::End);
    let stop = ward(Command::Stop);
    assert_eq!(
        told(&[(MID_HOLD, hand), (6_100, desk), (6_200, stop)]),
        [Command::Stop]
    );
    let lower = ward(Command::Lower);
    assert_eq!(told(&[(MID_HOLD, lower)]), [Command::Lower]);
}

/// hazard: H5, H10
#[test]
fn the_loop_opens_the_second_line_where_a_welded_contactor_ignores_it() {
    let fault = |kind| {
        Act::Table(Simulated::Inject {
            fault: Fault::usual(kind),
        })
    };
    let (recording, truths) = play(&[
        (MID_HOLD, fault(FaultKind::ContactorStuck)),
        (MID_HOLD, fault(FaultKind::Runaway)),
    ]);
    let stage = frames_of(&recording)
        .last()
        .expect("frames")
        .output
        .state
        .stage;
    assert_eq!(stage, Stage::Unloaded);
    let end = truths.last().expect("truths");
    assert!(!end.torque && end.force.get() < 20.0, "{end:?}");
}
