//! One limiter, and each bound named by it where it holds the session back.

use crate::faults::at_hold;
use crate::guard::Alone;
use crate::plant::{Bench, lumbar};
use proptest::prelude::*;
use si::{Newtons, Region};
use traction::cause::Cause;
use traction::input::{Command, Input, Sample};
use traction::limiter::{Bound, Limit, lowest};
use traction::supervisor::Stage;

fn bounds() -> impl Strategy<Value = Vec<Option<Bound>>> {
    let value = prop_oneof![
        -1e3..1e3_f64,
        Just(f64::NAN),
        Just(f64::INFINITY),
        Just(0.0)
    ];
    let limit = prop::sample::select(Limit::ALL.to_vec());
    let bound = (any::<bool>(), value, limit);
    prop::collection::vec(
        bound.prop_map(|(holds, value, limit)| Bound::when(holds, limit, value)),
        0..8,
    )
}

proptest! {
    #![proptest_config(crate::plant::cases(400))]
    #[test]
    fn the_limiter_is_the_minimum_and_names_it(bounds in bounds()) {
        let number = |v: f64| if v.is_finite() { v } else { 0.0 };
        let least = lowest(&bounds);
        let held: Vec<Bound> = bounds.iter().copied().flatten().collect();
        let minimum = held.iter().map(|b| number(b.value)).reduce(f64::min).unwrap_or(0.0);
        prop_assert_eq!(least.value, minimum);
        let first = held.iter().find(|b| number(b.value) == minimum);
        prop_assert_eq!(least.limit, first.map_or(Limit::None, |b| b.limit));
        let mut back = bounds.clone();
        back.reverse();
        prop_assert_eq!(lowest(&back).value, minimum, "in any order");
    }

    /// Nothing that is added, in any place, lets more through; what is named holds.
    #[test]
    fn a_bound_that_is_added_never_raises(bounds in bounds(), more in bounds(), at in 0_usize..8) {
        let held = bounds.iter().flatten().count() > 0;
        let before = lowest(&bounds);
        let mut all = bounds.clone();
        let place = at.min(all.len());
        all.splice(place..place, more);
        let after = lowest(&all);
        prop_assert!(!held || after.value <= before.value);
        let number = |v: f64| if v.is_finite() { v } else { 0.0 };
        let named = |b: &Bound| b.limit == after.limit && number(b.value) == after.value;
        prop_assert!(all.iter().flatten().any(named) || all.iter().flatten().count() == 0);
    }
}

/// Runs with a bend until this limit is named.
fn named(bench: &mut Bench, limit: Limit, bend: impl Fn(&mut Input)) {
    for _ in 0..3000 {
        if bench.tick(&bend).output.limit == limit {
            return;
        }
    }
    panic!("{limit} was not named: {:?}", bench.last);
}

#[test]
fn each_bound_of_a_session_is_named_while_it_holds() {
    let mut bench = lumbar();
    assert_eq!(bench.run(0.1).limit, Limit::None);
    bench.start();
    named(&mut bench, Limit::Slack, |_| {});
    bench.until(60.0, |o| o.target.get() > 100.0);
    assert_eq!(bench.run(0.5).limit, Limit::None);
    let old = |i: &mut Input| {
        for sample in [&mut i.force_a, &mut i.force_b].into_iter().flatten() {
            sample.age_ms = 20;
        }
    };
    named(&mut bench, Limit::Freshness, old);
    named(&mut bench, Limit::Rate, |_| {});
    named(&mut bench, Limit::Held, |i| {
        i.heartbeat_age_ms = Some(1500);
    });

    let held = at_hold(lumbar());
    let mut bench = held;
    bench.command(Command::Lower);
    named(&mut bench, Limit::Lowered, |_| {});
    let mut bench = held;
    bench.plant.muscle = 24.0;
    named(&mut bench, Limit::Yield, |_| {});
    let mut bench = held;
    bench.command(Command::Pause);
    named(&mut bench, Limit::Base, |_| {});
    let mut bench = held;
    bench.command(Command::End);
    named(&mut bench, Limit::Ending, |_| {});
    let mut bench = held;
    bench.command(Command::Stop);
    named(&mut bench, Limit::Release, |_| {});
    bench.plant.dead = true;
    named(&mut bench, Limit::Torque, |_| {});
}

#[test]
fn each_bound_of_the_guard_is_named_while_it_holds() {
    let pulled = || {
        let mut alone = Alone::pulled(Region::Lumbar, 150.0, 12_000.0);
        alone.watch.target = Newtons::of(190.0);
        alone
    };
    let limit = |alone: &mut Alone| alone.tick(1.0, |_| {}).limit;
    assert_eq!(limit(&mut pulled()), Limit::PullSpeed);
    let mut alone = pulled();
    assert_eq!(
        alone.tick(1e-4, |_| {}).limit,
        Limit::None,
        "the demand is lowest"
    );
    let mut alone = Alone::pulled(Region::Lumbar, 150.0, 40_000.0);
    alone.watch.target = Newtons::of(190.0);
    assert_eq!(limit(&mut alone), Limit::Stiffness);
    let mut alone = Alone::pulled(Region::Lumbar, 150.0, 12_000.0);
    for _ in 0..310 {
        alone.tick(0.0, |_| {});
    }
    alone.watch.target = Newtons::of(alone.plant.force() - 7.0);
    assert_eq!(limit(&mut alone), Limit::Target);
    let mut alone = pulled();
    alone.watch.state.held = Some(Cause::ComfortRise);
    alone.tick(0.0, |_| {});
    for _ in 0..20 {
        alone.tick(0.008, |_| {});
    }
    assert_eq!(limit(&mut alone), Limit::Cap);
    let mut alone = pulled();
    alone.watch.state.stage = Stage::Paused;
    assert_eq!(limit(&mut alone), Limit::Base);
    let mut alone = Alone::pulled(Region::Lumbar, 840.0, 12_000.0);
    alone.watch.target = Newtons::of(870.0);
    let felt = alone.watch.ceiling + alone.config.numbers.motor_near + Newtons::of(14.0);
    let mut last = Limit::None;
    for _ in 0..20 {
        let verdict = alone.tick(1.0, |i| i.motor_force = Some(Sample::fresh(felt.get())));
        last = verdict.limit;
    }
    assert_eq!(last, Limit::Yield, "what only the motor feels");
}
