//! What a simulated table tells its checkers: the truth, whatever its sensors say.

use crate::support::*;
use si::Region;
use table::simulated::{Options, SimulatedTable};
use table::wire::{FaultName, Simulated};
use table::{Table as _, Truth};
use traction::Drive;
use traction::drive::MetresPerSecond;

/// A table with somebody on it, ready to pull.
fn ready(options: Options) -> SimulatedTable {
    let mut table = SimulatedTable::new(options).expect("the default patient");
    table.prepare(Region::Lumbar).expect("a lumbar harness");
    table
}

/// One tick at this speed, and what is true after it.
fn tick(table: &mut SimulatedTable, velocity: f64) -> Truth {
    let drive = Drive {
        torque: true,
        velocity: MetresPerSecond::raw(velocity),
    };
    table.apply(drive).expect("a drive that obeys");
    table.truth()
}

#[test]
fn the_rate_is_what_the_force_does_in_a_tick_and_the_velocity_what_the_carriage_does() {
    let mut table = ready(Options::lumped(TABLE, 1));
    let mut before = table.truth();
    for _ in 0..3_000 {
        let now = tick(&mut table, 0.002);
        let rise = (now.force - before.force).get();
        assert!((now.rate.get() * 0.01 - rise).abs() < 1e-9, "{now:?}");
        let way = (now.travel - before.travel).get();
        assert!((now.velocity.get() * 0.01 - way).abs() < 1e-12, "{now:?}");
        assert!(now.torque && now.patient_force.get() == 0.0, "{now:?}");
        before = now;
    }
    assert!(before.force.get() > 100.0, "{before:?}");
    table.apply(Drive::OFF).expect("a drive that obeys");
    let free = table.truth();
    assert!(!free.torque && free.rate.get() < 0.0, "{free:?}");
}

#[test]
fn force_made_by_the_patient_is_told_apart_from_what_the_drive_makes() {
    for options in [Options::lumped(TABLE, 1), Options::new(TABLE, 1)] {
        let mut table = ready(options);
        for _ in 0..3_000 {
            tick(&mut table, 0.002);
        }
        let rest = tick(&mut table, 0.0).force.get();
        table.simulate(Simulated::Fault {
            fault: FaultName::Guarding,
            on: true,
        });
        let truths: Vec<Truth> = (0..100).map(|_| tick(&mut table, 0.0)).collect();
        let most = truths
            .iter()
            .map(|truth| truth.patient_force.get())
            .fold(0.0, f64::max);
        assert!((80.0..130.0).contains(&most), "{most} N");
        for truth in &truths {
            // The carriage stands: all that is above the creeping rest is the patient's.
            let other = (truth.force - truth.patient_force).get();
            assert!((other - rest).abs() < 12.0, "{truth:?} at rest {rest} N");
        }
        // A spine that was stretched fast is softer for seconds: that is his too, then nothing.
        let after: Vec<Truth> = (0..2_001).map(|_| tick(&mut table, 0.0)).collect();
        assert!(
            after[10].patient_force.get().abs() < 25.0,
            "{:?}",
            after[10]
        );
        assert_eq!(after[2_000].patient_force.get(), 0.0);
    }
}

#[test]
fn a_switch_is_pressed_in_truth_whatever_its_poles_tell() {
    let mut table = ready(Options::lumped(TABLE, 1));
    table.simulate(Simulated::Fault {
        fault: FaultName::PoleAOpen,
        on: true,
    });
    assert!(!table.truth().pressed);
    table.simulate(Simulated::Switch { pressed: true });
    assert!(table.truth().pressed);
}
