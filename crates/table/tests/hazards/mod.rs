//! Each fault of the simulated table does what its name says, shown on the truth.

mod drive;
mod links;
mod patient;
mod sensors;
mod switch;

use crate::support::TABLE;
use si::Region;
use table::simulated::{Options, SimulatedTable};
use table::wire::{Fault, FaultKind, Simulated};
use table::{Sensors, Table as _, Truth};
use traction::Drive;
use traction::drive::MetresPerSecond;

/// Somebody on a table that a test drives by hand.
pub(super) struct Hand {
    pub(super) table: SimulatedTable,
}

impl Hand {
    pub(super) fn on(options: Options, region: Region) -> Self {
        let mut table = SimulatedTable::new(options).expect("the default patient");
        table.prepare(region).expect("a harness");
        Self { table }
    }

    /// The lumped body under about this tension, the carriage standing.
    pub(super) fn under(force: f64) -> Self {
        Self::on(Options::lumped(TABLE, 1), Region::Lumbar).pulled(force)
    }

    pub(super) fn pulled(mut self, force: f64) -> Self {
        for _ in 0..10_000 {
            if self.tick(0.004).force.get() >= force {
                break;
            }
        }
        for _ in 0..20 {
            self.tick(0.0);
        }
        let now = self.table.truth().force.get();
        assert!((now - force).abs() < 0.1 * force + 5.0, "{now} N");
        self
    }

    /// One tick at this speed with torque.
    pub(super) fn tick(&mut self, velocity: f64) -> Truth {
        self.tell(Drive {
            velocity: MetresPerSecond::raw(velocity),
            torque: true,
        })
    }

    /// One tick under this command.
    pub(super) fn tell(&mut self, drive: Drive) -> Truth {
        self.read();
        // A cut line refuses it; what is true is told all the same.
        let _ = self.table.apply(drive);
        self.table.truth()
    }

    pub(super) fn ticks(&mut self, count: u32, velocity: f64) -> Vec<Truth> {
        (0..count).map(|_| self.tick(velocity)).collect()
    }

    pub(super) fn read(&mut self) -> Sensors {
        self.table.read()
    }

    pub(super) fn fault(&mut self, fault: Fault) {
        assert!(
            self.table.simulate(Simulated::Inject { fault }),
            "{fault:?}"
        );
    }

    pub(super) fn usual(&mut self, kind: FaultKind) {
        self.fault(Fault::usual(kind));
    }
}

/// What a run of a fault shows: every truth and every reading, as text.
fn seen(fault: Option<Fault>) -> String {
    let mut hand = Hand::under(100.0);
    if let Some(fault) = fault {
        hand.fault(fault);
    }
    let press = |hand: &mut Hand, pressed| {
        hand.table.simulate(Simulated::Switch { pressed });
    };
    let mut seen = String::new();
    for tick in 0..400_u32 {
        press(&mut hand, (100..150).contains(&tick));
        if tick == 200 {
            let way = table::wire::Way::Up;
            let axis = table::wire::Axis::Height;
            hand.table.simulate(Simulated::FootSwitch { axis, way });
        }
        let sensors = hand.read();
        // Half a second without a command, off, then told to pull at an open line.
        let line = hand.table.torque_line().expect("a second line");
        line.set(!(310..400).contains(&tick));
        let truth = match tick {
            250..300 => hand.table.elapse().map(|()| hand.table.truth()),
            300..310 | 350.. => Ok(hand.tell(Drive::OFF)),
            _ => Ok(hand.tell(PULL)),
        };
        let truth = truth.expect("time passes");
        seen += &format!("{sensors:?} {truth:?}\n");
    }
    seen
}

pub(super) const PULL_FAST: Drive = Drive {
    velocity: MetresPerSecond::raw(0.004),
    torque: true,
};

const PULL: Drive = Drive {
    velocity: MetresPerSecond::raw(0.001),
    torque: true,
};

/// Kinds that only show at much more force: `no_drive_pulls_beyond_its_torque…` shows them.
const SHOWN_ELSEWHERE: [FaultKind; 2] = [FaultKind::TorqueLimitOff, FaultKind::ForceStopDead];

#[test]
fn every_kind_of_fault_changes_something_and_the_same_each_time() {
    let whole = seen(None);
    assert_eq!(whole, seen(None));
    for kind in FaultKind::all() {
        let fault = Fault::usual(kind);
        fault.check().expect("a usual size");
        let changed = seen(Some(fault));
        assert_eq!(changed, seen(Some(fault)), "{kind:?}");
        assert!(
            changed != whole || SHOWN_ELSEWHERE.contains(&kind),
            "{kind:?} changes nothing"
        );
    }
}

#[test]
fn a_fault_begins_after_its_onset_and_ends_with_its_duration() {
    let mut hand = Hand::under(100.0);
    let dead = Fault::usual(FaultKind::Runaway).over_ms(200).for_ms(500);
    hand.fault(dead);
    let truths = hand.ticks(100, 0.0);
    let moving: Vec<usize> = (0..100)
        .filter(|tick| truths[*tick].velocity.get() > 3e-3)
        .collect();
    // There from tick 20 to 50; the drive needs a tick to come down to half its speed.
    assert_eq!(
        (moving.first(), moving.last()),
        (Some(&19), Some(&50)),
        "{moving:?}"
    );
}

#[test]
fn a_fault_of_an_impossible_size_is_refused_with_its_range() {
    let mut hand = Hand::under(50.0);
    for magnitude in [f64::NAN, f64::INFINITY, 301.0, -1.0] {
        let fault = Fault::of(FaultKind::PatientPulls, magnitude);
        let problem = hand.table.inject(fault).expect_err("out of range");
        assert_eq!(problem.code, "fault-size");
        assert!(problem.problem.contains("0 to 300 N"), "{problem}");
        assert!(!hand.table.simulate(Simulated::Inject { fault }));
    }
}

#[test]
fn a_new_patient_finds_everything_mended() {
    let mut hand = Hand::under(100.0);
    for kind in FaultKind::all() {
        hand.usual(kind);
    }
    hand.ticks(50, 0.001);
    hand.table.prepare(Region::Lumbar).expect("a harness");
    let mut fresh = Hand::on(Options::lumped(TABLE, 1), Region::Lumbar);
    for _ in 0..200 {
        assert_eq!(hand.read(), fresh.read());
        assert_eq!(hand.tick(0.004), fresh.tick(0.004));
    }
}
