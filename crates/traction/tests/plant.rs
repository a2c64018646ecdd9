//! A patient, harness and cord for tests: a creeping spring behind a lagging drive.
//!
//! F = k·(x − slack)₊ with a soft toe below 40 N, x the carriage less the creep c,
//! ċ = (F/k·r − c)/τ. The drive follows its velocity within 30 ms. Cells and travel
//! are noisy from a seed; the motor reads 1 % and 2 N too high.

use proptest::test_runner::Config;
use si::{Newtons, NewtonsPerSecond, Region, Seconds};
use traction::input::{Command, Input, ResumeAct, Sample, Switch};
use traction::{
    ComfortLimits, Drive, Frame, Grant, Limits, LimitsSpec, Mode, Output, Profile, ProfileSpec,
    Session, Setup, Shape, Ticks,
};

const DT: f64 = 0.01;

/// How often a property is tried: an eighth as often where thousands of mutants are judged
/// (`scripts/mutants` sets the variable).
pub(crate) fn cases(cases: u32) -> Config {
    let hurried = std::env::var_os("ANNULUS_MUTANT").is_some();
    Config {
        cases: if hurried { cases.div_ceil(8) } else { cases },
        failure_persistence: None,
        ..Config::default()
    }
}

/// The mechanical world.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Plant {
    pub(crate) stiffness: f64,
    pub(crate) slack: f64,
    pub(crate) creep_ratio: f64,
    pub(crate) noise: f64,
    pub(crate) x: f64,
    pub(crate) v: f64,
    pub(crate) creep: f64,
    /// Extra force of the patient's own muscles.
    pub(crate) muscle: f64,
    pub(crate) dead: bool,
    /// Gain and offset [N] of the motor's force.
    pub(crate) motor: (f64, f64),
    seed: u64,
}

impl Plant {
    pub(crate) fn new(stiffness: f64, seed: u64) -> Self {
        Self {
            stiffness,
            slack: 0.01,
            creep_ratio: 0.3,
            noise: 0.4,
            x: 0.0,
            v: 0.0,
            creep: 0.0,
            muscle: 0.0,
            dead: false,
            motor: (1.01, 2.0),
            seed: seed.wrapping_mul(2).wrapping_add(1),
        }
    }

    fn random(&mut self) -> f64 {
        self.seed ^= self.seed << 13;
        self.seed ^= self.seed >> 7;
        self.seed ^= self.seed << 17;
        (self.seed >> 11) as f64 / (1_u64 << 53) as f64
    }

    fn gauss(&mut self) -> f64 {
        (0..4).map(|_| self.random() - 0.5).sum::<f64>() * 3.0_f64.sqrt()
    }

    pub(crate) fn force(&self) -> f64 {
        let stretch = self.x - self.slack - self.creep;
        if stretch <= 0.0 {
            return 0.0;
        }
        // A toe three times softer up to 40 N.
        let toe = 40.0 / (self.stiffness / 3.0);
        let spring = if stretch < toe {
            stretch * self.stiffness / 3.0
        } else {
            40.0 + (stretch - toe) * self.stiffness
        };
        (spring + self.muscle).max(0.0)
    }

    pub(crate) fn step(&mut self, drive: Drive) {
        if drive.torque && !self.dead {
            self.v += (drive.velocity.get() - self.v) * (DT / 0.03);
            self.x += self.v * DT;
        } else if !drive.torque {
            self.v = 0.0;
            self.x -= (self.x - self.slack - self.creep).max(0.0) * (DT / 0.3);
        }
        let goal = self.creep_ratio * self.force() / self.stiffness;
        self.creep += (goal - self.creep) * DT / 300.0;
    }

    pub(crate) fn input(&mut self) -> Input {
        let force = self.force();
        let (gain, offset) = self.motor;
        let mut cell = |true_value: f64| {
            let noise = self.noise * self.gauss();
            Some(Sample::fresh(true_value + noise))
        };
        Input {
            force_a: cell(force),
            force_b: cell(force),
            motor_force: cell(force * gain + offset),
            travel: Some(Sample::fresh(self.x)),
            switch: Switch::RELEASED,
            comfort: None,
            command: None,
            heartbeat_age_ms: Some(100),
            late_ms: 0,
            drive_fault: false,
        }
    }
}

/// A session on a plant.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Bench {
    pub(crate) session: Session,
    pub(crate) plant: Plant,
    pub(crate) last: Option<Output>,
}

impl Bench {
    pub(crate) fn new(grant: &Grant, plant: Plant) -> Self {
        let setup = Setup::simulated(grant.limits.region);
        Self {
            session: Session::arm(grant, &setup).expect("the test grant arms"),
            plant,
            last: None,
        }
    }

    /// One tick with the input bent by `change`.
    pub(crate) fn tick(&mut self, change: impl FnOnce(&mut Input)) -> Frame {
        let mut input = self.plant.input();
        change(&mut input);
        let frame = self.session.record(&input);
        self.plant.step(frame.output.drive);
        self.last = Some(frame.output);
        frame
    }

    pub(crate) fn command(&mut self, command: Command) -> Output {
        self.tick(|input| input.command = Some(command)).output
    }

    pub(crate) fn run(&mut self, seconds: f64) -> Output {
        let count = (seconds / DT) as u32;
        let mut last = None;
        for _ in 0..count.max(1) {
            last = Some(self.tick(|_| {}).output);
        }
        last.expect("at least one tick")
    }

    /// Runs until `done`, at most `seconds`.
    pub(crate) fn until(&mut self, seconds: f64, done: impl Fn(&Output) -> bool) -> Output {
        for _ in 0..(seconds / DT) as u32 {
            let output = self.tick(|_| {}).output;
            if done(&output) {
                return output;
            }
        }
        panic!("not within {seconds} s: {:?}", self.last);
    }

    /// The fastest true fall over 100 ms while the drive has torque, N/s; `bend` changes
    /// what is read.
    pub(crate) fn fastest_fall(&mut self, ticks: usize, mut bend: impl FnMut(&mut Input)) -> f64 {
        let mut recent = [self.plant.force(); 10];
        let mut fastest = 0.0_f64;
        for tick in 0..ticks {
            let torque = self.tick(&mut bend).output.drive.torque;
            let slot = &mut recent[tick % 10];
            if torque {
                fastest = fastest.max((*slot - self.plant.force()) / 0.1);
            }
            *slot = self.plant.force();
        }
        fastest
    }

    pub(crate) fn test_switch(&mut self) {
        for _ in 0..20 {
            self.tick(|input| input.switch = Switch::PRESSED);
        }
        self.run(0.1);
    }

    /// Tests the switch and starts.
    pub(crate) fn start(&mut self) -> Output {
        self.test_switch();
        let output = self.command(Command::Start);
        assert_eq!(output.refused, None, "{output:?}");
        output
    }

    /// Tests the switch and does the first act of a resume.
    pub(crate) fn resume_first_act(&mut self) -> Output {
        self.test_switch();
        let act = ResumeAct::Prepare;
        self.command(Command::Resume { act })
    }

    /// Both acts of a resume.
    pub(crate) fn resume(&mut self) -> Output {
        self.test_switch();
        let act = |act| Command::Resume { act };
        let first = self.command(act(ResumeAct::Prepare));
        assert_eq!(first.refused, None, "{first:?}");
        self.run(1.0);
        self.command(act(ResumeAct::Confirm))
    }
}

pub(crate) fn spec(region: Region, mode: Mode) -> ProfileSpec {
    let (force, base) = match region {
        Region::Lumbar => (300.0, 60.0),
        Region::Cervical => (80.0, 20.0),
    };
    ProfileSpec {
        mode,
        force: Newtons::of(force),
        base: Newtons::of(base),
        ramp: NewtonsPerSecond::of(10.0),
        release: NewtonsPerSecond::of(15.0),
        hold: Seconds::of(60.0),
        rest: Seconds::of(if mode == Mode::Static { 0.0 } else { 20.0 }),
        cycles: if mode == Mode::Static { 1 } else { 3 },
        shape: shape(mode, force),
    }
}

/// Steps from half the force; a slow half of 30 s; a swing of a tenth in 10 s.
pub(crate) fn shape(mode: Mode, force: f64) -> Shape {
    let none = Shape::NONE;
    match mode {
        Mode::Progressive | Mode::Regressive => Shape {
            least: Newtons::of(force / 2.0),
            ..none
        },
        Mode::Logarithmic => Shape {
            rise: Seconds::of(30.0),
            ..none
        },
        Mode::Oscillating => Shape {
            swing: Newtons::of(force / 10.0),
            period: Seconds::of(10.0),
            ..none
        },
        Mode::Static | Mode::Intermittent | Mode::Cyclic => none,
    }
}

pub(crate) fn limits(region: Region, arrival: u8) -> LimitsSpec {
    LimitsSpec {
        region,
        ceiling: Newtons::of(match region {
            Region::Lumbar => 320.0,
            Region::Cervical => 90.0,
        }),
        rate_up: NewtonsPerSecond::of(20.0),
        rate_down: NewtonsPerSecond::of(20.0),
        total_time: Ticks::from_secs(1200),
        travel: si::Metres::of(0.15),
        resume_factor: 0.75,
        comfort: ComfortLimits::from_arrival(arrival).expect("0 to 10"),
        guarding_step: traction::limits::standard_guarding(region),
    }
}

pub(crate) fn grant_of(profile: ProfileSpec, limits: LimitsSpec) -> Grant {
    Grant {
        plan_hash: [7; 32],
        session: [1; 16],
        table: [2; 16],
        pseudonym: [3; 16],
        not_before_ms: 1_800_000_000_000,
        expires_ms: 1_800_000_000_000 + 3_600_000,
        nonce: [4; 16],
        profile: Profile::new(profile).expect("the test profile is valid"),
        limits: Limits::new(limits).expect("the test limits are valid"),
        simulated_only: true,
    }
}

pub(crate) fn grant(region: Region, mode: Mode) -> Grant {
    grant_of(spec(region, mode), limits(region, 3))
}

pub(crate) fn lumbar() -> Bench {
    Bench::new(
        &grant(Region::Lumbar, Mode::Intermittent),
        Plant::new(12_000.0, 1),
    )
}

pub(crate) fn cervical() -> Bench {
    Bench::new(
        &grant(Region::Cervical, Mode::Intermittent),
        Plant::new(8_000.0, 2),
    )
}
