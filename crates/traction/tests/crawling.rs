//! A loop whose every tick begins late, so little that each is borne: the guard's spans are
//! spans of time and not of ticks.

use crate::faults::at_hold;
use crate::plant::{Bench, lumbar};
use traction::Output;
use traction::cause::Cause;
use traction::input::Command;

/// Seconds until `done`, where every tick begins `late_ms` late.
fn crawls(bench: &mut Bench, late_ms: u16, done: impl Fn(&Output) -> bool) -> f64 {
    for tick in 1..100_000_u32 {
        let output = bench.tick(|input| input.late_ms = late_ms).output;
        if done(&output) {
            return f64::from(tick) * (0.01 + f64::from(late_ms) / 1000.0);
        }
    }
    panic!("never: {:?}", bench.last);
}

/// hazard: H10, H16
#[test]
fn a_dead_drive_loses_its_torque_in_five_seconds_also_where_the_loop_crawls() {
    for late_ms in [0, 20, 50, 90] {
        let mut bench = at_hold(lumbar());
        bench.plant.dead = true;
        bench.command(Command::Stop);
        let took = crawls(&mut bench, late_ms, |o| !o.drive.torque);
        assert!(took < 5.2, "{late_ms} ms late: {took} s");
    }
}

/// hazard: H27
#[test]
fn a_pause_unloads_after_two_minutes_also_where_the_loop_crawls() {
    for late_ms in [0, 20, 90] {
        let mut bench = at_hold(lumbar());
        bench.command(Command::Pause);
        let took = crawls(&mut bench, late_ms, |o| o.state.latch.is_some());
        assert!(
            (119.0..121.0).contains(&took),
            "{late_ms} ms late: {took} s"
        );
        let latch = bench.last.and_then(|o| o.state.latch).expect("latched");
        assert_eq!(latch.cause, Cause::PauseTooLong);
    }
}

/// hazard: H22
#[test]
fn a_session_lasts_no_longer_than_was_signed_also_where_the_loop_crawls() {
    let signed = 1_200.0;
    let mut bench = at_hold(lumbar());
    let took = crawls(&mut bench, 90, |o| o.state.latch.is_some());
    assert!(took < signed + 60.0, "{took} s");
    let latch = bench.last.and_then(|o| o.state.latch).expect("latched");
    assert_eq!(latch.cause, Cause::TotalTime);
}
