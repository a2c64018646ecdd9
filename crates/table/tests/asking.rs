//! A patient who says nothing: asked, waited for, let down to base force, unloaded.

use crate::process::{code, in_hold, long, unloaded};
use crate::support::*;
use table::alarm::Alarm;
use table::bedside::{ANSWER_TICKS, ASK_TICKS, Asking, unanswered};
use table::blackbox::Contents;
use table::client::Client;
use table::replay::{Replayed, frames, replay};
use table::runner::{Start, run};
use table::simulated::Script;
use table::wire::{AlarmPriority, Fault, FaultKind, Purpose, Question, Simulated, Status};
use traction::frame::Frame;
use traction::input::{Command, Pole, Switch};
use traction::supervisor::Stage;

/// A tick of a pull in which nobody says or does anything.
fn quiet() -> Frame {
    let start = Start {
        at_ms: NOW_MS,
        seed: 1,
    };
    let grant = signed(&grant(static_profile(200.0, 5.0)));
    let recording = run(&grant, &mut table(1), Script::routine(), start);
    let all = frames_of(&recording.expect("a session that can be armed"));
    let running = |frame: &&Frame| frame.output.state.stage == Stage::Running;
    let mut frame = *all.iter().find(running).expect("it pulls");
    frame.input.command = None;
    frame.input.comfort = None;
    frame.input.switch = Switch::RELEASED;
    frame
}

fn after(asking: Asking, frame: &Frame, ticks: u32) -> Asking {
    let mut asking = asking;
    (0..ticks).for_each(|_| asking.see(frame));
    asking
}

fn with(frame: &Frame, change: impl FnOnce(&mut Frame)) -> Frame {
    let mut frame = *frame;
    change(&mut frame);
    frame
}

/// hazard: H12
#[test]
fn the_question_is_due_after_five_minutes_and_unanswered_thirty_seconds_later() {
    let (frame, fresh) = (quiet(), Asking::default());
    assert_eq!((ASK_TICKS, ANSWER_TICKS), (30_000, 3_000));
    let asked = after(fresh, &frame, ASK_TICKS - 1);
    assert_eq!(asked.question(), Question::None);
    let asked = after(asked, &frame, 1);
    assert_eq!(asked.question(), Question::Due);
    let asked = after(asked, &frame, ANSWER_TICKS - 1);
    assert_eq!(asked.question(), Question::Due);
    let asked = after(asked, &frame, 1);
    assert_eq!(asked.question(), Question::Unanswered);
}

/// hazard: H12
#[test]
fn only_what_the_patient_gives_is_a_sign() {
    let frame = quiet();
    let due = after(Asking::default(), &frame, ASK_TICKS);
    let left = after(due, &frame, ANSWER_TICKS);
    let told = |command| with(&frame, |frame| frame.input.command = Some(command));
    let moved = with(&frame, |frame| frame.input.comfort = Some(2));
    for sign in [told(Command::Comfort(0)), moved] {
        assert_eq!(after(due, &sign, 1).question(), Question::None);
        assert_eq!(after(left, &sign, 1).question(), Question::None);
    }
    let pressed = with(&frame, |frame| frame.input.switch = Switch::PRESSED);
    let held = after(left, &pressed, 1);
    assert_eq!(
        held.question(),
        Question::Unanswered,
        "an unplugged one, too"
    );
    assert_eq!(after(held, &frame, 1).question(), Question::None, "let go");
    let doubt = with(&frame, |frame| frame.input.switch.a = Pole::Open);
    let staff = [Command::Pause, Command::Continue, Command::Lower].map(told);
    for none in staff.iter().chain([&doubt]) {
        let seen = after(after(left, none, 1), &frame, 1);
        assert_eq!(seen.question(), Question::Unanswered);
    }
    let back = after(after(due, &moved, 1), &frame, ASK_TICKS);
    let same = after(back, &moved, 1);
    assert_eq!(
        same.question(),
        Question::Due,
        "the score of before says nothing"
    );
}

#[test]
fn silence_counts_only_on_the_table_and_what_is_unanswered_stays_so() {
    let frame = quiet();
    let stage = |stage| with(&frame, |frame| frame.output.state.stage = stage);
    for off in [Stage::Armed, Stage::Unloading, Stage::Unloaded] {
        let asked = after(Asking::default(), &frame, ASK_TICKS);
        assert_eq!(after(asked, &stage(off), 1).question(), Question::None);
        let left = after(asked, &frame, ANSWER_TICKS);
        assert!(after(left, &stage(off), 1).is_unanswered(), "{off}");
    }
    let on = after(Asking::default(), &stage(Stage::Paused), ASK_TICKS);
    assert_eq!(on.question(), Question::Due);
}

fn asleep(client: &Client) {
    let fault = Fault::usual(FaultKind::PatientAsleep);
    let act = Simulated::Inject { fault };
    client.simulate(act).expect("a simulated table");
}

fn let_down(client: &Client) -> Status {
    let status = wait(client, "base force", |status| {
        status.question == Question::Unanswered && status.stage == "paused"
    });
    assert_eq!(status.pause.as_deref(), Some("paused"));
    let name = Alarm::NoAnswer.name();
    let alarm = status.alarms.iter().find(|alarm| alarm.cause == name);
    let alarm = alarm.expect("an alarm");
    assert!(alarm.priority == AlarmPriority::High && !alarm.acknowledged);
    status
}

/// hazard: H12
#[test]
fn a_patient_whom_nobody_wakes_is_let_down_then_unloaded_and_the_record_shows_it() {
    let rig = Rig::new(60);
    let console = rig.control("desk");
    let grant = long();
    console.start(&grant);
    let client = &console.client;
    asleep(client);
    in_hold(client);
    let_down(client);
    let status = unloaded(client);
    assert_eq!(status.latch.as_deref(), Some("pause-too-long"));
    assert_eq!(status.question, Question::Unanswered, "it stays so");
    assert_eq!(code(client.token(Purpose::Resume)), "patient-unanswered");
    client.well().expect("somebody woke the patient");
    wait(client, "an answer", |status| {
        status.question == Question::None
    });
    client.close().expect("unloaded");
    until("the list", || {
        client.sessions_since(0).is_ok_and(|lines| lines.len() == 1)
    });
    let bytes = client.fetch_recording(&hex::encode(grant.session));
    let contents = Contents::read(&bytes.expect("a recording")).expect("whole");
    let ticks = contents.frame_count() as u64;
    assert_eq!(replay(&contents), Ok(Replayed::Equal { ticks }));
    let all = frames(&contents).expect("frames");
    let found = unanswered(&all);
    assert_eq!(found.len(), 1, "{found:?}");
    let paused = all
        .iter()
        .find(|frame| frame.input.command == Some(Command::Pause));
    let paused = paused.expect("a command").output.tick.count();
    assert_eq!(paused, found[0].tick + 1, "in the very next tick");
    assert!(found[0].answered.is_some_and(|tick| tick > paused));
}

/// hazard: H12
#[test]
fn an_answer_from_any_console_ends_it_and_going_on_is_the_staffs_act() {
    let rig = Rig::new(10);
    let console = rig.control("desk");
    let looking = rig.connect("tablet");
    console.start(&long());
    asleep(&looking);
    let_down(&looking);
    assert_eq!(
        code(console.client.continue_session()),
        "patient-unanswered"
    );
    looking.well().expect("open to all");
    let status = wait(&looking, "an answer", |status| {
        status.question == Question::None
    });
    assert_eq!(
        (status.stage.as_str(), status.comfort),
        ("paused", Some(3)),
        "as on arrival"
    );
    wait(&looking, "no alarm", |status| {
        status
            .alarms
            .iter()
            .all(|alarm| alarm.cause != Alarm::NoAnswer.name())
    });
    console.client.continue_session().expect("after an answer");
    wait(&looking, "the pull", |status| status.stage == "running");
}

#[test]
fn a_simulated_patient_who_is_awake_answers_and_the_session_goes_on() {
    let rig = Rig::new(60);
    let console = rig.control("desk");
    console.start(&fresh_grant(static_profile(200.0, 700.0), 1));
    let status = wait(&console.client, "the end", |status| {
        status.last_reason.is_some()
    });
    assert_eq!(status.last_reason.as_deref(), Some("completed"));
}
