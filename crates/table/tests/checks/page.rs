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
        Check::HastyController => "the controller, which asks for ten times the pull".to_owned(),
        Check::LostController => "the controller, which ends with no number".to_owned(),
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
    let mut part = format!("{HEAD}{rows}");
    for (head, told) in [(UNSEEN, ELSEWHERE), (NAMES, NO_CHECKS)] {
        part.push_str(head);
        for (cause, why, test) in told {
            let _ = writeln!(part, "| {cause} | {why} | `{test}` |");
        }
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

/// A cause and its reason; the test of `traction` that fails without it.
type Told = (&'static str, &'static str, &'static str);

/// Checks whose removal no law of the campaign sees: why, and the test that does.
pub(crate) const ELSEWHERE: &[Told] = &[(
    "loop-slow",
    "only warns: a tick that begins 20 to 100 ms late changes no command; later ones are `loop-late`",
    "what_clears_by_itself_outlasts_every_act_and_goes_with_its_condition",
)];

/// Causes that name what the staff did and look at nothing.
pub(crate) const NO_CHECKS: &[Told] = &[
    (
        "paused",
        "the guard looks for no pause: it is told of the stage, and holds it to the bound `base`",
        "a_pause_goes_to_base_and_unloads_after_two_minutes",
    ),
    (
        "ended",
        "the same, and its bound is `ending`; force that is left is `force-remains`",
        "an_end_takes_the_therapy_ramp",
    ),
    (
        "lowered-ceiling",
        "a warning that names the ceiling; what keeps it is the bound `lowered-ceiling` on the way down and `over-force` from then on",
        "lower_makes_three_quarters_of_the_present_force_the_ceiling_for_good",
    ),
];

const HEAD: &str = "\
## Every check is needed

Each check of guard and supervisor is removed from a session of the campaign, once with it and once without; where
another one covers the same fault, that one is off in both, and nothing is off in both that could stay on. The seed and
the scenario are those of the run; the law is one of `crates/table/src/campaign/checkers`, which read only what is true of
the patient: the run with the check keeps it, the run without breaks it. Force that is missing in a hold does not count.
In pairs of faults the overshoot is held to the bound of a single one. A controller that is off asks for the full pull.
Written by `UPDATE_CHECKS=1 cargo test -p table --features blind --test checks`; no other build can switch off a check.

| check | off in both | seed and session | law | found where allowed |
|---|---|---|---|---|
";
const UNSEEN: &str = "
### What no law of the campaign sees
Its removal changes no force, time or travel; a test of `traction` fails without it.

| check | why | test |
|---|---|---|
";
const NAMES: &str = "
### What is no check
Causes that give an act of the staff its name; nothing is looked at and nothing can be removed.

| cause | why | test |
|---|---|---|
";
