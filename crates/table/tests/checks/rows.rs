//! The checks, what is removed with each, and the session that then breaks a law.

use crate::more;
use si::{Newtons, NewtonsPerSecond, Region, Seconds};
use table::campaign::{Hazard, Incident, Injection, Length, Moment, Scenario};
use table::links::LinkAct;
use table::wire::{Fault, FaultKind, Sensor, Wrong};
use traction::cause::Cause;
use traction::guard::Check;
use traction::input::Command;
use traction::limiter::Limit;
use traction::{Mode, Profile, ProfileSpec, Shape};

/// One check.
#[derive(Clone)]
pub(crate) struct Row {
    pub(crate) check: Check,
    /// What else covers the same fault, removed in both runs.
    pub(crate) with: Vec<Check>,
    pub(crate) seed: u64,
    /// What is changed of the seed's scenario.
    bend: fn(&mut Scenario),
}

impl Row {
    pub(crate) fn scenario(&self) -> Scenario {
        let mut scenario = Scenario::of(self.seed).expect("a scenario");
        (self.bend)(&mut scenario);
        scenario
    }
}

/// A quiet session with one hold of `hold` s at `force` N; nobody does anything.
pub(crate) fn plain(scenario: &mut Scenario, region: Region, force: f64, hold: f64) {
    let ramp = NewtonsPerSecond::of(if region == Region::Lumbar { 40.0 } else { 12.0 });
    let spec = ProfileSpec {
        mode: Mode::Static,
        force: Newtons::of(force),
        base: Newtons::of((0.3 * force).max(10.0)),
        ramp,
        release: ramp,
        hold: Seconds::of(hold),
        rest: Seconds::ZERO,
        cycles: 1,
        shape: Shape::NONE,
    };
    scenario.profile = Profile::new(spec).expect("a profile");
    scenario.ceiling = spec.force;
    scenario.region = region;
    scenario.length = Length::Compressed;
    scenario.whole_spine = false;
    scenario.incident = Incident::None;
    scenario.comes_back = false;
    scenario.injections.clear();
}

pub(crate) fn lumbar(scenario: &mut Scenario) {
    plain(scenario, Region::Lumbar, 300.0, 15.0);
}

pub(crate) fn incident(scenario: &mut Scenario, incident: Incident, moment: Moment, delay: u32) {
    scenario.incident = incident;
    scenario.when = (moment, delay);
}

pub(crate) fn inject(scenario: &mut Scenario, hazard: Hazard, moment: Moment, delay: u32) {
    scenario.injections.push(Injection {
        hazard,
        moment,
        delay,
        again: 0,
    });
}

/// The same again and again, every so many ticks.
pub(crate) fn again(
    scenario: &mut Scenario,
    hazard: Hazard,
    moment: Moment,
    delay: u32,
    every: u32,
) {
    inject(scenario, hazard, moment, delay);
    if let Some(one) = scenario.injections.last_mut() {
        one.again = every;
    }
}

/// A fault that lasts for so many ms.
pub(crate) fn brief(kind: FaultKind, magnitude: f64, ms: u32) -> Hazard {
    Hazard::Table(Fault {
        kind,
        magnitude,
        onset_ms: 0,
        duration_ms: Some(ms),
    })
}

/// A fault of a size, that comes in `onset_ms` and stays.
pub(crate) fn fault(kind: FaultKind, magnitude: f64, onset_ms: u32) -> Hazard {
    Hazard::Table(Fault {
        kind,
        magnitude,
        onset_ms,
        duration_ms: None,
    })
}

pub(crate) fn row(check: Check, with: &[Check], seed: u64, bend: fn(&mut Scenario)) -> Row {
    Row {
        check,
        with: with.to_vec(),
        seed,
        bend,
    }
}

/// Both cells lie alike.
fn cells(wrong: Wrong, magnitude: f64, onset_ms: u32) -> Hazard {
    fault(
        FaultKind::Sensor(Sensor::BothCells, wrong),
        magnitude,
        onset_ms,
    )
}

/// The harness slips evenly by so many mm.
fn slip(mm: f64, duration_ms: u32) -> Hazard {
    Hazard::Table(Fault {
        kind: FaultKind::HarnessSlip,
        magnitude: mm,
        onset_ms: 0,
        duration_ms: Some(duration_ms),
    })
}

pub(crate) const fn of(cause: Cause) -> Check {
    Check::Cause(cause)
}

/// Every check that has a row.
pub(crate) fn rows() -> Vec<Row> {
    let mut rows = people();
    rows.extend(senses());
    rows.extend(agreement());
    rows.extend(body());
    rows.extend(bounds());
    rows.extend(more::rows());
    rows
}

fn people() -> Vec<Row> {
    use Cause::*;
    vec![
        row(of(PatientSwitch), &[], 2, |s| {
            lumbar(s);
            incident(s, Incident::Press, Moment::Hold, 300);
        }),
        row(of(ConsoleStop), &[Check::Ear], 2, |s| {
            lumbar(s);
            incident(s, Incident::Stop, Moment::Hold, 300);
        }),
        row(of(SymptomReported), &[Check::Ear], 2, |s| {
            lumbar(s);
            incident(s, Incident::Symptom, Moment::Hold, 300);
        }),
        row(of(ComfortStop), &[], 2, |s| {
            lumbar(s);
            incident(s, Incident::ComfortStop, Moment::Hold, 300);
        }),
        row(of(ComfortRise), &[], 2, |s| {
            lumbar(s);
            incident(s, Incident::ComfortRise, Moment::Ramp, 100);
        }),
        row(of(StaffNoIncrease), &[Check::Ear], 2, |s| {
            lumbar(s);
            incident(s, Incident::NoIncrease, Moment::Ramp, 100);
        }),
        row(of(LinkLate), &[], 2, |s| {
            lumbar(s);
            let silent = Hazard::Link(LinkAct::DeskSilent { ms: 4_500 });
            inject(s, silent, Moment::Ramp, 50);
        }),
        row(of(Departed), &[], 2, |s| {
            lumbar(s);
            let silent = Hazard::Link(LinkAct::DeskSilent { ms: 4_500 });
            inject(s, silent, Moment::Ramp, 50);
        }),
        row(of(LinkLost), &[], 2, |s| {
            lumbar(s);
            let silent = Hazard::Link(LinkAct::DeskSilent { ms: 60_000 });
            inject(s, silent, Moment::Hold, 50);
        }),
        row(of(PauseTooLong), &[of(TotalTime)], 2, |s| {
            plain(s, Region::Lumbar, 200.0, 60.0);
            inject(
                s,
                Hazard::Link(LinkAct::Ward(Command::Pause)),
                Moment::Hold,
                100,
            );
        }),
        row(of(TotalTime), &[], 2, |s| {
            lumbar(s);
            inject(
                s,
                Hazard::Link(LinkAct::Ward(Command::Pause)),
                Moment::Hold,
                100,
            );
        }),
    ]
}

fn senses() -> Vec<Row> {
    use Cause::*;
    vec![
        row(of(SampleStale), &[Check::Limit(Limit::Freshness)], 2, |s| {
            lumbar(s);
            inject(s, fault(FaultKind::SamplesLate, 60.0, 0), Moment::Ramp, 50);
        }),
        row(
            of(SampleLost),
            &[of(ForceRemains), Check::Limit(Limit::Yield)],
            2,
            |s| {
                lumbar(s);
                inject(s, cells(Wrong::Lost, 1.0, 0), Moment::Hold, 50);
            },
        ),
        row(
            of(OutOfRange),
            &[
                of(ForceLost),
                of(MotorDisagrees),
                of(MotorAbove),
                of(CellFrozen),
            ],
            2,
            |s| {
                plain(s, Region::Lumbar, 100.0, 15.0);
                inject(s, cells(Wrong::Rail, -600.0, 0), Moment::Hold, 50);
            },
        ),
    ]
}

/// What is wrong and looks right.
fn agreement() -> Vec<Row> {
    use Cause::*;
    vec![
        row(
            of(CellsDisagree),
            &[of(OverForce), of(MotorAbove), of(OutOfRange)],
            2,
            |s| {
                plain(s, Region::Lumbar, 100.0, 20.0);
                inject(
                    s,
                    fault(
                        FaultKind::Sensor(Sensor::CellA, Wrong::Offset),
                        -200.0,
                        3_000,
                    ),
                    Moment::Hold,
                    10,
                );
                inject(
                    s,
                    fault(
                        FaultKind::Sensor(Sensor::CellB, Wrong::Offset),
                        -1000.0,
                        30_000,
                    ),
                    Moment::Hold,
                    300,
                );
            },
        ),
        row(of(MotorDisagrees), &[], 2, |s| {
            plain(s, Region::Lumbar, 530.0, 20.0);
            inject(s, cells(Wrong::Gain, 0.1, 30_000), Moment::TakeUp, 10);
            inject(
                s,
                fault(FaultKind::TorqueLimitOff, 1.0, 0),
                Moment::Armed,
                10,
            );
        }),
        row(
            of(CellFrozen),
            &[of(MotorDisagrees), of(MotorAbove)],
            2,
            |s| {
                plain(s, Region::Lumbar, 100.0, 20.0);
                inject(s, cells(Wrong::Stuck, 1.0, 0), Moment::Ramp, 100);
            },
        ),
    ]
}

fn body() -> Vec<Row> {
    use Cause::*;
    vec![
        row(of(ForceLost), &[], 2, |s| {
            lumbar(s);
            inject(s, slip(60.0, 300), Moment::Hold, 100);
        }),
        row(of(MotorAbove), &[], 2, |s| {
            plain(s, Region::Lumbar, 300.0, 20.0);
            inject(s, cells(Wrong::Gain, 0.8, 3_000), Moment::Ramp, 100);
        }),
        row(of(OverForce), &[of(MotorAbove)], 2, |s| {
            lumbar(s);
            inject(s, cells(Wrong::Gain, 0.7, 6_000), Moment::Hold, 10);
        }),
        row(of(OverTravel), &[of(CellFrozen)], 2, |s| {
            plain(s, Region::Lumbar, 500.0, 60.0);
            inject(s, slip(100.0, 60_000), Moment::Hold, 10);
        }),
        row(of(DriveIgnores), &[], 2, |s| {
            lumbar(s);
            inject(s, fault(FaultKind::Runaway, 1.0, 0), Moment::Hold, 100);
        }),
        row(
            of(DriveAstray),
            &[of(ForceRemains), of(DriveIgnores), of(CellFrozen)],
            2,
            |s| {
                lumbar(s);
                inject(s, fault(FaultKind::DriveDead, 1.0, 0), Moment::Ramp, 300);
            },
        ),
        row(of(ReleaseOver), &[of(DriveIgnores)], 2, |s| {
            lumbar(s);
            incident(s, Incident::Stop, Moment::Hold, 300);
            inject(s, fault(FaultKind::DriveDead, 1.0, 0), Moment::Hold, 300);
        }),
        row(of(ForceRemains), &[], 2, |s| {
            lumbar(s);
            inject(
                s,
                fault(
                    FaultKind::Sensor(Sensor::BothCells, Wrong::Offset),
                    -50.0,
                    3000,
                ),
                Moment::Hold,
                10,
            );
        }),
        row(of(NoContact), &[of(OverTravel)], 2, |s| {
            lumbar(s);
            inject(s, fault(FaultKind::CordBreak, 20.0, 0), Moment::TakeUp, 1);
        }),
    ]
}

fn bounds() -> Vec<Row> {
    let limit = Check::Limit;
    let mad = Check::Controller;
    let target = limit(Limit::Target);
    vec![
        row(limit(Limit::Ending), &[], 20_766, |s| {
            for one in &mut s.injections {
                if let Hazard::Table(fault) = &mut one.hazard {
                    fault.magnitude = 12.0;
                    fault.duration_ms = Some(3_500);
                }
            }
        }),
        row(
            limit(Limit::Held),
            &[mad, target, limit(Limit::Cap)],
            2,
            |s| {
                lumbar(s);
                let silent = Hazard::Link(LinkAct::DeskSilent { ms: 4_500 });
                inject(s, silent, Moment::Ramp, 50);
            },
        ),
        row(limit(Limit::Cap), &[mad, target], 2, |s| {
            lumbar(s);
            incident(s, Incident::NoIncrease, Moment::Ramp, 100);
        }),
        row(limit(Limit::Release), &[mad], 2, |s| {
            lumbar(s);
            incident(s, Incident::Press, Moment::Hold, 300);
        }),
        row(
            target,
            &[mad, of(Cause::OverForce), limit(Limit::Yield)],
            2,
            lumbar,
        ),
    ]
}
