//! A guard on whole numbers: forces, ages and times that lie on a threshold, or one step
//! beside it, for as long as it takes and a tick longer. Noise never meets a threshold
//! exactly; here `>` and `≥` differ.

use super::Sum;
use super::alone::told;
use super::dice::Dice;
use crate::campaign::{demand, guard_config, running};
use crate::plant::{grant_of, limits, spec};
use si::{Newtons, Region};
use traction::cause::{Action, Cause};
use traction::guard::{self, Watch};
use traction::input::{Command, Input, Pole, Sample, Switch, Symptom};
use traction::numbers::{Numbers, RELEASED, TRACKING_N};
use traction::supervisor::Stage;
use traction::{LimitsSpec, Mode, Ticks};

const LEGS: u32 = 6;

/// How long a leg lasts, ticks: what is counted, and one tick longer.
const SPANS: &[u32] = &[1, 2, 5, 6, 10, 11, 20, 21, 50, 51, 60, 100, 101, 150, 201];
/// What outlasts a pause, a take-up, a release, a calm and a rest.
const LONG: &[u32] = &[310, 510, 610, 1_010, 6_020, 12_020];

/// A stretch of inputs that stay as they are.
struct Leg {
    ticks: u32,
    force: f64,
    /// N a tick on the way to it.
    pace: f64,
    /// By how much the second cell and the motor differ from the first, N.
    gap: f64,
    motor: f64,
    /// Half a newton on every second tick: a cell that lives.
    lives: f64,
    /// Share of the way told that the encoder goes, and where it jumps at first, m.
    follows: f64,
    jumps: f64,
    demand: f64,
    ages: [u16; 4],
    lost: [bool; 4],
    switch: Switch,
    beat: Option<u32>,
    late: u16,
    score: Option<u8>,
    command: Option<Command>,
    fault: bool,
}

impl Leg {
    fn healthy(force: f64) -> Self {
        Self {
            ticks: 20,
            force,
            pace: 4.0,
            gap: 0.0,
            motor: 0.0,
            lives: 0.5,
            follows: 1.0,
            jumps: 0.0,
            demand: 0.001,
            ages: [0; 4],
            lost: [false; 4],
            switch: Switch::RELEASED,
            beat: Some(100),
            late: 0,
            score: None,
            command: None,
            fault: false,
        }
    }

    fn drawn(dice: &mut Dice, config: &guard::Config, watch: &Watch) -> Self {
        let mut leg = Self::healthy(force(dice, config, watch));
        leg.ticks = dice.of(SPANS);
        leg.demand = dice.of(&[0.001, 0.001, 0.008, 0.008, 0.0, -0.001, 0.02]);
        for _ in 0..=dice.below(2) {
            leg.goes_wrong(dice, &config.numbers);
        }
        leg
    }

    fn goes_wrong(&mut self, dice: &mut Dice, numbers: &Numbers) {
        let sensor = dice.below(4) as usize;
        let step = dice.of(&[-1.0, 0.0, 0.0, 1.0]);
        let sign = dice.of(&[-1.0, 1.0]);
        match dice.below(16) {
            0 => self.gap = sign * (numbers.cells.get() + step),
            1 => self.gap = sign * dice.of(&[20.0, 25.0, 100.0]),
            2 => self.motor = sign * (numbers.motor.get() + step),
            3 => self.motor = sign * (numbers.motor_share * self.force + step),
            4 => self.motor = numbers.motor_over.get() + step,
            5 => self.motor = numbers.motor_near.get() + step,
            6 => self.lives = 0.0,
            7 => self.pace = dice.of(&[1.0, 5.0, 6.0, 25.0, 26.0]),
            8 => self.follows = dice.of(&[0.0, 0.0, 0.5, -1.0, 2.0]),
            9 => self.jumps = dice.of(&[0.15, 0.1500001, 0.002, 0.001, 0.0005, 0.02, -0.002]),
            10 => self.ages[sensor] = dice.of(&[10, 20, 30, 31, 40, 100, 101, 110]),
            11 => self.lost[sensor] = true,
            12 => self.beat = dice.of(&[None, Some(1_000), Some(1_001), Some(5_000), Some(5_001)]),
            13 => self.late = dice.of(&[9, 10, 20, 21, 100, 101, 250]),
            14 => self.score = Some(dice.of(&[3, 4, 5, 6, 7])),
            _ => self.people(dice),
        }
    }

    fn people(&mut self, dice: &mut Dice) {
        let (open, gone) = (Pole::Open, Pole::Missing);
        self.switch = dice.of(&[
            Switch::PRESSED,
            Switch::RELEASED,
            Switch {
                a: open,
                ..Switch::RELEASED
            },
            Switch {
                b: open,
                ..Switch::RELEASED
            },
            Switch { a: open, b: gone },
            Switch { a: gone, b: open },
            Switch::MISSING,
        ]);
        self.command = dice.of(&[
            None,
            None,
            Some(Command::Stop),
            Some(Command::NoIncrease),
            Some(Command::AllowIncrease),
            Some(Command::Comfort(5)),
            Some(Command::Comfort(6)),
            Some(Command::Symptom(Symptom::Numbness)),
        ]);
        self.fault = dice.below(8) == 0;
        self.demand = dice.of(&[self.demand, f64::NAN]);
    }
}

/// A force on a threshold of the region, of what is steered for or of the ceiling, N.
fn force(dice: &mut Dice, config: &guard::Config, watch: &Watch) -> f64 {
    let numbers = &config.numbers;
    let (target, ceiling) = (watch.target.get(), watch.ceiling.get());
    let (contact, full) = (numbers.contact.get(), numbers.full_scale.get());
    let on = dice.of(&[
        0.0,
        contact,
        contact / 2.0,
        RELEASED.get(),
        (RELEASED + numbers.motor_near).get(),
        target,
        target,
        target,
        target + TRACKING_N,
        target + numbers.patient_made.get(),
        target + config.limits.guarding_step.get(),
        target + numbers.settling_least.get(),
        target + numbers.over_soon.get(),
        target - numbers.over_now.get(),
        target / 2.0,
        target * 0.8,
        ceiling,
        ceiling + numbers.over_soon.get(),
        ceiling + numbers.over_now.get(),
        ceiling + numbers.motor_over.get(),
        full * 1.1,
        full * -0.2,
        -10.0,
    ]);
    on + dice.of(&[-1.0, -0.5, 0.0, 0.0, 0.0, 0.5, 1.0])
}

fn watched(dice: &mut Dice, watch: Watch, config: &guard::Config) -> Watch {
    let base = config.base.get();
    let ceiling = config.limits.ceiling;
    let mut next = watch;
    next.state.stage = dice.of(&[
        Stage::Running,
        Stage::Running,
        Stage::Running,
        Stage::Running,
        Stage::TakeUp,
        Stage::Paused,
        Stage::Ending,
        Stage::Unloading,
    ]);
    next.state.held = dice.of(&[None, None, None, Some(Cause::StaffNoIncrease)]);
    next.ceiling = ceiling * dice.of(&[1.0, 1.0, 1.0, 0.75, 0.5]);
    next.target = Newtons::of(dice.of(&[
        0.0,
        config.numbers.contact.get(),
        19.0,
        RELEASED.get(),
        base,
        40.0,
        next.ceiling.get(),
        next.ceiling.get() - 30.0,
        ceiling.get(),
    ]));
    next
}

/// Where force and carriage are.
struct Place {
    force: f64,
    travel: f64,
    told: f64,
    latched: bool,
}

fn config(dice: &mut Dice) -> guard::Config {
    let region = dice.of(Region::ALL.as_slice());
    let profile = spec(region, Mode::Static);
    let seconds = dice.of(&[70, 1_200]);
    guard_config(&grant_of(
        profile,
        LimitsSpec {
            ceiling: profile.force + Newtons::of(dice.of(&[0.0, 20.0])),
            total_time: Ticks::from_secs(seconds.max(100)),
            ..limits(region, 3)
        },
    ))
}

/// Short legs; what has latched begins anew, most of the time. One run in forty has a long one.
pub(crate) fn guard(seed: u64, sum: &mut Sum) {
    let mut dice = Dice::new(4, seed);
    let config = config(&mut dice);
    let mut state = guard::State::new(&config);
    let mut watch = running(Newtons::of(40.0), config.limits.ceiling);
    let mut at = Place {
        force: 40.0,
        travel: 0.0,
        told: 0.0,
        latched: false,
    };
    let first = Leg::healthy(40.0);
    state = legged(&config, state, &watch, &mut at, &first, sum);
    for leg in 0..LEGS {
        watch = watched(&mut dice, watch, &config);
        let mut drawn = Leg::drawn(&mut dice, &config, &watch);
        if leg + 2 == LEGS && seed.is_multiple_of(40) {
            drawn = Leg::healthy(watch.target.get());
            drawn.ticks = dice.of(LONG);
            watch.state.stage = dice.of(&[Stage::Running, Stage::Paused, Stage::TakeUp]);
        }
        state = legged(&config, state, &watch, &mut at, &drawn, sum);
        if at.latched && dice.below(4) > 0 {
            state = guard::State::new(&config);
        } else if dice.below(2) == 0 {
            // The way of a resume: without torque, then on.
            let stage = dice.of(&[Stage::Unloaded, Stage::Armed]);
            let mut idle = watch;
            idle.state.stage = stage;
            let calm = Leg {
                ticks: dice.of(&[1, 2, 60]),
                ..Leg::healthy(at.force)
            };
            state = legged(&config, state, &idle, &mut at, &calm, sum).resumed();
        }
    }
    sum.word(u64::from(state.service_due()));
}

fn legged(
    config: &guard::Config,
    mut state: guard::State,
    watch: &Watch,
    at: &mut Place,
    leg: &Leg,
    sum: &mut Sum,
) -> guard::State {
    at.travel += leg.jumps;
    for tick in 0..leg.ticks {
        at.force += (leg.force - at.force).clamp(-leg.pace, leg.pace);
        at.travel += leg.follows * at.told * 0.01;
        let (next, verdict) = guard::step(
            config,
            state,
            &read(leg, at, tick),
            watch,
            demand(leg.demand),
        );
        state = next;
        at.told = verdict.velocity.get();
        at.latched = verdict.action >= Action::Unload;
        told(sum, config, &state, &verdict);
    }
    state
}

fn read(leg: &Leg, at: &Place, tick: u32) -> Input {
    let lives = if tick % 2 == 1 { leg.lives } else { 0.0 };
    let sample = |sensor: usize, value: f64| {
        (!leg.lost[sensor]).then_some(Sample {
            value,
            age_ms: leg.ages[sensor],
        })
    };
    Input {
        force_a: sample(0, at.force + lives),
        force_b: sample(1, at.force + leg.gap - lives),
        motor_force: sample(2, at.force + leg.motor),
        travel: sample(3, at.travel),
        switch: leg.switch,
        comfort: leg.score,
        command: leg.command.filter(|_| tick == 0),
        heartbeat_age_ms: leg.beat,
        late_ms: leg.late,
        drive_fault: leg.fault,
    }
}
