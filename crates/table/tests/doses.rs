//! Every dose that a plan may hold (CLINICAL.md §4) is delivered, whoever lies there.

use crate::support::*;
use si::{Kilograms, Metres, Newtons, NewtonsPerSecond, Region, Seconds};
use table::runner::{Start, run};
use table::simulated::{Options, Script, SimulatedTable};
use traction::grant::Grant;
use traction::{Limits, LimitsSpec, Mode, Profile, ProfileSpec, Shape};

/// A dose at its edge: the ceiling one newton above the force, the travel that plans allow.
fn edge(region: Region, force: f64, mode: Mode, ramp: f64) -> Grant {
    let (hold, rest, cycles) = match mode {
        Mode::Static => (60.0, 0.0, 1),
        _ => (15.0, 10.0, 3),
    };
    let profile = Profile::new(ProfileSpec {
        mode,
        force: Newtons::of(force),
        base: Newtons::of((force * 0.3).max(10.0)),
        ramp: NewtonsPerSecond::of(ramp),
        release: NewtonsPerSecond::of(ramp),
        hold: Seconds::of(hold),
        rest: Seconds::of(rest),
        cycles,
        shape: Shape::NONE,
    });
    let grant = grant_in(region, profile.expect("a plain profile"));
    let travel = match region {
        Region::Lumbar => 0.1,
        Region::Cervical => 0.06,
    };
    let spec = LimitsSpec {
        ceiling: Newtons::of(force + 1.0),
        travel: Metres::of(travel),
        ..*grant.limits.spec()
    };
    Grant {
        limits: Limits::new(spec).expect("within the compiled limits"),
        ..grant
    }
}

fn check(grant: &Grant, mass: f64, seed: u64) {
    let mut options = Options::lumped(TABLE, seed);
    options.patient.mass = Kilograms::of(mass);
    let mut table = SimulatedTable::new(options).expect("a patient");
    let start = Start {
        at_ms: NOW_MS,
        seed,
    };
    let recording = run(&signed(grant), &mut table, Script::routine(), start).expect("armed");
    let (summary, spec) = (&recording.summary, grant.profile.spec());
    let what = format!("{mass} kg, {spec:?}: {summary:#?}");
    assert!(summary.completed && summary.stops.is_empty(), "{what}");
    assert!(
        (summary.mean_hold_n - spec.force.get()).abs() < 2.0,
        "{what}"
    );
    // The tracking band (devices.md §4b.2).
    let band = (0.02 * spec.force.get()).max(5.0);
    assert!(summary.worst_hold_error_n <= band, "{what}");
}

#[test]
fn every_dose_is_delivered_without_a_stop() {
    let doses = [
        (
            Region::Lumbar,
            [(45.0, 60.0), (45.0, 220.0), (75.0, 367.0), (150.0, 534.0)],
            (60.0, 10.0),
        ),
        (
            Region::Cervical,
            [(45.0, 26.0), (45.0, 44.0), (75.0, 73.0), (150.0, 98.0)],
            (30.0, 4.0),
        ),
    ];
    // As plans have them: the ramp takes this long, and is never steeper than this.
    for (region, people, (slow_s, fast)) in doses {
        for (mass, force) in people {
            for mode in [Mode::Static, Mode::Intermittent, Mode::Cyclic] {
                for (ramp, seed) in [(force / slow_s, 1), (fast, 2)] {
                    check(&edge(region, force, mode, ramp), mass, seed);
                }
            }
        }
    }
}
