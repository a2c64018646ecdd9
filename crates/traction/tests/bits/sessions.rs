//! A random session: any mode, any patient, up to three things wrong, up to four commands,
//! and after a stop the way back.

use super::Sum;
use super::dice::Dice;
use super::wrong::Wrong;
use crate::plant::{Bench, Plant, grant_of, limits, shape};
use si::{Newtons, NewtonsPerSecond, Region, Seconds};
use traction::input::{Command, Input, ResumeAct, StopKind, Switch, Symptom};
use traction::supervisor::Stage;
use traction::{Grant, LimitsSpec, Mode, ProfileSpec};

const TICKS: u32 = 4_500;

/// In every third session force, rates and readings are whole, so that what is read meets
/// what is asked for exactly, as noise never does.
fn is_whole(seed: u64) -> bool {
    seed % 3 == 2
}

/// To half a newton and a tenth of a millimetre.
fn whole(input: &mut Input) {
    let rounded = |value: f64, step: f64| (value / step).round() * step;
    let forces = [
        &mut input.force_a,
        &mut input.force_b,
        &mut input.motor_force,
    ];
    for sample in forces.into_iter().flatten() {
        sample.value = rounded(sample.value, 0.5);
    }
    if let Some(sample) = &mut input.travel {
        sample.value = rounded(sample.value, 1e-4);
    }
}

fn permission(dice: &mut Dice, region: Region, round: bool) -> Grant {
    let (most, fastest) = match region {
        Region::Lumbar => (500.0, 50.0),
        Region::Cervical => (120.0, 20.0),
    };
    let to = |value: f64, step: f64| match round {
        true => (value / step).round() * step,
        false => value,
    };
    let force = to(dice.between(0.3 * most, most), 1.0);
    let mode = dice.of(Mode::ALL);
    let lone = mode == Mode::Static;
    let rate = to(dice.between(0.5, 1.0) * fastest, 2.5);
    let spec = ProfileSpec {
        mode,
        force: Newtons::of(force),
        base: Newtons::of(to((dice.between(0.1, 0.4) * force).max(10.0), 1.0)),
        ramp: NewtonsPerSecond::of(rate),
        release: NewtonsPerSecond::of(dice.between(0.5, 1.0) * fastest),
        hold: Seconds::of(10.0),
        rest: Seconds::of(if lone { 0.0 } else { 5.0 }),
        cycles: if lone { 1 } else { 2 },
        shape: match mode {
            Mode::Progressive | Mode::Regressive => traction::Shape {
                least: Newtons::of(0.7 * force),
                ..traction::Shape::NONE
            },
            // As slow as its depth asks for, in a hold of one period.
            Mode::Oscillating => traction::Shape {
                swing: Newtons::of((0.05 * force).max(2.0)),
                period: Seconds::of(10.0),
                ..traction::Shape::NONE
            },
            _ => shape(mode, force),
        },
    };
    let bounds = LimitsSpec {
        ceiling: Newtons::of(to(force * dice.between(1.0, 1.2), 1.0)),
        rate_up: NewtonsPerSecond::of(rate),
        rate_down: NewtonsPerSecond::of(fastest),
        travel: si::Metres::of(dice.between(0.06, 0.15)),
        ..limits(region, dice.below(6) as u8)
    };
    grant_of(spec, bounds)
}

fn command(dice: &mut Dice, ceiling: f64) -> Command {
    let symptom = dice.of(Symptom::ALL);
    let kind = dice.of(StopKind::ALL);
    let score = dice.below(11) as u8;
    let changed = Command::Change {
        mode: dice.of(Mode::ALL),
        force: Newtons::of(ceiling * dice.between(0.3, 1.1)),
    };
    dice.of(&[
        Command::Pause,
        Command::Continue,
        Command::Lower,
        Command::NoIncrease,
        Command::AllowIncrease,
        Command::End,
        Command::Stop,
        Command::Comfort(score),
        Command::Symptom(symptom),
        Command::Explain(kind),
        changed,
        changed,
        Command::Lower,
        Command::Pause,
    ])
}

/// The switch is tried and the session begun; after a stop it is tried again, and the two
/// acts are made.
fn staff(tick: u32, free: u32, kind: StopKind, input: &mut Input) {
    let tries = (5..25).contains(&tick) || (100..120).contains(&free);
    if tries {
        input.switch = Switch::PRESSED;
    }
    let act = |act| Some(Command::Resume { act });
    input.command = match (tick, free) {
        (40 | 140, _) => Some(Command::Start),
        (_, 130) => Some(Command::Explain(kind)),
        (_, 140) => act(ResumeAct::Prepare),
        (_, 200) => act(ResumeAct::Confirm),
        _ => input.command,
    };
}

pub(crate) fn run(seed: u64, sum: &mut Sum) {
    let mut dice = Dice::new(1, seed);
    let region = dice.of(Region::ALL.as_slice());
    let grant = permission(&mut dice, region, is_whole(seed));
    let softest = match region {
        Region::Lumbar => 5_000.0,
        Region::Cervical => 2_000.0,
    };
    let mut plant = Plant::new(dice.between(softest, 25_000.0), seed + 1);
    plant.slack = dice.between(0.002, 0.015);
    plant.motor = (dice.between(0.9, 1.1), dice.between(-4.0, 4.0));
    let mut bench = Bench::new(&grant, plant);
    let mut wrongs: Vec<Wrong> = (0..dice.below(4))
        .map(|_| Wrong::drawn(&mut dice, TICKS - 500))
        .collect();
    let ceiling = grant.limits.ceiling.get();
    let commands: Vec<(u32, Command)> = (0..dice.below(5))
        .map(|_| (50 + dice.below(TICKS), command(&mut dice, ceiling)))
        .collect();
    let kind = dice.of(&[StopKind::Comfort, StopKind::Technical]);
    let mut free = 0;
    for tick in 0..TICKS {
        for wrong in &wrongs {
            wrong.acts(tick, &mut bench.plant);
        }
        let frame = bench.tick(|input| {
            input.command = commands.iter().find(|(at, _)| *at == tick).map(|(_, c)| *c);
            staff(tick, free, kind, input);
            for wrong in &mut wrongs {
                wrong.bends(tick, input);
            }
            if is_whole(seed) {
                whole(input);
            }
        });
        sum.bytes(&frame.encode());
        free = match frame.output.state.stage {
            Stage::Unloaded => free + 1,
            _ => 0,
        };
    }
    sum.word(u64::from(bench.session.service_due()));
}
