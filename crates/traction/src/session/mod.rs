//! One session from arming to its end: commands, plan, controller, guard and
//! supervisor, in that order, in every tick.
//!
//! The same code runs at the bedside, in a replay and in a simulation. It reads
//! nothing but its grant, the table's [`Setup`] and the inputs, so that equal
//! inputs give equal outputs, bit by bit.

mod commands;
mod plan;

use crate::cause::{Action, Cause};
use crate::controller::{self, Target};
use crate::drive::MAX_WATCHDOG_MS;
use crate::guard::{self, Verdict, Watch};
use crate::input::{Input, Switch};
use crate::limiter::Limit;
use crate::numbers::{Numbers, RESUME_WINDOW};
use crate::supervisor::{self, Event, SessionState, Stage};
use crate::ticks::TICK;
use crate::{ArmError, Drive, Frame, Grant, Limits, Output, Profile, Refusal, Setup, Ticks};
use plan::{Moment, Plan};
use si::Newtons;

/// A session under one grant.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Session {
    /// As it was signed.
    signed: Profile,
    /// As it is followed: changed, if a practitioner changed it.
    profile: Profile,
    limits: Limits,
    controller_config: controller::Config,
    guard_config: guard::Config,
    controller: controller::State,
    guard: guard::State,
    state: SessionState,
    plan: Plan,
    tick: Ticks,
    /// What the guard said last: a start needs it to be nothing.
    verdict: (Action, Option<Cause>),
    pressing: bool,
    tested: Option<Ticks>,
    prepared: Ticks,
    paused: Ticks,
    /// Time from the first tension on, pauses included.
    lasted: Ticks,
    /// Why it ends before its profile does, if it does.
    ended: Option<Cause>,
    peak: Newtons,
    impulse_n_s: f64,
}

impl Session {
    /// Arms a grant on a table. Signature, nonce and expiry have been checked by
    /// the caller, who has a key and a clock.
    pub fn arm(grant: &Grant, setup: &Setup) -> Result<Self, ArmError> {
        check(grant, setup)?;
        let (profile, limits) = (grant.profile, grant.limits);
        let numbers = *Numbers::of(limits.region);
        let guard_config = guard::Config {
            numbers,
            limits,
            base: profile.spec().base,
            release: profile.spec().release,
            pull_speed: setup.pull_speed,
            stiffest: setup.stiffest,
            reaction: setup.reaction,
            console_required: setup.console_required,
        };
        Ok(Self {
            signed: profile,
            profile,
            limits,
            controller_config: controller::Config {
                numbers,
                pull_speed: setup.pull_speed,
                rate_up: limits.rate_up,
            },
            guard_config,
            controller: controller::State::new(&numbers),
            guard: guard::State::new(&guard_config),
            state: SessionState::ARMED,
            plan: Plan::new(limits.ceiling),
            tick: Ticks::ZERO,
            verdict: (Action::Unload, None),
            pressing: false,
            tested: None,
            prepared: Ticks::ZERO,
            paused: Ticks::ZERO,
            lasted: Ticks::ZERO,
            ended: None,
            peak: Newtons::ZERO,
            impulse_n_s: 0.0,
        })
    }

    /// The supervisor's state.
    #[must_use]
    pub const fn state(&self) -> SessionState {
        self.state
    }

    /// The profile it follows.
    #[must_use]
    pub const fn profile(&self) -> &Profile {
        &self.profile
    }

    /// The limits it keeps.
    #[must_use]
    pub const fn limits(&self) -> &Limits {
        &self.limits
    }

    /// What the guard of this session is configured with: a second guard, in a thread of its
    /// own, is configured alike.
    #[must_use]
    pub const fn guard_config(&self) -> &guard::Config {
        &self.guard_config
    }

    /// Whether the sensors were implausible twice in this session: the table needs
    /// service before the next one (devices §4b 9).
    #[must_use]
    pub const fn service_due(&self) -> bool {
        self.guard.service_due()
    }

    /// Switches off one check: to show that it is needed.
    #[cfg(feature = "blind")]
    pub const fn blind(&mut self, check: guard::Check) {
        self.guard = self.guard.blinded(check);
    }

    /// One tick, as the black box keeps it.
    pub fn record(&mut self, input: &Input) -> Frame {
        let output = self.step(input);
        Frame {
            input: *input,
            output,
        }
    }

    /// One tick.
    #[must_use]
    pub fn step(&mut self, input: &Input) -> Output {
        self.watch_switch_test(input);
        let refused = input
            .command
            .and_then(|command| self.command(command).err());
        let force = controller::believed(input).unwrap_or(self.guard.force());
        let target = self.advance(force);
        let (controller, demand) =
            controller::step(&self.controller_config, self.controller, input, target);
        self.controller = controller;
        let blind = self.guard.blind();
        let demand = blind.demanded(demand, &self.guard_config, self.state.stage);
        let watch = Watch {
            state: self.state,
            target: self.plan.target,
            ceiling: self.plan.ceiling,
        };
        let (guard, verdict) = guard::step(&self.guard_config, self.guard, input, &watch, demand);
        self.guard = guard;
        self.verdict = (verdict.action, verdict.cause);
        self.obey(&verdict);
        self.move_on();
        let output = self.output(&verdict, refused);
        self.tick = self.tick.next();
        output
    }

    /// A press and release of the patient's switch while the drive has no torque.
    fn watch_switch_test(&mut self, input: &Input) {
        if self.state.stage.energised() {
            self.pressing = false;
        } else if input.switch == Switch::PRESSED {
            self.pressing = true;
        } else if input.switch == Switch::RELEASED && self.pressing {
            self.pressing = false;
            self.tested = Some(self.tick);
        }
    }

    fn emit(&mut self, event: Event) {
        let before = self.state.stage;
        self.state = supervisor::next(self.state, event);
        if self.state.stage != before {
            self.left(before);
        }
    }

    fn left(&mut self, before: Stage) {
        if !matches!(self.state.stage, Stage::Unloading | Stage::Unloaded) {
            return;
        }
        self.tested = None;
        if before.energised() && before != Stage::Unloading {
            let numbers = &self.controller_config.numbers;
            let over = self.state.latch.map(|latch| latch.cause) == Some(Cause::OverForce);
            let least = self.guard.least_force(numbers);
            let force = self.guard.released_from(numbers);
            self.plan = self.plan.stop(numbers, force, least, over);
        }
    }

    /// Moves the plan on and says what the controller is to do.
    fn advance(&mut self, force: Newtons) -> Target {
        let no_increase = self.state.held.is_some() || self.verdict.0 >= Action::NoIncrease;
        self.plan = self.plan.step(&Moment {
            profile: &self.profile,
            numbers: &self.controller_config.numbers,
            stage: self.state.stage,
            force,
            no_increase,
            freshness: self.guard.freshness(),
        });
        let departed = self.plan.has_departed(&self.profile);
        let looks = !self.guard.blind().to(Cause::Departed);
        if self.state.stage == Stage::Running && departed && looks {
            self.emit(Event::Hold(Cause::Departed));
        }
        self.plan
            .target(self.state.stage, self.guard.believes_cells())
    }

    /// What the guard found becomes events. Without torque only an explicit stop
    /// counts, and that came with its command.
    fn obey(&mut self, verdict: &Verdict) {
        if let Some(cause) = verdict.hold {
            self.emit(Event::Hold(cause));
        }
        if !self.state.stage.energised() {
            return;
        }
        if let Some(event) = supervisor::of_guard(verdict.action, verdict.cause) {
            if event == Event::Pause(Cause::GuardingTwice) {
                self.paused = Ticks::ZERO;
            }
            self.emit(event);
        }
    }

    /// What follows by itself.
    fn move_on(&mut self) {
        let force = self.guard.force();
        if matches!(self.state.stage, Stage::Running | Stage::Paused) {
            self.lasted = self.lasted.next();
            let looks = !self.guard.blind().to(Cause::TotalTime);
            if self.lasted > self.limits.total_time && looks {
                self.ended = Some(Cause::TotalTime);
                self.emit(Event::End);
            }
        }
        match self.state.stage {
            Stage::TakeUp if force >= self.controller_config.numbers.contact => {
                self.emit(Event::Contact);
            }
            Stage::Running if self.plan.clock >= self.profile.total() => self.emit(Event::End),
            Stage::Paused => self.paused = self.paused.next(),
            Stage::Ending if self.emptied() => self.emit(Event::Emptied),
            Stage::Unloaded if self.tick.since(self.prepared) >= RESUME_WINDOW => {
                self.emit(Event::Lapse);
            }
            _ => {}
        }
    }

    /// Whether an ending has nothing left to give back: never while force is on.
    fn emptied(&self) -> bool {
        let numbers = &self.controller_config.numbers;
        self.plan.target <= Newtons::ZERO && self.guard.is_empty(numbers)
    }

    fn output(&mut self, verdict: &Verdict, refused: Option<Refusal>) -> Output {
        let set_point = self.plan.set_point(&self.profile);
        let force = self.guard.force();
        let (action, cause) = self.limiter(verdict, refused);
        let torque = verdict.torque && self.state.stage.energised();
        if self.state.stage.energised() {
            self.peak = self.peak.max(force);
            self.impulse_n_s += force.get().max(0.0) * TICK.get();
        }
        Output {
            tick: self.tick,
            state: self.state,
            phase: set_point.phase,
            cycle: set_point.cycle,
            set_point: set_point.force,
            target: if self.state.stage.energised() {
                self.plan.target
            } else {
                Newtons::ZERO
            },
            force,
            ceiling: self.plan.ceiling,
            drive: if torque {
                Drive {
                    velocity: verdict.velocity,
                    torque,
                }
            } else {
                Drive::OFF
            },
            action,
            cause,
            refused,
            elapsed: self.plan.clock,
            remaining: self.profile.total().since(self.plan.clock),
            peak: self.peak,
            impulse_n_s: self.impulse_n_s,
            limit: self.limit(verdict),
        }
    }

    /// Which bound holds the session back: that of the velocity, else that of the force.
    fn limit(&self, verdict: &Verdict) -> Limit {
        let of_stage = match self.state.stage {
            Stage::Armed | Stage::Complete => return Limit::None,
            Stage::Unloaded => Limit::Torque,
            Stage::Unloading => Limit::Release,
            Stage::Ending => Limit::Ending,
            Stage::Paused => Limit::Base,
            Stage::TakeUp => Limit::Slack,
            Stage::Running => self.plan.limit,
        };
        match verdict.limit {
            Limit::None => of_stage,
            limit => limit,
        }
    }

    /// The strongest of what latched, what the guard says now and what is still in
    /// force; a command refused as not ready shows what the guard found.
    fn limiter(&self, verdict: &Verdict, refused: Option<Refusal>) -> (Action, Option<Cause>) {
        let of = |cause: Option<Cause>| cause.map(|cause| (cause.action(), cause));
        let latch = self.state.latch.map(|latch| latch.cause);
        let ended = self.ended.filter(|_| self.state.stage == Stage::Ending);
        let lowered = (self.plan.ceiling < self.limits.ceiling).then_some(Cause::LoweredCeiling);
        let all = [
            of(latch.filter(|_| refused != Some(Refusal::NotReady))),
            verdict.cause.map(|cause| (verdict.action, cause)),
            of(latch),
            of(self.state.pause),
            ended.map(|cause| (Action::GoBase, cause)),
            of(self.state.held),
            of(lowered),
        ];
        let mut strongest = (Action::None, None);
        for (action, cause) in all.into_iter().flatten() {
            if action > strongest.0 {
                strongest = (action, Some(cause));
            }
        }
        strongest
    }
}

fn check(grant: &Grant, setup: &Setup) -> Result<(), ArmError> {
    grant.check().map_err(ArmError::Grant)?;
    let limits = &grant.limits;
    if limits.region != setup.harness {
        return Err(ArmError::Region {
            grant: limits.region,
            harness: setup.harness,
        });
    }
    if grant.simulated_only && !setup.simulated {
        return Err(ArmError::SimulatedOnly);
    }
    let numbers = [
        setup.table_ceiling.get(),
        setup.pull_speed.get(),
        setup.stiffest.get(),
        setup.reaction.get(),
    ];
    if !numbers.iter().all(|n| n.is_finite() && *n > 0.0) {
        return Err(ArmError::Setup);
    }
    if limits.ceiling > setup.table_ceiling {
        return Err(ArmError::TableCeiling {
            grant: limits.ceiling,
            table: setup.table_ceiling,
        });
    }
    if !(1..=MAX_WATCHDOG_MS).contains(&setup.watchdog_ms) {
        return Err(ArmError::Watchdog {
            ms: setup.watchdog_ms,
        });
    }
    let by = Newtons::raw(setup.stiffest.get() * setup.pull_speed.get() * setup.reaction.get());
    let most = Numbers::of(limits.region).over_now;
    if by > most {
        return Err(ArmError::Overshoot { by, most });
    }
    Ok(())
}
