//! The guard without the controller: what it lets go by itself when the demand is wrong.

use crate::campaign::{demand, guard_config, running};
use crate::faults::Bend;
use crate::plant::{Plant, grant_of, limits, spec};
use si::{Newtons, Region};
use traction::cause::{Action, Cause};
use traction::guard::{self, Watch};
use traction::input::Input;
use traction::limiter::Limit;
use traction::numbers::Numbers;
use traction::supervisor::Stage;
use traction::{Drive, LimitsSpec, Mode};

/// A guard, its patient and a controller whose release is broken: it asks for the
/// full pull, whatever happens.
pub(crate) struct Alone {
    pub(crate) config: guard::Config,
    pub(crate) state: guard::State,
    pub(crate) plant: Plant,
    pub(crate) watch: Watch,
}

impl Alone {
    /// Pulled up to this force, on this stiffness, under the guard's eyes.
    pub(crate) fn pulled(region: Region, force: f64, stiffness: f64) -> Self {
        let widest = LimitsSpec {
            ceiling: traction::ceiling(region),
            ..limits(region, 3)
        };
        let config = guard_config(&grant_of(spec(region, Mode::Static), widest));
        let mut plant = Plant::new(stiffness, 21);
        (plant.slack, plant.x) = (0.0, 45.0 / stiffness);
        let mut alone = Self {
            config,
            state: guard::State::new(&config),
            plant,
            watch: running(Newtons::of(force), widest.ceiling),
        };
        while alone.plant.force() < force {
            let verdict = alone.tick(60.0 / stiffness, |_| {});
            assert!(verdict.action < Action::Unload, "{verdict:?}");
        }
        alone
    }

    pub(crate) fn tick(&mut self, velocity: f64, bend: impl Fn(&mut Input)) -> guard::Verdict {
        let mut input = self.plant.input();
        bend(&mut input);
        let (state, verdict) = guard::step(
            &self.config,
            self.state,
            &input,
            &self.watch,
            demand(velocity),
        );
        self.state = state;
        self.plant.step(Drive {
            velocity: verdict.velocity,
            torque: verdict.torque,
        });
        verdict
    }
}

/// hazard: H10
#[test]
fn the_guard_alone_lets_go_when_the_controller_pulls() {
    let forces = [
        (Region::Lumbar, [30.0, 450.0, 890.0]),
        (Region::Cervical, [25.0, 98.0, 200.0]),
    ];
    for (region, forces) in forces {
        let fastest = Numbers::of(region).release_most.get();
        for force in forces {
            for stiffness in [4_000.0, 12_000.0, 30_000.0] {
                if force / stiffness > 0.12 {
                    continue; // further than any harness may travel
                }
                let mut alone = Alone::pulled(region, force, stiffness);
                alone.watch.state.stage = Stage::Unloading;
                let (mut below, mut off) = (None, None);
                let mut before = alone.plant.force();
                for tick in 1..=520 {
                    let verdict = alone.tick(1.0, |_| {});
                    let now = alone.plant.force();
                    let fell = (before - now) / 0.01;
                    assert!(
                        off.is_some() || fell < 1.35 * fastest,
                        "{region} {force} N, {stiffness} N/m: {fell} N/s"
                    );
                    before = now;
                    below = below.or((now < 20.0).then_some(tick));
                    off = off.or((!verdict.torque).then_some(tick));
                }
                let name = format!("{region} {force} N, {stiffness} N/m");
                assert!(below.expect("let go") < 500, "{name}: {below:?}");
                assert_eq!(off, Some(501), "{name}: torque off at 5.0 s");
            }
        }
    }
}

#[test]
fn a_controller_that_never_lowers_is_overruled_for_every_stop() {
    let bends: [(&str, Bend); 3] = [
        ("switch", |i| i.switch = traction::input::Switch::PRESSED),
        ("stop", |i| {
            i.command = Some(traction::input::Command::Stop);
        }),
        ("link", |i| i.heartbeat_age_ms = Some(6000)),
    ];
    for region in Region::ALL {
        let force = spec(region, Mode::Static).force.get();
        for (name, bend) in bends {
            let mut alone = Alone::pulled(region, force, 12_000.0);
            // The supervisor is as broken as the controller: it stays where it was.
            assert_eq!(alone.watch.state.stage, Stage::Running);
            for tick in 1..=501 {
                // The stop is told once: the guard's own latch keeps it.
                let verdict = alone.tick(1.0, |i| {
                    if tick == 1 {
                        bend(i);
                    }
                });
                assert!(verdict.action >= Action::Unload && verdict.velocity.get() <= 0.0);
                assert_eq!(verdict.torque, tick <= 500, "{region} {name} {tick}");
            }
            let left = alone.plant.force();
            assert!(left < 20.0, "{region} {name}: {left} N left");
        }
    }
}

#[test]
fn a_stop_for_force_above_the_ceiling_releases_at_the_fastest() {
    for region in Region::ALL {
        let numbers = Numbers::of(region);
        let force = spec(region, Mode::Static).force;
        let mut alone = Alone::pulled(region, force.get(), 12_000.0);
        alone.config.limits = traction::Limits::new(LimitsSpec {
            ceiling: force - numbers.over_now - Newtons::of(2.0),
            ..limits(region, 3)
        })
        .expect("lower limits are valid");
        let verdict = alone.tick(1.0, |_| {});
        assert_eq!(verdict.cause, Some(Cause::OverForce));
        for _ in 0..20 {
            alone.tick(1.0, |_| {});
        }
        let from = alone.plant.force();
        for _ in 0..20 {
            alone.tick(1.0, |_| {});
        }
        let rate = (from - alone.plant.force()) / 0.2;
        let most = numbers.release_most.get();
        assert!(rate > 0.7 * most && rate < 1.1 * most, "{region}: {rate}");
    }
}

#[test]
fn a_patient_stiffer_than_arming_assumed_is_pulled_more_slowly() {
    for region in Region::ALL {
        let most = Numbers::of(region).over_now.get();
        for (stiffness, capped) in [(12_000.0, false), (40_000.0, true)] {
            let mut alone = Alone::pulled(region, 140.0, stiffness);
            alone.watch.target = Newtons::of(190.0);
            let velocity = alone.tick(1.0, |_| {}).velocity;
            assert_eq!(velocity < alone.config.pull_speed, capped, "{region}");
            let by = stiffness * velocity.get() * alone.config.reaction.get();
            assert!(by > 0.5 * most && by < 1.1 * most, "{region}: {by} N");
        }
    }
}

#[test]
fn the_guard_alone_yields_to_force_that_the_patient_makes() {
    for region in Region::ALL {
        let numbers = Numbers::of(region);
        let mut alone = Alone::pulled(region, 80.0, 12_000.0);
        for _ in 0..310 {
            alone.tick(0.0, |_| {});
        }
        alone.watch.target = Newtons::of(alone.plant.force());
        // Too slow to count as guarding: it creeps up by 60 N in 6 s.
        let (mut highest, mut yielded) = (0.0_f64, false);
        for tick in 0..600 {
            alone.plant.muscle = 0.1 * f64::from(tick);
            let verdict = alone.tick(1.0, |_| {});
            let rate = -verdict.velocity.get() * alone.plant.stiffness;
            let full = rate > 0.7 * numbers.release_most.get();
            yielded |= full && verdict.limit == Limit::Yield;
            highest = highest.max(alone.plant.force() - alone.watch.target.get());
        }
        assert!(yielded, "{region}");
        let most = numbers.patient_made.get() + 2.0;
        assert!(highest < most, "{region}: {highest} N above");
    }
}
