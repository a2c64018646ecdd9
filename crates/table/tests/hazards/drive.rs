//! Drive, brake, lines, cord and harness.

use super::Hand;
use crate::support::{NOW_MS, TABLE, grant, signed, static_profile};
use si::Region;
use table::runner::{Start, run};
use table::simulated::{Options, Script, SimulatedTable};
use table::wire::{Fault, FaultKind};
use table::{Table as _, Truth};
use traction::Drive;

/// Peak of the true force.
fn peak(truths: &[Truth]) -> f64 {
    let forces = truths.iter().map(|truth| truth.force.get());
    forces.fold(0.0, f64::max)
}

/// Opens the second line.
fn cut(hand: &Hand) {
    hand.table.torque_line().expect("a second line").set(false);
}

/// The force after so many ticks without command.
fn left_alone(hand: &mut Hand, ticks: u32) -> Vec<Truth> {
    (0..ticks)
        .map(|_| {
            hand.table.elapse().expect("time passes");
            hand.table.truth()
        })
        .collect()
}

/// fault of: H5
#[test]
fn a_runaway_drive_pulls_faster_than_rated_until_its_torque_is_taken() {
    for share in [0.5, 1.0, 3.0] {
        let mut hand = Hand::under(50.0);
        hand.fault(Fault::of(FaultKind::Runaway, share));
        let fastest = hand.ticks(20, -0.1).pop().expect("truths").velocity.get();
        assert!((fastest - share * 0.008).abs() < 1e-5, "{share}: {fastest}");
        assert!(!hand.tell(Drive::OFF).torque);
        assert!(hand.tell(Drive::OFF).velocity.get() < 0.0);
    }
    let mut hand = Hand::under(50.0);
    hand.fault(Fault::of(FaultKind::SpeedGain, 2.0));
    let speed = hand.ticks(20, 0.006).pop().expect("truths").velocity.get();
    assert!((speed - 0.012).abs() < 1e-5, "{speed}");
}

/// hazard: H5
#[test]
fn a_welded_contactor_keeps_torque_until_the_second_line_opens() {
    let mut hand = Hand::under(200.0);
    hand.usual(FaultKind::ContactorStuck);
    hand.usual(FaultKind::Runaway);
    let before = hand.table.truth().force.get();
    let held: Vec<Truth> = (0..50).map(|_| hand.tell(Drive::OFF)).collect();
    assert!(held.iter().all(|truth| truth.torque));
    assert!(peak(&held) > before + 10.0);
    cut(&hand);
    assert!(!hand.tell(Drive::OFF).torque);
    let free: Vec<Truth> = (0..500).map(|_| hand.tell(Drive::OFF)).collect();
    assert!(free[499].force.get() < 20.0, "{:?}", free[499]);
}

/// hazard: H5
#[test]
fn a_second_line_that_is_stuck_leaves_the_first() {
    let mut hand = Hand::under(200.0);
    hand.usual(FaultKind::LineStuck);
    cut(&hand);
    assert!(hand.tick(0.0).torque);
    assert!(!hand.tell(Drive::OFF).torque);
}

/// hazard: H16
#[test]
fn a_drive_that_hears_nothing_for_200_ms_lets_go_and_stays_so_until_told_to_be_off() {
    let mut hand = Hand::under(300.0);
    let alone = left_alone(&mut hand, 500);
    assert!(alone[..19].iter().all(|truth| truth.torque));
    assert!(alone[19..].iter().all(|truth| !truth.torque));
    assert!(alone[499].force.get() < 20.0, "{:?}", alone[499]);
    assert!(!hand.tick(0.0).torque);
    hand.tell(Drive::OFF);
    assert!(hand.tick(0.0).torque);
}

/// fault of: H16
#[test]
fn a_watchdog_that_is_dead_or_off_never_lets_go() {
    let off = Options {
        watchdog_ms: 0,
        ..Options::lumped(TABLE, 1)
    };
    let mut dead = Hand::under(200.0);
    dead.usual(FaultKind::WatchdogDead);
    for mut hand in [dead, Hand::on(off, Region::Lumbar).pulled(200.0)] {
        let alone = left_alone(&mut hand, 300);
        assert!(alone[299].torque && alone[299].force.get() > 150.0);
    }
}

/// hazard: H10
#[test]
fn a_drive_whose_commands_are_lost_lets_go_by_its_watchdog() {
    for kind in [FaultKind::CommandsLost, FaultKind::CommsLost] {
        let mut hand = Hand::under(300.0);
        hand.usual(kind);
        let truths = hand.ticks(600, 0.0);
        assert!(truths[18].torque && !truths[19].torque, "{kind:?}");
        assert!(truths[599].force.get() < 20.0, "{kind:?}");
        let silent = kind == FaultKind::CommsLost;
        assert_eq!(hand.read().force_a.is_none(), silent);
        assert_eq!(hand.table.apply(Drive::OFF).is_err(), silent);
    }
}

/// fault of: H10
#[test]
fn a_power_cut_takes_torque_and_readings_at_once_and_forgets_the_command() {
    let mut hand = Hand::under(300.0);
    hand.fault(Fault::usual(FaultKind::PowerCut).for_ms(100));
    let cut = hand.tick(0.0);
    assert!(!cut.torque && cut.velocity.get() < 0.0, "{cut:?}");
    assert!(hand.read().travel.is_none());
    let truths = hand.ticks(600, 0.0);
    assert!(truths.iter().all(|truth| !truth.torque));
    assert!(truths[599].force.get() < 20.0);
    assert!(hand.read().travel.is_some());
}

/// hazard: H4
#[test]
fn no_drive_pulls_beyond_its_torque_and_no_fault_of_it_beyond_the_force_stop() {
    for (region, torque, stop) in [
        (Region::Lumbar, 890.0, 1_000.0),
        (Region::Cervical, 200.0, 270.0),
    ] {
        let hand = || Hand::on(Options::lumped(TABLE, 1), region);
        let mut limited = hand();
        limited.fault(Fault::of(FaultKind::Runaway, 1.0));
        let truths = limited.ticks(6_000, 0.0);
        assert!(
            (0.9 * torque..=torque).contains(&peak(&truths)),
            "{region} {}",
            peak(&truths)
        );
        let mut stopped = hand();
        stopped.fault(Fault::of(FaultKind::Runaway, 1.0));
        stopped.usual(FaultKind::TorqueLimitOff);
        let truths = stopped.ticks(6_000, 0.0);
        let top = peak(&truths);
        assert!(top > torque && top <= stop, "{region}: {top} N");
        assert!(!truths[5_999].torque && truths[5_999].force.get() < 20.0);
        let mut unstopped = hand();
        unstopped.usual(FaultKind::Runaway);
        unstopped.usual(FaultKind::TorqueLimitOff);
        unstopped.usual(FaultKind::ForceStopDead);
        assert!((0..6_000).any(|_| unstopped.tick(0.0).force.get() > stop + 5.0));
    }
}

/// fault of: H9
#[test]
fn a_carriage_without_brake_lets_go_with_a_jerk_and_a_stuck_one_not_at_all() {
    let fall = |kind: Option<Fault>| {
        let mut hand = Hand::under(300.0);
        kind.into_iter().for_each(|fault| hand.fault(fault));
        let truths: Vec<Truth> = (0..100).map(|_| hand.tell(Drive::OFF)).collect();
        let rates = truths.iter().map(|truth| truth.rate.get());
        (rates.fold(0.0, f64::min), truths[99].force.get())
    };
    let (whole, left) = fall(None);
    let (failed, _) = fall(Some(Fault::of(FaultKind::BrakeFails, 0.02)));
    assert!(
        failed < 5.0 * whole && failed < -3_000.0,
        "{failed} against {whole} N/s"
    );
    assert!(left < 200.0, "{left} N");
    let (_, stuck) = fall(Some(Fault::usual(FaultKind::BrakeStuck)));
    assert!(stuck > 280.0, "{stuck} N");
}

/// fault of: H10
#[test]
fn a_dead_drive_stands_whatever_it_is_told_and_a_failing_one_says_so() {
    let mut hand = Hand::under(200.0);
    hand.usual(FaultKind::DriveDead);
    let before = hand.table.truth().travel;
    let after = hand.ticks(100, -0.05)[99];
    assert!((after.travel - before).get().abs() < 1e-4, "{after:?}");
    assert!(!hand.read().drive_fault);
    hand.usual(FaultKind::DriveFault);
    assert!(hand.read().drive_fault);
}

/// fault of: H10
#[test]
fn late_commands_are_obeyed_late() {
    let mut hand = Hand::under(100.0);
    hand.fault(Fault::of(FaultKind::CommandsLate, 150.0));
    let truths = hand.ticks(40, 0.008);
    let first = truths.iter().position(|truth| truth.velocity.get() > 1e-3);
    assert_eq!(first, Some(15));
}

/// fault of: H13
#[test]
fn a_replayed_command_pulls_again_after_the_drive_was_told_to_stand() {
    let mut hand = Hand::under(100.0);
    hand.ticks(20, 0.008);
    hand.fault(Fault::of(FaultKind::CommandsReplayed, 100.0));
    let again = hand.ticks(10, 0.0);
    assert!(again[5..].iter().all(|truth| truth.velocity.get() > 1e-3));
    let later = hand.ticks(40, 0.0);
    assert!(later[39].velocity.get() < 1e-6, "{:?}", later[39]);
}

/// hazard: H25
#[test]
fn a_rogue_master_pulls_through_the_command_and_not_through_the_second_line() {
    let mut hand = Hand::under(100.0);
    hand.usual(FaultKind::RogueMaster);
    let before = hand.table.truth().force.get();
    let truths: Vec<Truth> = (0..200).map(|_| hand.tell(Drive::OFF)).collect();
    assert!(
        truths
            .iter()
            .any(|truth| truth.torque && truth.velocity.get() > 1e-3)
    );
    cut(&hand);
    let truths: Vec<Truth> = (0..300).map(|_| hand.tell(Drive::OFF)).collect();
    assert!(truths.iter().all(|truth| !truth.torque));
    assert!(truths[299].force.get() < before);
}

/// fault of: H8
#[test]
fn a_cord_tears_in_its_time_and_stays_torn() {
    for (ms, ticks) in [(20.0, 2), (100.0, 10)] {
        let mut hand = Hand::under(300.0);
        let before = hand.table.truth().force.get();
        hand.fault(Fault::of(FaultKind::CordBreak, ms).for_ms(500));
        let truths = hand.ticks(200, 0.008);
        let half = truths[ticks / 2 - 1].force.get() / before;
        assert!((half - 0.5).abs() < 0.05, "{half}");
        let rest = &truths[ticks - 1..];
        assert!(rest.iter().all(|truth| truth.force.get() == 0.0));
    }
}

/// fault of: H8, H19
#[test]
fn a_harness_slips_at_once_or_creeps_and_a_buckle_holds_a_little() {
    let mut sudden = Hand::under(300.0);
    sudden.fault(Fault::of(FaultKind::HarnessSlip, 20.0));
    let truths = sudden.ticks(20, 0.0);
    assert!(truths[4].force.get() < 200.0, "{:?}", truths[4]);
    assert!((truths[19].force - truths[5].force).get().abs() < 20.0);

    let mut creeping = Hand::under(300.0);
    creeping.fault(Fault::of(FaultKind::HarnessSlip, 20.0).for_ms(10_000));
    let truths = creeping.ticks(1_200, 0.0);
    let worst = truths.iter().map(|truth| truth.rate.get().abs());
    assert!(worst.fold(0.0, f64::max) < 100.0);
    assert!(truths[1_199].force.get() < 200.0);

    let mut buckle = Hand::under(300.0);
    buckle.fault(Fault::of(FaultKind::Buckle, 50.0));
    let truths = buckle.ticks(50, 0.0);
    assert!(
        (20.0..=50.0).contains(&truths[49].force.get()),
        "{:?}",
        truths[49]
    );
}

/// hazard: H16, H21
#[test]
fn a_table_made_with_its_watchdog_off_or_the_wrong_harness_is_not_armed() {
    let lumped = || Options::lumped(TABLE, 1);
    let unwatched = Options {
        watchdog_ms: 0,
        ..lumped()
    };
    let neck = Options {
        fitted: Some(Region::Cervical),
        ..lumped()
    };
    let start = Start {
        at_ms: NOW_MS,
        seed: 1,
    };
    for (options, what) in [(unwatched, "watchdog"), (neck, "harness")] {
        let mut table = SimulatedTable::new(options).expect("a table");
        let grant = signed(&grant(static_profile(300.0, 60.0)));
        let refused = run(&grant, &mut table, Script::routine(), start);
        let problem = refused.map(drop).expect_err("not armable");
        assert_eq!(problem.code, "grant-not-armable");
        assert!(problem.problem.contains(what), "{problem}");
        assert!(!table.truth().torque);
    }
}
