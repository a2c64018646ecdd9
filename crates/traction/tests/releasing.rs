//! The planned line of a release, by hand: CLINICAL §5 gives max(100, (F − 20)/4.5) N/s for
//! the loins, at most 200; the rest is the law that stands in `release.rs`.

use si::{Newtons, NewtonsPerMetre, NewtonsPerSecond, Region};
use traction::numbers::Numbers;
use traction::release::Release;

const K: NewtonsPerMetre = NewtonsPerMetre::of(10_000.0);
/// The fastest release, and what of it is used, N/s.
const FASTEST: f64 = 200.0;
const MOST: f64 = 0.942 * FASTEST;

fn numbers() -> &'static Numbers {
    Numbers::of(Region::Lumbar)
}

fn begun(force: f64) -> Release {
    Release::begin(numbers(), Newtons::of(force))
}

fn after(release: Release, ticks: u32) -> Release {
    (0..ticks).fold(release, |release, _| release.next())
}

/// Velocity at this force on a patient of 10 N/mm, as the rate that it lets out, N/s.
fn rate(release: &Release, force: f64) -> f64 {
    let velocity = release.velocity(numbers(), Some(Newtons::raw(force)), K);
    -velocity.get() * K.get()
}

fn near(is: f64, should: f64) {
    assert!((is - should).abs() < 1e-9, "{is}, not {should}");
}

#[test]
fn force_is_planned_down_to_nothing_at_one_rate() {
    let release = begun(740.0);
    near(release.rate().get(), 160.0);
    near(release.target().get(), 740.0);
    near(after(release, 1).target().get(), 738.4);
    near(after(release, 300).target().get(), 260.0);
    near(after(release, 463).target().get(), 0.0);
    near(begun(100.0).rate().get(), 100.0);
    near(begun(-5.0).target().get(), 0.0);
}

#[test]
fn after_force_above_its_ceiling_the_line_falls_at_the_fastest_that_is_used() {
    let release = after(begun(300.0), 50).fastest(numbers());
    assert_eq!(release.rate(), NewtonsPerSecond::of(MOST));
    near(release.target().get(), 300.0 - MOST / 2.0);
}

/// 0.3 s of the fastest release are 60 N.
#[test]
fn a_release_is_late_beyond_what_the_fastest_makes_up_in_a_third_of_a_second() {
    let release = begun(300.0);
    let late = |force| release.is_late(numbers(), Newtons::raw(force));
    assert!(!late(300.0) && !late(360.0));
    assert!(late(360.001));
}

#[test]
fn on_its_line_force_goes_at_the_planned_rate_and_beside_it_an_eighth_of_a_second_counts() {
    let release = after(begun(300.0), 50);
    near(rate(&release, 250.0), 100.0);
    near(rate(&release, 253.0), 124.0);
    near(rate(&release, 247.0), 76.0);
    near(rate(&release, 230.0), 0.0);
    near(rate(&release, 300.0), MOST);
}

/// A harness is half as stiff at nothing as it is from 40 N on.
#[test]
fn what_is_late_goes_the_faster_the_slacker_the_harness_is() {
    let release = after(begun(100.0), 100);
    near(release.target().get(), 0.0);
    near(rate(&release, 40.0), MOST);
    near(rate(&release, 100.0), MOST);
    near(rate(&release, 30.0), MOST / 0.875);
    // At its end nothing is planned: 8/s of what is left.
    near(rate(&release, 5.0), 40.0);
    near(rate(&release, -3.0), 0.0);
}

#[test]
fn without_a_force_the_planned_rate_is_made_blindly() {
    let velocity = |force: Option<f64>, k: f64| {
        let k = NewtonsPerMetre::of(k);
        begun(740.0)
            .velocity(numbers(), force.map(Newtons::raw), k)
            .get()
    };
    near(velocity(None, 10_000.0), -0.016);
    near(velocity(Some(f64::NAN), 10_000.0), -0.016);
    // Never faster than the region's fastest, never as on a patient softer or stiffer than any.
    let hurried = begun(740.0).fastest(numbers());
    near(hurried.velocity(numbers(), None, K).get(), -MOST / K.get());
    near(velocity(None, 10.0), -0.16);
    near(velocity(None, 1e6), -160.0 / 60_000.0);
}
