//! What the patient, and who stands beside him, does to the rope.

use super::Hand;
use crate::support::TABLE;
use si::Region;
use table::Table as _;
use table::simulated::Options;
use table::wire::{Axis, Fault, FaultKind, Simulated, Way};
use traction::Drive;

/// fault of: H7
#[test]
fn a_patient_makes_the_force_and_takes_the_time_that_are_said() {
    for region in Region::ALL {
        let (rest, forces) = match region {
            Region::Lumbar => (200.0, [50.0, 150.0, 300.0]),
            Region::Cervical => (60.0, [10.0, 30.0, 50.0]),
        };
        for newtons in forces {
            for ms in [200, 1_000, 2_000] {
                let mut hand = Hand::on(Options::lumped(TABLE, 1), region).pulled(rest);
                hand.fault(Fault::of(FaultKind::PatientPulls, newtons).for_ms(ms));
                let truths = hand.ticks(ms / 10 + 1, 0.0);
                let made: Vec<f64> = truths.iter().map(|t| t.patient_force.get()).collect();
                let most = made.iter().copied().fold(0.0, f64::max);
                assert!(
                    (most / newtons - 1.0).abs() < 0.15,
                    "{region}: {most} N of {newtons}"
                );
                let middle = made[ms as usize / 20 - 1];
                assert!(middle > 0.9 * most, "{region}: {middle} N amid {most}");
                assert!(made.last().is_some_and(|last| last.abs() < 2.0), "{made:?}");
                assert_eq!(hand.ticks(2_001, 0.0)[2_000].patient_force.get(), 0.0);
            }
        }
    }
}

/// fault of: H6, H7, H8
#[test]
fn the_whole_spine_pulls_lifts_and_is_let_go_of_like_the_lumped_one() {
    let hand = || Hand::on(Options::new(TABLE, 1), Region::Lumbar).pulled(200.0);
    let mut pulls = hand();
    pulls.fault(Fault::of(FaultKind::PatientPulls, 150.0).for_ms(500));
    let made = pulls.ticks(51, 0.0);
    let most = made.iter().map(|truth| truth.patient_force.get());
    let most = most.fold(0.0, f64::max);
    assert!((most / 150.0 - 1.0).abs() < 0.15, "{most} N of 150");
    let mut lifts = hand();
    lifts.fault(Fault::of(FaultKind::PatientLifts, 100.0).for_ms(1_000));
    let truths = lifts.ticks(101, 0.0);
    assert_eq!(truths[50].force.get(), 0.0);
    // A spine that is caught fast is stiffer: what that adds is the patient's own.
    let caught = truths[100];
    assert!(caught.force.get() > 180.0, "{caught:?}");
    let others = (caught.force - caught.patient_force).get();
    assert!((others - 200.0).abs() < 25.0, "{caught:?}");
    let mut torn = hand();
    torn.usual(FaultKind::CordBreak);
    assert_eq!(torn.ticks(100, 0.0)[99].force.get(), 0.0);
}

/// fault of: H7
#[test]
fn a_carriage_that_yields_takes_away_what_the_patient_makes() {
    let most = |velocity: f64| {
        let mut hand = Hand::under(200.0);
        hand.fault(Fault::of(FaultKind::PatientPulls, 150.0).for_ms(1_000));
        let truths = hand.ticks(100, velocity);
        truths
            .iter()
            .map(|truth| truth.force.get())
            .fold(0.0, f64::max)
    };
    assert!(
        most(-0.03) < most(0.0) - 40.0,
        "{} {}",
        most(-0.03),
        most(0.0)
    );
}

/// fault of: H6
#[test]
fn who_lifts_makes_slack_and_is_caught_when_he_settles() {
    let mut hand = Hand::under(200.0);
    let before = hand.table.truth().force.get();
    hand.fault(Fault::of(FaultKind::PatientLifts, 100.0).for_ms(1_000));
    let truths = hand.ticks(101, 0.0);
    let slack = &truths[10..85];
    assert!(slack.iter().all(|truth| truth.force.get() == 0.0));
    assert!(slack.iter().all(|truth| truth.patient_force.get() < -100.0));
    let caught = truths[100].force.get();
    assert!((caught - before).abs() < 40.0, "{caught} N after {before}");
    assert!(truths[93].rate.get() > 500.0 || truths[98].rate.get() > 500.0);

    // What the drive has wound in meanwhile is in the catch, and is the drive's.
    let mut hand = Hand::under(200.0);
    hand.fault(Fault::of(FaultKind::PatientLifts, 50.0).for_ms(1_000));
    let wound = hand.ticks(102, 0.008)[101];
    assert!(wound.force.get() > before + 30.0, "{wound:?}");
    assert!(wound.patient_force.get().abs() < 10.0, "{wound:?}");
}

/// fault of: H6
#[test]
fn a_second_lift_begins_where_the_first_has_brought_him() {
    let mut hand = Hand::under(200.0);
    hand.fault(Fault::of(FaultKind::PatientLifts, 20.0));
    let lifted = hand.ticks(30, 0.0)[29].patient_force.get();
    hand.fault(Fault::of(FaultKind::PatientLifts, 10.0));
    let truths = hand.ticks(12, 0.0);
    let made: Vec<f64> = truths
        .iter()
        .map(|truth| truth.patient_force.get())
        .collect();
    let way = made[11] - lifted;
    assert!(lifted < -100.0 && way > 30.0, "{lifted} N, then {made:?}");
    assert!(
        (made[0] - lifted).abs() < 0.3 * way,
        "{lifted} N, then {made:?}"
    );
}

/// fault of: H12
#[test]
fn who_sleeps_does_not_stiffen_by_what_is_told_of_him() {
    let force = |asleep: bool| {
        let mut hand = Hand::on(Options::new(TABLE, 1), Region::Lumbar);
        if asleep {
            hand.usual(FaultKind::PatientAsleep);
        }
        hand.table.feels(8);
        hand.ticks(2_500, 0.002)[2_499].force.get()
    };
    assert!(force(false) > force(true) + 1.0);
}

/// Stands on the switch of an axis for a second; how far both axes went, m + rad.
fn stood_on(hand: &mut Hand, axis: Axis, drive: Drive) -> f64 {
    let foot = |way| Simulated::FootSwitch { axis, way };
    let before = hand.table.truth().couch.expect("axes");
    hand.table.simulate(foot(Way::Down));
    for _ in 0..100 {
        hand.tell(drive);
    }
    hand.table.simulate(foot(Way::Off));
    let after = hand.table.truth().couch.expect("axes");
    (after.height - before.height).get() + (after.tilt - before.tilt).get()
}

/// hazard: H26, H29
#[test]
fn no_axis_of_the_couch_moves_under_tension_whoever_stands_on_its_switch() {
    for axis in [Axis::Height, Axis::Tilt] {
        let still = Drive {
            torque: true,
            velocity: traction::MetresPerSecond::ZERO,
        };
        let mut hand = Hand::under(100.0);
        assert_eq!(
            stood_on(&mut hand, axis, still),
            0.0,
            "{axis:?} under tension"
        );
        // Let go: the lock opens where the rope carries no more than 20 N.
        for _ in 0..1_000 {
            hand.tell(Drive::OFF);
        }
        assert!(hand.table.truth().force.get() < 20.0);
        assert!(
            stood_on(&mut hand, axis, Drive::OFF) < -0.01,
            "{axis:?} at rest"
        );
        // Torque alone locks it too.
        assert_eq!(
            stood_on(&mut hand, axis, still),
            0.0,
            "{axis:?} with torque"
        );
    }
}

/// fault of: H26
#[test]
fn a_couch_whose_lock_is_gone_pulls_at_the_patient() {
    let mut hand = Hand::under(100.0);
    hand.usual(FaultKind::InterlockDead);
    let before = hand.table.truth().force.get();
    let (axis, way) = (Axis::Height, Way::Up);
    hand.table.simulate(Simulated::FootSwitch { axis, way });
    let after = hand.ticks(300, 0.0)[299];
    assert!(after.force.get() > before + 20.0, "{after:?}");
    assert!(after.couch.expect("axes").height.get() > 0.04);
}
