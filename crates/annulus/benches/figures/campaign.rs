//! How fast the fault campaign runs, and what the long one found (`scripts/campaign`).

use crate::measure::{Figure, root, timed};
use table::campaign::{Scenario, run};

/// What the names of the long campaign's rows start with.
pub(crate) const NAME: &str = "fault campaign:";

/// Sessions of each body that are timed, and how often.
const LUMPED: u64 = 400;
const COLUMN: u64 = 6;
const RUNS: usize = 3;

/// Simulated time against real time on one core, with each body.
pub(crate) fn speeds() -> Vec<Figure> {
    let speed = |name: &str, least: f64, whole: bool, count: u64| {
        let sessions = sessions(whole, count);
        let runs = (0..RUNS).map(|_| times_real(&sessions)).collect();
        Figure::real_time(name, least, runs)
    };
    vec![
        speed(
            "a campaign's sessions on one core, lumped patient",
            2_000.0,
            false,
            LUMPED,
        ),
        speed("the same with the whole column", 400.0, true, COLUMN),
    ]
}

/// The first sessions of this body, as the campaign draws them.
fn sessions(whole: bool, count: u64) -> Vec<Scenario> {
    let all = (0..).map(|seed| Scenario::of(seed).expect("every seed is a session"));
    let of_body = all.filter(|scenario| scenario.whole_spine == whole);
    of_body
        .take(usize::try_from(count).unwrap_or(usize::MAX))
        .collect()
}

/// Simulated seconds a second.
fn times_real(sessions: &[Scenario]) -> f64 {
    let mut ticks = 0_u64;
    let took = timed(|| {
        for scenario in sessions {
            ticks += u64::from(run(scenario).expect("it runs").ticks);
        }
    });
    ticks as f64 / f64::from(traction::PER_SECOND) / took.as_secs_f64()
}

/// What the long campaign found, or nothing where it ran on other sources than these.
pub(crate) fn long() -> Option<Vec<Figure>> {
    let text = std::fs::read_to_string(root().join("docs/campaign.json")).ok()?;
    let told: serde_json::Value = serde_json::from_str(&text).ok()?;
    let program = told["program"].as_str()?;
    if !program.ends_with(env!("ANNULUS_SESSIONS")) {
        return None;
    }
    let number = |name: &str| told[name].as_f64();
    let worst = |name: &str, index: usize| told[name][index].as_f64();
    let most = |what: &str, most: f64, unit: &'static str, value: f64| {
        Figure::worst_of(&format!("{NAME} {what}"), most, unit, value)
    };
    let hours = number("simulated_s")? / 3600.0;
    let sessions = format!("{NAME} sessions with a fault ({hours:.0} simulated hours in all)");
    let stop = |index| worst("worst_stop_ms", index);
    let over = |index| worst("worst_overshoot_by_faults_n", index);
    Some(vec![
        Figure::count_of(&sessions, 1_000_000.0, "sessions", number("faulted")?),
        most("laws broken", 0.0, "times", number("violations")?),
        most(
            "switch to falling force, p100",
            50.0,
            "ms",
            number("worst_falling_ms")?,
        ),
        most("a stop over, p100, no fault", 5_000.0, "ms", stop(0)?),
        most("a stop over, p100, one fault", 7_000.0, "ms", stop(1)?),
        most("force above the ceiling, no fault", 10.0, "N", over(0)?),
        most("force above the ceiling, one fault", 50.0, "N", over(1)?),
        most(
            "off the profile in a hold, no fault",
            5.0,
            "N",
            number("worst_tracking_n")?,
        ),
    ])
}
