//! The numbers that limits of the hazard page are filled with: read from the code.

use si::Region;
use std::collections::BTreeMap;
use traction::numbers as n;
use traction::numbers::Numbers;
use traction::{Ticks, limits};

/// A number with its unit, and the neck's in brackets where it is another.
fn both(unit: &str, of: impl Fn(&Numbers, Region) -> f64) -> String {
    let value = |region| of(Numbers::of(region), region);
    let (loins, neck) = (value(Region::Lumbar), value(Region::Cervical));
    if loins.to_bits() == neck.to_bits() {
        format!("{}{unit}", short(loins))
    } else {
        format!("{}{unit} ({}{unit})", short(loins), short(neck))
    }
}

/// Without the noise of a factor of a thousand.
fn short(value: f64) -> String {
    let rounded = (value * 1e6).round() / 1e6;
    format!("{rounded}")
}

/// A time in the unit in which it is said.
fn time(ticks: Ticks) -> String {
    millis(u64::from(ticks.count()) * u64::from(traction::TICK_MS))
}

fn millis(ms: u64) -> String {
    match ms {
        ms if ms >= 60_000 && ms.is_multiple_of(60_000) => format!("{} min", ms / 60_000),
        ms if ms >= 1_000 && ms.is_multiple_of(1_000) => format!("{} s", ms / 1_000),
        ms => format!("{ms} ms"),
    }
}

/// Every number by the name that rows use.
pub(super) fn all() -> BTreeMap<&'static str, String> {
    let mut all = of_regions();
    all.extend(of_both());
    all.extend(of_people());
    all
}

/// Those that each region has of its own.
fn of_regions() -> BTreeMap<&'static str, String> {
    let share = |value: f64| format!("{} %", short(100.0 * value));
    let loins = Numbers::of(Region::Lumbar);
    BTreeMap::from([
        ("over_now", both(" N", |n, _| n.over_now.get())),
        ("over_soon", both(" N", |n, _| n.over_soon.get())),
        ("over_time", time(loins.over_time)),
        ("cells", both(" N", |n, _| n.cells.get())),
        ("cells_share", both(" %", |n, _| 100.0 * n.cells_share)),
        ("motor", both(" N", |n, _| n.motor.get())),
        ("motor_share", share(loins.motor_share)),
        ("motor_over", both(" N", |n, _| n.motor_over.get())),
        ("motor_near", both(" N", |n, _| n.motor_near.get())),
        ("motor_time", time(loins.motor_time)),
        ("patient_made", both(" N", |n, _| n.patient_made.get())),
        ("guarding", both(" N", |n, _| n.guarding.get())),
        ("astray", both(" mm", |n, _| 1e3 * n.astray.get())),
        ("take_up", both(" mm/s", |n, _| 1e3 * n.take_up)),
        ("full_scale", both(" N", |n, _| n.full_scale.get())),
        ("release_least", both(" N/s", |n, _| n.release_least.get())),
        ("release_most", both(" N/s", |n, _| n.release_most.get())),
        ("ceiling", both(" N", |_, r| limits::ceiling(r).get())),
        ("max_rate", both(" N/s", |_, r| limits::max_rate(r).get())),
    ])
}

/// Those of the loop, the line and the release.
fn of_both() -> BTreeMap<&'static str, String> {
    let seconds = |value: f64| format!("{} s", short(value));
    BTreeMap::from([
        ("released", format!("{} N", short(n::RELEASED.get()))),
        ("release_time", time(n::RELEASE_TIME)),
        ("planned_release", seconds(n::PLANNED_RELEASE_S)),
        ("longest_take_up", time(n::LONGEST_TAKE_UP)),
        ("stale", millis(n::STALE_MS.into())),
        ("lost", millis(n::LOST_MS.into())),
        ("late", millis(n::LATE_MS.into())),
        ("link_late", millis(n::LINK_LATE_MS.into())),
        ("link_lost", millis(n::LINK_LOST_MS.into())),
        ("watchdog", millis(traction::drive::MAX_WATCHDOG_MS.into())),
        (
            "modbus_lease",
            millis(table::modbus::map::LEASE_MOST_MS.into()),
        ),
        (
            "max_travel",
            format!("{} mm", short(1e3 * limits::MAX_TRAVEL.get())),
        ),
        ("max_total_time", time(limits::MAX_TOTAL_TIME)),
    ])
}

/// Those of what the patient does and says.
fn of_people() -> BTreeMap<&'static str, String> {
    BTreeMap::from([
        ("longest_pause", time(n::LONGEST_PAUSE)),
        ("ask_after", time(Ticks::new(table::bedside::ASK_TICKS))),
        (
            "answer_within",
            time(Ticks::new(table::bedside::ANSWER_TICKS)),
        ),
        ("resume_window", time(n::RESUME_WINDOW)),
        (
            "resume_factor",
            format!("{} %", short(100.0 * limits::MAX_RESUME_FACTOR)),
        ),
        ("switch_test", time(n::SWITCH_TEST)),
        ("switch_doubt", time(n::SWITCH_DOUBT)),
        ("guarding_window", time(n::GUARDING_WINDOW)),
        ("guarding_twice", time(n::GUARDING_TWICE)),
        ("settling", time(n::SETTLING)),
        ("comfort_rise", limits::COMFORT_STOP_RISE.to_string()),
        ("comfort_stop", limits::COMFORT_STOP_SCORE.to_string()),
    ])
}
