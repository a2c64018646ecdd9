//! The pull that was signed, in words, on notes and letters.

use care::episode::{Event, What};
use care::plan::{Candidate, Proposal};

use crate::frame::Frame;

/// The signed pull of the plan with these bytes.
pub(in crate::pages) fn candidate(told: &[Event], sha256: &str) -> Option<Candidate> {
    let chosen = told.iter().rev().find_map(|event| match &event.what {
        What::PlanSigned {
            plan_sha256,
            candidate,
            ..
        } if plan_sha256 == sha256 => Some(candidate),
        _ => None,
    })?;
    let plan = told.iter().find_map(|event| match &event.what {
        What::PlanProposed {
            plan, plan_sha256, ..
        } if plan_sha256 == sha256 => Proposal::read(plan).ok(),
        _ => None,
    })?;
    plan.candidate(chosen).ok().cloned()
}

/// Its mode, its first force, how the patient lies, and its holds.
pub(in crate::pages) fn line(f: &Frame, signed: &Candidate) -> String {
    let (t, pull) = (f.t, &signed.prescription);
    let whole = |number: f64| format!("{number:.0}");
    let holds = match pull.cycles {
        0 | 1 => t.note_held(whole(pull.hold_s / 60.0)),
        count => t.note_holds(t.plan_cycles(count), whole(pull.hold_s), whole(pull.rest_s)),
    };
    let mode = t.plan_mode(pull.mode.as_str());
    let lying = t.note_position(pull.position);
    let (force, angle) = (whole(pull.force_n), whole(pull.angle_deg));
    t.note_prescribed(mode, force, angle, lying, holds)
}
