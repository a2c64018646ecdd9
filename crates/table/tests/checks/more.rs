//! Checks whose fault is a patient who guards, a wire in doubt, a loop or a controller that is
//! broken: what is removed with each, and the session that then breaks a law.

use crate::rows::{Row, again, brief, fault, incident, inject, lumbar, of, plain, row};
use si::{Newtons, Region};
use table::campaign::{Hazard, Incident, Moment, Scenario};
use table::links::LinkAct;
use table::wire::{FaultKind, Poles, Sensor, Wrong};
use traction::cause::Cause;
use traction::guard::Check;
use traction::input::Command;
use traction::limiter::Limit;

/// Their rows.
pub(crate) fn rows() -> Vec<Row> {
    let mut rows = patient();
    rows.extend(wires());
    rows.extend(broken());
    rows.extend(bounds());
    rows
}

/// A hold of 40 s that a patient who coughs does not bring to its ceiling.
fn coughs(scenario: &mut Scenario, newtons: f64, every: u32) {
    plain(scenario, Region::Lumbar, 300.0, 40.0);
    scenario.ceiling = Newtons::of(450.0);
    let cough = brief(FaultKind::PatientPulls, newtons, 1_000);
    again(scenario, cough, Moment::Hold, 400, every);
}

fn patient() -> Vec<Row> {
    use Cause::*;
    vec![
        row(of(Guarding), &[], 2, |s| coughs(s, 100.0, 0)),
        row(of(GuardingTwice), &[], 2, |s| coughs(s, 60.0, 1_000)),
        row(of(GuardingThrice), &[], 2, |s| coughs(s, 100.0, 1_000)),
    ]
}

/// A wire that comes and goes within what counts as lost or pressed.
fn wires() -> Vec<Row> {
    use Cause::*;
    vec![
        row(of(SampleInvalid), &[], 2, |s| {
            lumbar(s);
            let none = FaultKind::Sensor(Sensor::BothCells, Wrong::NotANumber);
            again(s, brief(none, 1.0, 20), Moment::Ramp, 50, 3);
        }),
        row(of(SwitchDoubt), &[], 2, |s| {
            lumbar(s);
            let open = FaultKind::PoleOpen(Poles::A);
            again(s, brief(open, 1.0, 40), Moment::Ramp, 50, 5);
        }),
    ]
}

fn broken() -> Vec<Row> {
    use Cause::*;
    let limit = Check::Limit;
    vec![
        row(of(LoopLate), &[of(TotalTime)], 2, |s| {
            lumbar(s);
            let crawls = Hazard::Link(LinkAct::LoopStalls { ms: 120 });
            again(s, crawls, Moment::Hold, 50, 1);
        }),
        row(
            of(DriveFault),
            &[
                of(ForceRemains),
                of(DriveAstray),
                of(DriveIgnores),
                of(CellFrozen),
            ],
            2,
            |s| {
                lumbar(s);
                inject(s, fault(FaultKind::DriveDead, 1.0, 0), Moment::Hold, 300);
                inject(s, fault(FaultKind::DriveFault, 1.0, 0), Moment::Hold, 300);
            },
        ),
        row(
            of(Invariant),
            &[Check::LostController, of(ForceRemains), limit(Limit::Yield)],
            2,
            |s| {
                lumbar(s);
                incident(s, Incident::End, Moment::Hold, 300);
            },
        ),
        row(
            of(ForceRate),
            &unasked(&[Check::HastyController, limit(Limit::PullSpeed)]),
            2,
            hasty,
        ),
    ]
}

/// With what else stops a carriage that pulls unasked: what is steered for, and what is taken
/// for the patient's own force.
fn unasked(with: &[Check]) -> Vec<Check> {
    let mut all = with.to_vec();
    all.extend([
        Check::Limit(Limit::Target),
        Check::Limit(Limit::Yield),
        of(Cause::Guarding),
    ]);
    all
}

/// The drive hears each command so many ms late: arming takes 200 ms for the slowest answer.
fn late(scenario: &mut Scenario, ms: f64) {
    lumbar(scenario);
    let late = fault(FaultKind::CommandsLate, ms, 0);
    inject(scenario, late, Moment::Armed, 10);
}

/// The same on a drive that has no limit of speed of its own.
fn hasty(scenario: &mut Scenario) {
    late(scenario, 100.0);
    scenario.any_speed = true;
}

fn bounds() -> Vec<Row> {
    let limit = Check::Limit;
    let mad = Check::Controller;
    vec![
        row(limit(Limit::Freshness), &[of(Cause::SampleStale)], 2, |s| {
            lumbar(s);
            inject(s, fault(FaultKind::SamplesLate, 60.0, 0), Moment::Ramp, 50);
        }),
        row(limit(Limit::Yield), &[mad], 2, |s| coughs(s, 100.0, 0)),
        row(limit(Limit::Base), &unasked(&[mad]), 2, |s| {
            lumbar(s);
            let pause = Hazard::Link(LinkAct::Ward(Command::Pause));
            inject(s, pause, Moment::Ramp, 100);
        }),
        row(limit(Limit::Lowered), &unasked(&[mad]), 2, |s| {
            lumbar(s);
            incident(s, Incident::Lower, Moment::Ramp, 400);
        }),
        row(
            limit(Limit::Stiffness),
            &unasked(&[mad, of(Cause::ForceRate)]),
            2,
            |s| {
                late(s, 60.0);
                s.stiffer = 6.0;
            },
        ),
        row(
            limit(Limit::PullSpeed),
            &unasked(&[Check::HastyController, of(Cause::ForceRate)]),
            2,
            hasty,
        ),
    ]
}
