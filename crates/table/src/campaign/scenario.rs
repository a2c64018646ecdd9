//! What a seed stands for: everything that one run of the campaign depends on.

use super::checkers::{Bounds, Faults};
use super::people::{ARRIVAL, People};
use super::wider::widened;
use super::{Hazard, Incident, Moment};
use crate::links::LinkAct;
use crate::rng::Rng;
use crate::simulated::Options;
use crate::wire::{Fault, FaultKind, Poles, Sensor, Wrong};
use core::fmt;
use si::{Kilograms, Metres, Newtons, NewtonsPerSecond, Problem, Region, Seconds};
use traction::grant::Grant;
use traction::input::{Command, ResumeAct};
use traction::limits::standard_guarding;
use traction::{
    ComfortLimits, Limits, LimitsSpec, Mode, PER_SECOND, Profile, ProfileSpec, Shape, Ticks,
};

/// The table of every run.
const TABLE: [u8; 16] = [0xCA; 16];
/// Any time at all: nobody looks at it.
const NOW_MS: i64 = 1_790_000_000_000;
/// How far the harness may travel, m.
const TRAVEL_M: f64 = 0.12;
/// One run in this many has a profile of clinical length, one the whole spine.
const RARE: u64 = 100;
/// The longest run of a compressed session, s.
const COMPRESSED_S: u32 = 150;
/// No run ends before this, s: an incident may be yet to come.
const LEAST_S: u32 = 8;

/// How long the profile is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Length {
    /// Every phase within a minute.
    Compressed,
    /// As a clinic prescribes it.
    Full,
}

impl Length {
    /// Hold, rest and number of pulls.
    pub(super) const fn numbers(self) -> (Seconds, Seconds, u16) {
        match self {
            Self::Compressed => (Seconds::of(5.0), Seconds::of(5.0), 2),
            Self::Full => (Seconds::of(50.0), Seconds::of(20.0), 12),
        }
    }
}

/// A fault and when it begins.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Injection {
    /// What fails.
    pub hazard: Hazard,
    /// At which moment of the session.
    pub moment: Moment,
    /// How long after that moment came, ticks.
    pub delay: u32,
    /// It comes again every so many ticks; once only, where that is nothing.
    pub again: u32,
}

/// Everything that one run depends on.
#[derive(Clone, Debug, PartialEq)]
pub struct Scenario {
    /// The seed that makes it.
    pub seed: u64,
    /// Where the force is applied.
    pub region: Region,
    /// The prescribed course.
    pub profile: Profile,
    /// The signed limit: the force, or above it.
    pub ceiling: Newtons,
    /// How long it is.
    pub length: Length,
    /// Whether the whole spine lies there, and not the lumped patient.
    pub whole_spine: bool,
    /// The patient's mass, kg.
    pub mass_kg: f64,
    /// How many times as stiff as that mass makes it the body is, on its whole way.
    pub stiffer: f64,
    /// Whether the drive goes as fast as it is told, without a limit of its own.
    pub any_speed: bool,
    /// What the people do besides starting.
    pub incident: Incident,
    /// When they do it.
    pub when: (Moment, u32),
    /// What staff who change mode or force ask for, one after the other.
    pub changes: [Command; 2],
    /// Whether they try to come back after a stop.
    pub comes_back: bool,
    /// None, one or two faults.
    pub injections: Vec<Injection>,
}

/// Draws.
pub(super) struct Dice(pub(super) Rng);

impl Dice {
    pub(super) fn below(&mut self, count: u64) -> u64 {
        self.0.next_u64() % count.max(1)
    }

    pub(super) fn of<T: Copy>(&mut self, all: &[T], fallback: T) -> T {
        let place = self.below(all.len() as u64) as usize;
        all.get(place).copied().unwrap_or(fallback)
    }

    pub(super) fn between(&mut self, least: f64, most: f64) -> f64 {
        least + (most - least) * self.0.unit()
    }

    fn ticks(&mut self, most_s: f64) -> u32 {
        let most = (most_s * f64::from(PER_SECOND)) as u64;
        u32::try_from(self.below(most + 1)).unwrap_or(0)
    }
}

impl Scenario {
    /// The scenario of a seed.
    ///
    /// # Errors
    /// `campaign-scenario` where the numbers do not fit each other: a defect of this file.
    pub fn of(seed: u64) -> Result<Self, Problem> {
        let mut dice = Dice(Rng::new(seed).fork(1));
        let region = dice.of(&Region::ALL, Region::Lumbar);
        let length = match seed % RARE {
            17 => Length::Full,
            _ => Length::Compressed,
        };
        let profile = profile(&mut dice, region, length)?;
        let incident = dice.of(&Incident::DRAWN, Incident::None);
        let when = (moment(&mut dice, false), dice.ticks(6.0));
        let faults = match dice.below(10) {
            0 => 0,
            1..=5 => 1,
            _ => 2,
        };
        let comes_back = dice.below(2) == 0;
        let mass_kg = dice.between(50.0, 110.0);
        let injections = (0..faults).map(|_| injection(&mut dice)).collect();
        widened(Self {
            seed,
            region,
            profile,
            ceiling: profile.spec().force,
            length,
            whole_spine: seed % RARE == 71,
            mass_kg,
            stiffer: 1.0,
            any_speed: false,
            incident,
            when,
            changes: [Command::Lower; 2],
            comes_back,
            injections,
        })
    }

    /// How many faults it has; both poles of the switch closed are two.
    #[must_use]
    pub fn faults(&self) -> Faults {
        let both = |one: &&Injection| one.hazard.is_double();
        match self.injections.len() + self.injections.iter().filter(both).count() {
            0 => Faults::None,
            1 => Faults::Single,
            _ => Faults::Pair,
        }
    }

    pub(super) fn is_full_length(&self) -> bool {
        self.length == Length::Full
    }

    pub(super) fn table(&self) -> Options {
        let options = if self.whole_spine {
            Options::new(TABLE, self.seed)
        } else {
            Options::lumped(TABLE, self.seed)
        };
        let patient = spine::lumped::Patient {
            mass: Kilograms::of(self.mass_kg),
            ..options.patient
        };
        Options {
            patient,
            regions: vec![self.region],
            stiffer: self.stiffer,
            any_speed: self.any_speed,
            ..options
        }
    }

    pub(super) fn people(&self) -> People {
        let rng = Rng::new(self.seed).fork(2);
        People::new(self.incident, self.when, self.comes_back, self.changes, rng)
    }

    pub(super) fn bounds(&self) -> Bounds {
        Bounds {
            region: self.region,
            ceiling: self.ceiling,
            base: self.profile.spec().base.get(),
            down: self.profile.spec().release.get(),
            longest: self.longest(),
            travel: TRAVEL_M,
            faults: self.faults(),
            drive_fails: self.injections.iter().any(|one| one.hazard.is_of_drive()),
            sensors_fail: self.injections.iter().map(|one| one.hazard.sensors()).sum(),
            senses_lie: self.injections.iter().any(|one| one.hazard.lies()),
            switch_fails: self.switch_fails(),
            switch_doubted: self.switch_is_doubted(),
            aged: self.injections.iter().map(|one| one.hazard.ages()).sum(),
            stalled: self.injections.iter().map(|one| one.hazard.stalls()).sum(),
            hangs: self.faults() == Faults::Pair && self.has(FaultKind::BrakeStuck),
        }
    }

    fn has(&self, kind: FaultKind) -> bool {
        let is = |one: &Injection| matches!(one.hazard, Hazard::Table(fault) if fault.kind == kind);
        self.injections.iter().any(is)
    }

    /// Whether no pole tells that it is pressed.
    fn switch_fails(&self) -> bool {
        let closed = |poles| self.has(FaultKind::PoleClosed(poles));
        self.has(FaultKind::SwitchDropped)
            || closed(Poles::Both)
            || (closed(Poles::A) && closed(Poles::B))
    }

    /// Whether a press is told by one pole alone, or by a sign of life that is missing.
    fn switch_is_doubted(&self) -> bool {
        let closed = |pole| self.has(FaultKind::PoleClosed(pole));
        self.has(FaultKind::SwitchHangs) || closed(Poles::A) || closed(Poles::B)
    }

    /// The longest that the session may last, ticks.
    fn longest(&self) -> u32 {
        self.profile.total().count() + 30 * PER_SECOND
    }

    pub(super) fn most_ticks(&self) -> u32 {
        match self.length {
            Length::Compressed => COMPRESSED_S * PER_SECOND,
            Length::Full => self.longest() + COMPRESSED_S * PER_SECOND,
        }
    }

    pub(super) const fn least_ticks(&self) -> u32 {
        LEAST_S * PER_SECOND
    }

    /// The permission of the run.
    ///
    /// # Errors
    /// `campaign-scenario` where the numbers do not fit each other: a defect of this file.
    pub(super) fn grant(&self) -> Result<Grant, Problem> {
        let spec = self.profile.spec();
        let limits = Limits::new(LimitsSpec {
            region: self.region,
            ceiling: self.ceiling,
            rate_up: spec.ramp,
            rate_down: spec.release,
            total_time: Ticks::new(self.longest()),
            travel: Metres::of(TRAVEL_M),
            guarding_step: standard_guarding(self.region),
            resume_factor: 0.75,
            comfort: ComfortLimits::from_arrival(ARRIVAL).ok_or_else(|| odd("comfort"))?,
        });
        Ok(Grant {
            plan_hash: [1; 32],
            session: [2; 16],
            table: TABLE,
            pseudonym: [3; 16],
            not_before_ms: NOW_MS,
            expires_ms: NOW_MS + 3_600_000,
            nonce: [4; 16],
            profile: self.profile,
            limits: limits.map_err(|error| odd(&error.to_string()))?,
            simulated_only: true,
        })
    }
}

impl fmt::Display for Scenario {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let spec = self.profile.spec();
        write!(
            f,
            "{} {} {:.0} N, {} at {} + {} ticks",
            self.region,
            spec.mode,
            spec.force.get(),
            self.incident.as_str(),
            self.when.0.as_str(),
            self.when.1,
        )?;
        if self.ceiling > spec.force {
            write!(f, ", signed up to {:.0} N", self.ceiling.get())?;
        }
        if self.stiffer > 1.0 {
            write!(f, ", a body {} times as stiff", self.stiffer)?;
        }
        if self.any_speed {
            write!(f, ", a drive that goes as fast as it is told")?;
        }
        if self.incident == Incident::Change {
            for change in &self.changes {
                if let Command::Change { mode, force } = change {
                    write!(f, ", {mode} {:.0} N", force.get())?;
                }
            }
        }
        for one in &self.injections {
            let (moment, delay) = (one.moment.as_str(), one.delay);
            write!(f, "; {:?} at {moment} + {delay} ticks", one.hazard)?;
            if one.again > 0 {
                write!(f, " and every {} after", one.again)?;
            }
        }
        Ok(())
    }
}

pub(super) fn odd(what: &str) -> Problem {
    Problem::new(
        "campaign-scenario",
        "scenario",
        what,
        "the numbers of a scenario do not fit each other",
        "report it with its seed: it is a defect of the campaign",
    )
}

fn moment(dice: &mut Dice, any: bool) -> Moment {
    let usual = [
        Moment::TakeUp,
        Moment::Ramp,
        Moment::Hold,
        Moment::Fall,
        Moment::Rest,
    ];
    if any {
        dice.of(&Moment::ALL, Moment::Hold)
    } else {
        dice.of(&usual, Moment::Hold)
    }
}

/// A pull within what its region allows: two or three short cycles, or a clinic's.
fn profile(dice: &mut Dice, region: Region, length: Length) -> Result<Profile, Problem> {
    let (least, most, fastest) = match region {
        Region::Lumbar => (60.0, 534.0, 50.0),
        Region::Cervical => (30.0, 98.0, 20.0),
    };
    let force = dice.between(least, most);
    let quick = dice.between(0.4, 1.0) * fastest;
    let rate = quick.max(force / 8.0).min(fastest);
    let (hold, rest, cycles) = length.numbers();
    let mode = dice.of(
        &[Mode::Static, Mode::Intermittent, Mode::Cyclic],
        Mode::Static,
    );
    let is_static = mode == Mode::Static;
    let spec = ProfileSpec {
        mode,
        force: Newtons::of(force),
        base: Newtons::of((dice.between(0.2, 0.4) * force).max(10.0)),
        ramp: NewtonsPerSecond::of(rate),
        release: NewtonsPerSecond::of(rate),
        hold: if is_static { hold * 2.0 } else { hold },
        rest: if is_static { Seconds::ZERO } else { rest },
        cycles: if is_static { 1 } else { cycles },
        shape: Shape::NONE,
    };
    Profile::new(spec).map_err(|error| odd(&error.to_string()))
}

/// A fault of any kind and size at any moment.
fn injection(dice: &mut Dice) -> Injection {
    let all = FaultKind::all();
    let hazard = match dice.below(10) {
        0 => Hazard::Link(link(dice)),
        _ => Hazard::Table(fault(dice, &all)),
    };
    Injection {
        hazard,
        moment: moment(dice, true),
        delay: dice.ticks(4.0),
        again: 0,
    }
}

/// Something of the consoles or the clock (H13–H16).
fn link(dice: &mut Dice) -> LinkAct {
    let ms = 10 * dice.ticks(12.0);
    let act = ResumeAct::Confirm;
    let ward = [
        Command::Start,
        Command::Continue,
        Command::AllowIncrease,
        Command::Resume { act },
        Command::Pause,
        Command::Stop,
    ];
    match dice.below(8) {
        0 => LinkAct::LoopStalls { ms: 20 + ms / 10 },
        1 => LinkAct::LoopStalls { ms: 20 },
        2 => LinkAct::DeskSilent { ms },
        3 => LinkAct::DeskHangs { ms },
        4 => LinkAct::DeskRepeats,
        5 => LinkAct::WardTakes,
        6 => LinkAct::DeskHandsOver,
        _ => LinkAct::Ward(dice.of(&ward, Command::Start)),
    }
}

fn fault(dice: &mut Dice, all: &[FaultKind]) -> Fault {
    let kind = dice.of(all, FaultKind::Runaway);
    let facts = kind.facts();
    let magnitude = match dice.below(3) {
        0 => facts.usual,
        _ => dice.between(facts.range.0, facts.range.1),
    };
    let slow = matches!(
        kind,
        FaultKind::Sensor(_, Wrong::Gain | Wrong::Offset) | FaultKind::Sensor(Sensor::BothCells, _)
    );
    let onset_ms = if slow { 10 * dice.ticks(10.0) } else { 0 };
    let duration_ms = (dice.below(2) == 0).then(|| 200 + 10 * dice.ticks(3.0));
    Fault {
        kind,
        magnitude,
        onset_ms,
        duration_ms,
    }
}
