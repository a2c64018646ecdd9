//! A guard whose controller asks for anything, and a controller without a guard: in a
//! session each hides what the other does.

use super::Sum;
use super::dice::Dice;
use super::wrong::Wrong;
use crate::campaign::{demand, guard_config, running};
use crate::plant::{Plant, grant_of, limits, spec};
use si::{Newtons, NewtonsPerSecond, Region};
use traction::controller::{self, Target};
use traction::guard::{self, Watch};
use traction::release::Release;
use traction::supervisor::{SessionState, Stage};
use traction::{Drive, LimitsSpec, MetresPerSecond, Mode};

const TICKS: u32 = 2_500;
/// How long one stage, one target and one demand last, ticks.
const STRETCH: u32 = 250;

fn patient(dice: &mut Dice, region: Region, seed: u64) -> Plant {
    let softest = match region {
        Region::Lumbar => 5_000.0,
        Region::Cervical => 2_000.0,
    };
    let mut plant = Plant::new(dice.between(softest, 40_000.0), seed + 77);
    plant.slack = dice.between(0.0, 0.01);
    plant.motor = (dice.between(0.9, 1.1), dice.between(-4.0, 4.0));
    plant
}

/// The force asked for by a stretch, N.
fn asked(dice: &mut Dice, region: Region) -> f64 {
    match region {
        Region::Lumbar => dice.between(0.0, 400.0),
        Region::Cervical => dice.between(0.0, 110.0),
    }
}

pub(crate) fn guard(seed: u64, sum: &mut Sum) {
    let mut dice = Dice::new(2, seed);
    let region = dice.of(Region::ALL.as_slice());
    let bounds = LimitsSpec {
        ceiling: Newtons::of(asked(&mut dice, region) + 60.0),
        ..limits(region, 3)
    };
    let config = guard_config(&grant_of(
        spec(region, Mode::Cyclic),
        LimitsSpec {
            ceiling: bounds.ceiling.max(spec(region, Mode::Cyclic).force),
            ..bounds
        },
    ));
    let mut state = guard::State::new(&config);
    let mut plant = patient(&mut dice, region, seed);
    let mut wrongs = [(); 2].map(|()| Wrong::drawn(&mut dice, TICKS));
    let mut watch = running(Newtons::ZERO, bounds.ceiling);
    let (mut wants, mut goal) = (0.0, 0.0);
    for tick in 0..TICKS {
        if tick.is_multiple_of(STRETCH) {
            goal = asked(&mut dice, region);
            wants = dice.of(&[0.008, 0.004, 0.001, 0.0, -0.002, f64::NAN, 1.0]);
            watch = watched(&mut dice, watch, tick);
            if dice.below(4) == 0 {
                state = state.resumed();
            }
        }
        let slides = 0.3 * (goal - watch.target.get()).clamp(-1.0, 1.0);
        watch.target = Newtons::of((watch.target.get() + slides).max(0.0));
        for wrong in &wrongs {
            wrong.acts(tick, &mut plant);
        }
        let mut input = plant.input();
        for wrong in &mut wrongs {
            wrong.bends(tick, &mut input);
        }
        let (next, verdict) = guard::step(&config, state, &input, &watch, demand(wants));
        state = next;
        plant.step(Drive {
            velocity: verdict.velocity,
            torque: verdict.torque,
        });
        told(sum, &config, &state, &verdict);
    }
    sum.word(u64::from(state.service_due()));
}

/// Most of the time it runs; each other stage for a stretch.
fn watched(dice: &mut Dice, watch: Watch, tick: u32) -> Watch {
    let stage = match (tick, dice.below(10)) {
        (0, _) => Stage::TakeUp,
        (_, 0) => Stage::Paused,
        (_, 1) => Stage::Ending,
        (_, 2) => Stage::Unloading,
        (_, 3) => Stage::Armed,
        _ => Stage::Running,
    };
    let held = (dice.below(4) == 0).then_some(traction::cause::Cause::ComfortRise);
    let lowered = watch.ceiling * dice.of(&[1.0, 1.0, 0.75]);
    Watch {
        state: SessionState {
            stage,
            held,
            ..watch.state
        },
        ceiling: lowered,
        ..watch
    }
}

pub(crate) fn told(
    sum: &mut Sum,
    config: &guard::Config,
    state: &guard::State,
    verdict: &guard::Verdict,
) {
    sum.number(verdict.velocity.get());
    let code = |cause: Option<traction::cause::Cause>| cause.map_or(0, |c| u64::from(c.code()) + 1);
    sum.word(code(verdict.cause) << 32 | code(verdict.hold) << 8 | u64::from(verdict.torque));
    sum.word(u64::from(verdict.action.code()) << 8 | u64::from(verdict.limit.code()));
    sum.number(state.force().get());
    sum.number(state.freshness());
    sum.number(state.least_force(&config.numbers).get());
    let flags = [
        state.believes_cells(),
        state.is_empty(&config.numbers),
        state.switch_pressed(),
    ];
    sum.word(
        flags
            .iter()
            .fold(0, |all, flag| all << 1 | u64::from(*flag)),
    );
}

pub(crate) fn controller(seed: u64, sum: &mut Sum) {
    let mut dice = Dice::new(3, seed);
    let region = dice.of(Region::ALL.as_slice());
    let numbers = *traction::numbers::Numbers::of(region);
    let config = controller::Config {
        numbers,
        pull_speed: MetresPerSecond::raw(0.008),
        rate_up: NewtonsPerSecond::of(dice.between(5.0, 50.0)),
    };
    let mut state = controller::State::new(&numbers);
    let mut plant = patient(&mut dice, region, seed);
    let mut wrongs = [(); 2].map(|()| Wrong::drawn(&mut dice, TICKS));
    let (mut stretch, mut goal, mut at) = (0, 0.0, 0.0);
    let mut release = Release::begin(&numbers, Newtons::ZERO);
    for tick in 0..TICKS {
        if tick.is_multiple_of(STRETCH) {
            stretch = if tick == 0 { 0 } else { dice.below(6) };
            goal = asked(&mut dice, region);
            release = Release::begin(&numbers, Newtons::of(plant.force()));
            if stretch == 2 {
                release = release.fastest(&numbers);
            }
        }
        let slides = 0.3 * (goal - at).clamp(-1.0, 1.0);
        let target = match stretch {
            0 => Target::TakeUp,
            1 | 2 => {
                release = release.next();
                let believed = seed.is_multiple_of(2);
                Target::Release { release, believed }
            }
            _ => {
                at += slides;
                Target::Follow {
                    force: Newtons::of(at),
                    rate: NewtonsPerSecond::of(slides * 100.0),
                }
            }
        };
        for wrong in &wrongs {
            wrong.acts(tick, &mut plant);
        }
        let mut input = plant.input();
        for wrong in &mut wrongs {
            wrong.bends(tick, &mut input);
        }
        let (next, demand) = controller::step(&config, state, &input, target);
        state = next;
        plant.step(Drive {
            velocity: demand.velocity,
            torque: true,
        });
        sum.number(demand.velocity.get());
        sum.number(release.target().get());
        sum.number(release.rate().get());
    }
}
