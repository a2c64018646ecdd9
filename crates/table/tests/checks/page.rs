//! The part of `docs/hazards.md` between our two markers: written by the test, and the same
//! as the test finds. What stands around it is written by `crates/annulus/tests/hazards`.

use crate::Shown;
use crate::rows::Row;
use std::fmt::Write as _;
use traction::guard::Check;

fn name(check: Check) -> String {
    match check {
        Check::Cause(cause) => cause.as_str().to_owned(),
        Check::Limit(limit) => format!("bound `{limit}`"),
        Check::Controller => "the controller".to_owned(),
        Check::Ear => "the supervisor's own ear".to_owned(),
    }
}

fn plain(value: f64) -> String {
    if value < 1.0 {
        format!("{value:.2}")
    } else {
        format!("{value:.0}")
    }
}

/// One row of the table.
pub(crate) fn row(out: &mut String, row: &Row, shown: &Shown) {
    let unit = shown.law.unit();
    let with: Vec<String> = row.with.iter().copied().map(name).collect();
    let _ = writeln!(
        out,
        "| {} | {} | {}: {} | {} | {} {unit} where {} |",
        name(row.check),
        if with.is_empty() {
            "–".to_owned()
        } else {
            with.join(", ")
        },
        row.seed,
        row.scenario(),
        shown.law.as_str(),
        plain(shown.value),
        plain(shown.bound),
    );
}

const PAGE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../../docs/hazards.md");
const BEGIN: &str = "<!-- checks: begin -->\n";
const END: &str = "<!-- checks: end -->\n";

/// The part of the page is what came out.
pub(crate) fn keep(rows: &str) {
    let mut part = format!("{HEAD}{rows}{TAIL}");
    for (cause, why, test) in ELSEWHERE {
        let _ = writeln!(part, "| {cause} | {why} | `{test}` |");
    }
    let page = std::fs::read_to_string(PAGE).expect("docs/hazards.md");
    let (before, rest) = page
        .split_once(BEGIN)
        .expect("the marker before the checks");
    let (kept, after) = rest.split_once(END).expect("the marker after the checks");
    if std::env::var_os("UPDATE_CHECKS").is_some() {
        let page = format!("{before}{BEGIN}{part}{END}{after}");
        std::fs::write(PAGE, page).expect("docs can be written");
    } else {
        assert!(
            kept == part,
            "the checks of docs/hazards.md are old; write them again with UPDATE_CHECKS=1"
        );
    }
}

/// Checks whose removal no law of the campaign sees: why, and the test that does.
pub(crate) const ELSEWHERE: &[(&str, &str, &str)] = &[
    (
        "sample-invalid",
        "forbids an increase for the 100 ms until the sample counts as lost",
        "one_late_or_broken_sample_is_ridden_through",
    ),
    (
        "force-rate",
        "the campaign's drives pull no faster than 500 N/s; it names a cell that jumps",
        "what_waits_for_two_acts_stays_latched_whatever_else_is_done",
    ),
    (
        "guarding",
        "forbids an increase for 3 s after a cough; that nothing pulls against it has three other bounds",
        "guarding_is_yielded_to_then_rested_then_stopped",
    ),
    (
        "guarding-twice",
        "a rest at base force: no law of force or time",
        "guarding_is_yielded_to_then_rested_then_stopped",
    ),
    (
        "guarding-thrice",
        "an end of the session: no law of force or time",
        "guarding_is_yielded_to_then_rested_then_stopped",
    ),
    (
        "loop-slow",
        "only warns",
        "what_clears_by_itself_outlasts_every_act_and_goes_with_its_condition",
    ),
    (
        "loop-late",
        "the drive's own watchdog has let go after 200 ms",
        "each_fault_stops_for_its_own_cause_in_its_own_time",
    ),
    (
        "switch-doubt",
        "forbids an increase for the 50 ms until the switch counts as pressed",
        "a_broken_wire_or_a_disagreeing_pole_is_a_pressed_switch_after_fifty_ms",
    ),
    (
        "drive-fault",
        "what a drive reports has no force of its own",
        "each_fault_stops_for_its_own_cause_in_its_own_time",
    ),
    (
        "invariant",
        "no fault of a table makes a number inside the loop that is none",
        "the_guard_only_reduces_and_keeps_the_order_of_demands",
    ),
    (
        "paused",
        "the staff's own act, no check",
        "a_pause_goes_to_base_and_unloads_after_two_minutes",
    ),
    (
        "ended",
        "the staff's own act, no check",
        "an_end_takes_the_therapy_ramp",
    ),
    (
        "lowered-ceiling",
        "only tells of a ceiling; its bound is over-force",
        "lower_makes_three_quarters_of_the_present_force_the_ceiling_for_good",
    ),
    (
        "bound `yield`",
        "that force is let out has no law, only that nothing pulls",
        "the_guard_alone_yields_to_force_that_the_patient_makes",
    ),
    (
        "bound `base`",
        "what pulls in a pause is above what is steered for, too",
        "each_bound_of_the_guard_is_named_while_it_holds",
    ),
    (
        "bound `stiffness`",
        "the campaign's patients are no stiffer than arming assumes",
        "a_patient_stiffer_than_arming_assumed_is_pulled_more_slowly",
    ),
    (
        "bound `pull-speed`",
        "the drive goes no faster by itself",
        "each_bound_of_the_guard_is_named_while_it_holds",
    ),
];

const HEAD: &str = "\
## Every check is needed

Each check of guard and supervisor is removed from a session of the campaign, once with it and once without;
where another one covers the same fault, that one is off in both. The seed and the scenario are those of the run; the
law is one of `crates/table/src/campaign/checkers`, which read only what is true of the patient: the run with the check
keeps it, the run without breaks it. In pairs of faults the overshoot is held to the bound of a single one.
Written by `UPDATE_CHECKS=1 cargo test -p table --features blind --test checks`; no other build can switch off a check.

| check | off in both | seed and session | law | found where allowed |
|---|---|---|---|---|
";
const TAIL: &str = "
### What no law of the campaign sees
Their removal changes no force, time or travel that the patient could be hurt by within the campaign's laws; a test of
`traction` fails without each.

| check | why | test |
|---|---|---|
";
